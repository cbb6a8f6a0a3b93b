package console

import (
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/fault"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// Who protects citizens' data orders what is to be destroyed and sees no answer of any record: only which questions were answered.

// erasePage lists the orders, and asks for a record.
type erasePage struct {
	Orders []eraseRow
	Bad    *Trouble
}

// eraseRow is an order as the list shows it.
type eraseRow struct {
	centre.ErasureState
	FormName string
}

// eraseOne is one record that is to be erased, wholly or in part.
type eraseOne struct {
	*centre.Sheet
	Reason string
	Whole  bool
	Chosen []string             // paths
	Goes   []centre.SheetAnswer // with them, once they were chosen
	Stays  []centre.SheetAnswer
	Sure   string // names what was shown to go: what is ordered is what was looked at
	Bad    *Trouble
}

// HasChosen reports whether an answer was chosen to be erased.
func (p eraseOne) HasChosen(path string) bool { return slices.Contains(p.Chosen, path) }

// Typed are the answers that somebody gave: what the form computes goes with them.
func (p eraseOne) Typed() []centre.SheetAnswer {
	return slices.DeleteFunc(slices.Clone(p.Answers), func(a centre.SheetAnswer) bool {
		return !slices.ContainsFunc(a.Live, func(v centre.SheetValue) bool { return !v.Dot.IsZero() })
	})
}

// weigh says what goes when the answers that were chosen are destroyed. What was written down in one go is kept as one piece, and goes
// as one: with an answer goes whatever was written in the same change, as long as nobody wrote it again later.
func (q *Request) weigh(p *eraseOne) error {
	gone, err := q.c.Centre.GoneWith(q.Context(), p.Record, p.Chosen)
	if err != nil {
		return err
	}
	sum := []string{p.Saw}
	for _, a := range p.Typed() {
		if p.Whole || slices.ContainsFunc(a.Live, func(v centre.SheetValue) bool { return gone[v.Dot] }) {
			p.Goes = append(p.Goes, a)
			sum = append(sum, a.Path)
		} else {
			p.Stays = append(p.Stays, a)
		}
	}
	h := blake2b.Sum256([]byte(strings.Join(sum, "\n")))
	p.Sure = hex.EncodeToString(h[:8])
	return nil
}

func getErase(q *Request) error {
	if name := strings.TrimSpace(q.Q("record")); name != "" {
		q.sendTo(q.Link("/erase/one", "record", name))
		return nil
	}
	p, err := q.erasures()
	if err != nil {
		return err
	}
	return q.show("erase", "nav.erase", p)
}

// erasures lists the orders about what is the viewer's to erase.
func (q *Request) erasures() (p erasePage, err error) {
	all, err := q.c.Centre.Erasures(q.Context())
	for i := range all {
		if mayDo(q.Viewer, staff.EraseRecord, all[i].Unit, all[i].Compartment) {
			p.Orders = append(p.Orders, eraseRow{all[i], q.FormTitle(all[i].Form.ID)})
		}
	}
	return p, err
}

// mayDo reports whether an act is allowed, the passphrase apart.
func mayDo(v *staff.Viewer, a staff.Act, unit, compartment string) bool {
	err := v.Can(a, unit, compartment)
	return err == nil || fault.CodeOf(err) == fault.ConfirmFirst
}

// toErase reads the record that is to be erased. That somebody looked which questions it answers is noted.
func (q *Request) toErase() (p eraseOne, err error) {
	s, err := q.c.Centre.Sheet(q.Context(), strings.TrimSpace(q.FormValue("record")), q.lang, q.Viewer.Sees)
	if code := fault.CodeOf(err); err != nil && code != fault.NotFound && code != fault.BadInput {
		return p, err
	}
	if err != nil { // answered and noted as one that is not his to erase
		s = &centre.Sheet{}
	}
	if err := q.c.Centre.Staff().Allow(q.Context(), q.Viewer, staff.EraseRecord, s.Unit, s.Compartment); err != nil {
		return p, notHis(err)
	}
	return eraseOne{Sheet: s}, nil
}

func getEraseOne(q *Request) error {
	p, err := q.toErase()
	if err != nil {
		return err
	}
	if err := q.note(staff.EraseRecord, p.Unit, p.Form.ID, p.Record.String(), "look", "", 1); err != nil {
		return err
	}
	p.Chosen = q.URL.Query()["path"]
	return q.show("eraseone", "erase.title", p)
}

// postEraseOne shows what would go, and orders it once that was looked at. There is no way back.
func postEraseOne(q *Request) error {
	p, err := q.toErase()
	if err != nil {
		return err
	}
	p.Reason, p.Chosen = strings.TrimSpace(q.PostFormValue("reason")), q.PostForm["path"]
	p.Whole = q.PostFormValue("what") == "whole"
	for _, path := range p.Chosen {
		if !slices.ContainsFunc(p.Answers, func(a centre.SheetAnswer) bool { return a.Path == path }) {
			return badInput(errors.New("no such answer"))
		}
	}
	switch {
	case p.Reason == "":
		p.Bad = &Trouble{What: q.T("erase.noreason"), Next: q.T("erase.noreason.next")}
	case !p.Whole && len(p.Chosen) == 0:
		p.Bad = &Trouble{What: q.T("erase.nothing"), Next: q.T("erase.nothing.next")}
	}
	if p.Bad != nil {
		return q.showAs(http.StatusBadRequest, "eraseone", "erase.title", p)
	}
	if err := q.weigh(&p); err != nil {
		return err
	}
	if q.PostFormValue("sure") != p.Sure {
		return q.show("erasesure", "erase.title", p)
	}
	if p.Whole {
		p.Chosen = nil
	}
	if err := q.erase(p.Record.String(), p.Reason, p.Chosen); err != nil {
		return err
	}
	return q.said("/erase", "said.erased", 1, "")
}

// erase has it done: at the centre, and before this returns in its tables too. The centre notes who ordered it, and why.
func (q *Request) erase(rec, reason string, paths []string) error {
	_, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, Erase: &centre.Erase{Record: rec, Paths: paths, Reason: reason}})
	return err
}
