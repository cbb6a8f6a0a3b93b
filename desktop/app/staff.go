package app

import (
	"sync"

	"banlang/shared/record"
	"banlang/shared/roster"
)

// Staff is who the people of the centre are, as far as the centre has told. Before it has, accounts are all there is.
type Staff struct {
	mu   sync.Mutex
	told *roster.Roster
}

func (s *Staff) learn(publications []*record.Change) {
	told := roster.Learn(publications)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = told
}

func (s *Staff) at(account string, at record.Millis) (roster.Person, bool) {
	if s == nil {
		return roster.Person{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.told.At(account, at)
}

// official says who of the centre wrote something at a moment: what he is called, and the unit in whose name, with the code of
// that or, where it is empty, of the unit whose he was then. It reports false where nobody has told.
func (a *App) official(account, unit string, at record.Millis) (string, bool) {
	p, ok := a.o.Forms.Staff.at(account, at)
	if !ok {
		return "", false
	}
	if unit == "" {
		unit = p.Unit
	}
	return a.T("who.staff", "name", p.Name, "unit", a.o.Forms.Units.at(a.at(at)).Name(unit)), true
}

// issued says in whose name the centre wrote a record or a part of it: the unit, with whoever wrote the value where that is known.
func (a *App) issued(unit string, by record.ReplicaID, officer string, at record.Millis) string {
	if by == record.Centre {
		if who, ok := a.official(officer, unit, at); ok {
			return who
		}
	}
	return a.UnitName(unit)
}
