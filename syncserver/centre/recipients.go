package centre

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Recipient is to whom devices seal: the custodian, or a unit.
type Recipient struct {
	Unit string `json:",omitempty"` // empty: the custodian
	Key  string // envelope.Recipient; empty: nobody any more
}

// Topic is what its key is published under. A code that no unit has is fault.BadInput.
func (r *Recipient) Topic() (string, error) {
	if r.Unit == "" {
		return envelope.TopicCustodian, nil
	}
	return envelope.TopicUnit(r.Unit), checkUnit(r.Unit)
}

// publish has a key published, or the one that is withdrawn, and returns it as it was before. A key that is withdrawn or
// replaced still opens what was sealed to it.
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
	published, err := c.published(ctx)
	if err != nil {
		return nil, err
	}
	before = &Recipient{r.Unit, string(published[topic])}
	if r.Key == "" && before.Key == "" {
		return nil, fault.New(fault.NotFound, "recipient", errors.New(topic))
	}
	err = c.act(ctx, func(a *hub.Act) error { return a.Publish(topic, []byte(key.String())) })
	return before, err
}

// recipients lists to whom devices seal now: the custodian first, then units by their codes.
func (c *Centre) recipients(ctx context.Context) ([]Recipient, error) {
	published, err := c.published(ctx)
	if err != nil {
		return nil, err
	}
	all := []Recipient{}
	for topic, key := range published {
		unit, isUnit := envelope.UnitOf(topic)
		if (isUnit || topic == envelope.TopicCustodian) && len(key) > 0 {
			all = append(all, Recipient{unit, string(key)})
		}
	}
	slices.SortFunc(all, func(a, b Recipient) int { return cmp.Compare(a.Unit, b.Unit) })
	return all, nil
}

// published is what holds now, by topic. What was withdrawn is empty.
func (c *Centre) published(ctx context.Context) (map[string][]byte, error) {
	now := map[string][]byte{}
	err := c.watched.View(ctx, func(tx hub.Tx) error {
		all, err := ledger.Publications(tx)
		for topic, x := range record.Published(all) {
			now[topic] = x.Payload
		}
		return err
	})
	return now, err
}
