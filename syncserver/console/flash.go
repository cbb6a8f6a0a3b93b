package console

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"banlang/shared/dispatch"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/centre"
	"banlang/syncserver/projection"
	"banlang/syncserver/staff"
)

// flashRows is how many flash reports a page shows.
const flashRows = 50

// flashPage is the board of flash reports: those that wait and those that are followed, or those that are over.
type flashPage struct {
	Over      bool
	Cards     []flashCard
	Waiting   int // that nobody has taken on
	Following int
	Ended     int
	Climbed   int      // of Waiting: that are due to a higher unit by now, of those that are shown
	Next      string   // where the rest begins; "": this is the end
	Bad       *Trouble // why an acknowledgement was refused
}

// flashCard is one report.
type flashCard struct {
	centre.FlashState
	At   *centre.FlashDue // to whom it is due now; nil: to nobody any more
	Next *centre.FlashDue // and to whom next; nil: there is nobody above
	Mine bool             // it is due to the viewer's own unit now
	May  bool             // the viewer may take it on
}

// FlashClock is one of the five clocks of a report.
type FlashClock struct {
	Key, Icon string
	At        record.Millis
	After     string        // how much later than the one before, in words
	Running   record.Millis // since when it is waited for; 0: it is not
	Who       string
}

// getFlash shows the board. It is noted, but for what refreshes itself.
func getFlash(q *Request) error {
	p, err := q.flashPage()
	if err != nil {
		return err
	}
	if !q.Live() {
		if err := q.note(staff.ReadRecords, q.Q("unit"), dispatch.FormFlash, "", q.why(), "", len(p.Cards)); err != nil {
			return err
		}
	}
	return q.show("flash", "nav.flash", p)
}

func (q *Request) flashPage() (*flashPage, error) {
	p := &flashPage{Over: q.Q("over") != ""}
	unread, err := q.unreadFlash()
	if err != nil {
		return nil, err
	}
	var dots []record.Dot
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		f, err := q.flashIn(tx, unread)
		if err != nil {
			return err
		}
		if p.Waiting, p.Following, p.Ended, err = f.count(); err != nil {
			return err
		}
		dots, p.Next, err = f.list(p.Over, q.Q("after"))
		if err == nil && len(dots) == 0 && q.Q("after") != "" { // what stood there is elsewhere by now
			dots, p.Next, err = f.list(p.Over, "")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	all, err := q.c.Centre.Flashes(q.Context(), &centre.FlashList{Lang: q.lang, Records: append([]record.Dot{}, dots...)})
	slices.SortFunc(all, func(a, b centre.FlashState) int {
		return cmp.Compare(slices.Index(dots, a.Record), slices.Index(dots, b.Record))
	})
	for i := range all {
		c := q.flashCard(all[i])
		if c.At != nil && len(all[i].Due) > 0 && *c.At != all[i].Due[0] {
			p.Climbed++
		}
		p.Cards = append(p.Cards, c)
	}
	return p, err
}

func (q *Request) flashCard(s centre.FlashState) flashCard {
	c := flashCard{FlashState: s, May: q.Viewer.Can(staff.AckFlash, s.Unit, declared.Ordinary) == nil}
	if _, err := record.ParseDot(s.Place); err == nil {
		c.Place = "" // of a place that is not here yet
	}
	now := q.now().UnixMilli()
	for i := range s.Due {
		if s.Due[i].From <= now || i == 0 {
			c.At = &s.Due[i]
			continue
		}
		c.Next = &s.Due[i]
		break
	}
	c.Mine = c.At != nil && c.At.Unit == q.Viewer.Unit
	return c
}

// flashQuery asks the tables for flash reports that the viewer may see.
type flashQuery struct {
	tx          *sqlite.Tx
	from, where string
	args        []any
	open        string // the report is not over
	acked       string // somebody has taken it on
}

// flashIn prepares it, over what the tables hold and what is in no table of the form because nobody can read it.
func (q *Request) flashIn(tx *sqlite.Tx, unread []int64) (*flashQuery, error) {
	columns, err := projection.Columns(tx, dispatch.FormFlash)
	if err != nil {
		return nil, err
	}
	has := func(repeat, question string) bool {
		return slices.ContainsFunc(columns, func(c projection.Column) bool {
			return c.Repeat == repeat && c.Question == question && c.Name == question
		})
	}
	f := &flashQuery{tx: tx, open: "1", acked: "0", from: "json_each(?) x JOIN records r ON r.rec = x.value"}
	if len(columns) > 0 {
		table := projection.Quote(projection.Table(dispatch.FormFlash))
		f.from = "(SELECT rec FROM " + table + " UNION SELECT value FROM json_each(?)) x JOIN records r ON r.rec = x.rec LEFT JOIN " + table + " f ON f.rec = r.rec"
	}
	if has("", dispatch.ClosedAt) {
		f.open = "f." + dispatch.ClosedAt + " IS NULL"
	}
	if has(dispatch.Acks, dispatch.AckUnit) {
		f.acked = "EXISTS (SELECT 1 FROM " + projection.Quote(projection.RowTable(dispatch.FormFlash, dispatch.Acks)) + " a WHERE a.rec = r.rec)"
	}
	scope, args := q.scope(staff.ReadRecords).Where("r")
	f.where, f.args = scope+" AND r.hidden = 0", append([]any{sqlite.List(unread)}, args...)
	return f, nil
}

func (f *flashQuery) count() (waiting, following, over int, err error) {
	row, err := f.tx.One("SELECT coalesce(sum("+f.open+" AND NOT "+f.acked+"), 0), coalesce(sum("+f.open+" AND "+f.acked+"), 0), coalesce(sum(NOT ("+f.open+")), 0) FROM "+
		f.from+" WHERE "+f.where, f.args...)
	if err != nil {
		return 0, 0, 0, err
	}
	return int(row.Int64(0)), int(row.Int64(1)), int(row.Int64(2)), nil
}

// list names a page of the reports that are open, or of those that are over: what waits first, the longest first; then what
// somebody has taken on or is over, the newest first. The next page begins behind a place in that order, not after so many:
// nothing is left out when a report is taken on meanwhile.
func (f *flashQuery) list(over bool, after string) (dots []record.Dot, next string, err error) {
	where, taken, args := f.open, f.acked, slices.Clone(f.args)
	if over {
		where, taken = "NOT ("+f.open+")", "1"
	}
	var stood, place int64
	if n, _ := fmt.Sscanf(after, "%d.%d", &stood, &place); n == 2 {
		where += " AND (_taken, _place) > (?, ?)"
		args = append(args, stood, place)
	}
	rows := f.tx.Query("SELECT r.dot, "+taken+" AS _taken, CASE WHEN "+taken+" THEN -r.rec ELSE r.rec END AS _place FROM "+f.from+" WHERE "+f.where+" AND "+where+
		" ORDER BY _taken, _place LIMIT ?", append(args, flashRows+1)...)
	defer rows.Close()
	for rows.Next() {
		if len(dots) == flashRows {
			next = fmt.Sprintf("%d.%d", stood, place)
			break
		}
		d, err := record.ParseDot(rows.Text(0))
		if err != nil {
			return nil, "", err
		}
		dots, stood, place = append(dots, d), rows.Int64(1), rows.Int64(2)
	}
	return dots, next, rows.Err()
}

// unreadFlash are the reports that no version known here can read, by their places: they are shown as they are kept, and wait.
func (q *Request) unreadFlash() (recs []int64, err error) {
	for _, state := range []projection.State{projection.Attention, projection.Conflict} {
		f, from := projection.Filter{Form: dispatch.FormFlash, State: state}, projection.Cursor("")
		for {
			page, err := q.c.Centre.Views().List(q.Context(), q.scope(staff.ReadRecords), f, projection.Order{Asc: true}, from, projection.MaxRows)
			if err != nil {
				return nil, err
			}
			for i := range page.Rows {
				if page.Rows[i].Unread {
					recs = append(recs, page.Rows[i].Rec)
				}
			}
			if from = page.Next; from == "" {
				break
			}
		}
	}
	return recs, nil
}

// flashWaiting counts what nobody has taken on.
func flashWaiting(q *Request) (number navNumber, err error) {
	unread, err := q.unreadFlash()
	if err != nil {
		return number, err
	}
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		f, err := q.flashIn(tx, unread)
		if err != nil {
			return err
		}
		number.n, _, _, err = f.count()
		return err
	})
	return number, err
}

