package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
	"banlang/syncserver/export"
	"banlang/syncserver/projection"
	"banlang/syncserver/staff"
)

// exportPage asks what a list is taken out for, before it is.
type exportPage struct {
	N     int
	Facts []export.Fact
	Form  string
	Short bool // there was no reason, or hardly one
}

// Carry is another address with the parameters of this page: the same list, elsewhere.
func (q *Request) Carry(to string) string {
	if q.URL.RawQuery == "" {
		return to
	}
	return to + "?" + q.URL.RawQuery
}

// leastReason is how many letters a reason has at least.
const leastReason = 5

// reasonOf is a reason as one line; "" where it is too short to be one.
func reasonOf(typed string) string {
	reason := strings.Join(strings.Fields(typed), " ")
	if len([]rune(reason)) < leastReason {
		return ""
	}
	return reason
}

// batchRows is how many rows are read at a time.
const batchRows = 1000

// getExport shows what would be taken out, and asks why. It asks for the passphrase first, so that nobody writes a reason in vain.
func getExport(q *Request) error {
	if err := q.Viewer.Can(staff.ExportRecord, q.Viewer.Unit, declared.Ordinary); err != nil {
		return err
	}
	return q.showExport(false)
}

func (q *Request) showExport(short bool) error {
	n, err := q.c.Centre.Views().Exact(q.Context(), q.scope(staff.ExportRecord), q.filter())
	if err != nil {
		return err
	}
	return q.show("export", "export.title", exportPage{N: n, Facts: q.filterFacts(), Form: q.Q("form"), Short: short})
}

// postExport sends the list that the address asks for, with exactly its filter and what of it the viewer may take out. Who, why, what
// was asked for and how many records are noted before the first byte leaves.
func postExport(q *Request) error {
	if err := q.Viewer.Can(staff.ExportRecord, q.Viewer.Unit, declared.Ordinary); err != nil {
		return err
	}
	reason := reasonOf(q.PostFormValue("reason"))
	if reason == "" {
		return q.showExport(true)
	}
	scope, f := q.scope(staff.ExportRecord), q.filter()
	n, err := q.c.Centre.Views().Exact(q.Context(), scope, f)
	if err != nil {
		return err
	}
	if err := q.note(staff.ExportRecord, q.unitTyped("unit"), f.Form, "", reason, q.URL.RawQuery, n); err != nil {
		return err
	}
	x := &listExport{q: q, scope: scope, filter: f}
	if err := x.prepare(); err != nil {
		return err
	}
	kind := strings.TrimPrefix(path.Ext(q.URL.Path), ".")
	name := "ban-ghi-" + q.now().Format("20060102-1504")
	if f.Form != "" {
		name = f.Form + "-" + q.now().Format("20060102-1504")
	}
	return q.sendSheet(name, kind, x.sheet(), x)
}

// filterFacts say in words what a list is of.
func (q *Request) filterFacts() []export.Fact {
	f := q.filter()
	facts := []export.Fact{{Label: q.T("account.unit"), Value: q.UnitLine(q.Viewer.Unit)}}
	if unit := q.unitTyped("unit"); unit != "" {
		facts[0].Value = q.UnitLine(unit)
	}
	if q.Tree() == byReports {
		facts = append(facts, export.Fact{Label: q.T("tree"), Value: q.T("tree." + byReports)})
	}
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, export.Fact{Label: q.T(key), Value: value})
		}
	}
	add("filter.words", f.Text)
	if f.Form != "" {
		add("filter.form", q.FormTitle(f.Form))
	}
	if f.State != "" {
		add("filter.state", q.T("status."+string(f.State)))
	}
	if f.From != "" {
		add("filter.from", q.Day(f.From))
	}
	if f.To != "" {
		add("filter.to", q.Day(f.To))
	}
	add("record.who", f.Officer)
	return facts
}

// listExport takes a list out, a batch at a time. Answers are those of the tables of projection, which hold nothing that is
// sealed; rows of repeats are in no line of it.
type listExport struct {
	q      *Request
	scope  projection.Scope
	filter projection.Filter
	fields []exportField
	first  *form.Filling // an empty filling of the form, for the labels of answers
	point  int           // of fields, the first position; -1: none
	where  string        // of the row that is written: its position
}

