package nmea

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"banlang/shared/fault"
)

// Devices gives the serial ports that Windows has: COM3, COM12.
func Devices() (all []string) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `HARDWARE\DEVICEMAP\SERIALCOMM`, registry.QUERY_VALUE)
	if err != nil {
		return nil // there has never been one
	}
	defer key.Close() //nolint:errcheck // only read
	names, _ := key.ReadValueNames(0)
	for _, name := range names {
		if port, _, err := key.GetStringValue(name); err == nil {
			all = append(all, port)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Open opens a serial port for reading, 8 bits without parity, at that speed. Closing it ends a Read that waits, within
// half a second. The error is the fault NoReceiver.
func Open(device string, baud int) (io.ReadCloser, error) {
	name, err := windows.UTF16PtrFromString(`\\.\` + device)
	if err != nil {
		return nil, fault.New(fault.NoReceiver, "nmea.Open", err)
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return nil, fault.New(fault.NoReceiver, "nmea.Open", fmt.Errorf("%s: %w", device, err))
	}
	if err := setUp(handle, baud); err != nil {
		return nil, fault.New(fault.NoReceiver, "nmea.Open", fmt.Errorf("%s: %w", device, errors.Join(err, windows.CloseHandle(handle))))
	}
	return port{os.NewFile(uintptr(handle), device)}, nil
}

// setUp makes a port a plain line of bytes, and forgets what came before. A read ends with the first bytes, or without any.
func setUp(handle windows.Handle, baud int) error {
	const (
		binary = 1 << 0
		dtr    = 1 << 4  // powers some receivers
		rts    = 1 << 12 // the same
		atOnce = 1<<32 - 1
	)
	var state windows.DCB
	if err := windows.GetCommState(handle, &state); err != nil {
		return err
	}
	state.BaudRate, state.ByteSize, state.Parity, state.StopBits = uint32(baud), 8, windows.NOPARITY, windows.ONESTOPBIT
	state.Flags = binary | dtr | rts
	if err := windows.SetCommState(handle, &state); err != nil {
		return err
	}
	timeouts := windows.CommTimeouts{ReadIntervalTimeout: atOnce, ReadTotalTimeoutMultiplier: atOnce, ReadTotalTimeoutConstant: 500}
	if err := windows.SetCommTimeouts(handle, &timeouts); err != nil {
		return err
	}
	return windows.PurgeComm(handle, windows.PURGE_RXCLEAR)
}

// port is a file whose reads may end without a byte, which is not its end.
type port struct{ *os.File }

func (p port) Read(b []byte) (int, error) {
	for {
		if n, err := p.File.Read(b); n > 0 || !errors.Is(err, io.EOF) {
			return n, err
		}
	}
}
