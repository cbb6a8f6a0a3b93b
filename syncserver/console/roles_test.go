package console_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/envelope"
	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/centre"
	"banlang/syncserver/console"
	"banlang/syncserver/staff"
)

// What a route answers:
//
//	v  the page, with the record of the commune on it, by name or by what it says
//	p  the page, without
//	d  done: the browser is sent on
//	b  the page says what is wrong with what was typed
//	x  refused
//	0  there is no such page, for him
//	c  first the passphrase once more
//	s  first signing in
//
// A line has a word for each role in the order of staff.AllRoles, and in it a letter for each place: the unit that the thing asked
// for is of, the one above it, the one beside it, the one below it. The last letter is for nobody.
type line struct {
	gives string
	asks  bool // for the passphrase, when it was given more than five minutes ago
	with  func(*matrix, string) (path string, form []string)
}

// everybody who is signed in gets the same, and who is not is asked to.
func everybody(letter string) string { return strings.Repeat(strings.Repeat(letter, 4)+" ", 6) + "s" }

// beside are lines of what is no row of the table of routes.
var beside = []string{"GET /static/{digest}/{name}", "GET /", "GET /no-such-page"}

// anybody gets the same, signed in or not.
func anybody(letter string) string { return strings.Repeat(strings.Repeat(letter, 4)+" ", 6) + letter }

