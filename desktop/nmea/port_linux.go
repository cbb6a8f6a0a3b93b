package nmea

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"banlang/shared/fault"
)

// Devices gives the serial ports on which a receiver may be: by USB, and by Bluetooth.
func Devices() []string { return devicesUnder("/dev") }

func devicesUnder(dev string) (all []string) {
	for _, kind := range []string{"ttyACM*", "ttyUSB*", "rfcomm*"} {
		found, _ := filepath.Glob(filepath.Join(dev, kind)) // the patterns are well formed
		slices.Sort(found)
		all = append(all, found...)
	}
	return all
}

var speedBits = map[int]uint32{4800: unix.B4800, 9600: unix.B9600, 38400: unix.B38400, 115200: unix.B115200}

// Open opens a serial port for reading, 8 bits without parity, at 4800, 9600, 38400 or 115200 baud. Closing it ends a Read
// that waits. The error is the fault NoReceiver.
func Open(device string, baud int) (io.ReadCloser, error) {
	fd, err := unix.Open(device, unix.O_RDONLY|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fault.New(fault.NoReceiver, "nmea.Open", &fs.PathError{Op: "open", Path: device, Err: err})
	}
	if err := setUp(fd, baud); err != nil {
		return nil, fault.New(fault.NoReceiver, "nmea.Open", fmt.Errorf("%s: %w", device, errors.Join(err, unix.Close(fd))))
	}
	return os.NewFile(uintptr(fd), device), nil // not blocking, so it waits in the poller
}

// setUp makes a terminal a plain line of bytes, and forgets what came before.
func setUp(fd, baud int) error {
	speed, ok := speedBits[baud]
	if !ok {
		return fmt.Errorf("%d baud", baud)
	}
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Iflag, t.Oflag, t.Lflag = unix.IGNBRK|unix.IGNPAR, 0, 0
	t.Cflag = unix.CS8 | unix.CREAD | unix.CLOCAL | speed
	t.Ispeed, t.Ospeed = speed, speed
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, t); err != nil {
		return err
	}
	return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH)
}
