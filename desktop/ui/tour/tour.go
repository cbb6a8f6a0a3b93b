// Package tour owns the story that shows every page of the window, in every state worth a look: pictures and goldens of the
// pages are taken at its stops. It goes through whatever window it is given, that of the tests or a real one.
package tour

import (
	"iter"
	"os"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/photo"
	"banlang/shared/dispatch"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/roster"
	"banlang/shared/units"
)

const me, colleague = "diem.pq.24", "ha.ltm.25"

// Machine is the laptop of the tour, new and without a notebook, with a camera's card in it.
func Machine(t testing.TB) *apptest.Machine {
	t.Helper()
	v := apptest.NewVillage(t)
	v.Photos = apptest.NewCamera(t, picture)
	v.Newcomer = &apptest.Newcomer{}
	return v.NewMachine(24)
}

const picture = "IMG_2041.jpg"

// Stops leads a machine that nobody has used yet through all pages of its window, in the language and text size that are
// set, and yields the name of each stop. All of it, what comes after a stop too, happens on the goroutine of the iteration,
// which must be that of the window. The window shows what a stop is about once it has painted.
func Stops(m *apptest.Machine, w fyne.Window) iter.Seq[string] {
	return func(yield func(string) bool) {
		s := &story{Machine: m, hand: hand{w}, yield: yield}
		for _, part := range []func(){s.enrol, s.begin, s.fill, s.records, s.asking, s.forms, s.rows, s.dispatch, s.sync, s.anew, s.voiding, s.drawn, s.settings, s.lost} {
			if part(); s.over {
				return
			}
		}
	}
}

type story struct {
	*apptest.Machine
	hand

	yield func(string) bool
	over  bool // nobody wants to see more

	venue    string     // a place of the register
	contest  record.Dot // two people wrote one of its fields differently
	rejected record.Dot // its latest change was not accepted
	returned record.Dot // the centre has sent it back
	orders   record.Dot // a directive
}

// show settles everything that is due and stops here.
func (s *story) show(name string) {
	s.T().Helper()
	s.Wait(time.Second)
	if !s.over {
		s.over = !s.yield(name)
	}
}

func (s *story) visit(p app.Page, name string) {
	s.App.Go(p)
	s.show(name)
}

// enrol is the first start of a new laptop: somebody else answers in place of the centre, then the centre.
func (s *story) enrol() {
	e, n := s.App.Enrolment, s.V.Newcomer
	s.show("60-enrol")
	s.write("7K3M-Q9T2-XV5N")
	s.show("61-enrol-typing")
	e.SetCode(apptest.NewcomersCode[1:] + "C")
	e.Try()
	s.show("62-enrol-slip")
	e.SetCode(apptest.NewcomersCode)
	e.SetAddress("trungtam.sonla.gov.vn:7443")
	n.Says, n.Here = fault.New(fault.EnrolForged, "enrol", nil), []app.EnrolFile{apptest.Stick(s.V.Wall().Time())}
	e.Look()
	s.Settle()
	e.Try()
	s.show("63-enrol-refused")
	s.key(fyne.KeyF1)
	s.show("64-keys-enrol")
	s.key(fyne.KeyF1)
	n.Says = nil
	e.Try()
	s.Settle()
}

// begin is the first day: nobody has a passphrase yet, and there is nothing.
func (s *story) begin() {
	s.show("01-first-start")
	s.App.EndToast()
	s.SignIn("Phan Quốc Điềm")
	s.visit(app.PageToday, "02-today-empty")
	s.visit(app.PageRecords, "03-records-empty")
	s.visit(app.PageFlash, "04-flash-empty")
	s.visit(app.PageDirectives, "05-directives-empty")
	s.App.SignOut()
	s.Settle()
	s.show("06-sign-in")
	s.App.Gate.Try("suối vàng")
	s.show("07-wrong-passphrase")
	s.App.Gate.Try(apptest.Passphrase)
	s.Settle()
}

