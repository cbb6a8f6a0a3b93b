package kit_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"golang.org/x/text/unicode/norm"

	"banlang/desktop/telex"
	"banlang/desktop/ui/kit"
)

// board is a clipboard.
type board string

func (b *board) Content() string     { return string(*b) }
func (b *board) SetContent(s string) { *b = board(s) }

var telexOn = telex.Rules{Method: telex.Telex}

// hands is an entry in a window, and what hands do with it.
type hands struct {
	e *kit.Entry
	w fyne.Window
	t *kit.Typing
}

func newHands(t *testing.T, lines bool, width float32) *hands {
	t.Helper()
	look(t, 16)
	keys := kit.NewKeys()
	h := &hands{t: keys.Typing}
	keys.Typing.Set(true, telexOn)
	if lines {
		h.e = kit.NewLines(keys, 3)
	} else {
		h.e = kit.NewEntry(keys)
	}
	h.w = test.NewTempWindow(t, h.e.Framed())
	h.w.Resize(fyne.NewSize(width, 140))
	h.w.Canvas().Focus(h.e)
	return h
}

func (h *hands) write(s string) {
	for _, r := range s {
		if r == '\n' {
			h.key(fyne.KeyReturn)
			continue
		}
		h.e.TypedRune(r)
	}
}

func (h *hands) key(names ...fyne.KeyName) {
	for _, k := range names {
		h.e.KeyDown(&fyne.KeyEvent{Name: k})
		h.e.TypedKey(&fyne.KeyEvent{Name: k})
		h.e.KeyUp(&fyne.KeyEvent{Name: k})
	}
}

func (h *hands) shifted(names ...fyne.KeyName) {
	h.e.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	h.key(names...)
	h.e.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
}

func (h *hands) paste(s string) {
	b := board(s)
	h.e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: &b})
}

func (h *hands) undo() { h.e.TypedShortcut(&fyne.ShortcutUndo{}) }
func (h *hands) redo() { h.e.TypedShortcut(&fyne.ShortcutRedo{}) }

func (h *hands) want(t *testing.T, text string) {
	t.Helper()
	if h.e.Text != text {
		t.Errorf("there stands %q, not %q", h.e.Text, text)
	}
}

func times(k fyne.KeyName, n int) (all []fyne.KeyName) {
	for range n {
		all = append(all, k)
	}
	return all
}

// Composing is right on every row of a text that wraps, also where the text is narrow and has lines of its own.
func TestComposesOnEveryRow(t *testing.T) {
	for _, width := range []float32{70, 110, 160, 260, 900} {
		h := newHands(t, true, width)
		h.write("Tooi ddi hopj thoon Kon Tow Ngol\nddax nois vowis nguwowif giaf laang veef vieecj giwx ruwngf\n\nHoom nay cos muwa, ddwowngf trown, khoong ai bij thuwowng car.")
		h.want(t, "Tôi đi họp thôn Kon Tơ Ngol\nđã nói với người già lâng về việc giữ rừng\n\nHôm nay có mưa, đường trơn, không ai bị thương cả.")
		// an old word far up is corrected
		row := len([]rune("Tôi đi họp thôn Kon Tơ Ngol\nđã nói với người già lâng"))
		h.key(fyne.KeyPageUp)
		h.key(times(fyne.KeyRight, 3*len([]rune(h.e.Text)))...) // the end: one row break more or less
		for kit.Offset(h.e) > row {
			h.key(fyne.KeyLeft)
		}
		h.key(fyne.KeyBackspace, fyne.KeyBackspace, fyne.KeyBackspace)
		h.write("angf")
		if !strings.Contains(h.e.Text, "người già làng về việc") {
			t.Errorf("%v: %q", width, h.e.Text)
		}
	}
}

