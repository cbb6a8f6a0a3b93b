package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"banlang/shared/record"
)

// What the centre says of a record, and what colleagues say to each other about it.

// reviewedBy says who reviewed, as far as it is known here.
func (a *App) reviewedBy(r *record.Review) string {
	if r.Officer == "" {
		return a.T("who.centre")
	}
	return a.nameOf(r.Officer, record.Centre, r.At)
}

// sayReview says a review in the words of a key that takes the note, who it was, and when.
func (a *App) sayReview(key string, r *record.Review) string {
	return a.T(key, "note", r.Note, "who", a.reviewedBy(r), "time", a.clockTime(a.at(r.At)))
}

// reviewNotice says where a record stands with those who review it; false when nobody has said anything.
func (d *Detail) reviewNotice() (n Notice, ok bool) {
	a, r := d.a, d.view.Review()
	switch {
	case r.State == record.ReviewReturned:
		return Notice{Text: a.sayReview("detail.returned", &r), Action: a.T("detail.edit"), Standing: Returned, do: a.Edit}, true
	case r.State == record.ReviewApproved:
		return Notice{Text: a.sayReview("detail.approved", &r), Standing: Approved}, true
	case r.Over == record.ReviewReturned:
		return Notice{Text: a.sayReview("detail.over.returned", &r), Standing: Queued}, true
	case r.Over == record.ReviewApproved:
		return Notice{Text: a.sayReview("detail.over.approved", &r), Standing: Queued}, true
	}
	return Notice{}, false
}

// Notes are what people say to each other about a record, the earliest first; the reason of a review is not among them.
func (l *look) Notes() (lines []string) {
	for _, n := range l.view.Notes() {
		if n.Replica != record.Centre {
			lines = append(lines, l.a.T("detail.note", "who", l.a.whoWrote(&n.Value), "time", l.a.clockTime(l.a.at(n.Time)), "note", l.sayNote(&n.Value)))
		}
	}
	return lines
}

func (l *look) sayNote(v *record.Value) string {
	switch v.State {
	case record.BodyAbsent:
		return l.a.T("value.onway")
	case record.BodyErased:
		return l.a.T("value.erased")
	}
	return v.Text
}

// asked is when the signed-in officer asked a colleague about the answers of a record, if nobody has answered since: with
// another value, or a note. 0: he did not, or there is an answer.
func (l *look) asked() record.Millis {
	notes := l.view.Notes()
	if len(notes) == 0 {
		return 0
	}
	last := notes[len(notes)-1]
	if last.Officer != l.a.me.ID || last.Replica == record.Centre {
		return 0
	}
	for _, path := range chooseable(l.view) {
		for _, v := range l.view.Field(path) {
			if v.Time > last.Time {
				return 0
			}
		}
	}
	return last.Time
}

// question is what a colleague has asked about the record last, in one sentence; "" when nobody has.
func (l *look) question() string {
	notes := l.view.Notes()
	if len(notes) == 0 || notes[len(notes)-1].Replica == record.Centre || notes[len(notes)-1].Officer == l.a.me.ID {
		return ""
	}
	lines := l.Notes()
	return lines[len(lines)-1]
}

// laterAsked puts the records about which a colleague was asked behind those that wait for the officer. They keep their order.
func laterAsked(looks []*look) []*look {
	var first, asked []*look
	for _, l := range looks {
		if l.asked() != 0 {
			asked = append(asked, l)
		} else {
			first = append(first, l)
		}
	}
	return append(first, asked...)
}

// MayAsk reports whether the choice can be put off to ask the colleague: not when it is made again, and not about whether the
// record is there at all.
func (c *Choice) MayAsk() bool {
	return c.path != record.PathLife && c.path != record.PathFeed && c.again == nil && c.asked() == 0
}

// Words are what the officer adds to the question to his colleague. They are kept while he types, like those of a draft, until
// they are sent.
func (c *Choice) Words() string { return c.added }

// SetWords alters them; what is longer than mostWords is cut.
func (c *Choice) SetWords(text string) {
	if letters := []rune(text); len(letters) > mostWords {
		text = string(letters[:mostWords])
	}
	if text == c.added {
		return
	}
	c.added = text
	if c.resting != nil {
		c.resting()
	}
	c.resting = c.a.after(wordsPause, c.keepWords)
}

const (
	mostWords  = 500             // letters: a line, and less than a note may have
	wordsPause = time.Second / 2 // between a key and the disk
)

// askingWords names the setting that keeps what an officer adds to a question about a record.
func askingWords(officer string, rec record.Dot) string {
	return "asking " + officer + " " + rec.String()
}

