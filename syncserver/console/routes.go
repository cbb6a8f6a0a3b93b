package console

import "banlang/syncserver/staff"

// allRoutes is the table of all pages and of all that they do.
func allRoutes() []route {
	return []route{
		{pattern: "GET /sign-in", open: true, do: getSignIn},
		{pattern: "POST /sign-in", open: true, do: postSignIn},
		{pattern: "POST /sign-out", open: true, do: postSignOut},
		{pattern: "POST /language", open: true, do: postLanguage},
		{pattern: "GET /confirm", own: true, do: getConfirm},
		{pattern: "POST /confirm", own: true, do: postConfirm},
		{pattern: "GET /account", own: true, do: getAccount},
		{pattern: "GET /account/passphrase", own: true, do: getPassphrase},
		{pattern: "POST /account/passphrase", own: true, do: postPassphrase},
		{pattern: "POST /account/code", own: true, do: postCode},
		{pattern: "POST /account/code/confirm", own: true, do: postCodeConfirm},
		{pattern: "GET /live", own: true, quiet: true, do: getLive},
		{pattern: "POST /undo", own: true, do: postUndo},

		{pattern: "GET /records", act: staff.ReadRecords, do: getRecords},
		{pattern: "GET /records/{name}", act: staff.ReadRecords, do: getRecord},
		{pattern: "POST /records/{name}/review", act: staff.ReviewRecord, do: postReview},
		{pattern: "POST /records/{name}/choose", act: staff.ReviewRecord, do: postChoose},
		{pattern: "GET /inbox", act: staff.ReviewRecord, do: getInbox},
		{pattern: "POST /inbox", act: staff.ReviewRecord, do: postInbox},

		{pattern: "GET /accounts", act: staff.ReadAccounts, do: getAccounts},
		{pattern: "GET /accounts/new", act: staff.ChangeAccount, do: getNewAccount},
		{pattern: "POST /accounts/new", act: staff.ChangeAccount, do: postNewAccount},
		{pattern: "GET /accounts/{name}", act: staff.ReadAccounts, do: getOneAccount},
		{pattern: "POST /accounts/{name}", act: staff.ChangeAccount, do: postOneAccount},
		{pattern: "GET /audit", act: staff.ReadAudit, do: getAudit},
	}
}
