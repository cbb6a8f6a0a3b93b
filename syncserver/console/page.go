package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/staff"
)

// Request is one request, and what the pages know while they answer it. Its exported methods are for templates.
type Request struct {
	*http.Request
	Viewer *staff.Viewer // nil: nobody is signed in
	w      http.ResponseWriter
	c      *Console
	lang   string
	live   bool        // see Live
	gone   bool        // it was answered by sending the browser elsewhere
	tree   *units.View // of today, once it was asked for

	second, all *units.View // the reporting tree of today with what the viewer may count, and all of it; nil: not asked for yet, or there is none
	lookedUp    bool        // it was asked for
	chosen      *units.View // see counted
}

// page is what a template gets.
type page struct {
	*Request
	Title string // key of the catalogue
	D     any    // what the page is about
}

//go:embed templates/*.html
var templateFiles embed.FS

// parsePages reads every page with what all have in common. A file whose name begins with "_" is common to all.
func parsePages() (map[string]*template.Template, error) {
	common, err := template.New("").Funcs(template.FuncMap{"dict": dict, "icon": icon, "sub": func(a, b int) int { return a - b }, "static": staticPath}).ParseFS(templateFiles, "templates/_*.html")
	if err != nil {
		return nil, fmt.Errorf("console: templates: %w", err)
	}
	files, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, fmt.Errorf("console: templates: %w", err)
	}
	pages := map[string]*template.Template{}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), "_") {
			continue
		}
		t, err := common.Clone()
		if err == nil {
			t, err = t.ParseFS(templateFiles, path.Join("templates", f.Name()))
		}
		if err != nil {
			return nil, fmt.Errorf("console: templates: %w", err)
		}
		pages[strings.TrimSuffix(f.Name(), ".html")] = t
	}
	return pages, nil
}

// dict gives a template several things by name.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("a name that is no text: %v", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// show answers with a page: its whole, or only what is inside of its frame when the page asks by itself (Live).
func (q *Request) show(name, title string, d any) error {
	return q.showAs(http.StatusOK, name, title, d)
}

func (q *Request) showAs(status int, name, title string, d any) error {
	t, ok := q.c.pages[name]
	if !ok {
		return fmt.Errorf("console: no template %q", name)
	}
	frame := "layout"
	if q.Live() {
		frame = "main"
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, frame, page{q, title, d}); err != nil {
		return fmt.Errorf("console: page %s: %w", name, err)
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.WriteHeader(status)
	_, _ = b.WriteTo(q.w) // whoever asked is gone
	return nil
}

// T is a text in the viewer's language; pairs of a name in braces and what to put there follow the key.
func (q *Request) T(key string, pairs ...any) string { return say(q.lang, key, pairs...) }

// Lang is the code of the viewer's language.
func (q *Request) Lang() string { return q.lang }

// OtherLang is the one that he could change to.
func (q *Request) OtherLang() string {
	if q.lang == english {
		return vietnamese
	}
	return english
}

// May reports whether the viewer may do an act somewhere: whether a link or button is shown.
func (q *Request) May(act string) bool { return q.Viewer != nil && q.Viewer.Has(staff.Act(act)) }

// behindFor is for how long the tables may be behind what came before a page says so: they follow within a moment.
const behindFor = 5 * time.Second

// Behind says how much of what has come is in no figure and no list yet; "": all is, but for what came just now.
func (q *Request) Behind() string {
	if q.Viewer == nil || !q.May(string(staff.CountRecords)) && !q.May(string(staff.ReadRecords)) {
		return ""
	}
	lag, err := q.c.Centre.Views().Lag(q.Context())
	if err != nil || lag.Places == 0 || lag.Since == 0 || q.now().Sub(time.UnixMilli(lag.Since)) < behindFor {
		return "" // what cannot be read is said where it is asked for
	}
	return q.T("console.behind", "n", lag.Places)
}

// At is the path that is shown.
func (q *Request) At() string { return q.URL.Path }

// Q is a parameter of the address.
func (q *Request) Q(name string) string { return q.URL.Query().Get(name) }

// With is the address of this page with other parameters, pairs of name and value; an empty value takes one away. What says
// where a list goes on is taken away too, unless it is given.
func (q *Request) With(pairs ...any) string {
	v := q.URL.Query()
	for _, passing := range []string{"after", "said", "n", "undo"} {
		v.Del(passing)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := fmt.Sprint(pairs[i+1]); value == "" {
			v.Del(fmt.Sprint(pairs[i]))
		} else {
			v.Set(fmt.Sprint(pairs[i]), value)
		}
	}
	if len(v) == 0 {
		return q.URL.Path
	}
	return q.URL.Path + "?" + v.Encode()
}

// Link is an address with parameters; those that are empty are left out.
func (q *Request) Link(to string, pairs ...any) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := fmt.Sprint(pairs[i+1]); value != "" {
			v.Set(fmt.Sprint(pairs[i]), value)
		}
	}
	if len(v) == 0 {
		return to
	}
	return to + "?" + v.Encode()
}

// now is the wall clock in the time of the country.
func (q *Request) now() time.Time { return q.c.Wall().Time().In(viet.Zone) }

// today is the tree of units of this day. Where it cannot be read, units go by their codes.
func (q *Request) today() *units.View {
	if q.tree == nil {
		t, err := q.c.Centre.Units(q.Context())
		if err != nil {
			q.c.Log.Error("no tree of units", "code", string(fault.CodeOf(err)))
		}
		q.tree = t.At(q.now().Format(time.DateOnly))
	}
	return q.tree
}

// UnitName is what people call a unit; its code when the tree does not know it.
func (q *Request) UnitName(code string) string { return unitName(q.today(), code) }

// unitName is what a unit is called in a tree; its code where nobody knows.
func unitName(view *units.View, code string) string {
	if u, ok := view.Unit(code); ok && u.Name != "" {
		return u.Name
	}
	return code
}

// Root is the unit that the page is about: the one in its address, if it is the viewer's to look at, or else his own.
func (q *Request) Root() string {
	if u := q.Q("unit"); u != "" && (u == q.Viewer.Unit || q.today().Within(u, q.Viewer.Unit)) {
		return u
	}
	return q.Viewer.Unit
}
