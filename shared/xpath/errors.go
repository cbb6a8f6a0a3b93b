package xpath

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Code says what went wrong, for a program.
type Code string

// The codes.
const (
	CodeSyntax    Code = "syntax"    // the text is no expression
	CodeArguments Code = "arguments" // too many or too few arguments
	CodeFunction  Code = "function"  // a function that is not known
	CodePrefix    Code = "prefix"    // a namespace prefix that is not declared
	CodeVariable  Code = "variable"  // a variable that has no value
	CodeInstance  Code = "instance"  // an instance that is not there
	CodeType      Code = "type"      // a node-set is needed and something else given
	CodeValue     Code = "value"     // a value that the function cannot take, such as a date that is none
	CodeLimit     Code = "limit"     // one of Limits is passed
	CodeHost      Code = "host"      // a function of the caller failed; Unwrap gives its error
)

// An Error is what Compile and the evaluations return, and nothing else.
type Error struct {
	Code    Code
	Text    string // the expression
	Column  int    // where in it, in characters, from 1; at the end of the text one more than its length
	Message string // for a person, without the position
	Cause   error  // of CodeHost

	placed bool // Text and Column are final; before, Column is a byte offset
}

// Error says what and where.
func (e *Error) Error() string {
	return fmt.Sprintf("xpath: column %d: %s", e.Column, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Excerpt returns the expression, shortened around the column, and under it a caret that points there. Both lines end
// with a line break.
func (e *Error) Excerpt() string {
	const around = 30
	text := []rune(strings.Map(flatten, e.Text))
	at := min(max(e.Column-1, 0), len(text))
	from, to := max(0, at-around), min(len(text), at+around)
	return string(text[from:to]) + "\n" + strings.Repeat(" ", at-from) + "^\n"
}

// flatten makes line breaks and tabs one column wide.
func flatten(r rune) rune {
	switch r {
	case '\n', '\r', '\t':
		return ' '
	}
	return r
}

// place is where in the expression something stands: a byte offset, turned into a column when it is shown.
type place int

func failf(at place, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Column: int(at), Message: fmt.Sprintf(format, args...)}
}

// copied returns the error for another evaluation to complete.
func (e *Error) copied() *Error {
	c := *e
	return &c
}

// in completes an error that was made with a place: the text, and the column in characters. One that is complete stays
// as it is.
func (e *Error) in(text string) *Error {
	if e.placed {
		return e
	}
	offset := min(max(e.Column, 0), len(text))
	e.Text, e.Column, e.placed = text, 1+utf8.RuneCountInString(text[:offset]), true
	return e
}
