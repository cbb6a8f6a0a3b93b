package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"banlang/shared/viet"
)

// Keys are the shortcuts of a window. Fyne hands a shortcut to the focused widget first and stops there, so every entry
// passes on what it does not know.
type Keys struct {
	Typing  *Typing // how the window's entries make letters of keys
	Touched func()  // is told of every shortcut, and of every key in an entry; nil: nobody is

	known map[string]func()
}

// NewKeys makes an empty set.
func NewKeys() *Keys { return &Keys{Typing: NewTyping(), known: map[string]func(){}} }

// Set makes a shortcut of Ctrl with a key, and Shift if wanted, do f; nil takes it away.
func (k *Keys) Set(key fyne.KeyName, shift bool, f func()) {
	name := shortcut(key, shift).ShortcutName()
	if f == nil {
		delete(k.known, name)
		return
	}
	k.known[name] = f
}

// Clear takes every shortcut away.
func (k *Keys) Clear() { clear(k.known) }

// Ctrl is the shortcut of a key with Ctrl.
func Ctrl(key fyne.KeyName) fyne.Shortcut { return shortcut(key, false) }

func shortcut(key fyne.KeyName, shift bool) *desktop.CustomShortcut {
	s := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl}
	if shift {
		s.Modifier |= fyne.KeyModifierShift
	}
	return s
}

// Do does what a shortcut means in this window, if anything.
func (k *Keys) Do(s fyne.Shortcut) bool {
	if k == nil {
		return false
	}
	k.touch()
	f, ok := k.known[s.ShortcutName()]
	if ok {
		f()
	}
	return ok
}

func (k *Keys) touch() {
	if k != nil && k.Touched != nil {
		k.Touched()
	}
}

// Bind lets a canvas hand these keys over when no entry has the focus.
func (k *Keys) Bind(c fyne.Canvas, keys ...fyne.KeyName) {
	for _, key := range keys {
		for _, shift := range []bool{false, true} {
			s := shortcut(key, shift)
			c.AddShortcut(s, func(fyne.Shortcut) { k.Do(s) })
		}
	}
}

// Entry is a text entry: Enter goes on, Tab leaves also where there are many lines, and the focus is seen from afar. It
// composes Vietnamese, and what stands in it is in NFC.
type Entry struct {
	widget.Entry
	Keys     *Keys
	Plain    bool   // for numbers, days, codes, addresses: keys are letters as they are
	Figures  bool   // for numbers: once it is left it stands at the right, so that figures below each other can be compared
	OnNext   func() // Enter
	OnEscape func()
	OnLeft   func() // the focus went elsewhere
	OnFocus  func()
	OnArrow  func(down bool) bool        // true: taken
	OnJump   func(key fyne.KeyName) bool // PageUp, PageDown, Home or End; true: taken
	OnOpen   func()                      // F4, Alt+Down, Ctrl+Space: what can be picked is to be shown

	ground    *Plane
	edge      *Plane // the red border of one that is wrong and has the focus
	paper     *Plane // over the text, with the figure
	figure    *canvas.Text
	here, bad bool // has the focus; is drawn as wrong
	worked    bool // the cursor has been in this text since it was put here
	selects   bool // something may be selected
	held      held
	spot      spot
	past      history
}

var (
	_ desktop.Keyable   = (*Entry)(nil)
	_ desktop.Mouseable = (*Entry)(nil)
	_ fyne.Shortcutable = (*Entry)(nil)
)

// NewEntry makes an entry of one line.
func NewEntry(keys *Keys) *Entry {
	e := &Entry{Keys: keys}
	e.ExtendBaseWidget(e)
	e.OnSubmitted = func(string) {
		if e.OnNext != nil {
			e.OnNext()
		}
	}
	return e
}

// NewLines makes an entry of several lines.
func NewLines(keys *Keys, rows int) *Entry {
	e := &Entry{Keys: keys}
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	e.SetMinRowsVisible(rows)
	return e
}

// NewPassphrase makes an entry that shows dots.
func NewPassphrase(keys *Keys) *Entry {
	e := NewEntry(keys)
	e.Password = true
	return e
}

// Framed is what goes into a page.
func (e *Entry) Framed() fyne.CanvasObject { return e }

// CreateRenderer implements fyne.Widget.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	r := &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), e: e}
	hearWheel(r.WidgetRenderer, e)
	e.ground, e.edge = NewPlane(PlaneLook{}), NewPlane(PlaneLook{Stroke: ColorDanger, Width: 2, Radius: 4})
	e.paper, e.figure = NewPlane(PlaneLook{Fill: ColorPaper}), Line("", Body)
	e.figure.Alignment = fyne.TextAlignTrailing
	e.paper.Show(false)
	e.figure.Hidden = true
	e.drawGround()
	e.drawFigure()
	return r
}

// entryRenderer draws an entry on one plane, which is its ground, its border and the ring of the focus, where Fyne draws
// two of its own, one over the other.
type entryRenderer struct {
	fyne.WidgetRenderer
	e       *Entry
	objects []fyne.CanvasObject
}

