package pivot

import (
	"path/filepath"
	"testing"

	"banlang/shared/sqlite"
)

// TestListsAreReadAsTheyWere: whatever stands in a column comes out of json_group_array as it was, in its order.
func TestListsAreReadAsTheyWere(t *testing.T) {
	want := []value{
		{kind: aText, text: "2026-11"}, {kind: aNumber, number: 0}, {kind: aNumber, number: -9_223_372_036_854_775_808}, {}, {kind: aText}, {kind: other},
		{kind: aText, text: `"],[\`}, {kind: aText, text: "a\"b\\c\n\t\x00\x1f/"}, {kind: aText, text: "Buôn Đôn, 1\u2028😀"}, {kind: aText, text: "12"}, {kind: aText, text: "null"},
	}
	schema := sqlite.Schema{ApplicationID: 1, Migrations: []sqlite.Migration{"CREATE TABLE t (n INTEGER PRIMARY KEY, v ANY) STRICT"}}
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "t.db")}, schema)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(t.Context(), func(tx *sqlite.Tx) error {
		for i, v := range want {
			if err := tx.Exec("INSERT INTO t VALUES (?, ?)", i, map[kind]any{nothing: nil, aNumber: v.number, aText: v.text, other: 1.5}[v.kind]); err != nil {
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
			l := newList(row.Text(0))
			for i := range n {
				if !l.more() {
					t.Fatalf("%d of %d values", i, n)
				}
				if v, err := l.next(); err != nil || v != want[i] {
					t.Errorf("%d: %+v %v, want %+v", i, v, err, want[i])
				}
			}
			if l.more() {
				t.Errorf("more than %d values", n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, damaged := range []string{"[", `["`, `["a`, "[1", ""} {
		if l := newList(damaged); l.more() {
			if v, err := l.next(); err == nil {
				t.Errorf("%q gives %+v", damaged, v)
			}
		}
	}
}
