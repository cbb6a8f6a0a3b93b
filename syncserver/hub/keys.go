package hub

import (
	"cmp"
	"slices"

	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// Keys at the hub. It keeps the keys of notebooks, sealed to recipients of whom it is none: it can hand them out, and not
// open them. And it says which machine was lost. That is a publication, which the machine obeys when nothing would be lost
// by it, and with the hub's leave at that moment.

// MaxDeposits is how many sealed keys of a notebook are kept: the key is sealed anew whenever an officer comes, and two
// copies of a notebook have each their own. It bounds what a device can store beside its changes.
const MaxDeposits = 8

// Deposit is the key of a notebook, sealed to the centre's recipients.
type Deposit struct {
	Replica record.ReplicaID
	Sum     protocol.EscrowSum
	At      record.Millis // when it came
	Boxes   [][]byte      // age files: the key; and the next one, if it was being changed
}

// Wipe is how far a machine is with the order to destroy its keys. Begun without Done says that it had leave, and that
// nobody knows more.
type Wipe struct {
	Replica record.ReplicaID
	Order   uint64        // its serial
	Begun   record.Millis // it has asked for leave, and got it; 0: not by this hub
	Done    record.Millis // it has said that the keys are gone; 0: not yet
}

// deposit answers a Deposit. One that is over the limits, or not what it says, is not taken, and ends no session.
func (a *Act) deposit(j *Job) error {
	m := j.Deposit
	answer := &protocol.Kept{Sum: m.Sum}
	j.Keys = answer
	if !j.admitted() {
		return nil
	}
	all, err := a.tx.Deposits(j.From)
	if err != nil {
		return err
	}
	answer.Held = slices.ContainsFunc(all, func(d Deposit) bool { return d.Sum == m.Sum })
	if answer.Held || len(m.Boxes) == 0 || !m.Sound() {
		return nil
	}
	answer.Held = true
	if planted.On(planted.EscrowDropped) {
		return nil
	}
	return a.tx.PutDeposit(Deposit{j.From, m.Sum, a.h.now(), m.Boxes})
}

// wiping answers a Wiping. Leave is given while the order holds and nothing is wanted of the machine.
func (a *Act) wiping(j *Job) error {
	m := j.Wiping
	answer := &protocol.Leave{Order: m.Order}
	j.Keys = answer
	if !j.admitted() {
		return nil
	}
	was, err := a.tx.WipeOf(j.From)
	if err != nil {
		return err
	}
	now := Wipe{Replica: j.From, Order: m.Order}
	if was.Order == m.Order {
		now = was
	}
	if m.Done {
		now.Done = cmp.Or(now.Done, a.h.now())
	} else {
		may, err := a.mayWipe(j.From, m.Order)
		if !may || err != nil {
			return err
		}
		now.Begun = a.h.now()
	}
	answer.Given = true
	return a.tx.PutWipe(now)
}

func (a *Act) mayWipe(r record.ReplicaID, serial uint64) (bool, error) {
	o, err := LostOrder(a.tx, r)
	if (!o.Lost || o.Serial != serial) && !planted.On(planted.WipeTakenBack) || err != nil {
		return false, err
	}
	wanted, err := a.tx.Wants(r, blob.Ref{}, 1)
	return len(wanted) == 0, err
}

// LostOrder is the order that holds about a device; the zero one when there is none, or it has no key yet.
func LostOrder(tx Tx, r record.ReplicaID) (record.LostOrder, error) {
	d, known, err := tx.Device(r)
	if !known || d.Key == "" || err != nil {
		return record.LostOrder{}, err
	}
	published, err := ledger.Publications(tx)
	return record.OrderOf(published, r, d.Key), err
}

// Order publishes an order about a device, unless the log holds one of its serial or a later one.
func (a *Act) Order(r record.ReplicaID, o record.LostOrder) error {
	published, err := ledger.Publications(a.tx)
	if err != nil || record.OrderOf(published, r, o.Machine).Serial >= o.Serial {
		return err
	}
	return a.Publish(record.LostTopic(r), o.Payload())
}
