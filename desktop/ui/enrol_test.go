package ui_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/shared/fault"
)

// firstStart is a new laptop before its officer.
func firstStart(t *testing.T) (*hand, *apptest.Newcomer) {
	t.Helper()
	v := apptest.NewVillage(t)
	v.Newcomer = &apptest.Newcomer{}
	return sit(t, v.NewMachine(24), 1280, 690), v.Newcomer
}

// keys types and presses, in whatever has the focus.
func (h *hand) keys(text string, keys ...fyne.KeyName) {
	c := ui.Win(h.w).Canvas()
	for _, r := range text {
		c.Focused().TypedRune(r)
	}
	for _, k := range keys {
		c.Focused().TypedKey(&fyne.KeyEvent{Name: k})
	}
	h.Settle()
}

// TestEnrolledByKeysAlone: code, Enter, address, Enter; Vietnamese is not composed there; after a refusal the cursor stands in the
// field to look at, and Enter asks again.
func TestEnrolledByKeysAlone(t *testing.T) {
	h, centre := firstStart(t)
	centre.Says = fault.New(fault.EnrolNoAnswer, "test", nil)
	typed := strings.ToLower(strings.ReplaceAll(apptest.NewcomersCode, "-", ""))
	h.keys(typed, fyne.KeyReturn)
	h.keys("ddaak.vn:7443", fyne.KeyReturn)
	h.mustRead(fault.EnrolNoAnswer.Message(fault.Vietnamese))
	e, ok := ui.Win(h.w).Canvas().Focused().(*kit.Entry)
	if !ok || e.Text != "ddaak.vn:7443" {
		t.Fatalf("the cursor stands in %+v", e)
	}
	h.App.SetLanguage(app.English)
	h.Settle()
	h.mustRead(h.App.T("enrol.code.whole"))
	h.keys("", fyne.KeyReturn) // a page of another language begins at the code
	centre.Says = nil
	h.keys("", fyne.KeyReturn)
	if want := "ddaak.vn:7443 " + typed; len(centre.Asked) != 2 || centre.Asked[1] != want || h.App.Page() != app.PageSignIn {
		t.Errorf("asked %q, page %d", centre.Asked, h.App.Page())
	}
	h.mustRead(h.App.T("signin.first"))
}

// TestEnrolledByAFile: Ctrl+O finds it, Tab goes to it, and the space bar takes it; and a file may be dropped. Esc gives up a try.
func TestEnrolledByAFile(t *testing.T) {
	h, centre := firstStart(t)
	h.mustRead(h.App.T("enrol.files.none"))
	stick := apptest.Stick(h.V.Wall().Time())
	centre.Here = []app.EnrolFile{stick}
	ui.Press(h.w, kit.Ctrl(fyne.KeyO))
	h.Settle()
	h.mustRead("ma-dang-ky-SL017.json")
	centre.Says = fault.New(fault.EnrolFile, "test", nil)
	ui.Drop(h.w, "/home/xa/khac.json")
	h.Settle()
	h.mustRead(fault.EnrolFile.Message(fault.Vietnamese))
	centre.Says, centre.Hold = nil, true
	h.App.Enrolment.Take(stick.Path)
	h.mustRead(h.App.T("enrol.asking"))
	ui.Press(h.w, kit.Ctrl(fyne.KeyW))
	h.Settle()
	if h.reads(h.App.T("enrol.asking")) {
		t.Error("it goes on")
	}
	centre.Hold = false
	c := ui.Win(h.w).Canvas()
	for range 20 {
		c.FocusNext()
		if b, ok := c.Focused().(*kit.Button); ok && b.Text == h.App.T("enrol.files.open") {
			h.keys("", fyne.KeySpace)
			break
		}
	}
	if h.App.Page() != app.PageSignIn || centre.Asked[len(centre.Asked)-1] != stick.Path {
		t.Errorf("page %d, asked %q", h.App.Page(), centre.Asked)
	}
}
