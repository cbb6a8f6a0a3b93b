package command

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"runtime/debug"
	"slices"
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

// Argon2id as it is made here. What is read back from the notebook must lie within the bounds, so that an altered setting
// neither weakens it nor eats all memory.
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

func (o *officer) rekey(passphrase string) (err error) {
	o.Passes, o.MemKiB, o.Salt = passes, memKiB, make([]byte, 16)
	if _, err := rand.Read(o.Salt); err != nil {
		return err
	}
	o.Hash, err = o.hash(passphrase)
	return err
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

// plainDoor is the way into a notebook that is not enciphered.
type plainDoor struct {
	b    *book
	now  func() time.Time
	sync app.Sync
}

var _ app.Door = (*plainDoor)(nil)

// Whose implements app.Door.
func (d *plainDoor) Whose() app.Whose {
	return app.Whose{Unit: d.b.file.Name, Machine: d.b.file.Replica}
}

// Officers implements app.Door.
func (d *plainDoor) Officers() (list []app.Officer, err error) {
	os, err := readOfficers(context.Background(), d.b.Notebook)
	for _, o := range os {
		list = append(list, app.Officer{ID: o.ID, Name: o.Name, Role: o.Role, Last: o.Last})
	}
	return list, err
}

// find reads the officers and the place of one among them.
func (d *plainDoor) find(ctx context.Context, id string) (os []officer, at int, err error) {
	if os, err = readOfficers(ctx, d.b.Notebook); err != nil {
		return nil, 0, err
	}
	at = slices.IndexFunc(os, func(o officer) bool { return o.ID == id })
	if at < 0 {
		return nil, 0, fault.New(fault.NotFound, "officer", errors.New(id))
	}
	return os, at, nil
}

// Open implements app.Door.
func (d *plainDoor) Open(ctx context.Context, id, passphrase string, _ func(float64)) (app.Book, error) {
	os, at, err := d.find(ctx, id)
	if err != nil {
		return app.Book{}, err
	}
	err = os[at].try(passphrase, d.now())
	if kept := writeOfficers(ctx, d.b.Notebook, os); err != nil { // of a right try only the count is at stake: it opens all the same
		return app.Book{}, errors.Join(err, kept)
	}
	return d.b.forApp(d.sync), nil
}

// Enter implements app.Door.
func (d *plainDoor) Enter(ctx context.Context, name, role, passphrase string, _ func(float64)) (app.Officer, app.Book, error) {
	list, err := d.Officers()
	if err != nil {
		return app.Officer{}, app.Book{}, err
	}
	os, err := readOfficers(ctx, d.b.Notebook)
	if err != nil {
		return app.Officer{}, app.Book{}, err
	}
	o := officer{ID: app.OfficerID(name, d.b.file.Replica, list), Name: name, Role: role}
	if len(list) == 0 {
		o.Last = d.now().UnixMilli()
	}
	if err := o.rekey(passphrase); err != nil {
		return app.Officer{}, app.Book{}, err
	}
	return app.Officer{ID: o.ID, Name: name, Role: role, Last: o.Last}, d.b.forApp(d.sync), writeOfficers(ctx, d.b.Notebook, append(os, o))
}

// Rekey implements app.Door.
func (d *plainDoor) Rekey(ctx context.Context, id, present, next string) error {
	os, at, err := d.find(ctx, id)
	if err != nil {
		return err
	}
	if err = os[at].try(present, d.now()); err == nil {
		err = os[at].rekey(next)
	}
	return errors.Join(err, writeOfficers(ctx, d.b.Notebook, os))
}

// Shut implements app.Door: there is nothing to forget.
func (d *plainDoor) Shut() error { return nil }
