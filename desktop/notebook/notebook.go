package notebook

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"banlang/shared/clock"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// Forms is what the notebook must know of forms to show a record in the list. What it says depends on nothing but the
// form versions that it knows, and a version never changes.
type Forms interface {
	// Learn takes everything that was published and is held here, in any order. What it cannot read it passes over.
	Learn(publications []*record.Change)
	// Line says how a record with these values is listed.
	Line(form record.FormRef, values map[string]string) Listing
	// Known lists the form versions that this program knows.
	Known() []record.FormRef
}

// Listing is what a form makes of the values of a record for its line in the list: see Row.
type Listing struct {
	Title, Date, Words string
	Place              record.Dot
	Calls              string
}

// Options are what a notebook is made of beside its store.
type Options struct {
	Replica record.ReplicaID
	Key     seal.ReplicaKey
	Centre  seal.CentrePublic // pinned at enrolment
	Ticket  string            // as it came at enrolment; shown until the centre has admitted the key
	Forms   Forms
	Seal    Sealer // nil: answers are kept as they are
	Wall    clock.Wall
	Random  io.Reader // of runs and salts; nil: the system's
	Custody Custody   // nil: the notebook is plain
}

// Sealer seals what must leave the machine only for some to read (decision 20). It returns the value itself where that
// is no such answer. An error keeps the entry from being written, and a draft stays a draft.
type Sealer func(Answer) (string, error)

// Answer is a value that is about to be written.
type Answer struct {
	Form    record.FormRef
	Officer string
	Unit    string         // of the record
	Path    string         // as the draft has it
	At      envelope.Place // as it will be
	Value   string
}

// Notebook is an open notebook. Its methods may be called from any goroutine; those that write wait for each other.
type Notebook struct {
	store  Store
	o      Options
	mu     sync.Mutex // the pen, and what is below
	pen    ledger.Pen
	full   bool // the last Hello named every run held
	told   told
	learnt bool // Forms knows everything that was published
	order  record.LostOrder
	kept   protocol.EscrowSum // of the key that the hub has said to hold, in this session
	closed bool               // the keys are being destroyed: nothing more is written
	gone   bool               // they are destroyed

	watch  sync.Mutex
	signal []chan struct{}
}

// Open takes a store into use. Each opening writes under a run of its own, drawn at the first write.
func Open(s Store, o Options) *Notebook {
	return &Notebook{store: s, o: o, pen: ledger.Pen{Replica: o.Replica, Random: o.Random}}
}

// Replica is the machine's number.
func (n *Notebook) Replica() record.ReplicaID { return n.o.Replica }

// TakeGrant puts the grant of an enrolment file into a new notebook, so that it can be worked in before it was ever
// online. Only the pinned centre's grant for this machine is taken.
func (n *Notebook) TakeGrant(ctx context.Context, encoded []byte) error {
	c, err := record.Decode(encoded)
	if err != nil {
		return fault.New(fault.BadInput, "grant", err)
	}
	d := c.Digest()
	if c.Kind != record.KindGrant || c.Grantee != n.o.Replica || !n.o.Centre.Verify(seal.DomainChange, d[:], c.Sig) {
		return fault.New(fault.WrongKey, "grant", nil)
	}
	return n.update(ctx, func(tx Tx) error {
		_, _, err := ledger.Insert(tx, c)
		return errors.Join(err, reproject(tx))
	})
}

// Learn has Forms know everything that was published and is held here. It is called once after Open, before anything is
// shown; what arrives later is learnt as it is taken.
func (n *Notebook) Learn(ctx context.Context) error {
	return n.updateSoon(ctx, n.learn)
}

// Publications returns everything that the centre published and that is held here. None of it is ever dropped: a record
// or draft may need any version of a form.
func (n *Notebook) Publications(ctx context.Context) (published []*record.Change, err error) {
	err = n.store.View(ctx, func(tx Tx) error { published, err = ledger.Publications(tx); return err })
	return published, err
}

// Watch returns a channel that receives after every durable alteration, own or from the centre. Signals that nobody
// takes are not queued. Stop ends it.
func (n *Notebook) Watch() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	n.watch.Lock()
	n.signal = append(n.signal, c)
	n.watch.Unlock()
	return c, func() {
		n.watch.Lock()
		defer n.watch.Unlock()
		n.signal = slices.DeleteFunc(n.signal, func(x chan struct{}) bool { return x == c })
	}
}

