package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"banlang/shared/wholefile"
)

// wipe overwrites a file with zeros, waits for the disk, and removes it. One that is missing is wiped.
func wipe(path string, told func(Progress)) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	err = overwrite(f, told)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Remove(path), wholefile.SyncDir(filepath.Dir(path)))
}

func overwrite(f *os.File, told func(Progress)) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	zeros := make([]byte, 1<<20)
	for done := int64(0); done < info.Size(); {
		n, err := f.WriteAt(zeros[:min(int64(len(zeros)), info.Size()-done)], done)
		if err != nil {
			return err
		}
		done += int64(n)
		told(Progress{Wiping, done, info.Size()})
	}
	return f.Sync()
}

// removeAll removes files that may be missing.
func removeAll(paths ...string) error {
	var all error
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			all = errors.Join(all, err)
		}
	}
	return all
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// beside lists the files whose paths go on behind this one, with a rest that fits.
func beside(path string, fits func(rest string) bool) (found []string, err error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), filepath.Base(path)); ok && fits(rest) {
			found = append(found, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return found, err
}
