package madeup

import (
	"cmp"
	"strings"
)

// bank is a store of invented names in the manner of one region. Words are
// chosen so that no combination is a commune of the real register; a test looks.
type bank struct {
	kind   string   // of units, before their names; "" is Xã
	heads  []string // of communes
	tails  []string
	places []string // heads of villages, with their kind in front
}

// commune gives the i-th name; the first len(heads)·len(tails) differ.
func (b bank) commune(i int) string {
	n := len(b.tails)
	return cmp.Or(b.kind, "Xã") + " " + b.heads[(i%n+i/n)%len(b.heads)] + " " + b.tails[i%n]
}

// village gives the i-th village of a commune, with the kind of place it is;
// the first len(places)·len(tails) differ. Start differs between communes.
func (b bank) village(start, i int) (kind, name string) {
	n := len(b.tails)
	place := b.places[(i%n+i/n)%len(b.places)]
	name = place + " " + b.tails[(start+i)%n]
	if place[:1] == "t" {
		return "thon", name
	}
	return "lang", name
}

var (
	highland = bank{
		heads: []string{"Ia Rơ", "Đăk Nhơ", "Chư Blơ", "Kon Sơ"},
		tails: []string{
			"Nuêng", "Trĩu", "Rơng", "Kmông", "Hyao", "Blút", "Sươr", "Drơi", "Ktiêu", "Mrăng", "Păng", "Lơk", "Hnhông",
			"Tơnêr", "Yuk", "Chrôm", "Glêh", "Siêm", "Ngao", "Kôn",
		},
		places: []string{"làng Đê", "làng Plei", "thôn Suối", "làng Kon", "làng Bôn"},
	}
	northern = bank{
		heads: []string{"Nậm Khâu", "Huổi Sen", "Mường Ngàn"},
		tails: []string{
			"Mây", "Sương", "Nương", "Khoang", "Thác", "Lau", "Trám", "Vầu", "Bưởi", "Gạo", "Nghiến", "Lát", "Chò", "Móc", "Dâu",
		},
		places: []string{"làng Bản", "thôn Đồng", "thôn Suối", "thôn Đồi"},
	}
	single = bank{
		heads:  []string{"Khe Sim"},
		tails:  []string{"Thượng", "Trung", "Hạ", "Đông", "Tây", "Nam", "Bắc", "Ngoài"},
		places: []string{"thôn Sim", "thôn Bến", "thôn Rẫy"},
	}
	foothill = bank{
		heads: []string{"Tà Rông", "Pà Hia", "Khe Lưng"},
		tails: []string{
			"Hoa", "Suối", "Đá", "Ngọn", "Lá", "Mận", "Lê", "Đào", "Quế", "Hồi", "Giổi", "Sến", "Lim", "Trầm",
		},
		places: []string{"thôn Khe", "làng Bản", "thôn Dốc", "thôn Cầu"},
	}
	army = bank{
		kind:   "Đơn vị",
		heads:  []string{"Đồi Thông"},
		tails:  []string{"Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám"},
		places: []string{"thôn Doanh", "làng Trại", "thôn Gác"},
	}
)

// institution is a place of work, school or trade.
type institution struct{ kind, name string }

// institutions gives those that every commune has; name is "Xã …" or "Đơn vị …".
func institutions(name string) []institution {
	commune := strings.Replace(name, "Xã", "xã", 1)
	return []institution{
		{"co_quan", "UBND " + commune},
		{"truong_hoc", "Trường Tiểu học Hoa Pơ Lang"},
		{"truong_hoc", "Trường THCS " + commune},
		{"cho", "Chợ trung tâm " + commune},
		{"truong_hoc", "Trường Mầm non Hoa Dã Quỳ"},
		{"co_quan", "Trạm Y tế " + commune},
		{"doanh_nghiep", "Hợp tác xã cà phê Đồi Nắng"},
		{"to_dan_pho", "Tổ dân phố 1"},
		{"truong_hoc", "Trường Tiểu học Suối Trong"},
		{"co_quan", "Điểm bưu điện văn hóa " + commune},
		{"to_dan_pho", "Tổ dân phố 2"},
		{"doanh_nghiep", "Nông trường chè Sương Sớm"},
	}
}

// remarks are what officers note. None speaks of a person.
var remarks = map[string][]string{
	"awareness_session": {
		"Trời mưa, bắt đầu muộn 20 phút.",
		"Bà con hỏi nhiều về thủ tục căn cước và tạm trú.",
		"Loa của nhà rông hỏng, phải nói không micrô.",
		"Già làng đề nghị tổ chức thêm một buổi vào mùa nông nhàn.",
		"Lồng ghép với buổi họp làng về làm đường.",
		"Đường vào làng lầy, đến bằng xe máy.",
		"Phát hết tờ rơi, còn thiếu bản tiếng Jrai.",
		"Học sinh diễn tiểu phẩm, không khí sôi nổi.",
	},
	"tip": {
		"Đã ghi sổ và phân công xác minh.",
		"Tin trùng với tin nhận tuần trước, vẫn ghi.",
		"Nhận tại buổi họp làng, không hỏi nguồn.",
		"Đã nhắc tổ tự quản theo dõi địa bàn.",
	},
	"petition": {
		"Hồ sơ đủ, đã vào sổ.",
		"Đã hẹn ngày trả lời.",
		"Chờ bản đồ địa chính của cấp trên.",
		"Đã chuyển kèm phiếu chuyển.",
	},
	"weapon_handover": {
		"Nhận sau buổi tuyên truyền tại thôn.",
		"Phát hiện khi làm rẫy, đã khoanh vùng.",
		"Đã cân, đếm trước hai người chứng kiến.",
	},
}
