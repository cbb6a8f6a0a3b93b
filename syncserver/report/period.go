package report

import (
	"fmt"
	"strings"
	"time"

	"banlang/shared/form"
	"banlang/shared/viet"
)

// Period is a span of days, yyyy-mm-dd, both ends included. An empty From means everything up to To.
type Period struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Has reports whether a day lies in the period.
func (p Period) Has(day string) bool { return p.From <= day && day <= p.To }

// Step is a length of the calendar.
type Step string

// The steps.
const (
	Day     Step = "day"
	Month   Step = "month"
	Quarter Step = "quarter"
	Half    Step = "half"
	Year    Step = "year"
)

// months is how many months a step has; 0 for a day.
func (s Step) months() int {
	return map[Step]int{Month: 1, Quarter: 3, Half: 6, Year: 12}[s]
}

// Around gives the step of the calendar in which a day lies. The day must be one of the calendar.
func (s Step) Around(day string) Period {
	n := s.months()
	if n == 0 {
		return Period{day, day}
	}
	var year, month int
	if _, err := fmt.Sscanf(day[:7], "%d-%d", &year, &month); err != nil {
		return Period{day, day}
	}
	first := time.Date(year, time.Month((month-1)/n*n+1), 1, 0, 0, 0, 0, time.UTC)
	return Period{first.Format(time.DateOnly), first.AddDate(0, n, -1).Format(time.DateOnly)}
}

// Split cuts the period into steps of the calendar; the first and the last may be shorter. A period without a start, or
// with an end before it, has none.
func (p Period) Split(step Step) (parts []Period) {
	if !viet.ValidDate(p.From) || !viet.ValidDate(p.To) {
		return nil
	}
	for from, end := p.From, ""; end < p.To && from <= p.To; from = NextDay(end) { // no day follows the last of the calendar
		end = step.Around(from).To
		parts = append(parts, Period{from, min(end, p.To)})
	}
	return parts
}

// NextDay is the day after one of the calendar.
func NextDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "9999-12-31"
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// Before is the period of equal length right before one: of whole months, on whichever day they begin (the 15th of one to the 14th of
// the next), as many months, or else as many days. Before everything up to a day there is none.
func (p Period) Before() Period {
	from, err := time.Parse(time.DateOnly, p.From)
	if err != nil {
		return Period{}
	}
	to, err := time.Parse(time.DateOnly, p.To)
	if err != nil {
		return Period{}
	}
	next, before := to.AddDate(0, 0, 1), from.Add(from.Sub(to)).AddDate(0, 0, -1)
	if next.Day() == from.Day() && from.Day() <= 28 { // every month has the day
		before = from.AddDate(from.Year()-next.Year(), int(from.Month()-next.Month()), 0)
	}
	return Period{before.Format(time.DateOnly), from.AddDate(0, 0, -1).Format(time.DateOnly)}
}

// WholeMonths reports whether the period begins with a month and ends with one.
func (p Period) WholeMonths() bool {
	return viet.ValidDate(p.From) && viet.ValidDate(p.To) && Month.Around(p.From).From == p.From && Month.Around(p.To).To == p.To
}

// Name is what people call the period: "tháng 7/2026", "quý 3/2026", "5 tháng đầu năm 2026", "năm 2026", or its two days.
func (p Period) Name(lang string) string {
	if name, ok := p.called(); ok {
		return name.In(lang)
	}
	if p.From == p.To {
		return viet.Date(p.To)
	}
	return viet.Date(p.From) + " – " + viet.Date(p.To)
}

// InWords is what the period is called in a sentence: its name, or "từ ngày 15/10/2026 đến ngày 14/11/2026".
func (p Period) InWords(lang string) string {
	name, ok := p.called()
	from, to := viet.Date(p.From), viet.Date(p.To)
	switch {
	case ok:
	case p.From == p.To:
		name = form.Text{VI: "ngày " + to, EN: to}
	default:
		name = form.Text{VI: "từ ngày " + from + " đến ngày " + to, EN: "from " + from + " to " + to}
	}
	return name.In(lang)
}

// called is the name that people have for the period, beside its days; false: they have none.
func (p Period) called() (form.Text, bool) {
	if p.From == "" {
		return form.Text{VI: "đến " + viet.Date(p.To), EN: "until " + viet.Date(p.To)}, true
	}
	if !p.WholeMonths() {
		return form.Text{}, false
	}
	for _, step := range []Step{Year, Half, Quarter, Month} {
		if step.Around(p.From) == p {
			return step.name(p.From), true
		}
	}
	year, last := p.To[:len("2006")], strings.TrimPrefix(p.To[len("2006-"):len("2006-01")], "0")
	if p.From != year+"-01-01" {
		return form.Text{}, false
	}
	return form.Text{VI: last + " tháng đầu năm " + year, EN: "first " + last + " months of " + year}, true
}

func (s Step) name(day string) form.Text {
	year, month := day[:4], int(day[5]-'0')*10+int(day[6]-'0')
	switch s {
	case Year:
		return form.Text{VI: "năm " + year, EN: year}
	case Half:
		if month == 1 {
			return form.Text{VI: "6 tháng đầu năm " + year, EN: "first half of " + year}
		}
		return form.Text{VI: "6 tháng cuối năm " + year, EN: "second half of " + year}
	case Quarter:
		q := (month-1)/3 + 1
		return form.Text{VI: fmt.Sprintf("quý %d/%s", q, year), EN: fmt.Sprintf("Q%d %s", q, year)}
	}
	return form.Text{VI: fmt.Sprintf("tháng %d/%s", month, year), EN: fmt.Sprintf("%02d/%s", month, year)}
}
