// Package exporttest owns the documents and tables by which the writers of export are tried: a report of six months as an
// office writes it, words that no writer may stumble over, and every letter of Vietnamese.
package exporttest

import (
	"fmt"
	"iter"
	"runtime"
	"strings"
	"time"

	"banlang/shared/viet"
	"banlang/syncserver/export"
)

// Made is when everything here was made.
var Made = time.Date(2026, 7, 2, 9, 30, 0, 0, viet.Zone)

// figures are those of the report: an indicator, its unit, this period and the one before.
var figures = []struct {
	group, words, unit string
	now, before        int64
}{
	{"A. Tuyên truyền, vận động", "Số buổi tuyên truyền", "buổi", 2412, 2397},
	{"", "Số điểm tổ chức (cơ quan, trường học, thôn, làng, tổ dân phố)", "điểm", 1287, 1279},
	{"", "Số lượt người tham dự", "lượt người", 131846, 130105},
	{"", "Buổi tuyên truyền bằng xe loa", "lượt", 312, 288},
	{"", "Tin, bài, phóng sự đã đăng", "tin, bài", 164, 171},
	{"B. Phong trào toàn dân bảo vệ an ninh Tổ quốc", "Tin báo có giá trị", "tin", 596, 588},
	{"", "Tổ liên gia tự quản đang hoạt động", "tổ", 1034, 1021},
	{"", "Hộ tham gia tổ tự quản", "hộ", 30120, 29877},
	{"", "Mô hình còn hoạt động", "mô hình", 97, 95},
	{"", "Người được giáo dục, cảm hóa tại cộng đồng", "người", 208, 214},
	{"C. Vận động giao nộp vũ khí, vật liệu nổ", "Súng các loại", "khẩu", 153, 148},
	{"", "Đạn các loại", "viên", 3089, 2964},
	{"", "Lựu đạn", "quả", 32, 30},
	{"", "Vũ khí thô sơ", "cái", 428, 401},
	{"", "Công cụ hỗ trợ", "cái", 355, 340},
	{"D. Tiếp công dân, đơn thư", "Đơn đã tiếp nhận", "đơn", 18990, 18204},
	{"", "Đơn thuộc thẩm quyền phải giải quyết", "đơn", 8574, 8320},
	{"", "Đơn đã giải quyết", "đơn", 8328, 7994},
	{"Đ. Công tác an sinh", "Suất quà đã trao", "suất", 4310, 4296},
	{"", "Căn cước cấp lưu động tại thôn, làng", "thẻ", 25117, 19840},
}

// Report is the report of six months of a province: twenty indicators, a unit that is missing, shares with their bases. It is
// issued if wanted, and otherwise a draft.
func Report(issued bool) export.Document {
	d := export.Document{
		Lang: "vi", Superior: "CÔNG AN TỈNH SƠN LĨNH", Issuer: "PHÒNG TỔNG HỢP", Symbol: "BC-TH", Place: "Sơn Lĩnh", Month: "2026-07",
		Kind: "BÁO CÁO", Subject: "Kết quả công tác dân vận 6 tháng đầu năm 2026",
		Basis:   "Số liệu tính từ ngày 01/01/2026 đến hết ngày 30/6/2026, theo ngày diễn ra, chốt lúc 17:00 ngày 01/7/2026; tổng hợp từ 96/97 đơn vị.",
		Missing: []export.Missing{{Unit: "xã Ia Mlăng", What: "thiếu 8 lần ghi"}},
		Body: []export.Block{
			export.Heading{Level: 1, Words: "TÌNH HÌNH CHỈ ĐẠO, TRIỂN KHAI"},
			export.Paragraph{Text: export.Words("Công an tỉnh ban hành 01 kế hoạch, 02 công văn; 96/97 xã đã nhận trên máy, 91 chỉ huy đã đọc. Các đơn vị đã cụ thể hóa thành chương trình công tác, phân công cán bộ phụ trách từng thôn, làng; duy trì giao ban hằng tháng với Mặt trận và các đoàn thể cùng cấp.")},
			export.Heading{Level: 1, Words: "KẾT QUẢ"},
			export.Heading{Level: 2, Words: "Các chỉ tiêu chính"},
			export.Paragraph{Text: export.Text{
				{Words: "Trong kỳ đã tổ chức "}, {Words: "2.412 buổi tuyên truyền", Bold: true},
				{Words: " với 131.846 lượt người tham dự", Note: "Một người dự nhiều buổi được tính nhiều lượt. Tính từ 2.412 bản ghi “Buổi tuyên truyền” của 96 đơn vị."},
				{Words: "; chi tiết ở Bảng 1."},
			}},
			indicators(),
			export.Heading{Level: 2, Words: "Tỷ lệ giải quyết đơn"},
			ratios(),
			export.Heading{Level: 1, Words: "TỒN TẠI, HẠN CHẾ"},
			export.Bullets{Items: []export.Text{
				export.Words("Còn 23 thôn, làng quá 30 ngày chưa có buổi tuyên truyền; 03 làng thuộc xã mất liên lạc."),
				export.Words("Một số bản ghi đến sau hạn chốt; được đưa vào mục bổ sung của kỳ sau, không sửa số đã chốt."),
			}},
			export.Heading{Level: 1, Words: "PHƯƠNG HƯỚNG"},
			export.Heading{Level: 3, Words: "Nhiệm vụ trọng tâm"},
			export.Paragraph{Text: export.Words("Tiếp tục củng cố các tổ tự quản tại các làng Đê Ktŭ, Plei Bơ̆r; nắm chắc tình hình, giải quyết dứt điểm đơn thư ngay từ cơ sở.")},
		},
		Signature:  export.Signature{Authority: "KT. TRƯỞNG PHÒNG", Position: "PHÓ TRƯỞNG PHÒNG", Name: "Trịnh Hải Đường"},
		Recipients: []string{"Giám đốc (để báo cáo)", "Công an các xã"}, Archive: "VT, TH",
		Made: Made,
	}
	if issued {
		d.Issued = &export.Issue{Number: 7, Date: "2026-07-02"}
	} else {
		d.Body = append(d.Body, export.Paragraph{Text: export.Text{{Words: "[Người viết nhập: nhiệm vụ trọng tâm 6 tháng cuối năm]", Open: true}}})
	}
	return d
}

