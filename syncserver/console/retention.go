package console

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/projection"
	"banlang/syncserver/staff"
)

// A form says of each question how long its answers are kept. What is past that time is proposed here; nothing is erased unless
// somebody orders it.

// dueRows bounds a page, and so what is ordered at once.
const dueRows = 50

// rule is how long some answers of a form are kept.
type rule struct {
	form  *form.Form
	text  string   // as declared: "10y", "90d after closed_on"
	after string   // the question whose day it counts from; "": the day of the record
	paths []string // whose answers
	whole bool     // it is the longest of its form: what is past it goes with all of its record
	until string   // what counts from this day or an earlier one is past its time, yyyy-mm-dd
}

// Due is a record of which something is past its time.
type Due struct {
	Record      record.Dot
	Name        string
	FormID      string
	Form, Rule  string // as people read them
	Unit        string
	Compartment string
	Since       string   // the day that it counts from
	Paths       []string // of a rule for some answers: those that there are; nil: the whole record
	Item        string   // names it in the form of the page
}

// duePage lists them.
type duePage struct {
	Rows []Due
	More bool
}

// rules are those of the forms that are in force. A time that counts from when the answer is replaced is none: what was replaced is
// not in the record any more.
func (q *Request) rules() (all []rule) {
	for _, p := range q.c.Centre.Library().All() {
		f, ok := q.c.Centre.Library().Current(p.ID)
		if !ok {
			continue
		}
		byText := map[string][]string{}
		for _, x := range f.Fields() {
			if x.Stored {
				text := cmp.Or(x.Declared.Retention, "permanent") // of what says no time nobody throws anything away
				byText[text] = append(byText[text], x.Path)
			}
		}
		texts := slices.Sorted(maps.Keys(byText))
		longest := longestOf(texts, q.now())
		for _, text := range texts {
			span, after, _ := strings.Cut(text, " after ")
			r := rule{form: f, text: text, after: after, paths: byText[text], whole: text == longest, until: before(q.now(), span)}
			if r.until != forever && after != "replaced" {
				all = append(all, r)
			}
		}
	}
	return all
}

// longestOf is the one of some times that ends last: by it goes what no rule has taken before, the record as a whole. Of two that are
// as long it is the one that counts from a later day.
func longestOf(texts []string, now time.Time) (longest string) {
	var until string
	for i, text := range texts {
		span, after, _ := strings.Cut(text, " after ")
		b := before(now, span)
		if i == 0 || b < until || b == until && after != "" {
			longest, until = text, b
		}
	}
	return longest
}

// forever is before every day: so far back lies what is kept permanently.
const forever = ""

// before is the day that lies so long before another one: "90d", "6m", "10y", "permanent".
func before(now time.Time, span string) string {
	n, err := strconv.Atoi(span[:max(0, len(span)-1)])
	if err != nil {
		return forever
	}
	switch span[len(span)-1] {
	case 'd':
		now = now.AddDate(0, 0, -n)
	case 'm':
		now = now.AddDate(0, -n, 0)
	case 'y':
		now = now.AddDate(-n, 0, 0)
	}
	return now.Format(time.DateOnly)
}

// due lists what is past its time, and was not ordered to be erased yet; one more than a page.
func (q *Request) due() (rows []Due, err error) {
	orders, err := q.c.Centre.Erasures(q.Context())
	if err != nil {
		return nil, err
	}
	ordered := map[record.Dot]bool{} // with all that they say
	for i := range orders {
		if len(orders[i].Paths) == 0 {
			ordered[orders[i].Record] = true
		}
	}
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		for _, r := range q.rules() {
			if err := q.dueUnder(tx, r, ordered, &rows); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortStableFunc(rows, func(a, b Due) int { return cmp.Compare(a.Since, b.Since) })
	return rows[:min(len(rows), dueRows+1)], err
}

// dueUnder adds what is past one rule.
func (q *Request) dueUnder(tx *sqlite.Tx, r rule, ordered map[record.Dot]bool, rows *[]Due) error {
	id := r.form.ID()
	from, day := "records AS r", "CASE r.day WHEN '' THEN date(r.arrived / 1000, 'unixepoch', '+7 hours') ELSE r.day END"
	if r.after != "" {
		columns, err := projection.Columns(tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(columns, func(c projection.Column) bool { return c.Repeat == "" && c.Question == r.after && c.Name != "" })
		if i < 0 {
			return nil // no record of it yet
		}
		from += " JOIN " + projection.Quote(columns[i].Table) + " AS f ON f.rec = r.rec"
		day = "f." + projection.Quote(columns[i].Name)
	}
	where, args := q.Viewer.Where(staff.EraseRecord, "r")
	args = append([]any{id, r.until}, args...)
	found := tx.Query(fmt.Sprintf("SELECT r.dot, r.name, r.unit, r.compartment, %[1]s FROM %[2]s WHERE r.form = ? AND %[1]s <> '' AND %[1]s <= ? AND %[3]s ORDER BY 5", day, from, where), args...)
	for n := 0; n <= dueRows && found.Next(); {
		rec, err := record.ParseDot(found.Text(0))
		if err != nil {
			return err
		}
		d := Due{Record: rec, Name: found.Text(1), Unit: found.Text(2), Compartment: found.Text(3), Since: found.Text(4), FormID: id, Form: q.FormTitle(id),
			Rule: q.RuleText(r.text), Item: rec.String() + " " + r.text}
		if ordered[rec] {
			continue
		}
		if !r.whole {
			if d.Paths, err = q.c.Centre.Answered(q.Context(), rec, r.paths); err != nil {
				return err
			}
			if d.Paths == nil {
				continue
			}
		}
		*rows = append(*rows, d)
		n++
	}
	return found.Err()
}

// RuleText says how long something is kept.
func (q *Request) RuleText(text string) string {
	span, after, _ := strings.Cut(text, " after ")
	words := q.T("retention."+span[len(span)-1:], "n", span[:len(span)-1])
	if after != "" {
		words += " " + q.T("retention.after", "day", after)
	}
	return words
}

func getDue(q *Request) error {
	rows, err := q.due()
	if err != nil {
		return err
	}
	p := duePage{Rows: rows[:min(len(rows), dueRows)], More: len(rows) > dueRows}
	if err := q.note(staff.EraseRecord, "", "", "", "due", "", len(p.Rows)); err != nil {
		return err
	}
	return q.show("due", "due.title", p)
}

// postDue orders what was chosen to be erased, as far as it is still due. Records of which only some answers are past their time are
// not erased so: something else that has to be kept may go along, and that is for a person to look at (getEraseOne).
func postDue(q *Request) error {
	if err := q.ParseForm(); err != nil {
		return badInput(err)
	}
	rows, err := q.due()
	if err != nil {
		return err
	}
	n := 0
	for _, d := range rows {
		if d.Paths != nil || !slices.Contains(q.PostForm["item"], d.Item) {
			continue
		}
		if err := q.c.Centre.Staff().Allow(q.Context(), q.Viewer, staff.EraseRecord, d.Unit, d.Compartment); err != nil {
			return notHis(err)
		}
		if err := q.erase(d.Record.String(), strings.TrimPrefix(d.Item, d.Record.String()+" "), nil); err != nil {
			return err
		}
		n++
	}
	if n == 0 {
		return q.said("/erase/due", "said.erased.late", 0, "")
	}
	return q.said("/erase/due", "said.erased", n, "")
}

// DueLink is where one looks at what would go with the answers of a row.
func (q *Request) DueLink(d Due) string {
	v := url.Values{"record": {d.Record.String()}, "path": d.Paths}
	return "/erase/one?" + v.Encode()
}
