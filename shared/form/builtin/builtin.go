// Package builtin owns the compiled forms that come with the product: the XForm of each of the 26 record types, and an
// index of them. All of it is generated from the definitions in syncserver/builtin and only carried here, for both programs.
package builtin

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"banlang/shared/record"
)

//go:embed index.json xforms kept
var files embed.FS

// Entry is a line of the index.
type Entry struct {
	ID          string   `json:"id"`
	Version     string   `json:"version"`
	Digest      string   `json:"digest"` // BLAKE2b-256 of the XForm in hex; it names the version of the form
	VI          string   `json:"vi"`     // what the form is called
	EN          string   `json:"en"`
	Compartment string   `json:"compartment"` // see package declared
	EventDate   string   `json:"event_date"`  // the question whose day decides the reporting period
	Lists       []string `json:"lists,omitempty"`
}

// Form is a built-in form.
type Form struct {
	Entry

	XML []byte // the XForm; it belongs to the caller
}

// index is read once; that it can be read is tested.
var index = sync.OnceValues(func() ([]Entry, error) {
	text, err := files.ReadFile("index.json")
	if err != nil {
		return nil, err
	}
	var all []Entry
	err = json.Unmarshal(text, &all)
	return all, err
})

// All gives every built-in form, in the order of their ids.
func All() ([]Form, error) {
	entries, err := index()
	if err != nil {
		return nil, fmt.Errorf("index of the built-in forms: %w", err)
	}
	all := make([]Form, len(entries))
	for i, e := range entries {
		xml, err := files.ReadFile("xforms/" + e.ID + ".xml")
		if err != nil {
			return nil, fmt.Errorf("built-in form %s: %w", e.ID, err)
		}
		all[i] = Form{e, xml}
	}
	return all, nil
}

// Released names every version of a built-in form that ever left the house, those too that are no longer current.
// form.Builtin knows them all.
func Released() (refs []record.FormRef, err error) {
	text, err := files.ReadFile("kept/released.txt")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		ref, err := record.ParseFormRef(line)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// KeptName is the file of a version that is no longer current.
func KeptName(ref record.FormRef) string { return "kept/" + ref.String() + ".xml" }

// Kept gives the XForm of a version that was released and is no longer current; false for any other.
func Kept(ref record.FormRef) (xml []byte, ok bool) {
	xml, err := files.ReadFile(KeptName(ref))
	return xml, err == nil
}
