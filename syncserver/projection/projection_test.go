package projection_test

import (
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// TestFollows: what is pushed is in the list once Wait has returned, with all that a list says of it.
func TestFollows(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 1)
	w.run()
	d := w.devices[0]
	rec := w.add(d, "U1/ordinary", "awareness_session", "occurred_on", "2026-11-12", "method", "truc_tiep", "participants_total", "38", "note", "Bà con hỏi nhiều")
	arrived := int64(w.now)
	w.must(w.views.Wait(ctx, w.end()))
	list := func(f projection.Filter) []projection.Row {
		t.Helper()
		page, err := w.views.List(ctx, everybody, f, projection.Order{}, "", 10)
		w.must(err)
		return page.Rows
	}
	got := list(projection.Filter{Text: "ba con HỎI nh"})
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	f, _ := w.forms.Current("awareness_session")
	want := projection.Row{Rec: got[0].Rec, Dot: rec, Name: record.HumanName(d.replica, rec.N), Form: "awareness_session", Version: f.Ref.String()[len("awareness_session@"):],
		Unit: "U1", Compartment: "ordinary", Day: "2026-11-12", Written: arrived, Arrived: arrived, Altered: arrived, Replica: d.replica, Officer: "an",
		Title: "Buổi tuyên truyền · 12/11/2026 · Họp trực tiếp · 38 lượt người", State: projection.AtCentre}
	if got[0] != want {
		t.Errorf("%+v, want\n%+v", got[0], want)
	}
	w.edit(d, rec, "note", "Không hỏi gì")
	w.must(w.views.Wait(ctx, w.end()))
	if some := list(projection.Filter{Text: "bà con"}); len(some) != 0 {
		t.Errorf("found by what it said before: %+v", some)
	}
	if some := list(projection.Filter{Text: "khong hoi"}); len(some) != 1 || some[0].Altered != int64(w.now) || some[0].Arrived != arrived {
		t.Errorf("after an edit: %+v", some)
	}
	w.must(w.views.Check(ctx))
}
