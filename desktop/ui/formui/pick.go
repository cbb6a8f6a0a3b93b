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
)

// mostOffered is how many choices are offered at once; one more letter narrows them.
const mostOffered = 8

// finder is an entry that searches a long list: typing looks, arrows move, Enter takes.
type finder struct {
	f       *Form
	choices func() []form.Choice
	icon    fyne.Resource
	entry   *kit.Entry
	found   []form.Choice
	at      int
	moved   bool // the mark was moved by hand
	list    *fyne.Container
	none    *kit.Para
	obj     *fyne.Container

	offersAll bool // with nothing typed, offers what comes first
	name      func() string
	take      func(value string)
	clear     func()
	next      func()
}

func (f *Form) newFinder(x *field, choices func() []form.Choice) *finder {
	s := &finder{f: f, choices: choices, icon: theme.ListIcon(), entry: kit.NewEntry(f.keys), list: kit.Column(2), none: kit.NewPara("", kit.Small),
		next: func() { f.next(x) }}
	if x.it.Field.Declared.Holds == declared.HoldsVenue {
		s.icon = kit.IconPlace
	}
	s.none.Hidden, s.list.Hidden = true, true
	s.entry.SetPlaceHolder(f.e.T("pick.find"))
	s.entry.OnChanged = s.look
	s.entry.OnFocus = func() {
		f.got(x)
		if s.offersAll || s.name() == "" {
			s.look(s.entry.Text)
		}
	}
	s.entry.OnLeft = func() { f.e.Leave(x.path) } // what is offered stays: a click on it takes the focus first
	s.entry.OnArrow = s.move
	s.entry.OnNext = s.enter
	s.entry.OnEscape = func() {
		if !s.close() {
			f.OnEscape()
		}
	}
	s.entry.OnOpen = func() { s.look(s.entry.Text) }
	s.obj = kit.Column(4, s.entry.Framed(), s.none, s.list)
	return s
}

// look offers the choices that fit; an emptied entry takes the answer back.
func (s *finder) look(typed string) {
	if strings.TrimSpace(typed) == "" && s.clear != nil {
		s.clear()
	}
	var found []form.Choice
	for _, c := range s.choices() {
		if len(found) < mostOffered && app.Finds(typed, c.Label) {
			found = append(found, c)
		}
	}
	s.none.Set(s.f.e.T("pick.none"), kit.Small)
	s.none.Hidden = len(found) > 0
	s.offer(found)
}

func (s *finder) offer(found []form.Choice) {
	s.found, s.at, s.moved = found, 0, false
	s.draw()
}

func (s *finder) draw() {
	s.list.Objects = []fyne.CanvasObject{}
	for i, c := range s.found {
		b := kit.NewNavItem(c.Label, s.icon, func() { s.at, s.moved = i, true; s.enter() })
		b.Here = i == s.at
		s.list.Objects = append(s.list.Objects, b)
	}
	s.list.Hidden = len(s.found) == 0
	s.list.Refresh()
	s.f.again()
}

func (s *finder) move(down bool) bool {
	if len(s.found) == 0 {
		return false
	}
	switch {
	case down && s.moved:
		s.at = min(s.at+1, len(s.found)-1)
	case !down:
		s.at = max(s.at-1, 0)
	}
	s.moved = true // the first Down goes into the list: what it begins with is marked already
	s.draw()
	return true
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
	open := len(s.found) > 0 || !s.none.Hidden
	s.none.Hidden = true
	if s.entry.Text != s.name() {
		s.entry.Replace(s.name())
	}
	if open {
		s.offer(nil)
	}
	return open
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
func (p *pick) show()                     { p.entry.Put(p.name()) }
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