func (r *entryRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.e.layGround(size)
	r.e.edge.Resize(size)
	r.e.paper.Move(fyne.NewPos(4, 4))
	r.e.paper.Resize(size.SubtractWidthHeight(8, 8))
	h := r.e.figure.MinSize().Height
	r.e.figure.Move(fyne.NewPos(8, (size.Height-h)/2))
	r.e.figure.Resize(fyne.NewSize(size.Width-20, h))
}

func (r *entryRenderer) Refresh() {
	r.e.drawGround()
	r.e.drawFigure()
	r.WidgetRenderer.Refresh()
}

func (r *entryRenderer) Objects() []fyne.CanvasObject {
	r.objects = append(r.objects[:0], r.e.ground.Object)
	for _, o := range r.WidgetRenderer.Objects() {
		if _, its := o.(*canvas.Rectangle); !its {
			r.objects = append(r.objects, o)
		}
	}
	r.objects = append(r.objects, r.e.paper.Object, r.e.figure, r.e.edge.Object)
	return r.objects
}

// Put shows a text without telling that it changed, as long as nobody is typing here.
func (e *Entry) Put(text string) {
	if !e.here {
		e.Replace(text)
	}
}

// Replace shows a text without telling that it changed, also when somebody is typing here.
func (e *Entry) Replace(text string) {
	if e.Text == viet.NFC(text) {
		return
	}
	changed := e.OnChanged
	e.OnChanged = nil
	e.SetText(text)
	e.OnChanged, e.worked = changed, false
}

// drawFigure shows the figure of an entry that has not the focus.
func (e *Entry) drawFigure() {
	if e.paper == nil {
		return
	}
	shown := e.Figures && !e.here && e.Text != ""
	if e.paper.Shown() == shown && (!shown || e.figure.Text == e.Text) {
		return
	}
	Body.apply(e.figure)
	e.figure.Text, e.figure.Hidden = e.Text, !shown
	e.figure.Refresh()
	e.paper.Show(shown)
}

// SetWrong draws the border in red, within the ring of the focus where the entry has it.
func (e *Entry) SetWrong(wrong bool) {
	if e.bad != wrong {
		e.bad = wrong
		e.drawGround()
	}
}

// drawGround brings the ground and the red border up to how the entry stands.
func (e *Entry) drawGround() {
	if e.ground == nil {
		return
	}
	look := PlaneLook{Fill: ColorPaper, Stroke: ColorLine, Width: 1, Radius: 4}
	switch {
	case e.here:
		look.Stroke, look.Width, look.Radius = focusRing.Stroke, focusRing.Width, focusRing.Radius
	case e.bad:
		look.Stroke, look.Width, look.Radius = ColorDanger, 2, focusRing.Radius
	case e.Disabled():
		look.Stroke = theme.ColorNameDisabled
	}
	e.ground.Set(look)
	e.layGround(e.Size())
	e.edge.Show(e.bad && e.here)
}

// layGround lays the ground under the entry; a ring stands out by 2.
func (e *Entry) layGround(size fyne.Size) {
	out := float32(0)
	if e.here || e.bad {
		out = 2
	}
	e.ground.Move(fyne.NewPos(-out, -out))
	e.ground.Resize(size.AddWidthHeight(2*out, 2*out))
}

// Here reports whether the entry has the focus.
func (e *Entry) Here() bool { return e.here }

// MinSize implements fyne.Widget: high enough for a hand.
func (e *Entry) MinSize() fyne.Size {
	s := e.Entry.MinSize()
	return fyne.NewSize(max(60, s.Width), max(s.Height, ControlHeight()))
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	e.typing().last = e
	e.here = true
	e.drawGround()
	e.drawFigure()
	if !e.worked { // a hand that comes by keys goes on where the text ends; a click moves the cursor afterwards
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
		e.worked = true
	}
	if e.OnFocus != nil {
		e.OnFocus()
	}
}

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	e.held = 0
	e.here = false
	e.drawGround()
	if e.OnLeft != nil {
		e.OnLeft()
	}
	e.drawFigure()
}

var jumps = map[fyne.KeyName]bool{fyne.KeyPageUp: true, fyne.KeyPageDown: true, fyne.KeyHome: true, fyne.KeyEnd: true}

// AcceptsTab implements fyne.Tabbable: Tab always leaves.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey implements fyne.Focusable. Esc and the function keys that mean nothing here go to the window.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	e.Keys.touch()
	switch {
	case k.Name == fyne.KeyEscape && e.OnEscape != nil:
		e.OnEscape()
	case k.Name == fyne.KeyF4 && e.OnOpen != nil:
		e.OnOpen()
	case k.Name == fyne.KeyF2:
		e.typing().Switch()
	case k.Name == fyne.KeyEscape || isFunctionKey(k.Name):
		e.passOn(k)
	case (k.Name == fyne.KeyDown || k.Name == fyne.KeyUp) && e.OnArrow != nil && e.OnArrow(k.Name == fyne.KeyDown):
	case jumps[k.Name] && e.held&shiftHeld == 0 && e.OnJump != nil && e.OnJump(k.Name):
	case k.Name == fyne.KeyBackspace:
		e.back(false)
	case k.Name == fyne.KeyDelete:
		e.forth(false)
	case (k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter) && e.MultiLine:
		e.past.open = whole
		e.Insert("\n")
	default:
		e.move(k)
	}
}

