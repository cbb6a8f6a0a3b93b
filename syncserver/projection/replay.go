package projection

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
)

// Moment is a state of the log: it ended at Pos, and of the bodies that came after their changes the last was number Fills
// (hub.Filling). What was erased is no part of it: it is gone from every moment.
type Moment struct {
	Pos   ledger.Pos
	Fills int64
}

// MomentOf is the present one of the log, in a view of it.
func MomentOf(tx hub.Tx) (m Moment, err error) {
	if m.Pos, err = tx.End(); err != nil {
		return m, err
	}
	for {
		some, err := tx.Fills(m.Fills, fillsAtOnce)
		if len(some) == 0 || err != nil {
			return m, err
		}
		m.Fills = some[len(some)-1].N
	}
}

// stop is the moment that tables are not to pass. No stop (nil) is the end of the log, wherever that is.
type stop struct {
	Moment
	seen  int64               // up to this number the bodies were looked at that came after the moment
	later map[ledger.Pos]bool // the changes whose bodies those are
}

func newStop(m Moment) *stop { return &stop{m, m.Fills, map[ledger.Pos]bool{}} }

// end is the last place of the log that the tables may know.
func (p *Projection) end() ledger.Pos {
	if p.stop == nil {
		return math.MaxUint64
	}
	return p.stop.Pos
}

// cut leaves of the end of the log, and of bodies that came late, what is not after the moment. It is called in each view of the
// log before a change is read there: it learns which bodies came after the moment.
func (s *stop) cut(tx hub.Tx, end ledger.Pos, fills []hub.Filling) (ledger.Pos, []hub.Filling, error) {
	if s == nil {
		return end, fills, nil
	}
	for {
		some, err := tx.Fills(s.seen, fillsAtOnce)
		if err != nil {
			return 0, nil, err
		}
		if len(some) == 0 {
			break
		}
		for _, f := range some {
			s.seen = f.N
			s.later[f.At] = true
		}
	}
	return min(end, s.Pos), slices.DeleteFunc(fills, func(f hub.Filling) bool { return f.N > s.Fills }), nil
}

// then is a change as the log held it at the moment: without the body that came later. One that was erased stays so: when its body
// came cannot matter any more.
func (s *stop) then(at ledger.Pos, c *record.Change) *record.Change {
	if s == nil || !s.later[at] {
		return c
	}
	return c.Without(record.BodyAbsent)
}

// of takes from what the log has of a record what came after the moment; created is 0 when that is its creation.
func (s *stop) of(created ledger.Pos, places []ledger.Pos) (ledger.Pos, []ledger.Pos) {
	if s == nil {
		return created, places
	}
	if created > s.Pos {
		created = 0
	}
	n, _ := slices.BinarySearch(places, s.Pos+1)
	return created, places[:n]
}

// Still brings the tables to the moment that take gives in a view of the log, its present one, and runs f over them as they are
// there: nothing that is committed later is seen. settled is FormSum of the forms by which all records are drawn; "" when some are
// drawn by others. The log goes on meanwhile, and the tables do while f runs.
func (p *Projection) Still(ctx context.Context, take func(tx hub.Tx) (Moment, error), f func(tx *sqlite.Tx, settled string) error) error {
	p.wanted.Add(1)
	p.work.Lock()
	p.wanted.Add(-1)
	held := true
	release := func() {
		if held {
			held, p.stop = false, nil
			p.work.Unlock()
			p.wake()
		}
	}
	defer release()
	var m Moment
	err := p.hub.Store().View(ctx, func(tx hub.Tx) (err error) {
		m, err = take(tx)
		return err
	})
	if err != nil {
		return err
	}
	p.stop = newStop(m)
	if err := p.bring(ctx, false); err != nil {
		return err
	}
	return p.View(ctx, func(tx *sqlite.Tx) error {
		settled, err := p.settled(tx, m) // what is read from here on is one state of the file
		if err != nil {
			return err
		}
		release()
		return f(tx, settled)
	})
}

// settled gives FormSum of the forms by which all records are drawn, or "". The tables are to be at the moment.
func (p *Projection) settled(tx *sqlite.Tx, m Moment) (string, error) {
	now, err := readPlace(tx)
	if err != nil {
		return "", err
	}
	if now.Pos != m.Pos || now.Fills != m.Fills {
		return "", fault.New(fault.Busy, "projection.Still", errors.New("the tables are elsewhere"))
	}
	drawn := map[string][]byte{}
	rows := tx.Query("SELECT form, sum FROM forms WHERE sum <> x''")
	for rows.Next() {
		drawn[rows.Text(0)] = slices.Clone(rows.Bytes(1))
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	sum := sumOfSums(drawn)
	if sum != FormSum(p.forms) { // somebody taught the library what these tables do not know yet
		return "", nil
	}
	row, err := tx.One("SELECT count(*) FROM forms WHERE redo > 0")
	if err != nil || row.Int64(0) > 0 {
		return "", err
	}
	return sum, nil
}

// FormSum names what a library makes of records: the versions that it knows, and which of them are current.
func FormSum(forms *form.Library) string { return sumOfSums(sums(forms)) }

func sumOfSums(sums map[string][]byte) string {
	var text []byte
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		text = append(append(append(text, id...), 0), sums[id]...)
	}
	sum := blake2b.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// wake has Run look at the log again.
func (p *Projection) wake() {
	select {
	case p.told <- struct{}{}:
	default: // it was told
	}
}

// Replaying says what is to be drawn once more.
type Replaying struct {
	Hub      *hub.Hub
	Forms    *form.Library         // of this replay alone: it learns what was published until the moment, and no more
	Dir      string                // where the tables are made, for their owner only, and taken away again
	To       Moment                // that the log has passed
	Progress func(done ledger.Pos) // of To.Pos; nil: nobody asks
}

// Replay draws tables from what the log held at a moment, beside all others, and runs f over them. What was edited, deleted, moved,
// reviewed or published after it is not in them; what was erased after it is missing in them too. It gives way to those who write
// the log.
func Replay(ctx context.Context, r Replaying, f func(tx *sqlite.Tx) error) (err error) {
	dir, err := os.MkdirTemp(r.Dir, "replay-*") // mode 0700
	if err != nil {
		return fault.New(fault.DiskIO, "projection.Replay", err)
	}
	defer func() {
		if gone := os.RemoveAll(dir); gone != nil {
			err = errors.Join(err, fault.New(fault.DiskIO, "projection.Replay", gone))
		}
	}()
	p := newProjection(Options{Path: filepath.Join(dir, "views.db"), Hub: r.Hub, Forms: r.Forms, Readers: 1})
	p.stop, p.progress = newStop(r.To), r.Progress
	if err = p.bring(ctx, true); err == nil {
		err = p.View(ctx, f)
	}
	return errors.Join(err, p.Close())
}
