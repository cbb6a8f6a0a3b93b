// Package xform owns forms in the XForms dialect of ODK: what a form is (Form) and the filling in of one (Session).
//
// A Form is parsed once from XML, checked, and never changes; any number of sessions may share it, in any goroutines.
// A Session is one record being filled in: the answers, what follows from them (calculations, relevance, required,
// read-only, repeats, choices), and the position of somebody who walks through the form. It belongs to one goroutine
// at a time. After an edit only what the edit touches is computed anew; Change lists what came out differently.
//
// Nothing here reads a clock, draws a random number, opens a file or keeps state outside these values: what a form may
// learn of the world comes in through Env. The behaviour is that of the ODK XForms specification; where that is silent,
// of JavaRosa, which the phones run. Where this package differs on purpose, the comment there says so.
package xform

import (
	"fmt"
	"strings"
)

// Namespaces of the parts of a form.
const (
	nsXForms   = "http://www.w3.org/2002/xforms"
	nsXHTML    = "http://www.w3.org/1999/xhtml"
	nsJavaRosa = "http://openrosa.org/javarosa"
	nsOpenRosa = "http://openrosa.org/xforms"
	nsODK      = "http://www.opendatakit.org/xforms"
)

// Limits. Each keeps a form that was made to do harm from taking the machine with it.
const (
	MaxBytes       = 64 << 20   // of a form, an instance or an external file; the largest form known has 3 MB
	MaxDepth       = 100        // of nested elements; real forms stay below 20
	MaxElements    = 2_000_000  // of one document
	MaxAttributes  = 256        // of one element, and of one node in all its instances; real forms stay below 20
	MaxVariants    = 100        // of one translated text: plain, short, guidance, media
	MaxNamespaces  = 100        // declared for one element
	MaxInstances   = 20_000     // of one repeat below one parent; more are neither created by a count nor by AddRepeat
	MaxExpression  = 64 << 10   // bytes of one expression
	MaxWork        = 50_000_000 // steps of the expressions that one call of a Session evaluates: a few seconds
	maxOutputDepth = 8          // of texts that show texts, as JavaRosa has it
)

// Code says what kind of thing is wrong, for programs.
type Code string

// The codes of an Error.
const (
	CodeXML        Code = "xml"        // not well-formed, or uses what is refused (a document type, entities)
	CodeLimit      Code = "limit"      // over one of the limits
	CodeStructure  Code = "structure"  // parts are missing, doubled, or refer to what is not there
	CodeExpression Code = "expression" // an expression that cannot be parsed
	CodeCycle      Code = "cycle"      // calculations or relevances that need each other
	CodeInstance   Code = "instance"   // an external instance that cannot be had or read
	CodeMismatch   Code = "mismatch"   // a saved instance that belongs to another form
)

// Error says what is wrong with a form, or with an instance of one, and where.
type Error struct {
	Code Code
	Line int      // in the XML; 0 when the place is not known
	Ref  string   // the node that it concerns; may be empty
	Refs []string // of a cycle: the nodes in it, in order, the first again at the end
	Msg  string
	Err  error // the cause; may be nil
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("xform: ")
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Ref != "" {
		b.WriteString(e.Ref + ": ")
	}
	b.WriteString(e.Msg)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Warning is something odd in a form that does not keep it from being filled in.
type Warning struct {
	Line int
	Ref  string
	Msg  string
}

func (w Warning) String() string {
	return strings.TrimPrefix((&Error{Line: w.Line, Ref: w.Ref, Msg: w.Msg}).Error(), "xform: ")
}
