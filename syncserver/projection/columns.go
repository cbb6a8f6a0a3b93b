package projection

import (
	"fmt"
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
var systemColumns = map[bool][]string{true: {"rec", "_unit", "_day"}, false: {"rec", "row"}}

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
	if err := c.layTable(tx, tableKey{f.ID(), ""}); err != nil {
		return err
	}
	for _, field := range f.Fields() {
		if field.Type == form.TypeNote || field.Sealed() {
			continue
		}
		key := tableKey{f.ID(), field.Repeat}
		if err := c.layTable(tx, key); err != nil {
			return err
		}
		if err := c.layColumn(tx, key, question(field)); err != nil {
			return err
		}
	}
	c.laid[f.Ref] = true
	return nil
}

func (c *catalogue) layTable(tx *sqlite.Tx, key tableKey) error {
	if c.tables[key] != nil {
		return nil
	}
	t := c.table(key)
	if err := tx.Exec("INSERT INTO columns (form, repeat, question, name) VALUES (?, ?, '', '')", key.form, key.repeat); err != nil || t.name == "" {
		return err
	}
	if key.repeat != "" {
		return tx.Exec("CREATE TABLE " + Quote(t.name) + " (rec INTEGER NOT NULL, row TEXT NOT NULL, PRIMARY KEY (rec, row)) STRICT, WITHOUT ROWID")
	}
	return tx.Exec("CREATE TABLE " + Quote(t.name) + ` (rec INTEGER PRIMARY KEY, "_unit" TEXT NOT NULL, "_day" TEXT NOT NULL) STRICT`)
}

func (c *catalogue) layColumn(tx *sqlite.Tx, key tableKey, question string) error {
	t := c.tables[key]
	if _, known := t.columns[question]; known {
		return nil
	}
	name := t.nameFor(question)
	if name != "" {
		if err := tx.Exec("ALTER TABLE " + Quote(t.name) + " ADD COLUMN " + Quote(name) + " ANY"); err != nil {
			return err
		}
	}
	t.enter(question, name)
	return tx.Exec("INSERT INTO columns (form, repeat, question, name) VALUES (?, ?, ?, ?)", key.form, key.repeat, question, name)
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
