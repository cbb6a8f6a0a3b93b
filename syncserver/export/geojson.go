package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"banlang/shared/fault"
)

// Geometries knows where places are.
type Geometries interface {
	// Geometry gives a geometry object of RFC 7946, in longitude and latitude; nil for a place that it does not know.
	Geometry(code string) (json.RawMessage, error)
}

// GeoJSON writes a sheet as a collection of features, one a row: the column code, an index, names the place, which is its id; the
// properties are all columns by their keys. A place without a geometry is there without one. Numbers are exact, an empty
// cell is null. The errors are those of w, of the rows and the geometries, of Check, and the fault Internal for what is no geometry.
func GeoJSON(w io.Writer, s Sheet, code int, places Geometries) error {
	if err := s.Check(); err != nil {
		return err
	}
	if code < 0 || code >= len(s.Columns) {
		return fault.New(fault.Internal, "export.GeoJSON", fmt.Errorf("no column %d", code))
	}
	keys := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		keys[i] = quoted(c.Key)
	}
	out := bufio.NewWriter(w)
	parts := "{\"type\":\"FeatureCollection\",\"features\":["
	err := s.Each(func(row []Cell) error {
		out.WriteString(parts + "\n") //nolint:errcheck // Flush has it
		parts = ","
		return s.feature(out, keys, row, code, places)
	})
	if err != nil {
		return err
	}
	if parts != "," {
		out.WriteString(parts) //nolint:errcheck // Flush has it
	}
	out.WriteString("\n]}\n") //nolint:errcheck // Flush has it
	return out.Flush()
}

func (s Sheet) feature(out *bufio.Writer, keys []string, row []Cell, code int, places Geometries) error {
	id, _ := row[code].Text()
	place, err := places.Geometry(id)
	if err != nil {
		return err
	}
	if place == nil {
		place = json.RawMessage("null")
	} else if err := checkGeometry(place); err != nil {
		return fault.New(fault.Internal, "export.GeoJSON", fmt.Errorf("%s: %w", id, err))
	}
	var b bytes.Buffer
	b.WriteString(`{"type":"Feature","id":` + quoted(id) + `,"geometry":`)
	if err := json.Compact(&b, place); err != nil {
		return err
	}
	b.WriteString(`,"properties":{`)
	for i, key := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(key + ":" + s.jsonCell(row, i))
	}
	b.WriteString("}}")
	_, err = b.WriteTo(out)
	return err
}

func checkGeometry(raw json.RawMessage) error {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
		Geometries  json.RawMessage `json:"geometries"`
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		return err
	}
	switch g.Type {
	case "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon":
		if len(g.Coordinates) > 0 && g.Coordinates[0] == '[' {
			return nil
		}
	case "GeometryCollection":
		if len(g.Geometries) > 0 && g.Geometries[0] == '[' {
			return nil
		}
	}
	return fmt.Errorf("no geometry: type %q", g.Type)
}

func (s Sheet) jsonCell(row []Cell, i int) string {
	if n, ok := s.Figure(row, i); ok {
		return n.String()
	}
	if s.Columns[i].Kind != Percent {
		if day, ok := row[i].Day(); ok {
			return quoted(day)
		}
		if text, ok := row[i].Text(); ok {
			return quoted(text)
		}
	}
	return "null"
}

// quoted is clean words as a JSON string.
func quoted(words string) string {
	b, err := json.Marshal(Clean(words))
	if err != nil { // a string has none
		return `""`
	}
	return string(b)
}
