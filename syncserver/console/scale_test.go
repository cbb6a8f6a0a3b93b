package console_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// Of a country: its provinces, the communes of each, and the records of four years.
const (
	manyProvinces = 34
	manyCommunes  = 98
	manyRecords   = 1_000_000
)

// crowd fills the tables of the centre with records of a country, without a log behind them.
func (h *house) crowd(b *testing.B) {
	b.Helper()
	list := "code,parent,name,level\nVN,,Cả nước,country\n"
	var communes []string
	for p := range manyProvinces {
		list += fmt.Sprintf("%02d,VN,Tỉnh %d,province\n", p, p)
		for c := range manyCommunes {
			communes = append(communes, fmt.Sprintf("%02d%03d", p, c))
			list += fmt.Sprintf("%02d%03d,%02d,Xã %d của tỉnh %d,commune\n", p, c, p, c, p)
		}
	}
	if a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte(list)}}); len(a.Altered.Problems) > 0 {
		b.Fatal(a.Altered.Problems)
	}
	n := h.notebook("C1")
	for _, form := range []string{"awareness_session", "citizen_reception"} {
		n.write(form, record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-01")
	}
	db, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(h.dir, "views.db")}, sqlite.Schema{ApplicationID: 0x424c6278, Migrations: []sqlite.Migration{"SELECT 1"}})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	// Record i is of commune i % communes, of a day that goes round in four years, and came some days after it; of each ten one is
	// returned and six are approved.
	numbers := fmt.Sprintf(`WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < %d), r AS (SELECT i, i + 1000000 AS rec,
		printf('%%02d%%03d', i %% %d / %d, i %% %d) AS unit, iif(i %% 20 < 11, 'awareness_session', 'citizen_reception') AS form,
		date('2022-12-01', '+' || (i * 7919 %% 1440) || ' days') AS day, (unixepoch('2022-12-01') + (i * 7919 %% 1440 + i %% 40) * 86400) * 1000 AS arrived,
		CASE WHEN i %% 10 < 6 THEN 'approved' WHEN i %% 10 = 7 THEN 'returned' ELSE '' END AS review FROM n) `, manyRecords-1, len(communes), manyCommunes, manyCommunes)
	err = db.Update(b.Context(), func(tx *sqlite.Tx) error {
		for _, q := range []string{
			`INSERT INTO records SELECT rec, 'x' || rec, '24-' || rec, form, '0123456789abcdef', unit, 'ordinary', day, arrived, arrived, arrived, 24, 'pq.diem', 'Họp thôn về phòng, chống ma túy, ngày ' || day, review, iif(review = '', 'centre', review), 0, 0, 0 FROM r`,
			`INSERT INTO cells SELECT substr(day, 1, 7), unit, form, compartment, state, count(*) FROM records WHERE rec >= 1000000 GROUP BY 1, 2, 3, 4, 5`,
			`INSERT INTO f_awareness_session (rec, _unit, _month, _day, _arrived, participants_total) SELECT rec, unit, substr(day, 1, 7), day, arrived, rec % 80 FROM records WHERE rec >= 1000000 AND form = 'awareness_session'`,
			`INSERT INTO f_citizen_reception (rec, _unit, _month, _day, _arrived) SELECT rec, unit, substr(day, 1, 7), day, arrived FROM records WHERE rec >= 1000000 AND form = 'citizen_reception'`,
		} {
			if strings.HasSuffix(q, " FROM r") {
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

// BenchmarkPagesOfACountry measures pages over a million records of 3,332 communes, for the whole country, as the browser gets
// them over TLS.
func BenchmarkPagesOfACountry(b *testing.B) {
	h := opened(b)
	h.crowd(b)
	who := h.as("tw", "VN", staff.Review)
	for _, path := range []string{"/grid", "/grid?unit=07", "/grid?plan=profile"} {
		b.Run(path, func(b *testing.B) {
			h.t = b
			bytes := 0
			for b.Loop() {
				bytes = len(who.get(path).body)
			}
			b.ReportMetric(float64(bytes)/1000, "kB")
		})
	}
}
