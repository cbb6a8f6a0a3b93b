package xlsform

import (
	"fmt"
	"regexp"
	"strings"
)

// secondary is an instance beside that of the record: a list of choices, or a file.
type secondary struct {
	id, src string // no src for lists of the form
	where   *element
	list    *choiceList
	named   bool // by a question of its own, whose name must be unique
}

const lastSavedInstance = "__last-saved"

// pulled are the expressions that may call pulldata, or ask the record saved before.
var pulled = []string{"calculate", "constraint", "readonly", "required", "relevant"}

// secondaries writes the instances, each once. Two that share a name and not a source are refused.
func (w *xform) secondaries() ([]*node, error) {
	all := w.collectInstances()
	if err := uniqueNames(all); err != nil {
		return nil, err
	}
	seen := map[string]secondary{}
	var out []*node
	for _, s := range all {
		prior, known := seen[s.id]
		if known && prior.src != s.src {
			return nil, InstanceClash.at(s.place(), "name", s.id, "one", cmpOr(prior.src, "choices"), "other", cmpOr(s.src, "choices"))
		}
		if known {
			continue
		}
		seen[s.id] = s
		n, err := w.instanceNode(s)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func (s secondary) place() Place {
	if s.where == nil {
		return Place{}
	}
	return s.where.at("type")
}

// collectInstances finds all instances: of questions in the order of the form, then lists in that of their sheet.
func (w *xform) collectInstances() []secondary {
	var all []secondary
	saved := false
	_ = w.root.walk(func(e *element) error {
		switch {
		case e.kind == anInstance:
			all = append(all, fileNamed(e))
		case e.kind == aQuestion, e.isSection() && e.kind != anEntity:
			all = append(all, pulledFiles(e)...)
		}
		if e.kind != aQuestion {
			return nil
		}
		if base, ext := splitExtension(e.itemset); classOf(e.typ) == choiceControl && isFile(ext) {
			all = append(all, secondary{id: base, src: fileSource(e.itemset, ext), where: e})
		}
		saved = saved || asksSaved(e)
		return nil
	})
	if saved {
		all = append(all, secondary{id: lastSavedInstance, src: "jr://instance/last-saved"})
	}
	for _, list := range w.lists.order {
		if !list.bySearch {
			all = append(all, secondary{id: list.name, list: list})
		}
	}
	return all
}

// fileNamed is the instance of a question of type csv-external or xml-external.
func fileNamed(e *element) secondary {
	ext := "." + strings.TrimSuffix(e.typ, "-external")
	return secondary{id: e.name, src: fileSource(e.name+ext, ext), where: e, named: true}
}

func fileSource(name, extension string) string {
	if extension == ".csv" {
		return "jr://file-csv/" + name
	}
	return "jr://file/" + name
}

var pulldataCall = regexp.MustCompile(`pulldata\s*\(\s*(.*?),`)

// pulledFiles are the files that expressions of e pull data from.
func pulledFiles(e *element) []secondary {
	var texts []string
	for _, key := range pulled {
		texts = append(texts, e.bind.text(key))
	}
	texts = append(texts, e.filter)
	if e.kind == aQuestion {
		texts = append(texts, e.question.value)
	}
	var found []secondary
	for _, text := range texts {
		if !strings.Contains(text, "pulldata(") {
			continue
		}
		for _, m := range pulldataCall.FindAllStringSubmatch(text, -1) {
			id := strings.TrimSpace(strings.NewReplacer("'", "", `"`, "").Replace(m[1]))
			found = append(found, secondary{id: id, src: "jr://file-csv/" + id + ".csv", where: e})
		}
	}
	return found
}

// asksSaved reports whether an expression of e asks the record that was saved before.
func asksSaved(e *element) bool {
	texts := []string{e.question.value, e.filter}
	for _, key := range pulled {
		texts = append(texts, e.bind.text(key))
	}
	for _, text := range texts {
		refs, err := parseRefs(text)
		if err != nil {
			continue
		}
		for _, r := range refs {
			if r.lastSaved {
				return true
			}
		}
	}
	return false
}

func uniqueNames(all []secondary) error {
	seen := map[string]bool{}
	for _, s := range all {
		if s.named && seen[s.id] {
			return InstanceTwice.at(s.where.at("name"), "name", s.id)
		}
		seen[s.id] = seen[s.id] || s.named
	}
	return nil
}

func (w *xform) instanceNode(s secondary) (*node, error) {
	n := el("instance", "id", s.id)
	if s.list == nil {
		n.set("src", s.src)
		return n, nil
	}
	root := el("root")
	inText := s.list.inText()
	for i, c := range s.list.options {
		if err := w.spend(); err != nil {
			return nil, err
		}
		root.add(c.item(inText, s.list.textID(i)))
	}
	return n.add(root), nil
}

// item is a choice as an entry of its instance.
func (c *choice) item(inText bool, textID string) *node {
	n := el("item")
	if inText {
		n.add(el("itextId").say(textID))
	}
	n.add(el("name").say(c.name))
	if !inText && !c.label.isZero() {
		n.add(el("label").say(c.label.text))
	}
	for _, x := range c.extra {
		n.add(el(x.key).say(x.text))
	}
	if c.sms != "" {
		n.add(el("sms_option").say(c.sms))
	}
	return n
}

// itemsets is the file of external choices, as .csv with every cell quoted; nil if no question asks for it.
func (d *definition) itemsets() []byte {
	asked := false
	_ = d.root.walk(func(e *element) error {
		asked = asked || e.typ == selectExternal
		return nil
	})
	t := d.tables.external
	if !asked || t == nil {
		return nil
	}
	var b strings.Builder
	line := func(cell func(column) string) {
		for i, c := range t.columns {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `"%s"`, strings.ReplaceAll(cell(c), `"`, `""`))
		}
		b.WriteString("\r\n")
	}
	line(func(c column) string { return c.header })
	for _, r := range t.rows {
		line(func(c column) string { return clean(r.cell(c.index)) })
	}
	return []byte(b.String())
}