// fill is a week of work, of a colleague and of the centre too.
func (s *story) fill() {
	s.venue = Week(s.Machine)
	s.contest = Contest(s.Machine, s.venue)
	s.rejected = s.Write(me, "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon", "occurred_on": "2026-11-16"})
	s.V.Pass(time.Minute)
	s.Change(me, s.rejected, "households", "12")
	changes, err := s.Book.History(s.T().Context(), s.rejected)
	if err != nil {
		s.T().Fatal(err)
	}
	s.RejectChange(s.rejected, changes[1].Dot, "form_version")
	s.returned = s.Records("awareness_session")[1]
	s.Review(s.returned, record.ReviewReturned, "Đề nghị ghi rõ cách đếm.")
	s.Review(s.Records("self_mgmt_group")[0], record.ReviewApproved, "")
	s.PublishUnits(units.Unit{Code: "SL", Name: "Tỉnh Sơn La", Level: "province"}, units.Unit{Code: apptest.Unit, Parent: "SL", Name: apptest.UnitName, Level: "commune"})
	s.PublishStaff(roster.Person{Account: apptest.Reviewer, Name: "Trần Thị Trà", Unit: "SL"})
	s.orders = s.Directive("12/KH-CAT", "Cao điểm vận động giao nộp vũ khí, vật liệu nổ, công cụ hỗ trợ và pháo", "2026-11-30", "2026-12-15")
	s.Wait(time.Minute)
	s.App.New("venue_register")
	s.Settle()
	s.App.Editor().Type("name", "Thôn Plei Sơ Un")
	s.Wait(time.Second)
	s.visit(app.PageToday, "08-today")
}

func (s *story) records() {
	s.App.Go(app.PageRecords)
	s.choose(s.contest)
	s.show("09-records-conflict")
	s.App.Detail().Notices[0].Do()
	s.show("10-conflict")
	s.App.Go(app.PageRecords)
	s.choose(s.rejected)
	s.show("11-records-attention")
	s.write("suoi vang")
	s.show("12-records-found")
	for range "suoi vang" {
		s.key(fyne.KeyBackspace)
	}
	s.Wait(time.Second)
	s.key(fyne.KeyF1)
	s.show("13-keys-records")
	s.key(fyne.KeyF1)
}

// asking is what needs the officer, and what he answers there.
func (s *story) asking() {
	s.visit(app.PageAsking, "27-asking-rejected")
	s.App.Asking.Choose(1)
	s.show("28-asking-conflict")
	s.App.Asking.Choose(2)
	s.show("29-asking-returned")
	s.App.Asking.Detail().Do()
	s.show("36-form-returned")
	s.App.Go(app.PageRecords)
	s.choose(s.returned)
	s.show("37-records-returned")
	s.App.Go(app.PageDirectives)
	s.key(fyne.KeyF1)
	s.show("38-keys-directives")
	s.key(fyne.KeyF1)
	s.App.Go(app.PageRecords)
	s.choose(s.contest)
	s.App.Detail().Notices[0].Do()
	s.Settle()
	s.App.Choice().Ask()
	s.show("39-records-asked")
	s.App.EndToast()
}

// choose opens a record of the list.
func (s *story) choose(rec record.Dot) {
	s.T().Helper()
	s.Settle()
	for i := range s.App.List.Len() {
		s.App.List.Choose(i)
		s.Settle()
		if d := s.App.Detail(); d != nil && d.Record == rec {
			return
		}
	}
	s.T().Fatalf("the list does not hold %v", rec)
}

// open begins a form.
func (s *story) open(id string) *app.Editor {
	s.App.New(id)
	s.Settle()
	return s.App.Editor()
}

func (s *story) forms() {
	s.visit(app.PageNew, "14-which-form")
	e := s.open("self_mgmt_group")
	e.Type("name", "Tổ liên gia số 4")
	s.show("15-form-short")
	e.Discard()
	s.Settle()
	e = s.open("awareness_session")
	s.show("16-form-long")
	s.key(fyne.KeyF4)
	s.show("17-form-calendar")
	s.key(fyne.KeyEscape)
	s.key(fyne.KeyF1)
	s.show("18-keys-form")
	s.key(fyne.KeyF1)
	for path, value := range Session(s.venue, "38") {
		if path != "presenters" {
			e.Set(path, value)
		}
	}
	e.AddPicture("photo", s.V.Photos.(*apptest.Camera).File(picture))
	s.Wait(time.Second)
	s.scroll()
	s.show("19-form-middle")
	s.scroll()
	s.show("20-form-picture")
	e.Set("questions_answered", "9")
	s.press("form.finish")
	s.show("21-form-errors")
	s.Break(fault.DiskFull)
	e.Type("note", "Bà con hỏi nhiều về tín dụng đen.")
	s.show("22-form-disk-full")
	s.Mend()
	s.Wait(4 * time.Second)
	e.Discard()
	s.Settle()
}

