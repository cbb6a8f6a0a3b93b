package console

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"banlang/shared/viet"
	"banlang/syncserver/audit"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/staff"
)

// Why somebody read what he read, as the audit keeps it without asking him: what the page is for, how it was narrowed, and which
// page led there. It is made of the texts "why.…" alone, in Vietnamese: nothing that anybody typed stands in it.

// whyBetween stands between the parts of a reason.
const whyBetween = "; "

// pagePurpose says what the pages are for whose address begins so.
type pagePurpose struct {
	path, key string
	leads     bool // it shows no record itself, but says why a list is looked through
}

var purposes = []pagePurpose{
	{"/records", "why.records", false}, {"/inbox", "why.inbox", false}, {"/flash", "why.flash", false}, {"/directives", "why.directive", false},
	{"/indicators/", "why.figure", false}, {"/quality", "why.quality", false}, {"/rejected", "why.rejected", true}, {"/grid", "why.grid", true}, {"/stale", "why.stale", true},
	{"/openings", "why.openings", false}, {"/own-openings", "why.openings.own", false},
}

// why is the reason for reading what the page of this request shows.
func (q *Request) why() string {
	parts, from := purpose(q.URL), q.cameFrom()
	switch {
	case from == nil:
	case len(parts) == 0 && strings.HasPrefix(from.Path, "/records/"):
		parts = []string{say(vietnamese, "why.record")}
	case len(parts) == 0 || leads(from.Path):
		parts = append(parts, purpose(from)...)
	}
	if len(parts) == 0 {
		parts = []string{say(vietnamese, "why.unknown")}
	}
	return strings.Join(parts, whyBetween)
}

// cameFrom is the page that led to this one; nil when it is not known. What the browser says is believed of pages that were opened
// in this session only.
func (q *Request) cameFrom() *url.URL {
	u, err := url.Parse(q.Referer())
	if err != nil || u.Host != q.Host || !q.c.opened.has(q.token(), u.RequestURI()) {
		return nil
	}
	return u
}

func leads(path string) bool {
	return slices.ContainsFunc(purposes, func(p pagePurpose) bool { return p.leads && strings.HasPrefix(path, p.path) })
}

// purpose is what an address of ours is for, and how what it lists is narrowed; nothing of one record.
func purpose(u *url.URL) (parts []string) {
	if strings.HasPrefix(u.Path, "/records/") {
		if strings.HasSuffix(u.Path, "/open") {
			return []string{say(vietnamese, "why.open")}
		}
		return nil
	}
	for _, p := range purposes {
		if strings.HasPrefix(u.Path, p.path) {
			parts = append(parts, say(vietnamese, p.key))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	v := u.Query()
	add := func(asked bool, key string, pairs ...any) {
		if asked {
			parts = append(parts, say(vietnamese, key, pairs...))
		}
	}
	id := strings.TrimPrefix(u.Path, "/indicators/")
	_, known := report.Lookup(id)
	add(known, "why.indicator", "id", id)
	add(slices.Contains(projection.States, projection.State(v.Get("state"))), "status."+v.Get("state"))
	from, to := isoDay(v.Get("from")), isoDay(v.Get("to"))
	add(from != "", "why.since", "day", viet.Date(from))
	add(to != "", "why.until", "day", viet.Date(to))
	add(v.Get("tree") == byReports, "why.tree")
	add(v.Get("over") != "", "why.over")
	add(v.Get("deleted") != "", "why.deleted")
	add(v.Get("officer") != "", "why.officer")
	add(strings.TrimSpace(v.Get("q")) != "", "why.words")
	return parts
}

// whyTexts find the texts that reasons are made of, whatever stands in their places.
var whyTexts = func() map[string]*regexp.Regexp {
	places, of := regexp.MustCompile(`\\\{([a-z]+)\\\}`), map[string]*regexp.Regexp{}
	for key, text := range catalogues[vietnamese] {
		if strings.HasPrefix(key, "why.") || strings.HasPrefix(key, "status.") {
			of[key] = regexp.MustCompile("^" + places.ReplaceAllString(regexp.QuoteMeta(text), "(?P<$1>.+)") + "$")
		}
	}
	return of
}()

// WhyOf is the reason of an entry of the audit in the viewer's language, as far as it is made of our texts; what a person gave
// stays as he gave it.
func (q *Request) WhyOf(e audit.Entry) string {
	if e.Act != string(staff.ReadRecords) && e.Act != string(staff.ReadOrders) && e.Act != string(readOpening) {
		return e.Reason
	}
	parts := strings.Split(e.Reason, whyBetween)
	for i, part := range parts {
		for key, text := range whyTexts {
			m := text.FindStringSubmatch(part)
			if m == nil {
				continue
			}
			var pairs []any
			for k := 1; k < len(m); k++ {
				pairs = append(pairs, text.SubexpNames()[k], m[k])
			}
			parts[i] = q.T(key, pairs...)
		}
	}
	return strings.Join(parts, whyBetween)
}
