package ledgertest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Dump writes everything that a ledger.Tx tells, as text: two ledgers with the same text are the same, but for evidence.
func Dump(tx ledger.Tx) (string, error) {
	var b strings.Builder
	end, err := tx.End()
	if err != nil {
		return "", err
	}
	erasures, err := tx.Erasures()
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "end %d, %d erasures\n", end, erasures)
	subjects := map[record.Dot]bool{}
	err = tx.Each(0, end, func(p ledger.Pos, raw []byte) (bool, error) {
		c, err := record.DecodeStored(raw)
		if err != nil {
			return false, err
		}
		at, err := tx.Find(c.Dot)
		fmt.Fprintf(&b, "%d %v found at %d, %x\n", p, c.Dot, at, sha256.Sum256(raw))
		if s := ledger.Subject(c); err == nil && !subjects[s] {
			subjects[s] = true
			places, err := tx.Touching(s)
			fmt.Fprintf(&b, "  touching %v: %v\n", s, places)
			return true, err
		}
		return true, err
	})
	if err != nil {
		return "", err
	}
	err2 := tx.Runs(func(r ledger.Run) bool {
		spans, err2 := tx.Spans(r.ID)
		err = errors.Join(err, err2)
		fmt.Fprintf(&b, "run %+v\n  spans %v\n", r, spans)
		return true
	})
	for _, name := range valueNames {
		v, err2 := tx.Value(name)
		err = errors.Join(err, err2)
		fmt.Fprintf(&b, "value %q = %x (%t)\n", name, v, v == nil)
	}
	blobs, err3 := dumpBlobs(tx)
	return b.String() + blobs, errors.Join(err, err2, err3)
}

// valueNames are those that the random transactions use, and the ledger's own.
var valueNames = []string{"a", "b", "", "centre epoch", "last own change"}

// Equal runs random transactions, some of which fail, against two ledgers, and compares all that they tell: what each
// operation answers, and the whole content after each transaction.
func Equal(t *testing.T, openA, openB func(t TB) Harness) {
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{a: openA(t), b: openB(t), seed: 1}
		defer m.a.Close()
		defer m.b.Close()
		for i := range m.writers {
			m.writers[i] = newWriter([]record.ReplicaID{record.Centre, 24, 25}[i], uint64(i+10))
		}
		t.Repeat(map[string]func(*rapid.T){"transaction": m.transaction, "restart": m.restart, "": m.compare})
	})
}

// machine drives both ledgers alike.
type machine struct {
	a, b    Harness
	writers [3]*writer
	seed    uint64
}

// op is one operation; it returns what it was answered.
type op func(tx ledger.Tx) string

func (m *machine) transaction(t *rapid.T) {
	ops := make([]op, rapid.IntRange(1, 25).Draw(t, "operations"))
	for i := range ops {
		ops[i] = m.draw(t)
	}
	var end error
	if rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
		end = errUndo
	}
	run := func(h Harness) (answers []string) {
		err := h.Update(func(tx ledger.Tx) error {
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
	for _, h := range []Harness{m.a, m.b} {
		if h.Reopen != nil {
			if err := h.Reopen(); err != nil {
				t.Fatalf("restart: %v", err)
			}
		}
	}
}

func (m *machine) compare(t *rapid.T) {
	dump := func(h Harness) (s string) {
		err := h.View(func(tx ledger.Tx) (err error) { s, err = Dump(tx); return err })
		if err != nil {
			t.Fatalf("dump: %v", err)
		}
		return s
	}
	if a, b := dump(m.a), dump(m.b); a != b {
		t.Fatalf("they differ:\n%s\nand:\n%s", a, b)
	}
}

func (m *machine) draw(t *rapid.T) op {
	switch rapid.IntRange(0, 14).Draw(t, "kind") {
	case 0, 1, 2, 3:
		return m.insert(t)
	case 12, 13, 14:
		return onBlobs(t)
	case 4, 5:
		return appendRaw(t)
	case 6:
		return putRun(t)
	case 7:
		return putValue(t)
	case 8:
		return rewrite(t)
	default:
		return m.read(t)
	}
}

// insert takes a real change, one that was written earlier or a new one, through the rules of the ledger.
func (m *machine) insert(t *rapid.T) op {
	w := m.writers[rapid.IntRange(0, 2).Draw(t, "writer")]
	if len(w.log) == 0 || rapid.Bool().Draw(t, "new") {
		w.write(m.content(t, w))
	}
	c := w.log[rapid.IntRange(0, len(w.log)-1).Draw(t, "change")]
	switch rapid.IntRange(0, 5).Draw(t, "shape") {
	case 0:
		c = c.Without(record.BodyAbsent)
	case 1:
		w.pen.Reset() // the next one opens a run
	case 2:
		if len(c.Edits) > 0 {
			fork := *c
			fork.Salt[0]++ // the same name, another content
			fork.Time++
			if err := fork.Seal(w.noise, nil); err != nil {
				t.Fatalf("%v", err)
			}
			c = &fork
		}
	}
	return func(tx ledger.Tx) string {
		out, p, err := ledger.Insert(tx, c)
		return fmt.Sprint("insert ", c.Dot, out, p, err)
	}
}

// content draws what a writer writes: a new record, an edit of one, or, at the centre, a verdict, an order, a grant.
func (m *machine) content(t *rapid.T, w *writer) record.Change {
	var records []record.Dot
	for _, x := range m.writers {
		for _, c := range x.log {
			if c.Creates() {
				records = append(records, c.Dot)
			}
		}
	}
	text := rapid.StringN(0, 8, 40).Draw(t, "text")
	if rapid.IntRange(0, 3).Draw(t, "names a photo") == 0 {
		text = photo(rapid.IntRange(0, 4).Draw(t, "photo")).String()
	}
	if len(records) == 0 || rapid.Bool().Draw(t, "creates") {
		return record.Change{Kind: record.KindEdit, Edits: []record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}, {Path: "note", Value: text}}}
	}
	rec := rapid.SampledFrom(records).Draw(t, "record")
	if w.pen.Replica == record.Centre {
		switch rapid.IntRange(0, 3).Draw(t, "act") {
		case 0:
			return record.Change{Kind: record.KindVerdict, Record: rec, Target: rec, Rejected: true}
		case 1:
			return record.Change{Kind: record.KindErase, Record: rec}
		case 2:
			return record.Change{Kind: record.KindGrant, Grantee: 24, Feeds: []record.Feed{"U1/ordinary"}}
		}
	}
	return record.Change{Kind: record.KindEdit, Record: rec, Edits: []record.Edit{{Path: "note", Value: text}}}
}

