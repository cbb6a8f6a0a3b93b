package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/nmea"
	"banlang/shared/fault"
	"banlang/shared/form"
)

// filling opens a form of a fresh notebook.
func filling(t *testing.T, id string, prepare ...func(v *apptest.Village)) (*apptest.Machine, *app.Editor) {
	t.Helper()
	v := apptest.NewVillage(t)
	for _, f := range prepare {
		f(v)
	}
	m := v.NewMachine(24).Start().SignIn("Phan Quốc Điềm")
	m.Publish(apptest.Every("1"))
	m.Publish(apptest.Large(600))
	m.Wait(time.Second)
	m.App.New(id)
	m.Settle()
	if m.App.Editor() == nil {
		t.Fatal(m.App.Toast())
	}
	return m, m.App.Editor()
}

// Promise 1 of a draft: whoever types without a pause loses no more than the last second when the power fails.
func TestTypingWithoutAPauseIsKeptWithinASecond(t *testing.T) {
	m, e := filling(t, "awareness_session")
	typed := map[time.Duration]string{}
	text := ""
	const key = 80 * time.Millisecond
	for at := time.Duration(0); at < 8*time.Second; at += key {
		text += string(rune('a' + len(text)%26))
		e.Type("note", text)
		typed[at] = text
		m.Wait(key)
		if at%(8*key) != 0 || at < time.Second {
			continue
		}
		kept := ""
		if ds := m.PowerCut().Drafts(); len(ds) == 1 {
			kept = ds[0].Values["note"]
		}
		due := typed[(at+key-time.Second)/key*key]
		if len(kept) < len(due) {
			t.Fatalf("after %v of typing the disk has %d letters, and a second ago there were %d", at, len(kept), len(due))
		}
	}
}

// A clock that is set back while a write runs puts off no other.
func TestAClockThatIsSetBackPutsOffNoWrite(t *testing.T) {
	m, e := filling(t, "awareness_session")
	e.Type("note", "một")
	m.Wait(time.Second)
	e.Type("note", "một hai")
	e.LeaveForm() // it is written from here on
	m.App.Resume(m.Drafts()[0].ID)
	if m.App.Editor() != e || e.Written() {
		t.Fatal("no write runs below the form on the screen")
	}
	e.Type("note", "một hai ba")
	m.V.Pass(-time.Hour)
	m.Wait(time.Second)
	if ds := m.PowerCut().Drafts(); ds[0].Values["note"] != "một hai ba" {
		t.Errorf("after a second the disk has %q", ds[0].Values["note"])
	}
}

func TestEachStepIsTakenBackInTurn(t *testing.T) {
	_, e := filling(t, "every")
	e.Set("kind", "a")
	e.Set("kind", "b")
	for _, typed := range []string{"1", "12", "12x"} {
		e.Type("count/people", typed)
	}
	e.Leave("count/people")
	e.Type("count/people", "7")
	row := e.AddRow("team")
	e.Type("team/"+row+"/name", "Tổ 3")
	e.Leave("team/" + row + "/name")
	e.RemoveRow("team", row)
	said := func() string {
		return strings.Join([]string{e.Value("kind"), e.Value("count/people"), strings.Join(e.Rows("team"), ","), e.Value("team/" + row + "/name")}, " ")
	}
	for i, want := range []string{"b 7 " + row + " Tổ 3", "b 7 " + row + " ", "b 7  ", "b ?12x  ", "b   ", "a   ", "   "} {
		if _, ok := e.Undo(); !ok || said() != want {
			t.Fatalf("after %d: %q, want %q", i+1, said(), want)
		}
	}
	if _, ok := e.Undo(); ok {
		t.Error("there is still something to take back")
	}
}

