// Package dispatch owns what the records say that go down and up at once: directives, the follow-ups in which units answer
// them, and flash reports. Both programs read them here, so that the officer and the staff see the same state.
//
// It is pure: it reads views (record.View), and knows no clock, disk or screen. What is not said is the zero value.
package dispatch

import (
	"slices"
	"strings"
	"time"

	"banlang/shared/form"
	"banlang/shared/record"
)

// The forms that the records are of.
const (
	FormDirective = "directive"
	FormFollowUp  = "directive_followup"
	FormFlash     = "flash_report"
)

// The questions that programs answer. A task is named by its row in the directive (record.Dot.RowID), which no other
// record has.
const (
	Tasks = "tasks" // the repeat of a directive

	TaskOf     = "task" // of a follow-up
	OccurredOn = "occurred_on"
	ReceivedAt = "received_at"
	ReadAt     = "read_at"
	Accepted   = "accepted"
	Progress   = "progress_stated"
	Evidence   = "evidence"
	Obstacle   = "obstacle"
	DoneOn     = "done_on"
)

// The answers of Accepted.
const (
	Yes = "true"
	No  = "false"
)

// Directive is a record of FormDirective.
type Directive struct {
	Record                         record.Dot
	Number, Subject, Kind, Urgency string
	Issuer                         string   // the code of the unit
	By                             Author   // who issued it
	IssuedOn                       string   // yyyy-mm-dd
	To                             []string // the codes of the units that it is addressed to, sorted
	Tasks                          []Task   // in their order
}

// Task is one row of its tasks.
type Task struct {
	Ref     string // the name of the row
	Text    string
	Measure string // the indicator that measures it; empty: the unit says how far it is
	Target  string // as the form keeps numbers
	Due     string // yyyy-mm-dd
}

// ReadDirective reads a directive.
func ReadDirective(v *record.View) Directive {
	values := v.Values()
	d := Directive{Record: v.ID, Number: values["number"], Subject: values["subject"], Kind: values["kind"], Urgency: values["urgency"],
		Issuer: values["issuer"], By: authorOf(v, "issuer"), IssuedOn: values["issued_on"]}
	for _, f := range v.Fields {
		if !record.IsFeedPath(f.Path) || f.Path == record.PathFeed {
			continue
		}
		for _, x := range f.Live {
			if x.Text != "" {
				d.To = append(d.To, record.Feed(x.Text).Unit())
			}
		}
	}
	if slices.Contains(strings.Fields(values["targets"]), d.Issuer) {
		d.To = append(d.To, d.Issuer) // it is in the issuer's feed anyway
	}
	slices.Sort(d.To)
	d.To = slices.Compact(d.To)
	for _, row := range form.Rows(Tasks, values) {
		at := func(name string) string { return values[form.JoinPath(Tasks, row, name)] }
		d.Tasks = append(d.Tasks, Task{Ref: row, Text: at("task"), Measure: at("measure"), Target: at("target_value"), Due: at("due_on")})
	}
	return d
}

// Due is the day by which all of it is to be done: the latest of its tasks.
func (d *Directive) Due() (day string) {
	for _, t := range d.Tasks {
		day = max(day, t.Due)
	}
	return day
}

// FollowUp is a record of FormFollowUp: what a unit says of one task. A unit may have several of one task, when two of its
// machines wrote apart; they are read together.
type FollowUp struct {
	Record     record.Dot
	Unit       string
	Task       string
	Received   time.Time // when the program of the unit first had the directive
	Read       time.Time // when it was first opened there
	Accepted   string    // Yes, No, or nothing yet
	AcceptedAt time.Time // when that was written, by the unit's clock
	Progress   string    // percent, as the unit says
	Obstacle   string
	Evidence   []string // exact names of records
	Done       string   // yyyy-mm-dd
	By         Author   // of the last of these four answers: Accepted, Progress, Obstacle, Done
	Written    record.Millis
}

// answers are those four.
func (f *FollowUp) answers() [4]string { return [4]string{f.Accepted, f.Progress, f.Obstacle, f.Done} }

// ReadFollowUp reads a follow-up.
func ReadFollowUp(v *record.View) FollowUp {
	f := FollowUp{Record: v.ID, Task: v.Text(TaskOf), Accepted: v.Text(Accepted), Progress: v.Text(Progress), Obstacle: v.Text(Obstacle),
		Evidence: strings.Fields(v.Text(Evidence)), Done: v.Text(DoneOn), Written: v.WrittenAt}
	if len(v.Feeds) > 0 {
		f.Unit = v.Feeds[0].Unit()
	}
	f.Received, _ = form.ReadMoment(v.Text(ReceivedAt))
	f.Read, _ = form.ReadMoment(v.Text(ReadAt))
	for _, path := range []string{Accepted, Progress, Obstacle, DoneOn} {
		if by := authorOf(v, path); by.Time > f.By.Time {
			f.By = by
		}
	}
	if f.Accepted != "" {
		f.AcceptedAt = time.UnixMilli(v.Field(Accepted)[0].Time)
	}
	return f
}

