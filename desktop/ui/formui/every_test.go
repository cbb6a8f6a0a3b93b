package formui_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app/apptest"
	"banlang/desktop/ui/kit"
)

// every opens the form with all types of questions.
func every(t *testing.T) (*apptest.Machine, fyne.Window) {
	t.Helper()
	m := apptest.NewVillage(t).NewMachine(24).Start().SignIn("Phan Quốc Điềm")
	m.Publish(apptest.Every("1"))
	m.Wait(time.Second)
	_, f, w := onMachine(t, m, "every")
	m.Draw = f.Refresh
	return m, w
}

// cell finds the field of a question: the smallest place where its name stands.
func cell(t *testing.T, w fyne.Window, label string) (found []fyne.CanvasObject) {
	t.Helper()
	for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
		c, ok := o.(*kit.Cell)
		if !ok || !c.Visible() {
			continue
		}
		inside := test.LaidOutObjects(c)
		named := slices.ContainsFunc(inside, func(x fyne.CanvasObject) bool {
			text, ok := x.(interface{ Text() string })
			return ok && text.Text() == label
		})
		if named && (found == nil || len(inside) < len(found)) {
			found = inside
		}
	}
	if found == nil {
		t.Fatalf("%q is not on the screen", label)
	}
	return found
}

// in finds a widget of a field.
func in[T fyne.CanvasObject](t *testing.T, w fyne.Window, label string) T {
	t.Helper()
	for _, x := range cell(t, w, label) {
		if widget, ok := x.(T); ok {
			return widget
		}
	}
	var none T
	t.Fatalf("%q has no %T", label, none)
	return none
}

func says(t *testing.T, w fyne.Window, label, text string) bool {
	t.Helper()
	return slices.ContainsFunc(cell(t, w, label), func(x fyne.CanvasObject) bool {
		said, ok := x.(interface{ Text() string })
		return ok && said.Text() == text
	})
}

// types types into the entry of a question and leaves it.
func types(t *testing.T, w fyne.Window, label, text string) {
	t.Helper()
	e := in[*kit.Entry](t, w, label)
	w.Canvas().Focus(e)
	e.SetText("")
	test.Type(e, text)
	w.Canvas().Unfocus()
}

// What a hand types is kept as the type of the question wants it, and is written out again for people.
func TestAnswersAreTypedAsPeopleWriteThem(t *testing.T) {
	m, w := every(t)
	e := m.App.Editor()
	for _, x := range []struct{ label, path, typed, kept, shown string }{
		{"Ngày", "place/day", "1611", "2026-11-16", "16/11/2026"},
		{"Giờ", "place/at", "1430", "14:30:00.000+07:00", "14:30"},
		{"Giờ", "place/at", "8h5", "08:05:00.000+07:00", "08:05"},
		{"Giờ", "place/at", "25:00", "?25:00", "25:00"},
		{"Gặp lúc", "place/met", "16/11 7:15", "2026-11-16T07:15:00.000+07:00", "16/11/2026 07:15"},
		{"Gặp lúc", "place/met", "7:15", "2026-11-17T07:15:00.000+07:00", "17/11/2026 07:15"},
		{"Gặp lúc", "place/met", "16/11", "?16/11", "16/11"},
		{"Tọa độ", "place/geo", "14.0583, 108.2772", "14.0583 108.2772 0 0", "14,0583 108,2772"},
		{"Tọa độ", "place/geo", "14,0583; 108,2772", "14.0583 108.2772 0 0", "14,0583 108,2772"},
		{"Tọa độ", "place/geo", `14°03'30"N 108°16'38"E`, "14.0583333 108.2772222 0 0", "14,0583333 108,2772222"},
		{"Tọa độ", "place/geo", "14,108", "?14,108", "14,108"},
		{"Tọa độ", "place/geo", "98 108", "?98 108", "98 108"},
		{"Số người", "count/people", "1.200", "1200", "1.200"},
		{"Số người", "count/people", "12 người", "?12 người", "12 người"},
		{"Kinh phí (đồng)", "count/cost", "1.500.000", "1500000", "1.500.000"},
		{"Kinh phí (đồng)", "count/cost", "khoảng 2 triệu", "khoảng 2 triệu", "khoảng 2 triệu"},
		{"Tiêu chí", "criterion", "đúng hạn", "đúng hạn", "đúng hạn"}, // its list is not here
	} {
		types(t, w, x.label, x.typed)
		if got, shown := e.Value(x.path), in[*kit.Entry](t, w, x.label).Text; got != x.kept || shown != x.shown {
			t.Errorf("%s %q is kept as %q and shown as %q", x.label, x.typed, got, shown)
		}
	}
	if e.Finish(false) || !says(t, w, "Giờ", "Cần giờ và phút, như 14:30.") || !says(t, w, "Tọa độ", "Cần vĩ độ và kinh độ, như 14,0583 108,2772.") {
		t.Error("what cannot be read is let through")
	}
}

