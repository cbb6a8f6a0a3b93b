package staff

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"banlang/shared/clock"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// EnrolTime is how long an enrolment code is good for, in ms.
const EnrolTime = clock.WallMillis(24 * time.Hour / time.Millisecond)

// Newcomer is a device to be, for which a code is made.
type Newcomer struct {
	Unit  string
	Name  string
	Feeds []record.Feed
}

// may asks whether somebody may enrol it: its unit, and every feed.
func (n *Newcomer) may(by *Viewer) error {
	if err := by.Can(EnrolDevice, n.Unit, declared.Ordinary); err != nil {
		return err
	}
	for _, f := range n.Feeds {
		unit, compartment, _ := strings.Cut(string(f), "/")
		if err := by.Can(EnrolDevice, unit, compartment); err != nil {
			return err
		}
	}
	return nil
}

func (n *Newcomer) check() error {
	bad := n.Unit == "" || strings.TrimSpace(n.Name) == "" || len(n.Feeds) == 0 || slices.ContainsFunc(n.Feeds, func(f record.Feed) bool {
		unit, compartment, _ := strings.Cut(string(f), "/")
		return unit == "" || strings.Contains(unit, ",") || !slices.Contains(declared.Compartments, compartment)
	})
	if bad {
		return fault.New(fault.BadInput, "an enrolment code", errors.New("a device has a unit, a name and feeds"))
	}
	return nil
}

// NewEnrolCode makes a one-time code, good for EnrolTime. It is kept nowhere. fault.NotAllowed, ConfirmFirst, BadInput.
func (s *Staff) NewEnrolCode(ctx context.Context, by *Viewer, n Newcomer) (code enrolment.Code, ends clock.WallMillis, err error) {
	if err := errors.Join(n.check(), s.refusal(ctx, by, EnrolDevice, n.Unit, n.may(by))); err != nil {
		return code, 0, err
	}
	if code, err = enrolment.NewCode(); err != nil {
		return code, 0, err
	}
	ends = s.wall() + EnrolTime
	var feeds []string
	for _, f := range n.Feeds {
		feeds = append(feeds, string(f))
	}
	id, key := code.ID(), code.Key()
	hash := s.hashOfName(id[:])
	wrapped, err := encipher(s.keyOfCodes(), key[:], string(hash))
	if err != nil {
		return code, 0, err
	}
	err = s.update(ctx, func(tx *sqlite.Tx) error {
		e := by.Entry(EnrolDevice)
		e.Unit, e.Reason = n.Unit, "code for "+n.Name
		return errors.Join(
			tx.Exec("DELETE FROM enrol_code WHERE ends < ?", int64(s.wall())),
			tx.Exec("INSERT INTO enrol_code (hash, key, unit, name, feeds, made_by, ends) VALUES (?, ?, ?, ?, ?, ?, ?)",
				hash, wrapped, n.Unit, n.Name, strings.Join(feeds, ","), by.who(), int64(ends)),
			s.audit.Append(tx, e))
	})
	return code, ends, err
}

func (s *Staff) hashOfName(id []byte) []byte { return keyed(s.secrets.code, "enrol", string(id)) }

// keyOfCodes hides the keys of codes.
func (s *Staff) keyOfCodes() [32]byte { return [32]byte(keyed(s.secrets.code, "key of codes")) }

