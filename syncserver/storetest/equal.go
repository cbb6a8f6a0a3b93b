package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/ledger"
	"banlang/shared/ledger/ledgertest"
	"banlang/shared/record"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
)

// Equal runs random transactions, some of which fail, against two stores, and compares all that they tell beside the
// ledger: what each operation answers, and the whole content after each transaction.
func Equal(t *testing.T, openA, openB func(t ledgertest.TB) Harness) {
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{a: openA(t), b: openB(t)}
		defer m.a.Close()
		defer m.b.Close()
		t.Repeat(map[string]func(*rapid.T){"transaction": m.transaction, "restart": m.restart, "": m.compare})
	})
}

type machine struct {
	a, b Harness
}

type op func(tx hub.Tx) string

func (m *machine) transaction(t *rapid.T) {
	ops := make([]op, rapid.IntRange(1, 20).Draw(t, "operations"))
	for i := range ops {
		ops[i] = m.draw(t)
	}
	var end error
	if rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
		end = errUndo
	}
	run := func(h Harness) (answers []string) {
		err := h.Store.Update(context.Background(), func(tx hub.Tx) error {
			for _, o := range ops {
				answers = append(answers, o(tx))
			}
			return end
		})
		if !errors.Is(err, end) || end == nil && err != nil {
			t.Fatalf("the transaction: %v", err)
		}
		return answers
	}
	a, b := run(m.a), run(m.b)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("operation %d: %s\nand: %s", i+1, a[i], b[i])
		}
	}
}

func (m *machine) restart(t *rapid.T) {
	for _, h := range []*Harness{&m.a, &m.b} {
		if h.Reopen == nil {
			continue
		}
		s, err := h.Reopen()
		if err != nil {
			t.Fatalf("restart: %v", err)
		}
		h.Store = s
	}
}

func (m *machine) compare(t *rapid.T) {
	if a, b := dump(t, m.a.Store), dump(t, m.b.Store); a != b {
		t.Fatalf("they differ:\n%s\nand:\n%s", a, b)
	}
}

func (m *machine) draw(t *rapid.T) op {
	place := ledger.Pos(rapid.IntRange(0, 12).Draw(t, "place"))
	feed := rapid.SampledFrom([]string{"U1/ordinary", "U2/ordinary", "@24", "*"}).Draw(t, "feed")
	rec := record.Dot{Run: record.RunID(rapid.SampledFrom([]uint64{1, 1 << 63}).Draw(t, "run")), N: record.Number(rapid.IntRange(1, 8).Draw(t, "number"))}
	switch rapid.IntRange(0, 17).Draw(t, "kind") {
	case 12, 13, 14:
		return onWants(t)
	case 15:
		return func(tx hub.Tx) string { return fmt.Sprint("fill ", tx.Fill(place)) }
	case 16, 17:
		return onKeys(t)
	case 0, 1, 2:
		return m.append(rec.Run, feed)
	case 3:
		turn := hub.Turn{At: place, Now: []record.Feed{record.Feed(feed)}}
		return func(tx hub.Tx) string { return fmt.Sprint("put turn ", tx.PutTurn(rec, turn)) }
	case 4:
		return func(tx hub.Tx) string {
			turn, ok, err := tx.Turn(rec)
			n, err2 := tx.Turns()
			return fmt.Sprint("turn ", turn, ok, err, n, err2)
		}
	case 5:
		return func(tx hub.Tx) string { return fmt.Sprint("wait ", tx.Wait(place)) }
	case 6:
		return func(tx hub.Tx) string { return fmt.Sprint("judged ", tx.Judged(place)) }
	case 7:
		d := access.Device{Replica: record.ReplicaID(place), Name: feed, Seen: int64(rec.N)}
		return func(tx hub.Tx) string { return fmt.Sprint("put device ", tx.PutDevice(d)) }
	case 8:
		return func(tx hub.Tx) string {
			d, ok, err := tx.Device(record.ReplicaID(place))
			return fmt.Sprint("device ", d, ok, err)
		}
	case 9:
		return func(tx hub.Tx) string {
			ranges, err := tx.Listed(feed, place, int(rec.N))
			return fmt.Sprint("listed ", ranges, err)
		}
	case 10:
		return func(tx hub.Tx) string {
			return fmt.Sprint("put signed ", tx.PutSigned(record.HeadSignature{Run: rec.Run, N: rec.N}))
		}
	default:
		return func(tx hub.Tx) string {
			end, hash, err := tx.ClosedLog(place)
			waiting, err2 := tx.Waiting(ledger.Pos(rec.N/2), int(rec.N))
			return fmt.Sprint("closed ", end, hash, err, " waiting ", waiting, err2)
		}
	}
}

// append does to the log what a hub does: appends, lists, closes.
func (m *machine) append(run record.RunID, feed string) op {
	return func(tx hub.Tx) string {
		n := record.Number(1)
		for {
			p, err := tx.Find(record.Dot{Run: run, N: n})
			if err != nil {
				return err.Error()
			}
			if p == 0 {
				break
			}
			n++
		}
		p, err := tx.Append(change(run, n, feed))
		err = errors.Join(err, tx.List(feed, hub.Range{First: p, Last: p}), tx.CloseLog(p, [32]byte{byte(p)}, 7*record.Millis(p)))
		return fmt.Sprint("append ", p, err)
	}
}
