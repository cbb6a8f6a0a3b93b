package main

import (
	"math"

	floor "github.com/antchfx/xpath"

	"banlang/shared/xpath"
)

// byFloor has the floor parse and evaluate the expression. Of nodes it gives how many there are, and the text of the first.
func (e *expression) byFloor() (value any, ok bool) {
	defer func() {
		if recover() != nil { // there are some that it does not survive
			value, ok = nil, false
		}
	}()
	x, err := floor.Compile(e.text)
	if err != nil {
		return nil, false
	}
	value = x.Evaluate(&navigator{e.theirs})
	if nodes, some := value.(*floor.NodeIterator); some {
		found := nodeList{}
		for ; nodes.MoveNext(); found.n++ {
			if found.n == 0 {
				found.first = nodes.Current().Value()
			}
		}
		value = found
	}
	return value, true
}

type nodeList struct {
	n     int
	first string
}

// floorAgrees says whether the floor evaluates the expression too, and to the same.
func (e *expression) floorAgrees() bool {
	theirs, ok := e.byFloor()
	ours, err := e.evaluate()
	if !ok || err != nil {
		return false
	}
	switch theirs := theirs.(type) {
	case float64:
		return ours.Kind() == xpath.NumberKind && (ours.Number() == theirs || math.IsNaN(theirs) && math.IsNaN(ours.Number()))
	case bool:
		return ours.Kind() == xpath.BooleanKind && ours.Boolean() == theirs
	case string:
		return ours.Kind() == xpath.StringKind && ours.String() == theirs
	case nodeList:
		return ours.Kind() == xpath.NodeSetKind && len(ours.Nodes()) == theirs.n && (theirs.n == 0 || ours.Nodes()[0].Value() == theirs.first)
	}
	return false
}

// floorNode is a node of a tree as the floor walks it.
type floorNode struct {
	xpath.Node
	parent, first, before, next *floorNode
	attributes                  []*floorNode
	place                       int // of an attribute
}

// floorTree copies a tree, and returns the copy of one of its nodes.
func floorTree(n, wanted xpath.Node) (root, found *floorNode) {
	root = &floorNode{Node: n}
	if n == wanted {
		found = root
	}
	var last *floorNode
	for i := range n.ChildCount() {
		child := n.Child(i)
		if child.Kind() == xpath.InstructionNode { // the floor knows none
			continue
		}
		c, f := floorTree(child, wanted)
		if c.parent, c.before = root, last; last != nil {
			last.next = c
		} else {
			root.first = c
		}
		if last = c; f != nil {
			found = f
		}
	}
	for i, a := range n.Attributes() {
		c := &floorNode{Node: a, parent: root, place: i}
		if root.attributes = append(root.attributes, c); a == wanted {
			found = c
		}
	}
	return root, found
}

// navigator is a place in such a tree. It implements floor.NodeNavigator.
type navigator struct{ at *floorNode }

var floorTypes = map[xpath.NodeKind]floor.NodeType{xpath.DocumentNode: floor.RootNode, xpath.ElementNode: floor.ElementNode,
	xpath.AttributeNode: floor.AttributeNode, xpath.TextNode: floor.TextNode, xpath.CommentNode: floor.CommentNode}

func (n *navigator) NodeType() floor.NodeType          { return floorTypes[n.at.Kind()] }
func (n *navigator) LocalName() string                 { return n.at.Name().Local }
func (n *navigator) Prefix() string                    { return n.at.Name().Prefix }
func (n *navigator) Value() string                     { return n.at.Value() }
func (n *navigator) Copy() floor.NodeNavigator         { return &navigator{n.at} }
func (n *navigator) MoveToParent() bool                { return n.move(n.at.parent) }
func (n *navigator) MoveToChild() bool                 { return n.move(n.at.first) }
func (n *navigator) MoveToNext() bool                  { return n.move(n.at.next) }
func (n *navigator) MoveToPrevious() bool              { return n.move(n.at.before) }
func (n *navigator) MoveTo(o floor.NodeNavigator) bool { return n.move(o.(*navigator).at) }

func (n *navigator) move(to *floorNode) bool {
	if to == nil {
		return false
	}
	n.at = to
	return true
}

func (n *navigator) MoveToRoot() {
	for n.MoveToParent() {
	}
}

func (n *navigator) MoveToFirst() bool {
	if n.at.before == nil {
		return false
	}
	return n.move(n.at.parent.first)
}

func (n *navigator) MoveToNextAttribute() bool {
	of, place := n.at, 0
	if n.at.Kind() == xpath.AttributeNode {
		of, place = n.at.parent, n.at.place+1
	}
	return place < len(of.attributes) && n.move(of.attributes[place])
}