// update runs f durably, and tells the watchers.
func (n *Notebook) update(ctx context.Context, f func(Tx) error) error {
	return n.updateBy(ctx, n.store.Update, f)
}

// updateSoon is update for what can be had again after a power cut: see Store.UpdateSoon.
func (n *Notebook) updateSoon(ctx context.Context, f func(Tx) error) error {
	return n.updateBy(ctx, n.store.UpdateSoon, f)
}

func (n *Notebook) updateBy(ctx context.Context, update func(context.Context, func(Tx) error) error, f func(Tx) error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := update(ctx, f); err != nil {
		n.pen.Reset()
		return err
	}
	n.tell()
	return nil
}

// tell tells the watchers that something has altered.
func (n *Notebook) tell() {
	n.watch.Lock()
	defer n.watch.Unlock()
	for _, c := range n.signal {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Entry is one thing that an officer writes: a new record, or an edit of one.
type Entry struct {
	Record  record.Dot // zero: a new record
	Instead record.Dot // of a new record: the one in whose place it is written, which is taken out of sight (record.PathAnew)
	Form    record.FormRef
	Feed    record.Feed // a new record's, or where it is moved to; empty: it stays
	Officer string
	Urgent  bool // it overtakes everything else on its way
	Values  map[string]string
	Saw     map[string][]record.Dot // by path: what the edit replaces; what is not named is not replaced
	Deleted *bool                   // true: deleted, false: brought back
	Covers  []record.Dot            // of a delete, and with Instead: every live value that was on the screen
	Dropped map[string][]record.Dot // rows taken out ("items/<row>/"), each with every live value of it on the screen
}

// NewRow begins the name of a row that does not exist yet ("items/+1/kind"); Save gives it its name for ever.
const NewRow = record.NewRow

// Save writes entries in one durable transaction and returns their records. It is saved when Save returns.
func (n *Notebook) Save(ctx context.Context, entries ...Entry) (recs []record.Dot, err error) {
	return n.SaveNoting(ctx, nil, entries...)
}

// SaveNoting is Save with a setting (see PutSetting) that note makes of the records, in the same transaction: so that
// who writes knows later what was written, whatever happens in between. Note may be nil.
func (n *Notebook) SaveNoting(ctx context.Context, note func(recs []record.Dot) (name string, value []byte), entries ...Entry) (recs []record.Dot, err error) {
	err = n.update(ctx, func(tx Tx) error {
		recs = recs[:0]
		for _, e := range entries {
			rec, err := n.save(tx, e)
			if err != nil {
				return err
			}
			recs = append(recs, rec)
		}
		if note == nil {
			return nil
		}
		name, value := note(recs)
		return tx.PutValue(settingPrefix+name, value)
	})
	if err != nil {
		return nil, err
	}
	return recs, nil
}

func (n *Notebook) save(tx Tx, e Entry) (record.Dot, error) {
	if n.closed {
		return record.Dot{}, fault.New(fault.Wiped, "save", nil)
	}
	if !e.Instead.IsZero() {
		if err := notAnew(tx, e.Instead); err != nil {
			return record.Dot{}, err
		}
	}
	c, err := n.change(tx, e)
	if err != nil {
		return record.Dot{}, err
	}
	if len(c.Edits) == 0 {
		return e.Record, nil
	}
	rec, err := n.write(tx, c, e.Urgent)
	if err != nil || e.Instead.IsZero() {
		return rec, err
	}
	if c, err = n.replaced(tx, e, rec); err != nil {
		return record.Dot{}, err
	}
	_, err = n.write(tx, c, e.Urgent)
	return rec, err
}

// write numbers and seals a change, notes what it names, and brings its record into the list. It returns that record.
func (n *Notebook) write(tx Tx, c *record.Change, urgent bool) (record.Dot, error) {
	at, err := n.pen.Write(tx, n.o.Wall(), c)
	if err != nil {
		return record.Dot{}, err
	}
	if urgent {
		if err := tx.PutUrgent(c.Dot); err != nil {
			return record.Dot{}, err
		}
	}
	if err := n.noteBlobs(tx, c); err != nil {
		return record.Dot{}, err
	}
	return c.RecordID(), n.projectOwn(tx, c.RecordID(), at)
}

// change turns an entry into a change: edits sorted by path, each naming what it replaces.
func (n *Notebook) change(tx Tx, e Entry) (*record.Change, error) {
	c := &record.Change{Kind: record.KindEdit, Officer: e.Officer, Record: e.Record, Form: e.Form}
	g, err := ledger.Grant(tx, n.o.Replica)
	if err != nil {
		return nil, err
	}
	if g != nil {
		c.Grant = g.Dot
		if err := n.everGranted(tx, e); err != nil {
			return nil, err
		}
	}
	saw, unit := e.Saw, e.Feed.Unit()
	if !e.Record.IsZero() {
		v, err := ledger.ViewOf(tx, e.Record)
		if err != nil {
			return nil, err
		}
		if v.Form.ID == "" {
			return nil, fault.New(fault.NotFound, "save", errors.New(e.Record.String()))
		}
		c.FeedSeen = v.Dots(record.PathFeed)
		if unit == "" && len(v.Feeds) > 0 {
			unit = v.Feeds[0].Unit()
		}
		if planted.On(planted.ReplacedAtSave) {
			saw = map[string][]record.Dot{}
			for p := range e.Values {
				saw[p] = v.Dots(p)
			}
		}
	}
	next, err := n.pen.Next(tx)
	if err != nil {
		return nil, err
	}
	for p, value := range e.Values {
		named := record.NameRows(p, next)
		if n.o.Seal != nil && value != "" {
			at := envelope.Place{Record: cmp.Or(e.Record, next), Path: named}
			if value, err = n.o.Seal(Answer{e.Form, e.Officer, unit, p, at, value}); err != nil {
				return nil, err
			}
		}
		c.Edits = append(c.Edits, record.Edit{Path: named, Value: value, Replaces: saw[p]})
	}
	if !e.Instead.IsZero() {
		c.Edits = append(c.Edits, record.Edit{Path: record.PathInstead, Value: e.Instead.String()})
	}
	for row, covers := range e.Dropped {
		c.Edits = append(c.Edits, record.Edit{Path: row + record.PathLife, Value: record.LifeDeleted, Seen: covers})
	}
	if e.Feed != "" {
		c.Edits = append(c.Edits, record.Edit{Path: record.PathFeed, Value: string(e.Feed), Replaces: saw[record.PathFeed]})
	}
	if e.Deleted != nil {
		life := record.Edit{Path: record.PathLife, Value: record.LifeKept, Replaces: saw[record.PathLife]}
		if *e.Deleted {
			life.Value, life.Seen = record.LifeDeleted, e.Covers
		}
		c.Edits = append(c.Edits, life)
	}
	slices.SortFunc(c.Edits, func(a, b record.Edit) int { return strings.Compare(a.Path, b.Path) })
	return c, nil
}

// everGranted refuses a new record for a unit that this machine never had. One that it had before it was moved or cut off
// is taken: what an officer has written is for the centre to judge, not for the machine to refuse.
func (n *Notebook) everGranted(tx Tx, e Entry) error {
	if !e.Record.IsZero() {
		return nil
	}
	grants, err := ledger.Grants(tx, n.o.Replica)
	if err != nil || slices.ContainsFunc(grants, func(g *record.Change) bool { return slices.Contains(g.Feeds, e.Feed) }) {
		return err
	}
	return fault.New(fault.WrongUnit, "save", errors.New(string(e.Feed)))
}

// Delete hides a record: it names every value that was on the screen, so that one written beside it brings the record
// back to view. Restore undoes it.
func (n *Notebook) Delete(ctx context.Context, officer string, shown *record.View) error {
	yes := true
	_, err := n.Save(ctx, Entry{Record: shown.ID, Form: shown.Form, Officer: officer, Deleted: &yes, Covers: shown.Live(""),
		Saw: lifeOf(shown)})
	return err
}

// Restore brings a deleted record back.
func (n *Notebook) Restore(ctx context.Context, officer string, shown *record.View) error {
	no := false
	_, err := n.Save(ctx, Entry{Record: shown.ID, Form: shown.Form, Officer: officer, Deleted: &no, Saw: lifeOf(shown)})
	return err
}

func lifeOf(shown *record.View) map[string][]record.Dot {
	return map[string][]record.Dot{record.PathLife: shown.Dots(record.PathLife)}
}

// Resolve chooses among the live values of a path that were on the screen. The choice is a change like any other.
func (n *Notebook) Resolve(ctx context.Context, officer string, shown *record.View, path, value string) error {
	_, err := n.Save(ctx, Entry{Record: shown.ID, Form: shown.Form, Officer: officer, Values: map[string]string{path: value},
		Saw: map[string][]record.Dot{path: shown.Dots(path)}})
	return err
}

// View folds a record as this machine shows it (see seen). Whether the officer may see it is in its row.
func (n *Notebook) View(ctx context.Context, rec record.Dot) (v *record.View, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		about, err := ledger.About(tx, rec)
		v = n.seen(rec, about)
		return err
	})
	return v, err
}

