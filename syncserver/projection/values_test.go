package projection_test

import (
	"errors"
	"path/filepath"
	"testing"

	"banlang/shared/sqlite"
	"banlang/syncserver/projection"
)

// TestListsAreReadAsTheyWere: whatever stands in a column comes out of json_group_array as it was, in its order.
func TestListsAreReadAsTheyWere(t *testing.T) {
	want := []projection.Value{
		{Kind: projection.Text, Text: "2026-11"}, {Kind: projection.Number, Number: 0}, {Kind: projection.Number, Number: -9_223_372_036_854_775_808}, {}, {Kind: projection.Text}, {Kind: projection.Other},
		{Kind: projection.Text, Text: `"],[\`}, {Kind: projection.Text, Text: "a\"b\\c\n\t\x00\x1f/"}, {Kind: projection.Text, Text: "Buôn Đôn, 1\u2028😀"}, {Kind: projection.Text, Text: "12"}, {Kind: projection.Text, Text: "null"},
	}
	schema := sqlite.Schema{ApplicationID: 1, Migrations: []sqlite.Migration{"CREATE TABLE t (n INTEGER PRIMARY KEY, v ANY) STRICT"}}
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "t.db")}, schema)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(t.Context(), func(tx *sqlite.Tx) error {
		for i, v := range want {
			if err := tx.Exec("INSERT INTO t VALUES (?, ?)", i, map[projection.Kind]any{projection.Nothing: nil, projection.Number: v.Number, projection.Text: v.Text, projection.Other: 1.5}[v.Kind]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(want) + 1 { // every length, none too
		err := db.View(t.Context(), func(tx *sqlite.Tx) error {
			row, err := tx.One("SELECT json_group_array(v) FROM (SELECT v FROM t WHERE n < ? ORDER BY n)", n)
			if err != nil {
				return err
			}
			l := projection.NewValues(row.Text(0))
			for i := range n {
				if !l.More() {
					t.Fatalf("%d of %d values", i, n)
				}
				if v, err := l.Next(); err != nil || v != want[i] {
					t.Errorf("%d: %+v %v, want %+v", i, v, err, want[i])
				}
			}
			if l.More() {
				t.Errorf("more than %d values", n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, damaged := range []string{"[", `["`, `["a`, "[1", ""} {
		if l := projection.NewValues(damaged); l.More() {
			if v, err := l.Next(); err == nil {
				t.Errorf("%q gives %+v", damaged, v)
			}
		}
	}
}

// TestEachList: every row is visited in its order, a visit that fails ends it, and the transaction goes on with other things afterwards.
func TestEachList(t *testing.T) {
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "t.db")}, sqlite.Schema{ApplicationID: 1, Migrations: []sqlite.Migration{"SELECT 1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const many = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT 'x', json_group_array(i), json_group_array(-i) FROM n GROUP BY i / 3`
	enough := errors.New("enough")
	for name, last := range map[string]int{"to the end": 334, "left early": 5} {
		err := db.View(t.Context(), func(tx *sqlite.Tx) error {
			seen, n := 0, int64(0)
			err := projection.EachList(tx, 2, func(_ string, lists []projection.Values) error {
				if seen == last {
					return enough
				}
				seen++
				for lists[0].More() {
					a, _ := lists[0].Next()
					b, _ := lists[1].Next()
					if a.Number != n || b.Number != -n {
						t.Fatalf("%s: %d and %d, want %d", name, a.Number, b.Number, n)
					}
					n++
				}
				return nil
			}, many)
			if seen != last || errors.Is(err, enough) != (last < 334) {
				t.Errorf("%s: %d rows, %v", name, seen, err)
			}
			if row, err := tx.One("SELECT 7"); err != nil || row.Int64(0) != 7 {
				t.Errorf("%s: afterwards %v", name, err)
			}
			return projection.EachList(tx, 1, func(string, []projection.Values) error { return nil }, "SELECT no such thing")
		})
		if err == nil {
			t.Errorf("%s: a query that is none succeeds", name)
		}
	}
}
