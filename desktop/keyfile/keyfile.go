// Package keyfile owns the key of a notebook: a file beside it, in which each officer of the machine finds the key with a
// passphrase of his own.
//
// The key is drawn, never derived, and stored nowhere as it is. It is sealed (age, X25519) to one key pair for each officer,
// and to the centre, so that a forgotten passphrase costs nothing. The secret half of an officer's pair is in his slot,
// under his passphrase (Argon2id) and a secret of this machine that only the system's key store has: who copies the disk
// cannot even begin to guess. Because there is a pair, the key can be changed, and officers can come and go, without the
// passphrases of the others.
//
// How a program uses it:
//
//   - For a new notebook: Create, then store.Open with Unlocked.Keys. The key is durable before anything is under it.
//   - For a plain notebook: Create, then store.Encipher with Unlocked.Keys, then store.Open. A key file beside a notebook that
//     is still plain (store.Look) says that the power cut this short: sign in, and Encipher again.
//   - To sign in: Open, File.Officers for the screen, File.Unlock, store.Open with Unlocked.Keys.
//   - When an officer leaves: Unlocked.BeginRekey, close the store, store.Encipher with Unlocked.Keys, Unlocked.FinishRekey.
//     Unlocked.Pending says at the next sign-in that the power cut this short: go on with Encipher.
//   - Where nobody can sign in: File.Recover or File.RecoverWith, then Unlocked.SetPassphrase. Restore, if the file is lost.
//
// Who can write to the file can lock its officers out until the centre is asked, and can put another key into it, under which
// this notebook does not open. Nothing in the program ever takes a slot away by itself.
package keyfile

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/wholefile"
)

// Path is where the key file of a notebook lies.
func Path(notebook string) string { return notebook + ".key" }

// Officer is who can sign in. All of it can be read without a key.
type Officer struct {
	ID   string `json:"id"`
	Name string `json:"name"` // as shown
	Role string `json:"role"` // a line below the name
}

// Entry is an officer as the sign-in screen shows him.
type Entry struct {
	Officer
	LastSignIn time.Time // zero: never, or not known any more
	WaitUntil  time.Time // before it no passphrase is taken; zero or past: now
	TriesLeft  int       // wrong ones that are free still; 0: each further one has to wait
	// PassphraseOnly says that the machine had no key store when the passphrase was set: nothing but the passphrase protects
	// this slot.
	PassphraseOnly bool
}

// Options say what the file stands on; the zero value is right for the program.
type Options struct {
	Secrets Secrets          // nil: the system's key store
	Now     func() time.Time // nil: time.Now
}

// File is a key file. Its methods may be called from any goroutine; those that take a passphrase work for about half a
// second, with 64 MiB.
type File struct {
	path    string
	options Options
	mu      sync.Mutex
	content content
	tries   tries
}

// Where the keys of notebooks are in memory: in an Unlocked until Lock, in what Keys has given out until its caller wipes it,
// and as round keys in the cipher layer of the open store until that is closed. They are passed by pointer, and what is made
// of them on the way is overwritten. Out of reach are texts (the identity of an officer as age reads it, a passphrase as the
// window has it) and what the collector moves or the system swaps: NoDumps keeps them out of core files, and no more.

// Create makes a key and its file, with a first officer, sealed to the centre's recipients too: without any, a forgotten
// passphrase loses the notebook. A file that is there stays (os.ErrExist); so does one that is torn.
func Create(path string, first Officer, passphrase string, escrow []envelope.Recipient, o Options) (*Unlocked, error) {
	var key Key
	defer key.Wipe()
	if _, err := rand.Read(key[:]); err != nil {
		return nil, fault.New(fault.Internal, "keyfile.Create", err)
	}
	for _, name := range append(copies(path), notePath(path)) {
		if _, err := os.Lstat(name); err == nil {
			return nil, fault.New(fault.Internal, "keyfile.Create", &os.PathError{Op: "create", Path: name, Err: os.ErrExist})
		}
	}
	return create(path, &key, first, passphrase, escrow, o)
}

