package notebook

import (
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/record"
)

// notAnew fails with fault.WrittenAnew if a record was written in place of this one already, and nobody has written into it since: a
// second one would count beside the first. Officers who share a machine may each have a draft of one.
func notAnew(tx Tx, rec record.Dot) error {
	v, err := ledger.ViewOf(tx, rec)
	if err != nil || !v.Replaced() || planted.On(planted.AnewTwice) {
		return err
	}
	anew, err := ledger.ViewOf(tx, v.Anew())
	if err != nil || anew.Form.ID == "" { // it is not here
		return err
	}
	return fault.New(fault.WrittenAnew, "save", nil)
}

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
