package app

import (
	"cmp"
	"context"
	"slices"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/record"
)

// Asking is the page of what needs somebody: records that the centre cannot count as they are, and fields that people wrote
// differently. Everything else goes its way meanwhile.
type Asking struct {
	a      *App
	rows   []AskRow
	more   int // that wait beyond those listed
	chosen record.Dot
	round  int // of the officer before the screen: what was read for another one is dropped
	ready  bool
	mend   *Editor // the form of the chosen record; nil: none is open beside its reason

	reading turns
}

// mostAsked bounds the rows of the page; the rest is counted, and follows when these are done.
const mostAsked = 50

// AskRow is one record that needs somebody.
type AskRow struct {
	Record   record.Dot
	Standing Standing // InConflict, NeedsAttention or Returned
	Title    string   // what is asked
	Sub      string   // of which record
	Foot     string   // its name, and where or since when
	look     *look
}

// AskDetail says of one record why it waits, what is safe, and what to do.
type AskDetail struct {
	Title    string
	Standing Standing
	Why      []string // what is wrong, a sentence each
	Field    string   // the question that is to be corrected; "": not known, or several
	Value    string   // what stands there
	Safe     string
	Action   string // the next step
	Code     string // for the telephone
	Record   record.Dot
	do       func()
}

// Do takes the next step.
func (d *AskDetail) Do() { d.do() }

// Rows lists what waits; more counts what is not listed. Ready reports whether it has been read.
func (k *Asking) Rows() (rows []AskRow, more int, ready bool) { return k.rows, k.more, k.ready }

// Chosen is the place of the row whose detail is shown; -1 when there is none.
func (k *Asking) Chosen() int {
	return slices.IndexFunc(k.rows, func(r AskRow) bool { return r.Record == k.chosen })
}

// Choose shows the detail of a row.
func (k *Asking) Choose(i int) {
	if i >= 0 && i < len(k.rows) && k.rows[i].Record != k.chosen {
		k.chosen = k.rows[i].Record
		k.prepare()
		k.a.show(PartList)
	}
}

// OpenRecord shows the chosen record in the list.
func (k *Asking) OpenRecord() {
	if i := k.Chosen(); i >= 0 {
		k.a.leaveForm()
		k.a.showRecord(k.rows[i].Record)
	}
}

// reword says the rows in the language that holds now.
func (k *Asking) reword() {
	for i := range k.rows {
		k.rows[i] = k.a.askRow(k.rows[i].look)
	}
	k.leave()
	k.prepare()
}

// load reads what waits, beside the screen.
func (k *Asking) load() {
	a, lang := k.a, k.a.lang
	if !a.Open() || !k.reading.begin() {
		return
	}
	round := k.round
	a.run(func(ctx context.Context) func() {
		looks, more, err := a.askingLooks(ctx, lang)
		return func() {
			if round != k.round { // the screen was locked meanwhile
				return
			}
			defer k.reading.end(k.load)
			if err != nil {
				return // it is read again after the next change; what is on the screen stays
			}
			at := max(0, k.Chosen())
			k.rows, k.more, k.ready = nil, more, true
			for _, l := range looks {
				k.rows = append(k.rows, a.askRow(l))
			}
			if k.Chosen() < 0 && len(k.rows) > 0 {
				k.chosen = k.rows[min(at, len(k.rows)-1)].Record
			}
			if a.page == PageAsking {
				k.prepare()
			}
			a.show(PartList)
		}
	})
}

func (a *App) askingLooks(ctx context.Context, lang string) (looks []*look, more int, err error) {
	for _, state := range []notebook.State{notebook.StateAttention, notebook.StateConflict, notebook.StateReturned} {
		recs, err := a.o.Notebook.Search(ctx, notebook.Query{State: state, Limit: mostListed})
		if err != nil {
			return nil, 0, err
		}
		for i, rec := range recs {
			if len(looks) >= mostAsked {
				more += len(recs) - i
				break
			}
			l, err := a.readLook(ctx, lang, rec)
			if err != nil {
				return nil, 0, err
			}
			looks = append(looks, l)
		}
	}
	return laterAsked(looks), more, nil
}

