package centre

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"banlang/shared/envelope"
	"banlang/shared/fault"
)

// Publisher is what the centre says to everybody: of this topic, this holds from now on.
type Publisher interface {
	// Publish says it, instead of what was said of the topic before; an empty payload withdraws that. It is durable
	// when Publish returns, and reaches every device with its next contact.
	Publish(ctx context.Context, topic string, payload []byte) error
	// Published is what holds now, by topic. What was withdrawn is not in it, or empty.
	Published(ctx context.Context) (map[string][]byte, error)
}

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
	published, err := c.publisher.Published(ctx)
	if err != nil {
		return nil, err
	}
	before = &Recipient{r.Unit, string(published[topic])}
	if r.Key == "" && before.Key == "" {
		return nil, fault.New(fault.NotFound, "recipient", errors.New(topic))
	}
	if err := c.publisher.Publish(ctx, topic, []byte(key.String())); err != nil {
		return nil, err
	}
	return before, nil
}

// recipients lists to whom devices seal now: the custodian first, then units by their codes.
func (c *Centre) recipients(ctx context.Context) ([]Recipient, error) {
	published, err := c.publisher.Published(ctx)
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

// unconnected stands where nobody has given the centre a Publisher.
type unconnected struct{}

var errUnconnected = fault.New(fault.Internal, "publish", errors.New("this centre cannot publish"))

func (unconnected) Publish(context.Context, string, []byte) error { return errUnconnected }

func (unconnected) Published(context.Context) (map[string][]byte, error) { return nil, errUnconnected }
