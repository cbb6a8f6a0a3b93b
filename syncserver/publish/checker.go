package publish

import (
	"cmp"
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"banlang/shared/form/declared"
	"banlang/shared/xform"
	"banlang/syncserver/xlsform"
)

// The sheets of a form, and their order among the findings.
const (
	survey   = "survey"
	choices  = "choices"
	external = "external_choices"
	settings = "settings"
)

var sheets = []string{survey, choices, external, settings}

// What our columns mean in the cells of each sheet.
const (
	inSurvey   = "bind::" + declared.Prefix + ":"
	inSettings = "attribute::" + declared.Prefix + ":"
)

// checker looks at one form.
type checker struct {
	form      *xlsform.Form
	cells     []xlsform.Cell
	rows      map[int]row // of the survey, by their numbers
	questions []*question // in their order; none where the form does not open
	own       declared.FormDeclaration
	found     []Finding
}

// row are the filled cells of a row.
type row []xlsform.Cell

// question is what leaves something in a record.
type question struct {
	declared.Declaration
	name, typ string
	field     *xform.Field
	bind      *xform.Bind // an empty one where it has none
	shown     []string    // the conditions of its own and of the groups around it
	row       row
	number    int
}

func newChecker(form *xlsform.Form) *checker {
	c := &checker{form: form, cells: form.Cells(), rows: map[int]row{}}
	for _, cell := range c.cells {
		if cell.Sheet == survey {
			c.rows[cell.Row] = append(c.rows[cell.Row], cell)
		}
	}
	return c
}

func (c *checker) add(code Code, question string, at xlsform.Place, filled blanks) {
	if filled == nil {
		filled = blanks{}
	}
	filled["question"] = same(question)
	c.found = append(c.found, Finding{code, question, at, filled})
}

// cell is the cell of a row with a meaning, and whether there is one.
func (r row) cell(means string) (xlsform.Cell, bool) {
	i := slices.IndexFunc(r, func(cell xlsform.Cell) bool { return cell.Means == means })
	if i < 0 {
		return xlsform.Cell{}, false
	}
	return r[i], true
}

func (r row) text(means string) string {
	cell, _ := r.cell(means)
	return cell.Text
}

// at is the place of what a question says, or should say, in a column.
func (q *question) at(means string) xlsform.Place {
	if cell, ok := q.row.cell(means); ok {
		return cell.Place
	}
	column := strings.TrimPrefix(strings.TrimPrefix(means, "bind::"), declared.Prefix+":")
	return xlsform.Place{Sheet: survey, Row: q.number, Column: column}
}

// isWritten reports whether people write the answer, rather than choose it or have it computed.
func (q *question) isWritten() bool {
	return !unwritten.MatchString(q.typ) && q.bind.Preload == ""
}

// note are the types that show something and leave nothing, as long as nobody can answer them; unwritten those with an answer that nobody writes; other is what
// the converter adds for the answer that is not in a list.
var (
	note      = regexp.MustCompile(`\bnote\b`)
	unwritten = regexp.MustCompile(`select|rank|calculate|hidden`)
	other     = regexp.MustCompile(`_other$`)
)

// readQuestions finds the questions whose declarations count: all that leave something in a record, whether people answer
// it or the form computes it, since a calculation says as much as what it was computed from. Notes leave nothing; the
// identity and the title of a record, and what the converter needs for itself, are no questions.
func (c *checker) readQuestions(x *xform.Form) {
	c.own = declared.OfForm(x)
	for _, f := range c.form.Fields {
		r := c.rows[f.Row]
		field := x.Field(f.Path)
		if f.Row == 0 || field == nil {
			continue
		}
		q := &question{
			Declaration: declared.Of(field.Bind()), name: path.Base(f.Path), typ: f.Type, field: field,
			bind: cmp.Or(field.Bind(), &xform.Bind{}), row: r, number: f.Row,
		}
		switch name := r.text("name"); {
		case note.MatchString(f.Type) && q.bind.ReadOnly == "true()" && r.text(calculation)+r.text(byDefault) == "":
			continue
		case name != "" && name != q.name:
			if other.MatchString(q.name) {
				c.add(OtherUndeclared, name, q.at("type"), nil)
			}
			continue
		}
		for up := f.Path; up != "/"; up = path.Dir(up) {
			if bind := x.Field(up).Bind(); bind != nil && bind.Relevant != "" {
				q.shown = append(q.shown, bind.Relevant)
			}
		}
		c.questions = append(c.questions, q)
	}
}

// notOpened tells why a form could not be opened, at the row that it concerns.
func (c *checker) notOpened(err error) {
	at, name := xlsform.Place{Sheet: survey}, ""
	if wrong := (*xform.Error)(nil); errors.As(err, &wrong) {
		i := slices.IndexFunc(c.form.Fields, func(f xlsform.Field) bool { return f.Path == wrong.Ref })
		if i >= 0 {
			at.Row, name = c.form.Fields[i].Row, path.Base(wrong.Ref)
		}
	}
	c.add(NotOpened, name, at, blanks{"why": same(err.Error())})
}
