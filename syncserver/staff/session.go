package staff

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// Limits of a session, in ms.
const (
	IdleTime    = clock.WallMillis(15 * time.Minute / time.Millisecond) // without use
	LongestTime = clock.WallMillis(8 * time.Hour / time.Millisecond)    // a working day, whatever is done in it
	// seenStep is how old the noted use may be, so that not every request writes.
	seenStep = clock.WallMillis(30 * time.Second / time.Millisecond)
	// maxSessions of an account; one more ends the oldest.
	maxSessions = 5
)

// Session is what a sign-in gives.
type Session struct {
	Token  string // for the cookie; it is kept nowhere else
	Ends   clock.WallMillis
	Viewer *Viewer
}

const tokenSize = 32

// begin gives an account a session with a new token.
func (s *Staff) begin(tx *sqlite.Tx, p *person, begun, confirmed clock.WallMillis, from string) (*Session, error) {
	b := make([]byte, tokenSize)
	if _, err := rand.Read(b); err != nil {
		return nil, fault.New(fault.Internal, "staff: a session", err)
	}
	n := &Session{Token: base64.RawURLEncoding.EncodeToString(b), Ends: begun + LongestTime, Viewer: s.viewer(p, from)}
	n.Viewer.Confirmed, n.Viewer.session = confirmed, s.hashOf(n.Token)
	err := tx.Exec("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)", n.Viewer.session, p.Name, int64(begun), int64(s.wall()), int64(confirmed), from)
	if err != nil {
		return nil, err
	}
	return n, tx.Exec(`DELETE FROM session WHERE account = ? AND hash NOT IN
		(SELECT hash FROM session WHERE account = ? ORDER BY begun DESC, seen DESC LIMIT ?)`, p.Name, p.Name, maxSessions)
}

func (s *Staff) hashOf(token string) []byte { return keyed(s.secrets.token, token) }

// dropOld removes the sessions that are over.
func dropOld(tx *sqlite.Tx, now clock.WallMillis) error {
	return tx.Exec("DELETE FROM session WHERE seen < ? OR begun < ?", int64(now-IdleTime), int64(now-LongestTime))
}

// held is a session that was found.
type held struct {
	*person
	hash                   []byte
	begun, seen, confirmed clock.WallMillis
}

// hold finds the session of a token, if it is not over.
func (s *Staff) hold(tx *sqlite.Tx, token string) (*held, error) {
	const op = "staff.Session"
	if base64.RawURLEncoding.DecodedLen(len(token)) != tokenSize {
		return nil, fault.New(fault.SignedOut, op, nil)
	}
	hash, now := s.hashOf(token), s.wall()
	row, err := tx.One("SELECT begun, seen, confirmed, "+personColumns+" FROM session JOIN account ON account.name = session.account WHERE hash = ?", hash)
	if errors.Is(err, sqlite.ErrNoRow) {
		return nil, fault.New(fault.SignedOut, op, nil)
	}
	if err != nil {
		return nil, err
	}
	h := &held{readPerson(&row, 3), hash, clock.WallMillis(row.Int64(0)), clock.WallMillis(row.Int64(1)), clock.WallMillis(row.Int64(2))}
	if h.Disabled || now-h.seen > IdleTime || now-h.begun > LongestTime || h.begun > now+LongestTime {
		return nil, fault.New(fault.SignedOut, op, nil)
	}
	return h, nil
}

// Session returns who is behind a token, and counts as use: IdleTime begins anew. fault.SignedOut: nobody is, any more.
func (s *Staff) Session(ctx context.Context, token, from string) (*Viewer, error) {
	h, err := s.look(ctx, token)
	if err != nil {
		return nil, err
	}
	if now := s.wall(); now-h.seen >= seenStep || now < h.seen {
		err = s.db.UpdateSoon(ctx, func(tx *sqlite.Tx) error {
			return tx.Exec("UPDATE session SET seen = ? WHERE hash = ?", int64(now), h.hash)
		})
		if err != nil {
			return nil, err
		}
	}
	return s.viewerOf(h, from), nil
}

// Peek is Session for what a page asks by itself, without anybody at it: it does not count as use.
func (s *Staff) Peek(ctx context.Context, token, from string) (*Viewer, error) {
	h, err := s.look(ctx, token)
	if err != nil {
		return nil, err
	}
	return s.viewerOf(h, from), nil
}

func (s *Staff) look(ctx context.Context, token string) (h *held, err error) {
	err = s.db.View(ctx, func(tx *sqlite.Tx) (err error) {
		h, err = s.hold(tx, token)
		return err
	})
	return h, err
}

func (s *Staff) viewerOf(h *held, from string) *Viewer {
	v := s.viewer(h.person, from)
	v.Confirmed, v.session = h.confirmed, h.hash
	return v
}

// Logout ends a session; one that is over already is no fault.
func (s *Staff) Logout(ctx context.Context, token, from string) error {
	return s.update(ctx, func(tx *sqlite.Tx) error {
		h, err := s.hold(tx, token)
		if errors.Is(err, fault.SignedOut) {
			return tx.Exec("DELETE FROM session WHERE hash = ?", s.hashOf(token))
		}
		if err != nil {
			return err
		}
		return errors.Join(tx.Exec("DELETE FROM session WHERE hash = ?", h.hash), s.audit.Append(tx, s.viewerOf(h, from).self(endSession)))
	})
}

// endSessions ends all sessions of an account, and says how many.
func endSessions(tx *sqlite.Tx, account string) (int, error) {
	done, err := tx.ExecResult("DELETE FROM session WHERE account = ?", account)
	return int(done.Changes), err
}
