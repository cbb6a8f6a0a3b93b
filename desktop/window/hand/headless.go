//go:build headless || !linux

package hand

import (
	"context"

	"banlang/desktop/app"
	"banlang/shared/fault"
)

// Run has no window in this build.
func Run(context.Context, *app.App, Deeds) ([]Spent, error) {
	return nil, fault.New(fault.NoScreen, "hand", nil)
}

// Bare has no window in this build.
func Bare(context.Context, int) ([]Spent, error) {
	return nil, fault.New(fault.NoScreen, "hand", nil)
}
