//go:build !windows

package photo

import (
	"cmp"
	"os"
	"path/filepath"
	"strconv"
)

// Roots gives the folders under which telephones and cards appear: where the system mounts what is plugged in, and where
// GNOME and macOS show devices.
func Roots() []string {
	return rootsUnder("/", cmp.Or(os.Getenv("XDG_RUNTIME_DIR"), filepath.Join("/run/user", strconv.Itoa(os.Getuid()))))
}

// rootsUnder are those below the top of all folders, and below the one of who is signed in to the machine.
func rootsUnder(top, session string) (roots []string) {
	for _, at := range []string{filepath.Join(top, "media"), filepath.Join(top, "run/media"), filepath.Join(session, "gvfs"), filepath.Join(top, "Volumes")} {
		if info, err := os.Stat(at); err == nil && info.IsDir() {
			roots = append(roots, at)
		}
	}
	return roots
}
