package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// deviceRows is how many devices a page shows.
const deviceRows = 50

// When a device is to be looked at.
const (
	silentTime = 7 * 24 * time.Hour // without contact
	clockOff   = time.Hour          // its clock
	clockRight = time.Minute        // off by less is right
)

// Device is a device as a page shows it.
type Device struct {
	centre.Account
	Gap    int  // how many changes it has saved that are not here
	Silent bool // no contact for silentTime, or never since it has its file
	Off    bool // its clock is wrong by clockOff
}

// Look reports whether somebody should look at it.
func (d Device) Look() bool { return !d.Revoked && (d.Gap > 0 || d.Copied > 0 || d.Silent || d.Off) }

// devicesPage is a page of the devices, those that somebody should look at first.
type devicesPage struct {
	Rows                           []Device
	All, Bad, Gaps, Copies, Clocks int
	Lost                           int
	Quietest                       *Device // of those that were ever in contact
	Program                        string  // the newest
	Current                        int     // devices that have it
	Next                           int     // 0: this is the end
}

// devices are those of the units whose devices the viewer may see. One that nobody knows the unit of is the root's.
func (q *Request) devices() (all []Device, err error) {
	accounts, err := q.c.Centre.Accounts(q.Context())
	if err != nil {
		return nil, err
	}
	now := q.now()
	root := q.today().Parent(q.Viewer.Unit) == ""
	for _, a := range accounts {
		if a.Unit == "" && !root || a.Unit != "" && q.Viewer.Can(staff.ReadDevices, a.Unit, declared.Ordinary) != nil {
			continue
		}
		d := Device{Account: a, Gap: lacks(&a), Off: a.Seen != 0 && time.Duration(abs(a.Skew))*time.Millisecond >= clockOff, Silent: a.Enrolled && now.Sub(at(a.Seen)) >= silentTime}
		all = append(all, d)
	}
	return all, nil
}

func abs(n int64) int64 { return max(n, -n) }

func getDevices(q *Request) error {
	all, err := q.devices()
	if err != nil {
		return err
	}
	if under := q.under(); under != nil {
		all = slices.DeleteFunc(all, func(d Device) bool { return !slices.Contains(under, d.Unit) })
	}
	p := devicesPage{All: len(all)}
	p.sum(all)
	if q.Q("look") != "" {
		all = slices.DeleteFunc(all, func(d Device) bool { return !d.Look() })
	}
	slices.SortStableFunc(all, func(a, b Device) int { return cmp.Compare(deviceRank(a), deviceRank(b)) })
	from, _ := strconv.Atoi(q.Q("after"))
	from = min(max(from, 0), len(all))
	if p.Rows = all[from:]; len(p.Rows) > deviceRows {
		p.Rows, p.Next = p.Rows[:deviceRows], from+deviceRows
	}
	return q.show("devices", "nav.devices", p)
}

// deviceRank puts first what is missing, then copies, clocks and silence, then all others; last those that were revoked.
func deviceRank(d Device) int {
	switch {
	case d.Revoked:
		return 5
	case d.Gap > 0:
		return 0
	case d.Copied > 0:
		return 1
	case d.Off:
		return 2
	case d.Silent:
		return 3
	}
	return 4
}

func (p *devicesPage) sum(all []Device) {
	for i := range all {
		d := &all[i]
		if d.Revoked {
			continue
		}
		for _, x := range []struct {
			n  *int
			is bool
		}{{&p.Bad, d.Look()}, {&p.Gaps, d.Gap > 0}, {&p.Copies, d.Copied > 0}, {&p.Clocks, d.Off}} {
			if x.is {
				*x.n++
			}
		}
		p.Lost += d.Gap
		if d.Seen != 0 && (p.Quietest == nil || d.Seen < p.Quietest.Seen) {
			p.Quietest = d
		}
		p.Program = max(p.Program, d.Program)
	}
	for i := range all {
		if !all[i].Revoked && all[i].Program == p.Program && p.Program != "" {
			p.Current++
		}
	}
}

// fewGaps is how many stretches of missing numbers a row of the list names.
const fewGaps = 4

// Gaps says which changes a device has saved that are not here: the first of them.
func (q *Request) Gaps(d Device) string {
	if len(d.Missing) > fewGaps {
		return q.ranges(d.Missing[:fewGaps]) + ", …"
	}
	return q.ranges(d.Missing)
}

// Offset says how wrong the clock of a device was at the last contact.
func (q *Request) Offset(d Device) string {
	switch {
	case d.Seen == 0:
		return "–"
	case time.Duration(abs(d.Skew))*time.Millisecond < clockRight:
		return q.T("device.clock.right")
	case d.Skew < 0:
		return q.T("device.clock.slow", "span", q.Span(-d.Skew))
	}
	return q.T("device.clock.fast", "span", q.Span(d.Skew))
}

// Version is what a program calls itself, without its name.
func (q *Request) Version(program string) string {
	return cmp.Or(strings.TrimPrefix(program, "banlang desktop "), "–")
}

// devicePage is one device, and what may be done with it.
type devicePage struct {
	Device
	Phone        string // of its unit
	Compartments []compartment
	Others       string // feeds beside those of its own unit, one a line
	Bad          *Trouble
}

// compartment is one kind of records of the device's own unit, and whether the device has it.
type compartment struct {
	Name string
	On   bool
}

