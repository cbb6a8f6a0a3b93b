package centre

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
)

// Choose settles answers that differ: one of those that stand, or another. It is an edit with the name of whoever chose; all
// answers stay in the history. Whoever asks has made sure that this account may.
type Choose struct {
	Lang   string // of problems
	By     string
	Record string
	Saw    string     // SumOf the view: what was before whoever chose
	Path   string     // of the answer in conflict
	Of     record.Dot // the change whose answer it is to be; zero: Value
	Value  string
}

// Chosen says what was written.
type Chosen struct {
	Record   record.Dot
	Unit     string    // whose the record was
	Form     string    // its id
	Problems []Problem `json:",omitempty"` // what the form has against it; then nothing was written
	Outcome  string    // ReviewDone, ReviewChanged (it shows something else by now) or ReviewSame (nothing is to be chosen)
	Shown    string    // the answer, for people
}

func (c *Centre) choose(ctx context.Context, q *Choose) (done *Chosen, err error) {
	err = c.act(ctx, func(a *hub.Act) error {
		done, err = c.chooseIn(ctx, a, q)
		return err
	})
	return done, err
}

func (c *Centre) chooseIn(ctx context.Context, a *hub.Act, q *Choose) (*Chosen, error) {
	rec, err := resolve(a.Tx(), q.Record)
	if err != nil {
		return nil, err
	}
	v, err := ledger.ViewOf(a.Tx(), rec)
	if err != nil {
		return nil, err
	}
	switch {
	case SumOf(v) != q.Saw:
		return &Chosen{Outcome: ReviewChanged}, nil
	case !slices.Contains(v.Conflicts(), q.Path):
		return &Chosen{Outcome: ReviewSame}, nil
	}
	text := viet.NFC(q.Value)
	if q.Of.IsZero() && record.IsSystem(q.Path) { // nobody moves or deletes a record by an answer of his own
		return nil, fault.New(fault.BadInput, "choose", fmt.Errorf("a value for %s", q.Path))
	}
	if !q.Of.IsZero() {
		i := slices.IndexFunc(v.Field(q.Path), func(x record.Value) bool { return x.Dot == q.Of })
		if i < 0 || v.Field(q.Path)[i].State != record.BodyHere {
			return nil, fault.New(fault.BadInput, "choose", errors.New("no such answer"))
		}
		text = v.Field(q.Path)[i].Text
	}
	d, err := c.desk(ctx, a.Tx(), q.Lang)
	if err != nil {
		return nil, err
	}
	done := &Chosen{Record: rec, Unit: v.Home().Unit(), Form: v.Form.ID, Outcome: ReviewDone, Shown: text}
	w := hub.Writing{Record: rec, Form: v.Form, Officer: q.By, Saw: v}
	switch {
	case record.IsFeedPath(q.Path):
		w.Feeds = map[string]record.Feed{q.Path: record.Feed(text)}
	case record.IsSystem(q.Path):
		w.Values = map[string]string{q.Path: text}
	default:
		f, _, ok := c.forms.For(v.Form, v.Values())
		if !ok {
			return nil, fault.New(fault.NotFound, "choose", errors.New("no version of the form is known"))
		}
		if field, ok := f.Field(q.Path); q.Of.IsZero() && ok && field.Sealed() { // staff write into no sealed field
			return nil, fault.New(fault.BadInput, "choose", fmt.Errorf("%s is sealed", q.Path))
		}
		if q.Of.IsZero() { // what stands already was taken once
			if f.CheckValue(q.Path, text) != nil {
				return &Chosen{Problems: []Problem{{Path: q.Path, Text: form.Text{VI: "Ô này không nhận giá trị đó.", EN: "This field does not take that value."}.In(q.Lang)}}}, nil //nolint:nilerr // Problems say it
			}
		}
		if l, err := f.Open(v.Values(), d.env()); err == nil {
			done.Shown = l.Show(q.Path, text)
		}
		w.Form, w.Values = f.Ref, map[string]string{q.Path: text}
	}
	_, err = c.author(ctx, a, w)
	return done, err
}
