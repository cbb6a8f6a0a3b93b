package console

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/units"
	"banlang/syncserver/boundary"
	"banlang/syncserver/export"
	"banlang/syncserver/report"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/report/pivot"
)

// What a figure of a report is, in a file of features. A figure that is not shown has no number.
const (
	figureShown  = "shown"
	figureHidden = "hidden"
	figureNone   = "none" // nobody has stated anything
)

// reportFeatures is a report for a program that draws maps: a row for each unit of its tables, or the unit itself where there is none
// below it. All names, labels and boundaries are those of the day by which the report was made, and nothing is in the viewer's
// language, so that what was frozen comes out the same for everybody and for ever, as long as its boundaries stay.
type reportFeatures struct {
	q     *Request
	s     *frozen.Snapshot
	label *frozen.Label // nil: it is a draft
	view  *units.View
	heads []pivot.Head    // of the features
	of    []*frozen.Table // those with a figure of each
}

func (q *Request) reportFeatures(s *frozen.Snapshot, label *frozen.Label) *reportFeatures {
	x := &reportFeatures{q: q, s: s, label: label, view: q.viewOf(s)}
	var whole []*frozen.Table
	for i := range s.Tables {
		t := &s.Tables[i]
		if t.Period.To != "" {
			continue // the period before is no figure of the report
		}
		if whole = append(whole, t); len(t.RowHeads) > 0 {
			x.of = append(x.of, t)
		}
		for _, h := range t.RowHeads {
			if !slices.Contains(x.heads, h) {
				x.heads = append(x.heads, h)
			}
		}
	}
	if len(x.heads) == 0 {
		x.heads, x.of = []pivot.Head{{Unit: s.Root}}, whole
	}
	return x
}

// sheet is the report as a file of features has it: of each figure the value, of a share both its numbers, and what it is.
func (x *reportFeatures) sheet() export.Sheet {
	s := export.Sheet{Lang: vietnamese, Title: x.s.Title, Made: x.q.now(), Columns: []export.Column{
		{Key: "code"}, {Key: "name"}, {Key: "from", Kind: export.Date}, {Key: "to", Kind: export.Date},
		{Key: "state"}, {Key: "report", Kind: export.Integer}, {Key: "base"}, {Key: "definitions"}, {Key: "missing"},
	}}
	for _, t := range x.of {
		d, _ := report.Define(t.Indicator, x.s.Period.To)
		value := export.Column{Key: d.ID, Kind: export.Integer}
		switch at := len(s.Columns); {
		case d.Measure == report.Ratio:
			value.Kind, value.Part, value.Whole = export.Percent, at+1, at+2
		case d.Places > 0:
			value.Kind, value.Scale = export.Decimal, d.Places
		}
		s.Columns = append(s.Columns, value)
		if d.Measure == report.Ratio {
			s.Columns = append(s.Columns, export.Column{Key: d.ID + ".numerator", Kind: export.Integer}, export.Column{Key: d.ID + ".denominator", Kind: export.Integer})
		}
		s.Columns = append(s.Columns, export.Column{Key: d.ID + ".state"})
	}
	s.Rows = func(yield func([]export.Cell, error) bool) {
		for _, h := range x.heads {
			if !yield(x.row(h), nil) {
				return
			}
		}
	}
	return s
}

// row is the feature of a unit.
func (x *reportFeatures) row(h pivot.Head) []export.Cell {
	name, state, number := unitName(x.view, h.Unit), "draft", export.Cell{}
	if h.Own {
		name = say(vietnamese, "indicator.own", "unit", name)
	}
	if x.label != nil {
		state, number = "frozen", export.Number(int64(x.label.Number))
	}
	cells := []export.Cell{export.Word(h.Unit), export.Word(name), export.Day(x.s.Period.From), export.Day(x.s.Period.To),
		export.Word(state), number, export.Word(basis(x.s)), export.Word(x.s.Definitions), export.Word(x.missing(h))}
	for _, t := range x.of {
		cells = append(cells, figureCells(t, x.s.Period, h)...)
	}
	return cells
}

// figureCells are the columns of one figure of a feature: that under a head, or of a table without rows the whole.
func figureCells(t *frozen.Table, period report.Period, h pivot.Head) []export.Cell {
	d, _ := report.Define(t.Indicator, period.To)
	row := slices.Index(t.RowHeads, h)
	if row < 0 && len(t.RowHeads) == 0 {
		row = 0 // the whole
	}
	c := pivot.Cell{Value: report.Value{Kind: report.Nothing}}
	if row >= 0 {
		c = t.Cells[row][len(t.Heads)]
	}
	var value, num, den export.Cell
	state := figureShown
	switch {
	case c.Hidden:
		state = figureHidden
	case c.Value.Kind == report.Nothing:
		state = figureNone
	case c.Value.Kind == report.Checked:
		value = export.Word(c.Value.In(vietnamese))
	default:
		value, num, den = export.Number(c.Value.Num), export.Number(c.Value.Num), export.Number(c.Value.Den)
	}
	if d.Measure == report.Ratio {
		return []export.Cell{value, num, den, export.Word(state)}
	}
	return []export.Cell{value, export.Word(state)}
}

// missing names the units of a feature of which nothing had come; "" for none.
func (x *reportFeatures) missing(h pivot.Head) string {
	var names []string
	for _, code := range x.s.Missing {
		if code == h.Unit || !h.Own && x.view.Within(code, h.Unit) {
			names = append(names, unitName(x.view, code)+" ("+code+")")
		}
	}
	return strings.Join(names, "; ")
}

// places finds the boundaries of the features on the day of the report.
func (x *reportFeatures) places() (*unitPlaces, error) {
	day := x.s.Day
	if day == "" {
		day = x.q.now().Format(time.DateOnly)
	}
	return x.q.unitPlaces(x.heads, day)
}

// unitPlaces are the boundaries of units on a day, each of the layer in which most of them are, or else of the last that has it.
type unitPlaces struct {
	layers []*boundary.Layer
	most   *boundary.Layer // nil: none
	day    string
	bare   string // a unit without its place: only a part of it is meant
}

// unitPlaces finds the boundaries of the units of some heads.
func (q *Request) unitPlaces(heads []pivot.Head, day string) (*unitPlaces, error) {
	layers, err := q.c.Centre.Boundaries()
	if err != nil {
		return nil, err
	}
	x := &unitPlaces{layers: layers, day: day}
	var codes []string
	for _, h := range heads {
		if h.Own {
			x.bare = h.Unit
			continue
		}
		codes = append(codes, h.Unit)
	}
	x.most = boundary.Pick(layers, codes, day)
	return x, nil
}

// Geometry implements export.Geometries.
func (x *unitPlaces) Geometry(code string) (json.RawMessage, error) {
	if code == x.bare {
		return nil, nil
	}
	if x.most != nil {
		if g, err := x.most.Geometry(code); g != nil || err != nil {
			return g, err
		}
	}
	if l := boundary.Pick(x.layers, []string{code}, x.day); l != nil {
		return l.Geometry(code)
	}
	return nil, nil
}

// fileName is what a file of a report is called, without its ending.
func fileName(part string, s *frozen.Snapshot, label *frozen.Label) string {
	if label == nil {
		return part + "-du-thao-" + s.Period.From + "-den-" + s.Period.To
	}
	return part + "-" + strconv.Itoa(label.Number) + "-" + s.Period.From + "-den-" + s.Period.To
}
