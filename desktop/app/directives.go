package app

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/dispatch"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Directives are what came down to the unit of this notebook, with how the unit stands with each. What it answers are
// follow-ups, a record for each task, written at once and sent before all else: that a directive was opened, whether each
// task is accepted, how far it is, what shows it, and that it is done.
//
// When a directive came to this machine is noted by the program when it first sees it; a later start does not alter it.
type Directives struct {
	a       *App
	rows    []DirectiveRow
	open    *Directive
	opening record.Dot          // the directive whose page is wanted
	marking map[record.Dot]bool // being marked as read
	forms   map[string]*Editor  // of the tasks of the open one
	told    time.Time           // what came before was told of
	past    map[string]*Editor  // likewise, whose drafts have ended, until others are open in their places
	round   int                 // of readings of the open one: what was read before a later one began, or a form went, is dropped
	reading turns
	trouble Trouble
}

// DirectiveRow is a directive in the list.
type DirectiveRow struct {
	Record record.Dot
	Title  string // "12/KH-CAT · Cao điểm giao nộp vũ khí"
	Sub    string // who issued it, when it came, when it is due, how many tasks
	Step   dispatch.Step
	State  string // the step in words, with its day
	Late   string // "Quá hạn 3 ngày"; empty: it is not
	Mine   bool   // addressed to the unit of this notebook, which answers it; others are only to be read
}

// Directive is one directive as it is read and answered.
type Directive struct {
	DirectiveRow
	Detail *Detail // all of it, as any record is read
	Tasks  []DirectiveTask
	Newest []EvidenceLine // records that may show what was done: the newest of this notebook
	order  *order
}

// DirectiveTask is one task with how the unit stands with it.
type DirectiveTask struct {
	Ref      string // by which the methods of Directives know it
	Text     string
	Sub      string // when it is due, and what measures it
	State    string
	Accepted bool
	Refused  bool
	Done     bool
	Late     bool
	Measured bool   // by an indicator: the unit is not asked how far it is
	Progress string // percent, as the unit said; empty: nothing yet
	Obstacle string
	Apart    string   // what two people wrote differently; empty: nothing
	Said     []string // where machines of the unit answered in records of their own, and differently: what each said, the earliest first
	Evidence []EvidenceLine
}

// EvidenceLine is a record that shows what was done.
type EvidenceLine struct {
	Record record.Dot
	Title  string
}

// Rows are the directives: what waits for the unit first, by when it is due, and what is done last.
func (ds *Directives) Rows() []DirectiveRow { return ds.rows }

// Unread counts those that nobody of the unit has opened.
func (ds *Directives) Unread() (n int) {
	for i := range ds.rows {
		if ds.rows[i].Mine && ds.rows[i].Step == dispatch.StepNew {
			n++
		}
	}
	return n
}

// Trouble says why the directives could not be read.
func (ds *Directives) Trouble() Trouble { return ds.trouble }

// Opened is the directive that is open; nil when none is.
func (ds *Directives) Opened() *Directive { return ds.open }

func (ds *Directives) reset() {
	*ds = Directives{a: ds.a, marking: map[record.Dot]bool{}, forms: map[string]*Editor{}, past: map[string]*Editor{}, round: ds.round + 1, told: ds.told}
}

// order is a directive as it was read from the notebook, with what the unit has said of it.
type order struct {
	dispatch.Directive
	view      *record.View
	unit      string // of this notebook, that it is addressed to; empty: it is not, or to several
	received  time.Time
	standing  dispatch.Standing
	followUps map[record.Dot]*record.View // of all directives: what was on the screen
}

// mostDirectives bounds the directives and follow-ups that are looked at, the newest.
const mostDirectives = 500

// settingReceived keeps when each directive was first seen here.
const settingReceived = "directives received"

// refresh reads the directives after the notebook has changed.
func (ds *Directives) refresh() {
	if ds.a.o.Notebook == nil || !ds.reading.begin() {
		return
	}
	ds.a.run(func(ctx context.Context) func() {
		told, err := ds.a.readTold(ctx)
		var orders []*order
		if err == nil {
			orders, err = ds.a.readOrders(ctx)
		}
		return func() {
			defer ds.reading.end(ds.refresh)
			ds.trouble = Trouble{}
			if err != nil {
				ds.trouble = ds.a.sayFault(err)
				ds.a.show(PartOrders)
				return
			}
			ds.rows = ds.rows[:0:0]
			for _, o := range orders {
				ds.rows = append(ds.rows, ds.a.directiveRow(o))
			}
			ds.tell(orders, told)
			if !ds.opening.IsZero() {
				ds.Open(ds.opening)
			}
			ds.a.show(PartOrders | PartNav)
		}
	})
}

