package xform

import (
	"io"
	"slices"
	"sync"

	"banlang/shared/xpath"
)

// Form is the definition of a form. It is made by Parse and never changes.
type Form struct {
	ID              string
	Version         string
	Title           string
	Languages       []string // as the form names them, in its order; empty when it is not translated
	DefaultLanguage string
	Body            []*Item
	Instances       []*Instance // secondary ones, in the order of the form
	Warnings        []Warning

	doc          *document
	data         *element // the root element of the primary instance
	root         *Field
	initial      *node // the primary instance as the form has it
	prefixes     []binding
	itext        map[string]map[string][]variant // language, id
	rules        []*rule                         // every rule after those that it needs
	edges        map[*Field][]edge               // from a value to the rules that read it
	structs      map[*Field][]edge               // from the instances of a repeat to the rules that read how many and which there are
	byLanguage   []*rule                         // rules that show texts
	modelActions []*action
	nested       []*Item // items with actions
	counts       []*Item // repeats with a count
}

// Root is the field of the root element of the instance.
func (f *Form) Root() *Field { return f.root }

// Field finds a field by its path, nil when there is none.
func (f *Form) Field(path string) *Field { return f.fieldAt(path) }

// Fields returns all fields in document order, attributes after their element.
func (f *Form) Fields() []*Field {
	var all []*Field
	f.root.walk(func(c *Field) { all = append(all, c) })
	return all
}

// SubmissionAttr is what the form says about sending it: an attribute of its <submission>, such as base64RsaPublicKey.
func (f *Form) SubmissionAttr(attribute string) string {
	model := f.doc.model()
	if model == nil {
		return ""
	}
	if s := model.first("submission"); s != nil {
		v := s.anyAttr(attribute)
		return v
	}
	return ""
}

// RecordAttr is what the form writes at the root of every record: an attribute in a namespace, "" when it is not there.
func (f *Form) RecordAttr(space, local string) string {
	value, _ := f.data.lookup(space, local)
	return value
}

// WriteXML writes the form as it was parsed: the same document, in one spelling.
func (f *Form) WriteXML(w io.Writer) error {
	var x xmlWriter
	x.b.WriteString(xmlDeclaration)
	x.element(f.doc.root)
	_, err := io.WriteString(w, x.b.String())
	return err
}

// ItemType says what an Item of the body is.
type ItemType uint8

// The types of items.
const (
	Group ItemType = iota
	Repeat
	Question
)

func (t ItemType) String() string { return [...]string{"group", "repeat", "question"}[t] }

// Item is a part of the body: a question, a group or a repeat of such.
type Item struct {
	Type        ItemType
	Control     string // of a question: input, select1, select, rank, upload, trigger, range, secret
	Field       *Field // where the answer goes; of a group without ref, the field around it
	Appearance  string
	Label       *Label
	Hint        *Label
	Items       []*Item
	Choices     []*Option // of a select: those that stand in it
	Itemset     *Itemset  // of a select: where its choices come from
	NoAddRemove bool      // of a repeat: people neither add nor remove instances

	parent  *Item
	elem    *element
	count   *xpath.Expr // of a repeat: how many instances there are to be
	base    *Field      // of a repeat: what count is seen from
	actions []*action
	logical bool // the group has a ref of its own
}

// Attr is any other attribute of the control: start, end and step of a range, mediatype of an upload.
func (i *Item) Attr(local string) string {
	v := i.elem.anyAttr(local)
	return v
}

// HasCount reports whether the form decides how many instances of the repeat there are.
func (i *Item) HasCount() bool { return i.count != nil }

// isSelect reports whether the question has choices.
func (i *Item) isSelect() bool {
	return i.Control == "select1" || i.Control == "select" || i.Control == "rank"
}

// isMultiple reports whether an answer can hold more than one choice.
func (i *Item) isMultiple() bool { return i.Control == "select" || i.Control == "rank" }

// Option is a choice that stands in the form.
type Option struct {
	Value string
	Label *Label
}

// Itemset says where choices come from.
type Itemset struct {
	Nodeset string // the expression as written

	nodes     *xpath.Expr
	value     *xpath.Expr
	label     *xpath.Expr
	labelText bool // label gives the id of a text

	once       sync.Once // what follows: see Form.fixedItems
	items      []*treeNode
	byValue    map[string]*treeNode
	inForm     bool
	unfiltered bool // the choices are all items, always
}

// Label is a text of the form: the same in all languages, or an id under which each language has its own.
type Label struct {
	id    string
	parts []part // where there is no id, or none of its texts
}

// part is a piece of a text: text, or a value to be shown.
type part struct {
	text   string
	output *xpath.Expr
}

// variant is one form of a translated text: "" for the plain one, or short, long, guidance, image, audio, video.
type variant struct {
	form  string
	parts []part
}

// texts finds the variants of an id in a language, or in the default one.
func (f *Form) texts(language, id string) []variant {
	if v := f.itext[language][id]; v != nil {
		return v
	}
	return f.itext[f.DefaultLanguage][id]
}

// find is the variant of a form.
func find(variants []variant, form string) ([]part, bool) {
	i := slices.IndexFunc(variants, func(v variant) bool { return v.form == form })
	if i < 0 {
		return nil, false
	}
	return variants[i].parts, true
}

// instance finds a secondary instance, nil when there is none.
func (f *Form) instance(id string) *Instance {
	for _, in := range f.Instances {
		if in.ID == id {
			return in
		}
	}
	return nil
}

// isMain reports whether an id means the primary instance.
func (f *Form) isMain(id string) bool {
	return id == f.ID || id == f.Title && id != "" || id == f.root.name.local
}
