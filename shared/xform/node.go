package xform

import (
	"strconv"
	"strings"

	"banlang/shared/xpath"
)

// node is one node of an instance: a Field with its place and its value. It is what expressions of the form see; while
// it is not relevant, paths leave it out of what they give.
type node struct {
	field  *Field
	parent *node
	groups [][]*node // the children, by the index of their field
	attrs  []*node   // by the index of their field
	value  Value
	pos    int // 0-based among those of the same field below the same parent
	stamp  uint32
	state  state
	aside  []*element // what a saved instance had here and the form does not know
}

// state is what the binds make of a node.
type state uint8

const (
	irrelevant state = 1 << iota // its own relevance is false
	hidden                       // its own or that of an ancestor is
	required
	readOnly // its own
	locked   // its own or that of an ancestor
	speaking // its expression is being evaluated: it sees itself even when hidden
)

func (n *node) has(s state) bool { return n.state&s != 0 }

func (n *node) set(s state, on bool) {
	if on {
		n.state |= s
	} else {
		n.state &^= s
	}
}

// seen is the value as expressions see it.
func (n *node) seen() Value {
	if n.has(hidden) && !n.has(speaking) {
		return Value{}
	}
	return n.value
}

// newNode makes a node of the field with nodes for all that is not a repeat below it, without answers.
func newNode(f *Field, parent *node) *node {
	n := &node{field: f, parent: parent}
	n.attachAttributes()
	if len(f.children) > 0 {
		n.groups = make([][]*node, len(f.children))
	}
	for i, c := range f.children {
		if !c.IsRepeat() {
			n.groups[i] = []*node{newNode(c, n)}
		}
	}
	return n
}

func (n *node) attachAttributes() {
	for _, a := range n.field.attrs {
		n.attrs = append(n.attrs, &node{field: a, parent: n})
	}
}

// clone copies n and all below it.
func (n *node) clone(parent *node) *node {
	c := &node{field: n.field, parent: parent, value: n.value, pos: n.pos, state: n.state}
	if n.groups != nil {
		c.groups = make([][]*node, len(n.groups))
	}
	for i, g := range n.groups {
		c.groups[i] = make([]*node, len(g))
		for j, k := range g {
			c.groups[i][j] = k.clone(c)
		}
	}
	for _, a := range n.attrs {
		c.attrs = append(c.attrs, a.clone(c))
	}
	return c
}

// group is the children of that field.
func (n *node) group(f *Field) []*node {
	if f.index >= len(n.groups) {
		return nil
	}
	return n.groups[f.index]
}

// one is the first child (or the attribute) of that field, or nil.
func (n *node) one(f *Field) *node {
	if f.attr {
		if f.index < len(n.attrs) {
			return n.attrs[f.index]
		}
		return nil
	}
	if g := n.group(f); len(g) > 0 {
		return g[0]
	}
	return nil
}

func (n *node) isLeaf() bool { return len(n.field.children) == 0 }

// isAnswer reports whether people put answers into n. Attributes are for the form itself.
func (n *node) isAnswer() bool { return n.isLeaf() && !n.field.attr }

// up is the ancestor of n, or n itself, of that field; n's field is below f.
func (n *node) up(f *Field) *node {
	for n.field.depth > f.depth {
		n = n.parent
	}
	return n
}

// each calls visit for the nodes of field f at or below n.
func (n *node) each(f *Field, visit func(*node)) {
	if n.field == f {
		visit(n)
		return
	}
	if f.depth <= n.field.depth {
		return
	}
	next := f.at(n.field.depth + 1)
	if next.attr {
		if a := n.one(next); a != nil {
			visit(a)
		}
		return
	}
	for _, c := range n.group(next) {
		c.each(f, visit)
	}
}

// walk calls visit for n and all below it, attributes included, in document order.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, a := range n.attrs {
		visit(a)
	}
	for _, g := range n.groups {
		for _, c := range g {
			c.walk(visit)
		}
	}
}

// ref names n among the nodes of its instance. Positions stand where a repeat, or more than one node, needs them.
func (n *node) ref() Ref {
	if n.parent == nil {
		return Ref(n.field.path)
	}
	var b strings.Builder
	n.writeRef(&b)
	return Ref(b.String())
}

func (n *node) writeRef(b *strings.Builder) {
	if n.parent != nil {
		n.parent.writeRef(b)
	}
	b.WriteByte('/')
	if n.field.attr {
		b.WriteByte('@')
	}
	b.WriteString(n.field.name.local)
	if n.field.IsRepeat() || n.pos > 0 {
		b.WriteString("[" + strconv.Itoa(n.pos+1) + "]")
	}
}

