package command_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/command"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/typeset/typesettest"
)

// developed are photos of a machine that is made after them.
type developed struct{ app.Photos }

// desk is an officer before a notebook, with the camera of the program and a folder of pictures.
func desk(t *testing.T) (*apptest.Village, *apptest.Machine, *apptest.Camera) {
	t.Helper()
	v, photos := apptest.NewVillage(t), &developed{}
	v.Photos = photos
	m := v.NewMachine(24)
	photos.Photos = command.NewCamera(m.Book)
	m.Start().SignIn("Phan Quốc Điềm")
	m.PublishKeys(declared.Unit, declared.Custodian)
	return v, m, apptest.NewCamera(t, "nha-rong.jpg", "cau.jpg")
}

// taken is the name of a picture that was taken in.
func taken(t *testing.T, m *apptest.Machine, c *apptest.Camera, name string) string {
	t.Helper()
	in, err := command.NewCamera(m.Book).Import(t.Context(), c.File(name))
	if err != nil {
		t.Fatal(err)
	}
	return in.Name
}

// elsewhere names a picture that no machine here has.
var elsewhere = "b2-" + strings.Repeat("ab", 32) + "-1000.jpg"

// paper is what a record looks like when it is printed.
type paper struct {
	file   []byte
	pieces []typesettest.Piece
}

