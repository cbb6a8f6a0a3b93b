package xlsform

// What may be wrong with a file, and with the headers of its sheets.
const (
	EmptyFile         Code = "empty_file"
	WrongFile         Code = "wrong_file"         // not a spreadsheet
	PasswordProtected Code = "password_protected" // cannot be opened without a password
	OldExcel          Code = "old_excel"          // an .xls from before 1997
	DamagedFile       Code = "damaged_file"       // begins like a spreadsheet and does not go on like one
	BadEncoding       Code = "bad_encoding"       // a text that is not UTF-8
	OtherSeparator    Code = "other_separator"    // a .csv with semicolons or tabs
	BadCharacter      Code = "bad_character"      // a control character
	BadDate           Code = "bad_date"           // a date that cannot be read for certain
	LimitReached      Code = "limit_reached"      // one of the limits of limits.go
	MacrosIgnored     Code = "macros_ignored"     // warning
	LegacyText        Code = "legacy_text"        // warning: looks like TCVN3 or VNI
	SurveyMissing     Code = "survey_missing"
	SheetMisspelled   Code = "sheet_misspelled" // warning
	HeaderTwice       Code = "header_twice"
	HeaderSame        Code = "header_same"     // two headers for one thing
	HeaderMissing     Code = "header_missing"  // a column without which the sheet says nothing
	HeaderNested      Code = "header_nested"   // "bind" where "bind::…" is meant
	HeaderNotName     Code = "header_not_name" // cannot become an element or attribute
	TwoFormIDs        Code = "two_form_ids"    // warning
	FormNameInvalid   Code = "form_name_invalid"
	FormIDMissing     Code = "form_id_missing"
	EncryptionNeedsID Code = "encryption_needs_id"
)

