//go:build browser

package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"banlang/syncserver/staff"
)

// TestBrowserOtherOrigin: a page of another origin, open in the browser in which somebody is signed in, can neither read a page of the
// console nor have anything done, nor put the console into a frame; a form that it sends is refused.
func TestBrowserOtherOrigin(t *testing.T) {
	h := opened(t)
	boss := h.as("q.tri", "P1", staff.Administer)
	evil := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>evil</title><iframe id="f" src="%[1]s/accounts"></iframe>
<form id="p" method="post" action="%[1]s/accounts/new"><input name="name" value="evil"><input name="person" value="Evil"><input name="unit" value="P1"><input name="role" value="review"></form>`, h.server.URL)
	}))
	t.Cleanup(evil.Close)
	ctx := chromium(t)
	name, value, _ := strings.Cut(boss.tokenOf(), "=")
	var read, written string
	var framed bool
	wait := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	// The other origin is one of the same host: the browser sends the cookie along, so that nothing but the console refuses.
	err := chromedp.Run(ctx, chromedp.Navigate(h.server.URL+"/sign-in"),
		network.SetCookie(name, value).WithURL(h.server.URL).WithSecure(true).WithPath("/").WithHTTPOnly(true).WithSameSite(network.CookieSameSiteLax),
		chromedp.Navigate(h.server.URL+"/accounts"), chromedp.WaitVisible(`a[href="/accounts/q.tri"]`), // he is signed in
		chromedp.Navigate(evil.URL), chromedp.WaitReady("#p"),
		chromedp.Evaluate(fmt.Sprintf(`fetch(%q, {credentials: "include"}).then(r => r.text()).catch(e => "refused: " + e.name)`, h.server.URL+"/accounts"), &read, wait),
		chromedp.Evaluate(fmt.Sprintf(`fetch(%q, {method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams({name: "evil", person: "Evil", unit: "P1", role: "review"})}).then(r => r.type + r.status).catch(e => "refused: " + e.name)`,
			h.server.URL+"/accounts/new"), &written, wait),
		chromedp.Evaluate(`(() => { try { return !!document.getElementById("f").contentDocument } catch { return false } })()`, &framed),
		chromedp.Submit("#p"), chromedp.WaitNotPresent("#p"))
	if err != nil {
		t.Fatal(err)
	}
	if read != "refused: TypeError" || framed {
		t.Errorf("another origin reads %q, in a frame %v", read, framed)
	}
	if a := boss.get("/accounts"); strings.Contains(a.body, "Evil") {
		t.Errorf("another origin made an account (%s)", written)
	}
}
