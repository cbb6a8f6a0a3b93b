package xlsform

import (
	"bytes"
	"context"
	"path"
	"strconv"
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
	case "zip":
		sheets, macros, err = readXLSX(ctx, file)
	case "compound":
		sheets, err = readXLS(ctx, file)
	case "empty":
		err = EmptyFile.at(Place{})
	default:
		err = WrongFile.at(Place{}, "found", kindOf(file))
	}
	return sheets, macros, err
}

// kindOf names what the first bytes of a file say that it is: "zip" and "compound" may be workbooks, "" may be text.
func kindOf(file []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) == 0 {
		return "empty"
	}
	for _, m := range []struct{ magic, kind string }{
		{"PK\x03\x04", "zip"}, {"PK\x05\x06", "zip"}, {compoundMagic, "compound"},
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
	}
	return ""
}

// readText reads a .csv or .md file. Without a name that says which, a file with enough bars is a table of Markdown.
func readText(ctx context.Context, name string, file []byte) ([]Sheet, error) {
	if bytes.HasPrefix(file, []byte("\xff\xfe")) || bytes.HasPrefix(file, []byte("\xfe\xff")) {
		return nil, BadEncoding.at(Place{Row: 1}, "encoding", "UTF-16")
	}
	text := string(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")))
	head := text[:min(len(text), headBytes)]
	table, list := strings.Count(head, "|") >= leastBars, strings.Count(head, ",") >= leastCommas
	switch strings.ToLower(path.Ext(name)) {
	case ".md":
		list = false
	case ".csv":
		table = false
	}
	if !utf8.ValidString(text) {
		return nil, notUTF8(text)
	}
	switch {
	case table:
		return readMarkdown(ctx, text)
	case list:
		return readCSV(ctx, text)
	}
	return nil, WrongFile.at(Place{}, "found", "text")
}

// The least form has this many bars or commas in its first bytes.
const (
	headBytes   = 5000
	leastBars   = 5
	leastCommas = 4
)

// notUTF8 finds the first cell of a text that is not UTF-8, and guesses what it is in.
func notUTF8(text string) error {
	at := 0
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		at += n
	}
	line := strings.Count(text[:at], "\n") + 1
	before := text[strings.LastIndexByte(text[:at], '\n')+1 : at]
	p := Place{Row: line, Cell: letters(strings.Count(before, ",")) + strconv.Itoa(line)}
	return BadEncoding.at(p, "encoding", guessEncoding(text[at:min(len(text), at+headBytes)]))
}
