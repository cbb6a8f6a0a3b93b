package formui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"banlang/desktop/ui/kit"
	"banlang/shared/form"
	"banlang/shared/viet"
)

// radio is a pick of one answer from a few that all stand there.
type radio struct {
	state
	radio *kit.Radio
}

func (f *Form) newRadio(x *field, choices func() []form.Choice) *radio {
	r := &radio{state: newState(x, choices)}
	r.radio = kit.NewRadio(func(i int) {
		if i < 0 {
			f.e.Set(x.path, "")
			return
		}
		f.e.Set(x.path, r.values[i])
	})
	r.radio.Fold = viet.Fold
	r.radio.OnNext, r.radio.OnFocus, r.radio.OnLeft, r.radio.OnEscape = func() { f.next(x) }, func() { f.got(x) }, func() { f.e.Leave(x.path) }, func() { f.OnEscape() }
	r.show()
	return r
}

func (r *radio) object() fyne.CanvasObject { return r.radio }
func (r *radio) focus() fyne.Focusable     { return r.radio }
func (r *radio) wrong(w bool)              { r.radio.SetWrong(w) }
func (r *radio) close()                    {}

// wants implements wanting: to stand beside each other.
func (r *radio) wants() float32 { return r.radio.Width() + 4 }

// show shows the answer. One that cannot be chosen any more stands there too, until another is chosen.
func (r *radio) show() {
	r.read()
	v := r.value()
	at, labels := slices.Index(r.values, v), r.labels
	if v != "" && at < 0 {
		at, labels, r.values = len(labels), append(labels[:len(labels):len(labels)], r.f.e.Say(r.path)), append(r.values[:len(r.values):len(r.values)], v)
	}
	if v == "" {
		at = -1
	}
	r.radio.Offer(labels, at)
}

// mostRated is how many steps of a range stand beside each other.
const mostRated = 11

// rating are the steps of a range as choices; none where there are too many.
func (x *field) rating() (steps []form.Choice) {
	from, to, step, _ := x.it.Range()
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	by, errBy := strconv.Atoi(step)
	if errA != nil || errB != nil || errBy != nil || by < 1 || (b-a)/by >= mostRated {
		return nil
	}
	for n := a; n <= b; n += by {
		steps = append(steps, form.Choice{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return steps
}

// choice is a pick of one answer from a list that opens; its first line takes the answer back.
type choice struct {
	state
	pick *kit.Choose
}

func (f *Form) newChoice(x *field, choices func() []form.Choice) input {
	c := &choice{state: newState(x, choices)}
	c.pick = kit.NewChoose(nil, -1, f.e.T("form.none"), func(i int) {
		if i == 0 {
			f.e.Set(x.path, "")
			return
		}
		f.e.Set(x.path, c.values[i-1])
	})
	c.pick.Fold, c.pick.Empty = viet.Fold, true
	c.pick.OnLeft = func() { f.e.Leave(x.path) }
	c.pick.OnNext, c.pick.OnFocus, c.pick.OnEscape = func() { f.next(x) }, func() { f.got(x) }, func() { f.OnEscape() }
	return c
}

func (c *choice) object() fyne.CanvasObject { return c.pick }
func (c *choice) focus() fyne.Focusable     { return c.pick }
func (c *choice) wrong(w bool)              { c.pick.SetWrong(w) }
func (c *choice) close()                    {}

// show shows the answer. One that cannot be chosen any more is shown as it is called, and kept.
func (c *choice) show() {
	c.read()
	none := c.f.e.T("form.none")
	v := c.value()
	at, hint := slices.Index(c.values, v)+1, none
	switch {
	case v == "":
		at = -1
	case at == 0:
		at, hint = -1, c.f.e.Say(c.path)
	}
	c.pick.Offer(append([]string{none}, c.labels...), at, hint)
}

// checks are boxes to tick. Arrows go from box to box, Space ticks, Enter goes on.
type checks struct {
	state
	boxes []*kit.Check
	obj   *fyne.Container
	x     *field
	busy  bool
}

func (f *Form) newChecks(x *field, choices func() []form.Choice) input {
	return &checks{state: newState(x, choices), x: x, obj: kit.Column(0)}
}

// tell sets the values that are ticked, in the order of the form; those that cannot be chosen any more stay.
func (c *checks) tell() {
	if c.busy {
		return
	}
	var values []string
	for i, b := range c.boxes {
		if b.Checked {
			values = append(values, c.values[i])
		}
	}
	for _, v := range strings.Fields(c.value()) {
		if !slices.Contains(c.values, v) {
			values = append(values, v)
		}
	}
	c.f.e.Set(c.path, strings.Join(values, " "))
}

func (c *checks) object() fyne.CanvasObject { return c.obj }

func (c *checks) focus() fyne.Focusable {
	if len(c.boxes) == 0 {
		return nil
	}
	return c.boxes[0]
}

func (c *checks) wrong(bool) {}
func (c *checks) close()     {}

func (c *checks) show() {
	c.busy = true
	defer func() { c.busy = false }()
	if c.read() {
		c.lay()
	}
	on := strings.Fields(c.value())
	for i, b := range c.boxes {
		if want := slices.Contains(on, c.values[i]); b.Checked != want {
			b.SetChecked(want)
		}
	}
}

// lay makes the boxes anew when the choices are others, in columns that most of them fit; a longer one takes two.
func (c *checks) lay() {
	c.boxes = nil
	var objects []fyne.CanvasObject
	var widths []float32
	for i, label := range c.labels {
		b := kit.NewCheck(label, func(bool) { c.tell() })
		b.OnNext, b.OnFocus = func() { c.f.next(c.x) }, func() { c.f.got(c.x) }
		b.OnLeft, b.OnEscape = func() { c.f.e.Leave(c.path) }, func() { c.f.OnEscape() }
		b.OnArrow = func(forward bool) { c.step(i, forward) }
		cell := kit.NewCell(b, false)
		cell.Want = b.MinSize().Width
		c.boxes, objects, widths = append(c.boxes, b), append(objects, cell), append(widths, cell.Want)
	}
	slices.Sort(widths)
	least := float32(140)
	if n := len(widths); n > 0 {
		least = max(least, widths[(n-1)*3/4])
	}
	c.obj.Objects = []fyne.CanvasObject{kit.Grid(0, least, 5, objects...)}
	c.obj.Refresh()
}

// step moves the hand to the box beside one.
func (c *checks) step(from int, forward bool) {
	to := from - 1
	if forward {
		to = from + 1
	}
	if to >= 0 && to < len(c.boxes) {
		c.f.canvas.Focus(c.boxes[to])
	}
}
