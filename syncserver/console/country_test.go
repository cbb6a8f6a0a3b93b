package console_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
)

// country is 34 provinces with 3,321 communes and the boundaries of both.
type country struct {
	list   []byte
	layers []*boundary.Layer
}

const (
	countryAcross, countryDown = 41, 81 // communes; in 34 provinces, two beside each other
	provinceDown               = 17
	countryCommunes            = countryAcross * countryDown
)

// realCountry is the one of the real lists and boundaries; nil where they are not beside the project.
func realCountry(t testing.TB) *country {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "units")
	list, err := os.ReadFile(filepath.Join(dir, "units_2025.csv"))
	if os.IsNotExist(err) {
		return nil
	}
	c := &country{list: list}
	for _, name := range []string{"prov.topo.json", "wards1.5.topo.json"} {
		text, missing := os.ReadFile(filepath.Join(dir, name))
		l, wrong := boundary.Read(text)
		if err != nil || missing != nil || wrong != nil {
			t.Fatal(err, missing, wrong)
		}
		l.Name = name
		c.layers = append(c.layers, l)
	}
	return c
}

// madeUpCountry is as many units of invented names, on a sheet of borders of chance: no easier to pack than the real one.
func madeUpCountry() *country {
	rng := rand.New(rand.NewPCG(34, countryCommunes))
	var list bytes.Buffer
	list.WriteString("code,parent,level,name\n")
	var codes []string
	for p := range 2 * provinceDown {
		fmt.Fprintf(&list, "%02d,VN,province,Tỉnh %s\n", p+1, invented(rng))
	}
	for i := range countryCommunes {
		codes = append(codes, fmt.Sprintf("%05d", 100+i*9+rng.IntN(9)))
		kind := []string{"Xã", "Xã", "Xã", "Phường"}[rng.IntN(4)]
		fmt.Fprintf(&list, "%s,%s,commune,%s %s\n", codes[i], provinceAt(i%countryAcross, i/countryAcross), kind, invented(rng))
	}
	s := newMesh(rng)
	communes, provinces := &boundary.Layer{Name: "xã", Arcs: s.arcs}, &boundary.Layer{Name: "tỉnh", Arcs: s.arcs}
	for i, code := range codes {
		x, y := i%countryAcross, i/countryAcross
		communes.Shapes = append(communes.Shapes, s.shape(code, x, y, x+1, y+1))
	}
	for p := range 2 * provinceDown {
		x, y := p%2*(countryAcross/2), (p/2*countryDown+provinceDown-1)/provinceDown
		right, down := countryAcross/2+p%2*countryAcross, ((p/2+1)*countryDown+provinceDown-1)/provinceDown
		provinces.Shapes = append(provinces.Shapes, s.shape(fmt.Sprintf("%02d", p+1), x, y, min(right, countryAcross), down))
	}
	return &country{list.Bytes(), []*boundary.Layer{provinces, communes}}
}

// provinceAt is the code of the province of a place of the sheet.
func provinceAt(x, y int) string {
	p := y * provinceDown / countryDown * 2
	if x >= countryAcross/2 {
		p++
	}
	return fmt.Sprintf("%02d", p+1)
}

// invented is a name of two words, seldom of three.
func invented(rng *rand.Rand) string {
	first := []string{"Đăk", "Ia", "Kon", "Chư", "Nậm", "Mường", "Khe", "Tà", "Pà", "Huổi", "Bình", "Thạch", "Tân", "Vĩnh", "Long", "Phú", "Hòa", "An", "Đồng", "Sơn"}
	last := []string{"Nuêng", "Trĩu", "Rơng", "Kmông", "Hyao", "Blút", "Sươr", "Drơi", "Mrăng", "Lơk", "Glêh", "Ngao", "Khoang", "Vầu", "Nghiến", "Thượng", "Hạ", "Lũng",
		"Giổi", "Trầm", "Quế", "Bưởi", "Móc", "Dâu", "Sương", "Thác", "Lạc", "Nhiên", "Khê", "Trạch", "Phụng", "Điền", "Lộc", "Yên", "Hưng", "Thuận", "Cường", "Nghĩa", "Đức", "Thịnh"}
	name := first[rng.IntN(len(first))] + " " + last[rng.IntN(len(last))]
	if rng.IntN(10) == 0 {
		name += " " + last[rng.IntN(len(last))]
	}
	return name
}

