package projection_test

import (
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
