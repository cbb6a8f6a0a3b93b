package form

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"banlang/shared/form/builtin"
	"banlang/shared/record"
)

// MaxPublication is how many bytes a publication may have before it is packed. A payload can unfold to a thousand times its
// size; and the largest form known has 3 MB.
const MaxPublication = 16 << 20

// Publication is a version of a form as it travels, with what a menu needs to know before the form is parsed.
type Publication struct {
	ID          string `json:"id"`
	Version     string `json:"version"` // as its author numbered it
	Title       Text   `json:"title"`
	Compartment string `json:"compartment"`
	XML         string `json:"xml"`
	By          string `json:"by,omitempty"`         // the person who published it; empty: it came with the product
	Supervisor  string `json:"supervisor,omitempty"` // who looked at what the reviewed terms found (decision 22)
	Reason      string `json:"reason,omitempty"`     // and let it pass, because
}

// Ref names the version.
func (p *Publication) Ref() record.FormRef {
	return record.FormRef{ID: p.ID, Version: VersionOf([]byte(p.XML))}
}

// Pack encodes a publication as the payload of a change.
func (p *Publication) Pack() ([]byte, error) {
	if !utf8.ValidString(p.XML) {
		return nil, errors.New("form: the XML of a publication is not in UTF-8")
	}
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		return nil, err
	}
	if plain.Len() > MaxPublication {
		return nil, fmt.Errorf("form: a publication of %d bytes, at most %d", plain.Len(), MaxPublication)
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(plain.Bytes())
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// Unpack reads what Pack wrote. It takes memory for MaxPublication bytes a few times over, whatever the payload.
func Unpack(payload []byte) (*Publication, error) {
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(payload)), MaxPublication+1))
	if err == nil && len(plain) > MaxPublication {
		err = fmt.Errorf("more than %d bytes", MaxPublication)
	}
	var p Publication
	if err == nil {
		err = json.Unmarshal(plain, &p)
	}
	if err == nil && (p.ID == "" || p.XML == "") {
		err = errors.New("it holds no form")
	}
	if err != nil {
		return nil, fmt.Errorf("form: a publication that cannot be read: %w", err)
	}
	return &p, nil
}

// Library holds the versions of forms that a program knows, and which of them new records are written in. Versions are
// parsed when they are first asked for, and are never forgotten. It is safe for concurrent use.
type Library struct {
	mu       sync.Mutex
	versions map[record.FormRef]*version
	builtin  []record.FormRef          // in the order of a menu
	current  map[string]record.FormRef // of a retired form: its last version
	retired  map[string]bool
}

type version struct {
	publication *Publication
	parse       func() (*Form, error)
}

// NewLibrary holds the forms that came with the product, in the order of a menu.
func NewLibrary(builtin []*Publication) *Library {
	l := &Library{versions: map[record.FormRef]*version{}, current: map[string]record.FormRef{}, retired: map[string]bool{}}
	for _, p := range builtin {
		l.builtin = append(l.builtin, l.add(p))
		l.current[p.ID] = p.Ref()
	}
	return l
}

func (l *Library) add(p *Publication) record.FormRef {
	ref := p.Ref()
	if l.versions[ref] == nil {
		l.versions[ref] = &version{p, sync.OnceValues(func() (*Form, error) { return Parse([]byte(p.XML)) })}
	}
	return ref
}

// Builtin is a library of the forms that come with the product, in their current versions and in all that were ever
// released. It panics when the program was built from damaged files.
func Builtin() *Library {
	all, err := builtin.All()
	if err != nil {
		panic(err)
	}
	publications := make([]*Publication, len(all))
	for i, f := range all {
		publications[i] = &Publication{ID: f.ID, Version: f.Version, Title: Text{f.VI, f.EN}, Compartment: f.Compartment, XML: string(f.XML)}
	}
	l := NewLibrary(publications)
	released, err := builtin.Released()
	if err != nil {
		panic(err)
	}
	for _, ref := range released {
		if xml, ok := builtin.Kept(ref); ok {
			l.Keep(&Publication{ID: ref.ID, XML: string(xml)})
		}
	}
	return l
}

// Keep adds a version that is not current, for the records that were written in it.
func (l *Library) Keep(p *Publication) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(p)
}

