package projection_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// TestLists holds every list against the same rows chosen and sorted one by one: scopes, filters and orders, page by page; by whatever
// way the rows are found.
func TestLists(t *testing.T) {
	for _, most := range []int{20_000, 20, 4, 1} {
		t.Run(fmt.Sprint(most), func(t *testing.T) { projection.SortFewer(t, most); lists(t) })
	}
}

func lists(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 21)
	w.happen(250)
	w.must(w.views.CatchUp(ctx))
	rows, words := w.allRows()
	scopes := []projection.Scope{everybody, {}, {Units: []string{"U2"}}, {Units: []string{"U2", "U3", "U9"}, Own: "U3"}, {Own: "U1"}}
	for i := range 400 {
		s, f := scopes[w.rng.IntN(len(scopes))], w.filter(rows)
		o := projection.Order{By: []projection.Sort{projection.ByArrival, projection.ByDay}[i%2], Asc: w.rng.IntN(2) == 0}
		var want []projection.Row
		for _, r := range rows {
			if inScope(s, &r) && fits(&f, &r, words[r.Rec]) {
				want = append(want, r)
			}
		}
		slices.SortFunc(want, func(a, b projection.Row) int {
			c := cmp.Compare(a.Rec, b.Rec)
			if o.By == projection.ByDay {
				c = cmp.Or(strings.Compare(a.Day, b.Day), c)
			}
			if !o.Asc {
				c = -c
			}
			return c
		})
		limit := 1 + w.rng.IntN(30)
		var got []projection.Row
		from := projection.Cursor("")
		for range len(rows) + 1 {
			page, err := w.views.List(ctx, s, f, o, from, limit)
			w.must(err)
			if page.Total != len(want) || !page.Exact {
				t.Fatalf("%+v %+v: %d, %t in all, want %d", s, f, page.Total, page.Exact, len(want))
			}
			got = append(got, page.Rows...)
			if from = page.Next; from == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v %+v %+v:\n%+v, want\n%+v", s, f, o, got, want)
		}
		if n, exact, err := w.views.Count(ctx, s, f); n != len(want) || !exact || err != nil {
			t.Fatalf("%+v: counted %d %t %v, want %d", f, n, exact, err, len(want))
		}
	}
}

// allRows reads every row, and the words of each, which a rebuild of the record gives.
func (w *world) allRows() (rows []projection.Row, words map[int64]string) {
	w.t.Helper()
	words = map[int64]string{}
	for _, unit := range []string{"U1", "U2", "U3"} {
		for _, hidden := range []bool{false, true} {
			s := projection.Scope{Own: unit}
			if unit == "U1" {
				s.Units = everybody.Units
			}
			page, err := w.views.List(ctx, s, projection.Filter{Hidden: hidden}, projection.Order{}, "", projection.MaxRows)
			w.must(err)
			rows = append(rows, page.Rows...)
		}
	}
	var states []string
	for _, r := range rows {
		states = append(states, string(r.State))
		words[r.Rec] = viet.Fold(r.Title)
		v := w.seen(r.Dot)
		if f, _, ok := w.forms.For(v.Form, v.Values()); ok && !r.Unread {
			l, err := f.Open(v.Values(), form.Env{})
			w.must(err)
			words[r.Rec] = l.Words()
		}
	}
	slices.Sort(states)
	if got := slices.Compact(states); len(got) != 5 {
		w.t.Fatalf("the history has records in the states %v only", got)
	}
	return rows, words
}

func (w *world) filter(rows []projection.Row) (f projection.Filter) {
	r := rows[w.rng.IntN(len(rows))]
	for range w.rng.IntN(4) {
		switch w.rng.IntN(9) {
		case 0:
			f.Form = r.Form
		case 1:
			f.Units = [][]string{{"U1", "U2"}, {r.Unit}, {}, {"U9"}}[w.rng.IntN(4)]
		case 2:
			f.State = r.State
		case 3:
			f.From = w.pick("2026-11-12", "2025-01-01", "1990-01-01")
		case 4:
			f.To = w.pick("2026-11-12", "2025-12-31", "2100-01-01")
		case 5:
			f.Text = w.pick("Bà con", "suối đ", "hỏi nhi", "tin", "gieng", "2026", "sung", "con ", "zz")
		case 6:
			f.Officer = w.pick("an", "bình")
		case 7:
			f.Replica = r.Replica
		case 8:
			f.Hidden = true
		}
	}
	return f
}

func inScope(s projection.Scope, r *projection.Row) bool {
	if r.Compartment == "ordinary" {
		return slices.Contains(s.Units, r.Unit)
	}
	return r.Unit == s.Own
}

func fits(f *projection.Filter, r *projection.Row, words string) bool {
	if f.Form != "" && f.Form != r.Form || f.Units != nil && !slices.Contains(f.Units, r.Unit) || f.State != "" && f.State != r.State ||
		f.From != "" && r.Day < f.From || f.To != "" && (r.Day > f.To || r.Day == "") || f.Officer != "" && f.Officer != r.Officer ||
		f.Replica != 0 && f.Replica != r.Replica || f.Hidden != r.Hidden || f.Hidden && f.Text != "" {
		return false
	}
	asked := strings.Fields(viet.Fold(f.Text))
	for i, a := range asked {
		last := len(a) >= 2 && i == len(asked)-1 && !strings.HasSuffix(f.Text, " ")
		if !slices.ContainsFunc(strings.FieldsFunc(words+" "+r.Name, func(c rune) bool { return strings.ContainsRune(" .,-·/\n:()“”", c) }), func(has string) bool {
			return has == a || last && strings.HasPrefix(has, a)
		}) {
			return false
		}
	}
	return true
}

