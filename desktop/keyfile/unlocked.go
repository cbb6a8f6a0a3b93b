package keyfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"banlang/shared/envelope"
	"banlang/shared/fault"
)

// Unlocked is a key file that somebody has opened. Its methods may be called from any goroutine until Lock.
type Unlocked struct {
	file    *File
	current *Key // of its own: nobody else has it, and Lock overwrites it
	next    *Key // while the key is being changed; likewise
}

// File is the file that was opened.
func (u *Unlocked) File() *File { return u.file }

// Keys are those under which the notebook may be: the key, and while it is being changed (Pending) the next one too.
func (u *Unlocked) Keys() []*Key {
	u.file.mu.Lock()
	defer u.file.mu.Unlock()
	keys := []*Key{u.current.clone()}
	if u.next != nil {
		keys = append(keys, u.next.clone())
	}
	return keys
}

// Lock overwrites the keys here. Those that Keys gave out are the caller's (Key.Wipe).
func (u *Unlocked) Lock() {
	u.file.mu.Lock()
	defer u.file.mu.Unlock()
	u.current.Wipe()
	if u.next != nil {
		u.next.Wipe()
	}
}

// change alters the file and seals its keys anew to all who are in it then.
func (u *Unlocked) change(alter func(*content) error) error {
	u.file.mu.Lock()
	defer u.file.mu.Unlock()
	return u.changeHeld(alter)
}

func (u *Unlocked) changeHeld(alter func(*content) error) error {
	return u.file.change(func(c *content) error {
		if err := alter(c); err != nil {
			return err
		}
		return u.seal(c)
	})
}

func (u *Unlocked) seal(c *content) (err error) {
	if u.current.isZero() {
		return fault.New(fault.LockedNotebook, "keyfile", errors.New("it was locked"))
	}
	if c.Current.ID != "" && c.Current.ID != u.current.ID() || (c.Next != nil) != (u.next != nil) {
		return fault.New(fault.Busy, "keyfile", errors.New("the key was changed meanwhile"))
	}
	if c.Current, err = sealKey(u.current, c.recipients(false)); err != nil || u.next == nil {
		return err
	}
	next, err := sealKey(u.next, c.recipients(true))
	c.Next = &next
	return err
}

// put gives an officer a slot, to which the key is to be sealed.
func (u *Unlocked) put(c *content, o Officer, passphrase string) error {
	s, secret, err := newSlot(o)
	if err != nil {
		return err
	}
	if err := s.lock(c, u.file.options.Secrets, passphrase, secret); err != nil {
		return err
	}
	if old := c.slot(o.ID); old != nil {
		*old = s
	} else {
		c.Slots = append(c.Slots, s)
	}
	return nil
}

// AddOfficer gives one more officer a slot. An id that has one is fault.BadInput.
func (u *Unlocked) AddOfficer(o Officer, passphrase string) error {
	return u.change(func(c *content) error {
		if o.ID == "" || c.slot(o.ID) != nil {
			return fault.New(fault.BadInput, "keyfile.AddOfficer", fmt.Errorf("%q has a slot", o.ID))
		}
		return u.put(c, o, passphrase)
	})
}

// SetPassphrase gives an officer who has forgotten his a new one, and takes over his name and role. Wrong tries are
// forgiven.
func (u *Unlocked) SetPassphrase(o Officer, passphrase string) error {
	err := u.change(func(c *content) error {
		if c.slot(o.ID) == nil {
			return fault.New(fault.NotFound, "keyfile.SetPassphrase", nil)
		}
		return u.put(c, o, passphrase)
	})
	if err == nil {
		u.file.mu.Lock()
		defer u.file.mu.Unlock()
		u.file.count(o.ID, attempt{LastSignIn: u.file.tries[o.ID].LastSignIn})
	}
	return err
}

// SetEscrow seals the key to other recipients of the centre. What the centre had before it can still open.
func (u *Unlocked) SetEscrow(escrow []envelope.Recipient) error {
	return u.change(func(c *content) error {
		c.Escrow = nil
		for _, r := range escrow {
			c.Escrow = append(c.Escrow, r.String())
		}
		return nil
	})
}

// BeginRekey draws the next key, for all but the officers who leave, and makes it durable beside the present one. The
// notebook is to be moved to it (store.Encipher with Keys); then FinishRekey takes the present one and the slots of those who
// leave away. When it was begun before, that one goes on, and more may leave. Somebody must stay (fault.BadInput).
func (u *Unlocked) BeginRekey(leaving ...string) error {
	u.file.mu.Lock()
	defer u.file.mu.Unlock()
	before := u.next
	err := u.changeHeld(func(c *content) error {
		for _, id := range leaving {
			if c.slot(id) == nil {
				return fault.New(fault.NotFound, "keyfile.BeginRekey", fmt.Errorf("no slot for %q", id))
			}
			if !slices.Contains(c.Leaving, id) {
				c.Leaving = append(c.Leaving, id)
			}
		}
		if len(c.Leaving) == len(c.Slots) {
			return fault.New(fault.BadInput, "keyfile.BeginRekey", errors.New("nobody would be left"))
		}
		if c.Next != nil {
			return nil
		}
		u.next, c.Next = &Key{}, &box{}
		if _, err := rand.Read(u.next[:]); err != nil {
			return fault.New(fault.Internal, "keyfile.BeginRekey", err)
		}
		return nil
	})
	if err != nil && u.file.content.Next == nil { // nothing of it reached the disk
		u.next = before
	}
	return err
}

// Pending says that the key is being changed: BeginRekey was called, and FinishRekey has not returned.
func (u *Unlocked) Pending() bool {
	u.file.mu.Lock()
	defer u.file.mu.Unlock()
	return u.next != nil
}

// FinishRekey makes the next key the present one. It is called when the notebook is under it: store.Encipher has returned.
func (u *Unlocked) FinishRekey() error {
	u.file.mu.Lock()
	defer u.file.mu.Unlock()
	if u.next == nil {
		return fault.New(fault.Internal, "keyfile.FinishRekey", errors.New("it was not begun"))
	}
	err := u.file.change(func(c *content) error {
		if c.Next == nil || c.Next.ID != u.next.ID() {
			return fault.New(fault.Busy, "keyfile.FinishRekey", errors.New("the key was changed meanwhile"))
		}
		c.Slots = slices.DeleteFunc(c.Slots, func(s slot) bool { return slices.Contains(c.Leaving, s.Officer.ID) })
		c.Current, c.Next, c.Leaving = *c.Next, nil, nil
		return nil
	})
	if err == nil {
		u.current.Wipe()
		u.current, u.next = u.next, nil
	}
	return err
}