// Learn takes all publications that are held, in any order, and reports what cannot be read of them. Topics that are no
// forms are passed over. Versions that were known stay known.
func (l *Library) Learn(publications []*record.Change) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var unreadable []error
	refs, last := map[record.Dot]record.FormRef{}, map[string]*record.Change{}
	for _, c := range publications {
		id, ok := strings.CutPrefix(c.Topic, record.TopicForm)
		if !ok || len(c.Payload) == 0 {
			continue
		}
		p, err := Unpack(c.Payload)
		if err == nil && p.ID != id {
			err = fmt.Errorf("form: %q is published as %q", p.ID, id)
		}
		if err != nil {
			unreadable = append(unreadable, fmt.Errorf("%s: %w", c.Dot, err))
			continue
		}
		refs[c.Dot] = l.add(p)
		if before := last[id]; before == nil || before.Time < c.Time {
			last[id] = c
		}
	}
	for topic, c := range record.Published(publications) {
		id, ok := strings.CutPrefix(topic, record.TopicForm)
		ref, readable := refs[c.Dot]
		if !ok || len(c.Payload) > 0 && !readable {
			continue
		}
		if l.retired[id] = len(c.Payload) == 0; l.retired[id] && last[id] != nil {
			ref, readable = refs[last[id].Dot], true // the version by which lists call it
		}
		if readable {
			l.current[id] = ref
		}
	}
	return errors.Join(unreadable...)
}

// Lookup gives one version of a form; false for one that is not known here, or cannot be read by this program. Records
// of such a form are kept and forwarded all the same.
func (l *Library) Lookup(ref record.FormRef) (*Form, bool) {
	l.mu.Lock()
	v := l.versions[ref]
	l.mu.Unlock()
	if v == nil {
		return nil, false
	}
	f, err := v.parse()
	return f, err == nil
}

// Title is what a version of a form is called; where that is not known, what the form is called now; else its id.
func (l *Library) Title(ref record.FormRef) Text {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range []record.FormRef{ref, l.current[ref.ID]} {
		if v := l.versions[r]; v != nil && v.publication.Title != (Text{}) { // one that is only kept brings none
			return v.publication.Title
		}
	}
	return Text{ref.ID, ref.ID}
}

// Current gives the version of a form in which new records are written; false when the form is retired or not known.
func (l *Library) Current(id string) (*Form, bool) {
	l.mu.Lock()
	ref, ok := l.current[id]
	ok = ok && !l.retired[id]
	l.mu.Unlock()
	if !ok {
		return nil, false
	}
	return l.Lookup(ref)
}

// For gives the version in which a record or draft is opened: the current one if all its values fit there, else the one
// it was created in, else (it was edited in a later one) any other in which they do. Misfits says why it is not the current
// one. It reports false when no version that could be opened is known.
func (l *Library) For(ref record.FormRef, values map[string]string) (f *Form, misfits []Misfit, ok bool) {
	own, known := l.Lookup(ref) // nil when it is not known
	now, ok := l.Current(ref.ID)
	if !ok || known && now.Ref == own.Ref {
		return own, nil, known
	}
	if misfits = now.fitFrom(own, values); len(misfits) == 0 || !known {
		return now, misfits, true
	}
	if len(own.Fit(values)) == 0 {
		return own, misfits, true
	}
	for _, other := range l.Known() {
		if f, ok := l.Lookup(other); ok && other.ID == ref.ID && len(f.fitFrom(own, values)) == 0 {
			return f, misfits, true
		}
	}
	return own, misfits, true
}

// Menu lists the forms that new records are written in: those of the product in their order, then the others by title.
func (l *Library) Menu() []*Publication {
	return l.list(func(id string) bool { return !l.retired[id] })
}

// All lists every form that was ever known, in its current or last version, in the order of Menu.
func (l *Library) All() []*Publication { return l.list(func(string) bool { return true }) }

func (l *Library) list(wanted func(id string) bool) (all []*Publication) {
	l.mu.Lock()
	defer l.mu.Unlock()
	listed := map[string]bool{}
	for _, ref := range l.builtin {
		listed[ref.ID] = true
		if wanted(ref.ID) {
			all = append(all, l.versions[l.current[ref.ID]].publication)
		}
	}
	own := len(all)
	for id, ref := range l.current {
		if !listed[id] && wanted(id) {
			all = append(all, l.versions[ref].publication)
		}
	}
	slices.SortFunc(all[own:], func(a, b *Publication) int {
		return cmp.Or(cmp.Compare(a.Title.VI, b.Title.VI), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// Known lists the versions that are known.
func (l *Library) Known() (refs []record.FormRef) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ref := range l.versions {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b record.FormRef) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version))
	})
	return refs
}

// Digest names the version for people: 16 hexadecimal digits.
func (p *Publication) Digest() string { return fmt.Sprintf("%016x", p.Ref().Version) }
