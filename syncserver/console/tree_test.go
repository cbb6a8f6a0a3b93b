package console_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// elsewhere has a village of C1 report to C2, until December, and a commune of another province to P1.
const elsewhere = `code,parent,reports,name,level,from,to
P1,VN,,Tỉnh Sơn Lĩnh,province,,
P2,VN,,Tỉnh Khe Sâu,province,,
C8,P2,P1,Xã Tà Rụt,commune,,
V2,C1,C2,Làng Plei Sơ Un,village,,2026-12-01
V2,C1,,Làng Plei Sơ Un,village,2026-12-01,
`

// attended is how many came to the one session of each unit: every sum says of which units it is.
var attended = map[string]string{"C1": "1", "V1": "2", "V2": "4", "C2": "8", "V3": "16", "C8": "32", "P2": "64"}

func (h *house) twoTrees() {
	h.t.Helper()
	if a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte(elsewhere)}}); len(a.Altered.Problems) > 0 {
		h.t.Fatal(a.Altered.Problems)
	}
	for unit, n := range attended {
		h.notebook(unit).sessions(unit, "2026-11-02", n)
	}
}

var (
	totalRow = regexp.MustCompile(`(?s)<tr data-row class="total">.*?</td>`)
	tags     = regexp.MustCompile(`<[^>]*>`)
)

// total is the sum of a table over its units.
func (a answer) total(t *testing.T) string {
	t.Helper()
	words := strings.Fields(tags.ReplaceAllString(totalRow.FindString(a.body), " "))
	if len(words) == 0 {
		t.Fatalf("%s (%d) has no total: %.3000s", a.at, a.status, a.body)
	}
	return words[len(words)-1]
}

// TestReportingTree: whoever counts may count by whom units report to, too; nothing is in the sum that is not in his own subtree, of
// whatever role he is and wherever his unit is.
func TestReportingTree(t *testing.T) {
	h := opened(t)
	h.twoTrees()
	const figure = "/indicators/AW_PARTICIPANTS?by=none&from=01/11/2026&to=30/11/2026"
	for own, want := range map[string]map[string][2]string{ // by root: what counts by level, and by report; "": there is no such page
		"VN": {"VN": {"127", "127"}, "P1": {"31", "63"}, "P2": {"96", "64"}, "C1": {"7", "3"}, "C2": {"24", "28"}, "C8": {"32", "32"}},
		"P1": {"P1": {"31", "31"}, "C1": {"7", "3"}, "C2": {"24", "28"}, "P2": {"", ""}, "C8": {"", ""}, "VN": {"", ""}},
		"P2": {"P2": {"96", "64"}, "C8": {"32", "32"}, "P1": {"", ""}},
		"C1": {"C1": {"7", "3"}, "V2": {"4", "4"}, "C2": {"", ""}},
		"C2": {"C2": {"24", "24"}, "V2": {"", ""}},
		"V2": {"V2": {"4", "4"}, "C2": {"", ""}},
	} {
		for _, role := range staff.AllRoles {
			b := h.as(string(role)+"."+strings.ToLower(own), own, role)
			counts := role != staff.Administer && role != staff.Supervise
			for root, totals := range want {
				for i, tree := range []string{"", "&tree=reports"} {
					a := b.get(figure + "&unit=" + root + tree)
					switch {
					case !counts && a.status != http.StatusForbidden:
						t.Errorf("%s in %s gets figures: %d", role, own, a.status)
					case counts && totals[i] == "" && a.status != http.StatusNotFound:
						t.Errorf("%s in %s gets figures of %s: %d", role, own, root, a.status)
					case counts && totals[i] != "":
						if got := a.total(t); got != totals[i] {
							t.Errorf("%s in %s: %s%s counts %s, want %s", role, own, root, tree, got, totals[i])
						}
					}
				}
			}
		}
	}
}

