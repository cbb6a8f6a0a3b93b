package projection

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
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

	opened sync.RWMutex // held for reading by those who use db, for writing by the one who puts another file in its place
	db     *sqlite.DB

	mu    sync.Mutex
	now   place
	moved chan struct{} // closed when now alters
	err   error         // of the last try to bring the tables forward
}

// Open opens the file, making it when there is none. One that is damaged, or of another program, is thrown away and made
// anew: all that is in it can be had again. It must be open once at a time; the lock of the hub's file sees to that.
func Open(ctx context.Context, o Options) (*Projection, error) {
	if o.Readers == 0 {
		o.Readers = DefaultReaders
	}
	p := &Projection{o: o, hub: o.Hub, forms: o.Forms, log: o.Log, moved: make(chan struct{})}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	err := p.open(ctx)
	if useless(err) {
		p.log.Warn("the views are made anew", "why", err)
		if err = removeFile(o.Path); err == nil {
			err = p.open(ctx)
		}
	}
	if err == nil {
		err = p.learn(ctx)
	}
	if err == nil {
		err = p.purge(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

var errOtherLayout = errors.New("projection: the tables are of another program")

// useless reports whether an error says that the file is of no use.
func useless(err error) bool {
	return errors.Is(err, errOtherLayout) || errors.Is(err, fault.TornDatabase) || errors.Is(err, fault.NotOurDatabase) ||
		errors.Is(err, fault.NewerDatabase)
}

// open opens the file as it is.
func (p *Projection) open(ctx context.Context) (err error) {
	p.catalogue = catalogue{}
	if p.db, err = sqlite.Open(ctx, sqlite.Options{Path: p.o.Path, VFS: p.o.VFS, Readers: p.o.Readers}, schema); err != nil {
		return err
	}
	var now place
	err = p.db.Update(ctx, func(tx *sqlite.Tx) error {
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
	})
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
		published, err = ledger.Publications(tx)
		return err
	})
	if err != nil {
		return err
	}
	_ = p.forms.Learn(published) // a form that cannot be read is one that is not known
	return p.db.Update(ctx, func(tx *sqlite.Tx) error { return putSums(tx, sums(p.forms)) })
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
		err := p.catchUp(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p.mu.Lock()
		p.err = err
		p.mu.Unlock()
		var retry <-chan time.Time
		if err != nil {
			p.log.Error("the views are behind", "error", err)
			retry = time.After(retryAfter)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-committed:
		case <-retry:
		}
	}
}

// catchUp brings the tables to the end of the log, and then draws anew what is due.
func (p *Projection) catchUp(ctx context.Context) error {
	p.work.Lock()
	defer p.work.Unlock()
	for {
		err := p.follow(ctx)
		more := false
		if err == nil {
			more, err = p.redo(ctx)
		}
		switch {
		case errors.Is(err, errOtherLog), errors.Is(err, errSpoiled):
			p.log.Warn("the views are made anew", "why", err)
			err = p.renew(ctx)
			more = true
		case err == nil && !more:
			return p.index(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// stored reads how far the tables are.
func (p *Projection) stored(ctx context.Context) (now place, err error) {
	err = p.db.View(ctx, func(tx *sqlite.Tx) (err error) {
		now, err = readPlace(tx)
		return err
	})
	return now, err
}

// index makes the indexes that are missing.
func (p *Projection) index(ctx context.Context) error {
	if p.catalogue.indexed {
		return nil
	}
	err := p.db.Update(ctx, func(tx *sqlite.Tx) error {
		if p.catalogue.tables == nil {
			if err := p.catalogue.load(tx); err != nil {
				return err
			}
		}
		return p.catalogue.index(tx)
	})
	p.catalogue.indexed = err == nil
	return err
}

// follow brings the tables to the end of the log. What comes next is read and drawn while a batch is being written.
func (p *Projection) follow(ctx context.Context) error {
	type result struct {
		b   *batch
		err error
	}
	read := func(from place) <-chan result {
		done := make(chan result, 1)
		go func() {
			b, err := p.read(ctx, from)
			done <- result{b, err}
		}()
		return done
	}
	from, err := p.stored(ctx)
	if err != nil {
		return err
	}
	if err := p.purge(ctx); err != nil { // what the last try may have left
		return err
	}
	p.moveTo(from)
	next := <-read(from)
	for next.err == nil && next.b != nil {
		b, after := next.b, read(next.b.to)
		err := p.write(ctx, b)
		next = <-after
		if err != nil {
			return err
		}
		if b.erased {
			if err := p.purge(ctx); err != nil {
				return err
			}
		}
		p.moveTo(b.to)
	}
	return next.err
}

// redo draws some records anew whose form is known by other versions than when they were drawn, and reports whether it
// found any.
func (p *Projection) redo(ctx context.Context) (more bool, err error) {
	b := &batch{}
	var subjects []record.Dot
	err = p.db.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT form, redo FROM forms WHERE redo > 0 ORDER BY form LIMIT 1")
		if errors.Is(err, sqlite.ErrNoRow) {
			return nil
		}
		if err != nil {
			return err
		}
		b.redone = &redone{form: row.Text(0)}
		if b.to, err = readPlace(tx); err != nil {
			return err
		}
		rows := tx.Query("SELECT rec, dot FROM records WHERE form = ? AND rec >= ? ORDER BY rec LIMIT ?", row.Text(0), row.Int64(1), recordsAtOnce)
		for rows.Next() {
			dot, err := record.ParseDot(rows.Text(1))
			if err != nil {
				return err
			}
			subjects = append(subjects, dot)
			b.redone.next = rows.Int64(0) + 1
		}
		return rows.Err()
	})
	if b.redone == nil || err != nil {
		return false, err
	}
	if len(subjects) < recordsAtOnce {
		b.redone.next = 0
	}
	r := reading{p: p}
	err = p.hub.Store().View(ctx, func(tx hub.Tx) error {
		if r.tx = tx; b.to.follows(tx, p.hub.ID()) != nil {
			return errOtherLog
		}
		for _, rec := range subjects {
			s, err := r.whole(rec)
			if err != nil {
				return err
			}
			r.subjects = append(r.subjects, s)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	b.drawn = drawAll(p.forms, r.subjects)
	return true, p.write(ctx, b)
}

// renew throws the file away and begins a new one. p.work is held.
func (p *Projection) renew(ctx context.Context) error {
	p.opened.Lock()
	defer p.opened.Unlock()
	if p.db != nil {
		if err := p.db.Close(); err != nil {
			return err
		}
	}
	if err := removeFile(p.o.Path); err != nil {
		return err
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	return p.learn(ctx)
}

// Rebuild throws the tables away and draws everything anew. When it returns, they are at the end of the log; meanwhile
// readers see how they grow.
func (p *Projection) Rebuild(ctx context.Context) error {
	p.work.Lock()
	err := p.renew(ctx)
	p.work.Unlock()
	if err != nil {
		return err
	}
	return p.catchUp(ctx)
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
	close(p.moved)
	p.moved = make(chan struct{})
}

// Wait returns when the tables say what the log says up to a position: what was written there is seen, and what was erased
// there is destroyed.
func (p *Projection) Wait(ctx context.Context, pos ledger.Pos) error {
	for {
		p.mu.Lock()
		now, moved := p.now.Pos, p.moved
		p.mu.Unlock()
		if now >= pos {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
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
// Whose records it may show is for the caller to see to (Scope.Where).
func (p *Projection) View(ctx context.Context, f func(tx *sqlite.Tx) error) error {
	p.opened.RLock()
	defer p.opened.RUnlock()
	if p.db == nil {
		return sqlite.ErrClosed
	}
	return p.db.View(ctx, f)
}

// purgePages is how many pages of the index of search are rewritten in one transaction.
const purgePages = 500

// purge destroys what the file still has of values that were erased. The tables overwrite what is taken out of them; the
// index of search only marks it, until it is rewritten; and the log beside the file has it until it is emptied.
func (p *Projection) purge(ctx context.Context) error {
	due := false
	err := p.db.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT count(*) FROM meta WHERE name = ?", valuePurge)
		if err == nil {
			due = row.Bool(0)
		}
		return err
	})
	if !due || err != nil {
		return err
	}
	for pages, more := -purgePages, true; more; pages = purgePages {
		err := p.db.UpdateSoon(ctx, func(tx *sqlite.Tx) error {
			before, err := tx.One("SELECT total_changes()")
			if err != nil {
				return err
			}
			if err := tx.Exec("INSERT INTO search (search, rank) VALUES ('merge', ?)", pages); err != nil {
				return err
			}
			after, err := tx.One("SELECT total_changes()")
			more = err == nil && after.Int64(0)-before.Int64(0) >= 2
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := p.empty(ctx); err != nil {
		return err
	}
	return p.db.UpdateSoon(ctx, func(tx *sqlite.Tx) error { return tx.Exec("DELETE FROM meta WHERE name = ?", valuePurge) })
}

// empty moves the log beside the file into it. Long Views end first; new ones wait.
func (p *Projection) empty(ctx context.Context) error {
	p.opened.Lock()
	defer p.opened.Unlock()
	return p.db.Checkpoint(ctx)
}
