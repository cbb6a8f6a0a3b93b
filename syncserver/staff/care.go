package staff

import (
	"context"
	"errors"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
	"banlang/syncserver/audit"
)

// Sound is what a check of a register found.
type Sound struct {
	Accounts int
	Audit    audit.State
}

// Check looks at the whole file, and walks the audit. fault.TornDatabase, audit.ErrBroken.
func (s *Staff) Check(ctx context.Context) (Sound, error) {
	return check(ctx, s.db, s.files.Audit.Heads)
}

// Check is Staff.Check of a register that nobody has open. It writes nothing. One that is not there is fault.NotFound.
func Check(ctx context.Context, files Files) (Sound, error) {
	db, err := sqlite.Open(ctx, sqlite.Options{Path: files.Database, ReadOnly: true}, schema)
	if err != nil {
		return Sound{}, err
	}
	found, err := check(ctx, db, files.Audit.Heads)
	return found, errors.Join(err, db.Close())
}

func check(ctx context.Context, db *sqlite.DB, heads string) (found Sound, err error) {
	if err := db.Check(ctx, false); err != nil {
		return found, err
	}
	err = db.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT count(*) FROM account")
		if err == nil {
			found.Accounts = int(row.Int64(0))
		}
		return err
	})
	if err != nil {
		return found, err
	}
	found.Audit, err = audit.Verify(ctx, db, heads)
	return found, err
}

// CopyTo writes a whole copy, as it is at one moment, checks all of it, and says what it holds. An existing file is never replaced.
func (s *Staff) CopyTo(ctx context.Context, path string) (Sound, error) {
	if err := s.db.CopyTo(ctx, path); err != nil {
		return Sound{}, err
	}
	return Check(ctx, Files{Database: path})
}

// Carried says what Prepare did with the audit.
type Carried struct {
	Entries  int64 // that the copy did not have, and the present register had
	Together bool  // the present register's audit goes on from the copy's, so that nothing of it is lost
}

// Prepare makes a copy ready to take the place of a register that nobody has open: nobody is signed in, no enrolment code is good,
// and the audit goes on where that of the present register ends, so that a restore does not make it forget. Where that register is
// gone or unreadable or has another history, the file of heads is told that the audit begins again at the copy's end. The audit says
// that there was a restore, and why.
func Prepare(ctx context.Context, copied string, present Files, key seal.CentreKey, wall clock.Wall, why string) (done Carried, err error) {
	db, err := sqlite.Open(ctx, sqlite.Options{Path: copied}, schema)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	s := &Staff{db: db, secrets: secretsOf(key)}
	if err := s.rightKey(ctx); err != nil {
		return done, err
	}
	if _, err := check(ctx, db, ""); err != nil {
		return done, err
	}
	if done, err = carry(ctx, present.Database, db); err != nil {
		return done, err
	}
	if !done.Together {
		if err := audit.Restored(ctx, db, present.Audit.Heads, wall()); err != nil {
			return done, err
		}
	}
	log, err := audit.Open(ctx, db, present.Audit, wall)
	if err != nil {
		return done, err
	}
	err = db.Update(ctx, func(tx *sqlite.Tx) error {
		e := audit.Entry{Act: string(Operate), From: "syncserver restore", Reason: why, Count: done.Entries}
		return errors.Join(tx.Exec("DELETE FROM session"), tx.Exec("DELETE FROM enrol_code"), log.Append(tx, e))
	})
	return done, err
}

// carry takes over what the audit of a present register has beyond a copy's. One that cannot be read has nothing.
func carry(ctx context.Context, present string, into *sqlite.DB) (done Carried, err error) {
	from, err := sqlite.Open(ctx, sqlite.Options{Path: present, ReadOnly: true}, schema)
	if err == nil {
		err = from.View(ctx, func(old *sqlite.Tx) error {
			return into.Update(ctx, func(tx *sqlite.Tx) (err error) {
				done.Entries, done.Together, err = audit.Carry(old, tx)
				return err
			})
		})
		err = errors.Join(err, from.Close())
	}
	for _, unreadable := range []error{audit.ErrBroken, fault.NotFound, fault.TornDatabase, fault.NotOurDatabase, fault.NewerDatabase, fault.OlderDatabase} {
		if errors.Is(err, unreadable) { // it is being replaced because of that; what does not hold is not taken over
			return Carried{}, nil
		}
	}
	return done, err
}
