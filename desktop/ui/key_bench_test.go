package ui_test

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app/apptest"
	"banlang/desktop/notebook"
	"banlang/desktop/ui"
)

// keys opens a form in a window, with the hand in a field.
func keys(tb testing.TB, path string, prepare func(m *apptest.Machine)) func() {
	tb.Helper()
	v := apptest.NewVillage(tb)
	m := v.NewMachine(24)
	w := ui.OpenForTest(test.NewTempApp(tb), m.App, m.Post)
	m.SignIn("Phan Quốc Điềm")
	prepare(m)
	m.Wait(time.Second)
	if m.App.Editor() == nil {
		m.App.New("awareness_session")
		m.Settle()
	}
	ui.FocusOn(w, path) // leaves the first field: from now on problems are looked for
	f := ui.Win(w).Canvas().Focused()
	f.TypedRune('1')
	return func() {
		f.TypedRune('1')
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
}

// manyVenues fills the register with 2,000 places.
func manyVenues(m *apptest.Machine) {
	var entries []notebook.Entry
	for i := range 2000 {
		entries = append(entries, m.Entry("diem.pq.24", "venue_register", map[string]string{"name": fmt.Sprintf("Thôn %d", i), "type": "thon"}))
	}
	if _, err := m.Book.Save(m.T().Context(), entries...); err != nil {
		m.T().Fatal(err)
	}
}

// manyRows opens a record of 100 rows.
func manyRows(m *apptest.Machine) {
	values := map[string]string{"occurred_on": "2026-11-16", "receipt_no": "12/BB", "how": "van_dong", "danger": "false", "custody_place": "kho_don_vi"}
	for i := range 100 {
		values[fmt.Sprintf("items/+%d/kind", i+1)], values[fmt.Sprintf("items/+%d/quantity", i+1)] = "grenade", "3"
	}
	m.Write("diem.pq.24", "weapon_handover", values)
	m.Wait(time.Second)
	m.App.List.Choose(0)
	m.Settle()
	m.App.Edit()
	m.Settle()
}

// typings are where a hand types: in a short form, in one whose lists are long, in the search of such a list, and in a form
// of many rows.
var typings = []struct {
	name, path string
	prepare    func(m *apptest.Machine)
}{{"Short", "note", func(*apptest.Machine) {}}, {"Venues", "note", manyVenues}, {"Search", "venue", manyVenues}, {"Rows", "note", manyRows}}

// BenchmarkKey is a key and its taking back in a form: the editor, the form's calculations and rules, and what is drawn
// anew, without the paint.
func BenchmarkKey(b *testing.B) {
	for _, x := range typings {
		b.Run(x.name, func(b *testing.B) {
			key := keys(b, x.path, x.prepare)
			for b.Loop() {
				key()
			}
		})
	}
}

// A key is as quick as the eye. The bound is generous: the machine may be busy with other things.
func TestAKeyIsQuick(t *testing.T) {
	for _, x := range typings {
		key, best := keys(t, x.path, x.prepare), time.Hour
		for range 20 {
			begin := time.Now()
			key()
			best = min(best, time.Since(begin)/2)
		}
		if best > 60*time.Millisecond {
			t.Errorf("%s: a key takes %v", x.name, best)
		}
	}
}
