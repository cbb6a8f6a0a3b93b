package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/dispatch"
	"banlang/shared/record"
)

// FlashReports are the unit's reports of what cannot wait. A new one is a form like any other, but leaves first; who above
// has acknowledged it comes back into it, and is told once.
type FlashReports struct {
	a       *App
	all     []*report
	rows    []FlashRow
	told    map[string]bool // rows of acknowledgements that the officer was told of; nil: not read yet
	read    map[record.Dot]*report
	reading turns
	trouble Trouble
}

// FlashRow is a flash report with its clocks.
type FlashRow struct {
	Record   record.Dot
	Name     string // "24-1281"
	Title    string // what happened, how bad
	Place    string
	Summary  string
	Standing Standing
	Clocks   []FlashClock // happened, known, finished, at the centre, acknowledged
	Acks     []string     // each in one sentence, the earliest first
	Closed   bool
}

// FlashClock is one clock of a report: when, and how much later than the one before.
type FlashClock struct {
	Label string
	Time  string // empty: not known
	After string // or, where the time is not known, what is
}

// Rows are the reports: what nobody has acknowledged first, then what is still followed, then what is over.
func (fs *FlashReports) Rows() []FlashRow { return fs.rows }

// Waiting counts those that nobody above has acknowledged.
func (fs *FlashReports) Waiting() (n int) {
	for i := range fs.rows {
		if len(fs.rows[i].Acks) == 0 && !fs.rows[i].Closed {
			n++
		}
	}
	return n
}

// Trouble says why the reports could not be read.
func (fs *FlashReports) Trouble() Trouble { return fs.trouble }

// New opens an empty report.
func (fs *FlashReports) New() {
	if fs.a.me.ID != "" {
		fs.a.New(dispatch.FormFlash)
	}
}

// Advice says before a report is finished what will become of it.
func (fs *FlashReports) Advice() []string {
	a := fs.a
	if a.engine.Phase != Offline {
		return []string{a.T("flash.online"), a.T("flash.phone")}
	}
	return []string{a.T("flash.offline"), a.T("flash.first"), a.T("flash.phone")}
}

func (fs *FlashReports) reset() { *fs = FlashReports{a: fs.a} }

// report is a flash report as it was read.
type report struct {
	dispatch.Flash
	look *look
	sum  record.Digest // of the record
	lang string
	made record.ReplicaID
	mine int // changes that were written on this machine
}

// settingTold keeps of which acknowledgements, and of which arrivals at the centre, the officers of this machine were told.
const settingTold = "flash told"

// mostFlashes bounds the reports that are looked at, the newest.
const mostFlashes = 100

// refresh reads the reports after the notebook has changed.
func (fs *FlashReports) refresh() {
	if fs.a.o.Notebook == nil || !fs.reading.begin() {
		return
	}
	lang, before := fs.a.lang, fs.read
	fs.a.run(func(ctx context.Context) func() {
		all, told, err := fs.a.readFlashes(ctx, lang, before)
		return func() {
			defer fs.reading.end(fs.refresh)
			fs.trouble = Trouble{}
			if err != nil {
				fs.trouble = fs.a.sayFault(err)
				fs.a.show(PartFlash)
				return
			}
			fs.all, fs.read = all, map[record.Dot]*report{}
			for _, r := range all {
				fs.read[r.Record] = r
				r.look.open()
			}
			fs.dress()
			if fs.told == nil {
				fs.told = told
			}
			fs.tell(all)
			fs.a.show(PartFlash | PartNav)
		}
	})
}

// dress says the reports in words; the account of the notebook is among them, which is read beside the reports.
func (fs *FlashReports) dress() {
	fs.rows = fs.rows[:0:0]
	for _, r := range fs.all {
		fs.rows = append(fs.rows, fs.a.flashRow(r))
	}
}

