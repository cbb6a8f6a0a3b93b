package units

import (
	"slices"

	"banlang/shared/form"
	"banlang/shared/units"
)

// Merge makes one unit of several, from a day on: the new one, or one of them, or one that stands beside them. What was
// below them is below it; records keep the codes that they were written under, and count in it.
type Merge struct {
	Units []string // that go up in it
	Into  string   // its code
	Name  string   `json:",omitempty"` // of a new one, or the one that it bears from then on
	On    string   // yyyy-mm-dd
}

// Split makes several units of one, from a day on. Records that were written under its code count in the unit above.
type Split struct {
	Unit  string
	Parts []Part
	On    string // yyyy-mm-dd
}

// Part is one of the units that another is split into: a new one, with the units that were below the old one and are below
// it from then on.
type Part struct {
	Code  string
	Name  string
	Below []string `json:",omitempty"`
}

// Apply returns the tree as it would be, or what is wrong. The tree that is given is not altered.
func (m *Merge) Apply(now *units.Tree) (*units.Tree, []Problem) {
	c := begin(now, m.On)
	parts := slices.DeleteFunc(slices.Clone(m.Units), func(code string) bool { return code == m.Into })
	if len(parts) == 0 || len(m.Units) < 2 && !c.view.Has(m.Into) {
		c.refuse(m.Into, text("Cần ít nhất hai đơn vị.", "At least two units are needed."), text("Ghi các đơn vị được nhập.", "Name the units that are merged."))
	}
	var first *units.Unit
	for _, code := range parts {
		if u := c.ends(code); u != nil {
			u.Into = []string{m.Into}
			if first != nil && first.Level != u.Level {
				c.refuse(code, text("%s và %s không cùng cấp.", "%s and %s are not of one level.", first.Code, code), text("Nhập các đơn vị cùng cấp.", "Merge units of one level."))
			}
			first = u
		}
	}
	into := c.row(m.Into)
	if into != nil && first != nil && into.Level != first.Level {
		c.refuse(m.Into, text("%s và %s không cùng cấp.", "%s and %s are not of one level.", first.Code, m.Into), text("Nhập vào đơn vị cùng cấp.", "Merge them into a unit of their level."))
	}
	switch {
	case into != nil && m.Name != "" && m.Name != into.Name:
		renamed := *into
		renamed.Name = m.Name
		c.replace(into, renamed)
	case into == nil && m.Name == "":
		c.refuse(m.Into, text("Đơn vị mới chưa có tên.", "The new unit has no name."), text("Ghi tên (--name).", "Give its name (--name)."))
	case into == nil && first != nil:
		c.add(units.Unit{Code: m.Into, Parent: first.Parent, Reports: first.Reports, Level: first.Level, Name: m.Name, From: m.On})
	}
	return c.done()
}

// Apply returns the tree as it would be, or what is wrong. The tree that is given is not altered.
func (s *Split) Apply(now *units.Tree) (*units.Tree, []Problem) {
	c := begin(now, s.On)
	if len(s.Parts) < 2 {
		c.refuse(s.Unit, text("Cần ít nhất hai đơn vị mới.", "At least two new units are needed."), text("Ghi thêm một đơn vị.", "Name one more."))
	}
	below := c.view.Children(s.Unit)
	old := c.ends(s.Unit)
	if old == nil {
		return c.done()
	}
	for _, p := range s.Parts {
		old.Into = append(old.Into, p.Code)
		c.add(units.Unit{Code: p.Code, Parent: old.Parent, Reports: old.Reports, Level: old.Level, Name: p.Name, From: s.On})
		for _, code := range p.Below {
			at := slices.IndexFunc(below, func(u units.Unit) bool { return u.Code == code })
			if at < 0 {
				c.refuse(code, text("%s không thuộc %s.", "%s is not part of %s.", code, s.Unit), text("Sửa mã.", "Correct the code."))
				continue
			}
			moved := below[at]
			moved.Parent = p.Code
			c.replace(c.row(code), moved)
			below = slices.Delete(below, at, at+1)
		}
	}
	for _, u := range below {
		c.refuse(u.Code, text("Chưa rõ %s (%s) nay thuộc đơn vị nào.", "Nobody says what %s (%s) is part of now.", u.Code, u.Name),
			text("Ghi nó thuộc phần nào (--below %s=MÃ).", "Say which part it is below (--below %s=CODE).", u.Code))
	}
	return c.done()
}

// changing is a tree in the middle of an operation.
type changing struct {
	now  *units.Tree
	view *units.View // of the day, before
	on   string
	rows []*units.Unit
	bad  []Problem
}

func begin(now *units.Tree, on string) *changing {
	c := &changing{now: now, view: now.At(on), on: on}
	for _, u := range now.All() {
		c.rows = append(c.rows, &u)
	}
	return c
}

func (c *changing) refuse(code string, what, next form.Text) {
	c.bad = append(c.bad, Problem{Code: code, What: what, Next: next})
}

// row is what holds of a code on the day; nil for a unit that is not in force.
func (c *changing) row(code string) *units.Unit {
	for _, u := range c.rows {
		if u.Code == code && u.On(c.on) {
			return u
		}
	}
	return nil
}

// ends ends a unit on the day; nil, and a refusal, when it cannot.
func (c *changing) ends(code string) *units.Unit {
	u := c.row(code)
	switch {
	case u == nil:
		c.refuse(code, text("Ngày %s không có đơn vị %q.", "On %s there is no unit %q.", day(c.on), code), text("Xem units list.", "Look at units list."))
	case u.From == c.on:
		c.refuse(code, text("%s mới bắt đầu đúng ngày đó.", "%s begins on that very day.", code), text("Chọn ngày khác.", "Choose another day."))
	case u.To != "":
		c.refuse(code, text("%s đã có thay đổi ghi cho ngày %s.", "%s has a change noted for %s.", code, day(u.To)), text("Chọn ngày sau đó.", "Choose a later day."))
	default:
		u.To = c.on
		return u
	}
	return nil
}

// add puts a new unit in; its code must be nobody's.
func (c *changing) add(u units.Unit) {
	if _, known := c.now.Lookup(u.Code, c.on); known {
		c.refuse(u.Code, text("Mã %s đã thuộc một đơn vị.", "Code %s is that of a unit.", u.Code), text("Chọn mã mới.", "Choose a new code."))
		return
	}
	c.rows = append(c.rows, &u)
}

// replace has something else hold of a unit from the day on.
func (c *changing) replace(old *units.Unit, u units.Unit) {
	if old.From == c.on {
		*old = u
		return
	}
	u.From, u.To, u.Into = c.on, old.To, old.Into
	old.To, old.Into = c.on, nil
	c.rows = append(c.rows, &u)
}

func (c *changing) done() (*units.Tree, []Problem) {
	if len(c.bad) > 0 {
		return nil, c.bad
	}
	all := make([]units.Unit, len(c.rows))
	for i, u := range c.rows {
		all[i] = *u
	}
	t := units.New(c.now.Levels(), all)
	if bad := Check(t); len(bad) > 0 {
		return nil, bad
	}
	return t, nil
}
