package ui_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/ui"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
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

// photograph writes what the window shows to the folder named by BANLANG_SCREENS, if there is one.
func (h *hand) photograph(name string) {
	h.t.Helper()
	h.fits(name)
	dir := os.Getenv("BANLANG_SCREENS")
	img := ui.Win(h.w).Canvas().Capture()
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		h.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		h.t.Fatal(err)
	}
}

func meeting(venue, people string) map[string]string {
	return map[string]string{"occurred_on": "2026-11-16", "method": "truc_tiep", "venue": venue, "venue_type": "lang",
		"topics": "toi_pham tin_dung_den", "language": "vi jra", "participants_total": people, "count_method": "dem",
		"lead_body": "cong_an", "presenters": "2", "questions_raised": "7", "questions_answered": "7"}
}

// week fills a notebook with made-up records.
func week(v *apptest.Village, m *apptest.Machine) (venue string) {
	const me = "diem.pq.24"
	venue = m.Write(me, "venue_register", map[string]string{"name": "Làng Kon Tơ Ngol", "type": "lang", "occurred_on": "2026-01-05", "households": "118"}).String()
	suoi := m.Write(me, "venue_register", map[string]string{"name": "Thôn Suối Vàng", "type": "thon", "occurred_on": "2026-01-05", "households": "64"}).String()
	m.Write(me, "self_mgmt_group", map[string]string{"name": "Tổ liên gia số 3", "type": "to_lien_gia", "founded_on": "2019-03-26", "households": "34", "members": "102", "status": "active"})
	m.Write(me, "weapon_handover", map[string]string{"occurred_on": "2026-11-12", "receipt_no": "07/BB", "how": "van_dong",
		"items/1/kind": "round", "items/1/quantity": "3089", "items/2/kind": "gun_hunting", "items/2/quantity": "2", "danger": "false", "custody_place": "kho_don_vi"})
	m.Write(me, "tip", map[string]string{"occurred_on": "2026-11-13", "channel": "hom_thu", "category": "ma_tuy", "urgency": "khan", "area": venue})
	m.Write(me, "petition", map[string]string{"received_on": "2026-11-13", "type": "kien_nghi", "field": "cu_tru", "competence": "own"})
	m.Write(me, "commune_profile", map[string]string{"as_of": "2026-06-30", "hh": "2137", "pop": "9745", "villages": "11"})
	v.Pass(time.Minute)
	m.Receipt()
	m.Write(me, "awareness_session", meeting(suoi, "38"))
	return venue
}

// conflict makes two people write one field differently, and gives the record.
func conflict(v *apptest.Village, m *apptest.Machine, venue string) record.Dot {
	hers := v.NewMachine(25)
	rec := m.Write("diem.pq.24", "awareness_session", meeting(venue, "60"))
	v.Carry(m, hers)
	v.Pass(5 * time.Hour)
	m.Change("diem.pq.24", rec, "participants_total", "64")
	v.Pass(time.Hour)
	hers.Change("ha.ltm.25", rec, "participants_total", "46")
	hers.Change("ha.ltm.25", rec, "materials", "40")
	v.Carry(hers, m)
	m.Wait(time.Second)
	return rec
}

// TestScreens draws every page at both sizes of the design. With BANLANG_SCREENS=folder the pictures are kept to look at.
func TestScreens(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height float32
		step          int
	}{{"1280", 1280, 690, 16}, {"1024", 1024, 570, 18}} {
		t.Run(size.name, func(t *testing.T) {
			v := apptest.NewVillage(t)
			m := v.NewMachine(24)
			h := sit(t, m, size.width, size.height)
			m.App.SetTextSize(size.step)
			h.photograph(size.name + "-01-first")
			m.SignIn("Phan Quốc Điềm")
			h.photograph(size.name + "-02-empty")
			venue := week(v, m)
			rec := conflict(v, m, venue)
			pages(h, size.name, rec)
		})
	}
}