// Undo takes back whole words and never leaves half a composed one; what was taken back comes again.
func TestUndoTakesWholeWords(t *testing.T) {
	h := newHands(t, true, 200)
	h.write("xin chaof baf con")
	for _, want := range []string{"xin chào bà", "xin chào", "xin", ""} {
		h.undo()
		h.want(t, want)
	}
	h.undo()
	for _, want := range []string{"xin", "xin chào", "xin chào bà"} {
		h.redo()
		h.want(t, want)
	}
	h.write("f")
	h.want(t, "xin chào baf")
	h.undo()
	h.want(t, "xin chào bà")
	h.redo()
	h.redo()
	h.want(t, "xin chào baf")
	h.key(times(fyne.KeyBackspace, 3)...)
	h.paste("anh")
	h.key(fyne.KeyPageUp)
	h.write("DD")
	h.want(t, "Đxin chào anh")
	for _, want := range []string{"xin chào anh", "xin chào ", "xin chào baf"} {
		h.undo()
		h.want(t, want)
	}
	h.e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierControl | fyne.KeyModifierShift})
	h.want(t, "xin chào ")
}

// The tone of an old word is one step of undo, and the cursor is where it was.
func TestUndoOfACorrection(t *testing.T) {
	h := newHands(t, false, 300)
	h.e.SetText("nguoi dan")
	h.key(fyne.KeyHome)
	h.key(times(fyne.KeyRight, 5)...)
	h.write("wf")
	h.want(t, "người dan")
	h.undo()
	h.want(t, "nguoi dan")
	h.write("w")
	h.want(t, "ngươi dan")
	h.e.SetText("khác")
	h.undo()
	h.want(t, "khác") // what was put here is nobody's edit
}

func TestTypingReplacesWhatIsSelected(t *testing.T) {
	h := newHands(t, true, 120)
	for _, way := range []fyne.KeyName{fyne.KeyLeft, fyne.KeyRight} { // the same letters stand on both sides of the cursor
		h.e.SetText("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
		h.key(fyne.KeyPageUp)
		h.key(fyne.KeyDown)
		at := kit.Offset(h.e)
		h.shifted(times(way, 4)...)
		h.write("X")
		if way == fyne.KeyLeft {
			at -= 4
		}
		h.want(t, strings.Repeat("a", at)+"X"+strings.Repeat("a", 26-at))
	}
	h.e.SetText("hoa")
	h.key(fyne.KeyHome, fyne.KeyRight)
	h.shifted(fyne.KeyRight, fyne.KeyRight)
	h.write("f") // not a tone for what stands before the selection
	h.want(t, "hf")
	h.undo()
	h.want(t, "hoa")
	h.e.TypedShortcut(&fyne.ShortcutSelectAll{})
	h.write("DDa")
	h.want(t, "Đa")
}

// All that comes in is in NFC: typed, pasted, put.
func TestEverythingIsNFC(t *testing.T) {
	h := newHands(t, false, 300)
	h.paste("\u00a0" + norm.NFD.String("Đường") + "\r\n" + norm.NFD.String("về làng") + "\t\x00\xffxa")
	h.want(t, "\u00a0Đường về làng xa")
	h.e.SetText(norm.NFD.String("Tổ quốc"))
	h.want(t, "Tổ quốc")
	h.t.Set(false, telexOn)
	h.e.SetText("")
	h.write("e\u0302\u0301")
	h.want(t, "ế")
	h.e.SetText("exit")
	h.key(fyne.KeyHome, fyne.KeyRight)
	h.paste("\u0301")
	h.want(t, "éxit")
	h.write("x")
	h.want(t, "éxxit")

	lines := newHands(t, true, 300)
	lines.paste("a\r\nb\rc\n")
	lines.want(t, "a\nb\nc\n")
}

// A letter of two signs is one letter for every key.
func TestAMarkStaysWithItsLetter(t *testing.T) {
	h := newHands(t, false, 300)
	h.e.SetText("bơ\u0306n")
	h.key(fyne.KeyEnd, fyne.KeyLeft)
	h.key(fyne.KeyBackspace)
	h.want(t, "bn")
	h.e.SetText("bơ\u0306n")
	h.key(fyne.KeyHome, fyne.KeyRight, fyne.KeyRight)
	h.write("h")
	h.want(t, "bơ\u0306hn")
	h.key(fyne.KeyLeft, fyne.KeyLeft, fyne.KeyDelete)
	h.want(t, "bhn")
	h.e.SetText("ư\u0306")
	h.key(fyne.KeyHome)
	h.shifted(fyne.KeyRight)
	h.write("x")
	h.want(t, "x")
	h.e.SetText("kư\u0306m mơ\u0306")
	h.key(fyne.KeyEnd)
	h.e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyBackspace, Modifier: fyne.KeyModifierControl})
	h.want(t, "kư\u0306m ")
	h.key(fyne.KeyHome)
	h.e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDelete, Modifier: fyne.KeyModifierControl})
	h.want(t, " ")
}

