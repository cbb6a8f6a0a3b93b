//go:build browser

package console_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	download "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// is waits until something holds of the page. While the browser goes from one page to the next there is nothing to ask.
func (x *tab) is(expression string) {
	x.t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	end := time.After(patience)
	for holds := false; ; {
		if err := chromedp.Run(x.ctx, chromedp.Evaluate("document.readyState === 'complete' && !!("+expression+")", &holds)); err == nil && holds {
			return
		}
		select {
		case <-again.C:
		case <-end:
			var page string
			_ = chromedp.Run(x.ctx, chromedp.Evaluate("location.href + ' ' + document.body.innerText", &page))
			x.t.Fatalf("it never holds that %s, at %.3000s", expression, page)
		}
	}
}

// press gives something the focus, as Tab does, and presses a key.
func (x *tab) press(on, key string) {
	x.t.Helper()
	x.do(chromedp.Focus(on, chromedp.ByQuery), chromedp.KeyEvent(key))
}

// click presses something with the mouse.
func (x *tab) click(on string) {
	x.t.Helper()
	x.do(chromedp.Click(on, chromedp.ByQuery))
}

// TestBrowserMapOfACountry: the map of 3,321 communes is drawn, made larger by mouse and by keys, and kept when something comes that
// does not change it; another figure is one press away; and without script the map and its table are there.
func TestBrowserMapOfACountry(t *testing.T) {
	h := opened(t)
	h.peopled(madeUpCountry(), 20_000)
	x := h.tab(chromium(t), h.as("tw", "VN", staff.Review))
	all := fmt.Sprintf(`document.querySelectorAll("#picture path > title").length === %d && document.querySelectorAll("tr[data-unit]").length === 100`, countryCommunes)
	x.open("/map?what=AW_SESSIONS&level=commune&step=year&period=2025-01-01")
	x.is(all)
	x.is(`document.querySelector(".mapzoom button")`)
	x.do(chromedp.Evaluate(`whole = document.querySelector("#picture .mapbox > svg").viewBox.baseVal.width; settled = 0; document.body.addEventListener("htmx:afterSettle", () => settled++)`, nil))
	x.click(".mapzoom button:first-child")
	x.is(`document.querySelector("#picture .mapbox > svg").viewBox.baseVal.width === whole / 2`)
	x.press(".mapzoom button:first-child", kb.Enter)
	x.is(`document.querySelector("#picture .mapbox > svg").viewBox.baseVal.width === whole / 4`)
	h.notebook("01").write("citizen_reception", record.Dot{}, "_unit", "01/ordinary", "occurred_on", "2026-11-17")
	x.is(`settled > 0 && document.querySelector("#picture .mapbox > svg").viewBox.baseVal.width === whole / 4`)
	x.is(all)
	x.press(".mapzoom button:last-child", kb.Enter)
	x.is(`document.querySelector("#picture .mapbox > svg").viewBox.baseVal.width === whole / 2`)
	x.press(`select[name="what"]`, kb.ArrowDown)
	x.is(`location.search.includes("what=") && !location.search.includes("what=AW_SESSIONS&")`)
	x.is(all)
	x.do(emulation.SetScriptExecutionDisabled(true))
	x.open("/map?what=AW_SESSIONS&level=commune&step=year&period=2025-01-01")
	x.is(all)
	x.is(`!document.querySelector(".mapzoom")`)
}

