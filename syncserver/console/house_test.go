package console_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"banlang/shared/clock"
	"banlang/shared/form/declared"
	"banlang/shared/ledger"
	"banlang/shared/passphrase"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/console"
	"banlang/syncserver/staff"
)

const good = "bốn con trâu gặm cỏ non"

// patience bounds what a test waits for.
const patience = 60 * time.Second

// land is a small province: two communes with their villages.
const land = `code,parent,name,level
P1,,Tỉnh Sơn Lĩnh,province
C1,P1,Xã Đăk Rơ Leng,commune
C2,P1,Xã Ia Mlăng,commune
V1,C1,Làng Kon Tơ Ngol,village
V2,C1,Làng Plei Sơ Un,village
V3,C2,Thôn 6,village
`

// house is a centre with its console, on a clock that the test sets.
type house struct {
	t       testing.TB
	dir     string
	centre  *centre.Centre
	console *console.Console
	server  *httptest.Server
	now     atomic.Int64
	log     logged
}

// logged is what was logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func opened(t testing.TB) *house { return openedAt(t, passphrase.Least) }

// openedAt is opened, with passphrases that cost as much.
func openedAt(t testing.TB, cost passphrase.Cost) *house {
	t.Helper()
	dir := t.TempDir()
	h := &house{t: t, dir: dir}
	log := slog.New(slog.NewTextHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.now.Store(time.Date(2026, 11, 19, 14, 2, 0, 0, time.UTC).UnixMilli())
	wall := func() clock.WallMillis { return clock.WallMillis(h.now.Load()) }
	var err error
	if h.centre, err = centre.Open(t.Context(), centre.Dir(dir), centre.Options{Create: true, Wall: wall, Views: true, Cost: cost, Log: log}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { h.centre.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended; h.centre.Close() })
	if a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte(land)}}); len(a.Altered.Problems) > 0 {
		t.Fatal(a.Altered.Problems)
	}
	c, err := console.New(console.Parts{Centre: h.centre, Wall: wall, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	h.console = c
	go c.Run(ctx)
	h.server = httptest.NewTLSServer(c.Handler())
	t.Cleanup(h.server.Close)
	return h
}

func (h *house) asks(q centre.Request) centre.Reply {
	h.t.Helper()
	a, err := h.centre.Do(h.t.Context(), q)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// notebook is a device whose changes reach the centre at once.
type notebook struct {
	h *house
	ledger.Pen
	m *ledger.Memory
}

// notebook enters a device of a unit.
func (h *house) notebook(unit string) *notebook {
	h.t.Helper()
	feeds := []record.Feed{record.NewFeed(unit, declared.Ordinary), record.NewFeed(unit, declared.Tips), record.NewFeed(unit, declared.Petitions)}
	a := h.asks(centre.Request{Enrol: &centre.Enrol{Address: "127.0.0.1:1", Newcomers: []centre.Newcomer{{Unit: unit, Name: "máy", Feeds: feeds}}}})
	return &notebook{h: h, Pen: ledger.Pen{Replica: a.Enrolled[0].Replica}, m: ledger.NewMemory()}
}

// write sends a change of a form: pairs of a path and a value. What an edit replaces are the values of the creation only: two
// notebooks that edit one field do not know of each other.
func (n *notebook) write(form string, rec record.Dot, pairs ...string) record.Dot {
	n.h.t.Helper()
	f, ok := n.h.centre.Library().Current(form)
	if !ok {
		n.h.t.Fatal("no form ", form)
	}
	c := &record.Change{Kind: record.KindEdit, Record: rec, Officer: "pq.diem", Form: f.Ref}
	for i := 0; i < len(pairs); i += 2 {
		e := record.Edit{Path: pairs[i], Value: pairs[i+1]}
		if !rec.IsZero() {
			e.Replaces = []record.Dot{rec}
		}
		c.Edits = append(c.Edits, e)
	}
	slices.SortFunc(c.Edits, func(a, b record.Edit) int { return strings.Compare(a.Path, b.Path) })
	return n.send(c)
}

// sendOn writes a change and has it at the centre when it returns.
func (n *notebook) sendOn(c *record.Change) {
	n.h.t.Helper()
	err := n.m.Atomically(func() error {
		_, err := n.Write(n.m, clock.WallMillis(n.h.now.Load()), c)
		return err
	})
	if err == nil {
		err = n.h.centre.Take(n.h.t.Context(), c)
	}
	if err != nil {
		n.h.t.Fatal(err)
	}
}

// send writes a change and has it at the centre, in the views, when it returns.
func (n *notebook) send(c *record.Change) record.Dot {
	n.h.t.Helper()
	n.sendOn(c)
	end, err := n.h.centre.End(n.h.t.Context())
	if err == nil {
		err = n.h.centre.Views().Wait(n.h.t.Context(), end)
	}
	if err != nil {
		n.h.t.Fatal(err)
	}
	return c.RecordID()
}

func (h *house) account(name, unit string, roles ...staff.Role) {
	h.t.Helper()
	_, err := h.centre.Staff().Create(h.t.Context(), staff.Keeper("root"), staff.Account{Name: name, Person: "Vũ Ngọc Trà", Unit: unit, Roles: roles}, good)
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

func (a answer) shows(t testing.TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s (%d) does not show %q:\n%.3000s", a.at, a.status, text, a.body)
		}
	}
}
