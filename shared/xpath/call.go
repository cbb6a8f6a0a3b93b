package xpath

import (
	"errors"
	"fmt"
	"math"
)

// call is a function call.
type call struct {
	at    place
	name  string
	args  []expr
	texts []string  // of the arguments
	fn    *function // nil: not known
	ready any       // what the function prepared when it was compiled
	over  *path     // what a call gathers over that a Memo can keep; see gathered
	wrong *Error    // what evaluating it will fail with
	depth int
}

// function is an entry of the library, or a Function of the caller.
type function struct {
	min, max int // arguments; max < 0: no limit
	// pure: the value depends on the arguments alone.
	pure bool
	// truth: the value is a boolean.
	truth bool
	// volatile says whether a call gives another value each time. nil: never.
	volatile func(c *call) bool
	// prepare looks at the arguments when the expression is compiled. Optional.
	prepare func(c *call) *Error
	run     func(c *invocation) Value
}

// bind looks the function up, counts the arguments and lets it prepare. What is wrong is noted, not returned: the call
// may stand where it is never evaluated.
func (c *call) bind(options Options) {
	if own, ok := options.Functions[c.name]; ok {
		c.fn = own.bound()
	} else {
		c.fn = library[c.name]
	}
	switch n := len(c.args); {
	case c.fn == nil:
		c.wrong = failf(c.at, CodeFunction, "there is no function %s()", c.name)
	case n < c.fn.min:
		c.wrong = failf(c.at, CodeArguments, "%s() has too few arguments: %d; it takes %s", c.name, n, c.fn.takes())
	case c.fn.max >= 0 && n > c.fn.max:
		c.wrong = failf(c.at, CodeArguments, "%s() has too many arguments: %d; it takes %s", c.name, n, c.fn.takes())
	case c.fn.prepare != nil:
		c.wrong = c.fn.prepare(c)
	}
	c.over = c.gathered()
}

// takes says in words how many arguments there are to be.
func (fn *function) takes() string {
	switch {
	case fn.max < 0:
		return fmt.Sprint(fn.min, " or more")
	case fn.min == fn.max:
		return fmt.Sprint(fn.min)
	}
	return fmt.Sprint(fn.min, " to ", fn.max)
}

func (c *call) constant() bool {
	if c.fn == nil || !c.fn.pure {
		return false
	}
	return allOf(c.args, expr.constant)
}

func (c *call) deep() int { return c.depth }

func (c *call) volatile() bool {
	return c.fn != nil && c.fn.volatile != nil && c.fn.volatile(c)
}

func (c *call) eval(e *Env, f focus) (Value, *Error) {
	switch {
	case c.wrong != nil:
		return Value{}, c.wrong.copied()
	case c.over != nil && e.Memo != nil:
		return c.recall(e, f)
	}
	return c.compute(e, f)
}

// compute runs the function.
func (c *call) compute(e *Env, f focus) (Value, *Error) {
	if err := e.charge(c.at, 2); err != nil {
		return Value{}, err
	}
	in := e.run.free
	if in == nil {
		in = new(invocation)
	} else {
		e.run.free = in.next
	}
	*in = invocation{call: c, env: e, focus: f}
	v := c.fn.run(in)
	err := in.err
	*in = invocation{next: e.run.free}
	e.run.free = in
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// invocation is a call under way. Its methods evaluate the arguments; each keeps the first error in err and gives
// something harmless from then on, so that a function need not ask after every argument.
type invocation struct {
	*call
	env   *Env
	focus focus
	err   *Error
	next  *invocation // of the free ones
}

// fail notes an error.
func (c *invocation) fail(code Code, format string, args ...any) Value {
	if c.err == nil {
		c.err = failf(c.at, code, format, args...)
	}
	return Value{}
}

// host notes an error of a function that the caller provided.
func (c *invocation) host(err error) Value {
	if c.err != nil {
		return Value{}
	}
	if own := (*Error)(nil); errors.As(err, &own) && !own.placed { // made by the function itself: it keeps its code
		c.err = &Error{Code: own.Code, Column: int(c.at), Message: own.Message, Cause: own.Cause}
		return Value{}
	}
	c.err = failf(c.at, CodeHost, "%s(): %v", c.name, err)
	c.err.Cause = err
	return Value{}
}

// has says whether argument i is given.
func (c *invocation) has(i int) bool { return i < len(c.args) }

// value evaluates argument i.
func (c *invocation) value(i int) Value {
	if c.err != nil {
		return Value{}
	}
	v, err := c.args[i].eval(c.env, c.focus)
	if err != nil {
		c.err = err
		return Value{}
	}
	return v
}

// text is argument i as a string.
func (c *invocation) text(i int) string { return c.spell(c.value(i)) }

// spell converts to a string and counts its length.
func (c *invocation) spell(v Value) string {
	if c.err != nil {
		return ""
	}
	s := v.String()
	if c.err = c.env.charge(c.at, 1+len(s)/8); c.err != nil {
		return ""
	}
	return s
}

// read is the string-value of a node, counted.
func (c *invocation) read(n Node) string {
	if c.err != nil {
		return ""
	}
	s := n.Value()
	c.err = c.env.charge(c.at, 1+len(s)/8)
	return s
}

// number is argument i as a number.
func (c *invocation) number(i int) float64 {
	v := c.value(i)
	if c.err != nil {
		return math.NaN()
	}
	return c.env.Number(v)
}

// truth is argument i as a boolean.
func (c *invocation) truth(i int) bool { return c.value(i).Boolean() }

// nodes is the first argument, which must be a node-set.
func (c *invocation) nodes() []Node {
	v := c.value(0)
	if c.err == nil && v.kind != NodeSetKind {
		c.fail(CodeType, "%s() needs nodes as argument 1, and this is a %s", c.name, v.kind)
	}
	return v.nodes
}

// each gives every argument from number i on, node-sets node by node.
func (c *invocation) each(i int, do func(Value)) {
	for ; i < len(c.args) && c.err == nil; i++ {
		base := len(c.env.run.arena)
		v := c.value(i)
		c.spread(v, do)
		c.env.run.arena = c.env.run.arena[:base]
	}
}

// spread gives a value, or the nodes of it as strings.
func (c *invocation) spread(v Value, do func(Value)) {
	if c.err != nil {
		return
	}
	if v.kind != NodeSetKind {
		do(v)
		return
	}
	for _, n := range v.nodes {
		if s := c.read(n); c.err == nil {
			do(String(s))
		}
	}
}

// made returns a string that the function made, once its length has been counted.
func (c *invocation) made(s string) Value {
	if c.err == nil {
		c.err = c.env.chargeText(c.at, len(s))
	}
	return String(s)
}

// here is the string-value of the context node, "" without one.
func (c *invocation) here() string {
	if c.focus.node == nil {
		return ""
	}
	return c.read(c.focus.node)
}

// bound makes an entry of a function of the caller.
func (f Function) bound() *function {
	return &function{
		min: f.Min, max: f.Max,
		volatile: func(*call) bool { return f.Volatile },
		run: func(c *invocation) Value {
			args := make([]Value, len(c.args))
			for i := range args {
				args[i] = c.value(i)
			}
			if c.err != nil {
				return Value{}
			}
			v, err := f.Call(c.env, c.focus.node, args)
			if err != nil {
				return c.host(err)
			}
			return v
		},
	}
}
