package formui_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/nmea"
	"banlang/desktop/ui/formui"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// desk is a form on a canvas, and the keyboard before it.
type desk struct {
	*apptest.Machine
	t    *testing.T
	e    *app.Editor
	form *formui.Form
	win  fyne.Window
	keys *kit.Keys
	over bool // Enter was pressed in the last field
}

// deskOf opens a form that the centre has published, or a built-in one.
func deskOf(t *testing.T, id string, prepare ...func(v *apptest.Village)) *desk {
	t.Helper()
	return deskWith(t, id, []*form.Publication{apptest.Every("1"), apptest.Large(100)}, prepare...)
}

func deskWith(t *testing.T, id string, published []*form.Publication, prepare ...func(v *apptest.Village)) *desk {
	t.Helper()
	v := apptest.NewVillage(t)
	for _, f := range prepare {
		f(v)
	}
	d := &desk{Machine: v.NewMachine(24).Start().SignIn("Phan Quốc Điềm"), t: t, keys: kit.NewKeys()}
	for _, p := range published {
		d.Publish(p)
	}
	d.Wait(time.Second)
	test.NewTempApp(t).Settings().SetTheme(kit.Theme{Step: 16})
	d.App.New(id)
	d.Settle()
	d.e, d.win = d.App.Editor(), test.NewTempWindow(t, nil)
	if d.e == nil {
		t.Fatalf("no form %s", id)
	}
	d.form = formui.New(d.e, d.keys, d.win.Canvas(), func() { d.over = true })
	d.win.SetContent(d.form.Object())
	d.win.Resize(fyne.NewSize(1000, 700))
	d.Draw = d.form.Refresh
	return d
}

func (d *desk) focused() fyne.Focusable {
	d.t.Helper()
	f := d.win.Canvas().Focused()
	if f == nil {
		d.t.Fatal("nothing has the focus")
	}
	return f
}

// press presses keys in whatever has the focus.
func (d *desk) press(keys ...fyne.KeyName) {
	d.t.Helper()
	for _, k := range keys {
		d.focused().TypedKey(&fyne.KeyEvent{Name: k})
		d.Settle()
	}
}

// write types in whatever has the focus.
func (d *desk) write(text string) {
	d.t.Helper()
	for _, r := range text {
		d.focused().TypedRune(r)
	}
	d.Settle()
}

func (d *desk) shortcut(key fyne.KeyName, mod fyne.KeyModifier) {
	s := &desktop.CustomShortcut{KeyName: key, Modifier: mod}
	if f, ok := d.win.Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(s)
	} else {
		d.keys.Do(s)
	}
	d.Settle()
}

// holds compares answers.
func (d *desk) holds(want map[string]string) {
	d.t.Helper()
	for path, v := range want {
		if got := d.e.Value(path); got != v {
			d.t.Errorf("%s is %q, want %q", path, got, v)
		}
	}
}

func TestRadioButtonsByKeysAndByMouse(t *testing.T) {
	d := deskOf(t, "every")
	d.form.Focus("kind")
	d.press(fyne.KeyRight, fyne.KeyRight)
	d.holds(map[string]string{"kind": "b"})
	d.press(fyne.KeyLeft)
	d.holds(map[string]string{"kind": "a"})
	d.press(fyne.KeyBackspace)
	d.holds(map[string]string{"kind": ""})
	d.write("h")
	d.holds(map[string]string{"kind": "b"})
	d.press(fyne.KeyReturn)
	if _, ok := d.focused().(*kit.Entry); !ok {
		t.Errorf("Enter went to %T", d.focused())
	}
	r := in[*kit.Radio](t, d.win, "Loại")
	test.TapAt(r, fyne.NewPos(10, r.Size().Height/2))
	d.holds(map[string]string{"kind": "a"})
	test.TapAt(r, fyne.NewPos(10, r.Size().Height/2))
	d.holds(map[string]string{"kind": ""})
}

