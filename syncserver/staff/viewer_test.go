package staff_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
	"banlang/syncserver/staff"
)

// forest is a small tree: 52 over 52.A and 52.B, 52.A over two communes; and 60 beside it.
type forest struct{}

var units = []string{"52", "52.A", "52.A.1", "52.A.2", "52.B", "60"}

func (forest) Within(code, ancestor string) bool {
	return slices.Contains(units, code) && (code == ancestor || strings.HasPrefix(code, ancestor+"."))
}

func (f forest) Under(code string) (under []string) {
	for _, u := range units {
		if f.Within(u, code) {
			under = append(under, u)
		}
	}
	return under
}

// TestEveryRoleAndAct asks every act of every role, for every unit and compartment, and holds the answers against what must hold
// whatever the table says.
func TestEveryRoleAndAct(t *testing.T) {
	w := open(t)
	allowed := 0
	for _, role := range staff.AllRoles {
		v := w.signedIn(t, "52.A", role)
		for _, act := range append(staff.Acts(), "no.such.act", "") {
			some := false
			for _, c := range append(slices.Clone(declared.Compartments), "no-such", "") {
				for _, unit := range append(slices.Clone(units), "52.A.9", "52.AB", "") {
					err := v.Can(act, unit, c)
					if err != nil && !errors.Is(err, fault.NotAllowed) {
						t.Fatalf("%s %s %s %s: %v", role, act, unit, c, err)
					}
					if err == nil {
						allowed++
						some = true
						checkAllowed(t, role, act, unit, c)
					}
					if in := slices.Contains(v.Scope(act, c), unit); in != (err == nil) {
						t.Errorf("%s %s %s/%s: in scope %t, allowed %t", role, act, unit, c, in, err == nil)
					}
				}
			}
			if some != v.Has(act) {
				t.Errorf("%s: has %s %t, may somewhere %t", role, act, v.Has(act), some)
			}
		}
	}
	if allowed < 100 {
		t.Errorf("only %d are allowed: nothing is shown", allowed)
	}
}

// checkAllowed: what is allowed is within the subtree; values of tips and petitions, and what is against officers, are of the own
// unit; who administers, supervises or compiles sees no record.
func checkAllowed(t *testing.T, role staff.Role, act staff.Act, unit, compartment string) {
	t.Helper()
	said := fmt.Sprintf("%s may %s of %s/%s", role, act, unit, compartment)
	if !(forest{}).Within(unit, "52.A") || !slices.Contains(declared.Compartments, compartment) {
		t.Error(said)
	}
	values := slices.Contains([]staff.Act{staff.ReadRecords, staff.PrintRecord, staff.ExportRecord, staff.ReviewRecord, staff.OpenSealed}, act)
	if values && compartment != declared.Ordinary && unit != "52.A" {
		t.Error(said)
	}
	if values && slices.Contains([]staff.Role{staff.Administer, staff.Supervise, staff.Compile}, role) {
		t.Error(said)
	}
}

// TestWhereIsSees puts a row of every unit and compartment into a real table: the condition finds the rows that may be seen.
func TestWhereIsSees(t *testing.T) {
	w := open(t)
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "rows.db")}, sqlite.Schema{ApplicationID: 1,
		Migrations: []sqlite.Migration{"CREATE TABLE records (unit TEXT, compartment TEXT) STRICT;"}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(t.Context(), func(tx *sqlite.Tx) error {
		for _, u := range append(slices.Clone(units), "52.AB", "") {
			for _, c := range append(slices.Clone(declared.Compartments), "no-such") {
				if err := tx.Exec("INSERT INTO records VALUES (?, ?)", u, c); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range units {
		for _, role := range staff.AllRoles {
			v := w.signedIn(t, unit, role)
			for _, table := range []string{"", "records"} {
				where, args := v.Where(staff.ReadRecords, table)
				err := db.View(t.Context(), func(tx *sqlite.Tx) error {
					rows := tx.Query("SELECT unit, compartment, "+where+" FROM records", args...)
					n := 0
					for rows.Next() {
						n++
						if rows.Bool(2) != v.Sees(rows.Text(0), rows.Text(1)) {
							t.Errorf("%s of %s: %s/%s: the condition says %t", role, unit, rows.Text(0), rows.Text(1), rows.Bool(2))
						}
					}
					if n != 40 {
						t.Errorf("%d rows", n)
					}
					return rows.Err()
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestWhoIsNobody: a viewer that was not made by a session may do nothing.
func TestWhoIsNobody(t *testing.T) {
	v := &staff.Viewer{Unit: "52", Roles: nil}
	for _, act := range staff.Acts() {
		if v.Can(act, "52", declared.Ordinary) == nil || v.Scope(act, declared.Ordinary) != nil {
			t.Errorf("nobody may %s", act)
		}
	}
	if where, args := v.Where(staff.ReadRecords, ""); where != "0" || args != nil {
		t.Error(where)
	}
}
