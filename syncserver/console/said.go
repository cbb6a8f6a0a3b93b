package console

import (
	"net/url"
	"strconv"
	"strings"
)

// said sends the browser to a page that says in one line what was done (a key that begins with "said."), to how many, and
// offers to take it back (undo, the name of what undos kept; "": no).
func (q *Request) said(to, key string, n int, undo string) error {
	q.sendTo(saidAt(to, key, n, undo))
	return nil
}

// saidAt is the address of that page.
func saidAt(to, key string, n int, undo string) string {
	u, err := url.Parse(within(to))
	if err != nil {
		return "/"
	}
	v := u.Query()
	for _, name := range []string{"said", "n", "undo"} {
		v.Del(name)
	}
	v.Set("said", key[len("said."):])
	v.Set("n", strconv.Itoa(n))
	if undo != "" {
		v.Set("undo", undo)
	}
	u.RawQuery = v.Encode()
	return u.RequestURI()
}

// Said is the line that a page says of what was done before it; "" if nothing was. An address can make a page say nothing that
// is not in the catalogue.
func (q *Request) Said() string {
	key := "said." + q.Q("said")
	if _, ok := catalogues[vietnamese][key]; !ok || q.Q("said") == "" {
		return ""
	}
	n, _ := strconv.Atoi(q.Q("n"))
	return q.T(key, "n", n)
}

// SaidNo reports whether that line says that nothing was done.
func (q *Request) SaidNo() bool {
	return strings.HasPrefix(q.Q("said"), "review.") || strings.HasSuffix(q.Q("said"), ".late")
}
