package form

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"banlang/shared/envelope"
	"banlang/shared/viet"
)

// Limits of single values. They hold at the notebook and at the centre, which
// refuses a change that breaks one (decision 4). What a form asks beyond them is a
// constraint, and refuses nothing.
const (
	MaxLetters   = 20_000 // letters (code points) of a text: eight printed pages
	MaxIntDigits = 15     // so that thousands of them still sum in an int64
	MaxPlaces    = 15     // digits after the point
	MaxRowID     = 64     // bytes of the name of a row
)

// Thousandths is how many decimals Scaled keeps for figures: grams of a kilogram.
const Thousandths = 3

// CheckValue judges one change by itself, as the centre does (decision 4): the form knows the path and stores it, the
// value has the type and the length of its field, and what must be sealed is. An empty value clears a field and is always
// right. It knows nothing of other fields: that is for a Filling. The error is a Problem, or nil.
func (f *Form) CheckValue(path, value string) error {
	field, ok := f.Field(path)
	if !ok || !field.Stored {
		return problem(path, RulePath, "Biểu mẫu không có trường này.", "The form has no such field.")
	}
	for s := range f.steps(path) {
		if len(s.row) > MaxRowID || !plain(s.row, "") {
			return problem(path, RulePath, "Tên dòng không hợp lệ.", "The name of the row is not valid.")
		}
	}
	switch {
	case value == "":
		return nil
	case !field.Sealed():
		return field.check(path, value)
	case !envelope.IsSealed(value):
		return problem(path, RuleSealed, "Nội dung này phải được niêm phong trước khi gửi.", "This must be sealed before it leaves the machine.")
	}
	return nil
}

var (
	times = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$`)
	place = regexp.MustCompile(`^-?[0-9]{1,3}(\.[0-9]{1,15})?( -?[0-9]{1,9}(\.[0-9]{1,15})?){1,3}$`)
)

// check looks at one value that is not empty.
func (f *Field) check(path, value string) error {
	switch f.Type {
	case TypeInt:
		return checkInt(path, value)
	case TypeDecimal:
		return checkDecimal(path, value)
	case TypeDate:
		if !viet.ValidDate(value) {
			return problem(path, RuleType, "Không phải một ngày có thật.", "This is not a day of the calendar.")
		}
	case TypeTime:
		if !times.MatchString(value) {
			return problem(path, RuleType, "Cần giờ và phút, như 14:30.", "An hour and minutes are needed, as 14:30.")
		}
	case TypeDateTime:
		day, clock, ok := strings.Cut(value, "T")
		if !viet.ValidDate(day) || ok && !times.MatchString(clock) {
			return problem(path, RuleType, "Cần ngày và giờ.", "A day and an hour are needed.")
		}
	case TypeBool:
		if value != "1" && value != "0" {
			return problem(path, RuleType, "Chỉ nhận có hoặc không.", "Only yes or no is taken.")
		}
	case TypeChoice:
		return f.checkChoices(path, value)
	case TypeMultichoice, TypeRank:
		return f.checkChoices(path, strings.Split(value, " ")...)
	case TypePlace:
		if slices.ContainsFunc(strings.Split(value, ";"), func(p string) bool { return p != "" && !place.MatchString(strings.TrimSpace(p)) }) {
			return problem(path, RuleType, "Cần vĩ độ và kinh độ, như 14,0583 108,2772.", "A latitude and a longitude are needed, as 14.0583 108.2772.")
		}
	}
	return checkText(path, value, f.Type == TypeText)
}

func checkText(path, value string, lines bool) error {
	controls := ""
	if lines {
		controls = "\n\t"
	}
	if !plain(value, controls) {
		return problem(path, RuleType, "Có ký tự không đọc được.", "It holds characters that cannot be read.")
	}
	if len(value) <= MaxLetters { // a letter has at least one byte
		return nil
	}
	if n := utf8.RuneCountInString(value); n > MaxLetters {
		return problem(path, RuleLength,
			fmt.Sprintf("Dài %s chữ cái, nhiều nhất là %s.", viet.Int(int64(n)), viet.Int(MaxLetters)),
			fmt.Sprintf("It has %d letters; the most is %d.", n, MaxLetters))
	}
	return nil
}

func checkInt(path, value string) error {
	digits := strings.TrimPrefix(value, "-")
	if !allDigits(digits) {
		return problem(path, RuleType, "Cần một số nguyên.", "A whole number is needed.")
	}
	if len(digits) > MaxIntDigits {
		return tooLong(path)
	}
	return nil
}

func checkDecimal(path, value string) error {
	whole, places, hasPoint := strings.Cut(strings.TrimPrefix(value, "-"), ".")
	if !allDigits(whole) || hasPoint && !allDigits(places) {
		return problem(path, RuleType, "Cần một con số.", "A number is needed.")
	}
	if len(whole) > MaxIntDigits {
		return tooLong(path)
	}
	if len(places) > MaxPlaces {
		return problem(path, RuleLength,
			fmt.Sprintf("Nhiều nhất %d chữ số sau dấu phẩy.", MaxPlaces),
			fmt.Sprintf("At most %d digits after the comma.", MaxPlaces))
	}
	return nil
}

// checkChoices looks whether the values are choices, each once. Where the list is not in the form, or other answers
// narrow it, more is for a Filling to say.
func (f *Field) checkChoices(path string, values ...string) error {
	for i, v := range values {
		if v == "" || f.choices != nil && !f.choices[v] || slices.Contains(values[:i], v) {
			return problem(path, RuleChoice, "Câu trả lời không có trong danh sách.", "The answer is not on the list.")
		}
		if f.choices == nil && !plain(v, "") {
			return problem(path, RuleType, "Mã không hợp lệ.", "The code is not valid.")
		}
	}
	return nil
}

func tooLong(path string) error {
	return problem(path, RuleLength,
		fmt.Sprintf("Số quá lớn: nhiều nhất %d chữ số.", MaxIntDigits),
		fmt.Sprintf("The number is too large: at most %d digits.", MaxIntDigits))
}

// Scaled reads an int or decimal value exactly, as a multiple of 10^-places:
// Scaled("1.5", 3) gives 1500. It reports false for the empty string, for more
// decimals than places, for whatever CheckValue refuses as a number, and for what does
// not fit.
func Scaled(value string, places int) (n int64, ok bool) {
	whole, fraction, hasPoint := strings.Cut(value, ".")
	digits := strings.TrimPrefix(whole, "-")
	if !allDigits(digits) || len(digits) > MaxIntDigits || len(fraction) > places || hasPoint && !allDigits(fraction) {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
	return n, err == nil
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
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
