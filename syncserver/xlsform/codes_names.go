package xlsform

// What may be wrong with names, groups and references.
const (
	NameInvalid     Code = "name_invalid"
	NameMissing     Code = "name_missing"
	NameTwice       Code = "name_twice"       // in one group
	NameCase        Code = "name_case"        // warning: differs from another by case only
	NameMeta        Code = "name_meta"        // taken by every form
	NameUnderscores Code = "name_underscores" // of entities
	NameDot         Code = "name_dot"         // of entities
	NameReserved    Code = "name_reserved"    // of properties of entities
	RepeatNameRoot  Code = "repeat_name_root"
	RepeatNameTwice Code = "repeat_name_twice" // anywhere in the form
	RepeatNoLabel   Code = "repeat_no_label"   // warning
	BeginUnmatched  Code = "begin_unmatched"
	EndUnmatched    Code = "end_unmatched"
	LoopWithoutList Code = "loop_without_list"
	LoopText        Code = "loop_text" // a % that is none of %(name)s

	RefMalformed   Code = "ref_malformed"
	RefComma       Code = "ref_comma" // of triggers
	RefUnknown     Code = "ref_unknown"
	RefAmbiguous   Code = "ref_ambiguous"
	RefCycle       Code = "ref_cycle"
	TriggerUnseen  Code = "trigger_unseen"  // nobody can change it
	FunctionLacked Code = "function_lacked" // warning: phones do not have it

	InstanceTwice Code = "instance_twice"
	InstanceClash Code = "instance_clash"
)

