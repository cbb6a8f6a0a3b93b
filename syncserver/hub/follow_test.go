package hub

import (
	"slices"
	"testing"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// TestFollowing: who follows the log is woken by a commit, is told when its changes arrived, and of bodies that come after
// their changes, which no place of the log tells.
func TestFollowing(t *testing.T) {
	o := newOffice(t)
	m := o.machine("U1/ordinary")
	c := m.made("U1/ordinary", "x")
	committed := o.hub.Committed()
	before := record.Millis(o.now)
	o.apply(m.push(c.Without(record.BodyAbsent)))
	select {
	case <-committed:
	default:
		t.Error("nobody was told of the commit")
	}
	after := record.Millis(o.now)
	o.apply(m.push(c))
	o.apply(m.push(c))
	err := o.store.View(ctx, func(tx Tx) error {
		at, err := tx.Find(c.Dot)
		if err != nil {
			return err
		}
		arrived, err := tx.Arrivals(at, 1)
		if err != nil || len(arrived) != 1 || arrived[0].At <= before || arrived[0].At > after {
			t.Errorf("arrived %v %v, want between %d and %d", arrived, err, before, after)
		}
		fills, err := tx.Fills(0, 9)
		if want := []Filling{{1, at}}; !slices.Equal(fills, want) {
			t.Errorf("fills %v, want %v", fills, want)
		}
		v, viewErr := ledger.ViewOf(tx, c.Dot)
		if viewErr == nil && !v.Created {
			t.Error("the body is not there")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
