package command

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"sync"

	"banlang/shared/fault"
	"banlang/shared/wholefile"
)

// preferences are what the officer likes: a small file of names and values beside the notebook, readable before anybody has
// signed in. Nobody's data is in it, and its loss costs nothing but a choice of language.
type preferences struct {
	path string
	mu   sync.Mutex
	all  map[string]string
}

const (
	preferencesName  = "tuy-chon.json"
	preferencesBytes = 64 << 10 // more is not ours
)

// openPreferences reads the preferences of a folder. A file that is torn or strange counts as none: it is written anew when
// something is chosen.
func openPreferences(dir string) (*preferences, error) {
	p := &preferences{path: filepath.Join(dir, preferencesName), all: map[string]string{}}
	text, err := readBounded(p.path, preferencesBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(text, &p.all) != nil || p.all == nil {
		p.all = map[string]string{}
	}
	return p, nil
}

// Get implements app.Preferences.
func (p *preferences) Get(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all[name]
}

// Put implements app.Preferences: the file is the old one or the new one, never half of it.
func (p *preferences) Put(name, value string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := maps.Clone(p.all)
	next[name] = value
	text, err := json.MarshalIndent(next, "", "\t")
	if err != nil {
		return err
	}
	if err := wholefile.Write(p.path, text); err != nil {
		return fault.New(fault.DiskIO, "preferences", err)
	}
	p.all = next
	return nil
}