// exportField is a question of the form that was chosen.
type exportField struct {
	column projection.Column
	field  *form.Field // nil: it is in earlier versions only
	at     int         // its column of the sheet
}

// choice reports whether the field has codes and labels.
func (f *exportField) choice() bool {
	return f.field != nil && (f.field.Type == form.TypeChoice || f.field.Type == form.TypeMultichoice)
}

// prepare finds the questions of the form, when the list is of one form.
func (x *listExport) prepare() error {
	x.point = -1
	f, ok := x.q.c.Centre.Library().Current(x.filter.Form)
	if !ok {
		return nil
	}
	var err error
	if x.first, err = f.New(form.Env{Language: x.q.lang}); err != nil {
		return err
	}
	return x.q.c.Centre.Views().View(x.q.Context(), func(tx *sqlite.Tx) error {
		columns, err := projection.Columns(tx, f.ID())
		at := len(x.common())
		for _, c := range columns {
			if c.Repeat != "" || c.Name == "" {
				continue
			}
			one := exportField{column: c, at: at}
			if field, ok := f.Field(c.Question); ok {
				one.field = field
				if field.Type == form.TypePlace && x.point < 0 {
					x.point = len(x.fields)
				}
			}
			x.fields = append(x.fields, one)
			at++
			if one.choice() {
				at++
			}
		}
		return err
	})
}

// common are the columns that every list has.
func (x *listExport) common() []export.Column {
	t := x.q.T
	return []export.Column{
		{Key: "_record", Title: t("export.record")}, {Key: "_name", Title: t("export.number"), Width: 12}, {Key: "_form", Title: t("filter.form")},
		{Key: "_unit", Title: t("unit.code")}, {Key: "_unit_name", Title: t("account.unit"), Width: 28}, {Key: "_day", Title: t("record.day"), Kind: export.Date},
		{Key: "_title", Title: t("record.title"), Width: 40}, {Key: "_state", Title: t("filter.state")}, {Key: "_written", Title: t("record.written"), Width: 18},
		{Key: "_arrived", Title: t("record.arrived"), Width: 18}, {Key: "_officer", Title: t("record.who")},
	}
}

func (x *listExport) sheet() export.Sheet {
	s := export.Sheet{Lang: x.q.lang, Title: x.q.T("nav.records"), Columns: x.common(), Basis: x.q.filterFacts(), Made: x.q.now(), Rows: x.rows}
	if x.filter.Form != "" {
		s.Title = x.q.FormTitle(x.filter.Form)
	}
	for i := range x.fields {
		s.Columns = append(s.Columns, x.columnsOf(&x.fields[i])...)
	}
	return s
}

// columnsOf are the columns of a question: of a choice that of the code and that of the label.
func (x *listExport) columnsOf(f *exportField) []export.Column {
	c := export.Column{Key: f.column.Name, Title: f.column.Question}
	if f.field == nil {
		return []export.Column{c}
	}
	if label := x.first.LabelOf(f.column.Question); label != "" {
		c.Title = label + " [" + f.column.Question + "]"
	}
	switch f.field.Type {
	case form.TypeInt:
		c.Kind = export.Integer
	case form.TypeDecimal:
		c.Kind, c.Scale, c.Places = export.Decimal, form.Thousandths, 1
	case form.TypeDate:
		c.Kind = export.Date
	case form.TypeChoice, form.TypeMultichoice:
		named := c
		named.Key, named.Title = c.Key+".label", strings.TrimSuffix(c.Title, " ["+f.column.Question+"]")
		return []export.Column{c, named}
	}
	return []export.Column{c}
}

// rows goes through the list. Between two batches nothing is held open.
func (x *listExport) rows(yield func([]export.Cell, error) bool) {
	var from projection.Cursor
	line := make([]export.Cell, 0, len(x.common())+2*len(x.fields))
	for {
		var answers map[int64][]any
		rows, next, err := x.q.c.Centre.Views().Batch(x.q.Context(), x.scope, x.filter, x.q.order(), from, batchRows, func(tx *sqlite.Tx, rows []projection.Row) (err error) {
			answers, err = x.answers(tx, rows)
			return err
		})
		if err != nil {
			yield(nil, err)
			return
		}
		for i := range rows {
			line = x.line(line[:0], &rows[i], answers[rows[i].Rec])
			if !yield(line, nil) {
				return
			}
		}
		if from = next; len(rows) < batchRows {
			return
		}
	}
}

