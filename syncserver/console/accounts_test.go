package console_test

import (
	"net/http"
	"testing"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// TestDevicesHearOfANewName: when somebody whom devices know is called otherwise, that is told in the log at once; of somebody
// whom they do not know, nothing is.
func TestDevicesHearOfANewName(t *testing.T) {
	h := opened(t)
	admin := h.as("quan.tri", "P1", staff.Administer)
	h.account("lan", "C1", staff.Review)
	h.account("tam", "C1", staff.Review)
	rec := h.notebook("C1").write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-17")
	saws, err := h.centre.Saws(t.Context(), []record.Dot{rec})
	if err != nil {
		t.Fatal(err)
	}
	h.asks(centre.Request{Review: &centre.Review{By: "lan", State: record.ReviewApproved, Items: []centre.ReviewItem{{Record: rec.String(), Saw: saws[0]}}}})
	for name, want := range map[string]ledger.Pos{"lan": 1, "tam": 0} {
		before, err := h.centre.End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if a := admin.post("/accounts/"+name, "person", "Nguyễn Thị Ngọc "+name, "unit", "C1", "role", "review"); a.status != http.StatusOK {
			t.Fatalf("%s: %d", name, a.status)
		}
		after, err := h.centre.End(t.Context())
		if err != nil || after-before != want {
			t.Errorf("%s: the log has %d more, want %d; %v", name, after-before, want, err)
		}
	}
}