// readOrders reads all directives, in the order of the list, and notes the arrival of those that are new.
func (a *App) readOrders(ctx context.Context) ([]*order, error) {
	n := a.o.Notebook
	views, err := viewsOf(ctx, n, dispatch.FormDirective)
	if len(views) == 0 || err != nil {
		return nil, err
	}
	feeds, err := n.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := viewsOf(ctx, n, dispatch.FormFollowUp)
	if err != nil {
		return nil, err
	}
	var followUps []dispatch.FollowUp
	for _, v := range answers {
		followUps = append(followUps, dispatch.ReadFollowUp(v))
	}
	received, err := a.noteReceived(ctx, views)
	if err != nil {
		return nil, err
	}
	today := a.now().Format(time.DateOnly)
	var orders []*order
	for rec, v := range views {
		o := &order{Directive: dispatch.ReadDirective(v), view: v, received: received[rec], followUps: answers}
		if own := slices.DeleteFunc(slices.Clone(o.To), func(unit string) bool { return !slices.Contains(feeds, ordinary(unit)) }); len(own) == 1 {
			o.unit = own[0]
			o.standing = dispatch.Stand(&o.Directive, o.unit, followUps, today)
		}
		orders = append(orders, o)
	}
	slices.SortFunc(orders, compareOrders)
	return orders, nil
}

func ordinary(unit string) record.Feed { return record.NewFeed(unit, declared.Ordinary) }

func compareOrders(a, b *order) int {
	rank := func(o *order) int {
		switch {
		case o.unit == "":
			return 2
		case o.standing.Step == dispatch.StepDone:
			return 1
		}
		return 0
	}
	return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Due(), b.Due()), b.Record.Compare(a.Record))
}

// viewsOf reads the newest records of a form.
func viewsOf(ctx context.Context, n Reader, formID string) (map[record.Dot]*record.View, error) {
	recs, err := n.Search(ctx, notebook.Query{Form: formID, Limit: mostDirectives})
	views := make(map[record.Dot]*record.View, len(recs))
	for _, rec := range recs {
		if views[rec], err = n.View(ctx, rec); err != nil {
			return nil, err
		}
	}
	return views, err
}

// noteReceived returns when each record was first seen here, noting those that are seen now.
func (a *App) noteReceived(ctx context.Context, views map[record.Dot]*record.View) (map[record.Dot]time.Time, error) {
	a.noting.Lock() // two readings may run beside each other
	defer a.noting.Unlock()
	kept, err := a.o.Notebook.Setting(ctx, settingReceived)
	if err != nil {
		return nil, err
	}
	noted := map[string]record.Millis{}
	_ = json.Unmarshal(kept, &noted) // one that cannot be read is noted anew
	before, times := maps.Clone(noted), map[record.Dot]time.Time{}
	maps.DeleteFunc(noted, func(rec string, _ record.Millis) bool {
		dot, err := record.ParseDot(rec)
		return err != nil || views[dot] == nil
	})
	for rec := range views {
		at, known := noted[rec.String()]
		if !known {
			at = int64(a.o.Wall())
			noted[rec.String()] = at
		}
		times[rec] = a.at(at)
	}
	if maps.Equal(before, noted) {
		return times, nil
	}
	text, err := json.Marshal(noted)
	if err != nil {
		return nil, err
	}
	return times, a.o.Notebook.PutSetting(ctx, settingReceived, text)
}

