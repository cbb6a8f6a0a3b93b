// Package boundary owns the boundaries of units: reading them from TopoJSON and GeoJSON, keeping them, making them simpler so
// that neighbours keep their common border, and drawing them as SVG. It knows units by their codes only.
package boundary

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"banlang/shared/fault"
)

// Point is a place: degrees east and north, times Degree. A step is about a metre.
type Point struct{ X, Y int32 }

// Degree is how many steps a degree has.
const Degree = 100_000

// Layer is what one file says: the shapes of units that share their borders, and from when to when they hold. Once read it is
// not altered, but by Rename; it may be drawn by several goroutines.
type Layer struct {
	Name   string // of the source, for people: "wards 2025"
	From   string // the first day, yyyy-mm-dd; "": always
	To     string // the first day on which it is no more; "": still is
	Shapes []Shape
	Arcs   [][]Point // borders; each is there once, whoever shares it

	once    sync.Once
	weights [][]float64 // of each point of each arc, made when first needed
}

// Shape is the boundary of one unit.
type Shape struct {
	Code     string
	Name     string    // as the source has it; may be empty
	Polygons []Polygon // apart from each other: islands, exclaves
}

// Polygon is an outer ring, and the holes in it.
type Polygon []Ring

// Ring is a closed line of arcs, one after the other: the number of an arc, or ^number of one that is walked backwards.
type Ring []int

// Limits of a file, against files that are made to unfold.
const (
	MaxFile   = 64 << 20
	maxArcs   = 1_000_000
	maxPoints = 8_000_000 // of all arcs; and, each counted as often as rings name it, of all rings
	maxShapes = 100_000
	maxText   = 200 // bytes of a code or name
)

// bad says what a file has that cannot be.
func bad(format string, args ...any) error {
	return fault.New(fault.BadInput, "boundary", fmt.Errorf(format, args...))
}

func large(format string, args ...any) error {
	return fault.New(fault.LimitExceeded, "boundary", fmt.Errorf(format, args...))
}

// place makes a point of degrees.
func place(east, north float64) (Point, error) {
	if !(math.Abs(east) <= 180 && math.Abs(north) <= 90) {
		return Point{}, bad("a point at %g, %g: degrees east and north are needed (WGS 84)", east, north)
	}
	return Point{int32(math.Round(east * Degree)), int32(math.Round(north * Degree))}, nil
}

// check holds a layer against the limits, and against itself.
func (l *Layer) check() error {
	points, drawn := 0, 0
	for _, arc := range l.Arcs {
		if points += len(arc); len(arc) < 2 {
			return bad("an arc of %d points", len(arc))
		}
	}
	if len(l.Arcs) > maxArcs || points > maxPoints || len(l.Shapes) > maxShapes {
		return large("%d arcs, %d points, %d shapes", len(l.Arcs), points, len(l.Shapes))
	}
	if len(l.Shapes) == 0 {
		return bad("there is no unit in it")
	}
	codes := map[string]bool{}
	for i := range l.Shapes {
		s := &l.Shapes[i]
		if s.Code == "" || len(s.Code) > maxText || len(s.Name) > maxText {
			return bad("unit %d has no code, or one that is too long", i+1)
		}
		if codes[s.Code] {
			return bad("unit %s is there twice", s.Code)
		}
		codes[s.Code] = true
		for _, p := range s.Polygons {
			if len(p) == 0 {
				return bad("unit %s has a polygon without a ring", s.Code)
			}
			for _, ring := range p {
				n, err := l.closed(ring)
				if drawn += n; err != nil {
					return bad("unit %s: %w", s.Code, err)
				}
				if drawn > maxPoints {
					return large("its rings have more than %d points", maxPoints)
				}
			}
		}
	}
	return nil
}

// closed counts the points of a ring, and checks that each arc begins where the one before ends.
func (l *Layer) closed(ring Ring) (points int, err error) {
	if len(ring) == 0 {
		return 0, errors.New("an empty ring")
	}
	for _, at := range ring {
		if max(at, ^at) >= len(l.Arcs) {
			return points, fmt.Errorf("there is no arc %d", at)
		}
		points += len(l.Arcs[max(at, ^at)])
	}
	for i, at := range ring {
		_, end := l.ends(at)
		if start, _ := l.ends(ring[(i+1)%len(ring)]); start != end {
			return points, errors.New("a ring that is not closed")
		}
	}
	return points, nil
}

// ends are the first and the last point of an arc as a ring walks it.
func (l *Layer) ends(at int) (from, to Point) {
	arc := l.Arcs[max(at, ^at)]
	if at < 0 {
		return arc[len(arc)-1], arc[0]
	}
	return arc[0], arc[len(arc)-1]
}
