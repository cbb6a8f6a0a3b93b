package form

// The types that begin with a citizen: tips, petitions, weapons handed in. None
// of them says who the citizen was.

// tip leaves out the content and the source, which are sealed texts, and the
// receipt code, which needs the keyed hash (decisions 20 and 21). An area is
// never finer than a village.
func tip() *Form {
	return &Form{
		ID: "tip", Version: 1, Compartment: Tips, EventDate: "occurred_on",
		Label: Text{"Tin báo của nhân dân", "Tip from the public"},
		Fields: []Field{
			occurredOn(Text{"Ngày nhận tin", "Received on"}),
			{Key: "channel", Type: TypeChoice, Required: true, Label: Text{"Kênh tiếp nhận", "Channel"}, Options: []Option{
				option("truc_tiep", "Trực tiếp", "In person"),
				option("dien_thoai", "Điện thoại", "Telephone"),
				option("hom_thu", "Hòm thư tố giác", "Tip box"),
				option("hop_dan", "Họp dân", "Village meeting"),
				option("vneid", "VNeID, trực tuyến", "VNeID, online"),
				option("to_tu_quan", "Qua tổ tự quản", "Through a self-management group"),
			}},
			{Key: "category", Type: TypeChoice, Required: true, Label: Text{"Lĩnh vực", "Category"}, Options: []Option{
				option("toi_pham", "Tội phạm", "Crime"),
				option("ma_tuy", "Ma túy", "Drugs"),
				option("te_nan", "Tệ nạn xã hội", "Social evils"),
				option("giao_thong", "Giao thông", "Traffic"),
				option("chay_no", "Cháy nổ", "Fire or explosion"),
				option("vu_khi", "Vũ khí, vật liệu nổ", "Weapons or explosives"),
				option("moi_truong", "Môi trường", "Environment"),
				option("antt_khac", "An ninh trật tự khác", "Other security and order"),
			}},
			{Key: "urgency", Type: TypeChoice, Required: true, Label: Text{"Mức độ khẩn", "Urgency"}, Options: []Option{
				option("thuong", "Thường", "Normal"),
				option("khan", "Khẩn", "Urgent"),
				option("hoa_toc", "Hỏa tốc", "Most urgent"),
			}},
			{Key: "area", Type: TypeVenue, Required: true, Label: Text{"Khu vực (thôn)", "Area (village)"}},
			{Key: "assessed_value", Type: TypeChoice, Label: Text{"Đánh giá", "Assessment"}, Options: []Option{
				option("co_gia_tri", "Có giá trị", "Valuable"),
				option("khong", "Không có giá trị", "Not valuable"),
				option("chua_ro", "Chưa rõ", "Unclear"),
			}},
			{Key: "assessed_on", Type: TypeDate, Label: Text{"Ngày đánh giá", "Assessed on"}},
			{Key: "outcome", Type: TypeChoice, Label: Text{"Kết quả", "Outcome"}, Options: []Option{
				option("dang_xac_minh", "Đang xác minh", "Being verified"),
				option("giai_quyet", "Đã giải quyết tại cơ sở", "Settled locally"),
				option("chuyen", "Đã chuyển đơn vị có thẩm quyền", "Passed to the competent unit"),
				option("phong_ngua", "Đã ngăn chặn", "Prevented"),
				option("khong_co_so", "Không có cơ sở", "Unfounded"),
			}},
			{Key: "handed_to", Type: TypeUnit, OfferedWhen: &Condition{Key: "outcome", Values: []string{"chuyen"}}, Label: Text{"Chuyển đến", "Handed to"}},
			{Key: "closed_on", Type: TypeDate, Label: Text{"Ngày kết thúc", "Closed on"}},
			{Key: "feedback_given", Type: TypeBool, Label: Text{"Đã phản hồi người dân", "Feedback given"}},
			note(),
		},
		Summary: []Part{{Words: Text{"Tin báo", "Tip"}}, {Key: "occurred_on"}, {Key: "category"}, {Key: "assessed_value"}},
		Rules: []Rule{
			notBefore("assessed_on", "occurred_on", Text{"Ngày đánh giá trước ngày nhận tin.", "Assessed before it was received."}),
			notBefore("closed_on", "occurred_on", Text{"Ngày kết thúc trước ngày nhận tin.", "Closed before it was received."}),
			together("assessed_on", "assessed_value", Text{"Đã có ngày đánh giá nhưng chưa có đánh giá.", "There is a date of assessment but no assessment."}),
		},
	}
}

