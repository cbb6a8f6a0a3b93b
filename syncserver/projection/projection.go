package projection

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
)

// DefaultReaders is how many Views run at a time if Options do not say.
const DefaultReaders = 6

// Options are what a projection is made of.
type Options struct {
	Path    string        // of its file, "views.db"
	Hub     *hub.Hub      // whose log it follows
	Forms   *form.Library // it learns here what is published; others may use it too
	Log     *slog.Logger  // nil: none
	Readers int           // Views at a time; 0 is DefaultReaders
	VFS     string        // SQLite's file layer; "" is the operating system's
}

// Projection is an open file of tables. Make one with Open, Run it, and Close it after Run has returned; all else may be
// called by anybody meanwhile.
type Projection struct {
	o     Options
	hub   *hub.Hub
	forms *form.Library
	log   *slog.Logger

	work      sync.Mutex // held by the one who brings the tables forward; guards what follows
	catalogue catalogue
	stop      *stop // the tables go no further; nil: to the end of the log

	wanted   atomic.Int32     // how many wait for work, so that who is polite lets them
	progress func(ledger.Pos) // is told of each move; nil: nobody

	opened sync.RWMutex // held for reading by those who use db, for writing by the one who puts another file in its place
	db     *sqlite.DB

	torn atomic.Bool   // a reader found the file to be of no use
	told chan struct{} // wakes Run for that

	mu     sync.Mutex
	now    place
	moved  chan struct{} // closed when now alters
	err    error         // of the last try to bring the tables forward
	failed chan struct{} // closed when err becomes one
}

// Open opens the file, making it when there is none. One that is damaged, or of another program, is thrown away and made
// anew: all that is in it can be had again. Where that cannot be done either, there are no tables (View: sqlite.ErrClosed) and
// Run tries again: whoever opens a centre is not kept from its log by them. Only an end of ctx is an error. The file must be
// open once at a time; the lock of the hub's file sees to that.
func Open(ctx context.Context, o Options) (*Projection, error) {
	p := newProjection(o)
	err := p.ready(ctx)
	if err == nil {
		err = p.purge(ctx)
	}
	if ctx.Err() != nil {
		return nil, errors.Join(context.Cause(ctx), p.Close())
	}
	p.tried(err)
	return p, nil
}

// newProjection is one without a file.
func newProjection(o Options) *Projection {
	if o.Readers == 0 {
		o.Readers = DefaultReaders
	}
	p := &Projection{o: o, hub: o.Hub, forms: o.Forms, log: o.Log, told: make(chan struct{}, 1), moved: make(chan struct{}), failed: make(chan struct{})}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	return p
}

// ready opens the file if it is not open.
func (p *Projection) ready(ctx context.Context) error {
	p.opened.Lock()
	defer p.opened.Unlock()
	if p.db != nil {
		return nil
	}
	return p.begin(ctx)
}

// begin opens the file, made anew if it is of no use; after an error there is none open. p.opened is held.
func (p *Projection) begin(ctx context.Context) error {
	err := p.open(ctx)
	if errors.Is(err, errSpoiled) {
		p.log.Warn("the views are made anew", "code", string(fault.CodeOf(err)))
		if err = removeFile(p.o.Path); err == nil {
			err = p.open(ctx)
		}
	}
	return err
}

// tried notes how a try to bring the tables forward ended.
func (p *Projection) tried(err error) {
	if err != nil {
		p.log.Error("the views are behind", "code", string(fault.CodeOf(err)))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err = err; err != nil {
		close(p.failed)
		p.failed = make(chan struct{})
	}
}

var errOtherLayout = errors.New("projection: the tables are of another program")

// useless reports whether an error says that the file is of no use.
func useless(err error) bool {
	return errors.Is(err, errOtherLayout) || errors.Is(err, fault.TornDatabase) || errors.Is(err, fault.NotOurDatabase) ||
		errors.Is(err, fault.NewerDatabase)
}

// open opens the file as it is, and learns the forms; after an error there is none open. errSpoiled: it is of no use.
func (p *Projection) open(ctx context.Context) (err error) {
	p.catalogue = catalogue{}
	if p.db, err = sqlite.Open(ctx, sqlite.Options{Path: p.o.Path, VFS: p.o.VFS, Readers: p.o.Readers}, schema); err != nil {
		return spoiled(err)
	}
	var now place
	err = spoiled(p.db.Update(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT value FROM meta WHERE name = ?", valueLayout)
		switch {
		case errors.Is(err, sqlite.ErrNoRow):
			return put(tx, valueLayout, int64(layout))
		case err == nil && row.Int64(0) != layout:
			return errOtherLayout
		case err == nil:
			now, err = readPlace(tx)
		}
		return err
	}))
	if err == nil {
		err = p.learn(ctx)
	}
	if err != nil {
		err = errors.Join(err, p.db.Close())
		p.db = nil
		return err
	}
	p.moveTo(now)
	return nil
}

