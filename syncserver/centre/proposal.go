package centre

import (
	"crypto/rand"
	"errors"
	"slices"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
)

// Proposal is a version of a form that somebody wants published, with what there is to say about it. What a reviewed term found is
// for a privacy supervisor to let pass, who is somebody else (decision 22).
type Proposal struct {
	ID          string
	Publication form.Publication
	Questions   int
	Notes       []form.Text // for the author
	Asks        []form.Text // for the supervisor; none: nobody has to look at it
	By          string      // the account that wants it
	At          record.Millis
	Refused     string `json:",omitempty"` // the supervisor who said no; Publication.Supervisor said yes
}

// Approved reports whether it may be published as far as the supervisor is asked.
func (p *Proposal) Approved() bool { return len(p.Asks) == 0 || p.Publication.Supervisor != "" }

// maxProposals bounds those that are kept; the oldest make room.
const maxProposals = 20

func (c *Centre) proposals() kept[Proposal] {
	return kept[Proposal]{c.dir.Proposals(), "proposal", nil}
}

// Proposals lists them, the latest first.
func (c *Centre) Proposals() ([]*Proposal, error) { return c.proposals().list(c) }

// Propose keeps a proposal and names it.
func (c *Centre) Propose(p Proposal) (id string, err error) {
	p.ID, p.At, p.Refused = rand.Text(), record.Millis(c.wall()), ""
	p.Publication.Supervisor, p.Publication.Reason = "", ""
	return p.ID, c.proposals().alter(c, func(all []*Proposal) ([]*Proposal, error) {
		all = slices.Insert(all, 0, &p)
		return all[:min(len(all), maxProposals)], nil
	})
}

// Judge is the supervisor's yes or no, with his reason. Whoever proposed it cannot give it (fault.NotAllowed).
func (c *Centre) Judge(id, by, reason string, yes bool) (judged *Proposal, err error) {
	if reason == "" || len(reason) > MaxLine {
		return nil, fault.New(fault.BadInput, "proposal", errors.New("a reason of one line"))
	}
	err = c.proposals().alter(c, func(all []*Proposal) ([]*Proposal, error) {
		i := slices.IndexFunc(all, func(p *Proposal) bool { return p.ID == id && !p.Approved() && p.Refused == "" })
		switch {
		case i < 0:
			return nil, fault.New(fault.NotFound, "proposal", errors.New("it was judged, or is there no more"))
		case all[i].By == by:
			return nil, fault.New(fault.NotAllowed, "proposal", errors.New("the supervisor is somebody else"))
		}
		if judged = all[i]; yes {
			judged.Publication.Supervisor = by
		} else {
			judged.Refused = by
		}
		judged.Publication.Reason = reason
		return all, nil
	})
	return judged, err
}

// Drop forgets a proposal.
func (c *Centre) Drop(id string) error {
	return c.proposals().alter(c, func(all []*Proposal) ([]*Proposal, error) {
		return slices.DeleteFunc(all, func(p *Proposal) bool { return p.ID == id }), nil
	})
}