// lines has one for every route of the console. A route without a line fails: whoever adds one says here who gets it.
func lines() map[string]line {
	return map[string]line{
		"GET /sign-in": {gives: strings.Repeat("dddd ", 6) + "p"},
		"POST /sign-in": {gives: anybody("d"), with: func(m *matrix, who string) (string, []string) {
			return "/sign-in", []string{"name", who, "passphrase", good}
		}},
		"POST /language":             {gives: anybody("d"), with: form("/language", "language", "vi", "to", "/")},
		"GET /confirm":               {gives: everybody("p")},
		"POST /confirm":              {gives: everybody("d"), with: form("/confirm", "passphrase", good, "to", "/account")},
		"GET /account":               {gives: everybody("p")},
		"GET /account/passphrase":    {gives: everybody("p")},
		"POST /account/passphrase":   {gives: everybody("b"), with: form("/account/passphrase", "old", good, "new", good+" xanh", "again", "khác")},
		"POST /account/code":         {gives: everybody("p"), with: form("/account/code")},
		"POST /account/code/confirm": {gives: everybody("b"), with: form("/account/code/confirm", "code", "000000")},
		"GET /live":                  {gives: everybody("p")},
		"POST /undo":                 {gives: everybody("d"), with: form("/undo", "undo", "nothing", "to", "/account")},
		"POST /sign-out":             {gives: anybody("d"), with: form("/sign-out")},

		"GET /records":               {gives: "vvpp vvpp vvpp xxxx xxxx xxxx s"},
		"GET /records/{name}":        {gives: "vv00 vv00 vv00 xxxx xxxx xxxx s", with: onRecord("")},
		"GET /records/{name}/print":  {gives: "vv00 vv00 vv00 xxxx xxxx xxxx s", with: onRecord("/print")},
		"POST /records/{name}/print": {gives: "pp00 pp00 pp00 xxxx xxxx xxxx s", with: onRecord("/print", "reason", "Lưu hồ sơ giấy")},
		"POST /records/{name}/review": {gives: "xxxx dd00 xxxx xxxx xxxx xxxx s", with: func(m *matrix, _ string) (string, []string) {
			return "/records/" + m.rec.String() + "/review", []string{"state", "approved", "saw", m.saw(), "to", "/records"}
		}},
		"POST /records/{name}/choose": {gives: "xxxx dd00 xxxx xxxx xxxx xxxx s", with: func(m *matrix, _ string) (string, []string) {
			return "/records/" + m.rec.String() + "/choose", []string{"path", "participants_total", "value", "50", "saw", m.saw(), "to", "/records"}
		}},
		"GET /inbox": {gives: "xxxx vvpp xxxx xxxx xxxx xxxx s"},
		"POST /inbox": {gives: "xxxx dd00 xxxx xxxx xxxx xxxx s", with: func(m *matrix, _ string) (string, []string) {
			return "/inbox", []string{"record", m.rec.String() + " " + m.saw(), "state", "approved", "to", "/inbox"}
		}},

		"GET /accounts":     {gives: "xxxx xxxx xxxx xxxx pppp pppp s"},
		"GET /accounts/new": {gives: "xxxx xxxx xxxx xxxx pppp xxxx s"},
		"POST /accounts/new": {gives: "xxxx xxxx xxxx xxxx ppxx xxxx s", asks: true, with: func(m *matrix, who string) (string, []string) {
			return "/accounts/new", []string{"name", "new." + who, "person", "Người mới", "unit", "C1", "role", "review"}
		}},
		"GET /accounts/{name}":  {gives: "xxxx xxxx xxxx xxxx pp00 pp00 s", with: form("/accounts/c1.colleague")},
		"POST /accounts/{name}": {gives: "xxxx xxxx xxxx xxxx dd00 xxxx s", asks: true, with: form("/accounts/c1.colleague", "do", "sessions")},
		"GET /records/{name}/open": {gives: "xxxx p000 p000 xxxx xxxx xxxx s", asks: true, with: func(m *matrix, _ string) (string, []string) {
			return "/records/" + m.tip.String() + "/open?path=content", nil
		}},
		"POST /records/{name}/open": {gives: "xxxx d000 d000 xxxx xxxx xxxx s", asks: true, with: func(m *matrix, _ string) (string, []string) {
			return "/records/" + m.tip.String() + "/open", []string{"path", "content", "reason", "xác minh", "key", m.key.Recipient().String()}
		}},
		"GET /openings":     {gives: "xxxx xxxx pppp xxxx xxxx pppp s"},
		"GET /own-openings": {gives: "xxxx pppp pppp xxxx xxxx xxxx s"},
		"POST /openings/{id}": {gives: "xxxx xxxx dd00 xxxx xxxx dd00 s", asks: true, with: func(m *matrix, _ string) (string, []string) {
			return "/openings/" + m.asked("c1.colleague"), []string{"answer", "yes"}
		}},
		"POST /openings/{id}/file": {gives: "xxxx p000 p000 xxxx xxxx xxxx s", asks: true, with: func(m *matrix, who string) (string, []string) {
			id := m.asked(who)
			if _, err := m.centre.Answer(id, "c1.colleague", true); err != nil {
				m.t.Fatal(err)
			}
			return "/openings/" + id + "/file", nil
		}},

		"GET /erase": {gives: "xxxx xxxx xxxx xxxx xxxx pppp s"},
		"GET /erase/one": {gives: "xxxx xxxx xxxx xxxx xxxx pp00 s", asks: true, with: func(m *matrix, _ string) (string, []string) {
			return "/erase/one?record=" + m.doomed.String(), nil
		}},
		"POST /erase/one": {gives: "xxxx xxxx xxxx xxxx xxxx pp00 s", asks: true, with: func(m *matrix, _ string) (string, []string) {
			return "/erase/one", []string{"record", m.doomed.String(), "what", "whole", "reason", "Yêu cầu"}
		}},
		"GET /erase/due":  {gives: "xxxx xxxx xxxx xxxx xxxx pppp s"},
		"POST /erase/due": {gives: "xxxx xxxx xxxx xxxx xxxx dddd s", with: form("/erase/due", "item", "nothing")},

		"GET /forms":                {gives: "xxxx xxxx xxxx xxxx xpxx xxxx s", asks: true},
		"POST /forms":               {gives: "xxxx xxxx xxxx xxxx xbxx xxxx s", asks: true, with: form("/forms", "file", "no file")},
		"POST /forms/{form}/retire": {gives: "xxxx xxxx xxxx xxxx xdxx xxxx s", asks: true, with: form("/forms/evaluation/retire")},
		"GET /proposals/{id}":       {gives: "xxxx xxxx xxxx xxxx x0xx xxxx s", with: form("/proposals/none")},
		"POST /proposals/{id}":      {gives: "xxxx xxxx xxxx xxxx x0xx xxxx s", with: form("/proposals/none", "do", "publish")},
		"GET /judge":                {gives: "xxxx xxxx xxxx xxxx xxxx xpxx s", asks: true},
		"GET /judge/{id}":           {gives: "xxxx xxxx xxxx xxxx xxxx x0xx s", with: form("/judge/none")},
		"POST /judge/{id}":          {gives: "xxxx xxxx xxxx xxxx xxxx xdxx s", asks: true, with: form("/judge/none", "answer", "yes", "reason", "x")},

		"GET /operate":  {gives: "xxxx xxxx xxxx xxxx xpxx xxxx s"},
		"POST /operate": {gives: "xxxx xxxx xxxx xxxx xdxx xxxx s", with: form("/operate", "do", "check")},

		"GET /audit": {gives: "xxxx xxxx xxxx xxxx xxxx vvpp s", with: form("/audit?who=c1.colleague")},

		"GET /static/{digest}/{name}": {gives: anybody("0"), with: form("/static/0/app.css")},
		"GET /":                       {gives: everybody("d"), with: form("/")},
		"GET /no-such-page":           {gives: everybody("0")},
	}
}

