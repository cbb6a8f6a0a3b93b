package xform

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// qname is the name of an element or attribute as written, with the namespace it stands for.
type qname struct {
	prefix, local, space string
}

func (n qname) String() string {
	if n.prefix == "" {
		return n.local
	}
	return n.prefix + ":" + n.local
}

// attribute of an element; declarations of namespaces are attributes too.
type attribute struct {
	qname
	value string
}

// isNamespace reports whether a declares a namespace, and the prefix it does it for.
func (a attribute) isNamespace() (prefix string, ok bool) {
	switch {
	case a.prefix == "xmlns":
		return a.local, true
	case a.prefix == "" && a.local == "xmlns":
		return "", true
	}
	return "", false
}

// element is a node of a parsed document. It is never changed after parsing.
type element struct {
	qname
	attrs    []attribute
	children []content
	line     int
}

// content is what stands in an element: another element, or text (or a comment, which only writing looks at).
type content struct {
	elem    *element
	text    string
	comment bool
}

// attr is the value of the attribute without namespace.
func (e *element) attr(local string) string {
	v, _ := e.lookup("", local)
	return v
}

// lookup is the value of an attribute in a namespace, and whether it is there.
func (e *element) lookup(space, local string) (string, bool) {
	for i := range e.attrs {
		if a := &e.attrs[i]; a.local == local && a.space == space {
			return a.value, true
		}
	}
	return "", false
}

// anyAttr is the value of the first attribute of that local name, in whatever namespace; "" if there is none.
func (e *element) anyAttr(local string) string {
	for i := range e.attrs {
		if a := &e.attrs[i]; a.local == local {
			if _, ns := a.isNamespace(); !ns {
				return a.value
			}
		}
	}
	return ""
}

// elements calls f for each child element, until f returns false.
func (e *element) elements(f func(*element) bool) {
	for i := range e.children {
		if c := e.children[i].elem; c != nil && !f(c) {
			return
		}
	}
}

// first is the first child element of that local name, or nil.
func (e *element) first(local string) (found *element) {
	e.elements(func(c *element) bool {
		if c.local == local {
			found = c
		}
		return found == nil
	})
	return found
}

// hasElements reports whether any child is an element.
func (e *element) hasElements() bool {
	for i := range e.children {
		if e.children[i].elem != nil {
			return true
		}
	}
	return false
}

// text is the text directly in e, without that of its children.
func (e *element) text() string {
	if len(e.children) == 1 && !e.children[0].comment {
		return e.children[0].text
	}
	var b strings.Builder
	for _, c := range e.children {
		if c.elem == nil && !c.comment {
			b.WriteString(c.text)
		}
	}
	return b.String()
}

// document is a parsed XML document.
type document struct {
	root *element
}

// parseXML reads a document. Document types and entities are refused, depth and size are limited, text must be UTF-8.
// Errors are *Error with the line.
func parseXML(src []byte) (*document, error) {
	if len(src) > MaxBytes {
		return nil, &Error{Code: CodeLimit, Msg: fmt.Sprintf("the document is larger than %d MiB", MaxBytes>>20)}
	}
	src = escapeAttributes(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf")))
	p := xmlParser{dec: xml.NewDecoder(bytes.NewReader(src))}
	p.dec.CharsetReader = charsetReader
	if err := p.run(); err != nil {
		return nil, err
	}
	return &document{p.root}, nil
}

// charsetReader lets through the encodings that are UTF-8 by another name.
func charsetReader(label string, input io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf8", "us-ascii", "ascii":
		return input, nil
	}
	return nil, errors.New("the encoding " + label + " is not read; save the form as UTF-8")
}

// binding is a namespace declared for a prefix.
type binding struct{ prefix, space string }

type xmlParser struct {
	dec    *xml.Decoder
	root   *element
	open   []*element
	spaces []binding
	marks  []int // length of spaces before each open element
	count  int
}

func (p *xmlParser) fail(code Code, msg string, err error) error {
	line, _ := p.dec.InputPos()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		line, msg, err = syntax.Line, msg+": "+syntax.Msg, nil
	}
	return &Error{Code: code, Line: line, Msg: msg, Err: err}
}

func (p *xmlParser) run() error {
	for {
		tok, err := p.dec.RawToken()
		if errors.Is(err, io.EOF) {
			return p.end()
		}
		if err != nil {
			return p.fail(CodeXML, "not well-formed XML", err)
		}
		if err := p.token(tok); err != nil {
			return err
		}
	}
}

func (p *xmlParser) end() error {
	if len(p.open) > 0 {
		return p.fail(CodeXML, "<"+p.open[len(p.open)-1].String()+"> is never closed", nil)
	}
	if p.root == nil {
		return p.fail(CodeXML, "there is no element in the document", nil)
	}
	return nil
}

