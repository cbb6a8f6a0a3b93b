package xpath

import "unicode/utf8"

// surveyor lists what an expression reads and calls.
type surveyor struct {
	x     *Expr
	at    int // byte offset of column
	col   int
	outer *Reference
	step  int // of outer
}

// surveyed is x once its references and calls are listed, which takes as long as to parse it and is not always asked for.
func (x *Expr) surveyed() *Expr {
	x.survey.Do(func() {
		s := &surveyor{x: x, col: 1}
		s.visit(x.root)
	})
	return x
}

// column turns a place into a column.
func (s *surveyor) column(at place) int {
	if int(at) < s.at {
		s.at, s.col = 0, 1
	}
	s.col += utf8.RuneCountInString(s.x.text[s.at:at])
	s.at = int(at)
	return s.col
}

func (s *surveyor) visit(x expr) {
	switch x := x.(type) {
	case *infix:
		s.visit(x.left)
		s.visit(x.right)
	case *negation:
		s.visit(x.x)
	case *union:
		for _, part := range x.parts {
			s.visit(part)
		}
	case *call:
		s.call(x)
	case *path:
		s.path(x)
	}
}

func (s *surveyor) call(c *call) {
	found := &Call{Column: s.column(c.at), Name: c.name, Known: c.fn != nil, Volatile: c.volatile(), Outer: s.outer}
	for i, x := range c.args {
		arg := Argument{Text: c.texts[i]}
		if l, ok := x.(*literal); ok {
			arg.Literal, arg.Value = true, l.v
		}
		found.Args = append(found.Args, arg)
	}
	s.x.calls = append(s.x.calls, found)
	if c.name == "current" || c.name == "instance" { // alone, without a path behind it
		s.x.refs = append(s.x.refs, s.reference(&path{at: c.at, origin: fromExpr, base: c}))
	}
	for _, x := range c.args {
		s.visit(x)
	}
}

func (s *surveyor) path(p *path) {
	r := s.reference(p)
	s.x.refs = append(s.x.refs, r)
	if p.base != nil {
		listed := len(s.x.refs)
		s.visit(p.base)
		if r.Origin != FromOther { // current() and instance() are in r already
			s.x.refs = append(s.x.refs[:listed], s.x.refs[min(listed+1, len(s.x.refs)):]...)
		}
	}
	s.within(r, -1, p.filters)
	for i := range p.steps {
		s.within(r, i, p.steps[i].filters)
	}
}

// within visits the predicates of a step of r.
func (s *surveyor) within(r *Reference, step int, filters []filter) {
	outer, outerStep := s.outer, s.step
	s.outer, s.step = r, step
	for _, f := range filters {
		s.visit(f.x)
	}
	s.outer, s.step = outer, outerStep
}

// reference describes a path.
func (s *surveyor) reference(p *path) *Reference {
	r := &Reference{Column: s.column(p.at), Outer: s.outer, OuterStep: s.step}
	switch p.origin {
	case fromRoot:
		r.Origin = FromRoot
	case fromExpr:
		r.Origin = FromOther
		if c, ok := p.base.(*call); ok {
			r.Origin, r.Instance = originOf(c)
		}
	}
	for i := range p.steps {
		r.Steps = append(r.Steps, p.steps[i].described())
	}
	return r
}

func originOf(c *call) (Origin, string) {
	switch {
	case c.name == "current" && len(c.args) == 0:
		return FromCurrent, ""
	case c.name == "instance" && len(c.args) == 1:
		if l, ok := c.args[0].(*literal); ok {
			return FromInstance, l.v.String()
		}
		return FromInstance, ""
	}
	return FromOther, ""
}

func (s *step) described() Step {
	d := Step{Axis: s.axis, Name: s.test.name, Test: "name", Predicates: len(s.filters)}
	switch s.test.kind {
	case anyName, anyInSpace:
		d.Name.Local = "*"
	case anyNode:
		d.Test = "node"
	case texts:
		d.Test = "text"
	case comments:
		d.Test = "comment"
	case instructions:
		d.Test = "processing-instruction"
	}
	return d
}

// splitName cuts a name as it is written in two.
func splitName(text string) Name {
	for i := range len(text) {
		if text[i] == ':' {
			return Name{Prefix: text[:i], Local: text[i+1:]}
		}
	}
	return Name{Local: text}
}