// TestBrowserWork: what is done every day, by mouse and by keys: a cell of the grid and one of the table of an indicator open their
// records, a flash report is taken on, a directive is sent, a report is frozen and taken out, and a machine gets its code.
func TestBrowserWork(t *testing.T) {
	h := opened(t)
	h.autumn()
	h.notebook("C1").flash("C1", "Lũ ống cuốn trôi ngầm tràn")
	chrome := chromium(t)
	x := h.tab(chrome, h.as("vn.tra", "P1", staff.Review, staff.Direct, staff.Compile))
	part := func(name string, do func()) { t.Run(name, func(t *testing.T) { x.t = t; do() }) }
	part("grid", func() {
		x.open("/grid")
		x.press("a.cell", kb.Enter)
		x.waits("3 bản ghi")
		x.open("/grid")
		x.click("a.cell")
		x.waits("3 bản ghi")
	})
	part("pivot", func() {
		x.open("/indicators/AW_SESSIONS?from=01/10/2026&to=30/11/2026")
		x.press(`select[name="by"]`, kb.ArrowDown)
		x.is(`!document.querySelector('select[name="by"]').selectedOptions[0].defaultSelected || location.search.includes("by=")`)
		x.do(chromedp.Submit(`select[name="by"]`, chromedp.ByQuery))
		x.is(`location.search.includes("by=") && document.querySelector("#pivot td.num a")`)
		x.click("#pivot td.num a")
		x.waits("bản ghi làm nên số này")
	})
	part("flash", func() {
		x.open("/flash")
		x.press("article button.btn.dgr", kb.Enter)
		x.waits("Đã tiếp nhận.")
	})
	part("directive", x.directs)
	part("report", func() {
		x.open("/reports/draft?" + november)
		x.press(`a[href*="/reports/freeze"]`, kb.Enter)
		x.is(`location.pathname === "/reports/freeze"`)
		x.click("form button.btn.pri")
		x.waits("Đã chốt lúc")
		x.takesOut(`a[href$=".xlsx"], a[href*=".xlsx?"]`)
	})
	t.Run("enrolment", func(t *testing.T) {
		x := h.of(t).tab(chrome, h.as("q.tri", "P1", staff.Administer))
		x.open("/devices/new")
		x.do(chromedp.KeyEvent("Máy xã 1"), chromedp.Focus(`[name="address"]`, chromedp.ByQuery), chromedp.KeyEvent("127.0.0.1:8443"), chromedp.KeyEvent(kb.Enter))
		x.is(`document.querySelector(".codes.big").innerText.length > 5 && document.querySelector("svg.qr path")`)
	})
}

// directs writes a directive to all communes with the keyboard alone, looks at whom it goes to, and sends it.
func (x *tab) directs() {
	x.t.Helper()
	x.open("/directives/new")
	x.do(chromedp.KeyEvent("12/KH-CAT"))
	for _, field := range []struct{ name, keys string }{{"issued_on", "16/11/2026"}, {"subject", "Cao điểm giao nộp vũ khí"}, {"task", "Rà soát từng thôn"}, {"due", "30/11/2026"}} {
		x.do(chromedp.Focus(`[name="`+field.name+`"]`, chromedp.ByQuery), chromedp.KeyEvent(kb.End))
		x.do(chromedp.Evaluate(`document.activeElement.select()`, nil), chromedp.KeyEvent(field.keys))
	}
	x.press(`select[name="kind"]`, kb.ArrowDown)
	x.press(`select[name="below"]`, kb.ArrowDown)
	x.press(`[name="subject"]`, kb.Enter)
	x.waits("Sẽ gửi cho 2 đơn vị")
	x.press(`button[value="send"]`, kb.Enter)
	x.is(`location.pathname !== "/directives/new"`)
	x.waits("Cao điểm giao nộp vũ khí")
}

// takesOut presses a link to a file, and waits until the browser has all of it.
func (x *tab) takesOut(link string) {
	x.t.Helper()
	dir := x.t.TempDir()
	whole := make(chan string, 1)
	here, err := target.GetTargetInfo().Do(cdp.WithExecutor(x.ctx, chromedp.FromContext(x.ctx).Target))
	if err != nil {
		x.t.Fatal(err)
	}
	chromedp.ListenBrowser(x.ctx, func(event any) {
		if e, ok := event.(*download.EventDownloadProgress); ok && e.State == download.DownloadProgressStateCompleted {
			whole <- e.GUID
		}
	})
	err = download.SetDownloadBehavior(download.SetDownloadBehaviorBehaviorAllowAndName).WithBrowserContextID(here.BrowserContextID).WithDownloadPath(dir).WithEventsEnabled(true).
		Do(cdp.WithExecutor(x.ctx, chromedp.FromContext(x.ctx).Browser))
	if err != nil {
		x.t.Fatal(err)
	}
	x.click(link)
	select {
	case name := <-whole:
		if file, err := os.Stat(filepath.Join(dir, name)); err != nil || file.Size() < 1000 {
			x.t.Errorf("the file is %v %v", file, err)
		}
	case <-time.After(patience):
		x.t.Fatal("no file comes")
	}
}
