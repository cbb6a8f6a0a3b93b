package xform

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Instance is a secondary instance: a list of choices or other data that a form reads.
type Instance struct {
	ID  string
	Src string // where its data come from, "jr://file-csv/xa.csv"; empty when they stand in the form

	tree *treeNode // of one whose data stand in the form
}

// External reports whether the data come from outside of the form.
func (i *Instance) External() bool { return i.Src != "" }

// readExternal reads the data of an external instance by the kind of its file. XML is as it stands; the rows of CSV and
// the features of GeoJSON become root/item.
func readExternal(src string, data []byte) (*treeNode, error) {
	if len(data) > MaxBytes {
		return nil, &Error{Code: CodeLimit, Msg: fmt.Sprintf("%s is larger than %d MiB", src, MaxBytes>>20)}
	}
	lower := strings.ToLower(src)
	switch {
	case strings.HasSuffix(lower, ".geojson"):
		return readGeoJSON(data)
	case strings.HasSuffix(lower, ".csv") || strings.HasPrefix(lower, "jr://file-csv/"):
		return readCSV(data)
	}
	doc, err := parseXML(data)
	if err != nil {
		return nil, err
	}
	return treeOf(doc.root), nil
}

// readCSV reads rows under a row of names. The separator is the comma, or the semicolon when the first row has more of
// those.
func readCSV(data []byte) (*treeNode, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	first, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	doc := newTree()
	root := doc.add("root", "")
	var names []string
	for cells := 0; ; cells += len(names) {
		if cells > MaxElements {
			return nil, &Error{Code: CodeLimit, Msg: fmt.Sprintf("the CSV has more than %d cells", MaxElements)}
		}
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return doc, nil
		}
		if err != nil {
			return nil, &Error{Code: CodeInstance, Msg: "not readable as CSV", Err: err}
		}
		if names == nil {
			names = append(names, row...)
			continue
		}
		addRow(root, names, row)
	}
}

func addRow(root *treeNode, names, row []string) {
	item := root.add("item", "")
	for i, name := range names {
		text := ""
		if i < len(row) {
			text = row[i]
		}
		item.add(strings.TrimSpace(name), text)
	}
}

// feature is a feature of GeoJSON. Its id stands beside the properties or among them.
type feature struct {
	Type       string
	ID         json.RawMessage
	Properties json.RawMessage
	Geometry   struct {
		Type        string
		Coordinates json.RawMessage
	}
}

// readGeoJSON reads a collection of features: each an item of a geometry and the properties.
func readGeoJSON(data []byte) (*treeNode, error) {
	var collection struct {
		Type     string
		Features []feature
	}
	if err := json.Unmarshal(data, &collection); err != nil {
		return nil, &Error{Code: CodeInstance, Msg: "not readable as GeoJSON", Err: err}
	}
	if collection.Type != "FeatureCollection" {
		return nil, &Error{Code: CodeInstance, Msg: "the GeoJSON is no FeatureCollection"}
	}
	doc := newTree()
	root := doc.add("root", "")
	for i := range collection.Features {
		if err := collection.Features[i].addTo(root); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

func (f *feature) addTo(root *treeNode) error {
	where, err := f.points()
	if err != nil {
		return err
	}
	item := root.add("item", "")
	item.add("geometry", where)
	if err := addProperties(item, f.Properties); err != nil {
		return err
	}
	if id := jsonText(f.ID); id != "" {
		if has := item.child("id"); has != nil {
			has.text = id
		} else {
			item.add("id", id)
		}
	}
	return nil
}

// addProperties adds the members of a JSON object in their order.
func addProperties(item *treeNode, object json.RawMessage) error {
	if len(object) == 0 || string(object) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return &Error{Code: CodeInstance, Msg: "the properties of a GeoJSON feature are no object", Err: err}
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return &Error{Code: CodeInstance, Msg: "not readable as GeoJSON", Err: err}
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return &Error{Code: CodeInstance, Msg: "not readable as GeoJSON", Err: err}
		}
		item.add(name.(string), jsonText(value))
	}
	return nil
}

// jsonText is a JSON value as text: strings without their quotes, null as nothing.
func jsonText(v json.RawMessage) string {
	var s string
	switch {
	case len(v) == 0 || string(v) == "null":
		return ""
	case v[0] == '"' && json.Unmarshal(v, &s) == nil:
		return s
	}
	return string(v)
}

// points are the coordinates of a point, line or polygon as geopoints.
func (f *feature) points() (string, error) {
	c := f.Geometry.Coordinates
	switch f.Geometry.Type {
	case "Point":
		var p []float64
		return joinPoints(json.Unmarshal(c, &p), p)
	case "LineString":
		var l [][]float64
		return joinPoints(json.Unmarshal(c, &l), l...)
	case "Polygon":
		var rings [][][]float64
		if err := json.Unmarshal(c, &rings); err != nil || len(rings) == 0 {
			return joinPoints(err)
		}
		return joinPoints(nil, rings[0]...)
	}
	return "", &Error{Code: CodeInstance, Msg: "only points, lines and polygons of GeoJSON are read, not " + strconv.Quote(f.Geometry.Type)}
}

func joinPoints(err error, points ...[]float64) (string, error) {
	texts := make([]string, len(points))
	for i, p := range points {
		if len(p) < 2 {
			err = errors.New("a position with fewer than two numbers")
			break
		}
		texts[i] = strconv.FormatFloat(p[1], 'f', -1, 64) + " " + strconv.FormatFloat(p[0], 'f', -1, 64) + " 0 0"
	}
	if err != nil {
		return "", &Error{Code: CodeInstance, Msg: "the coordinates of a GeoJSON feature cannot be read", Err: err}
	}
	return strings.Join(texts, "; "), nil
}
