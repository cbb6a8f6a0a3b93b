package staff

import (
	"fmt"
	"slices"
	"strings"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
	"banlang/syncserver/audit"
)

// Tree says which units are under which, on one day: the administrative tree, and no other. To whom a unit reports lets nobody see
// it. Every unit is under itself; of a code that it does not know, nothing is.
type Tree interface {
	Under(code string) []string // the subtree, the unit itself included
	Within(code, ancestor string) bool
}

// Viewer is somebody who is signed in, as he is at the moment of one request: the one who is asked whether something may be
// seen or done. It is made anew for every request (Staff.Session) and is not kept.
type Viewer struct {
	Account string // name of the account
	Name    string // of the person
	Unit    string // whose he is; "" for the keeper, who is of none
	Roles   []Role
	From    string // the address that he asks from, for the audit

	Code      bool             // signs in with a code too (TOTP)
	MustRenew bool             // has a passphrase that somebody else gave him: may do nothing but choose his own
	Confirmed clock.WallMillis // when he last gave his passphrase
	now       clock.WallMillis
	session   []byte // the hash of the token; nil: no session
	tree      Tree
	keeper    bool
}

// ConfirmTime is how old a passphrase may be for acts that ask for it, in ms.
const ConfirmTime clock.WallMillis = 5 * 60 * 1000

// Keeper is who works at the centre's own machine: whoever may read its directory may do everything with it anyway. The name
// is for the audit.
func Keeper(name string) *Viewer {
	return &Viewer{Name: name, From: name + "@centre", keeper: true}
}

// May reports whether the account has the role. What follows of it Can says.
func (v *Viewer) May(r Role) bool { return slices.Contains(v.Roles, r) }

// Can decides whether an act is allowed on what belongs to a unit and a compartment; nil: it is. Acts that are about no record
// are asked for in declared.Ordinary; those about the whole centre for the root of the tree.
//
// Otherwise it is fault.NotAllowed; fault.ConfirmFirst when nothing is missing but the passphrase (Staff.Confirm);
// fault.PassphraseDue when the account must first choose its own.
func (v *Viewer) Can(a Act, unit, compartment string) error {
	const op = "staff.Can"
	if v.keeper {
		return nil
	}
	r := rules[a]
	switch {
	case !v.reaches(r.in(compartment), unit) || !slices.ContainsFunc(r.roles, v.May):
		return fault.New(fault.NotAllowed, op, fmt.Errorf("%s", a))
	case v.MustRenew:
		return fault.New(fault.PassphraseDue, op, nil)
	case r.confirm && !v.isConfirmed():
		return fault.New(fault.ConfirmFirst, op, fmt.Errorf("%s", a))
	}
	return nil
}

// isConfirmed: a passphrase of the future is none, so that a clock that is set back does not make one last.
func (v *Viewer) isConfirmed() bool {
	return v.Confirmed <= v.now && v.now-v.Confirmed <= ConfirmTime
}

func (v *Viewer) reaches(r reach, unit string) bool {
	switch r {
	case own:
		return unit != "" && unit == v.Unit
	case subtree:
		return unit != "" && (unit == v.Unit || v.tree.Within(unit, v.Unit))
	}
	return false
}

// Sees reports whether the values of records of a unit and compartment may be before his eyes: Can(ReadRecords, …) as yes or
// no.
func (v *Viewer) Sees(unit, compartment string) bool {
	return v.Can(ReadRecords, unit, compartment) == nil
}

// Has reports whether he may do an act somewhere, so that a page or button is offered. It does not ask for the passphrase.
func (v *Viewer) Has(a Act) bool {
	return v.keeper || !v.MustRenew && slices.ContainsFunc(rules[a].roles, v.May)
}

// Scope lists the units for which the act is allowed in a compartment, sorted; nil: none. It does not ask for the passphrase.
// The keeper has none: he does not use the console.
func (v *Viewer) Scope(a Act, compartment string) []string {
	if v.keeper || !v.Has(a) {
		return nil
	}
	switch rules[a].in(compartment) {
	case own:
		return []string{v.Unit}
	case subtree:
		under := slices.Clone(v.tree.Under(v.Unit))
		if !slices.Contains(under, v.Unit) {
			under = append(under, v.Unit)
		}
		slices.Sort(under)
		return under
	}
	return nil
}

// Where is Scope as a condition on rows that have the columns "unit" and "compartment" (of the table or alias, "" for none),
// with its arguments: exactly the rows for which Can allows the act, the passphrase apart. Where there are none it is "0".
func (v *Viewer) Where(a Act, table string) (condition string, args []any) {
	if table != "" {
		table += "."
	}
	var parts []string
	for _, c := range declared.Compartments {
		switch units := v.Scope(a, c); {
		case len(units) == 1:
			parts = append(parts, fmt.Sprintf("(%scompartment = ? AND %sunit = ?)", table, table))
			args = append(args, c, units[0])
		case len(units) > 1:
			parts = append(parts, fmt.Sprintf("(%scompartment = ? AND %sunit IN (SELECT value FROM json_each(?)))", table, table))
			args = append(args, c, sqlite.List(units))
		}
	}
	if parts == nil {
		return "0", nil
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// Entry begins a line of the audit: who does what, from where.
func (v *Viewer) Entry(a Act) audit.Entry {
	return audit.Entry{Account: v.Account, From: v.From, Act: string(a)}
}

// alone is the tree before there is one: every unit for itself.
type alone struct{}

func (alone) Under(code string) []string        { return []string{code} }
func (alone) Within(code, ancestor string) bool { return code == ancestor }
