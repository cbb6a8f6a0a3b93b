package app

import (
	"maps"
	"slices"
)

// TextKeys lists the keys of a language's catalogue, sorted.
func TextKeys(lang string) []string { return slices.Sorted(maps.Keys(catalogues[lang])) }

// PagesHeld tells the tests how many pages of rows a list keeps.
func PagesHeld(l *List) int { return len(l.rows.kept) }

// DropLanguage takes a language away again.
func DropLanguage(code string) { delete(catalogues, code) }

// News has the program read anew what it shows, as after an alteration of the notebook.
func News(a *App) { a.refresh() }

// IsBehind makes the program believe how far the list is behind.
func IsBehind(a *App, places int) { a.desk.behind = places }
