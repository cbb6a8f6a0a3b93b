package main_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"banlang/syncserver/command"
)

// What one file may cost the machine on which it is checked. The worst of them take 2.6 s and 60 MB.
const (
	mostCPU    = 15 * time.Second
	mostWall   = time.Minute
	mostMemory = 200 << 20
)

// upload is a file that somebody wants checked, and what he is told: in Vietnamese, in English, and the exit code.
type upload struct {
	name   string
	write  func(w io.Writer) error
	exit   int
	vi, en string
}

// TestHostileFiles has the built program check files that are no forms, or are made to hurt. Each is answered with what it
// is, or where it is wrong, and the next step, in both languages; and none costs much.
func TestHostileFiles(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "syncserver")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "sqlite_fts5 migrated_fynedo", "-o", program, "banlang/syncserver")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, u := range slices.Concat(wrongKinds(), oldTexts(), bombs(), cycles(), accepted()) {
		t.Run(u.name, func(t *testing.T) {
			path := filepath.Join(dir, u.name)
			if err := u.save(path); err != nil {
				t.Fatal(err)
			}
			defer os.Remove(path)
			u.check(t, program, path, "vi", u.vi)
			u.check(t, program, path, "en", u.en)
		})
	}
}

// save writes the file piece by piece: a process begins with the peak memory of the one that starts it, so that this one
// has to stay small.
func (u upload) save(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return u.write(f)
}

// check runs the program and holds its answer and its costs against what is wanted.
func (u upload) check(t *testing.T, program, path, lang, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), mostWall)
	defer cancel()
	var out, complaint bytes.Buffer
	c := exec.CommandContext(ctx, program, "form", "check", path, "--lang", lang)
	c.Stdout, c.Stderr = &out, &complaint
	_ = c.Run() // the exit code says it
	said := &complaint
	if u.exit == command.ExitDone {
		said = &out
	}
	if code := c.ProcessState.ExitCode(); code != u.exit || !strings.Contains(said.String(), want) {
		t.Errorf("exit code %d, want %d; it says\n%s%swant\n%s", code, u.exit, &out, &complaint, want)
	}
	if u.exit == command.ExitRefused {
		if lines := strings.Count(complaint.String(), "\n"); lines != 2 || out.Len() > 0 {
			t.Errorf("not one sentence and a next step:\n%s%s", &out, &complaint)
		}
	}
	cpu := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	memory := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	t.Logf("%s: %v of CPU, %d MB", lang, cpu.Round(time.Millisecond), memory>>20)
	if cpu > mostCPU || memory > mostMemory {
		t.Errorf("it takes %v and %d MB", cpu, memory>>20)
	}
}

const (
	noForm    = "Đây không phải bảng tính biểu mẫu (%s).\nLưu biểu mẫu dạng .xlsx, .xls, .csv hoặc .md rồi tải lên lại.\n"
	noFormEN  = "This is no spreadsheet of a form (%s).\nSave the form as .xlsx, .xls, .csv or .md and upload it again.\n"
	damaged   = "Tệp bị hỏng hoặc chép chưa xong: không đọc được “%s” trong tệp.\nChép lại từ bản gốc. "
	damagedEN = "The file is damaged or was not copied to its end: “%s” in it cannot be read.\nCopy it again. "
)

// refused is a file that is no form for one reason, which both languages call the same.
func refused(name string, write func(io.Writer) error, vi, en, what string) upload {
	return upload{name, write, command.ExitRefused, fmt.Sprintf(vi, what), fmt.Sprintf(en, what)}
}

