package staff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"banlang/shared/clock"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
)

// Account is one account, without anything secret.
type Account struct {
	Name       string // by which he signs in: a-z, 0-9, "." "-" "_"
	Person     string // what he is called
	Unit       string // whose he is
	Roles      []Role
	Disabled   bool
	Code       bool // signs in with a code too
	Recovery   int  // recovery codes that are left
	MustRenew  bool // has yet to choose a passphrase of his own
	Created    clock.WallMillis
	CreatedBy  string
	LastSignIn clock.WallMillis // 0: never
}

// Limits of an account.
const (
	maxName   = 40  // bytes of a name
	maxPerson = 200 // bytes of what somebody is called
	maxUnit   = 32  // bytes of a unit's code
	// firstSize is how many symbols a first passphrase has, and FirstTime how long it opens anything.
	firstSize = 16
	// recoverySize is shorter: a recovery code is tried as slowly as a passphrase, and beside one.
	recoverySize = 12
	FirstTime    = clock.WallMillis(72 * time.Hour / time.Millisecond)
)

// check refuses what is no account, with fault.BadInput.
func (a *Account) check() error {
	bad := func(format string, args ...any) error {
		return fault.New(fault.BadInput, "an account", fmt.Errorf(format, args...))
	}
	plain := strings.Trim(a.Name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == ""
	switch {
	case len(a.Name) < 2 || len(a.Name) > maxName || !plain:
		return bad("name: 2 to %d of a-z 0-9 . _ -", maxName)
	case strings.TrimSpace(a.Person) == "" || len(a.Person) > maxPerson || strings.ContainsAny(a.Person, "\n\r\t"):
		return bad("person: one line")
	case a.Unit == "" || len(a.Unit) > maxUnit || strings.ContainsAny(a.Unit, "/\n\r\t "):
		return bad("unit %q", a.Unit)
	case len(a.Roles) == 0:
		return bad("no role")
	case slices.Contains(a.Roles, Administer) && slices.Contains(a.Roles, Supervise):
		return bad("who administers does not supervise himself")
	}
	for _, r := range a.Roles {
		if !slices.Contains(AllRoles, r) {
			return bad("role %q", r)
		}
	}
	return nil
}

// changing is the act that changing the account is.
func (a *Account) changing() Act {
	if slices.Contains(a.Roles, Supervise) {
		return ChangeWatcher
	}
	return ChangeAccount
}

// Accounts lists the accounts that somebody may see (ReadAccounts), by unit and name.
func (s *Staff) Accounts(ctx context.Context, by *Viewer) (found []Account, err error) {
	if !by.Has(ReadAccounts) {
		return nil, s.Allow(ctx, by, ReadAccounts, by.Unit, declared.Ordinary)
	}
	err = s.db.View(ctx, func(tx *sqlite.Tx) error {
		rows := tx.Query("SELECT " + personColumns + " FROM account ORDER BY unit, name")
		for rows.Next() {
			if p := readPerson(&rows.Row, 0); by.Can(ReadAccounts, p.Unit, declared.Ordinary) == nil {
				found = append(found, p.Account)
			}
		}
		return rows.Err()
	})
	return found, err
}

// Called returns an account by its name, for the centre itself, which tells devices who has written to them; false when there is
// none. Nobody who is signed in is asked whether he may: nothing of it is shown to him.
func (s *Staff) Called(ctx context.Context, name string) (a Account, ok bool, err error) {
	err = s.db.View(ctx, func(tx *sqlite.Tx) error {
		p, err := find(tx, name)
		if ok = p != nil; ok {
			a = p.Account
		}
		return err
	})
	return a, ok, err
}

// Create makes an account of Name, Person, Unit and Roles, and returns its first passphrase, to be handed over in person: its owner
// must choose another within FirstTime. Only the keeper may give one himself (not ""), which then counts. Who supervises is the
// keeper's to make and to change (ChangeWatcher): an administrator is handed the passphrases that he has drawn.
//
// fault.NotAllowed, fault.ConfirmFirst; fault.BadInput, also for a name that somebody has or had; fault.WeakPassphrase.
func (s *Staff) Create(ctx context.Context, by *Viewer, a Account, text string) (first string, err error) {
	const op = "staff.Create"
	if err := s.Allow(ctx, by, a.changing(), a.Unit, declared.Ordinary); err != nil {
		return "", err
	}
	if err := a.check(); err != nil {
		return "", err
	}
	p := &person{Account: Account{Name: a.Name, Person: a.Person, Unit: a.Unit, Roles: a.Roles, Created: s.wall(), CreatedBy: by.who()}}
	if first, err = s.first(ctx, by, p, text); err != nil {
		return "", err
	}
	err = s.update(ctx, func(tx *sqlite.Tx) error {
		there, err := find(tx, a.Name)
		if err == nil && there != nil {
			err = fault.New(fault.BadInput, op, fmt.Errorf("somebody has or had the name %q", a.Name))
		}
		if err != nil {
			return err
		}
		return errors.Join(p.put(tx), s.noteAccount(tx, by, p, "created: "+rolesText(p.Roles)))
	})
	if err != nil {
		return "", err
	}
	return first, nil
}

// who is what the audit and the accounts call him.
func (v *Viewer) who() string {
	if v.keeper {
		return v.From
	}
	return v.Account
}

// first gives an account a passphrase that somebody else knows, drawn or given by the keeper, and returns the drawn one.
func (s *Staff) first(ctx context.Context, by *Viewer, p *person, text string) (first string, err error) {
	if text != "" {
		if !by.keeper {
			return "", fault.New(fault.NotAllowed, "staff", errors.New("nobody chooses another's passphrase"))
		}
		if err := checkPassphrase(text, &p.Account); err != nil {
			return "", err
		}
		p.MustRenew, p.renewBy = false, 0
		return "", s.lock(ctx, p, text)
	}
	code, err := enrolment.Draw(firstSize)
	if err != nil {
		return "", fault.New(fault.Internal, "staff: drawing a passphrase", err)
	}
	code = enrolment.Grouped(code)
	p.MustRenew, p.renewBy = true, s.wall()+FirstTime
	return code, s.lock(ctx, p, code)
}

func (s *Staff) noteAccount(tx *sqlite.Tx, by *Viewer, p *person, what string) error {
	e := by.Entry(ChangeAccount)
	e.Unit, e.Record, e.Reason = p.Unit, p.Name, what
	return s.audit.Append(tx, e)
}

// Change sets Person, Unit, Roles and Disabled of an account. When more than the person changed it ends its sessions, and withdraws
// the enrolment codes that it has made. Nobody changes his own. fault.NotAllowed, ConfirmFirst, BadInput, NotFound.
func (s *Staff) Change(ctx context.Context, by *Viewer, a Account) error {
	if err := a.check(); err != nil {
		return err
	}
	return s.alter(ctx, by, a.Name, func(tx *sqlite.Tx, p *person) (what string, err error) {
		if err := by.Can(a.changing(), a.Unit, declared.Ordinary); err != nil {
			return "", err
		}
		var changed []string
		differs := func(name, before, after string) {
			if before != after {
				changed = append(changed, fmt.Sprintf("%s: %s → %s", name, before, after))
			}
		}
		differs("unit", p.Unit, a.Unit)
		differs("roles", rolesText(p.Roles), rolesText(a.Roles))
		differs("disabled", fmt.Sprint(p.Disabled), fmt.Sprint(a.Disabled))
		if changed != nil {
			_, err := endSessions(tx, p.Name)
			if err = errors.Join(err, tx.Exec("DELETE FROM enrol_code WHERE made_by = ? AND claim IS NULL", p.Name)); err != nil {
				return "", err
			}
		}
		differs("person", p.Person, a.Person)
		p.Person, p.Unit, p.Roles, p.Disabled = a.Person, a.Unit, a.Roles, a.Disabled
		return strings.Join(changed, "; "), nil
	})
}

// alter changes an account of somebody else, and notes it.
func (s *Staff) alter(ctx context.Context, by *Viewer, name string, with func(*sqlite.Tx, *person) (what string, err error)) error {
	const op = "staff: changing an account"
	unit := by.Unit
	err := s.update(ctx, func(tx *sqlite.Tx) error {
		p, err := find(tx, name)
		switch {
		case err != nil:
			return err
		case p == nil:
			// Who may not know whether it is there learns nothing.
			return errors.Join(by.Can(ChangeAccount, by.Unit, declared.Ordinary), fault.New(fault.NotFound, op, nil))
		case name == by.Account:
			return fault.New(fault.NotAllowed, op, errors.New("one's own"))
		}
		unit = p.Unit
		if err := by.Can(p.changing(), p.Unit, declared.Ordinary); err != nil {
			return err
		}
		what, err := with(tx, p)
		if err != nil || what == "" {
			return err
		}
		return errors.Join(p.put(tx), s.noteAccount(tx, by, p, what))
	})
	return s.refusal(ctx, by, ChangeAccount, unit, err)
}

// Reset gives an account a new first passphrase, as Create does, and ends its sessions.
func (s *Staff) Reset(ctx context.Context, by *Viewer, name, text string) (first string, err error) {
	fresh := &person{Account: Account{Name: name}}
	if by.keeper || by.Has(ChangeAccount) { // before the disk is waited for
		if first, err = s.first(ctx, by, fresh, text); err != nil {
			return "", err
		}
	}
	err = s.alter(ctx, by, name, func(tx *sqlite.Tx, p *person) (string, error) {
		p.cost, p.salt, p.verifier, p.MustRenew, p.renewBy = fresh.cost, fresh.salt, fresh.verifier, fresh.MustRenew, fresh.renewBy
		_, err := endSessions(tx, p.Name)
		return "passphrase", err
	})
	if err != nil {
		return "", err
	}
	return first, nil
}

// DropCode lets an account sign in without a code, until it enrols again: the telephone is lost. It ends its sessions.
func (s *Staff) DropCode(ctx context.Context, by *Viewer, name string) error {
	return s.alter(ctx, by, name, func(tx *sqlite.Tx, p *person) (string, error) {
		p.totp, p.totpNext = nil, nil
		_, err := endSessions(tx, p.Name)
		return "code dropped", errors.Join(err, tx.Exec("DELETE FROM recovery WHERE account = ?", p.Name))
	})
}

// EndSessions signs an account out everywhere, and returns of how many sessions.
func (s *Staff) EndSessions(ctx context.Context, by *Viewer, name string) (n int, err error) {
	err = s.alter(ctx, by, name, func(tx *sqlite.Tx, p *person) (what string, err error) {
		n, err = endSessions(tx, p.Name)
		return fmt.Sprintf("%d sessions ended", n), err
	})
	return n, err
}
