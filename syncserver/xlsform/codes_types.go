package xlsform

// What may be wrong with types of questions and what they show.
const (
	TypeMissing           Code = "type_missing"
	TypeUnknown           Code = "type_unknown"
	TypeDeprecated        Code = "type_deprecated" // warning
	RowSkipped            Code = "row_skipped"     // warning: no type, name or label
	DisabledColumn        Code = "disabled_column" // warning
	CalculationMissing    Code = "calculation_missing"
	LabelMissing          Code = "label_missing"
	BigImageAlone         Code = "big_image_alone"
	MediaUnknown          Code = "media_unknown"
	AuditName             Code = "audit_name"
	BackgroundTrigger     Code = "background_trigger"
	BackgroundCalculation Code = "background_calculation"
)

var typeTexts = map[Code]texts{
	TypeMissing: {
		vi: text{"Câu hỏi này chưa có kiểu.", "Điền cột type, ví dụ text hoặc integer."},
		en: text{"This question has no type.", "Fill in the column type, such as text or integer."},
	},
	TypeUnknown: {
		vi: text{"Không có kiểu “{type}”.", "Xem lại cột type; các kiểu ở xlsform.org."},
		en: text{"There is no type “{type}”.", "Check the column type; the types are listed at xlsform.org."},
	},
	TypeDeprecated: {
		vi: text{"Điện thoại từ Android 11 không còn cho kiểu “{type}”.", "Dùng deviceid, hoặc bỏ câu này."},
		en: text{"Phones since Android 11 give nothing for “{type}”.", "Use deviceid, or remove the question."},
	},
	RowSkipped: {
		vi: text{"Dòng không có type, name và label nên bị bỏ qua.", "Không cần làm gì nếu đó là ghi chú."},
		en: text{"The row has no type, name or label and is left out.", "Nothing to do if it is a note."},
	},
	DisabledColumn: {
		vi: text{"Cột disabled không thuộc XLSForm hiện nay.", "Dùng cột relevant."},
		en: text{"The column disabled is no part of XLSForm any more.", "Use the column relevant."},
	},
	CalculationMissing: {
		vi: text{"Câu calculate chưa có phép tính.", "Điền cột calculation."},
		en: text{"This calculate has nothing to compute.", "Fill in the column calculation."},
	},
	LabelMissing: {
		vi: text{"Câu “{name}” không có nhãn hay gợi ý để hiện.", "Điền cột label hoặc hint."},
		en: text{"The question “{name}” has neither label nor hint to show.", "Fill in the column label or hint."},
	},
	BigImageAlone: {
		vi: text{"Câu “{name}” có big-image mà không có image.", "Điền cột image."},
		en: text{"The question “{name}” has a big-image and no image.", "Fill in the column image."},
	},
	MediaUnknown: {
		vi: text{"Không có loại media “{name}”.", "Dùng image, big-image, audio hoặc video."},
		en: text{"There is no kind of media “{name}”.", "Use image, big-image, audio or video."},
	},
	AuditName: {
		vi: text{"Câu audit phải để trống tên.", "Xóa ô name."},
		en: text{"An audit must have no name.", "Clear the column name."},
	},
	BackgroundTrigger: {
		vi: text{"background-geopoint cần cột trigger.", "Điền ${câu_hỏi} mà khi trả lời thì ghi vị trí."},
		en: text{"background-geopoint needs the column trigger.", "Fill in the ${question} whose answer takes the place."},
	},
	BackgroundCalculation: {
		vi: text{"background-geopoint không có phép tính.", "Xóa ô calculation."},
		en: text{"background-geopoint has no calculation.", "Clear the column calculation."},
	},
}

// What may be wrong with the parameters of a question.
const (
	ParamSyntax       Code = "param_syntax"
	ParamUnknown      Code = "param_unknown"
	ParamNotOneOf     Code = "param_not_one_of"
	ParamNotInteger   Code = "param_not_integer"
	ParamNotNumber    Code = "param_not_number"
	ParamNotName      Code = "param_not_name"
	ParamNegative     Code = "param_negative"
	AuditLocation     Code = "audit_location"
	AuditAge          Code = "audit_age"
	MaxPixels         Code = "max_pixels" // warning
	PackageName       Code = "package_name"
	ReferenceGeometry Code = "reference_geometry"

	RangeAppearance       Code = "range_appearance"
	RangeZero             Code = "range_zero"
	RangeTooLarge         Code = "range_too_large"
	RangeNotMultiple      Code = "range_not_multiple"
	RangeOutside          Code = "range_outside"
	RangeListUnknown      Code = "range_list_unknown"
	RangeLabelNotNumber   Code = "range_label_not_number"
	RangeLabelOutside     Code = "range_label_outside"
	RangeLabelNotMultiple Code = "range_label_not_multiple"
	RangeLabelEnds        Code = "range_label_ends"
)

