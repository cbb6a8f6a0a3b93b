package ui_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/notebook"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/desktop/ui/tour"
	"banlang/shared/form"
)

// typist is an officer who has no mouse, and whose keys are counted.
type typist struct {
	*hand
	keys int
}

func (p *typist) press(names ...fyne.KeyName) {
	p.t.Helper()
	for _, name := range names {
		p.keys++
		p.key(name)
	}
}

func (p *typist) write(text string) {
	p.t.Helper()
	for _, r := range text {
		p.keys++
		ui.Win(p.w).Canvas().Focused().TypedRune(r)
	}
	p.Settle()
}

// ctrl presses a shortcut; with Shift it is one key more for the hand, and counted as one.
func (p *typist) shortcut(name fyne.KeyName, shift bool) {
	p.keys++
	s := &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierControl}
	if shift {
		s.Modifier |= fyne.KeyModifierShift
	}
	if f, ok := ui.Win(p.w).Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(s)
	} else {
		ui.Press(p.w, s)
	}
	p.Settle()
}

// one session, with the hand in its first field.
func (p *typist) session(day int, venue string) {
	p.write(fmt.Sprint(day))
	p.press(fyne.KeyReturn)
	p.shortcut(fyne.KeyD, false) // how, kind of place, topics, languages
	p.press(fyne.KeyReturn)
	p.write(venue)
	p.press(fyne.KeyDown, fyne.KeyReturn)
	p.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn) // they stand there already, and nobody timed it
	p.write("38")
	p.press(fyne.KeyReturn)
	p.shortcut(fyne.KeyD, false) // how people were counted, who led
	p.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	p.write("2")
	p.press(fyne.KeyReturn)
	p.write("7")
	p.press(fyne.KeyReturn)
	p.write("7")
	p.shortcut(fyne.KeyReturn, true)
	p.Wait(time.Second)
}

// Section 4.1 of the screens: twenty sessions in a row without a mouse, about 35 keys each.
func TestTwentySessionsWithoutAMouse(t *testing.T) {
	_, h := atWork(t)
	h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Suối Vàng", "type": "thon"})
	suoi := h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Làng Kon Tơ Ngol", "type": "lang"})
	h.Write("diem.pq.24", "awareness_session", tour.Session(suoi.String(), "60"))
	h.Wait(time.Second)
	h.App.New("awareness_session")
	h.Settle()
	p := &typist{hand: h}
	for i := range 20 {
		p.session(1+i%17, "suoi v")
		if toast := h.App.Toast(); toast == nil || !strings.HasPrefix(toast.Text, "Đã hoàn tất Buổi tuyên truyền") {
			t.Fatalf("session %d: %+v, first %q", i+1, toast, h.App.Editor().First())
		}
	}
	recs, err := h.Book.Search(t.Context(), notebook.Query{Form: "awareness_session", Limit: 100})
	if err != nil || len(recs) != 21 {
		t.Fatalf("%d sessions are kept, %v", len(recs), err)
	}
	v := h.View(recs[0])
	for path, want := range map[string]string{"method": "truc_tiep", "participants_total": "38", "topics": "toi_pham tin_dung_den", "count_method": "dem", "questions_answered": "7"} {
		if v.Text(path) != want {
			t.Errorf("%s is %q, want %q", path, v.Text(path), want)
		}
	}
	if each := p.keys / 20; each > 37 {
		t.Errorf("a session takes %d keys", each)
	} else {
		t.Logf("a session takes %d keys", each)
	}
	if len(h.Drafts()) != 0 {
		t.Errorf("%d drafts are left", len(h.Drafts()))
	}
}

// The rail stands beside a long form where there is room, and is a pick in the head where there is none.
func TestTheRailFoldsAway(t *testing.T) {
	_, h := atWork(t)
	h.App.New("awareness_session")
	h.Settle()
	steps := func() (shown []string) {
		for _, o := range h.objects() {
			if s, ok := o.(*kit.Step); ok && s.Size().Width > 0 {
				shown = append(shown, s.Text())
			}
		}
		return shown
	}
	if got := steps(); len(got) != 3 || got[0] != "1. Ngày diễn ra…" {
		t.Fatalf("the rail says %q", got)
	}
	h.ctrl(fyne.Key3)
	h.mustRead("3. Số ý kiến, câu hỏi của người dân…")
	if f, ok := ui.Win(h.w).Canvas().Focused().(*kit.Entry); !ok || f != h.field("Số ý kiến, câu hỏi của người dân") {
		t.Error("Ctrl+3 did not go there")
	}
	ui.Win(h.w).Resize(fyne.NewSize(1024, 570))
	h.Settle()
	picks := 0
	for _, o := range h.objects() {
		if c, ok := o.(*kit.Choose); ok && len(c.Options) == 3 && strings.HasPrefix(c.Options[2], "3 trên 3 · ") {
			picks++
			if c.Selected != 2 {
				t.Errorf("it stands at %d", c.Selected)
			}
		}
	}
	if picks != 1 {
		t.Errorf("%d picks of a section", picks)
	}
}