// Clocks are the five clocks of a report.
func (p *flashPage) Clocks(q *Request, c flashCard) []FlashClock {
	all := []FlashClock{{Key: "flash.happened", Icon: "flag", At: c.Happened}, {Key: "flash.known", Icon: "visibility", At: c.Known},
		{Key: "flash.finished", Icon: "edit", At: c.Finished}, {Key: "flash.arrived", Icon: "account_balance", At: c.Arrived}, {Key: "flash.acked", Icon: "timer"}}
	ack := &all[4]
	switch {
	case len(c.Acks) > 0:
		ack.At, ack.Who, ack.Icon = c.Acks[0].At, q.UnitName(c.Acks[0].Unit), "check"
	case c.Closed == 0:
		ack.Running = c.Arrived
	}
	last := record.Millis(0)
	for i := range all {
		if x := &all[i]; x.At != 0 {
			if last != 0 {
				x.After = dispatch.After(time.UnixMilli(last), time.UnixMilli(x.At)).In(q.lang)
			}
			last = x.At
		}
	}
	return all
}

// Since is a moment as script reads it.
func (p *flashPage) Since(ms record.Millis) string {
	return time.UnixMilli(ms).UTC().Format(time.RFC3339)
}

// postFlashAck takes a report on in the name of the viewer's unit. From a card that nobody had taken on, only if still nobody
// has.
func postFlashAck(q *Request) error {
	s, err := q.sheetOf(q.PathValue("name"), staff.AckFlash)
	if err != nil {
		return err
	}
	if s.Form.ID != dispatch.FormFlash {
		return errNoPage
	}
	ask := &centre.FlashAck{Lang: q.lang, By: q.Viewer.Account, Report: s.Record.String(), Unit: q.Viewer.Unit, Text: strings.TrimSpace(q.PostFormValue("text")), First: q.PostFormValue("first") != ""}
	a, err := q.c.Centre.Do(q.Context(), centre.Request{FlashAck: ask, Viewer: q.Viewer})
	switch {
	case err != nil:
		return err
	case a.FlashAck.Already != nil:
		return q.said("/flash", "said.flash.late", 1, "")
	case len(a.FlashAck.Problems) > 0:
		p, err := q.flashPage()
		if err != nil {
			return err
		}
		p.Bad = &Trouble{What: a.FlashAck.Problems[0].Text, Next: q.T("flash.bad.next")}
		return q.showAs(400, "flash", "nav.flash", p)
	}
	q.seen()
	return q.said("/flash", "said.flash", 1, "")
}

// AckedBy reports whether a unit has taken the report on already.
func (c flashCard) AckedBy(unit string) bool {
	return slices.ContainsFunc(c.Acks, func(a centre.FlashAcked) bool { return a.Unit == unit })
}

// Now is the present moment in ms.
func (q *Request) Now() record.Millis { return q.now().UnixMilli() }
