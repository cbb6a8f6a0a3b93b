package console

import (
	"slices"

	"banlang/syncserver/staff"
)

// allRoutes is the table of all pages and of all that they do.
func allRoutes() []route {
	return slices.Concat(figureRoutes(), careRoutes(), []route{
		{pattern: "GET /sign-in", open: true, do: getSignIn},
		{pattern: "POST /sign-in", open: true, body: MaxOpen + 2*maxUnfinished, do: postSignIn},
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
		{pattern: "GET /records/{name}/print", act: staff.PrintRecord, do: getPrint},
		{pattern: "POST /records/{name}/print", act: staff.PrintRecord, do: postPrint},
		{pattern: "POST /records/{name}/review", act: staff.ReviewRecord, do: postReview},
		{pattern: "POST /records/{name}/choose", act: staff.ReviewRecord, do: postChoose},
		{pattern: "GET /inbox", act: staff.ReviewRecord, do: getInbox},
		{pattern: "POST /inbox", act: staff.ReviewRecord, do: postInbox},
		{pattern: "GET /rejected", act: staff.ReviewRecord, do: getRejected},
		{pattern: "GET /rejected/{name}", act: staff.ReviewRecord, do: getRejectedOne},
		{pattern: "POST /rejected/{name}", act: staff.ReviewRecord, do: postRejectedOne},

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

		{pattern: "GET /audit", act: staff.ReadAudit, do: getAudit},
	})
}

// figureRoutes are the pages of figures and reports, and what leaves the centre as a file.
func figureRoutes() []route {
	return []route{
		{pattern: "GET /indicators", act: staff.CountRecords, do: getIndicators},
		{pattern: "GET /indicators/{id}", act: staff.CountRecords, do: getIndicator},
		{pattern: "GET /indicators/{id}/{file}", act: staff.CompileReport, do: getIndicatorFile},
		{pattern: "GET /reports", act: staff.ReadReports, do: getReports},
		{pattern: "GET /reports/draft", act: staff.CompileReport, do: asking(getDraft)},
		{pattern: "GET /reports/draft/{file}", act: staff.CompileReport, do: asking(getDraftFile)},
		{pattern: "GET /reports/freeze", act: staff.FreezeReport, do: asking(getFreeze)},
		{pattern: "POST /reports/freeze", act: staff.FreezeReport, do: asking(postFreeze)},
		{pattern: "GET /reports/{number}", act: staff.ReadReports, do: getReport},
		{pattern: "POST /reports/{number}/replay", act: staff.ReadReports, do: postReplay},
		{pattern: "GET /reports/{number}/{file}", act: staff.CompileReport, do: getReportFile},
		{pattern: "GET /quality", act: staff.ReadRecords, do: getQuality},
		{pattern: "GET /records/export", act: staff.ExportRecord, do: getExport},
		{pattern: "POST /records/export.csv", act: staff.ExportRecord, do: postExport},
		{pattern: "POST /records/export.xlsx", act: staff.ExportRecord, do: postExport},
		{pattern: "POST /records/export.geojson", act: staff.ExportRecord, do: postExport},
	}
}

// careRoutes are the pages of those who protect citizens' data, and of those who run the centre.
func careRoutes() []route {
	return []route{
		{pattern: "GET /records/{name}/open", act: staff.OpenSealed, do: getOpen},
		{pattern: "POST /records/{name}/open", act: staff.OpenSealed, do: postOpen},
		{pattern: "GET /openings", act: staff.SecondSealed, do: getOpenings},
		{pattern: "GET /own-openings", act: staff.OpenSealed, do: getOwnOpenings},
		{pattern: "POST /openings/{id}", act: staff.SecondSealed, do: postOpening},
		{pattern: "POST /openings/{id}/file", act: staff.OpenSealed, do: postOpeningFile},

		{pattern: "GET /erase", act: staff.EraseRecord, do: getErase},
		{pattern: "GET /erase/one", act: staff.EraseRecord, do: getEraseOne},
		{pattern: "POST /erase/one", act: staff.EraseRecord, do: postEraseOne},
		{pattern: "GET /erase/due", act: staff.EraseRecord, do: getDue},
		{pattern: "POST /erase/due", act: staff.EraseRecord, do: postDue},

		{pattern: "GET /forms", act: staff.PublishForm, do: getForms},
		{pattern: "POST /forms", act: staff.PublishForm, body: MaxImport, do: postForm},
		{pattern: "POST /forms/{form}/retire", act: staff.PublishForm, do: postRetire},
		{pattern: "GET /proposals/{id}", act: staff.PublishForm, do: getProposal},
		{pattern: "POST /proposals/{id}", act: staff.PublishForm, do: postProposal},
		{pattern: "GET /judge", act: staff.ApproveForm, do: getJudge},
		{pattern: "GET /judge/{id}", act: staff.ApproveForm, do: getJudgeOne},
		{pattern: "POST /judge/{id}", act: staff.ApproveForm, do: postJudge},

		{pattern: "GET /operate", act: staff.Operate, do: getOperate},
		{pattern: "POST /operate", act: staff.Operate, do: postOperate},
	}
}
