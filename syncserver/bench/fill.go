package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"banlang/shared/xform"
)

// What a person waits for at a form: a key, or the form to open.
const (
	keyLimit  = 16  // ms: one picture of a screen that shows sixty a second
	openLimit = 100 // ms: what still feels like at once
)

// How many of each make a round.
const (
	keystrokes = 500
	openings   = 50
)

// fill measures forms that are hard to fill in. What is measured is the record behind the screen: a key's answer with all
// that follows from it, and the list of what to draw anew.
func (r *runner) fill(ctx context.Context) error {
	if err := r.keystrokes(ctx, "form-key", false); err != nil {
		return err
	}
	if err := r.keystrokes(ctx, "form-key-across", true); err != nil {
		return err
	}
	src, err := longForm(ctx)
	if err != nil {
		return err
	}
	var all rounds
	for range r.rounds {
		if err := all.measure(openings, func(int) error { _, err := opened(src); return err }); err != nil {
			return err
		}
	}
	all.within("form-open600", openLimit, fmt.Sprintf(" %d questions, %s of XForm", longQuestions, figure(float64(len(src))/1000, kB)))
	return nil
}

// keystrokes types prices into rows here and there.
func (r *runner) keystrokes(ctx context.Context, name string, across bool) error {
	src, err := marketForm(ctx, across)
	if err != nil {
		return err
	}
	s, err := opened(src)
	if err != nil {
		return err
	}
	var all rounds
	for round := range r.rounds {
		err := all.measure(keystrokes, func(i int) error {
			i += round * keystrokes
			outcome, change := s.Answer(xform.Ref(fmt.Sprintf("/data/row[%d]/price", i*37%marketRows+1)), xform.Text(fmt.Sprint(i%90)))
			if outcome != xform.OK || change.Err != nil {
				return fmt.Errorf("%v %w", outcome, change.Err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	all.within(name, keyLimit, fmt.Sprintf(" %d rows", s.Instances("/data/row")))
	return nil
}

// opened parses a form and starts a record.
func opened(src []byte) (*xform.Session, error) {
	f, err := xform.Parse(src)
	if err != nil {
		return nil, err
	}
	return f.New(officer())
}

// builtinData has the officer's examples and lists of the built-in forms, seen from the project.
const builtinData = "syncserver/builtin/testdata"

// officer is the machine of an officer who can protect everything and has all lists.
func officer() xform.Env {
	hanoi := time.FixedZone("+07", 7*3600)
	now := time.Date(2026, time.November, 16, 9, 0, 0, 0, hanoi)
	return xform.Env{
		Now: func() time.Time { return now }, Zone: hanoi, Random: rand.New(rand.NewPCG(1, 2)).Uint64,
		Property: func(name string) string {
			if name == "can_seal_to" {
				return "unit custodian"
			}
			return ""
		},
		External: func(src string) ([]byte, error) {
			return os.ReadFile(builtinData + "/lists/" + strings.TrimPrefix(src, "jr://file-csv/"))
		},
	}
}
