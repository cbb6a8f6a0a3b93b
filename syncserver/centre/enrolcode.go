package centre

import (
	"context"
	"errors"

	"banlang/shared/clock"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/syncserver/staff"
)

// EnrolCodeMade is a one-time code that was made for a device to be. Nobody keeps it.
type EnrolCodeMade struct {
	Code string
	Ends clock.WallMillis
}

// enrolCode makes a code for the only newcomer.
func (c *Centre) enrolCode(ctx context.Context, r *Enrol, by *staff.Viewer) (*EnrolCodeMade, error) {
	if len(r.Newcomers) != 1 {
		return nil, fault.New(fault.BadInput, "enrol", errors.New("a code is for one device"))
	}
	n := r.Newcomers[0]
	if err := n.check(); err != nil {
		return nil, err
	}
	code, ends, err := c.Staff().NewEnrolCode(ctx, by, staff.Newcomer{Unit: n.Unit, Name: n.Name, Feeds: n.Feeds})
	return &EnrolCodeMade{code.String(), ends}, err
}

// EnrolByCode enrols the device that a code was made for, and returns its enrolment file under the key of the code. Faults are
// those of staff.TakeEnrolCode, and fault.Unstaffed.
func (c *Centre) EnrolByCode(ctx context.Context, ask *enrolment.Ask, from string) (sealed []byte, err error) {
	if err := c.Unstaffed(); err != nil {
		return nil, err
	}
	return c.Staff().TakeEnrolCode(ctx, ask, from, func(n staff.Newcomer) ([]byte, error) {
		files, err := c.enrol(ctx, &Enrol{Address: ask.Address, Newcomers: []Newcomer{{n.Unit, n.Name, n.Feeds}}})
		if err != nil {
			return nil, err
		}
		return files[0].Encode()
	})
}
