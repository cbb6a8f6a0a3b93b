package xpath

import "strings"

const xmlSpace = "http://www.w3.org/XML/1998/namespace"

func nodeFunctions() map[string]*function {
	return map[string]*function{
		"last":            reading(0, 0, func(c *invocation) Value { return Number(float64(c.focus.size)) }),
		"position":        reading(0, 1, position),
		"count":           reading(1, 1, func(c *invocation) Value { return Number(float64(len(c.nodes()))) }),
		"count-non-empty": reading(1, 1, countNonEmpty),
		"id":              reading(1, 1, byID),
		"name":            reading(0, 1, func(c *invocation) Value { return String(c.nodeName().String()) }),
		"local-name":      reading(0, 1, func(c *invocation) Value { return String(c.nodeName().Local) }),
		"namespace-uri":   reading(0, 1, func(c *invocation) Value { return String(c.nodeName().Space) }),
		"lang":            reading(1, 1, lang),
		"current":         reading(0, 0, current),
		"instance":        reading(1, 1, instance),
	}
}

// position is the place in the context, or that of a node among its siblings of the same name; of no node 0, as in
// JavaRosa.
func position(c *invocation) Value {
	if !c.has(0) {
		return Number(float64(c.focus.pos))
	}
	nodes := c.nodes()
	if c.err != nil || len(nodes) == 0 {
		return Number(0)
	}
	if _, knows := nodes[0].(Positioned); !knows && nodes[0].Parent() != nil {
		c.err = c.env.charge(c.at, nodes[0].Parent().ChildCount())
	}
	return Number(float64(positionOf(nodes[0])))
}

func countNonEmpty(c *invocation) Value {
	n := 0
	for _, node := range c.nodes() {
		if c.read(node) != "" {
			n++
		}
	}
	return Number(float64(n))
}

// byID takes the attributes id and xml:id for what identifies elements, since no document type is read.
func byID(c *invocation) Value {
	wanted := map[string]bool{}
	c.each(0, func(v Value) {
		for _, id := range strings.Fields(v.String()) {
			wanted[id] = true
		}
	})
	from := len(c.env.run.arena)
	if root := c.env.root(); root != nil && c.err == nil {
		c.findIDs(root, wanted)
	}
	return c.env.nodesFrom(from)
}

// findIDs appends the elements below n whose id is wanted; of several with the same one, the first.
func (c *invocation) findIDs(n Node, wanted map[string]bool) {
	for i := range n.ChildCount() {
		child := n.Child(i)
		if c.err == nil {
			c.err = c.env.charge(c.at, 1)
		}
		if c.err != nil || child.Kind() != ElementNode {
			continue
		}
		for _, a := range child.Attributes() {
			if name := a.Name(); name.Local == "id" && (name.Space == "" || name.Space == xmlSpace) && wanted[a.Value()] {
				c.env.run.arena = append(c.env.run.arena, child)
				delete(wanted, a.Value())
				break
			}
		}
		c.findIDs(child, wanted)
	}
}

// nodeName is the name of the first node of the argument, or of the context node.
func (c *invocation) nodeName() Name {
	n := c.focus.node
	if c.has(0) {
		nodes := c.nodes()
		if len(nodes) == 0 {
			return Name{}
		}
		n = nodes[0]
	}
	if n == nil {
		return Name{}
	}
	switch n.Kind() {
	case ElementNode, AttributeNode, InstructionNode, NamespaceNode:
		return n.Name()
	}
	return Name{}
}

func lang(c *invocation) Value {
	want := strings.ToLower(c.text(0))
	for n := c.focus.node; n != nil; n = n.Parent() {
		if n.Kind() != ElementNode {
			continue
		}
		for _, a := range n.Attributes() {
			if a.Name().Local == "lang" && a.Name().Space == xmlSpace {
				have := strings.ToLower(a.Value())
				return Boolean(have == want || strings.HasPrefix(have, want+"-"))
			}
		}
	}
	return Boolean(false)
}

func current(c *invocation) Value { return c.only(c.env.run.current) }

func instance(c *invocation) Value { return c.only(c.instance(c.text(0))) }

// only is a set of one node, or the empty set when n is nil.
func (c *invocation) only(n Node) Value {
	from := len(c.env.run.arena)
	if n != nil {
		c.env.run.arena = append(c.env.run.arena, n)
	}
	return c.env.nodesFrom(from)
}

// instance finds a secondary instance; it fails when there is none.
func (c *invocation) instance(id string) (n Node) {
	if c.err != nil {
		return nil
	}
	if c.env.Instance != nil {
		var err error
		if n, err = c.env.Instance(id); err != nil {
			c.host(err)
			return nil
		}
	} else if root := c.env.root(); root != nil {
		n = c.findInstance(root, id)
	}
	if n == nil {
		c.fail(CodeInstance, "there is no instance “%s”", id)
	}
	return n
}

// findInstance looks for <instance id="…"> below n.
func (c *invocation) findInstance(n Node, id string) Node {
	for i := range n.ChildCount() {
		child := n.Child(i)
		if c.err = c.env.charge(c.at, 1); c.err != nil {
			return nil
		}
		if child.Kind() != ElementNode {
			continue
		}
		if child.Name().Local == "instance" && attribute(child, "id") == id {
			return child
		}
		if found := c.findInstance(child, id); found != nil || c.err != nil {
			return found
		}
	}
	return nil
}

// attribute is the value of an attribute without namespace.
func attribute(n Node, local string) string {
	for _, a := range n.Attributes() {
		if name := a.Name(); name.Local == local && name.Space == "" {
			return a.Value()
		}
	}
	return ""
}
