package boundary

import (
	"encoding/json"
	"slices"
)

// GeoJSON says each border as often as it has sides. To keep it the same on both, lines are cut where three or more meet,
// and each piece is kept once.

type features struct {
	Features []struct {
		ID         any
		Properties map[string]any
		Geometry   *struct {
			Type        string
			Coordinates json.RawMessage
		}
	}
}

func readFeatures(file []byte) (*Layer, error) {
	var fs features
	if err := json.Unmarshal(file, &fs); err != nil {
		return nil, bad("features that cannot be read: %w", err)
	}
	c := &cutting{met: map[Point][2]Point{}, crossing: map[Point]bool{}, arcs: map[[2]Point][]int{}}
	lines := make([][][][]Point, len(fs.Features)) // of each feature: polygons of rings
	for i := range fs.Features {
		f := &fs.Features[i]
		code := property(f.Properties, f.ID, codeKeys)
		if f.Geometry == nil {
			continue
		}
		var polygons [][][][2]float64
		err := error(nil)
		switch f.Geometry.Type {
		case "Polygon":
			polygons = make([][][][2]float64, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
		case "MultiPolygon":
			err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
		default:
			return nil, bad("unit %s is a %s, and no polygon", code, f.Geometry.Type)
		}
		if err == nil {
			lines[i], err = c.take(polygons)
		}
		if err != nil {
			return nil, bad("unit %s: %w", code, err)
		}
	}
	for i := range fs.Features {
		if f := &fs.Features[i]; f.Geometry != nil {
			s := Shape{Code: property(f.Properties, f.ID, codeKeys), Name: property(f.Properties, nil, nameKeys)}
			for _, rings := range lines[i] {
				var p Polygon
				for _, ring := range rings {
					p = append(p, c.cut(ring))
				}
				s.Polygons = append(s.Polygons, p)
			}
			c.layer.Shapes = append(c.layer.Shapes, s)
		}
	}
	return &c.layer, nil
}

// cutting is how lines become arcs.
type cutting struct {
	layer    Layer
	met      map[Point][2]Point // the neighbours of each point, in order
	crossing map[Point]bool     // points that have others too
	arcs     map[[2]Point][]int // by their ends, in order
}

// take reads rings, and learns where lines meet. The last point of a ring, which is its first, is left out.
func (c *cutting) take(polygons [][][][2]float64) (all [][][]Point, err error) {
	for _, polygon := range polygons {
		var rings [][]Point
		for _, raw := range polygon {
			ring := make([]Point, 0, len(raw))
			for _, p := range raw {
				at, err := place(p[0], p[1])
				if err != nil {
					return nil, err
				}
				if n := len(ring); n == 0 || ring[n-1] != at {
					ring = append(ring, at)
				}
			}
			if n := len(ring); n > 1 && ring[0] == ring[n-1] {
				ring = ring[:n-1]
			}
			if len(ring) < 3 {
				continue // smaller than a metre
			}
			for i, at := range ring {
				c.meet(at, ring[(i+len(ring)-1)%len(ring)], ring[(i+1)%len(ring)])
			}
			rings = append(rings, ring)
		}
		if len(rings) > 0 {
			all = append(all, rings)
		}
	}
	return all, nil
}

func (c *cutting) meet(at, before, after Point) {
	pair := [2]Point{before, after}
	if less(after, before) {
		pair = [2]Point{after, before}
	}
	if old, seen := c.met[at]; seen && old != pair {
		c.crossing[at] = true
	}
	c.met[at] = pair
}

func less(a, b Point) bool { return a.X < b.X || a.X == b.X && a.Y < b.Y }

// cut makes arcs of a ring.
func (c *cutting) cut(ring []Point) (r Ring) {
	first := slices.IndexFunc(ring, func(p Point) bool { return c.crossing[p] })
	if first < 0 { // an island, or a hole that one unit fills: it begins at its least point
		first = 0
		for i, p := range ring {
			if less(p, ring[first]) {
				first = i
			}
		}
	}
	arc := []Point{ring[first]}
	for i := 1; i <= len(ring); i++ {
		p := ring[(first+i)%len(ring)]
		if arc = append(arc, p); c.crossing[p] || i == len(ring) {
			r = append(r, c.keep(arc))
			arc = []Point{p}
		}
	}
	return r
}

// keep finds an arc that is there already, in either direction, or adds it.
func (c *cutting) keep(arc []Point) int {
	a, b := arc[0], arc[len(arc)-1]
	if less(b, a) {
		a, b = b, a
	}
	for _, at := range c.arcs[[2]Point{a, b}] {
		old := c.layer.Arcs[at]
		if slices.Equal(old, arc) {
			return at
		}
		if backwards(old, arc) {
			return ^at
		}
	}
	at := len(c.layer.Arcs)
	c.layer.Arcs = append(c.layer.Arcs, arc)
	c.arcs[[2]Point{a, b}] = append(c.arcs[[2]Point{a, b}], at)
	return at
}

func backwards(a, b []Point) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[len(b)-1-i] {
			return false
		}
	}
	return true
}
