package audit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/sqlite"
	"banlang/syncserver/audit"
)

var schema = sqlite.Schema{ApplicationID: 7, Migrations: []sqlite.Migration{audit.Migration}}

// book is a log with its files and a clock that the test sets.
type book struct {
	*audit.Log
	db    *sqlite.DB
	path  string
	files audit.Files
	now   atomic.Int64
}

func open(t *testing.T, path string) *book {
	t.Helper()
	b := &book{path: path, files: audit.Files{Heads: path + ".heads", TermKeys: path + ".keys"}}
	b.now.Store(1_790_000_000_000)
	b.reopen(t)
	t.Cleanup(func() { b.db.Close() })
	return b
}

func (b *book) reopen(t *testing.T) {
	t.Helper()
	var err error
	if b.db, err = sqlite.Open(t.Context(), sqlite.Options{Path: b.path}, schema); err != nil {
		t.Fatal(err)
	}
	b.Log, err = audit.Open(t.Context(), b.db, b.files, func() clock.WallMillis { return clock.WallMillis(b.now.Load()) })
	if err != nil {
		t.Fatal(err)
	}
}

func fresh(t *testing.T) *book { return open(t, filepath.Join(t.TempDir(), "a.db")) }

func (b *book) write(t *testing.T, entries ...audit.Entry) {
	t.Helper()
	if err := b.Write(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
}

func (b *book) fill(t *testing.T, n int) {
	t.Helper()
	entries := make([]audit.Entry, n)
	for i := range entries {
		entries[i] = audit.Entry{Account: "ha", From: "192.0.2.1", Act: "record.read", Unit: "52.A", Record: fmt.Sprint("r", i), Count: 1}
	}
	b.write(t, entries...)
}

// raw runs SQL behind the log's back.
func (b *book) raw(t *testing.T, text string) error {
	t.Helper()
	return b.db.Update(t.Context(), func(tx *sqlite.Tx) error { return tx.Script(text) })
}

func TestListing(t *testing.T) {
	b := fresh(t)
	for i, e := range []audit.Entry{
		{Account: "ha", Act: "record.read", Unit: "52.A", Form: "tip", Record: "1.7", Reason: "kiểm tra"},
		{Account: "ha", Act: "record.readings", Unit: "52.A"},
		{Account: "vu", Act: "session.begin", Unit: "52.B", Record: "vu"},
		{Act: "session.end", From: "root"},
	} {
		b.now.Add(int64(i))
		b.write(t, e)
	}
	for what, x := range map[string]struct {
		f    audit.Filter
		want string
	}{
		"all":      {audit.Filter{}, "4321"},
		"account":  {audit.Filter{Account: "ha"}, "21"},
		"act":      {audit.Filter{Act: "record.read"}, "1"},
		"acts":     {audit.Filter{Act: "session."}, "43"},
		"form":     {audit.Filter{Form: "tip"}, "1"},
		"record":   {audit.Filter{Record: "vu"}, "3"},
		"units":    {audit.Filter{Units: []string{"52.B", "60"}}, "3"},
		"no unit":  {audit.Filter{Units: []string{}}, ""},
		"times":    {audit.Filter{From: 1_790_000_000_001, To: 1_790_000_000_006}, "32"},
		"page":     {audit.Filter{Limit: 2}, "43"},
		"the next": {audit.Filter{Limit: 2, Before: 3}, "21"},
	} {
		found, err := b.List(t.Context(), x.f)
		got := ""
		for _, e := range found {
			got += fmt.Sprint(e.Seq)
		}
		if err != nil || got != x.want {
			t.Errorf("%s: %s, want %s (%v)", what, got, x.want, err)
		}
	}
	found, err := b.List(t.Context(), audit.Filter{Before: 2})
	if err != nil || len(found) != 1 || found[0] != (audit.Entry{Seq: 1, At: 1_790_000_000_000, Account: "ha", Act: "record.read", Unit: "52.A", Form: "tip", Record: "1.7", Reason: "kiểm tra"}) {
		t.Errorf("%+v, %v", found, err)
	}
}

// TestAPage is no longer than MaxPage, whatever is asked for.
func TestAPage(t *testing.T) {
	b := fresh(t)
	b.fill(t, audit.MaxPage+1)
	for _, limit := range []int{0, -1, audit.MaxPage + 1} {
		if found, err := b.List(t.Context(), audit.Filter{Limit: limit}); err != nil || len(found) != audit.MaxPage || found[0].Seq != audit.MaxPage+1 {
			t.Errorf("%d: %d entries, %v", limit, len(found), err)
		}
	}
}

// TestOneLine: what is written down is one line of bounded length, whatever was typed.
func TestOneLine(t *testing.T) {
	b := fresh(t)
	b.write(t, audit.Entry{Act: "x", Reason: "a\nb\x1b[2J\u202e\xff" + strings.Repeat("ệ", audit.MaxText)})
	found, err := b.List(t.Context(), audit.Filter{})
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	if r := found[0].Reason; len(r) > audit.MaxText || len(r) < audit.MaxText-3 || !utf8.ValidString(r) || strings.ContainsAny(r, "\n\x1b\u202e") || !strings.HasPrefix(r, "a b ") {
		t.Errorf("%q", r)
	}
}

// TestOnlyAddedTo: the database itself refuses to change a row.
func TestOnlyAddedTo(t *testing.T) {
	b := fresh(t)
	b.fill(t, 3)
	for _, text := range []string{"UPDATE audit SET reason = 'x'", "DELETE FROM audit", "DELETE FROM audit WHERE seq = 3",
		"INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 3", "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT DO UPDATE SET reason = 'x'"} {
		err := b.raw(t, text)
		if s, verr := b.Verify(t.Context()); verr != nil || s.Entries != 3 {
			t.Errorf("after %s (%v): %+v, %v", text, err, s, verr)
		}
		if err == nil {
			t.Errorf("%s is done", text)
		}
	}
}

// TestBroken: whoever goes around the triggers is found, and the first entry that does not hold is named.
func TestBroken(t *testing.T) {
	const open = "DROP TRIGGER audit_is_not_altered; DROP TRIGGER audit_is_not_deleted;"
	for what, x := range map[string]struct {
		harm string
		at   int64
	}{
		"none":                   {"", 0},
		"a reason":               {"UPDATE audit SET reason = 'x' WHERE seq = 70", 70},
		"an account":             {"UPDATE audit SET account = 'vu' WHERE seq = 3", 3},
		"an address":             {"UPDATE audit SET origin = '192.0.2.2' WHERE seq = 4", 4},
		"an act":                 {"UPDATE audit SET act = 'record.count' WHERE seq = 6", 6},
		"a unit":                 {"UPDATE audit SET unit = '52.B' WHERE seq = 8", 8},
		"a form":                 {"UPDATE audit SET form = 'tip' WHERE seq = 9", 9},
		"a record":               {"UPDATE audit SET record = 'r0' WHERE seq = 10", 10},
		"a text moved on":        {"UPDATE audit SET unit = '52', form = '.A' WHERE seq = 5", 5},
		"a time":                 {"UPDATE audit SET at = at + 1 WHERE seq = 1", 1},
		"a count":                {"UPDATE audit SET count = 2 WHERE seq = 99", 99},
		"terms":                  {"UPDATE audit SET terms = x'00' WHERE seq = 98", 98},
		"a hash":                 {"UPDATE audit SET hash = zeroblob(32) WHERE seq = 42", 42},
		"one taken out":          {"DELETE FROM audit WHERE seq = 50", 50},
		"the first taken out":    {"DELETE FROM audit WHERE seq = 1", 1},
		"the last taken out":     {"DELETE FROM audit WHERE seq = 100", 100},
		"all taken out":          {"DELETE FROM audit", 1},
		"cut short":              {"DELETE FROM audit WHERE seq > 60", 61},
		"two exchanged":          {"UPDATE audit SET seq = -1 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = -1", 7},
		"one moved out of sight": {"UPDATE audit SET seq = 0 WHERE seq = 20", 20},
	} {
		t.Run(what, func(t *testing.T) {
			b := fresh(t)
			b.fill(t, 64)
			b.fill(t, 36)
			if err := errors.Join(b.Note(t.Context(), 1), b.raw(t, open+x.harm)); err != nil {
				t.Fatal(err)
			}
			s, err := b.Verify(t.Context())
			var broken *audit.Broken
			switch {
			case x.at == 0:
				if err != nil || s.Entries != 100 || len(s.Head) != 64 || int64(s.Last) != b.now.Load() {
					t.Errorf("%+v, %v", s, err)
				}
			case !errors.As(err, &broken) || broken.Seq != x.at || !errors.Is(err, audit.ErrBroken):
				t.Errorf("%v, want entry %d", err, x.at)
			}
		})
	}
}

// TestWrittenAnew: a chain that somebody made from nothing holds in itself, and is told from the old one by the file of heads.
func TestWrittenAnew(t *testing.T) {
	old, b := fresh(t), fresh(t)
	old.fill(t, 70)
	b.now.Add(1)
	b.fill(t, 70)
	if _, err := b.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := audit.Verify(t.Context(), b.db, old.files.Heads)
	var broken *audit.Broken
	if !errors.As(err, &broken) || broken.Seq != 70 {
		t.Errorf("%v", err)
	}
	if err := audit.Restored(t.Context(), b.db, old.files.Heads, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Verify(t.Context(), b.db, old.files.Heads); err != nil {
		t.Errorf("after the file says that it was restored: %v", err)
	}
}

// TestTheFormat: a chain of today is one of every later version: its head is a fixed one.
func TestTheFormat(t *testing.T) {
	b := fresh(t)
	b.write(t, audit.Entry{Account: "ha", From: "192.0.2.1", Act: "record.read", Unit: "52.A", Form: "tip", Record: "1.7", Reason: "kiểm tra", Count: 3},
		audit.Entry{At: 1_790_000_000_001, Act: "session.end"})
	const want = "871e0bb89f23fdbfb6b349f7b70a1d2a02b7685c28b729c8e226410adb7949b6"
	if s, err := b.Verify(t.Context()); err != nil || s.Head != want {
		t.Errorf("the head is %s (%v), want %s", s.Head, err, want)
	}
}

// TestRestoredKeepsWhatAgrees: of the heads those stay that the restored chain has too, up to the last of them, so that an alteration
// of what both have is found as before.
func TestRestoredKeepsWhatAgrees(t *testing.T) {
	b := fresh(t)
	b.fill(t, 64)
	b.fill(t, 64)
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := b.db.CopyTo(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	b.fill(t, 64)
	older := open(t, copied)
	for range 20 {
		if err := audit.Restored(t.Context(), older.db, b.files.Heads, 0); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(b.files.Heads)
	if n := strings.Count(string(text), "restored 128 "); err != nil || n != 20 {
		t.Errorf("%d of 20 times it agrees up to 128: %s", n, text)
	}
	if s, err := audit.Verify(t.Context(), older.db, b.files.Heads); err != nil || s.Entries != 128 {
		t.Errorf("%+v, %v", s, err)
	}
	var broken *audit.Broken
	if _, err := audit.Verify(t.Context(), fresh(t).db, b.files.Heads); !errors.As(err, &broken) || broken.Seq != 1 || !strings.Contains(broken.Why, "128") {
		t.Errorf("an empty one: %v", err)
	}
}

// TestHeadsThatCannotBeWritten: what was committed is done, whatever becomes of the file of heads; a check says so, and the head is
// noted as soon as it can be.
func TestHeadsThatCannotBeWritten(t *testing.T) {
	b := fresh(t)
	b.fill(t, 63)
	aside := b.files.Heads + ".aside"
	if err := errors.Join(os.Rename(b.files.Heads, aside), os.Mkdir(b.files.Heads, 0o700)); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	b.fill(t, 5)
	if _, err := b.Verify(t.Context()); !errors.Is(err, fault.DiskIO) {
		t.Errorf("the check says %v", err)
	}
	if err := os.Remove(b.files.Heads); err != nil {
		t.Fatal(err)
	}
	b.fill(t, 1)
	if text, err := os.ReadFile(b.files.Heads); err != nil || !strings.HasPrefix(string(text), "69 ") {
		t.Errorf("%q, %v", text, err)
	}
}

// TestAfterACrash: what was not noted when the centre was ended by force is noted when it is opened again.
func TestAfterACrash(t *testing.T) {
	b := fresh(t)
	b.fill(t, 10)
	b.db.Close()
	b.reopen(t)
	if err := b.raw(t, "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE seq > 7"); err != nil {
		t.Fatal(err)
	}
	var broken *audit.Broken
	if _, err := b.Verify(t.Context()); !errors.As(err, &broken) || broken.Seq != 8 {
		t.Errorf("%v", err)
	}
}

// TestTornHeads: a line that a power cut left half is no line, and the next one is whole.
func TestTornHeads(t *testing.T) {
	b := fresh(t)
	b.fill(t, 64)
	f, err := os.OpenFile(b.files.Heads, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(strings.Repeat("\x00", 100_000) + "\n99 abcd")
	f.Close()
	b.fill(t, 64)
	if _, err := b.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(b.files.Heads)
	if lines := strings.Split(strings.TrimSpace(string(text)), "\n"); err != nil || len(lines) != 4 || !strings.HasPrefix(lines[3], "128 ") {
		t.Errorf("%q, %v", lines[1:], err)
	}
	if err := b.raw(t, "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE seq > 127"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Verify(t.Context()); !errors.Is(err, audit.ErrBroken) {
		t.Errorf("the lines behind the torn one do not count: %v", err)
	}
}

// TestTermsExpire: what was searched for can be read for ninety days, is in no file as plain text, and the chain holds when its key
// is gone.
func TestTermsExpire(t *testing.T) {
	b := fresh(t)
	const term = "Nguyễn Văn Bí Mật"
	b.write(t, audit.Entry{Act: "record.read", Terms: term})
	b.now.Add(int64(24 * time.Hour / time.Millisecond))
	b.write(t, audit.Entry{Act: "record.read", Terms: "hôm sau"}, audit.Entry{Act: "record.read"})
	look := func(what, first, second string) {
		t.Helper()
		found, err := b.List(t.Context(), audit.Filter{})
		if err != nil || len(found) != 3 || found[2].Terms != first || found[1].Terms != second ||
			found[2].Expired != (first == "") || found[1].Expired != (second == "") || found[0].Expired {
			t.Errorf("%s: %+v, %v", what, found, err)
		}
		if _, err := b.Verify(t.Context()); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	look("at once", term, "hôm sau")
	b.db.Close()
	b.reopen(t)
	look("after a restart", term, "hôm sau")
	files, err := filepath.Glob(b.path + "*")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if text, err := os.ReadFile(f); err != nil || strings.Contains(string(text), term) {
			t.Errorf("%s holds the term (%v)", f, err)
		}
	}
	b.now.Add(int64(audit.KeepTerms / time.Millisecond))
	if err := os.Mkdir(b.files.TermKeys+".new", 0o700); err != nil { // the disk does not answer
		t.Fatal(err)
	}
	for range 2 {
		if _, err := b.List(t.Context(), audit.Filter{}); !errors.Is(err, fault.DiskIO) {
			t.Errorf("a key could not be destroyed, and nobody is told: %v", err)
		}
	}
	if err := os.Remove(b.files.TermKeys + ".new"); err != nil {
		t.Fatal(err)
	}
	look("after ninety days", "", "hôm sau")
	if text, err := os.ReadFile(b.files.TermKeys); err != nil || strings.Count(string(text), "\n") != 1 {
		t.Errorf("the key is still there: %q, %v", text, err)
	}
	b.now.Add(int64(24 * time.Hour / time.Millisecond))
	b.db.Close()
	b.reopen(t)
	look("after all", "", "")
	if text, err := os.ReadFile(b.files.TermKeys); err != nil || len(text) != 0 {
		t.Errorf("keys are left: %q, %v", text, err)
	}
}

// TestCarry: what a newer chain has beyond an older one is taken over, and nothing of a chain that is another.
func TestCarry(t *testing.T) {
	b := fresh(t)
	b.fill(t, 10)
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := b.db.CopyTo(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	b.fill(t, 5)
	older, foreign, empty := open(t, copied), fresh(t), fresh(t)
	foreign.now.Add(1)
	foreign.fill(t, 12)
	carry := func(from, into *book) (n int64, together bool) {
		t.Helper()
		err := into.db.Update(t.Context(), func(to *sqlite.Tx) error {
			return from.db.View(t.Context(), func(tx *sqlite.Tx) (err error) {
				n, together, err = audit.Carry(tx, to)
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := into.Verify(t.Context()); err != nil {
			t.Error(err)
		}
		return n, together
	}
	for what, x := range map[string]struct {
		from, into *book
		n          int64
		together   bool
	}{
		"another chain": {foreign, older, 0, false},
		"a shorter one": {older, b, 0, false},
	} {
		if n, together := carry(x.from, x.into); n != x.n || together != x.together {
			t.Errorf("%s: %d, %t", what, n, together)
		}
	}
	if n, together := carry(b, older); n != 5 || !together {
		t.Errorf("the newer one: %d, %t", n, together)
	}
	if n, together := carry(b, older); n != 0 || !together {
		t.Errorf("the same: %d, %t", n, together)
	}
	if n, together := carry(b, empty); n != 15 || !together {
		t.Errorf("into none: %d, %t", n, together)
	}
}

// TestWithinATransaction: an entry stands or falls with what it is about.
func TestWithinATransaction(t *testing.T) {
	b := fresh(t)
	no := errors.New("no")
	err := b.db.Update(t.Context(), func(tx *sqlite.Tx) error {
		return errors.Join(b.Append(tx, audit.Entry{Act: "x"}), no)
	})
	if !errors.Is(err, no) {
		t.Fatal(err)
	}
	b.fill(t, 1)
	if s, err := b.Verify(context.Background()); err != nil || s.Entries != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}
