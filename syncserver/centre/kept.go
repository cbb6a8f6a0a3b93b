package centre

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"

	"banlang/shared/fault"
	"banlang/shared/wholefile"
)

// kept is a short list that the office keeps in one file of JSON: what waits for somebody's answer.
type kept[T any] struct {
	path, op string
	counts   func(*T) bool // nil: all do
}

// read returns those that still count. Whoever alters them afterwards holds Centre.staff from before.
func (k kept[T]) read() (all []*T, err error) {
	b, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		return nil, fault.New(fault.DiskIO, k.op, err)
	}
	if k.counts == nil {
		return all, nil
	}
	return slices.DeleteFunc(all, func(x *T) bool { return !k.counts(x) }), nil
}

// list reads them beside others.
func (k kept[T]) list(c *Centre) ([]*T, error) {
	c.staff.Lock()
	defer c.staff.Unlock()
	return k.read()
}

// alter has them changed by one at a time.
func (k kept[T]) alter(c *Centre, do func([]*T) ([]*T, error)) error {
	c.staff.Lock()
	defer c.staff.Unlock()
	all, err := k.read()
	if err == nil {
		all, err = do(all)
	}
	if err != nil {
		return err
	}
	if err := putJSON(k.path, all); err != nil {
		return fault.New(fault.DiskIO, k.op, err)
	}
	return nil
}

// putJSON puts a value in the place of a file of JSON, durably.
func putJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return wholefile.Write(path, b)
}
