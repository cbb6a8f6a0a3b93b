// Package publish owns what must hold before a form is published: that every question says why it is asked, how private it
// is, how long it is kept and who sees it; that nothing is asked of citizens that the programme keeps out of every form; and
// that the expressions do what their author meant. What a program can be sure of is refused, with the row and the next step.
// What only looks like it, because a reviewed term stands there (terms.csv), is for a privacy supervisor to decide: words
// alone know neither that a place of worship is a kind of venue nor what a sentence asks between its lines.
//
// The built-in forms hold to the same rules. Nothing here claims that a form conforms with the law.
package publish

import (
	"cmp"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/xform"
	"banlang/syncserver/xlsform"
)

// Strength is how much a finding weighs.
type Strength int

// The strengths, the weakest first. Zero is no finding.
const (
	Warning         Strength = iota + 1 // the author had better look at it
	NeedsSupervisor                     // published only once a privacy supervisor has agreed
	Refused                             // not published
)

// Finding is what there is to say about one place of a form.
type Finding struct {
	Code     Code
	Question string // its name; "" for the choices and the settings
	xlsform.Place

	blanks blanks
}

// Strength is how much the finding weighs.
func (f Finding) Strength() Strength { return catalogue[f.Code].strength }

// Message says what was found, and where.
func (f Finding) Message(lang fault.Lang) string {
	return f.Place.In(lang) + ": " + f.blanks.fill(catalogue[f.Code].message, lang)
}

// Hint says what to do next.
func (f Finding) Hint(lang fault.Lang) string { return f.blanks.fill(catalogue[f.Code].hint, lang) }

// text is a wording in both languages.
type text struct{ vi, en string }

// longest is how many letters of what stands in a spreadsheet are quoted.
const longest = 200

// same is what needs no translation, as far as a sentence bears it.
func same(s string) text {
	if letters := []rune(s); len(letters) > longest {
		s = string(letters[:longest]) + "…"
	}
	return text{s, s}
}

func (t text) in(lang fault.Lang) string {
	if lang == fault.English {
		return t.en
	}
	return t.vi
}

// blanks are what stands for {name} in a sentence.
type blanks map[string]text

func (b blanks) fill(sentence text, lang fault.Lang) string {
	var pairs []string
	for name, t := range b {
		pairs = append(pairs, "{"+name+"}", t.in(lang))
	}
	return strings.NewReplacer(pairs...).Replace(sentence.in(lang))
}

// Strongest is the strength of the weightiest finding, 0 when there is none.
func Strongest(findings []Finding) Strength {
	strongest := Strength(0)
	for _, f := range findings {
		strongest = max(strongest, f.Strength())
	}
	return strongest
}

// Check opens a form that declare.Convert made of a spreadsheet, and returns it with all that is to be said before it is
// published, in the order of the spreadsheet. A form that cannot be opened is nil, and a finding refuses it.
func Check(form *xlsform.Form) (*xform.Form, []Finding) {
	c := newChecker(form)
	x, err := xform.Parse(form.XML)
	if err == nil {
		c.readQuestions(x)
		c.declarations(x)
	}
	c.expressions()
	if err != nil && Strongest(c.found) < Refused { // a cell that cannot be read is told better than its XForm
		c.notOpened(err)
	}
	c.terms()
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(sheets, a.Sheet), slices.Index(sheets, b.Sheet)), cmp.Compare(a.Row, b.Row))
	})
	return x, c.found
}
