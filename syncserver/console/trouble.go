package console

import (
	"errors"
	"net/http"
	"net/url"

	"banlang/shared/fault"
)

// trouble answers with what happened, what is safe, and what to do next; the code last, for the telephone.
func (q *Request) trouble(err error) {
	code := fault.CodeOf(err)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		code = fault.LimitExceeded
	}
	switch code {
	case fault.ConfirmFirst:
		q.sendTo("/confirm?to=" + url.QueryEscape(q.back()))
		return
	case fault.SignedOut:
		q.sendTo("/sign-in?to=" + url.QueryEscape(q.back()))
		return
	case fault.PassphraseDue:
		q.sendTo("/account/passphrase")
		return
	}
	status := http.StatusInternalServerError
	switch code {
	case fault.NotFound:
		status = http.StatusNotFound
	case fault.NotAllowed:
		status = http.StatusForbidden
	case fault.BadInput, fault.BadQuestion, fault.LimitExceeded:
		status = http.StatusBadRequest
	}
	if status == http.StatusInternalServerError {
		q.c.Log.Error("a page failed", "code", string(code))
	}
	t := Trouble{What: code.Message(q.faultLang()), Next: code.Hint(q.faultLang()), Code: string(code)}
	if key := "trouble." + string(code); say(q.lang, key) != key {
		t.What, t.Next = q.T(key), q.T(key+".next")
	}
	if bad := q.showAs(status, "trouble", "trouble.title", t); bad != nil {
		http.Error(q.w, string(code), status)
	}
}

// Trouble is what a person reads when something did not work.
type Trouble struct{ What, Next, Code string }