func (s *story) rows() {
	e := s.open("weapon_handover")
	s.show("23-form-rows-empty")
	for path, value := range map[string]string{"occurred_on": "2026-11-16", "receipt_no": "12/BB", "how": "van_dong"} {
		e.Set(path, value)
	}
	for _, cells := range [][2]string{{"round", "3089"}, {"explosive_g", "1.5"}, {"gun_hunting", "2"}} {
		row := e.AddRow("items")
		e.Set(form.JoinPath("items", row, "kind"), cells[0])
		e.Set(form.JoinPath("items", row, "quantity"), cells[1])
	}
	s.Wait(time.Second)
	s.show("24-form-rows")
	s.scroll()
	s.show("25-form-rows-end")
	for range 3 { // behind the day, the number and the way: in the first row
		s.key(fyne.KeyReturn)
	}
	s.key(fyne.KeyF4)
	s.show("58-form-choices")
	e.Discard()
	s.Settle()
	s.App.EndToast()
	s.App.ResumeLatest()
	s.Settle()
	s.show("26-form-resumed")
}

func (s *story) dispatch() {
	e := s.open(dispatch.FormFlash)
	s.show("30-flash-form")
	for path, value := range map[string]string{"happened_at": "2026-11-17T09:00:00.000+07:00", "known_at": "2026-11-17T09:25:00.000+07:00",
		"category": "thien_tai", "severity": "2", "place": s.venue, "summary": "Lũ ống cuốn trôi ngầm tràn, 12 hộ bị chia cắt, chưa có thiệt hại về người"} {
		e.Set(path, value)
	}
	s.Wait(time.Second)
	if !e.Finish(false) {
		s.T().Fatalf("the flash report is not finished: %s", e.First())
	}
	s.Wait(time.Minute)
	s.visit(app.PageFlash, "31-flash-queued")
	before := s.Engine.Status()
	s.Engine.Set(app.SyncStatus{Phase: app.Sending, ToPush: 3})
	s.show("68-flash-sending")
	s.Engine.Set(before)
	rec := s.Records(dispatch.FormFlash)[0]
	s.Receipt()
	at := s.V.Wall().Time()
	s.FromCentre(rec, dispatch.FormFlash, nil, map[string]string{dispatch.ArrivedAt: form.Moment(at)})
	s.Wait(20 * time.Minute)
	s.FromCentre(rec, dispatch.FormFlash, nil, map[string]string{"ack/+1/unit": "SL", "ack/+1/at": form.Moment(at.Add(20 * time.Minute)),
		"ack/+1/instruction": "Giữ hiện trường, cử người trực hai đầu ngầm, báo tiếp trước 17:00."})
	s.show("32-flash-acknowledged")

	s.visit(app.PageDirectives, "33-directives")
	s.scroll()
	s.show("34-directive-text")
	ds := s.App.Directives
	ds.Open(s.orders)
	s.Settle()
	ds.AcceptAll()
	s.Wait(time.Second)
	task := ds.Opened().Tasks[1].Ref
	ds.Form(task).Type(dispatch.Progress, "40")
	ds.Form(task).Type(dispatch.Obstacle, "cần thêm tờ rơi tiếng Jrai")
	ds.Report(task)
	s.Wait(time.Second)
	ds.Link(task, s.contest)
	s.show("35-directive-under-way")
	ds.Form(task).Type(dispatch.Progress, "60")
	ds.Form(task).Type(dispatch.Obstacle, "đã đủ tờ rơi, thiếu người dịch")
	Overtake(s.Machine, task, "cầu Ia Drang đã sập, không qua được")
	s.scroll()
	s.show("56-directive-typed")
	ds.Discard(task)
	s.Settle()
	hers := s.V.NewMachine(27)
	hers.Write(colleague, dispatch.FormFollowUp, map[string]string{dispatch.TaskOf: ds.Opened().Tasks[0].Ref, dispatch.OccurredOn: "2026-11-17",
		dispatch.Accepted: dispatch.No, dispatch.Obstacle: "đang trực ở ngầm tràn"})
	s.V.Carry(hers, s.Machine)
	s.show("69-directive-apart")
}

