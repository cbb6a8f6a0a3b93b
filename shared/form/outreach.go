package form

// The types of a commune's work among its people: sessions, the register of
// places, groups, and the commune itself.

func occurredOn(label Text) Field {
	return Field{Key: "occurred_on", Type: TypeDate, Required: true, Label: label}
}

// note is the last field of every form.
func note() Field {
	return Field{
		Key: "note", Type: TypeLongText, Label: Text{"Ghi chú", "Note"},
		Hint: Text{
			"Không ghi tên, số giấy tờ, dân tộc, tôn giáo hay chính kiến của người dân.",
			"No names, ID numbers, ethnicity, religion or political opinion of citizens.",
		},
	}
}

func option(code, vi, en string) Option { return Option{Code: code, Label: Text{vi, en}} }

func venueTypes() []Option {
	return []Option{
		option("co_quan", "Cơ quan", "Office"),
		option("truong_hoc", "Trường học", "School"),
		option("thon", "Thôn", "Hamlet"),
		option("lang", "Làng", "Village"),
		option("to_dan_pho", "Tổ dân phố", "Residential group"),
		option("doanh_nghiep", "Doanh nghiệp", "Company"),
		option("cho", "Chợ, nơi công cộng", "Market or public place"),
	}
}

// languages of a service or a place, never of a person. A province will keep
// its own list.
func languages() []Option {
	return []Option{
		option("vi", "Tiếng Việt", "Vietnamese"),
		option("jra", "Tiếng Jrai", "Jarai"),
		option("bdq", "Tiếng Ba Na", "Bahnar"),
	}
}

func bodies() []Option {
	return []Option{
		option("cong_an", "Công an", "Police"),
		option("mttq", "Mặt trận Tổ quốc", "Fatherland Front"),
		option("phu_nu", "Hội Phụ nữ", "Women's Union"),
		option("thanh_nien", "Đoàn Thanh niên", "Youth Union"),
		option("ccb", "Hội Cựu chiến binh", "Veterans"),
		option("quan_doi", "Quân đội", "Army"),
		option("truong", "Nhà trường", "School"),
		option("ubnd", "Ủy ban nhân dân", "People's Committee"),
	}
}

func awarenessSession() *Form {
	// A loudspeaker vehicle passes by: nobody is counted and nobody asks.
	gathered := &Condition{Key: "method", Not: true, Values: []string{"xe_loa"}}
	return &Form{
		ID: "awareness_session", Version: 1, Compartment: Ordinary, EventDate: "occurred_on",
		Label: Text{"Buổi tuyên truyền", "Awareness session"},
		Fields: []Field{
			occurredOn(Text{"Ngày diễn ra", "Date it happened"}),
			{Key: "method", Type: TypeChoice, Required: true, Label: Text{"Hình thức", "Method"}, Options: []Option{
				option("truc_tiep", "Họp trực tiếp", "Meeting"),
				option("long_ghep", "Lồng ghép sinh hoạt khác", "Combined with another event"),
				option("xe_loa", "Xe loa lưu động", "Loudspeaker vehicle"),
				option("loa_co_dinh", "Loa cố định", "Fixed loudspeaker"),
				option("tai_nha", "Đến từng hộ", "Door to door"),
				option("truc_tuyen", "Trực tuyến", "Online"),
			}},
			{Key: "venue", Type: TypeVenue, Required: true, Label: Text{"Địa điểm", "Venue"}},
			{Key: "venue_type", Type: TypeChoice, Required: true, Label: Text{"Loại địa điểm", "Venue type"}, Options: venueTypes()},
			{Key: "topics", Type: TypeMultichoice, Required: true, Label: Text{"Nội dung", "Topics"}, Options: topics()},
			{
				Key: "language", Type: TypeMultichoice, Required: true, Label: Text{"Ngôn ngữ sử dụng", "Language used"}, Options: languages(),
				Hint: Text{"Ngôn ngữ của buổi nói chuyện, không phải của người nghe.", "The language of the session, not of those who listen."},
			},
			{Key: "duration_min", Type: TypeInt, Label: Text{"Thời lượng (phút)", "Duration (minutes)"}, Limits: &Limits{5, 480}},
			{Key: "participants_total", Type: TypeInt, Required: true, OfferedWhen: gathered, Limits: &Limits{0, 20_000}, Label: Text{"Số lượt người tham dự", "Attendances"}},
			{Key: "count_method", Type: TypeChoice, Required: true, OfferedWhen: gathered, Label: Text{"Cách đếm", "How counted"}, Options: []Option{
				option("danh_sach", "Theo danh sách", "Sign-in list"),
				option("dem", "Đếm trực tiếp", "Head count"),
				option("uoc", "Ước lượng", "Estimate"),
			}},
			{Key: "lead_body", Type: TypeChoice, Required: true, Label: Text{"Cơ quan chủ trì", "Lead body"}, Options: bodies()},
			{Key: "partners", Type: TypeMultichoice, Label: Text{"Đơn vị phối hợp", "Partners"}, Options: bodies()},
			{Key: "presenters", Type: TypeInt, Required: true, Limits: &Limits{0, 100}, Label: Text{"Số báo cáo viên", "Presenters"}},
			{Key: "questions_raised", Type: TypeInt, Required: true, OfferedWhen: gathered, Limits: &Limits{0, 1000}, Label: Text{"Số ý kiến, câu hỏi của người dân", "Questions raised"}},
			{Key: "questions_answered", Type: TypeInt, Required: true, OfferedWhen: gathered, Limits: &Limits{0, 1000}, Label: Text{"Số ý kiến đã trả lời tại chỗ", "Answered on the spot"}},
			{Key: "materials", Type: TypeInt, Limits: &Limits{0, 100_000}, Label: Text{"Tài liệu phát (bản)", "Leaflets handed out"}},
			note(),
		},
		Summary: []Part{
			{Key: "occurred_on"},
			{Key: "method", When: &Condition{Key: "method", Values: []string{"xe_loa"}}},
			{Key: "participants_total", After: Text{" lượt người", " attendances"}, When: gathered},
		},
		Rules: []Rule{notMore("questions_answered", "questions_raised",
			Text{"Số đã trả lời nhiều hơn số câu hỏi.", "More questions were answered than raised."})},
	}
}

