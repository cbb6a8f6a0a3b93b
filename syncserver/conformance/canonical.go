package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Two XML texts are the same if they differ only in the order of attributes, in white space between elements, in
// the prefixes of namespaces, and in how characters are escaped. Everything else counts, the order of elements too.

// xmlEvent is a start, an end or a text of a document, as a line that says all of it.
type xmlEvent string

// canonicalXML reads a document into its events, or says why it is none.
func canonicalXML(doc string) ([]xmlEvent, error) {
	d := xml.NewDecoder(strings.NewReader(doc))
	c := canon{scopes: []map[string]string{{"xml": "http://www.w3.org/XML/1998/namespace"}}}
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return c.done()
		}
		if err != nil {
			return nil, err
		}
		if err := c.take(t); err != nil {
			return nil, err
		}
	}
}

// canon is a document half read.
type canon struct {
	scopes []map[string]string // namespaces by prefix, innermost last
	open   []xml.Name
	text   strings.Builder
	events []xmlEvent
}

func (c *canon) take(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		c.flush()
		c.start(t)
	case xml.EndElement:
		c.flush()
		if len(c.open) == 0 || c.open[len(c.open)-1] != t.Name {
			return fmt.Errorf("%s ends what is not open", t.Name.Local)
		}
		c.open = c.open[:len(c.open)-1]
		c.scopes = c.scopes[:len(c.scopes)-1]
		c.events = append(c.events, "end")
	case xml.CharData:
		c.text.Write(t)
	}
	return nil
}

func (c *canon) flush() {
	if s := c.text.String(); strings.TrimSpace(s) != "" {
		c.events = append(c.events, xmlEvent(fmt.Sprintf("text %q", s)))
	}
	c.text.Reset()
}

func (c *canon) start(t xml.StartElement) {
	scope := map[string]string{}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns":
			scope[a.Name.Local] = a.Value
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			scope[""] = a.Value
		}
	}
	c.scopes = append(c.scopes, scope)
	c.open = append(c.open, t.Name)
	line := []string{"start " + c.name(t.Name, true)}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		line = append(line, fmt.Sprintf("%s=%q", c.name(a.Name, false), normal(a.Value)))
	}
	slices.Sort(line[1:])
	c.events = append(c.events, xmlEvent(strings.Join(line, " ")))
}

// name is a name with its namespace; a prefix that nobody declared stands for itself.
func (c *canon) name(n xml.Name, element bool) string {
	if n.Space == "" && !element {
		return n.Local
	}
	for i := len(c.scopes) - 1; i >= 0; i-- {
		if uri, ok := c.scopes[i][n.Space]; ok {
			return "{" + uri + "}" + n.Local
		}
	}
	return n.Space + ":" + n.Local
}

// normal is the value of an attribute as a reader has it: its line ends and tabs are spaces.
var normal = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace

func (c *canon) done() ([]xmlEvent, error) {
	c.flush()
	if len(c.open) > 0 {
		return nil, fmt.Errorf("%s does not end", c.open[0].Local)
	}
	return c.events, nil
}

// differAsXML says where two documents first differ, "" if they are the same.
func differAsXML(got, want string) string {
	g, err := canonicalXML(got)
	if err != nil {
		return "got no XML: " + err.Error()
	}
	w, err := canonicalXML(want)
	if err != nil {
		return "expected no XML: " + err.Error()
	}
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			return fmt.Sprintf("ends before %s", w[i])
		case i >= len(w):
			return fmt.Sprintf("goes on with %s", g[i])
		case g[i] != w[i]:
			return fmt.Sprintf("event %d: got %s, want %s", i, g[i], w[i])
		}
	}
	return ""
}