// directiveRow says a directive in the officer's language.
func (a *App) directiveRow(o *order) DirectiveRow {
	r := DirectiveRow{Record: o.Record, Title: join(o.Number, o.Subject), Step: o.standing.Step, Mine: o.unit != ""}
	due := ""
	if day := o.Due(); day != "" {
		due = a.T("directive.due", "day", viet.Date(day))
		if left := daysBetween(a.now(), day); r.Mine && r.Step != dispatch.StepDone && left >= 0 && left <= soon {
			due = a.T("directive.due.soon", "day", viet.Date(day), "n", strconv.Itoa(left))
		}
	}
	r.Sub = join(a.issued(o.Issuer, o.By.Replica, o.By.Officer, o.By.Time), a.T("directive.came", "time", a.clockTime(o.received)), due, a.T("directive.tasks", "n", strconv.Itoa(len(o.Tasks))))
	r.State = a.sayStep(&o.standing)
	if !r.Mine {
		r.State = a.T("directive.others")
	}
	if o.standing.Overdue {
		r.Late = a.T("directive.late", "n", strconv.Itoa(-daysBetween(a.now(), firstLate(&o.standing))))
	}
	return r
}

// soon is how many days before the last the list begins to count them.
const soon = 7

func firstLate(s *dispatch.Standing) (day string) {
	for i := range s.Tasks {
		if t := &s.Tasks[i]; t.Overdue && (day == "" || t.Due < day) {
			day = t.Due
		}
	}
	return day
}

// daysBetween counts the days from a moment to a day (yyyy-mm-dd).
func daysBetween(now time.Time, day string) int {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return int(d.Sub(today) / (24 * time.Hour))
}

func (a *App) sayStep(s *dispatch.Standing) string {
	day := func(t time.Time) string { return t.In(a.o.Zone).Format("02/01") }
	switch {
	case s.Step == dispatch.StepDone:
		return a.T("directive.done", "day", viet.Date(s.Done))
	case s.Refused:
		return a.T("directive.refused")
	case s.Step == dispatch.StepDoing:
		return a.T("directive.doing")
	case s.Step == dispatch.StepAccepted:
		return a.T("directive.accepted", "day", day(s.Accepted))
	case s.Step == dispatch.StepRead && !s.Read.IsZero():
		return a.T("directive.read", "day", day(s.Read))
	case s.Step == dispatch.StepRead:
		return a.T("directive.begun")
	}
	return a.T("directive.unread")
}

// addressed reports whether a record, of which these are the changes, is the centre's and addressed to units: they answer with records of
// their own, and the centre counts no other edit of it (hub.ReasonAddressed).
func addressed(changes []*record.Change, rec record.Dot) bool {
	return slices.ContainsFunc(changes, func(c *record.Change) bool { return c.Dot == rec && c.Replica == record.Centre && len(c.PutsIn()) > 1 })
}

// answer opens the page on which what is addressed to the unit is answered.
func (a *App) answer(rec record.Dot) {
	a.Go(PageDirectives)
	a.Directives.Open(rec)
}

// Open reads a directive and opens its page. The first time that somebody of the unit does so is noted, and sent.
func (ds *Directives) Open(rec record.Dot) {
	a := ds.a
	if a.me.ID == "" {
		return
	}
	ds.opening = rec
	ds.round++
	lang, me, mark, round, here := a.lang, a.me.ID, !ds.marking[rec], ds.round, a.page == PageDirectives
	ds.marking[rec] = true
	a.run(func(ctx context.Context) func() {
		p, err := a.readDirective(ctx, lang, rec)
		if err == nil && mark && p.order.unit != "" {
			err = a.markRead(ctx, me, p.order)
		}
		var forms []taskForm
		if err == nil && here {
			forms, err = a.readForms(ctx, me, p.order)
		}
		return func() {
			if mark {
				delete(ds.marking, rec)
			}
			switch {
			case ds.round != round || me != a.me.ID: // another is wanted meanwhile
			case err != nil:
				ds.opening = record.Dot{}
				a.toastTrouble(err)
			default:
				p.Detail.build()
				p.build(a)
				ds.take(p, forms)
			}
		}
	})
}

// take shows what was read of a directive, with the forms to type in where its page is on the screen.
func (ds *Directives) take(p *Directive, forms []taskForm) {
	if ds.open != nil && ds.open.Record != p.Record {
		ds.leave()
	}
	ds.open = p
	if ds.a.page == PageDirectives {
		if err := ds.takeForms(p.order, forms); err != nil {
			ds.a.toastTrouble(err)
		}
	}
	ds.a.show(PartOrders)
}

