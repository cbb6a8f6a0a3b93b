// Package reporttest makes what reports are computed from, for tests: the tables of package projection, filled from readings
// without a log, and records of all forms that any indicator reads, by chance.
package reporttest

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
	"banlang/syncserver/report"
)

// Entry is a record as the tables have it.
type Entry struct {
	report.Reading
	Arrived record.Millis
	Review  string // "", "approved", "returned"
}

// records are the columns that reports read of the table of that name.
const records = `
CREATE TABLE records (
	rec INTEGER PRIMARY KEY, dot TEXT NOT NULL UNIQUE, form TEXT NOT NULL, unit TEXT NOT NULL, compartment TEXT NOT NULL, day TEXT NOT NULL,
	arrived INTEGER NOT NULL, altered INTEGER NOT NULL, replica INTEGER NOT NULL, review TEXT NOT NULL, state TEXT NOT NULL, hidden INTEGER NOT NULL, unread INTEGER NOT NULL
) STRICT;
CREATE INDEX records_day ON records (day, rec);
CREATE INDEX records_unread ON records (form) WHERE unread = 1;
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE holdings (form TEXT NOT NULL, unit TEXT NOT NULL, compartment TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (form, unit, compartment)) STRICT, WITHOUT ROWID;
CREATE TABLE cells (
	form TEXT NOT NULL, month TEXT NOT NULL, unit TEXT NOT NULL, compartment TEXT NOT NULL, state TEXT NOT NULL, came INTEGER NOT NULL, n INTEGER NOT NULL,
	PRIMARY KEY (form, month, unit, compartment, state, came)
) STRICT, WITHOUT ROWID;
`

// Open puts entries into the tables, as package projection lays them out; rec is the place in the list, from 1.
func Open(t testing.TB, forms *form.Library, entries []Entry) *sqlite.DB {
	t.Helper()
	schema := sqlite.Schema{ApplicationID: 0x424c7470, Migrations: []sqlite.Migration{records}}
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "views.db")}, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &loader{forms: map[string]*form.Form{}}
	for i := range entries {
		if f, ok := forms.Current(entries[i].Form); ok {
			l.forms[entries[i].Form] = f
		}
	}
	err = db.Update(t.Context(), func(tx *sqlite.Tx) error {
		l.tx = tx
		for _, id := range slices.Sorted(maps.Keys(l.forms)) {
			if err := l.lay(l.forms[id]); err != nil {
				return err
			}
		}
		for i := range entries {
			if err := l.load(int64(i)+1, &entries[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

type loader struct {
	tx    *sqlite.Tx
	forms map[string]*form.Form
}

func flat(path string) string { return strings.ReplaceAll(path, "/", "__") }

func below(f *form.Field) string {
	return strings.TrimPrefix(strings.TrimPrefix(f.Path, f.Repeat), "/")
}

// lay makes the tables of a form.
func (l *loader) lay(f *form.Form) error {
	script := `CREATE TABLE "f_` + f.ID() + `" (rec INTEGER PRIMARY KEY, "_unit" TEXT NOT NULL, "_month" TEXT NOT NULL, "_day" TEXT NOT NULL, "_arrived" INTEGER NOT NULL, "_approved" INTEGER NOT NULL) STRICT;` +
		`CREATE INDEX "f_` + f.ID() + `~cell" ON "f_` + f.ID() + `" ("_unit", "_month", "_day", "_arrived", "_approved");`
	made := map[string]bool{"": true}
	for _, field := range f.Fields() {
		if field.Type == form.TypeNote || field.Sealed() {
			continue
		}
		table := "f_" + f.ID()
		if field.Repeat != "" {
			table = "r_" + f.ID() + "__" + flat(field.Repeat)
		}
		if !made[field.Repeat] {
			made[field.Repeat] = true
			script += `CREATE TABLE "` + table + `" (rec INTEGER NOT NULL, row TEXT NOT NULL, PRIMARY KEY (rec, row)) STRICT, WITHOUT ROWID;`
		}
		script += `ALTER TABLE "` + table + `" ADD COLUMN "` + flat(below(field)) + `" ANY;`
	}
	return l.tx.Script(script)
}

// load writes the rows of one record.
func (l *loader) load(rec int64, e *Entry) error {
	f, known := l.forms[e.Form]
	compartment := "ordinary"
	if known {
		compartment = f.Compartment
	}
	month, state := e.Day[:min(len(e.Day), len("2006-01"))], cmp.Or(e.Review, "centre")
	err := l.tx.Exec("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, 7, ?, ?, 0, ?)",
		rec, e.ID, e.Form, e.Unit, compartment, e.Day, e.Arrived, e.Arrived, e.Review, state, e.Unread)
	if err == nil {
		err = l.tx.Exec("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1", e.Form, month, e.Unit, compartment, state, viet.DayOf(e.Arrived))
	}
	if err == nil {
		err = l.tx.Exec("INSERT INTO holdings VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1", e.Form, e.Unit, compartment)
	}
	if err != nil || e.Unread || !known {
		return err
	}
	rows := map[[2]string]map[string]any{{"", ""}: {"_unit": e.Unit, "_month": month, "_day": e.Day, "_arrived": e.Arrived, "_approved": e.Review == record.ReviewApproved}}
	for path, text := range e.Values {
		field, ok := f.Field(path)
		if !ok || field.Sealed() || text == "" {
			continue
		}
		at := [2]string{field.Repeat, ""}
		if field.Repeat != "" {
			at[1], _, _ = strings.Cut(strings.TrimPrefix(path, field.Repeat+"/"), "/")
		}
		if rows[at] == nil {
			rows[at] = map[string]any{"row": at[1]}
		}
		rows[at][flat(below(field))] = value(field, text)
	}
	for at, columns := range rows {
		table := "f_" + e.Form
		if at[0] != "" {
			table = "r_" + e.Form + "__" + flat(at[0])
		}
		if err := l.insert(table, rec, columns); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) insert(table string, rec int64, columns map[string]any) error {
	names := slices.Sorted(maps.Keys(columns))
	query, args := `INSERT INTO "`+table+`" (rec`, []any{rec}
	for _, name := range names {
		query += `, "` + name + `"`
		args = append(args, columns[name])
	}
	return l.tx.Exec(query+") VALUES (?"+strings.Repeat(", ?", len(names))+")", args...)
}

func value(field *form.Field, text string) any {
	places := map[form.Type]int{form.TypeInt: 0, form.TypeDecimal: form.Thousandths}
	if p, number := places[field.Type]; number {
		if n, ok := form.Scaled(text, p); ok {
			return n
		}
	}
	return text
}