func TestAnswersArePicked(t *testing.T) {
	m, w := every(t)
	e := m.App.Editor()
	for label, letter := range map[string]string{"Chắc chắn": "k", "Loại": "h", "Thấy thế nào": "t"} {
		c := in[*kit.Radio](t, w, label)
		w.Canvas().Focus(c)
		test.Type(c, letter)
	}
	tick(w, "Đã xác nhận")
	for label, typed := range map[string][]string{"Chủ đề": {"duong", "hai"}, "Xếp thứ tự": {"đường", "điện"}} { // the list that is long is searched
		entry := in[*kit.Entry](t, w, label)
		w.Canvas().Focus(entry)
		for _, text := range typed {
			test.Type(entry, text)
			entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}
	}
	for path, want := range map[string]string{"sure": "0", "kind": "b", "mood": "tot", "seen": "OK", "topics": "t13 t2", "order": "duong dien"} {
		if got := e.Value(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	for _, x := range cell(t, w, "Chủ đề") {
		if b, ok := x.(*kit.Button); ok {
			test.Tap(b) // takes the first out
			break
		}
	}
	if got := e.Value("topics"); got != "t2" {
		t.Errorf("after one was taken out: %q", got)
	}
	if !says(t, w, "Mức độ", "Từ 0 đến 10.") {
		t.Error("the range is not said")
	}
}

// Decision 3: what is calculated is shown at once, can only be read, and is no edit.
func TestWhatIsCalculatedIsShown(t *testing.T) {
	m, w := every(t)
	types(t, w, "Số người", "21")
	if !says(t, w, "Gấp đôi", "42") {
		t.Error("the screen does not show it")
	}
	for _, x := range cell(t, w, "Gấp đôi") {
		if _, ok := x.(*kit.Entry); ok {
			t.Error("it can be typed over")
		}
	}
	m.Wait(time.Second)
	if d := m.Drafts()[0]; d.Values["count/people"] != "21" || d.Values["count/double"] != "" {
		t.Errorf("the draft holds %v", d.Values)
	}
}

// Where no picture can be taken in, its question says so, and keeps nobody from finishing.
func TestAFileKeepsNobodyFromFinishing(t *testing.T) {
	m, w := every(t)
	if !says(t, w, "Ảnh", "Máy này chưa nhận được ảnh. Cứ hoàn tất không có ảnh.") {
		t.Error("the photo is asked for")
	}
	types(t, w, "Ngày", "16/11/2026")
	if !m.App.Editor().Finish(false) {
		t.Error(m.App.Toast().Text, m.App.Editor().First())
	}
}

func TestGroupsAndRowsWithinRows(t *testing.T) {
	m, w := every(t)
	e := m.App.Editor()
	on := cells(w)
	for _, heading := range []string{"Nơi và lúc", "Số lượng", "Tổ"} {
		if _, ok := on[heading]; !ok {
			t.Errorf("there is no %q", heading)
		}
	}
	add := func(n int) {
		var buttons []*kit.Button
		for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
			if b, ok := o.(*kit.Button); ok && b.Text == "Thêm dòng" {
				buttons = append(buttons, b)
			}
		}
		test.Tap(buttons[n])
	}
	add(0)
	types(t, w, "Tên tổ", "Tổ 3")
	add(1)
	types(t, w, "Tên người", "A")
	add(1)
	team := e.Rows("team")[0]
	people := "team/" + team + "/member"
	if names := e.Rows(people); len(names) != 2 || e.Value(people+"/"+names[0]+"/name") != "A" {
		t.Errorf("%v", names)
	}
	types(t, w, "Ngày", "16/11/2026")
	if !e.Finish(false) {
		t.Fatal(m.App.Toast().Text)
	}
	m.Settle()
	v := m.View(m.App.Detail().Record)
	found := ""
	for i := range v.Fields {
		if f := &v.Fields[i]; strings.HasSuffix(f.Path, "/name") {
			found += strings.Repeat("/", strings.Count(f.Path, "/")) + f.Live[0].Text + " "
		}
	}
	if !strings.Contains(found, "//Tổ 3 ") || !strings.Contains(found, "////A ") || strings.Count(found, "////") != 1 {
		t.Errorf("the record holds %s", found)
	}
	said := false
	for _, f := range m.App.Detail().Fields {
		said = said || f.Label == "Tổ 1, Người 1" && f.Value == "A"
	}
	if !said {
		t.Errorf("the record says %+v", m.App.Detail().Fields)
	}
}
