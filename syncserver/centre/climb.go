package centre

import (
	"context"
	"errors"
	"strconv"
	"time"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// A flash report that nobody takes on climbs: it is first due to the unit that it is of, and after each wait to the unit above
// that. Nothing is sent for it; it is worked out from when the report arrived and the tree of the day, whenever somebody looks.

// FlashDue says from when on a report is due to a unit.
type FlashDue struct {
	Unit string
	From record.Millis
}

// FlashWait sets after how long a report of a unit, or of one below it, climbs; the nearest unit that has one counts.
type FlashWait struct {
	Unit    string
	Minutes int // 0: none of its own
}

const (
	// UsualFlashWait is the wait where no unit has one of its own, in minutes.
	UsualFlashWait = 15
	// MaxFlashWait bounds a wait, in minutes.
	MaxFlashWait = 24 * 60
)

func valueFlashWait(unit string) string { return "flash wait " + unit }

// flashWait sets a wait and returns the one before.
func (c *Centre) flashWait(ctx context.Context, q *FlashWait) (before *FlashWait, err error) {
	if q.Minutes < 0 || q.Minutes > MaxFlashWait {
		return nil, fault.New(fault.BadInput, "flash wait", errors.New("minutes"))
	}
	if err := checkUnit(q.Unit); err != nil {
		return nil, err
	}
	err = c.act(ctx, func(a *hub.Act) error {
		before = &FlashWait{Unit: q.Unit}
		var err error
		if before.Minutes, err = flashWaitOf(a.Tx(), q.Unit); err != nil {
			return err
		}
		value := []byte{} // none
		if q.Minutes > 0 {
			value = strconv.AppendInt(nil, int64(q.Minutes), 10)
		}
		return a.Tx().PutValue(valueFlashWait(q.Unit), value)
	})
	return before, err
}

// flashWaitOf is the wait that a unit has of its own, in minutes; 0: none.
func flashWaitOf(tx hub.Tx, unit string) (minutes int, err error) {
	b, err := tx.Value(valueFlashWait(unit))
	if len(b) == 0 || err != nil {
		return 0, err
	}
	return strconv.Atoi(string(b))
}

// climb says to whom a report of a unit is due, the unit itself first.
func (d *desk) climb(unit string, arrived record.Millis) (due []FlashDue, err error) {
	up := []string{unit}
	if path := d.tree.Path(unit); len(path) > 0 {
		up = nil
		for i := len(path) - 1; i >= 0; i-- {
			up = append(up, path[i].Code)
		}
	}
	wait := UsualFlashWait
	for _, u := range up {
		own, err := flashWaitOf(d.tx, u)
		if err != nil {
			return nil, err
		}
		if own > 0 {
			wait = own
			break
		}
	}
	for i, u := range up {
		due = append(due, FlashDue{u, arrived + int64(i)*int64(wait)*time.Minute.Milliseconds()})
	}
	return due, nil
}
