package keyfile

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"banlang/shared/fault"
	"banlang/shared/lockfile"
	"banlang/shared/wholefile"
)

// note says that the key file is to be destroyed, or was. While it is there nothing is read from the file: what is left of it
// is destroyed by whoever opens it next. So it is durable before the first byte goes, and a copy that is still sound heals
// nothing.
type note struct {
	Notebook string     `json:"notebook"`       // names the machine's secret
	Begun    time.Time  `json:"begun"`          //
	Done     *time.Time `json:"done,omitempty"` // nothing is left
}

func notePath(path string) string { return path + ".wiped" }

// Destroy destroys the slots of all officers and this machine's secret: overwritten, on the disk, and taken away. When it
// returns nil nobody opens the notebook with what is on this machine, but with the key that the centre keeps (Restore). When
// it fails, or is cut short, the file is destroyed all the same, at the latest when it is opened the next time.
//
// Disks without moving parts may keep what was overwritten for a while, out of reach of programs. What they keep is under the
// passphrases still, and under the machine's secret where the system keeps one.
func (f *File) Destroy() (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	lock, err := lockfile.Take(f.path + ".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if gone, err := wiped(f.path, f.options); gone || err != nil {
		return err
	}
	n := &note{Notebook: f.content.Notebook, Begun: f.options.Now()}
	if err := n.write(f.path); err != nil {
		return err
	}
	f.content, f.tries = content{}, tries{} // nobody who has it open opens it again
	atStep("noted")
	return n.finish(f.path, f.options)
}

// wiped reports whether the file was destroyed, or is to be; what is left of it goes first, and the error is about that.
func wiped(path string, o Options) (bool, error) {
	text, err := readBounded(notePath(path))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fault.New(fault.DiskIO, "keyfile.Open", err)
	}
	n := &note{}
	if err := json.Unmarshal(text, n); err != nil { // it is written whole or not at all, so this is a disk that rots
		n = &note{}
	}
	if n.Done != nil {
		return true, nil
	}
	return true, n.finish(path, o)
}

// finish destroys what is left. That the key store does not answer stops nothing: without a slot its secret opens nothing.
func (n *note) finish(path string, o Options) error {
	all := []string{triesPath(path)}
	for _, name := range copies(path) {
		all = append(all, name, name+wholefile.Suffix)
	}
	for _, name := range all {
		if err := overwrite(name); err != nil {
			return fault.New(fault.DiskIO, "keyfile.Destroy", err)
		}
		atStep("overwritten " + filepath.Ext(name))
	}
	for _, name := range all {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.DiskIO, "keyfile.Destroy", err)
		}
		atStep("removed " + filepath.Ext(name))
	}
	if err := wholefile.SyncDir(filepath.Dir(path)); err != nil {
		return fault.New(fault.DiskIO, "keyfile.Destroy", err)
	}
	if n.Notebook != "" {
		_ = o.Secrets.Delete(n.Notebook)
	}
	atStep("secret deleted")
	now := o.Now()
	n.Done = &now
	return n.write(path)
}

func (n *note) write(path string) error {
	text, err := json.Marshal(n)
	if err == nil {
		err = wholefile.Write(notePath(path), text)
	}
	if err != nil {
		return fault.New(fault.DiskIO, "keyfile.Destroy", err)
	}
	return nil
}

// atStep is where tests cut the power.
var atStep = func(string) {}

// overwrite puts zeros in the place of a file, and waits for the disk. One that is missing is overwritten.
func overwrite(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.WriteAt(make([]byte, size), 0)
	}
	return errors.Join(err, f.Sync(), f.Close())
}
