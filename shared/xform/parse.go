package xform

import (
	"fmt"
	"strings"

	"banlang/shared/xpath"
)

// Parse reads and checks a form. It takes time and memory in proportion to src, whatever is in it, and keeps no part
// of src. The error is a *Error: the XML, the structure, an expression, or a cycle of calculations and relevances.
// What is odd, but can be lived with, is in Form.Warnings.
func Parse(src []byte) (*Form, error) {
	doc, err := parseXML(src)
	if err != nil {
		return nil, err
	}
	p := &parser{form: &Form{doc: doc, itext: map[string]map[string][]variant{}},
		exprs: map[string]*xpath.Expr{}, bindIDs: map[string]*Field{}, names: map[string]string{}}
	if err := p.run(); err != nil {
		return nil, err
	}
	return p.form, nil
}

// parser builds a Form.
type parser struct {
	form    *Form
	model   *element
	exprs   map[string]*xpath.Expr
	bindIDs map[string]*Field
	names   map[string]string // prefixes for xpath, all meaning no namespace: names are found by their local part
}

func (p *parser) run() error {
	collectPrefixes(p.form.doc.root, p.names)
	steps := []func() error{p.head, p.instances, p.readIText, p.body, p.binds, p.actions, p.start, p.namespaces, p.graph}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// collectPrefixes finds every prefix that the document declares.
func collectPrefixes(e *element, names map[string]string) {
	for _, a := range e.attrs {
		if prefix, ok := a.isNamespace(); ok && prefix != "" {
			names[prefix] = ""
		}
	}
	e.elements(func(c *element) bool {
		collectPrefixes(c, names)
		return true
	})
}

// model is the <model> of the document, or nil.
func (d *document) model() *element {
	if head := d.root.first("head"); head != nil {
		return head.first("model")
	}
	return d.root.first("model")
}

func failAt(e *element, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Line: e.line, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) warn(e *element, ref, format string, args ...any) {
	p.form.Warnings = append(p.form.Warnings, Warning{Line: e.line, Ref: ref, Msg: fmt.Sprintf(format, args...)})
}

// head finds the title and the model, and that the namespaces are those of a form.
func (p *parser) head() error {
	root := p.form.doc.root
	if root.local == "html" && root.space == "" {
		p.warn(root, "", "<html> is in no namespace; it belongs into %s", nsXHTML)
	} else if root.local != "html" || root.space != nsXHTML {
		return failAt(root, CodeStructure, "the root element is {%s}%s; a form is an <h:html> in %s", root.space, root.local, nsXHTML)
	}
	p.model = p.form.doc.model()
	if p.model == nil {
		return failAt(root, CodeStructure, "there is no <model> in <h:head>")
	}
	if p.model.space == "" {
		p.warn(p.model, "", "<model> is in no namespace; it belongs into %s", nsXForms)
	} else if p.model.space != nsXForms {
		return failAt(p.model, CodeStructure, "<model> is in the namespace %q, not in %s", p.model.space, nsXForms)
	}
	if head := root.first("head"); head != nil {
		if title := head.first("title"); title != nil {
			p.form.Title = strings.TrimSpace(title.text())
		}
	}
	return nil
}

// instances reads the primary instance into fields, and the secondary ones.
func (p *parser) instances() error {
	var failed error
	seen := map[string]bool{}
	p.model.elements(func(e *element) bool {
		if e.local != "instance" {
			return true
		}
		if p.form.data == nil {
			failed = p.primary(e)
		} else {
			p.secondary(e, seen)
		}
		return failed == nil
	})
	if failed == nil && p.form.data == nil {
		return failAt(p.model, CodeStructure, "there is no <instance> in <model>")
	}
	return failed
}

func (p *parser) primary(e *element) error {
	e.elements(func(c *element) bool {
		if p.form.data != nil {
			p.form.data = nil
			return false
		}
		p.form.data = c
		return true
	})
	if p.form.data == nil {
		return failAt(e, CodeStructure, "the primary <instance> needs exactly one element in it")
	}
	f := p.form
	f.ID = f.data.attr("id")
	if f.ID == "" {
		f.ID = f.data.space
	}
	f.Version = f.data.anyAttr("version")
	f.root = newField(nil, f.data.qname, false)
	return p.grow(f.root, f.data)
}

// grow adds the fields of what is in an element, once for all elements of a name.
func (p *parser) grow(f *Field, e *element) (failed error) {
	for _, a := range e.attrs {
		_, ns := a.isNamespace()
		if ns || f.attribute(a.local) != nil || a.space == nsJavaRosa {
			continue
		}
		if newField(f, a.qname, true); len(f.attrs) > MaxAttributes {
			return failAt(e, CodeLimit, "%s has more than %d attributes", f.path, MaxAttributes)
		}
	}
	e.elements(func(c *element) bool {
		cf := f.child(c.local)
		if cf == nil {
			cf = newField(f, c.qname, false)
		}
		failed = p.grow(cf, c)
		return failed == nil
	})
	return failed
}

func (p *parser) secondary(e *element, seen map[string]bool) {
	in := &Instance{ID: e.attr("id"), Src: e.attr("src")}
	if in.ID == "" {
		p.warn(e, "", "an <instance> without an id cannot be used")
		return
	}
	if seen[in.ID] {
		p.warn(e, "", "there are several instances %q; the first is used", in.ID)
		return
	}
	seen[in.ID] = true
	if in.Src == "" {
		in.tree = newTree()
		e.elements(func(c *element) bool {
			in.tree.grow(c)
			return false
		})
	}
	p.form.Instances = append(p.form.Instances, in)
}

// compile reads an expression that stands at e and concerns ref.
func (p *parser) compile(text, what string, e *element, ref string) (*xpath.Expr, error) {
	if x := p.exprs[text]; x != nil {
		return x, nil
	}
	if len(text) > MaxExpression {
		return nil, &Error{Code: CodeLimit, Line: e.line, Ref: ref, Msg: fmt.Sprintf("the %s expression is longer than %d bytes", what, MaxExpression)}
	}
	x, err := xpath.CompileWith(text, xpath.Options{Namespaces: p.names})
	if err != nil {
		return nil, &Error{Code: CodeExpression, Line: e.line, Ref: ref, Msg: "the " + what + " expression cannot be read", Err: err}
	}
	p.exprs[text] = x
	for _, c := range x.Calls() {
		if !c.Known {
			p.warn(e, ref, "the %s expression calls %s(), which is not known here", what, c.Name)
		}
	}
	return x, nil
}

// resolve finds the field that a ref means, seen from a field.
func (p *parser) resolve(text, what string, e *element, from *Field) (*Field, error) {
	x, err := p.compile(text, what, e, from.path)
	if err != nil {
		return nil, err
	}
	refs := x.References()
	if len(refs) == 0 {
		return nil, failAt(e, CodeStructure, "the %s %q is no path", what, text)
	}
	f := p.form.followExactly(refs[0], from)
	if f == nil {
		return nil, &Error{Code: CodeStructure, Line: e.line, Ref: text, Msg: "the " + what + " leads to no node of the primary instance"}
	}
	return f, nil
}

// followExactly walks a path of plain steps over fields; nil when it leads nowhere or has other steps.
func (f *Form) followExactly(r *xpath.Reference, from *Field) *Field {
	cur := from
	switch r.Origin {
	case xpath.FromRoot:
		cur = nil
	case xpath.FromContext, xpath.FromCurrent:
	default:
		return nil
	}
	for _, s := range r.Steps {
		switch {
		case s.Axis == xpath.Self:
		case s.Axis == xpath.Parent && cur != nil:
			cur = cur.parent
		case s.Axis == xpath.Child && s.Test == "name" && cur == nil:
			if cur = f.root; s.Name.Local != cur.name.local {
				return nil
			}
			continue
		case s.Axis == xpath.Child && s.Test == "name":
			cur = cur.child(s.Name.Local)
		case s.Axis == xpath.Attribute && s.Test == "name" && cur != nil:
			cur = cur.attribute(s.Name.Local)
		default:
			return nil
		}
		if cur == nil {
			return nil
		}
	}
	return cur
}

// namespaces finds the namespaces that the names of an instance use: the default one, and every prefix of the document
// that stands for one of them.
func (p *parser) namespaces() error {
	f := p.form
	if f.root.name.prefix == "" {
		f.prefixes = append(f.prefixes, binding{"", f.root.name.space})
	}
	seen := map[string]bool{"": true, "xml": true}
	f.root.walk(func(c *Field) {
		if n := c.name; !seen[n.prefix] {
			seen[n.prefix] = true
			f.prefixes = append(f.prefixes, binding{n.prefix, n.space})
		}
	})
	for _, b := range p.ownNamespaces(p.form.data) {
		if !seen[b.prefix] {
			seen[b.prefix] = true
			f.prefixes = append(f.prefixes, b)
		}
	}
	return nil
}

// ownNamespaces are the prefixes declared at the root element of the instance itself: clients expect them there.
func (p *parser) ownNamespaces(e *element) []binding {
	var own []binding
	for _, a := range e.attrs {
		if prefix, ok := a.isNamespace(); ok && prefix != "" {
			own = append(own, binding{prefix, a.value})
		}
	}
	return own
}
