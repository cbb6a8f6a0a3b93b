package centre

import (
	"context"
	"math"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// found are records of a form: those that the views name, and with them the place of the log behind which more may be.
// Without views that is the beginning.
type found struct {
	form  string
	named []record.Dot
	upTo  ledger.Pos
}

// find asks the views for records, so that nobody walks the log for a few of them.
func (c *Centre) find(ctx context.Context, f projection.Finding) (x found, err error) {
	x.form = f.Form
	if c.views != nil {
		x.named, x.upTo, err = c.views.Find(ctx, f)
	}
	return x, err
}

// these are records whose names are known already.
func these(form string, named []record.Dot) found {
	return found{form, named, math.MaxUint64}
}

// each calls do for every record that was found and is here and not deleted, in the order of the log, and for those of the
// form that came behind where the views were.
func (x found) each(tx hub.Tx, do func(created *record.Change, v *record.View) error) error {
	all := x.named
	been := make(map[record.Dot]bool, len(all))
	for _, d := range all {
		been[d] = true
	}
	from := x.upTo
	if from < math.MaxUint64 {
		from++
	}
	err := eachCreation(tx, from, func(c *record.Change) error { // a transaction is not read while it is read
		if c.Form.ID == x.form && !been[c.Dot] {
			all = append(all, c.Dot)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range all {
		changes, err := ledger.About(tx, d)
		if err != nil {
			return err
		}
		v := record.Fold(d, changes)
		if !v.Created || v.Hidden || v.Form.ID != x.form {
			continue
		}
		for _, c := range changes {
			if c.Dot == d {
				if err := do(c, v); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