func anyDot(t *rapid.T) record.Dot {
	return record.Dot{Run: rapid.SampledFrom([]record.RunID{runA, runB, runC}).Draw(t, "run"),
		N: record.Number(rapid.IntRange(1, 9).Draw(t, "number"))}
}

// appendRaw appends a change at any number of a run, past all rules but that the name is not held.
func appendRaw(t *rapid.T) op {
	d, touches := anyDot(t), rapid.Bool().Draw(t, "touches")
	c := made(d.Run, d.N, "x")
	if touches {
		c = edited(anyDot(t), d.Run, d.N, "y")
	}
	return func(tx ledger.Tx) string {
		if p, err := tx.Find(c.Dot); p != 0 || err != nil {
			return fmt.Sprint("held ", p, err)
		}
		p, err := tx.Append(c)
		return fmt.Sprint("append ", c.Dot, p, err)
	}
}

func putRun(t *rapid.T) op {
	r := ledger.Run{ID: rapid.SampledFrom([]record.RunID{runA, runB, runC, 77}).Draw(t, "run"), Replica: 3,
		Claim: record.Number(rapid.Uint64().Draw(t, "claim"))}
	if rapid.Bool().Draw(t, "full") {
		r = fullRun(r.ID)
	}
	return func(tx ledger.Tx) string { return fmt.Sprint("put run ", tx.PutRun(r)) }
}

func putValue(t *rapid.T) op {
	name := rapid.SampledFrom(valueNames[:3]).Draw(t, "name")
	v := rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "value")
	if rapid.IntRange(0, 4).Draw(t, "away") == 0 {
		v = nil
	}
	return func(tx ledger.Tx) string { return fmt.Sprint("put value ", tx.PutValue(name, v)) }
}

func rewrite(t *rapid.T) op {
	share, state := rapid.IntRange(0, 99).Draw(t, "place"), rapid.SampledFrom([]record.BodyState{record.BodyAbsent, record.BodyErased}).Draw(t, "state")
	return func(tx ledger.Tx) string {
		end, err := tx.End()
		if end == 0 || err != nil {
			return fmt.Sprint("nothing to rewrite ", err)
		}
		p := 1 + end*ledger.Pos(share)/100
		c, err := tx.At(p)
		if err != nil {
			return fmt.Sprint("at ", p, err)
		}
		return fmt.Sprint("rewrite ", p, tx.Rewrite(p, c.Without(state)))
	}
}

// read asks for one thing.
func (m *machine) read(t *rapid.T) op {
	d, what := anyDot(t), rapid.IntRange(0, 8).Draw(t, "what")
	var records []record.Dot
	for _, w := range m.writers {
		for _, c := range w.log {
			records = append(records, c.Dot)
		}
	}
	if len(records) > 0 && rapid.Bool().Draw(t, "real") {
		d = rapid.SampledFrom(records).Draw(t, "dot")
	}
	return func(tx ledger.Tx) string {
		var v any
		var err error
		switch what {
		case 0:
			v, err = tx.Find(d)
		case 1:
			v, err = tx.Touching(d)
		case 2:
			v, err = tx.Spans(d.Run)
		case 3:
			v, err = tx.Run(d.Run)
		case 4:
			v, err = tx.End()
		case 5:
			v, err = tx.Value("a")
		case 6:
			v, err = Dump(tx)
		case 7:
			var view *record.View
			if view, err = ledger.ViewOf(tx, d); err == nil {
				v = view.Sum()
			}
		case 8:
			v, err = ledger.HaveOf(tx, d.Run)
		}
		return fmt.Sprintf("read %d of %v: %v %v", what, d, v, err)
	}
}
