package paper

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strconv"
	"strings"
	"testing"
	"time"

	"banlang/shared/typeset/typesettest"
)

// whole is all text of a PDF without its spaces, which are lost where a line is broken.
func whole(t *testing.T, file []byte) string {
	t.Helper()
	var b strings.Builder
	for _, p := range typesettest.Read(t, file) {
		b.WriteString(p.Text)
	}
	return squeezed(b.String())
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func printed(t testing.TB, d Document) []byte {
	t.Helper()
	file, err := PDF(d)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

var vietnamese = Words{
	Language: "vi", Program: "Bản Làng", Printed: "In lúc 14:02 ngày 17/11/2026, Ksơr H'Lan",
	Page:   func(n, m int) string { return "Trang " + strconv.Itoa(n) + "/" + strconv.Itoa(m) },
	Sealed: "Nội dung niêm phong", Continued: "(tiếp theo)", NoPicture: "Ảnh chưa có trên máy này", Number: "TT", History: "Lịch sử",
}

// photograph is a JPEG with a sky and a hill.
func photograph(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(120 + 80*y/h), uint8(160 + 60*y/h), 235, 255}
			if dx := x - w/2; y*h > h*h*2/3+dx*dx*h/(3*w)-h*h/4 {
				c = color.RGBA{60, uint8(90 + x*60/w), 50, 255}
			}
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func texted(rows ...[]string) (all [][]Value) {
	for _, row := range rows {
		var values []Value
		for _, cell := range row {
			values = append(values, Value{Text: cell})
		}
		all = append(all, values)
	}
	return all
}

const story = `Buổi tuyên truyền được tổ chức tại nhà rông làng Ơp, xã Ia Mơ Nông, sau lễ cúng bến nước. Già làng Rơ Châm Bơ̆r mở đầu bằng tiếng Jrai, sau đó cán bộ trình bày về phòng cháy, chữa cháy rừng trong mùa khô và việc giao nộp súng tự chế.
Bà con hỏi nhiều về thủ tục cấp đổi căn cước cho người cao tuổi không đi lại được; tổ công tác hẹn trở lại ngày 24/11/2026 để làm tại nhà. Có bảy ý kiến về đường vào rẫy bị sạt lở sau bão, đã ghi nhận và chuyển Ủy ban nhân dân xã.

Đề nghị cấp trên hỗ trợ thêm tài liệu bằng tiếng Jrai và tiếng Bahnar (Bơhnar): hiện chỉ còn 12 bản, nhiều chữ như č, ñ, ƀ, ê̆, ơ̆, ư̆ in chưa rõ.`

// record is long, and looks like one of those that are printed.
func record(t testing.TB) Document {
	t.Helper()
	return Document{
		Title:    "Buổi tuyên truyền",
		Subtitle: []string{"Số 24-1271", "Công an xã Ia Mơ Nông, huyện Chư Păh, tỉnh Gia Lai", "Ngày diễn ra: 16/11/2026 · Trạng thái: đã gửi, có biên nhận lúc 14:02"},
		Made:     time.Date(2026, 11, 17, 14, 2, 0, 0, time.UTC),
		Words:    vietnamese,
		Sections: []Section{
			{Heading: "Buổi làm việc", Blocks: []Block{
				Field{"Ngày diễn ra", Value{Text: "16/11/2026"}},
				Field{"Hình thức", Value{Text: "Tập trung tại làng"}},
				Field{"Địa điểm", Value{Text: "Nhà rông làng Ơp (Plei Ơ̆p)"}},
				Field{"Tọa độ", Value{Text: "14,0583 108,2772 (±6 m)"}},
				Field{"Nội dung", Value{Text: "Phòng cháy, chữa cháy rừng; vũ khí, vật liệu nổ; cư trú, căn cước; an toàn giao thông; lừa đảo trên mạng"}},
				Field{"Ngôn ngữ sử dụng", Value{Text: "Jrai, Việt"}},
				Field{"Thời lượng (phút)", Value{Text: "95"}},
				Field{"Số lượt người tham dự", Value{Text: "1.138"}},
				Field{"Số người cao hơn 3 lần mức thường thấy ở địa điểm này. Hãy kiểm tra lại con số.", Value{Text: "Đã kiểm tra: có thêm bà con hai làng bên"}},
				Field{"Đơn vị phối hợp", Value{}},
				Field{"Diễn biến", Value{Text: story}},
			}},
			{Heading: "Người dân", Blocks: []Block{
				Field{"Người gửi đơn", Value{Text: "BÍ MẬT: Siu Blơ̆", Sealed: true}},
				Repeat{Label: "Danh mục giao nộp", Columns: []string{"Loại vũ khí, vật liệu", "Số lượng", "Tình trạng"}, Rows: texted(
					[]string{"Súng tự chế", "2 khẩu", "Còn dùng được"}, []string{"Súng kíp", "1 khẩu", "Hỏng cò, nòng gỉ; chủ cũ nói đã cất trên gác bếp từ năm 1998"},
					[]string{"Đạn các loại", "37 viên", ""}, []string{"Thuốc nổ", "1,5 kg", "Ẩm, cần xử lý khẩn cấp"})},
				Repeat{Label: "Ý kiến", Columns: []string{"Nội dung ý kiến, câu hỏi", "Người trả lời", "Cách trả lời", "Kết quả", "Hẹn ngày", "Ghi chú của tổ công tác", "Cơ quan theo dõi"}, Rows: texted(
					[]string{"Đường vào rẫy bị sạt lở, xe máy cày không qua được, mùa cà phê đã đến.", "Trung úy Nguyễn Thị Thùy Dương", "Trả lời tại chỗ", "Ghi nhận, chuyển Ủy ban nhân dân xã", "24/11/2026", story, "Ủy ban nhân dân xã"},
					[]string{"Cấp đổi căn cước cho người già.", "Đại úy Ksơr H'Lan", "Hẹn làm tại nhà", "", "24/11/2026", "", "Công an xã"})},
				Group{Heading: "Cơ quan chủ trì", Blocks: []Block{
					Field{"Tên", Value{Text: "Công an xã Ia Mơ Nông"}}, Field{"Điện thoại", Value{Text: "0269 3 000 000"}}}},
			}},
			{Heading: "Ảnh minh chứng", Blocks: []Block{Pictures{Label: "Ảnh", Pictures: []Picture{
				{photograph(t, 256, 192), "Nhà rông làng Ơp trước giờ bắt đầu"}, {photograph(t, 192, 256), "Già làng Rơ Châm Bơ̆r"}, {nil, "Chưa về đến máy này"}, {photograph(t, 256, 144), ""}}}}},
		},
		History: []Event{
			{"16/11/2026 16:40", "Ksơr H'Lan", "Ghi mới trên máy 24"},
			{"16/11/2026 19:05", "Ksơr H'Lan", "Sửa Số lượt người tham dự: 138 thành 1.138; Ghi chú"},
			{"17/11/2026 08:12", "Nguyễn Thị Thùy Dương", "Xem xét: chấp nhận"},
		},
	}
}
