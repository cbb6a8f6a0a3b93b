package centre

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"banlang/shared/dispatch"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// FlashList asks for the flash reports that are here, or for some of them, those that nobody has acknowledged first.
type FlashList struct {
	Lang    string
	Records []record.Dot // nil: all
}

// FlashState is a flash report with its clocks; 0 is not known. Happened and Known are what the officer wrote, Finished is
// the clock of the notebook, Arrived and what is in Acks those of the centre.
type FlashState struct {
	Record                             record.Dot
	Name                               string // by which FlashAck knows it
	Unit                               string
	Category, Severity, Place, Needed  string // in words
	Summary                            string
	Happened, Known, Finished, Arrived record.Millis
	Closed                             record.Millis
	Acks                               []FlashAcked
	Updates                            []FlashUpdate `json:",omitempty"` // what the officer wrote since, in his order
	Due                                []FlashDue    `json:",omitempty"` // to whom it is due to take it on, as it climbs; none once somebody has
}

// FlashUpdate is how things went on.
type FlashUpdate struct {
	At   record.Millis
	Text string
}

// FlashAcked is one acknowledgement.
type FlashAcked struct {
	Unit string
	At   record.Millis
	Text string
}

// Flashes does what FlashList asks. Whoever shows it notes it.
func (c *Centre) Flashes(ctx context.Context, q *FlashList) (states []FlashState, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		x := these(dispatch.FormFlash, q.Records)
		if q.Records == nil {
			if x, err = c.find(ctx, projection.Finding{Form: dispatch.FormFlash}); err != nil {
				return err
			}
		}
		var all []dispatch.Flash
		views := map[record.Dot]*record.View{}
		err := x.each(tx, func(created *record.Change, v *record.View) error {
			all, views[v.ID] = append(all, dispatch.ReadFlash(v, created.Time)), v
			return nil
		})
		if err != nil {
			return err
		}
		slices.SortFunc(all, func(a, b dispatch.Flash) int { return dispatch.CompareFlash(&a, &b) })
		d, err := c.desk(ctx, tx, q.Lang)
		if err != nil {
			return err
		}
		for i := range all {
			s, err := c.flashState(d, &all[i], views[all[i].Record])
			if err != nil {
				return err
			}
			states = append(states, s)
		}
		return nil
	})
	return states, err
}

// flashState says a flash report in words.
func (c *Centre) flashState(d *desk, f *dispatch.Flash, v *record.View) (FlashState, error) {
	s := FlashState{Record: f.Record, Unit: f.Unit, Category: f.Category, Severity: f.Severity, Place: f.Place, Needed: f.Needed, Summary: f.Summary,
		Happened: millis(f.Happened), Known: millis(f.Known), Finished: millis(f.Finished), Arrived: millis(f.Arrived), Closed: millis(f.Closed)}
	for _, a := range f.Acks {
		s.Acks = append(s.Acks, FlashAcked{a.Unit, millis(a.At), a.Text})
	}
	values := v.Values()
	for _, row := range form.Rows(dispatch.Updates, values) {
		at, _ := form.ReadMoment(values[form.JoinPath(dispatch.Updates, row, dispatch.UpdateAt)])
		s.Updates = append(s.Updates, FlashUpdate{millis(at), values[form.JoinPath(dispatch.Updates, row, dispatch.UpdateText)]})
	}
	if known, _, ok := c.forms.For(v.Form, v.Values()); ok {
		if l, err := known.Open(v.Values(), d.env()); err == nil {
			s.Category, s.Severity, s.Needed = l.Show("category", f.Category), l.Show("severity", f.Severity), l.Show("needs", f.Needed)
		}
	}
	var err error
	if s.Name, err = nameAt(d.tx, f.Record); err != nil {
		return s, err
	}
	if s.Arrived == 0 {
		if s.Arrived, err = arrivedAt(d.tx, f.Record); err != nil {
			return s, err
		}
	}
	if len(s.Acks) == 0 && s.Closed == 0 {
		if s.Due, err = d.climb(s.Unit, s.Arrived); err != nil {
			return s, err
		}
	}
	if venue, err := record.ParseDot(f.Place); err == nil {
		v, err := ledger.ViewOf(d.tx, venue)
		if err != nil {
			return s, err
		}
		s.Place = cmp.Or(v.Text("name"), s.Place)
	}
	return s, nil
}

// FlashAck acknowledges a flash report in the name of a unit, with or without an instruction.
type FlashAck struct {
	Lang   string // of problems
	By     string // the account of whoever acknowledges
	Report string // its name, "24-1281", or the exact one
	Unit   string
	Text   string
	First  bool // only if nobody has by now
}

// FlashAckDone says what was written, or what the form has against it; then nothing was.
type FlashAckDone struct {
	Problems []Problem `json:",omitempty"`
	At       record.Millis
	Arrived  record.Millis // when the report had arrived; 0: not known
	Already  *FlashAcked   `json:",omitempty"` // who had, of First; then nothing was written
}

// ErrNoFlash is in the chain of the fault for a record that is no flash report.
var ErrNoFlash = errors.New("not a flash report")

func (c *Centre) flashAck(ctx context.Context, q *FlashAck) (done *FlashAckDone, err error) {
	err = c.act(ctx, func(a *hub.Act) error {
		done = &FlashAckDone{}
		rec, err := resolve(a.Tx(), q.Report)
		if err != nil {
			return err
		}
		v, err := ledger.ViewOf(a.Tx(), rec)
		if err != nil {
			return err
		}
		f, _, ok := c.forms.For(v.Form, v.Values())
		if v.Form.ID != dispatch.FormFlash || !v.Created || !ok {
			return fault.New(fault.BadInput, "flash", ErrNoFlash)
		}
		flash := dispatch.ReadFlash(v, 0)
		if x := flash.Acknowledged(); q.First && x != nil {
			done.Already = &FlashAcked{x.Unit, millis(x.At), x.Text}
			return nil
		}
		d, err := c.desk(ctx, a.Tx(), q.Lang)
		if err != nil {
			return err
		}
		l, err := f.Open(v.Values(), d.env())
		if err != nil {
			return fault.New(fault.Internal, "flash", err)
		}
		row, _ := l.AddRow(dispatch.Acks)
		values := map[string]string{}
		for name, value := range map[string]string{dispatch.AckUnit: q.Unit, dispatch.AckAt: form.Moment(d.now), dispatch.AckText: viet.NFC(q.Text)} {
			path := form.JoinPath(dispatch.Acks, row, name)
			l.Set(path, value)
			if value != "" {
				values[path] = value
			}
		}
		if done.Problems = d.problems(l, form.JoinPath(dispatch.Acks, row, "")); len(done.Problems) > 0 {
			return nil
		}
		done.At, done.Arrived = d.now.UnixMilli(), millis(flash.Arrived)
		_, err = c.author(ctx, a, hub.Writing{Record: rec, Form: f.Ref, Officer: q.By, Saw: v, Values: values})
		return err
	})
	return done, err
}
