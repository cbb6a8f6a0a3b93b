package console_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// TestBehind: a page says how much of what has come is not in its figures yet, when that takes longer than a moment; and nothing when
// all is.
func TestBehind(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	n.sessions("C1", "2026-11-02", "60")
	b := h.as("vn.tra", "P1", staff.Review)
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(h.dir, "views.db")+"?_busy_timeout=5000&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	held, err := db.BeginTx(t.Context(), nil) // nobody else writes the views
	if err != nil {
		t.Fatal(err)
	}
	f, _ := h.centre.Library().Current("awareness_session")
	for range 2 {
		n.sendOn(&record.Change{Kind: record.KindEdit, Officer: "pq.diem", Form: f.Ref, Edits: []record.Edit{{Path: record.PathFeed, Value: "C1/ordinary"}}})
	}
	said := func() bool {
		return strings.Contains(b.get("/grid").body, "2 thay đổi đã đến nhưng chưa có trong số liệu")
	}
	if said() {
		t.Error("it is said in the moment in which they come")
	}
	h.now.Add(int64(6 * time.Second / time.Millisecond))
	if !said() {
		t.Error("it is not said")
	}
	if v, err := h.centre.Vitals(t.Context()); v.Behind != 2 || v.BehindFor != 6*time.Second {
		t.Errorf("%d behind for %v, %v", v.Behind, v.BehindFor, err)
	}
	if err := held.Rollback(); err != nil {
		t.Fatal(err)
	}
	end, err := h.centre.End(t.Context())
	if err == nil {
		err = h.centre.Views().Wait(t.Context(), end)
	}
	if err != nil {
		t.Fatal(err)
	}
	if said() {
		t.Error("it is said when nothing is behind")
	}
}