// answers reads the answers of some records, in the order of fields; nil where there is none.
func (x *listExport) answers(tx *sqlite.Tx, rows []projection.Row) (map[int64][]any, error) {
	if len(x.fields) == 0 {
		return nil, nil
	}
	recs := make([]int64, len(rows))
	for i := range rows {
		recs[i] = rows[i].Rec
	}
	names := make([]string, len(x.fields))
	for i := range x.fields {
		names[i] = projection.Quote(x.fields[i].column.Name)
	}
	of := make(map[int64][]any, len(rows))
	found := tx.Query("SELECT rec, "+strings.Join(names, ", ")+" FROM "+projection.Quote(projection.Table(x.filter.Form))+
		" WHERE rec IN (SELECT value FROM json_each(?))", sqlite.List(recs))
	for found.Next() {
		values := make([]any, len(x.fields))
		for i := range x.fields {
			values[i] = found.Any(i + 1)
		}
		of[found.Int64(0)] = values
	}
	return of, found.Err()
}

// line is a row of the sheet.
func (x *listExport) line(line []export.Cell, r *projection.Row, values []any) []export.Cell {
	q := x.q
	line = append(line, export.Word(r.Dot.String()), export.Word(r.Name), export.Word(q.FormTitle(r.Form)), export.Word(r.Unit), export.Word(q.UnitName(r.Unit)),
		export.Day(r.Day), export.Word(r.Title), export.Word(q.T("status."+string(r.State))), export.Word(at(r.Written).Format("2006-01-02 15:04:05")),
		export.Word(stampOf(r.Arrived)), export.Word(r.Officer))
	x.where = ""
	for i := range x.fields {
		var value any
		if values != nil {
			value = values[i]
		}
		if text, ok := value.(string); ok && i == x.point {
			x.where = text
		}
		line = append(line, cellOf(value, x.fields[i].field))
		if x.fields[i].choice() {
			line = append(line, x.labels(&x.fields[i], value))
		}
	}
	return line
}

func stampOf(ms int64) string {
	if ms == 0 {
		return ""
	}
	return at(ms).Format("2006-01-02 15:04:05")
}

// cellOf is an answer as a cell. Numbers that cannot be read are words, as their writer left them.
func cellOf(value any, field *form.Field) export.Cell {
	switch v := value.(type) {
	case int64:
		if field != nil && field.Type != form.TypeInt && field.Type != form.TypeDecimal {
			return export.Word(strconv.FormatInt(v, 10))
		}
		return export.Number(v)
	case string:
		if field != nil && field.Type == form.TypeDate {
			return export.Day(v)
		}
		return export.Word(v)
	}
	return export.Cell{}
}

// labels are what people call the answers to a choice.
func (x *listExport) labels(f *exportField, value any) export.Cell {
	codes, _ := value.(string)
	var labels []string
	for _, code := range strings.Fields(codes) {
		labels = append(labels, x.first.ChoiceLabel(f.column.Question, code))
	}
	return export.Word(strings.Join(labels, "; "))
}

// Geometry gives the position of the row that is being written, "latitude longitude …" in its answer; nil where it has none.
func (x *listExport) Geometry(string) (json.RawMessage, error) {
	parts := strings.Fields(x.where)
	if len(parts) < 2 {
		return nil, nil
	}
	lat, err1 := strconv.ParseFloat(parts[0], 64)
	lon, err2 := strconv.ParseFloat(strings.TrimSuffix(parts[1], ";"), 64)
	if err := errors.Join(err1, err2); err != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
		return nil, nil //nolint:nilerr // what is no position is no geometry
	}
	return json.RawMessage(fmt.Sprintf(`{"type":"Point","coordinates":[%v,%v]}`, lon, lat)), nil
}
