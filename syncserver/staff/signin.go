package staff

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"banlang/shared/clock"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/passphrase"
	"banlang/shared/sqlite"
	"banlang/syncserver/audit"
)

// What the audit notes of accounts themselves; nobody is asked for leave.
const (
	beginSession   Act = "session.begin"
	refuseSession  Act = "session.refuse"
	endSession     Act = "session.end"
	confirmSession Act = "session.confirm"
	renewSelf      Act = "self.passphrase"
	codeSelf       Act = "self.code"
	refused        Act = "refused" // an act that was not allowed; which one is its reason
)

// self is an entry about the account's own.
func (v *Viewer) self(a Act) audit.Entry {
	e := v.Entry(a)
	e.Unit, e.Record = v.Unit, v.Account
	return e
}

// attempt is one try of a passphrase.
type attempt struct {
	name, network string
	person        *person // nil: there is no such account
	known         bool    // it signed in from this network before
	bounds        []bound
}

// lookUp finds what a try is held against, and refuses one that comes too early.
func (s *Staff) lookUp(ctx context.Context, name, from string) (*attempt, error) {
	a := &attempt{name: strings.ToLower(strings.TrimSpace(name)), network: networkOf(from)}
	return a, s.db.View(ctx, func(tx *sqlite.Tx) (err error) {
		if a.person, err = find(tx, a.name); err != nil {
			return err
		}
		_, err = tx.One("SELECT 1 FROM known WHERE account = ? AND network = ?", a.name, a.network)
		if a.known = err == nil; err != nil && !errors.Is(err, sqlite.ErrNoRow) {
			return err
		}
		a.bounds = boundsOf(a.name, a.network, a.person != nil, a.known)
		return s.inTime(tx, a)
	})
}

// inTime refuses a try that comes too early, with fault.SignInWait.
func (s *Staff) inTime(tx *sqlite.Tx, a *attempt) error {
	now := s.wall()
	until, err := waitUntil(tx, a.bounds, now)
	if err == nil && until > now {
		return wait(until)
	}
	return err
}

// crowded is how long is said to wait who finds the line full.
const crowded = clock.WallMillis(10 * time.Second / time.Millisecond)

// try waits in line, counts the try as a slip, and guesses.
func (s *Staff) try(ctx context.Context, a *attempt, text string) (fits bool, err error) {
	l := &s.gate.strangers
	if a.known {
		l = &s.gate.known
	}
	leave, err := l.enter(ctx)
	if errors.Is(err, errFull) {
		return false, wait(s.wall() + crowded)
	}
	if err != nil {
		return false, err
	}
	defer leave()
	err = s.db.UpdateSoon(ctx, func(tx *sqlite.Tx) error {
		if s.counted.Add(1)%triesSlack == 0 {
			if err := prune(tx); err != nil {
				return err
			}
		}
		return errors.Join(s.inTime(tx, a), count(tx, a.bounds, s.wall())) // others tried while this one waited
	})
	if err != nil {
		return false, err
	}
	if len(text) > maxTyped {
		text = ""
	}
	return a.person.opens(s.cost, s.secrets.passphrase, text), nil
}

// Login signs somebody in. Name, passphrase and code (of his telephone, or a recovery code; "" when he has none) are as typed;
// from is the network address, without port. An older session of the same browser is the caller's to end (Logout).
//
// fault.SignInFailed says that one of the three does not fit, and not which; it takes as long for an account that does not
// exist. fault.SignInWait, with a *Wait in its chain: too many did not fit, or too many sign in at once. It takes about half a
// second, and longer while others sign in.
func (s *Staff) Login(ctx context.Context, name, text, code, from string) (*Session, error) {
	a, err := s.lookUp(ctx, name, from)
	if err != nil {
		return nil, err
	}
	fits, err := s.try(ctx, a, text)
	if err != nil {
		return nil, err
	}
	var n *Session
	failed := fault.New(fault.SignInFailed, "staff.Login", nil)
	err = s.update(ctx, func(tx *sqlite.Tx) error {
		why, p := "passphrase", (*person)(nil)
		if fits { // as the account is now
			if p, err = find(tx, a.name); err != nil {
				return err
			}
			if bytes.Equal(p.verifier, a.person.verifier) { // it was given no other one meanwhile
				why, err = s.welcome(tx, p, code)
			}
		}
		if err != nil {
			return err
		}
		if why != "" {
			return s.audit.Append(tx, a.refused(from, why))
		}
		n, err = s.signIn(tx, a, p, from)
		return err
	})
	if err != nil {
		return nil, err
	}
	if n == nil {
		return nil, failed
	}
	return n, nil
}

// refused is the entry of a try that failed. A name that nobody has is not noted: it may be a passphrase.
func (a *attempt) refused(from, why string) audit.Entry {
	e := audit.Entry{From: from, Act: string(refuseSession), Reason: why}
	if a.person != nil {
		e.Unit, e.Record = a.person.Unit, a.person.Name
	}
	return e
}

