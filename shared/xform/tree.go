package xform

import (
	"strings"

	"banlang/shared/xpath"
)

// treeNode is a node of a secondary instance: data that a form reads and never writes.
type treeNode struct {
	name     string
	text     string
	parent   *treeNode
	children []*treeNode
	attrs    []xpath.Node
	counts   map[string]int // of the children, by name, once there are many
	index    int            // among the children of the parent
	pos      int            // from 1, among those of the same name
	depth    int
	kind     xpath.NodeKind
}

// newTree is a document for the data of an instance.
func newTree() *treeNode { return &treeNode{kind: xpath.DocumentNode} }

// add appends a child element.
func (t *treeNode) add(name, text string) *treeNode {
	c := &treeNode{name: name, text: text, parent: t, index: len(t.children), depth: t.depth + 1, kind: xpath.ElementNode}
	c.pos = t.placeAfter(name)
	t.children = append(t.children, c)
	return c
}

// placeAfter is the position of a further child of that name.
func (t *treeNode) placeAfter(name string) int {
	if len(t.children) == manyChildren {
		t.counts = map[string]int{}
		for _, c := range t.children {
			t.counts[c.name]++
		}
	}
	if t.counts != nil {
		t.counts[name]++
		return t.counts[name]
	}
	for i := len(t.children) - 1; i >= 0; i-- {
		if t.children[i].name == name {
			return t.children[i].pos + 1
		}
	}
	return 1
}

// treeOf makes the tree of an element and what is in it.
func treeOf(e *element) *treeNode {
	doc := newTree()
	doc.grow(e)
	return doc
}

func (t *treeNode) grow(e *element) {
	text := ""
	if !e.hasElements() {
		text = strings.TrimSpace(e.text())
	}
	c := t.add(e.local, text)
	for _, a := range e.attrs {
		if _, ns := a.isNamespace(); !ns {
			c.attrs = append(c.attrs, &treeNode{name: a.local, text: a.value, parent: c, index: len(c.attrs), pos: 1,
				depth: c.depth + 1, kind: xpath.AttributeNode})
		}
	}
	e.elements(func(k *element) bool {
		c.grow(k)
		return true
	})
}

// child is the first child of that name, or nil.
func (t *treeNode) child(name string) *treeNode {
	for _, c := range t.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// Kind implements xpath.Node.
func (t *treeNode) Kind() xpath.NodeKind { return t.kind }

// Name implements xpath.Node.
func (t *treeNode) Name() xpath.Name { return xpath.Name{Local: t.name} }

// Value implements xpath.Node.
func (t *treeNode) Value() string {
	if len(t.children) == 0 {
		return t.text
	}
	var b strings.Builder
	t.appendText(&b)
	return b.String()
}

func (t *treeNode) appendText(b *strings.Builder) {
	b.WriteString(t.text)
	for _, c := range t.children {
		c.appendText(b)
	}
}

// Parent implements xpath.Node.
func (t *treeNode) Parent() xpath.Node {
	if t.parent == nil {
		return nil
	}
	return t.parent
}

// ChildCount implements xpath.Node.
func (t *treeNode) ChildCount() int { return len(t.children) }

// Child implements xpath.Node.
func (t *treeNode) Child(i int) xpath.Node { return t.children[i] }

// Attributes implements xpath.Node.
func (t *treeNode) Attributes() []xpath.Node { return t.attrs }

// AppendNamed implements xpath.NameIndexed.
func (t *treeNode) AppendNamed(dst []xpath.Node, _, local string) []xpath.Node {
	for _, c := range t.children {
		if c.name == local {
			dst = append(dst, c)
		}
	}
	return dst
}

// Position implements xpath.Positioned.
func (t *treeNode) Position() int { return t.pos }

// Truth is what the node counts as where a condition is wanted.
func (t *treeNode) Truth() (truth, ok bool) { return t.Value() != "", true }

// CompareTo implements xpath.Ordered.
func (t *treeNode) CompareTo(other xpath.Node) int {
	o, ok := other.(*treeNode)
	if !ok {
		return 0
	}
	a, b := t, o
	for a.depth > b.depth {
		a = a.parent
	}
	for b.depth > a.depth {
		b = b.parent
	}
	if a == b {
		return t.depth - o.depth
	}
	for a.parent != b.parent {
		a, b = a.parent, b.parent
	}
	if a.kind != b.kind {
		return boolToInt(a.kind != xpath.AttributeNode) - boolToInt(b.kind != xpath.AttributeNode)
	}
	return a.index - b.index
}
