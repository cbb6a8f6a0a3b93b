package staff

import (
	"errors"
	"fmt"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
)

// opened is a register with one account, "ha".
func opened(t *testing.T) *Staff {
	t.Helper()
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), In(t.TempDir()), key, Options{Cost: Cheap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	_, err = s.Create(t.Context(), Keeper("root"), Account{Name: "ha", Person: "Hà", Unit: "52", Roles: []Role{Review}}, "bốn con trâu gặm cỏ non")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStrangersAreBounded: of what strangers tried the newest rows are kept, of accounts all.
func TestStrangersAreBounded(t *testing.T) {
	s := opened(t)
	err := s.db.Update(t.Context(), func(tx *sqlite.Tx) error {
		for i := range maxTries + 100 {
			if err := count(tx, []bound{{fmt.Sprintf("n:%d", i), freeNetwork}}, s.wall()); err != nil {
				return err
			}
		}
		err := tx.Exec("UPDATE tries SET last = 1 WHERE key < 'n:2' AND key IN (SELECT key FROM tries ORDER BY key LIMIT 100)")
		return errors.Join(err, count(tx, []bound{{"a:ha", freeTries}, {"k:ha 192.0.2.1", freeTries}}, 0), prune(tx))
	})
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int64{"SELECT count(*) FROM tries": maxTries + 2, "SELECT count(*) FROM tries WHERE last = 1": 0,
		"SELECT count(*) FROM tries WHERE key LIKE '%:ha%'": 2} {
		err := s.db.View(t.Context(), func(tx *sqlite.Tx) error {
			row, err := tx.One(query)
			if err == nil && row.Int64(0) != want {
				t.Errorf("%s: %d, want %d", query, row.Int64(0), want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhoWaitsInLine is looked at again when it is his turn: a crowd that came at once has no more free tries than who comes one by
// one.
func TestWhoWaitsInLine(t *testing.T) {
	s := opened(t)
	leave, err := s.gate.strangers.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan error)
	for i := range maxLine {
		go func() {
			_, err := s.Login(t.Context(), "ha", "wrong", "", fmt.Sprint("198.51.100.", i))
			said <- err
		}()
	}
	for len(s.gate.strangers.waiting) < maxLine {
		select {
		case err := <-said:
			t.Fatalf("answered before its turn: %v", err)
		default:
		}
	}
	leave()
	codes := map[fault.Code]int{}
	for range maxLine {
		codes[fault.CodeOf(<-said)]++
	}
	if codes[fault.SignInFailed] != freeTries || codes[fault.SignInWait] != maxLine-freeTries {
		t.Errorf("%v", codes)
	}
}
