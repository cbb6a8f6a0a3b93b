// Package frozen owns figures that were frozen: a numbered snapshot that holds its cells, so that it stands whatever happens to the
// records later, corrections, late arrivals and erasures alike.
//
// A snapshot also names what it was computed from: the place in the log where that ended (Position), how far every machine's changes
// were covered there, the cut-off, the version of the definitions, and the units of which nothing had come. All of that is taken in
// one view of the log (Freeze), and computed from the changes up to that place once more (Replay) it has the same bytes, whatever
// happened since; only what was erased by law is in no replay. What came after the cut-off, and what reads otherwise now, is told
// apart from it (Since), and never mixed in.
package frozen

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	tables "banlang/syncserver/report/shelf"
)

// Covered says that the changes of a run up to a number were counted; Head is the head of its chain there.
type Covered struct {
	Run  string `json:"run"`
	N    uint64 `json:"n"`
	Head string `json:"head"`
}

// Order says what is to be frozen.
type Order struct {
	Title    string        `json:"title"`
	Root     string        `json:"root"`
	Day      string        `json:"day,omitempty"` // whose tree of units it is made by, yyyy-mm-dd; "": the one that is given
	Period   report.Period `json:"period"`
	Cutoff   record.Millis `json:"cutoff"` // what reached the centre after it does not count
	Reader   string        `json:"reader"` // the unit for which it is made (pivot.Query)
	Only     bool          `json:"approved_only,omitempty"`
	Covers   []Covered     `json:"covers"`
	Missing  []string      `json:"missing"`            // units that were expected to report and had not
	Kind     string        `json:"kind,omitempty"`     // report.Template, by which it is laid out
	Expected int           `json:"expected,omitempty"` // how many units were expected to report
	Position *Position     `json:"position,omitempty"` // nil: it was frozen by a program that noted none
	Tables   []Layout      `json:"-"`
}

// Position says what the log held when a snapshot was taken.
type Position struct {
	Pos   ledger.Pos    `json:"pos"`             // its last place
	Log   string        `json:"log"`             // the running hash of the log there, hexadecimal
	Fills int64         `json:"fills,omitempty"` // the last body that had come after its change (hub.Filling)
	Time  record.Millis `json:"time"`            // by the centre's clock: for people, nothing is computed by it
	Forms string        `json:"forms"`           // by which the records were read (projection.FormSum)
}

// Until is when the last record came that may count: the cut-off, or else when the snapshot was taken; 0: not known.
func (o *Order) Until() record.Millis {
	if o.Cutoff == 0 && o.Position != nil {
		return o.Position.Time
	}
	return o.Cutoff
}

// Layout is one table of a report.
type Layout struct {
	Indicator string        `json:"indicator"`
	Rows      pivot.Axis    `json:"rows"`
	Columns   pivot.Axis    `json:"columns"`
	Period    report.Period `json:"period,omitzero"` // another one than the report's: the one before it
}

// Table is a table as it was frozen.
type Table struct {
	Layout
	Version  int            `json:"version"` // of the definition
	RowHeads []pivot.Head   `json:"row_heads"`
	Heads    []pivot.Head   `json:"column_heads"`
	Cells    [][]pivot.Cell `json:"cells"` // by row, then by column; the last of each are the totals
}

// Snapshot is a frozen report.
type Snapshot struct {
	Number      int `json:"number"`
	Order       `json:"order"`
	Definitions string  `json:"definitions"` // report.Definitions
	Tables      []Table `json:"tables"`
}

// Take computes a snapshot in a transaction on the tables of projection. Number is that of the shelf; Shelf.Put gives it. No cell of
// it says that it may change (pivot.Gap): what was frozen does not. The cache is that of whoever computes more than this; nil: one is made.
func Take(tx *sqlite.Tx, view *units.View, order Order, cache *pivot.Cache) (*Snapshot, error) {
	s := &Snapshot{Order: order, Definitions: report.Definitions()}
	s.Covers = slices.SortedFunc(slices.Values(order.Covers), func(a, b Covered) int { return strings.Compare(a.Run, b.Run) })
	s.Missing = slices.Sorted(slices.Values(order.Missing))
	s.Order.Tables = nil
	if cache == nil {
		cache = &pivot.Cache{}
	}
	for _, layout := range order.Tables {
		made, err := pivot.Make(tx, order.tree(view), order.query(layout, cache))
		if err != nil {
			return nil, err
		}
		s.Tables = append(s.Tables, freeze(layout, made))
	}
	return s, nil
}

// tree is the tree of the order's day, of the same country: units that were merged or renamed since alter no figure.
func (o *Order) tree(view *units.View) *units.View {
	if o.Day == "" {
		return view
	}
	return view.On(o.Day)
}

func (o *Order) query(layout Layout, cache *pivot.Cache) pivot.Query {
	period := o.Period
	if layout.Period.To != "" {
		period = layout.Period
	}
	return pivot.Query{
		Indicator: layout.Indicator, Root: o.Root, Period: period, Rows: layout.Rows, Columns: layout.Columns, Reader: o.Reader, Rule: o.Rule(), Cache: cache,
	}
}

