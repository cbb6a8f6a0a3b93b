// Package single owns that the window of a folder is open once: who starts the program again is taken to the window that is
// there.
//
// The first holds a lock of the operating system, which ends with the process however that ends, and listens on the loopback
// for somebody who knows a secret that stands in the folder, readable to its owner only. All that a caller can ask for is
// that the window comes to the front.
package single

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"banlang/shared/fault"
	"banlang/shared/lockfile"
)

// The files in the folder.
const (
	lockName = "cua-so.lock"
	bellName = "cua-so" // the address of the first, and the secret
)

// patience bounds how long either end waits for the other: both are on this machine.
const patience = 3 * time.Second

// secretBytes is the length of a secret.
const secretBytes = 26

// Window is the one window of a folder.
type Window struct {
	lock   *lockfile.Lock
	bell   net.Listener
	path   string
	secret string
	wait   sync.WaitGroup
}

// Open makes this process the one that has the window. When another has it, that one is asked to come to the front, and the
// error is fault.SecondInstance; raised says whether it did. Raise is called in a goroutine of its own.
func Open(dir string, raise func()) (w *Window, raised bool, err error) {
	lock, err := lockfile.Take(filepath.Join(dir, lockName))
	if errors.Is(err, fault.SecondInstance) {
		return nil, knock(filepath.Join(dir, bellName)) == nil, err
	}
	if err != nil {
		return nil, false, err
	}
	w = &Window{lock: lock, path: filepath.Join(dir, bellName), secret: rand.Text()}
	if w.bell, err = new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0"); err == nil {
		w.wait.Go(func() { w.answer(raise) })
		err = os.WriteFile(w.path, []byte(w.bell.Addr().String()+" "+w.secret), 0o600)
	}
	if err != nil { // a second start will say that the window is open, and not show it: that is all
		_ = os.Remove(w.path)
	}
	return w, false, nil
}

// answer raises the window for everybody who knows the secret.
func (w *Window) answer(raise func()) {
	for {
		c, err := w.bell.Accept()
		if err != nil {
			return // closed
		}
		w.wait.Go(func() {
			defer c.Close()
			said := make([]byte, secretBytes)
			if c.SetDeadline(time.Now().Add(patience)) != nil {
				return
			}
			if _, err := io.ReadFull(c, said); err != nil || subtle.ConstantTimeCompare(said, []byte(w.secret)) != 1 {
				return
			}
			raise()
			_, _ = c.Write([]byte{'.'}) // who does not hear it says that the window is open all the same
		})
	}
}

// knock asks the process that has the window to bring it to the front.
func knock(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	addr, secret, ok := strings.Cut(string(text), " ")
	if !ok || len(secret) != secretBytes {
		return fmt.Errorf("single: %s is not ours", path)
	}
	allow()
	c, err := (&net.Dialer{Timeout: patience}).DialContext(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(c, secret); err != nil {
		return err
	}
	_, err = io.ReadFull(c, make([]byte, 1))
	return err
}

// Close gives the place to the next. A nil Window does nothing.
func (w *Window) Close() error {
	if w == nil {
		return nil
	}
	var err error
	if w.bell != nil {
		err = w.bell.Close()
		w.wait.Wait()
	}
	return errors.Join(err, os.Remove(w.path), w.lock.Release())
}
