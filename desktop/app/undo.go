package app

import (
	"slices"
	"strings"
)

// Undo of a form: a stack of what the officer did since it was opened, each with what takes it back. It covers answers that
// were picked or typed (all that was typed into one field in one go is one step), rows that were added or taken out,
// pictures, and what was copied from the last record. What is taken back is a change like any other: it goes into the
// draft, and names what was on the screen.

// step is one thing that the officer did.
type step struct {
	path  string // of the answer or the row
	typed bool   // by keys that are still being pressed
	back  func()
}

// mostSteps bounds the stack; the oldest step goes first.
const mostSteps = 200

// did notes a step.
func (e *Editor) did(s *step) {
	e.steps = append(e.steps, s)
	if len(e.steps) > mostSteps {
		e.steps = slices.Delete(e.steps, 0, 1)
	}
}

// typing reports whether a key at path goes on with the last step.
func (e *Editor) typing(path string) bool {
	n := len(e.steps)
	return n > 0 && e.steps[n-1].typed && e.steps[n-1].path == path
}

// endTyping makes the next key a step of its own.
func (e *Editor) endTyping() {
	if n := len(e.steps); n > 0 {
		e.steps[n-1].typed = false
	}
}

// Undo takes back the last thing that the officer did, and gives the path where that was; "" and false when there is
// nothing left to take back.
func (e *Editor) Undo() (path string, ok bool) {
	if len(e.steps) == 0 || e.pen.ended {
		return "", false
	}
	return e.takeBack(e.steps[len(e.steps)-1]), true
}

// takeBack takes a step back, wherever it is in the stack.
func (e *Editor) takeBack(s *step) (path string) {
	i := slices.Index(e.steps, s)
	if i < 0 || e.pen.ended {
		return ""
	}
	e.steps = slices.Delete(e.steps, i, i+1)
	kept := e.steps
	s.back()
	e.steps = kept // taking back is no step
	e.a.show(PartForm)
	return s.path
}

// offerUndo says what was done last and offers to take it back.
func (e *Editor) offerUndo(text string) {
	s := e.steps[len(e.steps)-1]
	e.a.toast(text, e.T("undo"), func() { e.takeBack(s) })
	e.nag = e.a.toasted
}

// forgetSteps drops the steps in a row that is gone for good.
func (e *Editor) forgetSteps(row string) {
	e.steps = slices.DeleteFunc(e.steps, func(s *step) bool { return s.path == row || strings.HasPrefix(s.path, row+"/") })
}

// put sets an answer again to what it was, where its place is still there.
func (e *Editor) put(path, value string) {
	for _, row := range e.Form().Around(path) {
		if repeat, name := splitRow(strings.TrimSuffix(row, "/")); !slices.Contains(e.Rows(repeat), name) {
			return
		}
	}
	e.Set(path, value)
}