func (p *xmlParser) token(tok xml.Token) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		return p.close(t)
	case xml.CharData:
		return p.chars(t)
	case xml.Comment:
		if n := len(p.open); n > 0 {
			e := p.open[n-1]
			e.children = append(e.children, content{text: string(t), comment: true})
		}
	case xml.Directive:
		return p.fail(CodeXML, "a document type (<!DOCTYPE …>) is refused", nil)
	}
	return nil
}

func (p *xmlParser) chars(t xml.CharData) error {
	if len(p.open) == 0 {
		if len(bytes.TrimSpace(t)) > 0 {
			return p.fail(CodeXML, "text outside of the document's element", nil)
		}
		return nil
	}
	if !utf8.Valid(t) {
		return p.fail(CodeXML, "the text is not UTF-8", nil)
	}
	e := p.open[len(p.open)-1]
	e.children = append(e.children, content{text: string(t)})
	return nil
}

func (p *xmlParser) start(t xml.StartElement) error {
	p.count++
	switch {
	case p.root != nil && len(p.open) == 0:
		return p.fail(CodeXML, "more than one element at the top of the document", nil)
	case len(p.open) >= MaxDepth:
		return p.fail(CodeLimit, fmt.Sprintf("elements are nested more than %d deep", MaxDepth), nil)
	case p.count > MaxElements:
		return p.fail(CodeLimit, fmt.Sprintf("the document has more than %d elements", MaxElements), nil)
	case len(t.Attr) > MaxAttributes:
		return p.fail(CodeLimit, fmt.Sprintf("<%s> has more than %d attributes", t.Name.Local, MaxAttributes), nil)
	}
	line, _ := p.dec.InputPos()
	e := &element{line: line}
	p.marks = append(p.marks, len(p.spaces))
	for _, a := range t.Attr {
		at := attribute{qname{a.Name.Space, a.Name.Local, ""}, a.Value}
		if prefix, ok := at.isNamespace(); ok {
			p.spaces = append(p.spaces, binding{prefix, at.value})
		}
		e.attrs = append(e.attrs, at)
	}
	if len(p.spaces) > MaxNamespaces {
		return p.fail(CodeLimit, fmt.Sprintf("more than %d namespaces are declared", MaxNamespaces), nil)
	}
	if err := p.resolve(e, t.Name); err != nil {
		return err
	}
	if n := len(p.open); n > 0 {
		up := p.open[n-1]
		up.children = append(up.children, content{elem: e})
	} else {
		p.root = e
	}
	p.open = append(p.open, e)
	return nil
}

// resolve finds the namespaces of an element and its attributes.
func (p *xmlParser) resolve(e *element, name xml.Name) error {
	space, ok := p.space(name.Space)
	if !ok {
		return p.fail(CodeXML, "the namespace prefix "+name.Space+" is not declared", nil)
	}
	e.qname = qname{name.Space, name.Local, space}
	for i := range e.attrs {
		a := &e.attrs[i]
		if _, ns := a.isNamespace(); ns || a.prefix == "" {
			continue
		}
		if a.space, ok = p.space(a.prefix); !ok {
			return p.fail(CodeXML, "the namespace prefix "+a.prefix+" is not declared", nil)
		}
	}
	return uniqueAttributes(p, e)
}

func uniqueAttributes(p *xmlParser, e *element) error {
	for i := range e.attrs {
		for j := range e.attrs[:i] {
			if a, b := &e.attrs[i], &e.attrs[j]; a.local == b.local && a.space == b.space && (a.prefix == b.prefix || a.space != "") {
				return p.fail(CodeXML, "the attribute "+a.String()+" is given twice", nil)
			}
		}
	}
	return nil
}

// space is the namespace that a prefix stands for here.
func (p *xmlParser) space(prefix string) (string, bool) {
	for i := len(p.spaces) - 1; i >= 0; i-- {
		if p.spaces[i].prefix == prefix {
			return p.spaces[i].space, true
		}
	}
	if prefix == "xml" {
		return "http://www.w3.org/XML/1998/namespace", true
	}
	return "", prefix == ""
}

func (p *xmlParser) close(t xml.EndElement) error {
	n := len(p.open) - 1
	if n < 0 || p.open[n].prefix != t.Name.Space || p.open[n].local != t.Name.Local {
		return p.fail(CodeXML, "</"+qname{prefix: t.Name.Space, local: t.Name.Local}.String()+"> closes nothing that is open", nil)
	}
	p.open = p.open[:n]
	p.spaces = p.spaces[:p.marks[n]]
	p.marks = p.marks[:n]
	return nil
}
