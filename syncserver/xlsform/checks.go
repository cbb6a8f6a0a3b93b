package xlsform

import (
	"slices"
	"strings"
)

// Checks that pyxform leaves to others: forms that phones would not open, or would show wrongly.

// checkCycles refuses questions that are computed, or shown, by way of themselves.
func (w *xform) checkCycles() error {
	c := cycles{resolver: w.resolver, state: map[*element]int{}}
	return w.root.walk(func(e *element) error {
		if err := w.spend(); err != nil {
			return err
		}
		if loop := c.visit(e); loop != nil {
			return RefCycle.at(c.closing(loop), "way", way(loop))
		}
		return nil
	})
}

// cycles looks for a way along references that leads back to where it began.
type cycles struct {
	resolver *resolver
	state    map[*element]int // underWay or finished
	path     []*element
}

const (
	underWay = 1
	finished = 2
)

// visit follows the references of e and returns the first cycle that it meets.
func (c *cycles) visit(e *element) []*element {
	switch c.state[e] {
	case finished:
		return nil
	case underWay:
		for i, p := range c.path {
			if p == e {
				return append([]*element{}, c.path[i:]...)
			}
		}
	}
	c.state[e] = underWay
	c.path = append(c.path, e)
	for _, next := range c.dependsOn(e) {
		if loop := c.visit(next); loop != nil {
			return loop
		}
	}
	c.path = c.path[:len(c.path)-1]
	c.state[e] = finished
	return nil
}

// dependsOn are the questions that e is computed or shown by.
func (c *cycles) dependsOn(e *element) []*element {
	return append(c.namedIn(e, "calculate"), c.namedIn(e, "relevant")...)
}

// namedIn are those that one expression of e names. Expressions that pick one repetition, or are computed once, may well
// lead back to e; they are left out.
func (c *cycles) namedIn(e *element, key string) []*element {
	text := e.bind.text(key)
	if e.kind != aQuestion || !mayRefer(text) || key == "calculate" && len(e.triggers) > 0 || picks(text) {
		return nil
	}
	var on []*element
	for _, ref := range refsIn(text) {
		if target := c.resolver.by[ref.name]; target != nil && !ref.lastSaved && target.kind == aQuestion {
			on = append(on, target)
		}
	}
	return on
}

// closing is the cell of the first of a cycle that names the next.
func (c *cycles) closing(loop []*element) Place {
	first, next := loop[0], loop[1%len(loop)]
	if slices.Contains(c.namedIn(first, "calculate"), next) {
		return first.at("bind", "calculate")
	}
	return first.at("bind", "relevant")
}

func picks(text string) bool {
	for _, word := range []string{"[", "indexed-repeat(", "position(", "once("} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// way writes a cycle: a → b → a.
func way(loop []*element) string {
	names := make([]string, 0, len(loop)+1)
	for _, e := range append(loop, loop[0]) {
		names = append(names, e.name)
	}
	return strings.Join(names, " → ")
}

// lackedFunctions are functions of XPath that JavaRosa, and with it ODK Collect, does not have, and what to use.
var lackedFunctions = map[string]string{"floor(": "int()", "ceiling(": "-int(-x)", "substring(": "substr()"}

// warnFunctions warns of functions that phones lack.
func (w *xform) warnFunctions(e *element) {
	check := func(text string, words ...string) {
		s := scanner{text: text}
		for t, ok := s.next(); ok; t, ok = s.next() {
			if instead := lackedFunctions[text[t.from:t.to]]; t.kind == tokCall && instead != "" {
				name := strings.TrimSuffix(text[t.from:t.to], "(")
				w.warn(FunctionLacked.at(e.at(words...), "name", name, "instead", instead))
			}
		}
	}
	for _, key := range pulled {
		if text := e.bind.text(key); strings.Contains(text, "(") {
			check(text, "bind", key)
		}
	}
	check(e.filter, "choice_filter")
	if e.kind == aQuestion && e.dynamic {
		check(e.question.value, "default")
	}
}

// warnLegacy warns of the first cell that seems to be typed in a font from before Unicode.
func (d *definition) warnLegacy() {
	for _, t := range []*table{d.tables.survey, d.tables.choices} {
		if t == nil {
			continue
		}
		for _, r := range t.rows {
			for _, c := range t.columns {
				if font := legacyFont(r.cell(c.index)); font != "" {
					d.warn(LegacyText.at(r.place(c), "encoding", font))
					return
				}
			}
		}
	}
}
