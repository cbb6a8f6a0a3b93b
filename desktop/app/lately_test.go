package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
)

// The page of sync tells of the receipts that came, the newest first, and of what others wrote; the bar says what the link has cost.
func TestReceiptsAndArrivalsAreTold(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25)
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "type": "thon"})
	m.Receipt()
	v.Pass(2 * time.Hour)
	for range 3 {
		m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "type": "thon"})
	}
	m.Receipt()
	rec := hers.Write("ha.ltm.25", "venue_register", map[string]string{"name": "Thôn 7", "type": "thon"})
	hers.Change("ha.ltm.25", rec, "name", "Thôn 8")
	v.Carry(hers, m)
	m.Engine.Set(app.SyncStatus{Phase: app.Idle, In: 12_000, Month: 2_936_012})
	m.Wait(time.Second)
	rs := m.App.Receipts()
	if len(rs) != 2 || rs[0].To != "đến số 24-4" || rs[0].Changes != "3 lần ghi" || rs[1].To != "đến số 24-1" || !strings.HasPrefix(rs[0].Key, "khóa ") || len(rs[0].Key) != len("khóa ")+8 || rs[0].Time == rs[1].Time {
		t.Errorf("%+v", rs)
	}
	in := m.App.Arrivals()
	if len(in) != 1 || !strings.HasSuffix(in[0], ": 1 bản ghi mới, 1 lần sửa") {
		t.Errorf("%q", in)
	}
	if b := m.App.Bar(); b.Used != "2,8 MB tháng này" {
		t.Errorf("the bar says %q", b.Used)
	}
	m.App.SetLanguage(app.English)
	if rs, in, b := m.App.Receipts(), m.App.Arrivals(), m.App.Bar(); rs[0].Changes != "3 changes" || rs[1].Changes != "1 change" || !strings.HasSuffix(in[0], ": 1 new record, 1 edit") || b.Used != "2.8 MB this month" {
		t.Errorf("%+v %q %q", rs, in, b.Used)
	}
}
