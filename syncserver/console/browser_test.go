//go:build browser

package console_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// tab is a window of a real browser, of its own profile, in which somebody is signed in.
type tab struct {
	t   testing.TB
	h   *house
	ctx context.Context

	refused string // the path of a page that is refused, as it should be

	mu      sync.Mutex
	trouble []string // errors of scripts and of the console
	strange []string // requests to anybody but the centre
	bytes   float64  // that came over the wire
}

// tab opens a window of a browser that runs; b is whose session it has, nil for nobody's.
func (h *house) tab(chrome context.Context, b *browser) *tab {
	h.t.Helper()
	whole := cdp.WithExecutor(chrome, chromedp.FromContext(chrome).Browser)
	profile, err := target.CreateBrowserContext().Do(whole)
	if err != nil {
		h.t.Fatal(err)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(profile).WithNewWindow(true).Do(whole)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, end := chromedp.NewContext(chrome, chromedp.WithTargetID(id))
	h.t.Cleanup(end)
	if err := chromedp.Run(ctx); err != nil { // the first bounds the life of the tab, so it has no patience of its own
		h.t.Fatal(err)
	}
	x := &tab{t: h.t, h: h, ctx: ctx}
	here, err := url.Parse(h.server.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	chromedp.ListenTarget(ctx, func(event any) {
		x.mu.Lock()
		defer x.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			x.trouble = append(x.trouble, e.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError && !(e.Entry.Source == log.SourceNetwork && x.refused != "" && strings.HasSuffix(e.Entry.URL, x.refused)) {
				x.trouble = append(x.trouble, e.Entry.Text+" "+e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err != nil || u.Host != here.Host {
				x.strange = append(x.strange, e.Request.URL)
			}
		case *network.EventLoadingFinished:
			x.bytes += e.EncodedDataLength
		}
	})
	x.do(network.Enable(), log.Enable(), emulation.SetDeviceMetricsOverride(1366, 768, 1, false))
	if b != nil && b.tokenOf() != "" {
		name, value, _ := strings.Cut(b.tokenOf(), "=")
		x.do(network.SetCookie(name, value).WithURL(h.server.URL).WithSecure(true).WithPath("/").WithHTTPOnly(true))
	}
	h.t.Cleanup(func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		for _, s := range x.trouble {
			h.t.Errorf("the page complains: %s", s)
		}
		for _, s := range x.strange {
			h.t.Errorf("it asks elsewhere: %s", s)
		}
	})
	return x
}

func (x *tab) do(actions ...chromedp.Action) {
	x.t.Helper()
	ctx, end := context.WithTimeout(x.ctx, patience)
	defer end()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var where string
		_ = chromedp.Run(x.ctx, chromedp.Location(&where))
		x.t.Fatalf("at %s: %v", where, err)
	}
}

func (x *tab) open(path string) {
	x.t.Helper()
	x.do(chromedp.Navigate(x.h.server.URL+path), chromedp.WaitReady("main"))
}

// waits until the page shows a text. While the browser goes from one page to the next there is nothing to ask.
func (x *tab) waits(text string) {
	x.t.Helper()
	ctx, end := context.WithTimeout(x.ctx, patience)
	defer end()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	ask := fmt.Sprintf("document.readyState === 'complete' && document.querySelector('main').innerText.includes(%q)", text)
	for shown := false; ; {
		if err := chromedp.Run(ctx, chromedp.Evaluate(ask, &shown)); err == nil && shown {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			var page string
			_ = chromedp.Run(x.ctx, chromedp.Evaluate("document.body.innerText", &page))
			x.t.Fatalf("it never shows %q, but: %s", text, page)
		}
	}
}

// focus is the text of what has the focus.
func (x *tab) focus() (text string) {
	x.t.Helper()
	x.do(chromedp.Evaluate(`(document.activeElement.innerText || document.activeElement.name || "").trim()`, &text))
	return text
}

// tabs presses Tab until what is asked for has the focus.
func (x *tab) tabs(to string) {
	x.t.Helper()
	var seen []string
	for range 80 {
		if got := x.focus(); got == to {
			return
		} else {
			seen = append(seen, got)
		}
		x.do(chromedp.KeyEvent(kb.Tab))
	}
	x.t.Fatalf("Tab does not reach %q; it passes %q", to, slices.Compact(seen))
}

// TestBrowserKeyboard: from sign-in to an approved record and back, without a mouse.
func TestBrowserKeyboard(t *testing.T) {
	h := opened(t)
	h.account("vn.tra", "P1", staff.Review)
	rec := h.notebook("C1").write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp thôn", "occurred_on", "2026-11-17")
	x := h.tab(chromium(t), nil)
	x.open("/inbox")
	x.do(chromedp.KeyEvent("vn.tra"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(good), chromedp.KeyEvent(kb.Enter))
	x.waits("Chờ duyệt · 1")
	x.do(chromedp.KeyEvent("/"))
	if got := x.focus(); got != "q" {
		t.Errorf("/ goes to %q", got)
	}
	x.do(chromedp.KeyEvent("hop thon"), chromedp.KeyEvent(kb.Enter))
	x.waits("1 bản ghi")
	x.tabs("Buổi tuyên truyền · 17/11/2026")
	x.do(chromedp.KeyEvent(kb.Enter))
	x.waits("Lịch sử")
	x.tabs("Duyệt")
	x.do(chromedp.KeyEvent(kb.Enter))
	x.waits("Đã duyệt 1 bản ghi")
	x.tabs("Hoàn tác")
	x.do(chromedp.KeyEvent(kb.Enter))
	x.waits("Đã hoàn tác")
	if got := h.review(rec); got != "" {
		t.Errorf("the record is %q", got)
	}
}

// TestBrowserTwoStaff: two look at one inbox; who is second is told, and nothing is written over.
func TestBrowserTwoStaff(t *testing.T) {
	h := opened(t)
	rec := h.notebook("C1").write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp thôn", "occurred_on", "2026-11-17")
	chrome := chromium(t)
	tra, ha := h.tab(chrome, h.as("vn.tra", "P1", staff.Review)), h.tab(chrome, h.as("lh.ha", "C1", staff.Review))
	for _, x := range []*tab{tra, ha} {
		x.open("/inbox")
		x.waits("Chờ duyệt · 1")
	}
	tra.do(chromedp.Click(`input[name="record"]`), chromedp.SetValue(`#bulk textarea`, "Thiếu danh sách."), chromedp.Click(`#bulk button[value="returned"]`))
	tra.waits("Đã trả lại 1 bản ghi")
	ha.do(chromedp.Click(`input[name="record"]`), chromedp.Click(`#bulk button[value="approved"]`))
	ha.waits("vừa thay đổi")
	if got := h.review(rec); got != record.ReviewReturned {
		t.Errorf("the record is %q", got)
	}
}

// TestBrowserTypedIsKept: an order that was typed while the passphrase grew old is not typed again: it waits behind the question for it.
func TestBrowserTypedIsKept(t *testing.T) {
	h := opened(t)
	rec := h.notebook("C1").sessions("C1", "2026-11-02", "60")[0]
	x := h.tab(chromium(t), h.as("gs.lan", "P1", staff.Supervise))
	x.refused = "/erase/one"
	x.open("/erase/one?record=" + rec.String())
	x.do(chromedp.Click(`input[value="whole"]`), chromedp.SendKeys(`[name="reason"]`, "Đơn của ông Y Thiên, làng Kon Tơ Ngol"))
	h.now.Add(int64(staff.ConfirmTime) + 1)
	x.do(chromedp.Submit(`[name="reason"]`))
	x.waits("Những gì vừa gõ vẫn còn")
	x.do(chromedp.KeyEvent(good), chromedp.KeyEvent(kb.Enter))
	x.waits("Đơn của ông Y Thiên, làng Kon Tơ Ngol")
	if got := x.focus(); got != "Làm tiếp" {
		t.Errorf("the focus is on %q", got)
	}
	x.do(chromedp.KeyEvent(kb.Enter))
	x.waits("Chắc chắn xóa?")
	var reason string
	x.do(chromedp.Value(`[name="reason"]`, &reason))
	if reason != "Đơn của ông Y Thiên, làng Kon Tơ Ngol" {
		t.Errorf("the reason is %q", reason)
	}
}

// TestBrowserLive: a record that arrives is in the list without anybody pressing a key.
func TestBrowserLive(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "một", "occurred_on", "2026-11-17")
	x := h.tab(chromium(t), h.as("vn.tra", "P1", staff.Review))
	x.open("/records")
	x.waits("1 bản ghi")
	x.do(chromedp.Poll("performance.getEntriesByType('resource').some(r => r.name.endsWith('/live'))||window.EventSource&&true", nil))
	n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "hai", "occurred_on", "2026-11-18")
	x.waits("18/11/2026")
	x.waits("2 bản ghi")
}

// TestBrowserHears: whoever sits on the map hears of a flash report; the inbox, where somebody writes, stays as it is under his hand
// and says that it shows something old.
func TestBrowserHears(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	rec := n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "một", "occurred_on", "2026-11-17")
	chrome := chromium(t)
	b := h.as("vn.tra", "P1", staff.Review)
	atlas, inbox := h.tab(chrome, b), h.tab(chrome, b)
	atlas.open("/map")
	inbox.open("/inbox")
	inbox.do(chromedp.SendKeys(`#bulk textarea`, "Thiếu danh"))
	h.listened(2)
	n.flash("C1", "Sạt lở taluy.")
	atlas.waits("Vừa có báo cáo nhanh chưa ai tiếp nhận")
	inbox.waits("Vừa có báo cáo nhanh chưa ai tiếp nhận")
	var count string
	atlas.do(chromedp.Text(`.nav a[href="/flash"] .n.urgent`, &count))
	if count != "1" {
		t.Errorf("the navigation counts %q", count)
	}
	n.write("awareness_session", rec, "note", "hai")
	inbox.waits("Nội dung trang này vừa thay đổi ở trung tâm")
	var typed string
	inbox.do(chromedp.Value(`#bulk textarea`, &typed))
	if typed != "Thiếu danh" {
		t.Errorf("what was typed is %q", typed)
	}
}

