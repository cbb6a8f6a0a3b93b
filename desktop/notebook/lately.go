package notebook

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"banlang/shared/dispatch"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// What came from the centre lately: the receipts that were taken, and what others wrote. The changes and the latest receipt of each
// run are kept for ever; this is a short memory of when they came, for people.

// Lately is what came lately, the newest first.
type Lately struct {
	Receipts []ReceiptTaken
	Arrivals []Arrival
}

// ReceiptTaken is what the centre vouched for at a time; receipts that follow each other closely are one.
type ReceiptTaken struct {
	At      record.Millis // when the last was signed, by the centre's clock
	To      record.Number // the last own number that it is for
	Changes int           // that had none before; 0: not known any more
	Key     [8]byte       // id of the signing key
}

// Arrival is what others wrote and came to this notebook at a time, counted; what came soon after each other is one.
type Arrival struct {
	At         record.Millis // when the last came, by this machine's clock
	Directives int           // new ones
	Records    int           // other new records
	Edits      int           // of records that were there
	Verdicts   int           // the centre's, on changes of records
	Published  int           // forms, units, people
}

const (
	valueLately  = "lately"
	mostLately   = 30 // of each; the oldest goes first
	receiptsNear = time.Minute
	arrivalsNear = 10 * time.Minute
)

// Lately tells what came lately. Of a notebook that kept no memory of receipts yet, it is its latest one.
func (n *Notebook) Lately(ctx context.Context) (l Lately, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		if l, err = lately(tx); err != nil || len(l.Receipts) > 0 {
			return err
		}
		epoch, err := ledger.CentreEpoch(tx)
		if err != nil {
			return err
		}
		return tx.Runs(func(r ledger.Run) bool {
			if r.Own && ledger.Receipted(r, epoch) > 0 && (len(l.Receipts) == 0 || r.Receipt.N > l.Receipts[0].To) {
				l.Receipts = []ReceiptTaken{{At: r.Receipt.Time, To: r.Receipt.N, Key: r.Receipt.Key}}
			}
			return true
		})
	})
	slices.Reverse(l.Receipts)
	slices.Reverse(l.Arrivals)
	return l, err
}

// lately reads the memory, the oldest first. What cannot be read is forgotten.
func lately(tx Tx) (l Lately, err error) {
	b, err := tx.Value(valueLately)
	if json.Unmarshal(b, &l) != nil {
		return Lately{}, err
	}
	return l, err
}

func putLately(tx Tx, l Lately) error {
	l.Receipts = l.Receipts[max(0, len(l.Receipts)-mostLately):]
	l.Arrivals = l.Arrivals[max(0, len(l.Arrivals)-mostLately):]
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return tx.PutValue(valueLately, b)
}

// newly counts the own changes that a receipt vouches for and that had none.
func newly(tx Tx, rc *record.Receipt) (int, error) {
	epoch, err := ledger.CentreEpoch(tx)
	if err != nil || rc.Epoch.Before(epoch) {
		return 0, err
	}
	r, err := tx.Run(rc.Run)
	if err != nil || !r.Own {
		return 0, err
	}
	had := max(r.First-1, 0)
	if rc.Epoch == epoch {
		had = max(had, ledger.Receipted(r, epoch))
	}
	return int(max(rc.N, had) - had), nil
}

// rememberReceipts notes receipts that were taken, with how many changes they are new for.
func rememberReceipts(tx Tx, taken []ReceiptTaken) error {
	if len(taken) == 0 {
		return nil
	}
	l, err := lately(tx)
	if err != nil {
		return err
	}
	for _, t := range taken {
		last := len(l.Receipts) - 1
		if last < 0 || t.Key != l.Receipts[last].Key || near(l.Receipts[last].At, t.At, receiptsNear) > 0 {
			l.Receipts = append(l.Receipts, t)
			continue
		}
		at := &l.Receipts[last]
		at.At, at.To, at.Changes = max(at.At, t.At), max(at.To, t.To), at.Changes+t.Changes
	}
	return putLately(tx, l)
}

// near is by how much two moments are further apart than that; not above 0: they are not.
func near(a, b record.Millis, d time.Duration) record.Millis {
	return max(a, b) - min(a, b) - d.Milliseconds()
}

// count adds a change of somebody else's.
func (a *Arrival) count(c *record.Change) {
	switch {
	case c.Kind == record.KindVerdict:
		a.Verdicts++
	case c.Kind == record.KindPublish:
		a.Published++
	case c.Creates() && c.Form.ID == dispatch.FormDirective:
		a.Directives++
	case c.Creates():
		a.Records++
	case c.Kind == record.KindEdit:
		a.Edits++
	}
}

// rememberArrival notes what came with a page.
func (n *Notebook) rememberArrival(tx Tx, came Arrival) error {
	if came == (Arrival{}) {
		return nil
	}
	l, err := lately(tx)
	if err != nil {
		return err
	}
	came.At = record.Millis(n.o.Wall())
	if last := len(l.Arrivals) - 1; last >= 0 && near(l.Arrivals[last].At, came.At, arrivalsNear) <= 0 {
		before := l.Arrivals[last]
		l.Arrivals = l.Arrivals[:last]
		came.Directives, came.Records, came.Edits = came.Directives+before.Directives, came.Records+before.Records, came.Edits+before.Edits
		came.Verdicts, came.Published = came.Verdicts+before.Verdicts, came.Published+before.Published
	}
	l.Arrivals = append(l.Arrivals, came)
	return putLately(tx, l)
}
