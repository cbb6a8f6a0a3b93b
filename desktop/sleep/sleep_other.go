//go:build !linux && !windows

package sleep

import "context"

// Watch returns ErrNone: this system is not asked.
func Watch(context.Context, func()) error { return ErrNone }
