package formui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/viet"
)

// Bounds of how many choices are seen at once: as many as there is room for below the entry.
const (
	mostOffered  = 8
	leastOffered = 3
	besideOffer  = 190 // of the page: the question, its entry, and some of what is around it
)

// finder is an entry that searches a long list: typing looks, arrows and the wheel go through all that fits, Enter takes.
type finder struct {
	f       *Form
	x       *field
	choices func() []form.Choice
	entry   *kit.Entry
	all     []form.Choice // what choices gave last; nil: it is to be asked again
	folded  []string      // their labels, as they are compared
	found   []form.Choice
	at      int
	moved   bool // the mark was moved by hand
	list    *kit.Options
	note    *kit.Para // that nothing fits, or how many do
	obj     *fyne.Container

	offersAll bool // with nothing typed, offers what comes first
	name      func() string
	take      func(value string)
	clear     func()
	next      func()
}

func (f *Form) newFinder(x *field, choices func() []form.Choice) *finder {
	s := &finder{f: f, x: x, choices: choices, entry: kit.NewEntry(f.keys), note: kit.NewPara("", kit.Small), next: func() { f.next(x) }}
	icon := theme.ListIcon()
	if x.it.Field.Declared.Holds == declared.HoldsVenue {
		icon = kit.IconPlace
	}
	s.list = kit.NewOptions(icon, func(i int) { s.at, s.moved = i, true; s.enter() })
	s.note.Hidden, s.list.Hidden = true, true
	s.entry.SetPlaceHolder(f.e.T("pick.find"))
	s.entry.OnChanged = s.look
	s.entry.OnFocus = func() {
		f.got(x)
		if s.offersAll || s.name() == "" {
			s.look(s.entry.Text)
		}
	}
	s.entry.OnLeft = func() { f.e.Leave(x.path) } // what is offered stays: a click on it takes the focus first
	s.entry.OnArrow, s.entry.OnJump = s.move, s.jump
	s.entry.OnNext = s.enter
	s.entry.OnEscape = func() {
		if !s.close() {
			f.OnEscape()
		}
	}
	s.entry.OnOpen = s.open
	s.obj = kit.Column(4, s.entry.Framed(), s.note, s.list)
	return s
}

// look offers the choices that fit; an emptied entry takes the answer back.
func (s *finder) look(typed string) {
	if strings.TrimSpace(typed) == "" && s.clear != nil {
		s.clear()
	}
	s.find(typed, "")
}

// open offers all choices while the entry shows the answer, with the mark on it, and else those that fit.
func (s *finder) open() {
	if name := s.name(); name != "" && s.entry.Text == name {
		s.find("", s.f.e.Value(s.x.path))
		return
	}
	s.look(s.entry.Text)
}

// find offers the choices that fit what was typed, with the mark on a value; "": on the first.
func (s *finder) find(typed, value string) {
	if s.all == nil {
		s.all, s.folded = s.choices(), nil
		for _, c := range s.all {
			s.folded = append(s.folded, viet.Fold(c.Label))
		}
	}
	words := strings.Fields(viet.Fold(typed))
	var found []form.Choice
	at := 0
	for i, c := range s.all {
		if app.FindsFolded(words, s.folded[i]) {
			if c.Value == value {
				at = len(found)
			}
			found = append(found, c)
		}
	}
	s.offer(found, at, true)
}

// offer shows what was found; with nothing found it is said, where somebody looks.
func (s *finder) offer(found []form.Choice, at int, looks bool) {
	s.found, s.at, s.moved = found, at, false
	labels, most := make([]string, len(found)), s.most()
	for i, c := range found {
		labels[i] = c.Label
	}
	note := ""
	switch n := len(found); {
	case looks && n == 0:
		note = s.f.e.T("pick.none")
	case n > most:
		note = s.f.e.T("pick.more", "n", viet.Int(int64(n)))
	}
	high := s.obj.MinSize().Height
	s.list.Offer(labels, at, most)
	s.list.Hidden, s.note.Hidden = len(found) == 0, note == ""
	s.note.Set(note, kit.Small)
	if s.obj.MinSize().Height == high {
		return
	}
	s.f.again()
	if looks {
		s.f.scroll.Reveal(s.x.cell)
	}
}

// most is how many choices are seen at once.
func (s *finder) most() int {
	room := s.f.scroll.Size().Height
	if room == 0 { // the page has no place yet
		return mostOffered
	}
	return max(leastOffered, min(mostOffered, int((room-besideOffer)/kit.OptionHeight())))
}

func (s *finder) move(down bool) bool {
	if len(s.found) == 0 {
		if down {
			s.open()
		}
		return down
	}
	switch {
	case down && s.moved:
		s.mark(s.at + 1)
	case down:
		s.mark(s.at) // the first Down goes into the list: what it begins with is marked already
	default:
		s.mark(s.at - 1)
	}
	return true
}

