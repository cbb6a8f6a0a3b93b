package nmea

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/fault"
)

// portEnv names a serial port into which somebody outside writes the sentences that this test asks for when it listens.
const portEnv = "BANLANG_TEST_PORT"

// TestLocateOnAPort: the port is among the devices, is set up, and gives the fix; closing it ends a read; one that is not there is no
// receiver.
func TestLocateOnAPort(t *testing.T) {
	name := os.Getenv(portEnv)
	if name == "" {
		t.Skip(portEnv + " names no port: make wine does")
	}
	if all := Devices(); !slices.Contains(all, name) {
		t.Errorf("the ports of this machine are %q, without %q", all, name)
	}
	if _, err := Open("COM99", 9600); !errors.Is(err, fault.NoReceiver) {
		t.Errorf("a port that is not there: %v", err)
	}
	opening := func(device string, baud int) (io.ReadCloser, error) {
		port, err := Open(device, baud)
		if err == nil {
			fmt.Println("listening: " + strings.ReplaceAll(coldGGA+goodGGA+goodRMC, "\r\n", " "))
		}
		return port, err
	}
	fix, err := locator{opening, func(int) time.Duration { return time.Minute }}.locate(t.Context(), []string{name}, nil)
	if err != nil || !near(fix, good) {
		t.Errorf("%+v, %v", fix, err)
	}
	port, err := Open(name, 4800)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		b := make([]byte, 99)
		for err == nil {
			_, err = port.Read(b)
		}
		ended <- err
	}()
	_ = port.Close()
	if err := <-ended; !errors.Is(err, os.ErrClosed) {
		t.Errorf("a closed port: %v", err)
	}
}
