package console_test

import (
	"bufio"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/console"
	"banlang/syncserver/staff"
)

// TestSignIn: who is nobody is sent to sign in and comes back to where he wanted to go; a cookie that no script reads, that is
// sent over TLS to this host only, carries the session.
func TestSignIn(t *testing.T) {
	h := opened(t)
	h.account("vn.tra", "P1", staff.Supervise)
	b := h.browser()
	if a := b.get("/audit?who=x"); !strings.HasPrefix(a.at, "/sign-in?to=") || a.status != http.StatusOK {
		t.Fatalf("a stranger is at %s", a.at)
	}
	a := b.post("/sign-in", "name", "vn.tra", "passphrase", "sai", "to", "/audit?who=x")
	if a.status != http.StatusUnauthorized {
		t.Errorf("a wrong passphrase: %d", a.status)
	}
	a.shows(t, `value="vn.tra"`, `value="/audit?who=x"`, "Việc tiếp theo")
	if a := b.post("/sign-in", "name", "vn.tra", "passphrase", good, "to", "/audit?who=x"); a.at != "/audit?who=x" || a.status != http.StatusOK {
		t.Errorf("signed in, he is at %s (%d)", a.at, a.status)
	}
	stay := h.browser()
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	kept := stay.post("/sign-in", "name", "vn.tra", "passphrase", good, "to", "//evil.example/x")
	if kept.header.Get("Location") != "/" {
		t.Errorf("the sign-in leads to %q", kept.header.Get("Location"))
	}
	for _, want := range []string{"__Host-banlang=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(kept.header.Get("Set-Cookie"), want) {
			t.Errorf("the cookie is %q, without %s", kept.header.Get("Set-Cookie"), want)
		}
	}
	if strings.Contains(kept.header.Get("Set-Cookie"), "Domain") {
		t.Error("the cookie is for other hosts too")
	}
	if a := b.post("/sign-out"); a.at != "/sign-in" {
		t.Errorf("signed out, he is at %s", a.at)
	}
	if a := b.get("/audit"); !strings.HasPrefix(a.at, "/sign-in") {
		t.Errorf("signed out, he reads %s", a.at)
	}
}

// TestSessionEnds: a page that asks by itself keeps no session awake.
func TestSessionEnds(t *testing.T) {
	h := opened(t)
	b := h.as("vn.tra", "P1", staff.Supervise)
	for range 4 {
		h.now.Add(int64(10 * time.Minute / time.Millisecond))
		r := b.request(http.MethodGet, "/audit", nil)
		r.Header.Set("Live", "1")
		b.do(r)
	}
	if a := b.get("/audit"); !strings.HasPrefix(a.at, "/sign-in") {
		t.Errorf("after 40 minutes without a hand at it, it shows %s", a.at)
	}
}

// TestOtherSites: what another site sends in the name of whoever is signed in is refused, and nothing is done.
func TestOtherSites(t *testing.T) {
	h := opened(t)
	b := h.as("q.tri", "P1", staff.Administer)
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
		r := b.request(http.MethodPost, "/accounts/new", strings.NewReader("name=evil&person=Evil&unit=P1&role=review"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header[0], header[1])
		if a := b.do(r); a.status != http.StatusForbidden {
			t.Errorf("%v: %d", header, a.status)
		}
	}
	if a := b.get("/accounts"); strings.Contains(a.body, "Evil") {
		t.Error("another site made an account")
	}
}

// TestHeaders stand on every answer, also on one that is none.
func TestHeaders(t *testing.T) {
	h := opened(t)
	b := h.browser()
	for _, path := range []string{"/sign-in", "/no-such-page", "/static/0/app.css", "/live"} {
		a := b.get(path)
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
			if a.header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, a.header.Get(name))
			}
		}
		csp := a.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
			t.Errorf("%s: the policy is %q", path, csp)
		}
	}
	a := b.get("/sign-in")
	for _, no := range []string{" style=", "<style", "onclick", "javascript:", "http://", "https://"} {
		if strings.Contains(a.body, no) {
			t.Errorf("the page has %q", no)
		}
	}
}

