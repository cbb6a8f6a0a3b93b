package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"slices"
	"sync"
	"time"

	"banlang/shared/fault"
	"banlang/shared/units"
	"banlang/syncserver/boundary"
)

const (
	// drawnBytes is what the lines of a map may take, which compress to some two fifths.
	drawnBytes = 120_000
	// drawnMany is from how many units on a map is drawn on a sheet less than half as fine, which is still finer than a screen: with the titles of
	// all communes of the country the page then keeps below 80 kB compressed. Who wants to see more opens the map of a province.
	drawnMany = 1000
	maxDrawn  = 64 // maps that are remembered: each province has one or two
)

// drawnSize is how many steps the longer side of a map of so many units has.
func drawnSize(units int) int {
	if units > drawnMany {
		return 800
	}
	return 2000
}

// drawnKept remembers maps: to draw a country's communes takes longer than to send them.
type drawnKept struct {
	mu   sync.Mutex
	from []*boundary.Layer // that they were drawn of
	maps map[string]*boundary.Map
}

// drawn is the map of some units under a root; nil where no boundaries were imported of any of them.
func (q *Request) drawn(root, level string, codes []string) (*boundary.Map, error) {
	layers, err := q.c.Centre.Boundaries()
	if err != nil {
		return nil, err
	}
	day := q.now().Format(time.DateOnly)
	layer := boundary.Pick(layers, codes, day)
	if layer == nil {
		return nil, nil
	}
	k := &q.c.drawn
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.Equal(k.from, layers) || len(k.maps) >= maxDrawn {
		k.from, k.maps = layers, map[string]*boundary.Map{}
	}
	name := fmt.Sprint(root, "\n", level, "\n", day, "\n", len(codes))
	m := k.maps[name]
	if m == nil {
		m = layer.Draw(codes, boundary.Drawing{Size: drawnSize(len(codes)), Bytes: drawnBytes, Islands: root == units.Root})
		k.maps[name] = m
	}
	if len(m.Paths) == 0 {
		return nil, nil
	}
	return m, nil
}

// picture is a map as it stands in a page.
type picture struct {
	SVG  template.HTML
	Sum  string // of all of it: a page that asks again says which it has (the header Have)
	Kept bool   // the page that asks has this one
}

// picture draws a map; nil without one. Everything in it that comes from outside was escaped by its writer.
func (q *Request) picture(m *boundary.Map, look boundary.Look) (*picture, error) {
	if m == nil {
		return nil, nil
	}
	var b bytes.Buffer
	if err := m.WriteSVG(&b, look); err != nil {
		return nil, fault.New(fault.Internal, "console.map", err)
	}
	sum := sha256.Sum256(b.Bytes())
	p := &picture{SVG: template.HTML(b.String()), Sum: hex.EncodeToString(sum[:8])} //nolint:gosec // as said above
	p.Kept = q.Live() && q.Header.Get("Have") == p.Sum
	return p, nil
}
