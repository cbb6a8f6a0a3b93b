package hub

import (
	"maps"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Some forms have a question that the centre answers with its own time: when the record first reached it. The answer is an
// edit of the centre, written in the transaction that takes the record in; so it is durable with it, told to the author,
// and known to a centre that was restored, as soon as somebody brings it back.

// toStamp notes that a change may need a stamp at the end of the transaction: a record that came, or a stamp that came
// back. Then it may stand beside one that was given anew meanwhile.
func (a *Act) toStamp(c *record.Change) {
	if a.h.o.Stamps == nil || c.Kind != record.KindEdit || c.Creates() == (c.Replica == record.Centre) {
		return
	}
	for path := range a.h.o.Stamps(c.Form, a.h.o.Wall().Time()) {
		if c.Creates() || c.Edit(path) != nil {
			a.stamps[c.RecordID()] = c.Form
		}
	}
}

// stamp gives what toStamp noted the present time, or of several stamps the earliest.
func (a *Act) stamp() error {
	due := a.stamps
	a.stamps = map[record.Dot]record.FormRef{}
	for _, rec := range slices.SortedFunc(maps.Keys(due), record.Dot.Compare) {
		v, err := ledger.ViewOf(a.tx, rec)
		if err != nil {
			return err
		}
		w := Writing{Record: rec, Form: due[rec], Saw: v, Values: map[string]string{}}
		for path, now := range a.h.o.Stamps(due[rec], a.h.o.Wall().Time()) {
			if live := v.Field(path); len(live) == 0 {
				w.Values[path] = now
			} else if slices.Contains(v.Conflicts(), path) {
				w.Values[path] = earliest(live)
			}
		}
		if !v.Created || len(w.Values) == 0 {
			continue
		}
		if _, err := a.Author(w); err != nil {
			return err
		}
	}
	return nil
}

// earliest is the first of several stamps, of those that are here.
func earliest(live []record.Value) (text string) {
	for _, x := range live {
		if x.Text != "" && (text == "" || x.Text < text) {
			text = x.Text
		}
	}
	return text
}
