package centre

import (
	"context"
	"errors"
	"slices"
	"sync"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	tree "banlang/shared/units"
	"banlang/syncserver/hub"
	"banlang/syncserver/units"
)

// AlterUnits changes the tree of units, for everybody: exactly one of List, Merge and Split is set.
type AlterUnits struct {
	List   []byte       `json:",omitempty"` // CSV, as Import says
	Import units.Import `json:",omitempty"`
	Merge  *units.Merge `json:",omitempty"`
	Split  *units.Split `json:",omitempty"`
	Try    bool         `json:",omitempty"` // only say what it would mean
	Upon   ledger.Pos   `json:",omitempty"` // UnitsAltered.Upon of the trial; when anything was published since, fault.Busy
}

// UnitsAltered says what becomes of the tree, or what is wrong; then nothing was done.
type UnitsAltered struct {
	Problems    []units.Problem    `json:",omitempty"`
	Differences []units.Difference `json:",omitempty"` // none: everything is so already, and nothing was done
	Bytes       int                // that every device gets
	Upon        ledger.Pos         // the publication behind which this was found
}

// UnitList is everything that is known of the units.
type UnitList struct {
	Levels []tree.Level
	Units  []tree.Unit
}

// unitsKept is the tree of the last publication that was seen.
type unitsKept struct {
	mu   sync.Mutex
	at   ledger.Pos
	tree *tree.Tree
}

// Units is the tree of units that holds; nil before one was published. To ask again costs one look into the index.
func (c *Centre) Units(ctx context.Context) (t *tree.Tree, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		var at ledger.Pos
		if t, at, err = c.unitsIn(tx); err == nil {
			c.tree.keep(t, at)
		}
		return err
	})
	return t, err
}

// unitsIn is Units within a transaction, with the place of the publication behind which another tree may hold. It keeps
// nothing: the transaction may yet come to nothing.
func (c *Centre) unitsIn(tx hub.Tx) (*tree.Tree, ledger.Pos, error) {
	at, err := ledger.LastPublication(tx)
	if err != nil {
		return nil, 0, err
	}
	if t, ok := c.tree.of(at); ok {
		return t, at, nil
	}
	all, err := ledger.Publications(tx)
	if err != nil {
		return nil, 0, err
	}
	t, err := tree.Learn(all)
	if err != nil {
		return nil, 0, fault.New(fault.NewerDatabase, "units", err)
	}
	return t, at, nil
}

func (k *unitsKept) of(at ledger.Pos) (*tree.Tree, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.tree, k.at == at
}

func (k *unitsKept) keep(t *tree.Tree, at ledger.Pos) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tree, k.at = t, at
}

// alterUnits does what AlterUnits asks, in one transaction.
func (c *Centre) alterUnits(ctx context.Context, q *AlterUnits) (done *UnitsAltered, err error) {
	c.staff.Lock()
	defer c.staff.Unlock()
	work := func(tx hub.Tx) (topic string, payload []byte, err error) {
		now, at, err := c.unitsIn(tx)
		if err != nil {
			return "", nil, err
		}
		done = &UnitsAltered{Upon: at}
		if q.Upon != 0 && q.Upon != at {
			return "", nil, fault.New(fault.Busy, "units", errors.New("the tree was altered meanwhile"))
		}
		next, problems, err := q.apply(now)
		if done.Problems = problems; len(problems) > 0 || err != nil {
			return "", nil, err
		}
		if done.Differences = units.Diff(now, next); len(done.Differences) == 0 && slices.Equal(now.Levels(), next.Levels()) {
			return "", nil, nil
		}
		all, err := ledger.Publications(tx)
		if err != nil {
			return "", nil, err
		}
		published := map[string][]byte{}
		for topic, x := range record.Published(all) {
			published[topic] = x.Payload
		}
		if topic, payload, err = next.Publish(published); err != nil {
			return "", nil, fault.New(fault.LimitExceeded, "units", err)
		}
		done.Bytes = len(payload)
		return topic, payload, nil
	}
	if q.Try {
		err = c.watched.View(ctx, func(tx hub.Tx) error {
			_, _, err := work(tx)
			return err
		})
		return done, err
	}
	err = c.act(ctx, func(a *hub.Act) error {
		topic, payload, err := work(a.Tx())
		if topic == "" || err != nil {
			return err
		}
		return a.Publish(topic, payload)
	})
	return done, err
}

func (q *AlterUnits) apply(now *tree.Tree) (*tree.Tree, []units.Problem, error) {
	var next *tree.Tree
	var problems []units.Problem
	switch {
	case q.List != nil:
		next, problems = q.Import.Apply(now, q.List)
	case q.Merge != nil:
		next, problems = q.Merge.Apply(now)
	case q.Split != nil:
		next, problems = q.Split.Apply(now)
	default:
		return nil, nil, fault.New(fault.BadInput, "units", errors.New("nothing to alter"))
	}
	return next, problems, nil
}

func (c *Centre) listUnits(ctx context.Context) (*UnitList, error) {
	t, err := c.Units(ctx)
	return &UnitList{t.Levels(), t.All()}, err
}
