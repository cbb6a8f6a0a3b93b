package keyfile

import (
	"encoding/json"
	"errors"

	"banlang/shared/passphrase"
	"banlang/shared/wholefile"
)

// Usual says whether the program's own cost is what was decided, and allowed.
var Usual = usualCost == passphrase.Cost{Time: 3, MemoryKiB: 64 << 10, Threads: 2} && usualCost.IsAllowed()

// Cheap makes guessing as cheap as the bounds allow, for tests.
func Cheap() { usualCost = passphrase.Least }

// Copies are the files of a key file.
var Copies = copies

// CutAt has the power fail at each step of a Destroy, by what is called there.
func CutAt(step func(name string)) { atStep = step }

// Canonical is the form in which a passphrase counts.
func Canonical(text string) string { return string(passphrase.Canonical(text)) }

// Edit changes what a key file holds, with a right checksum, as somebody could who knows the format.
func Edit(path string, with func(slot map[string]any)) error {
	c, _, err := load(path)
	if err != nil {
		return err
	}
	for i := range c.Slots {
		text, err := json.Marshal(c.Slots[i])
		if err != nil {
			return err
		}
		legible := map[string]any{}
		if err := json.Unmarshal(text, &legible); err != nil {
			return err
		}
		with(legible)
		if text, err = json.Marshal(legible); err != nil {
			return err
		}
		c.Slots[i] = slot{}
		if err := json.Unmarshal(text, &c.Slots[i]); err != nil {
			return err
		}
	}
	text, err := c.encode()
	for _, name := range copies(path) {
		err = errors.Join(err, wholefile.Write(name, text))
	}
	return err
}