// Restore makes the file anew around a key that the centre gave out (see Key.Secret), where it is missing, torn or was
// destroyed. One that can be read stays (os.ErrExist): RecoverWith is for that.
func Restore(path, secret string, first Officer, passphrase string, escrow []envelope.Recipient, o Options) (*Unlocked, error) {
	key, err := ParseKey(secret)
	if err != nil {
		return nil, err
	}
	defer key.Wipe()
	_, err = Open(path, o)
	switch {
	case err == nil:
		return nil, fault.New(fault.Internal, "keyfile.Restore", &os.PathError{Op: "create", Path: path, Err: os.ErrExist})
	case errors.Is(err, fault.Wiped):
		if err := errors.Join(os.Remove(notePath(path)), wholefile.SyncDir(filepath.Dir(path))); err != nil {
			return nil, fault.New(fault.DiskIO, "keyfile.Restore", err)
		}
	case !errors.Is(err, fault.TornKeyFile) && !errors.Is(err, fault.NotFound):
		return nil, err
	}
	return create(path, key, first, passphrase, escrow, o)
}

func create(path string, key *Key, first Officer, passphrase string, escrow []envelope.Recipient, o Options) (*Unlocked, error) {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return nil, fault.New(fault.Internal, "keyfile.Create", err)
	}
	f := &File{path: path, options: o.filled(), content: content{Version: version, Notebook: hex.EncodeToString(id)}, tries: tries{}}
	for _, r := range escrow {
		f.content.Escrow = append(f.content.Escrow, r.String())
	}
	u := &Unlocked{file: f, current: key.clone()}
	if err := u.change(func(c *content) error { return u.put(c, first, passphrase) }); err != nil {
		return nil, err
	}
	f.count(first.ID, attempt{LastSignIn: f.options.Now()}) // who makes the key has it open
	return u, nil
}

// Alone reports whether this machine has no key store, so that a passphrase has to protect a slot by itself. It may ask the
// key store, which may take a while.
func (o Options) Alone() bool {
	_, err := o.filled().Secrets.Get("")
	return err != nil
}

