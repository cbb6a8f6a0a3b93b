package console

import (
	"time"

	"banlang/syncserver/export"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
)

// features is the table of an indicator for a program that draws maps: a row for each unit, over all columns of the page. Numbers that
// are hidden are left out and said to be hidden; the whole, which lies over all units, is left out, unless it is all there is.
func (p *indicatorPage) features() export.Sheet {
	q, d := p.q, p.Definition
	s := export.Sheet{Lang: q.lang, Title: d.Label.In(q.lang), Made: q.now(), Basis: p.facts(), Columns: []export.Column{
		{Key: "code", Title: q.T("unit.code")}, {Key: "name", Title: q.T("account.unit")}, {Key: "value", Title: d.Label.In(q.lang)},
		{Key: "numerator", Title: "numerator", Kind: export.Integer}, {Key: "denominator", Title: "denominator", Kind: export.Integer},
		{Key: "base", Title: q.T("indicator.base")}, {Key: "period", Title: q.T("indicator.period")}, {Key: "hidden", Title: "hidden", Kind: export.Integer},
	}}
	switch value := &s.Columns[2]; {
	case d.Measure == report.Ratio:
		value.Kind, value.Part, value.Whole = export.Percent, 3, 4
	case d.Places > 0:
		value.Kind, value.Scale, value.Places = export.Decimal, d.Places, 1
	default:
		value.Kind = export.Integer
	}
	s.Rows = func(yield func([]export.Cell, error) bool) {
		for row := range p.Table.Rows {
			if !yield(p.feature(row), nil) {
				return
			}
		}
		if len(p.Table.Rows) == 0 {
			yield(p.feature(pivot.Whole), nil)
		}
	}
	return s
}

// feature is one row; of a ratio and of a check with both its numbers.
func (p *indicatorPage) feature(row int) []export.Cell {
	unit := p.Table.Query.Root
	if row != pivot.Whole {
		unit = p.Table.Rows[row].Unit
	}
	c := p.Table.At(row, pivot.Whole)
	var value, num, den export.Cell
	hidden := int64(0)
	switch {
	case c.Hidden:
		hidden = 1
	case c.Value.Kind == report.Nothing:
	case c.Value.Kind == report.Share || c.Value.Kind == report.Checked:
		value, num, den = export.Word(c.Value.In(p.q.lang)), export.Number(c.Value.Num), export.Number(c.Value.Den)
	default:
		value = export.Number(c.Value.Num)
	}
	return []export.Cell{export.Word(unit), export.Word(p.rowName(row)), value, num, den, export.Word(p.Base()), export.Word(p.Table.Query.Period.Name(p.q.lang)), export.Number(hidden)}
}

// places finds the boundaries of the units of the table.
func (p *indicatorPage) places() (*unitPlaces, error) {
	return p.q.unitPlaces(p.Table.Rows, p.q.now().Format(time.DateOnly))
}
