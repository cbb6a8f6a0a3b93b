package console

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"banlang/shared/clock"
	"banlang/shared/form/declared"
	"banlang/shared/viet"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// auditPage is a page of the audit.
type auditPage struct {
	Entries []audit.Entry
	More    int64 // the next page begins before this entry; 0: there is none
	State   *audit.State
	Broken  bool
	At      int64 // of Broken: the first entry that does not hold
}

const auditRows = 100

// getAudit lists what staff did. To read it is itself noted.
func getAudit(q *Request) error {
	p := auditPage{}
	f := audit.Filter{Account: strings.TrimSpace(q.Q("who")), Act: q.Q("act"), Record: strings.TrimSpace(q.Q("record")), Limit: auditRows + 1,
		From: q.dayMillis("from", 0), To: q.dayMillis("to", 1)}
	f.Before, _ = strconv.ParseInt(q.Q("after"), 10, 64)
	var err error
	if f.Units, f.Accounts, err = q.whoseAudit(); err != nil {
		return err
	}
	if p.Entries, err = q.c.Centre.Staff().Audit().List(q.Context(), f); err != nil {
		return err
	}
	if len(p.Entries) > auditRows {
		p.Entries = p.Entries[:auditRows]
		p.More = p.Entries[auditRows-1].Seq
	}
	if q.Viewer.Can(staff.ReadTerms, q.Viewer.Unit, declared.Ordinary) != nil {
		for i := range p.Entries {
			p.Entries[i].Terms = ""
		}
	}
	if q.Q("check") != "" {
		s, err := q.c.Centre.Staff().Audit().Verify(q.Context())
		var broken *audit.Broken
		switch {
		case errors.As(err, &broken):
			p.Broken, p.At = true, broken.Seq
		case err != nil:
			return err
		default:
			p.State = &s
		}
	}
	e := q.Viewer.Entry(staff.ReadAudit)
	e.Count = int64(len(p.Entries))
	if err := q.c.Centre.Staff().Audit().Write(q.Context(), e); err != nil {
		return err
	}
	return q.show("audit", "audit.title", p)
}

// whoseAudit is what of the audit the viewer reads: what was done to units under his own, and by accounts of those. Whoever is at
// the top of the tree reads all of it.
func (q *Request) whoseAudit() (units, accounts []string, err error) {
	today := q.today()
	if tops := today.Children(""); len(tops) == 1 && tops[0].Code == q.Viewer.Unit {
		return nil, nil, nil
	}
	all, err := q.c.Centre.Staff().Accounts(q.Context(), q.Viewer)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range all {
		accounts = append(accounts, a.Name)
	}
	return q.Viewer.Scope(staff.ReadAudit, declared.Ordinary), accounts, nil
}

// dayMillis is the beginning of a day in the address (yyyy-mm-dd, or as people write it), so many days later; 0: none.
func (q *Request) dayMillis(name string, later int) clock.WallMillis {
	iso, ok := viet.ParseDate(q.Q(name))
	if !ok {
		iso = q.Q(name)
	}
	t, err := time.ParseInLocation(time.DateOnly, iso, viet.Zone)
	if err != nil {
		return 0
	}
	return clock.WallMillis(t.AddDate(0, 0, later).UnixMilli())
}

// ActName is what people call an act of the audit.
func (q *Request) ActName(act string) string {
	if text := q.T("act." + act); text != "act."+act {
		return text
	}
	return act
}

// Acts are the acts that one may look for.
func (auditPage) Acts() (all []string) {
	for _, a := range staff.Acts() {
		all = append(all, string(a))
	}
	return all
}

// WhatOf says what an entry was about: which record of which form, whose, and how many of them.
func (q *Request) WhatOf(e audit.Entry) string {
	var parts []string
	if of := strings.TrimSpace(q.FormTitle(e.Form) + " " + e.Record); of != "" {
		parts = append(parts, of)
	}
	if e.Unit != "" {
		parts = append(parts, q.UnitName(e.Unit))
	}
	if e.Count != 0 {
		parts = append(parts, q.T("audit.count", "n", q.Int(e.Count)))
	}
	return strings.Join(parts, " · ")
}
