package xform

import (
	"strings"
	"time"

	"banlang/shared/xpath"
)

var (
	uuidExpr  = xpath.MustCompile("concat('uuid:', uuid())")
	todayExpr = xpath.MustCompile("today()")
)

// preload puts into a fresh node what its bind has the device fill in: an identity, a time, a property. Attributes are
// left alone, as in JavaRosa.
func (s *Session) preload(n *node) {
	b := n.field.bind
	if b == nil || b.Preload == "" || n.field.attr || !n.isLeaf() {
		return
	}
	text := ""
	switch b.Preload {
	case "uid":
		text = s.constant(n, uuidExpr)
	case "date":
		if b.PreloadParams == "today" {
			text = s.constant(n, todayExpr)
		}
	case "timestamp":
		if b.PreloadParams == "start" {
			text = s.now()
		}
	case "property":
		if s.env.Property != nil {
			text = s.env.Property(b.PreloadParams)
		}
	}
	if text != "" {
		n.value = s.form.read(n.field, text)
	}
}

// constant evaluates an expression that reads no node; "" when it fails.
func (s *Session) constant(n *node, x *xpath.Expr) string {
	text, err := x.EvaluateString(&s.x, n)
	s.note(n, "preload", err)
	return text
}

// now is the time as a dateTime, "" without a clock.
func (s *Session) now() string {
	if s.env.Now == nil {
		return ""
	}
	zone := s.env.Zone
	if zone == nil {
		zone = time.UTC
	}
	return s.env.Now().In(zone).Format("2006-01-02T15:04:05.000Z07:00")
}

// Finish does what is due when a person says that a record is complete: the actions of xforms-revalidate, and the time
// of the end. It may be done again.
func (s *Session) Finish() Change {
	s.refill()
	s.top(eventRevalidate)
	end := s.now()
	s.root.walk(func(n *node) {
		if b := n.field.bind; b != nil && b.Preload == "timestamp" && b.PreloadParams == "end" && end != "" {
			s.store(n, s.form.read(n.field, end))
		}
	})
	s.settle()
	return s.take()
}

// identity is the field that holds the identity of the instance: meta/instanceID, nil when the form has none.
func (f *Form) identity(name string) *Field {
	if meta := f.root.child("meta"); meta != nil {
		return meta.child(name)
	}
	return nil
}

// isIdentity reports whether c holds the identity of the instance.
func (f *Form) isIdentity(c *Field) bool {
	return c.name.local == "instanceID" && c.depth == 2 && c.parent.name.local == "meta"
}

// InstanceID is the identity of the record, such as "uuid:…"; "" when it has none.
func (s *Session) InstanceID() string {
	if f := s.form.identity("instanceID"); f != nil {
		if n := s.root.one(f.parent).one(f); n != nil {
			return n.value.Text
		}
	}
	return ""
}

// InstanceName is the name that the form gives the record; "" when it gives none.
func (s *Session) InstanceName() string {
	if f := s.form.identity("instanceName"); f != nil {
		if n := s.root.one(f.parent).one(f); n != nil {
			return strings.TrimSpace(n.value.Text)
		}
	}
	return ""
}
