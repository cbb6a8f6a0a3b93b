package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"banlang/shared/record"
	"banlang/shared/viet"
)

// An officer of this machine, as the notebook's setting keeps it. The passphrase opens the screen and nothing else: until
// encryption at rest is built, who has the disk can read it, and so only made-up data may be entered (decision 20).
type officer struct {
	ID     string // short and stable, in every change that the officer writes: "diem.pq.24"
	Name   string // as people say it
	Role   string // may be empty
	Salt   []byte
	Hash   []byte // Argon2id of the passphrase, composed (NFC)
	Passes uint32
	MemKiB uint32
	Wrong  int           // wrong tries since the last right one
	Until  record.Millis // no try before
	Last   record.Millis // signed in last; 0: never
}

const (
	settingOfficers = "officers"
	settingLanguage = "language"
	settingTextSize = "text size"
)

// Argon2id as it is made here. The memory is well under the 64 MiB that decision 17 allows, for a machine of 4 GB; what is
// read back from the notebook must lie within the bounds, so that an altered setting neither weakens it nor eats all
// memory.
const (
	passes    = 3
	memKiB    = 32 << 10
	lanes     = 1
	hashBytes = 32
	minMemKiB = 19 << 10
	maxMemKiB = 64 << 10
	maxPasses = 10
)

// Wrong tries slow down. Nothing is ever erased, and what was being written stays a draft.
const (
	MinPassphrase = 8 // letters
	MaxPassphrase = 200
	freeTries     = 5
	firstPause    = time.Minute
	longestPause  = 15 * time.Minute
)

var errBadSetting = errors.New("app: the officers of this machine cannot be read")

func (o *officer) hash(passphrase string) ([]byte, error) {
	if o.MemKiB < minMemKiB || o.MemKiB > maxMemKiB || o.Passes == 0 || o.Passes > maxPasses || len(o.Salt) < 16 {
		return nil, errBadSetting
	}
	h := argon2.IDKey([]byte(viet.NFC(passphrase)), o.Salt, o.Passes, o.MemKiB, lanes, hashBytes)
	debug.FreeOSMemory() // a machine of 4 GB should not pay for one hash all day
	return h, nil
}

func newOfficer(name, role, passphrase, id string) (officer, error) {
	o := officer{ID: id, Name: name, Role: role, Passes: passes, MemKiB: memKiB, Salt: make([]byte, 16)}
	if _, err := rand.Read(o.Salt); err != nil {
		return o, err
	}
	h, err := o.hash(passphrase)
	o.Hash = h
	return o, err
}

// try compares a passphrase and counts.
func (o *officer) try(passphrase string, now time.Time) (right bool, err error) {
	h, err := o.hash(passphrase)
	if err != nil {
		return false, err
	}
	if subtle.ConstantTimeCompare(h, o.Hash) == 1 {
		o.Wrong, o.Until, o.Last = 0, 0, now.UnixMilli()
		return true, nil
	}
	o.Wrong++
	if o.Wrong >= freeTries {
		o.Until = now.Add(pause(o.Wrong)).UnixMilli()
	}
	return false, nil
}

// pause is how long to wait after so many wrong tries.
func pause(wrong int) time.Duration {
	p := firstPause
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

// officerID makes a short name: the given name, the first letters of the others, and the machine, so that two machines
// do not make the same. It is made once and then kept.
func officerID(name string, r record.ReplicaID, taken func(string) bool) string {
	words := strings.Fields(viet.Fold(name))
	if len(words) == 0 {
		words = []string{"x"}
	}
	id := words[len(words)-1]
	if len(words) > 1 {
		id += "."
		for _, w := range words[:len(words)-1] {
			id += string([]rune(w)[:1])
		}
	}
	id = fmt.Sprintf("%s.%d", id, r)
	for n := 2; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", strings.TrimSuffix(id, fmt.Sprintf("-%d", n-1)), n)
	}
	return id
}

func (c *core) readOfficers(ctx context.Context) (os []officer, err error) {
	b, err := c.o.Notebook.Setting(ctx, settingOfficers)
	if len(b) == 0 || err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &os); err != nil {
		return nil, errors.Join(errBadSetting, err)
	}
	return os, nil
}

func (c *core) writeOfficers(ctx context.Context, os []officer) error {
	b, err := json.Marshal(os)
	if err != nil {
		return err
	}
	return c.o.Notebook.PutSetting(ctx, settingOfficers, b)
}

// nameOf gives the name of the person with an id. Officers of other machines are known by their id until the centre
// sends names down.
func (a *App) nameOf(id string) string {
	i := slices.IndexFunc(a.Gate.officers, func(o officer) bool { return o.ID == id })
	switch {
	case i >= 0:
		return a.Gate.officers[i].Name
	case id == "":
		return a.T("who.program")
	}
	return id
}
