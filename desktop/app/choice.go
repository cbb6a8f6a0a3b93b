package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/record"
)

// Choice is a field that people wrote differently: what was there before, and the answers side by side. They have equal
// weight and none is chosen beforehand. Whatever arrives while the officer reads, the page stays as it is, and his choice
// replaces only the answers that he saw.
type Choice struct {
	Record  record.Dot
	Title   string // which field, or "" when nothing is left to choose
	About   string // of which record
	Hint    string
	Left    int // fields of the record still to be chosen, this one included
	Base    *Answer
	Answers []Answer

	*look
	path  string
	home  Page    // where the officer came from, and goes back to
	again *pinned // a second choice: the answers of the first

	officer string // before whom the page is
	added   string // his own words, for the colleague
	resting func() // ends the pause before they are kept; nil: none runs
	keeping turns
}

// pinned keeps what a choice was made among, so that it can be made again.
type pinned struct {
	answers []Answer
	base    *Answer
	title   string
}

// Answer is one of the values to choose from.
type Answer struct {
	Value   string  // as people read it
	Pieces  []Piece // of a long text: what differs from the other answers; none: it is short
	Mine    bool
	Who     string
	When    string // with the machine
	Unseen  string // why both stand: what had not been seen
	Button  string
	resolve func(ctx context.Context, shown *record.View) error
}

// chooseable lists the paths of a record that wait for a choice. Rows have no choice of their own about their life.
func chooseable(v *record.View) (paths []string) {
	if v.Marked {
		paths = append(paths, record.PathLife)
	}
	for _, p := range v.Conflicts() {
		if p == record.PathFeed || !record.IsSystem(p) && !record.IsNote(p) {
			paths = append(paths, p)
		}
	}
	return paths
}

// Choice is the open page of answers; nil when none is.
func (a *App) Choice() *Choice { return a.choice }

// compare opens the answers of a record.
func (a *App) compare(rec record.Dot) {
	lang, home, me := a.lang, a.page, a.me.ID
	if a.choice != nil {
		home = a.choice.home
	}
	a.run(func(ctx context.Context) func() {
		l, err := a.readLook(ctx, lang, rec)
		var words []byte
		if err == nil {
			words, err = a.o.Notebook.Setting(ctx, askingWords(me, rec))
		}
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			if len(chooseable(l.view)) == 0 {
				a.nextConflict(rec, home)
				return
			}
			a.leaveForm()
			a.choice = &Choice{Record: rec, look: l, home: home, officer: me, added: string(words)}
			a.choice.build()
			a.page = PageConflict
			a.show(PartPage)
		}
	})
}

// nextConflict goes on after the last choice about a record: to the record, if the officer came from it, else to the next
// record that waits for a choice, or back.
func (a *App) nextConflict(done record.Dot, home Page) {
	if home == PageRecords {
		a.showRecord(done)
		return
	}
	lang := a.lang
	a.run(func(ctx context.Context) func() {
		recs, err := a.o.Notebook.Search(ctx, notebook.Query{State: notebook.StateConflict, Limit: mostAsked})
		recs = slices.DeleteFunc(recs, func(rec record.Dot) bool { return rec == done })
		next := record.Dot{}
		if err == nil {
			next, err = a.nextUnasked(ctx, lang, recs)
		}
		return func() {
			if err != nil || next.IsZero() {
				a.Go(home)
				return
			}
			a.compare(next)
		}
	})
}

// build says the first path that waits, in the officer's language.
func (c *Choice) build() {
	a := c.a
	paths := chooseable(c.view)
	if len(paths) == 0 || c.again != nil {
		return
	}
	c.open()
	c.path, c.Left = paths[0], len(paths)
	c.Title = c.label(c.path)
	c.Hint, c.Base, c.Answers = a.T("conflict.keep"), nil, nil
	c.about()
	if c.path == record.PathLife {
		c.Title, c.Hint = a.T("conflict.life"), a.T("conflict.deleted")
		c.Answers = c.lives()
		return
	}
	c.offer(c.view.Field(c.path))
}

