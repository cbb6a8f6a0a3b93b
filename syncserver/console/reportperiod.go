package console

import (
	"errors"
	"net/http"
	"time"

	"banlang/syncserver/report"
)

// mostYears is how long the period of a report may be.
const mostYears = 20

// wrongDays are days in an address by which there is no report: what is wrong with them, and in which fields.
type wrongDays struct {
	Trouble
	fields map[string]bool
}

// Error implements error.
func (w wrongDays) Error() string { return "console: " + w.What }

// wrongDays is what the catalogue says under a key, and what to do next.
func (q *Request) wrongDays(key string, pairs ...any) wrongDays {
	return wrongDays{Trouble{What: q.T(key, pairs...), Next: q.T(key + ".next")}, map[string]bool{}}
}

// in names the fields that it is about.
func (w wrongDays) in(fields ...string) error {
	for _, f := range fields {
		w.fields[f] = true
	}
	return w
}

// asking gives a page of a report, or the form for one with all that was typed in it where there is none by such days.
func asking(do func(*Request) error) func(*Request) error {
	return func(q *Request) error {
		err := do(q)
		var wrong wrongDays
		if errors.As(err, &wrong) {
			return q.showReports(http.StatusBadRequest, reportsPage{Bad: &wrong.Trouble, Wrong: wrong.fields})
		}
		return err
	}
}

// daysTyped holds fields against the calendar: each is empty or a day of it.
func (q *Request) daysTyped(fields ...string) error {
	for _, field := range fields {
		if typed := q.Q(field); typed != "" && isoDay(typed) == "" {
			return q.wrongDays("report.noday", "day", typed).in(field)
		}
	}
	return nil
}

// reportPeriod is the period that the address asks for: from one day to another, or the step of the calendar around a day. Where it
// asks for none it is the last step that has ended.
func (q *Request) reportPeriod(step report.Step) (report.Period, error) {
	p := report.Period{From: isoDay(q.Q("from")), To: isoDay(q.Q("to"))}
	switch day := isoDay(q.Q("day")); {
	case p == report.Period{} && day != "":
		return step.Around(day), nil
	case p == report.Period{}:
		return q.lastEnded(step), nil
	case p.From == "":
		return p, q.wrongDays("report.oneday").in("from")
	case p.To == "":
		return p, q.wrongDays("report.oneday").in("to")
	case p.To < p.From:
		return p, q.wrongDays("report.backwards").in("from", "to")
	case longerThan(p, mostYears):
		return p, q.wrongDays("report.toolong", "n", mostYears).in("from", "to")
	}
	return p, nil
}

// longerThan reports whether a period has more than so many years.
func longerThan(p report.Period, years int) bool {
	from, err := time.Parse(time.DateOnly, p.From)
	if err != nil {
		return false
	}
	to, err := time.Parse(time.DateOnly, p.To)
	return err == nil && !to.Before(from.AddDate(years, 0, 0))
}

// lastEnded is the last step of the calendar that has ended.
func (q *Request) lastEnded(step report.Step) report.Period {
	return step.Around(q.now().Format(time.DateOnly)).Before()
}
