package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/fault"
)

func TestTheFirstStartMakesTheFirstOfficer(t *testing.T) {
	m := apptest.NewVillage(t).NewMachine(24).Start()
	g := m.App.Gate
	if !g.First() || m.App.Page() != app.PageSignIn {
		t.Fatal("the first page should ask for the first officer")
	}
	for _, c := range []struct{ name, pass, again, said string }{
		{"  ", apptest.Passphrase, apptest.Passphrase, "Ghi họ và tên trước."},
		{"Lê Thị Mai Hạ", "ngắn", "ngắn", "Mật khẩu này dễ đoán nên chưa được đặt. Chưa có gì thay đổi. Ghép bốn từ không liên quan nhau, ví dụ tên cây, con vật, đồ dùng. Có dấu và khoảng trắng cũng được. (weak_passphrase)"},
		{"Lê Thị Mai Hạ", apptest.Passphrase, "suối vàng", "Hai lần gõ mật khẩu chưa giống nhau. Gõ lại cả hai ô."},
	} {
		g.Create(c.name, "", c.pass, c.again)
		m.Settle()
		if g.Said() != c.said || m.App.Me() != "" {
			t.Errorf("said %q, want %q", g.Said(), c.said)
		}
	}
	m.SignIn("Lê Thị  Mai Hạ")
	if m.App.Me() != "Lê Thị Mai Hạ" || m.App.Page() == app.PageSignIn {
		t.Errorf("signed in as %q", m.App.Me())
	}
	if os, _ := m.Door.Officers(); len(os) != 1 || os[0].ID != "ha.ltm.24" {
		t.Errorf("entered as %+v", os)
	}
}

func TestWrongTriesSlowDownAndLoseNothing(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	m.App.SignOut()
	m.Settle()
	g := m.App.Gate
	g.Try("sai")
	m.Settle()
	if g.Said() != "Mật khẩu chưa đúng. Còn 4 lần thử, rồi máy nghỉ 1 phút. Sổ không bị xóa." {
		t.Errorf("said %q", g.Said())
	}
	for range 4 {
		g.Try("sai")
		m.Settle()
	}
	if g.Said() != "Nhập sai nhiều lần. Thử lại lúc 09:42:00. Chữ đã lưu vẫn còn nguyên." {
		t.Errorf("said %q", g.Said())
	}
	g.Try(apptest.Passphrase)
	m.Settle()
	if m.App.Me() != "" {
		t.Fatal("let in during the pause")
	}
	again := m.PowerCut().Start() // switching off is no way around
	again.App.Gate.Try(apptest.Passphrase)
	again.Settle()
	if again.App.Me() != "" {
		t.Fatal("let in after switching off and on")
	}
	m.Wait(time.Minute)
	g.Try(apptest.Passphrase)
	m.Settle()
	if m.App.Me() != "Phan Quốc Điềm" || len(m.Drafts()) != 1 {
		t.Errorf("after the pause: %q, %d drafts", m.App.Me(), len(m.Drafts()))
	}
}

func TestAColleagueOnTheSameLaptopSeesHerOwnDraftsOnly(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	m.App.Go(app.PageSettings)
	m.Settle()
	m.App.Gate.Create("Lê Thị Mai Hạ", "", "mai hạ mùa xuân", "mai hạ mùa xuân")
	m.Settle()
	m.App.SignOut()
	m.Settle()
	g := m.App.Gate
	if len(g.Officers()) != 2 || g.Officers()[g.Chosen()].Name != "Phan Quốc Điềm" {
		t.Fatalf("%+v", g.Officers())
	}
	g.Choose(1)
	g.Try(apptest.Passphrase)
	m.Settle()
	if m.App.Me() != "" {
		t.Fatal("his passphrase opened it for her")
	}
	g.Try("mai hạ mùa xuân")
	m.Settle()
	if drafts, _, _ := m.App.Counts(); m.App.Me() != "Lê Thị Mai Hạ" || drafts != 0 || m.App.Offer() != "" {
		t.Errorf("%q sees %d drafts", m.App.Me(), drafts)
	}
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 5")
	m.App.Editor().Type("occurred_on", "17/11")
	m.App.Editor().Leave("occurred_on")
	m.App.Editor().Set("type", "thon")
	m.App.Editor().Set("parent_unit", apptest.Unit)
	if !m.App.Editor().Finish(false) {
		t.Fatal(m.App.Toast().Text)
	}
	m.Settle()
	if who := m.App.Detail().History[0].Who; who != "Bạn" {
		t.Errorf("written by %q", who)
	}
}

