// Package wholefile puts small files in place so that, after a power cut at any moment, a reader finds the old file or the new one.
package wholefile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// Suffix is what the name of a file that is still being written has behind it. After a power cut one may lie there, and says nothing.
const Suffix = ".new"

// Write puts content in the place of a file, which only its owner may read, and waits until the disk has it. When it fails, the
// former file is as it was. A file has one writer at a time: that is the caller's to see to.
func Write(path string, content []byte) error {
	fresh := path + Suffix
	f, err := os.OpenFile(fresh, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes the names in a directory durable. Windows has no such call; NTFS keeps its names in a journal.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
