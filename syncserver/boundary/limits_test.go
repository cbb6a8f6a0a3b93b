package boundary

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"banlang/shared/fault"
	"banlang/shared/units"
)

// square is a layer of one unit.
func square(code string) *Layer {
	return &Layer{Shapes: []Shape{{Code: code, Polygons: []Polygon{{Ring{0}}}}}, Arcs: [][]Point{{{0, 0}, {Degree, 0}, {Degree, Degree}, {0, 0}}}}
}

// TestLimits: whatever a layer has more of than it may, it is refused.
func TestLimits(t *testing.T) {
	many := func(n int, arc []Point) *Layer {
		l := square("A")
		for range n {
			l.Arcs = append(l.Arcs, arc)
		}
		return l
	}
	shapes := square("A")
	for i := range maxShapes {
		shapes.Shapes = append(shapes.Shapes, Shape{Code: fmt.Sprint(i)})
	}
	for name, l := range map[string]*Layer{"arcs": many(maxArcs, square("").Arcs[0]), "points": many(9, make([]Point, 1_000_000)), "shapes": shapes} {
		if err := l.check(); !errors.Is(err, fault.LimitExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, l := range map[string]*Layer{"a code": square(strings.Repeat("x", maxText+1)), "a name": {Arcs: square("").Arcs, Shapes: []Shape{{Code: "A", Name: strings.Repeat("x", maxText+1)}}}} {
		if err := l.check(); !errors.Is(err, fault.BadInput) {
			t.Errorf("%s that is too long: %v", name, err)
		}
	}
	nan := `{"type":"Topology","transform":{"scale":[0,0],"translate":[104,20]},"arcs":[[[1e308,0],[1e308,0],[0,0]]],"objects":{"o":{"geometries":[{"type":"Polygon","arcs":[[0]],"id":"A"}]}}}`
	if _, err := Read([]byte(nan)); !errors.Is(err, fault.BadInput) || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("a place that is none: %v", err)
	}
}

// TestKeptLayersAreChecked: a file that says what cannot be is refused like one from a stranger, and takes no memory for it.
func TestKeptLayersAreChecked(t *testing.T) {
	twice := square("A")
	twice.Shapes = append(twice.Shapes, twice.Shapes[0])
	open := square("A")
	open.Arcs[0] = open.Arcs[0][:3]
	for name, l := range map[string]*Layer{"twice": twice, "open": open} {
		file, err := Encode([]*Layer{l})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(file); !errors.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		t.Fatal(err)
	}
	const n = 30 << 20
	for name, begin := range map[string][]byte{ // of a layer without name and days
		"points": {1, 0, 0, 0, 1}, "arcs": {1, 0, 0, 0}, "shapes": {1, 0, 0, 0, 0}, "polygons": {1, 0, 0, 0, 0, 1, 0, 0}, "rings": {1, 0, 0, 0, 0, 1, 0, 0, 1}, "parts of a ring": {1, 0, 0, 0, 0, 1, 0, 0, 1, 1},
	} {
		plain := append(binary.AppendUvarint(slices.Clone(begin), n), make([]byte, 2*n)...)
		file := z.EncodeAll(plain, []byte(magic))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := Decode(file); !errors.Is(err, fault.LimitExceeded) {
			t.Errorf("%d %s: %v", n, name, err)
		}
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 400<<20 {
			t.Errorf("%d kB of %s take %d MB", len(file)>>10, name, (after.TotalAlloc-before.TotalAlloc)>>20)
		}
	}
}

// slowly weighs the points of an arc as the rule says it: the least triangle goes first, and who goes later weighs no less.
func slowly(arc []Point) []float64 {
	w := make([]float64, len(arc))
	left := make([]int, len(arc))
	for i := range arc {
		w[i], left[i] = math.Inf(1), i
	}
	keep := 2
	if arc[0] == arc[len(arc)-1] {
		keep = 4
	}
	for most := 0.0; len(left) > keep; {
		least, at := math.Inf(1), 0
		for i := 1; i < len(left)-1; i++ {
			a, b, c := arc[left[i-1]], arc[left[i]], arc[left[i+1]]
			north := float64(b.Y) / Degree * math.Pi / 180
			size := math.Abs(float64(a.X-b.X)*float64(c.Y-b.Y)-float64(a.Y-b.Y)*float64(c.X-b.X)) / 2 / Degree / Degree * math.Cos(north)
			if size < least {
				least, at = size, i
			}
		}
		most = max(most, least)
		w[left[at]] = most
		left = slices.Delete(left, at, at+1)
	}
	return w
}

// TestWeights holds them against the rule, of lines and of islands.
func TestWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := 2; n < 60; n++ {
		arc := make([]Point, n)
		for i := range arc {
			arc[i] = Point{int32(104*Degree + rng.IntN(Degree)), int32(8*Degree + rng.IntN(15*Degree))}
		}
		for range 2 {
			got, want := weigh(arc), slowly(arc)
			for i := range arc {
				if got[i] != want[i] && !(math.Abs(got[i]-want[i]) <= 1e-9*min(want[i], 1e9)) {
					t.Fatalf("point %d of %d weighs %g, want %g", i, len(arc), got[i], want[i])
				}
			}
			arc = append(arc, arc[0])
		}
	}
}

// TestRename: two units of a file may bear the name of one, and one may have its code already: no code is given twice.
func TestRename(t *testing.T) {
	tree := units.New(units.Usual, []units.Unit{{Code: "A", Name: "Xã Đứa Mòn", Level: "commune"}, {Code: "B", Name: "Xã Mường Lầm", Level: "commune"}}).At("")
	l := &Layer{Shapes: []Shape{{Code: "1", Name: "Xã Mường Lầm"}, {Code: "2", Name: "Muong Lam"}, {Code: "3", Name: "Xã Đứa Mòn"}, {Code: "A", Name: "Xã Khác"}}}
	m := l.Match(tree)
	if m.Same != 1 || len(m.ByName) != 3 || len(m.Without) != 0 || !slices.Equal(m.Renamed, []Pair{{"A", "Xã Khác", "A", "Xã Đứa Mòn"}}) {
		t.Errorf("%+v", m)
	}
	if l.Rename(m.ByName); !slices.Equal(codesOf(l), []string{"2", "3", "A", "B"}) {
		t.Error(codesOf(l))
	}
}

// TestCodesOfStrangers: a code that a file brings is words in the picture, and nothing else.
func TestCodesOfStrangers(t *testing.T) {
	m := square(`"><script>`).Draw([]string{`"><script>`}, Drawing{})
	var out strings.Builder
	if err := m.WriteSVG(&out, Look{}); err != nil || strings.Contains(out.String(), "<script") || len(m.Paths) != 1 {
		t.Errorf("%v: %s", err, out.String())
	}
}
