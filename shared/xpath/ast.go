package xpath

// expr is a node of the compiled tree.
type expr interface {
	// eval computes the value for a focus. Nodes of the value lie in the arena of the Env.
	eval(e *Env, f focus) (Value, *Error)
	// constant says whether it depends on nothing.
	constant() bool
	// deep is how many levels stand below it.
	deep() int
}

// focus is the context of section 1 of the standard: a node, its position and how many there are.
type focus struct {
	node      Node
	pos, size int
}

// deeper is the depth of what contains x.
func deeper(x expr) int { return x.deep() + 1 }

// literal is a number or a text.
type literal struct{ v Value }

func (l *literal) eval(*Env, focus) (Value, *Error) { return l.v, nil }
func (l *literal) constant() bool                   { return true }
func (l *literal) deep() int                        { return 0 }

// variable is $name.
type variable struct {
	at   place
	name string
}

func (v *variable) eval(e *Env, _ focus) (Value, *Error) {
	if e.Variable != nil {
		if value, ok := e.Variable(v.name); ok {
			return value, nil
		}
	}
	return Value{}, failf(v.at, CodeVariable, "the variable $%s has no value", v.name)
}
func (v *variable) constant() bool { return false }
func (v *variable) deep() int      { return 0 }

// negation is one minus sign or several.
type negation struct {
	at    place
	x     expr
	odd   bool
	depth int
}

func (n *negation) eval(e *Env, f focus) (Value, *Error) {
	v, err := n.x.eval(e, f)
	if err != nil {
		return Value{}, err
	}
	num := e.Number(v)
	if n.odd {
		num = -num
	}
	return Number(num), e.charge(n.at, 1)
}
func (n *negation) constant() bool { return n.x.constant() }
func (n *negation) deep() int      { return n.depth }

// union is a|b|c.
type union struct {
	at    place
	parts []expr
	depth int
}

func (u *union) eval(e *Env, f focus) (Value, *Error) {
	from := len(e.run.arena)
	for _, part := range u.parts {
		base := len(e.run.arena)
		v, err := part.eval(e, f)
		if err != nil {
			return Value{}, err
		}
		if v.kind != NodeSetKind {
			return Value{}, failf(u.at, CodeType, "“|” joins nodes, and this is a %s", v.kind)
		}
		e.settle(base, v.nodes)
	}
	if err := e.arrange(u.at, from); err != nil {
		return Value{}, err
	}
	return e.nodesFrom(from), nil
}
func (u *union) constant() bool { return false }
func (u *union) deep() int      { return u.depth }
