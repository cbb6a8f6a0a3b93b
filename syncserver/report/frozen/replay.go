package frozen

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
	"banlang/syncserver/report"
	"banlang/syncserver/report/grid"
)

// Reason says why a replay has other bytes than the snapshot.
type Reason string

// The reasons.
const (
	ByErasure     Reason = "erased"      // of records whose values were destroyed by law since, and of nothing else: the frozen figures stand
	ByDefinitions Reason = "definitions" // the program defines indicators otherwise than the one that froze
	ByForms       Reason = "forms"       // the program brings other versions of forms than the one that froze
	ByLog         Reason = "log"         // the log was set back by a restore: what it was then is not here. Nothing was computed
	ByToday       Reason = "today"       // the snapshot names no place: it was computed over what is there now, and that was altered
	Unexplained   Reason = "unexplained" // none of these: somebody must look
)

// Outcome is what came of computing a snapshot once more.
type Outcome struct {
	Number   int
	Frozen   string   // the digest of the snapshot
	Replayed string   `json:",omitempty"` // of what was computed; "" nothing was
	Why      []Reason `json:",omitempty"` // where these differ
	Erased   []Erased `json:",omitempty"` // records of the units that the snapshot is of, whatever they had to do with its figures

	forms string // projection.FormSum of the replay
}

// Erased is a record of which values were destroyed after the snapshot was taken.
type Erased struct {
	Record      string // its exact name
	Name        string // as people say it; "" its creation was not here
	Form        string
	Unit        string // of which it was then; "" nobody knew
	Compartment string
}

// Equal reports whether the replay has the bytes of the snapshot.
func (o *Outcome) Equal() bool { return o.Frozen == o.Replayed }

// Stands reports whether the snapshot is proven: the replay has its bytes, or all that differs is what erasures took away.
func (o *Outcome) Stands() bool { return o.Equal() || slices.Equal(o.Why, []Reason{ByErasure}) }

// Replay computes a snapshot of the shelf once more from the changes that the log held when it was taken, with the units and forms of
// then. Progress is told how far it is, in places of the log; nil: nobody asks. It takes minutes for a log of a million records, and
// gives way to those who write the log. A snapshot that names no place is computed over what is there now.
func Replay(ctx context.Context, src Source, l Label, s *Snapshot, progress func(done, all ledger.Pos)) (*Outcome, error) {
	o := &Outcome{Number: l.Number, Frozen: l.Digest}
	if progress == nil {
		progress = func(ledger.Pos, ledger.Pos) {}
	}
	again, err := src.again(ctx, s, o, progress)
	if errors.Is(err, errOtherLog) {
		o.Why = []Reason{ByLog}
		return o, nil
	}
	if err != nil {
		return nil, err
	}
	encoded, err := again.Bytes()
	if err != nil {
		return nil, err
	}
	if o.Replayed = Digest(encoded); !o.Equal() {
		o.Why, err = o.why(s, again)
	}
	return o, err
}

