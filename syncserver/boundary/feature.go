package boundary

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Geometry is the whole boundary of a unit as a geometry object of RFC 7946: a MultiPolygon in degrees east and north, outer rings
// counterclockwise, holes clockwise. It is nil where the layer has none of the unit; the error is always nil.
func (l *Layer) Geometry(code string) (json.RawMessage, error) {
	s, ok := l.shape(code)
	if !ok || len(s.Polygons) == 0 {
		return nil, nil
	}
	b := []byte(`{"type":"MultiPolygon","coordinates":[`)
	for i, polygon := range s.Polygons {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for k, ring := range polygon {
			if k > 0 {
				b = append(b, ',')
			}
			b = appendRing(b, l.line(ring), k == 0)
		}
		b = append(b, ']')
	}
	return append(b, "]}"...), nil
}

// line is a ring as its points, of which the last is the first.
func (l *Layer) line(ring Ring) (line []Point) {
	for _, at := range ring {
		arc := l.Arcs[max(at, ^at)]
		if at < 0 {
			arc = slices.Clone(arc)
			slices.Reverse(arc)
		}
		if len(line) > 0 {
			arc = arc[1:] // where the one before ends
		}
		line = append(line, arc...)
	}
	return line
}

// appendRing writes a closed line, counterclockwise for an outer ring.
func appendRing(b []byte, line []Point, outer bool) []byte {
	var twice int64 // the area, positive when it runs counterclockwise
	for i := 1; i < len(line); i++ {
		p, q := line[i-1], line[i]
		twice += int64(p.X)*int64(q.Y) - int64(q.X)*int64(p.Y)
	}
	if (twice > 0) != outer {
		slices.Reverse(line)
	}
	b = append(b, '[')
	for i, p := range line {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		b = strconv.AppendFloat(b, float64(p.X)/Degree, 'f', -1, 64)
		b = append(b, ',')
		b = strconv.AppendFloat(b, float64(p.Y)/Degree, 'f', -1, 64)
		b = append(b, ']')
	}
	return append(b, ']')
}
