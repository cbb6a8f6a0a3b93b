package kit

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"banlang/desktop/telex"
)

// Typing is how the entries of a window make letters of keys. They share one.
//
// An officer switches it with the button of the status bar, with F2 in an entry, and with Ctrl+Shift (pressed and let go with
// nothing between). The last is not heard on Windows: there it is what Unikey listens to, and both would switch at once.
type Typing struct {
	OnChanged func() // the officer switched: to be kept
	Words     TypingWords

	vi     bool
	rules  telex.Rules
	chord  bool // Ctrl+Shift switches
	button *TypingButton
	last   *Entry // that had the focus
}

// TypingWords are the words that are shown around typing.
type TypingWords struct{ Letters, Hint, Undo, Redo, Cut, Copy, Paste, All string }

// NewTyping makes letters of keys as they are, until it is switched to Vietnamese; then it reads Telex.
func NewTyping() *Typing {
	return &Typing{rules: telex.Rules{Method: telex.Telex}, chord: runtime.GOOS != "windows"}
}

// Set says how keys are read from now on: whether Vietnamese is composed, and by which rules. It does not call OnChanged.
func (t *Typing) Set(vi bool, rules telex.Rules) {
	t.vi, t.rules = vi, rules
	if t.button != nil {
		t.button.Refresh()
	}
}

// Vietnamese reports whether Vietnamese is composed.
func (t *Typing) Vietnamese() bool { return t.vi && t.rules.Method != telex.Off }

// Rules are the rules by which it is composed, when it is.
func (t *Typing) Rules() telex.Rules { return t.rules }

// Switch goes from Vietnamese to plain keys, or back. Where no method is chosen there is nothing to switch.
func (t *Typing) Switch() {
	if t.rules.Method == telex.Off {
		return
	}
	t.Set(!t.vi, t.rules)
	if t.OnChanged != nil {
		t.OnChanged()
	}
}

// typing is what the entry's window shares; without a window, nothing is composed.
func (e *Entry) typing() *Typing {
	if e.Keys == nil {
		return NewTyping()
	}
	return e.Keys.Typing
}

// rules are those by which this entry composes now.
func (e *Entry) rules() telex.Rules {
	t := e.typing()
	if e.Plain || e.Password || !t.Vietnamese() {
		return telex.Rules{}
	}
	return t.rules
}

// held says which keys were pressed since the first of Ctrl and Shift that are down.
type held uint8

const (
	ctrlHeld held = 1 << iota
	shiftHeld
	otherHeld
)

func heldBy(key fyne.KeyName) held {
	switch key {
	case desktop.KeyControlLeft, desktop.KeyControlRight:
		return ctrlHeld
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		return shiftHeld
	}
	return otherHeld
}

// KeyDown implements desktop.Keyable.
func (e *Entry) KeyDown(k *fyne.KeyEvent) {
	Touch(e)
	by := heldBy(k.Name)
	if by == shiftHeld {
		e.forget()
	}
	if by != otherHeld && e.held&(ctrlHeld|shiftHeld) == 0 {
		e.held = 0 // what was pressed before counts no more
	}
	e.held |= by
	e.Entry.KeyDown(k)
}

// KeyUp implements desktop.Keyable: Ctrl and Shift together, and nothing else, switch.
func (e *Entry) KeyUp(k *fyne.KeyEvent) {
	e.Entry.KeyUp(k)
	if heldBy(k.Name) == otherHeld {
		return
	}
	if t := e.typing(); e.held == ctrlHeld|shiftHeld && t.chord {
		t.Switch()
	}
	e.held = 0
}

// TypingButton says how keys are read, and switches it. The one that was made last is kept up to date.
type TypingButton struct {
	widget.BaseWidget
	t       *Typing
	hovered bool
}

var _ desktop.Hoverable = (*TypingButton)(nil)

// NewTypingButton makes the button. It takes no focus, so that the hand goes on where it was.
func NewTypingButton(t *Typing) *TypingButton {
	b := &TypingButton{t: t}
	b.ExtendBaseWidget(b)
	t.button = b
	return b
}

// Tapped implements fyne.Tappable.
func (b *TypingButton) Tapped(*fyne.PointEvent) { b.t.Switch() }

// MouseIn implements desktop.Hoverable.
func (b *TypingButton) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *TypingButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *TypingButton) MouseOut() { b.hovered = false; b.Refresh() }

// CreateRenderer implements fyne.Widget.
func (b *TypingButton) CreateRenderer() fyne.WidgetRenderer {
	r := &typingRenderer{b: b, face: NewPlane(PlaneLook{}), lang: Line("", Small), method: Line("", Small)}
	r.draw()
	return r
}

type typingRenderer struct {
	b            *TypingButton
	face         *Plane
	lang, method *canvas.Text
}

const (
	typingHeight = 32
	typingPad    = 10
	typingGap    = 8
)

func (r *typingRenderer) draw() {
	fill, stroke, ink := ColorPaper, ColorLine, ColorInk
	text, method := "EN", ""
	if r.b.hovered {
		fill = ColorSurface2
	}
	if r.b.t.Vietnamese() {
		fill, stroke, ink = ColorPrimary, ColorPrimary, ColorOnPrimary
		text, method = "VI", r.b.t.rules.Method.String()
	}
	r.face.Set(PlaneLook{Fill: fill, Stroke: stroke, Width: 1, Radius: 4})
	Small.Strong().In(ink).apply(r.lang)
	Small.In(ink).apply(r.method)
	r.lang.Text, r.method.Text, r.method.Hidden = text, method, method == ""
}

// MinSize is that of the longest words: the bar stands still when the button is pressed.
func (r *typingRenderer) MinSize() fyne.Size {
	return fyne.NewSize(Small.Strong().measure("EN").Width+typingGap+Small.measure("Telex").Width+2*typingPad, typingHeight)
}

func (r *typingRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	m := r.lang.MinSize()
	r.lang.Move(fyne.NewPos(typingPad, (size.Height-m.Height)/2))
	r.lang.Resize(m)
	n := r.method.MinSize()
	r.method.Move(fyne.NewPos(typingPad+m.Width+typingGap, (size.Height-n.Height)/2))
	r.method.Resize(n)
}

func (r *typingRenderer) Refresh() {
	r.draw()
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

func (r *typingRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face.Object, r.lang, r.method}
}

func (r *typingRenderer) Destroy() {}
