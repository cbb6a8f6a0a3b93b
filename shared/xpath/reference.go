package xpath

// An Origin says where a path starts.
type Origin uint8

// The origins of paths.
const (
	FromContext  Origin = iota // the node that Evaluate is called with; inside a predicate, see Reference.Outer
	FromRoot                   // an absolute path
	FromCurrent                // current()
	FromInstance               // instance('…')
	FromOther                  // another expression, such as a variable or a bracket; what it reads has References of its own
)

// An Axis is the direction of a step.
type Axis uint8

// The axes.
const (
	Child Axis = iota
	Parent
	Self
	Attribute
	Descendant
	DescendantOrSelf
	Ancestor
	AncestorOrSelf
	Following
	FollowingSibling
	Preceding
	PrecedingSibling
	Namespace
)

// A Step is one step of a path that an expression reads.
type Step struct {
	Axis       Axis
	Name       Name   // what is looked for; Local is "*" for any name, and "" for the tests node(), text() and so on
	Test       string // "name" for a name or *, otherwise "node", "text", "comment" or "processing-instruction"
	Predicates int    // how many follow
}

// A Reference is a location path that an expression reads: what a dependency graph is built of.
type Reference struct {
	Column   int // where it starts in the text, in characters, from 1
	Origin   Origin
	Instance string // of FromInstance: the id, "" when it is not a literal
	Steps    []Step // `//` stands as a step of DescendantOrSelf and test node

	// Outer is the path in whose predicate this one stands, nil when it stands in none. A reference of FromContext
	// starts at the nodes that Outer's steps up to and including number OuterStep (from 0) select; an OuterStep of -1
	// means the origin of Outer itself, as in (path)[predicate].
	Outer     *Reference
	OuterStep int
}

// Resolve returns where the path starts in the end, and the steps from there: those of the outer paths, as far as they
// lead to it, and its own. Relative paths outside predicates stay relative.
func (r *Reference) Resolve() (Origin, string, []Step) {
	steps := r.Steps
	if r.Origin != FromContext || r.Outer == nil {
		return r.Origin, r.Instance, steps
	}
	parts, count := [][]Step{steps}, len(steps)
	for r.Origin == FromContext && r.Outer != nil {
		lead := r.Outer.Steps[:r.OuterStep+1]
		parts, count = append(parts, lead), count+len(lead)
		r = r.Outer
	}
	steps = make([]Step, 0, count)
	for i := len(parts) - 1; i >= 0; i-- {
		steps = append(steps, parts[i]...)
	}
	return r.Origin, r.Instance, steps
}

// A Call is a function call in an expression.
type Call struct {
	Column   int    // where the name starts, in characters, from 1
	Name     string // as it is written
	Known    bool   // false: evaluating it is an error of CodeFunction
	Volatile bool   // gives another value each time, as now() and random() do
	Args     []Argument
	Outer    *Reference // the path in whose predicate it stands, nil when it stands in none
}

// An Argument is one argument of a Call.
type Argument struct {
	Text    string // as it is written
	Literal bool   // a string or a number, which Value holds
	Value   Value
}

// References returns the paths that the expression reads, as they stand in the text from left to right, those inside
// predicates and arguments included. The caller does not alter them.
func (x *Expr) References() []*Reference { return x.surveyed().refs }

// Calls returns the function calls of the expression, as they stand in the text. The caller does not alter them.
func (x *Expr) Calls() []*Call { return x.surveyed().calls }

// Volatile says whether evaluating again can give another value although no node has changed: the expression calls
// now(), today(), random(), uuid(), randomize() without a seed, or a Function that is declared so.
func (x *Expr) Volatile() bool {
	for _, c := range x.Calls() {
		if c.Volatile {
			return true
		}
	}
	return false
}

// Constant returns the value of an expression that is the same everywhere: it reads no node and calls nothing that
// depends on anything but its arguments. An expression of which evaluation fails is not constant.
func (x *Expr) Constant() (Value, bool) {
	if len(x.References()) > 0 || !x.root.constant() {
		return Value{}, false
	}
	v, err := x.Evaluate(&Env{}, nil)
	return v, err == nil
}
