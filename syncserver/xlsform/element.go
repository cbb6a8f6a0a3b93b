package xlsform

import "strings"

// kind is what an element is in the form, whatever its type.
type kind int

const (
	aSurvey     kind = iota // the root
	aGroup                  // a group or a loop
	aRepeat                 // a group that may stand several times
	aQuestion               // what has a value, also without a control
	anInstance              // a file beside the form; it has no place in the record
	anEntity                // a declaration that the record makes or changes an entity
	anAttribute             // of an entity
	aLabel                  // of an entity
)

// element is a node of the form: the survey at the root, then groups, repeats and questions.
type element struct {
	kind     kind
	typ      string // "survey", "group", "loop", "repeat", "entity", or the type of the question
	name     string
	parent   *element
	children []*element
	row      *row // where it was written; nil for what the converter adds

	label, hint, guidance value
	bind, control         attrs
	media, instance       attrs
	flat                  bool // has no element of its own in the record
	bodyless              bool // has no control, nor have its children

	question // of questions and attributes only
	xpath    string
}

// question is what only questions have.
type question struct {
	value    string // an attribute's, or a default
	dynamic  bool   // the default is computed when the form opens
	actions  []action
	triggers []string // names of the questions whose change sets this one
	filter   string   // of choices
	params   attrs
	query    string // of an external list
	itemset  string // where the choices are: a list, a file, or a reference
	listName string // of the list in the form that the question is bound to
	choices  *choiceList
	tags     []osmTag
}

// action sets or takes a value at an event.
type action struct{ name, event, value, quality string }

// Events and actions of ODK XForms.
const (
	onFirstLoad = "odk-instance-first-load"
	onLoad      = "odk-instance-load"
	onNewRepeat = "odk-new-repeat"
	onChange    = "xforms-value-changed"

	setValue    = "setvalue"
	setGeopoint = "odk:setgeopoint"
	recordAudio = "odk:recordaudio"
)

// osmTag is a tag that an osm question asks for.
type osmTag struct {
	name  string
	label value
}

func (e *element) add(child *element) *element {
	child.parent = e
	e.children = append(e.children, child)
	return child
}

// isSection reports whether e may have children.
func (e *element) isSection() bool {
	return e.kind == aSurvey || e.kind == aGroup || e.kind == aRepeat || e.kind == anEntity
}

// walk calls f for e and all below it, parents first, until f returns an error.
func (e *element) walk(f func(*element) error) error {
	if err := f(e); err != nil {
		return err
	}
	for _, c := range e.children {
		if err := c.walk(f); err != nil {
			return err
		}
	}
	return nil
}

// repeat is the nearest repeat around e, nil if there is none.
func (e *element) repeat() *element {
	for p := e.parent; p != nil; p = p.parent {
		if p.kind == aRepeat {
			return p
		}
	}
	return nil
}

// common is the lowest element around both e and other that accept takes, and how many steps up from e it is.
func (e *element) common(other *element, accept func(*element) bool) (found *element, steps int) {
	around := map[*element]bool{}
	for p := other.parent; p != nil; p = p.parent {
		around[p] = true
	}
	for p := e.parent; p != nil; p = p.parent {
		steps++
		if around[p] && accept(p) {
			return p, steps
		}
	}
	return nil, 0
}

func isRepeat(e *element) bool { return e.kind == aRepeat }

// isContainer leaves out the survey and loops, as pyxform does.
func isContainer(e *element) bool { return e.kind == aRepeat || e.kind == aGroup && e.typ != "loop" }

// pathFrom is the path of e below top, with a slash before each name; from the root if top is nil.
func (e *element) pathFrom(top *element) string {
	if top == nil && e.xpath != "" {
		return e.xpath
	}
	var names []string
	for p := e; p != nil && (p != top || p == e); p = p.parent {
		if !p.flat {
			names = append(names, p.step())
		}
	}
	var b strings.Builder
	for i := len(names) - 1; i >= 0; i-- {
		b.WriteByte('/')
		b.WriteString(names[i])
	}
	if len(names) == 0 {
		return "/"
	}
	return b.String()
}

func (e *element) step() string {
	if e.kind == anAttribute {
		return "@" + e.name
	}
	return e.name
}

// path is the path of e in the record.
func (e *element) path() string { return e.pathFrom(nil) }

// textID is the name of a text of e among the translations.
func (e *element) textID(what string) string { return e.path() + ":" + what }

// needsText reports whether the label of e stands among the translations.
func (e *element) needsText() bool { return e.label.nested() || len(e.media) > 0 }

// bindText is the text of a key of bind after short words for true and false are written out.
func bindText(key, text string) string {
	switch key {
	case "readonly", "required", "relevant", "constraint", "calculate":
		if t, ok := truth[text]; ok {
			return t
		}
	}
	return text
}

// at is the place of what e says in the column of these words.
func (e *element) at(words ...string) Place {
	if e.row == nil {
		return Place{}
	}
	return e.row.at(words...)
}
