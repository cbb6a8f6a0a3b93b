package console_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"banlang/shared/clock"
	"banlang/shared/passphrase"
	"banlang/shared/units"
	"banlang/syncserver/centre"
	"banlang/syncserver/console"
	"banlang/syncserver/staff"
)

const good = "bốn con trâu gặm cỏ non"

// patience bounds what a test waits for.
const patience = 60 * time.Second

// land is a small province: two communes with two villages each.
var land = units.New(units.Usual, []units.Unit{
	{Code: "P1", Name: "Tỉnh Sơn Lĩnh", Level: "province", Phone: "0269 111"},
	{Code: "C1", Parent: "P1", Name: "Xã Đăk Rơ Leng", Level: "commune", Phone: "0269 222"}, {Code: "C2", Parent: "P1", Name: "Xã Ia Mlăng", Level: "commune"},
	{Code: "V1", Parent: "C1", Name: "Làng Kon Tơ Ngol", Level: "village"}, {Code: "V2", Parent: "C1", Name: "Làng Plei Sơ Un", Level: "village"},
	{Code: "V3", Parent: "C2", Name: "Thôn 6", Level: "village"},
})

// house is a centre with its console, on a clock that the test sets.
type house struct {
	t      *testing.T
	centre *centre.Centre
	staff  *staff.Staff
	server *httptest.Server
	now    atomic.Int64

	mu      sync.Mutex
	arrived chan struct{}
}

func opened(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, arrived: make(chan struct{})}
	h.now.Store(time.Date(2026, 11, 19, 14, 2, 0, 0, time.UTC).UnixMilli())
	wall := func() clock.WallMillis { return clock.WallMillis(h.now.Load()) }
	dir := t.TempDir()
	var err error
	if h.centre, err = centre.Open(t.Context(), centre.Dir(dir), centre.Options{Create: true}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { h.centre.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended; h.centre.Close() })
	if h.staff, err = staff.Open(t.Context(), staff.In(filepath.Clean(dir)), h.centre.Key(), staff.Options{Cost: passphrase.Least, Wall: wall}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.staff.Close() })
	h.staff.UseTree(func() staff.Tree { return land.At(wall().Time().Format(time.DateOnly)) })
	c, err := console.New(console.Parts{Office: h.centre, Staff: h.staff, Tree: func() *units.Tree { return land }, Wall: wall, Arrived: h.changes})
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewTLSServer(c.Handler())
	t.Cleanup(h.server.Close)
	return h
}

func (h *house) changes() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.arrived
}

// something arrives at the centre.
func (h *house) arrive() {
	h.mu.Lock()
	defer h.mu.Unlock()
	close(h.arrived)
	h.arrived = make(chan struct{})
}

func (h *house) account(name, unit string, roles ...staff.Role) {
	h.t.Helper()
	_, err := h.staff.Create(h.t.Context(), staff.Keeper("root"), staff.Account{Name: name, Person: "Vũ Ngọc Trà", Unit: unit, Roles: roles}, good)
	if err != nil {
		h.t.Fatal(err)
	}
}

// browser is one browser of somebody.
type browser struct {
	h *house
	*http.Client
}

// answer is what came back.
type answer struct {
	status int
	at     string // the path and query where it ended
	body   string
	header http.Header
}

// browser that nobody has signed in with.
func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	client := *h.server.Client()
	client.Jar, client.Timeout = jar, patience
	return &browser{h, &client}
}

// as signs somebody in, with a new account when it is a new name.
func (h *house) as(name, unit string, roles ...staff.Role) *browser {
	h.t.Helper()
	h.account(name, unit, roles...)
	b := h.browser()
	if a := b.post("/sign-in", "name", name, "passphrase", good); a.status != http.StatusOK || strings.HasPrefix(a.at, "/sign-in") {
		h.t.Fatalf("%s cannot sign in: %d at %s: %s", name, a.status, a.at, a.body)
	}
	return b
}

func (b *browser) do(r *http.Request) answer {
	b.h.t.Helper()
	resp, err := b.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Request.URL.RequestURI(), string(body), resp.Header}
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.server.URL+path, body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return r
}

func (b *browser) get(path string) answer {
	b.h.t.Helper()
	return b.do(b.request(http.MethodGet, path, nil))
}

// post sends a form: pairs of a name and a value.
func (b *browser) post(path string, pairs ...string) answer {
	b.h.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r := b.request(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

func (a answer) shows(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s (%d) does not show %q:\n%.3000s", a.at, a.status, text, a.body)
		}
	}
}