// move moves the cursor, and never between a letter and its marks. Where a word is broken at the end of a row, Fyne has two
// places for one; a step from the one to the other is none.
func (e *Entry) move(k *fyne.KeyEvent) {
	was, sideways := e.offset(), k.Name == fyne.KeyLeft || k.Name == fyne.KeyRight
	steps := sideways && (e.SelectedText() == "" || e.held&shiftHeld != 0)
	if e.held&shiftHeld == 0 {
		e.forget()
	}
	e.spot, e.selects = spot{}, e.selects || e.held&shiftHeld != 0
	e.Entry.TypedKey(k)
	if steps && e.offset() == was {
		e.Entry.TypedKey(k)
	}
	for sideways && e.insideLetter() {
		e.Entry.TypedKey(k)
	}
	e.leaveLetter()
}

// insideLetter reports whether the cursor stands before a mark.
func (e *Entry) insideLetter() bool {
	if !strings.ContainsFunc(e.Text, isMark) {
		return false
	}
	text, at := []rune(e.Text), e.offset()
	return at > 0 && at < len(text) && isMark(text[at])
}

func (e *Entry) leaveLetter() {
	for e.insideLetter() {
		e.place(e.offset() + 1)
	}
}

// MouseDown implements desktop.Mouseable.
func (e *Entry) MouseDown(m *desktop.MouseEvent) {
	e.held |= otherHeld
	e.spot, e.selects = spot{}, true
	e.Entry.MouseDown(m)
	e.leaveLetter()
}

func isFunctionKey(k fyne.KeyName) bool {
	return len(k) > 1 && k[0] == 'F' && k[1] >= '1' && k[1] <= '9'
}

// passOn gives a key to the window.
func (e *Entry) passOn(k *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(k)
	}
}

// TypedShortcut implements fyne.Shortcutable: what the window knows goes to the window, editing is done here, and the rest is
// offered to the canvas.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if e.OnOpen != nil && Opens(s) {
		e.OnOpen()
		return
	}
	if !e.Keys.Do(s) && !e.editBy(s) {
		if c, ok := fyne.CurrentApp().Driver().CanvasForObject(e).(fyne.Shortcutable); ok {
			c.TypedShortcut(s)
		}
	}
}

// editBy does what a shortcut means in an entry, if anything.
func (e *Entry) editBy(s fyne.Shortcut) bool {
	switch s := s.(type) {
	case *fyne.ShortcutUndo:
		e.Undo()
	case *fyne.ShortcutRedo:
		e.Redo()
	case *fyne.ShortcutCut:
		e.cut(s.Clipboard)
	case *fyne.ShortcutPaste:
		e.paste(s.Clipboard)
	case *fyne.ShortcutCopy, *fyne.ShortcutSelectAll:
		e.spot, e.selects = spot{}, true
		e.Entry.TypedShortcut(s)
	case *desktop.CustomShortcut:
		return e.editByKey(s)
	default:
		return false
	}
	return true
}

func (e *Entry) editByKey(s *desktop.CustomShortcut) bool {
	ctrl, both := s.Modifier == fyne.KeyModifierControl, s.Modifier == fyne.KeyModifierControl|fyne.KeyModifierShift
	switch {
	case ctrl && s.KeyName == paletteKey:
		e.openPalette()
	case both && s.KeyName == fyne.KeyZ:
		e.Redo()
	case ctrl && s.KeyName == fyne.KeyBackspace:
		e.back(true)
	case ctrl && s.KeyName == fyne.KeyDelete:
		e.forth(true)
	case (ctrl || both) && (s.KeyName == fyne.KeyLeft || s.KeyName == fyne.KeyRight):
		e.spot, e.selects = spot{}, true
		e.Entry.TypedShortcut(s)
	default:
		return false
	}
	return true
}

// Check is a box to tick; Enter goes on.
type Check struct {
	widget.Check
	OnNext  func()
	OnFocus func()
	OnLeft  func()
	OnArrow func(forward bool) // to the box beside this one

	OnEscape func()
}

// NewCheck makes a box.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// KeyDown implements desktop.Keyable.
func (c *Check) KeyDown(*fyne.KeyEvent) { Touch(c) }

// KeyUp implements desktop.Keyable.
func (c *Check) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(k *fyne.KeyEvent) {
	if (k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter) && c.OnNext != nil {
		c.OnNext()
		return
	}
	if k.Name == fyne.KeyEscape && c.OnEscape != nil {
		c.OnEscape()
		return
	}
	if forward, ok := ways[k.Name]; ok && c.OnArrow != nil {
		c.OnArrow(forward)
		return
	}
	c.Check.TypedKey(k)
}

// FocusLost implements fyne.Focusable.
func (c *Check) FocusLost() {
	c.Check.FocusLost()
	if c.OnLeft != nil {
		c.OnLeft()
	}
}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	if c.OnFocus != nil {
		c.OnFocus()
	}
}
