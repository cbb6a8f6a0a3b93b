package console

import (
	"strings"

	"banlang/syncserver/staff"
)

// navItem is one line of the navigation; who may not do the act does not see it.
type navItem struct {
	Group, Key, Icon, Href string
	act                    staff.Act
}

var navigation = []navItem{
	{"nav.group.follow", "nav.grid", "grid_on", "/grid", staff.CountRecords},
	{"nav.group.follow", "nav.stale", "place", "/stale", staff.CountRecords},
	{"nav.group.follow", "nav.map", "map", "/map", staff.CountRecords},
	{"nav.group.follow", "nav.flash", "bolt", "/flash", staff.ReadRecords},
	{"nav.group.do", "nav.inbox", "inbox", "/inbox", staff.ReviewRecord},
	{"nav.group.do", "nav.rejected", "report_problem", "/rejected", staff.ReviewRecord},
	{"nav.group.do", "nav.openings", "lock", "/openings", staff.SecondSealed},
	{"nav.group.do", "nav.openings.own", "key", "/own-openings", staff.OpenSealed},
	{"nav.group.do", "nav.judge", "fact_check", "/judge", staff.ApproveForm},
	{"nav.group.do", "nav.directives", "assignment", "/directives", staff.ReadOrders},
	{"nav.group.figures", "nav.indicators", "table_chart", "/indicators", staff.CountRecords},
	{"nav.group.figures", "nav.reports", "description", "/reports", staff.ReadReports},
	{"nav.group.figures", "nav.records", "list", "/records", staff.ReadRecords},
	{"nav.group.figures", "nav.quality", "fact_check", "/quality", staff.ReadRecords},
	{"nav.group.run", "nav.devices", "computer", "/devices", staff.ReadDevices},
	{"nav.group.run", "nav.accounts", "group", "/accounts", staff.ReadAccounts},
	{"nav.group.run", "nav.units", "account_tree", "/units", staff.ChangeUnits},
	{"nav.group.run", "nav.forms", "description", "/forms", staff.PublishForm},
	{"nav.group.run", "nav.erase", "delete", "/erase", staff.EraseRecord},
	{"nav.group.run", "nav.operate", "storage", "/operate", staff.Operate},
	{"nav.group.run", "nav.audit", "policy", "/audit", staff.ReadAudit},
}

// NavLine is a line of the navigation as it is drawn.
type NavLine struct {
	Heading, Key, Icon, Href string // Heading: of the group that begins here
	Here                     bool
	N                        int    // how many things wait there, or the least that they can be
	Count                    string // the same for people; "" for none
	Urgent                   bool
}

// Nav is the navigation for this viewer.
func (q *Request) Nav() (lines []NavLine) {
	if q.Viewer == nil || q.Viewer.MustRenew {
		return nil
	}
	group := ""
	for _, x := range navigation {
		if !q.Viewer.Has(x.act) {
			continue
		}
		l := NavLine{Key: x.Key, Icon: x.Icon, Href: x.Href, Here: q.URL.Path == x.Href || strings.HasPrefix(q.URL.Path, x.Href+"/")}
		var n navNumber
		if n, l.Urgent = q.waiting(x.Href); n.n > 0 {
			l.N, l.Count = n.n, q.AtLeast(n.n, !n.more)
		}
		if x.Group != group {
			group = x.Group
			l.Heading = x.Group
		}
		lines = append(lines, l)
	}
	return lines
}

// Urgent is the line behind which wait things that cannot, for whoever is on another page; an empty one where there is none.
func (q *Request) Urgent(lines []NavLine) (at NavLine) {
	for _, l := range lines {
		if l.Urgent && !l.Here {
			at = l
		}
	}
	return at
}

// getHome leads to the first page of whoever is signed in; an address that is none is none.
func getHome(q *Request) error {
	lines := q.Nav()
	switch {
	case q.Viewer.MustRenew:
		q.sendTo("/account/passphrase")
	case q.URL.Path != "/":
		return errNoPage
	case len(lines) == 0:
		q.sendTo("/account")
	default:
		q.sendTo(lines[0].Href)
	}
	return nil
}
