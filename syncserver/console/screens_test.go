//go:build screens || browser || office

package console_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// chromium opens a browser without a window, which speaks to this machine only.
func chromium(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("no-first-run", true), chromedp.Flag("ignore-certificate-errors", true), chromedp.UserDataDir(t.TempDir()))
	ctx, end := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	t.Cleanup(end)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal("no chromium: ", err)
	}
	return ctx
}

// tokenOf is the session of a browser of ours, for the real one.
func (b *browser) tokenOf() string {
	u, _ := url.Parse(b.h.server.URL)
	for _, k := range b.Jar.Cookies(u) {
		if strings.HasPrefix(k.Name, "__Host-") {
			return k.Name + "=" + k.Value
		}
	}
	return ""
}

// TestScreens takes a picture of every page at a desk and on a telephone, in both languages, into BANLANG_SCREENS.
func TestScreens(t *testing.T) {
	out := os.Getenv("BANLANG_SCREENS")
	if out == "" {
		t.Skip("BANLANG_SCREENS says where to")
	}
	h := opened(t)
	who, pages := h.shown()
	ctx := chromium(t)
	for _, p := range pages {
		for _, lang := range []string{"vi", "en"} {
			for _, size := range []struct {
				name   string
				w, h   int64
				mobile bool
			}{{"1366", 1366, 768, false}, {"380", 380, 780, true}} {
				var png []byte
				err := chromedp.Run(ctx, network.ClearBrowserCookies(), emulation.SetDeviceMetricsOverride(size.w, size.h, 1, size.mobile),
					chromedp.ActionFunc(func(ctx context.Context) error {
						name, value, _ := strings.Cut(who[p.by].tokenOf(), "=")
						if name != "" {
							if err := network.SetCookie(name, value).WithURL(h.server.URL).WithSecure(true).WithPath("/").WithHTTPOnly(true).Do(ctx); err != nil {
								return err
							}
						}
						return network.SetCookie("language", lang).WithURL(h.server.URL).WithSecure(true).Do(ctx)
					}),
					chromedp.Navigate(h.server.URL+p.path), chromedp.WaitReady("main"),
					chromedp.ActionFunc(func(ctx context.Context) (err error) {
						png, err = page.CaptureScreenshot().WithCaptureBeyondViewport(size.mobile).Do(ctx)
						return err
					}))
				if err != nil {
					t.Fatal(p.name, err)
				}
				if err := os.WriteFile(filepath.Join(out, "console-"+p.name+"-"+lang+"-"+size.name+".png"), png, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// story is a week in which something happened; it returns a record in which two answers differ.
func (h *house) story() record.Dot {
	an, ba, ia := h.notebook("C1"), h.notebook("C1"), h.notebook("C2")
	for i, note := range []string{"Tuyên truyền về tín dụng đen tại nhà rông", "Phòng, chống ma túy", "Giao nộp vũ khí, vật liệu nổ", "Luật Giao thông đường bộ", "Phòng cháy, chữa cháy mùa khô"} {
		n := []*notebook{an, ba, ia}[i%3]
		unit := []string{"C1", "C1", "C2"}[i%3]
		n.write("awareness_session", record.Dot{}, "_unit", unit+"/ordinary", "note", note, "occurred_on", "2026-11-1"+strconv.Itoa(i+1), "participants_total", strconv.Itoa(38+i*7), "method", "truc_tiep")
		h.now.Add(int64(47 * time.Minute / time.Millisecond))
	}
	rec := an.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "participants_total", "60", "occurred_on", "2026-11-17", "note", "Họp làng Kon Tơ Ngol")
	an.write("awareness_session", rec, "participants_total", "64")
	ba.write("awareness_session", rec, "participants_total", "46")
	return rec
}

// shown is every page, and who looks at it.
func (h *house) shown() (who map[string]*browser, pages []struct{ name, by, path string }) {
	h.autumn()
	h.province()
	h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte("code,parent,reports,name,level\nV2,C1,C2,Làng Plei Sơ Un,village\n")}})
	rec := h.story()
	refused := h.refusals()
	sent := h.dispatched("vn.tra", "q.tri")
	who = map[string]*browser{"": h.browser(), "q.tri": h.as("q.tri", "P1", staff.Administer), "gs.lan": h.as("gs.lan", "P1", staff.Supervise)}
	who["q.tri"].post("/accounts/new", "name", "lh.ha", "person", "Lê Thị Mai Hạ", "unit", "Xã Đăk Rơ Leng (C1)", "role", "review", "role", "direct")
	who["q.tri"].post("/accounts/new", "name", "pq.diem", "person", "Phan Quốc Điềm", "unit", "C2", "role", "record")
	who["vn.tra"] = h.as("vn.tra", "P1", staff.Review, staff.Direct, staff.Compile)
	own, tip := h.operated(who)
	proposal := who["q.tri"].sends("/forms", "hop.md", sheet(h.t, "hop.md")).at
	h.figures(who["vn.tra"])
	return who, append([]struct{ name, by, path string }{
		{"indicators", "vn.tra", "/indicators"}, {"indicator", "vn.tra", "/indicators/AW_SESSIONS?from=01/07/2026&to=30/11/2026&row=u:C1&col=t:2026-11-30"},
		{"indicator-ratio", "vn.tra", "/indicators/STAFF_COVER?from=01/07/2026&to=30/11/2026"}, {"indicator-small", "vn.tra", "/indicators/TIP_VALUABLE?from=01/09/2026&to=30/11/2026"},
		{"reports", "vn.tra", "/reports"}, {"report-draft", "vn.tra", "/reports/draft?" + november}, {"report-freeze", "vn.tra", "/reports/freeze?" + november},
		{"report-days", "vn.tra", "/reports/draft?template=month&from=2026-10-15&to=2026-11-14"},
		{"report", "vn.tra", "/reports/1?again=1"}, {"export", "vn.tra", "/records/export?form=awareness_session&unit=C1"}, {"quality", "vn.tra", "/quality"},
		{"sign-in", "", "/sign-in"}, {"accounts", "q.tri", "/accounts"}, {"account-new", "q.tri", "/accounts/new"}, {"account", "q.tri", "/accounts/lh.ha"},
		{"own", "q.tri", "/account"}, {"passphrase", "q.tri", "/account/passphrase"}, {"judge-list", "gs.lan", "/judge"}, {"map-check", "vn.tra", "/map?period=2026-10-01&what=CHECK_GRP"},
		{"confirm", "q.tri", "/confirm?to=/accounts"}, {"audit", "gs.lan", "/audit?check=1"}, {"refused", "q.tri", "/audit"},
		{"operate", "q.tri", "/operate"}, {"erase", "gs.lan", "/erase"}, {"erase-one", "gs.lan", "/erase/one?record=" + rec.String()}, {"erase-due", "gs.lan", "/erase/due"},
		{"sealed", "lh.mai", "/records/" + tip.String()}, {"open", "lh.mai", "/records/" + tip.String() + "/open?path=content"}, {"openings", "gs.lan", "/openings"}, {"openings-own", "lh.mai", own},
		{"forms", "q.tri", "/forms"}, {"proposal", "q.tri", proposal}, {"judge", "gs.lan", strings.Replace(proposal, "/proposals/", "/judge/", 1)},
		{"records", "vn.tra", "/records"}, {"records-none", "vn.tra", "/records?q=khong+co"}, {"record", "vn.tra", "/records/" + rec.String()}, {"record-print", "vn.tra", "/records/" + rec.String() + "/print"}, {"inbox", "vn.tra", "/inbox"}, {"inbox-conflict", "vn.tra", "/inbox?state=conflict"},
		{"rejected", "vn.tra", "/rejected"}, {"rejected-accept", "vn.tra", "/rejected/" + refused.String()},
		{"grid", "vn.tra", "/grid"}, {"grid-reports", "vn.tra", "/grid?tree=reports&unit=C2"}, {"stale-reports", "vn.tra", "/stale?level=village&tree=reports"},
		{"indicator-reports", "vn.tra", "/indicators/AW_SESSIONS?from=01/07/2026&to=30/11/2026&tree=reports"}, {"remind", "vn.tra", "/directives/new?plan=sessions&period=2026-10-01"}, {"stale", "vn.tra", "/stale?level=commune"}, {"map", "vn.tra", "/map?period=2026-10-01&what=AW_SESSIONS"},
		{"units", "q.tri", "/units?unit=P1"}, {"units-trial", "q.tri", h.merger(who["q.tri"])},
	}, sent...)
}

// figures are half a year of two communes, of which a report was frozen before the last of it came.
func (h *house) figures(compiler *browser) {
	an, ia := h.notebook("C1"), h.notebook("C2")
	for m := 7; m <= 11; m++ {
		for day := 2; day < 2+3*(m%3+2); day += 3 {
			at := fmt.Sprintf("2026-%02d-%02d", m, day)
			an.sessions("C1", at, strconv.Itoa(31+m*3+day*2))
			if m != 9 {
				ia.sessions("C2", at, "45")
			}
		}
		an.write("citizen_reception", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", fmt.Sprintf("2026-%02d-12", m), "visits", strconv.Itoa(m+4))
		ia.write("welfare_activity", record.Dot{}, "_unit", "C2/ordinary", "occurred_on", fmt.Sprintf("2026-%02d-14", m), "kind", "duong", "labour_days", "12.5")
	}
	for i := range 9 {
		an.write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", fmt.Sprintf("2026-%02d-05", 9+i%3), "assessed_value", "co_gia_tri")
	}
	ia.write("tip", record.Dot{}, "_unit", "C2/tips", "occurred_on", "2026-11-05", "assessed_value", "co_gia_tri")
	an.write("commune_staffing", record.Dot{}, "_unit", "C1/ordinary", "as_of", "2026-07-01", "regular_officers", "5", "required", "5")
	ia.write("commune_staffing", record.Dot{}, "_unit", "C2/ordinary", "as_of", "2026-10-01", "regular_officers", "6", "required", "5")
	compiler.post("/reports/freeze?"+november, "upon", "0")
	h.now.Add(int64(time.Minute / time.Millisecond))
	an.sessions("C1", "2026-11-15", "900")
}

// operated is what staff who run a centre and protect citizens' data did in that week; it returns the address of what somebody asked to
// have opened, and the tip.
func (h *house) operated(who map[string]*browser) (own string, tip record.Dot) {
	tip, id := h.sealedTip("C1", "Có xe lạ ở rẫy")
	n := h.notebook("C2")
	n.write("awareness_session", record.Dot{}, "_unit", "C2/ordinary", "occurred_on", "2016-03-04", "note", "Họp thôn")
	gone := n.write("awareness_session", record.Dot{}, "_unit", "C2/ordinary", "occurred_on", "2026-10-04", "note", "Họp thôn")
	erase := []string{"record", gone.String(), "what", "whole", "reason", "Đơn của công dân ngày 12/11/2026"}
	who["gs.lan"].post("/erase/one", append(erase, "sure", sureOf(who["gs.lan"].post("/erase/one", erase...)))...)
	who["lh.mai"] = h.as("lh.mai", "C1", staff.Review)
	for _, why := range []string{"Xác minh tin báo theo kế hoạch 12/KH", "Đối chiếu với tin báo ngày 10/11/2026"} {
		who["lh.mai"].post("/records/"+tip.String()+"/open", "path", "content", "reason", why, "key", id.Recipient().String())
	}
	_, rest, _ := strings.Cut(who["gs.lan"].get("/openings").body, `action="/openings/`)
	one, _, _ := strings.Cut(rest, `"`)
	who["gs.lan"].post("/openings/"+one, "answer", "yes")
	for _, job := range []string{"backup", "drill", "check"} {
		who["q.tri"].job(job)
	}
	return "/own-openings", tip
}

// refusals are records that were rejected at their creation; it returns one that may be accepted after all.
func (h *house) refusals() record.Dot {
	n := h.notebook("C2")
	n.write("awareness_session", record.Dot{}, "note", "Họp thôn, quên chọn đơn vị")
	refused := n.misdated("C2")
	h.now.Add(int64(20 * time.Minute / time.Millisecond))
	h.asks(centre.Request{Grant: &centre.Grant{Replica: n.Replica, Revoke: true}})
	n.write("citizen_reception", record.Dot{}, "_unit", "C2/ordinary", "occurred_on", "2026-11-17", "visits", "4")
	return refused
}
