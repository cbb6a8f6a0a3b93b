package frozen

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"os"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
	"banlang/syncserver/report/grid"
)

// Source is what snapshots are computed from.
type Source struct {
	Hub     *hub.Hub
	Views   *projection.Projection // that Run keeps up with the hub's log; nil: there are none, and all is drawn anew
	Scratch string                 // a directory in which tables are drawn anew; it is made where it is missing
	Wall    clock.Wall
}

// moment is what a snapshot is computed by, beside the tables.
type moment struct {
	Position
	covers []Covered
	tree   *units.Tree
	forms  *form.Library
}

// errOtherLog: the log does not have what a snapshot was taken from. It was set back by a restore.
var errOtherLog = errors.New("frozen: the log has another history")

// errUnsettled: records are drawn by other forms than those of the moment.
var errUnsettled = errors.New("frozen: the tables are drawn by other forms")

// present takes the present moment in a view of the log.
func present(tx hub.Tx, at time.Time) (*moment, error) {
	end, err := projection.MomentOf(tx)
	if err != nil {
		return nil, err
	}
	m := &moment{Position: Position{Pos: end.Pos, Fills: end.Fills, Time: at.UnixMilli()}}
	if err := m.learn(tx); err != nil {
		return nil, err
	}
	err = tx.Runs(func(r ledger.Run) bool {
		if r.Prefix > 0 {
			m.covers = append(m.covers, covered(r))
		}
		return true
	})
	return m, err
}

func covered(r ledger.Run) Covered {
	return Covered{Run: r.ID.String(), N: uint64(r.Prefix), Head: hex.EncodeToString(r.Head[:])}
}

// then is the moment of a snapshot, without what it covers. errOtherLog: the log is not the one of that moment any more.
func then(tx hub.Tx, p Position) (*moment, error) {
	m := &moment{Position: p}
	if err := m.learn(tx); err != nil {
		return nil, err
	}
	if m.Log != p.Log {
		return nil, errOtherLog
	}
	return m, nil
}

// learn reads what had been published at the place of the moment, and the hash of the log there; "" where nothing ended there.
func (m *moment) learn(tx hub.Tx) error {
	closed, hash, err := tx.ClosedLog(m.Pos)
	if err != nil {
		return err
	}
	if m.Log = hex.EncodeToString(hash[:]); closed != m.Pos {
		m.Log = ""
	}
	published, err := ledger.PublicationsUpTo(tx, m.Pos)
	if err != nil {
		return err
	}
	if m.tree, err = units.Learn(published); err != nil {
		return fault.New(fault.NewerDatabase, "frozen", err)
	}
	m.forms = form.Builtin()
	_ = m.forms.Learn(published) // a form that cannot be read is one that is not known
	m.Forms = projection.FormSum(m.forms)
	return nil
}

func (m *moment) place() projection.Moment { return projection.Moment{Pos: m.Pos, Fills: m.Fills} }

// take computes a snapshot over the tables of the moment.
func (m *moment) take(tx *sqlite.Tx, order Order) (*Snapshot, error) {
	order.Covers, order.Position = m.covers, &m.Position
	view := m.tree.At(order.Day)
	if err := order.Expect(tx, view); err != nil {
		return nil, err
	}
	return Take(tx, view, order, nil)
}

// Expect fills in how many units were expected to report, and which did not, for a report that is laid out by a template: by the first
// expectation of the plan, which every commune has. Of a period of whole months a unit has reported if something came in each step that had
// begun on the day of the order and in which it existed; of any other days, if something came of them.
func (o *Order) Expect(tx *sqlite.Tx, view *units.View) error {
	if o.Kind == "" {
		return nil
	}
	plan, err := grid.Plan()
	if err != nil || len(plan) == 0 {
		return err
	}
	o.Expected, o.Missing = 0, nil
	if !o.Period.WholeMonths() {
		expected, missing, err := grid.Reported(tx, view, plan[0], o.Root, o.Period)
		o.Expected = expected
		for _, u := range missing {
			o.Missing = append(o.Missing, u.Code)
		}
		return err
	}
	g, err := grid.Compute(tx, view, plan[0], o.Root, o.Period, time.Time{}, nil)
	if err != nil {
		return err
	}
	for i, u := range g.Units {
		expected, missing := false, false
		for j, c := range g.Cells[i] {
			if o.Day != "" && g.Steps[j].Period.From > o.Day || c.State == grid.Exempt {
				continue
			}
			expected, missing = true, missing || c.Received == 0
		}
		if expected {
			o.Expected++
		}
		if missing {
			o.Missing = append(o.Missing, u.Code)
		}
	}
	return nil
}

// tries is how often Freeze takes a moment anew because somebody published a form meanwhile.
const tries = 3

// Freeze computes what is ordered from everything that the log holds at one moment, the present one, and nothing that is committed
// later. It fills in what the snapshot was computed from, and order.Day where there is none; Number is that of the shelf. It takes as
// long as the figures do, and as the tables are behind. Where the tables are drawn by forms that the log does not have, they are drawn anew, which takes longer.
func Freeze(ctx context.Context, src Source, order Order) (s *Snapshot, err error) {
	var m *moment
	at := src.Wall().Time()
	order.Day = cmp.Or(order.Day, at.In(viet.Zone).Format(time.DateOnly))
	take := func(tx hub.Tx) (projection.Moment, error) {
		if m, err = present(tx, at); err != nil {
			return projection.Moment{}, err
		}
		return m.place(), nil
	}
	for range tries {
		err := src.Views.Still(ctx, take, func(tx *sqlite.Tx, settled string) (err error) {
			if settled != m.Forms {
				return errUnsettled
			}
			s, err = m.take(tx, order)
			return err
		})
		if !errors.Is(err, errUnsettled) {
			return s, err
		}
	}
	err = src.draw(ctx, m, nil, func(tx *sqlite.Tx) (err error) {
		s, err = m.take(tx, order)
		return err
	})
	return s, err
}

// draw has the tables of a moment drawn anew, and runs f over them.
func (src Source) draw(ctx context.Context, m *moment, progress func(ledger.Pos), f func(tx *sqlite.Tx) error) error {
	if err := os.MkdirAll(src.Scratch, 0o700); err != nil {
		return fault.New(fault.DiskIO, "frozen.Replay", err)
	}
	return projection.Replay(ctx, projection.Replaying{Hub: src.Hub, Forms: m.forms, Dir: src.Scratch, To: m.place(), Progress: progress}, f)
}
