package boundary

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// How layers are kept: one small file, written whole and put in place at once, beside the databases and not in one. It
// holds nobody's data, changes a few times a year, is read whole by whoever draws, and can be made again from its source;
// so no backup of records grows by it, and no transaction waits for it.

// magic begins the file, and says its version; zstd follows, over numbers as varints and texts behind their lengths. Points
// are steps from the one before.
const magic = "BLB1"

const maxUnpacked = 256 << 20

// Encode writes layers as a file.
func Encode(layers []*Layer) ([]byte, error) {
	w := writer{}
	w.count(len(layers))
	for _, l := range layers {
		w.text(l.Name)
		w.text(l.From)
		w.text(l.To)
		w.count(len(l.Arcs))
		for _, arc := range l.Arcs {
			w.count(len(arc))
			before := Point{}
			for _, p := range arc {
				w.number(int64(p.X) - int64(before.X))
				w.number(int64(p.Y) - int64(before.Y))
				before = p
			}
		}
		w.count(len(l.Shapes))
		for i := range l.Shapes {
			s := &l.Shapes[i]
			w.text(s.Code)
			w.text(s.Name)
			w.count(len(s.Polygons))
			for _, polygon := range s.Polygons {
				w.count(len(polygon))
				for _, ring := range polygon {
					w.count(len(ring))
					for _, at := range ring {
						w.number(int64(at))
					}
				}
			}
		}
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return z.EncodeAll(w.b, []byte(magic)), nil
}

// Decode reads what Encode wrote, and holds it against the limits as if it came from a stranger.
func Decode(file []byte) ([]*Layer, error) {
	packed, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, bad("no file of boundaries, or one of a later version")
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxUnpacked))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	plain, err := z.DecodeAll(packed, nil)
	if err != nil {
		return nil, bad("a damaged file: %w", err)
	}
	r := &reader{b: plain}
	var layers []*Layer
	for range r.count() {
		l := r.layer()
		if r.err == nil {
			r.err = l.check()
		}
		if r.err != nil {
			break
		}
		layers = append(layers, l)
	}
	if r.err == nil && len(r.b) > 0 {
		r.err = errTorn
	}
	if r.err != nil {
		return nil, bad("a damaged file: %w", r.err)
	}
	return layers, nil
}

type writer struct{ b []byte }

func (w *writer) count(n int)    { w.b = binary.AppendUvarint(w.b, uint64(n)) }
func (w *writer) number(n int64) { w.b = binary.AppendVarint(w.b, n) }
func (w *writer) text(s string)  { w.count(len(s)); w.b = append(w.b, s...) }

var errTorn = errors.New("it ends too early, or too late")

// maxMade is how many points, arcs, shapes, polygons, rings and their parts a layer is read of.
const maxMade = 2 * maxPoints

// reader takes a file apart. After a mistake everything is empty.
type reader struct {
	b    []byte
	made int // of what a layer consists of
	err  error
}

// count reads how many of something follow: no more than there are bytes.
func (r *reader) count() int {
	n, size := binary.Uvarint(r.b)
	if r.err == nil && (size <= 0 || n > uint64(len(r.b)-size)) {
		r.err = errTorn
	}
	if r.err != nil {
		return 0
	}
	r.b = r.b[size:]
	return int(n)
}

// items is count for what something is made of, before it is: of what a layer may not have, nothing is made.
func (r *reader) items() int {
	n := r.count()
	if r.made += n; r.made > maxMade {
		r.err = large("a layer of more than %d parts", maxMade)
		return 0
	}
	return n
}

func (r *reader) number() int64 {
	n, size := binary.Varint(r.b)
	if r.err == nil && size <= 0 {
		r.err = errTorn
	}
	if r.err != nil {
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) text() string {
	n := r.count()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *reader) layer() *Layer {
	l := &Layer{Name: r.text(), From: r.text(), To: r.text()}
	r.made = 0
	for range r.items() {
		var arc []Point
		x, y := int64(0), int64(0)
		for range r.items() {
			x, y = x+r.number(), y+r.number()
			if max(x, -x) > 180*Degree || max(y, -y) > 90*Degree {
				r.err = errTorn
			}
			arc = append(arc, Point{int32(x), int32(y)})
		}
		l.Arcs = append(l.Arcs, arc)
	}
	for range r.items() {
		s := Shape{Code: r.text(), Name: r.text()}
		for range r.items() {
			var p Polygon
			for range r.items() {
				var ring Ring
				for range r.items() {
					ring = append(ring, int(r.number()))
				}
				p = append(p, ring)
			}
			s.Polygons = append(s.Polygons, p)
		}
		l.Shapes = append(l.Shapes, s)
	}
	return l
}

// Put adds a layer to others, in place of the one of its name.
func Put(layers []*Layer, l *Layer) []*Layer {
	others := slices.DeleteFunc(slices.Clone(layers), func(o *Layer) bool { return o.Name == l.Name })
	return append(others, l)
}

// Pick chooses the layer in which the most of some units have boundaries on a day; of several, the last. nil: there is none.
func Pick(layers []*Layer, codes []string, day string) (best *Layer) {
	most := 0
	for _, l := range layers {
		if l.From > day || l.To != "" && l.To <= day {
			continue
		}
		n := 0
		for _, code := range codes {
			if _, ok := l.shape(code); ok {
				n++
			}
		}
		if n > 0 && n >= most {
			best, most = l, n
		}
	}
	return best
}

// shape finds the shape of a unit.
func (l *Layer) shape(code string) (*Shape, bool) {
	at, ok := slices.BinarySearchFunc(l.Shapes, code, func(s Shape, code string) int { return strings.Compare(s.Code, code) })
	if !ok {
		return nil, false
	}
	return &l.Shapes[at], true
}

// String says what a layer is, for whoever helps.
func (l *Layer) String() string {
	return fmt.Sprintf("%s: %d units, %d arcs", l.Name, len(l.Shapes), len(l.Arcs))
}
