package xform

// EventKind says what the cursor stands at.
type EventKind uint8

// The kinds of event, in the order of a walk.
const (
	BeginningOfForm EventKind = iota
	AtQuestion
	AtGroup
	AtRepeat        // an instance of a repeat
	PromptNewRepeat // behind the last instance of a repeat to which people may add; Ref is that of the instance to be
	EndOfForm
)

var eventNames = [...]string{"beginning of form", "question", "group", "repeat", "prompt new repeat", "end of form"}

func (k EventKind) String() string { return eventNames[k] }

// Event is a place of the walk through a form.
type Event struct {
	Kind EventKind
	Ref  Ref   // empty at the ends
	Item *Item // nil at the ends
}

// place is one level of where the cursor stands.
type place struct {
	siblings []*Item
	at       int
	pos      int // of a repeat: which instance, from 0
}

func (p place) item() *Item { return p.siblings[p.at] }

// cursor is where somebody is in the walk through a form.
type cursor struct {
	path []place // empty at the ends
	end  bool
}

func (c *cursor) reset() { *c = cursor{} }

// nodeAt is the node of the innermost place of a path; nil when there is none, as for an instance yet to be.
func (s *Session) nodeAt(path []place) *node {
	n := s.root
	for _, p := range path {
		if n = s.below(n, p.item(), p.pos); n == nil {
			return nil
		}
	}
	return n
}

// below is the node of an item, seen from a node of an item around it.
func (s *Session) below(n *node, it *Item, pos int) *node {
	for n.field.depth < it.Field.depth {
		next := it.Field.at(n.field.depth + 1)
		if next == it.Field && it.Type == Repeat {
			g := n.group(next)
			if pos >= len(g) {
				return nil
			}
			return g[pos]
		}
		if n = n.one(next); n == nil {
			return nil
		}
	}
	return n
}

// parentAt is the node in which the instances of the repeat at the end of the path are.
func (s *Session) parentAt(path []place) *node {
	last := path[len(path)-1]
	n := s.nodeAt(path[:len(path)-1])
	for n != nil && n.field.depth < last.item().Field.depth-1 {
		n = n.one(last.item().Field.at(n.field.depth + 1))
	}
	return n
}

// Event is what the cursor stands at.
func (s *Session) Event() Event {
	path := s.cursor.path
	switch {
	case s.cursor.end:
		return Event{Kind: EndOfForm}
	case len(path) == 0:
		return Event{Kind: BeginningOfForm}
	}
	last := path[len(path)-1]
	it := last.item()
	n := s.nodeAt(path)
	if n == nil {
		return Event{PromptNewRepeat, s.instanceRef(path), it}
	}
	kind := [...]EventKind{Group: AtGroup, Repeat: AtRepeat, Question: AtQuestion}[it.Type]
	return Event{kind, n.ref(), it}
}

// instanceRef names an instance that is yet to be.
func (s *Session) instanceRef(path []place) Ref {
	last := path[len(path)-1]
	parent := s.parentAt(path)
	if parent == nil {
		return Ref(last.item().Field.path)
	}
	return (&node{field: last.item().Field, parent: parent, pos: last.pos}).ref()
}

// Next moves the cursor to the next place that is relevant, and returns it. A repeat with a count gets the instance that
// the cursor comes to, when the count asks for it.
func (s *Session) Next() Event {
	s.refill()
	for {
		s.advance()
		if s.cursor.end || s.stopsHere() {
			return s.Event()
		}
	}
}

// stopsHere reports whether the place is relevant.
func (s *Session) stopsHere() bool {
	path := s.cursor.path
	if n := s.nodeAt(path); n != nil {
		return !n.has(hidden)
	}
	last := path[len(path)-1]
	parent := s.parentAt(path)
	if last.item().Type != Repeat || parent == nil || parent.has(hidden) || !s.wouldBeRelevant(last.item().Field, parent, last.pos) {
		return false
	}
	if last.item().count == nil {
		return !last.item().NoAddRemove
	}
	if last.pos >= s.countOf(last.item(), parent) {
		return false
	}
	s.addInstance(parent, last.item().Field)
	s.settle()
	return true
}

// wouldBeRelevant evaluates the relevance of a repeat for an instance that is yet to be.
func (s *Session) wouldBeRelevant(f *Field, parent *node, pos int) bool {
	r := f.rules[ruleRelevant]
	if r == nil {
		return true
	}
	on, err := s.condition(r.expr, &node{field: f, parent: parent, pos: pos})
	return on || err != nil
}

// advance moves the cursor by one place, whether that is relevant or not.
func (s *Session) advance() {
	c := &s.cursor
	if c.end {
		return
	}
	if len(c.path) == 0 {
		c.enter(s.form.Body)
		return
	}
	last := &c.path[len(c.path)-1]
	it := last.item()
	here := it.Type != Repeat || s.nodeAt(c.path) != nil
	if it.Type != Question && here && len(it.Items) > 0 {
		c.enter(it.Items)
		return
	}
	c.leave(here)
}

// enter moves to the first of items.
func (c *cursor) enter(items []*Item) {
	if len(items) == 0 {
		c.path, c.end = nil, true
		return
	}
	c.path = append(c.path, place{siblings: items})
}

// leave moves behind the innermost place: to the next instance of a repeat that is there, else to the next item,
// further out when there is none.
func (c *cursor) leave(here bool) {
	for len(c.path) > 0 {
		last := &c.path[len(c.path)-1]
		switch {
		case here && last.item().Type == Repeat:
			last.pos++
			return
		case last.at+1 < len(last.siblings):
			last.at++
			last.pos = 0
			return
		}
		c.path = c.path[:len(c.path)-1]
		here = true
	}
	c.end = true
}

// ToBeginning moves the cursor before the first place.
func (s *Session) ToBeginning() { s.cursor.reset() }

// JumpTo moves the cursor to the question, group or instance of a repeat that ref names, or to the instance of a repeat
// that is yet to be; false when the body has no such place. Relevance is not asked.
func (s *Session) JumpTo(ref Ref) bool {
	steps, ok := ref.steps()
	f := s.form.fieldAt(string(ref))
	if !ok || f == nil {
		return false
	}
	path := s.form.placeOf(s.form.Body, f)
	if path == nil {
		return false
	}
	for i := range path {
		if it := path[i].item(); it.Type == Repeat && it.Field.depth < len(steps) {
			path[i].pos = steps[it.Field.depth].pos
		}
	}
	last := path[len(path)-1].item()
	if s.nodeAt(path) == nil && (last.Type != Repeat || s.parentAt(path) == nil) {
		return false
	}
	s.cursor = cursor{path: path}
	return true
}

// placeOf finds the first item of the body for a field.
func (f *Form) placeOf(items []*Item, c *Field) []place {
	for i, it := range items {
		here := place{siblings: items, at: i}
		if it.Field == c && it.logical {
			return []place{here}
		}
		if len(it.Items) > 0 && it.Field.isAncestorOf(c) {
			if rest := f.placeOf(it.Items, c); rest != nil {
				return append([]place{here}, rest...)
			}
		}
	}
	return nil
}
