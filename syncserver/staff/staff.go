// Package staff owns who may do what at the centre: the accounts of staff, how they sign in, their sessions, the one table that
// decides about every act, and the one-time codes by which devices are enrolled. What they did is in its audit.
//
// It knows neither HTTP nor records. A page asks Session for the Viewer of a request, and the Viewer for everything else.
package staff

import (
	"context"
	"crypto/subtle"
	"errors"
	"path/filepath"
	"sync/atomic"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/passphrase"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
	"banlang/syncserver/audit"
)

// Files are where a register is kept. Only Database goes into backups; beside it are those of its audit.
type Files struct {
	Database string
	Audit    audit.Files
}

// In names the files in the directory of a centre.
func In(dir string) Files {
	return Files{filepath.Join(dir, "staff.db"), audit.Files{Heads: filepath.Join(dir, "audit.heads"), TermKeys: filepath.Join(dir, "audit.keys")}}
}

// Options are what a register stands on; the zero value is right for the program.
type Options struct {
	Wall clock.Wall      // nil: the machine's
	Cost passphrase.Cost // of new passphrases; zero: passphrase.Usual
}

// Staff is the open register of a centre's staff. Its methods may be called from any goroutine.
type Staff struct {
	files   Files
	db      *sqlite.DB
	audit   *audit.Log
	secrets secrets
	wall    clock.Wall
	cost    passphrase.Cost
	gate    *gate
	tree    atomic.Pointer[func() Tree]
	counted atomic.Int64 // tries since the last prune
}

// Open opens the register (made when it is not there), with its audit. The key is the centre's: passphrases are hashed and
// secrets enciphered under what is derived of it, so that the file alone (a backup) is of no use to anybody. That no other process
// has it open is the caller's to see to. fault.WrongKey: it was made under another key.
func Open(ctx context.Context, files Files, key seal.CentreKey, o Options) (*Staff, error) {
	if o.Wall == nil {
		o.Wall = clock.System
	}
	if o.Cost == (passphrase.Cost{}) {
		o.Cost = passphrase.Usual
	}
	db, err := sqlite.Open(ctx, sqlite.Options{Path: files.Database, Readers: 4}, schema)
	if err != nil {
		return nil, err
	}
	s := &Staff{files: files, db: db, secrets: secretsOf(key), wall: o.Wall, cost: o.Cost, gate: newGate()}
	s.UseTree(func() Tree { return alone{} })
	if err = s.rightKey(ctx); err == nil {
		s.audit, err = audit.Open(ctx, db, files.Audit, o.Wall)
	}
	if err == nil {
		err = s.sweep(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// rightKey ties a new register to its key, and refuses another one: no passphrase would fit.
func (s *Staff) rightKey(ctx context.Context) error {
	mark := keyed(s.secrets.token, "banlang staff key")
	return s.db.Update(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT value FROM tie")
		switch {
		case errors.Is(err, sqlite.ErrNoRow):
			return tx.Exec("INSERT INTO tie VALUES (1, ?)", mark)
		case err != nil:
			return err
		case subtle.ConstantTimeCompare(row.Bytes(0), mark) != 1:
			return fault.New(fault.WrongKey, "staff.Open", errors.New("the register was made under another key"))
		}
		return nil
	})
}

// sweep removes what is over: sessions, codes, slips of strangers.
func (s *Staff) sweep(ctx context.Context) error {
	now := s.wall()
	return s.db.UpdateSoon(ctx, func(tx *sqlite.Tx) error {
		return errors.Join(prune(tx), dropOld(tx, now), tx.Exec("DELETE FROM enrol_code WHERE ends < ?", int64(now)))
	})
}

// Close closes the register, when nobody uses it any more.
func (s *Staff) Close() error {
	return errors.Join(s.audit.Note(context.Background(), 1), s.db.Close())
}

// UseTree says where the present tree of units is asked for. Before that every unit stands for itself.
func (s *Staff) UseTree(today func() Tree) { s.tree.Store(&today) }

// Audit is the log of what staff did.
func (s *Staff) Audit() *audit.Log { return s.audit }

// update is a durable transaction; what it wrote into the audit is settled after it.
func (s *Staff) update(ctx context.Context, f func(*sqlite.Tx) error) error {
	err := s.db.Update(ctx, f)
	if err == nil {
		s.audit.Settle(ctx)
	}
	return err
}

// Allow is Viewer.Can for who is asked by a page or a stream: a refusal (fault.NotAllowed) is noted in the audit.
func (s *Staff) Allow(ctx context.Context, v *Viewer, a Act, unit, compartment string) error {
	return s.refusal(ctx, v, a, unit, v.Can(a, unit, compartment))
}

// refusal notes an error that is fault.NotAllowed, and returns it.
func (s *Staff) refusal(ctx context.Context, v *Viewer, a Act, unit string, err error) error {
	if !errors.Is(err, fault.NotAllowed) {
		return err
	}
	e := v.Entry(refused)
	e.Unit, e.Reason = unit, string(a)
	return errors.Join(err, s.audit.Write(ctx, e))
}

// viewer makes the viewer of an account, without a session.
func (s *Staff) viewer(p *person, from string) *Viewer {
	return &Viewer{Account: p.Name, Name: p.Person, Unit: p.Unit, Roles: p.Roles, From: from, Code: p.Code, MustRenew: p.MustRenew,
		now: s.wall(), tree: (*s.tree.Load())()}
}