func topics() []Option {
	return []Option{
		option("toi_pham", "Phòng, chống tội phạm", "Crime prevention"),
		option("ma_tuy", "Phòng, chống ma túy", "Drugs"),
		option("mua_ban_nguoi", "Phòng, chống mua bán người", "Trafficking"),
		option("antq", "Toàn dân bảo vệ An ninh Tổ quốc", "All-people security movement"),
		option("giao_thong", "An toàn giao thông", "Traffic"),
		option("pccc", "Phòng cháy chữa cháy, cứu nạn cứu hộ", "Fire and rescue"),
		option("vu_khi", "Giao nộp vũ khí, vật liệu nổ", "Weapons hand-in"),
		option("tin_dung_den", "Tín dụng đen", "Loan sharking"),
		option("bao_luc_hoc_duong", "Bạo lực học đường", "School violence"),
		option("tre_em", "Phòng, chống xâm hại trẻ em", "Child abuse"),
		option("moi_truong", "An ninh môi trường", "Environment"),
		option("phap_luat", "Phổ biến pháp luật khác", "Other law"),
	}
}

// venueRegister makes "2.137 điểm" a count of distinct places. The commune of a
// place is the unit of its record, and so is not asked.
func venueRegister() *Form {
	return &Form{
		ID: "venue_register", Version: 1, Compartment: Ordinary, EventDate: "occurred_on",
		Label: Text{"Danh mục địa điểm, thôn làng", "Village and venue register"},
		Fields: []Field{
			{Key: "name", Type: TypeText, Required: true, Label: Text{"Tên", "Name"}},
			{Key: "type", Type: TypeChoice, Required: true, Label: Text{"Loại", "Type"}, Options: venueTypes()},
			occurredOn(Text{"Ngày ghi vào danh mục", "Date entered in the register"}),
			{Key: "households", Type: TypeInt, Limits: &Limits{0, 10_000}, Label: Text{"Số hộ", "Households"}},
			{Key: "remote", Type: TypeBool, Label: Text{"Vùng đặc biệt khó khăn, không có sóng", "Remote, no signal"}},
			{
				Key: "languages_needed", Type: TypeMultichoice, Label: Text{"Ngôn ngữ cần dùng khi tuyên truyền", "Languages useful for sessions here"}, Options: languages(),
				Hint: Text{"Của địa điểm, do xã chọn; không ghi cho từng người.", "Of the place, chosen by the commune; never of a person."},
			},
			note(),
		},
		Summary: []Part{
			{Words: Text{"Địa điểm", "Venue"}},
			{Key: "name"}, {Key: "type"},
			{Key: "households", After: Text{" hộ", " households"}},
		},
	}
}

