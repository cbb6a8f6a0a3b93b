package centre

import (
	"context"
	"errors"
	"fmt"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/audit"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
	"banlang/syncserver/staff"
)

// ErrUnsound is the base of what a check finds of its own; others are those of packages ledger, hub, sqlitestore and audit, and
// fault.TornDatabase.
var ErrUnsound = errors.New("centre: unsound")

// IsUnsound reports whether an error says that what is kept contradicts itself, rather than that it could not be read.
func IsUnsound(err error) bool {
	for _, base := range []error{ErrUnsound, ledger.ErrUnsound, hub.ErrUnsound, sqlitestore.ErrUnsound, record.ErrMalformed, ErrAltered, audit.ErrBroken} {
		if errors.Is(err, base) {
			return true
		}
	}
	return false
}

// Check looks at everything in the databases of a centre that does not run, and writes nothing. A running one is
// fault.SecondInstance: ask it (Request.Check). People is nil for a centre that has no register of staff yet.
func Check(ctx context.Context, dir Dir) (counts hub.Counts, people *staff.Sound, err error) {
	key, err := dir.prepare(false)
	if err != nil {
		return counts, nil, err
	}
	s, err := sqlitestore.Open(ctx, dir.Database(), sqlitestore.Options{})
	if err != nil {
		return counts, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if counts, err = checkStore(ctx, s, key.Public()); err != nil {
		return counts, nil, err
	}
	if err := checkErasures(ctx, s, dir); err != nil {
		return counts, nil, err
	}
	found, err := staff.Check(ctx, dir.Staff())
	if errors.Is(err, fault.NotFound) {
		return counts, nil, nil
	}
	return counts, &found, err
}

// checkStore reads the file page by page, its indexes and foreign keys, every change with its digest and chains, and
// what the hub keeps beside them.
func checkStore(ctx context.Context, s *sqlitestore.Store, key seal.CentrePublic) (counts hub.Counts, err error) {
	if err := s.Check(ctx, false); err != nil {
		return counts, err
	}
	err = s.View(ctx, func(tx hub.Tx) (err error) {
		counts, err = hub.Check(tx, key)
		return err
	})
	return counts, err
}

func (c *Centre) checkStaff(ctx context.Context) (*staff.Sound, error) {
	if why := c.Unstaffed(); why != nil {
		return nil, why
	}
	found, err := c.Staff().Check(ctx)
	return &found, err
}

func (c *Centre) checkErasures(ctx context.Context) error { return checkErasures(ctx, c.store, c.dir) }

// checkErasures: every order of the ledger of erasures is held and done.
func checkErasures(ctx context.Context, s hub.Store, dir Dir) error {
	orders, err := readErasures(dir.ErasureLedger())
	if len(orders) == 0 || err != nil {
		return err
	}
	return s.View(ctx, func(tx hub.Tx) error {
		for _, o := range orders {
			if err := checkErased(tx, o); err != nil {
				return err
			}
		}
		return nil
	})
}

func checkErased(tx hub.Tx, o Erasure) error {
	about, err := ledger.About(tx, o.Record)
	if err != nil {
		return err
	}
	ordered := false
	for _, c := range about {
		ordered = ordered || c.Kind == record.KindErase && c.Replica == record.Centre
		if c.Kind != record.KindEdit || c.Body != record.BodyHere {
			continue
		}
		if len(o.Paths) == 0 {
			return fmt.Errorf("%w: values of %v are here, and were ordered to be erased", ErrUnsound, c.Dot)
		}
		for _, p := range o.Paths {
			if c.Edit(p) != nil {
				return fmt.Errorf("%w: a value of %v is here, and was ordered to be erased", ErrUnsound, c.Dot)
			}
		}
	}
	if !ordered {
		return fmt.Errorf("%w: the order to erase %v is not in the log", ErrUnsound, o.Record)
	}
	return nil
}