func (o Options) filled() Options {
	if o.Secrets == nil {
		o.Secrets = Keyring{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Open reads the key file. Of its two copies the newer sound one counts. No file is fault.NotFound, two torn ones are
// fault.TornKeyFile; one that was destroyed is fault.Wiped, and if the power cut that short, it is finished first.
func Open(path string, o Options) (*File, error) {
	f := &File{path: path, options: o.filled()}
	gone, err := wiped(path, f.options)
	switch {
	case gone:
		return nil, errors.Join(fault.New(fault.Wiped, "keyfile.Open", nil), err)
	case err != nil:
		return nil, err
	}
	c, behind, err := load(path)
	if err != nil {
		return nil, err
	}
	f.content = *c
	if behind { // the power went between the two, or one was torn
		_ = f.change(func(*content) error { return nil }) // if it fails, the sound copy still counts
	}
	f.tries = loadTries(triesPath(path), f.options.Now())
	return f, nil
}

// Officers lists who can sign in, in the order in which they were added.
func (f *File) Officers() []Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []Entry
	for _, s := range f.content.Slots {
		t := f.tries[s.Officer.ID]
		list = append(list, Entry{Officer: s.Officer, LastSignIn: t.LastSignIn, WaitUntil: t.waitUntil(),
			TriesLeft: max(0, freeTries-t.Wrong), PassphraseOnly: s.Device == ""})
	}
	return list
}

// Unlock opens the file with the passphrase of an officer.
//
// Faults: WrongPassphrase; TooManyTries with a *Wait in its chain, and then the passphrase was not even looked at;
// NoDeviceSecret, where this machine or its user is another than the one for whom the passphrase was set, which counts as
// no try; NotFound for an officer who has no slot. A wrong try changes nothing in the file.
func (f *File) Unlock(id, passphrase string) (*Unlocked, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	identity, err := f.try(id, passphrase)
	if err != nil {
		return nil, err
	}
	return f.unlocked(identity)
}

// ChangePassphrase gives an officer another passphrase; the old one is tried as by Unlock. The key stays the same: where the
// old passphrase may have become known together with the file, change the key too (BeginRekey).
func (f *File) ChangePassphrase(id, old, passphrase string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.content.slot(id); s != nil {
		if err := checkStrength(passphrase, s.Officer, false); err != nil {
			return err
		}
	}
	identity, err := f.try(id, old)
	if err != nil {
		return err
	}
	return f.change(func(c *content) error {
		s := c.slot(id)
		if s == nil {
			return fault.New(fault.NotFound, "keyfile.ChangePassphrase", nil)
		}
		return s.lock(c, f.options.Secrets, passphrase, identity)
	})
}

// try opens the slot of an officer. Each try is counted before it is made, so that cutting the power does not undo it; where
// the count cannot be written, it holds until the program ends.
func (f *File) try(id, passphrase string) (secret string, err error) {
	const op = "keyfile.Unlock"
	s := f.content.slot(id)
	if s == nil {
		return "", fault.New(fault.NotFound, op, fmt.Errorf("no slot for %q", id))
	}
	device, err := deviceOf(s, f.content.Notebook, f.options.Secrets)
	if err != nil {
		return "", err
	}
	now, t := f.options.Now(), f.tries[id]
	if until := t.waitUntil(); now.Before(until) {
		return "", fault.New(fault.TooManyTries, op, &Wait{Until: until})
	}
	f.count(id, attempt{LastSignIn: t.LastSignIn, Wrong: t.Wrong + 1, LastWrong: now})
	if secret, err = s.open(&f.content, passphrase, device); err != nil {
		return "", err
	}
	f.count(id, attempt{LastSignIn: now})
	return secret, nil
}

func (f *File) count(id string, a attempt) {
	f.tries[id] = a
	_ = f.tries.save(triesPath(f.path))
}

// Recover opens the file with a key of the centre. fault.WrongDataKey says that it is none that the file is sealed to.
func (f *File) Recover(with envelope.Identity) (*Unlocked, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.unlocked(with.Secret())
}

// RecoverWith opens the file with the key itself, as text, which the centre took out of Escrow; while the key is being
// changed, both are needed. Keys of another notebook, or of this one before it was changed, are passed over; fault.WrongDataKey
// says that none else is there.
func (f *File) RecoverWith(secrets ...string) (*Unlocked, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u := &Unlocked{file: f, current: &Key{}}
	next := f.content.Next
	for _, text := range secrets {
		key, err := ParseKey(text)
		if err != nil {
			return nil, err
		}
		switch id := key.ID(); {
		case id == f.content.Current.ID:
			u.current = key
		case next != nil && id == next.ID:
			u.next = key
		default:
			key.Wipe()
		}
	}
	if u.current.isZero() || next != nil && u.next == nil {
		return nil, fault.New(fault.WrongDataKey, "keyfile.RecoverWith", errors.New("the present key and the next one are needed"))
	}
	return u, nil
}

// Escrow is what the centre keeps: an age file sealed to its recipients, in which the text of the key is, and another one
// while the key is being changed. Without recipients there is none. It is to be sent again whenever the key or the
// recipients change.
func (f *File) Escrow() [][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.content.Escrow) == 0 {
		return nil
	}
	boxes := [][]byte{slices.Clone(f.content.Current.Box)}
	if f.content.Next != nil {
		boxes = append(boxes, slices.Clone(f.content.Next.Box))
	}
	return boxes
}

// unlocked opens the boxes with the secret half of a key that they are sealed to.
func (f *File) unlocked(identity string) (*Unlocked, error) {
	u := &Unlocked{file: f}
	key, err := f.content.Current.open(identity)
	if err != nil {
		return nil, err
	}
	u.current = key
	if f.content.Next != nil {
		if u.next, err = f.content.Next.open(identity); err != nil {
			u.next = nil // he is the one who leaves
		}
	}
	return u, nil
}

// Wait is in the chain of fault.TooManyTries.
type Wait struct{ Until time.Time }

func (w *Wait) Error() string { return "no try before " + w.Until.Format(time.RFC3339) }

// EscrowedTo reports whether these are the recipients of the centre to whom the key is sealed, in this order, and no others.
func (f *File) EscrowedTo(to []envelope.Recipient) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.EqualFunc(f.content.Escrow, to, func(text string, r envelope.Recipient) bool { return text == r.String() })
}
