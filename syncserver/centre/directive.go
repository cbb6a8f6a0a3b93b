package centre

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/dispatch"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/viet"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// SendDirective writes a directive and addresses it to units. Its texts are checked by the form.
type SendDirective struct {
	Lang     string          `json:"lang,omitempty"` // of problems
	By       string          `json:"by,omitempty"`   // the account of whoever sends it
	Issuer   string          `json:"issuer"`
	To       []string        `json:"to"`              // codes of units
	Below    string          `json:"below,omitempty"` // all units with a device that are within this one; where the tree has no such unit, whose codes begin so
	Number   string          `json:"number"`
	Kind     string          `json:"kind"`
	Subject  string          `json:"subject"`
	Urgency  string          `json:"urgency,omitempty"`   // empty: usual
	IssuedOn string          `json:"issued_on,omitempty"` // yyyy-mm-dd; empty: today
	Parent   string          `json:"parent,omitempty"`    // the number of the directive that it is based on
	Note     string          `json:"note,omitempty"`
	Tasks    []DirectiveTask `json:"tasks"`
	Try      bool            `json:"-"` // only say what is wrong, and to whom it would go
}

// DirectiveTask is one task.
type DirectiveTask struct {
	Task    string `json:"task"`
	Due     string `json:"due"` // yyyy-mm-dd
	Measure string `json:"measure,omitempty"`
	Target  string `json:"target,omitempty"` // as the form keeps numbers: 1064, 2.5
}

// DirectiveSent says what was written, or what the form has against it; then nothing was. The path of a problem of a task has its
// place among the tasks, from 0, for its row: "tasks/0/due_on".
type DirectiveSent struct {
	Problems []Problem `json:",omitempty"`
	Record   record.Dot
	Name     string
	To       []string
	NoDevice []string // of these, the units that no device is of
}

// MaxTargets bounds the units of a directive: each is an edit of one change (record.MaxEdits), and there must be room for the
// tasks. A country's goes to its provinces, which send it on.
const MaxTargets = 1500

// usualUrgency is what a directive has that says nothing about it.
const usualUrgency = "thuong"

// sendDirective does what SendDirective asks, in one transaction.
func (c *Centre) sendDirective(ctx context.Context, q *SendDirective) (sent *DirectiveSent, err error) {
	if q.Try {
		err = c.watched.View(ctx, func(tx hub.Tx) error {
			sent, _, err = c.draftDirective(ctx, tx, q)
			return err
		})
		return sent, err
	}
	c.staff.Lock()
	defer c.staff.Unlock()
	err = c.act(ctx, func(a *hub.Act) error {
		var w hub.Writing
		if sent, w, err = c.draftDirective(ctx, a.Tx(), q); len(sent.Problems) > 0 || err != nil {
			return err
		}
		if sent.Record, err = c.author(ctx, a, w); err != nil {
			return err
		}
		sent.Name = record.HumanName(record.Centre, sent.Record.N)
		return nil
	})
	return sent, err
}

// draftDirective works out what would be written and to whom it goes; sent is never nil.
func (c *Centre) draftDirective(ctx context.Context, tx hub.Tx, q *SendDirective) (sent *DirectiveSent, w hub.Writing, err error) {
	sent = &DirectiveSent{}
	f, ok := c.forms.Current(dispatch.FormDirective)
	if !ok {
		return sent, w, fault.New(fault.NotFound, "directive", errors.New("the form is retired"))
	}
	d, err := c.desk(ctx, tx, q.Lang)
	if err != nil {
		return sent, w, err
	}
	if sent.To, err = q.units(d); err != nil {
		return sent, w, err
	}
	filling, err := f.New(d.env())
	if err != nil {
		return sent, w, fault.New(fault.Internal, "directive", err)
	}
	if sent.Problems, err = q.fill(d, filling, sent.To); len(sent.Problems) > 0 || err != nil {
		return sent, w, err
	}
	w = hub.Writing{Form: f.Ref, Officer: q.By, Values: filling.Written(), Feeds: map[string]record.Feed{record.PathFeed: record.NewFeed(q.Issuer, f.Compartment)}}
	for _, unit := range sent.To {
		if unit != q.Issuer {
			w.Feeds[record.FeedPath(unit)] = record.NewFeed(unit, f.Compartment)
		}
	}
	devices, err := devicesOf(d.tx)
	for _, unit := range sent.To {
		if len(devices[unit]) == 0 {
			sent.NoDevice = append(sent.NoDevice, unit)
		}
	}
	return sent, w, err
}

