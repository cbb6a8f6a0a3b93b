package publish

import (
	"errors"
	"regexp"
	"slices"

	"banlang/shared/form/declared"
	"banlang/shared/xpath"
	"banlang/syncserver/xlsform"
)

const (
	calculation  = "bind::calculate"
	byDefault    = "default"
	instanceName = "instance_name"
)

// expressive are the columns of the survey that hold expressions. A default may be one, and may be a plain value.
var expressive = []string{
	calculation, byDefault, "bind::relevant", "bind::constraint", "bind::required", "bind::readonly",
	"choice_filter", "control::jr:count",
}

// reference is how a spreadsheet refers to a question. A path to its name stands in its place here.
var reference = regexp.MustCompile(`\$\{(?:last-saved#)?([^{}]*)\}`)

// expressions looks at every expression, in the cell where its author wrote it.
func (c *checker) expressions() {
	for _, cell := range c.cells {
		name := ""
		switch {
		case cell.Sheet == survey && slices.Contains(expressive, cell.Means):
			name = c.rows[cell.Row].text("name")
		case cell.Sheet == settings && cell.Means == instanceName:
		default:
			continue
		}
		x, err := xpath.Compile(reference.ReplaceAllString(cell.Text, " /$1 "))
		if err != nil {
			if wrong := (*xpath.Error)(nil); cell.Means != byDefault && errors.As(err, &wrong) {
				c.add(ExpressionUnreadable, name, cell.Place, blanks{"why": same(wrong.Message)})
			}
			continue
		}
		c.calls(x, name, cell)
		if cell.Means == calculation || cell.Means == instanceName || cell.Means == byDefault {
			c.sealedRead(x, name, cell)
		}
		if cell.Means == instanceName || cell.Means == calculation && c.rows[cell.Row].text("trigger") == "" {
			c.steadiness(x, name, cell)
		}
	}
}

// calls: functions that are there, on phones too, with the arguments that they take.
func (c *checker) calls(x *xpath.Expr, name string, cell xlsform.Cell) {
	called := func(column int) string {
		for _, call := range x.Calls() {
			if call.Column == column {
				return call.Name
			}
		}
		return ""
	}
	for _, p := range x.Problems() {
		what := blanks{"function": same(called(p.Column)), "why": same(p.Message)}
		switch p.Code {
		case xpath.CodeFunction:
			c.add(FunctionUnknown, name, cell.Place, what)
		case xpath.CodeArguments:
			c.add(ArgumentsWrong, name, cell.Place, what)
		case xpath.CodePrefix: // names of nodes are found without it
		default:
			c.add(ExpressionWrong, name, cell.Place, what)
		}
	}
	for _, f := range xpath.Functions() {
		used := slices.ContainsFunc(x.Calls(), func(call *xpath.Call) bool { return call.Name == f.Name })
		if used && f.Absent == "" && !f.In(xpath.JavaRosa) {
			c.add(FunctionRare, name, cell.Place, blanks{"function": same(f.Name)})
		}
	}
}

// sealedRead: what is computed from a sealed answer would tell it to everybody. It may be sealed to the same recipient.
func (c *checker) sealedRead(x *xpath.Expr, name string, cell xlsform.Cell) {
	recipient := ""
	if cell.Sheet == survey {
		recipient = c.rows[cell.Row].text(inSurvey + declared.SealedTo)
	}
	for _, q := range c.questions {
		if q.SealedTo != "" && q.SealedTo != recipient && q.name != name && reads(x, q.name) {
			c.add(SealedRead, name, cell.Place, blanks{"sealed": same(q.name)})
			return
		}
	}
}

// reads reports whether an expression may read a question of this name in the record.
func reads(x *xpath.Expr, name string) bool {
	return slices.ContainsFunc(x.References(), func(r *xpath.Reference) bool {
		origin, _, steps := r.Resolve()
		return origin != xpath.FromInstance && slices.ContainsFunc(steps, func(s xpath.Step) bool {
			return s.Name.Local == name || s.Name.Local == "*"
		})
	})
}

// steadiness: a calculation is computed again whenever a record is read, so it must come out the same another day.
func (c *checker) steadiness(x *xpath.Expr, name string, cell xlsform.Cell) {
	calls := x.Calls()
	for i := 0; i < len(calls); i++ {
		switch call := calls[i]; {
		case call.Name == "once" && len(call.Args) == 1: // what it calls stands behind it
			if inner, err := xpath.Compile(call.Args[0].Text); err == nil {
				i += len(inner.Calls())
			}
		case call.Volatile:
			c.add(Volatile, name, cell.Place, blanks{"function": same(call.Name)})
			return
		}
	}
}
