package xlsform

import (
	"strings"
	"unicode"
)

// Reading the type column: "begin repeat", "select_one colours or_other", "osm buildings".

// controlType reads "begin X" or "end X" and returns what X stands for: group, repeat or loop; "" if it is neither.
// A begin may name the list that a loop goes over.
func controlType(typ string) (begin bool, kind, list string) {
	rest, begin := strings.CutPrefix(typ, "begin")
	if !begin {
		var end bool
		if rest, end = strings.CutPrefix(typ, "end"); !end {
			return false, "", ""
		}
	}
	if rest == "" || rest[0] != '_' && !unicode.IsSpace(rune(rest[0])) {
		return false, "", ""
	}
	rest = rest[1:]
	if kind := controls[rest]; kind != "" {
		return begin, kind, ""
	}
	if !begin {
		return false, "", ""
	}
	for word, kind := range controls {
		if after, ok := strings.CutPrefix(rest, word+" "); ok {
			after = strings.TrimPrefix(after, "over ")
			if isWord(after) {
				return true, kind, after
			}
		}
	}
	return false, "", ""
}

// isWord reports whether s is not empty and has no space.
func isWord(s string) bool { return s != "" && strings.IndexFunc(s, unicode.IsSpace) < 0 }

// selectType is a type that offers choices.
type selectType struct {
	selectWord
	list  string
	other bool // with one more question for what is not in the list
}

// extension is that of the file that the list stands in, "" for a list of the form.
func (s selectType) extension() string {
	_, ext := splitExtension(s.list)
	return ext
}

func parseSelect(typ string) (selectType, bool) {
	for _, w := range selectWords {
		rest, ok := strings.CutPrefix(typ, w.word+" ")
		if !ok {
			continue
		}
		for _, other := range []string{"", " or specify other", " or_other", " or other"} {
			list, ok := strings.CutSuffix(rest, other)
			if ok && isWord(list) {
				return selectType{w, list, other != ""}, true
			}
		}
	}
	return selectType{}, false
}

// parseOSM returns the list of tags of an osm question.
func parseOSM(typ string) (list string, ok bool) {
	_, rest, ok := strings.Cut(typ, "osm ")
	if !ok {
		return "", false
	}
	if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
		rest = rest[:i]
	}
	return rest, rest != ""
}

// splitExtension parts a file name before its last dot; leading dots do not count.
func splitExtension(name string) (base, extension string) {
	start := strings.LastIndexByte(name, '/') + 1
	for start < len(name) && name[start] == '.' {
		start++
	}
	if dot := strings.LastIndexByte(name, '.'); dot >= start {
		return name[:dot], name[dot:]
	}
	return name, ""
}

// extensions counts the extensions of a file name: two in "a.tar.gz".
func extensions(name string) int {
	name = name[strings.LastIndexByte(name, '/')+1:]
	if strings.HasSuffix(name, ".") {
		return 0
	}
	return strings.Count(strings.TrimLeft(name, "."), ".")
}
