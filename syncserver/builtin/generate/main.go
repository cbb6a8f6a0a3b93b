// Command generate writes the spreadsheets and XForms of the built-in forms into the project: go generate in the folder
// above it.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"banlang/syncserver/builtin"
)

// root is the root of the project, from where go generate runs.
const root = "../.."

func main() {
	if err := generate(); err != nil {
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
