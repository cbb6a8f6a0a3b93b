package console

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/syncserver/centre"
	"banlang/syncserver/declare"
	"banlang/syncserver/publish"
	"banlang/syncserver/staff"
	"banlang/syncserver/xlsform"
)

// formsPage lists forms, and the versions that wait to be published.
type formsPage struct {
	Forms     []centre.FormState
	Proposals []*centre.Proposal
	Wrong     []form.Text // what keeps the spreadsheet that was sent from being published
}

// proposalPage is one version that waits.
type proposalPage struct {
	*centre.Proposal
	Upgrade *centre.Upgrade // what it means for the records that are here; nil for the supervisor
	Judge   bool            // the viewer is the supervisor
	Bad     *Trouble
}

// Misfit says why a value does not fit a version.
func (q *Request) Misfit(rule string) string {
	if key := "misfit." + rule; say(q.lang, key) != key {
		return q.T(key)
	}
	return q.T("misfit.type")
}

// In is a text in the viewer's language.
func (q *Request) In(t form.Text) string { return t.In(q.lang) }

func getForms(q *Request) error {
	if err := q.whole(staff.PublishForm); err != nil {
		return err
	}
	return q.showForms(http.StatusOK, nil)
}

func (q *Request) showForms(status int, wrong []form.Text) error {
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Forms: true})
	if err != nil {
		return err
	}
	p := formsPage{Forms: a.Forms, Wrong: wrong}
	if p.Proposals, err = q.c.Centre.Proposals(); err != nil {
		return err
	}
	return q.showAs(status, "forms", "nav.forms", p)
}

// postForm takes a spreadsheet. What is wrong with it is said with the cell; otherwise it waits as a proposal.
func postForm(q *Request) error {
	if err := q.whole(staff.PublishForm); err != nil {
		return err
	}
	file, head, err := q.FormFile("file")
	if err != nil {
		return badInput(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, xlsform.MaxFileBytes+1))
	if err != nil {
		return badInput(err)
	}
	f, err := declare.Convert(q.Context(), head.Filename, data, xlsform.Options{})
	var problem *xlsform.Problem
	if errors.As(err, &problem) {
		return q.showForms(http.StatusBadRequest, []form.Text{both(func(l fault.Lang) string { return problem.Message(l) + " " + problem.Hint(l) })})
	}
	if err != nil {
		return badInput(err)
	}
	x, found := publish.Check(f)
	p := centre.Proposal{By: q.Viewer.Account}
	for _, field := range f.Fields {
		if field.Row > 0 { // the converter adds fields of its own
			p.Questions++
		}
	}
	var wrong []form.Text
	for _, w := range found {
		switch text := both(func(l fault.Lang) string { return w.Message(l) + " " + w.Hint(l) }); w.Strength() {
		case publish.Refused:
			wrong = append(wrong, text)
		case publish.NeedsSupervisor:
			p.Asks = append(p.Asks, text)
		default:
			p.Notes = append(p.Notes, text)
		}
	}
	if f.Version == "" {
		wrong = append(wrong, both(func(l fault.Lang) string { return say(string(l), "forms.noversion") }))
	}
	if len(wrong) > 0 {
		return q.showForms(http.StatusBadRequest, wrong)
	}
	own := declared.OfForm(x)
	p.Publication = form.Publication{ID: f.ID, Version: f.Version, Title: form.Text{VI: f.Title, EN: cmp.Or(own.TitleEN, f.Title)}, Compartment: own.Compartment,
		XML: string(f.XML), By: q.Viewer.Account}
	id, err := q.c.Centre.Propose(p)
	if err != nil {
		return err
	}
	if err := q.note(staff.PublishForm, "", f.ID, "", "propose "+f.Version, "", 0); err != nil {
		return err
	}
	q.sendTo("/proposals/" + id)
	return nil
}

// both says something in both languages.
func both(in func(fault.Lang) string) form.Text {
	return form.Text{VI: strings.TrimSpace(in(fault.Vietnamese)), EN: strings.TrimSpace(in(fault.English))}
}