// readDirective reads one directive with what names its evidence.
func (a *App) readDirective(ctx context.Context, lang string, rec record.Dot) (*Directive, error) {
	orders, err := a.readOrders(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(orders, func(o *order) bool { return o.Record == rec })
	if i < 0 {
		return nil, errNotHere
	}
	l, err := a.readLook(ctx, lang, rec)
	if err != nil {
		return nil, err
	}
	p := &Directive{Detail: &Detail{Key: Key{Record: rec}, look: l}, order: orders[i]}
	for _, t := range p.order.standing.Tasks {
		x := DirectiveTask{Ref: t.Ref}
		for _, ref := range t.Evidence {
			if e, err := record.ParseDot(ref); err == nil {
				x.Evidence = append(x.Evidence, EvidenceLine{Record: e})
			}
		}
		p.Tasks = append(p.Tasks, x)
	}
	if p.Newest, err = a.newest(ctx, lang); err != nil {
		return nil, err
	}
	return p, a.nameEvidence(ctx, lang, p)
}

// mostOffered is how many records are offered to be linked.
const mostOffered = 12

// newest are the records written last that are neither directives nor answers to them.
func (a *App) newest(ctx context.Context, lang string) (found []EvidenceLine, err error) {
	recs, err := a.o.Notebook.Search(ctx, notebook.Query{Limit: 4 * mostOffered})
	if err != nil {
		return nil, err
	}
	lines, err := a.o.Notebook.Lines(ctx, recs)
	for i := range lines {
		l := &lines[i]
		if l.Form.ID != dispatch.FormDirective && l.Form.ID != dispatch.FormFollowUp && len(found) < mostOffered {
			found = append(found, EvidenceLine{l.Record, join(humanName(l.Replica, l.Record), a.sentence(ctx, lang, l))})
		}
	}
	return found, err
}

// sentence is what a record is called on one line.
func (a *App) sentence(ctx context.Context, lang string, l *notebook.Line) string {
	kind, rest := a.called(ctx, lang, l)
	return join(append([]string{kind}, rest...)...)
}

func (a *App) nameEvidence(ctx context.Context, lang string, p *Directive) error {
	for i := range p.Tasks {
		for k := range p.Tasks[i].Evidence {
			e := &p.Tasks[i].Evidence[k]
			lines, err := a.o.Notebook.Lines(ctx, []record.Dot{e.Record})
			if err != nil {
				return err
			}
			if len(lines) == 1 && lines[0].Visible {
				e.Title = a.sentence(ctx, lang, &lines[0])
			}
		}
	}
	return nil
}

// build says the page in the officer's language.
func (p *Directive) build(a *App) {
	p.DirectiveRow = a.directiveRow(p.order)
	for i := range p.Tasks {
		t, x := &p.order.standing.Tasks[i], &p.Tasks[i]
		x.Text, x.Progress, x.Obstacle, x.Measured = t.Text, t.Progress, t.Obstacle, t.Measure != ""
		x.Accepted, x.Done, x.Late = t.Accepted == dispatch.Yes || t.Done != "", t.Done != "", t.Overdue
		x.Refused, x.Apart = t.Accepted == dispatch.No && !x.Done, a.sayApart(p.order, t)
		x.Said = x.Said[:0:0]
		for k := range t.Apart {
			x.Said = append(x.Said, a.sayFollowUp(&t.Apart[k]))
		}
		target := ""
		if t.Target != "" {
			target = a.T("directive.target", "n", viet.Number(t.Target))
		}
		x.Sub = join(a.T("directive.due", "day", viet.Date(t.Due)), t.Measure, target)
		switch {
		case x.Done:
			x.State = a.T("directive.done", "day", viet.Date(t.Done))
		case x.Refused:
			x.State = a.T("directive.refused")
		case x.Accepted && t.Progress != "":
			x.State = a.T("directive.progress", "n", t.Progress)
		case x.Accepted:
			x.State = a.T("directive.accepted", "day", t.AcceptedAt.In(a.o.Zone).Format("02/01"))
		default:
			x.State = a.T("directive.pending")
		}
		for k := range x.Evidence {
			x.Evidence[k].Title = cmp.Or(x.Evidence[k].Title, a.T("ref.unknown"))
		}
	}
}
