package projection

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// ErrDifferent is the base of what Check finds: the tables say something else than the log.
var ErrDifferent = errors.New("projection: the tables differ from a rebuild")

// checkTries is how often Check tries to have both at the same place of a log that goes on.
const checkTries = 20

// Check draws everything anew beside the file ("<path>.check"), and holds it against the tables, row by row. It names the
// first difference; fault.Busy says that the log went on too quickly. The file itself is checked for damage first. It takes
// as long and as much room as a rebuild; others go on meanwhile.
func (p *Projection) Check(ctx context.Context) (err error) {
	if err := p.checkFile(ctx); err != nil {
		return err
	}
	o := p.o
	o.Path += ".check"
	if err := removeFile(o.Path); err != nil {
		return err
	}
	fresh, err := Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fresh.Close(), removeFile(o.Path)) }()
	for range checkTries {
		if err := errors.Join(fresh.catchUp(ctx, false), p.catchUp(ctx, false)); err != nil {
			return err
		}
		equal := false
		err := p.View(ctx, func(a *sqlite.Tx) error {
			return fresh.View(ctx, func(b *sqlite.Tx) (err error) {
				if equal, err = samePlace(a, b); !equal || err != nil {
					return err
				}
				return compare(a, b)
			})
		})
		if equal || err != nil {
			return err
		}
	}
	return fault.New(fault.Busy, "projection.Check", errors.New("the log goes on"))
}

func (p *Projection) checkFile(ctx context.Context) error {
	p.opened.RLock()
	defer p.opened.RUnlock()
	if p.db == nil {
		return sqlite.ErrClosed
	}
	return p.db.Check(ctx, false)
}

func samePlace(a, b *sqlite.Tx) (bool, error) {
	x, err := readPlace(a)
	if err != nil {
		return false, err
	}
	y, err := readPlace(b)
	return x == y, err
}

// compare reports the first difference of two files that are at the same place.
func compare(a, b *sqlite.Tx) error {
	for _, t := range []struct{ what, columns, from string }{
		{"records", rowColumns, "records ORDER BY rec"},
		{"cells", "form, month, unit, compartment, state, came, n", "cells ORDER BY form, month, unit, compartment, state, came"},
		{"holdings", "form, unit, compartment, n", "holdings ORDER BY form, unit, compartment"},
		{"forms", "form, sum, redo", "forms WHERE sum <> x'' ORDER BY form"},
		{"search", "term, doc", "vocabulary ORDER BY term"},
	} {
		text := "SELECT " + quotes(strings.Split(t.columns, ", ")) + " FROM " + t.from
		if err := compareRows(a, b, t.what, text, text); err != nil {
			return err
		}
	}
	x, err := answerTables(a)
	if err != nil {
		return err
	}
	y, err := answerTables(b)
	if err != nil {
		return err
	}
	for _, key := range slices.SortedFunc(maps.Keys(merged(x, y)), tableKey.compare) {
		if err := compareAnswers(a, b, key, x[key], y[key]); err != nil {
			return err
		}
	}
	return nil
}

func (k tableKey) compare(l tableKey) int {
	return cmp.Or(strings.Compare(k.form, l.form), strings.Compare(k.repeat, l.repeat))
}

// answerTables reads which tables of forms there are, and their columns by question.
func answerTables(tx *sqlite.Tx) (map[tableKey]map[string]string, error) {
	tables := map[tableKey]map[string]string{}
	rows := tx.Query("SELECT form, repeat, question, name FROM columns")
	for rows.Next() {
		key := tableKey{rows.Text(0), rows.Text(1)}
		if tables[key] == nil {
			tables[key] = map[string]string{}
		}
		if q := rows.Text(2); q != "" {
			tables[key][q] = rows.Text(3)
		}
	}
	return tables, rows.Err()
}

func merged[K comparable, V any](a, b map[K]V) map[K]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// compareAnswers compares a table of a form. A table or column that only one has is one without answers: it was made for
// records that are gone.
func compareAnswers(a, b *sqlite.Tx, key tableKey, x, y map[string]string) error {
	questions := slices.Sorted(maps.Keys(merged(x, y)))
	system := systemColumns[key.repeat == ""]
	text := func(columns map[string]string) string {
		names, from := quoteAll(system), Quote(tableOf(key.form, key.repeat))
		if columns == nil { // no such table
			names, from = slices.Repeat([]string{"NULL"}, len(system)), "(SELECT 1) WHERE FALSE"
		}
		order := strings.Join(names[:2], ", ")
		for _, q := range questions {
			name := "NULL"
			if columns[q] != "" {
				name = Quote(columns[q])
			}
			names = append(names, name)
		}
		return "SELECT " + quotes(names) + " FROM " + from + " ORDER BY " + order
	}
	return compareRows(a, b, tableOf(key.form, key.repeat), text(x), text(y))
}

func quoteAll(names []string) (out []string) {
	for _, n := range names {
		out = append(out, Quote(n))
	}
	return out
}

// quotes selects columns as text that tells every value from every other.
func quotes(columns []string) string {
	return "quote(" + strings.Join(columns, "), quote(") + ")"
}

// compareRows holds the rows of a query against those of another, which has as many columns.
func compareRows(a, b *sqlite.Tx, what, first, second string) error {
	x, y := a.Query(first), b.Query(second)
	defer x.Close()
	defer y.Close()
	columns := strings.Count(first, "quote(")
	for {
		moreX, moreY := x.Next(), y.Next()
		if err := errors.Join(x.Err(), y.Err()); err != nil {
			return err
		}
		switch {
		case !moreX && !moreY:
			return nil
		case !moreY:
			return fmt.Errorf("%w: %s has a row too many: %s", ErrDifferent, what, x.Text(0))
		case !moreX:
			return fmt.Errorf("%w: %s lacks a row: %s", ErrDifferent, what, y.Text(0))
		}
		for i := range columns {
			if left, right := x.Text(i), y.Text(i); left != right {
				return fmt.Errorf("%w: %s, row %s, column %d: %s, and is to be %s", ErrDifferent, what, x.Text(0), i+1, left, right)
			}
		}
	}
}
