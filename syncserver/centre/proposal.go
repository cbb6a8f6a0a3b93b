package centre

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
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

// Proposals lists them, the latest first.
func (c *Centre) Proposals() (all []*Proposal, err error) {
	c.staff.Lock()
	defer c.staff.Unlock()
	return c.proposals()
}

func (c *Centre) proposals() (all []*Proposal, err error) {
	b, err := os.ReadFile(c.dir.Proposals())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		return nil, fault.New(fault.DiskIO, "proposal", err)
	}
	return all, nil
}

// Propose keeps a proposal and names it.
func (c *Centre) Propose(p Proposal) (id string, err error) {
	p.ID, p.At, p.Refused = rand.Text(), record.Millis(c.wall()), ""
	p.Publication.Supervisor, p.Publication.Reason = "", ""
	return p.ID, c.alterProposals(func(all []*Proposal) ([]*Proposal, error) {
		all = slices.Insert(all, 0, &p)
		return all[:min(len(all), maxProposals)], nil
	})
}

// Judge is the supervisor's yes or no, with his reason. Whoever proposed it cannot give it (fault.NotAllowed).
func (c *Centre) Judge(id, by, reason string, yes bool) (judged *Proposal, err error) {
	if reason == "" || len(reason) > MaxLine {
		return nil, fault.New(fault.BadInput, "proposal", errors.New("a reason of one line"))
	}
	err = c.alterProposals(func(all []*Proposal) ([]*Proposal, error) {
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
	return c.alterProposals(func(all []*Proposal) ([]*Proposal, error) {
		return slices.DeleteFunc(all, func(p *Proposal) bool { return p.ID == id }), nil
	})
}

func (c *Centre) alterProposals(do func([]*Proposal) ([]*Proposal, error)) error {
	c.staff.Lock()
	defer c.staff.Unlock()
	all, err := c.proposals()
	if err == nil {
		all, err = do(all)
	}
	if err != nil {
		return err
	}
	if err := putWhole(c.dir.Proposals(), all); err != nil {
		return fault.New(fault.DiskIO, "proposal", err)
	}
	return nil
}
