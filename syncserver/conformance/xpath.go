package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/xpath"
)

// xpathCase is a line of xpath.jsonl: an expression, what it was evaluated over, and what came out.
type xpathCase struct {
	ID       string
	Engine   string
	TZ       string
	Expr     string
	XML      string
	Context  string // path of the context node, as the recorder wrote it
	Type     string // string, number, boolean, date, node, nodeset or error
	Expected json.RawMessage
	NS       bool // recorded with the prefix xhtml declared
	Volatile bool
	Assert   *struct { // how the upstream test compared, when not by equality
		Kind  string
		Value json.RawMessage
	}
	Agree    *bool // whether both engines gave the same; nil: not compared
	JavaRosa *struct {
		Value json.RawMessage
		Error string
	} `json:"javarosa"`
}

// recorded is when the corpus was recorded: what the clock shows, so that today() has the value it had.
var recorded = time.Date(2026, 11, 21, 12, 29, 20, 0, time.FixedZone("", -7*3600))

// runXPath evaluates the expressions of xpath.jsonl. Where the two engines were compared and differ, the value of
// either is right, since the README leaves the choice open; everywhere else the value that the file expects.
func runXPath(ctx context.Context, dir string) (*tally, error) {
	t := new(tally)
	err := each(dir, "xpath", func(c xpathCase) error {
		t.note(c.ID, c.judge())
		return ctx.Err()
	})
	return t, err
}

// judge evaluates the case; it returns "" or what came out wrong.
func (c *xpathCase) judge() string {
	got, err := c.evaluate()
	if c.Type == "error" {
		if err == nil {
			return fmt.Sprintf("%s: no error, but %s", c.Expr, got.text())
		}
		return ""
	}
	if err != nil {
		if c.javaRosaRefusesValue() {
			return ""
		}
		return fmt.Sprintf("%s: %v; expected %s", c.Expr, err, c.Expected)
	}
	if c.fits(got) {
		return ""
	}
	return fmt.Sprintf("%s: %s; expected %s", c.Expr, got.text(), c.Expected)
}

// javaRosaRefusesValue says whether JavaRosa has an error too, one about the value and not about something it lacks.
func (c *xpathCase) javaRosaRefusesValue() bool {
	return c.Agree != nil && !*c.Agree && c.JavaRosa != nil && strings.Contains(c.JavaRosa.Error, "XPathTypeMismatchException")
}

// outcome is a value, and the Env that gave it.
type outcome struct {
	xpath.Value
	env *xpath.Env
}

func (o outcome) text() string {
	if o.Kind() == xpath.NodeSetKind {
		return fmt.Sprint(described(o.Nodes()))
	}
	return fmt.Sprintf("%s %q", o.Kind(), o.String())
}

func (c *xpathCase) evaluate() (outcome, error) {
	doc, err := c.document()
	if err != nil {
		return outcome{}, err
	}
	node, err := locate(doc.Root(), c.Context)
	if err != nil {
		return outcome{}, err
	}
	x, err := xpath.CompileWith(c.Expr, xpath.Options{Namespaces: c.namespaces(doc.Root())})
	if err != nil {
		return outcome{}, err
	}
	zone, err := time.LoadLocation(c.TZ)
	if err != nil {
		return outcome{}, err
	}
	random := rand.New(rand.NewPCG(1, 2))
	env := &xpath.Env{Now: func() time.Time { return recorded }, Zone: zone, Random: random.Uint64}
	v, err := x.Evaluate(env, node)
	return outcome{v, env}, err
}

// document reads the tree. The recorder's pages start with a document type without content, which is refused.
func (c *xpathCase) document() (*xpath.Document, error) {
	text := strings.TrimPrefix(strings.TrimSpace(c.XML), "<!DOCTYPE html>")
	if text == "" {
		text = "<none/>"
	}
	return xpath.ParseXML(strings.NewReader(text))
}

// namespaces are the prefixes that the document declares anywhere, and the one that the recorder added.
func (c *xpathCase) namespaces(root xpath.Node) map[string]string {
	all := map[string]string{}
	if c.NS {
		all["xhtml"] = "http://www.w3.org/1999/xhtml"
	}
	collectNamespaces(root, all)
	return all
}

func collectNamespaces(n xpath.Node, all map[string]string) {
	if scope, ok := n.(xpath.NamespaceScope); ok {
		for _, s := range scope.Namespaces() {
			if prefix := s.Name().Local; prefix != "" && all[prefix] == "" {
				all[prefix] = s.Value()
			}
		}
	}
	for i := range n.ChildCount() {
		collectNamespaces(n.Child(i), all)
	}
}

