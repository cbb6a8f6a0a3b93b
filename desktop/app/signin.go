package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"banlang/shared/fault"
)

// SignIn is the first page: who is using this computer. Names first, passphrase second.
type SignIn struct {
	a        *App
	officers []officer
	chosen   int
	busy     bool
	said     string // what is wrong with the last try
	drafts   map[string]int
	unread   bool // the officers are there and cannot be read: nobody may be made in their place
}

// OfficerLine is one name of the page.
type OfficerLine struct {
	Name, Detail string
	Drafts       int // what this officer was writing
}

// Officers lists the people of this machine.
func (s *SignIn) Officers() (lines []OfficerLine) {
	for i := range s.officers {
		o := &s.officers[i]
		d := o.Role
		if o.Last != 0 {
			d = join(d, s.a.T("signin.last", "time", s.a.clockTime(s.a.at(o.Last))))
		}
		lines = append(lines, OfficerLine{o.Name, d, s.drafts[o.ID]})
	}
	return lines
}

// First reports whether nobody can sign in yet: the page then asks for the first officer.
func (s *SignIn) First() bool { return len(s.officers) == 0 && !s.unread }

// Chosen is the place of the chosen name in Officers.
func (s *SignIn) Chosen() int { return s.chosen }

// Choose takes another name.
func (s *SignIn) Choose(i int) {
	if i < 0 || i >= len(s.officers) || i == s.chosen {
		return
	}
	s.chosen, s.said = i, ""
	s.a.show(PartSignIn)
}

// Busy reports whether a passphrase is being compared.
func (s *SignIn) Busy() bool { return s.busy }

// Said is what to tell about the last try; empty when there is nothing.
func (s *SignIn) Said() string { return s.said }

// Try opens the notebook for the chosen officer, or says why not.
func (s *SignIn) Try(passphrase string) {
	if s.busy || len(s.officers) == 0 {
		return
	}
	now, i := s.a.now(), s.chosen
	if s.officers[i].wait(now) > 0 {
		s.say(s.a.T("signin.wait", "time", s.until(i)))
		return
	}
	if passphrase == "" {
		s.say(s.a.T("signin.empty"))
		return
	}
	officers := slices.Clone(s.officers)
	s.setBusy()
	s.a.run(func(ctx context.Context) func() {
		right, err := officers[i].try(passphrase, now)
		kept := s.a.writeOfficers(ctx, officers) // of a right try only the count is at stake: it opens all the same
		return func() {
			s.busy, s.officers = false, officers
			switch {
			case err != nil:
				s.sayTrouble(err)
			case right:
				s.a.enter(officers[i])
			case kept != nil:
				s.sayTrouble(kept)
			default:
				s.sayWrong(i)
			}
		}
	})
}

func (s *SignIn) sayWrong(i int) {
	o := &s.officers[i]
	if o.Wrong >= freeTries {
		s.say(s.a.T("signin.wait", "time", s.until(i)))
		return
	}
	s.say(s.a.T("signin.wrong", "n", strconv.Itoa(freeTries-o.Wrong), "m", strconv.Itoa(int(firstPause/time.Minute))))
}

// until says the clock time, with seconds, at which the pause ends.
func (s *SignIn) until(i int) string {
	return s.a.now().Add(s.officers[i].wait(s.a.now())).Format("15:04:05")
}

// Create adds an officer to this machine: the first one, or a colleague when somebody is signed in.
func (s *SignIn) Create(name, role, passphrase, again string) {
	name, role = strings.Join(strings.Fields(name), " "), strings.TrimSpace(role)
	if s.busy || !s.First() && s.a.me.ID == "" {
		return
	}
	if wrong := s.check(name, role, passphrase, again); wrong != "" {
		s.say(wrong)
		return
	}
	officers, first := slices.Clone(s.officers), s.First()
	id := officerID(name, s.a.o.Notebook.Replica(), func(id string) bool {
		return slices.ContainsFunc(officers, func(o officer) bool { return o.ID == id })
	})
	now := s.a.now().UnixMilli()
	s.setBusy()
	s.a.run(func(ctx context.Context) func() {
		o, err := newOfficer(name, role, passphrase, id)
		if first {
			o.Last = now
		}
		if err == nil {
			officers = append(officers, o)
			err = s.a.writeOfficers(ctx, officers)
		}
		return func() { s.created(o, officers, first, err) }
	})
}

func (s *SignIn) created(o officer, officers []officer, first bool, err error) {
	s.busy = false
	if err != nil {
		s.sayTrouble(err)
		return
	}
	s.officers = officers
	if first {
		s.a.enter(o)
		return
	}
	s.said = ""
	s.a.toast(s.a.T("officer.added", "name", o.Name), "", nil)
	s.a.show(PartSignIn | PartPage)
}

func (s *SignIn) check(name, role, passphrase, again string) string {
	switch {
	case name == "":
		return s.a.T("officer.noname")
	case len(name) > 120 || len(role) > 120:
		return s.a.T("officer.long")
	case utf8.RuneCountInString(passphrase) < MinPassphrase || len(passphrase) > MaxPassphrase:
		return s.a.T("officer.short", "n", strconv.Itoa(MinPassphrase))
	case passphrase != again:
		return s.a.T("officer.differ")
	}
	return ""
}

func (s *SignIn) setBusy() {
	s.busy, s.said = true, ""
	s.a.show(PartSignIn)
}

func (s *SignIn) say(text string) {
	s.said = text
	s.a.show(PartSignIn)
}

func (s *SignIn) sayTrouble(err error) {
	t := s.a.sayCode(fault.CodeOf(err))
	s.say(fmt.Sprintf("%s %s (%s)", t.Message, t.Next, t.Code))
}

// load reads who is there and what they were writing.
func (s *SignIn) load(ctx context.Context) error {
	officers, err := s.a.readOfficers(ctx)
	if s.unread = err != nil; s.unread {
		return err
	}
	drafts, err := s.a.o.Notebook.Drafts(ctx)
	if err != nil {
		return err
	}
	s.officers, s.drafts = officers, map[string]int{}
	for _, d := range drafts {
		s.drafts[d.Officer]++
	}
	s.chosen = 0
	for i := range officers {
		if officers[i].Last > officers[s.chosen].Last {
			s.chosen = i
		}
	}
	return nil
}

// join puts the parts that are not empty in a row.
func join(parts ...string) string {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" })
	return strings.Join(parts, " · ")
}