// form is a request that is the same for all.
func form(path string, pairs ...string) func(*matrix, string) (string, []string) {
	return func(*matrix, string) (string, []string) { return path, pairs }
}

// onRecord is a request about the record of the commune.
func onRecord(below string, pairs ...string) func(*matrix, string) (string, []string) {
	return func(m *matrix, _ string) (string, []string) { return "/records/" + m.rec.String() + below, pairs }
}

// planted is what the record of the commune says, and nobody else's may be shown.
const planted = "Rơ Châm H’Yok"

// matrix is a centre with somebody of every role in every place, and a record of one commune.
type matrix struct {
	*house
	t       *testing.T
	rec     record.Dot
	flash   record.Dot        // of the same commune, and
	bad     record.Dot        // a record of it whose creation was rejected, and
	refused func() record.Dot // what writes one more, and
	order   string            // a directive to it, and
	device  record.ReplicaID  // a machine of it
	doomed  record.Dot        // of the same commune
	tip     record.Dot        // of the same commune, with a sealed answer
	key     envelope.Identity
	who     map[string]*browser // by account: the role, a point, the unit
}

// places are the units from which the commune C1 is looked at: its own, above, beside, below.
var places = []string{"C1", "P1", "C2", "V1"}

func newMatrix(t *testing.T) *matrix {
	m := &matrix{house: opened(t), t: t, who: map[string]*browser{"nobody": nil}}
	m.rec = m.notebook("C1").write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", planted, "occurred_on", "2026-11-17", "participants_total", "60")
	m.as("c1.colleague", "C1", staff.Record).get("/records/" + m.rec.String())
	m.doomed = m.notebook("C1").write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-17")
	m.tip, m.key = m.sealedTip("C1", "Có người lạ ở rẫy")
	m.account("nobody", "C1", staff.Record) // who has an account and is not signed in
	for _, role := range staff.AllRoles {
		for _, unit := range places {
			name := string(role) + "." + strings.ToLower(unit)
			m.who[name] = m.as(name, unit, role)
		}
	}
	m.furnish()
	return m
}

// asked is an opening of the tip that an account asked for.
func (m *matrix) asked(by string) string {
	m.t.Helper()
	x, err := m.centre.AskOpening(m.t.Context(), centre.Consent{Record: m.tip, Path: "content", Key: m.key.Recipient().String(), By: by, Reason: "xác minh"})
	if err != nil {
		m.t.Fatal(err)
	}
	return x.ID
}

// saw is what somebody who looks at the record now has before his eyes.
func (m *matrix) saw() string {
	m.t.Helper()
	saws, err := m.centre.Saws(m.t.Context(), []record.Dot{m.rec})
	if err != nil {
		m.t.Fatal(err)
	}
	return saws[0]
}

// ask sends a request and says by its letter what came. Of a line that stays open only its beginning is read.
func (m *matrix) ask(l line, pattern, who string) string {
	m.t.Helper()
	b := m.who[who]
	if b == nil {
		b = m.browser()
	}
	method, path, _ := strings.Cut(pattern, " ")
	var pairs []string
	if l.with != nil {
		path, pairs = l.with(m, who)
	}
	if method == http.MethodGet && path == "/live" {
		return m.listens(b)
	}
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	var a answer
	if method == http.MethodPost {
		a = b.post(path, pairs...)
	} else {
		a = b.get(path)
	}
	return m.letter(a)
}

func (m *matrix) letter(a answer) string {
	switch to := a.header.Get("Location"); a.status {
	case http.StatusOK:
		if strings.Contains(a.body, planted) || strings.Contains(a.body, m.rec.String()) {
			return "v"
		}
		return "p"
	case http.StatusSeeOther:
		switch {
		case strings.HasPrefix(to, "/sign-in?"):
			return "s"
		case strings.HasPrefix(to, "/confirm?"):
			return "c"
		}
		return "d"
	case http.StatusUnauthorized: // the question comes with what was sent
		for action, letter := range map[string]string{"/sign-in": "s", "/confirm": "c"} {
			if strings.Contains(a.body, `action="`+action+`"`) && strings.Contains(a.body, `name="at"`) {
				return letter
			}
		}
		return "401"
	case http.StatusBadRequest:
		return "b"
	case http.StatusForbidden:
		return "x"
	case http.StatusNotFound:
		return "0"
	}
	return fmt.Sprint(a.status)
}

