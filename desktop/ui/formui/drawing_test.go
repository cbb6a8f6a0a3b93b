package formui_test

import (
	"bytes"
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app/apptest"
	"banlang/desktop/ui/kit"
	"banlang/shared/blob"
	"banlang/shared/form"
)

// drawer opens the form that is drawn in.
func drawer(t *testing.T) (*desk, *apptest.Camera) {
	t.Helper()
	var c *apptest.Camera
	d := deskWith(t, "drawn", []*form.Publication{apptest.Drawn()}, func(v *apptest.Village) { c = apptest.NewCamera(t, "a.jpg"); v.Photos = c })
	d.e.Type("what", "Một khẩu súng kíp")
	d.e.Set("gives", "1")
	d.Settle()
	return d, c
}

// pulls draws a line on a board as the mouse of a window does, in parts of its size.
func (d *desk) pulls(b *kit.Board, from, to fyne.Position) {
	d.t.Helper()
	at := func(p fyne.Position) fyne.PointEvent {
		return fyne.PointEvent{Position: fyne.NewPos(p.X*b.Size().Width, p.Y*b.Size().Height)}
	}
	b.MouseDown(&desktop.MouseEvent{PointEvent: at(from), Button: desktop.MouseButtonPrimary})
	b.Dragged(&fyne.DragEvent{PointEvent: at(fyne.NewPos((from.X+to.X)/2, (from.Y+to.Y)/2))})
	b.Dragged(&fyne.DragEvent{PointEvent: at(to)})
	b.MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	b.DragEnd()
	d.Settle()
}

// isDark reports whether a kept picture is dark at a part of its size.
func isDark(t *testing.T, c *apptest.Camera, name string, x, y float32) bool {
	t.Helper()
	img, err := c.Whole(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds().Size()
	_, g, _, _ := img.At(int(x*float32(size.X)), int(y*float32(size.Y))).RGBA()
	return g < 0x4000
}

// A signature by keyboard and mouse: Enter opens the board with the focus on it, Ctrl+Z takes the last stroke back, Enter goes on;
// what was drawn is the answer, and is shown.
func TestASignatureIsDrawn(t *testing.T) {
	d, c := drawer(t)
	d.form.Focus("signature")
	d.press(fyne.KeyReturn)
	b, ok := d.focused().(*kit.Board)
	if !ok {
		t.Fatalf("Enter goes to %T", d.focused())
	}
	d.pulls(b, fyne.NewPos(0.1, 0.5), fyne.NewPos(0.4, 0.5))
	d.pulls(b, fyne.NewPos(0.6, 0.5), fyne.NewPos(0.9, 0.5))
	b.TypedShortcut(&fyne.ShortcutUndo{})
	d.Settle()
	name := d.e.Value("signature")
	if !blob.Is(name) || !isDark(t, c, name, 0.25, 0.5) || isDark(t, c, name, 0.75, 0.5) {
		t.Errorf("kept is %q with other strokes than those on the board", name)
	}
	if d.win.Canvas().Focused() != fyne.Focusable(b) {
		t.Errorf("the hand was taken off the board, to %T", d.win.Canvas().Focused())
	}
	d.press(fyne.KeyReturn)
	if _, here := d.focused().(*kit.Button); !here || d.focused() == fyne.Focusable(in[*kit.Button](t, d.win, "Người giao ký")) {
		t.Errorf("Enter on the board goes to %T", d.focused())
	}
	if !says(t, d.win, "Người giao ký", "Chữ ký") {
		t.Error("the signature is not shown")
	}
	if p := d.e.Picture("signature"); !p.Some || p.JPEG == nil {
		t.Errorf("%+v", p)
	}
	d.win.Canvas().Unfocus()
	if !d.e.Finish(false) {
		t.Fatal(d.App.Toast().Text)
	}
	d.Settle()
	if got := d.View(d.App.Detail().Record).Text("signature"); got != name {
		t.Errorf("the record names %q, drawn was %q", got, name)
	}
}

// What a hand draws is seen while it draws, and stays where the form is drawn anew; Esc leaves, and then the form.
func TestWhatIsDrawnIsSeen(t *testing.T) {
	d, _ := drawer(t)
	left := 0
	d.form.OnEscape = func() { left++ }
	test.Tap(in[*kit.Button](t, d.win, "Sơ đồ chỗ để"))
	d.Settle()
	b := in[*kit.Board](t, d.win, "Sơ đồ chỗ để")
	b.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(20, 20)}, Button: desktop.MouseButtonPrimary})
	empty := shot(d, b)
	b.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(200, 100)}})
	half := shot(d, b)
	if bytes.Equal(empty, half) {
		t.Error("the stroke is not seen while it is drawn")
	}
	b.DragEnd()
	d.Settle()
	d.form.Refresh()
	if again := in[*kit.Board](t, d.win, "Sơ đồ chỗ để"); again != b || bytes.Equal(empty, shot(d, b)) {
		t.Error("the stroke is gone")
	}
	for _, x := range cell(t, d.win, "Sơ đồ chỗ để") {
		if button, ok := x.(*kit.Button); ok && button.Text == "Bỏ nét cuối" {
			test.Tap(button)
		}
	}
	d.Settle()
	if d.e.Value("sketch") != "" {
		t.Error("the only stroke was taken back, and there is an answer")
	}
	d.win.Canvas().Focus(b)
	d.press(fyne.KeyEscape)
	if _, ok := d.focused().(*kit.Button); !ok || left != 0 {
		t.Errorf("Esc on the board goes to %T, out of the form %d times", d.focused(), left)
	}
	d.press(fyne.KeyEscape)
	if left != 1 {
		t.Error("Esc does not leave the form")
	}
}

