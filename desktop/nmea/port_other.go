//go:build !linux && !windows

package nmea

import (
	"errors"
	"io"

	"banlang/shared/fault"
)

// Devices gives no serial ports: on this system none are looked for.
func Devices() []string { return nil }

// Open gives the fault NoReceiver.
func Open(string, int) (io.ReadCloser, error) {
	return nil, fault.New(fault.NoReceiver, "nmea.Open", errors.ErrUnsupported)
}
