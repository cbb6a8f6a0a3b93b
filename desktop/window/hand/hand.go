// Package hand owns a hand before the real window, with a clock beside it: it signs in, looks at the list, searches, scrolls
// and types as an officer does, and says how long each took until it stood on the screen. Only the bench uses it.
//
// What it does enters where the events of the system enter the window's widgets; what it waits for is the end of the frame
// that shows it. So the time counts that goes by until Fyne draws its next frame, up to a sixtieth of a second.
package hand

import "time"

// Deeds are what the hand does in the notebook that it finds.
type Deeds struct {
	Passphrase string
	Records    int      // that the list has at least
	Searches   []string // typed in turn; each must find some records, and not all
	Form       string   // the form in which it types
	Field      string   // the question of the form, answered by text, in which it types
	Rest       time.Duration
	Rested     func() // called once Rest has gone by since the first sign-in, with the notebook still open
}

// Spent is what deeds of one kind took, in milliseconds, one value each; of "start" only Screen is known.
type Spent struct {
	Name   string
	Screen []float64 // until it stood on the screen
	Busy   []float64 // of these, what the window's goroutine did: nothing else can be drawn meanwhile
	CPU    []float64 // what the thread of that goroutine took of the processor, which other load does not spoil
	All    []float64 // what the whole program took of it: with the threads that draw, where no graphics card does
}
