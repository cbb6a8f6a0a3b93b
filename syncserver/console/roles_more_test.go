package console_test

import (
	"strconv"
	"strings"

	"banlang/shared/record"
)

// desk are what staff find on their desks every day: flash reports, directives, machines.
func deskLines() map[string]line {
	device := func(below string, pairs ...string) func(*matrix, string) (string, []string) {
		return func(m *matrix, _ string) (string, []string) {
			return "/devices/" + strconv.Itoa(int(m.device)) + below, pairs
		}
	}
	return map[string]line{
		"GET /flash": {gives: "vvpp vvpp vvpp xxxx xxxx xxxx s"},
		"POST /flash/{name}/ack": {gives: "xxxx xxxx dd00 xxxx xxxx xxxx s", with: func(m *matrix, _ string) (string, []string) {
			return "/flash/" + m.flash.String() + "/ack", []string{"text", "Giữ hiện trường"}
		}},
		"GET /directives":        {gives: "vvpp vvpp vvpp vvpp xxxx xxxx s"},
		"GET /directives/new":    {gives: "xxxx xxxx pppp xxxx xxxx xxxx s"},
		"POST /directives/new":   {gives: "xxxx xxxx bpbb xxxx xxxx xxxx s", with: form("/directives/new", with(plan, "number", "99/KH")...)},
		"GET /directives/{name}": {gives: "vv00 vv00 vv00 vv00 xxxx xxxx s", with: func(m *matrix, _ string) (string, []string) { return "/directives/" + m.order, nil }},

		"GET /rejected":        {gives: "xxxx pppp xxxx xxxx xxxx xxxx s"},
		"GET /rejected/{name}": {gives: "xxxx pp00 xxxx xxxx xxxx xxxx s", with: func(m *matrix, _ string) (string, []string) { return "/rejected/" + m.bad.String(), nil }},
		"POST /rejected/{name}": {gives: "xxxx dd00 xxxx xxxx xxxx xxxx s", with: func(m *matrix, _ string) (string, []string) {
			return "/rejected/" + m.refused().String(), []string{"reason", "Giấy đã đối chiếu"}
		}},

		"GET /devices":                  {gives: "xxxx pppp pppp xxxx pppp pppp s"},
		"GET /devices/new":              {gives: "xxxx xxxx xxxx xxxx pppp xxxx s"},
		"POST /devices/new":             {gives: "xxxx xxxx xxxx xxxx ppxx xxxx s", asks: true, with: form("/devices/new", "unit", "C1", "name", "Máy mới", "compartment", "ordinary", "address", "trungtam.example:7443")},
		"POST /devices/file":            {gives: "xxxx xxxx xxxx xxxx bbbb xxxx s", with: form("/devices/file", "code", "none", "address", "trungtam.example:7443", "unit", "C1")},
		"POST /devices/codes/{id}/drop": {gives: "xxxx xxxx xxxx xxxx 0000 xxxx s", with: form("/devices/codes/none/drop")},
		"GET /devices/{n}":              {gives: "xxxx pp00 pp00 xxxx pp00 pp00 s", with: device("")},
		"POST /devices/{n}/grant":       {gives: "xxxx xxxx xxxx xxxx dd00 xxxx s", asks: true, with: device("/grant", "compartment", "ordinary")},
		"GET /devices/{n}/revoke":       {gives: "xxxx xxxx xxxx xxxx pp00 xxxx s", asks: true, with: device("/revoke")},
		"POST /devices/{n}/revoke":      {gives: "xxxx xxxx xxxx xxxx dd00 xxxx s", asks: true, with: device("/revoke")},
	}
}