// about says which record it is.
func (c *Choice) about() {
	kind, rest := c.names()
	c.About = join(append([]string{c.a.T("record.name", "name", humanName(c.line.Replica, c.Record)), kind, c.place()}, rest...)...)
}

// offer shows some values of the field to choose from, and what stood there before them.
func (c *Choice) offer(values []record.Value) {
	c.Base = c.base(values)
	c.Answers = c.answers(slices.Clone(values))
	c.compareTexts()
}

// onButton is how many letters of an answer stand on its button.
const onButton = 16

// longText is how many letters a text has whose words are compared.
const longText = 28

// compareTexts marks what differs in long texts: from what stood there before, or where nothing did, from another answer.
func (c *Choice) compareTexts() {
	for i := range c.Answers {
		ans := &c.Answers[i]
		other := ""
		if c.Base != nil && c.Base.Value != c.a.T("value.empty") {
			other = c.Base.Value
		} else if len(c.Answers) > 1 {
			other = c.Answers[(i+1)%len(c.Answers)].Value
		}
		if len([]rune(ans.Value)) > longText && other != "" && strings.Contains(ans.Value, " ") {
			ans.Pieces = differing(ans.Value, other)
		}
	}
}

// answers gives values to choose from, the officer's own first, equal texts once.
func (c *Choice) answers(live []record.Value) (as []Answer) {
	a := c.a
	slices.SortStableFunc(live, func(x, y record.Value) int { return c.rank(x) - c.rank(y) })
	for i := range live {
		v := live[i]
		if slices.ContainsFunc(live[:i], func(w record.Value) bool { return w.Text == v.Text && w.State == v.State }) {
			continue
		}
		text := c.words(&v)
		ans := Answer{Value: text, Mine: c.mine(v), Who: a.T("who.program"), When: a.whenWhere(v.Time, v.Replica),
			Button: a.T("conflict.choose", "value", short(text))}
		if len([]rune(text)) > onButton {
			ans.Button = a.T("conflict.choose.this")
		}
		if v.Officer != "" {
			ans.Who = a.nameOf(v.Officer, v.Replica, v.Time)
		}
		if others := c.unseen(live, v); others != "" {
			ans.Unseen = a.T("conflict.unseen", "value", others)
		}
		if v.State == record.BodyHere {
			path, value, me := c.path, v.Text, a.me.ID
			ans.resolve = func(ctx context.Context, shown *record.View) error {
				return a.o.Notebook.Resolve(ctx, me, shown, path, value)
			}
		}
		as = append(as, ans)
	}
	return as
}

func (c *Choice) mine(v record.Value) bool {
	return v.Officer == c.a.me.ID && v.Replica == c.a.o.Notebook.Replica()
}

func (c *Choice) rank(v record.Value) int {
	if c.mine(v) {
		return 0
	}
	return 1
}

// unseen names what the writer of v had not seen.
func (c *Choice) unseen(live []record.Value, v record.Value) string {
	var others []string
	for i := range live {
		if w := live[i]; w.Dot != v.Dot && (w.Text != v.Text || w.State != v.State) {
			if text := short(c.words(&w)); !slices.Contains(others, text) {
				others = append(others, text)
			}
		}
	}
	return strings.Join(others, ", ")
}

// words are an answer as people read it.
func (c *Choice) words(v *record.Value) string {
	return cmp.Or(c.sayLive(c.path, v), c.a.T("value.empty"))
}

func (a *App) whenWhere(t record.Millis, r record.ReplicaID) string {
	return a.T("conflict.when", "day", a.at(t).Format("02/01"), "time", a.at(t).Format("15:04"), "machine", strconv.Itoa(int(r)))
}

