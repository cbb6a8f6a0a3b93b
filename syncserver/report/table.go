package report

import (
	"strings"
	"unicode/utf8"

	"banlang/shared/form"
	"banlang/shared/viet"
)

// Table prints a comparison as aligned plain text, one line a row under a head,
// each ending in a newline. Numbers are written the Vietnamese way in both
// languages. Notes follow below, marked by the id of their figure.
func Table(rows []Row, lang string) string {
	head := []form.Text{
		{VI: "Số liệu", EN: "Figure"}, {VI: "Chỉ tiêu", EN: "Indicator"}, {VI: "Nơi", EN: "Place"}, {VI: "Kỳ", EN: "Period"},
		{VI: "Báo in", EN: "Published"}, {VI: "Tính lại", EN: "Computed"}, {VI: "Đơn vị", EN: "Unit"}, {VI: "Kết luận", EN: "Verdict"},
	}
	lines := [][]string{nil}
	for _, text := range head {
		lines[0] = append(lines[0], text.In(lang))
	}
	var notes strings.Builder
	for _, row := range rows {
		lines = append(lines, cells(row, lang))
		if note := row.Fact.Note.In(lang) + row.Fact.Why.In(lang); note != "" {
			notes.WriteString(row.Fact.ID + ": " + note + "\n")
		}
	}
	table := align(lines, []bool{4: true, 5: true, 7: false})
	if notes.Len() > 0 {
		table += "\n" + notes.String()
	}
	return table
}

func cells(row Row, lang string) []string {
	d, _ := Lookup(row.Fact.Indicator)
	return []string{
		row.Fact.ID, d.Label.In(lang), row.Fact.Root, showPeriod(row.Fact.Question().Period, d.AtDate(), lang),
		row.Printed.In(lang), row.Computed, d.Unit.In(lang), row.Verdict.Label().In(lang),
	}
}

func showPeriod(p Period, stock bool, lang string) string {
	if p.From == "" || stock {
		return form.Text{VI: "đến ", EN: "until "}.In(lang) + viet.Date(p.To)
	}
	return viet.Date(p.From) + " – " + viet.Date(p.To)
}

// align pads the columns to their widest cell, counted in letters of composed
// text; columns marked right end flush. Lines carry no trailing space.
func align(lines [][]string, right []bool) string {
	widths := make([]int, len(right))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(viet.NFC(cell)))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		var out strings.Builder
		for i, cell := range line {
			cell = viet.NFC(cell)
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if right[i] {
				out.WriteString(pad + cell + "  ")
			} else {
				out.WriteString(cell + pad + "  ")
			}
		}
		b.WriteString(strings.TrimRight(out.String(), " ") + "\n")
	}
	return b.String()
}
