package command

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// An officer of a notebook that is not enciphered, as its setting keeps it. The passphrase opens the screen and nothing else:
// who has the disk can read it, and so only made-up data may be entered (decision 20).
type officer struct {
	ID     string
	Name   string
	Role   string
	Salt   []byte
	Hash   []byte // Argon2id of the passphrase, composed (NFC)
	Passes uint32
	MemKiB uint32
	Wrong  int           // wrong tries since the last right one
	Until  record.Millis // no try before
	Last   record.Millis // signed in last; 0: never
}

const settingOfficers = "officers"

// Argon2id as it was made. What is read from the notebook must lie within the bounds, so that an altered setting neither
// weakens it nor eats all memory.
const (
	lanes     = 1
	hashBytes = 32
	minMemKiB = 19 << 10
	maxMemKiB = 64 << 10
	maxPasses = 10
)

// Wrong tries slow down. Nothing is ever erased, and what was being written stays a draft.
const (
	freeTries    = 5
	longestPause = 15 * time.Minute
)

var errBadSetting = errors.New("command: the officers of this machine cannot be read")

func (o *officer) hash(passphrase string) ([]byte, error) {
	if o.MemKiB < minMemKiB || o.MemKiB > maxMemKiB || o.Passes == 0 || o.Passes > maxPasses || len(o.Salt) < 16 {
		return nil, errBadSetting
	}
	h := argon2.IDKey([]byte(viet.NFC(passphrase)), o.Salt, o.Passes, o.MemKiB, lanes, hashBytes)
	debug.FreeOSMemory() // a machine of 4 GB should not pay for one hash all day
	return h, nil
}

// try compares a passphrase and counts. One that is not right is *app.Refused.
func (o *officer) try(passphrase string, now time.Time) error {
	if wait := o.wait(now); wait > 0 {
		return &app.Refused{Until: now.Add(wait)}
	}
	h, err := o.hash(passphrase)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(h, o.Hash) == 1 {
		o.Wrong, o.Until, o.Last = 0, 0, now.UnixMilli()
		return nil
	}
	o.Wrong++
	if o.Wrong < freeTries {
		return &app.Refused{Left: freeTries - o.Wrong}
	}
	until := now.Add(pause(o.Wrong))
	o.Until = until.UnixMilli()
	return &app.Refused{Until: until}
}

// pause is how long to wait after so many wrong tries.
func pause(wrong int) time.Duration {
	p := app.FirstPause
	for range wrong - freeTries {
		p = min(2*p, longestPause)
	}
	return p
}

// wait is how long is left of the pause. A clock that was set back never makes it longer than the pause itself.
func (o *officer) wait(now time.Time) time.Duration {
	if o.Wrong < freeTries {
		return 0
	}
	return max(0, min(time.UnixMilli(o.Until).Sub(now), pause(o.Wrong)))
}

func readOfficers(ctx context.Context, n *notebook.Notebook) (os []officer, err error) {
	b, err := n.Setting(ctx, settingOfficers)
	if len(b) == 0 || err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &os); err != nil {
		return nil, fault.New(fault.TornDatabase, "officers", errors.Join(errBadSetting, err))
	}
	return os, nil
}

func writeOfficers(ctx context.Context, n *notebook.Notebook, os []officer) error {
	b, err := json.Marshal(os)
	if err != nil {
		return err
	}
	return n.PutSetting(ctx, settingOfficers, b)
}

// idFor is the id of who is entered. Somebody who was an officer of the notebook before it had a key gets the one he had, by
// his name, and where several had it by name and position: his drafts and changes are under it. Nobody else gets it.
func idFor(name, role string, r record.ReplicaID, entered []app.Officer, old []officer) string {
	taken := slices.Clone(entered)
	var same []officer
	for _, o := range old {
		taken = append(taken, app.Officer{ID: o.ID})
		if sameText(o.Name, name) {
			same = append(same, o)
		}
	}
	if len(same) > 1 {
		same = slices.DeleteFunc(same, func(o officer) bool { return !sameText(o.Role, role) })
	}
	if len(same) == 1 && !has(entered, same[0].ID) {
		return same[0].ID
	}
	return app.OfficerID(name, r, taken)
}

// notEntered lists the names of the officers of old who are not among those entered.
func notEntered(old []officer, entered []app.Officer) (names []string) {
	for _, o := range old {
		if !has(entered, o.ID) {
			names = append(names, o.Name)
		}
	}
	return names
}

func has(list []app.Officer, id string) bool {
	return slices.ContainsFunc(list, func(o app.Officer) bool { return o.ID == id })
}

// sameText compares what people typed, with whatever spaces and composition.
func sameText(a, b string) bool {
	clean := func(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }
	return strings.EqualFold(clean(a), clean(b))
}