// theDevice finds the device of the address among those that the viewer may see.
func (q *Request) theDevice() (p devicePage, err error) {
	n, err := strconv.ParseUint(q.PathValue("n"), 10, 32)
	if err != nil {
		return p, errNoPage
	}
	all, err := q.devices()
	if err != nil {
		return p, err
	}
	i := slices.IndexFunc(all, func(d Device) bool { return d.Replica == record.ReplicaID(n) })
	if i < 0 {
		return p, errNoPage
	}
	p.Device = all[i]
	if u, ok := q.today().Unit(p.Unit); ok {
		p.Phone = u.Phone
	}
	p.Compartments, p.Others = split(p.Unit, p.Feeds)
	return p, nil
}

// split tells the feeds of a device's own unit from others.
func split(unit string, feeds []record.Feed) (own []compartment, others string) {
	var lines []string
	for _, f := range feeds {
		if f.Unit() != unit {
			lines = append(lines, string(f))
		}
	}
	for _, c := range declared.Compartments {
		own = append(own, compartment{c, slices.Contains(feeds, record.NewFeed(unit, c))})
	}
	return own, strings.Join(lines, "\n")
}

func getDevice(q *Request) error {
	p, err := q.theDevice()
	if err != nil {
		return err
	}
	return q.show("device", "device.title", p)
}

// typedFeeds reads the feeds of a form: the compartments of a unit, and others, one a line.
func (q *Request) typedFeeds(unit string) (feeds []record.Feed, err error) {
	if err := q.ParseForm(); err != nil {
		return nil, badInput(err)
	}
	for _, c := range q.PostForm["compartment"] {
		feeds = append(feeds, record.NewFeed(unit, c))
	}
	for _, line := range strings.FieldsFunc(q.PostFormValue("others"), func(r rune) bool { return strings.ContainsRune("\r\n ,;", r) }) {
		f, err := centre.ParseFeed(line)
		if err != nil {
			return nil, err
		}
		if _, known := q.today().Unit(f.Unit()); !known {
			return nil, fault.New(fault.BadInput, "console.feeds", fmt.Errorf("unit %q", f.Unit()))
		}
		feeds = append(feeds, f)
	}
	slices.Sort(feeds)
	return slices.Compact(feeds), nil
}

// mayGrant asks for the device's unit and for every feed that becomes another.
func (q *Request) mayGrant(d *Device, feeds []record.Feed) error {
	if err := q.Viewer.Can(staff.GrantDevice, d.Unit, declared.Ordinary); err != nil {
		return err
	}
	for _, f := range slices.Concat(d.Feeds, feeds) {
		if slices.Contains(d.Feeds, f) != slices.Contains(feeds, f) {
			if err := q.Viewer.Can(staff.GrantDevice, f.Unit(), f.Compartment()); err != nil {
				return err
			}
		}
	}
	return nil
}

// postGrant changes what a device may hold. One that was revoked is taken back by it.
func postGrant(q *Request) error {
	p, err := q.theDevice()
	if err != nil {
		return err
	}
	feeds, err := q.typedFeeds(p.Unit)
	if err == nil && len(feeds) == 0 {
		err = badInput(nil)
	}
	if fault.CodeOf(err) == fault.BadInput {
		p.Bad = &Trouble{What: q.T("device.feeds.bad"), Next: q.T("device.feeds.next")}
		p.Compartments, p.Others = split(p.Unit, feeds)
		p.Others = q.PostFormValue("others")
		return q.showAs(http.StatusBadRequest, "device", "device.title", p)
	}
	if err == nil {
		err = q.mayGrant(&p.Device, feeds)
	}
	if err != nil {
		return err
	}
	_, err = q.c.Centre.Do(q.Context(), centre.Request{Grant: &centre.Grant{Replica: p.Replica, Feeds: feeds}, Viewer: q.Viewer})
	if err != nil {
		return err
	}
	return q.said(fmt.Sprintf("/devices/%d", p.Replica), "said.device.granted", 1, "")
}

// getRevoke says what it means to revoke a device, before it is done.
func getRevoke(q *Request) error {
	p, err := q.theDevice()
	if err != nil {
		return err
	}
	if err := notHis(q.Viewer.Can(staff.GrantDevice, p.Unit, declared.Ordinary)); err != nil {
		return err
	}
	return q.show("revoke", "device.revoke", p)
}

// postRevoke cuts a device off: what it has open ends at once, and what it still sends is held for staff.
func postRevoke(q *Request) error {
	p, err := q.theDevice()
	if err == nil {
		err = q.Viewer.Can(staff.GrantDevice, p.Unit, declared.Ordinary)
	}
	if err != nil {
		return err
	}
	_, err = q.c.Centre.Do(q.Context(), centre.Request{Grant: &centre.Grant{Replica: p.Replica, Revoke: true}, Viewer: q.Viewer})
	if err != nil {
		return err
	}
	return q.said(fmt.Sprintf("/devices/%d", p.Replica), "said.device.revoked", 1, "")
}

// newDevice is the page on which a code is made.
type newDevice struct {
	Unit, Name, Address string
	Compartments        []compartment
	Others              string
	Bad                 *Trouble
	Codes               []staff.EnrolCode // that can still be traded

	Code string // that was just made; it is shown once
	Ends clock.WallMillis
	QR   string // the path of its picture
	Size int
}

// Frame is the side of the picture with its quiet edge.
func (p newDevice) Frame() int { return p.Size + 8 }
