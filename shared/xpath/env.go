package xpath

import "time"

// An Env is the world in which expressions are evaluated: everything that an expression can read beside the tree.
// Every field may be left zero. An Env belongs to one goroutine at a time; expressions are shared freely. Evaluating
// again with the same Env reuses its memory.
//
// The functions of an Env may evaluate further expressions with the same Env. Such an inner evaluation draws on the
// limits of the outer one.
type Env struct {
	// Root is where absolute paths start. nil: the root of the tree of the node that Evaluate is called with. It stays
	// the same inside the predicates of instance(…), as the ODK specification wants.
	Root Node

	// Current is what current() returns. nil: the node that Evaluate is called with.
	Current Node

	// Qualify reads absolute paths as JavaRosa does, seen from the context node: of a path that leads through repeats,
	// as far as the steps are names without predicates and the context node lies in a node so named, that one is meant
	// and not its siblings. /data/row/a, evaluated for /data/row[2]/b, is /data/row[2]/a. In a predicate the context
	// node is the one that is judged; when that is in another tree, current().
	Qualify bool

	// Position and Size are position() and last() outside predicates. 0: 1.
	Position, Size int

	// Now is the clock behind now() and today(). nil: those fail with CodeHost. Nothing else reads a clock.
	Now func() time.Time

	// Zone is the local time zone. nil: UTC.
	Zone *time.Location

	// Random returns 64 uniformly distributed bits, for random(), uuid() and randomize() without a seed. nil: those fail
	// with CodeHost. For uuid() it should be a source that cannot be guessed.
	Random func() uint64

	// Instance returns the node whose child is the root element of the secondary instance of that id, nil when there is
	// none. nil: the element <instance id="…"> of the tree that absolute paths start in.
	Instance func(id string) (Node, error)

	// Variable returns the value of $name, false when it has none. nil: no variable has a value.
	Variable func(name string) (Value, bool)

	// ChoiceName returns the label, in the active language, of the choice that has the given value in the question at
	// path, as jr:choice-name() does. node is the context node. nil: the value itself.
	ChoiceName func(node Node, value, path string) (string, error)

	// Text returns the text of an id in the active language, as jr:itext() does. nil: the id itself.
	Text func(id string) (string, error)

	// PullData returns the cell of column want in the first row of the data set whose column key is value, "" when there
	// is no such row. nil: looked up as instance(set)/root/item[key=value]/want.
	PullData func(set, want, key, value string) (string, error)

	// Property returns a property of the device or user, as property() does, "" when it is not known. nil: always "".
	Property func(name string) string

	// Version is the version of the form, as version() returns it.
	Version string

	// Calendar are the names of days and months that format-date() writes. nil: English.
	Calendar *Calendar

	// Memo keeps sums and the like from one evaluation to the next. nil: everything is computed anew.
	Memo *Memo

	// Limits bounds the work. Zero fields stand for those of DefaultLimits.
	Limits Limits

	// Allowance is how many steps all evaluations may take together, each still within Limits. What one takes is
	// subtracted; once nothing is left, evaluations fail with CodeLimit. nil: there is no such bound.
	Allowance *int

	run         run // of the evaluation under way
	lastPattern struct {
		text    string
		pattern *pattern
	}
}

// A Calendar gives short names, in the active language.
type Calendar struct {
	Months [12]string // from January
	Days   [7]string  // from Sunday
}

// Limits bounds what one evaluation may do. Passing one is an error of CodeLimit.
type Limits struct {
	Steps int // nodes visited and operations done, longer strings counting more
	Bytes int // of one string that is made
	Nodes int // of one node-set
	Depth int // of evaluations within evaluations, through the functions of an Env
}

// DefaultLimits are generous for a form, and end any evaluation within about a second.
func DefaultLimits() Limits {
	return Limits{
		Steps: 10_000_000, // a predicate of ten operations over a list of half a million
		Bytes: 8 << 20,    // a long report, many times
		Nodes: 500_000,    // as many choices as the longest list has
		Depth: 32,
	}
}
