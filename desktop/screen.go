//go:build !headless

package main

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/command"
	"banlang/desktop/window"
)

// openWindow shows the window until the person closes it or ctx ends.
func openWindow(ctx context.Context, m *app.App) error {
	stop := context.AfterFunc(ctx, func() { fyne.Do(func() { fyne.CurrentApp().Quit() }) })
	defer stop()
	err := window.Run(m)
	if errors.Is(err, window.ErrNoGL) {
		return command.NoWindow(window.Say(m))
	}
	return err
}