// ReplayNumber is Replay of a snapshot of a shelf. fault.NotFound: there is none of the number; fault.TornDatabase: it is not what its
// digest says.
func ReplayNumber(ctx context.Context, src Source, shelf Shelf, number int) (*Outcome, error) {
	s, err := shelf.Get(ctx, number)
	if err != nil {
		return nil, err
	}
	labels, err := shelf.List(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(labels, func(l Label) bool { return l.Number == number }) // nothing is taken from a shelf
	return Replay(ctx, src, labels[i], s, nil)
}

// again computes a snapshot once more, and notes what was erased.
func (src Source) again(ctx context.Context, s *Snapshot, o *Outcome, progress func(done, all ledger.Pos)) (again *Snapshot, err error) {
	var m *moment
	err = src.Hub.Store().View(ctx, func(tx hub.Tx) error {
		if s.Position == nil {
			m, err = present(tx, src.Wall().Time())
		} else {
			m, err = then(tx, *s.Position)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = src.draw(ctx, m, func(done ledger.Pos) { progress(done, m.Pos) }, func(tx *sqlite.Tx) error {
		if s.Position == nil {
			again, err = Again(tx, m.tree.At(cmp.Or(s.Day, src.Wall().Time().In(viet.Zone).Format(time.DateOnly))), s)
			return err
		}
		w := walk{runs: map[record.RunID]*chain{}, orders: map[record.Dot][]*record.Change{}, erased: map[record.Dot][]*record.Change{}}
		if err := w.through(ctx, src.Hub.Store(), m.Pos); err != nil { // after the tables: what they lack is told
			return err
		}
		if o.Erased, err = w.lost(ctx, src.Hub.Store(), m, s); err != nil {
			return err
		}
		m.covers = w.covers()
		o.forms = m.Forms
		m.Forms = s.Position.Forms // others matter where they alter a figure
		if again, err = m.take(tx, s.ordered()); err != nil {
			return err
		}
		again.Number, again.Definitions = s.Number, s.Definitions // likewise
		return nil
	})
	return again, err
}

// why says what makes a replay differ from its snapshot.
func (o *Outcome) why(was, is *Snapshot) (all []Reason, err error) {
	if was.Position == nil {
		all = append(all, ByToday)
	} else if was.Position.Forms != o.forms {
		all = append(all, ByForms)
	}
	if was.Definitions != report.Definitions() {
		all = append(all, ByDefinitions)
	}
	if len(all) > 0 {
		return all, nil
	}
	a, err := was.without(o.Erased)
	if err != nil {
		return nil, err
	}
	b, err := is.without(o.Erased)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(a, b) {
		return []Reason{ByErasure}, nil
	}
	return []Reason{Unexplained}, nil
}

// without encodes a snapshot without what records of the forms of which some were erased can have altered: the figures over these,
// and who is missing when that is asked of one of them.
func (s *Snapshot) without(erased []Erased) ([]byte, error) {
	gone := map[string]bool{}
	for _, e := range erased {
		gone[e.Form] = true
	}
	x := *s
	x.Tables = slices.Clone(s.Tables)
	for i := range x.Tables {
		t := &x.Tables[i]
		if slices.ContainsFunc(formsOf(t.Indicator, s.Period.To), func(form string) bool { return gone[form] }) {
			t.RowHeads, t.Heads, t.Cells = nil, nil, nil
		}
	}
	plan, err := grid.Plan()
	if err != nil {
		return nil, err
	}
	if len(plan) > 0 && gone[plan[0].Form] {
		x.Missing = nil
	}
	return x.Bytes()
}

// formsOf are the forms that an indicator reads.
func formsOf(indicator, day string) (forms []string) {
	d, ok := report.Define(indicator, day)
	if !ok {
		return nil
	}
	for _, id := range d.Over {
		if id != "" {
			forms = append(forms, formsOf(id, day)...)
		}
	}
	if d.Form != "" {
		forms = append(forms, d.Form)
	}
	return forms
}

// walk goes through the log up to a place, and keeps what it says of runs, and what was destroyed in it.
type walk struct {
	runs   map[record.RunID]*chain
	orders map[record.Dot][]*record.Change // of erasure, by record
	erased map[record.Dot][]*record.Change // changes whose values were destroyed, by record
}

// chain is a run as far as it has come: what came before its turn waits.
type chain struct {
	ledger.Run
	waits map[record.Number]*record.Change
}

// walked is how many changes are read in one view of the log.
const walked = 4096

func (w *walk) through(ctx context.Context, s hub.Store, end ledger.Pos) error {
	for from := ledger.Pos(1); from <= end; from += walked {
		err := s.View(ctx, func(tx hub.Tx) error {
			return tx.Each(from, min(end, from+walked-1), func(_ ledger.Pos, raw []byte) (bool, error) {
				c, err := record.DecodeStored(raw)
				if err == nil {
					w.see(c)
				}
				return true, err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) see(c *record.Change) {
	switch rec := c.RecordID(); {
	case c.Kind == record.KindErase && c.Replica == record.Centre:
		w.orders[rec] = append(w.orders[rec], c)
	case c.Body == record.BodyErased:
		w.erased[rec] = append(w.erased[rec], c)
	}
	r := w.runs[c.Dot.Run]
	if r == nil {
		r = &chain{ledger.Run{ID: c.Dot.Run}, map[record.Number]*record.Change{}}
		w.runs[c.Dot.Run] = r
	}
	opens := c.First() && r.First == 0
	if !opens && (r.Prefix == 0 || c.Dot.N != r.Prefix+1) {
		r.waits[c.Dot.N] = c
		return
	}
	if opens {
		r.First = c.Dot.N
	}
	for ; c != nil; c = r.waits[r.Prefix+1] {
		r.Head, r.Prefix = c.Head(r.Head), c.Dot.N
		delete(r.waits, c.Dot.N)
	}
}

// covers says how far each run had come.
func (w *walk) covers() (all []Covered) {
	for _, r := range w.runs {
		if r.Prefix > 0 {
			all = append(all, covered(r.Run))
		}
	}
	return all
}

// lost names the records of a subtree of which values were destroyed by none of the orders that the walk met. They are told by the unit
// that they were of at the moment.
func (w *walk) lost(ctx context.Context, log hub.Store, m *moment, s *Snapshot) (all []Erased, err error) {
	view := m.tree.At(s.Day)
	err = log.View(ctx, func(tx hub.Tx) error {
		for rec, changes := range w.erased {
			if !slices.ContainsFunc(changes, func(c *record.Change) bool { return !taken(w.orders[rec], c) }) {
				continue
			}
			e, err := erasedAt(tx, rec, m.Pos)
			if err != nil {
				return err
			}
			if s.Root == "" || e.Unit == "" || view.Within(e.Unit, s.Root) {
				all = append(all, e)
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b Erased) int { return strings.Compare(a.Record, b.Record) })
	return all, err
}

// erasedAt says of which form and unit a record was when the log ended at a place.
func erasedAt(tx hub.Tx, rec record.Dot, end ledger.Pos) (e Erased, err error) {
	e.Record = rec.String()
	places, err := ledger.Places(tx, rec)
	if err != nil {
		return e, err
	}
	var changes []*record.Change
	for _, p := range places {
		if p > end {
			break
		}
		c, err := tx.At(p)
		if err != nil {
			return e, err
		}
		changes = append(changes, c)
		if c.Kind == record.KindEdit {
			e.Form = c.Form.ID
		}
		if c.Creates() {
			e.Name = record.HumanName(c.Replica, c.Dot.N)
		}
	}
	home := record.Fold(rec, changes).Home()
	e.Unit, e.Compartment = home.Unit(), home.Compartment()
	return e, nil
}

// taken reports whether one of the orders took the values of a change.
func taken(orders []*record.Change, c *record.Change) bool {
	return slices.ContainsFunc(orders, func(o *record.Change) bool {
		return len(o.Paths) == 0 || slices.ContainsFunc(o.Paths, func(path string) bool { return c.Edit(path) != nil })
	})
}
