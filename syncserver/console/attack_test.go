package console_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"banlang/shared/clock"
	"banlang/shared/passphrase"
	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/centre"
	"banlang/syncserver/console"
	"banlang/syncserver/staff"
)

// noted are the entries of the audit of an account and an act.
func (h *house) noted(account string, act staff.Act) []audit.Entry {
	h.t.Helper()
	found, err := h.centre.Staff().Audit().List(h.t.Context(), audit.Filter{Account: account, Act: string(act)})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

// notedOnce fails unless an account's act is noted once, so.
func (h *house) notedOnce(account string, want audit.Entry) {
	h.t.Helper()
	var same []audit.Entry
	for _, e := range h.noted(account, staff.Act(want.Act)) {
		if e.Reason == want.Reason {
			same = append(same, e)
		}
	}
	everybody := h.noted("", staff.Act(want.Act))
	if len(same) != 1 || same[0].Unit != want.Unit || same[0].Form != want.Form || same[0].Record != want.Record || same[0].Count != want.Count {
		h.t.Errorf("%+v is noted as %+v, among %+v", want, same, everybody)
	}
	for _, e := range everybody {
		if e.Account != account && e.Reason == want.Reason && e.Record == want.Record {
			h.t.Errorf("it is noted once more, as done by %q from %q", e.Account, e.From)
		}
	}
}

// live asks as a page does by itself.
func (b *browser) live(path string) answer {
	b.h.t.Helper()
	r := b.request(http.MethodGet, path, nil)
	r.Header.Set("Live", "1")
	return b.do(r)
}

// between is what stands between two texts, the first time.
func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

// TestLiveIsNoCloak: saying that a page asks by itself hides no reading of what was not opened by hand before.
func TestLiveIsNoCloak(t *testing.T) {
	h := opened(t)
	rec := h.notebook("C1").write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp thôn", "occurred_on", "2026-11-17")
	b := h.as("vn.tra", "C1", staff.Review)
	before := len(h.noted("vn.tra", staff.ReadRecords)) // of the page where one comes to
	for i, path := range []string{"/records?q=hop", "/records/" + rec.String(), "/inbox"} {
		b.live(path)
		if n := len(h.noted("vn.tra", staff.ReadRecords)); n != before+i+1 {
			t.Errorf("%s: %d readings are noted, want %d", path, n, before+i+1)
		}
	}
	before = len(h.noted("vn.tra", staff.ReadRecords))
	b.live("/records?q=hop")
	b.live("/records/" + rec.String())
	if n := len(h.noted("vn.tra", staff.ReadRecords)); n != before {
		t.Errorf("a page that refreshes itself is noted %d times", n-before)
	}
}

// TestLineKeepsNobodyAwake: a page that hears what comes is no use of its session, however often its line is cut and made anew.
func TestLineKeepsNobodyAwake(t *testing.T) {
	h := opened(t)
	b := h.as("vn.tra", "P1", staff.Supervise)
	for range 4 {
		h.now.Add(int64(10 * time.Minute / time.Millisecond))
		resp, err := b.Do(b.request(http.MethodGet, "/live", nil))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if a := b.get("/audit"); !strings.HasPrefix(a.at, "/sign-in") {
		t.Errorf("after 40 minutes without a hand at it, it shows %s", a.at)
	}
}

// TestLinesOfOne: one account does not take all lines; who gets none is current when he loads the page.
func TestLinesOfOne(t *testing.T) {
	h := opened(t)
	b := h.as("vn.tra", "P1", staff.Supervise)
	b.Timeout = 0
	open := 0
	for range 30 {
		resp, err := b.Do(b.request(http.MethodGet, "/live", nil))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			open++
		}
	}
	if open == 0 || open == 30 {
		t.Errorf("%d of 30 lines are open", open)
	}
}

// TestAuditOfOnesOwn: who supervises a commune reads what was done to it and by its accounts, and nothing of its neighbour.
func TestAuditOfOnesOwn(t *testing.T) {
	h := opened(t)
	rec := h.notebook("C2").write("awareness_session", record.Dot{}, "_unit", "C2/ordinary", "note", "Họp thôn")
	h.as("r2", "C2", staff.Review).get("/records?q=" + "bi+mat+cua+c2")
	h.as("r1", "C1", staff.Review).get("/records?q=viec+cua+c1&unit=C2")
	h.as("pp", "P1", staff.Review).get("/records/" + rec.String())
	one := h.as("gs1", "C1", staff.Supervise).get("/audit")
	one.shows(t, "viec cua c1", ">r1<")
	for _, no := range []string{"bi mat cua c2", ">r2<", ">pp<", rec.String()} {
		if strings.Contains(one.body, no) {
			t.Errorf("the supervisor of C1 reads %q", no)
		}
	}
	h.as("gs2", "C2", staff.Supervise).get("/audit").shows(t, "bi mat cua c2", ">pp<", rec.String())
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "bi mat cua c2", "viec cua c1")
}

