package xlsform

import (
	"bytes"
	"strings"
)

// node is an element of the XForm, or a text if it has no name.
type node struct {
	name  string
	attrs []nameValue
	kids  []*node
	text  string
}

type nameValue struct{ name, value string }

// el makes an element with attributes: name, value, name, value, …
func el(name string, attributes ...string) *node {
	n := &node{name: name}
	for i := 0; i+1 < len(attributes); i += 2 {
		n.attrs = append(n.attrs, nameValue{attributes[i], attributes[i+1]})
	}
	return n
}

// set gives n an attribute, in place of one of the same name.
func (n *node) set(name, value string) {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			n.attrs[i].value = value
			return
		}
	}
	n.attrs = append(n.attrs, nameValue{name, value})
}

// add adds children and returns n; nil children are left out.
func (n *node) add(kids ...*node) *node {
	for _, k := range kids {
		if k != nil {
			n.kids = append(n.kids, k)
		}
	}
	return n
}

// say adds a text.
func (n *node) say(text string) *node {
	n.kids = append(n.kids, &node{text: text})
	return n
}

func (n *node) isText() bool { return n.name == "" }

// escapes keep a text from being read as markup. Line ends in attributes stay as they are: readers take them for
// spaces, as they do those of pyxform.
var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)

// writer writes a document up to a limit.
type writer struct {
	out   *bytes.Buffer
	limit int
}

// write writes n as a document, each element on a line but for those with texts.
func (n *node) write(out *bytes.Buffer, limit int) error {
	out.WriteString("<?xml version=\"1.0\"?>\n")
	w := writer{out, limit}
	return w.element(n, 0, true)
}

func (w *writer) element(n *node, depth int, lines bool) error {
	if w.out.Len() > w.limit {
		return reached("xform", w.limit, Place{})
	}
	w.indent(depth, lines)
	w.out.WriteByte('<')
	w.out.WriteString(n.name)
	for _, a := range n.attrs {
		w.out.WriteByte(' ')
		w.out.WriteString(a.name)
		w.out.WriteString(`="`)
		_, _ = attributeEscapes.WriteString(w.out, a.value)
		w.out.WriteByte('"')
	}
	if len(n.kids) == 0 {
		w.out.WriteString("/>")
	} else {
		w.out.WriteByte('>')
		if err := w.kids(n, depth, lines); err != nil {
			return err
		}
		w.out.WriteString("</")
		w.out.WriteString(n.name)
		w.out.WriteByte('>')
	}
	w.lineEnd(lines)
	return nil
}

func (w *writer) indent(depth int, lines bool) {
	for range depth * btoi(lines) {
		w.out.WriteString("  ")
	}
}

func (w *writer) lineEnd(lines bool) {
	if lines {
		w.out.WriteByte('\n')
	}
}

// kids writes what is in an element: on lines of its own, or where there is text in one line, with a space at either
// end if there is more than the text.
func (w *writer) kids(n *node, depth int, lines bool) error {
	mixed := false
	for _, k := range n.kids {
		mixed = mixed || k.isText()
	}
	several := mixed && len(n.kids) > 1
	if several && n.kids[0].isText() {
		w.out.WriteByte(' ')
	}
	if !mixed {
		w.lineEnd(lines)
	}
	for _, k := range n.kids {
		if k.isText() {
			_, _ = textEscapes.WriteString(w.out, k.text)
		} else if err := w.element(k, depth+1, lines && !mixed); err != nil {
			return err
		}
	}
	if several {
		w.out.WriteByte(' ')
	}
	if !mixed {
		w.indent(depth, lines)
	}
	return nil
}
