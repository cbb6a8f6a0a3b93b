package ui_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/desktop/ui/tour"
	"banlang/shared/fault"
)

// objects gives everything that can be seen in the window.
func (h *hand) objects() []fyne.CanvasObject { return seen(ui.Win(h.w).Canvas().Content()) }

// seen gives everything that can be seen of an object, as it is drawn. It asks the renderers that draw: those that
// test.LaidOutObjects makes anew take the rows of a list away from the ones on the screen.
func seen(o fyne.CanvasObject) []fyne.CanvasObject {
	if !o.Visible() {
		return nil
	}
	all := []fyne.CanvasObject{o}
	var inside []fyne.CanvasObject
	switch x := o.(type) {
	case *fyne.Container:
		inside = x.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(x).Objects()
	}
	for _, x := range inside {
		all = append(all, seen(x)...)
	}
	return all
}

// reads reports whether a text can be read in the window, whole or as the beginning of a wrapped one.
func (h *hand) reads(text string) bool {
	for _, o := range h.objects() {
		switch x := o.(type) {
		case *kit.Cut:
			if x.Text() == text {
				return true
			}
		case *kit.Para:
			if x.Text() == text {
				return true
			}
		case *canvas.Text:
			if x.Text == text {
				return true
			}
		}
	}
	return false
}

func (h *hand) mustRead(text string) {
	h.t.Helper()
	if !h.reads(text) {
		h.t.Errorf("the window does not say %q", text)
	}
}

// press taps the button with this text.
func (h *hand) press(text string) {
	h.t.Helper()
	for _, o := range h.objects() {
		if b, ok := o.(*kit.Button); ok && b.Text == text {
			test.Tap(b)
			h.Settle()
			return
		}
	}
	h.t.Fatalf("there is no button %q", text)
}

// field finds the entry under a question.
func (h *hand) field(label string) *kit.Entry {
	h.t.Helper()
	for _, o := range h.objects() {
		cell, ok := o.(*kit.Cell)
		if !ok {
			continue
		}
		var entry *kit.Entry
		named := false
		for _, x := range seen(cell) {
			switch x := x.(type) {
			case *kit.Cut:
				named = named || x.Text() == label
			case *kit.Para:
				named = named || x.Text() == label
			case *kit.Entry:
				entry = x
			}
		}
		if named && entry != nil {
			return entry
		}
	}
	h.t.Fatalf("there is no field %q", label)
	return nil
}

// pressIn taps the button without words that stands in the row of this question: the one that takes the row out.
func (h *hand) pressIn(label string) {
	h.t.Helper()
	named := false
	for _, o := range h.objects() {
		if c, ok := o.(interface{ Text() string }); ok && c.Text() == label {
			named = true
		}
		if b, ok := o.(*kit.Button); ok && named && b.Text == "" {
			test.Tap(b)
			h.Settle()
			return
		}
	}
	h.t.Fatalf("there is no button in the row of %q", label)
}

// types puts the hand into a field and types.
func (h *hand) types(label, text string) {
	h.t.Helper()
	e := h.field(label)
	ui.Win(h.w).Canvas().Focus(e)
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Type(e, text)
	h.Settle()
}

// key presses a key in whatever has the focus.
func (h *hand) key(name fyne.KeyName) {
	if f := ui.Win(h.w).Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
	}
	h.Settle()
}

// ctrl presses a shortcut: to the focused entry first, as the driver does.
func (h *hand) ctrl(name fyne.KeyName) {
	s := &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierControl}
	if f, ok := ui.Win(h.w).Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(s)
	} else {
		ui.Press(h.w, s)
	}
	h.Settle()
}

func atWork(t *testing.T) (*apptest.Village, *hand) {
	t.Helper()
	v := apptest.NewVillage(t)
	h := sit(t, v.NewMachine(24), 1280, 690)
	h.SignIn("Phan Quốc Điềm")
	return v, h
}

