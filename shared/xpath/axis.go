package xpath

// backward says whether positions on the axis count towards the start of the document.
func (a Axis) backward() bool {
	switch a {
	case Ancestor, AncestorOrSelf, Preceding, PrecedingSibling:
		return true
	}
	return false
}

// keepsOrder says whether going along the axis from nodes in document order, one after the other, gives nodes in
// document order, each once. apart: none of them contains another.
func (a Axis) keepsOrder(apart bool) bool {
	switch a {
	case Self, Attribute, Namespace:
		return true
	case Child, Descendant, DescendantOrSelf:
		return apart
	}
	return false
}

// staysApart says whether no node of the axis contains another, when that holds for those it starts at.
func (a Axis) staysApart(single, apart bool) bool {
	switch a {
	case Self:
		return apart
	case Child, Attribute, Namespace:
		return apart
	case Parent, FollowingSibling, PrecedingSibling:
		return single
	}
	return false
}

// gather appends the nodes of the step's axis, seen from n, that pass its test, in the order of the axis.
func (s *step) gather(e *Env, n Node) *Error {
	switch s.axis {
	case Child:
		return s.children(e, n)
	case Attribute:
		return s.add(e, AttributeNode, n.Attributes()...)
	case Namespace:
		if scope, ok := n.(NamespaceScope); ok && n.Kind() == ElementNode {
			return s.add(e, NamespaceNode, scope.Namespaces()...)
		}
		return nil
	case Self:
		return s.add(e, ElementNode, n)
	case Parent:
		if p := n.Parent(); p != nil {
			return s.add(e, ElementNode, p)
		}
		return nil
	case Descendant:
		return s.below(e, n)
	case DescendantOrSelf:
		if err := s.add(e, ElementNode, n); err != nil {
			return err
		}
		return s.below(e, n)
	case Ancestor, AncestorOrSelf:
		return s.above(e, n)
	case FollowingSibling, PrecedingSibling:
		return s.beside(e, n, s.axis == FollowingSibling)
	}
	return s.outside(e, n)
}

// add appends those of the nodes that pass.
func (s *step) add(e *Env, principal NodeKind, nodes ...Node) *Error {
	for _, n := range nodes {
		if s.test.passes(n, principal) {
			e.run.arena = append(e.run.arena, n)
		}
	}
	return e.charge(s.at, 1+len(nodes))
}

func (s *step) children(e *Env, n Node) *Error {
	if indexed, ok := n.(NameIndexed); ok && s.test.kind == named {
		before := len(e.run.arena)
		e.run.arena = indexed.AppendNamed(e.run.arena, s.test.name.Space, s.test.name.Local)
		return e.charge(s.at, 1+len(e.run.arena)-before)
	}
	count := n.ChildCount()
	for i := range count {
		if c := n.Child(i); s.test.passes(c, ElementNode) {
			e.run.arena = append(e.run.arena, c)
		}
	}
	return e.charge(s.at, 1+count)
}

// below appends the descendants.
func (s *step) below(e *Env, n Node) *Error {
	count := n.ChildCount()
	if err := e.charge(s.at, 1+count); err != nil {
		return err
	}
	for i := range count {
		c := n.Child(i)
		if s.test.passes(c, ElementNode) {
			e.run.arena = append(e.run.arena, c)
		}
		if err := s.below(e, c); err != nil {
			return err
		}
	}
	return nil
}

// belowBackward appends n and its descendants, the last of the document first.
func (s *step) belowBackward(e *Env, n Node) *Error {
	for i := n.ChildCount() - 1; i >= 0; i-- {
		if err := s.belowBackward(e, n.Child(i)); err != nil {
			return err
		}
	}
	return s.add(e, ElementNode, n)
}

func (s *step) above(e *Env, n Node) *Error {
	if s.axis == Ancestor {
		n = n.Parent()
	}
	for ; n != nil; n = n.Parent() {
		if err := s.add(e, ElementNode, n); err != nil {
			return err
		}
	}
	return nil
}

// beside appends the siblings behind n, or those before it, the nearest first.
func (s *step) beside(e *Env, n Node, behind bool) *Error {
	parent := n.Parent()
	if parent == nil || n.Kind() == AttributeNode || n.Kind() == NamespaceNode {
		return nil
	}
	place, by, end := placeOf(parent, n), 1, parent.ChildCount()
	if !behind {
		by, end = -1, -1
	}
	for i := place + by; i != end; i += by {
		if err := s.add(e, ElementNode, parent.Child(i)); err != nil {
			return err
		}
	}
	return e.charge(s.at, 1+parent.ChildCount()/2)
}

// outside appends what begins behind the end of n, or what ends before it begins, the nearest first.
func (s *step) outside(e *Env, n Node) *Error {
	if n.Kind() == AttributeNode || n.Kind() == NamespaceNode {
		n = n.Parent()
		if s.axis == Following { // what is inside the element comes behind its attributes
			if err := s.below(e, n); err != nil {
				return err
			}
		}
	}
	for ; n != nil; n = n.Parent() {
		parent := n.Parent()
		if parent == nil {
			return nil
		}
		if err := s.outsideWithin(e, parent, n); err != nil {
			return err
		}
	}
	return nil
}

// outsideWithin does the part of outside that lies within parent, n being its child.
func (s *step) outsideWithin(e *Env, parent, n Node) *Error {
	place := placeOf(parent, n)
	if s.axis == Preceding {
		for i := place - 1; i >= 0; i-- {
			if err := s.belowBackward(e, parent.Child(i)); err != nil {
				return err
			}
		}
		return e.charge(s.at, 1+place/2)
	}
	for i := place + 1; i < parent.ChildCount(); i++ {
		if err := s.add(e, ElementNode, parent.Child(i)); err != nil {
			return err
		}
		if err := s.below(e, parent.Child(i)); err != nil {
			return err
		}
	}
	return e.charge(s.at, 1+place/2)
}
