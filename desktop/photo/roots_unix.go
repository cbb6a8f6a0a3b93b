//go:build !windows

package photo

import (
	"os"
	"path/filepath"
	"strconv"
)

// Roots gives the folders under which telephones and cards appear: where the system mounts what is plugged in, and where
// GNOME and macOS show devices.
func Roots() []string { return rootsUnder("/") }

func rootsUnder(top string) (roots []string) {
	for _, at := range []string{"media", "run/media", filepath.Join("run/user", strconv.Itoa(os.Getuid()), "gvfs"), "Volumes"} {
		at = filepath.Join(top, at)
		if info, err := os.Stat(at); err == nil && info.IsDir() {
			roots = append(roots, at)
		}
	}
	return roots
}
