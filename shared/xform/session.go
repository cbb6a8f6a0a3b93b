package xform

import (
	"errors"
	"io/fs"
	"time"

	"banlang/shared/xpath"
)

// Env is what a session may learn of the world. Every field may be left zero. The functions are called in the
// goroutine that uses the session, while it works, and must not use the session.
type Env struct {
	// Now is the clock of now(), today() and the times of filling in. nil: those are errors, and no times are noted.
	Now func() time.Time
	// Zone is the time zone of the person. nil: UTC.
	Zone *time.Location
	// Random returns 64 random bits, for uuid(), random() and the identity of the instance. It should be a source that
	// cannot be guessed. nil: those are errors, and the instance gets no identity.
	Random func() uint64
	// Property is a property of the device or the person: deviceid, username, email, phonenumber. nil: none is known.
	Property func(name string) string
	// Geopoint is the place of the device now, as "latitude longitude altitude accuracy"; "" when it is not known.
	Geopoint func() string
	// External returns the file of an external instance, by its address in the form ("jr://file-csv/xa.csv"). It is
	// called when the session starts. fs.ErrNotExist, or a nil External: the instance is empty, and Session.Missing
	// names it; any other error keeps the session from starting.
	External func(src string) ([]byte, error)
	// Language is the first language. "": the form's default.
	Language string
	// Calendar are the names of days and months in dates. nil: English.
	Calendar *xpath.Calendar
	// CountOnVisit lets repeats with a count grow only when the cursor comes by, as JavaRosa does. Otherwise they have at
	// all times the instances that their count asks for. Either way a count never removes what is there.
	CountOnVisit bool
	// KeepChosen leaves choices that can no longer be chosen in the answer, where JavaRosa takes them out when it shows
	// the question. Validate names them instead.
	KeepChosen bool
	// Work is how many steps one call of the session may take; see MaxWork. 0: MaxWork.
	Work int
}

// Session is one record being filled in. It belongs to one goroutine at a time.
type Session struct {
	form     *Form
	env      Env
	root     *node
	x        xpath.Env
	trees    map[string]*treeNode
	missing  []string
	language string

	memo     xpath.Memo // while a rule is evaluated
	agenda   agenda
	work     work
	counting []*Item // repeats whose count may have changed
	stamp    uint32
	depth    int  // of actions that run each other
	resuming bool // what is kept is not calculated anew

	change *changes
	faults map[*node][]fault
	cursor cursor
}

// New starts a record. What the form does on first load is done, and everything is computed. The error is a *Error of
// CodeInstance, for an external instance that cannot be had, or of CodeLimit, when that takes more than Env.Work.
func (f *Form) New(env Env) (*Session, error) {
	s, err := f.session(env)
	if err != nil {
		return nil, err
	}
	s.root = f.initial.clone(nil)
	if err := s.begin(true); err != nil {
		return nil, err
	}
	return s, nil
}

// session makes a session without an instance.
func (f *Form) session(env Env) (*Session, error) {
	s := &Session{form: f, env: env, trees: map[string]*treeNode{}, agenda: newAgenda(len(f.rules)), change: &changes{}, faults: map[*node][]fault{}}
	s.language = f.DefaultLanguage
	if _, ok := f.itext[env.Language]; ok {
		s.language = env.Language
	}
	for _, in := range f.Instances {
		if err := s.loadInstance(in); err != nil {
			return nil, err
		}
	}
	s.x = xpath.Env{Qualify: true, Now: env.Now, Zone: env.Zone, Random: env.Random, Instance: s.instance, ChoiceName: s.choiceName,
		Text: s.itext, Property: env.Property, Version: f.Version, Calendar: env.Calendar, Allowance: &s.work.left}
	s.refill()
	return s, nil
}

func (s *Session) loadInstance(in *Instance) error {
	if in.tree != nil {
		s.trees[in.ID] = in.tree
		return nil
	}
	var data []byte
	err := fs.ErrNotExist
	if s.env.External != nil {
		data, err = s.env.External(in.Src)
	}
	if errors.Is(err, fs.ErrNotExist) {
		doc := newTree()
		doc.add("root", "")
		s.trees[in.ID] = doc
		s.missing = append(s.missing, in.Src)
		return nil
	}
	if err != nil {
		return &Error{Code: CodeInstance, Ref: in.Src, Msg: "the file cannot be had", Err: err}
	}
	tree, err := readExternal(in.Src, data)
	if err != nil {
		return &Error{Code: CodeInstance, Ref: in.Src, Msg: "the file cannot be read", Err: err}
	}
	s.trees[in.ID] = tree
	return nil
}

// instance is what instance('id') gives to expressions.
func (s *Session) instance(id string) (xpath.Node, error) {
	if t := s.trees[id]; t != nil {
		return t, nil
	}
	if s.form.isMain(id) {
		return (*rootNode)(s.root), nil
	}
	return nil, nil
}

// begin runs what happens when an instance is opened, for the first time or again, and computes everything.
func (s *Session) begin(first bool) error {
	s.enterRoot()
	if first {
		s.root.walk(s.preload)
		s.top(eventFirstLoad)
		s.top(eventReady)
	}
	s.top(eventLoad)
	s.computeAll()
	s.change = &changes{}
	return s.overrun()
}

// enterRoot makes the instance the one that expressions and the cursor see.
func (s *Session) enterRoot() {
	s.x.Root = (*rootNode)(s.root)
	s.cursor.reset()
}

// computeAll evaluates every rule for every node.
func (s *Session) computeAll() {
	s.markAll()
	s.settle()
}

// top runs the actions of an event that concerns the whole instance: those of the model, then those in controls, for
// each of their nodes.
func (s *Session) top(event string) {
	s.run(s.form.modelActions, event, nil)
	for _, it := range s.form.nested {
		context := it.Field
		if it.Type == Question {
			context = context.parent
		}
		var nodes []*node
		s.root.each(context, func(n *node) { nodes = append(nodes, n) })
		for _, n := range nodes {
			s.run(it.actions, event, n)
		}
	}
}

// Form is the form that is being filled in.
func (s *Session) Form() *Form { return s.form }

// Missing are the addresses of external instances that could not be had and count as empty.
func (s *Session) Missing() []string { return s.missing }

// Language is the active language, "" when the form is not translated.
func (s *Session) Language() string { return s.language }

// SetLanguage changes the language. It reports whether the form has it; if not nothing happens.
func (s *Session) SetLanguage(language string) (Change, bool) {
	if _, ok := s.form.itext[language]; !ok {
		return Change{}, false
	}
	s.refill()
	s.language = language
	for _, r := range s.form.byLanguage {
		s.agenda.mark(r, s.root)
	}
	s.settle()
	c := s.take()
	c.Language = true
	return c, true
}
