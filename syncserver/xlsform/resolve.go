package xlsform

import (
	"regexp"
	"sort"
	"strings"
)

// resolver turns references into paths. From outside of a repeat a path is absolute; between two places in one
// repeat it is relative, so that each repetition means its own.
type resolver struct {
	by   map[string]*element // by name; nil where several have it
	left int                 // bytes of paths that may still be made
}

func newResolver(root *element) *resolver {
	r := &resolver{by: map[string]*element{}, left: MaxXFormBytes}
	_ = root.walk(func(e *element) error {
		if e.kind == aQuestion || e.isSection() {
			if _, twice := r.by[e.name]; twice {
				r.by[e.name] = nil
			} else {
				r.by[e.name] = e
			}
		}
		return nil
	})
	return r
}

// find returns the one element of this name.
func (r *resolver) find(name string) (*element, error) {
	e, ok := r.by[name]
	switch {
	case !ok:
		return nil, RefUnknown.at(Place{}, "name", name)
	case e == nil:
		return nil, RefAmbiguous.at(Place{}, "name", name)
	}
	return e, nil
}

// manner is how a reference is written.
type manner struct {
	current bool // relative paths begin at current(): the expression stands in a predicate
	outside bool // where the choices of a select are the repetitions of a repeat, paths begin outside of it
}

// insert replaces the references of a text by paths, as seen from an element; nil sees all from the root.
func (r *resolver) insert(text string, from *element, how manner) (string, error) {
	return r.replace(text, from, how, func(path string) string { return path })
}

// replace is insert, each path passed through wrap.
func (r *resolver) replace(text string, from *element, how manner, wrap func(string) string) (string, error) {
	if !mayRefer(text) {
		return text, nil
	}
	x := readExpression(text)
	var b strings.Builder
	last := 0
	for _, ref := range x.refs {
		path, err := r.pathOf(ref, &x, from, how)
		if err != nil {
			return "", err
		}
		path = wrap(path)
		if r.left -= len(path); r.left < 0 {
			return "", reached("xform", MaxXFormBytes, Place{})
		}
		b.WriteString(text[last:ref.from])
		b.WriteString(path)
		last = ref.to
	}
	b.WriteString(text[last:])
	return b.String(), nil
}

func (r *resolver) pathOf(at ref, x *expression, from *element, how manner) (string, error) {
	target, err := r.find(at.name)
	if err != nil {
		return "", err
	}
	if from != nil && !at.lastSaved && x.mayBeRelative(at) {
		how.current = how.current || x.inPredicate(at)
		if path := relative(target, from, how); path != "" {
			return path, nil
		}
	}
	if at.lastSaved {
		return " instance('" + lastSavedInstance + "')" + target.path() + " ", nil
	}
	return " " + target.path() + " ", nil
}

// relative is the path to target from an element in the same repeat, "" if they have none in common.
func relative(target, from *element, how manner) string {
	repeat, steps := from.common(target, isRepeat)
	if repeat == nil {
		return ""
	}
	path := ""
	if how.outside && startsOutside(target, from, repeat) {
		steps++
		path = target.pathFrom(repeat.parent)
	} else {
		var top *element
		top, steps = from.common(target, isContainer)
		path = target.pathFrom(top)
	}
	if !strings.HasSuffix(path, target.name) {
		path = "/" + target.name
	}
	start := " "
	if how.current {
		start = " current()/"
	}
	return start + strings.Repeat("../", steps-1) + ".." + path + " "
}

// startsOutside reports whether the path to the repetitions of a repeat can begin outside of it: the target is in no
// other repeat within it, and either the repeat is in none, or from is in one within it.
func startsOutside(target, from, repeat *element) bool {
	return target.repeat() == repeat && (repeat.repeat() == nil || from.repeat() != repeat)
}

// expression is what must be known of a text to write the paths in it.
type expression struct {
	text       string
	refs       []ref
	predicates [][]int // what stands in brackets, if the text asks another instance
	indexed    [][]int // calls of indexed-repeat
	asksIndex  bool    // indexed-repeat is called at all
}

var (
	instanceCall = regexp.MustCompile(`instance\([^)]+.+`)
	bracketed    = regexp.MustCompile(`\[([^\]]+)\]`)
	indexedCall  = regexp.MustCompile(`indexed-repeat\([^)]+\)`)
)

func readExpression(text string) expression {
	x := expression{text: text, refs: refsIn(text)}
	if strings.Contains(text, "instance(") && instanceCall.MatchString(text) {
		x.predicates = bracketed.FindAllStringIndex(text, -1)
	}
	if strings.Contains(text, "indexed-repeat(") {
		x.asksIndex = true
		x.indexed = indexedCall.FindAllStringIndex(text, -1)
	}
	return x
}

// inPredicate reports whether a reference stands in brackets.
func (x *expression) inPredicate(at ref) bool {
	i := sort.Search(len(x.predicates), func(i int) bool { return x.predicates[i][1] >= at.to })
	return i < len(x.predicates) && x.predicates[i][0] <= at.from
}

// mayBeRelative reports whether a reference may become a relative path. As an argument of indexed-repeat it may
// where it is an index; the node and the repeats themselves must be absolute. Of several calls, pyxform looks at
// every other one; so do we.
func (x *expression) mayBeRelative(at ref) bool {
	if !x.asksIndex {
		return true
	}
	pairs := (len(x.indexed) + 1) / 2
	i := 2 * sort.Search(pairs, func(i int) bool { return x.indexed[2*i][1] >= at.to })
	if i >= len(x.indexed) {
		return len(x.indexed)%2 == 1
	}
	call := x.indexed[i]
	if at.to < call[0] || at.from > call[1] {
		return true
	}
	argument := -1
	inside := strings.TrimSuffix(x.text[call[0]:call[1]], ")")
	_, inside, _ = strings.Cut(inside, "(")
	n := 0
	for arg := range strings.SplitSeq(inside, ",") {
		if strings.Contains(arg, "${"+at.name+"}") {
			argument = n
		}
		n++
	}
	return argument >= 0 && argument != 0 && argument != 1 && argument != 3 && argument != 5
}
