package ui_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"banlang/desktop/app/apptest"
	"banlang/desktop/notebook"
	"banlang/desktop/ui"
)

// BenchmarkListScroll measures what a step of 40 pixels through the list costs the goroutine of the window, without the
// painting. The cost is that of the rows that come into sight, not of the list's length.
func BenchmarkListScroll(b *testing.B) {
	v := apptest.NewVillage(b)
	m := v.NewMachine(24)
	var entries []notebook.Entry
	for i := range 3000 {
		entries = append(entries, m.Entry("diem.pq.24", "venue_register", map[string]string{"name": fmt.Sprint("Thôn ", i), "type": "thon"}))
	}
	if _, err := m.Book.Save(b.Context(), entries...); err != nil {
		b.Fatal(err)
	}
	w := ui.OpenForTest(test.NewTempApp(b), m.App, m.Post)
	b.Cleanup(func() { m.App.Close() })
	m.Settle()
	m.SignIn("Phan Quốc Điềm")
	y := float32(0)
	var times []time.Duration
	for b.Loop() {
		y += 40
		if y > 150_000 {
			y = 0
		}
		began := time.Now()
		ui.ScrollList(w, y)
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(times[len(times)-1].Microseconds())/1000, "max-ms")
}