// keepWords writes down what the words are now.
func (c *Choice) keepWords() {
	if !c.keeping.begin() {
		return
	}
	a, words, name := c.a, c.added, askingWords(c.officer, c.Record)
	a.run(func(ctx context.Context) func() {
		err := a.o.Notebook.PutSetting(ctx, name, []byte(words))
		return func() {
			if err != nil {
				a.toastTrouble(err)
			}
			c.keeping.end(c.keepWords)
		}
	})
}

// Ask leaves a note for the colleague in the record, which says what there is to choose from, and then what the officer adds in
// his own words. It chooses nothing.
func (c *Choice) Ask() {
	if c.a.choice != c || !c.MayAsk() {
		return
	}
	a, me, rec, home := c.a, c.a.me.ID, c.Record, c.home
	var said []string
	for i := range c.Answers {
		said = append(said, a.T("conflict.said", "who", c.Answers[i].Who, "value", short(c.Answers[i].Value)))
	}
	text := a.T("conflict.question", "field", c.Title, "values", strings.Join(said, ", "))
	text = strings.Join(append([]string{text}, strings.Fields(c.added)...), " ")
	if c.resting != nil {
		c.resting()
	}
	a.run(func(ctx context.Context) func() {
		err := a.o.Notebook.Resolve(ctx, me, c.view, record.NewNote, text)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				c.keepWords()
				return
			}
			c.added = ""
			c.keepWords()
			a.toast(a.T("conflict.asked"), a.T("undo"), func() { a.takeBack(rec, text) })
			if a.choice == c {
				a.nextConflict(rec, home)
			}
		}
	})
}

// takeBack clears the officer's own latest note with this text. The history keeps it.
func (a *App) takeBack(rec record.Dot, text string) {
	me := a.me.ID
	a.run(func(ctx context.Context) func() {
		v, err := a.o.Notebook.View(ctx, rec)
		if err == nil {
			path := ""
			for _, n := range v.Notes() {
				if n.Officer == me && n.Text == text {
					path = n.Path
				}
			}
			if path != "" {
				err = a.o.Notebook.Resolve(ctx, me, v, path, "")
			}
		}
		return func() {
			if err != nil {
				a.toastTrouble(err)
			}
		}
	})
}

// nextUnasked is the first of some records that wait for a choice about which no colleague was asked; zero: there is none.
func (a *App) nextUnasked(ctx context.Context, lang string, recs []record.Dot) (record.Dot, error) {
	for _, rec := range recs {
		l, err := a.readLook(ctx, lang, rec)
		if err != nil {
			return record.Dot{}, err
		}
		if l.asked() == 0 {
			return rec, nil
		}
	}
	return record.Dot{}, nil
}

// reviewed says of a change what was said in it of the record, or to a colleague; "" for nothing.
func (l *look) reviewed(c *record.Change) string {
	note := ""
	for i := range c.Edits {
		if e := &c.Edits[i]; record.IsNote(e.Path) {
			note = cmp.Or(l.sayNote(&record.Value{Text: e.Value, State: c.Body}), note)
		}
	}
	for i := range c.Edits {
		switch e := &c.Edits[i]; {
		case e.Path == record.PathReview && e.Value == record.ReviewApproved:
			return l.a.T("did.approved")
		case e.Path == record.PathReview && e.Value == record.ReviewReturned:
			return l.a.T("did.returned", "note", note)
		case e.Path == record.PathReview:
			return l.a.T("did.unreviewed")
		case !record.IsNote(e.Path):
			return ""
		}
	}
	switch {
	case len(c.Edits) == 0:
		return ""
	case note == "":
		return l.a.T("did.unnoted")
	}
	return l.a.T("did.noted", "note", note)
}

// Reviewed is NeedsAttention, Returned or Approved where the record on the screen is, or the one in whose place it is written, so
// that finishing ends that; else AnyStanding.
func (e *Editor) Reviewed() Standing {
	switch below := cmp.Or(e.shown, e.instead); {
	case below != nil && len(below.Rejected) > 0:
		return NeedsAttention
	case e.shown == nil:
		return AnyStanding
	}
	switch e.shown.Review().State {
	case record.ReviewReturned:
		return Returned
	case record.ReviewApproved:
		return Approved
	}
	return AnyStanding
}

// ReviewLine says why the record on the screen was sent back or not counted, or what becomes of its approval; "" when it is
// none of these.
func (e *Editor) ReviewLine() string {
	switch e.Reviewed() {
	case NeedsAttention:
		return e.T("form.rejected", "why", e.a.reasonText(cmp.Or(e.shown, e.instead).Rejected[0].Reason))
	case Returned:
		r := e.shown.Review()
		return e.a.sayReview("form.returned", &r)
	case Approved:
		return e.T("form.approved")
	}
	return ""
}