func TestAScreenThatNobodyTouchesIsLockedAndSendingGoesOn(t *testing.T) {
	_, m := openNotebook(t)
	m.App.SetLockAfter(5)
	m.App.New("venue_register")
	m.Settle()
	m.Wait(4 * time.Minute)
	m.App.Editor().Type("name", "Thôn 4")
	m.Wait(4 * time.Minute)
	if m.App.Me() == "" {
		t.Fatal("locked while somebody was writing")
	}
	m.App.Active()
	m.SetBack(time.Hour)
	for range 3 {
		m.Wait(4 * time.Minute)
		m.App.Active()
	}
	if m.App.Me() == "" {
		t.Fatal("locked under somebody at the keys, because the clock was set back")
	}
	m.App.Editor().Type("name", "Thôn 41")
	m.Wait(6 * time.Minute)
	if m.App.Me() != "" || m.App.Page() != app.PageSignIn || m.App.Editor() != nil {
		t.Fatal("not locked after five minutes")
	}
	if m.Door.Shuts != 0 || !m.App.Open() {
		t.Error("a timer has closed the notebook")
	}
	if d := m.Drafts(); len(d) != 1 || d[0].Values["name"] != "Thôn 41" {
		t.Errorf("the draft holds %+v", d)
	}
	m.Engine.Set(app.SyncStatus{Phase: app.Sending, ToPush: 3, Pushed: 1})
	m.Wait(time.Second)
	if got := m.App.Bar().Strong; got != "Đang gửi 1 trên 3 …" {
		t.Errorf("the locked screen says %q", got)
	}
	m.App.Gate.Try(apptest.Passphrase)
	m.Settle()
	if len(m.App.Drafts()) != 1 {
		t.Error("the draft is not offered")
	}
}

// What was under way when the screen was locked says nothing to whoever comes by, and offers him nothing. That words could not be saved it
// does say.
func TestTheLockedScreenTellsNothingOfTheOfficersWork(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	m.Wait(time.Second)
	m.App.Editor().Discard()
	m.App.Lock()
	m.Settle()
	if x := m.App.Toast(); x != nil || len(m.Drafts()) != 0 {
		t.Errorf("the locked screen says %+v, with %d drafts", x, len(m.Drafts()))
	}
	m.App.Gate.Try(apptest.Passphrase)
	m.Settle()
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 5")
	m.Break(fault.DiskFull)
	m.App.Lock()
	m.Settle()
	if x := m.App.Toast(); x == nil || !strings.Contains(x.Text, "Ổ đĩa đã đầy") || x.Action != "" {
		t.Errorf("of words that could not be saved the locked screen says %+v", x)
	}
}

func TestClosingTheNotebookForgetsIt(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	m.App.SignOut()
	if m.Door.Shuts != 1 || m.App.Open() || len(m.Drafts()) != 1 {
		t.Fatalf("shut %d times, open %v, %d drafts", m.Door.Shuts, m.App.Open(), len(m.Drafts()))
	}
	m.Settle() // what was under way comes back to nobody
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 5"})
	m.Wait(time.Minute)
	if m.App.Bar().Saved != "0" {
		t.Error("the closed notebook is still watched")
	}
	m.App.Gate.Try(apptest.Passphrase)
	m.Settle()
	m.App.Go(app.PageRecords)
	m.Settle()
	if m.App.List.Len() != 2 || len(m.App.Drafts()) != 1 {
		t.Errorf("after opening it again: %d rows, %d drafts", m.App.List.Len(), len(m.App.Drafts()))
	}
}

func TestAPassphraseIsChanged(t *testing.T) {
	_, m := openNotebook(t)
	m.App.Gate.Rekey("sai", "mùa gặt lúa mới", "mùa gặt lúa mới")
	m.Settle()
	if m.App.Gate.Said() == "" {
		t.Error("changed by somebody who does not know it")
	}
	m.App.Gate.Rekey(apptest.Passphrase, "mùa gặt lúa mới", "mùa gặt lúa mới")
	m.Settle()
	m.App.SignOut()
	m.App.Gate.Try(apptest.Passphrase)
	m.Settle()
	if m.App.Me() != "" {
		t.Fatal("the old one still opens")
	}
	m.App.Gate.Try("mùa gặt lúa mới")
	m.Settle()
	if m.App.Me() != "Phan Quốc Điềm" {
		t.Error(m.App.Gate.Said())
	}
}
