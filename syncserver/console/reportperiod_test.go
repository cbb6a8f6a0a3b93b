package console_test

import (
	"archive/zip"
	"encoding/binary"
	"html"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"unicode/utf16"

	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// spanned is a report of some days, as it is typed, and what it says.
type spanned struct {
	typed             string // the address that the form asks for
	exact             string // the days as our addresses have them
	title, before     string // what the period is called on paper, and the one before it
	confirm, english  string // what is asked before it is frozen
	missing, compared string
	participants      string // of the communes and the province
	tips              string
	file              string // what the files are called by
}

// unpacked is all text in a file that is packed of several.
func unpacked(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// wide is text as the title of a PDF has it.
func wide(text string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.BigEndian.AppendUint16(b, unit)
	}
	return string(b)
}

// holds takes a report of some days from its draft to its files and its replay.
func (x spanned) holds(t *testing.T, h *house) {
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	title := "Kết quả công tác dân vận " + x.title
	draft := b.get("/reports/draft?" + x.typed)
	says := []string{title, "Kỳ trước: " + x.before + ".", x.compared, x.tips, `href="/reports/freeze?` + html.EscapeString(x.exact), `href="/reports?` + html.EscapeString(x.exact)}
	draft.shows(t, append(says, "DỰ THẢO", x.missing)...)
	b.get("/reports/freeze?"+x.exact).shows(t, title, x.confirm)
	b.post("/language", "language", "en", "to", "/account")
	b.get("/reports/freeze?"+x.exact).shows(t, x.english)
	b.post("/language", "language", "vi", "to", "/account")
	b.post("/reports/freeze?"+x.exact, "upon", "0").shows(t, append(says[:4:4], "Đã chốt báo cáo số 1.")...)
	b.get("/reports").shows(t, `<a href="/reports/1">`+title+"</a>")
	b.get("/reports/draft?"+x.exact).shows(t, "Kỳ này đã chốt một lần, số 1.")

	for _, of := range []string{"/reports/1/%?", "/reports/draft/%?" + x.exact} {
		file := func(name string) string {
			a := b.get(strings.Replace(of, "%", name, 1))
			if a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Disposition"), x.file+path.Ext(name)) {
				t.Errorf("%s: %d %v", a.at, a.status, a.header)
			}
			return a.body
		}
		for name, text := range map[string]string{"bao-cao.docx": unpacked(t, file("bao-cao.docx")), "phu-luc.xlsx": unpacked(t, file("phu-luc.xlsx"))} {
			if !strings.Contains(text, x.title) {
				t.Errorf("%s of %s does not name the period", name, of)
			}
		}
		if !strings.Contains(file("bao-cao.pdf"), wide(x.title)) {
			t.Errorf("the PDF of %s does not name the period", of)
		}
		found := ""
		for _, row := range readCSV(t, answer{status: http.StatusOK, body: file("phu-luc.csv"), header: http.Header{"Content-Disposition": {"attachment"}}}) {
			if row[0] == "AW_PARTICIPANTS" {
				found += row[3] + " " + row[5] + ";"
			}
		}
		if found != x.participants {
			t.Errorf("%s: %s, want %s", of, found, x.participants)
		}
	}
	after := b.replayed(1)
	after.shows(t, "đúng từng byte", title)
	after.behind(t, b, "AW_PARTICIPANTS").shows(t, "bản ghi làm nên số này")
}

// behind follows the way from a figure of a report to its records.
func (a answer) behind(t *testing.T, b *browser, indicator string) answer {
	t.Helper()
	link := between(a.body, `href="/indicators/`+indicator+`?`, `"`)
	if link == "" {
		t.Fatal("no way from the figure to its records")
	}
	return b.get("/indicators/" + indicator + "?" + html.UnescapeString(strings.TrimSuffix(link, "#panel")))
}

// TestReportOfFiveMonths: the first five months of a year, compared with the five before them.
func TestReportOfFiveMonths(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	n.sessions("C1", "2018-07-31", "9", "2018-08-01", "20", "2018-12-31", "10", "2019-01-01", "40", "2019-05-31", "50", "2019-06-01", "8")
	h.notebook("C2").sessions("C2", "2019-03-03", "10")
	for range 4 {
		n.write("tip", record.Dot{}, record.PathFeed, "C1/tips", "occurred_on", "2019-02-05", "assessed_value", "co_gia_tri", "area", "suối")
	}
	spanned{
		typed: "template=month&unit=P1&from=01%2F01%2F2019&to=31%2F05%2F2019", exact: "from=2019-01-01&template=month&to=2019-05-31&unit=P1",
		title: "5 tháng đầu năm 2019", before: "từ ngày 01/08/2018 đến ngày 31/12/2018",
		confirm: "Chốt số kỳ 5 tháng đầu năm 2019 với 0 trên 2 đơn vị? Báo cáo ghi tên đơn vị thiếu: ", english: "Freeze the figures of the period first 5 months of 2019 with 0 of 2 units?",
		compared: "&#43;233,33 %", participants: "C1 90.000;C2 10.000;P1 100.000;", tips: "Nhân dân cung cấp 4 tin báo có giá trị.", file: "2019-01-01-den-2019-05-31",
	}.holds(t, h)
}