// TestAccounts: an administrator makes an account, hands over its first passphrase, and its owner must choose his own.
func TestAccounts(t *testing.T) {
	h := opened(t)
	b := h.as("q.tri", "P1", staff.Administer)
	made := b.post("/accounts/new", "name", "lh.ha", "person", "Lê Thị Mai Hạ", "unit", "Xã Đăk Rơ Leng (C1)", "role", "review", "role", "direct")
	made.shows(t, "Mật khẩu lần đầu")
	_, after, _ := strings.Cut(made.body, `<p class="codes">`)
	first, _, _ := strings.Cut(after, "</p>")
	b.get("/accounts").shows(t, "Lê Thị Mai Hạ", "Xã Đăk Rơ Leng", "Chưa đổi mật khẩu")
	ha := h.browser()
	if a := ha.post("/sign-in", "name", "lh.ha", "passphrase", first); a.at != "/account/passphrase" {
		t.Fatalf("with the first passphrase she is at %s", a.at)
	}
	if a := ha.get("/accounts"); a.at != "/account/passphrase?to=%2Faccounts" {
		t.Errorf("before she chose her own she is at %s", a.at)
	}
	ha.post("/account/passphrase", "old", first, "new", "chiếc nón lá úp trên giếng", "again", "khác").shows(t, "không giống nhau")
	if a := ha.post("/account/passphrase", "old", first, "new", "chiếc nón lá úp trên giếng", "again", "chiếc nón lá úp trên giếng"); !strings.HasPrefix(a.at, "/account?") {
		t.Errorf("after she chose her own she is at %s: %.2000s", a.at, a.body)
	}
	if a := ha.get("/accounts"); a.status != http.StatusForbidden {
		t.Errorf("who reviews reads accounts: %d", a.status)
	}
	h.now.Add(int64(6 * time.Minute / time.Millisecond))
	if a := b.post("/accounts/lh.ha", "do", "sessions"); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "Nhập lại mật khẩu") {
		t.Errorf("after 6 minutes it is done without his passphrase: %s", a.at)
	}
	if a := b.post("/confirm", "passphrase", good, "to", "/accounts/lh.ha"); a.at != "/accounts/lh.ha" {
		t.Errorf("confirmed, he is at %s", a.at)
	}
	b.post("/accounts/lh.ha", "do", "sessions")
	if a := ha.get("/account"); !strings.HasPrefix(a.at, "/sign-in") {
		t.Errorf("signed out everywhere, she is at %s", a.at)
	}
	h.as("gs.lan", "P1", staff.Supervise).get("/audit?check=1").shows(t, "Nhật ký nguyên vẹn", "Thay đổi tài khoản", "Bị từ chối một trang", "lh.ha")
}