// mesh is a sheet of borders: across holds the number of the one from a corner to the next on its right, along of the one down.
type mesh struct {
	arcs          [][]boundary.Point
	across, along map[[2]int]int
}

func newMesh(rng *rand.Rand) *mesh {
	const points = 14 // of a border
	s := &mesh{across: map[[2]int]int{}, along: map[[2]int]int{}}
	corner := func(x, y int) (float64, float64) {
		return 102.2 + (float64(x)+float64((x*31+y*17)%23)/60)*0.17, 23.3 - (float64(y)+float64((x*13+y*29)%11)/30)*0.18
	}
	line := func(x, y, toX, toY int) int {
		east, north := corner(x, y)
		toEast, toNorth := corner(toX, toY)
		var arc []boundary.Point
		for i := range points + 1 {
			at := float64(i) / points
			e, n := east+(toEast-east)*at, north+(toNorth-north)*at
			if i > 0 && i < points {
				e, n = e+(rng.Float64()-0.5)*0.02, n+(rng.Float64()-0.5)*0.02
			}
			arc = append(arc, boundary.Point{X: int32(e * boundary.Degree), Y: int32(n * boundary.Degree)})
		}
		s.arcs = append(s.arcs, arc)
		return len(s.arcs) - 1
	}
	for y := range countryDown + 1 {
		for x := range countryAcross + 1 {
			if x < countryAcross {
				s.across[[2]int{x, y}] = line(x, y, x+1, y)
			}
			if y < countryDown {
				s.along[[2]int{x, y}] = line(x, y, x, y+1)
			}
		}
	}
	return s
}

// shape is a stretch of the sheet.
func (s *mesh) shape(code string, left, top, right, foot int) boundary.Shape {
	var ring boundary.Ring
	for x := left; x < right; x++ {
		ring = append(ring, s.across[[2]int{x, top}])
	}
	for y := top; y < foot; y++ {
		ring = append(ring, s.along[[2]int{right, y}])
	}
	for x := right - 1; x >= left; x-- {
		ring = append(ring, ^s.across[[2]int{x, foot}])
	}
	for y := foot - 1; y >= top; y-- {
		ring = append(ring, ^s.along[[2]int{left, y}])
	}
	return boundary.Shape{Code: code, Polygons: []boundary.Polygon{{ring}}}
}

// counted and held are what the tables of counts say, computed from the records.
const (
	counted = `SELECT form, substr(day, 1, 7), unit, compartment, state, (arrived + 7 * 3600000) / 86400000, count(*) FROM records WHERE hidden = 0 GROUP BY 1, 2, 3, 4, 5, 6`
	held    = `SELECT form, unit, compartment, count(*) FROM records WHERE hidden = 0 GROUP BY 1, 2, 3`
)

