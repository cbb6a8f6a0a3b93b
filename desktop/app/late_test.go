package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/nmea"
	"banlang/shared/dispatch"
	"banlang/shared/fault"
)

// slow is a camera that takes its time.
type slow struct {
	*apptest.Camera
	gate chan struct{}
}

func (s slow) Import(ctx context.Context, file string) (app.Imported, error) {
	<-s.gate
	return s.Camera.Import(ctx, file)
}

// TestALateAnswerOverwritesNothing: an answer that a receiver or a camera gives comes into the draft as it is by then, also when its form was left
// and opened again; and into none that was finished.
func TestALateAnswerOverwritesNothing(t *testing.T) {
	cam := apptest.NewCamera(t, "a.jpg")
	for name, x := range map[string]struct {
		form, path, text string
		prepare          func(v *apptest.Village, gate chan struct{})
		ask              func(e *app.Editor)
	}{
		"a place": {"every", "place/geo", "remark", func(v *apptest.Village, gate chan struct{}) {
			v.Position = func(context.Context) (nmea.Position, error) { <-gate; return nmea.Position{Lat: 13.5, Lon: 108.1}, nil }
		}, func(e *app.Editor) { e.Locate("place/geo", func() {}) }},
		"a picture": {"awareness_session", "photo", "note", func(v *apptest.Village, gate chan struct{}) { v.Photos = slow{cam, gate} },
			func(e *app.Editor) { e.AddPicture("photo", cam.File("a.jpg")) }},
	} {
		for _, end := range []string{"left", "discarded"} {
			t.Run(name+" "+end, func(t *testing.T) {
				gate := make(chan struct{})
				m, e := filling(t, x.form, func(v *apptest.Village) { x.prepare(v, gate) })
				e.Type(x.text, "một")
				m.Wait(time.Second)
				x.ask(e)
				e.LeaveForm()
				m.App.Resume(m.Drafts()[0].ID)
				m.Until(func() bool { return m.App.Editor() != nil })
				again := m.App.Editor()
				again.Type(x.text, "một hai ba bốn")
				again.Keep()
				m.Until(func() bool { return m.Drafts()[0].Values[x.text] == "một hai ba bốn" })
				if end == "discarded" {
					m.Until(again.Written)
					again.Discard()
					m.Until(func() bool { return len(m.Drafts()) == 0 })
				}
				close(gate)
				m.Wait(5 * time.Second)
				ds := m.Drafts()
				if end == "discarded" {
					if len(ds) != 0 || m.App.Editor() != nil {
						t.Errorf("the draft is back: %+v", ds)
					}
					return
				}
				m.App.Go(app.PageRecords)
				m.Wait(5 * time.Second)
				if ds = m.Drafts(); len(ds) != 1 || ds[0].Values[x.text] != "một hai ba bốn" || ds[0].Values[x.path] == "" {
					t.Errorf("on the disk: %+v", ds)
				}
			})
		}
	}
}

// TestNothingIsClosedOverWordsThatCannotBeSaved: with a full disk the notebook stays open with the draft in it, says so, and saves it when there
// is room.
func TestNothingIsClosedOverWordsThatCannotBeSaved(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	m.Break(fault.DiskFull)
	m.Wait(time.Second)
	if said := m.App.SaveAll(); !strings.Contains(said.Message, "Ổ đĩa đã đầy") {
		t.Errorf("said %+v", said)
	}
	m.App.SignOut()
	m.Settle()
	if !m.App.Open() || !strings.Contains(m.App.Gate.Said(), "Ổ đĩa đã đầy") {
		t.Fatalf("closed: %v; said %q", !m.App.Open(), m.App.Gate.Said())
	}
	m.Mend()
	m.Wait(10 * time.Second)
	if ds := m.PowerCut().Drafts(); len(ds) != 1 || ds[0].Values["name"] != "Thôn 4" {
		t.Errorf("on the disk: %+v", ds)
	}
	m.App.SignOut()
	if m.App.Open() {
		t.Error("it is not closed when everything is saved")
	}
}

// TestWhatIsTypedOfATaskIsNotClosedOver: also what stands in a form on the page of directives is asked about before the window closes.
func TestWhatIsTypedOfATaskIsNotClosedOver(t *testing.T) {
	_, m, task, _ := underWay(t)
	m.Break(fault.DiskFull)
	typesOf(t, m, task, dispatch.Obstacle, "cầu sập")
	if said := m.App.SaveAll(); !strings.Contains(said.Message, "Ổ đĩa đã đầy") {
		t.Errorf("said %+v", said)
	}
	m.Mend()
	if said := m.App.SaveAll(); said.Some() {
		t.Errorf("said %+v", said)
	}
	if ds := m.PowerCut().Drafts(); len(ds) != 1 || ds[0].Values[dispatch.Obstacle] != "cầu sập" {
		t.Errorf("on the disk: %+v", ds)
	}
}
