package xlsform

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"banlang/shared/fault"
	"banlang/shared/form/builtin"
)

// TestOldEncodings: a text from before Unicode is refused with the first cell that shows it, the likely encoding and the
// next step.
func TestOldEncodings(t *testing.T) {
	csv := "survey,,,\n,type,name,label\n,text,ten,\"Họ, tên chủ hộ và\nngày sinh, quê quán, địa chỉ\"\n"
	md := "| survey |\n| | type | name | label |\n| | text | ten | Họ và tên chủ hộ, ngày sinh |\n"
	for encoding, encode := range encoders {
		for _, c := range []struct{ name, text, place string }{
			{"ho.csv", csv, "Trang “survey”, dòng 3, ô D3: "}, {"ho.md", md, "Trang “survey”, dòng 3: "},
			{"không có ô.csv", "Họ và tên chủ hộ, ngày sinh,,,\n", "Dòng 1: "},
		} {
			t.Run(encoding+" "+c.name, func(t *testing.T) {
				p := refuseFile(t, c.name, encode(c.text), BadEncoding)
				want := c.place + "Chữ trong tệp không phải UTF-8, có vẻ là " + encoding + "."
				if got := p.Message(fault.Vietnamese); got != want {
					t.Errorf("%s\nwant %s", got, want)
				}
			})
		}
	}
}

// TestUTF16: what Excel calls Unicode is told by its first bytes, or by its zeros.
func TestUTF16(t *testing.T) {
	form := "survey,,,\n,type,name,label\n,text,ten,Họ và tên chủ hộ\n"
	for _, marked := range []string{"\ufeff" + form, form} {
		var little, big []byte
		for _, u := range utf16.Encode([]rune(marked)) {
			little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
		}
		for _, file := range [][]byte{little, big} {
			p := refuseFile(t, "ho.csv", file, BadEncoding)
			if !strings.Contains(p.Message(fault.English), "UTF-16") {
				t.Error(p.Message(fault.English))
			}
		}
	}
}

// TestEncodingsAreGuessed: the texts of each built-in form in each of the old encodings; and as they come out of a machine
// on which they were typed in an old font.
func TestEncodingsAreGuessed(t *testing.T) {
	all, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		var texts []string
		for _, m := range regexp.MustCompile(`<value>([^<]*)</value>`).FindAllSubmatch(f.XML, -1) {
			texts = append(texts, string(m[1]))
		}
		form := strings.Join(texts, "\n")
		if font := legacyFont(form); font != "" {
			t.Errorf("%s, which is in Unicode, seems to be typed in %s", f.ID, font)
		}
		for encoding, encode := range encoders {
			if got := guessEncoding(string(encode(form))); got != encoding {
				t.Errorf("%s in %s: %s", f.ID, encoding, got)
			}
			shown, _ := charmap.ISO8859_1.NewDecoder().Bytes(encode(form))
			if got := legacyFont(string(shown)); got != encoding && (encoding == tcvn3 || encoding == vni) {
				t.Errorf("%s typed in %s: %q", f.ID, encoding, got)
			}
		}
	}
}

// encoders write Vietnamese as it was written before Unicode. What they lack becomes a question mark.
var encoders = map[string]func(string) []byte{
	tcvn3: byTable("ĂÂÊÔƠƯĐăâêôơưđ______àảãáạ_ằẳẵắ_______ặầẩẫấậè_ẻẽéẹềểễếệìỉ___ĩíịò_ỏõóọồổỗốộờởỡớợù_ủũúụừửữứựỳỷỹýỵ", 0xa1, strings.ToLower),
	viscii: byTable("ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ", 0x80,
		func(s string) string { return s }),
	vni:         byVNI,
	windows1258: by1258,
}

// byTable encodes by a table of the letters from a byte on; those that it lacks are tried in another form.
func byTable(letters string, from byte, other func(string) string) func(string) []byte {
	table := map[rune]byte{}
	for i, r := range []rune(letters) {
		if r != '_' { // stands where there is no letter
			table[r] = from + byte(i)
		}
	}
	return func(text string) []byte {
		var out []byte
		for _, r := range text {
			b, ok := table[r]
			if !ok {
				b, ok = table[[]rune(other(string(r)))[0]]
			}
			switch {
			case ok:
				out = append(out, b)
			case r < 0x80:
				out = append(out, byte(r))
			default:
				out = append(out, '?')
			}
		}
		return out
	}
}

// by1258 writes the marks of the tones behind the vowels.
func by1258(text string) []byte {
	var out []byte
	for _, r := range text {
		if b, ok := charmap.Windows1258.EncodeRune(r); ok {
			out = append(out, b)
			continue
		}
		vowel, tone := parted(r)
		for _, part := range norm.NFC.String(vowel) + tone {
			b, ok := charmap.Windows1258.EncodeRune(part)
			if !ok {
				b = '?'
			}
			out = append(out, b)
		}
	}
	return out
}

// parted parts a letter into its vowel, and its tone if it has one.
func parted(r rune) (vowel, tone string) {
	for _, part := range norm.NFD.String(string(r)) {
		if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", part) {
			tone = string(part)
		} else {
			vowel += string(part)
		}
	}
	return norm.NFC.String(vowel), tone
}

// byVNI writes vowels with one mark behind each, for the tone and the hat together. The font has no capitals of its own.
func byVNI(text string) []byte {
	const tones = "\u0301\u0300\u0309\u0303\u0323"
	hats := map[string]struct{ base, marks string }{ // without a tone, then with each of tones
		"â": {"a", "\xe2\xe1\xe0\xe5\xe3\xe4"}, "ê": {"e", "\xe2\xe1\xe0\xe5\xe3\xe4"}, "ô": {"o", "\xe2\xe1\xe0\xe5\xe3\xe4"},
		"ă": {"a", "\xea\xe9\xe8\xfa\xfc\xeb"}, "ơ": {"\xf4", " \xf9\xf8\xfb\xf5\xef"}, "ư": {"\xf6", " \xf9\xf8\xfb\xf5\xef"},
		"i": {"", "i\xed\xec\xe6\xf3\xf2"}, "y": {"y", " \xf9\xf8\xfb\xf5\xee"}, "đ": {"", "\xf1"},
	}
	var out bytes.Buffer
	for _, r := range strings.ToLower(text) {
		vowel, tone := parted(r)
		hat, ok := hats[vowel]
		if !ok {
			hat.base, hat.marks = vowel, " \xf9\xf8\xfb\xf5\xef"
		}
		if vowel > "\u007f" && !ok {
			hat.base = "?"
		}
		at := 0
		if tone != "" {
			at = 1 + strings.Index(tones, tone)/len("\u0301")
		}
		out.WriteString(hat.base)
		if mark := hat.marks[at]; mark != ' ' {
			out.WriteByte(mark)
		}
	}
	return out.Bytes()
}
