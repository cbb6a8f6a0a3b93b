//go:build browser

package console_test

import (
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"banlang/syncserver/staff"
)

// reach are the things on a page that do something, and what becomes of them.
type reach struct {
	Things          int
	Unreached, Dull []string // that Tab never came to; that do not look different when they have the focus
	Covered         []string // that a mouse does not hit
}

// watchFocus notes what Tab comes to, and how it looks then. A group of radio buttons is one thing, as it is to Tab.
const watchFocus = `(() => {
	const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
		.filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0);
	const group = e => e.type === "radio" ? [...document.getElementsByName(e.name)].find(o => o.form === e.form) : e;
	const r = window.reach = {all, got: new Set(), dull: new Set()};
	document.addEventListener("focusin", e => {
		if (!e.target.matches(":focus-visible")) return; // nobody came to it by a key
		r.got.add(group(e.target));
		const s = getComputedStyle(e.target), shape = e.target.querySelector && e.target.querySelector("path");
		const ringed = x => x.outlineStyle !== "none" && parseFloat(x.outlineWidth) > 0 || x.boxShadow !== "none";
		if (!ringed(s) && !(shape && getComputedStyle(shape).stroke !== "none")) r.dull.add(e.target);
	});
	r.group = group;
	document.activeElement.blur();
	return all.length;
})()`

// whatWasReached is told after Tab was pressed often enough. What a mouse hits is asked at twenty-five places of each thing: a commune on a
// map does not fill its frame. The way past the navigation (.skip) is for Tab only.
const whatWasReached = `(() => {
	const r = window.reach, name = e => e.outerHTML.slice(0, 140);
	const hit = e => {
		e.scrollIntoView({block: "center", inline: "center"});
		return [...e.getClientRects()].some(b => [.5, .3, .7, .1, .9].some(x => [.5, .3, .7, .1, .9].some(y => {
			const at = document.elementFromPoint(b.left + b.width * x, b.top + b.height * y);
			return at && (e === at || e.contains(at) || at.closest("label")?.control === e);
		})));
	};
	document.activeElement.blur();
	return {
		things: r.all.length,
		unreached: r.all.filter(e => !r.got.has(r.group(e))).map(name),
		dull: [...r.dull].map(name),
		covered: r.all.filter(e => !e.matches(".skip") && !hit(e)).map(name),
	};
})()`

// TestBrowserReach: on every page of the table of routes Tab comes to everything that does something, it is seen where one is, and
// nothing lies over it where the mouse goes.
func TestBrowserReach(t *testing.T) {
	h := opened(t)
	who, pages := h.everyShown()
	chrome := chromium(t)
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			x := h.of(t).tab(chrome, who[p.by])
			if p.name == "refused" {
				x.refused = p.path
			}
			x.open(p.path)
			var n int
			x.do(emulation.SetFocusEmulationEnabled(true), chromedp.Evaluate(watchFocus, &n)) // other windows of the test are open, too
			presses := make([]chromedp.Action, n+5)
			for i := range presses {
				presses[i] = chromedp.KeyEvent(kb.Tab)
			}
			var got reach
			x.do(append(presses, chromedp.Evaluate(whatWasReached, &got))...)
			if got.Things < 3 {
				t.Errorf("it has %d things that do something", got.Things)
			}
			for kind, list := range map[string][]string{"Tab does not come to": got.Unreached, "the focus is not seen at": got.Dull, "something lies over": got.Covered} {
				for _, e := range list {
					t.Errorf("%s %s", kind, e)
				}
			}
		})
	}
}

// TestBrowserNavigation: every page that the navigation names is come to by a click, and by Tab and Enter.
func TestBrowserNavigation(t *testing.T) {
	h := opened(t)
	h.autumn()
	chrome := chromium(t)
	for name, roles := range map[string][]staff.Role{"vn.tra": {staff.Review, staff.Direct, staff.Compile}, "q.tri": {staff.Administer}, "gs.lan": {staff.Supervise}} {
		x := h.tab(chrome, h.as(name, "P1", roles...))
		x.do(emulation.SetFocusEmulationEnabled(true))
		x.open("/account")
		var paths []string
		x.do(chromedp.Evaluate(`[...document.querySelectorAll("nav.nav a[href]")].map(a => a.getAttribute("href"))`, &paths))
		if len(paths) < 4 || slices.Contains(paths, "") {
			t.Fatalf("%s has %q", name, paths)
		}
		for _, path := range paths {
			on := `nav.nav a[href="` + path + `"]`
			x.open("/account")
			x.click(on)
			x.is(`location.pathname === "` + path + `"`)
			x.open("/account")
			x.do(chromedp.Evaluate(`document.activeElement.blur()`, nil))
			for range 60 {
				var there bool
				x.do(chromedp.KeyEvent(kb.Tab), chromedp.Evaluate(`document.activeElement.matches('`+on+`')`, &there))
				if there {
					break
				}
			}
			x.do(chromedp.KeyEvent(kb.Enter))
			x.is(`location.pathname === "` + path + `"`)
		}
	}
}
