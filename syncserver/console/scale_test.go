package console_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// manyRecords are the records of a country in four years.
const manyRecords = 1_000_000

// units are the real lists and boundaries, where they are.
var units = filepath.Join("..", "..", "..", "shared", "data", "units")

// crowd fills the tables of the centre with records of a country, without a log behind them.
func (h *house) crowd(b *testing.B) {
	b.Helper()
	list, err := os.ReadFile(filepath.Join(units, "units_2025.csv"))
	if err != nil {
		b.Skip("there is no list of units beside the project")
	}
	if a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: list}}); len(a.Altered.Problems) > 0 {
		b.Fatal(a.Altered.Problems)
	}
	n := h.notebook("C1")
	for _, form := range []string{"awareness_session", "citizen_reception"} {
		n.write(form, record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-01")
	}
	tree, err := h.centre.Units(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var communes []string
	for _, u := range tree.At("2026-11-19").Level("commune") {
		communes = append(communes, u.Code)
	}
	codes, _ := json.Marshal(communes)
	db, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(h.dir, "views.db")}, sqlite.Schema{ApplicationID: 0x424c6278, Migrations: []sqlite.Migration{"SELECT 1"}})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	// Record i is of one commune after the other, of a day that goes round in four years, and came some days after it; of each ten
	// one is returned and six are approved.
	numbers := fmt.Sprintf(`WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < %d), r AS (SELECT k.value AS unit,
		iif(i %% 20 < 11, 'awareness_session', 'citizen_reception') AS form, date('2022-12-01', '+' || (i * 7919 %% 1440) || ' days') AS day,
		(unixepoch('2022-12-01') + (i * 7919 %% 1440 + i %% 40) * 86400) * 1000 AS arrived, CASE WHEN i %% 10 < 6 THEN 'approved' WHEN i %% 10 = 7 THEN 'returned' ELSE '' END AS review
		FROM n JOIN temp.k ON k.key = i %% %d ORDER BY arrived), o AS (SELECT *, row_number() OVER () + 1000000 AS rec FROM r) `, manyRecords-1, len(communes))
	err = db.Update(b.Context(), func(tx *sqlite.Tx) error {
		if err := tx.Exec("CREATE TEMP TABLE k (key INTEGER PRIMARY KEY, value TEXT)"); err != nil {
			return err
		}
		if err := tx.Exec("INSERT INTO temp.k SELECT key, value FROM json_each(?)", string(codes)); err != nil {
			return err
		}
		for _, q := range []string{
			`INSERT INTO records SELECT rec, 'x' || rec, '24-' || rec, form, '0123456789abcdef', unit, 'ordinary', day, arrived, arrived, arrived, 24, 'pq.diem', 'Họp thôn về phòng, chống ma túy, ngày ' || day, review, iif(review = '', 'centre', review), 0, 0, 0 FROM o`,
			`INSERT INTO cells SELECT substr(day, 1, 7), unit, form, compartment, state, count(*) FROM records WHERE rec >= 1000000 GROUP BY 1, 2, 3, 4, 5`,
			`INSERT INTO f_awareness_session (rec, _unit, _month, _day, _arrived, _approved, participants_total) SELECT rec, unit, substr(day, 1, 7), day, arrived, review = 'approved', rec % 80 FROM records WHERE rec >= 1000000 AND form = 'awareness_session'`,
			`INSERT INTO f_citizen_reception (rec, _unit, _month, _day, _arrived, _approved) SELECT rec, unit, substr(day, 1, 7), day, arrived, review = 'approved' FROM records WHERE rec >= 1000000 AND form = 'citizen_reception'`,
		} {
			if strings.HasSuffix(q, " FROM o") {
				q = numbers + q
			}
			if err := tx.Exec(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// bordersOf imports real boundaries.
func (h *house) bordersOf(b *testing.B, file string) {
	b.Helper()
	text, err := os.ReadFile(filepath.Join(units, file))
	if err != nil {
		b.Fatal(err)
	}
	l, err := boundary.Read(text)
	if err == nil {
		l.Name = file
		text, err = boundary.Encode([]*boundary.Layer{l})
	}
	if err != nil {
		b.Fatal(err)
	}
	h.asks(centre.Request{PutBoundaries: &centre.PutBoundaries{Layer: text}})
}

// BenchmarkPagesOfACountry measures pages over a million records of 3,321 communes, for the whole country, as the browser gets
// them over TLS.
func BenchmarkPagesOfACountry(b *testing.B) {
	h := opened(b)
	h.crowd(b)
	h.bordersOf(b, "prov.topo.json")
	h.bordersOf(b, "wards1.5.topo.json")
	who := h.as("tw", "VN", staff.Review)
	for _, path := range []string{"/grid", "/grid?unit=52", "/grid?plan=profile", "/stale", "/stale?unit=52", "/map?what=AW_SESSIONS", "/map?what=AW_SESSIONS&level=commune", "/map?what=AW_SESSIONS&unit=52"} {
		b.Run(path, func(b *testing.B) {
			h.t = b
			var a answer
			a = who.get(path) // what is drawn once
			for b.Loop() {
				a = who.get(path)
			}
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			_, _ = z.Write([]byte(a.body))
			if z.Close() != nil || a.status != http.StatusOK {
				b.Fatal(a.status)
			}
			b.ReportMetric(float64(packed.Len())/1000, "kB")
		})
	}
}
