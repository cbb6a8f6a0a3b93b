package app_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/notebook"
	"banlang/shared/record"
)

// twoRows is a record of two rows.
func twoRows(m *apptest.Machine) record.Dot {
	return m.Write("diem.pq.24", "weapon_handover", map[string]string{"occurred_on": "2026-11-12", "receipt_no": "07/BB", "how": "van_dong", "note": "Nhà ông Kiên", "danger": "false", "custody_place": "kho_don_vi",
		"items/1/kind": "round", "items/1/quantity": "30", "items/2/kind": "gun_hunting", "items/2/quantity": "2"})
}

// writtenAnew has a colleague write a record in place of another, which says what that says but for some answers; "" takes one out.
func writtenAnew(t *testing.T, m *apptest.Machine, rec record.Dot, but map[string]string) {
	t.Helper()
	v := m.View(rec)
	values := v.Values()
	maps.Copy(values, but)
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	if _, err := m.Book.Save(t.Context(), notebook.Entry{Instead: rec, Covers: v.Live(""), Form: v.Form, Feed: v.Home(), Officer: "ha.ltm.24", Values: values}); err != nil {
		t.Fatal(err)
	}
	m.Wait(time.Second)
}

// TestADraftGoesOnOverTheRecordWrittenAnew: what the officer did is there, what he has not seen is not replaced, and nothing that he only
// copied counts as his.
func TestADraftGoesOnOverTheRecordWrittenAnew(t *testing.T) {
	rowOf := func(e *app.Editor, kind string) string {
		for _, row := range e.Rows("items") {
			if e.Value("items/"+row+"/kind") == kind {
				return row
			}
		}
		t.Fatalf("no row of %s", kind)
		return ""
	}
	for name, x := range map[string]struct {
		before    bool // the draft is one of an edit, begun before the creation was rejected
		his, hers map[string]string
		out       string            // the kind of the row that he takes out
		want      map[string]string // afterwards; "" nothing
		conflicts []string
		finish    bool // something is left to be finished
	}{
		"he typed, she did not":         {his: map[string]string{"note": "Nhà ông Kiên, thôn 4"}, hers: map[string]string{"receipt_no": "08/BB"}, want: map[string]string{"note": "Nhà ông Kiên, thôn 4", "receipt_no": "08/BB"}, finish: true},
		"both typed":                    {his: map[string]string{"note": "của anh"}, hers: map[string]string{"note": "của chị"}, conflicts: []string{"note"}, finish: true},
		"the same":                      {his: map[string]string{"note": "một nhà"}, hers: map[string]string{"note": "một nhà"}, want: map[string]string{"note": "một nhà"}},
		"a row out":                     {out: "round", want: map[string]string{"round": "", "gun_hunting": "2"}, finish: true},
		"a row out, in which she wrote": {out: "round", hers: map[string]string{"items/1/quantity": "99"}, want: map[string]string{"round": "99"}, finish: true},
		"the same in an edit":           {before: true, out: "round", hers: map[string]string{"items/1/quantity": "99"}, want: map[string]string{"round": "99"}, finish: true},
		"a row that she took out":       {his: map[string]string{"round": "77"}, hers: map[string]string{"items/1/kind": "", "items/1/quantity": ""}, want: map[string]string{"round": "77", "gun_hunting": "2"}, finish: true},
		"cleared":                       {his: map[string]string{"note": ""}, want: map[string]string{"note": ""}, finish: true},
	} {
		t.Run(name, func(t *testing.T) {
			_, m := openNotebook(t)
			rec := twoRows(m)
			reject := func() {
				m.RejectChange(rec, rec, "type")
				m.Wait(time.Second)
			}
			if !x.before {
				reject()
			}
			edit(m, rec)
			e := m.App.Editor()
			for path, value := range x.his {
				if path == "round" {
					path = "items/" + rowOf(e, path) + "/quantity"
				}
				e.Set(path, value)
			}
			if x.out != "" {
				e.RemoveRow("items", rowOf(e, x.out))
			}
			m.App.Go(app.PageRecords)
			m.Wait(time.Second)
			if x.before {
				reject()
			}
			writtenAnew(t, m, rec, x.hers)
			by := m.View(rec).Anew()
			m.App.Resume(m.App.Drafts()[0].ID)
			m.Settle()
			e = m.App.Editor()
			if e == nil || e.Name() == "" {
				t.Fatal("no form of the new record is open")
			}
			if finished := e.Finish(false); finished != x.finish {
				t.Fatalf("finished: %v; %+v", finished, m.App.Toast())
			}
			m.Wait(time.Second)
			v := m.View(by)
			says := v.Values()
			for path, want := range x.want {
				got := says[path]
				if path == "round" || path == "gun_hunting" {
					got = ""
					for p, kind := range says {
						if kind == path {
							got = says[strings.TrimSuffix(p, "kind")+"quantity"]
						}
					}
				}
				if got != want {
					t.Errorf("%s is %q, want %q", path, got, want)
				}
			}
			if got := v.Conflicts(); !slices.Equal(got, x.conflicts) {
				t.Errorf("conflicts at %q, want %q", got, x.conflicts)
			}
		})
	}
}