func (s *story) sync() {
	contact := s.V.Wall().Time()
	s.App.EndToast()
	s.visit(app.PageSync, "40-sync-offline")
	Photographs(s.Machine, 2)
	for _, x := range []struct {
		name   string
		status app.SyncStatus
	}{
		{"41-sync-sending", app.SyncStatus{Phase: app.Sending, ToPush: 61, Pushed: 24, In: 12_000, Out: 361_000, Month: 2_936_012, LastContact: contact}},
		{"42-sync-photos", app.SyncStatus{Phase: app.Sending, ToPush: 61, Pushed: 61, PhotosThere: 1, PhotoSent: 118 << 10, PhotoBytes: 243 << 10,
			In: 12_000, Out: 361_000, Month: 2_936_012, Taken: 4, LastContact: contact}},
		{"43-sync-trouble", app.SyncStatus{Fault: fault.WrongKey, LastContact: contact, NextTry: contact.Add(10 * time.Minute), Month: 2_936_012}},
	} {
		s.Engine.Set(x.status)
		s.show(x.name)
	}
	s.Receipt()
	s.Engine.Set(app.SyncStatus{Phase: app.Idle, LastContact: contact, In: 14_000, Out: 604_000, Month: 3_179_012})
	s.show("70-sync-photos-wait")
	s.PhotosArrive()
	s.show("44-sync-all-there")
	s.visit(app.PageToday, "45-today-in-touch")
	sessions := s.Records("awareness_session")
	s.App.ShowRecord(sessions[slices.IndexFunc(sessions, func(rec record.Dot) bool { return s.View(rec).Text("photo") != "" })])
	s.show("55-records-picture")
}

// anew is a record that the centre does not count, and that is written again in its place.
func (s *story) anew() {
	rec := s.Write(me, "venue_register", map[string]string{"name": "Thôn Kà Lốc", "type": "thon", "occurred_on": "2026-11-17", "parent_unit": "SL017",
		"households": "mười hai", "note": "Đường khó đi mùa mưa"})
	s.RejectChange(rec, rec, "type")
	s.Wait(time.Second)
	s.App.Go(app.PageAsking)
	s.Settle()
	rows, _, _ := s.App.Asking.Rows()
	s.App.Asking.Choose(slices.IndexFunc(rows, func(r app.AskRow) bool { return r.Record == rec }))
	s.show("46-asking-anew")
	s.App.Asking.OpenForm()
	s.show("47-form-anew")
	e := s.App.Editor()
	e.Type("households", "12")
	if !e.Finish(false) {
		s.T().Fatalf("the record is not written anew: %s", e.First())
	}
	s.show("48-records-anew")
	s.App.ShowRecord(rec)
	s.show("49-records-old")
	s.App.EndToast()
}

// voiding is a record that goes off the list, and how it is found again.
func (s *story) voiding() {
	s.choose(s.Records("self_mgmt_group")[0])
	s.press("detail.delete")
	s.show("56-void-question")
	s.press("detail.delete") // the one on top
	s.App.EndToast()
	s.App.List.SetState(app.Voided)
	s.Wait(time.Second)
	s.App.List.Choose(0)
	s.show("57-records-voided")
	s.App.Detail().Notices[0].Do()
	s.Settle()
	s.App.List.Everything()
	s.Wait(time.Second)
}

// drawn is a form that is answered by drawing: a signature, and marks on a photograph.
func (s *story) drawn() {
	s.Publish(apptest.Drawn())
	s.Wait(time.Second)
	e := s.open("drawn")
	e.Type("what", "Một khẩu súng kíp")
	e.Set("gives", "1")
	e.AddPicture("marks", s.V.Photos.(*apptest.Camera).File(picture))
	s.show("65-form-drawn-empty")
	s.press("draw.sign")
	for x := float32(180); x < 660; x += 60 {
		e.Stroke("signature", photo.Stroke{{X: x, Y: 180}, {X: x + 30, Y: 40 + x/5}, {X: x + 25, Y: 280 - x/6}, {X: x + 60, Y: 170}})
	}
	s.show("66-form-signature")
	s.press("draw.done")
	s.press("draw.over")
	e.Stroke("marks", photo.Stroke{{X: 60, Y: 60}, {X: 240, Y: 60}, {X: 240, Y: 150}, {X: 60, Y: 150}, {X: 60, Y: 60}})
	s.scroll()
	s.show("67-form-annotated")
	e.Discard()
	s.Settle()
}

func (s *story) settings() {
	s.visit(app.PageSettings, "50-settings")
	s.scroll()
	s.show("51-settings-end")
	s.App.Lock()
	s.show("52-locked")
}