func TestADayIsPickedFromTheCalendar(t *testing.T) {
	d := deskOf(t, "every")
	open := map[string]func(){
		"F4":         func() { d.press(fyne.KeyF4) },
		"Alt+Down":   func() { d.shortcut(fyne.KeyDown, fyne.KeyModifierAlt) },
		"Ctrl+Space": func() { d.shortcut(fyne.KeySpace, fyne.KeyModifierControl) },
	}
	for name, f := range open {
		d.e.Set("place/day", "2026-11-30")
		d.form.Focus("place/day")
		f()
		if _, ok := d.focused().(*kit.Calendar); !ok {
			t.Fatalf("%s opened %T", name, d.focused())
		}
		d.press(fyne.KeyRight, fyne.KeyDown, fyne.KeyPageDown, fyne.KeyReturn)
		d.holds(map[string]string{"place/day": "2027-01-08"})
		if e := in[*kit.Entry](t, d.win, "Ngày"); d.focused() != fyne.Focusable(e) || e.Text != "08/01/2027" {
			t.Errorf("%s: the field shows %q", name, e.Text)
		}
	}
	d.e.Set("place/met", "2026-11-16T07:15:00.000+07:00")
	d.form.Focus("place/met")
	d.press(fyne.KeyF4, fyne.KeyLeft, fyne.KeyReturn)
	d.holds(map[string]string{"place/met": "2026-11-15T07:15:00.000+07:00"})
	d.press(fyne.KeyF4, fyne.KeyLeft, fyne.KeyEscape)
	d.holds(map[string]string{"place/met": "2026-11-15T07:15:00.000+07:00"})
	if _, ok := d.focused().(*kit.Entry); !ok {
		t.Errorf("Escape left the hand in %T", d.focused())
	}
}

func TestBoxesAreTickedByKeys(t *testing.T) {
	d := deskOf(t, "awareness_session")
	d.form.Focus("topics")
	d.write(" ")
	d.press(fyne.KeyRight, fyne.KeyDown)
	d.write(" ")
	d.press(fyne.KeyLeft, fyne.KeyReturn)
	d.holds(map[string]string{"topics": "toi_pham mua_ban_nguoi"})
	if c, ok := d.focused().(*kit.Check); !ok || c.Text != "Tiếng Việt" {
		t.Errorf("Enter went to %T", d.focused())
	}
}

// The flow of the design: type, Down, Enter takes the first that fits; a second Down the second.
func TestALongListIsSearchedByKeys(t *testing.T) {
	d := deskOf(t, "awareness_session")
	ref := map[string]string{}
	for _, name := range []string{"Thôn Suối Vàng", "Thôn Suối Vả", "Làng Kon"} {
		ref[name] = d.Write("diem.pq.24", "venue_register", map[string]string{"name": name, "type": "thon"}).String()
	}
	d.App.Go(app.PageRecords)
	d.Wait(time.Second)
	d.App.New("awareness_session")
	d.Settle()
	d.e = d.App.Editor()
	d.form = formui.New(d.e, d.keys, d.win.Canvas(), func() {})
	d.win.SetContent(d.form.Object())
	d.Draw = d.form.Refresh
	d.form.Focus("venue")
	d.write("suoi vang")
	d.press(fyne.KeyDown, fyne.KeyReturn)
	d.holds(map[string]string{"venue": ref["Thôn Suối Vàng"]})
	d.form.Focus("venue")
	d.shortcut(fyne.KeyA, fyne.KeyModifierControl)
	in[*kit.Entry](t, d.win, "Địa điểm").SetText("")
	d.write("suoi")
	d.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if got := d.e.Value("venue"); got == "" || got == ref["Làng Kon"] {
		t.Errorf("picked %q", got)
	}
}