var fileTexts = map[Code]texts{
	EmptyFile: {
		vi: text{"Tệp không có nội dung.", "Chọn lại tệp biểu mẫu."},
		en: text{"The file is empty.", "Choose the file of the form again."},
	},
	WrongFile: {
		vi: text{"Đây không phải bảng tính biểu mẫu ({vi}).", "Lưu biểu mẫu dạng .xlsx, .xls, .csv hoặc .md rồi tải lên lại."},
		en: text{"This is no spreadsheet of a form ({en}).", "Save the form as .xlsx, .xls, .csv or .md and upload it again."},
	},
	PasswordProtected: {
		vi: text{"Tệp có mật khẩu nên không đọc được.", "Mở tệp, bỏ mật khẩu, lưu lại rồi tải lên."},
		en: text{"The file has a password and cannot be read.", "Open it, remove the password, save it and upload it again."},
	},
	OldExcel: {
		vi: text{"Tệp .xls này do bản Excel trước 1997 ghi.", "Mở tệp và lưu lại dạng .xlsx."},
		en: text{"This .xls was written by an Excel from before 1997.", "Open it and save it as .xlsx."},
	},
	DamagedFile: {
		vi: text{"Tệp bị hỏng hoặc chép chưa xong: không đọc được “{what}” trong tệp.", "Chép lại từ bản gốc. Nếu vẫn vậy, mở bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx."},
		en: text{"The file is damaged or was not copied to its end: “{what}” in it cannot be read.", "Copy it again. If that does not help, open it with Excel or LibreOffice and save it as .xlsx."},
	},
	BadEncoding: {
		vi: text{"Chữ trong tệp không phải UTF-8, có vẻ là {encoding}.", "Lưu lại dạng “CSV UTF-8” hoặc .xlsx. Chữ gõ bằng phông cũ (TCVN3, VNI) phải chuyển sang Unicode trước."},
		en: text{"The text is not UTF-8; it looks like {encoding}.", "Save it as “CSV UTF-8” or .xlsx. Text typed in an old font (TCVN3, VNI) must be converted to Unicode first."},
	},
	OtherSeparator: {
		vi: text{"Các ô trong tệp cách nhau bằng {vi}, không phải dấu phẩy.", "Mở tệp bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx."},
		en: text{"The cells of the file are separated by {en}, not by commas.", "Open it with Excel or LibreOffice and save it as .xlsx."},
	},
	BadCharacter: {
		vi: text{"Ô có ký tự điều khiển {character} không hiện được.", "Xóa ký tự đó, hoặc gõ lại nội dung của ô."},
		en: text{"The cell has the control character {character}, which cannot be shown.", "Remove it, or type the cell again."},
	},
	BadDate: {
		vi: text{"Không đọc chắc chắn được ngày trong ô này.", "Gõ ngày dưới dạng chữ, ví dụ '2026-03-31."},
		en: text{"The date in this cell cannot be read for certain.", "Type the date as text, such as '2026-03-31."},
	},
	LimitReached: {
		vi: text{"Vượt mức cho phép về {vi}.", "Bỏ bớt phần không thuộc biểu mẫu, hoặc chia thành nhiều biểu mẫu."},
		en: text{"Above the limit for {en}.", "Remove what is no part of the form, or split it into several forms."},
	},
	MacrosIgnored: {
		vi: text{"Tệp có macro; macro không được chạy và không đi cùng biểu mẫu.", "Không cần làm gì. Nên lưu dạng .xlsx."},
		en: text{"The file has macros; they were not run and are no part of the form.", "Nothing to do. Better save it as .xlsx."},
	},
	LegacyText: {
		vi: text{"Chữ trong ô có vẻ gõ bằng phông {encoding}, máy khác sẽ hiện sai.", "Chuyển sang Unicode rồi tải lên lại."},
		en: text{"The text seems to be typed in a {encoding} font; others will not be able to read it.", "Convert it to Unicode and upload it again."},
	},
	SurveyMissing: {
		vi: text{"Không có trang “survey”. Trang có tên gần giống: {similar}.", "Đặt tên “survey” cho trang có các câu hỏi."},
		en: text{"There is no sheet “survey”. Sheets with a similar name: {similar}.", "Name the sheet with the questions “survey”."},
	},
	SheetMisspelled: {
		vi: text{"Không có trang “{sheet}”, nhưng có trang gần giống: {similar}.", "Sửa tên trang, hoặc thêm dấu _ ở đầu nếu không thuộc biểu mẫu."},
		en: text{"There is no sheet “{sheet}”, but one with a similar name: {similar}.", "Correct its name, or begin it with _ if it is no part of the form."},
	},
	HeaderTwice: {
		vi: text{"Tên cột này có hai lần.", "Đổi tên hoặc xóa một trong hai cột."},
		en: text{"This header stands twice.", "Rename or remove one of the two columns."},
	},
	HeaderSame: {
		vi: text{"Cột này và cột “{other}” cùng một nghĩa.", "Xóa một trong hai cột."},
		en: text{"This column and “{other}” mean the same.", "Remove one of the two."},
	},
	HeaderMissing: {
		vi: text{"Thiếu cột “{missing}”.", "Thêm cột này, và xem dòng đầu có phải là dòng tên cột không."},
		en: text{"The column “{missing}” is missing.", "Add it, and check that the first row has the headers."},
	},
	HeaderNested: {
		vi: text{"Tên cột này cần thêm một phần nữa, như “media::image”.", "Viết đủ tên cột sau dấu ::."},
		en: text{"This header needs a second part, as in “media::image”.", "Complete it behind ::."},
	},
	HeaderNotName: {
		vi: text{"“{header}” không dùng làm tên trong biểu mẫu được.", "Chỉ dùng chữ cái, chữ số, dấu gạch; bắt đầu bằng chữ cái."},
		en: text{"“{header}” cannot be a name in the form.", "Use letters, digits and hyphens only, and begin with a letter."},
	},
	TwoFormIDs: {
		vi: text{"Có cả form_id và id_string; chỉ form_id được dùng.", "Xóa cột id_string."},
		en: text{"There are both form_id and id_string; only form_id is used.", "Remove the column id_string."},
	},
	FormNameInvalid: {
		vi: text{"“{name}” không dùng làm tên biểu mẫu được.", "Bắt đầu bằng chữ cái, rồi chữ cái, chữ số, gạch nối, gạch dưới, dấu chấm."},
		en: text{"“{name}” cannot be the name of a form.", "Begin with a letter; go on with letters, digits, hyphens, underscores, dots."},
	},
	FormIDMissing: {
		vi: text{"Biểu mẫu không có mã.", "Điền form_id trong trang settings."},
		en: text{"The form has no identifier.", "Fill in form_id on the sheet settings."},
	},
	EncryptionNeedsID: {
		vi: text{"Không bỏ instanceID được, vì mã hóa cần nó.", "Xóa omit_instanceID hoặc public_key."},
		en: text{"The instanceID cannot be left out: encryption needs it.", "Remove omit_instanceID or public_key."},
	},
}
