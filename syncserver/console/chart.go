package console

import (
	"fmt"
	"html/template"
	"strings"

	"banlang/shared/form"
	"banlang/shared/viet"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
)

// The measures of a line chart, in its own units.
const (
	chartWide, chartHigh = 640, 150
	chartLeft, chartTop  = 40, 22
	chartFoot            = 26
)

// lineChart draws figures as a line, each with its number over its point. What is hidden or unknown is a break in the line. The table beside
// says the same.
func (q *Request) lineChart(names []string, cells []pivot.Cell) template.HTML {
	most := int64(1)
	for i := range cells {
		if n, ok := height(&cells[i]); ok {
			most = max(most, n)
		}
	}
	step := float64(chartWide-2*chartLeft) / float64(max(len(cells)-1, 1))
	var line, marks strings.Builder
	pen := "M"
	for i := range cells {
		x := float64(chartLeft) + step*float64(i)
		fmt.Fprintf(&marks, `<text class="axis" x="%.1f" y="%d">%s</text>`, x, chartHigh-6, template.HTMLEscapeString(names[i]))
		n, ok := height(&cells[i])
		if !ok {
			pen = "M"
			continue
		}
		y := float64(chartHigh-chartFoot) - float64(n)/float64(most)*float64(chartHigh-chartFoot-chartTop)
		fmt.Fprintf(&line, "%s%.1f %.1f", pen, x, y)
		pen = "L"
		fmt.Fprintf(&marks, `<circle cx="%.1f" cy="%.1f" r="3.5"/><text x="%.1f" y="%.1f">%s</text>`, x, y, x, y-8, template.HTMLEscapeString(shortValue(&cells[i])))
	}
	return template.HTML(fmt.Sprintf(`<svg class="line" viewBox="0 0 %d %d" role="img" aria-label="%s"><path class="ground" d="M0 %dH%d"/><path d="%s"/>%s</svg>`, //nolint:gosec // escaped
		chartWide, chartHigh, template.HTMLEscapeString(q.T("indicator.chart")), chartHigh-chartFoot, chartWide, line.String(), marks.String()))
}

// height is how high a figure stands; false where there is none.
func height(c *pivot.Cell) (int64, bool) {
	switch {
	case c.Hidden || c.Value.Kind == report.Nothing || c.Value.Kind == report.Checked:
		return 0, false
	case c.Value.Kind == report.Share:
		return viet.Hundredths(c.Value.Num, c.Value.Den)
	}
	return c.Value.Num, c.Value.Num >= 0
}

// shortValue is a figure without what stands behind a ratio.
func shortValue(c *pivot.Cell) string {
	if c.Value.Kind == report.Share {
		return viet.Percent(c.Value.Num, c.Value.Den)
	}
	return c.Value.String()
}

// shortName leaves out what many columns have no room for: "tháng 7/2026" is "7/2026".
func shortName(name string, columns int) string {
	if columns < 4 {
		return name
	}
	if i := strings.LastIndexByte(name, ' '); i >= 0 {
		return name[i+1:]
	}
	return name
}

// questionName is what a form calls a question; its path where it does not say.
func (q *Request) questionName(f *form.Form, path string) string {
	if l, err := f.New(form.Env{Language: q.lang}); err == nil {
		if name := l.LabelOf(path); name != "" {
			return name
		}
	}
	return path
}

// answerName is what a form calls an answer.
func (q *Request) answerName(formID, path, answer string) string {
	f, ok := q.c.Centre.Library().Current(formID)
	if !ok {
		return answer
	}
	l, err := f.New(form.Env{Language: q.lang})
	if err != nil {
		return answer
	}
	return l.ChoiceLabel(path, answer)
}