// TakeEnrolCode trades a code for what enrol makes of it (the enrolment file), once, and returns it under the key of the code. Who
// asks again with the same claim, because the answer was lost on the way, gets the same answer. Enrol is called at most once
// for a code that is then used up, with the register locked, and must not use it; when it fails, the code is as before, and
// its error is returned.
//
// fault.EnrolCodeStale: too old, withdrawn, never made; also for a request of somebody who does not have the code.
// fault.EnrolCodeUsed: another machine has it. fault.BadInput: no request.
func (s *Staff) TakeEnrolCode(ctx context.Context, ask *enrolment.Ask, from string, enrol func(Newcomer) ([]byte, error)) (sealed []byte, err error) {
	if err := ask.Check(); err != nil {
		return nil, err
	}
	hash, claimed := s.hashOfName(ask.ID), keyed(s.secrets.code, "claim", string(ask.ID), string(ask.Claim))
	// Looked up before the register is locked: who asks for codes that are none holds up nobody.
	err = s.db.View(ctx, func(tx *sqlite.Tx) error { _, err := s.openCode(tx, hash); return err })
	if err != nil {
		return nil, err
	}
	err = s.update(ctx, func(tx *sqlite.Tx) error {
		row, err := s.openCode(tx, hash)
		switch {
		case err != nil:
			return err
		case row.Null(3):
			return s.give(tx, &row, ask, claimed, from, enrol, &sealed)
		case string(row.Bytes(3)) != string(claimed):
			return fault.New(fault.EnrolCodeUsed, opTake, nil)
		}
		sealed = row.Bytes(4)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sealed, nil
}

const opTake = "staff.TakeEnrolCode"

// openCode finds a code that has not ended, taken or not.
func (s *Staff) openCode(tx *sqlite.Tx, hash []byte) (sqlite.Row, error) {
	row, err := tx.One("SELECT unit, name, feeds, claim, answer, key, hash FROM enrol_code WHERE hash = ? AND ends >= ?", hash, int64(s.wall()))
	if errors.Is(err, sqlite.ErrNoRow) {
		err = fault.New(fault.EnrolCodeStale, opTake, nil)
	}
	return row, err
}

// give has a device enrolled, and keeps what it is given in place of the key.
func (s *Staff) give(tx *sqlite.Tx, row *sqlite.Row, ask *enrolment.Ask, claimed []byte, from string, enrol func(Newcomer) ([]byte, error), sealed *[]byte) error {
	hash := row.Bytes(6)
	wrapped, err := decipher(s.keyOfCodes(), row.Bytes(5), string(hash))
	if err != nil {
		return err
	}
	key := enrolment.Key(wrapped)
	if !ask.Proven(key) {
		return fault.New(fault.EnrolCodeStale, opTake, errors.New("the request was made without the code"))
	}
	n := Newcomer{Unit: row.Text(0), Name: row.Text(1)}
	for _, f := range strings.Split(row.Text(2), ",") {
		n.Feeds = append(n.Feeds, record.Feed(f))
	}
	b, err := enrol(n)
	if err != nil {
		return err
	}
	kept, err := ask.Seal(key, b)
	if err != nil {
		return err
	}
	*sealed = kept
	v := Viewer{From: from}
	e := v.Entry(EnrolDevice)
	e.Unit, e.Reason = n.Unit, "code taken for "+n.Name
	return errors.Join(tx.Exec("UPDATE enrol_code SET claim = ?, answer = ?, key = NULL WHERE hash = ?", claimed, kept, hash), s.audit.Append(tx, e))
}

// EnrolCode is a code that was made, without what it says.
type EnrolCode struct {
	ID     string // to withdraw it by
	Unit   string
	Name   string // of the device
	MadeBy string
	Ends   clock.WallMillis
	Taken  bool
}

// EnrolCodes lists the codes that have not ended, of the devices whose units somebody may see (ReadDevices).
func (s *Staff) EnrolCodes(ctx context.Context, by *Viewer) (codes []EnrolCode, err error) {
	err = s.db.View(ctx, func(tx *sqlite.Tx) error {
		rows := tx.Query("SELECT lower(hex(substr(hash, 1, 8))), unit, name, made_by, ends, claim IS NOT NULL FROM enrol_code WHERE ends >= ? ORDER BY ends, hash", int64(s.wall()))
		for rows.Next() {
			c := EnrolCode{rows.Text(0), rows.Text(1), rows.Text(2), rows.Text(3), clock.WallMillis(rows.Int64(4)), rows.Bool(5)}
			if by.Can(ReadDevices, c.Unit, declared.Ordinary) == nil {
				codes = append(codes, c)
			}
		}
		return rows.Err()
	})
	return codes, err
}

// DropEnrolCode withdraws a code that nobody has taken. fault.NotFound: there is none; fault.EnrolCodeUsed: it was taken, and the
// device is to be revoked.
func (s *Staff) DropEnrolCode(ctx context.Context, by *Viewer, id string) error {
	const op = "staff.DropEnrolCode"
	unit := by.Unit
	err := s.update(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT unit, name, claim IS NOT NULL FROM enrol_code WHERE lower(hex(substr(hash, 1, 8))) = ?", id)
		if errors.Is(err, sqlite.ErrNoRow) {
			return fault.New(fault.NotFound, op, nil)
		}
		if err != nil {
			return err
		}
		unit = row.Text(0)
		if err := by.Can(EnrolDevice, unit, declared.Ordinary); err != nil {
			return err
		}
		if row.Bool(2) {
			return fault.New(fault.EnrolCodeUsed, op, nil)
		}
		e := by.Entry(EnrolDevice)
		e.Unit, e.Reason = unit, "code withdrawn for "+row.Text(1)
		return errors.Join(tx.Exec("DELETE FROM enrol_code WHERE lower(hex(substr(hash, 1, 8))) = ?", id), s.audit.Append(tx, e))
	})
	return s.refusal(ctx, by, EnrolDevice, unit, err)
}
