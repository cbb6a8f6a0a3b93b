package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"

	"banlang/shared/form"
	"banlang/shared/units"
	"banlang/shared/viet"
)

// Comparator is how an article meant its number.
type Comparator string

const (
	Exactly Comparator = "="       // the number itself
	Above   Comparator = ">"       // "hơn": above it, by at most a tenth
	Nearly  Comparator = "~<"      // "gần": below it, by at most a tenth
	AtLeast Comparator = ">="      // "ít nhất", or a list that was left open
	AtMost  Comparator = "<="      // a rank: this or better
	Claimed Comparator = "claimed" // a percentage as it was printed, which may be wrong
	Derived Comparator = "derived" // follows from two printed numbers; the article does not print it
)

// Fact is one published figure.
type Fact struct {
	ID         string     `json:"id"`
	Indicator  string     `json:"indicator"` // "" where nothing computes it
	Root       string     `json:"root"`      // the made-up place that stands for the article's
	From       string     `json:"from"`      // empty = cumulative up to To
	To         string     `json:"to"`
	Value      int64      `json:"value"` // of a percentage, its hundredths: 97,23 % is 9723
	Comparator Comparator `json:"comparator"`
	Correct    int64      `json:"correct,omitempty"` // of a Claimed value that is wrong: the right one
	Quote      string     `json:"quote"`             // the article's words
	Note       form.Text  `json:"note"`
	Why        form.Text  `json:"why"` // why nothing computes it
}

// Question is what must be computed to hold against the fact.
func (f Fact) Question() Question {
	return Question{Indicator: f.Indicator, Root: f.Root, Period: Period{From: f.From, To: f.To}}
}

//go:embed published.json
var publishedJSON []byte

// Published gives all published figures in the order of the articles, those too that no record can give: they say why. It fails only if the program was built from a
// damaged file.
func Published() ([]Fact, error) {
	var facts []Fact
	if err := json.Unmarshal(publishedJSON, &facts); err != nil {
		return nil, fmt.Errorf("report: published figures: %w", err)
	}
	return facts, nil
}

// Verdict says how a computed figure stands to the published one.
type Verdict string

const (
	Equal     Verdict = "equal"     // the same number
	Satisfies Verdict = "satisfies" // fits the article's "hơn", "gần" or open list
	Corrected Verdict = "corrected" // the article printed a wrong share; the computed one is known to be right
	Different Verdict = "different"
	Beyond    Verdict = "beyond" // nothing computes it; Fact.Why says why
)

// Label names the verdict for people.
func (v Verdict) Label() form.Text {
	switch v {
	case Equal:
		return form.Text{VI: "khớp", EN: "equal"}
	case Satisfies:
		return form.Text{VI: "đúng như “hơn”, “gần”", EN: "satisfies its comparator"}
	case Corrected:
		return form.Text{VI: "báo in sai, đã sửa", EN: "corrected"}
	}
	if v == Beyond {
		return form.Text{VI: "không tính được", EN: "not computable"}
	}
	return form.Text{VI: "khác", EN: "different"}
}

// Row is one line of a comparison.
type Row struct {
	Fact     Fact
	Figure   Figure
	Printed  form.Text // the published figure, "gần 9.000"
	Computed string    // "8.957"; a ratio with its two numbers
	Verdict  Verdict
}

// Compare computes each fact from the readings, in one pass, and holds it against
// what was published. Rows come in the order of the facts.
func Compare(readings iter.Seq[Reading], view *units.View, facts []Fact) []Row {
	questions := make([]Question, len(facts))
	for i, fact := range facts {
		questions[i] = fact.Question()
	}
	rows := make([]Row, len(facts))
	for i, figure := range Compute(readings, view, questions) {
		rows[i] = facts[i].Against(figure)
	}
	return rows
}

// Against holds a figure against the fact.
func (f Fact) Against(figure Figure) Row {
	row := Row{Fact: f, Figure: figure, Printed: f.printed(), Computed: figure.Value.String(), Verdict: f.judge(figure)}
	if row.Verdict == Beyond {
		row.Computed = viet.None
	}
	return row
}

// judge never calls a figure right that rests on records it could not read.
func (f Fact) judge(figure Figure) Verdict {
	n, unit, ok := against(figure.Value)
	value := f.Value * unit
	low, high := value-value/10, value+value/10
	switch {
	case f.Indicator == "":
		return Beyond
	case !ok || figure.Unread != 0:
		return Different
	case f.Comparator == AtLeast && n >= value, f.Comparator == AtMost && n <= value:
		return Satisfies
	case f.Comparator == Nearly && low <= n && n < value, f.Comparator == Above && value < n && n <= high:
		return Satisfies
	case f.Comparator != Exactly && f.Comparator != Claimed && f.Comparator != Derived:
		return Different
	case n == value:
		return Equal
	case f.Comparator == Claimed && f.Correct != 0 && n == f.Correct:
		return Corrected
	}
	return Different
}

// against gives the number to hold against Fact.Value, and how many of it make a whole: hundredths of a percent of a ratio
// are what the fact counts, too.
func against(v Value) (n, unit int64, ok bool) {
	switch v.Kind {
	case Share:
		n, ok = viet.Hundredths(v.Num, v.Den)
		return n, 1, ok
	case Number:
		unit = 1
		for range v.Places {
			unit *= 10
		}
		return v.Num, unit, true
	}
	return 0, 1, false
}

func (f Fact) printed() form.Text {
	number := viet.Int(f.Value)
	if d, ok := Lookup(f.Indicator); ok && d.Measure == Ratio {
		number = viet.Fixed(f.Value, 2) + " %"
	}
	switch f.Comparator {
	case Above:
		return form.Text{VI: "hơn " + number, EN: "more than " + number}
	case Nearly:
		return form.Text{VI: "gần " + number, EN: "nearly " + number}
	case AtLeast:
		return form.Text{VI: "từ " + number + " trở lên", EN: number + " or more"}
	case AtMost:
		return form.Text{VI: "không quá " + number, EN: "at most " + number}
	case Derived:
		return form.Text{VI: number + " (suy ra)", EN: number + " (derived)"}
	}
	return form.Text{VI: number, EN: number}
}