// Rule is which records count.
func (o *Order) Rule() pivot.Rule {
	rule := pivot.Rule{Approved: o.Only, Cutoff: o.Cutoff}
	if o.Position != nil {
		rule.Upto = o.Position.Pos
	}
	return rule
}

// freeze keeps the cells of a table, without what came late: that is no part of a snapshot.
func freeze(layout Layout, made *pivot.Table) Table {
	t := Table{Layout: layout, Version: made.Definition.Version, RowHeads: made.Rows, Heads: made.Columns}
	for row := range len(made.Rows) + 1 {
		var line []pivot.Cell
		for column := range len(made.Columns) + 1 {
			cell := *made.At(orWhole(row, made.Rows), orWhole(column, made.Columns))
			cell.Late, cell.WithLate = 0, report.Value{}
			line = append(line, cell)
		}
		t.Cells = append(t.Cells, line)
	}
	return t
}

// orWhole turns the place after the last head into that of the total.
func orWhole(i int, heads []pivot.Head) int {
	if i == len(heads) {
		return pivot.Whole
	}
	return i
}

// Bytes encodes the snapshot, the same one always alike: fields in their order, lists as they are.
func (s *Snapshot) Bytes() ([]byte, error) { return json.Marshal(s) }

// Digest is the BLAKE2b-256 of the bytes of a snapshot, in hexadecimal.
func Digest(encoded []byte) string { return tables.Digest(encoded) }

// Decode reads what Bytes wrote. It fails with fault.TornDatabase where the bytes are not those of the digest.
func Decode(encoded []byte, digest string) (*Snapshot, error) {
	if Digest(encoded) != digest {
		return nil, fault.New(fault.TornDatabase, "frozen.Decode", fmt.Errorf("a snapshot is not what its digest says"))
	}
	s := &Snapshot{}
	if err := json.Unmarshal(encoded, s); err != nil {
		return nil, fault.New(fault.TornDatabase, "frozen.Decode", err)
	}
	return s, nil
}

// Again computes a snapshot once more from its own order, over what the tables say now. Where nothing that was counted has been
// altered since, it has the bytes of the first. Each table names the version of its definition; the set of all of them
// (Snapshot.Definitions) may be a later one by now, and so may forms that no record of the report is in.
func Again(tx *sqlite.Tx, view *units.View, s *Snapshot) (*Snapshot, error) {
	again, err := Take(tx, view, s.ordered(), nil)
	if err != nil {
		return nil, err
	}
	again.Number, again.Definitions = s.Number, s.Definitions
	return again, nil
}

// ordered is the order of a snapshot, with the tables that were made.
func (s *Snapshot) ordered() Order {
	order := s.Order
	for i := range s.Tables {
		order.Tables = append(order.Tables, s.Tables[i].Layout)
	}
	return order
}

// Difference is a figure of a snapshot that would be another today: an addition after the freeze (bổ sung sau chốt).
type Difference struct {
	Indicator   string
	Period      report.Period // of the table, where it is another one than the report's
	Row, Column pivot.Head    // empty: the total
	Frozen      report.Value
	Now         report.Value // with everything that has come since
	Late        int64        // how many records came after the cut-off
}

// Since lists the figures of a snapshot that would be others today, in the order of its tables. Figures that were hidden are
// not compared, and tell nothing of what came since. The cache is pivot.Query.Cache.
func Since(tx *sqlite.Tx, view *units.View, s *Snapshot, cache *pivot.Cache) (all []Difference, err error) {
	for i := range s.Tables {
		t := &s.Tables[i]
		now, err := pivot.Make(tx, s.tree(view), s.query(t.Layout, cache))
		if err != nil {
			return nil, err
		}
		now.Each(func(row, column int, c *pivot.Cell) {
			d := Difference{Indicator: t.Indicator, Period: t.Period, Row: headOf(now.Rows, row), Column: headOf(now.Columns, column), Now: c.WithLate, Late: c.Late}
			before, known := t.find(d.Row, d.Column)
			d.Frozen = before.Value
			if c.Hidden || known && before.Hidden || d.Frozen == d.Now && d.Late == 0 {
				return
			}
			if known || d.Late > 0 || c.Records > 0 {
				all = append(all, d)
			}
		})
	}
	return all, nil
}

func headOf(heads []pivot.Head, i int) pivot.Head {
	if i == pivot.Whole {
		return pivot.Head{}
	}
	return heads[i]
}

// find gives the frozen cell under two heads.
func (t *Table) find(row, column pivot.Head) (pivot.Cell, bool) {
	at := func(heads []pivot.Head, h pivot.Head) int {
		if h == (pivot.Head{}) {
			return len(heads)
		}
		return slices.Index(heads, h)
	}
	i, j := at(t.RowHeads, row), at(t.Heads, column)
	if i < 0 || j < 0 {
		return pivot.Cell{}, false
	}
	return t.Cells[i][j], true
}
