package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// tally is what came out of one corpus file.
type tally struct {
	cases, right int
	failures     []failure
}

// failure is a case that came out wrong.
type failure struct {
	id  string // as the corpus names it
	why string
}

// note counts a case; an empty why means that it came out right.
func (t *tally) note(id, why string) {
	t.cases++
	if why == "" {
		t.right++
		return
	}
	t.failures = append(t.failures, failure{id, why})
}

// share is the part that came out right, 0 to 1.
func (t *tally) share() float64 {
	if t.cases == 0 {
		return 0
	}
	return float64(t.right) / float64(t.cases)
}

// corpus is one file of cases. Its run gets the folder, so that it finds what stands beside the file.
type corpus struct {
	name string // without .jsonl
	run  func(ctx context.Context, dir string) (*tally, error)
}

// run prints a line for each corpus file in dir.
func run(ctx context.Context, dir, details string) error {
	var out bytes.Buffer
	some := false
	for _, c := range corpora {
		t, err := c.run(ctx, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		some = true
		fmt.Printf("conformance\t%s\t%d\t%d\t%.4f\n", c.name, t.cases, t.right, t.share())
		for _, f := range t.failures {
			fmt.Fprintf(&out, "%s\t%s\t%s\n", c.name, f.id, f.why)
		}
	}
	if !some {
		return fmt.Errorf("no corpus in %s", dir)
	}
	if err := os.MkdirAll(filepath.Dir(details), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(details, out.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "failing cases:", details)
	return nil
}

// maxLine bounds one case.
const maxLine = 64 << 20

// each reads <dir>/<name>.jsonl, a case of type T a line.
func each[T any](dir, name string, f func(T) error) error {
	file, err := os.Open(filepath.Join(dir, name+".jsonl"))
	if err != nil {
		return err
	}
	defer file.Close()
	s := bufio.NewScanner(file)
	s.Buffer(nil, maxLine)
	for n := 1; s.Scan(); n++ {
		var c T
		if err := json.Unmarshal(s.Bytes(), &c); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := f(c); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return s.Err()
}
