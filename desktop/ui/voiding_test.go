package ui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
)

// overlay gives what can be seen of what covers the page.
func (h *hand) overlay() []fyne.CanvasObject {
	top := ui.Win(h.w).Canvas().Overlays().Top()
	if top == nil {
		return nil
	}
	return seen(top)
}

// pressOver taps the button with this text on what covers the page.
func (h *hand) pressOver(text string) {
	h.t.Helper()
	for _, o := range h.overlay() {
		if b, ok := o.(*kit.Button); ok && b.Text == text {
			test.Tap(b)
			h.Settle()
			return
		}
	}
	h.t.Fatalf("nothing over the page has a button %q", text)
}

// Delete asks first about what is at the centre. Enter and Escape leave it as it is; what has gone is found among the deleted, and
// comes back from there.
func TestARecordAtTheCentreGoesWhenItWasAskedFor(t *testing.T) {
	_, h := atWork(t)
	villages(h, 3)
	h.Receipt()
	h.Wait(time.Second)
	ui.FocusList(h.w)
	h.Settle()
	for _, leaves := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape} {
		h.key(fyne.KeyDelete)
		if len(h.overlay()) == 0 {
			t.Fatal("nothing is asked")
		}
		h.key(leaves)
		h.Wait(time.Second)
		if len(h.overlay()) > 0 || h.App.List.Len() != 3 {
			t.Fatalf("after %s: %d rows", leaves, h.App.List.Len())
		}
	}
	h.key(fyne.KeyDelete)
	h.pressOver("Hủy bản ghi")
	h.Wait(time.Second)
	if h.App.List.Len() != 2 || len(h.overlay()) > 0 {
		t.Fatalf("%d rows", h.App.List.Len())
	}
	h.App.EndToast()
	h.App.List.SetState(app.Voided)
	h.Wait(time.Second)
	ui.FocusList(h.w)
	h.Settle()
	h.key(fyne.KeyHome)
	h.mustRead("Đã hủy")
	h.key(fyne.KeyReturn) // opens no form
	if h.App.Page() != app.PageRecords {
		t.Error("what was deleted is edited")
	}
	h.press("Khôi phục")
	h.Wait(time.Second)
	h.App.List.Everything()
	h.Wait(time.Second)
	if h.App.List.Len() != 3 {
		t.Errorf("%d rows after it came back", h.App.List.Len())
	}
}

func TestTheListOfKeysGoesByTheKeysThatLeave(t *testing.T) {
	_, h := atWork(t)
	for _, leaves := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyF1, fyne.KeyReturn} {
		h.ctrl(fyne.KeyH)
		if len(h.overlay()) == 0 {
			t.Fatal("no keys are shown")
		}
		if h.key(leaves); len(h.overlay()) > 0 {
			t.Errorf("%s leaves them there", leaves)
		}
	}
}