// TestReportFromMidMonth: from the 15th of a month to the 14th of the next, compared with the month before that; who reported on other
// days of these months is missing, and of tips nothing is told.
func TestReportFromMidMonth(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	n.sessions("C1", "2026-09-14", "7", "2026-09-15", "20", "2026-10-14", "100", "2026-10-15", "25", "2026-11-14", "60", "2026-11-15", "44")
	h.notebook("C2").sessions("C2", "2026-10-10", "31", "2026-11-16", "12")
	for range 5 {
		n.write("tip", record.Dot{}, record.PathFeed, "C1/tips", "occurred_on", "2026-10-20", "assessed_value", "co_gia_tri", "area", "suối")
	}
	spanned{
		typed: "template=month&unit=P1&from=15%2F10%2F2026&to=14%2F11%2F2026", exact: "from=2026-10-15&template=month&to=2026-11-14&unit=P1",
		title: "từ ngày 15/10/2026 đến ngày 14/11/2026", before: "từ ngày 15/09/2026 đến ngày 14/10/2026",
		confirm: "Chốt số kỳ từ ngày 15/10/2026 đến ngày 14/11/2026 với 1 trên 2 đơn vị? Báo cáo ghi tên đơn vị thiếu: Xã Ia Mlăng.",
		english: "Freeze the figures of the period from 15/10/2026 to 14/11/2026 with 1 of 2 units?",
		missing: "Đơn vị chưa đủ số liệu: Xã Ia Mlăng.", compared: "−43,71 %", participants: "C1 85.000;C2 0.000;P1 85.000;",
		tips: "Kỳ này không gồm các tháng trọn; số tin báo, đơn thư chỉ nêu theo tháng trọn.", file: "2026-10-15-den-2026-11-14",
	}.holds(t, h)
}

// TestReportOfYears: several years, by the headings of another kind; and without days it is the last period of the kind, as ever.
func TestReportOfYears(t *testing.T) {
	h := opened(t)
	h.notebook("C1").sessions("C1", "2007-01-01", "4", "2026-12-31", "6")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.get("/reports/draft?template=year&from=2007-01-01&to=2026-12-31").shows(t, "từ ngày 01/01/2007 đến ngày 31/12/2026", "Lực lượng cơ sở, cấp căn cước", "với 10 lượt")
	for address, title := range map[string]string{
		"template=year": "năm 2025", "template=month&from=&to=": "tháng 10/2026", "template=quarter&day=2026-02-03": "quý 1/2026",
		"template=quarter&from=2026-10-15&to=2026-10-15": "ngày 15/10/2026",
	} {
		b.get("/reports/draft?"+address).shows(t, "Kết quả công tác dân vận "+title+"<")
	}
}

// TestBadPeriods: days by which there is no report are answered with what is wrong and what to do, in both languages, with all that was
// typed still there; nothing is frozen by them.
func TestBadPeriods(t *testing.T) {
	h := opened(t)
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	for _, x := range []struct{ from, to, vi, en, wrong string }{
		{"14/11/2026", "15/10/2026", "Kỳ báo cáo có ngày cuối trước ngày đầu.", "The period ends before it begins.", "from to"},
		{"31/02/2026", "14/11/2026", "“31/02/2026” không phải là một ngày có trong lịch.", "“31/02/2026” is no day of the calendar.", "from"},
		{"15/10/2026", "hôm nay", "“hôm nay” không phải là một ngày có trong lịch.", "“hôm nay” is no day of the calendar.", "to"},
		{"15/10/2026", "", "thiếu ngày kia", "The period has one end only.", "to"},
		{"", "14/11/2026", "thiếu ngày kia", "The period has one end only.", "from"},
		{"01/01/2006", "01/01/2026", "Kỳ báo cáo dài hơn 20 năm.", "The period is longer than 20 years.", "from to"},
		{"01/01/2026", "31/12/9999", "Kỳ báo cáo dài hơn 20 năm.", "The period is longer than 20 years.", "from to"},
	} {
		address := "?" + url.Values{"template": {"half"}, "unit": {"Xã Ia Mlăng (C2)"}, "from": {x.from}, "to": {x.to}, "count": {"approved"}, "cutoff": {"01/12/2026"}}.Encode()
		for lang, says := range map[string][]string{"vi": {x.vi, "Việc tiếp theo:", "rồi nhấn Lập"}, "en": {x.en, "What to do next:", "press Compile"}} {
			b.post("/language", "language", lang, "to", "/account")
			for _, a := range []answer{b.get("/reports/draft" + address), b.get("/reports/draft/bao-cao.docx" + address), b.get("/reports/freeze" + address), b.post("/reports/freeze"+address, "upon", "0")} {
				if a.status != http.StatusBadRequest {
					t.Errorf("%s: %d", a.at, a.status)
				}
				a.shows(t, append(says, `<option value="half" selected>`, `name="unit" value="Xã Ia Mlăng (C2)"`, `name="from" value="`+x.from+`"`, `name="to" value="`+x.to+`"`,
					`<option value="approved" selected>`, `name="cutoff" value="01/12/2026"`)...)
				_, main, _ := strings.Cut(a.body, "<main")
				for _, name := range []string{"from", "to", "cutoff"} {
					if field := between(main, `name="`+name+`"`, ">"); strings.Contains(field, "wrong") != strings.Contains(x.wrong, name) {
						t.Errorf("%s to %s: the field is %q", x.from, x.to, field)
					}
				}
			}
		}
	}
	b.post("/language", "language", "vi", "to", "/account")
	cutoff := b.get("/reports/draft?template=month&cutoff=32/10/2026")
	cutoff.shows(t, "“32/10/2026” không phải là một ngày có trong lịch.", `name="cutoff" value="32/10/2026"`)
	b.get("/reports").shows(t, "Chưa chốt báo cáo nào", "Số tin báo, đơn thư chỉ nêu theo tháng trọn.")
	if a := b.get("/reports?from=2026-10-15&to=2026-11-14&template=year"); a.status != http.StatusOK || !strings.Contains(a.body, `name="from" value="15/10/2026"`) {
		t.Errorf("who chooses another period begins anew: %d", a.status)
	}
}