// History returns all changes about a record, in the order in which they arrived here.
func (n *Notebook) History(ctx context.Context, rec record.Dot) (cs []*record.Change, err error) {
	err = n.store.View(ctx, func(tx Tx) error { cs, err = ledger.About(tx, rec); return err })
	return cs, err
}

// Search returns the records of the list that a query asks for, newest first.
func (n *Notebook) Search(ctx context.Context, q Query) (recs []record.Dot, err error) {
	err = n.store.View(ctx, func(tx Tx) error { recs, err = tx.Search(q); return err })
	return recs, err
}

// Line is a row of the list with what it is waiting for.
type Line struct {
	Row
	Queued bool // an own change of it has no receipt of the present centre yet
}

// Lines returns the rows of records, in the same order; records without a row are left out.
func (n *Notebook) Lines(ctx context.Context, recs []record.Dot) (lines []Line, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		receipts, err := ReceiptsOf(tx)
		if err != nil {
			return err
		}
		for _, rec := range recs {
			r, ok, err := tx.Row(rec)
			if err != nil {
				return err
			}
			if ok {
				lines = append(lines, Line{Row: r, Queued: receipts.Lacks(r.Own)})
			}
		}
		return receipts.Err()
	})
	return lines, err
}

// Count is how many records the list shows.
func (n *Notebook) Count(ctx context.Context) (count int, err error) {
	err = n.store.View(ctx, func(tx Tx) error { count, err = tx.Count(); return err })
	return count, err
}