// shot is what is on the screen where an object is.
func shot(d *desk, o fyne.CanvasObject) []byte {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	img := d.win.Canvas().Capture()
	var all []byte
	for y := range int(o.Size().Height) {
		for x := range int(o.Size().Width) {
			r, _, _, _ := img.At(int(at.X)+x, int(at.Y)+y).RGBA()
			all = append(all, byte(r>>8))
		}
	}
	return all
}

// A photograph is taken in first, and then drawn on; another question of the form takes no picture that is dropped.
func TestAPhotographIsDrawnOn(t *testing.T) {
	d, c := drawer(t)
	d.form.Focus("signature")
	d.form.Drop([]string{c.File("a.jpg")})
	d.Settle()
	if d.e.Value("signature") != "" || d.e.Value("marks") == "" {
		t.Fatal("the picture went to the signature")
	}
	taken := d.e.Value("marks")
	d.form.Focus("marks")
	d.press(fyne.KeyReturn)
	b, ok := d.focused().(*kit.Board)
	if !ok {
		t.Fatalf("Enter goes to %T", d.focused())
	}
	if size := b.Size(); size.Width/size.Height < 1.5 || size.Width/size.Height > 1.7 {
		t.Errorf("a picture of 320 x 200 is shown as %v", size)
	}
	if img := d.win.Canvas().Capture(); img.Bounds() == (image.Rectangle{}) {
		t.Error("nothing is drawn")
	}
	d.pulls(b, fyne.NewPos(0.2, 0.5), fyne.NewPos(0.8, 0.5))
	name := d.e.Value("marks")
	if name == taken || !strings.HasSuffix(name, ".jpg") || !isDark(t, c, name, 0.5, 0.5) {
		t.Errorf("marked it is %q", name)
	}
	d.form.Focus("what")
	d.Settle()
	for _, x := range cell(t, d.win, "Ảnh hiện vật") {
		if _, ok := x.(*kit.Board); ok {
			t.Error("the board stays open when the hand is elsewhere")
		}
	}
}
