package xlsform

// What may be wrong with lists of choices and the questions that use them.
const (
	ChoiceNoName        Code = "choice_no_name"
	ChoiceNoLabel       Code = "choice_no_label" // warning
	ChoiceTwice         Code = "choice_twice"
	ChoiceSpace         Code = "choice_space"  // in a select_multiple
	ChoiceHeader        Code = "choice_header" // warning
	ChoicesMissing      Code = "choices_missing"
	ListUnknown         Code = "list_unknown"
	ListFileName        Code = "list_file_name"
	ListFromAnswers     Code = "list_from_answers"
	ExternalMissing     Code = "external_missing"
	ExternalNoFilter    Code = "external_no_filter"    // warning
	ExternalNeedsFilter Code = "external_needs_filter" // the list is on external_choices only
	OtherWithFilter     Code = "other_with_filter"
	OtherWithoutList    Code = "other_without_list"
	OtherUntranslated   Code = "other_untranslated" // warning
	NoneWithoutList     Code = "none_without_list"
	TableListFilter     Code = "table_list_filter"
	TableListMixed      Code = "table_list_mixed"
	SearchFile          Code = "search_file"
	SearchMixed         Code = "search_mixed"
	SearchWithoutList   Code = "search_without_list"
	SelectBindType      Code = "select_bind_type"
	SelectWithoutList   Code = "select_without_list"
	SeedAlone           Code = "seed_alone"
	SeedInvalid         Code = "seed_invalid"
	TranslationMissing  Code = "translation_missing" // warning
	LanguageCode        Code = "language_code"       // warning
)