// Feeds lists what the notebook may hold now, as far as it knows.
func (n *Notebook) Feeds(ctx context.Context) (fs []record.Feed, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		granted, err := n.granted(tx)
		fs = slices.Clone(granted)
		return err
	})
	return fs, err
}

// settingPrefix sets the program's own values apart from the notebook's.
const settingPrefix = "app "

// Setting returns a small named value of the program's own; nil when it was never put.
func (n *Notebook) Setting(ctx context.Context, name string) (v []byte, err error) {
	err = n.store.View(ctx, func(tx Tx) error { v, err = tx.Value(settingPrefix + name); return err })
	return v, err
}

// PutSetting keeps a small named value of the program's own.
func (n *Notebook) PutSetting(ctx context.Context, name string, v []byte) error {
	return n.update(ctx, func(tx Tx) error { return tx.PutValue(settingPrefix+name, v) })
}

// Status is the account of the notebook, in changes.
type Status struct {
	Saved    record.Number // the last own number: everything up to it is saved here
	AtCentre record.Number // of these, how many the present centre has receipted
	Receipt  record.Millis // when the latest receipt was signed, by the centre's clock; 0: never
	Drafts   int
	Alarms   int // things that should not be, counted for a person to look at
	Photos   Photos
}

// Status counts. It is a snapshot.
func (n *Notebook) Status(ctx context.Context) (s Status, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		last, err := ledger.LastOwn(tx)
		if err != nil {
			return err
		}
		s.Saved = last.Dot.N
		epoch, err := ledger.CentreEpoch(tx)
		if err != nil {
			return err
		}
		err = tx.Runs(func(r ledger.Run) bool {
			if r.Own {
				if at := min(ledger.Receipted(r, epoch), r.Prefix); at >= r.First {
					s.AtCentre += at - r.First + 1
				}
				if r.Receipt.Epoch == epoch {
					s.Receipt = max(s.Receipt, r.Receipt.Time)
				}
			}
			return true
		})
		if err != nil {
			return err
		}
		ds, err := tx.Drafts()
		if err != nil {
			return err
		}
		s.Drafts = len(ds)
		if s.Photos, err = photos(tx); err != nil {
			return err
		}
		n, err := alarms(tx)
		s.Alarms = int(n)
		return err
	})
	return s, err
}
