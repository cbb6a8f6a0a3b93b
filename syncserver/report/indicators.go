package report

import (
	"slices"

	"banlang/shared/form"
)

// Measure is how an indicator turns records into a figure.
type Measure string

const (
	Count         Measure = "count"    // how many records
	CountDistinct Measure = "distinct" // how many different values of Field; not additive over periods or places
	Sum           Measure = "sum"      // Field added up, over records or over rows of Rows
	Latest        Measure = "latest"   // per unit the value last stated at the date, added over units
	Highest       Measure = "highest"  // the greatest value any one record states
	Ratio         Measure = "ratio"    // Over[0] as a share of Over[1], computed and never typed
)

// Test is one condition on a value: it is one of Values, or with Not none of
// them.
type Test struct {
	Field  string
	Not    bool
	Values []string
}

// Indicator is the definition of one figure, as data. Later all 49 of them are
// read from a file in this shape; see the issue "Centre".
type Indicator struct {
	ID        string
	Label     form.Text
	Unit      form.Text // what is counted
	Measure   Measure
	Form      string    // the record type it reads; empty for a Ratio
	Field     string    // what is counted distinct, summed or taken; empty for Count
	Places    int       // decimals that Field has; form.Thousandths where it is a decimal, 0 otherwise
	Rows      string    // the repeat that Field and RowWhere belong to; empty for plain fields
	Where     []Test    // of the record; all must hold
	RowIs     []Test    // of the row; all must hold
	Event     string    // the date that counts; empty = the form's own event date
	OpenUntil string    // a record of before the period counts too while this date is empty or not before its start
	Stock     bool      // what stands at the end of the period: the start does not matter
	Over      [2]string // numerator and denominator of a Ratio
	Note      form.Text // what a reader of the figure must know
}

// Indicators gives every definition, in the order of a report.
func Indicators() []Indicator {
	return slices.Concat(awareness(), tips(), weapons(), groups(), profiles(), petitions())
}

func find(all []Indicator, id string) (Indicator, bool) {
	i := slices.IndexFunc(all, func(d Indicator) bool { return d.ID == id })
	if i < 0 {
		return Indicator{}, false
	}
	return all[i], true
}

func is(field string, values ...string) []Test { return []Test{{Field: field, Values: values}} }

func awareness() []Indicator {
	const session = "awareness_session"
	return []Indicator{
		{
			ID: "AW_PLACES", Measure: CountDistinct, Form: session, Field: "venue",
			Label: form.Text{VI: "Số điểm tổ chức tuyên truyền", EN: "Places where awareness work was held"}, Unit: form.Text{VI: "điểm", EN: "places"},
			Note: form.Text{VI: "Không cộng được qua các kỳ.", EN: "Cannot be added over periods."},
		},
		{
			ID: "AW_SESSIONS", Measure: Count, Form: session,
			Label: form.Text{VI: "Số buổi tuyên truyền", EN: "Awareness sessions"}, Unit: form.Text{VI: "buổi", EN: "sessions"},
		},
		{
			ID: "AW_PARTICIPANTS", Measure: Sum, Form: session, Field: "participants_total",
			Label: form.Text{VI: "Số lượt người tham dự tuyên truyền", EN: "Attendances"}, Unit: form.Text{VI: "lượt người", EN: "attendances"},
		},
		{
			ID: "AW_LOUDSPEAKER", Measure: Count, Form: session, Where: is("method", "xe_loa"),
			Label: form.Text{VI: "Lượt tuyên truyền bằng xe loa", EN: "Loudspeaker-vehicle runs"}, Unit: form.Text{VI: "lượt", EN: "runs"},
		},
	}
}

func tips() []Indicator {
	return []Indicator{{
		ID: "TIP_VALUABLE", Measure: Count, Form: "tip", Where: is("assessed_value", "co_gia_tri"),
		Label: form.Text{VI: "Tin báo có giá trị do nhân dân cung cấp", EN: "Valuable tips from the public"}, Unit: form.Text{VI: "tin", EN: "tips"},
	}}
}

func weapons() []Indicator {
	const handover = "weapon_handover"
	piece, item := form.Text{VI: "quả", EN: "pieces"}, form.Text{VI: "cái", EN: "items"}
	weapon := func(id, vi, en string, unit form.Text, kinds ...string) Indicator {
		return Indicator{
			ID: id, Measure: Sum, Form: handover, Rows: "items", Field: "quantity", Places: form.Thousandths,
			RowIs: is("kind", kinds...), Unit: unit,
			Label: form.Text{VI: vi + " nhân dân giao nộp", EN: en + " handed in"},
			Note:  form.Text{VI: "Không cộng các loại với nhau.", EN: "Kinds are never added up."},
		}
	}
	guns := Indicator{ // of several kinds, which the form adds up
		ID: "WPN_GUN", Measure: Sum, Form: handover, Field: "guns", Where: []Test{{Field: "guns", Not: true, Values: []string{"0"}}},
		Label: form.Text{VI: "Súng nhân dân giao nộp", EN: "Guns handed in"}, Unit: form.Text{VI: "khẩu", EN: "guns"},
		Note: form.Text{VI: "Gồm súng quân dụng, súng săn, tự chế và súng hơi.", EN: "Military guns, hunting or home-made guns, and air guns."},
	}
	return []Indicator{
		weapon("WPN_BOMB", "Bom", "Bombs", piece, "bomb"),
		weapon("WPN_SHELL", "Đạn pháo", "Shells", piece, "shell"),
		weapon("WPN_GRENADE", "Lựu đạn", "Grenades", piece, "grenade"),
		weapon("WPN_DETONATOR", "Kíp nổ", "Detonators", item, "detonator"),
		weapon("WPN_EXPLOSIVE_G", "Thuốc nổ", "Explosive", form.Text{VI: "gam", EN: "grams"}, "explosive_g"),
		guns,
		weapon("WPN_ROUND", "Đạn", "Rounds", form.Text{VI: "viên", EN: "rounds"}, "round"),
		weapon("WPN_CRUDE", "Vũ khí thô sơ", "Crude weapons", item, "crude"),
		weapon("WPN_TOOL", "Công cụ hỗ trợ", "Support tools", item, "tool"),
	}
}

