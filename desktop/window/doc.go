// Package window owns the one place that needs a real screen: it looks whether there is one and opens the window on it.
// With the build tag headless it has none, so that everything else builds without cgo, X and GL.
package window

import "errors"

// ErrNoGL: no window can be opened on this machine. Say gives the words for it.
var ErrNoGL = errors.New("window: no OpenGL 2.1")

// Texts gives texts of the catalogue.
type Texts interface {
	T(key string, args ...string) string
}

// Say says in the officer's language why there is no window, what is safe, and what to do next.
func Say(m Texts) string { return m.T("window.nogl") }
