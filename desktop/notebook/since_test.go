package notebook_test

import (
	"testing"
	"time"

	"banlang/desktop/app/apptest"
)

func TestWhatWasSavedSinceMondayIsCounted(t *testing.T) {
	v := apptest.NewVillage(t)
	m := v.NewMachine(24)
	write := func(n int) {
		for range n {
			m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "type": "thon"})
			v.Pass(time.Minute)
		}
	}
	count := func(m *apptest.Machine, since time.Time) int {
		n, err := m.Book.SavedSince(t.Context(), since.UnixMilli())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	begin := v.Wall().Time()
	if got := count(m, begin); got != 0 {
		t.Errorf("nothing was written, and counted are %d", got)
	}
	write(7)
	monday := v.Wall().Time()
	write(3)
	m = m.PowerCut() // another opening writes under another run
	write(2)
	for _, c := range []struct {
		since time.Time
		want  int
	}{{begin, 12}, {begin.Add(time.Second), 11}, {monday, 5}, {v.Wall().Time(), 0}} {
		if got := count(m, c.since); got != c.want {
			t.Errorf("since %s: %d, want %d", c.since.Format("15:04:05"), got, c.want)
		}
	}
}
