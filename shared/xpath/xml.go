package xpath

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Limits of a document, enforced by ParseXML.
const (
	MaxXMLDepth = 1000      // elements in one another
	MaxXMLNodes = 5_000_000 // attributes included
)

// ErrXML is the base of what ParseXML returns: the text is no XML, or has what is refused.
var ErrXML = errors.New("xpath: XML refused")

// A Document is a tree that was read from XML. It never changes: any number of goroutines may read it at once.
type Document struct {
	root  element
	nodes int
}

// Root returns the document node.
func (d *Document) Root() Node { return &d.root }

// ParseXML reads a document. Space between elements is kept, as the data model wants it; text, character data sections
// and references that stand side by side are one node. A document type is refused, and with it every entity that is
// not built in, so nothing outside is ever read.
func ParseXML(r io.Reader) (*Document, error) {
	b := &builder{decoder: xml.NewDecoder(r), doc: new(Document)}
	b.doc.root.kind, b.doc.nodes = DocumentNode, 1
	b.open = []*element{&b.doc.root}
	for {
		t, err := b.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			if err = b.flush(); err == nil {
				return b.finish()
			}
		}
		if err == nil {
			err = b.token(t)
		}
		if err != nil {
			line, column := b.decoder.InputPos()
			return nil, fmt.Errorf("%w: line %d, column %d: %w", ErrXML, line, column, err)
		}
	}
}

// builder makes the tree.
type builder struct {
	decoder *xml.Decoder
	doc     *Document
	open    []*element // the document and the elements that are not closed yet
	text    strings.Builder
}

func (b *builder) finish() (*Document, error) {
	if len(b.open) > 1 {
		return nil, fmt.Errorf("%w: <%s> is not closed", ErrXML, b.open[len(b.open)-1].name)
	}
	if !slices.ContainsFunc(b.doc.root.children, func(n Node) bool { return n.Kind() == ElementNode }) {
		return nil, fmt.Errorf("%w: there is no element", ErrXML)
	}
	return b.doc, nil
}

func (b *builder) token(t xml.Token) error {
	if chars, ok := t.(xml.CharData); ok {
		b.text.Write(chars)
		return nil
	}
	if err := b.flush(); err != nil {
		return err
	}
	switch t := t.(type) {
	case xml.StartElement:
		return b.start(t)
	case xml.EndElement:
		return b.end(t)
	case xml.Comment:
		return b.leaf(CommentNode, Name{}, string(t))
	case xml.ProcInst:
		if t.Target == "xml" {
			return nil
		}
		return b.leaf(InstructionNode, Name{Local: t.Target}, string(t.Inst))
	case xml.Directive:
		return errors.New("a document type is not allowed")
	}
	return nil
}

// flush makes a node of the text since the last tag.
func (b *builder) flush() error {
	s := b.text.String()
	b.text.Reset()
	if s == "" {
		return nil
	}
	if len(b.open) == 1 {
		if strings.Trim(s, spaces+"\uFEFF") != "" {
			return errors.New("text outside the outermost element")
		}
		return nil
	}
	return b.leaf(TextNode, Name{}, s)
}

func (b *builder) leaf(kind NodeKind, name Name, value string) error {
	parent := b.open[len(b.open)-1]
	n := &leaf{kind: kind, name: name, value: value, parent: parent, order: b.doc.nodes}
	parent.children = append(parent.children, n)
	return b.count()
}

func (b *builder) count() error {
	if b.doc.nodes++; b.doc.nodes > MaxXMLNodes {
		return fmt.Errorf("more than %d nodes", MaxXMLNodes)
	}
	return nil
}

func (b *builder) start(t xml.StartElement) error {
	parent := b.open[len(b.open)-1]
	switch {
	case len(b.open) > MaxXMLDepth:
		return fmt.Errorf("elements stand more than %d deep in one another", MaxXMLDepth)
	case len(b.open) == 1 && slices.ContainsFunc(parent.children, func(n Node) bool { return n.Kind() == ElementNode }):
		return errors.New("a second outermost element")
	}
	e := &element{leaf: leaf{kind: ElementNode, parent: parent, order: b.doc.nodes}}
	parent.children = append(parent.children, e)
	b.open = append(b.open, e)
	if err := b.count(); err != nil {
		return err
	}
	b.declare(e, t.Attr)
	var err error
	if e.name, err = e.resolve(t.Name, true); err != nil {
		return err
	}
	return b.attributes(e, t.Attr)
}

// declare notes the namespaces that the tag declares.
func (b *builder) declare(e *element, attrs []xml.Attr) {
	for _, a := range attrs {
		switch {
		case a.Name.Space == "xmlns":
			e.spaces = append(e.spaces, space{a.Name.Local, a.Value})
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			e.spaces = append(e.spaces, space{"", a.Value})
		}
	}
}

