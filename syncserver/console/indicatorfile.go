package console

import (
	"strings"

	"banlang/shared/sqlite"
	"banlang/syncserver/export"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/staff"
)

// getIndicatorFile sends the table of an indicator as a file: what the page of the same address shows, hidden numbers hidden.
func getIndicatorFile(q *Request) error {
	kind, ok := strings.CutPrefix(q.PathValue("file"), "table.")
	if !ok {
		return errNoPage
	}
	p, d, err := q.asked(q.PathValue("id"))
	if err != nil {
		return err
	}
	page := &indicatorPage{q: q, view: q.countedFor(d), Definition: d}
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) (err error) {
		page.Table, err = q.pivot(tx, page.view, p)
		return err
	})
	if err != nil {
		return err
	}
	if err := q.note(staff.CompileReport, p.Root, d.Form, "", page.Base(), d.ID, len(page.Table.Rows)+1); err != nil {
		return err
	}
	if kind != "geojson" {
		return q.sendSheet(d.ID+"-"+p.Root, kind, page.sheet(), nil)
	}
	places, err := page.places()
	if err != nil {
		return err
	}
	return q.sendSheet(d.ID+"-"+p.Root, kind, page.features(), places)
}

// sheet is the table as a file has it: a row for each unit, the whole last; of a ratio both numbers beside it.
func (p *indicatorPage) sheet() export.Sheet {
	s := export.Sheet{Lang: p.q.lang, Title: p.Definition.Label.In(p.q.lang), Made: p.q.now(), Basis: p.facts()}
	s.Columns = []export.Column{{Key: "unit", Title: p.q.T("unit.code")}, {Key: "name", Title: p.q.T("account.unit"), Width: 32}}
	for i := range p.Table.Columns {
		s.Columns = append(s.Columns, p.fileColumns(p.columnKey(i), p.columnName(i), len(s.Columns))...)
	}
	s.Columns = append(s.Columns, p.fileColumns("whole", p.columnName(pivot.Whole), len(s.Columns))...)
	s.Rows = func(yield func([]export.Cell, error) bool) {
		for row := range len(p.Table.Rows) + 1 {
			if row == len(p.Table.Rows) {
				row = pivot.Whole
			}
			if !yield(p.fileRow(row), nil) {
				return
			}
		}
	}
	return s
}

// fileColumns are those of one column of the table.
func (p *indicatorPage) fileColumns(key, name string, at int) []export.Column {
	if p.Definition.Measure != report.Ratio {
		if p.Definition.Places > 0 {
			return []export.Column{{Key: key, Title: name, Kind: export.Decimal, Scale: p.Definition.Places, Places: 1}}
		}
		return []export.Column{{Key: key, Title: name, Kind: export.Integer}}
	}
	parts := p.Parts()
	lang := p.q.lang
	return []export.Column{
		{Key: key + ".num", Title: name + ": " + parts[0].Label.In(lang), Kind: export.Integer},
		{Key: key + ".den", Title: name + ": " + parts[1].Label.In(lang), Kind: export.Integer},
		{Key: key, Title: name, Kind: export.Percent, Part: at, Whole: at + 1},
	}
}

func (p *indicatorPage) fileRow(row int) []export.Cell {
	unit := p.Table.Query.Root
	if row != pivot.Whole {
		unit = p.Table.Rows[row].Unit
	}
	cells := []export.Cell{export.Word(unit), export.Word(p.rowName(row))}
	for column := range len(p.Table.Columns) + 1 {
		if column == len(p.Table.Columns) {
			column = pivot.Whole
		}
		c := p.Table.At(row, column)
		cell := export.Number(c.Value.Num)
		switch {
		case c.Hidden:
			cell = export.Word(pivot.HiddenText)
		case c.Value.Kind == report.Nothing:
			cell = export.Word("")
		case c.Value.Kind == report.Checked:
			cell = export.Word(c.Value.In(p.q.lang))
		}
		if p.Definition.Measure != report.Ratio {
			cells = append(cells, cell)
			continue
		}
		den := export.Number(c.Value.Den)
		if c.Hidden {
			den = cell
		}
		cells = append(cells, cell, den, export.Cell{})
	}
	return cells
}

// facts are what a file of the table is based on.
func (p *indicatorPage) facts() []export.Fact {
	q := p.Table.Query
	return []export.Fact{
		{Label: p.q.T("account.unit"), Value: p.q.UnitLine(q.Root)},
		{Label: p.q.T("indicator.period"), Value: q.Period.Name(p.q.lang)},
		{Label: p.q.T("indicator.base"), Value: p.Base()},
		{Label: p.q.T("indicator.definitions"), Value: report.Definitions()},
		{Label: p.q.T("indicator.made"), Value: p.q.now().Format("02/01/2006 15:04")},
	}
}