// Decision 2, through the window: open the form, let a pull arrive, finish; both values stand side by side, and one
// action chooses.
func TestBothAnswersStandSideBySideInTheWindow(t *testing.T) {
	v, h := atWork(t)
	hers := v.NewMachine(25)
	venue := h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Làng Kon Tơ Ngol"}).String()
	rec := h.Write("diem.pq.24", "awareness_session", tour.Session(venue, "60"))
	v.Carry(h.Machine, hers)
	h.Wait(time.Second)
	h.App.List.Choose(0)
	h.Settle()
	h.press("Sửa")
	h.types("Số lượt người tham dự", "64")
	hers.Change("ha.ltm.25", rec, "participants_total", "46")
	v.Carry(hers, h.Machine)
	h.Wait(time.Second)
	h.mustRead("Bản ghi này vừa được người khác sửa. Chữ bạn đã gõ không bị đổi.")
	if got := h.field("Số lượt người tham dự").Text; got != "64" {
		t.Fatalf("what I typed became %q", got)
	}
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	if live := h.View(rec).Field("participants_total"); len(live) != 2 {
		t.Fatalf("%d values stand side by side", len(live))
	}
	h.press("So sánh")
	for _, text := range []string{"GỐC", "60", "CỦA TÔI", "64", "CỦA ĐỒNG NGHIỆP", "46", "Lúc sửa chưa thấy: 46.", "Lúc sửa chưa thấy: 64."} {
		h.mustRead(text)
	}
	for _, o := range h.objects() {
		if b, ok := o.(*kit.Button); ok && b.Kind == kit.Primary {
			t.Errorf("the button %q outweighs the others", b.Text)
		}
	}
	if f := ui.Win(h.w).Canvas().Focused(); f != nil {
		t.Errorf("an answer has the focus beforehand: %v", f)
	}
	h.ctrl(fyne.Key2)
	h.Wait(time.Second)
	if live := h.View(rec).Field("participants_total"); len(live) != 1 || live[0].Text != "46" {
		t.Errorf("after Ctrl+2: %+v", live)
	}
	h.mustRead("Đã chọn 46.")
}

func TestAFormIsFilledWithoutAMouse(t *testing.T) {
	_, h := atWork(t)
	h.ctrl(fyne.KeyN)
	if h.App.Page() != app.PageNew {
		t.Fatal("Ctrl+N opened nothing")
	}
	h.App.New("venue_register")
	h.Settle()
	for _, typed := range []string{"1711", "Thôn Suối Vàng", "t" /* the first kind that begins with t */, "dak ro"} {
		test.Type(ui.Win(h.w).Canvas().Focused(), typed)
		h.key(fyne.KeyReturn)
	}
	e := h.App.Editor()
	for path, want := range map[string]string{"name": "Thôn Suối Vàng", "type": "truong_hoc", "occurred_on": "2026-11-17", "parent_unit": apptest.Unit} {
		if e.Value(path) != want {
			t.Fatalf("%s: typed %q", path, e.Value(path))
		}
	}
	if got := h.field("Thuộc xã").Text; got != "Xã Đăk Rơ Leng" {
		t.Errorf("the unit is shown as %q", got)
	}
	if got := h.field("Ngày ghi vào danh mục").Text; got != "17/11/2026" {
		t.Errorf("the day is shown as %q", got)
	}
	h.ctrl(fyne.KeyS) // in an entry: the shortcut must get through
	h.mustRead("Đã lưu nháp 09:41:00")
	if len(h.Drafts()) != 1 {
		t.Errorf("%d drafts on the disk", len(h.Drafts()))
	}
	h.types("Số hộ", "1.238")
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	if h.App.List.Len() != 1 || h.App.Detail() == nil {
		t.Fatal("Ctrl+Enter did not finish the form")
	}
	h.mustRead("Thôn Suối Vàng · Trường học · 1.238 hộ")
}

// A hand that comes to a field by keys goes on where the text ends.
func TestWritingGoesOnAtTheEndOfWhatIsThere(t *testing.T) {
	_, h := atWork(t)
	h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn", "note": "Đường khó đi\nmùa mưa"})
	h.Wait(time.Second)
	h.App.List.Choose(0)
	h.Settle()
	h.press("Sửa")
	for label, want := range map[string]string{"Tên địa điểm": "Thôn 4", "Ghi chú": "Đường khó đi\nmùa mưa 4"} {
		e := h.field(label)
		ui.Win(h.w).Canvas().Focus(e)
		test.Type(e, " 4")
		if e.Text != want {
			t.Errorf("%s became %q", label, e.Text)
		}
	}
}

