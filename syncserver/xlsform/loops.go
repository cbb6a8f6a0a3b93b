package xlsform

import (
	"strings"
)

// layOutLoops replaces the questions of each loop by a group for each choice of its list, with the name and the label
// of the choice put into their texts: %(name)s, %(label)s.
func (d *definition) layOutLoops() error {
	count := 0
	f := filler{left: MaxTextBytes}
	return d.root.walk(func(e *element) error {
		if count++; count > MaxElements {
			return reached("elements", MaxElements, e.at("type"))
		}
		if err := d.ctx.Err(); count%checkEvery == 0 && err != nil {
			return err
		}
		if e.typ != "loop" || e.choices == nil {
			return nil
		}
		template := e.children
		e.children = nil
		list := e.choices
		e.choices = nil
		if len(list.options)*len(template) > MaxElements {
			return reached("elements", MaxElements, e.at("type"))
		}
		for _, c := range list.options {
			if c.name == "none" {
				continue
			}
			f.choice = c
			if err := f.layOut(e, template); err != nil {
				return err
			}
		}
		return nil
	})
}

// filler puts the texts of a choice into those of a question.
type filler struct {
	*choice
	left int // bytes that may still be made
}

// layOut adds the group of one choice to a loop.
func (f *filler) layOut(loop *element, template []*element) error {
	c := f.choice
	if !isName(c.name) {
		return NameInvalid.at(c.row.at("name"), "name", c.name)
	}
	group := loop.add(&element{kind: aGroup, typ: "group", name: c.name, label: c.label, media: c.media.by, row: c.row})
	for _, t := range template {
		child, err := f.copyOf(t)
		if err != nil {
			return err
		}
		group.add(child)
	}
	return nil
}

// copyOf is a copy of a question with the texts of a choice put in. The children of a group are copied as they are.
func (f *filler) copyOf(e *element) (*element, error) {
	out := e.copy()
	out.parent = nil
	for _, s := range []*string{&out.name, &out.filter, &out.question.value, &out.itemset, &out.query} {
		if err := f.fillIn(s, ""); err != nil {
			return nil, placed(err, e.at("label"))
		}
	}
	for _, v := range []*value{&out.label, &out.hint, &out.guidance} {
		if err := f.fillInValue(v); err != nil {
			return nil, placed(err, e.at("label"))
		}
	}
	for _, a := range []attrs{out.bind, out.control, out.instance, out.params} {
		for i := range a {
			if err := f.fillIn(&a[i].text, a[i].key); err != nil {
				return nil, placed(err, e.at("bind"))
			}
		}
	}
	return out, nil
}

// copy shares with e only what nobody changes.
func (e *element) copy() *element {
	out := *e
	out.bind, out.control, out.instance = e.bind.clone(), e.control.clone(), e.instance.clone()
	out.media, out.params = e.media.clone(), e.params.clone()
	out.label.by, out.hint.by, out.guidance.by = e.label.by.clone(), e.hint.by.clone(), e.guidance.by.clone()
	out.children = nil
	for _, c := range e.children {
		out.add(c.copy())
	}
	return &out
}

func (f *filler) fillInValue(v *value) error {
	if err := f.fillIn(&v.text, ""); err != nil {
		return err
	}
	for i := range v.by {
		if err := f.fillIn(&v.by[i].text, v.by[i].key); err != nil {
			return err
		}
	}
	return nil
}

// fillIn replaces %(column)s by what the choice has in the column, in the language given if it has that.
func (f *filler) fillIn(s *string, lang string) error {
	if !strings.Contains(*s, "%") {
		return nil
	}
	var b strings.Builder
	rest := *s
	for {
		before, after, found := strings.Cut(rest, "%")
		b.WriteString(before)
		if !found {
			*s = b.String()
			f.left -= b.Len()
			return nil
		}
		if b.Len() > f.left {
			return reached("text", MaxTextBytes, Place{})
		}
		if rest, found = strings.CutPrefix(after, "%"); found {
			b.WriteByte('%')
			continue
		}
		key, tail, ok := strings.Cut(strings.TrimPrefix(after, "("), ")s")
		if !ok || !strings.HasPrefix(after, "(") {
			return LoopText.at(Place{}, "text", *s)
		}
		text, ok := f.column(key, lang)
		if !ok {
			return LoopText.at(Place{}, "text", *s)
		}
		b.WriteString(text)
		rest = tail
	}
}

// column is what a choice has in a column.
func (c *choice) column(key, lang string) (string, bool) {
	switch {
	case key == "name":
		return c.name, true
	case key == "label" && c.label.by.has(lang):
		return c.label.by.text(lang), true
	case key == "label":
		return c.label.String(), !c.label.isZero()
	}
	return c.extra.text(key), c.extra.has(key)
}
