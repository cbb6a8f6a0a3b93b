package xpath

import (
	"math"
)

func formFunctions() map[string]*function {
	return map[string]*function{
		"indexed-repeat": {min: 3, max: 11, prepare: prepareIndexed, run: indexedRepeat},
		"pulldata":       reading(4, 4, pullData),
		"jr:choice-name": reading(2, 2, choiceName),
		"jr:itext":       reading(1, 1, itext),
		"property":       reading(1, 1, property),
		"version":        reading(0, 0, func(c *invocation) Value { return String(c.env.Version) }),
	}
}

func choiceName(c *invocation) Value {
	value, path := c.text(0), c.text(1)
	if c.err != nil || c.env.ChoiceName == nil {
		return String(value)
	}
	s, err := c.env.ChoiceName(c.focus.node, value, path)
	if err != nil {
		return c.host(err)
	}
	return c.made(s)
}

func itext(c *invocation) Value {
	id := c.text(0)
	if c.err != nil || c.env.Text == nil {
		return String(id)
	}
	s, err := c.env.Text(id)
	if err != nil {
		return c.host(err)
	}
	return c.made(s)
}

func property(c *invocation) Value {
	name := c.text(0)
	if c.err != nil || c.env.Property == nil {
		return String("")
	}
	return c.made(c.env.Property(name))
}

func pullData(c *invocation) Value {
	set, want, key, value := c.text(0), c.text(1), c.text(2), c.text(3)
	if c.err != nil {
		return Value{}
	}
	if c.env.PullData == nil {
		return c.lookUp(set, want, key, value)
	}
	s, err := c.env.PullData(set, want, key, value)
	if err != nil {
		return c.host(err)
	}
	return c.made(s)
}

// lookUp finds the item of instance(set)/root whose child key is value, and gives its child want.
func (c *invocation) lookUp(set, want, key, value string) Value {
	n := c.instance(set)
	if c.err != nil {
		return Value{}
	}
	for _, root := range childrenNamed(n, "root") {
		for _, item := range childrenNamed(root, "item") {
			if c.err = c.env.charge(c.at, 1+item.ChildCount()); c.err != nil {
				return Value{}
			}
			if firstText(item, key) == value {
				return c.made(firstText(item, want))
			}
		}
	}
	return String("")
}

// childrenNamed are the child elements of that local name.
func childrenNamed(n Node, local string) (found []Node) {
	for i := range n.ChildCount() {
		if c := n.Child(i); c.Kind() == ElementNode && c.Name().Local == local {
			found = append(found, c)
		}
	}
	return found
}

func firstText(n Node, local string) string {
	for i := range n.ChildCount() {
		if c := n.Child(i); c.Kind() == ElementNode && c.Name().Local == local {
			return c.Value()
		}
	}
	return ""
}

// prepareIndexed checks that indexed-repeat() is called with paths, and with an index for each repeat.
func prepareIndexed(c *call) *Error {
	if len(c.args)%2 == 0 {
		return failf(c.at, CodeArguments, "indexed-repeat() needs an index for each repeat: an odd number of arguments, not %d", len(c.args))
	}
	for i := range c.args {
		if p, ok := c.args[i].(*path); (i == 0 || i%2 == 1) && (!ok || !p.plain()) {
			return failf(c.at, CodeArguments, "argument %d of indexed-repeat() is to be a plain path, not %s", i+1, c.texts[i])
		}
	}
	return nil
}

// plain says whether the path is names only, with . and .. among them.
func (p *path) plain() bool {
	for _, s := range p.steps {
		named := s.axis == Child && s.test.kind == named && !s.test.undeclared
		upward := (s.axis == Parent || s.axis == Self) && s.test.kind == anyNode
		if s.filters != nil || !named && !upward {
			return false
		}
	}
	return p.origin != fromExpr || p.atCurrent()
}

// atCurrent says whether the path starts at current().
func (p *path) atCurrent() bool {
	c, ok := p.base.(*call)
	return ok && c.name == "current" && p.filters == nil
}

// trail is the path as names from the root, as it stands for a node, and how many of them are shared with the place of
// the node itself.
func (c *invocation) trail(p *path) (names []Name, own []Node) {
	if p.origin != fromRoot {
		n := c.focus.node
		if p.origin == fromExpr {
			n = c.env.run.current
		}
		for ; n != nil && n.Parent() != nil; n = n.Parent() {
			own = append([]Node{n}, own...)
		}
		for _, n := range own {
			names = append(names, n.Name())
		}
	}
	for _, s := range p.steps {
		switch s.axis {
		case Child:
			names = append(names, s.test.name)
		case Parent:
			if len(names) == 0 {
				return nil, nil
			}
			names = names[:len(names)-1]
		}
	}
	return names, own
}

// indexedRepeat walks down the names of the first path. Where a repeat that an index is given for stands, the one of
// that index is taken, and the first when the index is none, as in JavaRosa; elsewhere, for a relative path, the one
// that the context node is in; and otherwise all.
func indexedRepeat(c *invocation) Value {
	names, own := c.trail(c.args[0].(*path))
	at := map[int]int{} // index by level
	for i := 1; i+1 < len(c.args); i += 2 {
		repeat, _ := c.trail(c.args[i].(*path))
		if len(repeat) == 0 || len(repeat) > len(names) || !sameNames(repeat, names[:len(repeat)]) {
			return c.fail(CodeValue, "argument %d of indexed-repeat() is no repeat that the first argument lies in", i+1)
		}
		k := math.Trunc(c.number(i + 1))
		if !(k >= 1) {
			k = 1
		}
		at[len(repeat)-1] = int(min(k, 1<<31))
	}
	if c.err != nil {
		return Value{}
	}
	return c.walk(names, own, at)
}

func sameNames(a, b []Name) bool {
	for i := range a {
		if !sameName(a[i], b[i]) {
			return false
		}
	}
	return true
}

func (c *invocation) walk(names []Name, own []Node, at map[int]int) Value {
	arena := &c.env.run.arena
	from := len(*arena)
	if root := c.env.root(); root != nil {
		*arena = append(*arena, root)
	}
	for level, name := range names {
		s := step{at: c.at, test: nodeTest{name: name}}
		if k, ok := at[level]; ok {
			s.filters = []filter{{index: k}}
			own = nil
		}
		to := len(*arena)
		if level < len(own) && sameName(own[level].Name(), name) {
			*arena = append(*arena, own[level])
		} else {
			own = nil
			if _, c.err = s.apply(c.env, from, to, true); c.err != nil {
				return Value{}
			}
		}
		c.env.settle(from, (*arena)[to:])
	}
	c.env.dropHidden(from)
	return c.env.nodesFrom(from)
}