func TestWhatIsMissingIsSaidUnderItsField(t *testing.T) {
	_, h := atWork(t)
	h.App.New("self_mgmt_group")
	h.Settle()
	h.types("Tên tổ", "Tổ 3")
	h.press("Hoàn tất")
	h.mustRead("Còn 5 chỗ cần sửa trước khi hoàn tất.")
	said := 0
	for _, o := range h.objects() {
		if p, ok := o.(*kit.Para); ok && strings.HasPrefix(p.Text(), "Cần điền: ") {
			said++
		}
	}
	if said != 5 {
		t.Errorf("it stands under %d fields", said)
	}
	h.types("Số hộ", "nhiều")
	h.key(fyne.KeyReturn)
	h.mustRead("Cần một số nguyên.")
	if e := h.field("Số hộ"); e.Text != "nhiều" {
		t.Errorf("what was typed became %q", e.Text)
	}
}

func TestAFullDiskIsSaidInRedAndNothingIsLost(t *testing.T) {
	_, h := atWork(t)
	h.App.New("venue_register")
	h.Settle()
	h.types("Tên địa điểm", "Thôn 4")
	h.Wait(time.Second)
	h.mustRead("Tắt máy lúc này cũng không mất chữ nào.")
	h.Break(fault.DiskFull)
	h.types("Tên địa điểm", "Thôn Bốn")
	h.Wait(time.Second)
	h.mustRead("Chữ vừa gõ CHƯA lưu được. Máy tự thử lại.")
	h.mustRead("Đã lưu nháp 09:41:00") // the last durable write, not the last try
	h.Mend()
	h.press("Lưu lại")
	h.mustRead("Tắt máy lúc này cũng không mất chữ nào.")
	if ds := h.Drafts(); len(ds) != 1 || ds[0].Values["name"] != "Thôn Bốn" {
		t.Errorf("on the disk: %+v", ds)
	}
}

func TestAVenueIsPickedFromTheRegister(t *testing.T) {
	_, h := atWork(t)
	ref := h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Làng Kon Tơ Ngol"}).String()
	h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Suối Vàng"})
	h.Wait(time.Second)
	h.App.New("awareness_session")
	h.Settle()
	h.types("Địa điểm", "kon")
	h.key(fyne.KeyReturn)
	if got := h.App.Editor().Value("venue"); got != ref {
		t.Errorf("picked %q, want %q", got, ref)
	}
	if got := h.field("Địa điểm").Text; got != "Làng Kon Tơ Ngol" {
		t.Errorf("the field shows %q", got)
	}
}

func TestARowIsAddedAndTakenAway(t *testing.T) {
	_, h := atWork(t)
	h.App.New("weapon_handover")
	h.Settle()
	h.mustRead("Chưa có dòng nào.")
	h.press("Thêm dòng")
	h.types("Số lượng", "3.089")
	e := h.App.Editor()
	path := "items/" + e.Rows("items")[0] + "/quantity"
	if e.Value(path) != "3089" {
		t.Errorf("kept as %q", e.Value(path))
	}
	h.pressIn("Số lượng")
	h.mustRead("Chưa có dòng nào.")
	h.press("Hoàn tác")
	if h.field("Số lượng").Text != "3.089" {
		t.Error("Hoàn tác did not bring the row back")
	}
}

// A row that I take out while a colleague writes in it comes back, through the window, and the record says why.
func TestARowThatAColleagueEditsComesBackInTheWindow(t *testing.T) {
	v, h := atWork(t)
	hers := v.NewMachine(25)
	rec := h.Write("diem.pq.24", "weapon_handover", map[string]string{"occurred_on": "2026-11-16", "receipt_no": "12/BB",
		"how": "van_dong", "danger": "false", "custody_place": "kho_don_vi", "items/+1/kind": "grenade", "items/+1/quantity": "12"})
	v.Carry(h.Machine, hers)
	h.Wait(time.Second)
	h.App.List.Choose(0)
	h.Settle()
	h.press("Sửa")
	quantity := "items/" + h.App.Editor().Rows("items")[0] + "/quantity"
	h.press("Thêm dòng")
	h.App.Editor().Set("items/"+h.App.Editor().Rows("items")[1]+"/kind", "mine")
	h.App.Editor().Set("items/"+h.App.Editor().Rows("items")[1]+"/quantity", "1")
	h.pressIn("Số lượng (quả)") // the first row
	if n := len(h.App.Editor().Rows("items")); n != 1 {
		t.Fatalf("%d rows after one of two was taken out", n)
	}
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	h.mustRead("Mìn · Số lượng (quả): 1")
	if h.reads("Lựu đạn · Số lượng (quả): 12") {
		t.Error("the row that was taken out is still shown")
	}
	hers.Change("ha.ltm.25", rec, quantity, "13")
	v.Carry(hers, h.Machine)
	h.Wait(time.Second)
	h.mustRead("Lựu đạn · Số lượng (quả): 13")
	h.mustRead("Mìn · Số lượng (quả): 1")
	h.mustRead("(có người đã bỏ dòng này; dòng vẫn còn vì người khác vừa sửa)")
}

