package ui_test

import (
	"testing"

	"fyne.io/fyne/v2/lang"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
)

func TestFyneSpeaksTheLanguageOfTheScreen(t *testing.T) {
	for _, system := range []string{"vi_VN.UTF-8", "en_US.UTF-8", "fr_FR.UTF-8", "ja_JP.UTF-8", "C"} {
		t.Run(system, func(t *testing.T) {
			t.Setenv("LANG", system)
			h := sit(t, apptest.NewVillage(t).NewMachine(24), 1280, 690)
			if got := lang.L("Paste"); got != "Dán" {
				t.Errorf("Fyne says %q", got)
			}
			h.App.SetLanguage(app.English)
			if got := lang.X("monday", "?"); got != "Monday" {
				t.Errorf("Fyne says %q", got)
			}
		})
	}
}
