package xform

import (
	"slices"

	"banlang/shared/xpath"
)

// The events that run actions.
const (
	eventFirstLoad    = "odk-instance-first-load"
	eventReady        = "xforms-ready" // the old name of the first load
	eventLoad         = "odk-instance-load"
	eventNewRepeat    = "odk-new-repeat"
	eventInsert       = "jr-insert" // the old name of a new repeat
	eventValueChanged = "xforms-value-changed"
	eventRevalidate   = "xforms-revalidate"
)

var knownEvents = map[string]bool{eventFirstLoad: true, eventReady: true, eventLoad: true, eventNewRepeat: true,
	eventInsert: true, eventValueChanged: true, eventRevalidate: true}

// action is a <setvalue>, or an <odk:setgeopoint>, which asks for the place of the device.
type action struct {
	events   []string
	target   *Field
	value    *xpath.Expr // nil: literal is set
	literal  string
	geopoint bool
	line     int
}

func (a *action) on(event string) bool { return slices.Contains(a.events, event) }

// maxActionDepth bounds values that set each other on change.
const maxActionDepth = 50

// run carries out the actions of the event among them, each in the context of a node: a target inside of a repeat is
// the one in the same instance.
func (s *Session) run(actions []*action, event string, context *node) {
	for _, a := range actions {
		if a.on(event) {
			s.act(a, context)
		}
	}
}

func (s *Session) act(a *action, context *node) {
	target := s.targetOf(a.target, context)
	if s.work.left -= evaluationCost; s.exhausted() {
		s.giveUp()
		return
	}
	if target == nil {
		return
	}
	if a.geopoint {
		place := ""
		if s.env.Geopoint != nil {
			place = s.env.Geopoint()
		}
		s.put(target, cast(place, s.form.kindOf(a.target)))
		return
	}
	if a.value == nil {
		s.put(target, s.retype(computedText(a.literal, s.form.kindOf(a.target)), a.target))
		return
	}
	v, err := s.compute(a.value, target)
	s.note(target, "setvalue", err)
	if err == nil {
		s.put(target, s.retype(v, a.target))
	}
}

// retype gives a value that was set the declared kind, where it has one: unlike a calculation, setting casts.
func (s *Session) retype(v Value, f *Field) Value {
	declared := s.form.kindOf(f)
	switch {
	case v.IsEmpty():
		return Value{}
	case declared == None:
		return Value{Uncast, v.Text}
	}
	return cast(v.Text, declared)
}

// targetOf is the node of field f that belongs to context: below the nearest ancestor that both have. nil when there is
// none, or more than one to choose from.
func (s *Session) targetOf(f *Field, context *node) *node {
	from := s.root
	if context != nil {
		n := context
		for !n.field.isAncestorOf(f) {
			n = n.parent
		}
		from = n
	}
	var found *node
	many := false
	from.each(f, func(n *node) {
		many = found != nil
		found = n
	})
	if many {
		s.note(found, "setvalue", &Error{Code: CodeStructure, Msg: "the target is in a repeat, and no instance is meant"})
		return nil
	}
	return found
}
