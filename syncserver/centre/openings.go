package centre

import (
	"context"
	"errors"
	"slices"
	"strings"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Opening asks for what is sealed at one path of a record. The centre has no key: whoever asks opens it himself. It notes
// who asks and why, and only then hands anything out.
type Opening struct {
	Record string   // named as in Release
	Path   string   // as the record has it, rows included
	By     []string // the people who are present: two at least
	Reason string   // a line
	Key    string   // the public half of the key that it is to be opened with
}

// Sealed is what was handed out.
type Sealed struct {
	Record record.Dot
	Values []record.Value // that are sealed; the one shown first in front, others that stand beside it after
}

// Limits of an opening.
const (
	MinPresent = 2                   // people
	MaxLine    = record.MaxPathBytes // bytes of a name, a reason, a path
)

func (o *Opening) check() error {
	lines := append([]string{o.Reason, o.Path, o.Key}, o.By...)
	people := slices.Compact(slices.Sorted(slices.Values(o.By)))
	switch {
	case len(people) < MinPresent:
		return fault.New(fault.BadInput, "opening", errors.New("two people must be present and named"))
	case slices.ContainsFunc(lines, func(s string) bool {
		return strings.TrimSpace(s) == "" || len(s) > MaxLine || strings.ContainsAny(s, "\t\n\r")
	}):
		return fault.New(fault.BadInput, "opening", errors.New("people, reason, path and key are one line each"))
	}
	return nil
}

// opening notes the opening durably and returns what is sealed there. Nothing sealed is fault.NotFound, and not noted.
func (c *Centre) opening(ctx context.Context, o *Opening) (*Sealed, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Sealed{}
	err := c.watched.View(ctx, func(tx hub.Tx) (err error) {
		if s.Record, err = resolve(tx, o.Record); err != nil {
			return err
		}
		v, err := ledger.ViewOf(tx, s.Record)
		if err == nil {
			s.Values = slices.DeleteFunc(slices.Clone(v.Field(o.Path)), func(x record.Value) bool { return !envelope.IsSealed(x.Text) })
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(s.Values) == 0 {
		return nil, fault.New(fault.NotFound, "opening", errors.New("nothing is sealed there"))
	}
	noted := *o
	noted.Record = s.Record.String()
	if err := c.noteOpening(&noted); err != nil {
		return nil, err
	}
	return s, nil
}

// noteOpening writes an opening into their ledger, durably.
func (c *Centre) noteOpening(o *Opening) error {
	c.staff.Lock()
	defer c.staff.Unlock()
	now := c.wall().Time().UTC().Format("2006-01-02T15:04:05Z")
	line := append([]string{now, o.Record, o.Path, o.Key, o.Reason}, o.By...)
	return appendLine(c.dir.Openings(), strings.Join(line, "\t"))
}
