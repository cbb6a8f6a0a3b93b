package ui_test

import (
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/desktop/ui/tour"
	"banlang/shared/form"
	"banlang/shared/form/declared"
)

// hand is an officer before the window.
type hand struct {
	*apptest.Machine
	t *testing.T
	w *ui.Window
}

// sit opens the window of a machine at a size.
func sit(t *testing.T, m *apptest.Machine, width, height float32) *hand {
	t.Helper()
	w := ui.OpenForTest(test.NewTempApp(t), m.App, m.Post)
	t.Cleanup(func() { m.App.Close() })
	ui.Win(w).Resize(fyne.NewSize(width, height))
	m.Settle()
	return &hand{m, t, w}
}

// photograph writes what the window shows to the folder named by BANLANG_SCREENS, if there is one, without the planes: the
// painter of the tests knows no shaders.
func (h *hand) photograph(name string) {
	h.t.Helper()
	h.fits(name)
	dir := os.Getenv("BANLANG_SCREENS")
	if dir == "" {
		return
	}
	img := ui.Win(h.w).Canvas().Capture()
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		h.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		h.t.Fatal(err)
	}
}

// TestScreens goes through every page in every state worth a look, in both languages and at both sizes of the design. At the
// larger size each stop is held against what testdata says is on it; -update writes that anew. With BANLANG_SCREENS=folder
// the pictures are kept to look at; make screens takes those of a real window.
func TestScreens(t *testing.T) {
	for _, x := range []struct {
		name          string
		width, height float32
		step          int
		lang          string
		golden        bool
	}{
		{"vi", 1280, 690, 16, app.Vietnamese, true},
		{"en", 1280, 690, 16, app.English, true},
		{"narrow", 1024, 570, 18, app.Vietnamese, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			m := tour.Machine(t)
			h := sit(t, m, x.width, x.height)
			m.App.SetTextSize(x.step)
			m.App.SetLanguage(x.lang)
			known := map[string]bool{}
			for name := range tour.Stops(m, ui.Win(h.w)) {
				h.photograph(x.name + "-" + name)
				if file := name + ".txt"; x.golden {
					h.matches(filepath.Join("testdata", x.name, file))
					known[file] = true
				}
			}
			if x.golden {
				noOthers(t, filepath.Join("testdata", x.name), known)
			}
		})
	}
}

var update = flag.Bool("update", false, "write what is on the pages to testdata instead of holding them against it")

// matches holds what is on the page against a file.
func (h *hand) matches(file string) {
	h.t.Helper()
	got := tour.Outline(ui.Win(h.w).Canvas())
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(got), 0o644)); err != nil {
			h.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		h.t.Fatal(err)
	}
	if d := firstDifference(string(want), got); d != "" {
		h.t.Errorf("%s: %s\nlook at the page (CONTRIBUTING.md says how); if it is right, go test ./desktop/ui -run TestScreens -update", file, d)
	}
}

// firstDifference says where two texts part; "" if they do not.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		switch {
		case i >= len(w):
			return fmt.Sprintf("line %d: more than wanted: %s", i+1, g[i])
		case i >= len(g):
			return fmt.Sprintf("line %d: missing: %s", i+1, w[i])
		case w[i] != g[i]:
			return fmt.Sprintf("line %d:\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return ""
}

// noOthers finds files of stops that the tour does not make any more; -update removes them.
func noOthers(t *testing.T, dir string, known map[string]bool) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		file := filepath.Join(dir, f.Name())
		switch {
		case known[f.Name()]:
		case *update:
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("%s: the tour does not stop there", file)
		}
	}
}

