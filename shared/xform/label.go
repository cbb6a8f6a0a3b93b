package xform

import (
	"strings"
)

// Label is the text of the item of the body at ref, in the active language. The ref may be that of a question, a group,
// or an instance of a repeat. Where there is no such node, as of a repeat without instances, the values that the text
// shows are left out.
func (s *Session) Label(it *Item, ref Ref) string { return s.itemText(it.Label, ref, "") }

// Hint is the hint of a question.
func (s *Session) Hint(it *Item, ref Ref) string { return s.itemText(it.Hint, ref, "") }

// Guidance is the further help of a question, which is shown on demand.
func (s *Session) Guidance(it *Item, ref Ref) string { return s.itemText(it.Hint, ref, "guidance") }

// Media is a medium of the label: "image", "big-image", "audio" or "video"; "" when there is none. "short" gives the
// short form of the label.
func (s *Session) Media(it *Item, ref Ref, form string) string {
	return s.itemText(it.Label, ref, form)
}

func (s *Session) itemText(l *Label, ref Ref, form string) string {
	s.refill()
	return s.text(l, form, s.root.find(ref))
}

// Message is the text of a ConstraintMsg or RequiredMsg of a bind at ref: written out, or the id of a text.
func (s *Session) Message(ref Ref, msg string) string {
	arg, ok := itextArgument(strings.TrimSpace(msg))
	if !ok {
		return msg
	}
	s.refill()
	n := s.root.find(ref)
	if id, quoted := unquote(arg); quoted && n != nil {
		return s.variant(id, "", n)
	}
	return ""
}

// text is a label for a node.
func (s *Session) text(l *Label, form string, n *node) string {
	if l == nil {
		return ""
	}
	if l.id != "" {
		if parts, ok := find(s.form.texts(s.language, l.id), form); ok {
			return s.join(parts, n)
		}
	}
	if form != "" {
		return ""
	}
	return s.join(l.parts, n)
}

// variant is the form of a text of the form's translations; "" when there is none.
func (s *Session) variant(id, form string, n *node) string {
	parts, ok := find(s.form.texts(s.language, id), form)
	if !ok {
		return ""
	}
	return s.join(parts, n)
}

// join writes a text with the values that it shows.
func (s *Session) join(parts []part, n *node) string {
	if len(parts) == 1 && parts[0].output == nil {
		return parts[0].text
	}
	var b strings.Builder
	for _, p := range parts {
		if p.output == nil {
			b.WriteString(p.text)
			continue
		}
		if n == nil || s.depth >= maxActionDepth {
			continue
		}
		s.depth++
		b.WriteString(s.shown(p.output, n))
		s.depth--
	}
	return b.String()
}

// itext is jr:itext() in expressions.
func (s *Session) itext(id string) (string, error) {
	n, _ := s.x.Current.(*node)
	if _, ok := find(s.form.texts(s.language, id), ""); !ok {
		return "[itext:" + id + "]", nil
	}
	return s.variant(id, "", n), nil
}
