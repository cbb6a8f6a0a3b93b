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

		{pattern: "GET /flash", act: staff.ReadRecords, do: getFlash},
		{pattern: "POST /flash/{name}/ack", act: staff.AckFlash, do: postFlashAck},

		{pattern: "GET /directives", act: staff.ReadOrders, do: getDirectives},
		{pattern: "GET /directives/new", act: staff.SendOrders, do: getNewDirective},
		{pattern: "POST /directives/new", act: staff.SendOrders, do: postNewDirective},
		{pattern: "GET /directives/{name}", act: staff.ReadOrders, do: getDirective},

		{pattern: "GET /devices", act: staff.ReadDevices, do: getDevices},
		{pattern: "GET /devices/new", act: staff.EnrolDevice, do: getNewDevice},
		{pattern: "POST /devices/new", act: staff.EnrolDevice, do: postNewDevice},
		{pattern: "POST /devices/file", act: staff.EnrolDevice, do: postCodeFile},
		{pattern: "POST /devices/codes/{id}/drop", act: staff.EnrolDevice, do: postDropEnrolCode},
		{pattern: "GET /devices/{n}", act: staff.ReadDevices, do: getDevice},
		{pattern: "POST /devices/{n}/grant", act: staff.GrantDevice, do: postGrant},
		{pattern: "GET /devices/{n}/revoke", act: staff.GrantDevice, do: getRevoke},
		{pattern: "POST /devices/{n}/revoke", act: staff.GrantDevice, do: postRevoke},

		{pattern: "GET /grid", act: staff.CountRecords, do: getGrid},
		{pattern: "GET /stale", act: staff.CountRecords, do: getStale},
		{pattern: "GET /map", act: staff.CountRecords, do: getMap},
		{pattern: "GET /units", act: staff.ChangeUnits, do: getUnits},
		{pattern: "GET /units/list.csv", act: staff.ChangeUnits, do: getUnitsFile},
		{pattern: "POST /units/list", act: staff.ChangeUnits, body: MaxImport, do: postUnitsList},
		{pattern: "POST /units/merge", act: staff.ChangeUnits, do: postUnitsMerge},
		{pattern: "POST /units/split", act: staff.ChangeUnits, do: postUnitsSplit},
		{pattern: "POST /units/boundaries", act: staff.ChangeUnits, body: MaxImport, do: postBoundaries},
		{pattern: "POST /units/boundaries/drop", act: staff.ChangeUnits, do: postDropBoundaries},
		{pattern: "GET /units/trial", act: staff.ChangeUnits, do: getTrial},
		{pattern: "POST /units/trial", act: staff.ChangeUnits, do: postTrial},

		{pattern: "GET /accounts", act: staff.ReadAccounts, do: getAccounts},
		{pattern: "GET /accounts/new", act: staff.ChangeAccount, do: getNewAccount},
		{pattern: "POST /accounts/new", act: staff.ChangeAccount, do: postNewAccount},
		{pattern: "GET /accounts/{name}", act: staff.ReadAccounts, do: getOneAccount},
		{pattern: "POST /accounts/{name}", act: staff.ChangeAccount, do: postOneAccount},
		{pattern: "GET /indicators", act: staff.CountRecords, do: getIndicators},
		{pattern: "GET /indicators/{id}", act: staff.CountRecords, do: getIndicator},
		{pattern: "GET /indicators/{id}/{file}", act: staff.CompileReport, do: getIndicatorFile},
		{pattern: "GET /reports", act: staff.ReadReports, do: getReports},
		{pattern: "GET /reports/draft", act: staff.CompileReport, do: getDraft},
		{pattern: "GET /reports/draft/{file}", act: staff.CompileReport, do: getDraftFile},
		{pattern: "GET /reports/freeze", act: staff.FreezeReport, do: getFreeze},
		{pattern: "POST /reports/freeze", act: staff.FreezeReport, do: postFreeze},
		{pattern: "GET /reports/{number}", act: staff.ReadReports, do: getReport},
		{pattern: "GET /reports/{number}/{file}", act: staff.CompileReport, do: getReportFile},
		{pattern: "GET /quality", act: staff.ReadRecords, do: getQuality},
		{pattern: "GET /records/export", act: staff.ExportRecord, do: getExport},
		{pattern: "POST /records/export.csv", act: staff.ExportRecord, do: postExport},
		{pattern: "POST /records/export.xlsx", act: staff.ExportRecord, do: postExport},
		{pattern: "POST /records/export.geojson", act: staff.ExportRecord, do: postExport},

		{pattern: "GET /audit", act: staff.ReadAudit, do: getAudit},
	}
}