// printed prints a record as the officer does. The file is left in the folder PAPER_OUT, where there is one, to be looked at.
func printed(t *testing.T, m *apptest.Machine, rec record.Dot) paper {
	t.Helper()
	m.App.ShowRecord(rec)
	m.Settle()
	before := len(m.Printed)
	m.App.Print()
	m.Settle()
	if len(m.Printed) != before+1 {
		t.Fatalf("nothing was printed: %+v", m.App.Toast())
	}
	s := m.Printed[before]
	file, err := command.PDF(s, m.V.Wall().Time())
	if err != nil {
		t.Fatal(err)
	}
	if at := os.Getenv("PAPER_OUT"); at != "" {
		if err := os.WriteFile(filepath.Join(at, s.File+".pdf"), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return paper{file, typesettest.Read(t, file)}
}

// find is where a text stands.
func (p paper) find(t *testing.T, text string) typesettest.Piece {
	t.Helper()
	i := slices.IndexFunc(p.pieces, func(x typesettest.Piece) bool { return x.Text == text })
	if i < 0 {
		t.Fatalf("%q is not there: %v", text, p.pieces)
	}
	return p.pieces[i]
}

// beside are the texts that stand on the line of one, from left to right.
func (p paper) beside(t *testing.T, text string) string {
	t.Helper()
	at := p.find(t, text)
	var line []typesettest.Piece
	for _, x := range p.pieces {
		if x.Page == at.Page && math.Abs(x.Y-at.Y) < 0.6 { // labels are smaller than answers
			line = append(line, x)
		}
	}
	slices.SortStableFunc(line, func(a, b typesettest.Piece) int { return int(math.Copysign(1, a.X-b.X)) })
	var texts []string
	for _, x := range line {
		texts = append(texts, x.Text)
	}
	return strings.Join(texts, " | ")
}

// A repeat is a table: what the rows call a question in common names the column, the rest stands behind the answer.
func TestTheRowsOfARecordArePrintedAsATable(t *testing.T) {
	_, m, _ := desk(t)
	p := printed(t, m, m.Write("diem.pq.24", "weapon_handover", map[string]string{"occurred_on": "2026-11-12", "receipt_no": "07/BB", "how": "van_dong",
		"items/+1/kind": "round", "items/+1/quantity": "3089", "items/+1/condition": "con_su_dung", "items/+2/kind": "gun_hunting", "items/+2/quantity": "2",
		"danger": "false", "custody_place": "kho_don_vi", "person_consent": "true", "person": "Rơ Châm Phyin", "note": "Giao tại làng"}))
	for _, c := range []struct{ at, want string }{
		{"TT", "TT | Loại vũ khí, vật liệu | Số lượng | Tình trạng"},
		{"Đạn", "1 | Đạn | 3.089 viên | Còn sử dụng được"},
		{"Súng săn, tự chế", "2 | Súng săn, tự chế | 2 khẩu | –"},
		{"Số biên bản", "Số biên bản | 07/BB"},
		{"Người giao nộp", "Người giao nộp | (đã niêm phong)"},
		{"Phan Quốc Điềm", "17/11/2026 09:41 | Phan Quốc Điềm | tạo bản ghi · máy 24 · chưa có biên nhận"}, // nobody is "you" on paper
	} {
		if got := p.beside(t, c.at); got != c.want {
			t.Errorf("%q stands in the line %q, want %q", c.at, got, c.want)
		}
	}
	head, first, last := p.find(t, "Danh mục giao nộp"), p.find(t, "Đạn"), p.find(t, "Cần xử lý khẩn cấp")
	if head.Y >= first.Y || first.Y >= last.Y || p.find(t, "Hình thức giao nộp").Y >= head.Y {
		t.Error("the table does not stand where the form asks for it")
	}
	for _, x := range p.pieces {
		if strings.Contains(x.Text, "Phyin") || strings.Contains(x.Text, "age-") {
			t.Errorf("a sealed answer is said: %q", x.Text)
		}
	}
}

// What is on this machine is printed small, once; of what is not, the frame says so.
func TestThePicturesOfARecordArePrinted(t *testing.T) {
	_, m, c := desk(t)
	photo := taken(t, m, c, "nha-rong.jpg")
	thumb, err := command.NewCamera(m.Book).Thumb(t.Context(), photo)
	if err != nil {
		t.Fatal(err)
	}
	session := func(photo string) record.Dot {
		return m.Write("diem.pq.24", "awareness_session", map[string]string{"occurred_on": "2026-11-16", "method": "truc_tiep", "participants_total": "138", "photo": photo, "note": "Xong."})
	}
	p := printed(t, m, session(photo))
	if bytes.Count(p.file, thumb.JPEG) != 1 || p.beside(t, "Ảnh minh chứng") != "Ảnh minh chứng" {
		t.Error("the picture is not on the paper")
	}
	if room := p.find(t, "Xong.").Y - p.find(t, "Ảnh minh chứng").Y; room < 35 {
		t.Errorf("the picture has %.0f mm", room)
	}
	for _, x := range p.pieces {
		if strings.Contains(x.Text, "b2-") {
			t.Errorf("the paper says %q", x.Text)
		}
	}
	p = printed(t, m, session(elsewhere))
	if frame, label := p.find(t, "Ảnh chưa có trên máy này"), p.find(t, "Ảnh minh chứng"); frame.Y <= label.Y || frame.Y > label.Y+10 {
		t.Errorf("the frame is at %+v, its name at %+v", frame, label)
	}
	if bytes.Contains(p.file, []byte("/Subtype /Image")) {
		t.Error("a picture that is not here is there")
	}
}

// A form of every kind: groups under their headings, rows with rows of their own, and pictures of rows below their table.
func TestGroupsAndRowsWithinRowsArePrintedUnderTheirNames(t *testing.T) {
	_, m, c := desk(t)
	form := apptest.Every("2")
	form.XML = strings.NewReplacer("<age/>", "<age/><face/>",
		`<bind nodeset="/data/team/member/age" type="int"/>`, `<bind nodeset="/data/team/member/age" type="int"/><bind nodeset="/data/team/member/face" type="binary"/>`,
		`<label>Tuổi</label></input>`, `<label>Tuổi</label></input><upload ref="/data/team/member/face" mediatype="image/*"><label>Chân dung</label></upload>`).Replace(form.XML)
	m.Publish(form)
	photo, other := taken(t, m, c, "nha-rong.jpg"), taken(t, m, c, "cau.jpg")
	p := printed(t, m, m.Write("diem.pq.24", "every", map[string]string{"place/day": "2026-11-16", "place/geo": "14.0583 108.2772 0 6", "count/people": "38",
		"sure": "1", "photo": photo, "team/+1/name": "Tổ dân phố 3", "team/+2/name": "Tổ dân phố 5", "team/+1/member/+1/name": "Siu Blơi",
		"team/+1/member/+1/age": "34", "team/+1/member/+1/face": other, "team/+1/member/+2/name": "Rơ Châm H'Yin", "team/+1/member/+2/face": elsewhere}))
	for _, c := range []struct{ at, want string }{
		{"Nơi và lúc", "Nơi và lúc"}, {"Tọa độ", "Tọa độ | 14,0583 108,2772 (±6 m)"}, {"Gấp đôi", "Gấp đôi | 76"},
		{"Tên tổ", "Tên tổ | Tổ dân phố 3"}, {"TT", "TT | Tên người | Tuổi"}, {"Siu Blơi", "1 | Siu Blơi | 34"}, {"Rơ Châm H'Yin", "2 | Rơ Châm H'Yin | –"},
	} {
		if got := p.beside(t, c.at); got != c.want {
			t.Errorf("%q stands in the line %q, want %q", c.at, got, c.want)
		}
	}
	var order []string
	for _, text := range []string{"Nơi và lúc", "Số lượng", "Chắc chắn", "Tổ 1", "Người", "Siu Blơi", "Ảnh chưa có trên máy này", "Tổ 2", "Tổ dân phố 5"} {
		if at := p.find(t, text); len(order) > 0 && slices.Index(p.pieces, at) < slices.Index(p.pieces, p.find(t, order[len(order)-1])) {
			t.Errorf("%q stands above %q", text, order[len(order)-1])
		}
		order = append(order, text)
	}
	if p.find(t, "Người").X <= p.find(t, "Tổ 1").X {
		t.Error("what is in a row is not set in")
	}
	if one, two := p.find(t, "Người, dòng 1: Chân dung"), p.find(t, "Người, dòng 2: Chân dung"); one.Page != two.Page || one.X >= two.X || two.Y-one.Y > 10 {
		t.Errorf("the pictures of the rows are named at %+v and %+v", one, two)
	}
	if n := bytes.Count(p.file, []byte("/Subtype /Image")); n != 2 {
		t.Errorf("%d pictures are in the file", n)
	}
}