// A word that is cut without saying so is found, and one behind the edge of its frame.
func TestMisfitsAreFound(t *testing.T) {
	test.NewTempApp(t)
	b, line := kit.NewButton("Hoàn tất, ghi tiếp", nil, nil), kit.Line("Đã lưu nháp", kit.Body)
	frame := container.NewWithoutLayout(line)
	w := test.NewWindow(container.NewWithoutLayout(b, frame))
	w.Resize(fyne.NewSize(400, 200))
	b.Resize(b.MinSize())
	frame.Move(fyne.NewPos(0, 100))
	frame.Resize(line.MinSize())
	line.Resize(line.MinSize())
	if found := tour.Misfits(w.Canvas()); len(found) != 0 {
		t.Errorf("where all fits: %q", found)
	}
	b.Resize(b.MinSize().SubtractWidthHeight(10, 0))
	line.Move(fyne.NewPos(10, 0))
	if found := tour.Misfits(w.Canvas()); len(found) != 2 {
		t.Errorf("found %q", found)
	}
}

// TestAGoldenSeesAChange writes a record, and then makes the window wider by one.
func TestAGoldenSeesAChange(t *testing.T) {
	_, h := atWork(t)
	before := tour.Outline(ui.Win(h.w).Canvas())
	if again := tour.Outline(ui.Win(h.w).Canvas()); again != before {
		t.Error("the same page is told in two ways")
	}
	h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4"})
	h.Wait(time.Second)
	written := tour.Outline(ui.Win(h.w).Canvas())
	if firstDifference(before, written) == "" {
		t.Error("a record that was written is not seen")
	}
	ui.Win(h.w).Resize(fyne.NewSize(1281, 690))
	if firstDifference(written, tour.Outline(ui.Win(h.w).Canvas())) == "" {
		t.Error("what moved is not seen")
	}
}

// TestScreensOfForms draws forms as they are filled in, their beginning and their end.
func TestScreensOfForms(t *testing.T) {
	answers := map[string]map[string]string{
		"weapon_handover": {"occurred_on": "2026-11-16", "receipt_no": "12/BB", "how": "van_dong"},
		"tip":             {"occurred_on": "2026-11-16", "channel": "hom_thu", "outcome": "chuyen"},
		"petition":        {"received_on": "2026-11-16", "type": "kien_nghi"},
		"evaluation":      {"occurred_on": "2026-11-16", "period": "2026-Q3"},
		"every":           {"count/people": "12", "count/cost": "1500000", "topics": "t13 t2", "order": "duong", "kind": "b"},
	}
	rows := map[string][]string{"weapon_handover": {"kind=round quantity=3089", "kind=explosive_g quantity=1.5"}, "evaluation": {"criterion=c1 score=9", "score=8"}, "every": {"name=Một"}}
	for _, size := range []struct {
		name          string
		width, height float32
		step          int
	}{{"1280", 1280, 690, 16}, {"1024", 1024, 570, 18}} {
		v := apptest.NewVillage(t)
		m := v.NewMachine(24)
		h := sit(t, m, size.width, size.height)
		m.App.SetTextSize(size.step)
		m.SignIn("Phan Quốc Điềm")
		m.Publish(apptest.Every("1"))
		m.PublishKeys(declared.Unit)
		tour.Week(m)
		m.Wait(time.Second)
		for id, values := range answers {
			t.Run(size.name+"-"+id, func(t *testing.T) {
				h.t = t
				m.App.New(id)
				m.Settle()
				e := m.App.Editor()
				for path, value := range values {
					e.Set(path, value)
				}
				e.Finish(false)
				repeat := map[string]string{"weapon_handover": "items", "evaluation": "scores", "every": "team"}[id]
				for _, cells := range rows[id] {
					row := e.AddRow(repeat)
					for _, cell := range strings.Fields(cells) {
						name, value, _ := strings.Cut(cell, "=")
						e.Set(form.JoinPath(repeat, row, name), value)
					}
				}
				m.Wait(time.Second)
				h.photograph(size.name + "-form-" + id + "-1")
				for n := 2; n < 5; n++ {
					if !ui.ScrollOn(h.w) {
						break
					}
					h.photograph(size.name + "-form-" + id + "-" + strconv.Itoa(n))
				}
			})
		}
	}
}
