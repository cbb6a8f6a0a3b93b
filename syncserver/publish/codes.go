package publish

import "banlang/shared/form/declared"

// A Code names one kind of finding. It is stable.
type Code string

// The codes of findings.
const (
	Undeclared           Code = "undeclared"     // a question does not say what a column is for
	Misdeclared          Code = "misdeclared"    // it says it in a word that is not known
	ColumnMissing        Code = "column_missing" // no question says it
	OtherUndeclared      Code = "other_undeclared"
	Excluded             Code = "excluded"          // a question declares that it asks what no form asks
	AskedOfSomebody      Code = "asked_of_somebody" // a question about a person asks what no form asks
	LeadsToSomebody      Code = "leads_to_somebody" // a tip or petition asks who somebody is
	ExactPlace           Code = "exact_place"       // a tip or petition asks where exactly something is
	VisibleTooFar        Code = "visible_too_far"   // a tip or petition is seen above those who handle it
	MediaNone            Code = "media_none"
	Unsealed             Code = "unsealed"
	SealUnasked          Code = "seal_unasked" // asked without asking whether it can be sealed
	SealedRead           Code = "sealed_read"  // computed from what is sealed
	SealedFile           Code = "sealed_file"  // a picture or file that would have to be sealed
	RetentionDay         Code = "retention_day"
	CompartmentMissing   Code = "compartment_missing"
	CompartmentUnknown   Code = "compartment_unknown"
	EventDateMissing     Code = "event_date_missing"
	EventDateUnknown     Code = "event_date_unknown"
	EventDateOptional    Code = "event_date_optional"
	TitleMissing         Code = "title_missing"
	SentElsewhere        Code = "sent_elsewhere" // phones would send the records to another server
	ExpressionUnreadable Code = "expression_unreadable"
	ExpressionWrong      Code = "expression_wrong" // reads well, and fails when it is computed
	FunctionUnknown      Code = "function_unknown"
	ArgumentsWrong       Code = "arguments_wrong"
	FunctionRare         Code = "function_rare" // phones lack it
	Volatile             Code = "volatile"      // a calculation that comes out otherwise each time
	NotOpened            Code = "not_opened"
	TermFound            Code = "term_found"
)

// accepted is what each of our columns takes.
var accepted = map[string]text{
	declared.Purpose:   {"một câu nói vì sao hỏi", "a sentence that says why it is asked"},
	declared.Category:  {"none (không nói về ai), basic (thông tin cá nhân) hoặc sensitive (thông tin cá nhân nhạy cảm)", "none (says nothing of anybody), basic (personal) or sensitive (personal and harmful)"},
	declared.Retention: {"permanent, hoặc một thời hạn như 10y, 6m, 90d, 90d after closed_on", "permanent, or a time such as 10y, 6m, 90d, 90d after closed_on"},
	declared.VisibleTo: {"all, counts, handling, unit hoặc custodian", "all, counts, handling, unit or custodian"},
	declared.SealedTo:  {"unit, custodian, hoặc để trống", "unit, custodian, or nothing"},
	declared.Generated: {"program, sync, centre, hoặc để trống", "program, sync, centre, or nothing"},
}

// entry is what one kind of finding weighs, and what people read about it.
type entry struct {
	strength      Strength
	message, hint text
}

