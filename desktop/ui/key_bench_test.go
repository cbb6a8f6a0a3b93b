package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app/apptest"
	"banlang/desktop/ui"
)

// BenchmarkKey is a key and its taking back in a form: the editor, the checks of the record, and the form drawn anew, without the paint.
func BenchmarkKey(b *testing.B) {
	v := apptest.NewVillage(b)
	m := v.NewMachine(24)
	w := ui.OpenForTest(test.NewTempApp(b), m.App, m.Post)
	m.SignIn("Phan Quốc Điềm")
	m.App.New("awareness_session")
	m.Settle()
	f := ui.Win(w).Canvas().Focused()
	b.ResetTimer()
	for range b.N {
		f.TypedRune('1')
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
}
