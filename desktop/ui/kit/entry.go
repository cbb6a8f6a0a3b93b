package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Keys are the shortcuts of a window. Fyne hands a shortcut to the focused widget first and stops there, so every entry
// passes on what it does not know.
type Keys struct{ known map[string]func() }

// NewKeys makes an empty set.
func NewKeys() *Keys { return &Keys{map[string]func(){}} }

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
	f, ok := k.known[s.ShortcutName()]
	if ok {
		f()
	}
	return ok
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

// Entry is a text entry: Enter goes on, Tab leaves also where there are many lines, and the focus is seen from afar.
type Entry struct {
	widget.Entry
	Keys     *Keys
	OnNext   func() // Enter
	OnEscape func()
	OnLeft   func() // the focus went elsewhere
	OnFocus  func()
	OnArrow  func(down bool) bool // true: taken
	OnOpen   func()               // F4, Alt+Down, Ctrl+Space: what can be picked is to be shown

	ring      *canvas.Rectangle
	edge      *canvas.Rectangle // the red border of one that is wrong and has the focus
	box       *fyne.Container
	here, bad bool // has the focus; is drawn as wrong
	worked    bool // the cursor has been in this text since it was put here
}

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

// Framed is the entry with the ring that shows the focus; it is what goes into a page.
func (e *Entry) Framed() fyne.CanvasObject {
	if e.box == nil {
		e.ring = canvas.NewRectangle(Color(colorNone))
		e.ring.StrokeColor, e.ring.StrokeWidth, e.ring.CornerRadius = Color(ColorRing), 3, 6
		e.ring.Hidden = true
		e.edge = canvas.NewRectangle(Color(colorNone))
		e.edge.StrokeColor, e.edge.StrokeWidth, e.edge.CornerRadius = Color(ColorDanger), 2, 4
		e.edge.Hidden = true
		e.box = container.New(ringed{}, e, e.ring, e.edge)
	}
	return e.box
}

// ringed lays the second object around the first, without taking room, and the third over it.
type ringed struct{}

func (ringed) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Resize(size)
	o[1].Move(fyne.NewPos(-2, -2))
	o[1].Resize(size.AddWidthHeight(4, 4))
	o[2].Resize(size)
}

func (ringed) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// Put shows a text without telling that it changed, as long as nobody is typing here.
func (e *Entry) Put(text string) {
	if !e.here {
		e.Replace(text)
	}
}

// Replace shows a text without telling that it changed, also when somebody is typing here.
func (e *Entry) Replace(text string) {
	if e.Text == text {
		return
	}
	changed := e.OnChanged
	e.OnChanged = nil
	e.SetText(text)
	e.OnChanged, e.worked = changed, false
}

// SetWrong draws the border in red, within the ring of the focus where the entry has it.
func (e *Entry) SetWrong(wrong bool) {
	if e.bad != wrong {
		e.bad = wrong
		e.drawRing()
	}
}

func (e *Entry) drawRing() {
	if e.ring == nil {
		return
	}
	e.ring.StrokeColor, e.ring.StrokeWidth = Color(ColorRing), 3
	if e.bad && !e.here {
		e.ring.StrokeColor, e.ring.StrokeWidth = Color(ColorDanger), 2
	}
	e.ring.Hidden = !e.bad && !e.here
	e.ring.Refresh()
	e.edge.Hidden = !e.bad || !e.here
	e.edge.Refresh()
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
	e.here = true
	e.drawRing()
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
	e.here = false
	e.drawRing()
	if e.OnLeft != nil {
		e.OnLeft()
	}
}

// AcceptsTab implements fyne.Tabbable: Tab always leaves.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	switch {
	case k.Name == fyne.KeyEscape && e.OnEscape != nil:
		e.OnEscape()
		return
	case k.Name == fyne.KeyF4 && e.OnOpen != nil:
		e.OnOpen()
		return
	case (k.Name == fyne.KeyDown || k.Name == fyne.KeyUp) && e.OnArrow != nil && e.OnArrow(k.Name == fyne.KeyDown):
		return
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut implements fyne.Shortcutable: what the window knows goes to the window, the rest is editing.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	switch {
	case e.OnOpen != nil && Opens(s):
		e.OnOpen()
	case !e.Keys.Do(s):
		e.Entry.TypedShortcut(s)
	}
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
