package staff

import (
	"sync/atomic"
	"testing"

	"banlang/shared/passphrase"
	"banlang/shared/sqlite"
)

// Cheap is a cost that only tests allow.
var Cheap = passphrase.Cost{Time: 1, MemoryKiB: 8, Threads: 1}

var whileGuessing atomic.Pointer[func()]

func init() {
	allowed = func(c passphrase.Cost) bool {
		if f := whileGuessing.Load(); f != nil {
			(*f)()
		}
		return c == Cheap || c.IsAllowed()
	}
}

// WhileGuessing has something happen whenever a passphrase is tried, behind what was looked up for it.
func WhileGuessing(t *testing.T, f func()) {
	whileGuessing.Store(&f)
	t.Cleanup(func() { whileGuessing.Store(nil) })
}

// CodesWithKeys counts the enrolment codes whose keys are kept.
func (s *Staff) CodesWithKeys(t *testing.T) (n int64) {
	t.Helper()
	err := s.db.View(t.Context(), func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT count(*) FROM enrol_code WHERE key IS NOT NULL")
		if err == nil {
			n = row.Int64(0)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
