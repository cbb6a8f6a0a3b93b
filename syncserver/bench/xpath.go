package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"banlang/shared/form/builtin"
	"banlang/shared/xform"
	"banlang/shared/xpath"
)

// expression is one to be parsed and evaluated, where it was.
type expression struct {
	text    string
	options xpath.Options
	env     *xpath.Env
	node    xpath.Node
	theirs  *floorNode // the same in the floor's copy of the tree; nil: it has none there
}

func (e *expression) evaluate() (xpath.Value, error) {
	x, err := xpath.CompileWith(e.text, e.options)
	if err != nil {
		return xpath.Value{}, err
	}
	return x.Evaluate(e.env, e.node)
}

// expressionTime is for how long a round evaluates expressions, over and over.
const expressionTime = time.Second

// xpath measures how many expressions are parsed and evaluated in a second: those of the corpus, or of the built-in forms
// where it is not present. The floor, github.com/antchfx/xpath, has XPath 1.0 without the functions of ODK; it is given
// those expressions that both make the same of, over the same trees.
func (r *runner) xpath(context.Context) error {
	all, source, err := r.expressions()
	if err != nil {
		return err
	}
	plain := slices.DeleteFunc(slices.Clone(all), func(e *expression) bool { return e.theirs == nil || !e.floorAgrees() })
	f, both := figures{}, figures{}
	for range r.rounds {
		perSecond(f, "ours", all, func(e *expression) { _, _ = e.evaluate() }) // an error is a result like others
		perSecond(both, "ours", plain, func(e *expression) { _, _ = e.evaluate() })
		perSecond(both, "floor", plain, func(e *expression) { _, _ = e.byFloor() })
	}
	alone("xpath", fmt.Sprintf("%s(on the processor %s)", figure(f.median("ours"), rate), figure(f.median("ours cpu"), rate)),
		"it lacks the functions of ODK", "-", fmt.Sprintf("- %d expressions of %s", len(all), source))
	r.line("xpath-plain", rate, both, fmt.Sprintf("- %d of them, that the floor evaluates alike; on the processor the ratio is %s",
		len(plain), figure(both.median("ours cpu")/both.median("floor cpu"), factor)))
	return nil
}

// perSecond adds the rate of one round.
func perSecond(f figures, name string, all []*expression, evaluate func(*expression)) {
	passes := 0
	runtime.GC()
	s, _ := timed(func() error {
		for start := time.Now(); time.Since(start) < expressionTime; passes++ {
			for _, e := range all {
				evaluate(e)
			}
		}
		return nil
	})
	n := float64(passes * len(all))
	f[name] = append(f[name], n/s.wall*1000)
	f[name+" cpu"] = append(f[name+" cpu"], n/s.cpu*1000)
}

// expressions are those that are there, and where they are from.
func (r *runner) expressions() (all []*expression, source string, err error) {
	all, err = corpusExpressions(filepath.Join(r.corpus, "xpath.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		all, err = builtinExpressions()
		return all, "the built-in forms (the corpus is not here)", err
	}
	return all, "the corpus", err
}

// corpusExpressions reads the cases that others made.
func corpusExpressions(path string) (all []*expression, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	zones := map[string]*xpath.Env{}
	for lines.Scan() {
		var c struct{ TZ, Expr, XML, Context string }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, err
		}
		if zones[c.TZ] == nil {
			zone, err := time.LoadLocation(c.TZ)
			if err != nil {
				return nil, err
			}
			zones[c.TZ] = world(zone)
		}
		root, err := tree(strings.TrimPrefix(strings.TrimSpace(c.XML), "<!DOCTYPE html>"))
		if err != nil {
			return nil, err
		}
		e := &expression{text: c.Expr, options: xpath.Options{Namespaces: map[string]string{"xhtml": "http://www.w3.org/1999/xhtml"}}, env: zones[c.TZ]}
		for _, m := range declarations.FindAllStringSubmatch(c.XML, -1) {
			e.options.Namespaces[m[1]] = m[2]
		}
		if e.node, err = nodeAt(root, c.Context); err != nil {
			return nil, err
		}
		_, e.theirs = floorTree(root, e.node)
		all = append(all, e)
	}
	return all, lines.Err()
}

var declarations = regexp.MustCompile(`xmlns:([\w.-]+)="([^"]*)"`)

// builtinExpressions are those of the binds of the built-in forms, for the records that their examples tell of.
func builtinExpressions() (all []*expression, err error) {
	forms, err := builtin.All()
	if err != nil {
		return nil, err
	}
	env := world(officer().Zone)
	for _, b := range forms {
		f, err := xform.Parse(b.XML)
		if err != nil {
			return nil, err
		}
		root, err := recordOf(f, b.ID)
		if err != nil {
			return nil, err
		}
		for _, field := range f.Fields() {
			bind := field.Bind()
			if bind == nil {
				continue
			}
			node, err := nodeAt(root, field.Path())
			if err != nil {
				continue // in a row that the example lacks
			}
			_, theirs := floorTree(root, node)
			for _, text := range []string{bind.Relevant, bind.Calculate, bind.Constraint, bind.Required, bind.ReadOnly} {
				if text != "" {
					all = append(all, &expression{text: text, env: env, node: node, theirs: theirs})
				}
			}
		}
	}
	return all, nil
}

// recordOf is the example of a form as a tree without namespaces, as expressions see it.
func recordOf(f *xform.Form, id string) (xpath.Node, error) {
	s, err := f.New(officer())
	if err != nil {
		return nil, err
	}
	example, err := readExample(id)
	if err != nil {
		return nil, err
	}
	if err := fillIn(s, example); err != nil {
		return nil, err
	}
	return tree(string(bytes.Replace(s.Save(), []byte(` xmlns="http://www.w3.org/2002/xforms"`), nil, 1)))
}

// world is what expressions may ask for.
func world(zone *time.Location) *xpath.Env {
	return &xpath.Env{Now: officer().Now, Zone: zone, Random: rand.New(rand.NewPCG(1, 2)).Uint64, Property: officer().Property}
}

func tree(xml string) (xpath.Node, error) {
	if xml == "" {
		xml = "<none/>"
	}
	doc, err := xpath.ParseXML(strings.NewReader(xml))
	if err != nil {
		return nil, err
	}
	return doc.Root(), nil
}

// nodeAt finds a node by its path, in which a name means what is written in the document, whatever its namespace.
func nodeAt(root xpath.Node, path string) (xpath.Node, error) {
	path = steps.ReplaceAllStringFunc(cmp.Or(path, "/"), func(step string) string {
		if strings.HasSuffix(step, "(") { // text() and the like
			return step
		}
		return "/*[name()='" + step[1:] + "']"
	})
	x, err := xpath.Compile(path)
	if err != nil {
		return nil, err
	}
	v, err := x.Evaluate(&xpath.Env{}, root)
	if err != nil {
		return nil, err
	}
	if len(v.Nodes()) == 0 {
		return nil, fmt.Errorf("no node %s", path)
	}
	return v.Nodes()[0], nil
}

var steps = regexp.MustCompile(`/[\pL_][\w.:-]*\(?`)