// What is no word is not composed: numbers, codes, passphrases, and everything while keys are plain.
func TestWhatIsNotComposed(t *testing.T) {
	h := newHands(t, false, 300)
	h.e.Plain = true
	h.write("tests ddoo")
	h.want(t, "tests ddoo")
	h.e.SetText("")
	h.e.Plain, h.e.Password = false, true
	h.write("aass")
	h.want(t, "aass")
	h.e.SetText("")
	h.e.Password = false
	h.t.Set(true, telex.Rules{})
	h.write("aass")
	h.want(t, "aass")
	h.e.SetText("")
	h.t.Set(true, telex.Rules{Method: telex.VNI})
	h.write("d9u7o7ng2 31/7")
	h.want(t, "đường 31/7")
}

func TestOneKeyTellsOnce(t *testing.T) {
	h := newHands(t, false, 300)
	var told []string
	h.e.OnChanged = func(s string) { told = append(told, s) }
	h.write("dduwowngf")
	h.undo()
	h.paste("x")
	h.key(fyne.KeyBackspace, fyne.KeyBackspace)
	if got, want := strings.Join(told, " "), "d đ đu đư đưo đươ đươn đương đường  x "; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestCut(t *testing.T) {
	h := newHands(t, false, 300)
	h.write("mootj hai")
	h.shifted(times(fyne.KeyLeft, 3)...)
	var b board
	h.e.TypedShortcut(&fyne.ShortcutCut{Clipboard: &b})
	h.want(t, "một ")
	h.e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: &b})
	h.want(t, "một hai")
	if b != "hai" {
		t.Errorf("the clipboard has %q", b)
	}
}

// model is the text as an editor without a screen would keep it.
type model struct {
	text []rune
	at   int
}

func (m *model) splice(from, to int, with []rune) {
	m.text = append(append(append([]rune{}, m.text[:from]...), with...), m.text[to:]...)
	m.at = from + len(with)
}

func (m *model) key(r rune, rules telex.Rules) {
	from := telex.Start(m.text, m.at)
	m.splice(from, m.at, []rune(rules.Key(string(m.text[from:m.at]), r)))
}

// Random edits: typing, taking away, moving by keys and by mouse, selecting, replacing, pasting, another width. After each
// step the text is what an editor without a screen makes of it; in the end, taking everything back gives the empty text,
// making it again gives the text, and so does typing it anew.
func TestRandomEdits(t *testing.T) {
	for seed := range uint64(9) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { randomEdits(t, rand.New(rand.NewPCG(seed, 7)), seed%3 != 0) })
	}
}

