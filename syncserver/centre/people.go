package centre

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/syncserver/audit"
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
	return "", c.Staff().Change(ctx, by, a)
}

// noted is what the audit says of a request that was done. Accounts note themselves; figures that name nobody are not noted.
func noted(r Request, a Reply) []audit.Entry {
	e := r.by().Entry("")
	as := func(act staff.Act, record, reason string) []audit.Entry {
		e.Act, e.Record, e.Reason = string(act), record, reason
		return []audit.Entry{e}
	}
	switch {
	case r.Enrol != nil:
		var all []audit.Entry
		for _, f := range a.Enrolled {
			e.Unit = f.Unit
			all = append(all, as(staff.EnrolDevice, fmt.Sprint(f.Replica), f.Name)...)
		}
		return all
	case r.Grant != nil:
		return as(staff.GrantDevice, fmt.Sprint(r.Grant.Replica), granted(r.Grant))
	case r.Release != nil:
		return as(staff.ReviewRecord, a.Dot.String(), "release")
	case r.Erase != nil:
		return as(staff.EraseRecord, a.Dot.String(), strings.Join(r.Erase.Paths, " "))
	case r.Backup != nil:
		return as(staff.Operate, "", "backup")
	case r.Drill:
		return as(staff.Operate, "", "drill")
	case r.Recipient != nil:
		e.Unit = r.Recipient.Unit
		return as(staff.ChangeKeys, "", r.Recipient.Key)
	case r.Opening != nil:
		return as(staff.OpenSealed, a.Opening.Record.String(), r.Opening.Path+": "+strings.Join(r.Opening.By, ", ")+": "+r.Opening.Reason)
	case r.Escrow != nil:
		return as(staff.OpenSealed, fmt.Sprint(r.Escrow.Replica), "escrow: "+strings.Join(r.Escrow.By, ", ")+": "+r.Escrow.Reason)
	case r.Loss != nil:
		word := map[bool]string{true: "lost: ", false: "found: "}[r.Loss.Lost]
		return as(staff.GrantDevice, fmt.Sprint(r.Loss.Replica), word+r.Loss.By+": "+r.Loss.Reason)
	case r.SendDirective != nil && !r.SendDirective.Try && len(a.Sent.Problems) == 0:
		e.Unit, e.Count = r.SendDirective.Issuer, int64(len(a.Sent.To))
		return as(staff.SendOrders, a.Sent.Record.String(), "")
	case r.FlashList != nil:
		e.Count = int64(len(a.Flashes))
		return as(staff.ReadRecords, "", "flash list")
	case r.FlashAck != nil && len(a.FlashAck.Problems) == 0 && a.FlashAck.Already == nil:
		return as(staff.AckFlash, r.FlashAck.Report, "")
	case r.FlashWait != nil:
		e.Unit = r.FlashWait.Unit
		return as(staff.Operate, "", fmt.Sprintf("a flash report climbs after %d min", r.FlashWait.Minutes))
	case r.PublishForm != nil && !r.PublishForm.Try && !a.Upgrade.Already:
		e.Form = r.PublishForm.Publication.ID
		return as(staff.PublishForm, "", "publish")
	case r.RetireForm != "":
		e.Form = r.RetireForm
		return as(staff.PublishForm, "", "retire")
	case r.Photo != "":
		return as(staff.ReadRecords, r.Photo, "photo")
	}
	return nil
}

func granted(g *Grant) string {
	if g.Revoke {
		return "revoked"
	}
	feeds := make([]string, len(g.Feeds))
	for i, f := range g.Feeds {
		feeds[i] = string(f)
	}
	return strings.Join(feeds, " ")
}
