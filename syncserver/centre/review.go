package centre

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
)

// MaxReviewed bounds the records of one Review.
const MaxReviewed = 500

// Review is what staff say of records. Whoever asks has made sure that this account may review all of them.
type Review struct {
	By    string // the account of whoever reviews
	State string // record.ReviewApproved or ReviewReturned; "" takes back what was said
	Note  string // why; a return has one
	Items []ReviewItem
}

// ReviewItem is one record, as it was before whoever reviews.
type ReviewItem struct {
	Record string // its exact name, or the one that people use
	Saw    string // SumOf the view
}

// SumOf names the state of a record that somebody looks at. Two that are told apart by it show something else.
func SumOf(v *record.View) string { return v.Sum().String() }

// What became of one record of a Review. Only ReviewDone wrote something.
const (
	ReviewDone     = "done"
	ReviewSame     = "same"     // that was said already, of all that is there now
	ReviewChanged  = "changed"  // it shows something else than what was seen: it is for looking at again
	ReviewConflict = "conflict" // an approval of what is not decided yet
	ReviewGone     = "gone"     // deleted, or its creation does not count
)

// Reviewed says what became of one record.
type Reviewed struct {
	Record  record.Dot
	Unit    string // whose it is
	Form    string // its id
	Outcome string
	Before  string // the state before: what an undo says
	Note    string // that stood with it
	Saw     string // the sum after: what an undo saw
}

// review writes what staff say of records, in one transaction. A record that shows something else than what they saw is
// left alone: nobody approves what he has not read.
func (c *Centre) review(ctx context.Context, q *Review) (all []Reviewed, err error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	err = c.act(ctx, func(a *hub.Act) error {
		all = all[:0]
		for _, item := range q.Items {
			done, err := c.reviewOne(ctx, a, q, item)
			if err != nil {
				return err
			}
			all = append(all, done)
		}
		return nil
	})
	return all, err
}

func (q *Review) check() error {
	q.Note = strings.TrimSpace(viet.NFC(q.Note))
	switch {
	case len(q.Items) > MaxReviewed:
		return fault.New(fault.LimitExceeded, "review", fmt.Errorf("%d records", len(q.Items)))
	case !slices.Contains([]string{"", record.ReviewApproved, record.ReviewReturned}, q.State):
		return fault.New(fault.BadInput, "review", fmt.Errorf("state %q", q.State))
	case q.State == record.ReviewReturned && q.Note == "":
		return fault.New(fault.BadInput, "review", errors.New("a return says why"))
	case len(q.Note) > record.MaxNoteBytes:
		return fault.New(fault.LimitExceeded, "review", fmt.Errorf("a note of %d bytes", len(q.Note)))
	}
	return nil
}

func (c *Centre) reviewOne(ctx context.Context, a *hub.Act, q *Review, item ReviewItem) (done Reviewed, err error) {
	if done.Record, err = resolve(a.Tx(), item.Record); err != nil {
		return done, err
	}
	v, err := ledger.ViewOf(a.Tx(), done.Record)
	if err != nil {
		return done, err
	}
	before := v.Review()
	done.Unit, done.Form = v.Home().Unit(), v.Form.ID
	done.Before, done.Note, done.Saw = before.State, before.Note, SumOf(v)
	switch {
	case !v.Created || v.Hidden:
		done.Outcome = ReviewGone
	case done.Saw != item.Saw:
		done.Outcome = ReviewChanged
	case before.State == q.State && before.Note == q.Note:
		done.Outcome = ReviewSame
	case q.State == record.ReviewApproved && len(v.Conflicts()) > 0:
		done.Outcome = ReviewConflict
	default:
		done.Outcome = ReviewDone
		w := hub.Writing{Record: done.Record, Form: v.Form, Officer: q.By, Saw: v, Values: map[string]string{record.PathReview: q.State}}
		if q.Note != "" {
			w.Values[record.NewNote] = q.Note
		}
		if _, err := c.author(ctx, a, w); err != nil {
			return done, err
		}
		if v, err = ledger.ViewOf(a.Tx(), done.Record); err != nil {
			return done, err
		}
		done.Saw = SumOf(v)
	}
	return done, nil
}
