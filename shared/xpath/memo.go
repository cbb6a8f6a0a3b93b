package xpath

// A Memo keeps what count(), count-non-empty(), sum(), min(), max() and join() gave over the nodes of a path, so that a
// thousand rows which each ask for the sum over all of them have it added up once. What it keeps is good as long as
// nothing in the trees changes; then Forget it. The zero Memo is empty. It belongs to the goroutine of its Env.
type Memo struct {
	known map[gathering]Value
}

// gathering is a call over the nodes of its path, as far as other nodes than those of the call itself decide about them.
type gathering struct {
	call  *call
	start Node
}

// Forget empties the memo.
func (m *Memo) Forget() { clear(m.known) }

// worthKeeping is how many steps a call takes at least that is kept.
const worthKeeping = 64

// gathers are the functions whose values a Memo keeps: of the nodes of one path they make a number or a text.
var gathers = map[string]bool{"count": true, "count-non-empty": true, "sum": true, "min": true, "max": true, "join": true}

// gathered is the path over which the call gathers, when the first nodes of that path decide about the rest and all
// other arguments are literals; else nil.
func (c *call) gathered() (over *path) {
	if c.wrong != nil || c.fn != library[c.name] || !gathers[c.name] {
		return nil
	}
	for _, arg := range c.args {
		switch x := arg.(type) {
		case *literal:
		case *path:
			if over != nil || !x.closed() {
				return nil
			}
			over = x
		default:
			return nil
		}
	}
	return over
}

// closed says whether the node that the path starts from, once it has gone up, decides what it gives.
func (p *path) closed() bool {
	if p.filters != nil || p.origin == fromExpr && !p.atCurrent() && !p.atInstance() {
		return false
	}
	for _, s := range p.short[p.upward():] {
		switch s.axis {
		case Child, Attribute, Self, Descendant, DescendantOrSelf:
		default:
			return false
		}
		for _, f := range s.filters {
			if !closed(f.x) {
				return false
			}
		}
	}
	return true
}

// atInstance says whether the path starts at an instance that is named by a literal.
func (p *path) atInstance() bool {
	c, ok := p.base.(*call)
	return ok && c.name == "instance" && c.wrong == nil && c.args[0].constant()
}

// upward is how many steps `.` and `..` the path begins with.
func (p *path) upward() int {
	for i, s := range p.short {
		if s.axis != Parent && s.axis != Self || s.test.kind != anyNode || s.filters != nil {
			return i
		}
	}
	return len(p.short)
}

// closed says whether a predicate depends on nothing but the node that it judges, and on its position.
func closed(x expr) bool {
	switch x := x.(type) {
	case *literal:
		return true
	case *negation:
		return closed(x.x)
	case *infix:
		return closed(x.left) && closed(x.right)
	case *call:
		return x.fn != nil && x.fn == library[x.name] && (x.fn.pure || looksAtNode[x.name]) && allOf(x.args, closed)
	case *path:
		return x.origin == fromContext && x.closed()
	}
	return false
}

// looksAtNode are functions that read the context node, its position or its children, and nothing else.
var looksAtNode = map[string]bool{"position": true, "last": true, "count": true, "count-non-empty": true, "sum": true,
	"number": true, "string": true, "string-length": true, "normalize-space": true, "name": true, "local-name": true}

// start is the node that decides what a closed path gives; nil when the path does not lead away from it.
func (p *path) start(e *Env, f focus) Node {
	mark := len(e.run.arena)
	defer func() { e.run.arena = e.run.arena[:mark] }()
	if p.begin(e, f) != nil || len(e.run.arena) == mark {
		return nil
	}
	skip := p.upward()
	if p.origin == fromRoot && e.Qualify {
		skip = p.qualify(e, f, mark)
	}
	n := e.run.arena[mark]
	for i := range p.upward() {
		if n != nil && p.short[i].axis == Parent {
			n = n.Parent()
		}
	}
	if skip == len(p.short) {
		return nil
	}
	return n
}

// recall is run, unless the memo of the Env has the value.
func (c *call) recall(e *Env, f focus) (Value, *Error) {
	key := gathering{c, c.over.start(e, f)}
	if key.start == nil {
		return c.compute(e, f)
	}
	if v, ok := e.Memo.known[key]; ok {
		return v, e.charge(c.at, 2)
	}
	before := e.run.left.Steps
	v, err := c.compute(e, f)
	if err == nil && before-e.run.left.Steps >= worthKeeping {
		if e.Memo.known == nil {
			e.Memo.known = map[gathering]Value{}
		}
		e.Memo.known[key] = v
	}
	return v, err
}
