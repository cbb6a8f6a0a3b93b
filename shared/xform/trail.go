package xform

import (
	"slices"
	"strings"

	"banlang/shared/xpath"
)

// grapher finds which fields an expression reads.
type grapher struct {
	form  *Form
	looks int // at fields
}

// maxLooks bounds the fields that are looked at for one form. Only a form with very many descendant steps (//) gets there.
const maxLooks = 50_000_000

// trail is a field that a path leads to, seen from the node for which the expression is evaluated. Down to the depth
// tied, the ancestors of what the path selects are the ancestors of that node; below, they may be any.
type trail struct {
	field *Field // nil: the document above the root
	tied  int
}

// connect adds the edges to a rule for what x reads.
func (g *grapher) connect(r *rule, x *xpath.Expr) {
	target := trail{r.field, r.field.depth}
	loose := anyInstance(x)
	for _, ref := range x.References() {
		trails, all := g.trails(ref, len(ref.Steps), target)
		if all {
			g.readsAll(r)
			continue
		}
		for _, t := range trails {
			if loose {
				t.tied = 0
			}
			g.reads(r, t)
		}
	}
	for _, c := range x.Calls() {
		g.choiceNames(r, c)
	}
}

// anyInstance reports whether x calls a function that reads instances of a repeat beside the paths it names.
func anyInstance(x *xpath.Expr) bool {
	return slices.ContainsFunc(x.Calls(), func(c *xpath.Call) bool { return c.Name == "indexed-repeat" })
}

// choiceNames adds what the choices depend on that jr:choice-name looks in.
func (g *grapher) choiceNames(r *rule, c *xpath.Call) {
	if !strings.HasSuffix(c.Name, "choice-name") || len(c.Args) < 2 || !c.Args[1].Literal {
		return
	}
	f := g.form.fieldAt(strings.TrimSpace(c.Args[1].Value.String()))
	if f == nil || f.question == nil || f.question.Itemset == nil {
		return
	}
	for _, ref := range f.question.Itemset.nodes.References() {
		trails, all := g.trails(ref, len(ref.Steps), trail{f, f.depth})
		if all {
			g.readsAll(r)
			return
		}
		for _, t := range trails {
			if t.field != nil && !t.field.isAncestorOf(r.field) {
				g.reads(r, trail{t.field, 0})
			}
		}
	}
}

// reads adds the edges of one field.
func (g *grapher) reads(r *rule, t trail) {
	if t.field == nil {
		return
	}
	tied := min(t.tied, t.field.depth)
	addEdge(g.form.edges, t.field, edge{r, t.field.at(tied)})
	for a := t.field; a != nil; a = a.parent {
		switch {
		case !a.IsRepeat():
		case a.depth > tied:
			addEdge(g.form.structs, a, edge{r, a.at(tied)})
		case a == t.field: // its position
			addEdge(g.form.structs, a, edge{r, a.parent})
		}
	}
}

// readsAll adds edges from everything else.
func (g *grapher) readsAll(r *rule) {
	g.form.root.walk(func(c *Field) {
		if g.looks++; c != r.field && g.looks < maxLooks {
			g.reads(r, trail{c, 0})
		}
	})
}

// named are all fields that the last of some steps, which start nobody knows where, can mean.
func (g *grapher) named(steps []xpath.Step) []trail {
	if len(steps) == 0 {
		return nil
	}
	last := steps[len(steps)-1]
	var set []trail
	g.form.root.walk(func(c *Field) {
		if g.looks++; last.Name.Local == "*" || last.Name.Local == c.name.local {
			set = append(set, trail{c, 0})
		}
	})
	return set
}

func addEdge(to map[*Field][]edge, from *Field, e edge) {
	have := to[from]
	for i := len(have) - 1; i >= 0 && have[i].rule == e.rule; i-- {
		if have[i] == e {
			return
		}
	}
	to[from] = append(have, e)
}

// trails follows the first n steps of a path; all reports that it may lead anywhere.
func (g *grapher) trails(r *xpath.Reference, n int, target trail) (set []trail, all bool) {
	start := []trail{target}
	var beside []trail // what absolute steps are tied to
	switch r.Origin {
	case xpath.FromInstance:
		if !g.form.isMain(r.Instance) {
			return nil, r.Instance == ""
		}
		start = []trail{{nil, 0}}
	case xpath.FromOther:
		return g.named(r.Steps), false
	case xpath.FromRoot, xpath.FromContext:
		if r.Outer != nil {
			if beside, all = g.trails(r.Outer, r.OuterStep+1, target); all {
				return nil, true
			}
			start = beside
		}
		if r.Origin == xpath.FromRoot {
			if len(beside) == 0 { // also in the predicates of other instances
				beside = []trail{target}
			}
			return g.absolute(r.Steps[:n], beside)
		}
	}
	for _, s := range r.Steps[:n] {
		if start, all = g.step(start, s); all {
			return nil, true
		}
	}
	return start, false
}

// absolute follows an absolute path beside the paths of its context: as long as it names their ancestors, it means
// those ancestors.
func (g *grapher) absolute(steps []xpath.Step, beside []trail) (set []trail, all bool) {
	for _, ctx := range beside {
		cur, qualified := []trail{{nil, 0}}, true
		for _, s := range steps {
			if cur, all = g.step(cur, s); all {
				return nil, true
			}
			qualified = qualified && s.Predicates == 0 && len(cur) == 1 && ctx.field != nil &&
				ctx.field.depth >= cur[0].field.depth && ctx.field.at(cur[0].field.depth) == cur[0].field
			if qualified {
				cur[0].tied = min(cur[0].field.depth, ctx.tied)
			}
		}
		set = append(set, cur...)
	}
	return set, false
}

// step follows one step from each of a set.
func (g *grapher) step(from []trail, s xpath.Step) (to []trail, all bool) {
	seen := map[trail]bool{}
	add := func(f *Field, tied int) {
		if g.looks++; g.looks > maxLooks {
			return
		}
		if t := (trail{f, tied}); !seen[t] {
			seen[t] = true
			to = append(to, t)
		}
	}
	for _, t := range from {
		switch s.Axis {
		case xpath.Self:
			add(t.field, t.tied)
		case xpath.Parent:
			if t.field != nil {
				up := t.field.parent
				add(up, max(0, min(t.tied, t.field.depth-1)))
			}
		case xpath.Child, xpath.Attribute:
			for _, c := range g.below(t.field, s) {
				add(c, t.tied)
			}
		case xpath.DescendantOrSelf, xpath.Descendant:
			top := t.field
			if top == nil {
				top = g.form.root
				if s.Axis == xpath.DescendantOrSelf {
					add(nil, 0)
				}
			}
			top.walk(func(c *Field) { add(c, t.tied) })
		default:
			return nil, true
		}
	}
	return to, false
}

// below are the children or attributes of a field that a step selects.
func (g *grapher) below(f *Field, s xpath.Step) []*Field {
	var one *Field
	switch all := s.Name.Local == "*"; {
	case s.Test != "name":
	case f == nil:
		if all || s.Name.Local == g.form.root.name.local {
			one = g.form.root
		}
	case s.Axis == xpath.Attribute && all:
		return f.attrs
	case s.Axis == xpath.Attribute:
		one = f.attribute(s.Name.Local)
	case all:
		return f.children
	default:
		one = f.child(s.Name.Local)
	}
	if one == nil {
		return nil
	}
	return []*Field{one}
}
