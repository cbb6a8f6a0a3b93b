package formui

import (
	"strings"
)

// Where the hand is, and where it goes next.

// got notes that a field has the focus.
func (f *Form) got(x *field) {
	if f.here != nil && f.here != x && f.here.in != nil {
		f.here.in.close()
	}
	f.here = x
	f.scroll.Reveal(x.cell)
	if at := f.e.SectionOf(x.path); at >= 0 && at != f.at {
		f.at = at
		f.OnMove(at)
	}
}

// Section is where the hand is.
func (f *Form) Section() int { return f.at }

// next moves the focus to the field after one. Behind the last cell of a repeat's last row comes another row, and Enter in
// a row that is empty ends the rows.
func (f *Form) next(after *field) {
	r := after.rows
	switch {
	case r == nil:
		f.follow(after)
	case r.it.MayAdd() && f.e.IsEmptyRow(r.path+"/"+after.row()):
		r.endWith(after)
	case !r.isLast(after) || !r.nextRow(after.row()):
		f.follow(after)
	}
}

// follow moves the focus to the field that stands behind one.
func (f *Form) follow(after *field) {
	past := false
	for _, x := range f.fields {
		if past && x.takesFocus() {
			f.focus(x)
			return
		}
		past = past || x == after
	}
	for i := f.at + 1; f.paged && i < len(f.sections); i++ {
		if f.show(i); f.focusFirst(i) {
			return
		}
	}
	f.end()
}

// show brings a section of a paged form onto the screen.
func (f *Form) show(i int) {
	if !f.paged || f.sections[i].body.Visible() && f.at == i {
		return
	}
	f.make(i)
	for k, s := range f.sections {
		s.body.Hidden = k != i
	}
	f.at = i
	f.sections[i].refresh(everything, true)
	f.again()
	f.scroll.ToTop()
	f.OnMove(i)
}

// GoTo moves the hand to the beginning of a section.
func (f *Form) GoTo(i int) {
	if i < 0 || i >= len(f.sections) {
		return
	}
	f.show(i)
	f.scroll.Top(f.sections[i].body)
	if !f.focusFirst(i) && f.at != i {
		f.at = i
		f.OnMove(i)
	}
}

// goToNumber moves the hand to the section that the rail calls by a number.
func (f *Form) goToNumber(n int) {
	for i, s := range f.e.Rail() {
		if !s.Shown {
			continue
		}
		if n == 0 {
			f.GoTo(i)
			return
		}
		n--
	}
}

func (f *Form) focusFirst(i int) bool {
	for _, x := range questions(f.sections[i].parts) {
		if x.takesFocus() {
			f.focus(x)
			return true
		}
	}
	return false
}

func (f *Form) focus(x *field) {
	if o := x.in.focus(); o != nil {
		f.canvas.Focus(o)
	}
	f.scroll.Reveal(x.cell)
}

// Focus goes to the field at path, or shows it where it takes no focus; of a row it is the first field, and "" is the first
// of all.
func (f *Form) Focus(path string) {
	if i := f.e.SectionOf(path); i >= 0 && i < len(f.sections) { // Only has one
		f.show(i)
		for _, p := range f.sections[i].parts {
			if r, ok := p.(*rows); ok {
				r.reveal(path)
			}
		}
	}
	for _, x := range f.fields {
		switch {
		case path != "" && x.path != path && !strings.HasPrefix(x.path, path+"/"):
			continue
		case x.takesFocus():
			f.focus(x)
			return
		case x.path == path:
			f.scroll.Reveal(x.cell)
			return
		}
	}
}