// readFlashes reads the reports; of one that has not changed since it was read before, what was read.
func (a *App) readFlashes(ctx context.Context, lang string, before map[record.Dot]*report) (all []*report, told map[string]bool, err error) {
	recs, err := a.o.Notebook.Search(ctx, notebook.Query{Form: dispatch.FormFlash, Limit: mostFlashes})
	if err != nil {
		return nil, nil, err
	}
	for _, rec := range recs {
		r, err := a.readFlash(ctx, lang, rec, before[rec])
		if err != nil {
			return nil, nil, err
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(x, y *report) int { return dispatch.CompareFlash(&x.Flash, &y.Flash) })
	kept, err := a.o.Notebook.Setting(ctx, settingTold)
	var names []string
	_ = json.Unmarshal(kept, &names) // what cannot be read is told once more
	told = map[string]bool{}
	for _, n := range names {
		told[n] = true
	}
	return all, told, err
}

func (a *App) readFlash(ctx context.Context, lang string, rec record.Dot, before *report) (*report, error) {
	v, err := a.o.Notebook.View(ctx, rec)
	if err != nil {
		return nil, err
	}
	lines, err := a.o.Notebook.Lines(ctx, []record.Dot{rec})
	if err != nil {
		return nil, err
	}
	if before != nil && before.lang == lang && before.sum == v.Sum() && len(lines) == 1 && before.look.line == lines[0] {
		return before, nil
	}
	l, err := a.readLook(ctx, lang, rec)
	if err != nil {
		return nil, err
	}
	r := &report{look: l, sum: l.view.Sum(), lang: lang}
	for _, c := range l.changes {
		if c.Replica == a.o.Notebook.Replica() {
			r.mine++
		}
		if c.Creates() {
			r.Flash, r.made = dispatch.ReadFlash(l.view, c.Time), c.Replica
		}
	}
	return r, nil
}

// turns lets one reading run at a time; what is asked for meanwhile is done once, behind it.
type turns struct{ running, again bool }

func (t *turns) begin() bool {
	t.again = t.running
	was := t.running
	t.running = true
	return !was
}

func (t *turns) end(refresh func()) {
	again := t.again
	*t = turns{}
	if again {
		refresh()
	}
}

// flashRow says a report in the officer's language.
func (a *App) flashRow(r *report) FlashRow {
	row := FlashRow{Record: r.Record, Name: humanName(r.made, r.Record), Place: r.look.place(), Summary: r.Summary, Standing: a.flashStanding(r),
		Closed: !r.Closed.IsZero(), Title: join(r.look.say("category", r.Category), r.look.say("severity", r.Severity))}
	var before time.Time
	clock := func(label string, t time.Time, otherwise string) {
		c := FlashClock{Label: label, After: otherwise}
		if !t.IsZero() {
			c.Time, c.After = a.clockTime(t.In(a.o.Zone)), dispatch.After(before, t).In(a.lang)
			before = t
		}
		row.Clocks = append(row.Clocks, c)
	}
	clock(a.T("flash.happened"), r.Happened, "")
	clock(a.T("flash.known"), r.Known, "")
	clock(a.T("flash.finished"), r.Finished, "")
	clock(a.T("flash.arrived"), r.Arrived, a.whereIs(r))
	ack, unit := time.Time{}, a.T("flash.noack")
	if first := r.Acknowledged(); first != nil {
		ack, unit = first.At, a.acknowledgedBy(first)
	}
	clock(a.T("flash.acked"), ack, unit)
	for i := range r.Acks {
		row.Acks = append(row.Acks, a.sayAck(&r.Acks[i]))
	}
	return row
}

// flashStanding is how a report stands. It overtakes what was written before it, so its receipt comes late: that the centre has it
// is known from the centre's note of when it came, as long as nothing was written into it since.
func (a *App) flashStanding(r *report) Standing {
	s := a.standing(&r.look.line)
	if s == Queued && !r.Arrived.IsZero() && r.mine == 1 {
		return AtCentre
	}
	return a.goingNow(s)
}

// isSending reports whether a flash report is on its way now that the centre does not have.
func (fs *FlashReports) isSending() bool {
	for _, r := range fs.all {
		if r.Arrived.IsZero() && fs.a.flashStanding(r) == Leaving {
			return true
		}
	}
	return false
}

// progressed shows that reports are on their way, or are not any more.
func (fs *FlashReports) progressed() {
	for i := range fs.rows {
		if fs.rows[i].Standing != fs.a.flashStanding(fs.all[i]) {
			fs.dress()
			fs.a.show(PartFlash)
			return
		}
	}
}

// whereIs says what is known of a report whose arrival the centre has not told yet.
func (a *App) whereIs(r *report) string {
	switch a.flashStanding(r) {
	case Leaving:
		return a.T("flash.leaving")
	case Queued:
		return a.T("flash.first")
	}
	if r.look.line.Queued { // what else stands about it is said before that
		return a.T("flash.first")
	}
	return a.T("flash.receipt", "time", a.Bar().Receipt)
}

// sayAck says an acknowledgement in one sentence.
func (a *App) sayAck(x *dispatch.Ack) string {
	at := a.clockTime(x.At.In(a.o.Zone))
	if x.Text == "" {
		return a.T("flash.ack.plain", "unit", a.acknowledgedBy(x), "time", at)
	}
	return a.T("flash.ack", "unit", a.acknowledgedBy(x), "time", at, "text", x.Text)
}

// acknowledgedBy says who has taken a report on.
func (a *App) acknowledgedBy(x *dispatch.Ack) string {
	return a.issued(x.Unit, x.By.Replica, x.By.Officer, x.By.Time)
}

// newsFor is how long after a report came to the centre the officer is still told of it.
const newsFor = time.Hour

// tell shows the newest acknowledgement that the officer was not told of, once, or that a report of his has come to the centre; older
// ones are in the list.
func (fs *FlashReports) tell(all []*report) {
	a := fs.a
	if a.me.ID == "" {
		return
	}
	var newest *dispatch.Ack
	var of record.Dot
	var names []string
	fresh, there := false, (*report)(nil)
	for _, r := range all {
		if name := arrivedName(r); !r.Arrived.IsZero() && r.made == a.o.Notebook.Replica() {
			names = append(names, name)
			if !fs.told[name] {
				fs.told[name], fresh = true, true
				if len(r.Acks) == 0 && a.now().Sub(r.Arrived).Abs() < newsFor {
					there = r
				}
			}
		}
		for i := range r.Acks {
			x := &r.Acks[i]
			names = append(names, x.Row)
			if fs.told[x.Row] {
				continue
			}
			fs.told[x.Row], fresh = true, true
			if newest == nil || x.At.After(newest.At) {
				newest, of = x, r.Record
			}
		}
	}
	if !fresh {
		return
	}
	slices.Sort(names)
	a.run(func(ctx context.Context) func() {
		text, err := json.Marshal(names)
		if err == nil {
			err = a.o.Notebook.PutSetting(ctx, settingTold, text)
		}
		return func() {
			if err != nil {
				a.toastTrouble(err)
			}
		}
	})
	switch {
	case newest != nil:
		a.toast(a.sayAck(newest), a.T("flash.open"), func() { a.leaveForm(); a.showRecord(of) })
	case there != nil:
		rec := there.Record
		a.toast(a.T("flash.there", "time", there.Arrived.In(a.o.Zone).Format("15:04:05")), a.T("flash.open"), func() { a.leaveForm(); a.showRecord(rec) })
	}
}

// arrivedName is the name under which it is noted that the officer was told of the arrival of a report.
func arrivedName(r *report) string { return "there " + r.Record.String() }
