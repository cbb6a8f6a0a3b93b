package xlsform

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"banlang/shared/fault"
)

// Place says where in a workbook something is. What does not apply is empty.
type Place struct {
	Sheet  string // "survey", "choices", …
	Row    int    // as the spreadsheet numbers it, from 1
	Column string // the header, as the author wrote it
	Cell   string // "C7", where the file has such names
}

// In names the place to a person.
func (p Place) In(lang fault.Lang) string {
	words := [...]string{"Trang “%s”", "dòng %d", "cột “%s”", "ô %s"}
	if lang == fault.English {
		words = [...]string{"Sheet “%s”", "row %d", "column “%s”", "cell %s"}
	}
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, fmt.Sprintf(words[0], p.Sheet))
	}
	if p.Row > 0 {
		parts = append(parts, fmt.Sprintf(words[1], p.Row))
	}
	if p.Column != "" {
		parts = append(parts, fmt.Sprintf(words[2], p.Column))
	}
	if p.Cell != "" {
		parts = append(parts, fmt.Sprintf(words[3], p.Cell))
	}
	return strings.Join(parts, ", ")
}

// A Problem is what keeps a form from being converted, or, as a warning, what its author should look at. It is an
// error for programs (errors.Is with its Code, or with fault.BadInput or fault.LimitExceeded) and a sentence with a
// next step for people, in both languages.
type Problem struct {
	Code Code
	Place
	details []string // the blanks of the sentence: name, text, name, text, …
}

// A Code names one kind of problem. It is stable, and an error, so that errors.Is(err, code) asks for the kind.
type Code string

func (c Code) Error() string { return string(c) }

// at makes a problem of this kind. The details fill the blanks of the sentence: name, text, name, text, …
func (c Code) at(p Place, details ...string) *Problem {
	return &Problem{Code: c, Place: p, details: details}
}

// Error is the text for the log.
func (p *Problem) Error() string {
	return "xlsform: " + string(p.Code) + ": " + p.Message(fault.English)
}

// Is reports whether target is the code of p, or the fault that p is for the rest of the program.
func (p *Problem) Is(target error) bool {
	switch target {
	case error(p.Code):
		return true
	case error(fault.LimitExceeded):
		return p.Code == LimitReached
	case error(fault.BadInput):
		return p.Code != LimitReached
	}
	return false
}

// Message says what is wrong, and where.
func (p *Problem) Message(lang fault.Lang) string {
	text := p.fill(p.Code.texts(lang).message)
	where := p.Place.In(lang)
	if where == "" {
		return text
	}
	first, n := utf8.DecodeRuneInString(where)
	return string(unicode.ToUpper(first)) + where[n:] + ": " + text
}

// Hint says what to do next.
func (p *Problem) Hint(lang fault.Lang) string { return p.fill(p.Code.texts(lang).hint) }

// longestDetail bounds what of a cell is quoted in a sentence.
const longestDetail = 200

func (p *Problem) fill(sentence string) string {
	pairs := make([]string, len(p.details))
	for i, d := range p.details {
		if i%2 == 0 {
			pairs[i] = "{" + d + "}"
		} else {
			pairs[i] = shorten(d)
		}
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

func shorten(s string) string {
	if len(s) <= longestDetail {
		return s
	}
	cut := longestDetail
	for cut > 0 && s[cut]&0xc0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}

// texts are what people read about one kind of problem, per language.
type texts struct{ vi, en text }

// text is a sentence about what is wrong, and the next step.
type text struct{ message, hint string }

func (c Code) texts(lang fault.Lang) text {
	for _, part := range catalogue {
		if t, ok := part[c]; ok {
			if lang == fault.English {
				return t.en
			}
			return t.vi
		}
	}
	return text{message: string(c)}
}

var catalogue = [...]map[Code]texts{fileTexts, nameTexts, choiceTexts, typeTexts, parameterTexts, entityTexts}

// placed gives a problem without a place the place p; other errors pass.
func placed(err error, p Place) error {
	var problem *Problem
	if errors.As(err, &problem) && problem.Place == (Place{}) {
		problem.Place = p
	}
	return err
}
