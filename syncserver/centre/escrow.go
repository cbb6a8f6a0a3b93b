package centre

import (
	"context"
	"errors"
	"strconv"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
)

// EscrowOpening asks for the sealed keys of a device's notebook. As with an Opening, the centre cannot open them, and notes
// who asks and why before it hands them out.
type EscrowOpening struct {
	Replica record.ReplicaID
	By      []string // the people who are present: two at least
	Reason  string   // a line
	Key     string   // the public half of the key that they are to be opened with; empty: they stay sealed
}

// EscrowState says what the centre has of the key of a device's notebook.
type EscrowState struct {
	Replica record.ReplicaID
	Name    string
	Latest  record.Millis // when the latest came; 0: none did
	Kept    int           // the latest and earlier ones
	Next    bool          // the latest holds the next key too: it was being changed
}

// escrows lists every enrolled device, by number.
func (c *Centre) escrows(ctx context.Context) (all []EscrowState, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		err := tx.Devices(func(d access.Device) bool {
			if d.Key != "" {
				all = append(all, EscrowState{Replica: d.Replica, Name: d.Name})
			}
			return true
		})
		for i := range all {
			kept, err := tx.Deposits(all[i].Replica)
			if err != nil {
				return err
			}
			if all[i].Kept = len(kept); len(kept) > 0 {
				all[i].Latest, all[i].Next = kept[0].At, len(kept[0].Boxes) > 1
			}
		}
		return err
	})
	return all, err
}

// escrow notes the opening durably and returns all that is kept, latest first. Nothing kept is fault.NotFound, and not noted.
func (c *Centre) escrow(ctx context.Context, o *EscrowOpening) (kept []hub.Deposit, err error) {
	note := Opening{Record: "escrow", Path: strconv.Itoa(int(o.Replica)), By: o.By, Reason: o.Reason, Key: o.Key}
	if note.Key == "" {
		note.Key = "sealed"
	}
	if err := note.check(); err != nil {
		return nil, err
	}
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		kept, err = tx.Deposits(o.Replica)
		return err
	})
	if err == nil && len(kept) == 0 {
		err = fault.New(fault.NotFound, "escrow", errors.New("that device has sent no sealed key"))
	}
	if err != nil {
		return nil, err
	}
	return kept, c.noteOpening(&note)
}
