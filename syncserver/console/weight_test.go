package console_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// Limits of what comes over the wire: of a page with all that it loads, for who comes for the first time; and of what a page asks for
// again when something came that does not change its map.
const (
	maxFirst = 150_000
	maxAgain = 15_000
)

// loaded are the files that a page or a style names.
var loaded = regexp.MustCompile(`/static/[0-9a-f]+/[a-z0-9.-]+`)

// wire is how many bytes a file of the centre takes, as it is sent to browsers; and what is in it.
func (b *browser) wire(path string, headers ...string) (sent int, text string) {
	b.h.t.Helper()
	r := b.request(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	plain := b.do(r)
	if asked, _, _ := strings.Cut(path, "?"); plain.status != http.StatusOK || plain.at != path && !strings.HasPrefix(plain.at, asked+"?") {
		b.h.t.Fatalf("%s: %d, at %s", path, plain.status, plain.at)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	return len(b.do(r).body), plain.body
}

// TestWeight: whatever page of a country is opened first weighs little, with everything that it loads; and little is what an open page
// asks for again.
func TestWeight(t *testing.T) {
	h := opened(t)
	h.peopled(madeUpCountry(), 20_000)
	h.weigh(t)
}

// TestWeightOfTheRealCountry is the same with the real units and borders, which are beside the project or are not.
func TestWeightOfTheRealCountry(t *testing.T) {
	c := realCountry(t)
	if c == nil {
		t.Skip("the real units are not here: ../shared/data/units")
	}
	h := opened(t)
	h.peopled(c, 20_000)
	h.weigh(t)
}

// weigh weighs every page of the table of routes; those that depend on what is asked for, where they are widest.
func (h *house) weigh(t *testing.T) {
	const month = "template=month&unit=VN&day=30/11/2026"
	h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte("code,parent,name,level\nP1,VN,Tỉnh Sơn Lĩnh,province\n")}}) // or nobody is above all
	works, runs, protects := h.as("tw", "VN", staff.Review, staff.Direct, staff.Compile), h.as("qt", "VN", staff.Administer), h.as("gs", "VN", staff.Supervise)
	n := h.notebook("01")
	rec, bad := n.write("awareness_session", record.Dot{}, "_unit", "01/ordinary", "occurred_on", "2026-11-17"), n.misdated("01")
	tip, _ := h.sealedTip("VN", "Có xe lạ ở rẫy")
	works.post("/reports/freeze?"+month, "upon", "0")
	sent := h.asks(centre.Request{SendDirective: &centre.SendDirective{Lang: "vi", By: "tw", Issuer: "VN", To: []string{"01", "P1"}, Number: "12/KH", Kind: "ke_hoach",
		Subject: "Cao điểm", IssuedOn: "2026-11-16", Tasks: []centre.DirectiveTask{{Task: "Tuyên truyền", Due: "2026-11-30", Measure: "AW_SESSIONS", Target: "8"}}}}).Sent
	proposal := runs.sends("/forms", "hop.md", sheet(t, "hop.md")).at
	trial := runs.post("/units/merge", "units", "V1\nV2", "into", "V5", "name", "Làng Kon Plei", "on", "01/12/2026").at
	device := fmt.Sprintf("/devices/%d", n.Replica)
	files := map[string]int{}
	for _, path := range everyPage(t, []string{"/grid", "/grid?unit=01", "/stale", "/stale?unit=01", "/stale?why=nowork", "/stale?level=province", "/map", "/map?level=commune",
		"/map?level=commune&what=AW_SESSIONS&step=year&period=2025-01-01", "/map?what=AW_SESSIONS&unit=01", "/records/" + rec.String(), "/records/" + rec.String() + "/print",
		"/records/" + tip.String() + "/open?path=content", "/rejected/" + bad.String(), "/directives/" + sent.Record.String(), "/indicators/AW_SESSIONS",
		"/indicators/AW_SESSIONS?level=commune", "/reports/1", "/reports/draft?" + month, "/reports/freeze?" + month, "/records/export?form=awareness_session&unit=VN",
		device, device + "/revoke", "/units", "/units?unit=01", trial, "/accounts/tw", proposal, strings.Replace(proposal, "/proposals/", "/judge/", 1),
		"/confirm?to=/accounts", "/erase/one?record=" + rec.String()}) {
		who := h.browser()
		if path != "/sign-in" {
			who = firstWho(path, works, runs, protects)
		}
		h.weighPage(t, who, path, files)
	}
}

// firstWho is the first who is not refused a page.
func firstWho(path string, who ...*browser) *browser {
	for _, b := range who {
		if b.get(path).status != http.StatusForbidden {
			return b
		}
	}
	return who[0]
}

// weighPage weighs a page when it is opened first, and, where it asks again, what it then gets. Files are those that were weighed.
func (h *house) weighPage(t *testing.T, b *browser, path string, files map[string]int) {
	html, page := b.wire(path)
	all, seen := html, map[string]bool{}
	for _, file := range loaded.FindAllString(page, -1) {
		if files[file] == 0 {
			sent, inside := b.wire(file)
			for _, named := range loaded.FindAllString(inside, -1) { // a style has its fonts
				font, _ := b.wire(named)
				sent += font
			}
			files[file] = sent
		}
		if !seen[file] {
			seen[file], all = true, all+files[file]
		}
	}
	t.Logf("%s: %d, with %d files %d", path, html, len(seen), all)
	if len(seen) < 5 {
		t.Errorf("%s loads %v", path, seen)
	}
	if all > maxFirst {
		t.Errorf("%s weighs %d bytes", path, all)
	}
	if strings.Contains(page, `hx-trigger="arrived`) {
		have := ""
		if _, rest, ok := strings.Cut(page, `"Have":"`); ok {
			have, _, _ = strings.Cut(rest, `"`)
		}
		again, part := b.wire(path, "Live", "1", "HX-Request", "true", "Have", have)
		if again > maxAgain || strings.Contains(part, "<html") {
			t.Errorf("%s asks again for %d bytes", path, again)
		}
	}
}

// TestPictureIsSentAgainOnlyWhenItChanged: an open page keeps its map as long as it would be drawn the same, and gets another one when
// a figure on it is another.
func TestPictureIsSentAgainOnlyWhenItChanged(t *testing.T) {
	h := opened(t)
	h.autumn()
	h.bordered()
	h.on(time.November, 24)
	b := h.as("vn.tra", "P1", staff.Review)
	for path, unit := range map[string]string{"/map?period=2026-11-01&what=AW_SESSIONS": "V1", "/stale": "V2"} {
		_, rest, _ := strings.Cut(b.get(path).body, `"Have":"`)
		have, _, _ := strings.Cut(rest, `"`)
		if _, part := b.wire(path, "Live", "1", "Have", have); have == "" || strings.Contains(part, "<svg xmlns") || !strings.Contains(part, `id="picture" hx-preserve="true"></div>`) {
			t.Errorf("%s is drawn again: %s", path, part)
		}
		if page := b.get(path); !strings.Contains(page.body, "<svg xmlns") {
			t.Errorf("%s, opened by hand, has no map", path)
		}
		h.notebook(unit).write("awareness_session", record.Dot{}, "_unit", unit+"/ordinary", "occurred_on", "2026-11-17")
		if _, part := b.wire(path, "Live", "1", "Have", have); !strings.Contains(part, "<svg xmlns") || strings.Contains(part, "hx-preserve") {
			t.Errorf("%s is not drawn again: %s", path, part)
		}
	}
}
