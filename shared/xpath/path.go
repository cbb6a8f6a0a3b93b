package xpath

import "slices"

// testKind is what a node test asks for.
type testKind uint8

const (
	named        testKind = iota // name, or prefix:name
	anyName                      // *
	anyInSpace                   // prefix:*
	anyNode                      // node()
	texts                        // text()
	comments                     // comment()
	instructions                 // processing-instruction('target')
)

var typeTests = map[string]testKind{
	"node": anyNode, "text": texts, "comment": comments, "processing-instruction": instructions,
}

// nodeTest is the part of a step behind the axis.
type nodeTest struct {
	kind       testKind
	name       Name
	undeclared bool // the prefix has no address
}

// newNameTest makes the test of a name as the lexer gives it.
func newNameTest(t token, options Options) nodeTest {
	if t.text == "*" {
		return nodeTest{kind: anyName}
	}
	test := nodeTest{name: splitName(t.text)}
	if test.name.Local == "*" {
		test.kind = anyInSpace
	}
	if test.name.Prefix == "" {
		return test
	}
	space, ok := options.Namespaces[test.name.Prefix]
	if !ok && test.name.Prefix == "xml" {
		space, ok = xmlSpace, true
	}
	test.name.Space, test.undeclared = space, !ok
	return test
}

// passes says whether a node of an axis passes the test; principal is the kind of node that the axis is about.
func (t *nodeTest) passes(n Node, principal NodeKind) bool {
	switch t.kind {
	case named:
		return n.Kind() == principal && sameName(n.Name(), t.name)
	case anyName:
		return n.Kind() == principal
	case anyInSpace:
		return n.Kind() == principal && n.Name().Space == t.name.Space
	case texts:
		return n.Kind() == TextNode
	case comments:
		return n.Kind() == CommentNode
	case instructions:
		return n.Kind() == InstructionNode && (t.name.Local == "" || n.Name().Local == t.name.Local)
	}
	return true
}

// step is one step of a path.
type step struct {
	at      place
	axis    Axis
	test    nodeTest
	filters []filter
}

func (s *step) undeclared() *Error {
	return failf(s.at, CodePrefix, "the prefix “%s” is not declared", s.test.name.Prefix)
}

// origin is where a path starts.
type origin uint8

const (
	fromContext origin = iota
	fromRoot
	fromExpr // base
)

// path is a location path, or another expression with predicates and steps behind it.
type path struct {
	at      place
	origin  origin
	base    expr
	filters []filter // of the base
	steps   []step
	short   []step // what is evaluated: the steps, with //name as descendant::name where that is the same
	moves   bool   // a step leads away from the nodes that the path starts at
	depth   int
}

// shorten fills short and moves.
func (p *path) shorten() {
	p.short = p.steps
	if slices.ContainsFunc(p.steps, step.leadsAnywhere) {
		p.short = make([]step, 0, len(p.steps))
		for i := 0; i < len(p.steps); i++ {
			s := p.steps[i]
			if i+1 < len(p.steps) && s.leadsAnywhere() {
				if next := p.steps[i+1]; next.axis == Child && !slices.ContainsFunc(next.filters, filter.asksPlace) {
					next.axis = Descendant
					s, i = next, i+1
				}
			}
			p.short = append(p.short, s)
		}
	}
	p.moves = slices.ContainsFunc(p.short, func(s step) bool { return s.axis != Self })
}

// leadsAnywhere says whether the step is what // stands for.
func (s step) leadsAnywhere() bool {
	return s.axis == DescendantOrSelf && s.test.kind == anyNode && s.filters == nil
}

func (p *path) constant() bool { return false }
func (p *path) deep() int      { return p.depth }

// eval leaves the nodes in the arena, from where it ended before. Each step reads the nodes of the step before from
// the arena and appends its own; in the end those are moved to the front.
func (p *path) eval(e *Env, f focus) (Value, *Error) {
	mark := len(e.run.arena)
	if err := p.begin(e, f); err != nil {
		return Value{}, err
	}
	from, apart, skip := mark, len(e.run.arena)-mark <= 1, 0
	if p.origin == fromRoot && e.Qualify {
		skip = p.qualify(e, f, mark)
	}
	for i := skip; i < len(p.short); i++ {
		to := len(e.run.arena)
		var err *Error
		if apart, err = p.short[i].apply(e, from, to, apart); err != nil {
			return Value{}, err
		}
		if from = to; len(e.run.arena) == from {
			break
		}
	}
	if from > mark {
		n := copy(e.run.arena[mark:], e.run.arena[from:])
		e.run.arena = e.run.arena[:mark+n]
	}
	if p.moves {
		e.dropHidden(mark)
	}
	return e.nodesFrom(mark), nil
}

