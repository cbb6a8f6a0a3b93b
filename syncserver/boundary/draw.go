package boundary

import (
	"cmp"
	"math"
	"strconv"
)

// Drawing says what to draw, and how large.
type Drawing struct {
	Size  int // of the longer side of the view box; 0: 2000
	Bytes int // that all paths may take, about; 0: 400,000, which is 150 kB compressed
	// Islands has the archipelagos Hoàng Sa and Trường Sa drawn beside the map, also where nothing of them is in the layer.
	// Those that are drawn anyway are always drawn there: they are 800 km from the coast.
	Islands bool
}

// Map is units as lines, in one view box.
type Map struct {
	Width, Height int
	Paths         []Path   // as they were asked for, without those that the layer does not have
	Missing       []string // codes that the layer does not have
	Insets        []Inset
}

// Path is the boundary of a unit, as the attribute d of an SVG path. X and Y are in the middle of its largest part.
type Path struct {
	Code, D string
	X, Y    int
}

// Inset is a frame in the map with another scale.
type Inset struct {
	Name                string // "Quần đảo Hoàng Sa"
	X, Y, Width, Height int
	Marks               [][2]int // where its best known islands are, when no boundary of them is drawn
}

// archipelago is what an inset shows: a stretch of sea, and islands of it, in degrees.
type archipelago struct {
	name                     string
	west, south, east, north float64
	islands                  [][2]float64 // east, north
}

var archipelagos = []archipelago{
	{"Quần đảo Hoàng Sa", 111.0, 15.6, 112.9, 17.25, [][2]float64{{112.34, 16.83}, {111.60, 16.53}, {111.20, 15.78}}},
	{"Quần đảo Trường Sa", 109.3, 7.0, 118.0, 11.7, [][2]float64{{111.92, 8.64}, {114.33, 11.43}, {114.36, 10.18}, {114.33, 9.89}, {112.92, 7.87}}},
}

// Draw draws the units of some codes.
func (l *Layer) Draw(codes []string, d Drawing) *Map {
	d.Size, d.Bytes = cmp.Or(d.Size, 2000), cmp.Or(d.Bytes, 400_000)
	b := &board{layer: l, weights: l.weigh(), m: &Map{}}
	b.gather(codes)
	b.place(d)
	b.fit(d.Bytes)
	return b.m
}

// fit draws with as much detail as the bytes allow, or a tenth less. Half a step of the view box is below what anybody sees.
func (b *board) fit(most int) {
	const enough, tries, coarsest = 0.9, 8, 1e12
	fine, coarse := 0.5, 0.5
	bytes := b.draw(coarse)
	for bytes > most && coarse < coarsest {
		fine, coarse = coarse, coarse*4
		bytes = b.draw(coarse)
	}
	for range tries {
		if fine == coarse || float64(bytes) > enough*float64(most) {
			return // what was drawn last
		}
		middle := math.Sqrt(fine * coarse)
		if n := b.draw(middle); n > most {
			fine = middle
		} else {
			coarse, bytes = middle, n
		}
	}
	b.draw(coarse)
}

// board is a map in the making.
type board struct {
	layer   *Layer
	weights [][]float64
	m       *Map
	parts   []part
	frames  []frame // the map, then the insets
}

// part is a polygon of a unit, and the frame that it is in.
type part struct {
	path    int // in Map.Paths
	polygon Polygon
	frame   int
	box     box
}

// box is in degrees.
type box struct{ west, south, east, north float64 }

func (b *box) add(o box) {
	b.west, b.south = min(b.west, o.west), min(b.south, o.south)
	b.east, b.north = max(b.east, o.east), max(b.north, o.north)
}

var nowhere = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// frame is how places become points of the view box: equirectangular, true in the middle.
type frame struct {
	box        box
	x, y       float64 // of its upper left corner
	perDegree  float64 // steps, to the north
	shortening float64 // of degrees to the east
	used       bool
}

func (f *frame) at(p Point) (x, y int) {
	return int(math.Round(f.x + (float64(p.X)/Degree-f.box.west)*f.shortening*f.perDegree)),
		int(math.Round(f.y + (f.box.north-float64(p.Y)/Degree)*f.perDegree))
}

// gather finds the polygons of the units, and which frame each belongs into.
func (b *board) gather(codes []string) {
	b.frames = make([]frame, 1+len(archipelagos))
	b.frames[0].box = nowhere
	for _, code := range codes {
		shape, found := b.layer.shape(code)
		if !found {
			b.m.Missing = append(b.m.Missing, code)
			continue
		}
		for _, polygon := range shape.Polygons {
			p := part{path: len(b.m.Paths), polygon: polygon, box: b.layer.box(polygon)}
			for i, a := range archipelagos {
				if p.box.west >= a.west && p.box.east <= a.east && p.box.south >= a.south && p.box.north <= a.north {
					p.frame = 1 + i
				}
			}
			b.frames[p.frame].used = true
			if p.frame == 0 {
				b.frames[0].box.add(p.box)
			}
			b.parts = append(b.parts, p)
		}
		b.m.Paths = append(b.m.Paths, Path{Code: code})
	}
}

