//go:build !headless && !windows

package window

import "os"

// adapter names where the window was to be, for whoever gives support.
func adapter() string {
	return "DISPLAY=" + os.Getenv("DISPLAY") + " WAYLAND_DISPLAY=" + os.Getenv("WAYLAND_DISPLAY")
}
