package console

import (
	"errors"
	"net/http"
	"slices"

	"banlang/shared/fault"
)

// ofStaff are the faults whose texts in the catalogue speak to staff.
var ofStaff = []fault.Code{fault.LimitExceeded, fault.WeakPassphrase, fault.SignInFailed, fault.SignInWait, fault.Unstaffed}

// trouble answers with what happened, what is safe, and what to do next; the code last, for the telephone.
func (q *Request) trouble(err error) {
	code := fault.CodeOf(err)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		code = fault.LimitExceeded
	}
	switch code {
	case fault.ConfirmFirst, fault.SignedOut:
		q.proveFirst(code)
		return
	case fault.PassphraseDue:
		if q.renewFirst(q.proveAt(), q.unfinished()) == nil {
			return
		}
	}
	status := http.StatusInternalServerError
	switch code {
	case fault.NotFound:
		status = http.StatusNotFound
	case fault.NotAllowed:
		status = http.StatusForbidden
	case fault.BadInput, fault.BadQuestion, fault.LimitExceeded:
		status = http.StatusBadRequest
	case fault.Unstaffed, fault.Busy:
		status = http.StatusServiceUnavailable
	}
	if status == http.StatusInternalServerError {
		q.c.Log.Error("a page failed", "code", string(code))
	}
	t := Trouble{Code: string(code)}
	switch key := "trouble." + string(code); {
	case say(q.lang, key) != key:
		t.What, t.Next = q.T(key), q.T(key+".next")
	case slices.Contains(ofStaff, code):
		t.What, t.Next = code.Message(q.faultLang()), code.Hint(q.faultLang())
	default: // what the catalogue says of a notebook is of no use here
		t.What, t.Next = q.T("trouble.internal"), q.T("trouble.internal.next")
	}
	if bad := q.showAs(status, "trouble", "trouble.title", t); bad != nil {
		http.Error(q.w, string(code), status)
	}
}

// Trouble is what a person reads when something did not work.
type Trouble struct{ What, Next, Code string }
