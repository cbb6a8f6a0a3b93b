package projection

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
)

// write puts a batch into the tables, in one transaction.
func (p *Projection) write(ctx context.Context, b *batch) error {
	w := writer{p: p, cells: map[cell]int64{}, holdings: map[holding]int64{}, forms: map[string]bool{}}
	err := p.db.UpdateSoon(ctx, func(tx *sqlite.Tx) error {
		w.tx = tx
		if p.catalogue.tables == nil {
			if err := p.catalogue.load(tx); err != nil {
				return err
			}
		}
		return w.batch(b)
	})
	if err != nil {
		p.catalogue = catalogue{} // it may know tables that were not made
	}
	return spoiled(err)
}

// spoiled says of an error of the file of tables, and not of the log, that it is the file's end.
func spoiled(err error) error {
	if useless(err) {
		return fmt.Errorf("%w: %w", errSpoiled, err)
	}
	return err
}

// errSpoiled: the file is of no use any more.
var errSpoiled = errors.New("projection: the file is spoiled")

// writer is one transaction that writes.
type writer struct {
	p        *Projection
	tx       *sqlite.Tx
	cells    map[cell]int64 // by how much the counts differ afterwards
	holdings map[holding]int64
	forms    map[string]bool // of which records were written
	args     []any
}

// cell is a row of the table cells.
type cell struct {
	form, month, unit, compartment string
	state                          State
	came                           int64
}

func cellOf(r *Row) cell {
	return cell{r.Form, monthOf(r.Day), r.Unit, r.Compartment, r.State, viet.DayOf(r.Arrived)}
}

// holding is a row of the table holdings.
type holding struct{ form, unit, compartment string }