// selfMgmtGroup dates a group by its founding, which is the event a stock of
// groups at a date asks for. The register holds the state of today: a group
// that was dissolved last month is not counted at earlier dates either.
func selfMgmtGroup() *Form {
	return &Form{
		ID: "self_mgmt_group", Version: 1, Compartment: Ordinary, EventDate: "founded_on",
		Label: Text{"Tổ, nhóm tự quản", "Self-management group"},
		Fields: []Field{
			{Key: "name", Type: TypeText, Required: true, Label: Text{"Tên tổ", "Name"}},
			{Key: "type", Type: TypeChoice, Required: true, Label: Text{"Loại", "Type"}, Options: []Option{
				option("to_lien_gia", "Tổ liên gia", "Inter-household group"),
				option("to_tu_quan", "Tổ tự quản an ninh trật tự", "Self-management security group"),
				option("to_hoa_giai", "Tổ hòa giải", "Mediation group"),
				option("to_bvantt", "Tổ bảo vệ an ninh trật tự cơ sở", "Grass-roots security team"),
				option("khac", "Khác", "Other"),
			}},
			{Key: "founded_on", Type: TypeDate, Required: true, Label: Text{"Ngày thành lập", "Founded on"}},
			{Key: "decision_no", Type: TypeText, Label: Text{"Quyết định số", "Decision no."}},
			{Key: "households", Type: TypeInt, Required: true, Limits: &Limits{1, 2000}, Label: Text{"Số hộ", "Households"}},
			{Key: "members", Type: TypeInt, Required: true, Limits: &Limits{1, 10_000}, Label: Text{"Số thành viên", "Members"}},
			{Key: "status", Type: TypeChoice, Required: true, Label: Text{"Tình trạng", "Status"}, Options: []Option{
				option("active", "Hoạt động", "Active"),
				option("weak", "Yếu", "Weak"),
				option("paused", "Tạm dừng", "Paused"),
				option("closed", "Giải thể", "Dissolved"),
			}},
			note(),
		},
		Summary: []Part{
			{Words: Text{"Tổ tự quản", "Group"}},
			{Key: "name"},
			{Key: "households", After: Text{" hộ", " households"}},
			{Key: "status", When: &Condition{Key: "status", Not: true, Values: []string{"active"}}},
		},
	}
}

// communeProfile describes a commune by counts alone: its residents are broken
// down by nothing.
func communeProfile() *Form {
	return &Form{
		ID: "commune_profile", Version: 1, Compartment: Ordinary, EventDate: "as_of",
		Label: Text{"Thông tin cơ bản về địa bàn", "Commune profile"},
		Fields: []Field{
			{Key: "as_of", Type: TypeDate, Required: true, Label: Text{"Thời điểm", "As of"}},
			{Key: "hh", Type: TypeInt, Required: true, Limits: &Limits{0, 200_000}, Label: Text{"Số hộ", "Households"}},
			{Key: "pop", Type: TypeInt, Required: true, Limits: &Limits{0, 1_000_000}, Label: Text{"Nhân khẩu", "Residents"}},
			{Key: "temp", Type: TypeInt, Limits: &Limits{0, 1_000_000}, Label: Text{"Tạm trú", "Temporary residents"}},
			{Key: "villages", Type: TypeInt, Required: true, Limits: &Limits{0, 500}, Label: Text{"Số thôn, tổ", "Villages"}},
			{
				Key: "businesses", Type: TypeRepeat, Distinct: "kind", Label: Text{"Cơ sở kinh doanh có điều kiện", "Licensed businesses by kind"},
				Children: []Field{
					{Key: "kind", Type: TypeChoice, Required: true, Label: Text{"Loại", "Kind"}, Options: []Option{
						option("karaoke", "Quán karaoke", "Karaoke"),
						option("food", "Cơ sở ăn uống", "Eating place"),
						option("pawn", "Hiệu cầm đồ", "Pawnshop"),
						option("company", "Công ty, doanh nghiệp", "Company"),
						option("project", "Dự án", "Project"),
						option("gas", "Cơ sở khí hóa lỏng", "Liquefied gas"),
					}},
					{Key: "count", Type: TypeInt, Required: true, Limits: &Limits{0, 100_000}, Label: Text{"Số", "Count"}},
				},
			},
			note(),
		},
		Summary: []Part{
			{Words: Text{"Thông tin địa bàn", "Commune profile"}},
			{Key: "as_of"},
			{Key: "hh", After: Text{" hộ", " households"}},
			{Key: "pop", After: Text{" nhân khẩu", " residents"}},
		},
		Rules: []Rule{share("pop", "hh", 15, 80, // tenths of a person
			Text{"Số người mỗi hộ thường từ 1,5 đến 8.", "A household usually has 1.5 to 8 people."})},
	}
}
