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
// and opened again; and into none that was given up. A form is not finished, and the window is not closed, over a picture that
// is on its way; without a place it is, and says so.
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
		for _, end := range []string{"left", "discarded", "finished", "closed"} {
			t.Run(name+" "+end, func(t *testing.T) {
				gate := make(chan struct{})
				m, e := filling(t, x.form, func(v *apptest.Village) { x.prepare(v, gate) })
				e.Type(x.text, "một")
				m.Wait(time.Second)
				if end == "finished" || end == "closed" {
					endsBefore(t, m, end, x.path, x.ask, gate)
					return
				}
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

// endsBefore finishes the form, or closes the window, before the answer comes.
func endsBefore(t *testing.T, m *apptest.Machine, end, path string, ask func(e *app.Editor), gate chan struct{}) {
	t.Helper()
	waits := path == "photo"
	values := map[string]string{"place/day": "2026-11-16"}
	if waits {
		values = session(place(m, "Làng Kon Tơ Ngol"), "38")
	}
	m.App.Editor().LeaveForm()
	m.Settle()
	m.App.ResumeLatest() // with the place to choose from
	m.Settle()
	e := m.App.Editor()
	fill(e, values)
	m.Wait(time.Second)
	ask(e)
	if end == "closed" {
		if said := m.App.SaveAll(); said.Some() != waits || waits && !strings.Contains(said.Message, "Đang nhận ảnh") {
			t.Errorf("before closing it said %+v", said)
		}
		close(gate)
		m.Wait(5 * time.Second)
		if said := m.App.SaveAll(); said.Some() || m.PowerCut().Drafts()[0].Values[path] == "" {
			t.Errorf("when the answer was there it said %+v; on the disk: %+v", said, m.Drafts())
		}
		return
	}
	if !e.Finish(false) {
		t.Fatal(m.App.Toast().Text)
	}
	if waits && (m.App.Toast() == nil || m.App.Toast().Text != "Đang nhận ảnh…") {
		t.Errorf("said %+v", m.App.Toast())
	}
	if !waits {
		m.Until(func() bool { return m.App.Editor() == nil })
		if !strings.Contains(m.App.Toast().Text, "Chưa có vị trí GPS") {
			t.Errorf("said %q", m.App.Toast().Text)
		}
	}
	close(gate)
	m.Settle()
	if d := m.App.Detail(); d == nil || (m.View(d.Record).Text(path) != "") != waits {
		t.Errorf("finished: %+v", d)
	}
}

// A form that waits for a picture which cannot be read stays open, and says why.
func TestAPictureThatFailsIsNotFinishedWithout(t *testing.T) {
	var cam *apptest.Camera
	m, _ := filling(t, "venue_register", func(v *apptest.Village) { cam = apptest.NewCamera(t); v.Photos = cam })
	venue := place(m, "Làng Kon Tơ Ngol")
	e := newForm(t, m, "awareness_session")
	fill(e, session(venue, "38"))
	e.AddPicture("photo", cam.File("khong-co.jpg"))
	e.Finish(false)
	m.Settle()
	trouble := e.Picture("photo").Trouble
	if m.App.Editor() != e || !trouble.Some() || m.App.Toast() == nil || !strings.Contains(m.App.Toast().Text, trouble.Message) {
		t.Errorf("open: %v; said %+v", m.App.Editor() == e, m.App.Toast())
	}
	finish(t, m) // without it, as the officer says
	if m.App.Editor() != nil {
		t.Error("it cannot be finished any more")
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