// petition leaves out the petitioner and the content (sealed), the receipt
// code, and the question whether it concerns an officer of the unit, together
// with the answer "about an officer" of its field: such a petition belongs into
// the parent unit's oversight compartment and cannot be entered until decisions
// 7 and 20 hold.
func petition() *Form {
	return &Form{
		ID: "petition", Version: 1, Compartment: Petitions, EventDate: "received_on",
		Label: Text{"Đơn thư (khiếu nại, tố cáo, kiến nghị, phản ánh)", "Petition"},
		Fields: []Field{
			{
				Key: "received_on", Type: TypeDate, Required: true, Label: Text{"Ngày nhận", "Received on"},
				Hint: Text{"Chưa nhập được đơn liên quan cán bộ.", "A petition against an officer cannot be entered yet."},
			},
			{Key: "type", Type: TypeChoice, Required: true, Label: Text{"Loại đơn", "Type"}, Options: []Option{
				option("khieu_nai", "Khiếu nại", "Complaint"),
				option("to_cao", "Tố cáo", "Denunciation"),
				option("kien_nghi", "Kiến nghị", "Recommendation"),
				option("phan_anh", "Phản ánh", "Feedback"),
			}},
			{Key: "field", Type: TypeChoice, Required: true, Label: Text{"Lĩnh vực", "Field"}, Options: []Option{
				option("cu_tru", "Cư trú", "Residence"),
				option("can_cuoc", "Căn cước", "ID card"),
				option("giao_thong", "Giao thông", "Traffic"),
				option("dat_dai", "Đất đai", "Land"),
				option("khac", "Khác", "Other"),
			}},
			{Key: "competence", Type: TypeChoice, Required: true, Label: Text{"Thẩm quyền", "Competence"}, Options: []Option{
				option("own", "Thuộc thẩm quyền", "Within competence"),
				option("other", "Không thuộc, đã chuyển", "Not within, passed on"),
				option("ineligible", "Không đủ điều kiện thụ lý", "Not eligible"),
				option("duplicate", "Đơn trùng", "Duplicate"),
			}},
			{Key: "due_on", Type: TypeDate, Label: Text{"Hạn giải quyết", "Due on"}},
			{Key: "extended_to", Type: TypeDate, Label: Text{"Gia hạn đến", "Extended to"}},
			{Key: "resolved_on", Type: TypeDate, Label: Text{"Ngày giải quyết", "Resolved on"}},
			{Key: "result", Type: TypeChoice, Label: Text{"Kết quả", "Result"}, Options: []Option{
				option("dung", "Đúng", "Upheld"),
				option("dung_mot_phan", "Đúng một phần", "Partly upheld"),
				option("sai", "Sai", "Not upheld"),
				option("rut_don", "Rút đơn", "Withdrawn"),
				option("chuyen", "Chuyển đơn vị khác", "Passed on"),
			}},
			{Key: "notified_on", Type: TypeDate, Label: Text{"Ngày trả lời công dân", "Citizen informed on"}},
			note(),
		},
		Summary: []Part{{Words: Text{"Đơn thư", "Petition"}}, {Key: "received_on"}, {Key: "type"}, {Key: "field"}, {Key: "result"}},
		Rules: []Rule{
			notBefore("due_on", "received_on", Text{"Hạn giải quyết trước ngày nhận.", "Due before it was received."}),
			notBefore("extended_to", "due_on", Text{"Gia hạn đến một ngày trước hạn.", "Extended to a day before it was due."}),
			notBefore("resolved_on", "received_on", Text{"Ngày giải quyết trước ngày nhận.", "Resolved before it was received."}),
			notBefore("notified_on", "received_on", Text{"Ngày trả lời trước ngày nhận.", "Answered before it was received."}),
			together("resolved_on", "result", Text{"Đã có ngày giải quyết nhưng chưa có kết quả.", "There is a date of resolution but no result."}),
		},
	}
}

