package notebook

import (
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// replaced is the change by which a record goes out of sight in whose place another was written.
func (n *Notebook) replaced(tx Tx, e Entry, by record.Dot) (*record.Change, error) {
	v, err := ledger.ViewOf(tx, e.Instead)
	if err != nil {
		return nil, err
	}
	yes := true
	return n.change(tx, Entry{Record: e.Instead, Form: v.Form, Officer: e.Officer, Deleted: &yes, Covers: e.Covers, Saw: map[string][]record.Dot{
		record.PathLife: v.Dots(record.PathLife), record.PathAnew: v.Dots(record.PathAnew)}, Values: map[string]string{record.PathAnew: by.String()}})
}