// jump goes through the list by what is seen of it, or to its ends. Home and End are the entry's as long as the hand is in the text.
func (s *finder) jump(key fyne.KeyName) bool {
	if len(s.found) == 0 || (key == fyne.KeyHome || key == fyne.KeyEnd) && !s.moved && s.entry.Text != "" {
		return false
	}
	switch key {
	case fyne.KeyPageDown:
		s.mark(s.at + s.most())
	case fyne.KeyPageUp:
		s.mark(s.at - s.most())
	case fyne.KeyHome:
		s.mark(0)
	case fyne.KeyEnd:
		s.mark(len(s.found) - 1)
	}
	return true
}

// mark moves the mark by hand.
func (s *finder) mark(at int) {
	s.at, s.moved = max(0, min(at, len(s.found)-1)), true
	s.list.Mark(s.at)
}

// enter takes the choice that is marked, and goes on.
func (s *finder) enter() {
	took := s.at < len(s.found) && (s.moved || s.entry.Text != s.name())
	if took {
		s.take(s.found[s.at].Value)
	}
	s.close()
	if !took || !s.offersAll {
		s.next()
	}
}

// close takes what is offered off the screen, and what was typed and is no answer. It reports whether anything was.
func (s *finder) close() bool {
	open := len(s.found) > 0 || !s.note.Hidden
	if s.entry.Text != s.name() {
		s.entry.Replace(s.name())
	}
	if open {
		s.offer(nil, 0, false)
	}
	return open
}

// forget has the choices asked for again when they are looked at: another answer may have altered them. What is offered now follows,
// with the mark where it was.
func (s *finder) forget() {
	s.all = nil
	if !s.entry.Here() || len(s.found) == 0 && s.note.Hidden {
		return
	}
	typed, value, moved := s.entry.Text, "", s.moved
	if typed == s.name() {
		typed = ""
	}
	if s.at < len(s.found) {
		value = s.found[s.at].Value
	}
	s.find(typed, value)
	s.moved = moved && s.at < len(s.found) && s.found[s.at].Value == value
}

// pick is a searchable pick of one answer.
type pick struct {
	*finder
	path string
}

func (f *Form) newPick(x *field, choices func() []form.Choice) input {
	p := &pick{f.newFinder(x, choices), x.path}
	p.name = func() string { return f.e.Say(x.path) }
	p.take = func(value string) { f.e.Set(x.path, value) }
	p.clear = func() { f.e.Set(x.path, "") }
	return p
}

func (p *pick) object() fyne.CanvasObject { return p.obj }
func (p *pick) focus() fyne.Focusable     { return p.entry }
func (p *pick) wrong(w bool)              { p.entry.SetWrong(w) }
func (p *pick) show()                     { p.forget(); p.entry.Put(p.name()) }
func (p *pick) close()                    { p.finder.close() }

// picks is a searchable pick of several answers: those that were picked stand above, in the order of picking.
type picks struct {
	*finder
	path    string
	ordered bool // the order is part of the answer
	picked  *fyne.Container
	shown   string
	whole   *fyne.Container
}

func (f *Form) newPicks(x *field, choices func() []form.Choice) input {
	p := &picks{finder: f.newFinder(x, choices), path: x.path, ordered: x.it.Field.Type == form.TypeRank, picked: kit.Column(4)}
	p.offersAll = true
	p.name = func() string { return "" }
	p.choices = func() []form.Choice {
		held := p.values()
		return slices.DeleteFunc(choices(), func(c form.Choice) bool { return slices.Contains(held, c.Value) })
	}
	p.take = func(value string) { p.set(append(p.values(), value)) }
	p.whole = kit.Column(4, p.picked, p.obj)
	return p
}

func (p *picks) values() []string { return strings.Fields(p.f.e.Value(p.path)) }

func (p *picks) set(values []string) {
	p.f.e.Set(p.path, strings.Join(values, " "))
	p.show()
}

func (p *picks) object() fyne.CanvasObject { return p.whole }
func (p *picks) focus() fyne.Focusable     { return p.entry }
func (p *picks) wrong(w bool)              { p.entry.SetWrong(w) }
func (p *picks) close()                    { p.finder.close() }

// show lists what was picked, each with the button that takes it out.
func (p *picks) show() {
	p.forget()
	values := p.values()
	now := strings.Join(values, " ")
	if now == p.shown {
		return
	}
	p.shown = now
	p.picked.Objects = nil
	for i, v := range values {
		out := kit.NewButton("", theme.DeleteIcon(), func() { p.set(slices.Delete(p.values(), i, i+1)) }).Little().Says(p.f.e.T("pick.remove"))
		name := p.f.e.Filling().ChoiceLabel(p.path, v)
		if p.ordered {
			name = strconv.Itoa(i+1) + ". " + name
		}
		p.picked.Objects = append(p.picked.Objects, kit.Row(10, 1, out, kit.NewCut(name, kit.Body)))
	}
	p.picked.Refresh()
	p.f.again()
}
