package pivot

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"banlang/shared/fault"
)

// value is an answer as SQLite has it.
type value struct {
	kind   kind
	text   string
	number int64
}

type kind int

const (
	nothing kind = iota
	aNumber
	aText
	other // a number that is no whole one
)

// list reads the values of what json_group_array has made, one after the other. Texts are parts of its own, and not copied,
// but where they have letters that JSON writes otherwise.
type list struct{ rest string }

func newList(text string) list { return list{strings.TrimPrefix(text, "[")} }

// more reports whether there is another value.
func (l *list) more() bool { return len(l.rest) > 1 }

var errList = fault.New(fault.Internal, "pivot", errors.New("a list that SQLite does not make"))

// next takes the next value.
func (l *list) next() (v value, err error) {
	if l.rest == "" {
		return v, errList
	}
	if l.rest[0] == '"' {
		return l.nextText()
	}
	end := strings.IndexAny(l.rest, ",]")
	if end < 0 {
		return v, errList
	}
	word := l.rest[:end]
	l.rest = l.rest[end+1:]
	if word == "null" {
		return v, nil
	}
	if v.number, err = strconv.ParseInt(word, 10, 64); err != nil {
		return value{kind: other}, nil //nolint:nilerr // it is said
	}
	v.kind = aNumber
	return v, nil
}

func (l *list) nextText() (v value, err error) {
	end, escaped := 1, false
	for ; end < len(l.rest) && l.rest[end] != '"'; end++ {
		if l.rest[end] == '\\' {
			escaped = true
			end++
		}
	}
	if end+1 >= len(l.rest) {
		return v, errList
	}
	v = value{kind: aText, text: l.rest[1:end]}
	if escaped {
		err = json.Unmarshal([]byte(l.rest[:end+1]), &v.text)
	}
	l.rest = l.rest[end+2:]
	return v, err
}
