package docx

import (
	"encoding/xml"
	"strconv"
	"strings"

	"banlang/shared/typeset"
	"banlang/syncserver/export"
)

// element is a piece of XML that is written already.
type element string

// tag writes an element: its attributes as pairs of name and value, then what is inside of it.
func tag(name string, attributes []string, inside ...element) element {
	var b strings.Builder
	b.WriteString("<" + name)
	for i := 0; i < len(attributes); i += 2 {
		b.WriteString(" " + attributes[i] + `="` + escaped(attributes[i+1]) + `"`)
	}
	if len(inside) == 0 {
		b.WriteString("/>")
		return element(b.String())
	}
	b.WriteString(">")
	for _, e := range inside {
		b.WriteString(string(e))
	}
	b.WriteString("</" + name + ">")
	return element(b.String())
}

// val is an element whose one attribute is w:val.
func val(name, value string) element { return tag(name, []string{"w:val", value}) }

// escaped is words inside of XML. They are valid there once they are clean.
func escaped(words string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(words)) // a Builder takes everything
	return b.String()
}

// words are the contents of a run: its letters, with its line ends.
func words(text string) []element {
	var all []element
	for i, line := range strings.Split(strings.TrimRight(export.Tidy(text), "\n"), "\n") {
		if i > 0 {
			all = append(all, tag("w:br", nil))
		}
		if line != "" {
			all = append(all, tag("w:t", []string{"xml:space", "preserve"}, element(escaped(line))))
		}
	}
	return all
}

// twips are twentieths of a point, the unit of most lengths; from millimetres.
func twips(mm float64) string { return strconv.Itoa(int(mm/typeset.PerPoint*20 + 0.5)) }

// halves are half points, the unit of sizes of letters.
func halves(points float64) string { return strconv.Itoa(int(points*2 + 0.5)) }
