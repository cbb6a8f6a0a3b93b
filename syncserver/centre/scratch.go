package centre

import (
	"os"

	"banlang/shared/fault"
)

// Scratch is where files are made before they are sent to a browser. What a killed process left there is swept when the centre
// is opened for its staff.
func (d Dir) Scratch() string { return d.path("scratch") }

// sweepScratch empties the directory, making it where there is none. Nobody else may read what lies there.
func (d Dir) sweepScratch() error {
	err := os.RemoveAll(d.Scratch())
	if err == nil {
		err = os.Mkdir(d.Scratch(), 0o700)
	}
	if err != nil {
		return fault.New(fault.DiskIO, "centre.Open", err)
	}
	return nil
}
