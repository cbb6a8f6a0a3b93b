package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

const insertItem = "INSERT INTO item(weight) VALUES(?)"

func TestUpdateIsAllOrNothing(t *testing.T) {
	errNo := errors.New("no")
	for _, c := range []struct {
		name string
		f    func(*sqlite.Tx) error
		want int64
	}{
		{"returns nil", func(tx *sqlite.Tx) error { return nil }, 1},
		{"returns an error", func(tx *sqlite.Tx) error { return errNo }, 0},
		{"panics", func(tx *sqlite.Tx) error { panic(errNo) }, 0},
		{"ends its goroutine", func(tx *sqlite.Tx) error { runtime.Goexit(); return nil }, 0},
		{"leaves rows open", func(tx *sqlite.Tx) error { tx.Query("SELECT id FROM box").Next(); return nil }, 1},
		{"leaves rows open in a panic", func(tx *sqlite.Tx) error { tx.Query("SELECT id FROM box").Next(); panic(errNo) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := fresh(t)
			var err error
			var work sync.WaitGroup
			work.Go(func() {
				defer func() {
					if p := recover(); p != nil {
						err = p.(error)
					}
				}()
				err = db.Update(context.Background(), func(tx *sqlite.Tx) error {
					if err := tx.Exec(insertItem, 1); err != nil {
						return err
					}
					return c.f(tx)
				})
			})
			work.Wait()
			if err != nil && !errors.Is(err, errNo) {
				t.Errorf("%v", err)
			}
			if got := count(t, db); got != c.want {
				t.Errorf("%d items, want %d", got, c.want)
			}
			update(t, db, func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 2) })
		})
	}
}

func TestAViewIsOneMoment(t *testing.T) {
	db := fresh(t)
	view(t, db, func(tx *sqlite.Tx) error {
		before, err := tx.One("SELECT count(*) FROM item")
		if err != nil {
			return err
		}
		update(t, db, func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 1) })
		after, err := tx.One("SELECT count(*) FROM item")
		if err != nil {
			return err
		}
		if before.Int64(0) != 0 || after.Int64(0) != 0 {
			t.Errorf("saw %d, then %d", before.Int64(0), after.Int64(0))
		}
		return nil
	})
	if got := count(t, db); got != 1 {
		t.Errorf("the next View sees %d", got)
	}
}

func TestAViewCannotWrite(t *testing.T) {
	db := fresh(t)
	err := db.View(t.Context(), func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 1) })
	if err == nil || count(t, db) != 0 {
		t.Errorf("it wrote: %v", err)
	}
}

type grams int64

func TestArgumentsAndColumns(t *testing.T) {
	db := fresh(t)
	update(t, db, func(tx *sqlite.Tx) error {
		for _, c := range []struct {
			column string
			arg    any
			check  func(sqlite.Row) bool
		}{
			{"weight", int64(math.MaxInt64), func(r sqlite.Row) bool { return r.Int64(0) == math.MaxInt64 }},
			{"weight", 7, func(r sqlite.Row) bool { return r.Int64(0) == 7 && !r.Null(0) }},
			{"weight", uint8(7), func(r sqlite.Row) bool { return r.Int64(0) == 7 }},
			{"weight", grams(7), func(r sqlite.Row) bool { return r.Int64(0) == 7 }},
			{"weight", clock.WallMillis(1 << 40), func(r sqlite.Row) bool { return r.Int64(0) == 1<<40 }},
			{"weight", true, func(r sqlite.Row) bool { return r.Bool(0) }},
			{"weight", false, func(r sqlite.Row) bool { return !r.Bool(0) && !r.Null(0) }},
			{"weight", nil, func(r sqlite.Row) bool { return r.Null(0) && r.Int64(0) == 0 && r.Text(0) == "" && r.Bytes(0) == nil }},
			{"price", 1.5, func(r sqlite.Row) bool { return r.Float64(0) == 1.5 }},
			{"price", float32(1.5), func(r sqlite.Row) bool { return r.Float64(0) == 1.5 }},
			{"name", "Bản Làng", func(r sqlite.Row) bool { return r.Text(0) == "Bản Làng" }},
			{"name", "", func(r sqlite.Row) bool { return r.Text(0) == "" && !r.Null(0) }},
			{"name", "a\x00b", func(r sqlite.Row) bool { return r.Text(0) == "a\x00b" }},
			{"name", fault.Busy, func(r sqlite.Row) bool { return r.Text(0) == "busy" }},
			{"body", []byte("\x00\xff"), func(r sqlite.Row) bool { return bytes.Equal(r.Bytes(0), []byte("\x00\xff")) }},
			{"body", []byte{}, func(r sqlite.Row) bool { return r.Bytes(0) != nil && len(r.Bytes(0)) == 0 }},
			{"body", []byte(nil), func(r sqlite.Row) bool { return r.Null(0) }},
		} {
			done, err := tx.ExecResult("INSERT INTO item("+c.column+") VALUES(?)", c.arg)
			if err != nil || done.Changes != 1 {
				t.Errorf("%T %v: %+v %v", c.arg, c.arg, done, err)
				continue
			}
			row, err := tx.One("SELECT "+c.column+" FROM item WHERE id = ?", done.RowID)
			if err != nil || !c.check(row) {
				t.Errorf("%s: %T %v came back otherwise (%v)", c.column, c.arg, c.arg, err)
			}
		}
		for _, bad := range [][]any{{}, {1, 2}, {struct{}{}}, {uint64(math.MaxUint64)}, {[]int{1}}} {
			if err := tx.Exec(insertItem, bad...); err == nil {
				t.Errorf("%v was taken", bad)
			}
		}
		return nil
	})
}

