package projection

import (
	"fmt"
	"slices"
	"strings"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// maxColumns is how many questions a table has room for; SQLite gives a table 2,000 columns. The answers to further
// questions are in no table.
const maxColumns = 1900

// Column says where the answers to a question are.
type Column struct {
	Repeat   string // the template of the repeat; empty: the record itself
	Question string // the path below that
	Table    string
	Name     string // empty: there was no room for it
}

// Columns lists where the answers to the questions of a form are, in all versions of which there are records.
func Columns(tx *sqlite.Tx, formID string) (all []Column, err error) {
	rows := tx.Query("SELECT repeat, question, name FROM columns WHERE form = ? AND question <> '' ORDER BY repeat, question", formID)
	for rows.Next() {
		c := Column{Repeat: rows.Text(0), Question: rows.Text(1), Name: rows.Text(2)}
		c.Table = tableOf(formID, c.Repeat)
		all = append(all, c)
	}
	return all, rows.Err()
}

func tableOf(formID, repeat string) string {
	if repeat == "" {
		return Table(formID)
	}
	return RowTable(formID, repeat)
}

// catalogue knows the tables of forms. It belongs to the one who writes; what it learnt in a transaction that failed is
// forgotten with the whole of it.
type catalogue struct {
	tables map[tableKey]*table
	names  map[string]bool // of tables, in lower case
	laid   map[record.FormRef]bool

	indexed bool // every table has its index by unit and month
}

type tableKey struct{ form, repeat string }

// table is a table of a form.
type table struct {
	name    string         // empty: its name is another one's, and it has no answers
	columns map[string]int // by question: which argument of insert it is; -1: no column
	names   map[string]bool
	size    int
	insert  string // its text; empty: to be made
}

// systemColumns come before the questions, in a table of records and in one of rows.
var systemColumns = map[bool][]string{true: {"rec", "_unit", "_month", "_day", "_arrived", "_approved"}, false: {"rec", "row"}}

// load reads which tables there are.
func (c *catalogue) load(tx *sqlite.Tx) error {
	*c = catalogue{tables: map[tableKey]*table{}, names: map[string]bool{}, laid: map[record.FormRef]bool{}}
	rows := tx.Query("SELECT form, repeat, question, name FROM columns ORDER BY n")
	for rows.Next() {
		t := c.table(tableKey{rows.Text(0), rows.Text(1)})
		if q := rows.Text(2); q != "" {
			t.enter(q, rows.Text(3))
		}
	}
	return rows.Err()
}

// table gives a table as it is known, making it known when it is not.
func (c *catalogue) table(key tableKey) *table {
	t := c.tables[key]
	if t != nil {
		return t
	}
	t = &table{name: tableOf(key.form, key.repeat), columns: map[string]int{}, names: map[string]bool{}}
	c.tables[key] = t
	if c.names[strings.ToLower(t.name)] {
		t.name = ""
		return t
	}
	c.names[strings.ToLower(t.name)] = true
	for _, name := range systemColumns[key.repeat == ""] {
		t.take(name)
	}
	return t
}

// take gives a column the next place.
func (t *table) take(name string) int {
	t.names[strings.ToLower(name)] = true
	t.size++
	t.insert = ""
	return t.size - 1
}

func (t *table) enter(question, name string) {
	t.columns[question] = -1
	if name != "" {
		t.columns[question] = t.take(name)
	}
}

// nameFor is what the column of a question is to be called: as its path, and otherwise where that is taken.
func (t *table) nameFor(question string) string {
	if t.name == "" || t.size >= maxColumns {
		return ""
	}
	name := flat(question)
	for i := 2; t.names[strings.ToLower(name)]; i++ {
		name = fmt.Sprintf("%s~%d", flat(question), i)
	}
	return name
}

// lay makes the tables and columns that a version of a form needs.
func (c *catalogue) lay(tx *sqlite.Tx, f *form.Form) error {
	if c.laid[f.Ref] {
		return nil
	}
	repeats, fields := []string{""}, map[string][]*form.Field{}
	for _, field := range f.Fields() {
		if field.Type == form.TypeNote || field.Sealed() {
			continue
		}
		if !slices.Contains(repeats, field.Repeat) {
			repeats = append(repeats, field.Repeat)
		}
		fields[field.Repeat] = append(fields[field.Repeat], field)
	}
	for _, repeat := range repeats {
		if err := c.layTable(tx, tableKey{f.ID(), repeat}, fields[repeat], f.EventDate); err != nil {
			return err
		}
	}
	c.laid[f.Ref] = true
	return nil
}

// layTable makes a table, or adds to it the columns that it lacks. The answer to eventDate stands in the table as "_day" too.
func (c *catalogue) layTable(tx *sqlite.Tx, key tableKey, fields []*form.Field, eventDate string) error {
	t, known := c.tables[key]
	if !known {
		t, c.indexed = c.table(key), false
		if err := note(tx, key, "", "", false); err != nil {
			return err
		}
	}
	var added []string
	for _, field := range fields {
		q := question(field)
		if _, has := t.columns[q]; has {
			continue
		}
		name := t.nameFor(q)
		t.enter(q, name)
		c.indexed = false
		if err := note(tx, key, q, name, inCell(field) && q != eventDate); err != nil {
			return err
		}
		if name != "" {
			added = append(added, Quote(name)+" ANY")
		}
	}
	switch {
	case t.name == "":
		return nil
	case !known && key.repeat == "":
		return tx.Exec("CREATE TABLE " + Quote(t.name) + " (" + strings.Join(append([]string{`rec INTEGER PRIMARY KEY, "_unit" TEXT NOT NULL, "_month" TEXT NOT NULL, "_day" TEXT NOT NULL, "_arrived" INTEGER NOT NULL, "_approved" INTEGER NOT NULL`}, added...), ", ") + ") STRICT")
	case !known:
		return tx.Exec("CREATE TABLE " + Quote(t.name) + " (" + strings.Join(append([]string{"rec INTEGER NOT NULL, row TEXT NOT NULL"}, added...), ", ") + ", PRIMARY KEY (rec, row)) STRICT, WITHOUT ROWID")
	}
	for _, column := range added {
		if err := tx.Exec("ALTER TABLE " + Quote(t.name) + " ADD COLUMN " + column); err != nil {
			return err
		}
	}
	return nil
}

func note(tx *sqlite.Tx, key tableKey, question, name string, cell bool) error {
	return tx.Exec("INSERT INTO columns (form, repeat, question, name, cell) VALUES (?, ?, ?, ?, ?)", key.form, key.repeat, question, name, cell)
}

// inCell reports whether the answers to a question are what pivots add up and choose by, or until when something counts.
func inCell(f *form.Field) bool {
	switch f.Type {
	case form.TypeInt, form.TypeDecimal, form.TypeBool, form.TypeChoice, form.TypeDate:
		return f.Repeat == ""
	}
	return false
}

// maxInCell is how many questions the index by unit and month has room for.
const maxInCell = 40

// index makes the indexes by unit and month that are missing, or lack a question. That is done when the tables have caught
// up: an index over what is there is made in a fraction of the time that it takes to keep it up meanwhile.
func (c *catalogue) index(tx *sqlite.Tx) error {
	cells := map[string][]string{}
	rows := tx.Query("SELECT form, name, cell FROM columns WHERE repeat = '' AND (cell = 1 AND name <> '' OR question = '') ORDER BY n")
	for rows.Next() {
		form := rows.Text(0)
		if cells[form] == nil {
			cells[form] = slices.Clone(systemColumns[true][1:])
		}
		if rows.Bool(2) && len(cells[form]) < maxInCell {
			cells[form] = append(cells[form], rows.Text(1))
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for form, want := range cells {
		if t := c.tables[tableKey{form, ""}]; t.name == "" {
			continue
		}
		var has []string
		rows := tx.Query("SELECT name FROM pragma_index_info(?) ORDER BY seqno", CellIndex(form))
		for rows.Next() {
			has = append(has, rows.Text(0))
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if slices.Equal(has, want) {
			continue
		}
		if err := tx.Exec("DROP INDEX IF EXISTS " + Quote(CellIndex(form))); err != nil {
			return err
		}
		if err := tx.Exec("CREATE INDEX " + Quote(CellIndex(form)) + " ON " + Quote(Table(form)) + " (" + strings.Join(quoteAll(want), ", ") + ")"); err != nil {
			return err
		}
	}
	return nil
}

// write puts a row into a table of a form. What it begins with stands in lead.
func (t *table) write(tx *sqlite.Tx, args []any, lead []any, values map[string]any) ([]any, error) {
	if t.name == "" {
		return args, nil
	}
	if t.insert == "" {
		t.insert = "INSERT INTO " + Quote(t.name) + " VALUES (?" + strings.Repeat(", ?", t.size-1) + ")"
	}
	args = append(args[:0], lead...)
	for len(args) < t.size {
		args = append(args, nil)
	}
	for question, value := range values {
		if i, ok := t.columns[question]; ok && i >= 0 {
			args[i] = value
		}
	}
	return args, tx.Exec(t.insert, args...)
}