var choiceTexts = map[Code]texts{
	ChoiceNoName: {
		vi: text{"Lựa chọn này chưa có tên.", "Điền cột name."},
		en: text{"This choice has no name.", "Fill in the column name."},
	},
	ChoiceNoLabel: {
		vi: text{"Lựa chọn “{name}” chưa có nhãn.", "Điền cột label, nếu không người nhập chỉ thấy ô trống."},
		en: text{"The choice “{name}” has no label.", "Fill in the label, or people see an empty line."},
	},
	ChoiceTwice: {
		vi: text{"Danh sách “{list}” có hai lựa chọn tên “{name}”.", "Đổi một tên; nếu cố ý, đặt allow_choice_duplicates là yes trong trang settings."},
		en: text{"The list “{list}” has two choices called “{name}”.", "Change one; if it is meant, set allow_choice_duplicates to yes on the sheet settings."},
	},
	ChoiceSpace: {
		vi: text{"Tên “{name}” có dấu cách; danh sách “{list}” dùng cho câu chọn nhiều.", "Thay dấu cách bằng gạch dưới."},
		en: text{"The name “{name}” has a space, and the list “{list}” is used where several may be chosen.", "Put underscores for the spaces."},
	},
	ChoiceHeader: {
		vi: text{"Tên cột “{header}” trống hoặc có dấu cách nên cột này bị bỏ qua.", "Đặt tên không có dấu cách nếu cần dùng cột này."},
		en: text{"The header “{header}” is empty or has spaces; the column is left out.", "Give it a name without spaces if it is needed."},
	},
	ChoicesMissing: {
		vi: text{"Thiếu trang “choices”. Trang có tên gần giống: {similar}.", "Thêm trang choices với các cột list_name, name và label."},
		en: text{"There is no sheet “choices”. Sheets with a similar name: {similar}.", "Add a sheet choices with the columns list_name, name and label."},
	},
	ListUnknown: {
		vi: text{"Không có danh sách “{list}”.", "Xem lại cột list_name."},
		en: text{"There is no list “{list}”.", "Check the column list_name."},
	},
	ListFileName: {
		vi: text{"“{list}” không phải tên tệp dùng được.", "Tên tệp phải có đúng một phần mở rộng: {accepted}."},
		en: text{"“{list}” is not the name of a file that can be used.", "It must end in one of: {accepted}."},
	},
	ListFromAnswers: {
		vi: text{"Câu chọn nhiều không lấy lựa chọn từ câu trả lời khác được.", "Dùng select_one, hoặc một danh sách."},
		en: text{"Where several may be chosen, the choices cannot come from other answers.", "Use select_one, or a list."},
	},
	ExternalMissing: {
		vi: text{"Thiếu trang “external_choices”. Trang có tên gần giống: {similar}.", "Thêm trang này với các cột list_name và name."},
		en: text{"There is no sheet “external_choices”. Sheets with a similar name: {similar}.", "Add it with the columns list_name and name."},
	},
	ExternalNoFilter: {
		vi: text{"select_one_external chỉ dùng khi có choice_filter.", "Điền choice_filter, hoặc dùng select_one."},
		en: text{"select_one_external is meant for filtered choices only.", "Fill in choice_filter, or use select_one."},
	},
	ExternalNeedsFilter: {
		vi: text{"Danh sách chỉ có trong trang external_choices nên cần choice_filter.", "Điền choice_filter, hoặc chép danh sách sang trang choices."},
		en: text{"The list is on the sheet external_choices only, so that a choice_filter is needed.", "Fill in choice_filter, or copy the list to the sheet choices."},
	},
	OtherWithFilter: {
		vi: text{"or_other không đi cùng choice_filter.", "Bỏ một trong hai; có thể tự thêm lựa chọn “khác” và một câu hỏi."},
		en: text{"or_other does not go with choice_filter.", "Remove one; you may add the choice “other” and a question yourself."},
	},
	OtherWithoutList: {
		vi: text{"or_other cần một danh sách trong trang choices.", "Thêm danh sách này vào trang choices."},
		en: text{"or_other needs a list on the sheet choices.", "Add the list to the sheet choices."},
	},
	OtherUntranslated: {
		vi: text{"Biểu mẫu có nhiều ngôn ngữ, nhưng or_other chỉ thêm chữ tiếng Anh (Other, Specify other).", "Tự thêm lựa chọn “khác” và câu hỏi cho từng ngôn ngữ."},
		en: text{"The form has languages, and what or_other adds is in English only (Other, Specify other).", "Add the choice and the question yourself, in each language."},
	},
	NoneWithoutList: {
		vi: text{"Câu chọn nhiều này không có danh sách để thêm “không có”.", "Bỏ add_none_option trong trang settings."},
		en: text{"This question has no list that “none” could be added to.", "Remove add_none_option on the sheet settings."},
	},
	TableListFilter: {
		vi: text{"Bảng table-list không đi cùng choice_filter.", "Bỏ choice_filter hoặc table-list."},
		en: text{"table-list does not go with choice_filter.", "Remove choice_filter or table-list."},
	},
	TableListMixed: {
		vi: text{"Các câu trong một table-list phải chung danh sách: “{list}” khác “{other}”.", "Dùng một danh sách, hoặc tách nhóm."},
		en: text{"The questions of a table-list must share one list: “{list}” is not “{other}”.", "Use one list, or part the group."},
	},
	SearchFile: {
		vi: text{"Câu “{name}” vừa chọn từ tệp vừa dùng search().", "Bỏ search(), hoặc đổi kiểu chọn."},
		en: text{"The question “{name}” chooses from a file and uses search() as well.", "Remove search(), or change the type."},
	},
	SearchMixed: {
		vi: text{"Câu “{name}” dùng search() với danh sách “{list}”, còn {others} dùng danh sách đó mà không có search().", "Dùng search() cho tất cả, hoặc một danh sách riêng cho câu này."},
		en: text{"The question “{name}” uses search() with the list “{list}”, which {others} use without.", "Use search() for all of them, or a list of its own for this one."},
	},
	SearchWithoutList: {
		vi: text{"search() ở câu “{name}” cần một danh sách trong trang choices nói lấy cột nào.", "Thêm danh sách đó."},
		en: text{"search() in “{name}” needs a list on the sheet choices that says which columns to take.", "Add the list."},
	},
	SelectBindType: {
		vi: text{"Câu chọn phải có bind::type là string.", "Xóa ô này."},
		en: text{"bind::type of a select must be string.", "Clear the cell."},
	},
	SelectWithoutList: {
		vi: text{"Câu chọn chưa nói chọn từ danh sách nào.", "Viết: select_one tên_danh_sách."},
		en: text{"The select names no list.", "Write: select_one list_name."},
	},
	SeedAlone: {
		vi: text{"seed chỉ dùng cùng randomize=true.", "Thêm randomize=true hoặc bỏ seed."},
		en: text{"seed goes with randomize=true only.", "Add randomize=true or remove seed."},
	},
	SeedInvalid: {
		vi: text{"seed phải là một số hoặc ${tên_câu_hỏi}, không phải “{value}”.", "Sửa giá trị của seed."},
		en: text{"seed must be a number or ${question_name}, not “{value}”.", "Correct it."},
	},
	TranslationMissing: {
		vi: text{"Ngôn ngữ “{language}” thiếu cột: {columns}.", "Thêm các cột này, nếu không người nhập thấy dấu “-”."},
		en: text{"The language “{language}” lacks the columns: {columns}.", "Add them, or people see “-”."},
	},
	LanguageCode: {
		vi: text{"Các ngôn ngữ này chưa có mã đúng: {languages}.", "Viết tên rồi mã trong ngoặc, như Vietnamese (vi)."},
		en: text{"These languages have no valid code: {languages}.", "Write the name and the code in brackets, as in Vietnamese (vi)."},
	},
}
