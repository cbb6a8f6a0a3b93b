package notebook

import (
	"context"
	"errors"

	"banlang/shared/fault"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// Custody keeps the key that the notebook is enciphered under (package keyfile). Its methods may be called from any
// goroutine.
type Custody interface {
	// Escrow is the key as the centre is to keep it; none while it is sealed to nobody there.
	Escrow() [][]byte
	// Destroy destroys every way to the key that is on this machine. Cut short, it is finished before the key can be used
	// again.
	Destroy() error
}

// Lost reports whether the centre has said that this machine was lost. Nothing of the notebook may be shown then; it goes
// on sending what it has.
func (n *Notebook) Lost() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.order.Lost
}

// Wiped reports whether the keys of this notebook were destroyed since it was opened.
func (n *Notebook) Wiped() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.gone
}

// KeysChanged says that the key is sealed otherwise than before: a session that runs sends it.
func (n *Notebook) KeysChanged() { n.tell() }

// takeOrder learns which order of the centre holds about this machine. The caller holds the mutex.
func (n *Notebook) takeOrder(published []*record.Change) {
	if !n.o.Key.IsZero() {
		n.order = record.OrderOf(published, n.o.Replica, n.o.Key.Public().String())
	}
}

// Escrow implements protocol.Keys.
func (s Session) Escrow() ([][]byte, error) {
	if s.n.o.Custody == nil {
		return nil, nil
	}
	return s.n.o.Custody.Escrow(), nil
}

// TakeKept implements protocol.Keys.
func (s Session) TakeKept(sum protocol.EscrowSum) error {
	s.n.mu.Lock()
	defer s.n.mu.Unlock()
	s.n.kept = sum
	return nil
}

// Ordered implements protocol.Keys.
func (s Session) Ordered() (o protocol.Order, err error) {
	s.n.mu.Lock()
	defer s.n.mu.Unlock()
	switch o.Serial = s.n.order.Serial; {
	case s.n.gone:
		o.State, err = s.obeyed()
	case s.n.order.Lost:
		o.State = protocol.OrderWaits
		why, err := s.n.keepsKeys(s.ctx)
		if err != nil {
			return o, err
		}
		if why == nil {
			o.State = protocol.OrderReady
		}
	}
	return o, err
}

// obeyed: a session ends with the word that the keys are gone, so a hub that lacks photos gets them before: the centre that
// had them may have been lost in between, and nobody but this program, while it runs, can read them.
func (s Session) obeyed() (protocol.OrderState, error) {
	state := protocol.OrderObeyed
	err := s.n.store.View(s.ctx, func(tx Tx) error {
		p, err := photos(tx)
		if p.Waiting > 0 {
			state = protocol.OrderWaits
		}
		return err
	})
	return state, err
}

// Destroy implements protocol.Keys. Nobody can write between the last look at what is not at the centre and the end of
// the keys; what would be written after it is refused.
func (s Session) Destroy(serial uint64) error {
	n := s.n
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.gone {
		return nil
	}
	if !n.order.Lost || n.order.Serial != serial {
		return fault.New(fault.Busy, "destroy keys", errors.New("another order"))
	}
	why, err := n.keepsKeys(s.ctx)
	if err == nil && why != nil {
		err = fault.New(fault.Busy, "destroy keys", why)
	}
	if err != nil {
		return err
	}
	n.closed = true // also if it fails halfway: the rest is destroyed in another try, or at the next start
	if err := n.o.Custody.Destroy(); err != nil {
		return err
	}
	n.gone = true
	n.tell()
	return nil
}

var (
	errUnsent   = errors.New("not everything written has its receipt")
	errPhotos   = errors.New("a photo is not at the centre")
	errNoEscrow = errors.New("the centre does not hold the present key")
	errPlain    = errors.New("there is no key")
)

// keepsKeys says why the keys may not be destroyed; nil when everything that would go with them is at the centre: what was
// written, by its own signed receipts, photos, and the key itself, by which drafts can be read. Where the key is
// sealed to nobody, no draft may be there. The caller holds the mutex.
func (n *Notebook) keepsKeys(ctx context.Context) (why, err error) {
	if n.o.Custody == nil {
		return errPlain, nil
	}
	boxes := n.o.Custody.Escrow()
	if len(boxes) > 0 && protocol.SumEscrow(boxes) != n.kept {
		return errNoEscrow, nil
	}
	err = n.store.View(ctx, func(tx Tx) error {
		open, err := Unreceipted(tx)
		if len(open) > 0 && !planted.On(planted.WipeUnsent) || err != nil {
			why = errUnsent
			return err
		}
		p, err := photos(tx)
		if p.Waiting > 0 || err != nil {
			why = errPhotos
			return err
		}
		drafts, err := tx.Drafts()
		if len(drafts) > 0 && len(boxes) == 0 {
			why = errNoEscrow
		}
		return err
	})
	return why, err
}
