//go:build headless

package window

import (
	"context"

	"banlang/desktop/app"
	"banlang/shared/fault"
)

// Run has no window to open in this build.
func Run(context.Context, *app.App) error { return fault.New(fault.NoScreen, "window", nil) }