func randomEdits(t *testing.T, rnd *rand.Rand, lines bool) {
	h := newHands(t, lines, float32(60+rnd.IntN(200)))
	m := &model{}
	alphabet := []rune("aaeeoouuiyddwsfrxjznghtcmnpl    .,AD1")
	pastes := []string{"Đường về làng", norm.NFD.String("tiếng Việt"), "bơ\u0306n kư\u0306m", "x", "một hai ba bốn năm sáu bảy"}
	for i := range 150 {
		var did string
		switch n := rnd.IntN(100); {
		case n < 55:
			r := alphabet[rnd.IntN(len(alphabet))]
			did = "type " + string(r)
			m.key(r, telexOn)
			h.write(string(r))
		case n < 62:
			did = "backspace"
			if m.at > 0 {
				from := m.at - 1
				for from > 0 && unicode.Is(unicode.Mn, m.text[from]) {
					from--
				}
				m.splice(from, m.at, nil)
			}
			h.key(fyne.KeyBackspace)
		case n < 65 && lines:
			did = "enter"
			m.splice(m.at, m.at, []rune("\n"))
			h.key(fyne.KeyReturn)
		case n < 80:
			k := []fyne.KeyName{fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd}[rnd.IntN(6)]
			did = "move " + string(k)
			h.key(k)
			m.at = kit.Offset(h.e)
		case n < 84:
			did = "click"
			at := desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
			at.Position = fyne.NewPos(rnd.Float32()*h.e.Size().Width, rnd.Float32()*h.e.Size().Height)
			h.e.MouseDown(&at)
			h.e.MouseUp(&at)
			m.at = kit.Offset(h.e)
		case n < 88:
			s := pastes[rnd.IntN(len(pastes))]
			did = "paste " + s
			m.splice(m.at, m.at, []rune(norm.NFC.String(s)))
			h.paste(s)
		case n < 90:
			did = "width"
			if !kit.Between(h.e) {
				h.w.Resize(fyne.NewSize(float32(60+rnd.IntN(200)), 140))
			}
		case !kit.Between(h.e):
			did = m.replace(t, h, rnd)
		}
		if h.e.Text != string(m.text) || kit.Offset(h.e) != m.at {
			t.Fatalf("step %d, %s: there stands %q with the cursor at %d, not %q at %d", i, did, h.e.Text, kit.Offset(h.e), string(m.text), m.at)
		}
		if m.at < len(m.text) && unicode.Is(unicode.Mn, m.text[m.at]) && m.at > 0 {
			t.Fatalf("step %d, %s: the cursor is inside a letter", i, did)
		}
	}
	final := h.e.Text
	for range 400 {
		h.undo()
	}
	if again := h.e.Text; again != "" && len(again) >= len(final) {
		t.Errorf("taking everything back leaves %q", again)
	}
	for range 400 {
		h.redo()
	}
	h.want(t, final)
	plain := newHands(t, lines, 150)
	plain.t.Set(false, telexOn)
	plain.write(final)
	plain.want(t, final)
}

// replace selects some letters and types, pastes or takes away.
func (m *model) replace(t *testing.T, h *hands, rnd *rand.Rand) string {
	k := []fyne.KeyName{fyne.KeyLeft, fyne.KeyRight}[rnd.IntN(2)]
	from := m.at
	h.shifted(times(k, 1+rnd.IntN(6))...)
	m.at = kit.Offset(h.e)
	low, high := min(from, m.at), max(from, m.at)
	if got := h.e.SelectedText(); got != string(m.text[low:high]) {
		t.Fatalf("%q is selected, not %q; %v from %d to %d of %q at %d, %d", got, string(m.text[low:high]), k, from, m.at, string(m.text), h.e.CursorRow, h.e.CursorColumn)
	}
	if low == high {
		return "select nothing"
	}
	switch rnd.IntN(3) {
	case 0:
		m.splice(low, high, []rune("q"))
		h.write("q")
		return "replace by a letter"
	case 1:
		m.splice(low, high, []rune("Ủy ban"))
		h.paste("Ủy ban")
		return "replace by pasting"
	}
	m.splice(low, high, nil)
	h.key(fyne.KeyBackspace)
	return "take the selection away"
}

// BenchmarkKey is a word and its taking back at the end of a note of 2,000 letters.
func BenchmarkKey(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(kit.Theme{Step: 16})
	keys := kit.NewKeys()
	keys.Typing.Set(true, telexOn)
	e := kit.NewLines(keys, 4)
	w := test.NewTempWindow(b, e.Framed())
	w.Resize(fyne.NewSize(700, 140))
	w.Canvas().Focus(e)
	e.SetText(strings.Repeat("Đã hướng dẫn làm hồ sơ. ", 85))
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	for b.Loop() {
		for _, r := range " tieengs" {
			e.TypedRune(r)
		}
		e.Undo()
	}
}
