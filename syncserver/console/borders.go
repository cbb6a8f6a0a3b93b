package console

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"

	"banlang/shared/fault"
	"banlang/shared/units"
	"banlang/syncserver/boundary"
)

const (
	// drawnBytes is what the lines of a map may take, which compress to some two fifths; with the titles and the table of all communes
	// of the country the page then keeps below 100 kB.
	drawnBytes = 120_000
	maxDrawn   = 64 // maps that are remembered: each province has one or two
)

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
		m = layer.Draw(codes, boundary.Drawing{Bytes: drawnBytes, Islands: root == units.Root})
		k.maps[name] = m
	}
	if len(m.Paths) == 0 {
		return nil, nil
	}
	return m, nil
}

// picture writes a map into a page. Everything in it that comes from outside was escaped by its writer.
func picture(m *boundary.Map, look boundary.Look) (template.HTML, error) {
	var b strings.Builder
	if err := m.WriteSVG(&b, look); err != nil {
		return "", fault.New(fault.Internal, "console.map", err)
	}
	return template.HTML(b.String()), nil //nolint:gosec // as said above
}
