package boundary

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/units"
)

// three is a made-up province: A and B side by side, C an island in a hole of A. Quantized, as tools write it.
const three = `{"type":"Topology","transform":{"scale":[0.5,0.5],"translate":[104,20]},
"arcs":[[[2,0],[0,2]],[[2,2],[-2,0],[0,-2],[2,0]],[[2,2],[2,0],[0,-2],[-2,0]],[[1,1],[0,-0.5],[-0.5,0.5],[0.5,0]]],
"objects":{"xa":{"type":"GeometryCollection","geometries":[
{"type":"Polygon","arcs":[[0,1],[3]],"properties":{"code":"A","fullName":"Xã Đứa Mòn"}},
{"type":"Polygon","arcs":[[-3,-1]],"id":7},
{"type":"MultiPolygon","arcs":[[[-4]]],"properties":{"ma":"C"}},
{"type":null,"properties":{"code":"D"}}]}}}`

func read(t *testing.T, file string) *Layer {
	t.Helper()
	l, err := Read([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func codesOf(l *Layer) (codes []string) {
	for i := range l.Shapes {
		codes = append(codes, l.Shapes[i].Code)
	}
	return codes
}

func TestTopoJSON(t *testing.T) {
	l := read(t, "\ufeff"+three)
	if !slices.Equal(codesOf(l), []string{"7", "A", "C"}) || l.Shapes[1].Name != "Xã Đứa Mòn" {
		t.Fatalf("%+v", l.Shapes)
	}
	if want := []Point{{105 * Degree, 20 * Degree}, {105 * Degree, 21 * Degree}}; !slices.Equal(l.Arcs[0], want) {
		t.Errorf("the border is %v, want %v", l.Arcs[0], want)
	}
	m := l.Draw([]string{"A", "7", "X"}, Drawing{Size: 100})
	if len(m.Paths) != 2 || !slices.Equal(m.Missing, []string{"X"}) || m.Width != 100 {
		t.Fatalf("%+v", m)
	}
	if want := "M50 53l0-53-50 0 0 53 50 0zm-25-26l0 13-12-13 12 0z"; m.Paths[0].D != want {
		t.Errorf("A is %s, want %s", m.Paths[0].D, want)
	}
	if want := "M50 53l50 0 0-53-50 0 0 53z"; m.Paths[1].D != want || m.Paths[1].X != 75 {
		t.Errorf("B is %+v", m.Paths[1])
	}
}

// wavy is a grid of units with borders of chance, in GeoJSON: every border is said on both its sides.
func wavy(n, points int, rng *rand.Rand) []byte {
	type line [][2]float64
	border := map[[4]int]line{}
	edge := func(x1, y1, x2, y2 int) line {
		if x2 < x1 || y2 < y1 {
			back := slices.Clone(border[[4]int{x2, y2, x1, y1}])
			slices.Reverse(back)
			return back
		}
		key := [4]int{x1, y1, x2, y2}
		if border[key] == nil {
			for i := range points + 1 {
				at := float64(i) / float64(points)
				x, y := float64(x1)+at*float64(x2-x1), float64(y1)+at*float64(y2-y1)
				if inner := i > 0 && i < points; inner && y1 == y2 && y1 > 0 && y1 < n {
					y += rng.Float64()*0.3 - 0.15
				} else if inner && x1 == x2 && x1 > 0 && x1 < n {
					x += rng.Float64()*0.3 - 0.15
				}
				border[key] = append(border[key], [2]float64{104 + x/10, 14 + y/10})
			}
		}
		return border[key]
	}
	var fs []any
	for x := range n { // forwards first, so that every border is made before it is walked back
		for y := range n {
			edge(x, y, x+1, y)
			edge(x, y, x, y+1)
			edge(x, y+1, x+1, y+1)
			edge(x+1, y, x+1, y+1)
		}
	}
	for x := range n {
		for y := range n {
			var ring line
			for _, e := range []line{edge(x, y, x+1, y), edge(x+1, y, x+1, y+1), edge(x+1, y+1, x, y+1), edge(x, y+1, x, y)} {
				ring = append(ring, e[:len(e)-1]...)
			}
			ring = append(ring, ring[0])
			fs = append(fs, map[string]any{"type": "Feature", "id": fmt.Sprintf("%02d%02d", x, y), "geometry": map[string]any{"type": "Polygon", "coordinates": []line{ring}}})
		}
	}
	b, _ := json.Marshal(map[string]any{"type": "FeatureCollection", "features": fs})
	return b
}

// segments takes a path apart. Where a ring is closed, the next one begins from where it began.
func segments(t *testing.T, d string) (all [][4]int) {
	x0, y0 := 0, 0
	for _, ring := range strings.Split(strings.TrimSuffix(d, "z"), "z") {
		var ns []int
		for _, f := range strings.Fields(strings.NewReplacer("M", " ", "m", " ", "l", " ", "-", " -").Replace(ring)) {
			n, err := strconv.Atoi(f)
			if err != nil {
				t.Fatal(err)
			}
			ns = append(ns, n)
		}
		x0, y0 = x0+ns[0], y0+ns[1]
		x, y := x0, y0
		for i := 2; i < len(ns); i += 2 {
			all = append(all, [4]int{x, y, x + ns[i], y + ns[i+1]})
			x, y = x+ns[i], y+ns[i+1]
		}
	}
	return all
}

// TestNeighboursKeepTheirBorder: however few bytes there are, every line inside the map is there once on each side, the
// other way round; only the outline has one side.
func TestNeighboursKeepTheirBorder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 6
	l := read(t, string(wavy(n, 40, rng)))
	if want := 2 * n * (n + 1); len(l.Arcs) > want {
		t.Errorf("%d arcs for %d borders: some are there twice", len(l.Arcs), want)
	}
	before := 1 << 30
	for _, most := range []int{1 << 20, 12_000, 6_000, 3_000} {
		m := l.Draw(codesOf(l), Drawing{Bytes: most})
		bytes, sides := 0, map[[4]int]int{}
		for _, p := range m.Paths {
			bytes += len(p.D)
			for _, s := range segments(t, p.D) {
				sides[s]++
			}
		}
		if bytes > most || bytes >= before {
			t.Errorf("%d bytes, at most %d, and %d before", bytes, most, before)
		}
		before = bytes
		for s, times := range sides {
			rim := s[0] == s[2] && (s[0] == 0 || s[0] >= m.Width-1) || s[1] == s[3] && (s[1] == 0 || s[1] >= m.Height-1)
			if back := sides[[4]int{s[2], s[3], s[0], s[1]}]; times != 1 || !rim && back != 1 || rim && back != 0 {
				t.Fatalf("at %d bytes %v is there %d times, and %d times the other way round", most, s, times, back)
			}
		}
	}
}

func TestFilesThatCannotBe(t *testing.T) {
	arcs := func(geometries, arcs string) string {
		return `{"type":"Topology","arcs":[` + arcs + `],"objects":{"o":{"geometries":[` + geometries + `]}}}`
	}
	square := `[[1,1],[2,1],[2,2],[1,1]]`
	long := `[[1,1],` + strings.Repeat("[2,1],[2,2],", 500) + `[1,1]]`
	many := strings.Repeat("0,", 8000) + "0"
	for name, c := range map[string]struct {
		file string
		code fault.Code
		says string
	}{
		"no JSON":           {`<svg/>`, fault.BadInput, "no JSON"},
		"another type":      {`{"type":"Point"}`, fault.BadInput, "neither"},
		"nothing in it":     {arcs("", square), fault.BadInput, "no unit"},
		"a line":            {arcs(`{"type":"LineString","arcs":[0],"id":"A"}`, square), fault.BadInput, "LineString"},
		"no such arc":       {arcs(`{"type":"Polygon","arcs":[[1]],"id":"A"}`, square), fault.BadInput, "no arc 1"},
		"nor backwards":     {arcs(`{"type":"Polygon","arcs":[[-2]],"id":"A"}`, square), fault.BadInput, "no arc -2"},
		"arcs of another":   {arcs(`{"type":"Polygon","arcs":[["x"]],"id":"A"}`, square), fault.BadInput, "unit A"},
		"open":              {arcs(`{"type":"Polygon","arcs":[[0]],"id":"A"}`, `[[1,1],[2,1],[2,2]]`), fault.BadInput, "not closed"},
		"no ring":           {arcs(`{"type":"Polygon","arcs":[],"id":"A"}`, square), fault.BadInput, "without a ring"},
		"an empty ring":     {arcs(`{"type":"Polygon","arcs":[[]],"id":"A"}`, square), fault.BadInput, "empty ring"},
		"a point as arc":    {arcs(`{"type":"Polygon","arcs":[[0]],"id":"A"}`, `[[1,1]]`), fault.BadInput, "arc of 1"},
		"no code":           {arcs(`{"type":"Polygon","arcs":[[0]]}`, square), fault.BadInput, "no code"},
		"twice":             {arcs(`{"type":"Polygon","arcs":[[0]],"id":"A"},{"type":"Polygon","arcs":[[0]],"id":"A"}`, square), fault.BadInput, "twice"},
		"metres":            {arcs(`{"type":"Polygon","arcs":[[0]],"id":"A"}`, `[[500000,2300000],[1,1],[2,2],[500000,2300000]]`), fault.BadInput, "WGS 84"},
		"far steps":         {`{"type":"Topology","transform":{"scale":[1e308,1],"translate":[0,0]},"arcs":[[[9,1],[9,1]]],"objects":{}}`, fault.BadInput, "a point at"},
		"one arc for ever":  {arcs(`{"type":"Polygon","arcs":[[`+many+`]],"id":"A"}`, long), fault.LimitExceeded, "8000000 points"},
		"GeoJSON in metres": {`{"type":"FeatureCollection","features":[{"id":"A","geometry":{"type":"Polygon","coordinates":[[[500000,1],[1,1],[2,2]]]}}]}`, fault.BadInput, "WGS 84"},
		"GeoJSON of points": {`{"type":"FeatureCollection","features":[{"id":"A","geometry":{"type":"Point","coordinates":[1,2]}}]}`, fault.BadInput, "Point"},
	} {
		_, err := Read([]byte(c.file))
		if !errors.Is(err, c.code) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
	if _, err := Read(make([]byte, MaxFile+1)); !errors.Is(err, fault.LimitExceeded) {
		t.Errorf("a large file: %v", err)
	}
}

func TestLayersAreKept(t *testing.T) {
	a, b := read(t, three), read(t, string(wavy(2, 5, rand.New(rand.NewPCG(3, 4)))))
	a.Name, b.Name, b.From, b.To = "xã", "lưới", "2025-07-01", "2026-01-01"
	layers := Put(Put(nil, a), b)
	file, err := Encode(layers)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(file)
	if err != nil || len(back) != 2 || !reflect.DeepEqual(back[0].Shapes, a.Shapes) || !reflect.DeepEqual(back[1].Arcs, b.Arcs) || back[1].To != b.To {
		t.Fatalf("%v %v", back, err)
	}
	for n := range file {
		if _, err := Decode(file[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes are taken for the whole", n, len(file))
		}
	}
	if again := Put(layers, &Layer{Name: "xã"}); len(again) != 2 || again[1].Name != "xã" || len(layers) != 2 {
		t.Error("a layer of the same name does not take its place")
	}
	for day, want := range map[string]*Layer{"2025-06-30": nil, "2025-07-01": b, "2026-01-01": nil} {
		if got := Pick(layers, []string{"0000", "0101"}, day); got != want {
			t.Errorf("%s: %v", day, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	l, err := Read([]byte(three))
	if err != nil {
		f.Fatal(err)
	}
	file, err := Encode([]*Layer{l})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(t *testing.T, file []byte) {
		if layers, err := Decode(file); err == nil {
			for _, l := range layers {
				l.Draw(codesOf(l), Drawing{})
			}
		}
	})
}

// islands are two units: one on the coast, which has an island of Trường Sa too, and the one that is asked for is all there is.
const islands = `{"type":"FeatureCollection","features":[{"id":"56","geometry":{"type":"MultiPolygon","coordinates":[
[[[109,12],[109.2,12],[109.2,12.2],[109,12]]],[[[114.3,10.1],[114.4,10.1],[114.4,10.2],[114.3,10.1]]]]}}]}`

func TestTheArchipelagosStandBeside(t *testing.T) {
	m := read(t, islands).Draw([]string{"56"}, Drawing{Size: 1000})
	if len(m.Insets) != 1 || m.Insets[0].Name != "Quần đảo Trường Sa" || len(m.Insets[0].Marks) > 0 {
		t.Fatalf("%+v", m.Insets)
	}
	in := m.Insets[0]
	inside := 0
	for _, s := range segments(t, m.Paths[0].D) {
		if s[0] > in.X && s[0] < in.X+in.Width && s[1] > in.Y && s[1] < in.Y+in.Height {
			inside++
		}
	}
	if inside < 2 || inside == len(segments(t, m.Paths[0].D)) {
		t.Errorf("%d lines of %s are in the inset", inside, m.Paths[0].D)
	}
	m = read(t, islands).Draw([]string{"56"}, Drawing{Islands: true})
	if len(m.Insets) != 2 || m.Insets[0].Name != "Quần đảo Hoàng Sa" || len(m.Insets[0].Marks) != 3 {
		t.Errorf("without boundaries there are no marks: %+v", m.Insets)
	}
	for _, at := range m.Insets[0].Marks {
		if f := m.Insets[0]; at[0] < f.X || at[0] > f.X+f.Width || at[1] < f.Y || at[1] > f.Y+f.Height {
			t.Errorf("a mark at %v is not in its frame %+v", at, f)
		}
	}
}

func TestSVG(t *testing.T) {
	l := read(t, three)
	m := l.Draw(codesOf(l), Drawing{Islands: true})
	var out bytes.Buffer
	err := m.WriteSVG(&out, Look{Label: `Số "buổi" <2026>`, Title: func(code string) string { return code + " & Co" },
		Bin: func(code string) (int, bool) { return 4, code == "A" }})
	if err != nil {
		t.Fatal(err)
	}
	d, attributes := xml.NewDecoder(bytes.NewReader(out.Bytes())), map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				attributes[a.Name.Local]++
			}
		}
	}
	if attributes["style"]+attributes["onload"]+attributes["href"] > 0 {
		t.Error("a page that allows nothing inline would refuse it")
	}
	text := out.String()
	for _, want := range []string{`<g fill="#0B4A6F"`, `<g fill="url(#none)"`, `id="u-A"`, "7 &amp; Co", "Hoàng Sa", "Trường Sa", "&#34;buổi&#34; &lt;2026&gt;"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestQuintiles(t *testing.T) {
	var values []float64
	for i := range 100 {
		values = append(values, float64(99-i))
	}
	cuts, count := Quintiles(values), map[int]int{}
	for _, v := range values {
		count[Bin(v, cuts)]++
	}
	for bin := range Bins {
		if count[bin] != 20 {
			t.Errorf("%d values of shade %d", count[bin], bin)
		}
	}
	if Bin(3, Quintiles(nil)) != Bins-1 || Bin(-1, Quintiles(nil)) != 0 {
		t.Error("without values")
	}
}

func TestMatch(t *testing.T) {
	l := read(t, three)
	tree := units.New(units.Usual, []units.Unit{{Code: "A", Name: "Xã Đứa Mòn", Level: "commune"}, {Code: "C1", Name: "Phường Chiềng Lề", Level: "commune"},
		{Code: "Z", Name: "Xã Z", Level: "commune"}, {Code: "P", Name: "Tỉnh", Level: "province"}})
	l.Shapes[2].Name = "CHIENG LE"
	m := l.Match(tree.At(""))
	if m.Same != 1 || !slices.Equal(m.Unknown, []string{"7"}) || len(m.ByName) != 1 || m.ByName[0].Unit != "C1" || !slices.Equal(m.Without, []string{"Z"}) || len(m.Renamed) > 0 {
		t.Errorf("%+v", m)
	}
	if l.Rename(m.ByName); !slices.Equal(codesOf(l), []string{"7", "A", "C1"}) {
		t.Error(codesOf(l))
	}
}

// TestTheCountry draws the real boundaries: all communes in one picture, each of them known to the list of units.
func TestTheCountry(t *testing.T) {
	data := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "units", name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the real boundaries are not here: ../shared/data/units")
		}
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	l := read(t, string(data("wards1.5.topo.json")))
	if len(l.Shapes) != 3321 {
		t.Fatalf("%d communes", len(l.Shapes))
	}
	kept, err := Encode([]*Layer{l})
	if err != nil {
		t.Fatal(err)
	}
	m := l.Draw(codesOf(l), Drawing{Islands: true})
	var svg, packed bytes.Buffer
	if err := m.WriteSVG(&svg, Look{Bin: func(code string) (int, bool) { return int(code[3]) % Bins, code[4] != '7' }}); err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(svg.Bytes()); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	t.Logf("%d communes: kept in %d bytes, drawn in %d, %d compressed", len(l.Shapes), len(kept), svg.Len(), packed.Len())
	if packed.Len() > 150_000 {
		t.Errorf("the map has %d bytes compressed, a page may have 150,000", packed.Len())
	}
	for _, p := range m.Paths {
		if p.D == "" {
			t.Errorf("%s is not to be seen", p.Code)
		}
	}
	if len(m.Insets) != 2 || len(m.Insets[0].Marks)+len(m.Insets[1].Marks) > 0 {
		t.Errorf("%+v", m.Insets)
	}
	if out := os.Getenv("BOUNDARY_OUT"); out != "" {
		if err := os.WriteFile(out, svg.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkTheCountry(b *testing.B) {
	file, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "units", "wards1.5.topo.json"))
	if err != nil {
		b.Skip(err)
	}
	l, err := Read(file)
	if err != nil {
		b.Fatal(err)
	}
	codes := codesOf(l)
	for b.Loop() {
		if err := l.Draw(codes, Drawing{Islands: true}).WriteSVG(io.Discard, Look{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestMarksAtOnePlaceAreOne: a mark is as large as the number of places leaves room for, however many units are told of at each.
func TestMarksAtOnePlaceAreOne(t *testing.T) {
	m := &Map{Width: 1000, Height: 1000, Paths: []Path{{Code: "a", D: "M0 0l1 1z"}}}
	drawn := func(marks int) string {
		var out strings.Builder
		if err := m.WriteSVG(&out, Look{Marks: slices.Repeat([]Mark{{X: 3, Y: 4}}, marks)}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if one, many := drawn(1), drawn(900); one != many {
		t.Errorf("one is %s, many are %s", one, many)
	}
}

// TestLinksAndMarks: a unit leads somewhere only where it is said to, and what stands at a place differs by shape.
func TestLinksAndMarks(t *testing.T) {
	m := &Map{Width: 100, Height: 100, Paths: []Path{{Code: "a", D: "M0 0l1 1z"}, {Code: "b", D: "M5 5l1 1z"}}}
	var out strings.Builder
	err := m.WriteSVG(&out, Look{Href: func(code string) string { return map[string]string{"a": "/map?unit=a&x=1"}[code] },
		ID: func(code string) bool { return code == "a" }, Marks: []Mark{{X: 3, Y: 4}, {X: 7, Y: 8, Square: true}, {X: 2, Y: 9}, {X: 3, Y: 4}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`role="group"`, `<a href="/map?unit=a&amp;x=1"><path id="u-a" d="M0 0l1 1z"/></a>`, `z"/></a><path d="M5 5l1 1z"/>`,
		`<path id="dots" d="M3 4l0 0zm-1 5l0 0z"/>`, `<path id="squares" d="M7 8l0 0z"/>`, `stroke-linecap="round"`, `stroke-linecap="square"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in %s", want, out.String())
		}
	}
}
