package form

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"banlang/shared/viet"
)

// Limits of single values. They hold at the notebook and at the centre, which
// refuses a change that breaks one (decision 4).
const (
	MaxText          = 300    // letters (code points): a name or a number, one line
	MaxLongText      = 10_000 // letters: four printed pages
	MaxIntDigits     = 12     // so that a million of them still sum in an int64
	MaxDecimalWhole  = 9      // digits before the point: the same, in thousandths
	MaxDecimalPlaces = 3      // digits after the point: grams of a kilogram
	MaxRef           = 128    // bytes of a venue id or unit code
	MaxRowID         = 64     // bytes of the name of a row
)

// CheckValue judges one change by itself, as the centre does (decision 4): the
// form knows the path, and the value has the type and the length of its field.
// An empty value clears a field and is always right. It knows nothing of other
// fields: that is CheckRecord. The error is a Problem, or nil.
func (f *Form) CheckValue(path, value string) error {
	field, ok := f.Field(path)
	if !ok || field.Type == TypeRepeat {
		return problem(path, RulePath, "Biểu mẫu không có trường này.", "The form has no such field.")
	}
	if _, row, _, _ := SplitPath(path); len(row) > MaxRowID || !plain(row, "") {
		return problem(path, RulePath, "Tên dòng không hợp lệ.", "The name of the row is not valid.")
	}
	if value == "" {
		return nil
	}
	return checkType(field, path, value)
}

func checkType(field *Field, path, value string) error {
	switch field.Type {
	case TypeText:
		return checkText(path, value, MaxText, "")
	case TypeLongText:
		return checkText(path, value, MaxLongText, "\n\t")
	case TypeInt:
		return checkInt(path, value)
	case TypeDecimal:
		return checkDecimal(path, value)
	case TypeDate:
		if !viet.ValidDate(value) {
			return problem(path, RuleType, "Không phải một ngày có thật.", "This is not a day of the calendar.")
		}
	case TypeBool:
		if value != "true" && value != "false" {
			return problem(path, RuleType, "Chỉ nhận có hoặc không.", "Only yes or no is taken.")
		}
	case TypeChoice:
		return checkCodes(field, path, value)
	case TypeMultichoice:
		return checkCodes(field, path, strings.Split(value, " ")...)
	case TypeUnit, TypeVenue:
		return checkRef(path, value)
	default:
		return problem(path, RuleType, "Trường này không nhận giá trị.", "This field takes no value.")
	}
	return nil
}

func checkText(path, value string, most int, controls string) error {
	if !plain(value, controls) {
		return problem(path, RuleType, "Có ký tự không đọc được.", "It holds characters that cannot be read.")
	}
	if len(value) <= most { // a letter has at least one byte
		return nil
	}
	if n := utf8.RuneCountInString(value); n > most {
		return problem(path, RuleLength,
			fmt.Sprintf("Dài %s chữ cái, nhiều nhất là %s.", viet.Int(int64(n)), viet.Int(int64(most))),
			fmt.Sprintf("It has %d letters; the most is %d.", n, most))
	}
	return nil
}

func checkInt(path, value string) error {
	digits := strings.TrimPrefix(value, "-")
	if !allDigits(digits) {
		return problem(path, RuleType, "Cần một số nguyên.", "A whole number is needed.")
	}
	if len(digits) > MaxIntDigits {
		return tooLong(path, MaxIntDigits)
	}
	return nil
}

func checkDecimal(path, value string) error {
	whole, places, hasPoint := strings.Cut(strings.TrimPrefix(value, "-"), ".")
	if !allDigits(whole) || hasPoint && !allDigits(places) {
		return problem(path, RuleType, "Cần một con số.", "A number is needed.")
	}
	if len(whole) > MaxDecimalWhole {
		return tooLong(path, MaxDecimalWhole)
	}
	if len(places) > MaxDecimalPlaces {
		return problem(path, RuleLength,
			fmt.Sprintf("Nhiều nhất %d chữ số sau dấu phẩy.", MaxDecimalPlaces),
			fmt.Sprintf("At most %d digits after the comma.", MaxDecimalPlaces))
	}
	return nil
}

func checkCodes(field *Field, path string, codes ...string) error {
	for i, code := range codes {
		if _, ok := field.Option(code); !ok || slices.Contains(codes[:i], code) {
			return problem(path, RuleType, "Câu trả lời không có trong danh sách.", "The answer is not on the list.")
		}
	}
	return nil
}

func checkRef(path, value string) error {
	if len(value) > MaxRef {
		return problem(path, RuleLength, "Mã quá dài.", "The code is too long.")
	}
	if !plain(value, "") || strings.ContainsAny(value, " /") {
		return problem(path, RuleType, "Mã không hợp lệ.", "The code is not valid.")
	}
	return nil
}

func tooLong(path string, most int) error {
	return problem(path, RuleLength,
		fmt.Sprintf("Số quá lớn: nhiều nhất %d chữ số.", most),
		fmt.Sprintf("The number is too large: at most %d digits.", most))
}

func problem(path, rule, vi, en string) Problem {
	return Problem{Path: path, Rule: rule, Text: Text{vi, en}}
}

// plain reports whether s is readable text whose only control characters are
// those of allowed.
func plain(s, allowed string) bool {
	for i := range len(s) { // in UTF-8 these bytes stand for nothing else
		if c := s[i]; (c < ' ' || c == 0x7F) && strings.IndexByte(allowed, c) < 0 {
			return false
		}
	}
	return viet.Valid(s)
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