func indicators() export.Table {
	t := export.Table{
		Title:   "Bảng 1. Các chỉ tiêu 6 tháng đầu năm 2026",
		Columns: []export.TableColumn{{Title: "TT", Number: true}, {Title: "Chỉ tiêu"}, {Title: "Đơn vị"}, {Title: "Kỳ này", Number: true}, {Title: "Kỳ trước", Number: true}, {Title: "So sánh", Number: true}},
		Notes:   []string{"Kỳ trước: từ ngày 01/7/2025 đến hết ngày 31/12/2025.", "Xã Ia Mlăng chưa đủ số liệu; các số trên có thể tăng."},
	}
	for i, f := range figures {
		if f.group != "" {
			t.Rows = append(t.Rows, export.Row{Kind: export.Group, Cells: []export.Text{export.Words(f.group)}})
		}
		change, _ := viet.Hundredths(max(f.now-f.before, f.before-f.now), f.before)
		sign := "+"
		if f.now < f.before {
			sign = "-"
		}
		t.Rows = append(t.Rows, export.Row{Cells: []export.Text{
			export.Words(fmt.Sprint(i + 1)), export.Words(f.words), export.Words(f.unit),
			export.Words(viet.Int(f.now)), export.Words(viet.Int(f.before)), export.Words(sign + viet.Fixed(change, 2) + " %"),
		}})
	}
	return t
}

func ratios() export.Table {
	cell := func(part, whole int64) export.Text {
		return export.Words(viet.Int(part) + "/" + viet.Int(whole) + " = " + viet.Percent(part, whole))
	}
	row := func(kind export.RowKind, words string, a, b, c, d int64) export.Row {
		return export.Row{Kind: kind, Cells: []export.Text{export.Words(words), cell(a, b), cell(c, d)}}
	}
	return export.Table{
		Title: "Bảng 2. Đơn đã giải quyết trên đơn phải giải quyết", Unit: "đơn",
		Columns: []export.TableColumn{{Title: "Khối"}, {Title: "Kỳ này", Number: true}, {Title: "Kỳ trước", Number: true}},
		Rows: []export.Row{
			row(export.Plain, "Công an các xã", 6318, 6500, 6010, 6240),
			row(export.Plain, "Các phòng nghiệp vụ", 2010, 2074, 1984, 2080),
			row(export.Total, "Toàn tỉnh", 8328, 8574, 7994, 8320),
		},
	}
}

// Letters are all letters of Vietnamese with all their tones, small and large, and those of Jrai and Bahnar.
func Letters() string {
	var b strings.Builder
	for _, vowel := range "aăâeêioôơuưy" {
		for _, tone := range []string{"", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"} {
			b.WriteString(viet.NFC(string(vowel)+tone) + " ")
		}
	}
	b.WriteString("b c d đ g h k l m n p q r s t v x ĕ ĭ ŏ ŭ č ñ")
	return b.String() + " " + strings.ToUpper(b.String())
}