// listened waits until so many pages listen.
func (h *house) listened(pages int) {
	h.t.Helper()
	again, late := time.NewTicker(20*time.Millisecond), time.After(patience)
	defer again.Stop()
	for h.console.Listening() < pages {
		select {
		case <-again.C:
		case <-late:
			h.t.Fatalf("%d pages listen, not %d", h.console.Listening(), pages)
		}
	}
}

// TestBrowserLook opens every page at a desk and on a telephone: no script complains, nothing is asked of anybody else, nothing
// is wider than the telephone, the page is light, and axe finds nothing serious.
func TestBrowserLook(t *testing.T) {
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	h := opened(t)
	who, pages := h.shown()
	chrome := chromium(t)
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			h := h.of(t)
			x := h.tab(chrome, who[p.by])
			if p.name == "refused" {
				x.refused = p.path
			}
			x.do(network.SetCacheDisabled(true))
			for _, size := range []struct {
				w, h   int64
				mobile bool
			}{{1366, 768, false}, {380, 780, true}} {
				x.do(emulation.SetDeviceMetricsOverride(size.w, size.h, 1, size.mobile))
				x.mu.Lock()
				x.bytes = 0
				x.mu.Unlock()
				x.open(p.path)
				var wide int64
				var found []string
				x.do(chromedp.Evaluate("document.scrollingElement.scrollWidth", &wide), chromedp.Evaluate(string(axe), nil),
					chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => v.id + ": " + v.nodes.map(n => n.html).slice(0, 3).join(" | ")))`,
						&found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
				if wide > size.w {
					t.Errorf("at %d it is %d wide", size.w, wide)
				}
				for _, f := range found {
					t.Errorf("at %d axe finds %s", size.w, f)
				}
				x.mu.Lock()
				if x.bytes > 150_000 {
					t.Errorf("it weighs %.0f bytes", x.bytes)
				}
				x.mu.Unlock()
			}
		})
	}
}

func (h *house) review(rec record.Dot) string {
	h.t.Helper()
	s, err := h.centre.Sheet(h.t.Context(), rec.String(), "vi", func(string, string) bool { return true })
	if err != nil {
		h.t.Fatal(err)
	}
	return s.Review.State
}

// of is the house, reporting to a part of a test.
func (h *house) of(t *testing.T) *house { return &house{t: t, centre: h.centre, server: h.server} }