func (b *builder) attributes(e *element, attrs []xml.Attr) error {
	for _, a := range attrs {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		name, err := e.resolve(a.Name, false)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(e.attrs, func(n Node) bool { return sameName(n.Name(), name) }) {
			return fmt.Errorf("the attribute %s stands twice", name)
		}
		value := strings.Map(flatten, a.Value)
		e.attrs = append(e.attrs, &leaf{kind: AttributeNode, name: name, value: value, parent: e, order: b.doc.nodes})
		if err := b.count(); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) end(t xml.EndElement) error {
	e := b.open[len(b.open)-1]
	if len(b.open) == 1 || e.name.Prefix != t.Name.Space || e.name.Local != t.Name.Local {
		return fmt.Errorf("</%s> closes nothing", Name{Prefix: t.Name.Space, Local: t.Name.Local})
	}
	b.open = b.open[:len(b.open)-1]
	return nil
}

// leaf is every node but documents and elements.
type leaf struct {
	kind   NodeKind
	name   Name
	value  string
	parent *element
	order  int // in the document
}

func (n *leaf) Kind() NodeKind     { return n.kind }
func (n *leaf) Name() Name         { return n.name }
func (n *leaf) Value() string      { return n.value }
func (n *leaf) ChildCount() int    { return 0 }
func (n *leaf) Child(int) Node     { return nil }
func (n *leaf) Attributes() []Node { return nil }
func (n *leaf) place() int         { return n.order }

// Parent is nil at the document.
func (n *leaf) Parent() Node {
	if n.parent == nil {
		return nil
	}
	return n.parent
}

// CompareTo goes by the numbers that the nodes got when they were read.
func (n *leaf) CompareTo(other Node) int {
	switch o := other.(type) {
	case namespace:
		return -o.CompareTo(n)
	case interface{ place() int }:
		return n.order - o.place()
	}
	return 0
}

// element is a document or an element.
type element struct {
	leaf
	children []Node
	attrs    []Node
	spaces   []space // declared here
}

// space is a namespace declaration.
type space struct{ prefix, address string }

func (e *element) ChildCount() int    { return len(e.children) }
func (e *element) Child(i int) Node   { return e.children[i] }
func (e *element) Attributes() []Node { return e.attrs }

// Value joins the text below.
func (e *element) Value() string {
	if len(e.children) == 1 && e.children[0].Kind() == TextNode {
		return e.children[0].Value()
	}
	var b strings.Builder
	e.write(&b)
	return b.String()
}

func (e *element) write(b *strings.Builder) {
	for _, c := range e.children {
		switch c := c.(type) {
		case *element:
			c.write(b)
		case *leaf:
			if c.kind == TextNode {
				b.WriteString(c.value)
			}
		}
	}
}

// AppendNamed implements NameIndexed.
func (e *element) AppendNamed(dst []Node, space, local string) []Node {
	for _, c := range e.children {
		if c, ok := c.(*element); ok && c.name.Local == local && c.name.Space == space {
			dst = append(dst, c)
		}
	}
	return dst
}

// scope finds what a prefix stands for.
func (e *element) scope(prefix string) (address string, ok bool) {
	if prefix == "xml" {
		return xmlSpace, true
	}
	for ; e != nil; e = e.parent {
		for _, s := range e.spaces {
			if s.prefix == prefix {
				return s.address, true
			}
		}
	}
	return "", prefix == ""
}

// resolve turns a name as it is written into an expanded one. The default namespace is for elements only.
func (e *element) resolve(n xml.Name, isElement bool) (Name, error) {
	name := Name{Local: n.Local, Prefix: n.Space}
	if name.Prefix == "" && !isElement {
		return name, nil
	}
	address, ok := e.scope(name.Prefix)
	if !ok {
		return name, fmt.Errorf("the prefix %s is not declared", name.Prefix)
	}
	name.Space = address
	return name, nil
}

// namespace is a node of the axis namespace::. It is made when it is asked for.
type namespace struct {
	owner   *element
	prefix  string
	address string
	rank    int
}

func (n namespace) Kind() NodeKind     { return NamespaceNode }
func (n namespace) Name() Name         { return Name{Local: n.prefix} }
func (n namespace) Value() string      { return n.address }
func (n namespace) Parent() Node       { return n.owner }
func (n namespace) ChildCount() int    { return 0 }
func (n namespace) Child(int) Node     { return nil }
func (n namespace) Attributes() []Node { return nil }

// CompareTo puts the node behind its element and before the attributes.
func (n namespace) CompareTo(other Node) int {
	if o, ok := other.(namespace); ok && o.owner == n.owner {
		return n.rank - o.rank
	}
	if o, ok := other.(namespace); ok {
		return n.owner.order - o.owner.order
	}
	if n.owner.CompareTo(other) >= 0 { // the element itself, or before it
		return 1
	}
	return -1
}

// Namespaces implements NamespaceScope: the default one first, xml last.
func (e *element) Namespaces() []Node {
	seen := map[string]bool{"xml": true}
	var found []space
	for at := e; at != nil; at = at.parent {
		for _, s := range at.spaces {
			if !seen[s.prefix] {
				seen[s.prefix] = true
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, func(a, b space) int { return strings.Compare(a.prefix, b.prefix) })
	found = slices.DeleteFunc(found, func(s space) bool { return s.address == "" })
	found = append(found, space{"xml", xmlSpace})
	nodes := make([]Node, len(found))
	for i, s := range found {
		nodes[i] = namespace{e, s.prefix, s.address, i}
	}
	return nodes
}
