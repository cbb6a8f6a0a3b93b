package centre

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// PublishForm puts a version of a form in force for everybody, or with Try only says what that would mean for the
// records that are here. What staff must look at before (privacy, decision 22) is the caller's to see to.
type PublishForm struct {
	Publication form.Publication
	Try         bool
}

// Upgrade says what a version of a form means for the records that were written under others. No record is altered: one
// that does not fit goes on being opened in the version it was written in.
type Upgrade struct {
	Already bool     // this very version is in force; nothing was done
	Records int      // of the form, whatever their version
	Misfits []Misfit // by path and rule; the most frequent first
	Staying int      // records that do not fit
}

// Misfit counts the records with a value that the new version has no right place for.
type Misfit struct {
	Template string // of the path
	Rule     string // form.RulePath: no place; else what the field has against it
	Records  int
	Example  string // the name of one of them, "24-1271"
}

// FormState is a form as staff see it in a list.
type FormState struct {
	ID       string
	Title    form.Text
	Version  string // as its author numbered it
	Digest   string // what names the version
	Retired  bool
	By       string // who published it; "": it came with the product
	Versions []FormUse
}

// FormUse says how many records were created under a version.
type FormUse struct {
	Digest  string
	Known   bool // the centre has the form
	Records int
}

// ErrSameNumber is in the chain of the fault for a form that differs from a version that bears its number.
var ErrSameNumber = errors.New("another version has this number")

// publishForm does what PublishForm asks.
func (c *Centre) publishForm(ctx context.Context, r *PublishForm) (*Upgrade, error) {
	p := r.Publication
	f, err := form.Parse([]byte(p.XML))
	if err != nil || f.ID() != p.ID {
		return nil, fault.New(fault.BadInput, "publish", cmp.Or(err, fmt.Errorf("the form is %q", p.ID)))
	}
	if now, ok := c.forms.Current(p.ID); ok && now.Ref == f.Ref {
		return &Upgrade{Already: true}, nil
	}
	for _, ref := range c.forms.Known() {
		if old, ok := c.forms.Lookup(ref); ok && ref.ID == p.ID && old.Version == f.Version && ref != f.Ref {
			return nil, fault.New(fault.BadInput, "publish", fmt.Errorf("%w: %s", ErrSameNumber, f.Version))
		}
	}
	payload, err := p.Pack()
	if err != nil {
		return nil, fault.New(fault.BadInput, "publish", err)
	}
	if len(payload) > record.MaxPayloadBytes {
		return nil, fault.New(fault.LimitExceeded, "publish", fmt.Errorf("%d bytes packed, at most %d", len(payload), record.MaxPayloadBytes))
	}
	u, err := c.upgrade(ctx, f)
	if err != nil || r.Try {
		return u, err
	}
	return u, c.act(ctx, func(a *hub.Act) error { return a.Publish(record.TopicForm+p.ID, payload) })
}

// retireForm takes a form out of the menus. Its versions stay, and records of it are opened as before.
func (c *Centre) retireForm(ctx context.Context, id string) error {
	if _, ok := c.forms.Current(id); !ok {
		return fault.New(fault.NotFound, "retire", fmt.Errorf("form %q", id))
	}
	return c.act(ctx, func(a *hub.Act) error { return a.Publish(record.TopicForm+id, nil) })
}

// upgrade runs every record of the form through a version.
func (c *Centre) upgrade(ctx context.Context, f *form.Form) (*Upgrade, error) {
	u := &Upgrade{}
	counts := map[Misfit]*Misfit{}
	err := c.watched.View(ctx, func(tx hub.Tx) error {
		return eachCreation(tx, 1, func(created *record.Change) error {
			if created.Form.ID != f.ID() {
				return nil
			}
			v, err := ledger.ViewOf(tx, created.Dot)
			if err != nil || !v.Created {
				return err
			}
			u.Records++
			misfits := f.Fit(v.Values())
			if len(misfits) > 0 {
				u.Staying++
			}
			seen := map[Misfit]bool{}
			for _, m := range misfits {
				key := Misfit{Template: template(m.Path), Rule: m.Rule}
				if counts[key] == nil {
					counts[key] = &Misfit{key.Template, key.Rule, 0, record.HumanName(created.Replica, created.Dot.N)}
				}
				if !seen[key] {
					counts[key].Records++
				}
				seen[key] = true
			}
			return nil
		})
	})
	for m := range maps.Values(counts) {
		u.Misfits = append(u.Misfits, *m)
	}
	slices.SortFunc(u.Misfits, func(a, b Misfit) int {
		return cmp.Or(b.Records-a.Records, strings.Compare(a.Template, b.Template), strings.Compare(a.Rule, b.Rule))
	})
	return u, err
}

// template is a path of whatever version without the names of its rows, which begin with what no name of a form begins
// with, or are the name of a change.
func template(path string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(path, "/"), func(step string) bool {
		return step == "" || strings.Trim(step, "0123456789abcdef.") == "" && strings.Contains(step, ".")
	}), "/")
}

// eachCreation calls do for every change that created a record, in the order of the log, from a place on.
func eachCreation(tx hub.Tx, from ledger.Pos, do func(*record.Change) error) error {
	end, err := tx.End()
	if from > end || err != nil {
		return err
	}
	return tx.Each(from, end, func(_ ledger.Pos, raw []byte) (bool, error) {
		c, err := record.DecodeStored(raw)
		if err != nil || !c.Creates() {
			return err == nil, err
		}
		return true, do(c)
	})
}

// listForms lists the forms with the records of each version.
func (c *Centre) listForms(ctx context.Context) (states []FormState, err error) {
	records := map[record.FormRef]int{}
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		return eachCreation(tx, 1, func(created *record.Change) error {
			records[created.Form]++
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	known := map[record.FormRef]bool{}
	for _, ref := range c.forms.Known() {
		known[ref] = true
		records[ref] += 0
	}
	for _, p := range c.forms.All() {
		_, current := c.forms.Current(p.ID)
		s := FormState{ID: p.ID, Title: p.Title, Version: p.Version, Digest: digest(p.Ref()), Retired: !current, By: p.By}
		for ref, n := range records {
			if ref.ID == p.ID {
				s.Versions = append(s.Versions, FormUse{digest(ref), known[ref], n})
			}
		}
		slices.SortFunc(s.Versions, func(a, b FormUse) int { return cmp.Or(b.Records-a.Records, strings.Compare(a.Digest, b.Digest)) })
		states = append(states, s)
	}
	return states, nil
}

func digest(ref record.FormRef) string { return fmt.Sprintf("%016x", ref.Version) }