func TestAColumnReadAsAnotherType(t *testing.T) {
	db := fresh(t)
	misread := func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT 'text'")
		if err == nil && row.Int64(0) != 0 {
			t.Error("a text gave a number")
		}
		return err
	}
	err := db.Update(t.Context(), func(tx *sqlite.Tx) error { return errors.Join(tx.Exec(insertItem, 1), misread(tx)) })
	if err == nil || count(t, db) != 0 {
		t.Errorf("Update committed what was misread: %v", err)
	}
	if err := db.View(t.Context(), misread); err == nil {
		t.Error("View did not tell")
	}
}

func TestOneRow(t *testing.T) {
	db := fresh(t)
	view(t, db, func(tx *sqlite.Tx) error {
		if _, err := tx.One("SELECT id FROM item"); !errors.Is(err, sqlite.ErrNoRow) {
			t.Errorf("no row: %v", err)
		}
		if _, err := tx.One("SELECT id FROM nothing"); err == nil || errors.Is(err, sqlite.ErrNoRow) {
			t.Errorf("no table: %v", err)
		}
		first, err := tx.One("SELECT id FROM box WHERE id = ?", 1)
		if err != nil {
			return err
		}
		second, err := tx.One("SELECT id FROM box WHERE id = ?", 2)
		if first.Int64(0) != 1 || second.Int64(0) != 2 {
			t.Errorf("read %d and %d", first.Int64(0), second.Int64(0))
		}
		return err
	})
}

