package console

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
	"banlang/syncserver/report/grid"
)

// staleRows is how many units a page shows.
const staleRows = 50

// Why nothing came of a unit, as far as it is known.
const (
	whyUnknown = "silent" // a machine that writes for it is silent too, or has more than it sent: there may be work
	whyNoWork  = "nowork" // its machines are in touch and have sent everything: there was none
	whyNobody  = "nobody" // there is no machine for it, nor for what is above it
)

// stalePage is the units of which nothing has come for longer than usual.
type stalePage struct {
	Rows   []staleRow
	Why    []string
	Counts map[string]int
	All    int // units of the level
	Total  int // of those that are shown, on all pages
	After  int
	Ranks  []LevelNamed
	Rank   string
	Map    *picture
	Above  []units.Unit
}

// staleRow is one of them.
type staleRow struct {
	grid.Silent
	Above string // the unit above it
	Why   string
	Quiet int // of whyUnknown: for how many days its machine has not been in touch; -1: it never was
	Lacks int // changes that are known to be on its machines
	Phone string
}

// getStale lists them, those that are silent longest first, with a map beside.
func getStale(q *Request) error {
	machines, err := q.machines()
	if err != nil {
		return err
	}
	root, view := q.Root(), q.counted()
	p := stalePage{Why: []string{whyUnknown, whyNoWork, whyNobody}, Counts: map[string]int{}, Ranks: q.levelsBelow(root, view), Above: q.way(root, view)}
	var silent []grid.Silent
	if p.Rank, silent, err = q.silent(view, root, p.Ranks, q.Q("level")); err != nil {
		return err
	}
	for _, u := range view.Level(p.Rank) {
		if view.Within(u.Code, root) {
			p.All++
		}
	}
	of := byUnit(machines, mayOwe)
	var rows []staleRow
	for _, s := range silent {
		r := q.staleRow(s, of)
		p.Counts[r.Why]++
		if why := q.Q("why"); why == "" || why == r.Why {
			rows = append(rows, r)
		}
	}
	if !view.Reports() { // a map is of places
		if p.Map, err = q.staleMap(root, &p, rows); err != nil {
			return err
		}
	}
	from, _ := strconv.Atoi(q.Q("after"))
	from = min(max(from, 0), len(rows))
	p.Total = len(rows)
	if p.Rows = rows[from:]; len(p.Rows) > staleRows {
		p.Rows, p.After = p.Rows[:staleRows], from+staleRows
	}
	return q.show("stale", "nav.stale", &p)
}

// silent finds the units of a level of a tree of which nothing has come for long: of the one that is asked for, or of that which is shown when
// none is.
func (q *Request) silent(by *units.View, root string, ranks []LevelNamed, asked string) (rank string, silent []grid.Silent, err error) {
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		if rank, err = q.staleRank(tx, ranks, asked); err != nil {
			return err
		}
		silent, err = grid.Silence(tx, by, root, rank, q.now())
		return err
	})
	return rank, silent, err
}

// staleWaiting counts them, of the level that is shown when none is asked for.
func staleWaiting(q *Request) (navNumber, error) {
	root := q.Viewer.Unit
	_, silent, err := q.silent(q.today(), root, q.levelsBelow(root, q.today()), "")
	return navNumber{n: len(silent)}, err
}

// staleRank is the level that is asked for, or the lowest of which there are any records: where officers write for their
// commune, a list of all villages would say nothing.
func (q *Request) staleRank(tx *sqlite.Tx, ranks []LevelNamed, asked string) (string, error) {
	if slices.ContainsFunc(ranks, func(r LevelNamed) bool { return r.ID == asked }) {
		return asked, nil
	}
	lowest := 0
	rows := tx.Query("SELECT DISTINCT unit FROM holdings")
	for rows.Next() {
		if u, ok := q.today().Unit(rows.Text(0)); ok {
			lowest = max(lowest, slices.IndexFunc(ranks, func(r LevelNamed) bool { return r.ID == u.Level }))
		}
	}
	if len(ranks) == 0 {
		return "", rows.Err()
	}
	return ranks[lowest].ID, rows.Err()
}

