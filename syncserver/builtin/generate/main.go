// Command generate writes the spreadsheets and XForms of the built-in forms into the project: go generate in the folder
// above it. It also knows which of them have left the house:
//
//	generate -released   fails if a current version is not listed as released; make package asks this
//	generate -release    lists the current versions as released, for ever; then the list is committed
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"banlang/shared/form"
	carried "banlang/shared/form/builtin"
	"banlang/syncserver/builtin"
)

// root is the root of the project, from where go generate runs.
const root = "../.."

func main() {
	release := flag.Bool("release", false, "list the current versions as released")
	released := flag.Bool("released", false, "fail if a current version is not listed as released")
	flag.Parse()
	work := generate
	switch {
	case *release:
		work = enter
	case *released:
		work = mustBeReleased
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate() error {
	made, err := builtin.Make(context.Background())
	if err != nil {
		return err
	}
	files, err := builtin.Files(made)
	if err != nil {
		return err
	}
	if err := keep(files); err != nil {
		return err
	}
	for _, folder := range builtin.Folders {
		if err := os.RemoveAll(filepath.Join(root, folder)); err != nil {
			return err
		}
	}
	for path, content := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%d forms, %d files\n", len(made), len(files))
	return nil
}

// keep moves the versions that were released, and are about to be replaced, to where they stay.
func keep(fresh map[string][]byte) error {
	refs, err := carried.Released()
	if err != nil {
		return err
	}
	for _, ref := range refs {
		path := "shared/form/builtin/xforms/" + ref.ID + ".xml"
		old, err := os.ReadFile(filepath.Join(root, path))
		if err != nil || form.VersionOf(old) != ref.Version || bytes.Equal(old, fresh[path]) {
			continue // kept already, or current
		}
		if err := os.WriteFile(filepath.Join(root, "shared/form/builtin", carried.KeptName(ref)), old, 0o644); err != nil {
			return err
		}
	}
	return nil
}
