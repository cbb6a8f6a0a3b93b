//go:build browser

package console_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The paper: A4 upright with a centimetre at the edges, in inches and in the pixels of a page.
const (
	paperWide, paperHigh, paperEdge = 210 / 25.4, 297 / 25.4, 10 / 25.4
	paperPixels                     = 718
)

// onPaper is what stands on the paper of a page that should not, in what it fails, and its words.
type onPaper struct {
	Left, Wide []string
	Title      string
	Words      string
}

// lookAtPaper looks at a page as it is printed: what is navigation or a button, what is cut at the right edge, and what it says.
const lookAtPaper = `(() => {
	const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden" && !e.closest(".hid");
	const name = e => e.outerHTML.slice(0, 120);
	const all = [...document.body.querySelectorAll("*")].filter(seen);
	return {
		left: all.filter(e => e.matches("nav.nav, .tabs a:not([aria-current]), header.top, .skip, button, a.btn, .mapzoom, .hand, input[type=submit]")).map(name),
		wide: all.filter(e => !e.closest("svg") && !e.closest("tr") && e.getBoundingClientRect().right > innerWidth + 1 || e.matches("tr:first-child > :last-child") && e.getBoundingClientRect().right > innerWidth + 1)
			.map(e => Math.round(e.getBoundingClientRect().right) + ": " + name(e)),
		title: (all.find(e => e.matches("h1, .paper h2")) || {innerText: ""}).innerText,
		words: document.body.innerText + [...document.querySelectorAll("input:not([type=hidden]), select")].filter(seen).map(e => "\n" + (e.selectedOptions ? e.selectedOptions[0].text : e.value)).join(""),
	};
})()`

// everyShown are the pages that are shown, and those of the table of routes that are not among them, by whoever may see them.
func (h *house) everyShown() (who map[string]*browser, pages []struct{ name, by, path string }) {
	h.t.Helper()
	who, pages = h.shown()
	var paths []string
	for _, p := range pages {
		paths = append(paths, p.path)
	}
	for _, path := range everyPage(h.t, paths)[len(paths):] {
		by := ""
		for name, b := range who {
			if a := b.get(path); by == "" && name != "" && a.status == 200 && !strings.HasPrefix(a.at, "/sign-in") {
				by = name
			}
		}
		pages = append(pages, struct{ name, by, path string }{strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"), by, path})
	}
	return who, pages
}

// TestBrowserPaper prints every page of the table of routes on A4: without navigation and buttons, with its title, with whose page
// it is and what it is of, and with nothing cut off at the right edge. With BANLANG_PAPER the papers are kept there.
func TestBrowserPaper(t *testing.T) {
	h := opened(t)
	who, pages := h.everyShown()
	chrome := chromium(t)
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			h := h.of(t)
			x := h.tab(chrome, who[p.by])
			if p.name == "refused" {
				x.refused = p.path
			}
			x.do(emulation.SetDeviceMetricsOverride(paperPixels, 1040, 1, false), emulation.SetEmulatedMedia().WithMedia("print"))
			x.open(p.path)
			var got onPaper
			var pdf, png []byte
			x.do(chromedp.Evaluate(lookAtPaper, &got), chromedp.ActionFunc(func(ctx context.Context) (err error) {
				pdf, _, err = page.PrintToPDF().WithPaperWidth(paperWide).WithPaperHeight(paperHigh).WithMarginLeft(paperEdge).WithMarginRight(paperEdge).
					WithMarginTop(paperEdge).WithMarginBottom(paperEdge).Do(ctx)
				if err == nil {
					png, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).Do(ctx)
				}
				return err
			}))
			if sheets := bytes.Count(pdf, []byte("/Type /Page\n")); sheets < 1 {
				t.Errorf("it has %d sheets", sheets)
			}
			if got.Title == "" {
				t.Error("it has no title")
			}
			for _, e := range got.Left {
				t.Errorf("on the paper is %s", e)
			}
			for _, e := range got.Wide {
				t.Errorf("cut off at %s", e)
			}
			for _, want := range paperSays(p.by, p.path) {
				if !strings.Contains(got.Words, want) {
					t.Errorf("the paper does not say %q:\n%s", want, got.Words)
				}
			}
			if dir := os.Getenv("BANLANG_PAPER"); dir != "" {
				for name, file := range map[string][]byte{p.name + ".pdf": pdf, p.name + ".png": png} {
					if err := os.WriteFile(filepath.Join(dir, name), file, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// paperSays is what a paper must say beside its title: whose page it is, and of which unit and time its figures are.
func paperSays(by, path string) (all []string) {
	if by != "" {
		all = append(all, "Vũ Ngọc Trà", "In lúc")
	}
	for prefix, words := range map[string][]string{"/grid": {"tháng 10/2026", "Tỉnh Sơn Lĩnh"}, "/stale": {"Tỉnh Sơn Lĩnh"}, "/map": {"tháng 10/2026", "Tỉnh Sơn Lĩnh"},
		"/indicators/": {"30/11/2026", "Tỉnh Sơn Lĩnh"}, "/reports/": {"11/2026"}, "/records?": {"khong co"}} {
		if strings.HasPrefix(path, prefix) {
			all = append(all, words...)
		}
	}
	return all
}