// learn has the library know what the log has published, and what that makes of the records that were drawn.
func (p *Projection) learn(ctx context.Context) error {
	var published []*record.Change
	err := p.hub.Store().View(ctx, func(tx hub.Tx) (err error) {
		published, err = ledger.PublicationsUpTo(tx, p.end())
		return err
	})
	if err != nil {
		return err
	}
	_ = p.forms.Learn(published) // a form that cannot be read is one that is not known
	return spoiled(p.db.Update(ctx, func(tx *sqlite.Tx) error { return putSums(tx, sums(p.forms)) }))
}

// Close closes the file. Running Views end first.
func (p *Projection) Close() error {
	p.opened.Lock()
	defer p.opened.Unlock()
	if p.db == nil {
		return nil
	}
	return p.db.Close()
}

// retryAfter is how long Run waits after an error if nothing is committed meanwhile.
const retryAfter = 5 * time.Second

// Run keeps the tables up with the log until ctx ends, and returns its cause. An error is told by Lag and the log, and does
// not end it.
func (p *Projection) Run(ctx context.Context) error {
	for {
		committed := p.hub.Committed()
		err := p.catchUp(ctx, true)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p.tried(err)
		var retry <-chan time.Time
		if err != nil {
			retry = time.After(retryAfter)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-committed:
		case <-p.told:
		case <-retry:
		}
	}
}

// removeFile removes a database, and what stands beside it.
func removeFile(path string) error {
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fault.New(fault.DiskIO, "projection", err)
		}
	}
	return nil
}

// moveTo tells everybody how far the tables are.
func (p *Projection) moveTo(now place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = now
	if p.progress != nil {
		p.progress(now.Pos)
	}
	close(p.moved)
	p.moved = make(chan struct{})
}

// Wait returns when the tables say what the log says up to a position: what was written there is seen, and what was erased
// there is destroyed. While they cannot go on it returns why.
func (p *Projection) Wait(ctx context.Context, pos ledger.Pos) error {
	for {
		p.mu.Lock()
		now, moved, err, failed := p.now.Pos, p.moved, p.err, p.failed
		p.mu.Unlock()
		if now >= pos {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case <-moved:
		case <-failed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Moved returns a channel that is closed when the tables have come further than they are now.
func (p *Projection) Moved() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moved
}

// Lag says how far the tables are behind the log.
type Lag struct {
	Pos    ledger.Pos    // up to here the tables are true
	Places int           // how many places of the log they are behind
	Since  record.Millis // when the first change arrived that they lack; 0: they lack none, or it is not known
	Redo   int           // forms of which records are still shown by earlier versions
	Err    error         // why the last try to go on failed
}

// Lag reads it.
func (p *Projection) Lag(ctx context.Context) (l Lag, err error) {
	p.mu.Lock()
	l.Pos, l.Err = p.now.Pos, p.err
	p.mu.Unlock()
	err = p.hub.Store().View(ctx, func(tx hub.Tx) error {
		end, err := tx.End()
		if err != nil || end <= l.Pos {
			return err
		}
		l.Places = int(end - l.Pos)
		arrivals, err := tx.Arrivals(l.Pos+1, 1)
		if len(arrivals) > 0 {
			l.Since = arrivals[0].At
		}
		return err
	})
	if err != nil {
		return l, err
	}
	err = p.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT count(*) FROM forms WHERE redo > 0 AND EXISTS (SELECT 1 FROM records WHERE records.form = forms.form)")
		if err != nil {
			return err
		}
		l.Redo = int(row.Int64(0))
		return nil
	})
	return l, err
}

// View runs f over one state of the tables; at most Options.Readers run at a time. f must call no method of the Projection.
// Whose records it may show is for the caller to see to (Scope.Where). A file that f finds damaged is made anew behind it.
func (p *Projection) View(ctx context.Context, f func(tx *sqlite.Tx) error) error {
	p.opened.RLock()
	defer p.opened.RUnlock()
	if p.db == nil {
		return sqlite.ErrClosed
	}
	err := p.db.View(ctx, f)
	if useless(err) {
		p.torn.Store(true)
		p.wake()
	}
	return err
}
