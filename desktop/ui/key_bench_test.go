package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app/apptest"
	"banlang/desktop/notebook"
	"banlang/desktop/ui"
)

// keys gives a key and its taking back in a form of a window.
func keys(tb testing.TB, path string, prepare func(m *apptest.Machine)) func() {
	tb.Helper()
	_, f := keysOn(tb, path, prepare)
	return func() {
		f.TypedRune('1')
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
}

// keysOn opens a form in a window, with the hand in a field.
func keysOn(tb testing.TB, path string, prepare func(m *apptest.Machine)) (*apptest.Machine, fyne.Focusable) {
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
	if strings.HasSuffix(path, "/") {
		path += m.App.Editor().Rows("item")[500] + "/note"
	}
	ui.FocusOn(w, path) // leaves the first field: from now on problems are looked for
	f := ui.Win(w).Canvas().Focused()
	f.TypedRune('1')
	return m, f
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

// manyQuestions opens a form of 600 questions.
func manyQuestions(m *apptest.Machine) {
	m.Publish(apptest.Large(600))
	m.Wait(time.Second)
	m.App.New("large")
	m.Settle()
}

// thousandRows opens a record of 1,000 rows.
func thousandRows(m *apptest.Machine) {
	m.Publish(apptest.Large(8))
	m.Wait(time.Second)
	values := map[string]string{"g0/q0": "1", "g0/q4": "2"}
	for i := range 1000 {
		values[fmt.Sprintf("item/+%d/kind", i+1)] = "a"
		if i < 900 { // a change holds 2,000 answers
			values[fmt.Sprintf("item/+%d/count", i+1)] = "3"
		}
	}
	m.Write("diem.pq.24", "large", values)
	m.Wait(time.Second)
	m.App.List.Choose(0)
	m.Settle()
	m.App.Edit()
	m.Settle()
}

// typings are where a hand types: in a short form, in one whose lists are long, in the search of such a list, in forms of
// many rows, in a row, and in a form of many questions.
var typings = []struct {
	name, path string
	prepare    func(m *apptest.Machine)
}{{"Short", "note", func(*apptest.Machine) {}}, {"Venues", "note", manyVenues}, {"Search", "venue", manyVenues}, {"Rows", "note", manyRows}, {"Questions", "g0/q2", manyQuestions},
	{"ThousandRows", "g0/q2", thousandRows}, {"InRow", "item/", thousandRows}}

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

// BenchmarkOverview is what follows behind the keys in a long form: what is wrong and what is missing in all of it.
func BenchmarkOverview(b *testing.B) {
	for _, x := range typings {
		b.Run(x.name, func(b *testing.B) {
			m, _ := keysOn(b, x.path, x.prepare)
			for b.Loop() {
				m.App.Editor().Leave("nowhere")
				m.App.Editor().Missing()
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

// BenchmarkEnter goes from cell to cell in a table of 1,000 rows.
func BenchmarkEnter(b *testing.B) {
	_, f := keysOn(b, "item/", thousandRows)
	c := fyne.CurrentApp().Driver().CanvasForObject(f.(fyne.CanvasObject))
	for b.Loop() {
		c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
}

// BenchmarkOpen opens the largest built-in forms in the window, with their lists, and lays them out.
func BenchmarkOpen(b *testing.B) {
	for _, id := range []string{"awareness_session", "petition", "flash_report"} {
		b.Run(id, func(b *testing.B) {
			m, _ := keysOn(b, "note", func(*apptest.Machine) {})
			for b.Loop() {
				m.App.New(id)
				m.Settle()
			}
		})
	}
}
