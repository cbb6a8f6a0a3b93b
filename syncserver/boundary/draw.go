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
	b.sift()
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

// size is in square degrees.
func (b box) size() float64 { return (b.east - b.west) * (b.north - b.south) }

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

// sift leaves out of the map what would be no more than a dot beside a larger part of its unit. In the insets everything is drawn.
func (b *board) sift() {
	largest := make([]int, len(b.m.Paths)) // the number of the part, from 1
	for i := range b.parts {
		p := &b.parts[i]
		if at := largest[p.path]; at == 0 || p.box.size() >= b.parts[at-1].box.size() {
			largest[p.path] = i + 1
			x, y := b.frames[p.frame].at(Point{int32((p.box.east + p.box.west) / 2 * Degree), int32((p.box.north + p.box.south) / 2 * Degree)})
			b.m.Paths[p.path].X, b.m.Paths[p.path].Y = x, y
		}
	}
	var seen []part
	for i, p := range b.parts {
		step := 1 / b.frames[p.frame].perDegree
		dot := p.box.north-p.box.south < step && (p.box.east-p.box.west)*b.frames[p.frame].shortening < step
		if p.frame > 0 || !dot || largest[p.path] == i+1 {
			seen = append(seen, p)
		}
	}
	b.parts = seen
}

// draw draws all parts without the points that weigh less than so many steps squared, and returns how many bytes that takes.
func (b *board) draw(least float64) (bytes int) {
	paths := make([]line, len(b.m.Paths))
	for i := range b.parts {
		p := &b.parts[i]
		f := &b.frames[p.frame]
		for _, ring := range p.polygon {
			b.ring(&paths[p.path], ring, f, least/(f.perDegree*f.perDegree))
		}
	}
	for i := range paths {
		b.m.Paths[i].D = string(paths[i].d)
		bytes += len(paths[i].d)
	}
	return bytes
}

// line is a path in the making, and where its last ring begins: there the pen is when the ring is closed.
type line struct {
	d    []byte
	x, y int
}

// move begins a ring, from where the last one began.
func (p *line) move(x, y int) {
	op := byte('m')
	if len(p.d) == 0 {
		op = 'M'
	}
	p.d = number(append(p.d, op), x-p.x, false)
	p.d = append(number(p.d, y-p.y, true), 'l')
	p.x, p.y = x, y
}

// ring adds a ring to a path: a move, steps from point to point, and the way back. One that is no larger than a step is a dot.
func (b *board) ring(path *line, ring Ring, f *frame, least float64) {
	begun, px, py, steps := false, 0, 0, 0
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
			case !begun:
				path.move(x, y)
				begun = true
			case x != px || y != py:
				path.d = number(path.d, x-px, steps > 0)
				path.d = number(path.d, y-py, true)
				steps++
			}
			px, py = x, y
		}
	}
	if steps == 0 {
		path.d = append(path.d, "0 1"...)
	}
	path.d = append(path.d, 'z')
}

// number writes a number of a path; a minus parts it from the one before as well as a blank.
func number(path []byte, n int, follows bool) []byte {
	if follows && n >= 0 {
		path = append(path, ' ')
	}
	return strconv.AppendInt(path, int64(n), 10)
}
