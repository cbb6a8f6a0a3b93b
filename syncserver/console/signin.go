package console

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"rsc.io/qr"

	"banlang/shared/fault"
	"banlang/shared/viet"
	"banlang/syncserver/staff"
)

// signIn is the page where one signs in.
type signIn struct {
	To, Name string
	Left     unfinished
	Bad      *Trouble
}

func getSignIn(q *Request) error {
	if q.Viewer != nil {
		q.sendTo(within(q.Q("to")))
		return nil
	}
	return q.show("signin", "signin.title", signIn{To: within(q.Q("to"))})
}

func postSignIn(q *Request) error {
	s := signIn{To: within(q.PostFormValue("to")), Name: strings.TrimSpace(q.PostFormValue("name")), Left: q.carried()}
	session, err := q.c.Centre.Staff().Login(q.Context(), s.Name, q.PostFormValue("passphrase"), strings.TrimSpace(q.PostFormValue("code")), q.from())
	if bad := q.refused(err); bad != nil {
		s.Bad = bad
		return q.showAs(http.StatusUnauthorized, "signin", "signin.title", s)
	}
	if err != nil {
		return err
	}
	if old := q.token(); old != "" {
		_ = q.c.Centre.Staff().Logout(q.Context(), old, q.from()) // it ends by itself
	}
	q.carry(session)
	if session.Viewer.MustRenew {
		q.Viewer = session.Viewer
		return q.renewFirst(s.To, s.Left)
	}
	return q.goOn(s.To, s.Left)
}

// refused says what is wrong with what somebody typed to prove who he is; nil where it is nothing of the kind.
func (q *Request) refused(err error) *Trouble {
	switch code := fault.CodeOf(err); {
	case err == nil:
		return nil
	case code == fault.SignInFailed || code == fault.SignInWait || code == fault.WeakPassphrase || code == fault.BadInput:
		t := &Trouble{What: code.Message(q.faultLang()), Next: code.Hint(q.faultLang()), Code: string(code)}
		var wait *staff.Wait
		if errors.As(err, &wait) {
			t.Next = q.T("signin.wait", "time", wait.Until.In(viet.Zone).Format("15:04:05"))
		}
		return t
	}
	return nil
}

// carry gives the browser the token of a session.
func (q *Request) carry(s *staff.Session) {
	http.SetCookie(q.w, &http.Cookie{Name: cookie, Value: s.Token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func postSignOut(q *Request) error {
	if token := q.token(); token != "" {
		if err := q.c.Centre.Staff().Logout(q.Context(), token, q.from()); err != nil {
			return err
		}
	}
	http.SetCookie(q.w, &http.Cookie{Name: cookie, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1})
	q.w.Header().Set("Clear-Site-Data", `"cache"`)
	q.sendTo("/sign-in")
	return nil
}

func postLanguage(q *Request) error {
	lang := vietnamese
	if q.PostFormValue("language") == english {
		lang = english
	}
	http.SetCookie(q.w, &http.Cookie{Name: languageCookie, Value: lang, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
	q.sendTo(within(q.PostFormValue("to")))
	return nil
}

// confirm is the page where somebody gives his passphrase once more.
type confirm struct {
	To   string
	Left unfinished
	Bad  *Trouble
}

func getConfirm(q *Request) error {
	return q.show("confirm", "confirm.title", confirm{To: within(q.Q("to"))})
}

func postConfirm(q *Request) error {
	p := confirm{To: within(q.PostFormValue("to")), Left: q.carried()}
	session, err := q.c.Centre.Staff().Confirm(q.Context(), q.token(), q.PostFormValue("passphrase"), q.from())
	if bad := q.refused(err); bad != nil {
		p.Bad = bad
		return q.showAs(http.StatusUnauthorized, "confirm", "confirm.title", p)
	}
	if err != nil {
		return err
	}
	q.carry(session)
	return q.goOn(p.To, p.Left)
}

// account is the page of one's own account.
type account struct {
	Secret   string // while codes are being set up
	QR       string // its QR code as the path of an SVG, one unit a module
	Size     int
	Recovery []string // shown once
	Bad      *Trouble
}

func getAccount(q *Request) error { return q.show("account", "account.title", account{}) }

func getPassphrase(q *Request) error {
	return q.show("passphrase", "passphrase.title", confirm{To: within(q.Q("to"))})
}

// renewFirst asks whoever has a passphrase of somebody else for one of his own, before anything else; what he had begun comes along.
func (q *Request) renewFirst(to string, left unfinished) error {
	switch {
	case left.At != "":
		return q.showAs(http.StatusUnauthorized, "passphrase", "passphrase.title", confirm{To: to, Left: left})
	case to == "/":
		q.sendTo("/account/passphrase")
	default:
		q.sendTo(q.Link("/account/passphrase", "to", to))
	}
	return nil
}

func postPassphrase(q *Request) error {
	p := confirm{To: within(q.PostFormValue("to")), Left: q.carried()}
	if q.PostFormValue("new") != q.PostFormValue("again") {
		p.Bad = &Trouble{What: q.T("passphrase.differ"), Next: q.T("passphrase.differ.next")}
		return q.showAs(http.StatusBadRequest, "passphrase", "passphrase.title", p)
	}
	session, err := q.c.Centre.Staff().Renew(q.Context(), q.token(), q.PostFormValue("old"), q.PostFormValue("new"), q.from())
	if bad := q.refused(err); bad != nil {
		p.Bad = bad
		return q.showAs(http.StatusBadRequest, "passphrase", "passphrase.title", p)
	}
	if err != nil {
		return err
	}
	q.carry(session)
	switch {
	case p.Left.At != "":
		q.Viewer = session.Viewer
		return q.goOn(p.To, p.Left)
	case p.To != "/":
		return q.said(p.To, "said.passphrase", 1, "")
	}
	return q.said("/account", "said.passphrase", 1, "")
}

// postCode begins with codes by telephone.
func postCode(q *Request) error {
	secret, uri, err := q.c.Centre.Staff().EnrolCode(q.Context(), q.token(), q.from())
	if err != nil {
		return err
	}
	a := account{Secret: secret}
	if a.QR, a.Size, err = qrPath(uri); err != nil {
		return err
	}
	return q.show("account", "account.title", a)
}

func postCodeConfirm(q *Request) error {
	recovery, err := q.c.Centre.Staff().ConfirmCode(q.Context(), q.token(), strings.TrimSpace(q.PostFormValue("code")), q.from())
	if bad := q.refused(err); bad != nil {
		return q.showAs(http.StatusBadRequest, "account", "account.title", account{Bad: bad})
	}
	if err != nil {
		return err
	}
	return q.show("account", "account.title", account{Recovery: recovery})
}

// qrPath draws a text as a QR code: the path of an SVG of size×size modules, without its quiet edge.
func qrPath(text string) (path string, size int, err error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", 0, fault.New(fault.LimitExceeded, "console.qr", err)
	}
	var b bytes.Buffer
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				b.WriteString("M" + strconv.Itoa(x) + " " + strconv.Itoa(y) + "h1v1h-1z")
			}
		}
	}
	return b.String(), code.Size, nil
}

// Frame is the side of the QR code with its quiet edge.
func (a account) Frame() int { return a.Size + 8 }
