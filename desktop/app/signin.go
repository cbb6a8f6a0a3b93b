package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/record"
)

// SignIn is the first page: who is using this computer. Names first, passphrase second.
type SignIn struct {
	a        *App
	officers []Officer
	chosen   int
	busy     bool
	done     float64 // of what takes long; below 0: nothing to measure
	said     string  // what is wrong with the last try
	unread   bool    // the officers are there and cannot be read: nobody may be made in their place
}

// OfficerLine is one name of the page.
type OfficerLine struct{ Name, Detail string }

// Officers lists the people of this machine.
func (s *SignIn) Officers() (lines []OfficerLine) {
	for i := range s.officers {
		o := &s.officers[i]
		d := o.Role
		if o.Last != 0 {
			d = join(d, s.a.T("signin.last", "time", s.a.clockTime(s.a.at(o.Last))))
		}
		lines = append(lines, OfficerLine{o.Name, d})
	}
	return lines
}

// First reports whether nobody can sign in yet: the page then asks for the first officer.
func (s *SignIn) First() bool { return len(s.officers) == 0 && !s.unread }

// Chosen is the place of the chosen name in Officers.
func (s *SignIn) Chosen() int { return s.chosen }

// Choose takes another name.
func (s *SignIn) Choose(i int) {
	if i < 0 || i >= len(s.officers) || i == s.chosen || s.busy {
		return
	}
	s.chosen, s.said = i, ""
	s.a.show(PartSignIn)
}

// Busy reports whether a passphrase is being tried; done is how much of long work is done, below 0 when there is none.
func (s *SignIn) Busy() (busy bool, done float64) { return s.busy, s.done }

// Said is what to tell about the last try; empty when there is nothing.
func (s *SignIn) Said() string { return s.said }

// Try opens the notebook for the chosen officer, or says why not.
func (s *SignIn) Try(passphrase string) {
	if s.busy || len(s.officers) == 0 {
		return
	}
	if passphrase == "" {
		s.say(s.a.T("signin.empty"))
		return
	}
	o, door := s.officers[s.chosen], s.a.o.Door
	s.work(func(ctx context.Context, progress func(float64)) func() {
		b, err := door.Open(ctx, o.ID, passphrase, progress)
		return func() {
			if err != nil {
				s.refused(err)
				return
			}
			s.a.enter(o, b)
		}
	})
}

// work does what takes a while, with the page waiting for it.
func (s *SignIn) work(f func(ctx context.Context, progress func(float64)) func()) {
	s.busy, s.done, s.said = true, -1, ""
	onScreen := s.a.onScreen()
	progress := func(done float64) {
		onScreen(func() {
			s.done = done
			s.a.show(PartSignIn)
		})
	}
	s.a.show(PartSignIn)
	s.a.run(func(ctx context.Context) func() {
		then := f(ctx, progress)
		return func() {
			s.busy, s.done = false, -1
			then()
		}
	})
}

// refused says why a passphrase did not open.
func (s *SignIn) refused(err error) {
	var r *Refused
	switch {
	case !errors.As(err, &r):
		s.sayTrouble(err)
	case r.Left == 0:
		s.say(s.a.T("signin.wait", "time", r.Until.In(s.a.o.Zone).Format("15:04:05")))
	default:
		s.say(s.a.T("signin.wrong", "n", strconv.Itoa(r.Left), "m", strconv.Itoa(int(FirstPause/time.Minute))))
	}
}

// FirstPause is how long the machine rests when the free tries are used up; the pauses after it grow.
const FirstPause = time.Minute

// Create enters an officer on this machine: the first one, or a colleague when somebody is signed in.
func (s *SignIn) Create(name, role, passphrase, again string) {
	name, role = strings.Join(strings.Fields(name), " "), strings.TrimSpace(role)
	if s.busy || !s.First() && s.a.me.ID == "" {
		return
	}
	if wrong := s.check(name, role, passphrase, again); wrong != "" {
		s.say(wrong)
		return
	}
	door, first := s.a.o.Door, s.First()
	s.work(func(ctx context.Context, progress func(float64)) func() {
		o, b, err := door.Enter(ctx, name, role, passphrase, progress)
		return func() {
			switch {
			case err != nil:
				s.refused(err)
			case first:
				s.load()
				s.a.enter(o, b)
			default:
				s.load()
				s.a.toast(s.a.T("officer.added", "name", o.Name), "", nil)
				s.a.show(PartSignIn | PartPage)
			}
		}
	})
}

// Rekey gives the officer who is signed in another passphrase.
func (s *SignIn) Rekey(present, next, again string) {
	if s.busy || s.a.me.ID == "" {
		return
	}
	if wrong := s.checkPassphrase(next, again); wrong != "" {
		s.say(wrong)
		return
	}
	door, me := s.a.o.Door, s.a.me.ID
	s.work(func(ctx context.Context, _ func(float64)) func() {
		err := door.Rekey(ctx, me, present, next)
		return func() {
			if err != nil {
				s.refused(err)
				return
			}
			s.a.toast(s.a.T("officer.rekeyed"), "", nil)
			s.a.show(PartSignIn | PartPage)
		}
	})
}

func (s *SignIn) check(name, role, passphrase, again string) string {
	switch {
	case name == "":
		return s.a.T("officer.noname")
	case len(name) > 120 || len(role) > 120:
		return s.a.T("officer.long")
	case slices.ContainsFunc(s.officers, func(o Officer) bool { return o.Name == name }):
		return s.a.T("officer.there", "name", name)
	}
	return s.checkPassphrase(passphrase, again)
}

func (s *SignIn) checkPassphrase(passphrase, again string) string {
	switch {
	case passphrase == "":
		return s.a.T("signin.empty")
	case passphrase != again:
		return s.a.T("officer.differ")
	}
	return ""
}

// Advice says what a passphrase must be.
func (s *SignIn) Advice() string { return s.a.o.Door.Advice(s.a.lang) }

func (s *SignIn) say(text string) {
	s.said = text
	s.a.show(PartSignIn)
}

func (s *SignIn) sayTrouble(err error) {
	t := s.a.sayCode(fault.CodeOf(err))
	s.say(fmt.Sprintf("%s %s (%s)", t.Message, t.Next, t.Code))
}

// load reads who is there; who signed in last is chosen.
func (s *SignIn) load() {
	officers, err := s.a.o.Door.Officers()
	if s.unread = err != nil; s.unread {
		s.sayTrouble(err)
		return
	}
	s.officers, s.chosen = officers, 0
	for i := range officers {
		if officers[i].Last > officers[s.chosen].Last {
			s.chosen = i
		}
	}
}

// join puts the parts that are not empty in a row.
func join(parts ...string) string {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" })
	return strings.Join(parts, " · ")
}

// nameOf gives the name of whoever wrote something, on which machine and when: of the centre's staff with their unit. Staff of
// whom nobody has told, and officers of other machines, are known by their id.
func (a *App) nameOf(id string, by record.ReplicaID, at record.Millis) string {
	if id == "" {
		return a.T("who.program")
	}
	if by == record.Centre {
		who, ok := a.official(id, "", at)
		if !ok {
			who = id
		}
		return who
	}
	if i := slices.IndexFunc(a.Gate.officers, func(o Officer) bool { return o.ID == id }); i >= 0 {
		return a.Gate.officers[i].Name
	}
	return id
}
