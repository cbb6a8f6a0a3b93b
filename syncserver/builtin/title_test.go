package builtin

import (
	"io/fs"
	"strings"
	"testing"

	"banlang/shared/form/builtin"
	"banlang/shared/xform"
)

// titles are those of the examples, as they stand in a list.
var titles = map[string]string{
	"awareness_session":  "Buổi tuyên truyền · 12/11/2026 · Họp trực tiếp · 38 lượt người",
	"blood_donation":     "Hiến máu · 14/06/2026 · Chủ nhật đỏ · 47 lượt hiến",
	"citizen_reception":  "Tiếp công dân · 05/11/2026 · Định kỳ của lãnh đạo · 14 lượt",
	"commune_profile":    "Thông tin địa bàn · 23/05/2026 · 1.045 hộ · 3.472 nhân khẩu",
	"commune_staffing":   "Lực lượng xã · 01/11/2026 · 6 công an chính quy",
	"dialogue":           "Đối thoại · 20/10/2026 · Trưởng Công an xã · 62 người",
	"directive":          "Văn bản chỉ đạo · 15/02/2026 · 32-KH/ĐUCAT · Kế hoạch công tác dân vận năm 2026",
	"directive_followup": "Thực hiện chỉ đạo · 15/11/2026 · Tổ chức 20 buổi tuyên truyền · 65%",
	"evaluation":         "Đánh giá · quý 3/2026 · Tổ liên gia số 1 · Tốt",
	"flash_report":       "Báo cáo nhanh · 15/11/2026 22:10 · Phát hiện vật liệu nổ · Mức 2",
	"id_card_drive":      "Cấp căn cước · 01/09/2026 · Lưu động · 1.020 thẻ",
	"joint_activity":     "Hoạt động phối hợp · 10/07/2026 · Hành quân dã ngoại làm dân vận · 15 ngày",
	"joint_programme":    "Chương trình phối hợp · 01/03/2026 – 28/02/2031 · 01-CTr-BDV-CAT",
	"media_item":         "Tin, bài · 10/11/2026 · Phóng sự · Tiếng loa giao thông ở làng",
	"model":              "Mô hình · Làng tự quản về an ninh trật tự · Tự quản · Kết thúc",
	"movement_event":     "Phong trào · 19/08/2026 · Ngày hội toàn dân bảo vệ An ninh Tổ quốc · 420 người",
	"periodic_report":    "Báo cáo định kỳ · 6 tháng đầu năm 2026 · Báo cáo sáu tháng · chốt 30/06/2026",
	"petition":           "Đơn thư · 02/07/2026 · Khiếu nại · Đất đai · Đúng một phần",
	"proposal":           "Đề xuất · 01/09/2026 · Xin thêm một cán bộ biết tiếng Jrai",
	"recognition":        "Khen thưởng · 19/08/2026 · Cá nhân · Giấy khen · 45/QĐ-CAT",
	"self_mgmt_group":    "Tổ tự quản · Tổ liên gia tự quản số 12 · 31 hộ · Hoạt động",
	"tip":                "Tin báo · 11/11/2026 · Ma túy · Có giá trị",
	"training":           "Tập huấn · 14/09/2026 · Tiếng dân tộc thiểu số · 20 người",
	"venue_register":     "Địa điểm · Nhà rông làng Bôn Jứ · Làng · 118 hộ",
	"weapon_handover":    "Tiếp nhận vũ khí · 03/11/2026 · Qua vận động",
	"welfare_activity":   "Giúp dân · 10/10/2026 · Đường, thủy lợi · 60 hộ · 70,5 ngày công",
}

// withoutLists are the titles that say less on a machine that has none of the lists.
var withoutLists = map[string]string{
	"directive_followup": "Thực hiện chỉ đạo · 15/11/2026",
	"evaluation":         "Đánh giá · quý 3/2026 · Tốt",
	"periodic_report":    "Báo cáo định kỳ · 6 tháng đầu năm 2026 · chốt 30/06/2026",
}

// TestTitles: what people see of a filled-in record in a list; the same on a machine without lists, which never shows an id
// in place of a name; and of an empty record, what it is.
func TestTitles(t *testing.T) {
	all, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		s := officers.open(t, b.ID)
		empty := s.InstanceName()
		fill(t, s, b.ID)
		if got := s.InstanceName(); got != titles[b.ID] {
			t.Errorf("%s is called %q, want %q", b.ID, got, titles[b.ID])
		}
		if head, _, _ := strings.Cut(titles[b.ID], " · "); empty != head {
			t.Errorf("%s without answers is called %q, want %q", b.ID, empty, head)
		}
		env := officers.env()
		env.External = func(string) ([]byte, error) { return nil, fs.ErrNotExist }
		bare, err := mustForms(t)[b.ID].Load(s.Submission(), env)
		if err != nil {
			t.Fatal(err)
		}
		want := withoutLists[b.ID]
		if want == "" {
			want = titles[b.ID]
		}
		if got := bare.InstanceName(); got != want {
			t.Errorf("%s without lists is called %q, want %q", b.ID, got, want)
		}
	}
}

// TestFiguresInTitles: thousands are parted by dots, and decimals stand behind a comma.
func TestFiguresInTitles(t *testing.T) {
	for typed, want := range map[string]string{
		"0": "0", "7": "7", "999": "999", "1000": "1.000", "1045": "1.045", "20007": "20.007", "999999": "999.999",
		"1000000": "1.000.000", "1002003": "1.002.003", "10000000": "10.000.000",
		"0.5": "0,5", "70.25": "70,25", "1234.5": "1.234,5", "9999999.9": "9.999.999,9",
	} {
		id, path, head := "id_card_drive", "issued", "Cấp căn cước · "
		if strings.Contains(typed, ".") {
			id, path, head = "welfare_activity", "labour_days", "Giúp dân · "
		}
		s := officers.open(t, id)
		if outcome, _ := s.Answer(ref(path), xform.Text(typed)); outcome != xform.OK {
			t.Errorf("%s = %s: %v", path, typed, outcome)
		}
		if got := s.InstanceName(); !strings.HasPrefix(got, head+want+" ") {
			t.Errorf("%s is %q, want %s", typed, got, want)
		}
	}
}

// TestPeriodsInTitles: each way to write a period is said in words.
func TestPeriodsInTitles(t *testing.T) {
	for typed, want := range map[string]string{
		"2026": "năm 2026", "2026-H1": "6 tháng đầu năm 2026", "2026-H2": "6 tháng cuối năm 2026", "2026-Q4": "quý 4/2026", "2026-07": "tháng 07/2026",
	} {
		s := officers.open(t, "periodic_report")
		s.Answer(ref("period"), xform.Text(typed))
		if got := s.InstanceName(); got != "Báo cáo định kỳ · "+want {
			t.Errorf("%s is %q, want %s", typed, got, want)
		}
	}
}

// TestTitlesAreForEverybodyInTheList: what is sealed, what fewer people see, and what is not there, cannot be in a title.
func TestTitlesAreForEverybodyInTheList(t *testing.T) {
	d := &Definition{VisibleTo: "all", Questions: []*Question{
		{Name: "kin", SealedTo: "unit"}, {Name: "rieng", VisibleTo: "unit"}, {Name: "chung", VisibleTo: "all", Type: "text"},
	}}
	for part, ok := range map[string]bool{"{kin}": false, "{rieng}": false, "{khong_co}": false, "người '{chung}'": false, "{chung} người": true} {
		d.RecordTitle = []string{"Đầu", part}
		if got, err := d.instanceName(); (err == nil) != ok {
			t.Errorf("%s: %s %v", part, got, err)
		}
	}
}