// welcome says why an account whose passphrase fits is not signed in; "": it is. A code is used up by it.
func (s *Staff) welcome(tx *sqlite.Tx, p *person, code string) (why string, err error) {
	switch {
	case p.Disabled:
		return "disabled", nil
	case p.MustRenew && p.renewBy != 0 && p.renewBy < s.wall():
		return "too old", nil
	case p.totp == nil:
		return "", nil
	}
	if len(enrolment.Bare(code)) == recoverySize {
		done, err := tx.ExecResult("DELETE FROM recovery WHERE account = ? AND hash = ?", p.Name, keyed(s.secrets.code, p.Name, enrolment.Bare(code)))
		if err != nil || done.Changes == 1 {
			return "", err
		}
		return "code", nil
	}
	secret, err := decipher(s.secrets.totp, p.totp, p.Name)
	if err != nil {
		return "", err
	}
	step := stepOf(secret, enrolment.Bare(code), s.wall(), p.totpStep)
	if step == 0 {
		return "code", nil
	}
	p.totpStep = step
	return "", nil
}

// signIn gives an account its session, and forgets its slips.
func (s *Staff) signIn(tx *sqlite.Tx, a *attempt, p *person, from string) (*Session, error) {
	now := s.wall()
	p.LastSignIn = now
	err := errors.Join(p.put(tx), uncount(tx, a.bounds), dropOld(tx, now),
		tx.Exec("INSERT INTO known VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last", p.Name, a.network, int64(now)),
		tx.Exec(`DELETE FROM known WHERE account = ? AND network NOT IN
			(SELECT network FROM known WHERE account = ? ORDER BY last DESC LIMIT ?)`, p.Name, p.Name, maxKnown))
	if err != nil {
		return nil, err
	}
	n, err := s.begin(tx, p, now, now, from)
	if err != nil {
		return nil, err
	}
	return n, s.audit.Append(tx, n.Viewer.self(beginSession))
}

// Confirm takes the passphrase once more, for acts that ask for it, and gives the session a new token: the old one is over.
// Faults as of Session and Login.
func (s *Staff) Confirm(ctx context.Context, token, text, from string) (*Session, error) {
	return s.again(ctx, token, text, from, confirmSession, nil)
}

// Renew gives an account the passphrase that its owner chose, ends its other sessions and gives this one a new token.
// fault.WeakPassphrase, and the faults of Confirm for the old one.
func (s *Staff) Renew(ctx context.Context, token, old, text, from string) (*Session, error) {
	h, err := s.look(ctx, token)
	if err != nil {
		return nil, err
	}
	if err := checkPassphrase(text, &h.Account); err != nil {
		return nil, err
	}
	if string(passphrase.Canonical(text)) == string(passphrase.Canonical(old)) {
		return nil, fault.New(fault.WeakPassphrase, "staff.Renew", errors.New("the same"))
	}
	fresh := &person{}
	if err := s.lock(ctx, fresh, text); err != nil {
		return nil, err
	}
	return s.again(ctx, token, old, from, renewSelf, func(tx *sqlite.Tx, p *person) error {
		p.cost, p.salt, p.verifier, p.MustRenew, p.renewBy = fresh.cost, fresh.salt, fresh.verifier, false, 0
		_, err := endSessions(tx, p.Name)
		return errors.Join(err, p.put(tx))
	})
}

// lock gives an account a passphrase, when there is a place to hash it.
func (s *Staff) lock(ctx context.Context, p *person, text string) error {
	leave, err := s.gate.known.enter(ctx)
	if errors.Is(err, errFull) {
		return wait(s.wall() + crowded)
	}
	if err != nil {
		return err
	}
	defer leave()
	return p.lock(s.cost, s.secrets.passphrase, text)
}

func checkPassphrase(text string, a *Account) error {
	if len(text) > maxTyped {
		return fault.New(fault.WeakPassphrase, "staff", errors.New("too long"))
	}
	return passphrase.Check(text, MinLength, a.Person, a.Name)
}

// again tries the passphrase of a session's account, does what is to be done within the transaction, and gives the session a new
// token.
func (s *Staff) again(ctx context.Context, token, text, from string, act Act, within func(*sqlite.Tx, *person) error) (*Session, error) {
	h, err := s.look(ctx, token)
	if err != nil {
		return nil, err
	}
	a, err := s.lookUp(ctx, h.Name, from)
	if err != nil {
		return nil, err
	}
	fits, err := s.try(ctx, a, text)
	if err != nil {
		return nil, err
	}
	var n *Session
	err = s.update(ctx, func(tx *sqlite.Tx) error {
		h, err := s.hold(tx, token)
		if err != nil {
			return err
		}
		if !fits {
			return s.audit.Append(tx, a.refused(from, "passphrase"))
		}
		err = errors.Join(uncount(tx, a.bounds), tx.Exec("DELETE FROM session WHERE hash = ?", h.hash))
		if err == nil && within != nil {
			err = within(tx, h.person)
		}
		if err != nil {
			return err
		}
		if n, err = s.begin(tx, h.person, h.begun, s.wall(), from); err != nil {
			return err
		}
		return s.audit.Append(tx, n.Viewer.self(act))
	})
	if err != nil {
		return nil, err
	}
	if n == nil {
		return nil, fault.New(fault.SignInFailed, "staff.Confirm", nil)
	}
	return n, nil
}