// fits compares with what is expected, or else with JavaRosa's value where the two were compared.
func (c *xpathCase) fits(got outcome) bool {
	if c.Volatile {
		return c.fitsVolatile(got)
	}
	if c.Assert != nil {
		return c.fitsAssertion(got)
	}
	if c.equals(got, c.Expected) {
		return true
	}
	return c.Agree != nil && c.JavaRosa != nil && c.JavaRosa.Value != nil && c.equals(got, c.JavaRosa.Value)
}

func (c *xpathCase) equals(got outcome, want json.RawMessage) bool {
	switch c.Type {
	case "number":
		return c.sameNumber(got.env.Number(got.Value), numberOf(want))
	case "boolean":
		return strconv.FormatBool(got.Boolean()) == string(want)
	case "date": // the recorder kept the day only
		day, _, _ := strings.Cut(got.String(), "T")
		return day == stringOf(want)
	case "node", "nodeset":
		return c.fitsNodes(got.Nodes(), want)
	}
	return got.String() == stringOf(want)
}

// sameNumber allows what the tests of the engines allow: the last digits of a sine differ from library to library,
// and one engine rounds lengths and areas to hundredths.
func (c *xpathCase) sameNumber(got, want float64) bool {
	if math.IsNaN(got) || math.IsNaN(want) {
		return math.IsNaN(got) && math.IsNaN(want)
	}
	if strings.Contains(c.Expr, "distance(") || strings.Contains(c.Expr, "area(") {
		if math.Round(got*100) == math.Round(want*100) {
			return true
		}
	}
	return got == want || math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))
}

// numberOf reads a number of the file, where NaN and Infinity are strings.
func numberOf(raw json.RawMessage) float64 {
	f, err := strconv.ParseFloat(stringOf(raw), 64)
	if err != nil {
		return math.NaN()
	}
	return f
}

func stringOf(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// fitsAssertion compares in the way of the upstream test. Where JavaRosa differs from that, its value is right too.
func (c *xpathCase) fitsAssertion(got outcome) bool {
	if c.Agree != nil && !*c.Agree && c.JavaRosa != nil && c.JavaRosa.Value != nil && c.equals(got, c.JavaRosa.Value) {
		return true
	}
	switch c.Assert.Kind {
	case "match":
		var want struct{ Regex, Flags string }
		if json.Unmarshal(c.Assert.Value, &want) != nil {
			return false
		}
		pattern, err := regexp.Compile("(?" + want.Flags + ":" + want.Regex + ")")
		return err == nil && pattern.MatchString(got.String())
	case "number-rounded":
		var want struct{ Value, Factor float64 }
		if json.Unmarshal(c.Assert.Value, &want) != nil {
			return false
		}
		return math.Round(got.env.Number(got.Value)*want.Factor) == math.Round(want.Value*want.Factor)
	case "string-length":
		return strconv.Itoa(len(got.String())) == string(c.Assert.Value)
	}
	return false
}

var (
	uuidShape  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
	tokenShape = regexp.MustCompile(`^[0-9A-Za-z]*$`)
	timeShape  = regexp.MustCompile(`T\d\d:\d\d:\d\d\.\d\d\d`)
)

// fitsVolatile judges what can be judged of a value that is another one each time: of random() that it is between 0
// and 1, of uuid() its form, of a shuffle that no node is lost. What depends on the clock alone must be exact.
func (c *xpathCase) fitsVolatile(got outcome) bool {
	if c.Assert != nil && !c.fitsAssertion(got) {
		return false
	}
	want := stringOf(c.Expected)
	switch {
	case strings.Contains(c.Expr, "randomize("):
		return c.fitsShuffle(got.Nodes())
	case strings.Contains(c.Expr, "random("):
		return got.Kind() == xpath.NumberKind && got.Number() >= 0 && got.Number() < 1
	case strings.Contains(c.Expr, "uuid()"):
		return uuidShape.MatchString(got.String()) && uuidShape.ReplaceAllString(got.String(), "") == uuidShape.ReplaceAllString(want, "")
	case strings.Contains(c.Expr, "uuid("):
		return len(got.String()) == len(want) && tokenShape.MatchString(got.String())
	case c.Type == "string": // the seconds went on while the recorder ran
		return timeShape.ReplaceAllString(got.String(), "T") == timeShape.ReplaceAllString(want, "T")
	}
	return c.equals(got, c.Expected)
}

// fitsShuffle wants the same order where a seed is given, and otherwise the same nodes.
func (c *xpathCase) fitsShuffle(nodes []xpath.Node) bool {
	x, err := xpath.Compile(c.Expr)
	if err != nil {
		return false
	}
	if !x.Volatile() {
		return c.fitsNodes(nodes, c.Expected)
	}
	var want []nodeLine
	if json.Unmarshal(c.Expected, &want) != nil {
		return false
	}
	have := described(nodes)
	slices.SortFunc(have, compareLines)
	slices.SortFunc(want, compareLines)
	return slices.Equal(have, want)
}

// nodeLine is a node as the file describes it.
type nodeLine struct {
	Path string
	Text string
}

func compareLines(a, b nodeLine) int { return strings.Compare(a.Path, b.Path) }

// fitsNodes compares nodes with a list of paths and texts, or with one path.
func (c *xpathCase) fitsNodes(nodes []xpath.Node, raw json.RawMessage) bool {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		if strings.HasPrefix(c.Engine, "JavaRosa") {
			one = fromOne(one)
		}
		return len(nodes) == 1 && firstLeftOut(pathOf(nodes[0])) == firstLeftOut(one)
	}
	var want []nodeLine
	if json.Unmarshal(raw, &want) != nil {
		return false
	}
	return slices.Equal(merged(described(nodes)), merged(want))
}