// figureLines are figures, reports and what leaves the centre as a file. What is asked for is about the commune C1.
func figureLines() map[string]line {
	const draft = "template=month&unit=C1&day=30%2F11%2F2026"
	return map[string]line{
		"GET /indicators":               {gives: "pppp pppp pppp pppp xxxx xxxx s"},
		"GET /indicators/{id}":          {gives: "pp00 pp00 pp00 pp00 xxxx xxxx s", with: form("/indicators/AW_SESSIONS?unit=C1")},
		"GET /indicators/{id}/{file}":   {gives: "xxxx xxxx pp00 pp00 xxxx xxxx s", with: form("/indicators/AW_SESSIONS/table.csv?unit=C1")},
		"GET /reports":                  {gives: "xxxx pppp pppp pppp xxxx xxxx s"},
		"GET /reports/draft":            {gives: "xxxx xxxx pp00 pp00 xxxx xxxx s", with: form("/reports/draft?" + draft)},
		"GET /reports/draft/{file}":     {gives: "xxxx xxxx pp00 pp00 xxxx xxxx s", with: form("/reports/draft/bao-cao.docx?" + draft)},
		"GET /reports/freeze":           {gives: "xxxx xxxx xxxx pp00 xxxx xxxx s", asks: true, with: form("/reports/freeze?" + draft)},
		"POST /reports/freeze":          {gives: "xxxx xxxx xxxx dd00 xxxx xxxx s", asks: true, with: form("/reports/freeze?"+draft, "upon", "0")},
		"GET /reports/{number}":         {gives: "xxxx pp00 pp00 pp00 xxxx xxxx s", with: form("/reports/1")},
		"POST /reports/{number}/replay": {gives: "xxxx dd00 dd00 dd00 xxxx xxxx s", with: form("/reports/1/replay")},
		"GET /reports/{number}/{file}":  {gives: "xxxx xxxx pp00 pp00 xxxx xxxx s", with: form("/reports/1/bao-cao.docx")},
		"GET /quality":                  {gives: "pppp pppp pppp xxxx xxxx xxxx s"},
		"GET /records/export":           {gives: "xxxx pppp pppp xxxx xxxx xxxx s"},
		"POST /records/export.csv":      {gives: "xxxx vvpp vvpp xxxx xxxx xxxx s", asks: true, with: form("/records/export.csv?form=awareness_session", "reason", "Tổng hợp tháng 11")},
		"POST /records/export.xlsx":     {gives: "xxxx pppp pppp xxxx xxxx xxxx s", asks: true, with: form("/records/export.xlsx?form=awareness_session", "reason", "Tổng hợp tháng 11")},
		"POST /records/export.geojson":  {gives: "xxxx vvpp vvpp xxxx xxxx xxxx s", asks: true, with: form("/records/export.geojson?form=awareness_session", "reason", "Tổng hợp tháng 11")},
	}
}

// furnish puts on the desks of the commune C1 what the lines above ask for: a machine, a flash report, a directive, a frozen report.
func (m *matrix) furnish() {
	m.t.Helper()
	n := m.notebook("C1")
	m.device, m.flash = n.Replica, n.flash("C1", planted)
	m.refused = func() record.Dot { return n.misdated("C1") }
	m.bad = m.refused()
	head := m.who["direct.p1"]
	sent := head.post("/directives/new", append(with(plan, "number", "12/KH", "subject", planted, "below", "")[:2*12], "targets", "C1", "do", "send")...)
	path, _, _ := strings.Cut(sent.at, "?")
	m.order = strings.TrimPrefix(path, "/directives/")
	if m.order == "new" || m.order == "" {
		m.t.Fatalf("no directive was sent: %.3000s", sent.body)
	}
	m.who["compile.c1"].post("/reports/freeze?template=month&unit=C1&day=31%2F10%2F2026", "upon", "0")
}

// landLines are how the units stand, and the tree of units itself: that is one for the whole centre.
func landLines() map[string]line {
	return map[string]line{
		"GET /grid":  {gives: "pppp pppp pppp pppp xxxx xxxx s"},
		"GET /stale": {gives: "pppp pppp pppp pppp xxxx xxxx s"},
		"GET /map":   {gives: "pppp pppp pppp pppp xxxx xxxx s"},

		"GET /units":          {gives: "xxxx xxxx xxxx xxxx pppp xxxx s"},
		"GET /units/list.csv": {gives: "xxxx xxxx xxxx xxxx pppp xxxx s"},
		"POST /units/list":    {gives: "xxxx xxxx xxxx xxxx xbxx xxxx s", with: form("/units/list", "file", "no file")},
		// A change of the tree is looked at first: what it would mean is said, and nothing done.
		"POST /units/merge":           {gives: "xxxx xxxx xxxx xxxx xdxx xxxx s", with: form("/units/merge", "from", "V1", "from", "V2", "into", "V1", "on", "01/01/2027")},
		"POST /units/split":           {gives: "xxxx xxxx xxxx xxxx xdxx xxxx s", with: form("/units/split", "unit", "V1", "on", "01/01/2027", "parts", "V8 Làng A\nV9 Làng B")},
		"POST /units/boundaries":      {gives: "xxxx xxxx xxxx xxxx xbxx xxxx s", with: form("/units/boundaries", "file", "no file")},
		"POST /units/boundaries/drop": {gives: "xxxx xxxx xxxx xxxx xbxx xxxx s", asks: true, with: form("/units/boundaries/drop", "layer", "")},
		"GET /units/trial":            {gives: "xxxx xxxx xxxx xxxx x0xx xxxx s", with: form("/units/trial?id=none")},
		"POST /units/trial":           {gives: "xxxx xxxx xxxx xxxx x0xx xxxx s", with: form("/units/trial", "id", "none")},
	}
}
