package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"banlang/shared/form/builtin"
	"banlang/shared/xform"
)

// builtinRecords is how many records of each form make the figures.
const builtinRecords = 30

// filled is what one form takes: medians in milliseconds, sizes in bytes.
type filled struct {
	id                         string
	parse, start, fill, verify spent
	size, packed               int
}

func (f filled) open() float64   { return f.parse.wall + f.start.wall }
func (f filled) record() float64 { return f.fill.wall + f.verify.wall }

// builtin measures the forms of the programme: opening each, and filling in and validating the record that its example
// tells of.
func (r *runner) builtin(context.Context) error {
	all, err := builtin.All()
	if err != nil {
		return err
	}
	memory := heap()
	parsed := make([]*xform.Form, len(all))
	for i, b := range all {
		if parsed[i], err = xform.Parse(b.XML); err != nil {
			return err
		}
	}
	memory = heap() - memory
	runtime.KeepAlive(parsed)
	fmt.Println("# form                  XForm   zstd  µs: parse    new   fill validate")
	var forms []filled
	size, packed := 0, 0
	for _, b := range all {
		f, err := measureForm(b)
		if err != nil {
			return fmt.Errorf("%s: %w", b.ID, err)
		}
		fmt.Printf("#   %-19s %4dkB %4dkB %10.0f %6.0f %6.0f %8.0f\n", f.id, f.size/1000, f.packed/1000,
			f.parse.wall*1000, f.start.wall*1000, f.fill.wall*1000, f.verify.wall*1000)
		forms, size, packed = append(forms, f), size+f.size, packed+f.packed
	}
	slowest("builtin-open", forms, filled.open, openLimit)
	slowest("builtin-record", forms, filled.record, openLimit)
	alone("builtin-size", fmt.Sprintf("%s(%s packed; %s in the memory, parsed)", figure(float64(size)/1000, kB),
		figure(float64(packed)/1000, kB), figure(memory/1e6, " MB")), noForms, "-", "-")
	return nil
}

// slowest prints the middle of all forms, and the worst beside the limit.
func slowest(name string, forms []filled, of func(filled) float64, limit float64) {
	var times []float64
	for _, f := range forms {
		times = append(times, of(f))
	}
	worst := slices.Max(times)
	alone(name, fmt.Sprintf("%s(slowest %s, %s)", figure(median(times), ms), figure(worst, ms), forms[slices.Index(times, worst)].id),
		noForms, figure(limit/worst, factor), figure(limit, ms)+"(the slowest)")
}

func measureForm(b builtin.Form) (f filled, err error) {
	example, err := readExample(b.ID)
	if err != nil {
		return f, err
	}
	z, err := zstd.NewWriter(nil)
	if err != nil {
		return f, err
	}
	f = filled{id: b.ID, size: len(b.XML), packed: len(z.EncodeAll(b.XML, nil))}
	var form *xform.Form
	var s *xform.Session
	var steps [4]rounds
	for range builtinRecords {
		for i, act := range []func(int) error{
			func(int) (err error) { form, err = xform.Parse(b.XML); return err },
			func(int) (err error) { s, err = form.New(officer()); return err },
			func(int) error { return fillIn(s, example) },
			func(int) error { return complete(s) },
		} {
			if err := steps[i].measure(1, act); err != nil {
				return f, err
			}
		}
	}
	f.parse, f.start, f.fill, f.verify = steps[0].at(50), steps[1].at(50), steps[2].at(50), steps[3].at(50)
	return f, nil
}

// answer is one that the example of a form gives.
type answer struct{ path, value string }

func readExample(id string) (all []answer, err error) {
	text, err := os.ReadFile(builtinData + "/examples/" + id + ".txt")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(strings.TrimSpace(string(text))) {
		path, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if !strings.HasPrefix(path, "= ") { // what the form is to compute
			all = append(all, answer{path, value})
		}
	}
	return all, nil
}

// fillIn answers as the example does, in rows where it names rows.
func fillIn(s *xform.Session, example []answer) error {
	for _, a := range example {
		if repeat, place, ok := strings.Cut(a.path, "["); ok {
			for s.Instances(xform.Ref("/data/"+repeat)) < int(place[0]-'0') {
				s.AddRepeat(xform.Ref("/data/" + repeat))
			}
		}
		if outcome, _ := s.Answer(xform.Ref("/data/"+a.path), xform.Text(a.value)); outcome != xform.OK {
			return fmt.Errorf("%s = %q: %v", a.path, a.value, outcome)
		}
	}
	return nil
}

// complete validates a record that is to have no fault.
func complete(s *xform.Session) error {
	if problems, _ := s.Validate(); len(problems) > 0 {
		return fmt.Errorf("%s: %v", problems[0].Ref, problems[0].Kind)
	}
	return nil
}

// heap is what is held in the memory, in bytes.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