// units are those that the directive goes to, sorted, each once.
func (q *SendDirective) units(d *desk) ([]string, error) {
	to := slices.Clone(q.To)
	if q.Below != "" {
		known, err := knownUnits(d.tx)
		if err != nil {
			return nil, err
		}
		for _, u := range known {
			below := strings.HasPrefix(u, q.Below)
			if d.tree.Has(q.Below) {
				below = d.tree.Within(u, q.Below)
			}
			if below && u != q.Issuer {
				to = append(to, u)
			}
		}
	}
	slices.Sort(to)
	return slices.Compact(to), nil
}

// fill answers the questions of the form, and returns what is wrong.
func (q *SendDirective) fill(d *desk, l *form.Filling, to []string) ([]Problem, error) {
	before, err := d.directives()
	if err != nil {
		return nil, err
	}
	parent := q.Parent
	var twice []Problem
	for _, x := range before {
		if q.Parent != "" && x.Number == q.Parent {
			parent = x.Record.String()
		}
		if q.Number != "" && x.Number == q.Number && x.Issuer == q.Issuer {
			twice = []Problem{{Path: "number", Label: l.LabelOf("number"), Text: form.Text{
				VI: "Đơn vị này đã phát hành một văn bản có số này.", EN: "This unit has issued a directive with this number already."}.In(d.lang)}}
		}
	}
	for path, value := range map[string]string{"number": q.Number, "issued_on": cmp.Or(q.IssuedOn, d.now.Format(time.DateOnly)), "issuer": q.Issuer,
		"kind": q.Kind, "subject": q.Subject, "parent": parent, "urgency": cmp.Or(q.Urgency, usualUrgency), "targets": strings.Join(to, " "), "note": q.Note} {
		l.Set(path, viet.NFC(value))
	}
	for i, t := range q.Tasks {
		rows := l.Rows(dispatch.Tasks)
		if i >= len(rows) {
			row, _ := l.AddRow(dispatch.Tasks)
			rows = append(rows, row)
		}
		for name, value := range map[string]string{"task": t.Task, "due_on": t.Due, "measure": t.Measure, "target_value": t.Target} {
			l.Set(form.JoinPath(dispatch.Tasks, rows[i], name), viet.NFC(value))
		}
	}
	l.Finish()
	problems := append(d.problems(l, ""), twice...)
	if len(to) > MaxTargets {
		problems = append(problems, Problem{Path: "targets", Label: l.LabelOf("targets"), Text: fmt.Sprintf(form.Text{
			VI: "Nhiều nhất %s đơn vị trong một văn bản. Gửi cho cấp dưới trực tiếp để cấp đó gửi tiếp.",
			EN: "At most %s units in one directive. Send it to the level below, which sends it on."}.In(d.lang), viet.Int(MaxTargets))})
	}
	for i, row := range l.Rows(dispatch.Tasks) {
		for k := range problems {
			if question, of := strings.CutPrefix(problems[k].Path, form.JoinPath(dispatch.Tasks, row, "")); of {
				problems[k].Path = form.JoinPath(dispatch.Tasks, strconv.Itoa(i), strings.TrimPrefix(question, "/"))
			}
		}
	}
	return problems, nil
}

// devicesOf lists the devices of each unit that are not cut off.
func devicesOf(tx hub.Tx) (map[string][]access.Device, error) {
	of := map[string][]access.Device{}
	err := tx.Devices(func(d access.Device) bool {
		if !d.Revoked && d.Unit != "" {
			of[d.Unit] = append(of[d.Unit], d)
		}
		return true
	})
	return of, err
}

