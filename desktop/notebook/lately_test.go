package notebook_test

import (
	"encoding/json"
	"testing"
	"time"

	"banlang/desktop/app/apptest"
	"banlang/desktop/notebook"
)

func lately(t *testing.T, m *apptest.Machine) notebook.Lately {
	t.Helper()
	l, err := m.Book.Lately(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A receipt is remembered with how many changes it is new for, also when the centre says it again and when the program was opened
// in between; those that follow each other closely are one, and the oldest of many go.
func TestReceiptsAreRemembered(t *testing.T) {
	v := apptest.NewVillage(t)
	m := v.NewMachine(24)
	write := func(n int) {
		for range n {
			m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "type": "thon"})
		}
	}
	if l := lately(t, m); len(l.Receipts) != 0 {
		t.Errorf("nothing was sent: %+v", l.Receipts)
	}
	write(3)
	m.Receipt()
	first := v.Wall()
	v.Pass(time.Hour)
	m.Receipt() // nothing new
	m = m.PowerCut()
	write(2)
	m.Receipt()
	v.Pass(20 * time.Second)
	write(4)
	m.Receipt()
	l := lately(t, m.PowerCut())
	if len(l.Receipts) != 2 {
		t.Fatalf("%+v", l.Receipts)
	}
	if r := l.Receipts[0]; r.To != 9 || r.Changes != 6 || r.At != int64(v.Wall()) || r.Key == [8]byte{} {
		t.Errorf("the last: %+v", r)
	}
	if r := l.Receipts[1]; r.To != 3 || r.Changes != 3 || r.At != int64(first) {
		t.Errorf("the first: %+v", r)
	}
	for range 40 {
		v.Pass(time.Hour)
		write(1)
		m.Receipt()
	}
	if l := lately(t, m); len(l.Receipts) != 30 || l.Receipts[0].To != 49 || l.Receipts[29].To != 20 {
		t.Errorf("after 42 receipts: %d, from %d to %d", len(l.Receipts), l.Receipts[0].To, l.Receipts[len(l.Receipts)-1].To)
	}
}

// A notebook of an older program has no memory of receipts: what it knows is its latest one, and from then on it remembers.
func TestAnOlderNotebookKnowsItsLatestReceipt(t *testing.T) {
	v := apptest.NewVillage(t)
	m := v.NewMachine(24)
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "type": "thon"})
	m.Receipt()
	for name, left := range map[string][]byte{"nothing": nil, "what cannot be read": []byte("{")} {
		if err := m.Store.Update(t.Context(), func(tx notebook.Tx) error { return tx.PutValue("lately", left) }); err != nil {
			t.Fatal(err)
		}
		if l := lately(t, m); len(l.Receipts) != 1 || l.Receipts[0].To != 1 || l.Receipts[0].Changes != 0 || l.Receipts[0].At != int64(v.Wall()) {
			t.Errorf("%s: %+v", name, l.Receipts)
		}
	}
	v.Pass(time.Hour)
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 5", "type": "thon"})
	m.Receipt()
	if l := lately(t, m); len(l.Receipts) != 1 || l.Receipts[0].To != 2 || l.Receipts[0].Changes != 1 {
		t.Errorf("%+v", l.Receipts)
	}
}

// What others wrote is counted as it comes, once, and own changes are not.
func TestWhatComesIsRemembered(t *testing.T) {
	v := apptest.NewVillage(t)
	m, hers := v.NewMachine(24), v.NewMachine(25)
	rec := hers.Write("ha.ltm.25", "venue_register", map[string]string{"name": "Thôn 4", "type": "thon"})
	v.Carry(hers, m)
	v.Pass(5 * time.Minute)
	hers.Change("ha.ltm.25", rec, "name", "Thôn 5")
	v.Carry(hers, m)
	v.Carry(hers, m)
	m.RejectChange(rec, rec, "no")
	v.Pass(time.Hour)
	m.Publish(apptest.Every("1"))
	v.Carry(m, m)
	l := lately(t, m)
	if text, _ := json.Marshal(l.Arrivals); len(l.Arrivals) != 2 || l.Arrivals[1].Records != 1 || l.Arrivals[1].Edits != 1 || l.Arrivals[1].Verdicts != 1 ||
		l.Arrivals[0] != (notebook.Arrival{At: int64(v.Wall()), Published: 1}) {
		t.Errorf("%s", text)
	}
}