var parameterTexts = map[Code]texts{
	ParamSyntax: {
		vi: text{"Không đọc được các tham số.", "Viết: khóa=giá_trị khóa=giá_trị."},
		en: text{"The parameters cannot be read.", "Write: key=value key=value."},
	},
	ParamUnknown: {
		vi: text{"Kiểu này không có tham số: {rejected}.", "Các tham số có thể dùng: {accepted}."},
		en: text{"This type has no parameter: {rejected}.", "What it has: {accepted}."},
	},
	ParamNotOneOf: {
		vi: text{"Tham số {name} không thể là “{value}”.", "Dùng một trong: {accepted}."},
		en: text{"The parameter {name} cannot be “{value}”.", "Use one of: {accepted}."},
	},
	ParamNotInteger: {
		vi: text{"Tham số {name} phải là số nguyên.", "Sửa giá trị."},
		en: text{"The parameter {name} must be a whole number.", "Correct it."},
	},
	ParamNotNumber: {
		vi: text{"Tham số {name} phải là một số.", "Sửa giá trị."},
		en: text{"The parameter {name} must be a number.", "Correct it."},
	},
	ParamNotName: {
		vi: text{"Tham số {name} phải là tên một cột, không phải “{value}”.", "Dùng chữ cái, chữ số, gạch nối, gạch dưới, dấu chấm."},
		en: text{"The parameter {name} must be the name of a column, not “{value}”.", "Use letters, digits, hyphens, underscores, dots."},
	},
	ParamNegative: {
		vi: text{"Tham số {name} không được nhỏ hơn 0.", "Sửa giá trị."},
		en: text{"The parameter {name} must not be below 0.", "Correct it."},
	},
	AuditLocation: {
		vi: text{"Để ghi vị trí cần cả location-priority, location-min-interval và location-max-age.", "Điền đủ ba tham số."},
		en: text{"To log places, location-priority, location-min-interval and location-max-age are all needed.", "Fill in all three."},
	},
	AuditAge: {
		vi: text{"location-max-age không được nhỏ hơn location-min-interval.", "Sửa một trong hai."},
		en: text{"location-max-age must not be below location-min-interval.", "Correct one of the two."},
	},
	MaxPixels: {
		vi: text{"Ảnh chưa có giới hạn cỡ.", "Điền max-pixels=1024 để gửi nhanh hơn và đỡ tốn chỗ."},
		en: text{"The size of the picture is not bounded.", "Fill in max-pixels=1024, to send it faster and save room."},
	},
	PackageName: {
		vi: text{"“{value}” không phải tên gói ứng dụng Android.", "Viết như org.example.app."},
		en: text{"“{value}” is not the name of an Android package.", "Write it like org.example.app."},
	},
	ReferenceGeometry: {
		vi: text{"reference-geometry “{name}” không chỉ đến nơi nào.", "Viết tên một danh sách, một tệp kèm theo, một danh sách entities, hoặc ${nhóm_lặp}."},
		en: text{"reference-geometry “{name}” names nothing.", "Write the name of a list, an attached file, a list of entities, or ${repeat}."},
	},
	RangeAppearance: {
		vi: text{"Kiểu hiển thị này không có vạch chia.", "Dùng vertical, no-ticks, hoặc để trống appearance."},
		en: text{"This appearance draws no ticks.", "Use vertical, no-ticks, or clear the appearance."},
	},
	RangeZero: {
		vi: text{"Tham số {name} không được bằng 0.", "Sửa giá trị."},
		en: text{"The parameter {name} must not be 0.", "Correct it."},
	},
	RangeTooLarge: {
		vi: text{"Tham số {name} lớn hơn khoảng từ start đến end.", "Sửa giá trị."},
		en: text{"The parameter {name} is larger than the range from start to end.", "Correct it."},
	},
	RangeNotMultiple: {
		vi: text{"Tham số {name} không rơi vào một bước của step.", "Chọn bội số của step."},
		en: text{"The parameter {name} does not fall on a step.", "Choose a multiple of step."},
	},
	RangeOutside: {
		vi: text{"Tham số {name} nằm ngoài khoảng từ start đến end.", "Sửa giá trị."},
		en: text{"The parameter {name} is outside of the range from start to end.", "Correct it."},
	},
	RangeListUnknown: {
		vi: text{"Không có danh sách nhãn “{list}”.", "Xem lại tick_labelset và cột list_name của trang choices."},
		en: text{"There is no list of labels “{list}”.", "Check tick_labelset and the column list_name of the sheet choices."},
	},
	RangeLabelNotNumber: {
		vi: text{"Tên trong danh sách nhãn “{list}” phải là số.", "Sửa cột name."},
		en: text{"The names in the list of labels “{list}” must be numbers.", "Correct the column name."},
	},
	RangeLabelOutside: {
		vi: text{"Nhãn của “{list}” nằm ngoài khoảng từ start đến end.", "Sửa cột name, hoặc khoảng."},
		en: text{"A label of “{list}” is outside of the range from start to end.", "Correct the column name, or the range."},
	},
	RangeLabelNotMultiple: {
		vi: text{"Nhãn của “{list}” không rơi vào một bước của {name}.", "Sửa cột name."},
		en: text{"A label of “{list}” does not fall on a step of {name}.", "Correct the column name."},
	},
	RangeLabelEnds: {
		vi: text{"Với no-ticks, danh sách “{list}” chỉ có nhãn cho start và end.", "Để lại đúng hai nhãn đó."},
		en: text{"With no-ticks the list “{list}” may only label start and end.", "Keep just those two."},
	},
}
