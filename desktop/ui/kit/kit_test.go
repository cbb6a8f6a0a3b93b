package kit_test

import (
	"errors"
	"fmt"
	"image/color"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/ui/kit"
)

func look(t *testing.T, step int) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.Theme{Step: step})
}

const long = "Toàn dân bảo vệ An ninh Tổ quốc ở làng Kon Tơ Ngol, bốn mươi sáu lượt người"

func shown(o fyne.CanvasObject) (lines []string) {
	for _, x := range test.LaidOutObjects(o) {
		if text, ok := x.(*canvas.Text); ok {
			lines = append(lines, text.Text)
		}
	}
	return lines
}

func TestATextWrapsAtWordsAndLosesNone(t *testing.T) {
	for _, step := range []int{14, 16, 18} {
		look(t, step)
		for _, width := range []float32{90, 160, 300, 2000} {
			p := kit.NewPara(long, kit.Body)
			c := kit.Column(0, p)
			c.Resize(fyne.NewSize(width, 10))
			lines := shown(p)
			if strings.Join(lines, " ") != long {
				t.Fatalf("%d, %v: reads %q", step, width, lines)
			}
			high := float32(0)
			for _, l := range lines {
				m := fyne.MeasureText(l, float32(step), fyne.TextStyle{})
				if high += m.Height; m.Width > width {
					t.Errorf("%d: the line %q is wider than %v", step, l, width)
				}
			}
			if got := c.MinSize().Height; math.Abs(float64(got-high)) > 1 {
				t.Errorf("%d, %v: asks for %v, needs %v", step, width, got, high)
			}
		}
	}
}

func TestAWordWiderThanItsPlaceIsBroken(t *testing.T) {
	look(t, 16)
	p := kit.NewPara(strings.Repeat("ộ", 60), kit.Body)
	kit.Column(0, p).Resize(fyne.NewSize(100, 10))
	if lines := shown(p); len(lines) < 4 || strings.Join(lines, "") != strings.Repeat("ộ", 60) {
		t.Errorf("%q", lines)
	}
}

func TestACutTextEndsWhereItsPlaceEnds(t *testing.T) {
	look(t, 16)
	c := kit.NewCut(long, kit.Bold)
	for _, width := range []float32{40, 150, 1000} {
		c.Resize(fyne.NewSize(width, 24))
		got := shown(c)[0]
		if fyne.MeasureText(got, 16, fyne.TextStyle{Bold: true}).Width > width {
			t.Errorf("%q is wider than %v", got, width)
		}
		if width < 1000 && !strings.HasSuffix(got, "…") || width == 1000 && got != long {
			t.Errorf("%v: %q", width, got)
		}
	}
}

func TestARowHidesWhatIsHidden(t *testing.T) {
	look(t, 16)
	a, b, c := kit.Space(10, 10), kit.Space(10, 10), kit.Space(10, 10)
	b.Hide()
	r := kit.Row(5, 2, a, b, c)
	r.Resize(fyne.NewSize(100, 20))
	if c.Position().X != 15 || c.Size().Width != 85 {
		t.Errorf("stands at %v, %v wide", c.Position().X, c.Size().Width)
	}
}

func TestAGridGivesWideCellsARowOfTheirOwn(t *testing.T) {
	look(t, 16)
	short, wide, last := kit.NewCell(kit.Space(10, 30), false), kit.NewCell(kit.Space(10, 40), true), kit.NewCell(kit.Space(10, 20), false)
	g := kit.Grid(10, 100, 3, short, wide, last)
	g.Resize(fyne.NewSize(320, 10))
	if short.Size().Width != 100 || wide.Size().Width != 320 || wide.Position().Y != 40 || last.Position().Y != 90 {
		t.Errorf("%v %v %v", short.Size(), wide.Position(), last.Position())
	}
	if got := g.MinSize().Height; got != 110 {
		t.Errorf("asks for %v", got)
	}
}

// An entry keeps no shortcut from the window, and its own editing still works.
func TestAnEntryPassesShortcutsOn(t *testing.T) {
	look(t, 16)
	keys := kit.NewKeys()
	pressed := 0
	keys.Set(fyne.KeyS, false, func() { pressed++ })
	e := kit.NewEntry(keys)
	w := test.NewTempWindow(t, e.Framed())
	w.Canvas().Focus(e)
	test.Type(e, "Làng")
	e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierControl})
	e.TypedShortcut(&fyne.ShortcutUndo{})
	if pressed != 1 || e.Text != "" {
		t.Errorf("pressed %d times; after undo stands %q", pressed, e.Text)
	}
	next := 0
	e.OnNext = func() { next++ }
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if next != 1 {
		t.Error("Enter does not go on")
	}
	if kit.NewLines(keys, 3).AcceptsTab() {
		t.Error("Tab does not leave an entry of many lines")
	}
}

func TestAPickTakesALetter(t *testing.T) {
	look(t, 16)
	told := -1
	c := kit.NewChoose([]string{"Chưa chọn", "Công an", "Hội Phụ nữ", "Công ty"}, -1, "Chưa chọn", func(i int) { told = i })
	c.Empty = true
	for _, want := range []int{1, 3, 1} {
		c.TypedRune('c')
		if told != want {
			t.Errorf("picked %d, want %d", told, want)
		}
	}
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if told != 0 {
		t.Error("the answer cannot be taken back")
	}
}