func TestTheFootSaysHowThingsStand(t *testing.T) {
	_, h := atWork(t)
	h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4"})
	h.Wait(time.Second)
	h.mustRead("Chưa có mạng · 1 lần ghi chờ gửi")
	h.Engine.Set(app.SyncStatus{Phase: app.Sending, ToPush: 61, Pushed: 24})
	h.Wait(time.Second)
	h.mustRead("Đang gửi 24 trên 61 …")
	for _, o := range h.objects() {
		if p, ok := o.(*kit.Progress); ok && (p.Done() < 0.39 || p.Done() > 0.40) {
			t.Errorf("the bar shows %v", p.Done())
		}
	}
	h.ctrl(fyne.KeyG)
	if h.Engine.Asked != 1 {
		t.Error("Ctrl+G did not ask for a session")
	}
}

func TestTheStatementStandsWhereItMust(t *testing.T) {
	v := apptest.NewVillage(t)
	m := v.NewMachine(24)
	m.Door.Plain = true
	h := sit(t, m, 1280, 690)
	h.mustRead(h.App.T("app.trial"))
	h.SignIn("Phan Quốc Điềm")
	h.mustRead("Chỉ dữ liệu giả")
}

func TestClosingTheWindowKeepsTheDraft(t *testing.T) {
	_, h := atWork(t)
	h.App.New("venue_register")
	h.Settle()
	h.types("Tên địa điểm", "Thôn 4")
	ui.Close(h.w)
	if ds := h.Drafts(); len(ds) != 1 || ds[0].Values["name"] != "Thôn 4" {
		t.Errorf("on the disk: %+v", ds)
	}
}

// fits looks for buttons that are narrower than their words and for words that leave their place.
func (h *hand) fits(page string) {
	h.t.Helper()
	for _, what := range tour.Misfits(ui.Win(h.w).Canvas()) {
		h.t.Errorf("%s: %s", page, what)
	}
}

// Who only moves in what he has written, and alters nothing, is at the machine too.
func TestAKeyInAnEntryKeepsTheScreenOpen(t *testing.T) {
	_, h := atWork(t)
	h.App.SetLockAfter(5)
	h.App.New("venue_register")
	h.Settle()
	for range 4 {
		h.Wait(4 * time.Minute)
		h.field("Tên địa điểm").TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	if h.App.Me() == "" {
		t.Fatal("the screen was locked before somebody at the keys")
	}
	h.Wait(6 * time.Minute)
	if h.App.Me() != "" {
		t.Error("not locked")
	}
}

// TestClosingOnAFullDiskAsks: the window stays with what could not be saved, until it could be or a person lets it go.
func TestClosingOnAFullDiskAsks(t *testing.T) {
	_, h := atWork(t)
	h.App.New("venue_register")
	h.Settle()
	h.App.Editor().Type("name", "Thôn 4")
	h.Break(fault.DiskFull)
	over := func() fyne.CanvasObject { return ui.Win(h.w).Canvas().Overlays().Top() }
	ui.Close(h.w)
	if !h.App.Open() || over() == nil || h.App.Editor().Value("name") != "Thôn 4" {
		t.Fatal("closed over words that could not be saved")
	}
	h.Mend()
	h.key(fyne.KeyReturn) // once more
	if h.App.Open() {
		t.Error("it is not closed, though all is saved")
	}
	if ds := h.PowerCut().Drafts(); len(ds) != 1 || ds[0].Values["name"] != "Thôn 4" {
		t.Errorf("on the disk: %+v", ds)
	}
}
