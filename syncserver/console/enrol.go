package console

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/syncserver/staff"
)

// address is where notebooks dial the centre, as far as the console knows.
func (q *Request) address() string {
	host, port, err := net.SplitHostPort(q.c.Address)
	if host != "" || err != nil {
		return q.c.Address
	}
	if host, _, err = net.SplitHostPort(q.Host); err != nil {
		host = q.Host
	}
	return net.JoinHostPort(host, port)
}

// showNewDevice shows the page with the codes that are open.
func (q *Request) showNewDevice(status int, p newDevice) error {
	codes, err := q.c.Centre.Staff().EnrolCodes(q.Context(), q.Viewer)
	if err != nil {
		return err
	}
	p.Codes = slices.DeleteFunc(codes, func(c staff.EnrolCode) bool { return c.Taken })
	return q.showAs(status, "devicenew", "device.new", p)
}

func getNewDevice(q *Request) error {
	p := newDevice{Unit: q.Root(), Address: q.address()}
	for _, c := range declared.Compartments {
		p.Compartments = append(p.Compartments, compartment{c, c != declared.Oversight}) // what the device of a commune holds
	}
	return q.showNewDevice(http.StatusOK, p)
}

// postNewDevice makes a code for a device to be. It is shown once, and kept nowhere.
func postNewDevice(q *Request) error {
	unit := q.unitTyped("unit")
	feeds, err := q.typedFeeds(unit)
	p := newDevice{Unit: unit, Name: strings.TrimSpace(q.PostFormValue("name")), Address: strings.TrimSpace(q.PostFormValue("address")), Others: q.PostFormValue("others")}
	p.Compartments, _ = split(unit, feeds)
	refuse := func(what string) error {
		p.Bad = &Trouble{What: q.T(what), Next: q.T("device.new.next")}
		return q.showNewDevice(http.StatusBadRequest, p)
	}
	_, port, badAddress := net.SplitHostPort(p.Address)
	_, known := q.today().Unit(unit)
	switch {
	case fault.CodeOf(err) == fault.BadInput:
		return refuse("device.feeds.bad")
	case err != nil:
		return err
	case !known:
		return refuse("device.unit.bad")
	case badAddress != nil || port == "":
		return refuse("device.address.bad")
	}
	code, ends, err := q.c.Centre.Staff().NewEnrolCode(q.Context(), q.Viewer, staff.Newcomer{Unit: unit, Name: p.Name, Feeds: feeds})
	if fault.CodeOf(err) == fault.BadInput {
		return refuse("device.new.bad")
	}
	if err != nil {
		return err
	}
	p.Code, p.Ends = code.String(), ends
	if p.QR, p.Size, err = qrPath(p.Address + " " + p.Code); err != nil {
		return err
	}
	return q.showNewDevice(http.StatusOK, p)
}

// postCodeFile gives back as a file what the page shows, which is not kept anywhere.
func postCodeFile(q *Request) error {
	code, err := enrolment.ParseCode(q.PostFormValue("code"))
	if err != nil {
		return err
	}
	b, err := enrolment.CodeFile{Address: q.PostFormValue("address"), Code: code.String()}.Encode()
	if err != nil {
		return err
	}
	name := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' || r == '.' {
			return r
		}
		return -1
	}, q.PostFormValue("unit"))
	h := q.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "ma-dang-ky-"+name+".json"))
	_, _ = q.w.Write(b) // whoever asked is gone
	return nil
}

// postDropEnrolCode withdraws a code that nobody has taken.
func postDropEnrolCode(q *Request) error {
	if err := notHis(q.c.Centre.Staff().DropEnrolCode(q.Context(), q.Viewer, q.PathValue("id"))); err != nil {
		return err
	}
	return q.said("/devices/new", "said.device.code.dropped", 1, "")
}
