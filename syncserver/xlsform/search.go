package xlsform

import (
	"regexp"
	"strings"
)

// A select whose appearance calls search() has its choices looked up by the client in a file. Its own choices, which
// say which columns to take, stand in the body instead of an instance; so all selects of such a list must search.

var searchCall = regexp.MustCompile(`search\(.*?\)`)

// searches reports whether a select looks its choices up.
func (e *element) searches() bool {
	return searchCall.MatchString(e.control.text("appearance"))
}

// searchMix sees which lists are searched and which are not.
type searchMix struct {
	searching []*element
	plain     map[string][]string // list → names of selects
}

// note looks at one select, and moves the choices of one that searches.
func (m *searchMix) note(w *xform, e *element) error {
	if !e.searches() {
		if m.plain == nil {
			m.plain = map[string][]string{}
		}
		m.plain[e.listName] = append(m.plain[e.listName], "“"+e.name+"”")
		return nil
	}
	m.searching = append(m.searching, e)
	if _, ext := splitExtension(e.itemset); isFile(ext) {
		return SearchFile.at(e.at("control", "appearance"), "name", e.name)
	}
	if list := w.lists.get(e.itemset); list != nil {
		e.choices = list
	}
	if e.choices == nil {
		return SearchWithoutList.at(e.at("control", "appearance"), "name", e.name)
	}
	e.itemset = ""
	e.choices.bySearch = true
	return nil
}

// check refuses a list that is searched by some and not by others.
func (m *searchMix) check() error {
	for _, e := range m.searching {
		if others := m.plain[e.listName]; len(others) > 0 {
			return SearchMixed.at(e.at("control", "appearance"), "name", e.name, "list", e.listName, "others", strings.Join(others, ", "))
		}
	}
	return nil
}