// box is that of the outer ring.
func (l *Layer) box(p Polygon) box {
	all := nowhere
	for _, at := range p[0] {
		for _, q := range l.Arcs[max(at, ^at)] {
			x, y := float64(q.X)/Degree, float64(q.Y)/Degree
			all.add(box{x, y, x, y})
		}
	}
	return all
}

// place gives each frame its place in the view box: the map, and to its right, from where it is widest, the insets.
func (b *board) place(d Drawing) {
	size, margin := float64(d.Size), float64(d.Size)/100
	main := &b.frames[0]
	if !main.used {
		main.box = box{}
	}
	width, height := 0.0, 0.0
	if main.used {
		main.shortening = math.Cos((main.box.north + main.box.south) / 2 * math.Pi / 180)
		width, height = (main.box.east-main.box.west)*main.shortening, main.box.north-main.box.south
		main.perDegree = size / max(width, height, 1e-6)
		width, height = width*main.perDegree, height*main.perDegree
	} else {
		height = size
	}
	y := 0.0
	for i, a := range archipelagos {
		f := &b.frames[1+i]
		if !f.used && !d.Islands {
			continue
		}
		f.box = box{a.west, a.south, a.east, a.north}
		f.shortening = math.Cos((a.north + a.south) / 2 * math.Pi / 180)
		wide, high := (a.east-a.west)*f.shortening, a.north-a.south
		f.perDegree = size * 0.3 / max(wide, high)
		f.x, f.y = width+margin, height-y-high*f.perDegree // the southern one lowest
		if i == 0 {
			f.y = height*0.45 - high*f.perDegree/2
		}
		f.y = max(0, f.y)
		inset := Inset{Name: a.name, X: int(f.x), Y: int(f.y), Width: int(math.Ceil(wide * f.perDegree)), Height: int(math.Ceil(high * f.perDegree))}
		if !f.used {
			for _, island := range a.islands {
				x, y := f.at(Point{int32(island[0] * Degree), int32(island[1] * Degree)})
				inset.Marks = append(inset.Marks, [2]int{x, y})
			}
		}
		b.m.Insets = append(b.m.Insets, inset)
	}
	b.m.Width, b.m.Height = int(math.Ceil(width)), int(math.Ceil(height))
	for _, in := range b.m.Insets {
		b.m.Width, b.m.Height = max(b.m.Width, in.X+in.Width), max(b.m.Height, in.Y+in.Height)
	}
}

// draw draws all parts without the points that weigh less than so many steps squared, and returns how many bytes that takes.
func (b *board) draw(least float64) (bytes int) {
	paths := make([][]byte, len(b.m.Paths))
	largest := make([]float64, len(b.m.Paths))
	for i := range b.parts {
		p := &b.parts[i]
		f := &b.frames[p.frame]
		for _, ring := range p.polygon {
			paths[p.path] = b.ring(paths[p.path], ring, f, least/(f.perDegree*f.perDegree))
		}
		if size := (p.box.east - p.box.west) * (p.box.north - p.box.south); size >= largest[p.path] {
			largest[p.path] = size
			m := &b.m.Paths[p.path]
			m.X, m.Y = f.at(Point{int32((p.box.east + p.box.west) / 2 * Degree), int32((p.box.north + p.box.south) / 2 * Degree)})
		}
	}
	for i := range paths {
		b.m.Paths[i].D = string(paths[i])
		bytes += len(paths[i])
	}
	return bytes
}

// ring adds a ring to a path: a move, steps from point to point, and the way back. One that is no larger than a step is a dot.
func (b *board) ring(path []byte, ring Ring, f *frame, least float64) []byte {
	begun, px, py, steps := len(path), 0, 0, 0
	for _, at := range ring {
		n := max(at, ^at)
		arc, weights := b.layer.Arcs[n], b.weights[n]
		for i := range arc {
			k := i
			if at < 0 {
				k = len(arc) - 1 - i
			}
			if weights[k] < least {
				continue
			}
			x, y := f.at(arc[k])
			switch {
			case len(path) == begun:
				path = append(number(append(path, 'M'), x, false), ' ')
				path = append(number(path, y, false), 'l')
			case x != px || y != py:
				path = number(path, x-px, steps > 0)
				path = number(path, y-py, true)
				steps++
			}
			px, py = x, y
		}
	}
	if steps == 0 {
		path = append(path, "0 1"...)
	}
	return append(path, 'z')
}

// number writes a number of a path; a minus parts it from the one before as well as a blank.
func number(path []byte, n int, follows bool) []byte {
	if follows && n >= 0 {
		path = append(path, ' ')
	}
	return strconv.AppendInt(path, int64(n), 10)
}
