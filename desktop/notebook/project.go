package notebook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"banlang/shared/envelope"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// The list is a projection of the changes, kept up from the log: what is written here at once, what arrives shortly
// behind it, so that taking a page costs no more than keeping it.

const (
	valueProjected = "projected"
	valueForms     = "forms of the list" // a sum of the versions by which it is drawn
)

// ProjectAtOnce bounds the places brought into the list in one transaction, so that the officer's own save never waits
// long behind it.
const ProjectAtOnce = 100

func projected(tx Tx) (ledger.Pos, error) {
	b, err := tx.Value(valueProjected)
	if len(b) != 8 {
		return 0, err
	}
	return ledger.Pos(binary.LittleEndian.Uint64(b)), err
}

func putProjected(tx Tx, p ledger.Pos) error {
	return tx.PutValue(valueProjected, binary.LittleEndian.AppendUint64(nil, uint64(p)))
}

// Behind reports how many places of the log the list is behind.
func (n *Notebook) Behind(ctx context.Context) (lag int, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		p, err := projected(tx)
		if err != nil {
			return err
		}
		end, err := tx.End()
		lag = int(end - p)
		return err
	})
	return lag, err
}

// Project brings the list forward by at most ProjectAtOnce places, and reports whether more are left.
func (n *Notebook) Project(ctx context.Context) (more bool, err error) {
	lag, err := n.Behind(ctx)
	if lag == 0 || err != nil {
		return false, err
	}
	err = n.updateSoon(ctx, func(tx Tx) error { more, err = n.project(tx); return err })
	return more, err
}

func (n *Notebook) project(tx Tx) (more bool, err error) {
	if err := n.learn(tx); err != nil {
		return false, err
	}
	from, err := projected(tx)
	if err != nil {
		return false, err
	}
	end, err := tx.End()
	if err != nil {
		return false, err
	}
	to := min(end, from+ProjectAtOnce)
	var recs []record.Dot
	seen := map[record.Dot]bool{}
	err = tx.Each(from+1, to, func(_ ledger.Pos, raw []byte) (bool, error) {
		c, err := record.DecodeStored(raw)
		if err != nil {
			return false, err
		}
		if rec := c.RecordID(); !rec.IsZero() && !seen[rec] {
			seen[rec] = true
			recs = append(recs, rec)
		}
		return true, nil
	})
	if err != nil {
		return false, err
	}
	granted, err := n.granted(tx)
	if err != nil {
		return false, err
	}
	for _, rec := range recs {
		if err := n.projectRecord(tx, rec, granted); err != nil {
			return false, err
		}
	}
	return to < end, putProjected(tx, to)
}

// granted lists the feeds of the present grant.
func (n *Notebook) granted(tx Tx) ([]record.Feed, error) {
	g, err := ledger.Grant(tx, n.o.Replica)
	if g == nil || err != nil {
		return nil, err
	}
	return g.Feeds, nil
}

// projectOwn brings a record that was written just now into the list at once.
func (n *Notebook) projectOwn(tx Tx, rec record.Dot, at ledger.Pos) error {
	granted, err := n.granted(tx)
	if err != nil {
		return err
	}
	if err := n.projectRecord(tx, rec, granted); err != nil {
		return err
	}
	p, err := projected(tx)
	if err != nil || p+1 != at {
		return err
	}
	return putProjected(tx, at)
}

func (n *Notebook) projectRecord(tx Tx, rec record.Dot, granted []record.Feed) error {
	about, err := ledger.About(tx, rec)
	if err != nil || len(about) == 0 {
		return err
	}
	if err := n.learn(tx); err != nil {
		return err
	}
	return tx.PutRow(n.row(rec, about, granted))
}

// learn has Forms know what was published, before a line is drawn by it. When the versions that are known are no longer
// those by which the list was drawn (something was published, or the program is another one), all lines are drawn again,
// in their places: some may have come before their form.
func (n *Notebook) learn(tx Tx) error {
	if n.learnt {
		return nil
	}
	published, err := ledger.Publications(tx)
	if err != nil {
		return err
	}
	n.o.Forms.Learn(published)
	n.takeOrder(published)
	sum := sha256.Sum256(fmt.Append(nil, n.o.Forms.Known()))
	drawn, err := tx.Value(valueForms)
	if err != nil {
		return err
	}
	if !bytes.Equal(drawn, sum[:]) {
		if err := errors.Join(tx.PutValue(valueForms, sum[:]), putProjected(tx, 0)); err != nil {
			return err
		}
	}
	n.learnt = true
	return nil
}

// row draws the line of a record from its changes. Sealed values have no part in it: they are in no title and no index.
func (n *Notebook) row(rec record.Dot, about []*record.Change, granted []record.Feed) Row {
	v := n.seen(rec, about)
	r := Row{Record: rec, Form: v.Form, Written: v.WrittenAt, Marked: v.Marked, Rejected: len(v.Rejected) > 0,
		Conflict: len(v.Conflicts()) > 0, Visible: visible(v, granted), Deleted: inScope(v, granted) && v.Hidden && !v.Replaced(),
		Units: units(v), Review: v.Review().State}
	for _, c := range about {
		if c.Creates() {
			r.Replica = c.Replica
		}
		if c.Replica == n.o.Replica && r.Own.N < c.Dot.N {
			r.Own = c.Dot
		}
	}
	if r.Visible || r.Deleted {
		values := v.Values()
		maps.DeleteFunc(values, func(_, value string) bool { return envelope.IsSealed(value) })
		l := n.o.Forms.Line(v.Form, values)
		r.Title, r.Date, r.Words, r.Place = l.Title, l.Date, l.Words, l.Place
		if r.Visible { // what was deleted is no place
			r.Calls = l.Calls
		}
	}
	return r
}

// units are those that a record is of.
func units(v *record.View) string {
	var codes []string
	for _, f := range v.Feeds {
		codes = append(codes, f.Unit())
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), " ")
}

// visible reports whether the officer may see a record under these feeds, and it was not deleted.
func visible(v *record.View, granted []record.Feed) bool { return inScope(v, granted) && !v.Hidden }

// inScope reports whether a record exists under these feeds, deleted or not.
func inScope(v *record.View, granted []record.Feed) bool {
	return v.Created && slices.ContainsFunc(v.Feeds, func(f record.Feed) bool { return slices.Contains(granted, f) })
}

// Reproject forgets the list; Project builds it anew. It is called when the scope has changed.
func (n *Notebook) Reproject(ctx context.Context) error {
	return n.update(ctx, reproject)
}

func reproject(tx Tx) error {
	if err := tx.DropRows(); err != nil {
		return err
	}
	return putProjected(tx, 0)
}
