package centre

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/wholefile"
	"banlang/syncserver/hub"
)

// Erasure is an order by law to destroy the values of a record, or of some of its paths.
type Erasure struct {
	Record record.Dot
	Paths  []string
}

// readErasures reads the ledger of erasures: a text file, one order a line, the record's name and the paths with tabs
// between, nothing else. It lies outside every backup, so that a restore brings nothing back. A last line without its
// end is what a power cut left of an order that nobody was told to be done: it is not one.
func readErasures(path string) ([]Erasure, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.DiskIO, "erasures", err)
	}
	b = b[:bytes.LastIndexByte(b, '\n')+1]
	var orders []Erasure
	for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		if line == "" {
			continue
		}
		fields := strings.Split(line, "\t")
		rec, err := record.ParseDot(fields[0])
		if err != nil {
			return nil, fault.New(fault.BadInput, "erasures", fmt.Errorf("line %d: %w", i+1, err))
		}
		orders = append(orders, Erasure{rec, fields[1:]})
	}
	return orders, nil
}

// line is the order as the ledger has it.
func (o Erasure) line() string {
	return strings.Join(append([]string{o.Record.String()}, o.Paths...), "\t")
}

// appendLine adds a line to a ledger durably. What a power cut left of one is taken out first. It is called by one
// goroutine at a time.
func appendLine(path, line string) (err error) {
	op := filepath.Base(path)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fault.New(fault.DiskIO, op, err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = fault.New(fault.DiskIO, op, err)
		}
	}()
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	end := int64(bytes.LastIndexByte(b, '\n') + 1)
	if end < int64(len(b)) { // what a power cut left
		if err := f.Truncate(end); err != nil {
			return err
		}
	}
	if _, err := f.WriteAt([]byte(line+"\n"), end); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return wholefile.SyncDir(filepath.Dir(path))
}

// applyErasures gives every order that the log does not hold, and returns how many were missing.
func applyErasures(a *hub.Act, orders []Erasure) (missing int, err error) {
	for _, o := range orders {
		about, err := ledger.About(a.Tx(), o.Record)
		if err != nil {
			return missing, err
		}
		held := slices.ContainsFunc(about, func(c *record.Change) bool {
			return c.Kind == record.KindErase && c.Replica == record.Centre && slices.Equal(c.Paths, o.Paths)
		})
		if held {
			continue
		}
		missing++
		if err := a.Erase(o.Record, o.Paths...); err != nil {
			return missing, err
		}
	}
	return missing, nil
}