func TestADroppedPictureIsTakenIn(t *testing.T) {
	v := apptest.NewVillage(t)
	c := apptest.NewCamera(t, "nha-van-hoa.jpg")
	v.Photos = c
	h := sit(t, v.NewMachine(24), 1280, 690)
	h.SignIn("Phan Quốc Điềm")
	h.App.New("awareness_session")
	h.Settle()
	ui.Drop(h.w, c.File("nha-van-hoa.jpg"))
	h.Settle()
	h.mustRead("nha-van-hoa.jpg")
	h.Wait(time.Second)
	if ds := h.Drafts(); len(ds) != 1 || !strings.HasPrefix(ds[0].Values["photo"], "b2:") {
		t.Errorf("on the disk: %+v", ds)
	}
}

// TestScreensOfFilling draws forms of many kinds, half filled in, at both sizes and in both languages.
func TestScreensOfFilling(t *testing.T) {
	if os.Getenv("BANLANG_SCREENS") == "" {
		t.Skip("BANLANG_SCREENS names no folder for the pictures")
	}
	answers := map[string]map[string]string{
		"awareness_session": {"occurred_on": "2026-11-16", "method": "truc_tiep", "participants_total": "38", "count_method": "dem", "questions_raised": "7", "questions_answered": "9"},
		"dialogue":          {"occurred_on": "2026-11-16", "chair": "Chủ tịch UBND xã"},
		"flash_report":      {"happened_at": "2026-11-18T09:40:00.000+07:00", "category": "thien_tai", "severity": "2", "needs": "phuong_tien luong_thuc"},
		"commune_staffing":  {"as_of": "2026-06-30", "regular_officers": "12"},
		"venue_register":    {"occurred_on": "2026-11-16", "name": "Thôn Suối Vàng", "geo": "13.98 108.01 0 12"},
		"directive":         {"issued_on": "2026-11-16", "kind": "chi_thi"},
		"welfare_activity":  {"occurred_on": "2026-11-16", "value_vnd": "1500000"},
		"recognition":       {"decided_on": "2026-11-16"},
	}
	rows := map[string]string{"dialogue": "issues", "flash_report": "updates", "commune_staffing": "language_skills", "directive": "tasks"}
	for _, size := range []struct {
		name          string
		width, height float32
		step          int
		lang          string
	}{{"1280", 1280, 690, 16, app.Vietnamese}, {"1024", 1024, 570, 18, app.Vietnamese}, {"1280-en", 1280, 690, 16, app.English}, {"1024-en", 1024, 570, 18, app.English}} {
		v := apptest.NewVillage(t)
		c := apptest.NewCamera(t, "nha-van-hoa-suoi-vang.jpg")
		v.Photos = c
		m := v.NewMachine(24)
		h := sit(t, m, size.width, size.height)
		m.SignIn("Phan Quốc Điềm")
		m.App.SetTextSize(size.step)
		m.App.SetLanguage(size.lang)
		venue := tour.Week(m)
		for id, values := range answers {
			m.App.New(id)
			m.Settle()
			e := m.App.Editor()
			for path, value := range values {
				e.Set(path, value)
			}
			if id == "awareness_session" {
				e.Set("venue", venue)
				e.AddPicture("photo", c.File("nha-van-hoa-suoi-vang.jpg"))
				m.Settle()
			}
			e.Finish(false)
			if repeat := rows[id]; repeat != "" {
				for range 2 {
					row := e.AddRow(repeat)
					fillRow(e, repeat, row)
				}
			}
			m.Wait(time.Second)
			for n := 1; n < 5; n++ {
				h.photograph(fmt.Sprintf("fill-%s-%s-%d", size.name, id, n))
				if !ui.ScrollOn(h.w) {
					break
				}
			}
		}
		m.App.New("venue_register")
		m.Settle()
		ui.FocusOn(h.w, "occurred_on")
		ui.Win(h.w).Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyF4})
		h.photograph("fill-" + size.name + "-calendar")
		ui.Win(h.w).Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	}
}

// fillRow answers what is asked in words and numbers in a row.
func fillRow(e *app.Editor, repeat, row string) {
	for _, f := range e.Form().Fields() {
		if rest, ok := strings.CutPrefix(f.Path, repeat+"/"); ok {
			switch f.Type {
			case form.TypeText:
				e.Set(form.JoinPath(repeat, row, rest), "Làm lại cầu qua suối Đăk Lum")
			case form.TypeInt:
				e.Set(form.JoinPath(repeat, row, rest), "1250")
			}
		}
	}
}