// Rows of a table: Enter through the cells, another row behind the last, Enter in an empty row ends them. Ctrl+Delete takes
// a row out, the toast brings it back.
func TestShortRowsAreATable(t *testing.T) {
	d := deskOf(t, "weapon_handover")
	d.form.Focus("how")
	d.shortcut(fyne.KeyL, fyne.KeyModifierControl)
	d.write("luu dan")
	d.press(fyne.KeyReturn)
	d.write("12")
	d.press(fyne.KeyReturn, fyne.KeyReturn) // the state of what was handed in is left out
	if rows := d.e.Rows("items"); len(rows) != 2 {
		t.Fatalf("%d rows after Enter in the last cell", len(rows))
	}
	d.write("min")
	d.press(fyne.KeyReturn)
	d.write("1")
	d.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn) // the last in the empty third row
	rows := d.e.Rows("items")
	if len(rows) != 2 {
		t.Fatalf("%d rows at the end", len(rows))
	}
	if r, ok := d.focused().(*kit.Radio); !ok || r.Options[0] != "Có" {
		t.Errorf("Enter in an empty row went to %T", d.focused())
	}
	d.holds(map[string]string{"items/" + rows[0] + "/kind": "grenade", "items/" + rows[0] + "/quantity": "12", "items/" + rows[1] + "/kind": "mine"})
	d.form.Focus("items/" + rows[0] + "/quantity")
	d.shortcut(fyne.KeyDelete, fyne.KeyModifierControl)
	if got := d.e.Rows("items"); len(got) != 1 || got[0] != rows[1] {
		t.Fatalf("left are %v", got)
	}
	d.App.DoToast()
	d.Settle()
	d.holds(map[string]string{"items/" + rows[0] + "/quantity": "12"})
	if e := in[*kit.Entry](t, d.win, "1"); e == nil {
		t.Error("the row is not on the screen")
	}
}

// Long rows are lines that open, one at a time; a closed one says what is in it.
func TestLongRowsOpenAndClose(t *testing.T) {
	d := deskOf(t, "dialogue")
	d.form.Focus("participants_total")
	d.shortcut(fyne.KeyL, fyne.KeyModifierControl)
	d.write("Sửa cầu")
	d.shortcut(fyne.KeyL, fyne.KeyModifierControl)
	d.write("Kéo điện")
	rows := d.e.Rows("issues")
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	lines := func() (all []*kit.NavItem) {
		for _, o := range test.LaidOutObjects(d.win.Canvas().Content()) {
			if n, ok := o.(*kit.NavItem); ok {
				all = append(all, n)
			}
		}
		return all
	}
	open := func(label string) int {
		n := 0
		for _, o := range test.LaidOutObjects(d.win.Canvas().Content()) {
			if c, ok := o.(*kit.Cut); ok && c.Text() == label && c.Visible() {
				n++
			}
		}
		return n
	}
	if l := lines(); len(l) != 2 || l[0].Text != "1. Sửa cầu" || open("Nội dung kiến nghị") != 1 {
		t.Fatalf("%d lines, %d open", len(l), open("Nội dung kiến nghị"))
	}
	test.Tap(lines()[0])
	if e := in[*kit.Entry](t, d.win, "Nội dung kiến nghị"); e.Text != "Sửa cầu" || open("Nội dung kiến nghị") != 1 {
		t.Errorf("open is %q", e.Text)
	}
	lines()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if open("Nội dung kiến nghị") != 0 {
		t.Error("Enter did not close it")
	}
	d.e.Finish(false)
	if l := lines(); l[0].Count != "2" || !l[0].Urgent {
		t.Errorf("the line says %q of what is wrong in it", l[0].Count)
	}
	d.form.Focus(d.e.First())
}

func TestManyRowsAreShownInPages(t *testing.T) {
	d := deskOf(t, "large")
	for range 60 {
		row := d.e.AddRow("item")
		d.e.Set("item/"+row+"/count", "1")
	}
	d.form.GoTo(len(d.e.Sections()) - 1)
	d.Settle()
	entries := 0
	for _, o := range test.LaidOutObjects(d.win.Canvas().Content()) {
		if _, ok := o.(*kit.Entry); ok {
			entries++
		}
	}
	if entries > 2*25+15 { // those of the first section are hidden
		t.Errorf("%d entries are on the screen", entries)
	}
	rows := d.e.Rows("item")
	d.form.Focus("item/" + rows[3] + "/note")
	d.write("đây")
	d.form.Focus("item/" + rows[24] + "/note")
	d.press(fyne.KeyReturn) // on the next page
	d.press(fyne.KeyReturn)
	d.write("2")
	d.holds(map[string]string{"item/" + rows[3] + "/note": "đây", "item/" + rows[25] + "/count": "12"})
}

