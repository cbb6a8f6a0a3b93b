package pivot_test

import (
	"slices"
	"strings"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// This file reads the log of a hub once more, change by change, and says what every record comes to: with nothing of the fold of
// package record, and nothing of the tables of package projection. It is slow, and so plain that it can be seen to be right.

// rec is what a record comes to. One that nobody can see or read is none.
type rec struct {
	ID, Form, Unit string
	Values         map[string]string
	Place          ledger.Pos    // of its creation in the log
	Arrived        record.Millis // when that came
	Approved       bool
}

// history is what the log holds of a record, in its order.
type history struct {
	place   ledger.Pos
	arrived record.Millis
	created *record.Change
	changes []*record.Change
}

// kinds counts what the records of a log went through, so that a log of which nothing could be learnt is noticed.
type kinds struct{ records, hidden, marked, conflicts, rejected, moved, rows, approved, overtaken, returned, erased, unread int }

// readLog reads what all records come to. Of a form that is not known here nothing can be read.
func readLog(tx hub.Tx, knows func(record.FormRef) bool) (all []rec, seen kinds, err error) {
	arrivals, err := arrivalsOf(tx)
	if err != nil {
		return nil, seen, err
	}
	end, err := tx.End()
	if err != nil {
		return nil, seen, err
	}
	of, order := map[record.Dot]*history{}, []record.Dot(nil)
	err = tx.Each(1, end, func(at ledger.Pos, raw []byte) (bool, error) {
		x, err := record.Decode(raw)
		if err != nil {
			return false, err
		}
		id := x.Record
		if x.Kind == record.KindEdit && id.IsZero() {
			id = x.Dot
		}
		if id.IsZero() {
			return true, nil
		}
		h := of[id]
		if h == nil {
			h = &history{}
			of[id], order = h, append(order, id)
		}
		if id == x.Dot {
			for len(arrivals) > 1 && arrivals[0].End < at {
				arrivals = arrivals[1:]
			}
			h.created, h.place, h.arrived = x, at, arrivals[0].At
		}
		h.changes = append(h.changes, x)
		return true, nil
	})
	for _, id := range order {
		if r, ok := of[id].comesTo(knows, &seen); ok {
			all = append(all, r)
		}
	}
	return all, seen, err
}

// arrivalsOf are the ends of all transactions of a log, in order, with their times.
func arrivalsOf(tx hub.Tx) (all []hub.Arrival, err error) {
	for from := ledger.Pos(1); ; from = all[len(all)-1].End + 1 {
		some, err := tx.Arrivals(from, 1000)
		if len(some) == 0 || err != nil {
			return all, err
		}
		all = append(all, some...)
	}
}

func (h *history) comesTo(knows func(record.FormRef) bool, seen *kinds) (r rec, ok bool) {
	seen.records++
	if h.created == nil || h.rejected(h.created.Dot) {
		return r, false
	}
	r = rec{ID: h.created.Dot.String(), Form: h.created.Form.ID, Place: h.place, Arrived: h.arrived, Values: map[string]string{}}
	if !knows(h.created.Form) {
		seen.unread++
		return r, false
	}
	if h.deleted("") {
		seen.hidden++
		return r, false
	}
	paths := map[string]bool{}
	for _, x := range h.changes {
		for _, e := range x.Edits {
			paths[e.Path] = true
		}
		if h.rejected(x.Dot) {
			seen.rejected++
		}
		if x.Body == record.BodyErased {
			seen.erased++
		}
	}
	for path := range paths {
		stands := h.stands(path)
		if len(stands) > 1 && !isSystem(path) {
			seen.conflicts++
		}
		if len(stands) == 0 || isSystem(path) {
			continue
		}
		if row := path[:strings.LastIndexByte(path, '/')+1]; row != "" && h.deleted(row) {
			seen.rows++
			continue
		}
		if value := stands[0].Edit(path).Value; value != "" {
			r.Values[path] = value
		}
	}
	r.Unit, _, _ = strings.Cut(h.stands("_unit")[0].Edit("_unit").Value, "/")
	if first, _, _ := strings.Cut(h.created.Edit("_unit").Value, "/"); first != r.Unit {
		seen.moved++
	}
	if len(h.stands("_life")) > 0 && h.stands("_life")[0].Edit("_life").Value == "deleted" {
		seen.marked++
	}
	r.Approved = h.approved(seen)
	asForm(&r)
	return r, true
}

// isSystem: its last step begins with an underscore. Such a value is no answer.
func isSystem(path string) bool { return path[strings.LastIndexByte(path, '/')+1] == '_' }

// rejected: the centre has rejected the change, and has not taken that back.
func (h *history) rejected(d record.Dot) bool {
	yes := false
	for _, x := range h.changes {
		if x.Kind != record.KindVerdict || x.Replica != record.Centre || x.Target != d {
			continue
		}
		if slices.ContainsFunc(h.changes, func(y *record.Change) bool { return y.Kind == record.KindVerdict && slices.Contains(y.Replaces, x.Dot) }) {
			continue
		}
		if !x.Rejected {
			return false
		}
		yes = true
	}
	return yes
}

// replaced: somebody whose change counts had the value of that change before him when he set the path; or somebody whose change does
// not count had, and his own is replaced.
func (h *history) replaced(path string, d record.Dot) bool {
	for _, x := range h.changes {
		if e := x.Edit(path); e != nil && slices.Contains(e.Replaces, d) && (!h.rejected(x.Dot) || h.replaced(path, x.Dot)) {
			return true
		}
	}
	return false
}

// stands are the changes whose value of a path stands, the latest in front: that one is shown. Of one time the lesser name is in front.
func (h *history) stands(path string) (all []*record.Change) {
	for _, x := range h.changes {
		if x.Edit(path) != nil && !h.rejected(x.Dot) && !h.replaced(path, x.Dot) {
			all = append(all, x)
		}
	}
	slices.SortFunc(all, func(a, b *record.Change) int {
		if a.Time != b.Time {
			return int(b.Time - a.Time)
		}
		return a.Dot.Compare(b.Dot)
	})
	return all
}

// sawAll: of the answers that stand below a prefix there is none that is not among these.
func (h *history) sawAll(seen []record.Dot, prefix string) bool {
	for _, x := range h.changes {
		for _, e := range x.Edits {
			if strings.HasPrefix(e.Path, prefix) && !isSystem(e.Path) && slices.Contains(h.stands(e.Path), x) && !slices.Contains(seen, x.Dot) {
				return false
			}
		}
	}
	return true
}

// deleted: somebody deleted the row, or with no prefix the record, who had seen all that stands there.
func (h *history) deleted(prefix string) bool {
	for _, x := range h.stands(prefix + "_life") {
		if e := x.Edit(prefix + "_life"); e.Value == "deleted" && h.sawAll(e.Seen, prefix) {
			return true
		}
	}
	return false
}

// approved: the centre has approved what stands now, and has not returned it.
func (h *history) approved(seen *kinds) (yes bool) {
	for _, x := range h.stands("_review") {
		e := x.Edit("_review")
		if x.Replica != record.Centre || e.Value == "" {
			continue
		}
		if !h.sawAll(e.Seen, "") {
			seen.overtaken++
			continue
		}
		if e.Value == "returned" {
			seen.returned++
			return false
		}
		yes = true
	}
	if yes {
		seen.approved++
	}
	return yes
}

// asForm does what the forms do with answers that figures are made of: the end of a model is asked only of one that has ended, and the
// rating of an evaluation is the one that was set, or else that of the mean of its scores.
func asForm(r *rec) {
	v := r.Values
	if r.Form == "model" && v["status"] != "ended" {
		delete(v, "ended_on")
	}
	if r.Form == "evaluation" {
		v["rating"] = v["rating_override"]
		if v["rating"] == "" {
			v["rating"] = ratingOf(v)
		}
	}
}
