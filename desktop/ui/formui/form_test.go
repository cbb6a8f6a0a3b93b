package formui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app/apptest"
	"banlang/desktop/ui/formui"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// on puts a form of a fresh notebook on a canvas.
func on(t *testing.T, id string) (*apptest.Machine, *formui.Form, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.Theme{Step: 16})
	m := apptest.NewVillage(t).NewMachine(24).Start().SignIn("Phan Quốc Điềm")
	m.App.New(id)
	m.Settle()
	w := test.NewTempWindow(t, nil)
	f := formui.New(m.App.Editor(), kit.NewKeys(), w.Canvas(), func() {})
	w.SetContent(f.Object())
	w.Resize(fyne.NewSize(1000, 700))
	return m, f, w
}

// Every record type can be filled in: each field that is asked has a place to answer, under its name.
func TestEveryFormIsOnTheScreen(t *testing.T) {
	for _, def := range form.All() {
		t.Run(def.ID, func(t *testing.T) {
			m, f, w := on(t, def.ID)
			f.Refresh()
			words := map[string]bool{}
			inputs := 0
			for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
				if c, ok := o.(*kit.Cell); ok && c.Visible() {
					inputs += read(c, words)
				}
			}
			asked := 0
			for i := range def.Fields {
				d := &def.Fields[i]
				if !m.App.Editor().Offered(d.Key) {
					continue
				}
				if !words[d.Label.VI] {
					t.Errorf("%s is not asked", d.Key)
				}
				if d.Type != form.TypeMultichoice && d.Type != form.TypeRepeat {
					asked++
				}
			}
			if inputs != asked {
				t.Errorf("%d places to answer %d questions", inputs, asked)
			}
		})
	}
}

// read notes the words of a cell and counts its places to answer.
func read(c *kit.Cell, words map[string]bool) (inputs int) {
	for _, o := range test.LaidOutObjects(c) {
		switch x := o.(type) {
		case *kit.Cut:
			words[x.Text()] = true
		case *kit.Entry, *kit.Choose:
			inputs++
		}
	}
	return inputs
}

// A question that is not asked goes, and comes back, as the answer beside it changes; what it holds keeps it there.
func TestAQuestionIsAskedWhenItIsDue(t *testing.T) {
	m, f, w := on(t, "awareness_session")
	e := m.App.Editor()
	asks := func() bool {
		for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
			if c, ok := o.(*kit.Cell); ok && c.Visible() && holds(c, "Số lượt người tham dự") {
				return true
			}
		}
		return false
	}
	if !asks() {
		t.Fatal("attendances are not asked")
	}
	e.Set("method", "xe_loa")
	f.Refresh()
	if asks() {
		t.Error("a loudspeaker vehicle counts nobody")
	}
	e.Set("method", "truc_tiep")
	e.Type("participants_total", "38")
	e.Set("method", "xe_loa")
	f.Refresh()
	if !asks() {
		t.Error("what was typed has gone from the screen")
	}
}

func holds(o fyne.CanvasObject, text string) bool {
	for _, x := range test.LaidOutObjects(o) {
		if c, ok := x.(*kit.Cut); ok && c.Text() == text {
			return true
		}
	}
	return false
}

// Boxes that are ticked keep the order of the form, and codes of another version.
func TestTickedBoxesKeepWhatTheyDoNotKnow(t *testing.T) {
	m, f, w := on(t, "awareness_session")
	e := m.App.Editor()
	e.Set("topics", "of_a_later_version")
	f.Refresh()
	for _, text := range []string{"Tín dụng đen", "Phòng, chống tội phạm"} {
		for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
			if c, ok := o.(*kit.Check); ok && c.Text == text {
				test.Tap(c)
			}
		}
	}
	if got := e.Value("topics"); got != "toi_pham tin_dung_den of_a_later_version" {
		t.Errorf("kept as %q", got)
	}
}
