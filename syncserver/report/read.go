package report

import (
	"runtime"
	"sync"

	"banlang/shared/form"
	"banlang/shared/record"
)

// Record is one merged record: the values that it keeps, by path.
type Record struct {
	ID     string
	Unit   string
	Form   record.FormRef // the version it was created in
	Values map[string]string
}

// Reading is what a record says through its form.
type Reading struct {
	ID     string
	Unit   string
	Form   string            // the form's id
	Day    string            // by which it counts, yyyy-mm-dd; "" when it has none
	Values map[string]string // by path: what is asked, and what the form computes
	Unread bool              // its form is not known here, or cannot be computed; the rest is empty then
}

// Read opens each record in its form, as people see it (form.Library.For), and
// gives what it says, in the order of the records. It works on all processors;
// a record takes one of them about 60 µs. It uses neither clock nor lists: what
// a form makes of those is in no figure.
func Read(forms *form.Library, records []Record) []Reading {
	readings := make([]Reading, len(records))
	share := len(records)/runtime.GOMAXPROCS(0) + 1
	var wait sync.WaitGroup
	for from := 0; from < len(records); from += share {
		wait.Go(func() {
			for i := from; i < min(from+share, len(records)); i++ {
				readings[i] = read(forms, &records[i])
			}
		})
	}
	wait.Wait()
	return readings
}

func read(forms *form.Library, r *Record) Reading {
	reading := Reading{ID: r.ID, Unit: r.Unit, Form: r.Form.ID, Unread: true}
	if _, known := forms.Lookup(r.Form); !known {
		return reading // another version may mean something else by the same names
	}
	f, _, ok := forms.For(r.Form, r.Values)
	if !ok {
		return reading
	}
	l, err := f.Open(r.Values, form.Env{})
	if err != nil {
		return reading
	}
	reading.Day, reading.Values, reading.Unread = l.EventDay(), l.Shown(), false
	return reading
}