// base is what stood there before: the latest change that every answer replaced, directly or through others.
func (c *Choice) base(values []record.Value) *Answer {
	byDot := map[record.Dot]*record.Change{}
	for _, x := range c.changes {
		byDot[x.Dot] = x
	}
	var common map[record.Dot]bool
	for _, v := range values {
		before := map[record.Dot]bool{}
		c.ancestors(byDot, v.Dot, before)
		if common == nil {
			common = before
		}
		for d := range common {
			if !before[d] {
				delete(common, d)
			}
		}
	}
	var last *record.Change
	for d := range common {
		if x := byDot[d]; x != nil && (last == nil || last.Time < x.Time || last.Time == x.Time && last.Dot.Compare(d) < 0) {
			last = x
		}
	}
	if last == nil {
		return &Answer{Value: c.a.T("value.empty")}
	}
	text := c.words(&record.Value{Text: last.Edit(c.path).Value, State: last.Body})
	if record.IsSystem(c.path) {
		text = last.Edit(c.path).Value
	}
	return &Answer{Value: text, Who: c.a.nameOf(last.Officer, last.Replica, last.Time), When: c.a.whenWhere(last.Time, last.Replica)}
}

func (c *Choice) ancestors(byDot map[record.Dot]*record.Change, d record.Dot, into map[record.Dot]bool) {
	x := byDot[d]
	if x == nil || x.Edit(c.path) == nil {
		return
	}
	for _, r := range x.Edit(c.path).Replaces {
		if byDot[r] != nil && byDot[r].Edit(c.path) != nil && !into[r] {
			into[r] = true
			c.ancestors(byDot, r, into)
		}
	}
}

// lives are the two answers about a record that was deleted beside an edit.
func (c *Choice) lives() []Answer {
	a, me := c.a, c.a.me.ID
	deleted := Answer{Value: a.T("conflict.gone"), Button: a.T("conflict.delete"),
		resolve: func(ctx context.Context, shown *record.View) error { return a.o.Notebook.Delete(ctx, me, shown) }}
	for _, v := range c.view.Field(record.PathLife) {
		if v.Text == record.LifeDeleted {
			deleted.Who, deleted.When, deleted.Mine = a.nameOf(v.Officer, v.Replica, v.Time), a.whenWhere(v.Time, v.Replica), c.mine(v)
		}
	}
	kept := Answer{Value: a.T("conflict.stays"), Button: a.T("conflict.restore"), Mine: !deleted.Mine,
		resolve: func(ctx context.Context, shown *record.View) error { return a.o.Notebook.Restore(ctx, me, shown) }}
	for _, v := range c.newest() {
		kept.Who, kept.When = a.nameOf(v.Officer, v.Replica, v.Time), a.whenWhere(v.Time, v.Replica)
	}
	if deleted.Mine {
		return []Answer{deleted, kept}
	}
	return []Answer{kept, deleted}
}

// newest gives the value written last that no delete has seen.
func (c *Choice) newest() (vs []record.Value) {
	for i := range c.view.Fields {
		f := &c.view.Fields[i]
		for _, v := range f.Live {
			seen := slices.ContainsFunc(c.view.Field(record.PathLife), func(d record.Value) bool { return slices.Contains(d.Seen, v.Dot) })
			if !record.IsSystem(f.Path) && !record.IsNote(f.Path) && !seen && (len(vs) == 0 || vs[0].Time < v.Time) {
				vs = []record.Value{v}
			}
		}
	}
	return vs
}

// Choose takes an answer: one action, and it is written.
func (c *Choice) Choose(i int) {
	if i < 0 || i >= len(c.Answers) || c.Answers[i].resolve == nil || c.a.choice != c {
		return
	}
	a, ans, shown, first := c.a, c.Answers[i], c.view, &pinned{c.Answers, c.Base, c.Title}
	a.run(func(ctx context.Context) func() {
		err := ans.resolve(ctx, shown)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.toast(a.T("conflict.done", "value", short(ans.Value)), a.T("conflict.again"), func() { a.chooseAgain(c, first) })
			if a.choice == c {
				a.compare(c.Record) // the next field, or the record
			}
		}
	})
}

