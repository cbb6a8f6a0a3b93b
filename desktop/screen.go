//go:build !headless

package main

import (
	"context"
	"errors"

	"banlang/desktop/app"
	"banlang/desktop/command"
	"banlang/desktop/window"
)

// openWindow shows the window until the person closes it or ctx ends.
func openWindow(ctx context.Context, m *app.App) error {
	err := window.Run(ctx, m)
	if errors.Is(err, window.ErrNoGL) {
		return command.NoWindow(window.Say(m))
	}
	return err
}
