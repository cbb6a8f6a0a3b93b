package protocol

import (
	"encoding/binary"
	"time"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/fault"
	"banlang/shared/planted"
)

// Keys is what the client half needs to know of the key that its notebook is enciphered under. It is part of Replica.
type Keys interface {
	// Escrow returns the key as the centre keeps it: age files sealed to the centre's recipients, one, or two while the key
	// is being changed. None: there is no key, or nobody to seal it to.
	Escrow() ([][]byte, error)
	// TakeKept learns that the hub holds what has this sum, durably.
	TakeKept(sum EscrowSum) error
	// Ordered says whether the centre has ordered the keys of this machine to be destroyed, and how far that is.
	Ordered() (Order, error)
	// Destroy destroys the keys, with the hub's leave. When it returns nil no passphrase opens the notebook any more; then
	// Ordered says OrderObeyed. Where something is not at the centre after all it does nothing and returns fault.Busy.
	Destroy(serial uint64) error
}

// Order is an order of the centre to destroy the keys of a machine that was lost.
type Order struct {
	Serial uint64
	State  OrderState
}

// OrderState is how far a machine is with an order.
type OrderState uint8

// The states.
const (
	OrderNone   OrderState = iota // there is none, or it was taken back
	OrderWaits                    // something is not at the centre yet: the machine is locked, and goes on sending
	OrderReady                    // everything is: the keys may go
	OrderObeyed                   // they are gone
)

// EscrowSum names what is kept: BLAKE2b-256 over the boxes, each behind its length.
type EscrowSum [32]byte

// SumEscrow computes it.
func SumEscrow(boxes [][]byte) EscrowSum {
	h, err := blake2b.New256(nil)
	if err != nil {
		panic(err) // only a key can be wrong
	}
	for _, b := range boxes {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	return EscrowSum(h.Sum(nil))
}

// keyLane is the part of a client that is about keys. It has one message under way at most.
type keyLane struct {
	spoken  bool // the hub knows of keys
	due     bool // to be looked at
	asked   Message
	at      time.Time  // when asked was sent
	kept    EscrowSum  // the hub has said that it holds it
	lacks   EscrowSum  // it has said that it does not
	refused *EscrowSum // it was sent, and not taken: no more of it in this session
	denied  uint64     // the order that it gave no leave for, in this session
}

func (l *keyLane) awaits() bool { return l.asked != nil }

// nextKeys returns what the lane has to say. It is asked when there is no text to send.
func (c *Client) nextKeys(now time.Time) (m Message, err error) {
	l := &c.keys
	pushing := !c.dry || len(c.sent) > 0
	if !l.spoken || !l.due || l.awaits() || pushing && !c.wipesFirst() {
		c.progress.KeysIdle = c.welcomed && (!l.spoken || !l.due)
		return nil, nil
	}
	if m, err = c.deposit(); m == nil && err == nil {
		m, err = c.wiping()
	}
	if l.due = m != nil; err == nil && l.due {
		l.asked, l.at = m, now
		c.pulse.ask(now)
	}
	c.progress.KeysIdle = !l.due
	return m, err
}

// wipesFirst is the planted bug of decision 18.
func (c *Client) wipesFirst() bool {
	if !planted.On(planted.WipeUnsent) || !c.welcomed {
		return false
	}
	o, err := c.r.Ordered()
	return err == nil && o.State != OrderNone
}

// deposit asks whether the hub holds the key as it is sealed now, and gives it when it does not.
func (c *Client) deposit() (Message, error) {
	l := &c.keys
	boxes, err := c.r.Escrow()
	if len(boxes) == 0 || err != nil {
		return nil, err
	}
	m := &Deposit{Sum: SumEscrow(boxes)}
	switch {
	case m.Sum == l.kept || l.refused != nil && m.Sum == *l.refused:
		return nil, nil
	case m.Sum == l.lacks:
		m.Boxes = boxes
	}
	return m, nil
}

// wiping asks for leave to obey an order, or says that it was obeyed.
func (c *Client) wiping() (Message, error) {
	o, err := c.r.Ordered()
	switch {
	case err != nil:
		return nil, err
	case o.State == OrderObeyed:
		return &Wiping{o.Serial, true}, nil
	case o.State == OrderReady && o.Serial != c.keys.denied:
		return &Wiping{o.Serial, false}, nil
	}
	return nil, nil
}

func (c *Client) onKept(now time.Time, m *Kept) error {
	l := &c.keys
	d, ok := l.asked.(*Deposit)
	if !ok || d.Sum != m.Sum {
		return fault.New(fault.BadFrame, "an answer to nothing", nil)
	}
	c.answeredKeys(now)
	switch {
	case m.Held:
		l.kept = m.Sum
		return c.r.TakeKept(m.Sum)
	case len(d.Boxes) > 0:
		l.refused = &d.Sum
	default:
		l.lacks = m.Sum
	}
	return nil
}

func (c *Client) onLeave(now time.Time, m *Leave) error {
	w, ok := c.keys.asked.(*Wiping)
	if !ok || w.Order != m.Order {
		return fault.New(fault.BadFrame, "an answer to nothing", nil)
	}
	c.answeredKeys(now)
	switch {
	case w.Done:
		return fault.New(fault.Wiped, "the centre knows", nil)
	case m.Given:
		return c.r.Destroy(m.Order)
	}
	c.keys.denied = m.Order
	return nil
}

func (c *Client) answeredKeys(now time.Time) {
	l := &c.keys
	l.asked, l.due = nil, true
	c.pulse.answered(now, now.Sub(l.at), c.awaits())
}

// Sound reports whether what was deposited is within the limits, and has the sum that it says.
func (m *Deposit) Sound() bool {
	if len(m.Boxes) == 0 {
		return true
	}
	return m.fits() && SumEscrow(m.Boxes) == m.Sum
}

func (m *Deposit) fits() bool {
	size := 0
	for _, b := range m.Boxes {
		if size += len(b); len(b) == 0 {
			return false
		}
	}
	return len(m.Boxes) <= MaxBoxes && size <= MaxEscrowBytes
}

func (w *writer) keys(m Message) {
	switch m := m.(type) {
	case *Deposit:
		w.bytes(m.Sum[:])
		w.uint(uint64(len(m.Boxes)))
		for _, b := range m.Boxes {
			w.uint(uint64(len(b)))
			w.bytes(b)
		}
	case *Kept:
		w.bytes(m.Sum[:])
		w.bool(m.Held)
	case *Wiping:
		w.uint(m.Order)
		w.bool(m.Done)
	case *Leave:
		w.uint(m.Order)
		w.bool(m.Given)
	}
}

func (r *reader) keys(k kind) Message {
	switch k {
	case kindDeposit:
		m := &Deposit{}
		r.into(m.Sum[:])
		for range r.count(MaxBoxes, 1, "boxes") {
			m.Boxes = append(m.Boxes, r.take(r.count(MaxEscrowBytes, 1, "bytes in a box")))
		}
		if r.err == nil && !m.fits() {
			r.fail("boxes over their limit")
		}
		return m
	case kindKept:
		m := &Kept{}
		r.into(m.Sum[:])
		m.Held = r.bool()
		return m
	case kindWiping:
		return &Wiping{r.uint(), r.bool()}
	}
	return &Leave{r.uint(), r.bool()}
}
