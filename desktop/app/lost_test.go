package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/shared/fault"
)

// A machine that was reported lost shows nothing, keeps what was being written, and says why in plain words.
func TestALostMachineIsLockedAtOnce(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	m.Engine.Set(app.SyncStatus{Phase: app.Sending, Lost: true, ToPush: 3, Pushed: 1})
	if m.App.Me() != "" || m.App.Page() != app.PageSignIn || m.App.Editor() != nil {
		t.Fatal("it is not locked")
	}
	if said := m.App.Gate.Said(); !strings.Contains(said, "đã được báo mất") || !strings.Contains(said, "không mất") {
		t.Errorf("said %q", said)
	}
	if m.Door.Shuts != 0 || !m.App.Open() || m.App.Bar().Strong != "Đang gửi 1 trên 3 …" {
		t.Errorf("shut %d times, open %v, %q: it is to go on sending", m.Door.Shuts, m.App.Open(), m.App.Bar().Strong)
	}
	if d := m.Drafts(); len(d) != 1 || d[0].Values["name"] != "Thôn 4" {
		t.Errorf("the draft holds %+v", d)
	}
	m.Engine.Set(app.SyncStatus{Lost: true, Fault: fault.Wiped})
	m.Wait(time.Second)
	if m.Door.Shuts != 1 || m.App.Open() {
		t.Errorf("its keys are gone: shut %d times, open %v", m.Door.Shuts, m.App.Open())
	}
	if said := m.App.Gate.Said(); !strings.Contains(said, "đã được hủy theo lệnh của trung tâm") {
		t.Errorf("said %q", said)
	}
}

// What was being written when the lid is closed is durable before the machine sleeps.
func TestAScreenIsLockedBeforeTheMachineSleeps(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	done := make(chan struct{})
	go func() {
		m.App.Asleep()
		close(done)
	}()
	m.Until(func() bool { return m.App.Me() == "" })
	select {
	case <-done:
		t.Error("the machine sleeps before the draft is durable")
	default:
	}
	m.Settle()
	<-done
	if d := m.Drafts(); len(d) != 1 || d[0].Values["name"] != "Thôn 4" || m.App.Page() != app.PageSignIn || m.Door.Shuts != 0 {
		t.Errorf("the draft holds %+v", d)
	}
	go m.App.Asleep() // again, on the way to sleep, with nobody there
	m.Settle()
}
