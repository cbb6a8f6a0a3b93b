package nmea

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"banlang/shared/fault"
)

// plug gives a receiver on a real serial line: what is written to it comes out of the device. It is a terminal as the
// system makes it, which echoes and waits for whole lines, until Open sets it up.
func plug(t *testing.T) (receiver *os.File, device string) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	receiver = os.NewFile(uintptr(fd), "/dev/ptmx")
	t.Cleanup(func() { receiver.Close() })
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	return receiver, fmt.Sprintf("/dev/pts/%d", number)
}

// opening is Open, which tells of each time.
func opening(opened chan<- int) func(string, int) (io.ReadCloser, error) {
	return func(device string, baud int) (io.ReadCloser, error) {
		port, err := Open(device, baud)
		if err == nil {
			opened <- baud
		}
		return port, err
	}
}

func aMinute(int) time.Duration { return time.Minute }

func TestLocateOnASerialLine(t *testing.T) {
	receiver, device := plug(t)
	modem, silent := plug(t)
	opened := make(chan int, 9)
	go func() {
		<-opened
		<-opened // both are listened to, and what comes now is not flushed
		io.WriteString(modem, "\r\nRING\r\n+CREG: 1\r\n")
		io.WriteString(receiver, "tail,of,a,line*00\r\n"+coldGGA+coldRMC+goodGGA+others+goodRMC)
	}()
	var states atomic.Int32
	fix, err := locator{opening(opened), aMinute}.locate(t.Context(), []string{silent, device}, func(f Fix) { states.Add(1) })
	if err != nil || !near(fix, good) || states.Load() != 1 {
		t.Errorf("%+v (%v) after %d states", fix, err, states.Load())
	}
}

func TestLocateTriesEachSpeed(t *testing.T) {
	receiver, device := plug(t)
	opened := make(chan int, 9)
	var speeds []int
	done := make(chan struct{})
	go func() {
		defer close(done)
		for baud := range opened {
			if speeds = append(speeds, baud); baud == 4800 { // understood at that only
				state, err := unix.IoctlGetTermios(int(receiver.Fd()), unix.TCGETS)
				if err != nil || state.Cflag&unix.CBAUD != unix.B4800 || state.Lflag&(unix.ECHO|unix.ICANON) != 0 {
					t.Errorf("%v: %+v", err, state)
				}
				io.WriteString(receiver, goodRMC+goodGGA)
			}
		}
	}()
	patience := map[int]time.Duration{9600: time.Millisecond, 4800: time.Minute}
	fix, err := locator{opening(opened), func(baud int) time.Duration { return patience[baud] }}.locate(t.Context(), []string{device}, nil)
	close(opened)
	<-done
	if err != nil || !near(fix, good) || !slices.Equal(speeds, []int{9600, 4800}) {
		t.Errorf("%+v (%v) at %d baud", fix, err, speeds)
	}
}

func TestLocateWithoutAFix(t *testing.T) {
	l := locator{Open, func(int) time.Duration { return time.Millisecond }}
	if _, err := l.locate(t.Context(), nil, nil); !errors.Is(err, fault.NoReceiver) {
		t.Errorf("no device: %v", err)
	}
	if _, err := l.locate(t.Context(), []string{filepath.Join(t.TempDir(), "ttyUSB0")}, nil); !errors.Is(err, fault.NoReceiver) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a device that is gone: %v", err)
	}
	_, silent := plug(t)
	if _, err := l.locate(t.Context(), []string{silent}, nil); !errors.Is(err, fault.NoReceiver) || !errors.Is(err, errSilent) {
		t.Errorf("a device that is silent: %v", err)
	}

	receiver, device := plug(t)
	opened := make(chan int, 1)
	go func() { <-opened; io.WriteString(receiver, coldGGA) }()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := locator{opening(opened), aMinute}.locate(ctx, []string{device}, func(Fix) { cancel() })
	if !errors.Is(err, fault.NoFix) || !errors.Is(err, context.Canceled) {
		t.Errorf("given up while it searched: %v", err)
	}
}

func TestOpen(t *testing.T) {
	receiver, device := plug(t)
	if _, err := Open(device, 300); !errors.Is(err, fault.NoReceiver) {
		t.Errorf("at 300 baud: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, 9600); !errors.Is(err, unix.ENOTTY) {
		t.Errorf("a file: %v", err)
	}
	port, err := Open(device, 9600)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(receiver, "$a")
	b := make([]byte, 9)
	if n, err := port.Read(b); string(b[:n]) != "$a" || err != nil { // before the line ends
		t.Errorf("%q, %v", b[:n], err)
	}
	ended := make(chan error)
	go func() { _, err := port.Read(b); ended <- err }()
	port.Close()
	if err := <-ended; !errors.Is(err, os.ErrClosed) {
		t.Errorf("a closed port: %v", err)
	}
}

func TestDevices(t *testing.T) {
	dev := t.TempDir()
	for _, name := range []string{"ttyUSB1", "ttyUSB0", "ttyACM0", "rfcomm0", "ttyS0", "tty1", "null"} {
		if err := os.WriteFile(filepath.Join(dev, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, at := range devicesUnder(dev) {
		got = append(got, filepath.Base(at))
	}
	if want := []string{"ttyACM0", "ttyUSB0", "ttyUSB1", "rfcomm0"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
