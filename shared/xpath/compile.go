package xpath

import (
	"math"
	"sync"
)

// An Expr is a compiled expression. It never changes: any number of goroutines may use it at once, each with its own
// Env.
type Expr struct {
	text     string
	root     expr
	problems []*Error

	survey sync.Once // of refs and calls
	refs   []*Reference
	calls  []*Call
}

// Options says what a text may mean beyond the standard. The zero Options is fine.
type Options struct {
	// Namespaces gives the address of a prefix. A prefix that it lacks is an error of CodePrefix when the name is
	// looked for. Function names such as jr:itext need no declaration.
	Namespaces map[string]string

	// Functions are further functions, or replacements, by name as it is written.
	Functions map[string]Function
}

// A Function is one that the caller adds.
type Function struct {
	Min, Max int  // number of arguments; Max < 0: no limit
	Volatile bool // gives another value each time; see Expr.Volatile
	// Call computes the value. node is the context node; args are evaluated already, and their nodes are good until it
	// returns. A *Error that it makes keeps its code and message; any other error becomes the cause of one of CodeHost.
	// Both point at the call.
	Call func(env *Env, node Node, args []Value) (Value, error)
}

// Limits of one expression, both enforced by Compile with CodeLimit.
const (
	MaxTextBytes = 256 << 10 // the longest calculation seen in the field has 30 kB
	MaxDepth     = 2000      // of brackets and operators in one another; generated if() chains reach some hundreds
)

// Compile reads an expression. The error is a *Error of CodeSyntax or CodeLimit. What is wrong otherwise, such as a
// function that is not known, is no error here, since `true() or f()` has a value without it: see Problems.
func Compile(text string) (*Expr, error) { return CompileWith(text, Options{}) }

// CompileWith is Compile with options.
func CompileWith(text string, options Options) (*Expr, error) {
	root, problems, err := parse(text, options)
	if err != nil {
		return nil, err.in(text)
	}
	x := &Expr{text: text, root: root, problems: problems}
	for _, p := range problems {
		_ = p.in(text) // notes the text in p
	}
	return x, nil
}

// Problems returns what evaluating the expression fails with, should it get to that part: functions that are not known
// (CodeFunction), too many or too few arguments (CodeArguments), prefixes that are not declared (CodePrefix), patterns
// of regex() that cannot be read (CodeValue). A form is better refused for one of them before anybody fills it in.
func (x *Expr) Problems() []*Error { return x.problems }

// MustCompile is Compile for texts that are part of a program. It panics when the text is no expression.
func MustCompile(text string) *Expr {
	x, err := Compile(text)
	if err != nil {
		panic(err)
	}
	return x
}

// String returns the text that was compiled.
func (x *Expr) String() string { return x.text }

// Evaluate computes the value of the expression for a node; node may be nil for an expression that reads none. The
// error is a *Error. The value stays valid when the Env is used again.
func (x *Expr) Evaluate(env *Env, node Node) (Value, error) {
	v, err := x.evaluate(env, node)
	if err != nil {
		return Value{}, err
	}
	return v.kept(), nil
}

// Peek is Evaluate with less memory: the nodes of the value are good until the Env is used again.
func (x *Expr) Peek(env *Env, node Node) (Value, error) {
	v, err := x.evaluate(env, node)
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// EvaluateString is Evaluate and string(), with less memory.
func (x *Expr) EvaluateString(env *Env, node Node) (string, error) {
	v, err := x.evaluate(env, node)
	if err != nil {
		return "", err
	}
	return v.String(), nil
}

// EvaluateNumber is Evaluate and Env.Number, with less memory.
func (x *Expr) EvaluateNumber(env *Env, node Node) (float64, error) {
	if env == nil {
		env = new(Env)
	}
	v, err := x.evaluate(env, node)
	if err != nil {
		return math.NaN(), err
	}
	return env.Number(v), nil
}

// EvaluateBoolean is Evaluate and boolean(), with less memory.
func (x *Expr) EvaluateBoolean(env *Env, node Node) (bool, error) {
	v, err := x.evaluate(env, node)
	if err != nil {
		return false, err
	}
	return v.Boolean(), nil
}

// EvaluateNodes appends the nodes that the expression selects to dst. An expression that gives no node-set is an error
// of CodeType.
func (x *Expr) EvaluateNodes(env *Env, node Node, dst []Node) ([]Node, error) {
	v, err := x.evaluate(env, node)
	if err == nil && v.kind != NodeSetKind {
		err = failf(0, CodeType, "this gives a %s, and nodes are needed", v.kind).in(x.text)
	}
	if err != nil {
		return dst, err
	}
	return append(dst, v.nodes...), nil
}

// evaluate computes the value. Its nodes are good until the Env is used again.
func (x *Expr) evaluate(env *Env, node Node) (Value, *Error) {
	if env == nil {
		env = new(Env)
	}
	outer, err := env.enter(node)
	if err != nil {
		return Value{}, err.in(x.text)
	}
	v, err := x.root.eval(env, focus{node, max(1, env.Position), max(1, env.Size)})
	env.leave(outer)
	if err != nil {
		return Value{}, err.in(x.text)
	}
	return v, nil
}