// chooseAgain shows the answers of a choice once more. The new choice replaces what the record says now.
func (a *App) chooseAgain(c *Choice, first *pinned) {
	lang := a.lang
	a.run(func(ctx context.Context) func() {
		l, err := a.readLook(ctx, lang, c.Record)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.leaveForm()
			a.choice = &Choice{Record: c.Record, Title: first.title, About: c.About, Hint: a.T("conflict.keep"), Left: 1,
				Base: first.base, Answers: first.answers, look: l, path: c.path, home: c.home, again: first}
			a.page = PageConflict
			a.show(PartPage)
		}
	})
}

// chooseFrom offers the answers among which a change has chosen once more. The new choice replaces what the record says now.
func (a *App) chooseFrom(rec, by record.Dot, path string) {
	lang, home := a.lang, a.page
	a.run(func(ctx context.Context) func() {
		l, err := a.readLook(ctx, lang, rec)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			c := &Choice{Record: rec, look: l, path: path, home: home, Left: 1, Hint: a.T("conflict.keep"), again: &pinned{}}
			c.look.open()
			c.Title = c.label(path)
			c.about()
			c.offer(c.replacedBy(by))
			c.again = &pinned{c.Answers, c.Base, c.Title}
			a.leaveForm()
			a.choice, a.page = c, PageConflict
			a.show(PartPage)
		}
	})
}

// replacedBy are the values of the field that a change replaced.
func (c *Choice) replacedBy(by record.Dot) (values []record.Value) {
	byDot := map[record.Dot]*record.Change{}
	for _, x := range c.changes {
		byDot[x.Dot] = x
	}
	x := byDot[by]
	if x == nil || x.Edit(c.path) == nil {
		return nil
	}
	for _, d := range x.Edit(c.path).Replaces {
		if y := byDot[d]; y != nil && y.Edit(c.path) != nil {
			values = append(values, record.Value{Dot: d, Replica: y.Replica, Officer: y.Officer, Time: y.Time, Text: y.Edit(c.path).Value, State: y.Body})
		}
	}
	return values
}

// Other opens the form at the field, to write an answer that nobody gave yet. What is typed there replaces all answers on
// the screen.
func (c *Choice) Other() {
	if c.path != record.PathLife && c.path != record.PathFeed {
		c.a.editAt(c.Record, c.path)
	}
}

// Path is the field that is being chosen.
func (c *Choice) Path() string { return c.path }

// Heading says how many fields wait.
func (c *Choice) Heading() string { return c.a.T("conflict.title", "n", fmt.Sprint(c.Left)) }

// Back leaves without choosing: both answers stay.
func (c *Choice) Back() {
	if c.home == PageRecords {
		c.a.showRecord(c.Record)
		return
	}
	c.a.Go(c.home)
}

// Merged are the other fields that people wrote beside each other: nothing is to be done about them.
func (c *Choice) Merged() (lines []FieldLine) {
	seen := map[string]bool{c.path: true}
	for _, x := range slices.Backward(c.changes) {
		for i := range x.Edits {
			p := x.Edits[i].Path
			if x.Creates() || x.Kind != record.KindEdit || seen[p] || record.IsSystem(p) || !c.isAsked(p) || len(c.view.Field(p)) != 1 {
				continue
			}
			seen[p] = true
			v := &c.view.Field(p)[0]
			lines = append(lines, FieldLine{Label: c.label(p), Value: c.words(v), Other: join(c.a.whoWrote(v), c.a.clockTime(c.a.at(v.Time)))})
		}
		if len(lines) >= mostMerged {
			break
		}
	}
	return lines
}

// mostMerged bounds the fields that are listed for the sake of calm.
const mostMerged = 6

// short cuts a long answer for a button.
func short(s string) string {
	const most = 28
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