// DirectiveState is how far a directive got.
type DirectiveState struct {
	Record   record.Dot
	Name     string
	Number   string
	Subject  string
	Kind     string // as the form keeps it
	Urgency  string // likewise
	Issuer   string
	IssuedOn string
	Due      string        // the latest day of its tasks
	Sent     record.Millis // when it was written at the centre
	Funnel   Funnel
	Units    []UnitState // by code
	Tasks    []TaskState
}

// Funnel counts units: each number is a part of the one before, but Overdue.
type Funnel struct{ Sent, Delivered, Read, Accepted, Done, Overdue int }

// TaskState counts the units that have accepted and done a task.
type TaskState struct {
	Task, Due      string
	Measure        string `json:",omitempty"`
	Target         string `json:",omitempty"`
	Accepted, Done int
}

// UnitState is how far a directive got in one unit. Times are of the unit's own clock; 0 is not known.
type UnitState struct {
	Unit      string
	Devices   []record.ReplicaID // of the unit, not cut off
	Seen      record.Millis      // the last contact with any of them
	Delivered bool               // known to be held there: a device has said so, or the unit has answered
	Received  record.Millis      `json:",omitempty"` // when the program there first had it
	Read      record.Millis      `json:",omitempty"`
	Accepted  record.Millis      `json:",omitempty"`
	Done      string             `json:",omitempty"` // the day
	Step      string             // "sent", "delivered", "read", "accepted", "doing", "done"
	Overdue   bool
	Refused   bool
	Obstacle  string `json:",omitempty"`
	Evidence  int    `json:",omitempty"` // records named as evidence

	taken, did []bool // by task: accepted, done
}

// Of is what the state says of some of its units alone.
func (s DirectiveState) Of(these func(unit string) bool) DirectiveState {
	s.Units = slices.DeleteFunc(slices.Clone(s.Units), func(u UnitState) bool { return !these(u.Unit) })
	s.Tasks = slices.Clone(s.Tasks)
	s.count()
	return s
}

// count counts the units, for the funnel and each task.
func (s *DirectiveState) count() {
	s.Funnel = Funnel{}
	for i := range s.Tasks {
		s.Tasks[i].Accepted, s.Tasks[i].Done = 0, 0
	}
	for k := range s.Units {
		u := &s.Units[k]
		s.Funnel.count(u)
		for i := range s.Tasks {
			if u.taken[i] {
				s.Tasks[i].Accepted++
			}
			if u.did[i] {
				s.Tasks[i].Done++
			}
		}
	}
}

// DirectiveStatus asks how far directives got: one by its number, some by their exact names, or all.
type DirectiveStatus struct {
	Number  string
	Records []record.Dot // in the order in which they came
}

// Directives does what DirectiveStatus asks.
func (c *Centre) Directives(ctx context.Context, q *DirectiveStatus) (states []DirectiveState, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		r := &reading{c: c, tx: tx, held: c.hub.Deliveries(tx), today: c.wall().Time().In(viet.Zone).Format(time.DateOnly)}
		err := r.read(ctx, q)
		states = r.states
		return err
	})
	if err == nil && q.Number != "" && len(states) == 0 {
		err = fault.New(fault.NotFound, "directive", errors.New(q.Number))
	}
	return states, err
}

// reading works out the states of directives.
type reading struct {
	c       *Centre
	tx      hub.Tx
	held    *hub.Deliveries
	today   string
	devices map[string][]access.Device
	answers map[string][]dispatch.FollowUp // by unit
	states  []DirectiveState
}