// Step is how far a unit is with a directive.
type Step uint8

// The steps, each with all before it.
const (
	StepNew      Step = iota // nobody of the unit has said anything
	StepRead                 // somebody has opened it
	StepAccepted             // every task is accepted
	StepDoing                // and work on one has begun
	StepDone                 // every task is done
)

// Standing is how a unit stands with a directive.
type Standing struct {
	Step     Step
	Overdue  bool      // a task is due before today, and not done
	Refused  bool      // a task is not accepted, and the unit says so
	Received time.Time // the earliest that the unit says
	Read     time.Time
	Accepted time.Time // when the last task was
	Done     string    // the day on which the last task was
	Tasks    []TaskStanding
}

// TaskStanding is how a unit stands with one task.
type TaskStanding struct {
	Task
	FollowUps  []record.Dot // the earliest first; where the unit goes on writing
	Read       time.Time
	Accepted   string
	AcceptedAt time.Time
	Progress   string
	Obstacle   string
	Evidence   []string
	Done       string
	Overdue    bool
	Apart      []FollowUp // that answer one of the unit's questions differently, the earliest first; what the last says counts
}

// Stand reads together what a unit has said of a directive, as of a day (yyyy-mm-dd).
func Stand(d *Directive, unit string, all []FollowUp, today string) Standing {
	s := Standing{}
	mine := slices.DeleteFunc(slices.Clone(all), func(f FollowUp) bool { return f.Unit != unit })
	slices.SortFunc(mine, func(a, b FollowUp) int { return a.Record.Compare(b.Record) })
	slices.SortStableFunc(mine, func(a, b FollowUp) int { return int(sign(a.Written - b.Written)) })
	accepted, done, begun := len(d.Tasks) > 0, len(d.Tasks) > 0, false
	for _, t := range d.Tasks {
		x := TaskStanding{Task: t}
		var said []FollowUp
		for i := range mine {
			if mine[i].Task == t.Ref {
				x.add(&mine[i])
				said, s.Received = append(said, mine[i]), earlier(s.Received, mine[i].Received)
			}
		}
		x.Apart = apart(said)
		x.Overdue = x.Done == "" && t.Due != "" && t.Due < today
		accepted, done = accepted && (x.Accepted == Yes || x.Done != ""), done && x.Done != ""
		begun = begun || x.Done != "" || len(x.Evidence) > 0 || x.Progress != "" && x.Progress != "0"
		s.Overdue, s.Refused = s.Overdue || x.Overdue, s.Refused || x.Accepted == No && x.Done == ""
		s.Read, s.Accepted, s.Done = earlier(s.Read, x.Read), later(s.Accepted, x.AcceptedAt), max(s.Done, x.Done)
		if len(x.FollowUps) > 0 {
			s.Step = StepRead
		}
		s.Tasks = append(s.Tasks, x)
	}
	switch {
	case done:
		s.Step = StepDone
	case accepted && begun:
		s.Step = StepDoing
	case accepted:
		s.Step = StepAccepted
	}
	if !accepted {
		s.Accepted = time.Time{}
	}
	if !done {
		s.Done = ""
	}
	return s
}

// apart are the follow-ups that say anything, where two of them answer the same differently; nil: none do.
func apart(all []FollowUp) []FollowUp {
	all = slices.DeleteFunc(all, func(f FollowUp) bool { return f.answers() == [4]string{} })
	for i := range all[min(1, len(all)):] {
		for _, before := range all[:i+1] {
			for k, answer := range all[i+1].answers() {
				if was := before.answers()[k]; was != "" && answer != "" && was != answer {
					return all
				}
			}
		}
	}
	return nil
}

// add reads one more follow-up of the task, written no earlier than those before: what it says counts, where it says
// anything.
func (x *TaskStanding) add(f *FollowUp) {
	x.FollowUps = append(x.FollowUps, f.Record)
	x.Read = earlier(x.Read, f.Read)
	if f.Accepted != "" {
		x.Accepted, x.AcceptedAt = f.Accepted, f.AcceptedAt
	}
	for _, p := range []struct {
		to   *string
		from string
	}{{&x.Progress, f.Progress}, {&x.Obstacle, f.Obstacle}, {&x.Done, f.Done}} {
		if p.from != "" {
			*p.to = p.from
		}
	}
	for _, ref := range f.Evidence {
		if !slices.Contains(x.Evidence, ref) {
			x.Evidence = append(x.Evidence, ref)
		}
	}
}

func sign(n int64) int64 { return max(-1, min(1, n)) }

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