// A household may belong to a group of each type, so the share of households
// reads the inter-household groups alone, as the count of groups does.
func groups() []Indicator {
	active := append(is("type", "to_lien_gia"), is("status", "active")...)
	return []Indicator{
		{
			ID: "GRP_COUNT", Measure: Count, Form: "self_mgmt_group", Where: active, Stock: true,
			Label: form.Text{VI: "Số tổ liên gia tự quản", EN: "Self-management household groups"}, Unit: form.Text{VI: "tổ", EN: "groups"},
		},
		{
			ID: "GRP_HOUSEHOLDS", Measure: Sum, Form: "self_mgmt_group", Field: "households", Where: active, Stock: true,
			Label: form.Text{VI: "Số hộ tham gia tổ liên gia", EN: "Households in groups"}, Unit: form.Text{VI: "hộ", EN: "households"},
		},
		{
			ID: "GRP_COVER", Measure: Ratio, Over: [2]string{"GRP_HOUSEHOLDS", "PROFILE_HH"},
			Label: form.Text{VI: "Tỷ lệ hộ tham gia tổ tự quản", EN: "Share of households covered"}, Unit: form.Text{VI: "%", EN: "%"},
		},
	}
}

func profiles() []Indicator {
	stated := func(id, vi, en, field string, unit form.Text) Indicator {
		return Indicator{
			ID: id, Measure: Latest, Form: "commune_profile", Field: field, Stock: true,
			Label: form.Text{VI: vi, EN: en}, Unit: unit,
		}
	}
	business := func(id, vi, en, kind string, unit form.Text) Indicator {
		d := stated(id, vi, en, "count", unit)
		d.Rows, d.RowIs = "businesses", is("kind", kind)
		return d
	}
	people, places := form.Text{VI: "người", EN: "people"}, form.Text{VI: "cơ sở", EN: "places"}
	peak := stated("PROFILE_TEMP_PEAK", "Số người tạm trú, lúc cao nhất", "Temporary residents at the highest", "temp", people)
	peak.Measure = Highest
	return []Indicator{
		stated("PROFILE_HH", "Số hộ", "Households", "hh", form.Text{VI: "hộ", EN: "households"}),
		stated("PROFILE_POP", "Số nhân khẩu", "Residents", "pop", form.Text{VI: "nhân khẩu", EN: "residents"}),
		stated("PROFILE_TEMP", "Số người đăng ký tạm trú", "Registered temporary residents", "temp", people),
		peak,
		business("PROFILE_KARAOKE", "Quán karaoke", "Karaoke places", "karaoke", places),
		business("PROFILE_FOOD", "Cơ sở kinh doanh ăn uống", "Eating places", "food", places),
		business("PROFILE_PAWN", "Hiệu cầm đồ", "Pawnshops", "pawn", places),
		business("PROFILE_COMPANY", "Công ty, doanh nghiệp", "Companies", "company", form.Text{VI: "đơn vị", EN: "companies"}),
		business("PROFILE_PROJECT", "Dự án", "Projects", "project", form.Text{VI: "dự án", EN: "projects"}),
		business("PROFILE_GAS", "Cơ sở sản xuất, cung ứng khí hóa lỏng", "Liquefied gas facilities", "gas", places),
	}
}

// What was resolved is counted within competence, like what was due: every
// petition of the numerator is then one of the denominator, and a rate above
// 100 % cannot arise from petitions that were only passed on.
func petitions() []Indicator {
	unit, own := form.Text{VI: "đơn", EN: "petitions"}, is("competence", "own")
	return []Indicator{
		{
			ID: "PET_RECEIVED", Measure: Count, Form: "petition",
			Label: form.Text{VI: "Số đơn tiếp nhận", EN: "Petitions received"}, Unit: unit,
		},
		{
			ID: "PET_DUE", Measure: Count, Form: "petition", Where: own, OpenUntil: "resolved_on",
			Label: form.Text{VI: "Số đơn thuộc thẩm quyền phải giải quyết", EN: "Petitions within competence, due"}, Unit: unit,
			Note: form.Text{VI: "Gồm đơn kỳ trước chuyển sang và đơn nhận trong kỳ.", EN: "Those carried over and those received in the period."},
		},
		{
			ID: "PET_RESOLVED", Measure: Count, Form: "petition", Where: own, Event: "resolved_on",
			Label: form.Text{VI: "Số đơn đã giải quyết", EN: "Petitions resolved"}, Unit: unit,
		},
		{
			ID: "PET_RATE", Measure: Ratio, Over: [2]string{"PET_RESOLVED", "PET_DUE"},
			Label: form.Text{VI: "Tỷ lệ giải quyết đơn", EN: "Resolution rate"}, Unit: form.Text{VI: "%", EN: "%"},
		},
	}
}
