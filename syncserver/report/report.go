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
// Indicators are data: definitions over fields of forms, versioned, held against the forms when they are read (Indicators).
// Where the first draft of a definition named what no form has, or meant less than the figure that was published, it says so
// (Indicator.Corrects). The published figures of the articles are data too (Published); Compare holds against them what was computed.
//
// Compute answers from readings in memory. The centre answers from its projections (package pivot), by the same definitions
// and with no other code in common; the tests of pivot hold the two against each other.
package report

import (
	"iter"
	"math/big"
	"slices"
	"strings"

	"banlang/shared/form"
	"banlang/shared/units"
	"banlang/shared/viet"
)

// Question asks for one indicator of one place in one period.
type Question struct {
	Indicator string
	Root      string // the unit; everything below it counts
	Period    Period
}

// Kind says how a Value is to be read.
type Kind string

// The kinds.
const (
	Number  Kind = ""        // Num / 10^Places
	Share   Kind = "share"   // Num of Den, and none when Den is not positive
	Checked Kind = "checked" // whether Num is no more than Den
	Nothing Kind = "nothing" // nobody has stated anything, which is not zero
)

// Value is a figure.
type Value struct {
	Num    int64 `json:"num"`
	Den    int64 `json:"den,omitempty"`
	Places int   `json:"places,omitempty"`
	Kind   Kind  `json:"kind,omitempty"`
}

// String writes the value in Vietnamese: "325.745", "97,13 % (8.328/8.574)", "đúng (8.328 ≤ 8.574)". A ratio never stands
// without its two numbers.
func (v Value) String() string { return v.In("vi") }

// In writes the value for a language; numbers look alike in both.
func (v Value) In(lang string) string {
	switch v.Kind {
	case Nothing:
		return viet.None
	case Share:
		return viet.Percent(v.Num, v.Den) + " (" + viet.Int(v.Num) + "/" + viet.Int(v.Den) + ")"
	case Checked:
		if v.Num <= v.Den {
			return form.Text{VI: "đúng", EN: "holds"}.In(lang) + " (" + viet.Int(v.Num) + " ≤ " + viet.Int(v.Den) + ")"
		}
		return form.Text{VI: "không đúng", EN: "does not hold"}.In(lang) + " (" + viet.Int(v.Num) + " > " + viet.Int(v.Den) + ")"
	}
	text := viet.Fixed(v.Num, v.Places)
	if v.Places > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ",")
	}
	return text
}

// Together makes a Ratio or Check of its two numbers.
func (d *Indicator) Together(num, den Value) Value {
	kind := Share
	if d.Measure == Check {
		kind = Checked
	}
	return Value{Num: num.Num, Den: den.Num, Kind: kind}
}

// RankOf gives the place of a share among others, the greatest first: one more than there are greater ones. Shares of nothing have no
// place, and take none.
func RankOf(own Value, others []Value) Value {
	if own.Den <= 0 {
		return Value{Kind: Nothing}
	}
	rank := int64(1)
	for _, other := range others {
		if other.Den > 0 && compareShares(other, own) > 0 {
			rank++
		}
	}
	return Value{Num: rank}
}

// compareShares compares a.Num/a.Den with b.Num/b.Den exactly. No Den is 0.
func compareShares(a, b Value) int { return big.NewRat(a.Num, a.Den).Cmp(big.NewRat(b.Num, b.Den)) }

// Figure is an answer.
type Figure struct {
	Question Question
	Value    Value
	Records  int64 // how many records counted; of a ratio, those of numerator and denominator
	Unread   int64 // records of the type and place that could not be read: no such form version, no date, no number, or a sum too large
}

// Compute answers all questions in one pass over the readings, in their order. The view is that of the tree on the day for
// which the figures are wanted. A question about an indicator that does not exist gets a Figure of zero with Unread -1.
// Readings come in any order, each once; the answer does not depend on the order.
func Compute(readings iter.Seq[Reading], view *units.View, questions []Question) []Figure {
	plan := newPlan(view, questions)
	plan.count(readings)
	figures := make([]Figure, len(questions))
	for i, q := range questions {
		figures[i] = plan.figure(q)
	}
	return figures
}

// Behind gives the ids of the records that make a figure, sorted. For places
// counted once these are all sessions there; for a latest value, the records
// it is read from; for a ratio, the records of both its numbers.
func Behind(readings iter.Seq[Reading], view *units.View, question Question) []string {
	plan := newPlan(view, []Question{question})
	for _, t := range plan.tallies {
		t.keepIDs = true
	}
	plan.count(readings)
	var ids []string
	for _, t := range plan.tallies {
		if t.question.Root == question.Root { // of a rank, not those of the others
			ids = append(ids, t.behind(view)...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// plan holds one tally for each different thing that must be counted.
type plan struct {
	view    *units.View
	tallies map[Question]*tally
	byForm  map[string][]*tally
}

func newPlan(view *units.View, questions []Question) *plan {
	p := &plan{view: view, tallies: map[Question]*tally{}, byForm: map[string][]*tally{}}
	for _, q := range questions {
		d, ok := Define(q.Indicator, q.Period.To)
		switch {
		case ok && d.Measure == Rank:
			for _, root := range beside(view, q.Root) {
				p.need(Question{d.Over[0], root, q.Period})
				p.need(Question{d.Over[1], root, q.Period})
			}
		case ok && d.Made():
			p.need(withIndicator(q, d.Over[0]))
			p.need(withIndicator(q, d.Over[1]))
		case ok:
			p.need(q)
		}
	}
	return p
}

// beside are the units below the same unit, the unit itself among them.
func beside(view *units.View, code string) (codes []string) {
	for _, u := range view.Children(view.Parent(code)) {
		codes = append(codes, u.Code)
	}
	return codes
}

func (p *plan) need(q Question) {
	d, ok := Define(q.Indicator, q.Period.To)
	if !ok || p.tallies[q] != nil {
		return
	}
	t := newTally(d, q)
	p.tallies[q] = t
	p.byForm[d.Form] = append(p.byForm[d.Form], t)
}

func (p *plan) count(readings iter.Seq[Reading]) {
	for r := range readings {
		for _, t := range p.byForm[r.Form] {
			t.add(&r, p.view)
		}
	}
}

func (p *plan) figure(q Question) Figure {
	d, ok := Define(q.Indicator, q.Period.To)
	switch {
	case !ok:
		return Figure{Question: q, Unread: -1}
	case d.Measure == Rank:
		return p.rank(&d, q)
	case d.Made():
		return p.together(&d, q)
	}
	f := p.tallies[q].figure(p.view)
	f.Question = q
	return f
}

func (p *plan) together(d *Indicator, q Question) Figure {
	num := p.tallies[withIndicator(q, d.Over[0])].figure(p.view)
	den := p.tallies[withIndicator(q, d.Over[1])].figure(p.view)
	return Figure{
		Question: q,
		Value:    d.Together(num.Value, den.Value),
		Records:  num.Records + den.Records,
		Unread:   num.Unread + den.Unread,
	}
}

func (p *plan) rank(d *Indicator, q Question) Figure {
	own := Figure{Question: q, Value: Value{Kind: Nothing}}
	var shares []Value
	for _, root := range beside(p.view, q.Root) {
		f := p.together(d, Question{q.Indicator, root, q.Period})
		shares = append(shares, f.Value)
		if root == q.Root {
			own = f
		}
	}
	own.Question, own.Value = q, RankOf(own.Value, shares)
	return own
}

func withIndicator(q Question, id string) Question {
	q.Indicator = id
	return q
}
