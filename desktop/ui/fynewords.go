package ui

import (
	"encoding/json"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"banlang/desktop/app"
)

// fyneWords are the texts that Fyne shows by itself, as in the menu of an entry. It has none in Vietnamese, and asks the
// system which language to use: many laptops here run an English one.
var fyneWords = [...]string{
	"fyne.Advanced", "fyne.Cancel", "fyne.Confirm", "fyne.Copy", "fyne.Create_Folder", "fyne.Cut", "fyne.Enter_filename",
	"fyne.Error", "fyne.Favourites", "fyne.File", "fyne.Folder", "fyne.New_Folder", "fyne.No", "fyne.OK", "fyne.Open",
	"fyne.Paste", "fyne.Quit", "fyne.Redo", "fyne.Save", "fyne.Select_all", "fyne.Show_Hidden_Files", "fyne.Undo", "fyne.Yes",
	"fyne.file.name", "fyne.file.parent",
	"fyne.monday", "fyne.monday.short", "fyne.tuesday", "fyne.tuesday.short", "fyne.wednesday", "fyne.wednesday.short",
	"fyne.thursday", "fyne.thursday.short", "fyne.friday", "fyne.friday.short", "fyne.saturday", "fyne.saturday.short",
	"fyne.sunday", "fyne.sunday.short",
}

// teachFyne gives Fyne its texts in the language of the screen, under the names of the languages that it may pick: the
// system's, and the one that it falls back to.
func teachFyne(m *app.App) {
	words := map[string]string{}
	for _, key := range fyneWords {
		_, name, _ := strings.Cut(key, ".")
		words[strings.ReplaceAll(name, "_", " ")] = m.T(key)
	}
	text, err := json.Marshal(words)
	for _, l := range []fyne.Locale{lang.SystemLocale(), "en"} {
		if err == nil {
			err = lang.AddTranslationsForLocale(text, l)
		}
	}
	if err != nil {
		fyne.LogError("the words of Fyne", err)
	}
}