// TestLive: a page hears that something came, and what waits for its viewer by now, without asking for it.
func TestLive(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	b := h.as("vn.tra", "P1", staff.Direct)
	resp, err := b.Do(b.request(http.MethodGet, "/live", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	next := func() string {
		for lines.Scan() {
			if text := lines.Text(); text != "" && text[0] != ':' {
				return text
			}
		}
		return ""
	}
	if got := next(); got != "retry: 5000" {
		t.Fatalf("it begins with %q", got)
	}
	b.get("/map") // its counts are of before
	n.flash("C1", "Sạt lở taluy.")
	told := false // the grant and the account may be told first
	for got := next(); got != "" && !told; got = next() {
		told = got == "event: waits" && strings.Contains(next(), `"/flash":{"N":1,"Text":"1","Urgent":true}`)
	}
	if !told {
		t.Error("it never says that a flash report waits")
	}
	if got := next(); got != "data: ." {
		t.Errorf("the page is not told to ask again for what it shows, but %q", got)
	}
}

// TestMarks: the inbox and an open record, asked by themselves, say only whether they show something old; that is not
// noted.
func TestMarks(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	rec := n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp thôn", "occurred_on", "2026-11-17")
	b := h.as("vn.tra", "P1", staff.Review)
	for _, path := range []string{"/inbox", "/inbox?open=" + rec.String(), "/records/" + rec.String()} {
		page := b.get(path)
		mark := between(page.body, `data-mark="`, `"`)
		noted := h.acts(staff.ReadRecords)
		if a := b.live(path); mark == "" || a.body != mark || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s shows %q, and says that it shows %.200q", path, mark, a.body)
		}
		n.write("awareness_session", rec, "note", "Họp làng "+path)
		if a := b.live(path); a.body == mark || len(a.body) != len(mark) {
			t.Errorf("%s: of a record that changed it says %.200q", path, a.body)
		}
		if h.acts(staff.ReadRecords) != noted {
			t.Errorf("%s: asking whether it is old is noted", path)
		}
	}
}

// TestLanguages: every text is in both, and every key of the templates has one.
func TestLanguages(t *testing.T) {
	h := opened(t)
	b := h.browser()
	b.get("/sign-in").shows(t, `<html lang="vi">`, "Đăng nhập")
	if a := b.post("/language", "language", "en", "to", "/sign-in"); !strings.Contains(a.body, `<html lang="en">`) || !strings.Contains(a.body, "Sign in") {
		t.Errorf("in English: %s", a.body)
	}
}

// TestWhatWasTypedIsKept: who is asked for his passphrase, or was signed out meanwhile, goes on with what he had typed; it is sent at his own
// press, once more, and no secret and nobody else's address comes back with it.
func TestWhatWasTypedIsKept(t *testing.T) {
	h := opened(t)
	rec := h.notebook("C1").sessions("C1", "2026-11-02", "60")[0]
	b := h.as("gs", "P1", staff.Supervise)
	h.now.Add(int64(staff.ConfirmTime) + 1)
	order := []string{"record", rec.String(), "what", "whole", "reason", "Theo đơn ngày 3/11\nông Y Thiên <xã C1>"}
	asked := b.post("/erase/one", order...)
	if asked.status != http.StatusUnauthorized {
		t.Fatalf("%d at %s", asked.status, asked.at)
	}
	asked.shows(t, "Nhập lại mật khẩu", "Những gì vừa gõ vẫn còn", "reason=Theo đơn ngày 3/11\nông Y Thiên &lt;xã C1&gt;")
	wrong := b.post("/confirm", append(hidden(asked), "passphrase", "sai")...)
	wrong.shows(t, "Những gì vừa gõ vẫn còn", "Theo đơn ngày 3/11")
	again := b.post("/confirm", append(hidden(wrong), "passphrase", good)...)
	again.shows(t, "Làm tiếp việc đang dở", "ông Y Thiên &lt;xã C1&gt;</p>", `action="/erase/one"`)
	b.post("/erase/one", hidden(again)...).shows(t, "Theo đơn ngày 3/11", `name="sure"`)

	b.post("/sign-out")
	out := b.post("/erase/one", order...)
	out.shows(t, "Đăng nhập", "Những gì vừa gõ vẫn còn")
	in := b.post("/sign-in", append(hidden(out), "name", "gs", "passphrase", good)...)
	in.shows(t, "Làm tiếp việc đang dở")
	b.post("/erase/one", hidden(in)...).shows(t, "Theo đơn ngày 3/11", `name="sure"`)

	b.post("/sign-out")
	for _, secret := range []string{"passphrase", "new", "code"} {
		if a := b.post("/account/passphrase", secret, "rất bí mật đấy"); strings.Contains(a.body, "bí mật") || !strings.HasPrefix(a.at, "/sign-in?") {
			t.Errorf("%s comes back at %s", secret, a.at)
		}
	}
	if a := b.post("/erase/one", "reason", strings.Repeat("dài ", 20_000)); strings.Contains(a.body, "dài dài") || !strings.HasPrefix(a.at, "/sign-in?") {
		t.Errorf("80 kB come back to a stranger at %s", a.at)
	}
	b.post("/sign-in", "name", "gs", "passphrase", good, "at", "//elsewhere.vn/x", "field", "a=b").shows(t, `action="/"`)
}

// TestEverySecretIsKnown: what a page asks for as a secret is among what never comes back.
func TestEverySecretIsKnown(t *testing.T) {
	pages, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, input := range regexp.MustCompile(`<input[^>]*(?:type="password"|autocomplete="one-time-code")[^>]*>`).FindAllString(string(text), -1) {
			found++
			if name := between(input, `name="`, `"`); !slices.Contains(console.Secrets, name) {
				t.Errorf("%s asks for %q, which would come back", page, name)
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d secrets are asked for", found)
	}
}

// hidden are the fields that a page sends by itself.
func hidden(a answer) (pairs []string) {
	for _, f := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(a.body, -1) {
		if f[1] != "language" {
			pairs = append(pairs, f[1], html.UnescapeString(f[2]))
		}
	}
	return pairs
}
