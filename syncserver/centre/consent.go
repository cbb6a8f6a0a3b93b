package centre

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Consent is an opening that one person asks for and a second one has to consent to, each at a desk of his own. It holds no answer,
// sealed or not. What is handed out with it is noted as any Opening.
type Consent struct {
	ID          string
	Record      record.Dot
	Name        string // of the record, as people say it
	Form        record.FormRef
	Unit        string // whose the record was when it was asked
	Compartment string
	Path        string
	Label       string // of the question there, as whoever asks reads it
	Key         string // the public half of the key that it is to be opened with
	By, Reason  string // the account that asks, and why
	Asked       record.Millis
	Second      string        `json:",omitempty"` // the account that answered
	Answered    record.Millis `json:",omitempty"`
	Yes         bool          `json:",omitempty"`
	Taken       record.Millis `json:",omitempty"` // when it was last handed out
}

// ConsentTime is how long a request waits for an answer, and how long an answer counts.
const ConsentTime record.Millis = record.Millis(24 * time.Hour / time.Millisecond)

// maxConsents bounds those that wait; nobody opens so many in a day.
const maxConsents = 1000

// Open reports whether nobody has answered yet.
func (x *Consent) Open() bool { return x.Answered == 0 }

func (c *Centre) consents() kept[Consent] {
	return kept[Consent]{c.dir.Waiting(), "consent", func(x *Consent) bool {
		return record.Millis(c.wall())-max(x.Asked, x.Answered) <= ConsentTime
	}}
}

// Consents lists those that still count, the latest first. Whose they are is for the caller to see to.
func (c *Centre) Consents() ([]*Consent, error) {
	all, err := c.consents().list(c)
	slices.Reverse(all)
	return all, err
}

// AskOpening notes that By asks for what is sealed at Path of Record, and for what reason. Nothing sealed is fault.NotFound; what is
// missing, or no key, fault.BadInput.
func (c *Centre) AskOpening(ctx context.Context, x Consent) (*Consent, error) {
	o := Opening{Record: x.Record.String(), Path: x.Path, By: []string{x.By, ""}, Reason: x.Reason, Key: x.Key}
	if _, err := envelope.ParseRecipient(x.Key); err != nil || !o.lines() {
		return nil, fault.New(fault.BadInput, "consent", errors.New("reason, path and key are one line each"))
	}
	err := c.watched.View(ctx, func(tx hub.Tx) error {
		v, err := ledger.ViewOf(tx, x.Record)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(v.Field(x.Path), func(v record.Value) bool { return envelope.IsSealed(v.Text) }) {
			return fault.New(fault.NotFound, "consent", errors.New("nothing is sealed there"))
		}
		home := v.Home()
		x.Form, x.Unit, x.Compartment = v.Form, home.Unit(), home.Compartment()
		x.Name, err = nameAt(tx, x.Record)
		return err
	})
	if err != nil {
		return nil, err
	}
	x.ID, x.Asked = rand.Text(), record.Millis(c.wall())
	x.Second, x.Answered, x.Yes, x.Taken = "", 0, false, 0
	return &x, c.consents().alter(c, func(all []*Consent) ([]*Consent, error) {
		if len(all) >= maxConsents {
			return nil, fault.New(fault.Busy, "consent", nil)
		}
		return append(all, &x), nil
	})
}

// Answer is the second person's yes or no. Who asked cannot give it (fault.NotAllowed); one that was answered is fault.NotFound.
func (c *Centre) Answer(id, by string, yes bool) (answered *Consent, err error) {
	err = c.consents().alter(c, func(all []*Consent) ([]*Consent, error) {
		i := slices.IndexFunc(all, func(x *Consent) bool { return x.ID == id && x.Open() })
		switch {
		case i < 0:
			return nil, fault.New(fault.NotFound, "consent", errors.New("it was answered, or waits no more"))
		case all[i].By == by || by == "":
			return nil, fault.New(fault.NotAllowed, "consent", errors.New("the second person is another one"))
		}
		answered = all[i]
		answered.Second, answered.Answered, answered.Yes = by, record.Millis(c.wall()), yes
		return all, nil
	})
	return answered, err
}

// TakeOpening hands out what was consented to, to who asked, after it was noted in the ledger of openings. Not consented, or asked by
// somebody else, is fault.NotFound.
func (c *Centre) TakeOpening(ctx context.Context, id, by string) (x *Consent, s *Sealed, err error) {
	all, err := c.Consents()
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(x *Consent) bool { return x.ID == id && x.By == by && x.Yes })
	if i < 0 {
		return nil, nil, fault.New(fault.NotFound, "consent", errors.New("nobody consented"))
	}
	x = all[i]
	s, err = c.opening(ctx, &Opening{Record: x.Record.String(), Path: x.Path, By: []string{x.By, x.Second}, Reason: x.Reason, Key: x.Key})
	if err != nil {
		return nil, nil, err
	}
	return x, s, c.consents().alter(c, func(all []*Consent) ([]*Consent, error) {
		for _, y := range all {
			if y.ID == id {
				y.Taken = record.Millis(c.wall())
			}
		}
		return all, nil
	})
}
