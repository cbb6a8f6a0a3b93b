package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"banlang/shared/fault"
)

// What somebody typed is not lost because he must prove who he is before it is done: it comes back with that question, and is sent once
// more when he presses the button for it. The console keeps none of it.

// maxUnfinished bounds what comes back, as it was sent.
const maxUnfinished = 32 << 10

// secrets are fields whose values never come back: every password and one-time code that a page asks for.
var secrets = []string{"passphrase", "old", "new", "again", "code"}

// unfinished is a form that was sent and not done; without At there is none.
type unfinished struct {
	At     string // where it was sent, path and query
	Fields []typed
}

// typed is one field of it.
type typed struct{ Name, Value string }

// Words are what somebody wrote, and no choice of a list or number of ours.
func (u unfinished) Words() (all []string) {
	for _, f := range u.Fields {
		if strings.ContainsAny(f.Value, " \n") {
			all = append(all, f.Value)
		}
	}
	return all
}

// unfinished is the form of this request. Files and secrets are not sent back, and what is too long is not either.
func (q *Request) unfinished() (u unfinished) {
	if q.Method != http.MethodPost || q.partial() || q.ContentLength < 0 || q.ContentLength > maxUnfinished || q.ParseForm() != nil || q.sendsFile() {
		return u
	}
	for name, values := range q.PostForm {
		if slices.Contains(secrets, name) {
			return unfinished{}
		}
		for _, v := range values {
			u.Fields = append(u.Fields, typed{name, v})
		}
	}
	slices.SortStableFunc(u.Fields, func(a, b typed) int { return strings.Compare(a.Name, b.Name) })
	u.At = q.URL.RequestURI()
	return u
}

// proveFirst asks who is there: for the passphrase once more, or for all of a sign-in. What was sent comes along.
func (q *Request) proveFirst(code fault.Code) {
	to, left := q.proveAt(), q.unfinished()
	path, page, title, d := "/sign-in", "signin", "signin.title", any(signIn{To: to, Left: left})
	if code == fault.ConfirmFirst {
		path, page, title, d = "/confirm", "confirm", "confirm.title", confirm{To: to, Left: left}
	}
	if left.At == "" || q.showAs(http.StatusUnauthorized, page, title, d) != nil {
		q.sendTo(q.Link(path, "to", to))
	}
}

// proveAt is where somebody comes back to who proved who he is. A file does not come along with the question: there he is told.
func (q *Request) proveAt() string {
	to := within(q.back())
	if q.Method == http.MethodPost && q.sendsFile() {
		to = saidAt(to, "said.file.late", 0, "")
	}
	return to
}

// sendsFile reports whether the request has a file in it.
func (q *Request) sendsFile() bool {
	return strings.HasPrefix(q.Header.Get("Content-Type"), "multipart/")
}

// FileLost reports whether somebody who is asked who he is had sent a file, which he must choose again.
func (q *Request) FileLost(to string) bool {
	u, err := url.Parse(to)
	return err == nil && u.Query().Get("said") == "file.late"
}

// carried is the form that came along with the answer to the question.
func (q *Request) carried() (u unfinished) {
	if q.PostFormValue("at") == "" {
		return u
	}
	u.At = within(q.PostFormValue("at"))
	for _, f := range q.PostForm["field"] {
		name, value, _ := strings.Cut(f, "=")
		u.Fields = append(u.Fields, typed{name, value})
	}
	return u
}

// goOn sends whoever proved who he is to where he was, or shows him what he had begun.
func (q *Request) goOn(to string, u unfinished) error {
	if u.At == "" {
		q.sendTo(to)
		return nil
	}
	return q.show("goon", "goon.title", goOn{to, u})
}

// goOn is the page on which something that was begun is sent once more.
type goOn struct {
	To   string
	Left unfinished
}
