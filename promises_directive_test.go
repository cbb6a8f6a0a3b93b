package banlang_test

import (
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// addressed lets the centre write a record of one unit for others too.
func (w *world) addressed(text string, to ...record.Feed) (rec record.Dot) {
	feeds := map[string]record.Feed{record.PathFeed: "U9/ordinary"}
	for _, f := range to {
		feeds[record.FeedPath(f.Unit())] = f
	}
	err := w.centre.hub.Staff(ctx, func(a *hub.Act) (err error) {
		rec, err = a.Author(hub.Writing{Form: record.FormRef{ID: "f", Version: 1}, Officer: "staff", Feeds: feeds,
			Values: map[string]string{"a": text, "items/+1/x": "việc một"}})
		return err
	})
	if err != nil {
		panic(err)
	}
	w.centre.note(nil)
	return rec
}

// A directive of the centre is for its issuer and for all units that it is addressed to: those that are online, those that
// come back later, and those that were entered after it; and for nobody else. It survives the loss of the centre.
func TestADirectiveReachesEveryUnit(t *testing.T) {
	w := village(t, 2)
	backup := w.centre.store.Clone()
	w.enrol("other", []record.Feed{"U2/ordinary"})
	w.enrol("stranger", []record.Feed{"U3/tips"})
	w.calm = true
	a, b, other, stranger := w.devices[0], w.devices[1], w.devices[2], w.devices[3]
	w.everybody()
	rec := w.addressed("cao điểm giao nộp vũ khí", "U1/ordinary", "U2/ordinary")
	w.online(a)
	w.online(other)
	if a.look(rec).Text("a") == "" || other.visible()[rec] == nil {
		t.Fatal("it did not reach the units that were online")
	}
	w.rollback(backup, true)
	w.everybody()
	if b.visible()[rec] == nil {
		t.Error("the centre forgot the directive, or did not give it to who came back later")
	}
	w.enrol("newcomer", []record.Feed{"U2/ordinary"})
	w.calm = true
	late := w.devices[4]
	w.online(late)
	if late.visible()[rec] == nil {
		t.Error("who was entered later lacks it")
	}
	if v := stranger.look(rec); v.Created || stranger.visible()[rec] != nil {
		t.Error("a unit that it is not addressed to was sent it")
	}
}

// A unit that a directive is withdrawn from is told so, and shows it no longer; the others keep it, and one that is added
// gets all of it.
func TestADirectiveIsWithdrawnFromAUnit(t *testing.T) {
	w := village(t, 1)
	w.enrol("second", []record.Feed{"U2/ordinary"})
	w.enrol("third", []record.Feed{"U3/tips"})
	w.calm = true
	first, second, third := w.devices[0], w.devices[1], w.devices[2]
	w.everybody()
	rec := w.addressed("chốt số liệu", "U1/ordinary", "U2/ordinary")
	w.everybody()
	err := w.centre.hub.Staff(ctx, func(a *hub.Act) error {
		v := first.look(rec)
		_, err := a.Author(hub.Writing{Record: rec, Form: v.Form, Officer: "staff", Saw: v,
			Feeds: map[string]record.Feed{record.FeedPath("U2"): "", record.FeedPath("U3"): "U3/tips"}, Values: map[string]string{"b": "bổ sung"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.centre.note(map[string][]record.Dot{record.FeedPath("U2"): {rec}})
	w.everybody()
	if second.visible()[rec] != nil || second.look(rec).Text("b") != "" {
		t.Error("who it was withdrawn from still shows it, or was sent what came after")
	}
	for _, d := range []*device{first, third} {
		if v := d.visible()[rec]; v == nil || v.Text("a") != "chốt số liệu" || v.Text("b") != "bổ sung" {
			t.Errorf("%s lacks it, or a part of it", d.name)
		}
	}
	if v := third.look(rec); len(v.Conflicts()) > 0 {
		t.Errorf("to whom it is addressed is shown as something to choose: %v", v.Conflicts())
	}
	third.save(notebook.Entry{Record: rec, Form: third.look(rec).Form, Officer: third.name, Values: map[string]string{"b": "sửa lời tỉnh"},
		Saw: map[string][]record.Dot{"b": third.look(rec).Dots("b")}}, true)
	w.everybody()
	if first.look(rec).Text("b") != "bổ sung" || third.look(rec).Text("b") != "bổ sung" || len(third.look(rec).Rejected) != 1 {
		t.Error("a unit altered what the centre wrote for several")
	}
}
