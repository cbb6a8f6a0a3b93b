// Package units owns how the tree of units (shared/units) comes to be at the centre: lists are read and checked, compared
// with the tree that holds, and applied; units are merged and split. Nothing here is stored: a tree goes in, another comes
// out, with what is wrong with it.
package units

import (
	"fmt"
	"strings"

	"banlang/shared/form"
	"banlang/shared/units"
)

// Limits of a list, and of what stands in it.
const (
	MaxFile  = 8 << 20 // bytes; the three levels before 2025 have 0.4 MB
	MaxRows  = 100_000
	MaxCode  = 32 // bytes of a code
	MaxName  = 200
	MaxPhone = 40
)

// Problem is something that keeps a list from being applied: where, what, and the next step.
type Problem struct {
	Line   int    `json:",omitempty"` // of the file, from 1; 0: it is not in the file
	Column int    `json:",omitempty"` // from 1; 0: the whole line
	Header string `json:",omitempty"` // of the column, as the file writes it
	Code   string `json:",omitempty"` // of the unit that it is about
	What   form.Text
	Next   form.Text
}

// In says the problem in one line.
func (p *Problem) In(lang string) string {
	where := ""
	if p.Line > 0 {
		where = fmt.Sprintf(form.Text{VI: "dòng %d", EN: "line %d"}.In(lang), p.Line)
		if p.Column > 0 {
			where += fmt.Sprintf(form.Text{VI: ", cột %d", EN: ", column %d"}.In(lang), p.Column)
			if p.Header != "" {
				where += " (" + p.Header + ")"
			}
		}
		where += ": "
	}
	return where + p.What.In(lang) + " " + p.Next.In(lang)
}

// text fills both languages of a text with the same arguments.
func text(vi, en string, args ...any) form.Text {
	if len(args) == 0 {
		return form.Text{VI: vi, EN: en}
	}
	return form.Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}
}

// ValidCode reports whether a code is one that records and devices may bear.
func ValidCode(code string) bool {
	return code != "" && len(code) <= MaxCode && code[0] != '.' &&
		strings.Trim(strings.ToLower(code), "abcdefghijklmnopqrstuvwxyz0123456789_.-") == ""
}

// index finds a level in the order of levels; -1 for one that is not there.
func index(levels []units.Level, id string) int {
	for i, l := range levels {
		if l.ID == id {
			return i
		}
	}
	return -1
}
