package exporttest_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationserifbold"
	"codeberg.org/go-fonts/liberation/liberationserifbolditalic"
	"codeberg.org/go-fonts/liberation/liberationserifitalic"
	"codeberg.org/go-fonts/liberation/liberationserifregular"

	"banlang/syncserver/export"
	"banlang/syncserver/export/docx"
	"banlang/syncserver/export/exporttest"
	"banlang/syncserver/export/pdf"
	"banlang/syncserver/export/xlsx"
)

// TestLooks prints the report by LibreOffice, as an office would, and reads what came out: all parts of an official document are
// there, in both formats, on as many pages as it has. EXPORT_OUT=folder keeps the files, and pictures of their pages.
func TestLooks(t *testing.T) {
	for _, program := range []string{"soffice", "pdftotext", "pdftoppm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (Debian: libreoffice-writer, libreoffice-calc, poppler-utils)", program)
		}
	}
	dir := t.TempDir()
	if out := os.Getenv("EXPORT_OUT"); out != "" {
		dir = out
	}
	write := func(name string, f func(io.Writer) error) string {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(dir, name)
		if err := os.WriteFile(at, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return at
	}
	var office []string
	for _, d := range []struct {
		name string
		doc  export.Document
	}{{"draft", exporttest.Report(false)}, {"issued", exporttest.Report(true)}} {
		write(d.name+".pdf", func(w io.Writer) error { return pdf.Write(w, d.doc) })
		office = append(office, write(d.name+"-docx.docx", func(w io.Writer) error { return docx.Write(w, d.doc) }))
	}
	office = append(office, write("table-xlsx.xlsx", func(w io.Writer) error { return xlsx.Write(w, exporttest.Sheet(120), dir) }))
	t.Setenv("FONTCONFIG_FILE", fonts(t))
	run(t, "soffice", append([]string{"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", dir}, office...)...)

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
			at := filepath.Join(dir, c.file)
			text := run(t, "pdftotext", "-layout", at, "-")
			if got := strings.Count(text, "\f"); got != c.pages {
				t.Errorf("%d pages, want %d", got, c.pages)
			}
			flat := strings.Join(strings.Fields(text), " ")
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
			if os.Getenv("EXPORT_OUT") != "" {
				run(t, "pdftoppm", "-r", "70", "-png", at, strings.TrimSuffix(at, ".pdf"))
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

// fonts gives LibreOffice the letters of our own, which are as wide as those of Times New Roman and have all of Vietnamese;
// those of Debian have not.
func fonts(t *testing.T) (config string) {
	t.Helper()
	dir := t.TempDir()
	for name, ttf := range map[string][]byte{
		"regular": liberationserifregular.TTF, "bold": liberationserifbold.TTF, "italic": liberationserifitalic.TTF, "both": liberationserifbolditalic.TTF,
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".ttf"), ttf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config = filepath.Join(dir, "fonts.conf")
	text := `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>` + dir + `</dir><cachedir>` + dir + `/cache</cachedir></fontconfig>`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config
}

func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	var said bytes.Buffer
	c := exec.CommandContext(context.Background(), program, args...)
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, said.String())
	}
	return string(out)
}
