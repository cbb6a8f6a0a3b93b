package sqlite_test

import (
	"crypto/rand"
	"database/sql/driver"
	"path/filepath"
	"slices"
	"testing"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"banlang/shared/sqlite"
)

const (
	rowsPerTx = 1000
	bodyBytes = 600
	insertRow = "INSERT INTO item(id, body) VALUES(?, ?)"
)

// BenchmarkInsert writes transactions of 1,000 rows through Tx and, in turns, through
// the bare driver: one statement prepared once, the same settings, a file of its own.
// Medians, so that another program on the machine does not decide.
func BenchmarkInsert(b *testing.B) {
	body := make([]byte, bodyBytes)
	rand.Read(body)
	ours, bare := throughTx(b, body), throughDriver(b, body)
	var oursTook, bareTook []time.Duration
	for id := int64(1); b.Loop(); id += rowsPerTx {
		started := time.Now()
		ours(id)
		middle := time.Now()
		bare(id)
		oursTook, bareTook = append(oursTook, middle.Sub(started)), append(bareTook, time.Since(middle))
	}
	one, two := median(oursTook), median(bareTook)
	b.ReportMetric(rowsPerTx/one.Seconds(), "rows/s")
	b.ReportMetric(rowsPerTx/two.Seconds(), "driver-rows/s")
	b.ReportMetric(100*(one.Seconds()/two.Seconds()-1), "overhead-%")
}

func median(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[len(took)/2]
}

// throughTx returns a function that writes one transaction.
func throughTx(b *testing.B, body []byte) func(id int64) {
	db := open(b, sqlite.Options{Path: filepath.Join(memoryDir(b), "a.db")}, schema)
	return func(from int64) {
		update(b, db, func(tx *sqlite.Tx) error {
			for id := from; id < from+rowsPerTx; id++ {
				if err := tx.Exec(insertRow, id, body); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// throughDriver does the same without us.
func throughDriver(b *testing.B, body []byte) func(id int64) {
	path := filepath.Join(memoryDir(b), "a.db")
	if err := open(b, sqlite.Options{Path: path}, schema).Close(); err != nil {
		b.Fatal(err)
	}
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	opened, err := new(sqlite3.SQLiteDriver).Open("file:" + path)
	must(err)
	conn := opened.(*sqlite3.SQLiteConn)
	b.Cleanup(func() { conn.Close() })
	exec := func(text string) {
		_, err := conn.Exec(text, nil)
		must(err)
	}
	exec("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON; PRAGMA cache_size=-4096")
	prepared, err := conn.Prepare(insertRow)
	must(err)
	b.Cleanup(func() { prepared.Close() })
	stmt := prepared.(*sqlite3.SQLiteStmt)
	return func(from int64) {
		exec("BEGIN IMMEDIATE")
		for id := from; id < from+rowsPerTx; id++ {
			_, err := stmt.Exec([]driver.Value{id, body})
			must(err)
		}
		exec("COMMIT")
	}
}

// BenchmarkOne reads one row by its key, with a body, as folding a record does.
func BenchmarkOne(b *testing.B) {
	db := fresh(b)
	update(b, db, func(tx *sqlite.Tx) error {
		for id := range 1000 {
			if err := tx.Exec(insertRow, id, make([]byte, bodyBytes)); err != nil {
				return err
			}
		}
		return nil
	})
	b.ReportAllocs()
	view(b, db, func(tx *sqlite.Tx) error {
		for n := 0; b.Loop(); n++ {
			row, err := tx.One("SELECT id, body FROM item WHERE id = ?", n%1000)
			if err != nil || len(row.Bytes(1)) != bodyBytes {
				b.Fatal(err)
			}
		}
		return nil
	})
}
