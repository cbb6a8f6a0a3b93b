//go:build wine

package banlang_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What is written for Windows alone, tried under Wine: that the machine is about to sleep, and the position from a serial port, which here
// is a pseudo-terminal. "make wine" sees to what this needs. Wine is no Windows: it never sleeps, and has no drivers.

// windows is a Windows of a test's own.
type windows struct {
	t   *testing.T
	dir string
	env []string
}

const wine64, wineserver = "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64"

func newWindows(t *testing.T) *windows {
	t.Helper()
	w := &windows{t: t, dir: t.TempDir()}
	w.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "WINEPREFIX=" + filepath.Join(w.dir, "wine"), "WINEDEBUG=-all",
		"WINEDLLOVERRIDES=bcryptprimitives=n;mscoree,mshtml=;winemenubuilder.exe=d"}
	t.Cleanup(func() { _ = w.command(wineserver, "-k").Run() }) // there may be none any more
	w.runs(wine64, "wineboot", "--init")
	w.runs("x86_64-w64-mingw32-gcc", "-shared", "-o", filepath.Join(w.dir, "wine/drive_c/windows/system32/bcryptprimitives.dll"),
		"desktop/packaging/windows/wine_random.c", "-ladvapi32")
	return w
}

func (w *windows) command(name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(w.t.Context(), name, args...)
	c.Env = w.env
	return c
}

func (w *windows) runs(name string, args ...string) {
	w.t.Helper()
	c := w.command(name, args...)
	c.Stdout, c.Stderr = w.t.Output(), w.t.Output()
	if err := c.Run(); err != nil {
		w.t.Fatalf("%s %q: %v", name, args, err)
	}
}

// tests is the command that runs the tests of a package in this Windows.
func (w *windows) tests(pkg string, args ...string) *exec.Cmd {
	w.t.Helper()
	path := filepath.Join(w.dir, filepath.Base(pkg)+".test.exe")
	build := exec.CommandContext(w.t.Context(), "go", "test", "-c", "-tags", "headless", "-o", path, pkg)
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	return w.command(wine64, append([]string{path, "-test.v", "-test.timeout=2m"}, args...)...)
}

// TestUnderWine: what is to be done before the machine sleeps is done when Windows calls, and a receiver gives the position.
func TestUnderWine(t *testing.T) {
	w := newWindows(t)
	if out, err := w.tests("./desktop/sleep").CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestWatch") {
		t.Errorf("%v\n%s", err, out)
	}
	w.locates()
}

// locates has the test of the serial port listen to a receiver on a pseudo-terminal: each time it says that it does, the receiver speaks.
func (w *windows) locates() {
	t := w.t
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	receiver := os.NewFile(uintptr(fd), "/dev/ptmx")
	defer receiver.Close()
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.runs(wine64, "reg", "add", `HKLM\Software\Wine\Ports`, "/v", "COM7", "/d", fmt.Sprintf("/dev/pts/%d", number), "/f")
	modem := filepath.Join(w.dir, "modem.so")
	w.runs("gcc", "-shared", "-fPIC", "-o", modem, "desktop/packaging/windows/wine_modem.c")
	_ = w.command(wineserver, "-k", "-w").Run() // what starts next sees the port; it may have ended by itself

	c := w.tests("./desktop/nmea", "-test.run=^TestLocateOnAPort$")
	c.Env = append(c.Env, "BANLANG_TEST_PORT=COM7", "LD_PRELOAD="+modem)
	var said strings.Builder
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(io.TeeReader(out, &said)); lines.Scan(); {
		if sentence, ok := strings.CutPrefix(lines.Text(), "listening: "); ok {
			if _, err := io.WriteString(receiver, strings.ReplaceAll(sentence, " ", "\r\n")); err != nil {
				t.Error(err)
			}
		}
	}
	if err := c.Wait(); err != nil || !strings.Contains(said.String(), "--- PASS: TestLocateOnAPort") {
		t.Errorf("%v\n%s", err, &said)
	}
}
