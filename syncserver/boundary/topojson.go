package boundary

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// keys are the properties by which files name the code and the name of a unit; the first that is there counts.
var (
	codeKeys = []string{"code", "ma", "ma_dvhc", "madvhc", "ma_xa", "maxa", "ma_tinh", "matinh", "unit", "id"}
	nameKeys = []string{"fullName", "full_name", "name", "ten", "ten_xa", "ten_tinh", "tendvhc"}
)

// Read reads boundaries: TopoJSON, or GeoJSON in degrees. Each unit is a polygon or several, and bears its code in its
// properties (one of codeKeys) or as its id. Files that are no such thing are fault.BadInput, those above the limits
// fault.LimitExceeded; what is wrong is in the error.
func Read(file []byte) (*Layer, error) {
	if len(file) > MaxFile {
		return nil, large("%d bytes, at most %d", len(file), MaxFile)
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	var kind struct{ Type string }
	if err := json.Unmarshal(file, &kind); err != nil {
		return nil, bad("no JSON: %w", err)
	}
	l, err := (*Layer)(nil), error(nil)
	switch kind.Type {
	case "Topology":
		l, err = readTopology(file)
	case "FeatureCollection":
		l, err = readFeatures(file)
	default:
		return nil, bad("type %q: neither a Topology (TopoJSON) nor a FeatureCollection (GeoJSON)", kind.Type)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(l.Shapes, func(a, b Shape) int { return strings.Compare(a.Code, b.Code) })
	return l, l.check()
}

// topology is TopoJSON, as far as it is read.
type topology struct {
	Transform *struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   map[string]struct{ Geometries []geometry }
}

type geometry struct {
	Type       string
	ID         any
	Properties map[string]any
	Arcs       json.RawMessage
}

func readTopology(file []byte) (*Layer, error) {
	var t topology
	if err := json.Unmarshal(file, &t); err != nil {
		return nil, bad("a topology that cannot be read: %w", err)
	}
	l := &Layer{}
	for _, raw := range t.Arcs {
		arc, err := t.arc(raw)
		if err != nil {
			return nil, err
		}
		l.Arcs = append(l.Arcs, arc)
	}
	for _, name := range slices.Sorted(maps.Keys(t.Objects)) {
		for _, g := range t.Objects[name].Geometries {
			s := Shape{Code: property(g.Properties, g.ID, codeKeys), Name: property(g.Properties, nil, nameKeys)}
			err := error(nil)
			switch g.Type {
			case "Polygon":
				s.Polygons = make([]Polygon, 1)
				err = json.Unmarshal(g.Arcs, &s.Polygons[0])
			case "MultiPolygon":
				err = json.Unmarshal(g.Arcs, &s.Polygons)
			case "": // null: a unit without a boundary
				continue
			default:
				return nil, bad("unit %s is a %s, and no polygon", s.Code, g.Type)
			}
			if err != nil {
				return nil, bad("unit %s: %w", s.Code, err)
			}
			l.Shapes = append(l.Shapes, s)
		}
	}
	return l, nil
}

// arc undoes what the transform has done: points are then steps from one to the next.
func (t *topology) arc(raw [][2]float64) (arc []Point, err error) {
	x, y := 0.0, 0.0
	for _, p := range raw {
		east, north := p[0], p[1]
		if t.Transform != nil {
			x, y = x+p[0], y+p[1]
			east, north = x*t.Transform.Scale[0]+t.Transform.Translate[0], y*t.Transform.Scale[1]+t.Transform.Translate[1]
		}
		at, err := place(east, north)
		if err != nil {
			return nil, err
		}
		arc = append(arc, at)
	}
	return arc, nil
}

// property is what a unit says of itself under one of some names, or its id.
func property(properties map[string]any, id any, names []string) string {
	for _, name := range names {
		if s := said(properties[name]); s != "" {
			return s
		}
	}
	return said(id)
}

func said(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		b, _ := json.Marshal(v) // a number always can be
		return string(b)
	}
	return ""
}
