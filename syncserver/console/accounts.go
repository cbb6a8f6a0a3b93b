package console

import (
	"net/http"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/syncserver/staff"
)

// accountForm is an account as a page shows it to be made or changed.
type accountForm struct {
	Account staff.Account
	New     bool
	Mine    bool   // one's own: somebody else changes it
	First   string // a first passphrase, shown once
	Bad     *Trouble
}

// RoleChoice is one role and whether it is given.
type RoleChoice struct {
	Role staff.Role
	On   bool
}

// Choices are the roles that may be given here, with those of the account. Who supervises is made at the centre's machine.
func (f accountForm) Choices() (all []RoleChoice) {
	for _, r := range staff.AllRoles {
		if on := slices.Contains(f.Account.Roles, r); on || r != staff.Supervise {
			all = append(all, RoleChoice{r, on})
		}
	}
	return all
}

func getAccounts(q *Request) error {
	all, err := q.c.Centre.Staff().Accounts(q.Context(), q.Viewer)
	if err != nil {
		return err
	}
	if unit := q.Q("unit"); unit != "" {
		all = slices.DeleteFunc(all, func(a staff.Account) bool { return a.Unit != unit && !q.today().Within(a.Unit, unit) })
	}
	return q.show("accounts", "accounts.title", all)
}

func getNewAccount(q *Request) error {
	return q.show("accountform", "accounts.new", accountForm{New: true, Account: staff.Account{Unit: q.Root()}})
}

// typedAccount reads what was typed. What it may be decides the register.
func (q *Request) typedAccount() (a staff.Account, err error) {
	if err := q.ParseForm(); err != nil {
		return a, fault.New(fault.BadInput, "console.account", err)
	}
	a = staff.Account{Name: strings.TrimSpace(q.PostFormValue("name")), Person: strings.TrimSpace(q.PostFormValue("person")),
		Unit: q.unitTyped("unit"), Disabled: q.PostFormValue("disabled") != ""}
	for _, r := range q.PostForm["role"] {
		a.Roles = append(a.Roles, staff.Role(r))
	}
	return a, nil
}

func postNewAccount(q *Request) error {
	a, err := q.typedAccount()
	if err != nil {
		return err
	}
	first, err := q.c.Centre.Staff().Create(q.Context(), q.Viewer, a, "")
	if bad := q.refused(err); bad != nil {
		return q.showAs(http.StatusBadRequest, "accountform", "accounts.new", accountForm{New: true, Account: a, Bad: bad})
	}
	if err != nil {
		return err
	}
	return q.show("accountform", "accounts.one", accountForm{Account: a, First: first})
}

// theAccount finds the account of the address among those that the viewer may see.
func (q *Request) theAccount() (a staff.Account, err error) {
	all, err := q.c.Centre.Staff().Accounts(q.Context(), q.Viewer)
	if err != nil {
		return a, err
	}
	i := slices.IndexFunc(all, func(a staff.Account) bool { return a.Name == q.PathValue("name") })
	if i < 0 {
		return a, errNoPage
	}
	return all[i], nil
}

func getOneAccount(q *Request) error {
	a, err := q.theAccount()
	if err != nil {
		return err
	}
	return q.show("accountform", "accounts.one", accountForm{Account: a, Mine: a.Name == q.Viewer.Account})
}

func postOneAccount(q *Request) error {
	old, err := q.theAccount()
	if err != nil {
		return err
	}
	switch q.PostFormValue("do") {
	case "reset":
		first, err := q.c.Centre.Staff().Reset(q.Context(), q.Viewer, old.Name, "")
		if err != nil {
			return err
		}
		return q.show("accountform", "accounts.one", accountForm{Account: old, First: first})
	case "code":
		err = q.c.Centre.Staff().DropCode(q.Context(), q.Viewer, old.Name)
	case "sessions":
		_, err = q.c.Centre.Staff().EndSessions(q.Context(), q.Viewer, old.Name)
	default:
		var a staff.Account
		if a, err = q.typedAccount(); err != nil {
			return err
		}
		a.Name = old.Name
		err = q.c.Centre.Staff().Change(q.Context(), q.Viewer, a)
		if bad := q.refused(err); bad != nil {
			return q.showAs(http.StatusBadRequest, "accountform", "accounts.one", accountForm{Account: a, Bad: bad})
		}
		if err == nil {
			q.c.Centre.Introduce(q.Context(), a.Name)
		}
	}
	if err != nil {
		return err
	}
	return q.said(q.URL.Path, "said.account", 1, "")
}
