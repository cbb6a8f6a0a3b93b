package formui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/ui/formui"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// on puts a form of a fresh notebook on a canvas.
func on(t testing.TB, id string) (*apptest.Machine, *formui.Form, fyne.Window) {
	t.Helper()
	m := apptest.NewVillage(t).NewMachine(24).Start().SignIn("Phan Quốc Điềm")
	return onMachine(t, m, id)
}

func onMachine(t testing.TB, m *apptest.Machine, id string) (*apptest.Machine, *formui.Form, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.Theme{Step: 16})
	m.App.New(id)
	m.Settle()
	if m.App.Editor() == nil {
		t.Fatalf("no form %s: %+v", id, m.App.Toast())
	}
	f, w := draw(t, m)
	return m, f, w
}

// draw puts the form that is open on a canvas.
func draw(t testing.TB, m *apptest.Machine) (*formui.Form, fyne.Window) {
	t.Helper()
	w := test.NewTempWindow(t, nil)
	f := formui.New(m.App.Editor(), kit.NewKeys(), w.Canvas(), func() {})
	w.SetContent(f.Object())
	w.Resize(fyne.NewSize(1000, 700))
	return f, w
}

// cells are the fields on the screen: what is written in each, and how many places to answer it has.
func cells(w fyne.Window) map[string]int {
	inputs := map[string]int{}
	for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
		c, ok := o.(*kit.Cell)
		if !ok || !c.Visible() {
			continue
		}
		n := 0
		var words []string
		for _, x := range test.LaidOutObjects(c) {
			switch x := x.(type) {
			case *kit.Cut:
				words = append(words, x.Text())
			case *kit.Para:
				words = append(words, x.Text())
			case *kit.Entry, *kit.Choose, *kit.Check, *kit.Radio:
				n++
			}
		}
		for _, text := range words {
			if _, ok := inputs[text]; !ok {
				inputs[text] = n
			}
		}
	}
	return inputs
}

// Every record type can be filled in: each question that is asked stands there under its name, with a place to answer it,
// and each note can be read.
func TestEveryFormIsOnTheScreen(t *testing.T) {
	for _, p := range form.Builtin().Menu() {
		t.Run(p.ID, func(t *testing.T) {
			m, f, w := on(t, p.ID)
			l := m.App.Editor().Filling()
			var ask func(items []*form.Item, row string)
			rows := 0
			ask = func(items []*form.Item, row string) {
				on := cells(w)
				for _, it := range items {
					path := it.Path(row)
					label := l.Label(it, path)
					n, ok := on[label]
					switch {
					case it.Type == form.Group:
						ask(it.Items, row)
					case !l.Relevant(path) || it.Field != nil && it.Field.Type == form.TypeFile:
					case !ok:
						t.Errorf("%s is not asked", path)
					case it.Type == form.Repeat:
						rows++
						name := m.App.Editor().AddRow(path)
						f.Refresh()
						ask(it.Items, path+"/"+name+"/")
					case it.Field.Type != form.TypeNote && !l.ReadOnly(path) && n == 0:
						t.Errorf("there is no place to answer %s", path)
					}
				}
			}
			ask(m.App.Editor().Form().Items, "")
			if len(cells(w)) < 5 {
				t.Errorf("only %d cells", len(cells(w)))
			}
		})
	}
}

// A question that is not asked goes, and comes back with what it held, as the answer beside it changes. Meanwhile what it
// holds is still on the screen.
func TestAQuestionIsAskedWhenItIsDue(t *testing.T) {
	m, f, w := on(t, "awareness_session")
	e := m.App.Editor()
	const label = "Số ý kiến, câu hỏi của người dân"
	asks := func() bool { return cells(w)[label] > 0 }
	if !asks() {
		t.Fatal("questions of people are not asked")
	}
	e.Set("method", "xe_loa")
	f.Refresh()
	if asks() {
		t.Error("a loudspeaker vehicle is asked nothing")
	}
	e.Set("method", "truc_tiep")
	e.Type("questions_raised", "7")
	e.Set("method", "xe_loa")
	f.Refresh()
	if _, said := cells(w)[label+": 7"]; asks() || !said {
		t.Errorf("what was typed has gone from the screen: %v", cells(w))
	}
	e.Set("method", "truc_tiep")
	f.Refresh()
	if _, said := cells(w)[label+": 7"]; !asks() || said || e.Text("questions_raised") != "7" {
		t.Error("it did not come back")
	}
}

func tick(w fyne.Window, labels ...string) {
	for _, text := range labels {
		for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
			if c, ok := o.(*kit.Check); ok && c.Text == text {
				test.Tap(c)
			}
		}
	}
}

// Boxes that are ticked keep the order of the form, and what cannot be chosen any more.
func TestTickedBoxesKeepWhatTheyDoNotKnow(t *testing.T) {
	m, f, w := on(t, "awareness_session")
	e := m.App.Editor()
	e.Set("topics", "of_a_later_version")
	f.Refresh()
	tick(w, "Tín dụng đen", "Phòng, chống tội phạm")
	if got := e.Value("topics"); got != "toi_pham tin_dung_den of_a_later_version" {
		t.Errorf("kept as %q", got)
	}
}

var _ = app.Vietnamese