// TestTheSameTextInItself walks a tree with one query text, and writes between its
// rows.
func TestTheSameTextInItself(t *testing.T) {
	db := fresh(t)
	const children = "SELECT id FROM item WHERE weight = ? ORDER BY id"
	update(t, db, func(tx *sqlite.Tx) error {
		for id := int64(1); id <= 31; id++ {
			if err := tx.Exec("INSERT INTO item(id, weight) VALUES(?, ?)", id, id/2); err != nil {
				return err
			}
		}
		return nil
	})
	var order []int64
	var walk func(tx *sqlite.Tx, parent int64) error
	walk = func(tx *sqlite.Tx, parent int64) error {
		rows := tx.Query(children, parent)
		for rows.Next() {
			order = append(order, rows.Int64(0))
			if err := tx.Exec("UPDATE box SET total = total + 1 WHERE id = 1"); err != nil {
				return err
			}
			if err := walk(tx, rows.Int64(0)); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	update(t, db, func(tx *sqlite.Tx) error { return walk(tx, 0) })
	if len(order) != 31 || order[4] != 16 || order[30] != 31 {
		t.Errorf("walked %v", order)
	}
	if got := number(t, db, "SELECT total FROM box WHERE id = 1"); got != 31 {
		t.Errorf("counted %d", got)
	}
}

func TestOneTextIsOneStatement(t *testing.T) {
	db := fresh(t)
	for text, several := range map[string]bool{
		"SELECT 1":                                         false,
		"SELECT 1;":                                        false,
		"SELECT 1; \n -- the end":                          false,
		"SELECT 1; /* ; */ ;":                              false,
		"SELECT ';' -- ; no":                               false,
		"SELECT 'it''s; so' /* a;b */":                     false,
		`SELECT ";" FROM (SELECT 1 AS ";")`:                false,
		"SELECT [;] FROM (SELECT 1 AS [;])":                false,
		"-- why\nSELECT 1":                                 false,
		"SELECT 1; SELECT 2":                               true,
		"SELECT 1;/**/SELECT 2":                            true,
		"SELECT ';'; SELECT 2":                             true,
		"INSERT INTO item(id) VALUES(1); DELETE FROM item": true,
	} {
		err := db.Update(t.Context(), func(tx *sqlite.Tx) error { return tx.Exec(text) })
		if (err != nil) != several {
			t.Errorf("%q: %v", text, err)
		}
	}
	update(t, db, func(tx *sqlite.Tx) error {
		return tx.Script("INSERT INTO item(id) VALUES(1); DELETE FROM item; -- done")
	})
}

// TestManyTexts makes more texts than a connection keeps, with one of them at work.
func TestManyTexts(t *testing.T) {
	db := fresh(t)
	view(t, db, func(tx *sqlite.Tx) error {
		boxes := tx.Query("SELECT id FROM box ORDER BY id")
		for boxes.Next() {
			for i := range 600 {
				row, err := tx.One(fmt.Sprintf("SELECT %d", i))
				if err != nil || row.Int64(0) != int64(i) {
					return fmt.Errorf("%d: %d %w", i, row.Int64(0), err)
				}
			}
		}
		return boxes.Err()
	})
}

func TestAStatementThatIsRefused(t *testing.T) {
	db := fresh(t)
	update(t, db, func(tx *sqlite.Tx) error {
		if err := tx.Exec("INSERT INTO item(id, weight) VALUES(1, 1)"); err != nil {
			return err
		}
		for _, text := range []string{"INSERT INTO item(id) VALUES(1)", "INSERT INTO item(weight) VALUES(-1)"} {
			if err := tx.Exec(text); !sqlite.IsConstraint(err) {
				t.Errorf("%s: %v", text, err)
			}
		}
		if err := tx.Exec("INSERT INTO nothing VALUES(1)"); err == nil || sqlite.IsConstraint(err) || !strings.Contains(err.Error(), "nothing") {
			t.Errorf("a mistake of ours: %v", err)
		}
		return tx.Exec("INSERT INTO item(id, weight) VALUES(2, 2)")
	})
	if got := count(t, db); got != 2 {
		t.Errorf("%d items", got)
	}
}

// TestARefusalAtTheEnd commits a row that refers to none: the outcome is known.
func TestARefusalAtTheEnd(t *testing.T) {
	db := fresh(t)
	err := db.Update(t.Context(), func(tx *sqlite.Tx) error { return tx.Exec("INSERT INTO item(box) VALUES(77)") })
	if !sqlite.IsConstraint(err) || errors.Is(err, sqlite.ErrOutcomeUnknown) {
		t.Errorf("%v", err)
	}
	update(t, db, func(tx *sqlite.Tx) error { return tx.Exec("INSERT INTO item(box) VALUES(2)") })
	if got := count(t, db); got != 1 {
		t.Errorf("%d items", got)
	}
}

func TestAContextThatEnds(t *testing.T) {
	db := fresh(t)
	t.Run("while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		update(t, db, func(*sqlite.Tx) error {
			cancel()
			if err := db.Update(ctx, func(*sqlite.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
			return nil
		})
	})
	t.Run("in an Update that does not listen", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Update(ctx, func(tx *sqlite.Tx) error {
			tx.Exec(insertItem, 1)
			cancel()
			tx.Exec(insertItem, 2)
			return nil
		})
		if !errors.Is(err, context.Canceled) || count(t, db) != 0 {
			t.Errorf("%v, %d items", err, count(t, db))
		}
	})
	t.Run("in the middle of a statement of a View", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.View(ctx, func(tx *sqlite.Tx) error {
			rows := tx.Query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n WHERE i=1 OR i<0")
			rows.Next()
			cancel()
			rows.Next() // would never come back
			return rows.Err()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if got := count(t, db); got != 0 {
			t.Errorf("%d items", got)
		}
	})
}

func TestATransactionThatIsOver(t *testing.T) {
	db := fresh(t)
	var kept *sqlite.Tx
	var rows *sqlite.Rows
	update(t, db, func(tx *sqlite.Tx) error {
		kept, rows = tx, tx.Query("SELECT id FROM box")
		return nil
	})
	if rows.Next() {
		t.Error("rows outlived it")
	}
	if err := kept.Exec(insertItem, 1); err == nil {
		t.Error("it still works")
	}
	if err := kept.Script("DELETE FROM item"); err == nil {
		t.Error("it still works")
	}
	if _, err := kept.One("SELECT 1"); err == nil {
		t.Error("it still works")
	}
}
