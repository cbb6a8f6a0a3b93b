package projection

import (
	"context"
	"sort"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Bounds of what is drawn and written in one transaction.
const (
	fillsAtOnce   = 1000
	recordsAtOnce = 1000 // of a form that is drawn anew
)

// batch is a stretch of the log as the tables are to have it.
type batch struct {
	to     place
	drawn  []drawn
	erased bool              // an order of erasure is in it
	sums   map[string][]byte // by form: what it is drawn by; nil: no publication is in it
	redone *redone
}

// redone says that the batch draws records of a form anew.
type redone struct {
	form string
	next int64 // where the rest begins; 0: that was all
}

// read reads and draws what the log has behind a place; nil when that is nothing. errOtherLog: it does not go on from there.
func (p *Projection) read(ctx context.Context, from place, at pace) (b *batch, err error) {
	r := reading{p: p, pace: at, stop: p.stop, records: map[record.Dot]*touched{}}
	err = p.hub.Store().View(ctx, func(tx hub.Tx) error {
		r.tx = tx
		if err := from.follows(tx, p.hub.ID()); err != nil {
			return err
		}
		b, err = r.batch(from)
		return err
	})
	if b == nil || err != nil {
		return nil, err
	}
	if r.published != nil {
		_ = p.forms.Learn(r.published) // a form that cannot be read is one that is not known
		b.sums = sums(p.forms)
	}
	b.drawn = drawAll(p.forms, r.subjects, at.workers)
	return b, nil
}

// reading goes through a stretch of the log.
type reading struct {
	p         *Projection
	pace      pace
	stop      *stop
	tx        hub.Tx
	records   map[record.Dot]*touched
	order     []record.Dot // of records, as they come in the log
	published []*record.Change
	subjects  []subject
	from      ledger.Pos    // where the stretch begins
	arrivals  []hub.Arrival // in it
}

// touched is a record that something in the stretch concerns.
type touched struct {
	changes []*record.Change // in the stretch
	created ledger.Pos       // 0: not in the stretch
	last    ledger.Pos
	whole   bool // what is outside of the stretch must be read
}

func (r *reading) batch(from place) (*batch, error) {
	end, err := r.tx.End()
	if err != nil {
		return nil, err
	}
	fills, err := r.tx.Fills(from.Fills, fillsAtOnce)
	if err != nil {
		return nil, err
	}
	if end, fills, err = r.stop.cut(r.tx, end, fills); err != nil || end == from.Pos && len(fills) == 0 && from.Hub != 0 {
		return nil, err
	}
	b := &batch{}
	to, filled := min(end, from.Pos+ledger.Pos(r.pace.places)), from.Fills
	if err := r.stretch(b, from.Pos+1, to); err != nil {
		return nil, err
	}
	for _, f := range fills {
		filled = f.N
		c, err := r.tx.At(f.At)
		if err != nil {
			return nil, err
		}
		if rec := c.RecordID(); !rec.IsZero() {
			r.touch(rec).whole = true
		}
	}
	if b.to, err = placeAt(r.tx, r.p.hub.ID(), to, filled); err != nil {
		return nil, err
	}
	for _, rec := range r.order {
		if err := r.gather(rec, r.records[rec]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// stretch reads the changes from one place to another.
func (r *reading) stretch(b *batch, from, to ledger.Pos) error {
	if from > to {
		return nil
	}
	r.from = from
	if err := r.readArrivals(from, to); err != nil {
		return err
	}
	published := false
	err := r.tx.Each(from, to, func(at ledger.Pos, raw []byte) (bool, error) {
		c, err := record.DecodeStored(raw)
		if err != nil {
			return false, err
		}
		c = r.stop.then(at, c)
		published = published || c.Kind == record.KindPublish
		b.erased = b.erased || c.Kind == record.KindErase
		rec := c.RecordID()
		if rec.IsZero() {
			return true, nil
		}
		t := r.touch(rec)
		t.changes, t.last = append(t.changes, c), at
		if c.Creates() {
			t.created = at
		}
		return true, nil
	})
	if published && err == nil {
		if r.published, err = ledger.PublicationsUpTo(r.tx, r.p.end()); r.published == nil {
			r.published = []*record.Change{}
		}
	}
	return err
}

func (r *reading) touch(rec record.Dot) *touched {
	t := r.records[rec]
	if t == nil {
		t = &touched{}
		r.records[rec] = t
		r.order = append(r.order, rec)
	}
	return t
}

// gather has a record drawn. One that was created in the stretch, with nothing known of it before, is read already; of all
// others everything that the log holds is.
func (r *reading) gather(rec record.Dot, t *touched) error {
	if t.created == 0 {
		t.whole = true
	}
	if !t.whole { // changes that come before their creation have a turn kept
		_, late, err := r.tx.Turn(rec)
		if err != nil {
			return err
		}
		t.whole = late
	}
	if t.whole {
		s, err := r.whole(rec)
		r.subjects = append(r.subjects, s)
		return err
	}
	arrived, err := r.arrival(t.created)
	if err != nil {
		return err
	}
	altered, err := r.arrival(t.last)
	r.subjects = append(r.subjects, subject{id: rec, rec: t.created, changes: t.changes, arrived: arrived, altered: altered, fresh: true})
	return err
}

// whole reads everything that the log holds of a record, up to the stop.
func (r *reading) whole(rec record.Dot) (s subject, err error) {
	s.id = rec
	if s.rec, err = r.tx.Find(rec); err != nil {
		return s, err
	}
	places, err := ledger.Places(r.tx, rec)
	if err != nil {
		return s, err
	}
	s.rec, places = r.stop.of(s.rec, places)
	for _, p := range places {
		c, err := r.tx.At(p)
		if err != nil {
			return s, err
		}
		s.changes = append(s.changes, r.stop.then(p, c))
	}
	if s.rec == 0 || len(places) == 0 {
		return s, nil
	}
	if s.arrived, err = r.arrival(s.rec); err != nil {
		return s, err
	}
	s.altered, err = r.arrival(places[len(places)-1])
	return s, err
}

// arrivalsAtOnce is how many are read at a time.
const arrivalsAtOnce = 1000

// readArrivals reads when the changes of a stretch arrived.
func (r *reading) readArrivals(from, to ledger.Pos) error {
	for from <= to {
		some, err := r.tx.Arrivals(from, arrivalsAtOnce)
		if len(some) == 0 || err != nil {
			return err
		}
		r.arrivals = append(r.arrivals, some...)
		from = some[len(some)-1].End + 1
	}
	return nil
}

// arrival says when the change at a place arrived.
func (r *reading) arrival(p ledger.Pos) (record.Millis, error) {
	i := sort.Search(len(r.arrivals), func(i int) bool { return r.arrivals[i].End >= p })
	if p >= r.from && i < len(r.arrivals) {
		return r.arrivals[i].At, nil
	}
	some, err := r.tx.Arrivals(p, 1)
	if len(some) == 0 || err != nil {
		return 0, err
	}
	return some[0].At, nil
}
