package centre

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
	"banlang/syncserver/units"
)

// MinCustodians is how many custodians a centre should have: with one, whatever happens to his key happens to every notebook
// whose passphrase is forgotten. Fewer hinder nothing; they are told of.
const MinCustodians = 2

// Recipient is to whom devices seal: a custodian, or a unit.
type Recipient struct {
	Unit string `json:",omitempty"` // empty: a custodian
	Name string `json:",omitempty"` // of a custodian, as devices are told it; empty: the first one
	Key  string // envelope.Recipient; empty: nobody any more
}

// Topic is what its key is published under. A code that no unit can have, and a name that is none, are fault.BadInput.
func (r *Recipient) Topic() (string, error) {
	switch {
	case r.Unit != "":
		return envelope.TopicUnit(r.Unit), checkUnit(r.Unit)
	case r.Name != "" && !units.ValidCode(r.Name):
		return "", fault.New(fault.BadInput, "custodian", fmt.Errorf("a name of letters a-z, digits and hyphens is needed, not %q", r.Name))
	}
	return envelope.TopicOfCustodian(r.Name), nil
}

// publish has a key published, or the one that is withdrawn, and returns it as it was before. A key that is withdrawn or
// replaced still opens what was sealed to it. One custodian more than there may be is fault.LimitExceeded.
func (c *Centre) publish(ctx context.Context, r *Recipient) (before *Recipient, err error) {
	topic, err := r.Topic()
	if err != nil {
		return nil, err
	}
	var key envelope.Recipient
	if r.Key != "" {
		if key, err = envelope.ParseRecipient(r.Key); err != nil {
			return nil, err
		}
	}
	c.staff.Lock()
	defer c.staff.Unlock()
	published, err := published(ctx, c.watched)
	if err != nil {
		return nil, err
	}
	before = &Recipient{r.Unit, r.Name, string(published[topic])}
	switch {
	case r.Key == "" && before.Key == "":
		return nil, fault.New(fault.NotFound, "recipient", errors.New(topic))
	case r.Unit == "" && before.Key == "" && custodiansIn(published) >= envelope.MaxCustodians:
		return nil, fault.New(fault.LimitExceeded, "custodian", fmt.Errorf("there are %d: withdraw one first", envelope.MaxCustodians))
	}
	err = c.act(ctx, func(a *hub.Act) error { return a.Publish(topic, []byte(key.String())) })
	return before, err
}

// recipients lists to whom devices seal now: the custodians first, then units by their codes.
func (c *Centre) recipients(ctx context.Context) ([]Recipient, error) {
	published, err := published(ctx, c.watched)
	if err != nil {
		return nil, err
	}
	all := []Recipient{}
	for topic, key := range published {
		unit, isUnit := envelope.UnitOf(topic)
		name, isCustodian := envelope.CustodianOf(topic)
		if (isUnit || isCustodian) && len(key) > 0 {
			all = append(all, Recipient{unit, name, string(key)})
		}
	}
	slices.SortFunc(all, func(a, b Recipient) int { return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Name, b.Name)) })
	return all, nil
}

// CountCustodians says how many custodians a centre has that does not run; see MinCustodians.
func CountCustodians(ctx context.Context, dir Dir) (n int, err error) {
	s, err := sqlitestore.Open(ctx, dir.Database(), sqlitestore.Options{})
	if err != nil {
		return 0, err
	}
	published, err := published(ctx, s)
	return custodiansIn(published), errors.Join(err, s.Close())
}

func (c *Centre) custodians(ctx context.Context) (int, error) {
	published, err := published(ctx, c.watched)
	return custodiansIn(published), err
}

func custodiansIn(published map[string][]byte) (n int) {
	for topic, key := range published {
		if _, ok := envelope.CustodianOf(topic); ok && len(key) > 0 {
			n++
		}
	}
	return n
}

// published is what holds now, by topic. What was withdrawn is empty.
func published(ctx context.Context, s hub.Store) (map[string][]byte, error) {
	now := map[string][]byte{}
	err := s.View(ctx, func(tx hub.Tx) error {
		all, err := ledger.Publications(tx)
		for topic, x := range record.Published(all) {
			now[topic] = x.Payload
		}
		return err
	})
	return now, err
}
