package centre

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"

	"banlang/shared/fault"
	"banlang/shared/wholefile"
	"banlang/syncserver/boundary"
)

// PutBoundaries keeps the boundaries of units beside those that are there, in place of a layer of the same name; or takes a
// layer away. Boundaries stay at the centre.
type PutBoundaries struct {
	Layer []byte `json:",omitempty"` // one, as package boundary encodes it
	Drop  string `json:",omitempty"` // the name of one
}

// boundariesKept are the layers, once somebody has asked for them.
type boundariesKept struct {
	mu     sync.Mutex
	read   bool
	layers []*boundary.Layer
}

// Boundaries are the layers that were imported; none at first. They are read once, and never altered: whoever asks may draw
// them at any time.
func (c *Centre) Boundaries() ([]*boundary.Layer, error) {
	c.borders.mu.Lock()
	defer c.borders.mu.Unlock()
	return c.readBoundaries()
}

// readBoundaries is Boundaries under the lock.
func (c *Centre) readBoundaries() ([]*boundary.Layer, error) {
	if c.borders.read {
		return c.borders.layers, nil
	}
	file, err := os.ReadFile(c.dir.Boundaries())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.DiskIO, "boundaries", err)
	}
	if err == nil {
		if c.borders.layers, err = boundary.Decode(file); err != nil {
			return nil, err
		}
	}
	c.borders.read = true
	return c.borders.layers, nil
}

func (c *Centre) packedBoundaries() ([]byte, error) {
	layers, err := c.Boundaries()
	if err != nil {
		return nil, err
	}
	return boundary.Encode(layers)
}

// BoundariesPut says what was put, for the audit.
type BoundariesPut struct {
	Names  string // of the layers
	Shapes int
}

// putBoundaries does what PutBoundaries asks. A file that is damaged is no hindrance to a new layer: the boundaries that are
// then missing are imported again.
func (c *Centre) putBoundaries(q *PutBoundaries) (file []byte, put *BoundariesPut, err error) {
	c.borders.mu.Lock()
	defer c.borders.mu.Unlock()
	put = &BoundariesPut{}
	layers, err := c.readBoundaries()
	if err != nil && !errors.Is(err, fault.BadInput) {
		return nil, nil, err
	}
	if q.Drop != "" {
		at := slices.IndexFunc(layers, func(l *boundary.Layer) bool { return l.Name == q.Drop })
		if at < 0 {
			return nil, nil, fault.New(fault.NotFound, "boundaries", errors.New(q.Drop))
		}
		layers = slices.Delete(slices.Clone(layers), at, at+1)
	} else {
		fresh, err := boundary.Decode(q.Layer)
		if err != nil {
			return nil, nil, err
		}
		for _, l := range fresh {
			layers = boundary.Put(layers, l)
			put.Names, put.Shapes = strings.TrimSpace(put.Names+" "+l.Name), put.Shapes+len(l.Shapes)
		}
	}
	file, err = boundary.Encode(layers)
	if err != nil {
		return nil, nil, fault.New(fault.Internal, "boundaries", err)
	}
	if err := wholefile.Write(c.dir.Boundaries(), file); err != nil {
		return nil, nil, fault.New(fault.DiskIO, "boundaries", err)
	}
	c.borders.layers, c.borders.read = layers, true
	return file, put, nil
}
