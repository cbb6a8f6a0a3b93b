package projection

import (
	"context"
	"errors"
	"runtime"
	"time"

	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
)

// catchUp brings the tables to the end of the log, and then draws anew what is due. Who is polite gives way to those who
// write the log.
func (p *Projection) catchUp(ctx context.Context, polite bool) error {
	p.work.Lock()
	defer p.work.Unlock()
	return p.bring(ctx, polite)
}

// bring is catchUp for who holds p.work; it goes no further than p.stop.
func (p *Projection) bring(ctx context.Context, polite bool) error {
	for {
		err := p.ready(ctx)
		if err != nil {
			return err
		}
		if p.torn.Swap(false) {
			err = errSpoiled
		} else {
			err = p.follow(ctx, polite)
		}
		more := false
		if err == nil {
			more, err = p.redo(ctx)
		}
		switch {
		case errors.Is(err, errOtherLog), errors.Is(err, errSpoiled):
			p.log.Warn("the views are made anew", "why", err)
			err = p.renew(ctx)
			more = true
		case err == nil && (!more || polite && p.wanted.Load() > 0):
			return p.index(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// pace is how much is done at once, and by how many.
type pace struct{ places, workers int }

var (
	quick = pace{4096, runtime.GOMAXPROCS(0)}
	slow  = pace{512, 1} // beside those who write the log
)

// Who gives way waits so many times as long as a batch took, so that a fifth of the time is his at most; but not longer
// than anybody likes to look at an old list.
const (
	waits     = 4
	maxWaited = 2 * time.Second
)

// giveWay waits if anything was committed while a batch took so long, and reports that: the log goes before its tables.
func giveWay(ctx context.Context, committed <-chan struct{}, took time.Duration) bool {
	select {
	case <-committed:
	default:
		return false
	}
	select {
	case <-time.After(min(waits*took, maxWaited)):
	case <-ctx.Done():
	}
	return true
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
func (p *Projection) follow(ctx context.Context, polite bool) error {
	type result struct {
		b   *batch
		err error
	}
	pace := quick
	read := func(from place) <-chan result {
		done, pace := make(chan result, 1), pace
		go func() {
			b, err := p.read(ctx, from, pace)
			done <- result{b, err}
		}()
		return done
	}
	from, err := p.stored(ctx)
	if err == nil {
		err = p.purge(ctx) // what the last try may have left
	}
	if err != nil {
		return spoiled(err)
	}
	p.moveTo(from)
	next := <-read(from)
	for next.err == nil && next.b != nil {
		start, committed := time.Now(), p.hub.Committed()
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
		if polite && p.wanted.Load() > 0 { // who waits for the tables brings them to the end himself
			return next.err
		}
		if pace = quick; polite && giveWay(ctx, committed, time.Since(start)) {
			pace = slow
		}
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
	r := reading{p: p, stop: p.stop}
	err = p.hub.Store().View(ctx, func(tx hub.Tx) error {
		if r.tx = tx; b.to.follows(tx, p.hub.ID()) != nil {
			return errOtherLog
		}
		if _, _, err := r.stop.cut(tx, 0, nil); err != nil {
			return err
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
	b.drawn = drawAll(p.forms, r.subjects, quick.workers)
	return true, p.write(ctx, b)
}

// renew throws the file away and begins a new one. p.work is held.
func (p *Projection) renew(ctx context.Context) error {
	p.opened.Lock()
	defer p.opened.Unlock()
	if p.db != nil {
		err := p.db.Close()
		p.db = nil
		if err != nil {
			return err
		}
	}
	if err := removeFile(p.o.Path); err != nil {
		return err
	}
	return p.begin(ctx)
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
	return p.catchUp(ctx, false)
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