var catalogue = map[Code]entry{
	Undeclared: {Refused,
		text{"Câu hỏi “{question}” chưa khai báo {column}.", "The question “{question}” does not declare its {column}."},
		text{"Ghi vào cột này: {accepted}.", "Write into this column: {accepted}."}},
	Misdeclared: {Refused,
		text{"Câu hỏi “{question}” khai {column} là “{value}”, chưa rõ nghĩa.", "The question “{question}” declares its {column} as “{value}”, which means nothing here."},
		text{"Ghi vào cột này: {accepted}.", "Write into this column: {accepted}."}},
	ColumnMissing: {Refused,
		text{"Chưa câu hỏi nào khai báo {column}.", "No question declares its {column}."},
		text{"Thêm cột {column}; mỗi câu hỏi ghi {accepted}.", "Add the column {column}; for each question write {accepted}."}},
	OtherUndeclared: {Refused,
		text{"Câu trả lời “khác” của “{question}” do or_other thêm vào nên không khai báo được.", "The other answer of “{question}” is added by or_other, and cannot be declared."},
		text{"Bỏ or_other; thêm một lựa chọn “khác” và một câu hỏi text riêng.", "Remove or_other; add a choice “other” and a question of type text."}},
	Excluded: {Refused,
		text{"Câu hỏi “{question}” khai báo “{value}”. Không biểu mẫu nào hỏi {subject} của người dân.", "The question “{question}” declares “{value}”. No form asks citizens for {subject}."},
		text{"Bỏ câu hỏi này.", "Remove the question."}},
	AskedOfSomebody: {Refused,
		text{"Câu hỏi “{question}” nói về một người và có “{term}” trong “{text}”. Không biểu mẫu nào hỏi {subject} của người dân.", "The question “{question}” is about a person and has “{term}” in “{text}”. No form asks citizens for {subject}."},
		text{"Bỏ câu hỏi này. Nếu câu hỏi không nói về ai, khai category là none.", "Remove the question. If it is not about anybody, declare the category none."}},
	LeadsToSomebody: {Refused,
		text{"Câu hỏi “{question}” có “{term}” trong “{text}”. Tin báo, đơn thư không hỏi {subject}.", "The question “{question}” has “{term}” in “{text}”. Tips and petitions do not ask for {subject}."},
		text{"Bỏ câu hỏi này, hoặc niêm phong cho người giữ khóa: sealed_to là custodian.", "Remove the question, or seal it to the custodian: sealed_to is custodian."}},
	ExactPlace: {Refused,
		text{"Câu hỏi “{question}” ghi vị trí chính xác. Tin báo, đơn thư chỉ ghi đến thôn.", "The question “{question}” records an exact position. Tips and petitions name the village, nothing finer."},
		text{"Hỏi thôn, làng bằng select_one_from_file venues.csv.", "Ask for the village with select_one_from_file venues.csv."}},
	VisibleTooFar: {Refused,
		text{"Câu hỏi “{question}” cho “{value}” xem. Trên đơn vị xử lý, tin báo và đơn thư chỉ xem được số tổng đã giấu số nhỏ.", "The question “{question}” is visible to “{value}”. Above those who handle them, tips and petitions are seen only as sums, the small ones hidden."},
		text{"Ghi handling, unit hoặc custodian.", "Write handling, unit or custodian."}},
	MediaNone: {Refused,
		text{"“{question}” là ảnh, tiếng hoặc phim, mà khai là không nói về ai. Người nào cũng có thể lọt vào đó.", "“{question}” is a picture, a sound or a film, and declares that it says nothing of anybody. Anybody may be in it."},
		text{"Khai category là basic hoặc sensitive.", "Declare the category basic or sensitive."}},
	Unsealed: {Refused,
		text{"Câu hỏi “{question}” là thông tin nhạy cảm mà không niêm phong.", "The question “{question}” is sensitive and not sealed."},
		text{"Ghi vào cột sealed_to: unit hoặc custodian; hoặc bỏ câu hỏi.", "Write unit or custodian into the column sealed_to; or remove the question."}},
	SealUnasked: {Refused,
		text{"Câu hỏi “{question}” được niêm phong, nhưng hiện ra cả ở máy không niêm phong được.", "The question “{question}” is sealed, and shown even where nothing can be sealed."},
		text{"Ghi vào cột relevant: selected(${{can}}, '{recipient}'), và đặt câu hỏi {can} ở đầu như biểu mẫu tip.xlsx.", "Write into the column relevant: selected(${{can}}, '{recipient}'), and begin the form with the question {can} as tip.xlsx does."}},
	SealedRead: {Refused,
		text{"Ở đây tính từ “{sealed}”, là câu hỏi niêm phong; kết quả thì ai cũng đọc được.", "This is computed from “{sealed}”, which is sealed; the result is not."},
		text{"Bỏ “{sealed}” khỏi phép tính.", "Take “{sealed}” out of the calculation."}},
	SealedFile: {Refused,
		text{"Câu hỏi “{question}” là ảnh hoặc tệp mà khai niêm phong. Chương trình chưa niêm phong được ảnh và tệp: ảnh sẽ nằm lại trên máy, không đến trung tâm.", "The question “{question}” is a picture or a file and declares that it is sealed. Pictures and files cannot be sealed yet: it would stay on the machine and never reach the centre."},
		text{"Hỏi bằng chữ (text), hoặc để trống cột sealed_to và không khai category là sensitive.", "Ask for words (text), or leave the column sealed_to empty and do not declare the category sensitive."}},
	RetentionDay: {Refused,
		text{"Câu hỏi “{question}” giữ đến sau ngày “{value}”, mà biểu mẫu không hỏi ngày nào tên như vậy.", "The question “{question}” is kept until after “{value}”, and the form asks no day of that name."},
		text{"Ghi tên một câu hỏi ngày của biểu mẫu, hoặc replaced.", "Name a question of the form that asks a day, or write replaced."}},
	CompartmentMissing: {Refused,
		text{"Biểu mẫu chưa nói bản ghi thuộc ngăn nào.", "The form does not say in which compartment its records are."},
		text{"Thêm cột compartment vào trang settings: ordinary, tips, petitions hoặc oversight.", "Add the column compartment to the sheet settings: ordinary, tips, petitions or oversight."}},
	CompartmentUnknown: {Refused,
		text{"Không có ngăn “{value}”.", "There is no compartment “{value}”."},
		text{"Ghi ordinary, tips, petitions hoặc oversight.", "Write ordinary, tips, petitions or oversight."}},
	EventDateMissing: {Refused,
		text{"Biểu mẫu chưa nói ngày nào quyết định kỳ báo cáo.", "The form does not say which day decides the reporting period."},
		text{"Thêm cột event_date vào trang settings: tên một câu hỏi ngày.", "Add the column event_date to the sheet settings: the name of a question that asks a day."}},
	EventDateUnknown: {Refused,
		text{"“{value}” không phải một câu hỏi ngày, đứng ngoài nhóm lặp, của biểu mẫu.", "“{value}” is no question of the form that asks a day outside repeats."},
		text{"Ghi tên một câu hỏi loại date hoặc dateTime.", "Name a question of type date or dateTime."}},
	EventDateOptional: {Warning,
		text{"“{value}” có thể để trống; bản ghi không có ngày thì không vào kỳ báo cáo nào.", "“{value}” may stay empty; a record without a day is in no reporting period."},
		text{"Ghi yes vào cột required của câu hỏi này.", "Write yes into the column required of this question."}},
	TitleMissing: {Warning,
		text{"Biểu mẫu chưa có tên tiếng Anh.", "The form has no English title."},
		text{"Thêm cột title_en vào trang settings.", "Add the column title_en to the sheet settings."}},
	SentElsewhere: {Refused,
		text{"Điện thoại sẽ gửi bản ghi đến “{value}”, không phải về trung tâm.", "Phones would send the records to “{value}”, and not to the centre."},
		text{"Bỏ cột submission_url.", "Remove the column submission_url."}},
	ExpressionUnreadable: {Refused,
		text{"Biểu thức chưa đúng: {why}.", "The expression cannot be read: {why}."},
		text{"Xem lại dấu ngoặc, dấu nháy và tên hàm.", "Look at its brackets, quotes and names of functions."}},
	ExpressionWrong: {Refused,
		text{"Biểu thức không tính được: {why}.", "The expression fails when it is computed: {why}."},
		text{"Sửa phần này của biểu thức.", "Correct this part of the expression."}},
	FunctionUnknown: {Refused,
		text{"Không có hàm {function}().", "There is no function {function}()."},
		text{"Xem lại tên hàm; tên hàm viết thường.", "Look at the name; names of functions are in lower case."}},
	ArgumentsWrong: {Refused,
		text{"Hàm {function}() có số tham số chưa đúng: {why}.", "The function {function}() has the wrong number of arguments: {why}."},
		text{"Sửa các tham số của hàm này.", "Correct the arguments of the function."}},
	FunctionRare: {Warning,
		text{"Điện thoại dùng ODK Collect không có hàm {function}().", "Phones with ODK Collect have no function {function}()."},
		text{"Dùng hàm khác nếu biểu mẫu được điền cả trên điện thoại.", "Use another function if the form is filled in on phones too."}},
	Volatile: {Warning,
		text{"{function}() ra kết quả khác mỗi lần tính, mà phép tính được làm lại mỗi khi mở bản ghi.", "{function}() comes out otherwise each time, and calculations are done again whenever a record is opened."},
		text{"Đặt phép tính trong once(…), hoặc dùng cột trigger.", "Put it into once(…), or use the column trigger."}},
	NotOpened: {Refused,
		text{"Biểu mẫu không mở được: {why}.", "The form cannot be opened: {why}."},
		text{"Sửa phần được nêu rồi kiểm tra lại.", "Correct what is named, and check again."}},
	TermFound: {NeedsSupervisor,
		text{"“{term}” trong “{text}”. {why}", "“{term}” in “{text}”. {why}"},
		text{"Người phụ trách bảo vệ dữ liệu cá nhân xem và quyết định.", "The privacy supervisor looks at it and decides."}},
}
