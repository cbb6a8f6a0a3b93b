//go:build office

package exporttest_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"banlang/syncserver/export"
	"banlang/syncserver/export/docx"
	"banlang/syncserver/export/exporttest"
	"banlang/syncserver/export/pdf"
	"banlang/syncserver/export/xlsx"
)

// TestLooks prints the report by LibreOffice, as an office would, and reads what came out: all parts of an official document are
// there, in both formats, on as many pages as it has.
func TestLooks(t *testing.T) {
	o := exporttest.NewOffice(t)
	write := func(name string, f func(io.Writer) error) string {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(err)
		}
		o.Keep(name, b.Bytes())
		return name
	}
	var office []string
	for _, d := range []struct {
		name string
		doc  export.Document
	}{{"draft", exporttest.Report(false)}, {"issued", exporttest.Report(true)}} {
		write(d.name+".pdf", func(w io.Writer) error { return pdf.Write(w, d.doc) })
		office = append(office, write(d.name+"-docx.docx", func(w io.Writer) error { return docx.Write(w, d.doc) }))
	}
	office = append(office, write("table-xlsx.xlsx", func(w io.Writer) error { return xlsx.Write(w, exporttest.Sheet(120), t.TempDir()) }))
	o.Prints(office...)

	for _, c := range []struct {
		file   string
		pages  int
		wanted []string
		absent []string
	}{
		{"draft.pdf", 3, append(parts(false), "DỰ THẢO", "[Người viết nhập"), []string{"Số: 07", "ngày 02 tháng"}},
		{"draft-docx.pdf", 3, append(parts(false), "DỰ THẢO", "[Người viết nhập"), []string{"Số: 07", "ngày 02 tháng"}},
		{"issued.pdf", 3, append(parts(true), "Số: 07/BC-TH", "Sơn Lĩnh, ngày 02 tháng 7 năm 2026"), []string{"DỰ THẢO"}},
		{"issued-docx.pdf", 3, append(parts(true), "Số: 07/BC-TH", "Sơn Lĩnh, ngày 02 tháng 7 năm 2026"), []string{"DỰ THẢO"}},
		{"table-xlsx.pdf", 6, []string{"Mã đơn vị", "01/01/2026", "Đơn vị chưa đủ", "xã Ia Mlăng (thiếu 8 lần ghi)"}, nil},
	} {
		t.Run(c.file, func(t *testing.T) {
			flat, pages := o.Reads(c.file)
			if pages != c.pages {
				t.Errorf("%d pages, want %d", pages, c.pages)
			}
			for _, w := range c.wanted {
				if !strings.Contains(flat, w) {
					t.Errorf("%q is not there", w)
				}
			}
			for _, w := range c.absent {
				if strings.Contains(flat, w) {
					t.Errorf("%q is there", w)
				}
			}
		})
	}
}

// parts are what every report shows.
func parts(issued bool) []string {
	d := exporttest.Report(issued)
	all := []string{
		d.Superior, d.Issuer, export.Nation, export.Motto, d.Kind, d.Subject, "Đơn vị chưa đủ số liệu: xã Ia Mlăng (thiếu 8 lần ghi).",
		"I. TÌNH HÌNH CHỈ ĐẠO, TRIỂN KHAI", "II. KẾT QUẢ", "2. Tỷ lệ giải quyết đơn", "a) Nhiệm vụ trọng tâm", "Bảng 1. Các chỉ tiêu", "Đơn vị tính: đơn",
		"8.328/8.574 = 97,13 %", "Ghi chú:", "Một người dự nhiều buổi", "Nơi nhận:", "- Giám đốc (để báo cáo);", "- Lưu: VT, TH.",
		d.Signature.Authority, d.Signature.Position, d.Signature.Name,
	}
	return all
}