// TestUndoAsksAgain: to take something back is noted like the act itself, and who may not review any more takes nothing back.
func TestUndoAsksAgain(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	b := h.as("vn.tra", "P1", staff.Review)
	approve := func() (rec record.Dot, undo string) {
		rec = n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp thôn", "occurred_on", "2026-11-17")
		page := b.get("/records/" + rec.String())
		done := b.post("/records/"+rec.String()+"/review", "saw", between(page.body, `name="saw" value="`, `"`), "state", "approved", "to", "/records")
		done.shows(t, "Đã duyệt 1 bản ghi")
		return rec, between(done.body, `name="undo" value="`, `"`)
	}
	rec, undo := approve()
	before := len(h.noted("vn.tra", staff.ReviewRecord))
	b.post("/undo", "undo", undo, "to", "/records").shows(t, "Đã hoàn tác")
	if now := h.noted("vn.tra", staff.ReviewRecord); len(now) != before+1 || now[0].Record != rec.String() || now[0].Unit != "C1" {
		t.Errorf("an undo is noted as %+v", now)
	}
	rec, undo = approve()
	n.write("awareness_session", rec, "note", "đã sửa")
	b.post("/undo", "undo", undo, "to", "/records").shows(t, "Không còn hoàn tác được")
	_, undo = approve()
	err := h.centre.Staff().Change(t.Context(), staff.Keeper("root"), staff.Account{Name: "vn.tra", Person: "Vũ Ngọc Trà", Unit: "C2", Roles: []staff.Role{staff.Review}})
	if err != nil {
		t.Fatal(err)
	}
	b.post("/sign-in", "name", "vn.tra", "passphrase", good)
	if a := b.post("/undo", "undo", undo, "to", "/records"); a.status != http.StatusNotFound {
		t.Errorf("moved to a neighbour, he takes back what he approved: %d at %s", a.status, a.at)
	}
}

// TestTipsOneByOne: no list approves a tip, whatever a browser sends.
func TestTipsOneByOne(t *testing.T) {
	h := opened(t)
	tip := h.notebook("C1").write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", "2026-11-15")
	b := h.as("vn.tra", "C1", staff.Review)
	page := b.get("/records/" + tip.String())
	item := tip.String() + " " + between(page.body, `name="saw" value="`, `"`)
	if a := b.post("/inbox", "record", item, "state", "approved", "to", "/inbox"); a.status != http.StatusBadRequest {
		t.Errorf("a tip in a list: %d at %s", a.status, a.at)
	}
	many := []string{"state", "approved"}
	for range 600 {
		many = append(many, "record", item)
	}
	if a := b.post("/inbox", many...); a.status != http.StatusBadRequest {
		t.Errorf("600 at once: %d", a.status)
	}
}