var nameTexts = map[Code]texts{
	NameInvalid: {
		vi: text{"“{name}” không dùng làm tên được.", "Bắt đầu bằng chữ cái hoặc gạch dưới; tiếp theo là chữ cái, chữ số, gạch nối, gạch dưới, dấu chấm; không có dấu cách."},
		en: text{"“{name}” cannot be a name.", "Begin with a letter or underscore; go on with letters, digits, hyphens, underscores, dots; no spaces."},
	},
	NameMissing: {
		vi: text{"Câu hỏi hoặc nhóm này chưa có tên.", "Điền cột name."},
		en: text{"This question or group has no name.", "Fill in the column name."},
	},
	NameTwice: {
		vi: text{"Trong nhóm này đã có tên “{name}”.", "Đổi một trong hai tên."},
		en: text{"The name “{name}” is taken in this group.", "Change one of the two names."},
	},
	NameCase: {
		vi: text{"Tên “{name}” chỉ khác một tên khác ở chữ hoa, chữ thường.", "Đổi một tên: nhiều công cụ phân tích không phân biệt."},
		en: text{"“{name}” differs from another name by capital letters only.", "Change one of the two: many tools for analysis do not tell them apart."},
	},
	NameMeta: {
		vi: text{"Tên “meta” dành cho thông tin chung của biểu mẫu.", "Đổi tên khác."},
		en: text{"The name “meta” is kept for what every form has.", "Choose another name."},
	},
	NameUnderscores: {
		vi: text{"Tên “{name}” không được bắt đầu bằng hai gạch dưới.", "Đổi tên."},
		en: text{"“{name}” must not begin with two underscores.", "Choose another name."},
	},
	NameDot: {
		vi: text{"Tên “{name}” không được có dấu chấm.", "Đổi tên."},
		en: text{"“{name}” must not have a dot.", "Choose another name."},
	},
	NameReserved: {
		vi: text{"Thuộc tính không được tên là “{name}”.", "Đổi tên khác name và label."},
		en: text{"A property must not be called “{name}”.", "Choose a name other than name and label."},
	},
	RepeatNameRoot: {
		vi: text{"Nhóm lặp không được trùng tên “{name}” của biểu mẫu.", "Đổi tên nhóm lặp."},
		en: text{"A repeat must not have the name of the form, “{name}”.", "Rename the repeat."},
	},
	RepeatNameTwice: {
		vi: text{"Đã có một nhóm lặp tên “{name}”.", "Mỗi nhóm lặp trong biểu mẫu cần một tên riêng."},
		en: text{"There is another repeat “{name}”.", "Each repeat of a form needs a name of its own."},
	},
	RepeatNoLabel: {
		vi: text{"Nhóm lặp “{name}” chưa có nhãn.", "Điền cột label để người nhập biết đang lặp phần nào."},
		en: text{"The repeat “{name}” has no label.", "Fill in the label, so that people know what they repeat."},
	},
	BeginUnmatched: {
		vi: text{"begin {type} “{name}” không có end {type}.", "Thêm dòng end {type} sau câu hỏi cuối của nhóm."},
		en: text{"begin {type} “{name}” has no end {type}.", "Add a row end {type} after the last question of the group."},
	},
	EndUnmatched: {
		vi: text{"end {type} “{name}” không khớp với phần nào đang mở.", "Xem lại thứ tự các dòng begin và end."},
		en: text{"end {type} “{name}” closes nothing that is open.", "Check the order of the rows begin and end."},
	},
	LoopWithoutList: {
		vi: text{"Vòng lặp chưa nói lặp theo danh sách nào.", "Viết: begin loop over tên_danh_sách."},
		en: text{"The loop names no list to go over.", "Write: begin loop over list_name."},
	},
	LoopText: {
		vi: text{"Dấu % trong “{text}” không đọc được.", "Trong vòng lặp, viết %(name)s hoặc %(label)s; dấu phần trăm viết là %%."},
		en: text{"The % in “{text}” cannot be read.", "In a loop write %(name)s or %(label)s; write a percent sign as %%."},
	},
	RefMalformed: {
		vi: text{"“{text}” không phải là cách nhắc đến câu hỏi.", "Viết ${tên_câu_hỏi}, không có dấu cách."},
		en: text{"“{text}” is no reference to a question.", "Write ${question_name}, without spaces."},
	},
	RefComma: {
		vi: text{"Giữa hai câu hỏi cần dấu phẩy.", "Viết ${a}, ${b}."},
		en: text{"Between two questions there must be a comma.", "Write ${a}, ${b}."},
	},
	RefUnknown: {
		vi: text{"Không có câu hỏi nào tên “{name}”.", "Xem lại tên trong cột name của trang survey."},
		en: text{"There is no question “{name}”.", "Check the names in the column name of the sheet survey."},
	},
	RefAmbiguous: {
		vi: text{"Có nhiều câu hỏi tên “{name}”, không rõ câu nào.", "Đổi tên để mỗi câu được nhắc đến có tên riêng."},
		en: text{"Several questions are called “{name}”; it is not clear which is meant.", "Rename them, so that what is referred to has a name of its own."},
	},
	RefCycle: {
		vi: text{"Câu này phụ thuộc vào chính nó: {way}.", "Bỏ một trong các tham chiếu để không thành vòng."},
		en: text{"This question depends on itself: {way}.", "Remove one of the references, so that they make no circle."},
	},
	TriggerUnseen: {
		vi: text{"Người nhập không thấy câu “{name}”, nên nó không thể làm “{other}” tính lại.", "Chọn một câu hỏi có hiện trên màn hình."},
		en: text{"Nobody sees the question “{name}”, so that it cannot have “{other}” computed.", "Choose a question that is shown."},
	},
	FunctionLacked: {
		vi: text{"Điện thoại (ODK Collect) không có hàm {name}().", "Dùng {instead}."},
		en: text{"Phones (ODK Collect) do not have the function {name}().", "Use {instead}."},
	},
	InstanceTwice: {
		vi: text{"Đã có một tệp dữ liệu tên “{name}”.", "Mỗi tệp chỉ khai báo một lần trong biểu mẫu."},
		en: text{"There is another data file “{name}”.", "Declare each file once in the form."},
	},
	InstanceClash: {
		vi: text{"Hai nguồn khác nhau cùng tên “{name}”: {one} và {other}.", "Đổi tên một danh sách hoặc một tệp."},
		en: text{"Two sources share the name “{name}”: {one} and {other}.", "Rename a list or a file."},
	},
}
