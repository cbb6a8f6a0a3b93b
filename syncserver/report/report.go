// Package report owns the figures: which records make them, and how they are
// computed and printed. Nothing is stored. Every figure is recomputed from the
// merged records, so a late or corrected record is in it the next time, and
// each figure can name the records behind it.
//
// A record counts as its form shows it: answers that are not asked any more do
// not count, and what the form computes may be read. It counts by its event date
// (the day it happened, was received, was founded), never by the day it was
// entered or arrived. Sums are exact: int64 counts, decimals in thousandths;
// ratios keep their numerator and denominator and are rounded half up once, when
// printed.
//
// Who may see a figure, and which small counts are hidden (decision 21), is for
// those who show it: here are the exact numbers.
//
// Indicators are data (Indicators); so are the published figures of the
// articles (Published) against which Compare holds what was computed.
package report

import (
	"iter"
	"slices"
	"strings"

	"banlang/shared/viet"
)

// Units is the tree of units.
type Units interface {
	// Within reports whether unit is root or lies somewhere below it.
	Within(unit, root string) bool
}

// Parents is a tree of units held as child → parent. A chain longer than
// MaxDepth, and so a circle, is within nothing above that.
type Parents map[string]string

// MaxDepth is the most levels of units: village, commune, district, province,
// region, ministry, and as many to spare.
const MaxDepth = 12

// Within climbs from unit towards root.
func (p Parents) Within(unit, root string) bool {
	for range MaxDepth {
		if unit == root {
			return unit != ""
		}
		unit = p[unit]
	}
	return false
}

// Period is a span of days, yyyy-mm-dd, both ends included. An empty From means
// everything up to To.
type Period struct{ From, To string }

// Has reports whether a day lies in the period.
func (p Period) Has(day string) bool { return p.From <= day && day <= p.To }

// Question asks for one indicator of one place in one period.
type Question struct {
	Indicator string
	Root      string // the unit; everything below it counts
	Period    Period
}

// Value is a figure. A count or sum is Num / 10^Places; a ratio (Ratio true) is
// Num of Den, and none when Den is not positive.
type Value struct {
	Num, Den int64
	Places   int
	Ratio    bool
}

// String writes the value in Vietnamese: "325.745", "97,13 % (8.328/8.574)". A
// ratio never stands without its two numbers.
func (v Value) String() string {
	if v.Ratio {
		return viet.Percent(v.Num, v.Den) + " (" + viet.Int(v.Num) + "/" + viet.Int(v.Den) + ")"
	}
	text := viet.Fixed(v.Num, v.Places)
	if v.Places > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ",")
	}
	return text
}

// Figure is an answer.
type Figure struct {
	Question Question
	Value    Value
	Records  int64 // how many records counted; of a ratio, those of numerator and denominator
	Unread   int64 // records of the type and place that could not be read: no such form version, no date, no number, or a sum too large
}

// Compute answers all questions in one pass over the readings, in their order. A
// question about an indicator that does not exist gets a Figure of zero with
// Unread -1. Readings come in any order, each once; the answer does not depend
// on the order.
func Compute(readings iter.Seq[Reading], units Units, questions []Question) []Figure {
	plan := newPlan(questions)
	plan.count(readings, units)
	figures := make([]Figure, len(questions))
	for i, q := range questions {
		figures[i] = plan.figure(q)
	}
	return figures
}

// Behind gives the ids of the records that make a figure, sorted. For places
// counted once these are all sessions there; for a latest value, the records
// it is read from; for a ratio, the records of both its numbers.
func Behind(readings iter.Seq[Reading], units Units, question Question) []string {
	plan := newPlan([]Question{question})
	for _, t := range plan.tallies {
		t.keepIDs = true
	}
	plan.count(readings, units)
	var ids []string
	for _, t := range plan.tallies {
		ids = append(ids, t.behind()...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// plan holds one tally for each different thing that must be counted.
type plan struct {
	defined []Indicator
	tallies map[Question]*tally
	byForm  map[string][]*tally
}

func newPlan(questions []Question) *plan {
	p := &plan{defined: Indicators(), tallies: map[Question]*tally{}, byForm: map[string][]*tally{}}
	for _, q := range questions {
		d, ok := find(p.defined, q.Indicator)
		switch {
		case ok && d.Measure == Ratio:
			p.need(withIndicator(q, d.Over[0]))
			p.need(withIndicator(q, d.Over[1]))
		case ok:
			p.need(q)
		}
	}
	return p
}

func (p *plan) need(q Question) {
	d, ok := find(p.defined, q.Indicator)
	if !ok || p.tallies[q] != nil {
		return
	}
	t := newTally(d, q)
	p.tallies[q] = t
	p.byForm[d.Form] = append(p.byForm[d.Form], t)
}

func (p *plan) count(readings iter.Seq[Reading], units Units) {
	for r := range readings {
		for _, t := range p.byForm[r.Form] {
			t.add(&r, units)
		}
	}
}

func (p *plan) figure(q Question) Figure {
	d, ok := find(p.defined, q.Indicator)
	if !ok {
		return Figure{Question: q, Unread: -1}
	}
	if d.Measure != Ratio {
		f := p.tallies[q].figure()
		f.Question = q
		return f
	}
	num := p.tallies[withIndicator(q, d.Over[0])].figure()
	den := p.tallies[withIndicator(q, d.Over[1])].figure()
	return Figure{
		Question: q,
		Value:    Value{Num: num.Value.Num, Den: den.Value.Num, Ratio: true},
		Records:  num.Records + den.Records,
		Unread:   num.Unread + den.Unread,
	}
}

func withIndicator(q Question, id string) Question {
	q.Indicator = id
	return q
}

// Lookup gives the definition of an indicator.
func Lookup(id string) (Indicator, bool) { return find(Indicators(), id) }