// staleRow finds out why a unit is silent: by the machines that may have something for it or for what is below it; where there are none,
// by those of the unit above. Nothing is known as soon as one of them may have something that it did not send.
func (q *Request) staleRow(s grid.Silent, machines map[string][]*centre.Account) staleRow {
	r := staleRow{Silent: s, Above: q.UnitName(q.counted().Parent(s.Unit.Code)), Why: whyNobody}
	for code := s.Unit.Code; code != "" && r.Phone == ""; code = q.counted().Parent(code) {
		u, _ := q.today().Unit(code)
		r.Phone = u.Phone
	}
	var all []*centre.Account
	for _, code := range q.today().Under(s.Unit.Code) {
		all = append(all, machines[code]...)
	}
	for code := q.today().Parent(s.Unit.Code); code != "" && len(all) == 0; code = q.today().Parent(code) {
		all = machines[code]
	}
	for _, m := range all {
		if m.Revoked && len(m.Missing) == 0 {
			continue
		}
		quiet := -1
		if m.Seen > 0 {
			quiet = int((q.now().UnixMilli() - m.Seen) / (24 * time.Hour).Milliseconds())
		}
		r.Lacks += lacks(m)
		switch {
		case m.Seen == 0 || quiet > s.Usual || len(m.Missing) > 0:
			if r.Why != whyUnknown || quiet < 0 || r.Quiet >= 0 && quiet > r.Quiet {
				r.Quiet = quiet
			}
			r.Why = whyUnknown
		case r.Why == whyNobody:
			r.Why = whyNoWork
		}
	}
	return r
}

// staleMap shows where they are, each at its unit or at the next one above that has a boundary; what is pointed at says which. Where
// they are too many to be told apart they are counted by what is above, which leads to its own page.
func (q *Request) staleMap(root string, p *stalePage, rows []staleRow) (*picture, error) {
	for at := slices.IndexFunc(p.Ranks, func(r LevelNamed) bool { return r.ID == p.Rank }); at >= 0; at-- {
		rank := p.Ranks[at].ID
		var codes []string
		for _, u := range q.today().Level(rank) {
			if q.today().Within(u.Code, root) {
				codes = append(codes, u.Code)
			}
		}
		if at > 0 && len(codes) > drawnMany && len(rows) > drawnMany {
			continue
		}
		m, err := q.drawn(root, rank, codes)
		if err != nil {
			return nil, err
		}
		if m == nil {
			continue
		}
		look := boundary.Look{Label: q.T("nav.stale"), Bin: func(string) (int, bool) { return 0, true }, ID: func(string) bool { return false }}
		if rank != p.Rank {
			look.Href = func(code string) string { return q.Link("/stale", "unit", code, "level", p.Rank, "why", q.Q("why")) }
		}
		places, here := map[string]*boundary.Path{}, map[string][]staleRow{}
		for i := range m.Paths {
			places[m.Paths[i].Code] = &m.Paths[i]
		}
		for _, r := range rows {
			for code := r.Unit.Code; code != ""; code = q.today().Parent(code) {
				if x := places[code]; x != nil {
					look.Marks = append(look.Marks, boundary.Mark{X: x.X, Y: x.Y, Square: r.Why != whyNoWork})
					here[code] = append(here[code], r)
					break
				}
			}
		}
		look.Title = func(code string) string { return q.staleTitle(code, here[code]) }
		return q.picture(m, look)
	}
	return nil, nil
}

// staleTitle says of a unit that is pointed at what is silent there: one by its name, of several how many.
func (q *Request) staleTitle(code string, here []staleRow) string {
	switch {
	case len(here) == 0:
		return q.UnitName(code)
	case len(here) == 1:
		return here[0].Unit.Name + ": " + q.StaleWhy(here[0])
	}
	return q.UnitName(code) + ": " + q.T("stale.here", "n", q.Int(len(here)))
}

// StaleWhy says why nothing came, as far as it is known.
func (q *Request) StaleWhy(r staleRow) string {
	switch {
	case r.Why == whyNoWork:
		return q.T("grid.nowork")
	case r.Why == whyNobody:
		return q.T("stale.nobody")
	case r.Lacks > 0:
		return q.T("stale.lacks", "n", q.Int(r.Lacks))
	case r.Quiet < 0:
		return q.T("stale.never")
	}
	return q.T("grid.silent", "n", r.Quiet)
}

// Icon of why.
func (r staleRow) Icon() string {
	if r.Why == whyNoWork {
		return "wifi"
	}
	return "wifi_off"
}

// Tel is the telephone number as an address has it.
func (r staleRow) Tel() string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '+' {
			return c
		}
		return -1
	}, r.Phone)
}

// LastDay is when something came last, as a day; "" never.
func (r staleRow) LastDay() string {
	if r.Last == 0 {
		return ""
	}
	return at(r.Last).Format(time.DateOnly)
}

// Silent is how many units are silent.
func (p *stalePage) Silent() (n int) {
	for _, k := range p.Counts {
		n += k
	}
	return n
}