// What follows makes *node a node for package xpath.

// Kind implements xpath.Node.
func (n *node) Kind() xpath.NodeKind {
	if n.field.attr {
		return xpath.AttributeNode
	}
	return xpath.ElementNode
}

// Name implements xpath.Node. Names in forms go without namespaces: /data/meta finds <orx:meta> too.
func (n *node) Name() xpath.Name { return xpath.Name{Local: n.field.name.local} }

// Value implements xpath.Node. A group has no value of its own, as in JavaRosa.
func (n *node) Value() string {
	if n.has(hidden) && !n.has(speaking) {
		return ""
	}
	if n.value.Kind == DateTime && n.field.kind != DateTime {
		return n.value.day()
	}
	return n.value.Text
}

// Parent implements xpath.Node.
func (n *node) Parent() xpath.Node {
	if n.parent == nil {
		return (*rootNode)(n)
	}
	return n.parent
}

// ChildCount implements xpath.Node.
func (n *node) ChildCount() int {
	count := 0
	for _, g := range n.groups {
		count += len(g)
	}
	return count
}

// Child implements xpath.Node.
func (n *node) Child(i int) xpath.Node {
	for _, g := range n.groups {
		if i < len(g) {
			return g[i]
		}
		i -= len(g)
	}
	return nil
}

// Attributes implements xpath.Node.
func (n *node) Attributes() []xpath.Node {
	nodes := make([]xpath.Node, len(n.attrs))
	for i, a := range n.attrs {
		nodes[i] = a
	}
	return nodes
}

// Hidden implements xpath.Hideable.
func (n *node) Hidden() bool { return n.has(hidden) }

// named are the children of that name.
func (n *node) named(local string) []*node {
	if f := n.field.child(local); f != nil {
		return n.group(f)
	}
	return nil
}

// AppendNamed implements xpath.NameIndexed.
func (n *node) AppendNamed(dst []xpath.Node, _, local string) []xpath.Node {
	for _, c := range n.named(local) {
		dst = append(dst, c)
	}
	return dst
}

// NthNamed implements xpath.NthNamed.
func (n *node) NthNamed(_, local string, i int) xpath.Node {
	if g := n.named(local); i <= len(g) {
		return g[i-1]
	}
	return nil
}

// Position implements xpath.Positioned.
func (n *node) Position() int { return n.pos + 1 }

// Truth is what n counts as where a condition is wanted: 0 and no answer are false.
func (n *node) Truth() (truth, ok bool) { return n.seen().truth(), true }

// CompareTo implements xpath.Ordered.
func (n *node) CompareTo(other xpath.Node) int {
	if _, ok := other.(*rootNode); ok {
		return 1
	}
	m, ok := other.(*node)
	if !ok {
		return 0
	}
	a, b := n, m
	for a.field.depth > b.field.depth {
		a = a.parent
	}
	for b.field.depth > a.field.depth {
		b = b.parent
	}
	if a == b {
		return n.field.depth - m.field.depth
	}
	for a.parent != b.parent {
		a, b = a.parent, b.parent
	}
	return a.place() - b.place() + (a.pos-b.pos)*boolToInt(a.field == b.field)
}

// place orders the fields below one parent: attributes before children.
func (n *node) place() int {
	if n.field.attr {
		return n.field.index - 1<<20
	}
	return n.field.index
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// rootNode is the document above the root element of an instance, of which it has the address.
type rootNode node

// Kind implements xpath.Node.
func (*rootNode) Kind() xpath.NodeKind { return xpath.DocumentNode }

// Name implements xpath.Node.
func (*rootNode) Name() xpath.Name { return xpath.Name{} }

// Value implements xpath.Node.
func (*rootNode) Value() string { return "" }

// Parent implements xpath.Node.
func (*rootNode) Parent() xpath.Node { return nil }

// ChildCount implements xpath.Node.
func (*rootNode) ChildCount() int { return 1 }

// Child implements xpath.Node.
func (r *rootNode) Child(int) xpath.Node { return (*node)(r) }

// Attributes implements xpath.Node.
func (*rootNode) Attributes() []xpath.Node { return nil }

// AppendNamed implements xpath.NameIndexed.
func (r *rootNode) AppendNamed(dst []xpath.Node, _, local string) []xpath.Node {
	if n := (*node)(r); n.field.name.local == local {
		return append(dst, n)
	}
	return dst
}

// CompareTo implements xpath.Ordered.
func (r *rootNode) CompareTo(other xpath.Node) int {
	if o, ok := other.(*rootNode); ok && o == r {
		return 0
	}
	return -1
}
