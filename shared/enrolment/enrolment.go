// Package enrolment owns the file that makes a machine a notebook of a centre: the centre writes it when it enters the
// device, a person carries it, and the desktop reads it once. It holds a ticket, and so is to be kept like a key until it
// has been used.
package enrolment

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
)

// Format names this version of the file.
const Format = "banlang-enrolment-1"

// MaxBytes bounds a file: a device with every unit of a province is far below it.
const MaxBytes = 1 << 20

// File is an enrolment file. Its texts are checked by Parse.
type File struct {
	Format  string           `json:"format"`
	Address string           `json:"address"` // host:port of the centre
	Centre  string           `json:"centre"`  // seal.CentrePublic
	Pin     string           `json:"pin"`     // wsconn.Pin; empty: plain, on loopback only
	Replica record.ReplicaID `json:"replica"`
	Unit    string           `json:"unit"`  // code of the device's own unit
	Name    string           `json:"name"`  // as staff call the device
	Feeds   []record.Feed    `json:"feeds"` // for people; what counts is the grant
	Ticket  string           `json:"ticket"`
	Grant   []byte           `json:"grant"` // the centre's signed grant: with it the device can be worked on before it was ever online
}

// Encode writes a file for people and machines.
func (f File) Encode() ([]byte, error) {
	f.Format = Format
	b, err := json.MarshalIndent(f, "", "  ")
	return append(b, '\n'), err
}

// Parse reads what Encode wrote. What is not a whole enrolment file is fault.BadInput; keys that do not fit each other
// are fault.WrongKey.
func Parse(b []byte) (*File, error) {
	const op = "enrolment"
	if len(b) > MaxBytes {
		return nil, fault.New(fault.BadInput, op, fmt.Errorf("%d bytes", len(b)))
	}
	f := &File{}
	if err := json.Unmarshal(b, f); err != nil {
		return nil, fault.New(fault.BadInput, op, err)
	}
	if err := f.whole(); err != nil {
		return nil, fault.New(fault.BadInput, op, err)
	}
	_, _, err := f.Keys()
	return f, err
}

func (f *File) whole() error {
	switch {
	case f.Format != Format:
		return fmt.Errorf("format %q", f.Format)
	case f.Replica <= record.Centre:
		return fmt.Errorf("device number %d", f.Replica)
	case f.Ticket == "" || f.Unit == "" || len(f.Grant) == 0:
		return errors.New("no ticket, no unit, or no grant")
	}
	_, _, err := net.SplitHostPort(f.Address)
	return err
}

// Keys returns what the device pins: the centre's key, and the root of its certificates (nil: plain, on loopback only).
func (f *File) Keys() (key seal.CentrePublic, pin *wsconn.Pin, err error) {
	if key, err = seal.ParseCentrePublic(f.Centre); err != nil {
		return key, nil, fault.New(fault.WrongKey, "enrolment", err)
	}
	if f.Pin != "" {
		pin, err = wsconn.ParsePin(f.Pin, key)
	}
	return key, pin, err
}
