package app_test

import (
	"image"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/photo"
	"banlang/shared/blob"
)

// drawing opens the form that is drawn in.
func drawing(t *testing.T) (*apptest.Machine, *app.Editor, *apptest.Camera) {
	t.Helper()
	v := apptest.NewVillage(t)
	c := apptest.NewCamera(t, "a.jpg")
	v.Photos = c
	m := v.NewMachine(24).Start().SignIn("Phan Quốc Điềm")
	m.Publish(apptest.Drawn())
	m.Wait(time.Second)
	m.App.New("drawn")
	m.Settle()
	return m, m.App.Editor(), c
}

func stroke(x float32) photo.Stroke { return photo.Stroke{{X: x, Y: 50}, {X: x + 100, Y: 200}} }

// dark reports whether a kept picture is dark at a place.
func dark(t *testing.T, c *apptest.Camera, name string, x, y int) bool {
	t.Helper()
	img, err := c.Whole(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	r, g, _, _ := img.At(x, y).RGBA()
	return r < 0x8000 || g < 0x4000
}

// A signature is an answer stroke by stroke: in the draft within a second, without the strokes that were taken back, drawn on when
// the draft is opened again, and in the record.
func TestASignatureFromTheFirstStrokeToTheRecord(t *testing.T) {
	m, e, c := drawing(t)
	e.Type("what", "Một khẩu súng kíp")
	if e.Missing() != 0 {
		t.Error("a signature is asked for that nobody gives")
	}
	e.Set("gives", "1")
	if e.Missing() != 1 {
		t.Error("no signature is asked for")
	}
	e.OpenDrawing("signature", app.Signs)
	for x := range 3 {
		e.Stroke("signature", stroke(float32(100+200*x)))
	}
	e.TakeBackStroke("signature")
	m.Wait(time.Second)
	ds := m.PowerCut().Drafts()
	if len(ds) != 1 || !blob.Is(ds[0].Values["signature"]) || !strings.HasSuffix(ds[0].Values["signature"], ".png") {
		t.Fatalf("on the disk: %+v", ds)
	}
	name := ds[0].Values["signature"]
	for x, want := range map[int]bool{150: true, 350: true, 550: false} {
		if dark(t, c, name, x, 125) != want {
			t.Errorf("drawn at %d: %v", x, !want)
		}
	}
	e.LeaveForm()
	m.App.ResumeLatest()
	m.Settle()
	e = m.App.Editor()
	e.OpenDrawing("signature", app.Signs)
	m.Settle()
	if d, ok := e.Drawing("signature"); !ok || !d.Ready || d.Under == nil {
		t.Fatalf("opened again: %+v, %v", d, ok)
	}
	e.Stroke("signature", stroke(700))
	if !e.Finish(false) {
		t.Fatal(m.App.Toast().Text)
	}
	m.Settle()
	if m.App.Page() != app.PageRecords {
		t.Fatalf("it is not finished: %+v", m.App.Toast())
	}
	last := m.View(m.App.Detail().Record).Text("signature")
	if !dark(t, c, last, 150, 125) || !dark(t, c, last, 750, 125) || dark(t, c, last, 550, 125) {
		t.Error("the record holds another drawing: the last stroke, or what was there before, is missing")
	}
}

// What was drawn is taken back as a whole, and a sheet that was cleared comes back.
func TestADrawingIsTakenBackInTheForm(t *testing.T) {
	m, e, _ := drawing(t)
	e.OpenDrawing("sketch", app.Sketches)
	for x := range 3 {
		e.Stroke("sketch", stroke(float32(100*x)))
		m.Settle()
	}
	drawn := e.Value("sketch")
	e.ClearDrawing("sketch")
	m.Settle()
	if e.Value("sketch") != "" || drawn == "" {
		t.Fatalf("cleared: %q, before %q", e.Value("sketch"), drawn)
	}
	e.Undo()
	if _, ok := e.Drawing("sketch"); e.Value("sketch") != drawn || ok {
		t.Errorf("taken back: %q, drawn on as it was: %v", e.Value("sketch"), ok)
	}
	e.Undo()
	if e.Value("sketch") != "" {
		t.Error("the strokes are not taken back together")
	}
}

// A photograph keeps what is below the strokes: cleared, it is as it was taken in.
func TestMarksOnAPhotograph(t *testing.T) {
	m, e, c := drawing(t)
	e.AddPicture("marks", c.File("a.jpg"))
	m.Settle()
	taken := e.Value("marks")
	e.OpenDrawing("marks", app.Annotates)
	e.Stroke("marks", stroke(0)) // it is not read yet
	m.Settle()
	if d, _ := e.Drawing("marks"); !d.Ready || d.Bounds() != image.Pt(320, 200) || len(d.Strokes) > 0 {
		t.Fatalf("%+v", d)
	}
	e.Stroke("marks", photo.Stroke{{X: 20, Y: 100}, {X: 300, Y: 100}})
	m.Settle()
	if name := e.Value("marks"); !strings.HasSuffix(name, ".jpg") || name == taken || !dark(t, c, name, 160, 100) {
		t.Errorf("marked it is %q", name)
	}
	e.ClearDrawing("marks")
	m.Settle()
	if e.Value("marks") != taken {
		t.Errorf("cleared it is %q", e.Value("marks"))
	}
}

// What cannot be kept is said, tried again, and asked about before the window closes; the strokes stay.
func TestADrawingThatCannotBeKept(t *testing.T) {
	m, e, c := drawing(t)
	e.OpenDrawing("sketch", app.Sketches)
	c.Full.Store(true)
	e.Stroke("sketch", stroke(100))
	m.Settle()
	if d, _ := e.Drawing("sketch"); !strings.Contains(d.Trouble.Message, "Ổ đĩa đã đầy") || len(d.Strokes) != 1 {
		t.Errorf("%+v", d)
	}
	e.LeaveForm()
	if said := m.App.SaveAll(); !strings.Contains(said.Message, "Ổ đĩa đã đầy") {
		t.Errorf("the window closes over it: %+v", said)
	}
	c.Full.Store(false)
	m.Wait(10 * time.Second)
	if ds := m.PowerCut().Drafts(); len(ds) != 1 || ds[0].Values["sketch"] == "" {
		t.Errorf("it is not tried again: %+v", ds)
	}
	m.App.ResumeLatest()
	m.Settle()
	e = m.App.Editor()
	e.OpenDrawing("sketch", app.Sketches)
	m.Settle()
	c.Full.Store(true)
	e.Stroke("sketch", stroke(300))
	m.Settle()
	c.Full.Store(false)
	before := e.Value("sketch")
	if said := m.App.SaveAll(); said.Some() {
		t.Errorf("said %+v", said)
	}
	if ds := m.PowerCut().Drafts(); len(ds) != 1 || ds[0].Values["sketch"] == before {
		t.Error("the window closes over the last stroke")
	}
}

// The last stroke is in the answer when the window was to be closed and stayed open: what was being kept then comes later, and is older.
func TestTheLastStrokeStaysInTheAnswer(t *testing.T) {
	m, e, c := drawing(t)
	e.OpenDrawing("signature", app.Signs)
	e.Stroke("signature", stroke(100))
	e.Stroke("signature", stroke(500))
	if said := m.App.SaveAll(); said.Some() {
		t.Fatalf("said %+v", said)
	}
	for range 2 { // as SaveAll left it, and after all that came since
		if name := m.PowerCut().Drafts()[0].Values["signature"]; !dark(t, c, name, 150, 125) || !dark(t, c, name, 550, 125) {
			t.Error("a stroke is missing on the disk")
		}
		m.Wait(5 * time.Second)
	}
	if name := e.Value("signature"); !dark(t, c, name, 550, 125) {
		t.Error("the last stroke fell out of the answer")
	}
}
