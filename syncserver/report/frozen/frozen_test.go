package frozen_test

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/sqlite"
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
	err := db.View(t.Context(), func(tx *sqlite.Tx) (err error) {
		s, err = frozen.Take(tx, reporttest.Tree(2, 3), order(), nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, db
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
		since, err := frozen.Since(tx, reporttest.Tree(2, 3), first)
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
		since, err := frozen.Since(tx, reporttest.Tree(2, 3), kept)
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
	for _, harm := range []string{"DELETE FROM snapshots", "UPDATE snapshots SET digest = ''"} {
		if err := db.Update(t.Context(), func(tx *sqlite.Tx) error { return tx.Exec(harm) }); err == nil {
			t.Errorf("%s is done", harm)
		}
	}
	encoded := []byte(encode(t, s))
	digest := frozen.Digest(encoded)
	encoded[len(encoded)/2] ^= 1
	if _, err := frozen.Decode(encoded, digest); !errors.Is(err, fault.TornDatabase) {
		t.Errorf("damage is not noticed: %v", err)
	}
}
