package units

import (
	"slices"
	"strings"

	"banlang/shared/form"
	"banlang/shared/units"
	"banlang/shared/viet"
)

// checker looks at a tree as it would be.
type checker struct {
	tree *units.Tree
	at   func(u *units.Unit) *Row // the line of a file that says so; an empty row: none does
	told map[string]bool          // by unit and kind: what holds on many days is told once
	bad  []Problem
}

// Check says what cannot be so in a tree.
func Check(t *units.Tree) []Problem {
	return check(t, func(u *units.Unit) *Row { return &Row{Unit: *u} })
}

func check(t *units.Tree, at func(*units.Unit) *Row) []Problem {
	c := &checker{tree: t, at: at, told: map[string]bool{}}
	all := t.All()
	for i := range all {
		c.alone(&all[i])
		if i > 0 && all[i-1].Code == all[i].Code {
			c.beside(&all[i-1], &all[i])
		}
	}
	for _, day := range append([]string{""}, t.Days()...) {
		c.onDay(day)
	}
	slices.SortStableFunc(c.bad, func(a, b Problem) int { return a.Line - b.Line })
	return c.bad
}

func (c *checker) say(u *units.Unit, f field, p Problem) {
	key := u.Code + "\n" + u.From + "\n" + headers[f][0]
	if !c.told[key] {
		c.told[key] = true
		p = c.at(u).problem(f, p)
		if p.Line == 0 {
			p.What = form.Text{VI: "Đơn vị " + u.Code + ": " + p.What.VI, EN: "Unit " + u.Code + ": " + p.What.EN}
		}
		c.bad = append(c.bad, p)
	}
}

// alone looks at one unit by itself.
func (c *checker) alone(u *units.Unit) {
	fix := text("Sửa ô này.", "Correct this cell.")
	for _, x := range []struct {
		bad    bool
		at     field
		vi, en string
	}{
		{u.Code == "", fieldCode, "Thiếu mã.", "The code is missing."},
		{u.Code != "" && !ValidCode(u.Code), fieldCode, "Mã chỉ gồm chữ không dấu, số, gạch và chấm, nhiều nhất 32 ký tự.", "A code has letters without marks, digits, dashes and dots only, at most 32."},
		{u.Name == "", fieldName, "Thiếu tên.", "The name is missing."},
		{len(u.Name) > MaxName || control(u.Name), fieldName, "Tên quá dài hoặc có ký tự lạ.", "The name is too long or has odd characters."},
		{len(u.Phone) > MaxPhone || control(u.Phone), fieldPhone, "Số điện thoại quá dài hoặc có ký tự lạ.", "The telephone number is too long or has odd characters."},
		{u.Level == "", fieldLevel, "Thiếu cấp.", "The level is missing."},
		{u.To != "" && u.To <= u.From, fieldTo, "Ngày hết hiệu lực không sau ngày bắt đầu.", "It ends before it begins."},
		{u.To == "" && len(u.Into) > 0, fieldTo, "Đã nhập vào đơn vị khác mà chưa ghi ngày hết hiệu lực.", "It went up in another unit, and the day is missing."},
	} {
		if x.bad {
			c.say(u, x.at, Problem{What: form.Text{VI: x.vi, EN: x.en}, Next: fix})
		}
	}
	if u.Level != "" && index(c.tree.Levels(), u.Level) < 0 {
		c.say(u, fieldLevel, Problem{What: text("Không có cấp %q.", "There is no level %q.", u.Level), Next: fix})
	}
	for _, into := range u.Into {
		if into == u.Code {
			c.say(u, fieldInto, Problem{What: text("Đơn vị nhập vào chính nó.", "It went up in itself."), Next: fix})
		} else if next, ok := c.tree.Lookup(into, u.To); !ok || !next.On(u.To) {
			c.say(u, fieldInto, Problem{What: text("Không có đơn vị %s từ ngày %s.", "There is no unit %s from %s.", into, day(u.To)),
				Next: text("Thêm đơn vị đó, hoặc sửa mã.", "Add that unit, or correct the code.")})
		}
	}
}

// beside looks at two rows of one code that follow each other.
func (c *checker) beside(a, b *units.Unit) {
	switch first := c.at(a).Line; {
	case a.From == b.From && first > 0:
		c.say(b, fieldCode, Problem{What: text("Mã %s đã có ở dòng %d.", "Code %s stands in line %d already.", b.Code, first),
			Next: text("Bỏ một dòng, hoặc ghi mã khác.", "Take one line away, or write another code.")})
	case a.From == b.From || a.To == "" || a.To > b.From:
		c.say(b, fieldFrom, Problem{What: text("Mã %s có hiệu lực hai lần cùng lúc, từ ngày %s.", "Code %s is in force twice at once, from %s.", b.Code, day(b.From)),
			Next: text("Ghi ngày hết hiệu lực cho dòng trước.", "Write the day on which the other line ends.")})
	}
}

// onDay looks at what hangs together on one day; "" is the first of all.
func (c *checker) onDay(day string) {
	v, reporting := c.tree.At(day), c.tree.Reporting(day)
	all := c.tree.All()
	for i := range all {
		u := &all[i]
		if !u.On(day) {
			continue
		}
		if c.above(v, u, u.Parent, fieldParent, day) {
			c.levels(v, u)
		}
		if u.Reports != "" {
			c.above(reporting, u, u.Reports, fieldReports, day)
		}
	}
}

// above looks at the unit that another hangs below, and reports whether it does.
func (c *checker) above(v *units.View, u *units.Unit, parent string, f field, on string) bool {
	if parent == "" {
		return false
	}
	p := Problem{Next: text("Sửa mã đơn vị cấp trên, hoặc thêm đơn vị đó.", "Correct the code of the unit above, or add that unit.")}
	switch hangs := v.Parent(u.Code); {
	case parent == u.Code:
		p.What = text("Đơn vị thuộc chính nó.", "It is part of itself.")
	case hangs != "" && index(c.tree.Levels(), u.Level) >= 0:
		return true
	case hangs != "":
		return false // its level is told already
	case v.Has(parent):
		p.What = text("%s và %s thuộc lẫn nhau thành vòng.", "%s and %s are part of each other in a circle.", u.Code, parent)
	default:
		if _, known := c.tree.Lookup(parent, on); !known {
			p.What = text("Không có đơn vị %s.", "There is no unit %s.", parent)
		} else {
			p.What = text("Đơn vị cấp trên %s không có hiệu lực từ ngày %s, và không rõ nay là đơn vị nào.", "The unit above, %s, is not in force from %s, and has not become one other.", parent, day(on))
			p.Next = text("Ghi đơn vị cấp trên mới từ ngày đó.", "Write the new unit above from that day on.")
		}
	}
	c.say(u, f, p)
	return false
}

// levels: a unit is of a lower level than what it is part of.
func (c *checker) levels(v *units.View, u *units.Unit) {
	above, _ := v.Unit(v.Parent(u.Code))
	if index(c.tree.Levels(), above.Level) >= index(c.tree.Levels(), u.Level) {
		c.say(u, fieldLevel, Problem{What: text("Cấp %s không nằm dưới cấp %s của %s.", "Level %s is not below level %s of %s.", u.Level, above.Level, above.Code),
			Next: text("Sửa cấp, hoặc đơn vị cấp trên.", "Correct the level, or the unit above.")})
	}
}

func control(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// day writes a day for people.
func day(iso string) string {
	if iso == "" {
		return "…"
	}
	return viet.Date(iso)
}