// askRow says a record that waits in the officer's language.
func (a *App) askRow(l *look) AskRow {
	named := l.named()
	name := humanName(l.line.Replica, l.line.Record)
	r := AskRow{Record: l.line.Record, Standing: InConflict, Title: a.T("ask.conflict"), Sub: named, Foot: name, look: l}
	paths := chooseable(l.view)
	review := l.view.Review()
	switch {
	case len(paths) > 0 && paths[0] == record.PathLife:
		r.Title = a.T("ask.deleted")
	case l.asked() != 0:
		r.Title, r.Foot = a.T("ask.asked"), join(name, a.clockTime(a.at(l.asked())))
	case len(paths) == 0 && len(l.view.Rejected) == 0 && review.State == record.ReviewReturned:
		r.Standing, r.Title, r.Foot = Returned, a.T("ask.returned"), join(name, a.T("ask.reason", "note", review.Note))
	case len(paths) > 0:
		r.Foot = join(name, a.T("ask.field", "field", l.label(paths[0])))
	default:
		r.Standing, r.Title = NeedsAttention, a.T("ask.attention")
		if v := l.verdict(); v != nil {
			r.Foot = join(name, a.T("ask.told", "time", a.clockTime(a.at(v.Time))))
		}
	}
	return r
}

// verdict is the change by which the centre rejected one, the latest; nil when there is none.
func (l *look) verdict() (last *record.Change) {
	for _, c := range l.changes {
		if c.Kind == record.KindVerdict && slices.ContainsFunc(l.view.Rejected, func(v record.Verdict) bool { return v.By == c.Dot }) {
			if last == nil || last.Time < c.Time {
				last = c
			}
		}
	}
	return last
}

// Detail is what is said of the chosen row; nil when there is none.
func (k *Asking) Detail() *AskDetail {
	i := k.Chosen()
	if i < 0 {
		return nil
	}
	a, r := k.a, &k.rows[i]
	d := &AskDetail{Title: r.Sub, Standing: r.Standing, Record: r.Record, Safe: a.T("reject.safe")}
	if r.Standing == InConflict {
		d.Safe, d.Action, d.do = a.T("status.conflict.help"), a.T("detail.compare"), func() { a.compare(r.Record) }
		for _, p := range chooseable(r.look.view) {
			answer, _ := r.look.answer(p, r.look.label(p))
			if p == record.PathLife {
				d.Why = append(d.Why, a.T("conflict.deleted"))
				continue
			}
			d.Why = append(d.Why, a.T("ask.answers", "field", answer.Label, "value", answer.Value, "other", answer.Other))
		}
		d.Why = append(d.Why, r.look.Notes()...)
		return d
	}
	if r.Standing == Returned {
		review := r.look.view.Review()
		d.Why = []string{a.sayReview("ask.reason", &review), a.sayReview("ask.who", &review)}
		d.Action, d.do = a.T("reject.resend"), func() { a.editRecord(r.Record) }
		return d
	}
	if uncounted(r.look.view) {
		d.Safe = a.T("anew.safe", "name", humanName(r.look.line.Replica, r.Record))
	}
	path, value := r.look.wrong()
	d.Action, d.do = a.T("reject.resend"), func() { a.editAt(r.Record, path) }
	if path != "" {
		d.Field, d.Value = r.look.label(path), cmp.Or(r.look.say(path, value), a.T("value.empty"))
	}
	for _, v := range r.look.view.Rejected {
		if text := a.reasonText(v.Reason); !slices.Contains(d.Why, text) {
			d.Why = append(d.Why, text)
		}
		d.Code = v.Reason
	}
	return d
}

// wrong is the question whose answer the centre could not take, and that answer: the first in a rejected change that the
// form refuses, as the centre does; else the only one that the change wrote. "" when nobody can say.
func (l *look) wrong() (path, value string) {
	for _, v := range l.view.Rejected {
		for _, c := range l.changes {
			if c.Dot != v.Target {
				continue
			}
			f := l.form
			if own, ok := l.a.o.Forms.Library.Lookup(c.Form); ok {
				f = own
			}
			var asked []record.Edit
			for i := range c.Edits {
				e := &c.Edits[i]
				if record.IsSystem(e.Path) || !l.isAsked(e.Path) {
					continue
				}
				if f != nil && refuses(f, e) {
					return e.Path, e.Value
				}
				asked = append(asked, *e)
			}
			if len(asked) == 1 {
				return asked[0].Path, asked[0].Value
			}
		}
	}
	return "", ""
}

func refuses(f *form.Form, e *record.Edit) bool { return f.CheckValue(e.Path, e.Value) != nil }