// TestBadInput: what is no day and no place in a list is refused.
func TestBadInput(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 22)
	for _, f := range []projection.Filter{{From: "12/11/2026"}, {To: "2026-02-30"}} {
		if _, err := w.views.List(ctx, everybody, f, projection.Order{}, "", 10); !errors.Is(err, fault.BadInput) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	for _, c := range []projection.Cursor{"!", "x", "MjAyNi0wMi0zMCAx"} {
		if _, err := w.views.List(ctx, everybody, projection.Filter{}, projection.Order{}, c, 10); !errors.Is(err, fault.BadInput) {
			t.Errorf("cursor %q: %v", c, err)
		}
	}
}

// TestFormOfTomorrow: records of a form that is not known are listed as unread, and read once it is published; a version
// that is published later draws what is there anew, and its columns are added.
func TestFormOfTomorrow(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 23)
	for range 3 {
		w.push(w.write(w.devices[0], w.of(testForm(1), "ngay", "2026-05-01", "sau", "12", "Q0", "xa lắm", "mau/r1/ten", "a", "mau/r1/RoW", "4")))
	}
	w.must(w.views.CatchUp(ctx))
	list := func(text string) []projection.Row {
		page, err := w.views.List(ctx, everybody, projection.Filter{Form: "giếng", Text: text}, projection.Order{}, "", 10)
		w.must(err)
		return page.Rows
	}
	if got := list(""); len(got) != 3 || !got[0].Unread || got[0].State != projection.Attention || got[0].Day != "" {
		t.Fatalf("before: %+v", got)
	}
	w.publish()
	w.must(w.views.CatchUp(ctx))
	if got := list("xa lắ"); len(got) != 3 || got[0].Unread || got[0].State != projection.AtCentre || got[0].Day != "2026-05-01" {
		t.Fatalf("after: %+v", got)
	}
	w.publish()
	w.must(w.views.CatchUp(ctx))
	w.must(w.views.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One(`SELECT sum(sau), sum(tong), sum("RoW~2"), count(Q1) FROM "f_giếng" JOIN "r_giếng__mau" USING (rec)`)
		if err != nil {
			return err
		}
		if got := fmt.Sprint(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3)); got != "36000 12 12 0" {
			t.Errorf("the tables say %s", got)
		}
		return nil
	}))
	w.must(w.views.Check(ctx))
	w.compare()
}

// TestReviewsAreListed: the state of a record follows what staff say, and what is written after it.
func TestReviewsAreListed(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 24)
	rec := w.add(w.devices[0], "U1/ordinary", "awareness_session", "occurred_on", "2026-11-12")
	state := func() projection.State {
		w.must(w.views.CatchUp(ctx))
		page, err := w.views.List(ctx, everybody, projection.Filter{}, projection.Order{}, "", 10)
		w.must(err)
		return page.Rows[0].State
	}
	for _, c := range []struct {
		do   func()
		want projection.State
	}{
		{func() {}, projection.AtCentre},
		{func() { w.review(rec, record.ReviewReturned) }, projection.Returned},
		{func() { w.edit(w.devices[0], rec, "note", "đã sửa") }, projection.AtCentre},
		{func() { w.review(rec, record.ReviewApproved) }, projection.Approved},
		{func() {
			w.push(w.write(w.devices[1], record.Change{Record: rec, Form: w.seen(rec).Form, Edits: edits([]string{"note", "khác"})}))
		}, projection.Conflict},
	} {
		if c.do(); state() != c.want {
			t.Errorf("%s, want %s", state(), c.want)
		}
	}
	w.must(w.views.Check(ctx))
}

// TestStamps: the stamp of a form alters whenever anything does that the tables say of its records, by whatever way it came, and is not
// that of any state before; what is done to records of other forms leaves it alone.
func TestStamps(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 23)
	said, stamps, seen, calm := map[string]string{}, map[string]int64{}, map[int64]string{}, 0
	for range 120 {
		w.happen(2)
		w.must(w.views.CatchUp(ctx))
		w.must(w.views.View(ctx, func(tx *sqlite.Tx) error {
			for _, id := range []string{"awareness_session", "tip", "weapon_handover", "giếng"} {
				now, err := contents(tx, id)
				if err != nil {
					return err
				}
				stamp, err := projection.Stamp(tx, id)
				if err != nil {
					return err
				}
				if before, known := seen[stamp]; known && stamp != 0 && before != now {
					t.Fatalf("%s says something else under the stamp %d", id, stamp)
				}
				seen[stamp] = now
				switch {
				case now != said[id] && stamp == stamps[id]:
					t.Fatalf("%s says something else, and its stamp is the same", id)
				case now == said[id] && now != "" && stamp == stamps[id]:
					calm++
				}
				said[id], stamps[id] = now, stamp
			}
			return nil
		}))
	}
	if calm < 50 {
		t.Errorf("stamps stayed %d times only", calm)
	}
}

// contents is all that the tables say of the records of a form; "" is none.
func contents(tx *sqlite.Tx, id string) (string, error) {
	row, err := tx.One(`SELECT coalesce(group_concat(quote(rec) || quote(unit) || quote(day) || quote(arrived) || quote(review) || quote(state) || hidden || unread), '')
		FROM (SELECT * FROM records WHERE form = ? ORDER BY rec)`, id)
	if err != nil {
		return "", err
	}
	all := row.Text(0)
	columns, err := projection.Columns(tx, id)
	for _, c := range columns {
		if c.Name == "" || err != nil {
			continue
		}
		row, err = tx.One("SELECT coalesce(group_concat(rec || quote(v)), '') FROM (SELECT rec, " + projection.Quote(c.Name) + " AS v FROM " + projection.Quote(c.Table) + " ORDER BY 1, 2)")
		all += c.Name + row.Text(0)
	}
	return all, err
}