// wrongKinds are files of other programs, under the name of a spreadsheet.
func wrongKinds() []upload {
	return []upload{
		{"rỗng.xlsx", text(""), command.ExitRefused, "Tệp không có nội dung.\nChọn lại tệp biểu mẫu.\n", "The file is empty.\nChoose the file of the form again.\n"},
		refused("công văn pdf.xlsx", text("%PDF-1.7\n1 0 obj"), noForm, noFormEN, "PDF"),
		refused("ảnh.xlsx", text("\xff\xd8\xff\xe0\x00\x10JFIF"), noForm, noFormEN, "JPEG"),
		refused("công văn.doc", xlsWith("WordDocument"), noForm, noFormEN, "Word"),
		refused("công văn đổi tên.xlsx", xlsWith("WordDocument"), noForm, noFormEN, "Word"),
		refused("công văn mới.xlsx", archive("word/document.xml", "<w/>"), noForm, noFormEN, "Word .docx"),
		refused("bảng.ods", archive("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), noForm, noFormEN, "OpenDocument"),
		refused("bảng.xlsb", archive("xl/workbook.bin", "x"), noForm, noFormEN, "Excel .xlsb"),
		refused("trang web.xls", text("<html><table><tr><td>type</td></tr></table></html>"), noForm, noFormEN, "XML, HTML"),
		refused("tỉ tiếng cười.xlsx", text(laughs()+"<l>&m;</l>"), noForm, noFormEN, "XML, HTML"),
		{"thư.csv", text("Kính gửi ủy ban xã"), command.ExitRefused, fmt.Sprintf(noForm, "văn bản thường"), fmt.Sprintf(noFormEN, "plain text")},
		{"nén.xlsx", archive("ảnh.jpg", "x"), command.ExitRefused, fmt.Sprintf(noForm, "tệp nén .zip"), fmt.Sprintf(noFormEN, "a .zip")},
		{"số không.xlsx", times("\x00", 5000), command.ExitRefused, fmt.Sprintf(noForm, "tệp không rõ dạng"), fmt.Sprintf(noFormEN, "of a kind not known")},
		{"có mật khẩu.xlsx", xlsWith("EncryptedPackage"), command.ExitRefused,
			"Tệp có mật khẩu nên không đọc được.\nMở tệp, bỏ mật khẩu, ", "The file has a password and cannot be read.\nOpen it, remove the password, "},
		{"excel 95.xls", xlsWith("Book"), command.ExitRefused,
			"Tệp .xls này do bản Excel trước 1997 ghi.\nMở tệp và lưu lại dạng .xlsx.\n", "This .xls was written by an Excel from before 1997.\nOpen it and save it as .xlsx.\n"},
		refused("chép dở.xlsx", text("PK\x03\x04 and no more"), damaged, damagedEN, "zip"),
		refused("dở một trang.xlsx", workbook(map[string]change{sheet: cut}), damaged, damagedEN, sheet),
	}
}

// oldTexts are texts from before Unicode, or in another form of it.
func oldTexts() (all []upload) {
	for encoding, line := range map[string]string{
		"TCVN3 (ABC)":  "H\xe4 v\xb5 t\xaan ch\xf1 h\xe9, ng\xb5y sinh, qu\xaa qu\xb8n, \xae\xdea ch\xd8",
		"VNI":          "Ho\xef va\xf8 te\xe2n chu\xfb ho\xe4, nga\xf8y sinh, que\xe2 qua\xf9n, \xf1\xf2a ch\xe6",
		"VISCII":       "H\xf7 v\xe0 t\xean ch\xfc h\xb5, ng\xe0y sinh, qu\xea qu\xe1n, \xf0\xb8a ch\xef",
		"windows-1258": "Ho\xf2 v\xe0 t\xean chu\xd2 h\xf4\xf2, ng\xe0y sinh, qu\xea qu\xe1n, \xf0i\xf2a chi\xd2",
	} {
		vi := ": Chữ trong tệp không phải UTF-8, có vẻ là " + encoding + ".\nLưu lại dạng “CSV UTF-8” hoặc .xlsx. "
		en := ": The text is not UTF-8; it looks like " + encoding + ".\nSave it as “CSV UTF-8” or .xlsx. "
		all = append(all,
			upload{encoding + ".csv", text("survey,,,\n,type,name,label\n,text,ten,\"" + line + "\"\n"), command.ExitRefused,
				"Trang “survey”, dòng 3, ô D3" + vi, "Sheet “survey”, row 3, cell D3" + en},
			upload{encoding + ".md", text("| survey |\n| | type | name | label |\n| | text | ten | " + line + " |\n"), command.ExitRefused,
				"Trang “survey”, dòng 3" + vi, "Sheet “survey”, row 3" + en})
	}
	const vi, en = "Chữ trong tệp không phải UTF-8, có vẻ là UTF-16.\nLưu lại dạng “CSV UTF-8” hoặc .xlsx. ", "The text is not UTF-8; it looks like UTF-16.\nSave it as “CSV UTF-8” or .xlsx. "
	wide := strings.Join(strings.Split(smallCSV, ""), "\x00")
	return append(all,
		upload{"UTF-16 LE.csv", text("\xff\xfe" + wide + "\x00"), command.ExitRefused, vi, en},
		upload{"UTF-16 BE.csv", text("\xfe\xff\x00" + wide), command.ExitRefused, vi, en},
		upload{"UTF-16.csv", text(wide + "\x00"), command.ExitRefused, vi, en},
		upload{"chấm phẩy.csv", text(strings.ReplaceAll(smallCSV, ",", ";")), command.ExitRefused,
			"Các ô trong tệp cách nhau bằng dấu chấm phẩy, không phải dấu phẩy.\nMở tệp bằng Excel ", "The cells of the file are separated by semicolons, not by commas.\nOpen it with Excel "},
		upload{"UTF-8 có dấu đầu.csv", text("\xef\xbb\xbf" + wholeCSV), command.ExitDone, "Biểu mẫu dùng được", "The form can be used"})
}

const smallCSV = "survey,,,\n,type,name,label\n,text,ten,Ten\n"

// wholeCSV says everything that a form must say before it is published.
const wholeCSV = "survey\n,type,name,label,purpose,category,retention,visible_to\n,date,ngay,Ngày,đếm,none,5y,all\n" +
	"settings\n,form_title,form_id,version,compartment,event_date\n,Họp,hop,1,ordinary,ngay\n"

// Bombs hold more than what is allowed, twice.
const endless = 128 << 20

const (
	tooLarge    = "Vượt mức cho phép về %s.\nBỏ bớt phần không thuộc biểu mẫu, hoặc chia thành nhiều biểu mẫu.\n"
	tooLargeEN  = "Above the limit for %s.\nRemove what is no part of the form, or split it into several forms.\n"
	tooLargeTag = "cỡ một ô hoặc một thẻ XML trong tệp: tối đa 512 kB"
	tooLargeOne = "the size of a cell or XML tag in the file: at most 512 kB"
)

// bomb is a file that a limit stops.
func bomb(name string, write func(io.Writer) error, vi, en string) upload {
	return upload{name, write, command.ExitRefused, fmt.Sprintf(tooLarge, vi), fmt.Sprintf(tooLargeEN, en)}
}

func bombs() []upload {
	return []upload{
		bomb("bom khoảng trắng.xlsx", workbook(map[string]change{sheet: stuff(" ", endless)}), tooLargeTag, tooLargeOne),
		bomb("bom thuộc tính.xlsx", workbook(map[string]change{sheet: stuff(`<row a="x"`, 1, ` a="x"`, endless)}), tooLargeTag, tooLargeOne),
		bomb("bom ô.xlsx", workbook(map[string]change{sheet: stuff(`<row><c t="inlineStr"><is>`, 1, "<t>xxxxxxxxxxxxxxxx</t>", endless)}), tooLargeTag, tooLargeOne),
		bomb("bom thẻ lồng nhau.xlsx", workbook(map[string]change{sheet: stuff("<x>", endless)}),
			"số thẻ XML lồng nhau trong tệp: tối đa 100", "XML tags within each other in the file: at most 100"),
		bomb("bom thẻ.xlsx", workbook(map[string]change{sheet: stuff("<x/>", endless)}), "số ô: tối đa 500.000", "the number of cells: at most 500,000"),
		bomb("bom chữ.xlsx", workbook(map[string]change{"xl/sharedStrings.xml": of("<sst>", 1, "<si><t>x</t></si>", endless)}),
			"số ô: tối đa 500.000", "the number of cells: at most 500,000"),
		bomb("bom giải nén.xlsx", workbook(map[string]change{sheet: stuff("<x/>"+strings.Repeat(" ", 10_000), endless)}),
			"cỡ tệp sau khi giải nén: tối đa 64 MB", "the size of the file when unpacked: at most 64 MB"),
		bomb("quá to.csv", times(smallCSV, endless), "cỡ tệp: tối đa 16 MB", "the size of the file: at most 16 MB"),
		refused("tỉ tiếng cười trong sổ.xlsx", workbook(map[string]change{book: laugh}), damaged, damagedEN, book),
		refused("tỉ tiếng cười trong trang.xlsx", workbook(map[string]change{sheet: laugh}), damaged, damagedEN, sheet),
	}
}

// laughs is a document type with an entity m of 4·10¹² letters.
func laughs() string {
	s := `<!DOCTYPE l [<!ENTITY a "haha">`
	for c := 'b'; c <= 'm'; c++ {
		s += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat("&"+string(c-1)+";", 10))
	}
	return s + "]>"
}

// cycles are forms whose questions depend on themselves.
func cycles() []upload {
	return []upload{
		{"vòng.csv", text("survey,,,\n,type,name,calculation\n,calculate,a,${b} + 1\n,calculate,b,${c} + 1\n,calculate,c,${a} + 1\n"), command.ExitRefused,
			"Trang “survey”, dòng 3, cột “calculation”, ô D3: Câu này phụ thuộc vào chính nó: a → b → c → a.\nBỏ một trong các tham chiếu ",
			"Sheet “survey”, row 3, column “calculation”, cell D3: "},
		{"vòng.md", text("| survey |\n| | type | name | label | relevant |\n| | text | a | A | ${a} = 1 |\n"), command.ExitRefused,
			"Trang “survey”, dòng 3, cột “relevant”: Câu này phụ thuộc vào chính nó: a → a.\nBỏ ", "Sheet “survey”, row 3, column “relevant”: "},
	}
}

// accepted are forms in spite of what is around them.
func accepted() []upload {
	return []upload{
		{"macro.xlsm", workbook(map[string]change{"xl/vbaProject.bin": of("x", 1)}), command.ExitDone,
			"Tệp có macro; macro không được chạy và không đi cùng biểu mẫu.", "The file has macros; they were not run and are no part of the form."},
		{"triệu dòng trống.xlsx", workbook(map[string]change{sheet: blankRows}), command.ExitDone, "Biểu mẫu dùng được", "The form can be used"},
		{"ảnh lớn.xlsx", workbook(map[string]change{"xl/media/image1.png": of("\x00", endless)}),
			command.ExitDone, "Biểu mẫu dùng được", "The form can be used"},
	}
}

// text is a file of that content.
func text(s string) func(io.Writer) error { return times(s, len(s)) }

// times is a file of at least n bytes of the same.
func times(s string, n int) func(io.Writer) error {
	return func(w io.Writer) error {
		block := s
		if n > 1<<20 {
			block = strings.Repeat(s, 1<<16/len(s))
		}
		for written := 0; written < n; written += len(block) {
			if _, err := io.WriteString(w, block); err != nil {
				return err
			}
		}
		return nil
	}
}

// xlsWith is a file like an .xls whose stream, instead of Workbook, is called as another program calls its own.
func xlsWith(stream string) func(io.Writer) error {
	entry := func(name string) []byte {
		e := make([]byte, 66)
		for i := range name {
			e[2*i] = name[i]
		}
		e[64] = byte(2*len(name) + 2)
		return e
	}
	return func(w io.Writer) error {
		file, err := os.ReadFile("xlsform/testdata/ho_khau.xls")
		if err != nil {
			return err
		}
		_, err = w.Write(bytes.Replace(file, entry("Workbook"), entry(stream), 1))
		return err
	}
}

// archive is a zip with one part.
func archive(name, content string) func(io.Writer) error {
	return func(w io.Writer) error {
		z := zip.NewWriter(w)
		into, err := z.Create(name)
		if err != nil {
			return err
		}
		return errors.Join(text(content)(into), z.Close())
	}
}

// The parts of a workbook that are changed.
const (
	book  = "xl/workbook.xml"
	sheet = "xl/worksheets/sheet1.xml" // the survey
)

// change writes a part of a workbook; content is what it was, "" where there was none.
type change func(w io.Writer, content string) error

// workbook is a form that is well, a built-in one, with some parts changed or added.
func workbook(changes map[string]change) func(io.Writer) error {
	return func(w io.Writer) error {
		from, err := zip.OpenReader("builtin/xlsx/blood_donation.xlsx")
		if err != nil {
			return err
		}
		defer from.Close()
		into := zip.NewWriter(w)
		into.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
		for _, f := range from.File {
			if changes[f.Name] == nil {
				err = errors.Join(err, into.Copy(f))
			}
		}
		for name, write := range changes {
			content, _ := fs.ReadFile(from, name)
			part, failed := into.Create(name)
			if failed == nil {
				failed = write(part, string(content))
			}
			err = errors.Join(err, failed)
		}
		return errors.Join(err, into.Close())
	}
}

// of writes pieces: each a text, and how many bytes of it there are to be at least.
func of(pieces ...any) change {
	return func(w io.Writer, _ string) error {
		for i := 0; i < len(pieces); i += 2 {
			if err := times(pieces[i].(string), pieces[i+1].(int))(w); err != nil {
				return err
			}
		}
		return nil
	}
}

// stuff puts such pieces before the first row.
func stuff(pieces ...any) change {
	const rows = "<sheetData>"
	return func(w io.Writer, content string) error {
		before, after, _ := strings.Cut(content, rows)
		return errors.Join(text(before+rows)(w), of(pieces...)(w, ""), text(after)(w))
	}
}

func cut(w io.Writer, content string) error { return text(content[:len(content)/2])(w) }

func laugh(w io.Writer, content string) error {
	declaration, rest, _ := strings.Cut(content, "?>")
	return text(declaration + "?>" + laughs() + strings.NewReplacer("</t>", "&m;</t>", "<sheets>", "<sheets>&m;").Replace(rest))(w)
}

// blankRows puts a million formatted rows behind the form.
func blankRows(w io.Writer, content string) error {
	before, after, _ := strings.Cut(content, "</sheetData>")
	err := text(before)(w)
	for i := 1000; i <= 1<<20 && err == nil; i++ {
		_, err = fmt.Fprintf(w, `<row r="%d"><c r="A%d" s="1"/></row>`, i, i)
	}
	return errors.Join(err, text("</sheetData>"+after)(w))
}