// lost is what a finder sees, and whoever gets the machine back: first it only locks, and in the end its keys are gone.
func (s *story) lost() {
	s.App.Gate.Try(apptest.Passphrase)
	s.Settle()
	Photographs(s.Machine, 2) // so that something is to be sent
	s.Engine.Set(app.SyncStatus{Phase: app.Sending, Lost: true, ToPush: 2, Pushed: 1})
	s.show("53-lost")
	s.Engine.Set(app.SyncStatus{Lost: true, Fault: fault.Wiped})
	s.show("54-wiped")
}

// Session answers the questions about an awareness session.
func Session(venue, people string) map[string]string {
	return map[string]string{"occurred_on": "2026-11-16", "method": "truc_tiep", "venue": venue, "venue_type": "lang",
		"topics": "toi_pham tin_dung_den", "language": "vi jra", "participants_total": people, "count_method": "dem",
		"lead_body": "cong_an", "presenters": "2", "questions_raised": "7", "questions_answered": "7"}
}

// Week fills a notebook with made-up records, and gives a place of its register.
func Week(m *apptest.Machine) (venue string) {
	venue = m.Write(me, "venue_register", map[string]string{"name": "Làng Kon Tơ Ngol", "type": "lang", "occurred_on": "2026-01-05", "households": "118"}).String()
	suoi := m.Write(me, "venue_register", map[string]string{"name": "Thôn Suối Vàng", "type": "thon", "occurred_on": "2026-01-05", "households": "64"}).String()
	for _, x := range []struct {
		form   string
		values map[string]string
	}{
		{"self_mgmt_group", map[string]string{"name": "Tổ liên gia số 3", "type": "to_lien_gia", "founded_on": "2019-03-26", "households": "34", "members": "102", "status": "active"}},
		{"weapon_handover", map[string]string{"occurred_on": "2026-11-12", "receipt_no": "07/BB", "how": "van_dong",
			"items/1/kind": "round", "items/1/quantity": "3089", "items/2/kind": "gun_hunting", "items/2/quantity": "2", "danger": "false", "custody_place": "kho_don_vi"}},
		{"tip", map[string]string{"occurred_on": "2026-11-13", "channel": "hom_thu", "category": "ma_tuy", "urgency": "khan", "area": venue}},
		{"petition", map[string]string{"received_on": "2026-11-13", "type": "kien_nghi", "field": "cu_tru", "competence": "own"}},
		{"commune_profile", map[string]string{"as_of": "2026-06-30", "hh": "2137", "pop": "9745", "villages": "11"}},
	} {
		m.Write(me, x.form, x.values)
	}
	m.V.Pass(time.Minute)
	m.Receipt()
	m.Write(me, "awareness_session", Session(suoi, "38"))
	return venue
}

// Contest makes two people write one field differently, and gives the record.
func Contest(m *apptest.Machine, venue string) record.Dot {
	hers := m.V.NewMachine(25)
	rec := m.Write(me, "awareness_session", Session(venue, "60"))
	m.V.Carry(m, hers)
	m.V.Pass(5 * time.Hour)
	m.Change(me, rec, "participants_total", "64")
	m.V.Pass(time.Hour)
	hers.Change(colleague, rec, "participants_total", "46")
	hers.Change(colleague, rec, "materials", "40")
	m.V.Carry(hers, m)
	m.Wait(time.Second)
	return rec
}

// Overtake is a colleague's word of what stands in the way of a task, written on another machine.
func Overtake(m *apptest.Machine, task, obstacle string) {
	hers := m.V.NewMachine(26)
	m.V.Carry(m, hers)
	for _, rec := range m.Records(dispatch.FormFollowUp) {
		if m.View(rec).Text(dispatch.TaskOf) == task {
			hers.Change(colleague, rec, dispatch.Obstacle, obstacle)
		}
	}
	m.V.Carry(hers, m)
	m.Wait(time.Second)
}

// Photographs writes records with pictures that are not at the centre yet.
func Photographs(m *apptest.Machine, n int) {
	m.T().Helper()
	for i := range n {
		jpeg, err := os.ReadFile(apptest.NewCamera(m.T(), picture, "IMG_2042.jpg").File([]string{picture, "IMG_2042.jpg"}[i%2]))
		if err != nil {
			m.T().Fatal(err)
		}
		ref, err := m.Book.PutBlob(m.T().Context(), jpeg, "image/jpeg")
		if err != nil {
			m.T().Fatal(err)
		}
		if c, ok := m.V.Photos.(*apptest.Camera); ok {
			c.Keep(ref.String(), jpeg)
		}
		m.Write(me, "awareness_session", map[string]string{"occurred_on": "2026-11-16", "photo": ref.String()})
	}
	m.Wait(time.Second)
}
