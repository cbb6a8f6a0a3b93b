package console

import (
	"net/http"
	"slices"
	"strings"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// Nothing here opens what is sealed: the console has no key and takes none. It brings two people together, each at his own desk and
// with his own passphrase, notes what they said, and hands out the sealed text. Whoever has the key opens it on his own machine.

// readOpening is how the audit calls a look at what is asked to be opened, and by whom; nothing of what is sealed is on those pages.
const readOpening staff.Act = "sealed.read"

// openPage is where somebody asks for a sealed answer.
type openPage struct {
	*centre.Sheet
	Path       string
	Label      string
	Recipients []centre.Recipient
	Key        string
	Reason     string
	Bad        *Trouble
}

// openingsPage lists openings.
type openingsPage struct {
	Own  bool // those that the viewer asked for; else those that he may consent to
	Rows []openingRow
}

// openingRow is one.
type openingRow struct {
	*centre.Consent
	FormName string // as people call it
	Mine     bool
}

// MayOpen reports whether the viewer may ask for what is sealed in the record.
func (q *Request) MayOpen(s *centre.Sheet) bool {
	return mayDo(q.Viewer, staff.OpenSealed, s.Unit, s.Compartment)
}

// MayPrint reports whether the viewer may take the record out on paper.
func (q *Request) MayPrint(s *centre.Sheet) bool {
	return mayDo(q.Viewer, staff.PrintRecord, s.Unit, s.Compartment)
}

// SealedAnswers are those of which something is sealed.
func (p recordPage) SealedAnswers() (sealed []centre.SheetAnswer) {
	for _, a := range p.Answers {
		if a.Sealed {
			sealed = append(sealed, a)
		}
	}
	return sealed
}

// openPage reads what the page is about: the record of the address and the sealed answer in it.
func (q *Request) openPage() (p openPage, err error) {
	s, err := q.sheetOf(q.PathValue("name"), staff.OpenSealed)
	if err != nil {
		return p, err
	}
	p = openPage{Sheet: s, Path: q.FormValue("path")}
	i := slices.IndexFunc(s.Answers, func(a centre.SheetAnswer) bool { return a.Path == p.Path && a.Sealed })
	if i < 0 {
		return p, errNoPage
	}
	p.Label = s.Answers[i].Label
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Recipients: true})
	if p.Recipients = a.Recipients; len(p.Recipients) == 1 {
		p.Key = p.Recipients[0].Key
	}
	return p, err
}

func getOpen(q *Request) error {
	p, err := q.openPage()
	if err != nil {
		return err
	}
	if !q.Live() {
		if err := q.note(readOpening, p.Unit, p.Form.ID, p.Record.String(), q.why(), "", 1); err != nil {
			return err
		}
	}
	return q.show("open", "open.title", p)
}

// postOpen asks for a sealed answer; from then on it waits for a second person.
func postOpen(q *Request) error {
	p, err := q.openPage()
	if err != nil {
		return err
	}
	p.Key, p.Reason = strings.TrimSpace(q.PostFormValue("key")), strings.TrimSpace(q.PostFormValue("reason"))
	_, err = q.c.Centre.AskOpening(q.Context(), centre.Consent{Record: p.Record, Path: p.Path, Label: p.Label, Key: p.Key, By: q.Viewer.Account, Reason: p.Reason})
	if fault.CodeOf(err) == fault.BadInput {
		p.Bad = &Trouble{What: q.T("open.bad"), Next: q.T("open.bad.next")}
		return q.showAs(http.StatusBadRequest, "open", "open.title", p)
	}
	if err != nil {
		return err
	}
	if err := q.note("sealed.ask", p.Unit, p.Form.ID, p.Record.String(), p.Path+": "+p.Reason, "", 1); err != nil {
		return err
	}
	return q.said("/own-openings", "said.open.asked", 1, "")
}

// openings lists those that a choice keeps.
func (q *Request) openings(keep func(*centre.Consent) bool) (rows []openingRow, err error) {
	all, err := q.c.Centre.Consents()
	for _, x := range all {
		if keep(x) {
			rows = append(rows, openingRow{Consent: x, FormName: q.FormTitle(x.Form.ID), Mine: x.By == q.Viewer.Account})
		}
	}
	return rows, err
}

