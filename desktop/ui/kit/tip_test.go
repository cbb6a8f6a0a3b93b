package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// A button without words says what it does to the mouse and to the keys, inside the window, and is silent again when they go.
func TestAButtonWithoutWordsSaysWhatItDoes(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(Theme{Step: 16})
	pressed := 0
	b := NewButton("", theme.DeleteIcon(), func() { pressed++ }).Says("Bỏ dòng")
	worded := NewButton("Hoàn tất", nil, func() {})
	root := WithTips(container.NewWithoutLayout(b, worded), nil)
	w := test.NewWindow(root)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(300, 100))
	b.Resize(b.MinSize())
	b.Move(fyne.NewPos(280-b.MinSize().Width, 55))
	box := root.Objects[2]
	shown := func(want bool, when string) {
		t.Helper()
		if box.Visible() != want {
			t.Errorf("%s: shown is %v", when, box.Visible())
		}
	}
	shown(false, "at first")
	b.MouseIn(nil)
	shown(true, "under the mouse")
	if end := box.Position().Add(box.Size()); end.X > 300 || end.Y > 100 || box.Position().Y+box.Size().Height > b.Position().Y {
		t.Errorf("at %v, %v: it leaves the window or lies over the button", box.Position(), box.Size())
	}
	b.MouseOut()
	shown(false, "after the mouse")
	w.Canvas().Focus(b)
	shown(true, "with the focus")
	w.Canvas().Focus(worded)
	shown(false, "where there are words")
	w.Canvas().Focus(b)
	test.Tap(b)
	shown(false, "once it is pressed")
	if pressed != 1 || b.AccessibilityLabel() != "Bỏ dòng" || worded.AccessibilityLabel() != "Hoàn tất" {
		t.Errorf("pressed %d times; read out as %q and %q", pressed, b.AccessibilityLabel(), worded.AccessibilityLabel())
	}
}

// An icon of the folded navigation says its page; unfolded it needs no more words.
func TestAFoldedLineSaysItsPage(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(Theme{Step: 16})
	n := NewNavItem("Chỉ đạo", IconTask, func() {})
	n.Folded, n.Count = true, "2"
	root := WithTips(container.NewWithoutLayout(n), nil)
	w := test.NewWindow(root)
	w.Resize(fyne.NewSize(300, 100))
	n.Resize(n.MinSize())
	n.MouseIn(nil)
	box := root.Objects[2]
	if !box.Visible() || box.Position().X < n.Size().Width {
		t.Errorf("shown is %v at %v", box.Visible(), box.Position())
	}
	n.MouseOut()
	n.Folded = false
	n.MouseIn(nil)
	if box.Visible() || n.AccessibilityLabel() != "Chỉ đạo 2" {
		t.Errorf("shown is %v, read out as %q", box.Visible(), n.AccessibilityLabel())
	}
}

// A figure stands at the right once it is left, and where the hand expects it while it is typed.
func TestAFigureStandsAtTheRight(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(Theme{Step: 16})
	e, words := NewEntry(NewKeys()), NewEntry(NewKeys())
	e.Figures = true
	w := test.NewWindow(container.NewVBox(e.Framed(), words.Framed()))
	w.Resize(fyne.NewSize(200, 120))
	e.SetText("1.238")
	words.SetText("1.238")
	if !e.figure.Visible() || e.figure.Text != "1.238" || e.figure.Alignment != fyne.TextAlignTrailing || words.figure.Visible() {
		t.Errorf("left: %q shown is %v; words %v", e.figure.Text, e.figure.Visible(), words.figure.Visible())
	}
	w.Canvas().Focus(e)
	if e.figure.Visible() || e.paper.Shown() {
		t.Error("a hand cannot see what it types")
	}
	test.Type(e, "5")
	w.Canvas().Focus(words)
	if e.figure.Text != e.Text || e.Text != "1.2385" {
		t.Errorf("%q stands over %q", e.figure.Text, e.Text)
	}
	e.SetText("")
	if e.figure.Visible() || e.paper.Shown() {
		t.Error("the hint in an empty entry is hidden")
	}
}