// Words are read in the sun: 7:1 at least, and 3:1 for what is no word.
func TestColoursCanBeToldApart(t *testing.T) {
	for _, c := range []struct {
		ink, ground fyne.ThemeColorName
		least       float64
	}{
		{kit.ColorInk, kit.ColorPaper, 7}, {kit.ColorInk, kit.ColorSurface, 7}, {kit.ColorInk, kit.ColorSel, 7},
		{kit.ColorInk2, kit.ColorPaper, 7}, {kit.ColorInk2, kit.ColorSurface, 7}, {kit.ColorInk2, kit.ColorSurface2, 7}, {kit.ColorOnPrimary, kit.ColorPrimary, 7},
		{kit.ColorDanger, kit.ColorPaper, 7}, {kit.ColorDanger, kit.ColorDangerTint, 7}, {kit.ColorConflict, kit.ColorSplitTint, 7},
		{kit.ColorQueued, kit.ColorQueuedTint, 7}, {kit.ColorCentre, kit.ColorCentreTint, 7}, {kit.ColorWarn, kit.ColorWarnTint, 7},
		{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground, 7}, {kit.ColorRing, kit.ColorPaper, 3}, {kit.ColorLine, kit.ColorPaper, 3},
		{kit.ColorInk, theme.ColorNameMenuBackground, 7},
	} {
		th := kit.Theme{Step: 16}
		if got := contrast(th.Color(c.ink, theme.VariantDark), th.Color(c.ground, theme.VariantDark)); got < c.least {
			t.Errorf("%s on %s: %.2f", c.ink, c.ground, got)
		}
	}
}

func contrast(a, b color.Color) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	lin := func(x uint32) float64 {
		v := float64(x) / 0xffff
		if v <= 0.03928 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

func TestTextSizesAreEvenAndNeverSmall(t *testing.T) {
	for _, step := range []int{14, 16, 18} {
		for _, n := range []fyne.ThemeSizeName{kit.SizeSmall, kit.SizeBody, kit.SizeSection, kit.SizeTitle, kit.SizeFigure} {
			if s := (kit.Theme{Step: step}).Size(n); s < 14 || int(s)%2 != 0 {
				t.Errorf("%d: %s is %v", step, n, s)
			}
		}
	}
}

// The looks that must not change unseen. A wanted change is taken over from testdata/failed.
func TestLooks(t *testing.T) {
	look(t, 16)
	for name, o := range map[string]fyne.CanvasObject{
		"button":         kit.NewButton("Để nháp", nil, nil),
		"button-primary": kit.NewButton("Hoàn tất", nil, nil).As(kit.Primary).WithKey("Ctrl+Enter"),
		"button-danger":  kit.NewButton("Bỏ nháp", nil, nil).As(kit.Danger),
		"chip-conflict": kit.NewChip(kit.ChipLook{Text: "Ý kiến khác nhau", Icon: kit.IconSplit, Ink: kit.ColorConflict, Fill: kit.ColorSplitTint,
			Stroke: kit.ColorConflict, Width: 2}),
		"chip-centre": kit.NewChip(kit.ChipLook{Text: "Ở trung tâm", Icon: kit.IconCentre, Ink: kit.ColorCentre, Fill: kit.ColorCentreTint, Stroke: kit.ColorCentreTint}),
		"banner":      kit.Banner(kit.ColorWarnTint, kit.ColorConflict, kit.IconSplit, kit.NewCut("Số lượt người: hai ý kiến.", kit.Body)),
	} {
		w := test.NewTempWindow(t, o)
		w.Resize(o.MinSize().Max(fyne.NewSize(200, 30)))
		golden := filepath.Join("testdata", name+".txt")
		said := drawn(o, "")
		want, err := os.ReadFile(golden)
		if err == nil && string(want) == said {
			continue
		}
		failed := filepath.Join("testdata", "failed", name+".txt")
		if err := errors.Join(os.MkdirAll(filepath.Dir(failed), 0o755), os.WriteFile(failed, []byte(said), 0o600)); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s is not as %s says: %v\n%s", name, golden, err, said)
	}
}

// drawn says what is drawn of an object, a line each: what it is, its place and size, and how it looks.
func drawn(o fyne.CanvasObject, indent string) string {
	if !o.Visible() {
		return ""
	}
	line, inside := fmt.Sprintf("%s%T %v %v", indent, o, o.Position(), o.Size()), []fyne.CanvasObject(nil)
	switch x := o.(type) {
	case *fyne.Container:
		inside = x.Objects
	case *canvas.Shader:
		line += " " + x.Name
		for _, k := range slices.Sorted(maps.Keys(x.Uniforms)) {
			line += fmt.Sprintf(" %s=%.3g", k, x.Uniforms[k])
		}
	case *canvas.Text:
		line += fmt.Sprintf(" %q %v %v bold=%v", x.Text, x.Color, x.TextSize, x.TextStyle.Bold)
	case *canvas.Image:
		line += " " + x.Resource.Name()
	case fyne.Widget:
		inside = test.WidgetRenderer(x).Objects()
	}
	line += "\n"
	for _, x := range inside {
		line += drawn(x, indent+"\t")
	}
	return line
}

// A layout that resizes what it holds when it is only asked for its size has the window painted for ever.
func TestAskingForTheSizeOfAGridAltersNothing(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.Theme{Step: 16})
	var cells []fyne.CanvasObject
	for _, text := range []string{"Công an", "Mặt trận Tổ quốc", "Hội Phụ nữ"} {
		cells = append(cells, kit.NewCheck(text, nil))
	}
	g := kit.Grid(8, 120, 5, cells...)
	w := test.NewTempWindow(t, g)
	w.Resize(fyne.NewSize(900, 300))
	var before []fyne.Size
	for _, o := range cells {
		before = append(before, o.Size())
	}
	for range 3 {
		g.MinSize()
		for i, o := range cells {
			if o.Size() != before[i] {
				t.Fatalf("cell %d was %v and is %v", i, before[i], o.Size())
			}
		}
	}
}