// getOpenings lists what waits for the viewer's consent. He sees which record and question, who asks and why; not what it says.
func getOpenings(q *Request) error {
	rows, err := q.openings(func(x *centre.Consent) bool {
		return x.Open() && mayDo(q.Viewer, staff.SecondSealed, x.Unit, x.Compartment)
	})
	if err != nil {
		return err
	}
	return q.showOpenings("openings.title", openingsPage{Rows: rows})
}

// getOwnOpenings lists what the viewer asked for.
func getOwnOpenings(q *Request) error {
	rows, err := q.openings(func(x *centre.Consent) bool { return x.By == q.Viewer.Account })
	if err != nil {
		return err
	}
	return q.showOpenings("openings.own", openingsPage{Own: true, Rows: rows})
}

// showOpenings shows a list of openings, and notes that it was read.
func (q *Request) showOpenings(title string, p openingsPage) error {
	if !q.Live() {
		if err := q.note(readOpening, "", "", "", q.why(), "", len(p.Rows)); err != nil {
			return err
		}
	}
	return q.show("openings", title, p)
}

// postOpening is the second person's answer.
func postOpening(q *Request) error {
	all, err := q.c.Centre.Consents()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x *centre.Consent) bool { return x.ID == q.PathValue("id") })
	if i < 0 {
		return q.said("/openings", "said.open.late", 0, "")
	}
	if err := q.c.Centre.Staff().Allow(q.Context(), q.Viewer, staff.SecondSealed, all[i].Unit, all[i].Compartment); err != nil {
		return notHis(err)
	}
	yes := q.PostFormValue("answer") == "yes"
	x, err := q.c.Centre.Answer(all[i].ID, q.Viewer.Account, yes)
	if fault.CodeOf(err) == fault.NotFound {
		return q.said("/openings", "said.open.late", 0, "")
	}
	if err != nil {
		return err
	}
	word := "no"
	if yes {
		word = "yes"
	}
	if err := q.note(staff.SecondSealed, x.Unit, x.Form.ID, x.Record.String(), word+" "+x.By+": "+x.Path+": "+x.Reason, "", 1); err != nil {
		return err
	}
	return q.said("/openings", "said.open."+word, 1, "")
}

// postOpeningFile hands out the sealed text, as a file for the machine of whoever has the key. Everybody's rights are asked for once
// more: the record may have moved, and the viewer too.
func postOpeningFile(q *Request) error {
	all, err := q.c.Centre.Consents()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x *centre.Consent) bool { return x.ID == q.PathValue("id") && x.By == q.Viewer.Account })
	if i < 0 {
		return errNoPage
	}
	unit, compartment, err := q.c.Centre.Whose(q.Context(), all[i].Record)
	if err != nil {
		return err
	}
	if err := q.c.Centre.Staff().Allow(q.Context(), q.Viewer, staff.OpenSealed, unit, compartment); err != nil {
		return notHis(err)
	}
	x, s, err := q.c.Centre.TakeOpening(q.Context(), all[i].ID, q.Viewer.Account)
	if err != nil {
		return err
	}
	if err := q.note(staff.OpenSealed, unit, x.Form.ID, x.Record.String(), x.Path+": "+x.By+", "+x.Second+": "+x.Reason, "", len(s.Values)); err != nil {
		return err
	}
	b := &envelope.Box{Record: s.Record.String(), Name: x.Name, Path: x.Path}
	for _, v := range s.Values {
		b.Values = append(b.Values, envelope.BoxValue{Text: v.Text, Officer: v.Officer, Replica: v.Replica, Time: v.Time})
	}
	text, err := b.Pack()
	if err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "application/json")
	q.w.Header().Set("Content-Disposition", `attachment; filename="niem-phong-`+x.Name+`.json"`)
	_, _ = q.w.Write(text) // whoever asked is gone
	return nil
}
