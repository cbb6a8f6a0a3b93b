package sqlite_test

import (
	"path/filepath"
	"slices"
	"testing"

	"banlang/shared/sqlite"
)

// TestList: whatever the texts hold, those and no others are found; of no list nothing is.
func TestList(t *testing.T) {
	schema := sqlite.Schema{ApplicationID: 1, Migrations: []sqlite.Migration{"CREATE TABLE t (n INTEGER PRIMARY KEY, v TEXT) STRICT"}}
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "t.db")}, schema)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	texts := []string{"", "Buôn Đôn", `a","b`, "'; --", "null", "<&>"}
	err = db.Update(t.Context(), func(tx *sqlite.Tx) error {
		for i, v := range append(texts, "another") {
			if err := tx.Exec("INSERT INTO t VALUES (?, ?)", i, v); err != nil {
				return err
			}
		}
		for _, some := range [][]string{texts, texts[2:4], {}, nil} {
			found := []string{}
			rows := tx.Query("SELECT v FROM t WHERE v IN (SELECT value FROM json_each(?)) ORDER BY n", sqlite.List(some))
			for rows.Next() {
				found = append(found, rows.Text(0))
			}
			if !slices.Equal(found, append([]string{}, some...)) || rows.Err() != nil {
				t.Errorf("of %q there are %q, %v", some, found, rows.Err())
			}
		}
		row, err := tx.One("SELECT sum(value), count(*) FROM json_each(?)", sqlite.List([]int64{1 << 62, 1, -5}))
		if err != nil || row.Int64(0) != 1<<62-4 || row.Int64(1) != 3 {
			t.Errorf("%d of %d numbers, %v", row.Int64(0), row.Int64(1), err)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