func (r *reading) read(ctx context.Context, q *DirectiveStatus) (err error) {
	if r.devices, err = devicesOf(r.tx); err != nil {
		return err
	}
	x := these(dispatch.FormDirective, q.Records)
	if q.Records == nil {
		if x, err = r.c.find(ctx, projection.Finding{Form: dispatch.FormDirective}); err != nil {
			return err
		}
	}
	sent := map[record.Dot]record.Millis{}
	var all []dispatch.Directive
	var tasks []string
	err = x.each(r.tx, func(created *record.Change, v *record.View) error {
		if d := dispatch.ReadDirective(v); q.Number == "" || d.Number == q.Number {
			all, sent[v.ID] = append(all, d), created.Time
			for _, t := range d.Tasks {
				tasks = append(tasks, t.Ref)
			}
		}
		return nil
	})
	if err == nil {
		err = r.readAnswers(ctx, tasks)
	}
	if err != nil {
		return err
	}
	slices.Reverse(all) // the newest first
	for i := range all {
		d := &all[i]
		s := DirectiveState{Record: d.Record, Name: record.HumanName(record.Centre, d.Record.N), Number: d.Number, Subject: d.Subject, Kind: d.Kind, Urgency: d.Urgency,
			Issuer: d.Issuer, IssuedOn: d.IssuedOn, Due: d.Due(), Sent: sent[d.Record]}
		for _, t := range d.Tasks {
			s.Tasks = append(s.Tasks, TaskState{Task: t.Text, Due: t.Due, Measure: t.Measure, Target: t.Target})
		}
		for _, unit := range d.To {
			u, err := r.unit(d, unit)
			if err != nil {
				return err
			}
			s.Units = append(s.Units, u)
		}
		s.count()
		r.states = append(r.states, s)
	}
	return err
}

// readAnswers reads what units have said of some tasks.
func (r *reading) readAnswers(ctx context.Context, tasks []string) error {
	x, err := r.c.find(ctx, projection.Finding{Form: dispatch.FormFollowUp, Question: dispatch.TaskOf, Values: tasks})
	if err != nil {
		return err
	}
	r.answers = map[string][]dispatch.FollowUp{}
	return x.each(r.tx, func(_ *record.Change, v *record.View) error {
		f := dispatch.ReadFollowUp(v)
		r.answers[f.Unit] = append(r.answers[f.Unit], f)
		return nil
	})
}

// unit works out how far a directive got in one unit.
func (r *reading) unit(d *dispatch.Directive, unit string) (UnitState, error) {
	st := dispatch.Stand(d, unit, r.answers[unit], r.today)
	u := UnitState{Unit: unit, Received: millis(st.Received), Read: millis(st.Read), Accepted: millis(st.Accepted), Done: st.Done,
		Overdue: st.Overdue, Refused: st.Refused, Delivered: st.Step > dispatch.StepNew}
	for _, t := range st.Tasks {
		u.taken, u.did = append(u.taken, t.Accepted == dispatch.Yes || t.Done != ""), append(u.did, t.Done != "")
		u.Obstacle, u.Evidence = cmp.Or(t.Obstacle, u.Obstacle), u.Evidence+len(t.Evidence)
	}
	for _, m := range r.devices[unit] {
		u.Devices, u.Seen = append(u.Devices, m.Replica), max(u.Seen, m.Seen)
		held, err := r.held.Delivered(m.Replica, d.Record, record.NewFeed(unit, declared.Ordinary))
		if err != nil {
			return u, err
		}
		u.Delivered = u.Delivered || held
	}
	u.Step = [...]string{"sent", "read", "accepted", "doing", "done"}[st.Step]
	if st.Step == dispatch.StepNew && u.Delivered {
		u.Step = "delivered"
	}
	return u, nil
}

func (f *Funnel) count(u *UnitState) {
	f.Sent++
	for _, x := range []struct {
		n  *int
		is bool
	}{{&f.Delivered, u.Delivered}, {&f.Read, u.Step != "sent" && u.Step != "delivered"},
		{&f.Accepted, u.Step == "accepted" || u.Step == "doing" || u.Step == "done"}, {&f.Done, u.Step == "done"}, {&f.Overdue, u.Overdue}} {
		if x.is {
			*x.n++
		}
	}
}

func millis(t time.Time) record.Millis {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// nameAt is what people call a record that is here.
func nameAt(tx hub.Tx, rec record.Dot) (string, error) {
	run, err := tx.Run(rec.Run)
	return record.HumanName(run.Replica, rec.N), err
}