// listens opens the line on which a page hears what comes.
func (m *matrix) listens(b *browser) string {
	m.t.Helper()
	resp, err := b.Do(b.request(http.MethodGet, "/live", nil))
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK && resp.Header.Get("Content-Type") == "text/event-stream" {
		return "p"
	}
	return "s"
}

// noted says of what kind the last entry is that the audit has of an account.
func (m *matrix) noted(who string) string {
	m.t.Helper()
	found, err := m.centre.Staff().Audit().List(m.t.Context(), audit.Filter{Account: who, Limit: 1})
	if err != nil {
		m.t.Fatal(err)
	}
	if len(found) == 0 {
		return ""
	}
	return found[0].Act
}

// TestEveryRoute asks every route of the console as every role in every place, and as nobody: each gives what its line says, and a
// refusal is noted with the name of whoever was refused. Signing out comes last.
func TestEveryRoute(t *testing.T) {
	m := newMatrix(t)
	all := lines()
	maps.Copy(all, deskLines())
	maps.Copy(all, figureLines())
	maps.Copy(all, landLines())
	patterns, _ := console.Routes()
	for _, p := range patterns {
		if _, ok := all[p]; !ok {
			t.Errorf("%q has no line: say in lines() who gets it", p)
		}
	}
	var order []string
	for p := range all {
		if !slices.Contains(patterns, p) && !slices.Contains(beside, p) {
			t.Errorf("%q has a line and is no route", p)
		}
		if p != "POST /sign-out" {
			order = append(order, p)
		}
	}
	slices.Sort(order)
	for _, p := range order {
		m.row(p, all[p])
	}
	m.now.Add(int64(6 * time.Minute / time.Millisecond))
	for _, p := range order {
		if all[p].asks {
			m.rowLater(p, all[p])
		}
	}
	m.row("POST /sign-out", all["POST /sign-out"])
}

// row asks one route as everybody.
func (m *matrix) row(pattern string, l line) {
	m.t.Helper()
	var got []string
	for _, role := range staff.AllRoles {
		word := ""
		for _, unit := range places {
			who := string(role) + "." + strings.ToLower(unit)
			letter := m.ask(l, pattern, who)
			if refused := letter == "x" || letter == "0" && strings.Contains(pattern, "/records/"); refused && !strings.HasSuffix(m.noted(who), "refused") {
				m.t.Errorf("%s: %s was refused, and it is not noted", pattern, who)
			}
			word += letter
		}
		got = append(got, word)
	}
	if got = append(got, m.ask(l, pattern, "nobody")); strings.Join(got, " ") != l.gives {
		m.t.Errorf("%s gives\n%s, want\n%s", pattern, strings.Join(got, " "), l.gives)
	}
}

// rowLater asks one route of those that weigh most, minutes after everybody gave his passphrase: who would be let do it is asked for
// it once more, everybody else gets what he gets anyway.
func (m *matrix) rowLater(pattern string, l line) {
	m.t.Helper()
	for i, word := range strings.Fields(l.gives)[:len(staff.AllRoles)] {
		for j, unit := range places {
			want := word[j : j+1]
			if want != "x" && want != "0" {
				want = "c"
			}
			if got := m.ask(l, pattern, string(staff.AllRoles[i])+"."+strings.ToLower(unit)); got != want {
				m.t.Errorf("%s, minutes later: %s in %s gets %q, want %q", pattern, staff.AllRoles[i], unit, got, want)
			}
		}
	}
}

// TestStaticIsPublic: what has no secret in it is for everybody, under its own name only.
func TestStaticIsPublic(t *testing.T) {
	h := opened(t)
	page := h.browser().get("/sign-in")
	_, rest, _ := strings.Cut(page.body, `href="/static/`)
	at, _, _ := strings.Cut(rest, `"`)
	if a := h.browser().get("/static/" + at); a.status != http.StatusOK {
		t.Errorf("/static/%s: %d", at, a.status)
	}
	for _, path := range []string{"/static/", "/static/x/..%2f..%2froutes.go", "/static/" + strings.Replace(at, "/", "/"+url.PathEscape("../"), 1)} {
		if a := h.browser().get(path); a.status == http.StatusOK && !strings.HasPrefix(a.at, "/sign-in") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}
