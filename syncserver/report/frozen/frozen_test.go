package frozen_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/report"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/report/reporttest"
	"banlang/syncserver/report/shelf"
)

var cutoff = time.Date(2018, 2, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

func order() frozen.Order {
	o := frozen.Order{
		Title: "Năm 2017", Root: "VN", Period: report.Period{From: "2017-01-01", To: "2017-12-31"}, Cutoff: cutoff,
		Covers: []frozen.Covered{{Run: "b", N: 7, Head: "22"}, {Run: "a", N: 900, Head: "11"}}, Missing: []string{"p2c2", "p1c3"},
	}
	for _, d := range report.Indicators() {
		if d.Measure != report.Rank {
			o.Tables = append(o.Tables, frozen.Layout{Indicator: d.ID, Rows: pivot.Axis{By: pivot.ByUnit}, Columns: pivot.Axis{By: pivot.ByTime, Step: report.Quarter}})
		}
	}
	return o
}

func take(t *testing.T, entries []reporttest.Entry) (s *frozen.Snapshot, db *sqlite.DB) {
	t.Helper()
	db = reporttest.Open(t, form.Builtin(), entries)
	return takeBy(t, db, order()), db
}

func takeBy(t *testing.T, db *sqlite.DB, o frozen.Order) (s *frozen.Snapshot) {
	t.Helper()
	err := db.View(t.Context(), func(tx *sqlite.Tx) (err error) {
		s, err = frozen.Take(tx, reporttest.Tree(2, 3), o, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func encode(t *testing.T, s *frozen.Snapshot) string {
	t.Helper()
	b, err := s.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestAFreezeIsReproduced: over the same records, in whatever order they came, and with all that came after the cut-off
// beside them, a snapshot has the same bytes.
func TestAFreezeIsReproduced(t *testing.T) {
	all := reporttest.Make(rand.New(rand.NewPCG(1, 2)), reporttest.Tree(2, 3), 4000)
	inTime := slices.DeleteFunc(slices.Clone(all), func(e reporttest.Entry) bool { return e.Arrived > cutoff || e.Unread })
	withLate := slices.DeleteFunc(slices.Clone(all), func(e reporttest.Entry) bool { return e.Unread })
	first, _ := take(t, inTime)
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(withLate), func(i, j int) { withLate[i], withLate[j] = withLate[j], withLate[i] })
	again, db := take(t, withLate)
	if encode(t, first) != encode(t, again) {
		t.Error("the same records give other bytes")
	}
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		since, err := frozen.Since(tx, reporttest.Tree(2, 3), first, nil)
		late := int64(0)
		for _, d := range since {
			if d.Indicator == "AW_SESSIONS" && d.Row == (pivot.Head{}) && d.Column == (pivot.Head{}) {
				late = d.Late
			}
			if d.Late == 0 {
				t.Errorf("%+v differs, and nothing came late", d)
			}
		}
		want := int64(0)
		for _, e := range withLate {
			if e.Form == "awareness_session" && e.Arrived > cutoff && order().Period.Has(e.Day) {
				want++
			}
		}
		if late != want || want == 0 {
			t.Errorf("%d sessions came late, want %d", late, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// later is the country of the tests, with a commune that was renamed and two that were merged after everything here was frozen.
func later() *units.View {
	before := reporttest.Tree(2, 3).All()
	var all []units.Unit
	for _, u := range before {
		switch u.Code {
		case "p1c1":
			next := u
			u.To, next.From, next.Name = "2027-01-01", "2027-01-01", "Phường p1c1"
			all = append(all, next)
		case "p2c2", "p2c3":
			u.To, u.Into = "2027-01-01", []string{"p2c4"}
		}
		all = append(all, u)
	}
	all = append(all, units.Unit{Code: "p2c4", Parent: "p2", Level: "commune", Name: "Xã p2c4", From: "2027-01-01"})
	return units.New(units.Usual, all).At("2027-06-01")
}

// TestComputedAgain: a report that was frozen comes out with the same bytes when it is computed from its own order, whatever it is
// of, and also when units were merged and renamed since, and other definitions came. A record that counts otherwise alters it.
func TestComputedAgain(t *testing.T) {
	all := reporttest.Make(rand.New(rand.NewPCG(7, 8)), reporttest.Tree(2, 3), 1500)
	db := reporttest.Open(t, form.Builtin(), all)
	byLevel := order()
	some := byLevel.Tables
	byLevel.Tables = nil
	for i, d := range some {
		if i%4 == 0 {
			d.Rows.Level = "commune"
			byLevel.Tables = append(byLevel.Tables, d)
		}
	}
	approved, ofOne, before := byLevel, byLevel, byLevel
	approved.Only = true
	ofOne.Root, ofOne.Reader = "p1c1", "p1c1"
	before.Tables = slices.Clone(before.Tables)
	for i := range before.Tables {
		before.Tables[i].Period = report.Period{From: "2016-01-01", To: "2016-12-31"}
	}
	seen := map[string]string{}
	for what, o := range map[string]frozen.Order{"all": byLevel, "the approved": approved, "a commune": ofOne, "the year before": before} {
		o.Day = "2026-06-01"
		s := takeBy(t, db, o)
		s.Number, s.Definitions = 17, "those of an earlier program"
		for at, view := range map[string]*units.View{"at once": reporttest.Tree(2, 3), "after the merger": later()} {
			err := db.View(t.Context(), func(tx *sqlite.Tx) error {
				again, err := frozen.Again(tx, view, s)
				if err == nil && encode(t, again) != encode(t, s) {
					t.Errorf("%s, %s: other bytes", what, at)
				}
				since, err2 := frozen.Since(tx, view, s, nil)
				for _, d := range since {
					if d.Late == 0 {
						t.Errorf("%s, %s: %+v differs, and nothing came late", what, at, d)
						break
					}
				}
				return errors.Join(err, err2)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		bare := &frozen.Snapshot{}
		for _, table := range s.Tables {
			bare.Tables = append(bare.Tables, frozen.Table{Cells: table.Cells})
		}
		cells := encode(t, bare)
		if other, same := seen[cells]; same {
			t.Errorf("%s has the figures of %s", what, other)
		}
		seen[cells] = what
	}
	s := takeBy(t, db, byLevel)
	if !slices.IsSorted(s.Missing) || len(s.Missing) != 2 || len(s.Covers) != 2 || s.Covers[0].Run != "a" {
		t.Errorf("missing %v, covers %v", s.Missing, s.Covers)
	}
}

// TestWhatIsHiddenTellsNothing: neither a figure that was hidden nor one that would be is among what has changed since.
func TestWhatIsHiddenTellsNothing(t *testing.T) {
	tip := func(i int, unit string) reporttest.Entry {
		return reporttest.Entry{Reading: report.Reading{ID: fmt.Sprint(i), Unit: unit, Form: "tip", Day: "2017-03-01",
			Values: map[string]string{"occurred_on": "2017-03-01", "assessed_value": "co_gia_tri", "category": "ma_tuy"}}}
	}
	few, many := []reporttest.Entry{tip(0, "p1c1")}, []reporttest.Entry{}
	for i := range 9 {
		many = append(many, tip(i, "p1c1"))
	}
	o := order()
	o.Tables = []frozen.Layout{{Indicator: "TIP_VALUABLE", Rows: pivot.Axis{By: pivot.ByUnit}}}
	ofOwn := o
	ofOwn.Root, ofOwn.Reader = "p1c1", "p1c1"
	for want, x := range map[string]frozen.Order{pivot.HiddenText: o, "1": ofOwn} {
		s := takeBy(t, reporttest.Open(t, form.Builtin(), few), x)
		if last := s.Tables[0].Cells[len(s.Tables[0].RowHeads)]; last[0].Text() != want {
			t.Errorf("%s reads %s of %s, want %s", x.Reader, last[0].Text(), x.Root, want)
		}
	}
	for what, x := range map[string][2][]reporttest.Entry{"was hidden": {few, many}, "would be": {many, few}} {
		s := takeBy(t, reporttest.Open(t, form.Builtin(), x[0]), o)
		err := reporttest.Open(t, form.Builtin(), x[1]).View(t.Context(), func(tx *sqlite.Tx) error {
			since, err := frozen.Since(tx, reporttest.Tree(2, 3), s, nil)
			if len(since) > 0 {
				t.Errorf("%s: %+v", what, since)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestAFreezeStands: what is on the shelf stays as it was, when records are erased and corrected after it; and nobody alters it.
func TestAFreezeStands(t *testing.T) {
	all := reporttest.Make(rand.New(rand.NewPCG(5, 6)), reporttest.Tree(2, 3), 1500)
	s, _ := take(t, all)
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "shelf.db")}, shelf.Schema)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	shelf := frozen.NewShelf(db)
	for number := 1; number <= 2; number++ {
		label, err := shelf.Put(t.Context(), s, "lan", cutoff)
		if err != nil || label.Number != number || label.Title != "Năm 2017" {
			t.Fatalf("%+v %v", label, err)
		}
	}
	kept, err := shelf.Get(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	s.Number = 2
	if encode(t, kept) != encode(t, s) {
		t.Error("it comes back otherwise than it was put there")
	}
	erased := slices.DeleteFunc(slices.Clone(all), func(e reporttest.Entry) bool { return e.Form == "awareness_session" && e.Unit == "p1c1" })
	after, now := take(t, erased)
	if after.Number = 2; encode(t, after) == encode(t, kept) {
		t.Error("nothing was erased")
	}
	err = now.View(t.Context(), func(tx *sqlite.Tx) error {
		since, err := frozen.Since(tx, reporttest.Tree(2, 3), kept, nil)
		if !slices.ContainsFunc(since, func(d frozen.Difference) bool { return d.Indicator == "AW_SESSIONS" && d.Frozen.Num > d.Now.Num }) {
			t.Error("what was erased since the freeze is not told")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if labels, err := shelf.List(t.Context()); err != nil || len(labels) != 2 || labels[0].Number != 2 || labels[0].By != "lan" || labels[0].Digest == labels[1].Digest {
		t.Errorf("%+v %v", labels, err)
	}
	if _, err := shelf.Get(t.Context(), 3); !errors.Is(err, fault.NotFound) {
		t.Errorf("there is no third: %v", err)
	}
	for _, harm := range []string{"DELETE FROM snapshots", "UPDATE snapshots SET digest = ''", "INSERT OR REPLACE INTO snapshots SELECT number, '', root, at, by, digest, encoded FROM snapshots WHERE number = 2",
		"INSERT INTO snapshots SELECT number - 10, title, root, at, by, digest, encoded FROM snapshots"} {
		if err := db.Update(t.Context(), func(tx *sqlite.Tx) error { return tx.Exec(harm) }); err == nil {
			t.Errorf("%s is done", harm)
		}
	}
	encoded := []byte(encode(t, s))
	digest := frozen.Digest(encoded)
	at := bytes.Index(encoded, []byte(`"num":`)) + len(`"num":`) // another figure, and as sound as JSON as before
	encoded[at] ^= 1
	if _, err := frozen.Decode(encoded, digest); !errors.Is(err, fault.TornDatabase) {
		t.Errorf("damage is not noticed: %v", err)
	}
}

// TestWhoWasExpected: a report names who sent nothing in one of its months, and nobody for a time in which there was no such unit or which
// has not begun.
func TestWhoWasExpected(t *testing.T) {
	view := units.New(units.Usual, []units.Unit{{Code: "p", Level: "province", Name: "Tỉnh"}, {Code: "all", Parent: "p", Level: "commune", Name: "Xã Đủ"},
		{Code: "some", Parent: "p", Level: "commune", Name: "Xã Thiếu"}, {Code: "none", Parent: "p", Level: "commune", Name: "Xã Không"},
		{Code: "new", Parent: "p", Level: "commune", Name: "Xã Mới", From: "2026-09-01"}}).At("2026-09-10")
	var entries []reporttest.Entry
	came := func(unit string, days ...string) {
		for _, day := range days {
			entries = append(entries, reporttest.Entry{Reading: report.Reading{ID: fmt.Sprint(len(entries)), Unit: unit, Form: "awareness_session", Day: day, Values: map[string]string{"venue": "v"}}, Arrived: 1})
		}
	}
	came("all", "2026-07-02", "2026-08-03", "2026-09-02")
	came("some", "2026-07-02")
	came("new", "2026-09-05")
	db := reporttest.Open(t, form.Builtin(), entries)
	for day, want := range map[string]string{"2026-07-20": "3 [none]", "2026-08-20": "3 [none some]", "2026-09-10": "4 [none some]"} {
		o := frozen.Order{Kind: "quarter", Root: "p", Day: day, Period: report.Period{From: "2026-07-01", To: "2026-09-30"}}
		if err := db.View(t.Context(), func(tx *sqlite.Tx) error { return o.Expect(tx, view) }); err != nil {
			t.Fatal(err)
		}
		slices.Sort(o.Missing)
		if got := fmt.Sprint(o.Expected, " ", o.Missing); got != want {
			t.Errorf("on %s %s, want %s", day, got, want)
		}
	}
}