// Hostile are words that a writer may stumble over.
func Hostile() []string {
	return []string{
		"a\x00b\x01c\x1b[31m\x7f\u0085d", "\xff\xfe không phải UTF-8 \xc3", "một dòng\r\nhai dòng\rba dòng\n\n", "\u202Egnp.exe\u202C \u2066ẩn\u2069 \u200Fא\u200E",
		strings.Repeat("dài", 100), "</w:t></w:r>&amp;<script>alert(1)</script>]]>", "\"; DROP TABLE; --",
		"=1+1", "+84912345678", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "a;=1+1", " =HYPERLINK(\"http://x\")", "＝1+1", "_x0041_ _x005F_", "'", "", " ", "😀 U+1F600 \U0010FFFF \uFFFF",
		"=cmd|' /C calc'!A0", "x\n=1", "-5,5", "-", strings.Repeat(" ", 50) + "x",
	}
}

// Long are words of ten thousand letters, and one word that is longer than some lines.
func Long() []string {
	return []string{strings.Repeat("Một ô có mười nghìn chữ. ", 400), strings.Repeat("dài", 600)}
}

// Rows are made-up rows of a sheet like Sheet's, as many as wanted, in one slice that is used again.
func Rows(n int) iter.Seq2[[]export.Cell, error] {
	return func(yield func([]export.Cell, error) bool) {
		row := make([]export.Cell, 7)
		var days []string
		for day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); len(days) < 181; day = day.AddDate(0, 0, 1) {
			days = append(days, day.Format(time.DateOnly))
		}
		for i := range n {
			row[0] = export.Word(fmt.Sprintf("52.%03d.%02d", i%997, i%31))
			row[1] = export.Word("Làng Đê Ktŭ, xã Ia Mlăng, buổi thứ " + viet.Int(int64(i)))
			row[2] = export.Day(days[i%len(days)])
			row[3] = export.Number(int64(i%40) - 3)
			row[4] = export.Number(int64(i%40) + 20)
			row[6] = export.Number(int64(i)*1250 - 4500)
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Sheet is a table with a column of every kind, and so many rows.
func Sheet(n int) export.Sheet {
	return export.Sheet{
		Lang: "vi", Title: "Buổi tuyên truyền theo xã", Made: Made, Rows: Rows(n),
		Columns: []export.Column{
			{Key: "unit", Title: "Mã đơn vị", Width: 14}, {Key: "name", Title: "Tên", Width: 46}, {Key: "day", Title: "Ngày", Kind: export.Date},
			{Key: "done", Title: "Đã giải quyết", Kind: export.Integer}, {Key: "due", Title: "Phải giải quyết", Kind: export.Integer},
			{Key: "rate", Title: "Tỷ lệ", Kind: export.Percent, Part: 3, Whole: 4}, {Key: "mass", Title: "Khối lượng (kg)", Kind: export.Decimal, Scale: 3, Places: 2},
		},
		Basis: []export.Fact{{Label: "Kỳ", Value: "01/01/2026 – 30/06/2026"}, {Label: "Nơi", Value: "Tỉnh Sơn Lĩnh"}, {Label: "Đơn vị chưa đủ", Value: "xã Ia Mlăng (thiếu 8 lần ghi)"}},
	}
}

// Measured gives the rows, and after every 50.000 of them notes in peak how much memory is alive, if that is more than it says.
func Measured(rows iter.Seq2[[]export.Cell, error], peak *uint64) iter.Seq2[[]export.Cell, error] {
	return func(yield func([]export.Cell, error) bool) {
		n := 0
		for row, err := range rows {
			if n++; n%50_000 == 0 {
				*peak = max(*peak, Alive())
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Alive is how much memory is in use, in bytes, once what is not has been collected.
func Alive() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Everywhere is a document with these words in every place that takes words, and a footnote on each.
func Everywhere(words string) export.Document {
	text := export.Text{{Words: words, Bold: true, Note: words}, {Words: words, Italic: true, Underline: true}, {Words: words, Open: true}}
	return export.Document{
		Superior: words, Issuer: words, Symbol: words, Place: words, Kind: words, Subject: words, Basis: words, Missing: []export.Missing{{Unit: words, What: words}},
		Body: []export.Block{
			export.Heading{Level: 1, Words: words}, export.Heading{Level: 3, Words: words}, export.Paragraph{Text: text}, export.Bullets{Items: []export.Text{text, text}},
			export.Table{Title: words, Unit: words, Columns: []export.TableColumn{{Title: words}, {Title: words, Number: true}}, Notes: []string{words},
				Rows: []export.Row{{Kind: export.Group, Cells: []export.Text{text}}, {Cells: []export.Text{text, text}}, {Kind: export.Total, Cells: []export.Text{text, text}}}},
		},
		Signature: export.Signature{Authority: words, Position: words, Name: words}, Recipients: []string{words}, Archive: words,
	}
}