// peopled makes the house the centre of a country: its units, its boundaries, a machine in each commune, of which some are silent,
// and n records of four years, which have no log behind them. It fails when the projection counts otherwise than this does.
func (h *house) peopled(c *country, n int) {
	h.t.Helper()
	if a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: c.list}}); len(a.Altered.Problems) > 0 {
		h.t.Fatal(a.Altered.Problems)
	}
	file, err := boundary.Encode(c.layers)
	if err != nil {
		h.t.Fatal(err)
	}
	h.asks(centre.Request{PutBoundaries: &centre.PutBoundaries{Layer: file}})
	pen := h.notebook("C1")
	for _, form := range []string{"awareness_session", "citizen_reception"} {
		pen.write(form, record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-01")
	}
	tree, err := h.centre.Units(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	var communes []string
	var newcomers []centre.Newcomer
	for _, u := range tree.At("2026-11-19").Level("commune") {
		if u.Parent != "P1" {
			communes = append(communes, u.Code)
			newcomers = append(newcomers, centre.Newcomer{Unit: u.Code, Name: "máy", Feeds: []record.Feed{record.NewFeed(u.Code, declared.Ordinary)}})
		}
	}
	if len(communes) != countryCommunes {
		h.t.Fatalf("%d communes", len(communes))
	}
	for len(newcomers) > 0 {
		some := newcomers[:min(len(newcomers), centre.MaxNewcomers)]
		h.asks(centre.Request{Enrol: &centre.Enrol{Address: "127.0.0.1:1", Newcomers: some}})
		newcomers = newcomers[len(some):]
	}
	h.inFile("hub.db", fmt.Sprintf("UPDATE device SET seen = %d - replica %% 19 * 86400000 WHERE replica %% 7 > 0", h.now.Load()))
	h.crowd(communes, n)
}

// crowd fills the tables. Record i is of one commune after the other, of a day that goes round in four years, and came some days
// after it; of each ten one is returned and six are approved.
func (h *house) crowd(communes []string, n int) {
	h.t.Helper()
	codes, err := json.Marshal(communes)
	if err != nil {
		h.t.Fatal(err)
	}
	for table, says := range map[string]string{"cells": counted, "holdings": held} {
		h.inFile("views.db", fmt.Sprintf(`CREATE TEMP TABLE right_%[1]s (differ INTEGER CHECK (differ = 0));
			INSERT INTO right_%[1]s SELECT count(*) FROM (SELECT * FROM (%[2]s) EXCEPT SELECT * FROM %[1]s);
			INSERT INTO right_%[1]s SELECT count(*) FROM (SELECT * FROM %[1]s EXCEPT SELECT * FROM (%[2]s))`, table, says))
	}
	h.inFile("views.db", fmt.Sprintf(`CREATE TEMP TABLE k AS SELECT key, value FROM json_each('%s');
		INSERT INTO records (rec, dot, name, form, version, unit, compartment, day, written, arrived, altered, replica, officer, title, review, state, conflicts, hidden, unread)
		WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < %d), r AS (SELECT k.value AS unit,
			iif(i %% 20 < 11, 'awareness_session', 'citizen_reception') AS form, date('2022-12-01', '+' || (i * 7919 %% 1440) || ' days') AS day,
			(unixepoch('2022-12-01') + (i * 7919 %% 1440 + i %% 40) * 86400) * 1000 AS arrived, CASE WHEN i %% 10 < 6 THEN 'approved' WHEN i %% 10 = 7 THEN 'returned' ELSE '' END AS review
			FROM n JOIN temp.k ON k.rowid = i %% %d + 1 ORDER BY arrived), o AS (SELECT *, row_number() OVER () + 1000000 AS rec FROM r)
		SELECT rec, printf('%%016x.1', rec), '24-' || rec, form, '0123456789abcdef', unit, 'ordinary', day, arrived, arrived, arrived, 24, 'pq.diem', 'Họp thôn về phòng, chống ma túy, ngày ' || day, review, iif(review = '', 'centre', review), 0, 0, 0 FROM o;
		DELETE FROM cells; INSERT INTO cells (form, month, unit, compartment, state, came, n) %s;
		DELETE FROM holdings; INSERT INTO holdings (form, unit, compartment, n) %s;
		INSERT INTO f_awareness_session (rec, _unit, _month, _day, _arrived, _approved, participants_total) SELECT rec, unit, substr(day, 1, 7), day, arrived, review = 'approved', rec %% 80 FROM records WHERE rec >= 1000000 AND form = 'awareness_session';
		INSERT INTO f_citizen_reception (rec, _unit, _month, _day, _arrived, _approved) SELECT rec, unit, substr(day, 1, 7), day, arrived, review = 'approved' FROM records WHERE rec >= 1000000 AND form = 'citizen_reception'`,
		codes, n-1, len(communes), counted, held))
}

// inFile does something in a database of the centre, beside it.
func (h *house) inFile(name, what string) {
	h.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(h.dir, name)+"?_busy_timeout=5000&_txlock=immediate")
	if err == nil {
		var tx *sql.Tx
		if tx, err = db.BeginTx(h.t.Context(), nil); err == nil {
			_, err = tx.ExecContext(h.t.Context(), what)
			err = errors.Join(err, tx.Commit())
		}
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// packed is how many bytes a text takes on the wire.
func packed(t testing.TB, text string) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
