package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/dispatch"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/roster"
)

// TestStaffAreCalledByTheirNames: what somebody at the centre did stands under his account until the centre has told who he is;
// then, wherever it stood, under what he is called and his unit, also what he did before, and when he is called otherwise by now.
func TestStaffAreCalledByTheirNames(t *testing.T) {
	_, m := openNotebook(t)
	m.PublishUnits(country...)
	venue := place(m, "Thôn 2")
	rec := m.Write("diem.pq.24", "awareness_session", session(venue, "38"))
	flash := m.Write("diem.pq.24", dispatch.FormFlash, map[string]string{"happened_at": "2026-11-17T09:00:00.000+07:00", "known_at": "2026-11-17T09:25:00.000+07:00",
		"category": "thien_tai", "severity": "2", "place": venue, "summary": "Lũ ống"})
	m.Receipt()
	m.Review(rec, record.ReviewReturned, "Ghi rõ cách đếm.")
	m.Directive("12/KH-CAT", "Cao điểm", "2026-12-15", "2026-12-31")
	m.FromCentre(flash, dispatch.FormFlash, nil, map[string]string{"ack/+1/unit": "SL", "ack/+1/at": form.Moment(time.Date(2026, 11, 17, 9, 45, 0, 0, apptest.Zone))})
	shows := func(when, who, directive, ack string) {
		t.Helper()
		m.App.Go(app.PageToday)
		m.App.Go(app.PageRecords)
		m.Wait(time.Second)
		choose(m, rec)
		if n := notice(m, app.Returned); n == nil || !strings.Contains(n.Text, "” "+who+", ") {
			t.Errorf("%s: %+v", when, m.App.Detail().Notices)
		}
		want := who
		if !strings.Contains(who, "—") {
			want = "Trung tâm · " + who
		}
		if h := m.App.Detail().History[0]; h.Who != want {
			t.Errorf("%s: in the history stands %q", when, h.Who)
		}
		if rows := m.App.Directives.Rows(); len(rows) != 1 || !strings.HasPrefix(rows[0].Sub, directive+" · ") {
			t.Errorf("%s: the directive is of %+v", when, rows)
		}
		row := m.App.Flashes.Rows()[0]
		if clock := row.Clocks[len(row.Clocks)-1]; len(row.Acks) != 1 || row.Acks[0] != ack+" đã tiếp nhận lúc 09:45" || clock.Time != "09:45" {
			t.Errorf("%s: %+v", when, row)
		}
	}
	m.Wait(time.Second)
	shows("before it is told", apptest.Reviewer, "Tỉnh Sơn La", "Tỉnh Sơn La")
	m.PublishStaff(roster.Person{Account: apptest.Reviewer, Name: "Trần Thị Trà", Unit: "SL"}, roster.Person{Account: "other", Name: "Lê Nam", Unit: "VN"})
	m.Wait(time.Second)
	const tra = "Trần Thị Trà — Tỉnh Sơn La"
	shows("told", tra, tra, tra)
	m.Wait(time.Hour)
	m.PublishStaff(roster.Person{Account: apptest.Reviewer, Name: "Trần Thị Hương Trà", Unit: "GL"})
	m.Wait(time.Second)
	const now = "Trần Thị Hương Trà — Tỉnh Sơn La" // where he was then
	shows("called otherwise, and elsewhere", now, now, now)
	m.Publication(roster.Topics+"later", []byte{99, 1, 2})
	m.Wait(time.Second)
	shows("after what only a later program reads", now, now, now)
}

// TestAnOfficerIsNotTakenForStaff: an account of the centre may be called like an officer of this machine; who did what is told
// by where it was written.
func TestAnOfficerIsNotTakenForStaff(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("lan.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "type": "thon", "occurred_on": "2026-11-16"})
	m.Receipt()
	m.PublishStaff(roster.Person{Account: "lan.pq.24", Name: "Đinh Lan", Unit: "SL"})
	f := m.View(rec).Form
	m.FromCentre(rec, f.ID, nil, map[string]string{"households": "12"})
	m.Wait(time.Second)
	choose(m, rec)
	h := m.App.Detail().History
	if made := h[len(h)-1].Who; made != "lan.pq.24" {
		t.Errorf("the officer is %q", made)
	}
	for _, line := range h {
		if strings.Contains(line.Who, "Đinh") {
			t.Errorf("%+v", line)
		}
	}
}
