package console

import (
	"slices"

	"banlang/shared/form"
	"banlang/shared/units"
)

// LevelNamed is a level of units, as the reader calls it.
type LevelNamed struct{ ID, Name string }

// levels are all levels of units, the highest first; none where the tree cannot be read, as today() has said.
func (q *Request) levels() (all []LevelNamed) {
	t, err := q.c.Centre.Units(q.Context())
	if err != nil {
		return nil
	}
	for _, l := range t.Levels() {
		all = append(all, LevelNamed{l.ID, form.Text{VI: l.VI, EN: l.EN}.In(q.lang)})
	}
	return all
}

// LevelName is what a level is called.
func (q *Request) LevelName(id string) string {
	for _, l := range q.levels() {
		if l.ID == id {
			return l.Name
		}
	}
	return id
}

// Levels are those that units below the viewer's own have, by which all of them can be chosen at once.
func (q *Request) Levels() []LevelNamed {
	return slices.DeleteFunc(q.levelsBelow(q.Viewer.Unit, q.today()), func(l LevelNamed) bool { return q.LevelCount(l.ID) == 0 })
}

// levelsBelow are the levels that units below a root of a tree have; of a unit without any, its own.
func (q *Request) levelsBelow(root string, view *units.View) []LevelNamed {
	at := map[string]bool{}
	for _, code := range view.Under(root) {
		if u, ok := view.Unit(code); ok && code != root && view.Has(code) {
			at[u.Level] = true
		}
	}
	if u, ok := view.Unit(root); ok && len(at) == 0 {
		at[u.Level] = true
	}
	return slices.DeleteFunc(q.levels(), func(l LevelNamed) bool { return !at[l.ID] })
}

// levelsBeyond are those below a root but for the next one, which is meant when none is asked for.
func (q *Request) levelsBeyond(root string, by *units.View) []LevelNamed {
	next := by.Children(root)
	if len(next) == 0 {
		return nil
	}
	return slices.DeleteFunc(q.levelsBelow(root, by), func(l LevelNamed) bool {
		for _, u := range next {
			if u.Level == l.ID {
				return true
			}
		}
		return false
	})
}