func (w *writer) batch(b *batch) error {
	// FTS5 gathers rows in memory as long as their ids ascend, and otherwise writes each down by itself, which is a hundred
	// times dearer; so what goes, goes first.
	slices.SortFunc(b.drawn, func(x, y drawn) int { return int(x.rec) - int(y.rec) })
	for i := range b.drawn {
		if d := &b.drawn[i]; !d.fresh && d.rec != 0 {
			if err := w.remove(int64(d.rec)); err != nil {
				return err
			}
		}
	}
	for i := range b.drawn {
		if d := &b.drawn[i]; d.row.Rec != 0 {
			if err := w.insert(d); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(w.count(), w.stamp()); err != nil {
		return err
	}
	if b.sums != nil {
		if err := putSums(w.tx, b.sums); err != nil {
			return err
		}
	}
	if b.redone != nil {
		return w.tx.Exec("UPDATE forms SET redo = ? WHERE form = ?", b.redone.next, b.redone.form)
	}
	if b.erased {
		if err := put(w.tx, valuePurge, int64(1)); err != nil {
			return err
		}
	}
	return writePlace(w.tx, b.to)
}

// remove takes out what the tables say of a record.
func (w *writer) remove(rec int64) error {
	row, err := w.tx.One("SELECT "+rowColumns+" FROM records WHERE rec = ?", rec)
	if errors.Is(err, sqlite.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := readRow(&row)
	if err != nil {
		return err
	}
	w.forms[r.Form] = true
	if !r.Hidden {
		w.cells[cellOf(&r)]--
		w.holdings[holding{r.Form, r.Unit, r.Compartment}]--
	}
	for key, t := range w.p.catalogue.tables {
		if key.form == r.Form && t.name != "" {
			if err := w.tx.Exec("DELETE FROM "+Quote(t.name)+" WHERE rec = ?", rec); err != nil {
				return err
			}
		}
	}
	if err := w.tx.Exec("DELETE FROM search WHERE rowid = ?", rec); err != nil {
		return err
	}
	return w.tx.Exec("DELETE FROM records WHERE rec = ?", rec)
}

func (w *writer) insert(d *drawn) error {
	r := &d.row
	w.forms[r.Form] = true
	err := w.tx.Exec("INSERT INTO records ("+rowColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", r.Rec, r.Dot.String(),
		r.Name, r.Form, r.Version, r.Unit, r.Compartment, r.Day, r.Written, r.Arrived, r.Altered, int64(r.Replica), r.Officer, r.Title,
		r.Review, string(r.State), int64(r.Conflicts), r.Hidden, r.Unread)
	if err != nil || r.Hidden {
		return err
	}
	w.cells[cellOf(r)]++
	w.holdings[holding{r.Form, r.Unit, r.Compartment}]++
	if err := w.tx.Exec("INSERT INTO search (rowid, words) VALUES (?, ?)", r.Rec, d.words); err != nil || d.form == nil {
		return err
	}
	return w.answers(d)
}

// answers puts what a record says into the tables of its form.
func (w *writer) answers(d *drawn) (err error) {
	if err := w.p.catalogue.lay(w.tx, d.form); err != nil {
		return err
	}
	for _, a := range d.rows {
		t, lead := w.p.catalogue.tables[tableKey{d.form.ID(), a.repeat}], []any{d.row.Rec, a.row}
		if a.repeat == "" {
			lead = []any{d.row.Rec, d.row.Unit, monthOf(d.row.Day), d.row.Day, d.row.Arrived, d.row.Review == record.ReviewApproved}
		}
		if w.args, err = t.write(w.tx, w.args, lead, a.values); err != nil {
			return err
		}
	}
	return nil
}

// count brings the tables cells and holdings up to the rest.
func (w *writer) count() error {
	for c, n := range w.cells {
		if err := w.add("cells", []string{"form", "month", "unit", "compartment", "state", "came"}, []any{c.form, c.month, c.unit, c.compartment, string(c.state), c.came}, n); err != nil {
			return err
		}
	}
	for h, n := range w.holdings {
		if err := w.add("holdings", []string{"form", "unit", "compartment"}, []any{h.form, h.unit, h.compartment}, n); err != nil {
			return err
		}
	}
	return nil
}

// add adds to a count.
func (w *writer) add(table string, columns []string, key []any, n int64) error {
	if n == 0 {
		return nil
	}
	err := w.tx.Exec("INSERT INTO "+table+" ("+strings.Join(columns, ", ")+", n) VALUES (?"+strings.Repeat(", ?", len(columns))+
		") ON CONFLICT DO UPDATE SET n = n + excluded.n", append(key, n)...)
	if n > 0 || err != nil {
		return err
	}
	return w.tx.Exec("DELETE FROM "+table+" WHERE "+strings.Join(columns, " = ? AND ")+" = ? AND n = 0", key...)
}

// sums says by what the records of each form are drawn: the versions that are known, and which of them is current.
func sums(forms *form.Library) map[string][]byte {
	texts := map[string][]byte{}
	for _, ref := range forms.Known() { // sorted
		texts[ref.ID] = append(texts[ref.ID], ref.String()+" "...)
	}
	for _, current := range forms.Menu() {
		texts[current.ID] = append(texts[current.ID], current.Ref().String()...)
	}
	for id, text := range texts {
		sum := blake2b.Sum256(text)
		texts[id] = sum[:]
	}
	return texts
}

// putSums notes by what forms are drawn from now on, and that the records of those are to be drawn anew that were drawn by
// something else; also those of forms that are known no more.
func putSums(tx *sqlite.Tx, sums map[string][]byte) error {
	known := slices.Sorted(maps.Keys(sums))
	err := tx.Exec("UPDATE forms SET sum = x'', redo = 1 WHERE sum <> x'' AND form NOT IN (SELECT value FROM json_each(?))", sqlite.List(known))
	if err != nil {
		return err
	}
	for _, id := range known {
		err := tx.Exec("INSERT INTO forms (form, sum, redo) VALUES (?, ?, EXISTS (SELECT 1 FROM records WHERE form = ?)) "+
			"ON CONFLICT DO UPDATE SET sum = excluded.sum, redo = 1 WHERE sum <> excluded.sum", id, sums[id], id)
		if err != nil {
			return err
		}
	}
	return nil
}