// What is taken back goes into the draft like any other change, and an edit that is taken back is none.
func TestAnEditTakenBackIsNone(t *testing.T) {
	m, _ := filling(t, "awareness_session")
	m.App.Go(app.PageRecords)
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "households": "12"})
	m.Wait(time.Second)
	m.App.List.Choose(0)
	m.Settle()
	m.App.Edit()
	m.Settle()
	e := m.App.Editor()
	e.Type("households", "13")
	m.Wait(time.Second)
	e.Undo()
	m.Wait(time.Second)
	if d := m.Drafts(); len(d[0].Values) != 0 || e.Value("households") != "12" {
		t.Errorf("%+v", d)
	}
}

var lastSession = map[string]string{"occurred_on": "2026-11-16", "method": "truc_tiep", "venue_type": "lang", "topics": "toi_pham tin_dung_den",
	"language": "vi jra", "participants_total": "38", "count_method": "dem", "lead_body": "cong_an", "presenters": "2", "questions_raised": "7", "questions_answered": "7", "note": "Bà con hỏi nhiều."}

// Ctrl+D: what is likely to be the same is copied from the officer's own last record, into empty places only; days,
// numbers, words and places never.
func TestASectionIsCopiedFromTheLastRecord(t *testing.T) {
	m, _ := filling(t, "awareness_session")
	m.App.Go(app.PageRecords)
	venue := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4"}).String()
	last := map[string]string{"venue": venue}
	for k, v := range lastSession {
		last[k] = v
	}
	m.Write("diem.pq.24", "awareness_session", last)
	m.V.Pass(time.Minute)
	last["method"] = "xe_loa"
	m.Write("ha.ltm.24", "awareness_session", last) // a colleague's, later
	m.Wait(time.Second)
	m.App.New("awareness_session")
	m.Settle()
	e := m.App.Editor()
	e.Set("language", "bdq")
	e.CopyLast("method")
	m.Settle()
	for path, want := range map[string]string{"method": "truc_tiep", "topics": "toi_pham tin_dung_den", "language": "bdq", "venue": "", "occurred_on": "", "lead_body": ""} {
		if got := e.Value(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if !e.IsCopied("method") || e.IsCopied("language") {
		t.Error("the marks are wrong")
	}
	e.CopyLast("lead_body")
	m.Settle()
	if e.Value("lead_body") != "cong_an" || e.Value("presenters")+e.Value("participants_total")+e.Value("note") != "" {
		t.Error("the second section is wrong")
	}
	m.App.DoToast()
	if e.Value("lead_body") != "" || e.Value("method") != "truc_tiep" {
		t.Error("the toast takes back more or less than what it spoke of")
	}
	e.Set("method", "xe_loa")
	if e.IsCopied("method") {
		t.Error("what was touched is still marked")
	}
}

func TestASectionSaysHowFarItIs(t *testing.T) {
	_, e := filling(t, "every")
	said := func() (all []string) {
		for _, s := range e.Rail() {
			all = append(all, fmt.Sprintf("%s: %s (%d)", s.Title, s.Line, s.State))
		}
		return all
	}
	if got := said(); len(got) != 5 || got[0] != "Nơi và lúc: còn 1 ô trống (0)" || got[4] != "Tổ: không bắt buộc (0)" {
		t.Errorf("%q", got)
	}
	e.Type("place/day", "1611")
	e.Leave("place/day")
	e.Type("place/at", "25:00")
	e.Leave("place/at")
	e.AddRow("team")
	if got := said(); got[0] != "Nơi và lúc: 1 chỗ cần sửa (2)" || got[4] != "Tổ: 1 dòng (1)" {
		t.Errorf("%q", got)
	}
	e.Type("place/at", "15:00")
	if got := said(); got[0] != "Nơi và lúc: đủ 1 ô (1)" {
		t.Errorf("%q", got)
	}
}

// Every built-in form is cut into parts that hold all of it once, none of them too long; a short one is not cut.
func TestFormsAreCutIntoSections(t *testing.T) {
	m, _ := filling(t, "every")
	for _, f := range m.App.Forms() {
		m.App.New(f.ID)
		m.Settle()
		e := m.App.Editor()
		n := 0
		for i, items := range e.Sections() {
			n += len(items)
			if len(items) > 9 {
				t.Errorf("%s: section %d has %d items", f.ID, i+1, len(items))
			}
			for _, it := range items {
				if it.Type != form.Group && e.SectionOf(it.Path("")) != i {
					t.Errorf("%s is not in its section", it.Template)
				}
			}
		}
		if n < len(e.Form().Items) {
			t.Errorf("%s: %d of %d items", f.ID, n, len(e.Form().Items))
		}
		if e.Form().ID() == "blood_donation" && e.Rail() != nil {
			t.Error("a short form has a rail")
		}
	}
}

// In a long form what is wrong elsewhere follows when the hand rests, and finishing never looks at what is old.
func TestALongFormIsLookedAtWhenTheHandRests(t *testing.T) {
	m, e := filling(t, "large")
	_, required := e.Counts()
	if required != 150 {
		t.Fatalf("%d are required", required)
	}
	for i := range 5 {
		e.Type("g0/q0", strings.Repeat("1", i+1))
		m.Wait(200 * time.Millisecond)
		if filled, _ := e.Counts(); filled != 0 {
			t.Fatal("looked at between two keys")
		}
	}
	m.Wait(300 * time.Millisecond)
	if filled, _ := e.Counts(); filled != 1 || e.Value("g0/sum") != "11111" {
		t.Error("never looked at")
	}
	e.Type("g0/q4", "5")
	if e.Finish(false) || e.Missing() != 148 {
		t.Errorf("%d are missing", e.Missing())
	}
}

func TestAPictureIsTakenInAndTakenBack(t *testing.T) {
	var c *apptest.Camera
	m, e := filling(t, "awareness_session", func(v *apptest.Village) { c = apptest.NewCamera(t, "nha-van-hoa.jpg"); v.Photos = c })
	e.AddPicture("photo", c.File("nha-van-hoa.jpg"))
	if p := e.Picture("photo"); !p.Busy || e.Value("photo") != "" {
		t.Error("an answer before it is kept")
	}
	m.Settle()
	p := e.Picture("photo")
	if p.Name != "nha-van-hoa.jpg" || p.Line != "Thu nhỏ từ 4,1 MB còn 212 KB · đã lưu trong máy" || p.JPEG == nil || !strings.HasPrefix(e.Value("photo"), "b2:") {
		t.Errorf("%+v %q", p, e.Value("photo"))
	}
	e.RemovePicture("photo")
	if e.Picture("photo").Some {
		t.Error("it is still there")
	}
	m.App.DoToast()
	e.Picture("photo")
	m.Settle()
	if p := e.Picture("photo"); !p.Some || p.Line != "212 KB · đã lưu trong máy" || p.JPEG == nil {
		t.Errorf("%+v", p)
	}
	e.AddPicture("photo", c.File("khong-co.jpg"))
	m.Settle()
	if p := e.Picture("photo"); !p.Some {
		t.Error("a picture that cannot be read took the other one away")
	}
}

func TestThePlaceComesFromTheMachine(t *testing.T) {
	at, broken := nmea.Position{Lat: 13.98, Lon: 108.01, Acc: 12.4}, error(nil)
	m, e := filling(t, "venue_register", func(v *apptest.Village) {
		v.Position = func(context.Context) (nmea.Position, error) { return at, broken }
	})
	over := 0
	e.Locate("geo", func() { over++ })
	m.Settle()
	if e.Value("geo") != "13.98 108.01 0 12.4" || e.Text("geo") != "13,98 108,01" || e.Accuracy("geo") != 12.4 {
		t.Errorf("%q %q", e.Value("geo"), e.Text("geo"))
	}
	broken = fault.New(fault.NotFound, "gps", errors.New("no receiver"))
	e.Locate("geo", func() { over++ })
	m.Settle()
	if over != 2 || m.App.Toast() == nil || e.Accuracy("geo") != 12.4 {
		t.Error("a receiver that says nothing is not spoken of, or took the answer away")
	}
}
