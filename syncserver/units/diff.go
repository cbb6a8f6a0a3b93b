package units

import (
	"slices"
	"strings"

	"banlang/shared/units"
)

// What becomes of a unit between two trees.
const (
	Added   = "added"   // it was not there
	Ended   = "ended"   // a day was set on which it is no more
	Altered = "altered" // something else of it holds from a day on, or was corrected
	Removed = "removed" // nothing is left of it, not even for the days before
)

// Difference is what becomes of one unit.
type Difference struct {
	Kind   string
	Code   string
	Name   string
	From   string   `json:",omitempty"` // the day from which it is so; "": always
	Into   []string `json:",omitempty"` // what it went up in
	Fields []Alteration
}

// Alteration is a column of a unit that says something else.
type Alteration struct {
	Field         string // the name of the column, in English: "parent"
	Before, After string
}

// Diff says what becomes of the units when one tree takes the place of another, by code.
func Diff(before, after *units.Tree) (all []Difference) {
	old, now := byCode(before), byCode(after)
	var codes []string
	for _, u := range slices.Concat(before.All(), after.All()) {
		codes = append(codes, u.Code)
	}
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		all = append(all, differences(old[code], now[code])...)
	}
	return all
}

func byCode(t *units.Tree) map[string][]units.Unit {
	rows := map[string][]units.Unit{}
	for _, u := range t.All() {
		rows[u.Code] = append(rows[u.Code], u)
	}
	return rows
}

// differences compares the rows of one code.
func differences(old, now []units.Unit) (all []Difference) {
	for i := range now {
		u := &now[i]
		at := slices.IndexFunc(old, func(o units.Unit) bool { return o.From == u.From })
		switch {
		case at >= 0:
			fields := alterations(&old[at], u)
			ends := old[at].To != u.To && u.To != ""
			follows := i+1 < len(now) && now[i+1].From == u.To
			switch {
			case ends && !follows:
				all = append(all, Difference{Ended, u.Code, u.Name, u.To, u.Into, fields})
			case len(fields) > 0:
				all = append(all, Difference{Altered, u.Code, u.Name, u.From, nil, fields})
			case old[at].To != u.To && !follows:
				all = append(all, Difference{Altered, u.Code, u.Name, u.From, nil, []Alteration{{"to", old[at].To, u.To}}})
			}
		case i > 0 && now[i-1].To == u.From:
			if fields := alterations(&now[i-1], u); len(fields) > 0 {
				all = append(all, Difference{Altered, u.Code, u.Name, u.From, nil, fields})
			}
		default:
			all = append(all, Difference{Kind: Added, Code: u.Code, Name: u.Name, From: u.From})
		}
	}
	if len(now) == 0 && len(old) > 0 {
		last := &old[len(old)-1]
		return []Difference{{Kind: Removed, Code: last.Code, Name: last.Name}}
	}
	for i := range old {
		if !slices.ContainsFunc(now, func(u units.Unit) bool { return u.From == old[i].From }) {
			all = append(all, Difference{Kind: Removed, Code: old[i].Code, Name: old[i].Name, From: old[i].From})
		}
	}
	return all
}

// alterations compares what two rows say beside their days.
func alterations(a, b *units.Unit) (all []Alteration) {
	for _, f := range []Alteration{
		{headers[fieldName][0], a.Name, b.Name}, {headers[fieldParent][0], a.Parent, b.Parent},
		{headers[fieldReports][0], a.Reports, b.Reports}, {headers[fieldLevel][0], a.Level, b.Level},
		{headers[fieldPhone][0], a.Phone, b.Phone}, {headers[fieldInto][0], strings.Join(a.Into, " "), strings.Join(b.Into, " ")},
	} {
		if f.Before != f.After && (f.Field != headers[fieldInto][0] || a.To == b.To) {
			all = append(all, f)
		}
	}
	return all
}