func pages(h *hand, name string, rec record.Dot) {
	m := h.Machine
	m.App.List.Choose(0)
	m.Settle()
	h.photograph(name + "-03-records")
	if d := m.App.Detail(); d == nil || d.Record != rec {
		h.t.Fatal("the newest record is not the one in conflict")
	}
	m.App.List.SetState(app.Queued)
	m.App.List.SetPeriod(app.PeriodDays)
	m.Settle()
	h.photograph(name + "-03-filtered")
	m.App.List.Everything()
	m.Settle()
	asking(h, name, rec)
	m.App.Go(app.PageRecords)
	m.App.List.Choose(0)
	m.Settle()
	m.App.Detail().Notices[0].Do()
	m.Settle()
	h.photograph(name + "-04-conflict")
	m.App.Go(app.PageNew)
	h.photograph(name + "-05-new")
	m.App.New("awareness_session")
	m.Settle()
	h.photograph(name + "-06-form")
	e := m.App.Editor()
	e.Type("participants_total", "38")
	e.Type("questions_raised", "7")
	e.Type("questions_answered", "9")
	m.Wait(time.Second)
	ui.PressFinish(h.w)
	m.Settle()
	h.photograph(name + "-07-form-missing")
	m.Break(fault.DiskFull)
	e.Type("note", "Bà con hỏi nhiều về tín dụng đen.")
	m.Wait(time.Second)
	h.photograph(name + "-08-form-disk-full")
	m.Mend()
	m.Wait(4 * time.Second)
	m.App.New("weapon_handover")
	m.App.Editor().AddRow("items")
	m.Settle()
	h.photograph(name + "-09-rows")
	m.App.Go(app.PageToday)
	m.Settle()
	h.photograph(name + "-10-today")
	photographs(h, 2)
	m.App.Go(app.PageSync)
	m.Engine.Set(app.SyncStatus{Phase: app.Sending, ToPush: 61, Pushed: 24, In: 12_000, Out: 361_000, Month: 2_936_012})
	m.Wait(time.Second)
	h.photograph(name + "-11-sync")
	m.Engine.Set(app.SyncStatus{Phase: app.Sending, ToPush: 61, Pushed: 61, PhotosThere: 1, PhotoSent: 118 << 10, PhotoBytes: 243 << 10,
		In: 12_000, Out: 361_000, Month: 2_936_012, Taken: 4})
	m.Wait(time.Second)
	h.photograph(name + "-11-sync-photo")
	m.Engine.Set(app.SyncStatus{Fault: fault.WrongKey, LastContact: m.V.Wall().Time()})
	m.Wait(time.Second)
	h.photograph(name + "-12-sync-trouble")
	m.App.Go(app.PageSettings)
	h.photograph(name + "-13-settings")
	m.App.Go(app.PageRecords)
	m.App.SetLanguage(app.English)
	m.App.List.Choose(1)
	m.Settle()
	h.photograph(name + "-14-english")
	m.App.Go(app.PageAsking)
	m.Settle()
	h.photograph(name + "-14-english-asking")
	m.App.Go(app.PageRecords)
	m.App.SetLanguage(app.Vietnamese)
	m.App.SignOut()
	m.Settle()
	m.App.Gate.Try("sai")
	m.Settle()
	h.photograph(name + "-15-signin")
}

// asking draws what needs somebody, and texts side by side.
func asking(h *hand, name string, rec record.Dot) {
	m := h.Machine
	wrong := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon"})
	m.Change("diem.pq.24", wrong, "households", "rất nhiều")
	m.RejectChange(wrong, m.View(wrong).Field("households")[0].Dot, "type")
	m.App.Go(app.PageAsking)
	m.Settle()
	h.photograph(name + "-16-asking")
	hers := m.V.NewMachine(26)
	long := m.Write("diem.pq.24", "awareness_session", map[string]string{"note": "Bà con hỏi về tín dụng đen và cách báo tin."})
	m.V.Carry(m, hers)
	m.Change("diem.pq.24", long, "note", "Bà con hỏi nhiều về tín dụng đen, lừa đảo qua điện thoại và cách báo tin cho công an xã.")
	m.V.Pass(time.Minute)
	hers.Change("ha.ltm.26", long, "note", "Bà con hỏi về tín dụng đen và cách báo tin, đề nghị phát thêm tờ rơi tiếng Jrai.")
	m.V.Carry(hers, m)
	m.Wait(time.Second)
	rows, _, _ := m.App.Asking.Rows()
	for i := range rows {
		if rows[i].Record == long {
			m.App.Asking.Choose(i)
		}
	}
	h.photograph(name + "-17-asking-conflict")
	m.App.Asking.Detail().Do()
	m.Settle()
	h.photograph(name + "-18-texts")
	m.App.Choice().Choose(0)
	m.Settle()
	if c := m.App.Choice(); c == nil || c.Record != rec {
		h.t.Fatal("the next conflict does not follow")
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
		week(v, m)
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

// photographs writes records with pictures that are not at the centre yet.
func photographs(h *hand, n int) {
	h.t.Helper()
	for i := range n {
		img := image.NewGray(image.Rect(0, 0, 40+i, 30))
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, nil); err != nil {
			h.t.Fatal(err)
		}
		ref, err := h.Book.PutBlob(h.t.Context(), b.Bytes(), "image/jpeg")
		if err != nil {
			h.t.Fatal(err)
		}
		h.Write("diem.pq.24", "awareness_session", map[string]string{"occurred_on": "2026-11-16", "photo": ref.String()})
	}
	h.Wait(time.Second)
}
