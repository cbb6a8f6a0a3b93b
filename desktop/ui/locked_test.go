package ui_test

import (
	"maps"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
)

// TestNothingLiesOverTheLockedScreen: whatever was open over the page when nobody came back, a calendar, a menu, letters or a list, goes
// with the page, and no key reaches what the officer has written.
func TestNothingLiesOverTheLockedScreen(t *testing.T) {
	for _, x := range []struct {
		name string
		open func(h *hand)
		keys []fyne.KeyName // that take something, where it is still there
	}{
		{"calendar", func(h *hand) {
			ui.Win(h.w).Canvas().Focus(h.field("Ngày ghi vào danh mục"))
			h.key(fyne.KeyF4)
		}, []fyne.KeyName{fyne.KeyRight, fyne.KeyReturn}},
		{"menu", func(h *hand) {
			e := h.field("Tên địa điểm")
			e.TypedShortcut(&fyne.ShortcutSelectAll{})
			e.TappedSecondary(&fyne.PointEvent{})
		}, []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn}}, // undo, cut, copy
		{"palette", func(h *hand) {
			ui.Win(h.w).Canvas().Focus(h.field("Tên địa điểm"))
			h.ctrl(fyne.KeyK)
		}, []fyne.KeyName{fyne.KeyRight, fyne.KeyReturn}},
		{"list", func(h *hand) {
			for _, o := range h.objects() {
				if c, ok := o.(*kit.Choose); ok && len(c.Options) > 1 {
					ui.Win(h.w).Canvas().Focus(c)
					h.key(fyne.KeySpace)
					return
				}
			}
		}, []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn}},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, h := atWork(t)
			c, board := ui.Win(h.w).Canvas(), fyne.CurrentApp().Clipboard()
			board.SetContent("")
			h.App.SetLockAfter(5)
			h.App.New("venue_register")
			h.Settle()
			h.types("Ngày ghi vào danh mục", "1711")
			h.types("Tên địa điểm", "Thôn 4")
			x.open(h)
			if c.Overlays().Top() == nil {
				t.Fatal("nothing was opened")
			}
			h.Wait(6 * time.Minute)
			if h.App.Me() != "" {
				t.Fatal("not locked")
			}
			if n := len(c.Overlays().List()); n != 0 {
				t.Errorf("%d things lie over the locked screen", n)
			}
			written := h.Drafts()
			for _, key := range x.keys {
				h.key(key)
			}
			h.Wait(time.Minute)
			if now := h.Drafts(); len(written) != 1 || len(now) != 1 || !maps.Equal(written[0].Values, now[0].Values) {
				t.Errorf("keys on the locked screen made of %+v the draft %+v", written, now)
			}
			if got := board.Content(); got != "" {
				t.Errorf("the locked screen gave out %q", got)
			}
			if e, ok := c.Focused().(*kit.Entry); !ok || !e.Password {
				t.Errorf("the hand is not at the passphrase: %T", c.Focused())
			}
		})
	}
}