var placeNumber = regexp.MustCompile(`\[\d+\]`)

// fromOne turns a path of JavaRosa, which counts from 0, into one that counts from 1.
func fromOne(path string) string {
	return placeNumber.ReplaceAllStringFunc(path, func(s string) string {
		n, _ := strconv.Atoi(s[1 : len(s)-1])
		return fmt.Sprintf("[%d]", n+1)
	})
}

func firstLeftOut(path string) string { return strings.ReplaceAll(path, "[1]", "") }

// merged brings a list from a browser to the data model of XPath: text and the character data beside it are one node,
// and a document type, which comes as a node without text, is none.
func merged(lines []nodeLine) []nodeLine {
	var all []nodeLine
	for _, l := range lines {
		if l.Text == "" && l.Path == "/html[1]" {
			continue
		}
		l.Path = textNumber.ReplaceAllString(l.Path, "text()")
		if n := len(all); n > 0 && strings.HasSuffix(l.Path, "/text()") && all[n-1].Path == l.Path {
			all[n-1].Text += l.Text
			continue
		}
		all = append(all, l)
	}
	return all
}

var textNumber = regexp.MustCompile(`text\(\)\[\d+\]`)

func described(nodes []xpath.Node) []nodeLine {
	lines := make([]nodeLine, len(nodes))
	for i, n := range nodes {
		lines[i].Path = pathOf(n)
		if n.Kind() != xpath.DocumentNode { // a browser gives no text of it
			lines[i].Text = n.Value()
		}
	}
	return lines
}

// pathOf writes the path of a node as the recorder does.
func pathOf(n xpath.Node) string {
	parent := n.Parent()
	if parent == nil {
		return "/"
	}
	var b bytes.Buffer
	if parent.Parent() != nil {
		b.WriteString(pathOf(parent))
	}
	if n.Kind() == xpath.AttributeNode {
		fmt.Fprintf(&b, "/@%s", n.Name())
		return b.String()
	}
	at := 0
	for i := range parent.ChildCount() {
		if s := parent.Child(i); segment(s) == segment(n) {
			at++
			if s == n {
				break
			}
		}
	}
	fmt.Fprintf(&b, "/%s[%d]", segment(n), at)
	return b.String()
}

func segment(n xpath.Node) string {
	switch n.Kind() {
	case xpath.TextNode:
		return "text()"
	case xpath.CommentNode:
		return "comment()"
	case xpath.InstructionNode:
		return "processing-instruction('" + n.Name().Local + "')"
	}
	return n.Name().String()
}

// locate finds the node of a path that pathOf writes.
func locate(root xpath.Node, path string) (xpath.Node, error) {
	at := root
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		if part == "" {
			continue
		}
		if at = below(at, part); at == nil {
			return nil, fmt.Errorf("no context node %s", path)
		}
	}
	return at, nil
}

func below(n xpath.Node, part string) xpath.Node {
	for _, a := range n.Attributes() {
		if "@"+a.Name().String() == part {
			return a
		}
	}
	name, number, _ := strings.Cut(part, "[")
	left, _ := strconv.Atoi(strings.TrimSuffix(number, "]"))
	for i := range n.ChildCount() {
		if c := n.Child(i); segment(c) == name {
			if left--; left == 0 {
				return c
			}
		}
	}
	return nil
}