// TestHostileAddresses: no address makes a page fail that is only badly asked for.
func TestHostileAddresses(t *testing.T) {
	h := opened(t)
	h.notebook("C1").write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp thôn")
	b := h.as("vn.tra", "P1", staff.Review)
	for _, query := range []string{"state=%22", "state=x%22+OR+%22y", "form=%22+OR+%22", "officer=%22)", "q=%22+OR+NEAR(", "q=" + strings.Repeat("ho+", 1500), "q=%00%ff",
		"unit=%22", "from=99/99/9999", "to=2026-13-45", "after=!!", "after=MSAx", "open=../../etc", "open=24-99999999999999999999", "by=day&after=IDE"} {
		for _, page := range []string{"/records?", "/inbox?"} {
			if a := b.get(page + query); a.status >= 500 {
				t.Errorf("%s%.40s: %d", page, query, a.status)
			}
		}
	}
	for _, name := range []string{"24-1", "24-x", "0000000000000001.1", "%00", strings.Repeat("9", 500)} {
		if a := b.get("/records/" + name); a.status != http.StatusNotFound {
			t.Errorf("/records/%.40s: %d", name, a.status)
		}
	}
}

// TestUnstaffed: where the register of accounts is torn every page says so, and what is safe.
func TestUnstaffed(t *testing.T) {
	dir, o := centre.Dir(t.TempDir()), centre.Options{Create: true, Views: true, Cost: passphrase.Least}
	c, err := centre.Open(t.Context(), dir, o)
	if err == nil {
		err = c.Close()
	}
	if err == nil {
		err = os.WriteFile(dir.Staff().Database, bytes.Repeat([]byte("rách"), 3000), 0o600)
	}
	if err == nil {
		c, err = centre.Open(t.Context(), dir, o)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	pages, err := console.New(console.Parts{Centre: c, Wall: clock.System})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/sign-in", "/records", "/live"} {
		w := httptest.NewRecorder()
		pages.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "vẫn gửi về như thường") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// TestUnsealedIsNotShown: an answer that had to be sealed and came open does not count, and stands on no page.
func TestUnsealedIsNotShown(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	tip := n.write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", "2026-11-15")
	n.write("tip", tip, "source", "Nguyễn Văn Kín")
	page := h.as("vn.tra", "C1", staff.Review).get("/records/" + tip.String())
	page.shows(t, "chưa được tính", "phải niêm phong")
	if strings.Contains(page.body, "Nguyễn Văn Kín") {
		t.Error("it shows who gave the tip")
	}
}

// TestLargeSignIn: strangers make the centre read no more than a sign-in needs, and half a form is none.
func TestLargeSignIn(t *testing.T) {
	h := opened(t)
	h.account("vn.tra", "P1", staff.Supervise)
	b := h.browser()
	if a := b.post("/sign-in", "name", "vn.tra", "passphrase", good, "more", strings.Repeat("x", 100_000)); a.status != http.StatusBadRequest {
		t.Errorf("a sign-in of 100 kB: %d at %s", a.status, a.at)
	}
	r := b.request(http.MethodPost, "/sign-in", strings.NewReader("name=vn.tra&passphrase=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if a := b.do(r); a.status != http.StatusBadRequest {
		t.Errorf("half a form: %d", a.status)
	}
}

// TestManyUnits: a field for a unit offers as many as weigh little, and takes the name of any.
func TestManyUnits(t *testing.T) {
	h := opened(t)
	list := strings.Builder{}
	list.WriteString(land)
	for i := range 900 {
		fmt.Fprintf(&list, "V%d,C1,Làng số %d,village\n", 100+i, i)
	}
	if a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte(list.String())}}); len(a.Altered.Problems) > 0 {
		t.Fatal(a.Altered.Problems)
	}
	h.notebook("V950").write("awareness_session", record.Dot{}, "_unit", "V950/ordinary", "note", "Họp ở làng")
	b := h.as("vn.tra", "P1", staff.Review)
	page := b.get("/records")
	page.shows(t, `<option value="Xã Ia Mlăng (C2)">`)
	if n := strings.Count(page.body, "<option value=\"Làng"); n > 0 {
		t.Errorf("it offers %d villages", n)
	}
	b.get("/records?unit=L%C3%A0ng+s%E1%BB%91+850").shows(t, "1 bản ghi")
}