// A long form shows a section at a time: Enter goes on into the next, Ctrl and a digit anywhere.
func TestALongFormIsShownInSections(t *testing.T) {
	d := deskOf(t, "large")
	moved := []int{}
	d.form.OnMove = func(i int) { moved = append(moved, i) }
	d.form.Focus("g0/q19")
	d.press(fyne.KeyReturn)
	d.write("7")
	d.holds(map[string]string{"g1/q20": "7", "g1/sum": "7"})
	d.shortcut(fyne.Key4, fyne.KeyModifierControl)
	d.write("9")
	d.holds(map[string]string{"g3/q60": "9"})
	d.form.Focus("g0/q0")
	d.write("3")
	d.holds(map[string]string{"g0/q0": "3"})
	if !slices.Equal(moved, []int{1, 3, 0}) {
		t.Errorf("the rail was told %v", moved)
	}
}

func TestUndoGoesWhereItWasDone(t *testing.T) {
	d := deskOf(t, "every")
	d.form.Focus("count/people")
	d.write("12")
	d.press(fyne.KeyReturn)
	d.form.Focus("kind")
	d.press(fyne.KeyRight)
	d.form.Undo()
	d.holds(map[string]string{"kind": "", "count/people": "12"})
	d.form.Focus("count/people")
	d.shortcut(fyne.KeyZ, fyne.KeyModifierControl|fyne.KeyModifierShift)
	d.holds(map[string]string{"count/people": ""})
	if e := in[*kit.Entry](t, d.win, "Số người"); e.Text != "" {
		t.Errorf("the field still shows %q", e.Text)
	}
}

func TestAPictureByKeysByMouseAndDropped(t *testing.T) {
	var c *apptest.Camera
	d := deskOf(t, "awareness_session", func(v *apptest.Village) { c = apptest.NewCamera(t, "a.jpg", "b.jpg"); v.Photos = c })
	d.form.Focus("note")
	d.shortcut(fyne.KeyO, fyne.KeyModifierControl)
	d.press(fyne.KeyDown, fyne.KeySpace)
	if p := d.e.Picture("photo"); !p.Some || p.Name != "b.jpg" {
		t.Fatalf("Ctrl+O took %+v", p)
	}
	if !says(t, d.win, "Ảnh minh chứng", "Thu nhỏ từ 4,1 MB còn 212 KB · đã lưu trong máy") {
		t.Error("the field does not say what became of it")
	}
	for _, x := range cell(t, d.win, "Ảnh minh chứng") {
		if b, ok := x.(*kit.Button); ok && b.Text == "Bỏ" {
			test.Tap(b)
			break
		}
	}
	d.Settle()
	d.holds(map[string]string{"photo": ""})
	if !d.form.Drop([]string{c.File("a.jpg")}) {
		t.Error("a form that asks for a picture takes none")
	}
	d.Settle()
	if p := d.e.Picture("photo"); p.Name != "a.jpg" {
		t.Errorf("dropped: %+v", p)
	}
	d.form.Drop([]string{c.File("hong.txt")})
	d.Settle()
	if p := d.e.Picture("photo"); !p.Some {
		t.Error("a file that is no picture took the picture away")
	}
	d.form.Focus("photo")
	d.press(fyne.KeyReturn)
	if _, ok := d.focused().(*kit.Entry); !ok {
		t.Errorf("Enter in the picture went to %T", d.focused())
	}
}

func TestThePlaceButton(t *testing.T) {
	d := deskOf(t, "venue_register", func(v *apptest.Village) {
		v.Position = func(context.Context) (nmea.Position, error) {
			return nmea.Position{Lat: 13.98, Lon: 108.01, Acc: 12}, nil
		}
	})
	test.Tap(in[*kit.Button](t, d.win, "Tọa độ địa điểm"))
	d.Settle()
	if e := in[*kit.Entry](t, d.win, "Tọa độ địa điểm"); e.Text != "13,98 108,01" {
		t.Errorf("the field shows %q", e.Text)
	}
	if !says(t, d.win, "Tọa độ địa điểm", "Của địa điểm công cộng, không phải nhà riêng. Sai số chừng 12 m.") {
		t.Error("it is not said how sure that is")
	}
}
