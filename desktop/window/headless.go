//go:build headless

package window

import "banlang/desktop/app"

// Run has no window to open in this build.
func Run(*app.App) error { return ErrNoGL }
