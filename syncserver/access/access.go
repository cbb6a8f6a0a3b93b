// Package access owns who may speak to the centre: the notebooks, their keys, their enrolment and revocation. Roles of
// staff join it with the console.
//
// A device is entered first (Enter), which gives it a number and a ticket, to be carried to it in a file. Its first
// Hello brings the ticket and the key that it drew for itself, and gets a certificate back; from then on that key alone
// proves who it is (Admit). Tickets and certificates are signed by the centre: a centre that was restored from a backup
// older than an enrolment takes the device back by them, so that no work is locked out. A revoked device may still push:
// what it wrote before is kept, what it writes after is rejected until staff release it.
package access

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// TicketLife is how long a ticket may be used. A commune without a network needs weeks, not hours.
const TicketLife = 60 * 24 * time.Hour

// FirstDevice is the number of the first notebook; 1 is the centre itself, and the rest below is kept free for relays.
const FirstDevice record.ReplicaID = 11

// Device is one notebook as the centre knows it.
type Device struct {
	Replica  record.ReplicaID
	Name     string        // as staff call it
	Unit     string        // its own unit's code
	Key      string        // seal.ReplicaPublic; empty until enrolled
	Enrolled record.Millis // 0: not yet
	Seen     record.Millis // last Hello; 0: never
	Program  string        // as it named itself last
	Skew     int64         // its clock minus ours at the last Hello, in ms, as far as a Hello tells it
	Revoked  bool
}

// Register is where devices are kept, within the transactions of the hub's store.
type Register interface {
	// Device returns a device; ok is false when there is none.
	Device(r record.ReplicaID) (d Device, ok bool, err error)
	PutDevice(d Device) error
	// Devices calls f for every device, by number, until f returns false.
	Devices(f func(Device) bool) error
}

// A history of the centre's log gives out numbers from a block of its own: the first one from FirstDevice on, each later
// one from a block that its random part chooses. For a centre set back to a backup knows neither the devices entered after
// the backup was made, nor those of another centre set back to the same one; and a number given to two machines would lock
// one of them out, with its work.
const (
	blockSize = 1000
	blocks    = 1_000_000
)

// numbers returns the first number of a history's block.
func numbers(e record.Epoch) record.ReplicaID {
	if e.Number <= 1 {
		return FirstDevice
	}
	return FirstDevice + blockSize*record.ReplicaID(1+e.Random%blocks)
}

// Enter makes a new device and returns it with its ticket. The epoch is that of the centre's log.
func Enter(tx Register, key seal.CentreKey, e record.Epoch, name, unit string, now record.Millis) (Device, string, error) {
	next, err := free(tx, numbers(e))
	if err != nil {
		return Device{}, "", err
	}
	d := Device{Replica: next, Name: name, Unit: unit}
	return d, ticket(key, next, now+TicketLife.Milliseconds()), tx.PutDevice(d)
}

// free finds a number that nobody has, from first on: the next one, for numbers are given out without gaps and never taken
// back. A full block goes on into the one behind it.
func free(tx Register, first record.ReplicaID) (record.ReplicaID, error) {
	taken := func(r record.ReplicaID) (bool, error) { _, ok, err := tx.Device(r); return ok, err }
	lowest, step := first, record.ReplicaID(1) // all below lowest are taken
	for {
		ok, err := taken(lowest + step - 1)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		lowest, step = lowest+step, 2*step
	}
	for step > 1 { // the one at lowest+step-1 is free
		half := step / 2
		ok, err := taken(lowest + half - 1)
		if err != nil {
			return 0, err
		}
		if ok {
			lowest, step = lowest+half, step-half
		} else {
			step = half
		}
	}
	return lowest, nil
}

const (
	ticketMark      = "blve1-"
	certificateMark = "blcc1-"
)

// ticket is the centre's word that the bearer may become a device until a time.
func ticket(key seal.CentreKey, r record.ReplicaID, ends record.Millis) string {
	b := ticketStatement(r, ends)
	sig := key.Sign(seal.DomainTicket, b)
	return ticketMark + base64.RawURLEncoding.EncodeToString(append(b, sig[:]...))
}

func ticketStatement(r record.ReplicaID, ends record.Millis) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(r))
	return binary.LittleEndian.AppendUint64(b, uint64(ends))
}

// Certificate is the centre's word that a key is a device's. It does not end: revocation is a grant.
func Certificate(key seal.CentreKey, r record.ReplicaID, public string) string {
	sig := key.Sign(seal.DomainDevice, deviceStatement(r, public))
	return certificateMark + base64.RawURLEncoding.EncodeToString(sig[:])
}

func deviceStatement(r record.ReplicaID, public string) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(r)), public...)
}

// entitled reports whether the code of a Hello entitles its sender to be the device that it says, with its key.
func entitled(h *protocol.Hello, centre seal.CentrePublic, now record.Millis) bool {
	if text, ok := strings.CutPrefix(h.Code, certificateMark); ok {
		b, err := base64.RawURLEncoding.DecodeString(text)
		return err == nil && len(b) == 64 && centre.Verify(seal.DomainDevice, deviceStatement(h.Replica, h.PublicKey), [64]byte(b))
	}
	text, ok := strings.CutPrefix(h.Code, ticketMark)
	b, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil || len(b) != 12+64 {
		return false
	}
	r, ends := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint64(b[4:])
	return record.ReplicaID(r) == h.Replica && record.Millis(ends) >= now && centre.Verify(seal.DomainTicket, b[:12], [64]byte(b[12:]))
}

// Admit decides whether the sender of a Hello is the device that it says. The binding is what is unique to the
// connection, so that a Hello cannot be replayed. On success the device's row is up to date in tx.
func Admit(tx Register, centre seal.CentrePublic, h *protocol.Hello, binding []byte, now record.Millis) (Device, error) {
	d, ok, err := tx.Device(h.Replica)
	if err != nil {
		return d, err
	}
	key, err := seal.ParseReplicaPublic(h.PublicKey)
	if err != nil || !key.Verify(seal.DomainHello, binding, h.Proof) {
		return d, fault.New(fault.WrongKey, "admit", err)
	}
	if d.Key == "" {
		if !entitled(h, centre, now) {
			return d, fault.New(fault.NotEnrolled, "admit", nil)
		}
		if !ok {
			d = Device{Replica: h.Replica}
		}
		d.Key, d.Enrolled = h.PublicKey, now
	}
	if d.Key != h.PublicKey {
		if h.Code != "" {
			return d, fault.New(fault.EnrolCodeUsed, "admit", nil)
		}
		return d, fault.New(fault.WrongKey, "admit", nil)
	}
	d.Seen, d.Program = now, h.Program
	return d, tx.PutDevice(d)
}