// proposal finds the one of the address.
func (q *Request) proposal() (*centre.Proposal, error) {
	all, err := q.c.Centre.Proposals()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(p *centre.Proposal) bool { return p.ID == q.PathValue("id") })
	if i < 0 {
		return nil, errNoPage
	}
	return all[i], nil
}

// publishing asks for a proposal to be published, or only what that would mean.
func (q *Request) publishing(p *centre.Proposal, try bool) (*centre.Upgrade, error) {
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, PublishForm: &centre.PublishForm{Publication: p.Publication, Try: try}})
	return a.Upgrade, err
}

// getProposal is the report before publishing: what there is to say, and what becomes of the records that are here.
func getProposal(q *Request) error {
	if err := q.whole(staff.PublishForm); err != nil {
		return err
	}
	p, err := q.proposal()
	if err != nil {
		return err
	}
	page := proposalPage{Proposal: p}
	if page.Upgrade, err = q.publishing(p, true); errors.Is(err, centre.ErrSameNumber) {
		page.Bad = &Trouble{What: q.T("forms.samenumber"), Next: q.T("forms.samenumber.next")}
	} else if err != nil {
		return err
	}
	return q.show("proposal", "forms.proposal", page)
}

// postProposal publishes it, or forgets it.
func postProposal(q *Request) error {
	if err := q.whole(staff.PublishForm); err != nil {
		return err
	}
	p, err := q.proposal()
	if err != nil {
		return err
	}
	if q.PostFormValue("do") == "drop" {
		if err := q.c.Centre.Drop(p.ID); err != nil {
			return err
		}
		return q.said("/forms", "said.form.dropped", 1, "")
	}
	if !p.Approved() {
		return q.said(q.URL.Path, "said.form.late", 0, "")
	}
	u, err := q.publishing(p, true)
	if err != nil {
		return err
	}
	if u.Staying > 0 && q.PostFormValue("staying") == "" {
		return q.said(q.URL.Path, "said.form.staying.late", u.Staying, "")
	}
	if _, err := q.publishing(p, false); err != nil {
		return err
	}
	if err := q.c.Centre.Drop(p.ID); err != nil {
		return err
	}
	return q.said("/forms", "said.form", 1, "")
}

// postRetire takes a form out of the menus.
func postRetire(q *Request) error {
	if err := q.whole(staff.PublishForm); err != nil {
		return err
	}
	id := q.PathValue("form")
	if _, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, RetireForm: id}); err != nil {
		return err
	}
	return q.said("/forms", "said.form.retired", 1, "")
}

// getJudge lists what waits for the privacy supervisor, and getJudgeOne shows one.
func getJudge(q *Request) error {
	if err := q.whole(staff.ApproveForm); err != nil {
		return err
	}
	all, err := q.c.Centre.Proposals()
	if err != nil {
		return err
	}
	waiting := slices.DeleteFunc(all, func(p *centre.Proposal) bool { return p.Approved() || p.Refused != "" })
	return q.show("judge", "judge.title", waiting)
}

func getJudgeOne(q *Request) error {
	if err := q.whole(staff.ApproveForm); err != nil {
		return err
	}
	p, err := q.proposal()
	if err != nil {
		return err
	}
	return q.show("proposal", "judge.title", proposalPage{Proposal: p, Judge: true})
}

func postJudge(q *Request) error {
	if err := q.whole(staff.ApproveForm); err != nil {
		return err
	}
	yes := q.PostFormValue("answer") == "yes"
	p, err := q.c.Centre.Judge(q.PathValue("id"), q.Viewer.Account, strings.TrimSpace(q.PostFormValue("reason")), yes)
	switch fault.CodeOf(err) {
	case fault.NotFound:
		return q.said("/judge", "said.judge.late", 0, "")
	case fault.BadInput:
		return q.said(q.URL.Path, "said.judge.reason.late", 0, "")
	}
	if err != nil {
		return err
	}
	word := "no"
	if yes {
		word = "yes"
	}
	if err := q.note(staff.ApproveForm, "", p.Publication.ID, "", word+" "+p.Publication.Version+": "+p.Publication.Reason, "", 0); err != nil {
		return err
	}
	return q.said("/judge", "said.judge."+word, 1, "")
}
