package xpath

// A NodeKind is one of the seven kinds of node of the XPath 1.0 data model.
type NodeKind uint8

// The kinds of node.
const (
	DocumentNode NodeKind = iota // the root, parent of the outermost element
	ElementNode
	AttributeNode
	TextNode
	CommentNode
	InstructionNode // a processing instruction; the local name is its target
	NamespaceNode   // the local name is the prefix, the value the address
)

// A Name is an expanded name. The prefix is what name() shows; it takes no part in comparisons.
type Name struct {
	Space  string // the address of the namespace; empty for none
	Local  string
	Prefix string
}

// String returns the name as it was written, with its prefix.
func (n Name) String() string {
	if n.Prefix == "" {
		return n.Local
	}
	return n.Prefix + ":" + n.Local
}

// A Node is one node of a tree that expressions are evaluated over. Two values of the interface are the same node if
// and only if they are ==, so an implementation is a pointer or a small comparable struct. Nothing is written through
// it; while an evaluation runs, nobody else may alter the tree.
//
// Attributes have their element as parent and are no children of it.
type Node interface {
	Kind() NodeKind
	Name() Name
	// Value is the string-value: for documents and elements the text of all descendants, in order.
	Value() string
	// Parent is nil at the root.
	Parent() Node
	// ChildCount and Child give the children in document order; i runs from 0.
	ChildCount() int
	Child(i int) Node
	// Attributes gives the attributes, declarations of namespaces left out. The caller does not alter the slice.
	Attributes() []Node
}

// A NameIndexed node finds its children by name faster than one by one. It is optional, and what makes a step such as
// ../total cheap over a thousand rows.
type NameIndexed interface {
	// AppendNamed appends the child elements of that name to dst, in document order, and returns it.
	AppendNamed(dst []Node, space, local string) []Node
}

// An NthNamed node finds one of the children of a name by its place among them. It is optional, and what makes a step
// such as row[3] or row[position() = 3] cheap over a thousand rows.
type NthNamed interface {
	// NthNamed returns the child element number i, from 1, of that name, nil when there are fewer. It takes no longer the
	// more children there are.
	NthNamed(space, local string, i int) Node
}

// A Hideable node can be in the tree and yet be left out of what a path gives in the end, as JavaRosa does with nodes
// that are not relevant. It is optional. Steps go through hidden nodes, and positions count them; a path that only says
// `.` gives its node in any case.
type Hideable interface {
	Hidden() bool
}

// A Positioned node knows its place, from 1, among the siblings that are elements of the same name. It is optional.
type Positioned interface {
	Position() int
}

// An Ordered node compares itself with another of the same tree in document order: negative when it stands before the
// other, 0 when it is the other. It is optional; without it the two chains of parents are compared.
type Ordered interface {
	CompareTo(other Node) int
}

// A NamespaceScope knows the namespaces in scope of an element, for the axis namespace::. It is optional; without it
// that axis is empty.
type NamespaceScope interface {
	Namespaces() []Node
}

// A Truthful node says itself what boolean() makes of a node-set that it is the first of. It is optional: without it,
// or when ok is false, a node is true because it is there. JavaRosa goes by the typed value instead.
type Truthful interface {
	Truth() (truth, ok bool)
}

func truth(n Node) bool {
	if t, own := n.(Truthful); own {
		if truth, ok := t.Truth(); ok {
			return truth
		}
	}
	return true
}

// rootOf returns the outermost ancestor of n.
func rootOf(n Node) Node {
	for {
		p := n.Parent()
		if p == nil {
			return n
		}
		n = p
	}
}

// positionOf returns the place, from 1, of n among its siblings of the same kind and name.
func positionOf(n Node) int {
	if p, ok := n.(Positioned); ok {
		return p.Position()
	}
	parent := n.Parent()
	if parent == nil {
		return 1
	}
	name, pos := n.Name(), 0
	for i := range parent.ChildCount() {
		c := parent.Child(i)
		if c == n {
			return pos + 1
		}
		if c.Kind() == n.Kind() && sameName(c.Name(), name) {
			pos++
		}
	}
	return 1 // an attribute
}

func sameName(a, b Name) bool { return a.Local == b.Local && a.Space == b.Space }

// compare orders two nodes as they stand in the document. Nodes of different trees are in an order that is kept
// within one evaluation only by accident: 0 is returned for them, and a stable sort leaves them as they came.
func compare(a, b Node) int {
	if a == b {
		return 0
	}
	if o, ok := a.(Ordered); ok {
		return o.CompareTo(b)
	}
	da, db := depthOf(a), depthOf(b)
	ca, cb := a, b
	for ; da > db; da-- {
		ca = ca.Parent()
	}
	for ; db > da; db-- {
		cb = cb.Parent()
	}
	if ca == cb { // one is an ancestor of the other
		return depthOf(a) - depthOf(b)
	}
	for {
		pa, pb := ca.Parent(), cb.Parent()
		if pa == nil || pb == nil {
			return 0
		}
		if pa == pb {
			return placeOf(pa, ca) - placeOf(pa, cb)
		}
		ca, cb = pa, pb
	}
}

func depthOf(n Node) int {
	d := 0
	for p := n.Parent(); p != nil; p = p.Parent() {
		d++
	}
	return d
}

// placeOf orders what hangs under one parent: namespaces, then attributes, then children.
func placeOf(parent, n Node) int {
	switch n.Kind() {
	case NamespaceNode:
		if s, ok := parent.(NamespaceScope); ok {
			return indexOf(s.Namespaces(), n) - 2<<30
		}
		return -2 << 30
	case AttributeNode:
		return indexOf(parent.Attributes(), n) - 1<<30
	}
	for i := range parent.ChildCount() {
		if parent.Child(i) == n {
			return i
		}
	}
	return 0
}

func indexOf(nodes []Node, n Node) int {
	for i, m := range nodes {
		if m == n {
			return i
		}
	}
	return 0
}
