package app

import "time"

// Toast is one line at the foot of the page, with at most one thing to do. It steals no focus and goes by itself.
type Toast struct {
	Text, Action string
	do           func()
}

// How long the line is there.
const (
	toastStays   = 10 * time.Second
	troubleStays = 20 * time.Second // what went wrong, and what to do next
)

// toast tells the officer of his work.
func (a *App) toast(text, action string, do func()) { a.tellOf(toastStays, text, action, do) }

// tellOf tells the officer of his work for so long; while nobody is signed in it is dropped, for whoever is there is not him.
func (a *App) tellOf(stays time.Duration, text, action string, do func()) {
	if a.me.ID != "" {
		a.toastFor(stays, text, action, do)
	}
}

// toastFor tells whoever is before the screen.
func (a *App) toastFor(stays time.Duration, text, action string, do func()) {
	t := &Toast{Text: text, Action: action, do: do}
	a.toasted = t
	a.after(stays, func() {
		if a.toasted == t {
			a.EndToast()
		}
	})
	a.show(PartToast)
}

// Tell shows a text of the catalogue for a while.
func (a *App) Tell(key string) { a.toast(a.T(key), "", nil) }

// toastTrouble tells the officer what went wrong with his work, as toast does.
func (a *App) toastTrouble(err error) {
	if a.me.ID != "" {
		a.warn(err)
	}
}

// warn tells whoever is before the screen what went wrong with this machine.
func (a *App) warn(err error) {
	t := a.sayFault(err)
	a.toastFor(troubleStays, t.Message+" "+t.Next, "", nil)
}

// Toast is the line to show; nil when there is none.
func (a *App) Toast() *Toast { return a.toasted }

// DoToast does what the line offers.
func (a *App) DoToast() {
	if t := a.toasted; t != nil && t.do != nil {
		a.EndToast()
		t.do()
	}
}

// EndToast takes the line away.
func (a *App) EndToast() {
	a.toasted = nil
	a.show(PartToast)
}
