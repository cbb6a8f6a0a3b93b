package kit_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"golang.org/x/text/unicode/norm"

	"banlang/desktop/telex"
	"banlang/desktop/ui/kit"
)

// The button, F2 and Ctrl+Shift switch the one state of the window, and whoever keeps it is told.
func TestSwitching(t *testing.T) {
	h := newHands(t, false, 300)
	kit.Chord(h.t, true)
	b := kit.NewTypingButton(h.t)
	told := 0
	h.t.OnChanged = func() { told++ }
	shows := func(want string) {
		t.Helper()
		if got := strings.TrimSpace(strings.Join(shown(b), " ")); got != want {
			t.Errorf("the button says %q, not %q", got, want)
		}
	}
	shows("VI Telex")
	test.Tap(b)
	shows("EN")
	h.write("aa ")
	h.key(fyne.KeyF2)
	shows("VI Telex")
	h.write("aa ")
	chord := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			h.e.KeyDown(&fyne.KeyEvent{Name: k})
		}
		for _, k := range keys {
			h.e.KeyUp(&fyne.KeyEvent{Name: k})
		}
	}
	chord(desktop.KeyControlLeft, desktop.KeyShiftLeft)
	h.write("aa ")
	h.want(t, "aa â aa ")
	chord(desktop.KeyShiftRight, desktop.KeyControlRight)
	shows("VI Telex")
	chord(desktop.KeyControlLeft, desktop.KeyShiftLeft, fyne.KeyLeft) // a selection by words
	chord(desktop.KeyShiftLeft)
	chord(desktop.KeyControlLeft)
	shows("VI Telex")
	if told != 4 {
		t.Errorf("told %d times", told)
	}
	h.t.Set(true, telex.Rules{Method: telex.VNI})
	shows("VI VNI")
	kit.Chord(h.t, false) // where Unikey listens to it
	chord(desktop.KeyControlLeft, desktop.KeyShiftLeft)
	shows("VI VNI")
	h.t.Set(true, telex.Rules{})
	h.key(fyne.KeyF2)
	shows("EN")
	if b.MinSize().Height != 32 {
		t.Errorf("the button is %v high", b.MinSize().Height)
	}
}

// Esc and function keys that mean nothing in an entry reach the window, and so do shortcuts.
func TestKeysReachTheWindow(t *testing.T) {
	h := newHands(t, true, 300)
	var keys []string
	h.w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { keys = append(keys, string(k.Name)) })
	h.key(fyne.KeyEscape, fyne.KeyF1, fyne.KeyF, fyne.KeyF12)
	escaped := false
	h.e.OnEscape = func() { escaped = true }
	h.key(fyne.KeyEscape)
	if got := strings.Join(keys, " "); got != "Escape F1 F12" || !escaped {
		t.Errorf("reached: %s, %v", got, escaped)
	}
}

