package centre

import (
	"slices"
	"testing"

	"banlang/shared/record"
)

// A record whose creation was rejected stands in no list of the centre. Staff find it all the same, with its reason and nothing
// of what is in it, and can let it stand.
func TestRejectedCreationsAreFoundAndReleased(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	device := r.enrolled("U1")
	p := newPen(device)
	good := p.create(t, "U1")
	edited := p.write(t, good.Dot, record.Edit{Path: "occurred_on", Value: "hôm qua"})
	bad := p.write(t, record.Dot{}, record.Edit{Path: record.PathFeed, Value: "U1/ordinary"}, record.Edit{Path: "occurred_on", Value: "hôm kia"})
	later := p.write(t, bad.Dot, record.Edit{Path: "note", Value: "vẫn ghi tiếp"})
	r.push(good, edited, bad, later)
	found := r.do(Request{Rejected: true}).Rejected
	if len(found) != 1 {
		t.Fatalf("%d are found: %+v", len(found), found)
	}
	want := RejectedCreation{Record: bad.Dot, Name: record.HumanName(device, bad.Dot.N), Replica: device, Device: "máy", Form: bad.Form.ID, Unit: "U1",
		Reason: "type", At: found[0].At, Of: "U1", Compartment: "ordinary", MayStand: true}
	if found[0] != want || found[0].At == 0 {
		t.Errorf("%+v, want %+v", found[0], want)
	}
	if v := r.view(bad.Dot); v.Created {
		t.Error("it stands, although its creation was rejected")
	}
	r.do(Request{Release: &Release{Change: found[0].Name}})
	if found := r.do(Request{Rejected: true}).Rejected; len(found) != 0 {
		t.Errorf("released, and still here: %+v", found)
	}
	if v := r.view(bad.Dot); !v.Created || v.Text("note") != "vẫn ghi tiếp" {
		t.Errorf("released, and it does not stand: %+v", v)
	}
}

// Its author has written another record in its place: it asks for nobody any more, and the new one says what it stands for.
func TestARejectedCreationThatWasWrittenAnewAsksForNobody(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	device := r.enrolled("U1")
	p := newPen(device)
	bad := p.write(t, record.Dot{}, record.Edit{Path: record.PathFeed, Value: "U1/ordinary"}, record.Edit{Path: "occurred_on", Value: "hôm kia"})
	anew := p.write(t, record.Dot{}, record.Edit{Path: record.PathInstead, Value: bad.Dot.String()}, record.Edit{Path: record.PathFeed, Value: "U1/ordinary"},
		record.Edit{Path: "occurred_on", Value: "2026-11-16"})
	gone := p.write(t, bad.Dot, record.Edit{Path: record.PathAnew, Value: anew.Dot.String()},
		record.Edit{Path: record.PathLife, Value: record.LifeDeleted, Seen: []record.Dot{bad.Dot}})
	r.push(bad, anew)
	if found := r.do(Request{Rejected: true}).Rejected; len(found) != 1 {
		t.Fatalf("%d are found before", len(found))
	}
	r.push(gone)
	if found := r.do(Request{Rejected: true}).Rejected; len(found) != 0 {
		t.Errorf("it still asks: %+v", found)
	}
	s, err := r.Sheet(t.Context(), anew.Dot.String(), "vi", func(_, _ string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	want := SheetEdit{record.PathInstead, "Ghi lại thay bản ghi", record.HumanName(device, bad.Dot.N)}
	if h := s.History; len(h) != 1 || !slices.Contains(h[0].Edits, want) {
		t.Errorf("its history says %+v", h)
	}
}
