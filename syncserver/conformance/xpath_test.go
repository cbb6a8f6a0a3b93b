package main

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"banlang/shared/xpath"
)

// Figures of the corpus, asserted where it is present.
const (
	xpathDir   = "../../../shared/data/forms" // beside the project
	xpathShare = 0.97
)

// xpathDeviations are the cases that come out otherwise on purpose, each with the reason.
var xpathDeviations = map[string]string{
	"orxe-0033": wholeDays,
	"orxe-1776": wholeDays,
	"orxe-2062": wholeDays,
	"orxe-2064": wholeDays,
	"orxe-1675": planeArea,
	"orxe-1679": planeArea,
	"orxe-1703": planeArea,
	"orxe-2018": blankRows,
	"orxe-2036": blankRows,
	"orxe-2044": blankRows,
	"orxe-1556": "the axis namespace:: is part of XPath 1.0; the browser that the case was recorded in lacks it",
	"jr-0001":   optionalArgument,
	"jr-0105":   optionalArgument,
	"jr-0081":   javaRosaLacks,
	"jr-0082":   javaRosaLacks,
	"jr-0085":   javaRosaLacks,
	"jr-0086":   javaRosaLacks,
}

// The reasons that several cases share.
const (
	wholeDays        = "a date counts whole days, as in JavaRosa; Enketo counts from midnight in UTC, so that the same date is another number in each zone"
	planeArea        = "area() is computed as in JavaRosa, on a plane at the first corner; Enketo's differs by one part in ten million"
	blankRows        = "min() and max() leave out what is no number, as in JavaRosa: one row of a repeat that is still blank does not hide the others"
	optionalArgument = "XPath 1.0 has this without an argument, for the context node; JavaRosa refuses it at the root"
	javaRosaLacks    = "XPath 1.0 has this; JavaRosa cannot do it, and the case says only that"
)

func TestXPathCorpus(t *testing.T) {
	if _, err := os.Stat(xpathDir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not beside the project:", xpathDir)
	}
	result, err := runXPath(context.Background(), xpathDir)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d right", result.right, result.cases)
	if result.share() < xpathShare {
		t.Errorf("%.4f are right, fewer than %.2f", result.share(), xpathShare)
	}
	failed := map[string]bool{}
	for _, f := range result.failures {
		failed[f.id] = true
		if xpathDeviations[f.id] == "" {
			t.Errorf("%s: %s", f.id, f.why)
		}
	}
	for id, reason := range xpathDeviations {
		if !failed[id] {
			t.Errorf("%s deviates no more, and is still listed: %s", id, reason)
		}
	}
}

// TestXPathWhereTheEnginesAgree holds what both engines give for law, and counts on whose side the others come out.
func TestXPathWhereTheEnginesAgree(t *testing.T) {
	agreed, apart, enketo := 0, 0, 0
	err := each(xpathDir, "xpath", func(c xpathCase) error {
		switch why := c.judge(); {
		case c.Agree == nil:
		case *c.Agree:
			agreed++
			if why != "" {
				t.Errorf("%s: %s", c.ID, why)
			}
		default:
			apart++
			if c.asRecorded() {
				enketo++
			}
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not beside the project:", xpathDir)
	}
	if err != nil || agreed == 0 {
		t.Fatal(agreed, err)
	}
	t.Logf("%d agreed; of %d where the engines differ, %d come out as in Enketo", agreed, apart, enketo)
}

// asRecorded says whether the case comes out as the file expects, the other engine left aside.
func (c *xpathCase) asRecorded() bool {
	alone := *c
	alone.JavaRosa = nil
	return alone.judge() == ""
}

// BenchmarkXPathCorpus compiles and evaluates every expression of the corpus, the documents read already.
func BenchmarkXPathCorpus(b *testing.B) {
	type ready struct {
		expr    string
		options xpath.Options
		node    xpath.Node
	}
	var cases []ready
	err := each(xpathDir, "xpath", func(c xpathCase) error {
		doc, err := c.document()
		if err != nil {
			return err
		}
		node, err := locate(doc.Root(), c.Context)
		cases = append(cases, ready{c.Expr, xpath.Options{Namespaces: c.namespaces(doc.Root())}, node})
		return err
	})
	if err != nil {
		b.Skip(err)
	}
	env := &xpath.Env{Now: func() time.Time { return recorded }, Random: rand.Uint64}
	for b.Loop() {
		for _, c := range cases {
			if x, err := xpath.CompileWith(c.expr, c.options); err == nil {
				x.Evaluate(env, c.node)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(cases))/b.Elapsed().Seconds(), "expressions/s")
}
