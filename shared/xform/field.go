package xform

import (
	"slices"
	"strings"

	"banlang/shared/xpath"
)

// Field is a node that instances of a form have: a group, a repeat, a leaf that holds an answer, or an attribute of
// one of these. Its path names it, without positions: "/data/household/member/age", "/data/meta/entity/@id".
type Field struct {
	name     qname
	path     string
	parent   *Field
	children []*Field
	byName   map[string]*Field // of the children, once there are many
	attrs    []*Field
	index    int // among the children, or attributes, of the parent
	depth    int // of the root: 0
	attr     bool
	kind     Kind // as declared

	bind     *Bind
	target   bool  // of an action
	repeat   *Item // the <repeat> over it, if there is one
	question *Item // the first question that asks for it
	template *node // what a new instance of the repeat starts as; nil where a blank one does
	rules    [4]*rule
}

// Name is the last step of the path, without the @ of an attribute.
func (f *Field) Name() string { return f.name.local }

// Parent is the field around f, nil at the root.
func (f *Field) Parent() *Field { return f.parent }

// Children are the fields below f, attributes left out. They are not the caller's to change.
func (f *Field) Children() []*Field { return f.children }

// Question is the first question that asks for f, nil when none does.
func (f *Field) Question() *Item { return f.question }

// Path names the field.
func (f *Field) Path() string { return f.path }

// Kind is the kind of answer that the type of the field calls for; None when it has no type.
func (f *Field) Kind() Kind { return f.kind }

// Bind is what the form declares for the field, nil when it declares nothing.
func (f *Field) Bind() *Bind { return f.bind }

// IsRepeat reports whether the field is the root of the instances of a repeat.
func (f *Field) IsRepeat() bool { return f.repeat != nil }

// Repeats reports whether a record can have the field several times: a repeat is around it, or it is one.
func (f *Field) Repeats() bool {
	for ; f != nil; f = f.parent {
		if f.IsRepeat() {
			return true
		}
	}
	return false
}

// IsNote reports whether f is only there to be read: a question of text into which neither people nor the form put anything.
func (f *Field) IsNote() bool {
	q, b := f.question, f.bind
	return q != nil && q.Control == "input" && f.kind.isText() && b != nil && strings.TrimSpace(b.ReadOnly) == "true()" &&
		b.Calculate == "" && b.Preload == "" && !f.target
}

// KeepsFirst reports whether f is calculated, and the calculation keeps what it gave first: it calls once().
func (f *Field) KeepsFirst() bool {
	r := f.rules[ruleCalculate]
	return r != nil && slices.ContainsFunc(r.expr.Calls(), func(c *xpath.Call) bool { return c.Name == "once" })
}

// child is the child of that local name, or nil.
func (f *Field) child(local string) *Field {
	if f.byName != nil {
		return f.byName[local]
	}
	for _, c := range f.children {
		if c.name.local == local {
			return c
		}
	}
	return nil
}

func (f *Field) attribute(local string) *Field {
	for _, a := range f.attrs {
		if a.name.local == local {
			return a
		}
	}
	return nil
}

// isAncestorOf reports whether g is below f, or f itself.
func (f *Field) isAncestorOf(g *Field) bool {
	for g != nil && g.depth > f.depth {
		g = g.parent
	}
	return g == f
}

// at is the ancestor of f at a depth not below its own.
func (f *Field) at(depth int) *Field {
	for f.depth > depth {
		f = f.parent
	}
	return f
}

// walk calls visit for f and all below it, attributes included.
func (f *Field) walk(visit func(*Field)) {
	visit(f)
	for _, a := range f.attrs {
		visit(a)
	}
	for _, c := range f.children {
		c.walk(visit)
	}
}

// Bind is what a form declares for a field. Expressions are as written; empty ones are absent.
type Bind struct {
	Type          string
	Relevant      string
	Calculate     string
	Required      string
	ReadOnly      string
	Constraint    string
	ConstraintMsg string // text, or jr:itext('…')
	RequiredMsg   string
	Preload       string
	PreloadParams string

	elem       *element
	constraint *xpath.Expr
}

// Attr is any other attribute of the bind, such as saveto in the namespace of entities.
func (b *Bind) Attr(space, local string) (string, bool) { return b.elem.lookup(space, local) }

// merge takes over a further <bind> of the same field: the last word wins, as in JavaRosa.
func (b *Bind) merge(o *Bind) {
	for _, p := range []struct {
		to   *string
		from string
	}{
		{&b.Type, o.Type}, {&b.Relevant, o.Relevant}, {&b.Calculate, o.Calculate}, {&b.Required, o.Required},
		{&b.ReadOnly, o.ReadOnly}, {&b.Constraint, o.Constraint}, {&b.ConstraintMsg, o.ConstraintMsg},
		{&b.RequiredMsg, o.RequiredMsg}, {&b.Preload, o.Preload}, {&b.PreloadParams, o.PreloadParams},
	} {
		if p.from != "" {
			*p.to = p.from
		}
	}
}

// newField adds a field to its parent.
func newField(parent *Field, name qname, attr bool) *Field {
	f := &Field{name: name, parent: parent, attr: attr, path: "/" + name.local}
	if parent == nil {
		return f
	}
	f.depth = parent.depth + 1
	if attr {
		f.path = parent.path + "/@" + name.local
		f.index = len(parent.attrs)
		parent.attrs = append(parent.attrs, f)
		return f
	}
	f.path = parent.path + "/" + name.local
	f.index = len(parent.children)
	parent.children = append(parent.children, f)
	parent.indexNames()
	return f
}

// manyChildren is from how many children on a map finds a name faster than looking through them.
const manyChildren = 8

func (f *Field) indexNames() {
	switch n := len(f.children); {
	case n == manyChildren:
		f.byName = make(map[string]*Field, 2*n)
		for _, c := range f.children {
			f.byName[c.name.local] = c
		}
	case n > manyChildren:
		c := f.children[n-1]
		f.byName[c.name.local] = c
	}
}

// fixed reports whether f says which form the instance belongs to; nothing alters that.
func (f *Field) fixed() bool {
	return f.attr && f.depth == 1 && (f.name.local == "id" || f.name.local == "version")
}

// fieldAt finds the field of a plain absolute path: names with slashes, positions and prefixes left aside.
func (f *Form) fieldAt(path string) *Field {
	names := strings.Split(strings.TrimPrefix(path, "/"), "/")
	cur := f.root
	if len(names) == 0 || localOf(names[0]) != cur.name.local {
		return nil
	}
	for _, n := range names[1:] {
		if cur = cur.step(localOf(n)); cur == nil {
			return nil
		}
	}
	return cur
}

// step is the child, or the attribute when the name begins with @.
func (f *Field) step(name string) *Field {
	if attr, ok := strings.CutPrefix(name, "@"); ok {
		return f.attribute(localOf(attr))
	}
	return f.child(name)
}

// localOf is a step without prefix and position.
func localOf(step string) string {
	step, _, _ = strings.Cut(step, "[")
	at := strings.HasPrefix(step, "@")
	if _, local, ok := strings.Cut(step, ":"); ok {
		if at {
			return "@" + local
		}
		return local
	}
	return step
}
