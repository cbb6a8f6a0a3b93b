// Package sleep says when this machine is about to sleep, so that a screen can be locked before somebody else opens the lid.
package sleep

import "errors"

// ErrNone: the system does not say when it is about to sleep.
var ErrNone = errors.New("sleep: the system does not say")