// TestPagesOfTheReportingTree: who has reported and who is silent follow the same tree, and say in what it differs; a cell opens what
// it counts; whoever has one tree only is offered no choice.
func TestPagesOfTheReportingTree(t *testing.T) {
	h := opened(t)
	h.twoTrees()
	b, vn := h.as("vn.tra", "P1", staff.Review, staff.Direct), h.as("tw", "VN", staff.Review)
	h.account("c2", "C2", staff.Review)
	const grid = "/grid?period=2026-11-01&tree=reports"
	vn.get(grid+"&unit=P1").shows(t, "Xã Tà Rụt", `<option value="reports" selected>`, "Cộng thêm 1 đơn vị báo cáo về đây: Xã Tà Rụt.")
	page := b.get(grid)
	page.shows(t, "ngoài phạm vi của tài khoản này nên không cộng: Xã Tà Rụt.", ">Xã Ia Mlăng</a>")
	if strings.Contains(page.body, ">Xã Tà Rụt</a>") || strings.Contains(vn.get("/grid?period=2026-11-01&unit=P1").body, "Xã Tà Rụt") {
		t.Error("a province has the commune of another one")
	}
	for _, link := range regexp.MustCompile(`<a class="cell" href="([^"]*unit=C2[^"]*)"`).FindAllStringSubmatch(page.body, -1) {
		b.get(html.UnescapeString(link[1])).shows(t, ">3 bản ghi<", "Làng Plei Sơ Un")
	}
	b.get("/records?unit=C2").shows(t, ">2 bản ghi<")
	b.get("/records/export?unit=C2&tree=reports").shows(t, "Nơi nhận báo cáo")
	h.on(time.November, 30)
	b = h.again("vn.tra")
	c2 := h.again("c2")
	b.get("/stale?level=village&unit=C2&tree=reports").shows(t, "2 trên 2 đơn vị", "Làng Plei Sơ Un")
	b.get("/stale?level=village&unit=C2").shows(t, "1 trên 1 đơn vị")
	for _, path := range []string{"/grid", "/stale", "/records", "/indicators/AW_SESSIONS"} {
		b.get(path+"?tree=reports").shows(t, "Nơi nhận báo cáo")
		if a := c2.get(path + "?tree=reports"); strings.Contains(a.body, "Nơi nhận báo cáo") || strings.Contains(a.body, "Plei Sơ Un") {
			t.Errorf("%s offers a choice where there is none", path)
		}
	}
	b.get("/indicators/AW_SESSIONS/table.csv?tree=reports&unit=C2").shows(t, "C2,Xã Ia Mlăng,0,0,0,0,0,3,3")
	h.on(time.December, 2) // from this month on there is one tree
	b = h.again("vn.tra")
	if a := b.get("/indicators/AW_PARTICIPANTS?by=none&from=01/11/2026&to=30/11/2026&unit=C2&tree=reports"); a.total(t) != "24" || strings.Contains(a.body, "Nơi nhận báo cáo") {
		t.Error("a village that reports to its own commune again counts in the other one")
	}
}

// TestTipsHaveOneTree: from two ways of adding tips up the small numbers could be computed, so there is one.
func TestTipsHaveOneTree(t *testing.T) {
	h := opened(t)
	h.twoTrees()
	for unit, n := range map[string]int{"V2": 1, "C1": 4, "C2": 4} {
		m := h.notebook(unit)
		for range n {
			m.write("tip", record.Dot{}, "_unit", unit+"/tips", "occurred_on", "2026-11-05", "assessed_value", "co_gia_tri")
		}
	}
	b := h.as("vn.tra", "P1", staff.Review, staff.Direct, staff.Compile)
	for _, path := range []string{"/indicators/TIP_VALUABLE?from=01/11/2026&to=30/11/2026&by=none", "/indicators/TIP_VALUABLE?from=01/11/2026&to=30/11/2026&by=none&unit=C1", "/indicators/TIP_VALUABLE?from=01/11/2026&to=30/11/2026&by=none&unit=C2"} {
		one, other := b.get(path), b.get(path+"&tree=reports")
		other.shows(t, "Tin báo và đơn thư chỉ cộng theo cấp hành chính")
		if one.total(t) != other.total(t) {
			t.Errorf("%s: %s by level, %s by report", path, one.total(t), other.total(t))
		}
		if strings.Contains(one.body, "chỉ cộng theo cấp hành chính") {
			t.Error("it is said where nobody asked")
		}
	}
	one := readCSV(t, b.get("/indicators/TIP_VALUABLE/table.csv?from=01/11/2026&to=30/11/2026"))
	other := readCSV(t, b.get("/indicators/TIP_VALUABLE/table.csv?from=01/11/2026&to=30/11/2026&tree=reports"))
	for i := range one {
		if strings.Contains(strings.Join(one[i], " "), "Xã") && strings.Join(one[i], " ") != strings.Join(other[i], " ") {
			t.Errorf("%q by level, %q by report", one[i], other[i])
		}
	}
}

// again signs somebody in once more who has an account.
func (h *house) again(name string) *browser {
	h.t.Helper()
	b := h.browser()
	if a := b.post("/sign-in", "name", name, "passphrase", good, "to", "/"); a.status != http.StatusOK || strings.HasPrefix(a.at, "/sign-in") {
		h.t.Fatalf("%s cannot sign in: %d", name, a.status)
	}
	return b
}
