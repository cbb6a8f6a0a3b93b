package xform

import (
	"banlang/shared/xpath"
)

// ruleKind says what the expression of a rule decides.
type ruleKind uint8

const (
	ruleRelevant ruleKind = iota
	ruleCalculate
	ruleRequired
	ruleReadOnly
	ruleChoices // which choices a question has; nothing is computed, Change tells of it
	ruleText    // what a label, hint or message says; likewise
)

var ruleNames = [...]string{"relevant", "calculate", "required", "readonly", "choices", "text"}

// rule is an expression of a field. It is evaluated for each of the field's nodes.
type rule struct {
	field  *Field
	kind   ruleKind
	expr   *xpath.Expr
	order  int
	line   int
	spread []edge // of a relevance: the readers of all that it hides
}

// edge leads from something that changes to a rule that reads it. The nodes for which the rule is to be evaluated again
// are those below the ancestor of the changed node that is of the field anchor; when the changed node is above that,
// those below the node itself.
type edge struct {
	rule   *rule
	anchor *Field
}

// graph makes the rules of all binds, finds what each of them reads, and sorts them.
func (p *parser) graph() error {
	f := p.form
	f.edges, f.structs = map[*Field][]edge{}, map[*Field][]edge{}
	var failed error
	f.root.walk(func(c *Field) {
		if failed == nil && c.bind != nil {
			failed = p.bindRules(c)
		}
	})
	if failed != nil {
		return failed
	}
	g := &grapher{form: f}
	for _, r := range f.rules {
		g.connect(r, r.expr)
	}
	if g.looks > maxLooks {
		return &Error{Code: CodeLimit, Msg: "the expressions of the form read too many nodes"}
	}
	for _, r := range f.rules {
		if r.kind == ruleRelevant {
			r.spread = f.spreadOf(r.field)
		}
	}
	if err := f.sort(); err != nil {
		return err
	}
	p.displayRules(g, f.Body)
	return nil
}

// bindRules makes the rules of a field.
func (p *parser) bindRules(c *Field) error {
	b := c.bind
	for _, r := range []struct {
		kind ruleKind
		text string
	}{{ruleRelevant, b.Relevant}, {ruleCalculate, b.Calculate}, {ruleRequired, b.Required}, {ruleReadOnly, b.ReadOnly}} {
		if r.text == "" {
			continue
		}
		x, err := p.compile(r.text, ruleNames[r.kind], b.elem, c.path)
		if err != nil {
			return err
		}
		rule := &rule{field: c, kind: r.kind, expr: x, line: b.elem.line}
		c.rules[r.kind] = rule
		p.form.rules = append(p.form.rules, rule)
		if readsTexts(x) {
			p.form.byLanguage = append(p.form.byLanguage, rule)
		}
	}
	if b.Constraint == "" {
		return nil
	}
	var err error
	b.constraint, err = p.compile(b.Constraint, "constraint", b.elem, c.path)
	return err
}

// readsTexts reports whether the value of x depends on the language.
func readsTexts(x *xpath.Expr) bool {
	for _, c := range x.Calls() {
		switch c.Name {
		case "jr:itext", "itext", "jr:choice-name", "choice-name", "format-date", "format-date-time":
			return true
		}
	}
	return false
}

// spreadOf are the readers of all that is hidden with a field.
func (f *Form) spreadOf(c *Field) []edge {
	var all []edge
	seen := map[edge]bool{}
	c.walk(func(d *Field) {
		for _, e := range f.edges[d] {
			if !seen[e] {
				seen[e] = true
				all = append(all, e)
			}
		}
	})
	return all
}

// displayRules adds the rules that say which choices and texts of the body are to be shown anew. They come last.
func (p *parser) displayRules(g *grapher, items []*Item) {
	for _, it := range items {
		if it.Itemset != nil {
			p.displayRule(g, it.Field, ruleChoices, it.Itemset.nodes)
		}
		for _, x := range p.form.outputs(it) {
			p.displayRule(g, it.Field, ruleText, x)
		}
		p.displayRules(g, it.Items)
	}
}

func (p *parser) displayRule(g *grapher, c *Field, kind ruleKind, x *xpath.Expr) {
	r := &rule{field: c, kind: kind, expr: x, order: len(p.form.rules)}
	p.form.rules = append(p.form.rules, r)
	g.connect(r, x)
}

// outputs are the expressions shown in the texts of an item, in all languages.
func (f *Form) outputs(it *Item) []*xpath.Expr {
	var all []*xpath.Expr
	add := func(parts []part) {
		for _, p := range parts {
			if p.output != nil {
				all = append(all, p.output)
			}
		}
	}
	for _, l := range []*Label{it.Label, it.Hint} {
		if l == nil {
			continue
		}
		add(l.parts)
		for _, lang := range f.Languages {
			for _, v := range f.itext[lang][l.id] {
				add(v.parts)
			}
		}
	}
	return all
}

// sort orders the rules so that each comes after those that it needs. The error is a cycle, with the nodes in it.
func (f *Form) sort() error {
	s := &sorter{form: f, mark: make(map[*rule]uint8, len(f.rules))}
	for i := len(f.rules) - 1; i >= 0; i-- {
		if s.mark[f.rules[i]] == 0 {
			if err := s.visit(f.rules[i]); err != nil {
				return err
			}
		}
	}
	for i, r := range s.done { // finished first: nothing needs it
		r.order = len(s.done) - 1 - i
		f.rules[r.order] = r
	}
	return nil
}

// sorter walks the graph depth first, without recursion: chains may be long.
type sorter struct {
	form *Form
	mark map[*rule]uint8
	done []*rule
	path []frame
}

// frame is a rule on the path of the walk and how many of its readers are behind.
type frame struct {
	rule    *rule
	readers []edge
	next    int
}

const (
	onPath   = 1
	finished = 2
)

func (s *sorter) push(r *rule) {
	s.mark[r] = onPath
	s.path = append(s.path, frame{rule: r, readers: s.form.readersOf(r)})
}

func (s *sorter) visit(r *rule) error {
	s.push(r)
	for len(s.path) > 0 {
		top := &s.path[len(s.path)-1]
		if top.next == len(top.readers) {
			s.mark[top.rule] = finished
			s.done = append(s.done, top.rule)
			s.path = s.path[:len(s.path)-1]
			continue
		}
		reader := top.readers[top.next].rule
		top.next++
		switch s.mark[reader] {
		case onPath:
			return s.cycle(reader)
		case 0:
			s.push(reader)
		}
	}
	return nil
}

// readersOf are the rules that read what r decides.
func (f *Form) readersOf(r *rule) []edge {
	switch r.kind {
	case ruleCalculate:
		return f.edges[r.field]
	case ruleRelevant:
		return r.spread
	}
	return nil // nothing reads whether a node is required or read-only
}

// cycle is the error for a path that comes back to r.
func (s *sorter) cycle(r *rule) error {
	var refs []string
	for _, fr := range s.path {
		if fr.rule == r || len(refs) > 0 {
			refs = append(refs, fr.rule.field.path)
		}
	}
	refs = append(refs, r.field.path)
	msg := "the calculations and relevances need each other:"
	for i := len(refs) - 1; i >= 0; i-- { // from the reader to what it reads
		if msg += " " + refs[i]; i > 0 {
			msg += " →"
		}
	}
	return &Error{Code: CodeCycle, Line: r.line, Ref: r.field.path, Refs: refs, Msg: msg}
}
