// Package console owns what staff see in a browser: pages drawn by the server, their languages, their styles. It keeps
// nothing: it asks the centre's office, the register of staff, the projections and the reports, and shows what they say.
//
// Every page is a row in the table of routes, with the act that it is (staff.Act): who may not do the act does not get the
// page. What is shown of records is chosen by the viewer's scope in the query itself. Every page has an address, works
// without script, and asks nothing of any other host.
package console

import (
	"compress/gzip"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"sync"

	"github.com/klauspost/compress/gzhttp"

	"banlang/shared/clock"
	"banlang/syncserver/centre"
)

// Parts are what the console shows and asks.
type Parts struct {
	Centre *centre.Centre // with its views (centre.Options.Views)
	Wall   clock.Wall
	// Address is host:port where notebooks dial the centre; without its host, at the host that the browser names.
	Address string
	Log     *slog.Logger // nil: none. Codes only: no name, no value
	Version string       // of the program, for the page of operations
}

// Console serves the pages. Make it with New, and Run it beside its Handler; it may be used from any goroutine.
type Console struct {
	Parts
	pages  map[string]*template.Template
	undos  undos
	jobs   *jobs
	counts counts
	live   lines  // pages that listen
	opened opened // pages that somebody opened

	machines machinesKept
	rejected rejectedKept
	drawn    drawnKept
	trials   trials

	routes []route
	pack   func(http.Handler) http.HandlerFunc // has what is answered compressed as far as it goes: links are slow, and pages are few

	figures  figures
	freezing sync.Mutex // one freeze at a time: its number is asked for, and then given
}

// MaxBody bounds what a form may send, MaxOpen what one may that nobody is signed in for; MaxImport what a page for files may.
const (
	MaxOpen   = 16 << 10
	MaxBody   = 1 << 20
	MaxImport = 16 << 20
)

// New makes a console.
func New(p Parts) (*Console, error) {
	c := &Console{Parts: p, jobs: newJobs()}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	var err error
	if c.pages, err = parsePages(); err != nil {
		return nil, err
	}
	if c.pack, err = gzhttp.NewWrapper(gzhttp.EnableZstd(false), gzhttp.CompressionLevel(gzip.BestCompression)); err != nil {
		return nil, err
	}
	c.routes = allRoutes()
	for _, r := range c.routes {
		if r.act == "" && !r.open && !r.own {
			return nil, errors.New("console: a page that is no act: " + r.pattern)
		}
	}
	return c, nil
}

// Handler serves the whole console.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	for i := range c.routes {
		mux.Handle(c.routes[i].pattern, c.serve(&c.routes[i]))
	}
	mux.Handle("GET /static/{digest}/{name}", http.HandlerFunc(serveStatic))
	mux.Handle("/", c.serve(&route{own: true, do: getHome}))
	packed := c.pack(mux)
	return guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live" { // a word at a time
			mux.ServeHTTP(w, r)
			return
		}
		packed.ServeHTTP(w, r)
	}))
}

// policy lets a page take everything from here and nothing from elsewhere; no script and no style stands in a page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard sets what every answer carries, and refuses what another site sends in the name of whoever is signed in.
func guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "cross-origin", http.StatusForbidden)
	}))
	next = cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
