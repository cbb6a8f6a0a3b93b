package main

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
)

// serverName is the centre's program when SERVER does not name it: it stands beside this one.
const serverName = "syncserver-bench"

// serve becomes the centre: the two halves share no process, so this one gives way to the other's program.
func serve(context.Context) error {
	path := os.Getenv("SERVER")
	if path == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		path = filepath.Join(filepath.Dir(self), serverName)
	}
	return syscall.Exec(path, []string{path, "serve"}, os.Environ())
}