// The palette is opened by keys, puts letters where the cursor was, and gives the focus back.
func TestThePalette(t *testing.T) {
	h := newHands(t, true, 700)
	h.w.Resize(fyne.NewSize(760, 400))
	left := 0
	h.e.OnLeft = func() { left++ }
	h.write("b n")
	h.key(fyne.KeyLeft, fyne.KeyLeft)
	open := func() fyne.Focusable {
		t.Helper()
		h.e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl})
		p, ok := h.w.Canvas().Focused().(*kit.Palette)
		if !ok {
			t.Fatalf("the focus is at %T", h.w.Canvas().Focused())
		}
		return p
	}
	press := func(p fyne.Focusable, keys ...fyne.KeyName) {
		for _, k := range keys {
			p.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	p := open()
	for p.(*kit.Palette).Letter() != "ơ\u0306" {
		press(p, fyne.KeyRight)
	}
	press(p, fyne.KeyReturn)
	if h.w.Canvas().Focused() != h.e {
		t.Fatalf("the focus came to %T", h.w.Canvas().Focused())
	}
	h.want(t, "bơ\u0306 n")
	h.write("h")
	h.want(t, "bơ\u0306h n")
	p = open()
	press(p, fyne.KeyDown, fyne.KeySpace, fyne.KeyLeft, fyne.KeySpace, fyne.KeyEscape)
	h.want(t, "bơ\u0306hɃY̆ n")
	if h.w.Canvas().Focused() != h.e || left != 0 {
		t.Errorf("the focus is at %T, and the entry was left %d times", h.w.Canvas().Focused(), left)
	}
	kit.Chord(h.t, true)
	for _, key := range []fyne.KeyName{desktop.KeyControlLeft, fyne.KeyK} { // the palette sees them let go
		h.e.KeyDown(&fyne.KeyEvent{Name: key})
	}
	press(open(), fyne.KeyEscape)
	h.e.KeyDown(&fyne.KeyEvent{Name: desktop.KeyControlLeft})
	h.shifted()
	if h.t.Vietnamese() {
		t.Error("Ctrl+Shift does not switch after the palette")
	}
	h.undo()
	h.want(t, "b n")
	h.undo()
	h.want(t, "b")
	p = open()
	test.TapAt(p.(*kit.Palette), fyne.NewPos(45, 5))
	press(p, fyne.KeyEscape)
	h.want(t, "bb\u0306")
	h.w.Canvas().Unfocus()
	if left != 1 {
		t.Errorf("the entry was left %d times", left)
	}
}

// A palette that stands in a page works for the entry that had the focus last.
func TestThePaletteInAPage(t *testing.T) {
	look(t, 18)
	keys := kit.NewKeys()
	a, b, p := kit.NewEntry(keys), kit.NewEntry(keys), kit.NewPalette(keys.Typing)
	w := test.NewTempWindow(t, container.NewVBox(a.Framed(), b.Framed(), p))
	w.Canvas().Focus(a)
	w.Canvas().Focus(b)
	w.Canvas().Focus(p)
	p.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnter})
	if a.Text != "" || b.Text != "ƀ" {
		t.Errorf("%q, %q", a.Text, b.Text)
	}
}

// Every letter of the alphabets is there, small and capital, in NFC; the other letters of Jrai are those of Telex.
func TestTheLettersOfTheHighlands(t *testing.T) {
	l := kit.HighlandLetters()
	for i, small := range l[0] {
		if strings.ToUpper(small) != l[1][i] || !norm.NFC.IsNormalString(small+l[1][i]) {
			t.Errorf("%s, %s", small, l[1][i])
		}
	}
	for _, c := range strings.Fields("a ă â b ƀ č d đ e ĕ ê ê̆ g h i ĭ j k l m n ñ o ŏ ô ô̆ ơ ơ̆ p r s t u ŭ ư ư̆ w y") { // Jrai
		if !slices.Contains(l[0], c) && !slices.Contains(strings.Split("aăâbdđeêghijklmnoôơprstuưwy", ""), c) {
			t.Errorf("%s cannot be typed", c)
		}
	}
}

// The menu of an entry takes steps back as the keys do.
func TestTheMenuOfAnEntry(t *testing.T) {
	h := newHands(t, false, 700)
	h.w.Resize(fyne.NewSize(700, 500))
	h.t.Words = kit.TypingWords{Undo: "Hoàn tác", Redo: "Làm lại", Cut: "Cắt", Copy: "Chép", Paste: "Dán", All: "Chọn hết", Letters: "Chữ Jrai, Bahnar"}
	h.write("tieengs Vieetj")
	test.TapSecondary(h.e)
	menu := h.w.Canvas().Overlays().Top()
	if got := strings.Join(shown(menu), ", "); got != "Hoàn tác, Làm lại, Cắt, Chép, Dán, Chọn hết, Chữ Jrai, Bahnar" {
		t.Errorf("the menu says %s", got)
	}
	for _, o := range test.LaidOutObjects(menu) {
		if item, ok := o.(fyne.Tappable); ok && len(shown(o)) == 1 && shown(o)[0] == "Hoàn tác" {
			item.Tapped(&fyne.PointEvent{})
			break
		}
	}
	h.want(t, "tiếng")
}