// weaponHandover counts each kind in its own unit; kinds are never added up
// except the three kinds of guns.
func weaponHandover() *Form {
	return &Form{
		ID: "weapon_handover", Version: 1, Compartment: Ordinary, EventDate: "occurred_on",
		Label: Text{"Tiếp nhận vũ khí, vật liệu nổ, công cụ hỗ trợ", "Weapons and explosives handed in"},
		Fields: []Field{
			occurredOn(Text{"Ngày tiếp nhận", "Handed in on"}),
			{Key: "receipt_no", Type: TypeText, Required: true, Label: Text{"Số biên bản", "Receipt no."}},
			{Key: "how", Type: TypeChoice, Required: true, Label: Text{"Hình thức", "How"}, Options: []Option{
				option("tu_giao_nop", "Tự giao nộp", "Handed in voluntarily"),
				option("phat_hien_bao", "Phát hiện và báo", "Found and reported"),
				option("van_dong", "Qua vận động", "After outreach"),
			}},
			{
				Key: "items", Type: TypeRepeat, Required: true, Distinct: "kind", Label: Text{"Danh mục", "Items"},
				Children: []Field{
					{Key: "kind", Type: TypeChoice, Required: true, Label: Text{"Loại", "Kind"}, Options: weaponKinds()},
					{Key: "quantity", Type: TypeDecimal, Required: true, CountedBy: "kind", Label: Text{"Số lượng", "Quantity"}},
					{Key: "condition", Type: TypeChoice, Label: Text{"Tình trạng", "Condition"}, Options: []Option{
						option("nguy_hiem", "Nguy hiểm", "Dangerous"),
						option("con_su_dung", "Còn sử dụng được", "Serviceable"),
						option("hong", "Hỏng", "Unserviceable"),
					}},
				},
			},
			{Key: "danger", Type: TypeBool, Required: true, Label: Text{"Cần xử lý khẩn cấp", "Needs bomb disposal"}},
			{Key: "handed_to", Type: TypeUnit, Label: Text{"Bàn giao cho", "Passed on to"}},
			{Key: "handed_on", Type: TypeDate, Label: Text{"Ngày bàn giao", "Passed on, date"}},
			{Key: "custody_place", Type: TypeChoice, Required: true, Label: Text{"Nơi bảo quản", "Custody"}, Options: []Option{
				option("kho_don_vi", "Kho đơn vị", "Unit store"),
				option("kho_tinh", "Kho Công an tỉnh", "Provincial store"),
				option("quan_su", "Cơ quan quân sự", "Military body"),
			}},
			note(),
		},
		Summary: []Part{
			{Words: Text{"Tiếp nhận vũ khí", "Weapons handed in"}},
			{Key: "occurred_on"}, {Key: "receipt_no"},
		},
		Rules: []Rule{notBefore("handed_on", "occurred_on",
			Text{"Ngày bàn giao trước ngày tiếp nhận.", "Passed on before it was handed in."})},
	}
}

func weaponKinds() []Option {
	piece, item := Text{"quả", "pieces"}, Text{"cái", "items"}
	gun := Text{"khẩu", "guns"}
	return []Option{
		{Code: "bomb", Label: Text{"Bom", "Bomb"}, Unit: piece},
		{Code: "shell", Label: Text{"Đạn pháo, cối", "Artillery or mortar shell"}, Unit: piece},
		{Code: "grenade", Label: Text{"Lựu đạn", "Grenade"}, Unit: piece},
		{Code: "mine", Label: Text{"Mìn", "Mine"}, Unit: piece},
		{Code: "detonator", Label: Text{"Kíp nổ", "Detonator"}, Unit: item},
		{Code: "explosive_g", Label: Text{"Thuốc nổ", "Explosive"}, Unit: Text{"gam", "grams"}, Fractions: true},
		{Code: "fuse_m", Label: Text{"Dây cháy chậm", "Fuse"}, Unit: Text{"mét", "metres"}, Fractions: true},
		{Code: "gun_military", Label: Text{"Súng quân dụng", "Military gun"}, Unit: gun},
		{Code: "gun_hunting", Label: Text{"Súng săn, tự chế", "Hunting or home-made gun"}, Unit: gun},
		{Code: "gun_air", Label: Text{"Súng hơi", "Air gun"}, Unit: gun},
		{Code: "round", Label: Text{"Đạn", "Ammunition"}, Unit: Text{"viên", "rounds"}},
		{Code: "crude", Label: Text{"Vũ khí thô sơ", "Crude weapon"}, Unit: item},
		{Code: "tool", Label: Text{"Công cụ hỗ trợ", "Support tool"}, Unit: item},
	}
}
