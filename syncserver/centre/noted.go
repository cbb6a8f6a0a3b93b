package centre

import (
	"fmt"
	"strings"

	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// noted is what the audit says of a request that was done. Accounts and erasures note themselves; figures that name nobody are not
// noted.
func noted(r Request, a Reply) (all []audit.Entry) {
	switch {
	case r.Enrol != nil:
		for _, f := range a.Enrolled {
			e := r.by().Entry(staff.EnrolDevice)
			e.Unit, e.Record, e.Reason = f.Unit, fmt.Sprint(f.Replica), f.Name
			all = append(all, e)
		}
		return all
	case r.Review != nil:
		for _, x := range a.Reviewed {
			if x.Outcome != ReviewDone {
				continue
			}
			e := r.by().Entry(staff.ReviewRecord)
			e.Unit, e.Form, e.Record, e.Count = x.Unit, x.Form, x.Record.String(), 1
			e.Reason = strings.TrimSpace(r.Review.State + " " + r.Review.Note)
			all = append(all, e)
		}
		return all
	}
	e := r.by().Entry("")
	e.Act, e.Record, e.Reason = notedOfRecords(&e, r, a)
	if e.Act == "" {
		e.Act, e.Record, e.Reason = notedOfOffice(&e, r, a)
	}
	if e.Act == "" {
		return nil
	}
	return []audit.Entry{e}
}

// notedOfRecords are requests about what devices wrote or get, and about devices. What else there is to say it enters itself.
func notedOfRecords(e *audit.Entry, r Request, a Reply) (act, record, reason string) {
	as := func(act staff.Act, record, reason string) (string, string, string) {
		return string(act), record, reason
	}
	switch {
	case r.Grant != nil:
		return as(staff.GrantDevice, fmt.Sprint(r.Grant.Replica), granted(r.Grant))
	case r.Loss != nil:
		word := map[bool]string{true: "lost: ", false: "found: "}[r.Loss.Lost]
		return as(staff.GrantDevice, fmt.Sprint(r.Loss.Replica), word+r.Loss.By+": "+r.Loss.Reason)
	case r.Release != nil:
		e.Unit, e.Form, e.Count = a.Released.Unit, a.Released.Form, 1
		return as(staff.ReviewRecord, a.Released.Dot.String(), strings.TrimSpace("release "+r.Release.Reason))
	case r.Choose != nil && a.Chosen.Outcome == ReviewDone:
		e.Unit, e.Form, e.Count = a.Chosen.Unit, a.Chosen.Form, 1
		return as(staff.ReviewRecord, a.Chosen.Record.String(), "chose "+r.Choose.Path)
	case r.Opening != nil:
		return as(staff.OpenSealed, a.Opening.Record.String(), r.Opening.Path+": "+strings.Join(r.Opening.By, ", ")+": "+r.Opening.Reason)
	case r.Escrow != nil:
		return as(staff.OpenSealed, fmt.Sprint(r.Escrow.Replica), "escrow: "+strings.Join(r.Escrow.By, ", ")+": "+r.Escrow.Reason)
	case r.Photo != "":
		return as(staff.ReadRecords, r.Photo, "photo")
	case r.SendDirective != nil && !r.SendDirective.Try && len(a.Sent.Problems) == 0:
		e.Unit, e.Count = r.SendDirective.Issuer, int64(len(a.Sent.To))
		return as(staff.SendOrders, a.Sent.Record.String(), "")
	case r.FlashList != nil:
		e.Count = int64(len(a.Flashes))
		return as(staff.ReadRecords, "", "flash list")
	case r.FlashAck != nil && len(a.FlashAck.Problems) == 0 && a.FlashAck.Already == nil:
		return as(staff.AckFlash, r.FlashAck.Report, "")
	}
	return "", "", ""
}

// notedOfOffice are requests about the centre itself, its units and its forms.
func notedOfOffice(e *audit.Entry, r Request, a Reply) (act, record, reason string) {
	as := func(act staff.Act, reason string) (string, string, string) { return string(act), "", reason }
	switch {
	case r.Backup != nil:
		return as(staff.Operate, "backup")
	case r.Drill:
		return as(staff.Operate, "drill")
	case r.Recipient != nil:
		e.Unit = r.Recipient.Unit
		return as(staff.ChangeKeys, strings.TrimSpace(r.Recipient.Name+" "+r.Recipient.Key))
	case r.FlashWait != nil:
		e.Unit = r.FlashWait.Unit
		return as(staff.Operate, fmt.Sprintf("a flash report climbs after %d min", r.FlashWait.Minutes))
	case r.AlterUnits != nil && !r.AlterUnits.Try && len(a.Altered.Problems) == 0:
		e.Count = int64(len(a.Altered.Differences))
		return as(staff.ChangeUnits, r.AlterUnits.what())
	case r.PutBoundaries != nil && r.PutBoundaries.Drop != "":
		return as(staff.ChangeUnits, "dropped boundaries: "+r.PutBoundaries.Drop)
	case r.PutBoundaries != nil:
		e.Count = int64(a.BoundariesPut.Shapes)
		return as(staff.ChangeUnits, "boundaries: "+a.BoundariesPut.Names)
	case r.PublishForm != nil && !r.PublishForm.Try && !a.Upgrade.Already:
		p := r.PublishForm.Publication
		e.Form, e.Count = p.ID, int64(a.Upgrade.Records)
		return as(staff.PublishForm, strings.TrimSpace("publish "+p.Version+" "+p.Supervisor))
	case r.RetireForm != "":
		e.Form = r.RetireForm
		return as(staff.PublishForm, "retire")
	}
	return "", "", ""
}

// what a change of the units is.
func (q *AlterUnits) what() string {
	switch {
	case q.Merge != nil:
		return "merged " + strings.Join(q.Merge.Units, " ") + " into " + q.Merge.Into
	case q.Split != nil:
		return "split " + q.Split.Unit
	}
	return "list"
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
