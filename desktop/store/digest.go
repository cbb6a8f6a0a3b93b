package store

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/sqlite"
)

// A tableOf is a table with content of its own: virtual ones keep theirs in others.
type tableOf struct {
	name    string
	columns []string
}

func tables(tx *sqlite.Tx) ([]tableOf, error) {
	var all []tableOf
	rows := tx.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`)
	for rows.Next() {
		all = append(all, tableOf{name: rows.Text(0)})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range all {
		columns := tx.Query(`SELECT name FROM pragma_table_info(?) ORDER BY cid`, all[i].name)
		for columns.Next() {
			all[i].columns = append(all[i].columns, columns.Text(0))
		}
		if err := columns.Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func asName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// content is a query for all rows of a table in the order in which they lie: type and bytes of each column.
func (t tableOf) content() string {
	var b strings.Builder
	b.WriteString("SELECT ")
	for i, c := range t.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		c = asName(c)
		fmt.Fprintf(&b, "typeof(%[1]s), CAST(iif(typeof(%[1]s) = 'real', quote(%[1]s), %[1]s) AS BLOB)", c)
	}
	return b.String() + " FROM " + asName(t.name) + " NOT INDEXED"
}

// rows counts the rows of all tables.
func rows(ctx context.Context, db *sqlite.DB) (n int64, err error) {
	err = db.View(ctx, func(tx *sqlite.Tx) error {
		all, err := tables(tx)
		if err != nil {
			return err
		}
		for _, t := range all {
			row, err := tx.One("SELECT count(*) FROM " + asName(t.name))
			if err != nil {
				return err
			}
			n += row.Int64(0)
		}
		return nil
	})
	return n, err
}

// tellEvery is how many rows are read between two reports.
const tellEvery = 5000

// digest is the BLAKE2b-256 of everything that a database holds: its schema with its marks, and of each table every value of
// every row with its type. told is called with the number of rows read since it was called last.
func digest(ctx context.Context, db *sqlite.DB, told func(rows int64)) (sum [32]byte, err error) {
	h, err := blake2b.New256(nil)
	if err != nil {
		return sum, err
	}
	text, err := db.SchemaDump(ctx)
	if err != nil {
		return sum, err
	}
	fmt.Fprintf(h, "%d %s", len(text), text)
	err = db.View(ctx, func(tx *sqlite.Tx) error {
		all, err := tables(tx)
		if err != nil {
			return err
		}
		for _, t := range all {
			fmt.Fprintf(h, "\ntable %q %q", t.name, t.columns)
			n := int64(0)
			rows := tx.Query(t.content())
			for rows.Next() {
				for i := range t.columns {
					value := rows.Bytes(2*i + 1)
					fmt.Fprintf(h, " %s %d ", rows.Text(2*i), len(value))
					h.Write(value)
				}
				if n++; n%tellEvery == 0 {
					told(tellEvery)
				}
			}
			if err := rows.Err(); err != nil {
				return err
			}
			told(n % tellEvery)
		}
		return nil
	})
	h.Sum(sum[:0])
	return sum, err
}
