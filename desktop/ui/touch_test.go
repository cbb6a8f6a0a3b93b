package ui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/desktop/ui/tour"
)

// TestTheWindowHearsWhateverAHandDoes: on no page there is anything that takes a key, the mouse or the wheel and does not hold
// off the lock.
func TestTheWindowHearsWhateverAHandDoes(t *testing.T) {
	m := tour.Machine(t)
	h := sit(t, m, 1024, 570)
	heard := false
	ui.OnTouch(h.w, func() { heard = true })
	said := map[string]bool{}
	for name := range tour.Stops(m, ui.Win(h.w)) {
		for _, what := range tour.Unheard(ui.Win(h.w).Canvas(), func() bool { was := heard; heard = false; return was }) {
			if !said[what] {
				said[what] = true
				t.Errorf("%s: %s", name, what)
			}
		}
	}
}

// Who only reads, and turns the wheel or moves the mouse, is at the machine: the screen is not locked before his eyes.
func TestReadingKeepsTheScreenOpen(t *testing.T) {
	_, h := atWork(t)
	h.App.SetLockAfter(5)
	for range 40 {
		h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Làng Kon Tơ Ngol"})
	}
	h.Wait(time.Second)
	find := func(wanted func(o fyne.CanvasObject) bool) fyne.CanvasObject {
		t.Helper()
		for _, o := range test.LaidOutObjects(ui.Win(h.w).Canvas().Content()) {
			if wanted(o) {
				return o
			}
		}
		t.Fatal("it is not on the page")
		return nil
	}
	row := find(func(o fyne.CanvasObject) bool { _, _, _, ok := ui.RowsSeen(o); return ok }).(fyne.Scrollable)
	ground := find(func(o fyne.CanvasObject) bool { _, ok := o.(*kit.Watch); return ok }).(*kit.Watch)
	page := find(func(o fyne.CanvasObject) bool { _, ok := o.(*kit.Wheel); return ok }).(*kit.Wheel)
	for _, do := range []func(){
		func() {
			row.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -20)})
			if ui.ListOffset(h.w) != 20 {
				t.Errorf("the wheel over a row scrolls the list to %v", ui.ListOffset(h.w))
			}
		},
		func() { page.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -20)}) },
		func() { ground.Cursor() },
		func() { ground.Scrolled(&fyne.ScrollEvent{}) },
	} {
		h.Wait(4 * time.Minute)
		do()
		if h.App.Me() == "" {
			t.Fatal("the screen was locked before somebody who reads")
		}
	}
	h.Wait(6 * time.Minute)
	if h.App.Me() != "" {
		t.Error("not locked")
	}
}
