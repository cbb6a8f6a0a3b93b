package envelope

import (
	"bytes"
	"encoding/json"
	"errors"

	"banlang/shared/fault"
	"banlang/shared/record"
)

// Box is a file in which sealed values of one place travel to whoever has the key. It tells nothing that they do not tell.
type Box struct {
	Format int    // boxFormat
	Record string // its exact name
	Name   string // of the record, as people say it
	Path   string
	Values []BoxValue
}

// BoxValue is one of them, with who wrote it and when, by his machine.
type BoxValue struct {
	Text    string
	Officer string
	Replica record.ReplicaID
	Time    record.Millis
}

const boxFormat = 1

// MaxBox bounds the file, in bytes.
const MaxBox = 16 << 20

// Pack writes the file.
func (b *Box) Pack() ([]byte, error) {
	b.Format = boxFormat
	text, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		return nil, fault.New(fault.Internal, "envelope.Box", err)
	}
	return append(text, '\n'), nil
}

// ParseBox reads one. What is none, or of a later program, is fault.BadInput.
func ParseBox(text []byte) (*Box, error) {
	if len(text) > MaxBox {
		return nil, fault.New(fault.LimitExceeded, "envelope.Box", nil)
	}
	b := &Box{}
	d := json.NewDecoder(bytes.NewReader(text))
	err := d.Decode(b)
	_, unnamed := record.ParseDot(b.Record)
	if err == nil && (b.Format != boxFormat || unnamed != nil || b.Path == "" || len(b.Values) == 0) {
		err = errors.New("it is no file of sealed answers")
	}
	if err != nil {
		return nil, fault.New(fault.BadInput, "envelope.Box", err)
	}
	return b, nil
}
