package centre

import (
	"context"
	"errors"
	"slices"

	"banlang/shared/fault"
	"banlang/syncserver/staff"
)

// AccountOrder is what whoever works at the centre's machine does with an account: one member beside Name is set.
type AccountOrder struct {
	Name       string
	Add        *staff.Account `json:",omitempty"` // without its name
	Reset      bool           `json:",omitempty"`
	Passphrase string         `json:",omitempty"` // of Add and Reset; "": one is drawn
	Roles      []staff.Role   `json:",omitempty"`
	Unit       string         `json:",omitempty"`
	Disable    *bool          `json:",omitempty"`
	DropCode   bool           `json:",omitempty"`
}

// account does it, and returns the passphrase that was drawn.
func (c *Centre) account(ctx context.Context, who string, o *AccountOrder) (first string, err error) {
	by := staff.Keeper(who)
	switch {
	case o.Add != nil:
		a := *o.Add
		a.Name = o.Name
		if err := checkUnit(a.Unit); err != nil {
			return "", err
		}
		return c.Staff().Create(ctx, by, a, o.Passphrase)
	case o.Reset:
		return c.Staff().Reset(ctx, by, o.Name, o.Passphrase)
	case o.DropCode:
		return "", c.Staff().DropCode(ctx, by, o.Name)
	}
	all, err := c.Staff().Accounts(ctx, by)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(all, func(a staff.Account) bool { return a.Name == o.Name })
	if at < 0 {
		return "", fault.New(fault.NotFound, "account", errors.New("no such name"))
	}
	a := all[at]
	switch {
	case o.Roles != nil:
		a.Roles = o.Roles
	case o.Unit != "":
		if err := checkUnit(o.Unit); err != nil {
			return "", err
		}
		a.Unit = o.Unit
	case o.Disable != nil:
		a.Disabled = *o.Disable
	default:
		return "", fault.New(fault.BadInput, "account", errors.New("an empty order"))
	}
	if err := c.Staff().Change(ctx, by, a); err != nil {
		return "", err
	}
	c.Introduce(ctx, a.Name)
	return "", nil
}
