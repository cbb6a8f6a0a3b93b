package xlsform

import (
	"math/big"
	"strings"
)

// scale is a range of numbers that a slider runs over.
type scale struct {
	element                 *element
	start, end, step        *big.Rat
	tickInterval, suggested *big.Rat // nil where not asked for
}

// rangeOf takes in a range, and checks that its numbers fit each other.
func (s *surveyReader) rangeOf(e *element) error {
	accepted := []string{"end", "placeholder", "start", "step", "tick_interval", "tick_labelset"}
	if err := only(e.row, e.params, accepted...); err != nil {
		return err
	}
	if err := rangeAppearance(e); err != nil {
		return err
	}
	e.params = e.params.over(pairs("start", "1", "end", "10", "step", "1"))
	r := scale{element: e}
	for _, p := range []struct {
		name string
		to   **big.Rat
	}{{"start", &r.start}, {"end", &r.end}, {"step", &r.step}, {"tick_interval", &r.tickInterval}, {"placeholder", &r.suggested}} {
		v := e.params.get(p.name)
		if v.isZero() {
			continue
		}
		n, ok := decimal(v.text)
		if !ok {
			return ParamNotNumber.at(e.at("parameters"), "name", p.name)
		}
		*p.to = n
	}
	for _, check := range []func() error{r.checkSteps, r.checkSuggested, func() error { return r.checkLabels(&s.lists) }} {
		if err := check(); err != nil {
			return err
		}
	}
	r.write()
	return nil
}

// rangeAppearance refuses ticks where the appearance draws none.
func rangeAppearance(e *element) error {
	a := e.control.text("appearance")
	if a == "" || strings.Contains(a, "vertical") || strings.Contains(a, "no-ticks") {
		return nil
	}
	if e.params.has("tick_interval") || e.params.has("placeholder") || e.params.has("tick_labelset") {
		return RangeAppearance.at(e.at("control", "appearance"))
	}
	return nil
}

func (r *scale) bad(c Code, name string) error { return c.at(r.element.at("parameters"), "name", name) }

// multiple reports whether a is a whole number of steps.
func multiple(a, step *big.Rat) bool { return new(big.Rat).Quo(a, step).IsInt() }

func (r *scale) fromStart(n *big.Rat) *big.Rat { return new(big.Rat).Sub(n, r.start) }

// within reports whether n is between start and end, whichever is greater.
func (r *scale) within(n *big.Rat) bool { return n.Cmp(r.start)*n.Cmp(r.end) <= 0 }

func (r *scale) checkSteps() error {
	width := new(big.Rat).Sub(r.end, r.start)
	width.Abs(width)
	for _, s := range []struct {
		name string
		n    *big.Rat
	}{{"step", r.step}, {"tick_interval", r.tickInterval}} {
		switch {
		case s.n == nil:
		case s.n.Sign() == 0:
			return r.bad(RangeZero, s.name)
		case s.n.Cmp(width) > 0:
			return r.bad(RangeTooLarge, s.name)
		case !multiple(s.n, r.step):
			return r.bad(RangeNotMultiple, s.name)
		}
	}
	return nil
}

func (r *scale) checkSuggested() error {
	switch {
	case r.suggested == nil:
	case !multiple(r.fromStart(r.suggested), r.step):
		return r.bad(RangeNotMultiple, "placeholder")
	case !r.within(r.suggested):
		return r.bad(RangeOutside, "placeholder")
	}
	return nil
}

// checkLabels checks the list whose labels stand at the ticks: its names are numbers of the scale.
func (r *scale) checkLabels(lists *choiceLists) error {
	name := r.element.params.text("tick_labelset")
	if name == "" {
		return nil
	}
	list := lists.get(name)
	if list == nil {
		return RangeListUnknown.at(r.element.at("parameters"), "list", name)
	}
	every, what := r.step, "step"
	if r.tickInterval != nil {
		every, what = r.tickInterval, "tick_interval"
	}
	distinct := map[string]bool{}
	for _, c := range list.options {
		n, ok := decimal(c.name)
		switch {
		case !ok:
			return RangeLabelNotNumber.at(c.row.at("name"), "list", name)
		case !r.within(n):
			return RangeLabelOutside.at(c.row.at("name"), "list", name)
		case !multiple(r.fromStart(n), every):
			return RangeLabelNotMultiple.at(c.row.at("name"), "list", name, "name", what)
		}
		distinct[n.RatString()] = true
	}
	noTicks := strings.Contains(r.element.control.text("appearance"), "no-ticks")
	if noTicks && (len(distinct) != 2 || !distinct[r.start.RatString()] || !distinct[r.end.RatString()]) {
		return RangeLabelEnds.at(r.element.at("parameters"), "list", name)
	}
	r.element.itemset, r.element.choices = name, list
	return nil
}

// write puts the numbers where clients look for them.
func (r *scale) write() {
	e := r.element
	for _, n := range []*big.Rat{r.start, r.end, r.step, r.tickInterval, r.suggested} {
		if n != nil && !n.IsInt() {
			e.bind.setText("type", "decimal")
		}
	}
	e.params.drop("tick_labelset")
	if e.control == nil {
		e.control = attrs{}
	}
	for _, p := range e.params {
		key := p.key
		switch key {
		case "tick_interval":
			key = "odk:tick-interval"
		case "placeholder":
			key = "odk:placeholder"
		}
		e.control.set(key, p.value)
	}
}
