package console

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"banlang/shared/fault"
	"banlang/syncserver/staff"
)

// route is one page, or one thing that a page does.
type route struct {
	pattern string // of http.ServeMux
	act     staff.Act
	open    bool  // for whoever comes, signed in or not
	own     bool  // of one's own account: for all who are signed in, also who has yet to choose his passphrase
	quiet   bool  // the page asks by itself: it is no use of the session
	body    int64 // bytes that it takes; 0: MaxBody, or MaxOpen
	do      func(*Request) error
}

// errNoPage is an address that is none, and a record that is none of the viewer's: both look the same.
var errNoPage = fault.New(fault.NotFound, "console", errors.New("no such page"))

// cookie carries the token of the session. The browser sends it over TLS only, to this host only, to no path less than all.
const cookie = "__Host-banlang"

// serve answers one route: who asks, whether he may, and what he gets.
func (c *Console) serve(rt *route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &Request{Request: r, w: w, c: c, lang: language(r)}
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
				panic(p) // the line is to be cut
			}
			if p != nil {
				c.Log.Error("a page panicked", "code", string(fault.Internal), "stack", string(debug.Stack()))
				q.trouble(fault.New(fault.Internal, "console", nil))
			}
		}()
		limit := rt.body
		switch {
		case limit == 0 && rt.open:
			limit = MaxOpen
		case limit == 0:
			limit = MaxBody
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		if err := q.enter(rt); err != nil {
			q.trouble(err)
			return
		}
		if q.gone {
			return
		}
		err := r.ParseForm() // half a form is none; files are read by who takes them
		if err != nil {
			err = badInput(err)
		} else {
			err = rt.do(q)
		}
		if err != nil {
			q.trouble(err)
		}
	})
}

// enter finds out who asks. Who is nobody is sent to the page where one signs in.
func (q *Request) enter(rt *route) error {
	if err := q.c.Centre.Unstaffed(); err != nil {
		return err
	}
	if token := q.token(); token != "" {
		look := q.c.Centre.Staff().Session
		q.live = q.Method == http.MethodGet && q.Header.Get("Live") != "" && q.c.opened.has(token, q.URL.RequestURI())
		if q.live || rt.quiet {
			look = q.c.Centre.Staff().Peek
		}
		v, err := look(q.Context(), token, q.from())
		switch {
		case err == nil:
			q.Viewer = v
		case !errors.Is(err, fault.SignedOut):
			return err
		}
	}
	switch {
	case rt.open:
		return nil
	case q.Viewer == nil && q.Header.Get("Live") != "": // nobody is taken away from what he writes: the page says it
		q.gone = true
		q.w.WriteHeader(http.StatusNoContent)
		return nil
	case q.Viewer == nil:
		return fault.New(fault.SignedOut, "console", nil)
	case q.Viewer.MustRenew && !rt.own:
		q.gone = true
		return q.renewFirst(q.proveAt(), q.unfinished())
	case rt.own || q.Viewer.Has(rt.act):
		if q.Method == http.MethodGet && !rt.quiet {
			q.c.opened.add(q.token(), q.URL.RequestURI())
		}
		return nil
	}
	e := q.Viewer.Entry(rt.act)
	e.Act = "page.refused"
	e.Reason = string(rt.act)
	if err := q.c.Centre.Staff().Audit().Write(q.Context(), e); err != nil {
		return err
	}
	return fault.New(fault.NotAllowed, "console", errors.New(string(rt.act)))
}

func (q *Request) token() string {
	if k, err := q.Cookie(cookie); err == nil {
		return k.Value
	}
	return ""
}

// from is the address that the request comes from.
func (q *Request) from() string {
	if host, _, err := net.SplitHostPort(q.RemoteAddr); err == nil {
		return host
	}
	return q.RemoteAddr
}

// Live reports whether the page asks by itself, with nobody's hand at it, for what was opened by hand in this session: that is
// neither a use of the session nor noted once more.
func (q *Request) Live() bool { return q.live }

// partial reports whether a part of a page asks for itself (htmx), and not the browser for a page.
func (q *Request) partial() bool { return q.Header.Get("HX-Request") != "" }

// back is the page that somebody is on: where he comes back to after he signed in or gave his passphrase.
func (q *Request) back() string {
	if q.Method == http.MethodGet && !q.partial() {
		return q.URL.RequestURI()
	}
	for _, from := range []string{q.Header.Get("HX-Current-URL"), q.Referer()} {
		if u, err := url.Parse(from); err == nil && from != "" && u.Host == q.Host {
			return u.RequestURI()
		}
	}
	return "/"
}

// within is a path of ours; whatever else was given is the first page. No link of ours leads to another host.
func within(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\n\r") {
		return "/"
	}
	return to
}

// sendTo sends the browser to another page, also where only a part of one was asked for.
func (q *Request) sendTo(to string) {
	q.gone = true
	if q.partial() {
		q.w.Header().Set("HX-Redirect", to)
		q.w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(q.w, q.Request, to, http.StatusSeeOther)
}