// qualify replaces the root, which lies in the arena at mark, by the ancestor of the context node that the first steps
// name, and returns how many those are. See Env.Qualify.
func (p *path) qualify(e *Env, f focus, mark int) (steps int) {
	if len(e.run.arena) == mark {
		return 0
	}
	root := e.run.arena[mark]
	if !e.appendChain(f.node, root) && !e.appendChain(e.run.current, root) {
		return 0
	}
	above := e.run.arena[mark+1:]
	for steps < min(len(p.short), len(above)) {
		s := &p.short[steps]
		n := above[len(above)-1-steps]
		if s.axis != Child || s.test.kind != named || s.filters != nil || !s.test.passes(n, ElementNode) {
			break
		}
		e.run.arena[mark] = n
		steps++
	}
	e.run.arena = e.run.arena[:mark+1]
	return steps
}

// appendChain appends n and its ancestors below root to the arena. It appends nothing and is false when n does not
// hang under root.
func (e *Env) appendChain(n, root Node) bool {
	mark := len(e.run.arena)
	for ; n != nil; n = n.Parent() {
		if n == root {
			return true
		}
		e.run.arena = append(e.run.arena, n)
	}
	e.run.arena = e.run.arena[:mark]
	return false
}

// begin puts the nodes that the path starts at into the arena.
func (p *path) begin(e *Env, f focus) *Error {
	mark := len(e.run.arena)
	start := f.node
	switch p.origin {
	case fromExpr:
		v, err := p.base.eval(e, f)
		if err != nil {
			return err
		}
		if v.kind != NodeSetKind {
			return failf(p.at, CodeType, "a path or a predicate follows this, and it gives a %s instead of nodes", v.kind)
		}
		e.settle(mark, v.nodes)
		for i := range p.filters {
			if err := p.filters[i].apply(e, mark, p.at); err != nil {
				return err
			}
		}
		return nil
	case fromRoot:
		start = e.root()
	}
	if start != nil {
		e.run.arena = append(e.run.arena, start)
	}
	return nil
}

// apply runs the step for the nodes of the arena between from and to, and appends what it selects. apart says that
// none of the nodes contains another one; so does what is returned of the new ones.
func (s *step) apply(e *Env, from, to int, apart bool) (bool, *Error) {
	if s.test.undeclared {
		return false, s.undeclared()
	}
	for i := from; i < to; i++ {
		begin := len(e.run.arena)
		if err := s.selected(e, e.run.arena[i]); err != nil {
			return false, err
		}
		if s.axis.backward() {
			slices.Reverse(e.run.arena[begin:])
		}
		if len(e.run.arena)-to > e.run.left.Nodes {
			return false, failf(s.at, CodeLimit, "more than %d nodes are selected", e.run.left.Nodes)
		}
	}
	if to-from > 1 && !s.axis.keepsOrder(apart) {
		if err := e.arrange(s.at, to); err != nil {
			return false, err
		}
	}
	return s.axis.staysApart(to-from == 1, apart), nil
}

// selected appends what the step selects from one node, in the order of the axis.
func (s *step) selected(e *Env, n Node) *Error {
	begin, filters := len(e.run.arena), s.filters
	picked, err := s.pickChild(e, n)
	if err != nil {
		return err
	}
	if picked {
		filters = filters[1:]
	} else if err := s.gather(e, n); err != nil {
		return err
	}
	for i := range filters {
		if err := filters[i].apply(e, begin, s.at); err != nil {
			return err
		}
	}
	return nil
}

// pickChild appends the one child that the first predicate asks for by its position, without a look at the others. It is
// false when the predicate is another one, or n cannot do that.
func (s *step) pickChild(e *Env, n Node) (bool, *Error) {
	if len(s.filters) == 0 || s.axis != Child || s.test.kind != named {
		return false, nil
	}
	parent, ok := n.(NthNamed)
	if !ok {
		return false, nil
	}
	first := parent.NthNamed(s.test.name.Space, s.test.name.Local, 1)
	if first == nil {
		return true, e.charge(s.at, 1)
	}
	position, ok, err := s.filters[0].position(e, first)
	if !ok || err != nil {
		return false, err
	}
	if i := int(position); position >= 1 && position == float64(i) {
		if c := parent.NthNamed(s.test.name.Space, s.test.name.Local, i); c != nil {
			e.run.arena = append(e.run.arena, c)
		}
	}
	return true, e.charge(s.at, 2)
}
