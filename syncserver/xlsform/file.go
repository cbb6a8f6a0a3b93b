package xlsform

import (
	"bytes"
	"context"
	"errors"
	"path"
	"strings"
	"unicode/utf8"
)

// readFile reads a file by its first bytes; only text files are told apart by their name. It reports whether there
// are macros in it.
func readFile(ctx context.Context, name string, file []byte) (sheets []Sheet, macros bool, err error) {
	if len(file) > MaxFileBytes {
		return nil, false, reached("file", MaxFileBytes, Place{})
	}
	switch kindOf(file) {
	case "":
		sheets, err = readText(ctx, name, file)
	case aZip:
		sheets, macros, err = readXLSX(ctx, file)
	case "compound":
		sheets, macros, err = readXLS(ctx, file)
	case "empty":
		err = EmptyFile.at(Place{})
	default:
		err = wrongFile(kindOf(file))
	}
	return sheets, macros, err
}

// Kinds of files that are called otherwise in the two languages: Vietnamese, English.
const (
	aZip      = "zip"
	plainText = "text"
	unknown   = "unknown"
)

var kindNames = map[string][2]string{
	aZip: {"tệp nén .zip", "a .zip"}, plainText: {"văn bản thường", "plain text"}, unknown: {"tệp không rõ dạng", "of a kind not known"},
}

func wrongFile(kind string) *Problem {
	names, ok := kindNames[kind]
	if !ok {
		names = [2]string{kind, kind}
	}
	return WrongFile.at(Place{}, "vi", names[0], "en", names[1])
}

// kindOf names what the first bytes of a file say that it is: "zip" and "compound" may be workbooks, "" may be text.
func kindOf(file []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) == 0 {
		return "empty"
	}
	for _, m := range []struct{ magic, kind string }{
		{"PK\x03\x04", aZip}, {"PK\x05\x06", aZip}, {compoundMagic, "compound"},
		{"%PDF", "PDF"}, {"\x89PNG", "PNG"}, {"\xff\xd8\xff", "JPEG"}, {"GIF8", "GIF"}, {"\x1f\x8b", "gzip"},
		{"7z\xbc\xaf", "7z"}, {"Rar!", "RAR"}, {"{\\rtf", "RTF"}, {"MZ", "EXE"},
	} {
		if bytes.HasPrefix(file, []byte(m.magic)) {
			return m.kind
		}
	}
	switch {
	case bytes.HasPrefix(file, []byte{0x09, 0x08}), bytes.HasPrefix(file, []byte{0x09, 0x04}), bytes.HasPrefix(file, []byte{0x09, 0x02}):
		return "compound" // an old .xls without a container; the reader says so
	case text[0] == '<':
		return "XML, HTML"
	case text[0] == '{':
		return "JSON"
	case !isUTF16(file) && isBinary(file[:min(len(file), headBytes)]):
		return unknown
	}
	return ""
}

// isBinary reports whether more than one byte in twenty is a control character.
func isBinary(head []byte) bool {
	n := 0
	for _, c := range head {
		n += btoi(c < ' ' && c != '\t' && c != '\n' && c != '\r')
	}
	return n*20 > len(head)
}

// isUTF16 reports whether a file begins with the mark of UTF-16, or every other byte is often 0, as of Latin letters.
func isUTF16(file []byte) bool {
	if bytes.HasPrefix(file, []byte("\xff\xfe")) || bytes.HasPrefix(file, []byte("\xfe\xff")) {
		return true
	}
	head := file[:min(len(file), headBytes)]
	var zeros [2]int
	for i, c := range head {
		zeros[i%2] += btoi(c == 0)
	}
	least, most := min(zeros[0], zeros[1]), max(zeros[0], zeros[1])
	return most*8 > len(head) && least*8 < most
}

// readText reads a .csv or .md file. Without a name that says which, a file with enough bars is a table of Markdown.
func readText(ctx context.Context, name string, file []byte) ([]Sheet, error) {
	if isUTF16(file) {
		return nil, BadEncoding.at(Place{}, "encoding", "UTF-16")
	}
	text := string(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")))
	read, err := textReaderOf(name, text[:min(len(text), headBytes)])
	if err != nil {
		return nil, err
	}
	sheets, err := read(ctx, text)
	if !utf8.ValidString(text) {
		return nil, notUTF8(text, err)
	}
	return sheets, err
}

// textReaderOf finds out how a text is to be read, by its name and beginning.
func textReaderOf(name, head string) (func(context.Context, string) ([]Sheet, error), error) {
	extension := strings.ToLower(path.Ext(name))
	switch {
	case extension != ".csv" && strings.Count(head, "|") >= leastBars:
		return readMarkdown, nil
	case extension != ".md" && strings.Count(head, ",") >= leastCommas:
		return readCSV, nil
	case extension == ".md":
	case strings.Count(head, ";") >= leastCommas:
		return nil, OtherSeparator.at(Place{}, "vi", "dấu chấm phẩy", "en", "semicolons")
	case strings.Count(head, "\t") >= leastCommas:
		return nil, OtherSeparator.at(Place{}, "vi", "dấu tab", "en", "tabs")
	}
	return nil, wrongFile(plainText)
}

// The least form has this many bars or commas in its first bytes.
const (
	headBytes   = 5000
	leastBars   = 5
	leastCommas = 4
)

// notUTF8 names the first cell of a text that is not UTF-8, which its reader stopped at with err, and guesses what it is in.
func notUTF8(text string, err error) error {
	at := 0
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		at += n
	}
	p := Place{Row: strings.Count(text[:at], "\n") + 1}
	var problem *Problem
	switch {
	case errors.As(err, &problem) && problem.Code == BadCharacter:
		if utf8.ValidString(problem.Sheet) {
			p = problem.Place
		}
	case err != nil:
		return err
	}
	return BadEncoding.at(p, "encoding", guessEncoding(text[at:min(len(text), at+headBytes)]))
}
