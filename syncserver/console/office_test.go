//go:build office

package console_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"banlang/syncserver/export"
	"banlang/syncserver/export/exporttest"
)

var (
	paperTables = regexp.MustCompile(`(?s)<table.*?</table>`)
	paperCells  = regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`)
	anyTag      = regexp.MustCompile(`<[^>]*>`)
)

// TestOfficePrintsAReport: a frozen report as the page shows it, beside its DOCX and XLSX as LibreOffice prints them and its own PDF: all
// words and figures of its tables, and all parts of an official document, are on every paper.
func TestOfficePrintsAReport(t *testing.T) {
	h := opened(t)
	who, _ := h.shown()
	b := who["vn.tra"]
	page := b.get("/reports/1").body
	_, page, ok := strings.Cut(page, `class="paper`)
	page, _, signed := strings.Cut(page, `class="twin foot"`) // below it stands what came since
	if !ok || !signed {
		t.Fatal("the page has no paper")
	}
	var words []string
	for _, table := range paperTables.FindAllString(page, -1) {
		for _, cell := range paperCells.FindAllStringSubmatch(table, -1) {
			words = append(words, strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(cell[1], " ")))...)
		}
	}
	slices.Sort(words)
	if words = slices.Compact(words); len(words) < 60 {
		t.Fatalf("the page has %d words in tables", len(words))
	}
	o := exporttest.NewOffice(t)
	o.Keep("report.docx", []byte(b.get("/reports/1/bao-cao.docx").body))
	o.Keep("report-own.pdf", []byte(b.get("/reports/1/bao-cao.pdf").body))
	o.Keep("annex.xlsx", []byte(b.get("/reports/1/phu-luc.xlsx").body))
	o.Prints("report.docx", "annex.xlsx")
	for _, name := range []string{"report.pdf", "report-own.pdf"} {
		paper, pages := o.Reads(name)
		if pages < 2 {
			t.Errorf("%s has %d pages", name, pages)
		}
		for _, part := range []string{export.Nation, export.Motto, "CÔNG AN TỈNH SƠN LĨNH", "Số: 01/BC", "Sơn Lĩnh, ngày 19 tháng 11 năm 2026", "BÁO CÁO", "II. KẾT QUẢ", "Nơi nhận:", "- Lưu: VT, TH", "THỦ TRƯỞNG ĐƠN VỊ"} {
			if !strings.Contains(paper, part) {
				t.Errorf("%s does not have %q", name, part)
			}
		}
		has := strings.Fields(paper)
		for _, word := range words {
			if !slices.Contains(has, word) {
				t.Errorf("%s does not have %q, which the page has", name, word)
			}
		}
	}
	annex, _ := o.Reads("annex.pdf")
	for _, part := range []string{"Số buổi tuyên truyền", "Tỉnh Sơn Lĩnh", "Xã Đăk Rơ Leng"} {
		if !strings.Contains(annex, part) {
			t.Errorf("the annex does not have %q", part)
		}
	}
}
