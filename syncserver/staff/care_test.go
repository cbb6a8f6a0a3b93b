package staff_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// restored puts a copy in the place of the register, as centre.Restore does.
func (w *world) restored(t *testing.T, copied string) staff.Carried {
	t.Helper()
	b, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	fresh, files := filepath.Join(w.dir, "fresh"), staff.In(w.dir)
	if err := os.WriteFile(fresh, b, 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := staff.Prepare(t.Context(), fresh, files, w.key, func() clock.WallMillis { return clock.WallMillis(w.now.Load()) }, "a copy")
	if err == nil {
		err = os.Rename(fresh, files.Database)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.reopen(t)
	return done
}

// TestRestoring: the accounts are as they were; nobody is signed in, no code is good; the audit goes on where the present one ended,
// or says where it begins again, and holds in either case.
func TestRestoring(t *testing.T) {
	for what, x := range map[string]struct {
		harm     func(t *testing.T, w *world, database string)
		entries  int64
		together bool
	}{
		"as it was":     {func(*testing.T, *world, string) {}, 3, true},
		"the file lost": {func(t *testing.T, _ *world, f string) { os.Remove(f) }, 0, false},
		"the file torn": {func(t *testing.T, _ *world, f string) { os.Truncate(f, 5000) }, 0, false},
		"another history": {func(t *testing.T, w *world, f string) {
			os.Remove(f)
			w.reopen(t)
			w.account(t, "la", "52", staff.Review)
			w.Close()
		}, 0, false},
	} {
		t.Run(what, func(t *testing.T) {
			w := open(t)
			w.account(t, "ha", "52.A", staff.Review)
			s := w.login(t, "ha", good, "", "192.0.2.1")
			code, _, err := w.NewEnrolCode(t.Context(), staff.Keeper("root"), staff.Newcomer{Unit: "52.A", Name: "Máy", Feeds: []record.Feed{"52.A/ordinary"}})
			if err != nil {
				t.Fatal(err)
			}
			copied := filepath.Join(t.TempDir(), "copy.db")
			found, err := w.CopyTo(t.Context(), copied)
			if err != nil || found.Accounts != 1 || found.Audit.Entries != 3 {
				t.Fatalf("%+v, %v", found, err)
			}
			w.account(t, "moi", "52.A", staff.Review)
			if _, err := w.Reset(t.Context(), staff.Keeper("root"), "ha", other); err != nil {
				t.Fatal(err)
			}
			if err := w.Audit().Write(t.Context(), audit.Entry{Account: "ha", Act: "record.read", Record: "1.7"}); err != nil {
				t.Fatal(err)
			}
			w.Close()
			x.harm(t, w, staff.In(w.dir).Database)
			done := w.restored(t, copied)
			if done.Entries != x.entries || done.Together != x.together {
				t.Errorf("carried: %+v", done)
			}
			_, err = w.Session(t.Context(), s.Token, "")
			want(t, "an older session", err, fault.SignedOut)
			_, err = w.TakeEnrolCode(t.Context(), ask(code, 1), "", func(staff.Newcomer) ([]byte, error) { return nil, errors.New("enrolled") })
			want(t, "an older code", err, fault.EnrolCodeStale)
			w.login(t, "ha", good, "", "192.0.2.1")
			_, err = w.Login(t.Context(), "moi", good, "", "192.0.2.2")
			want(t, "an account made since", err, fault.SignInFailed)
			said, err := w.Audit().List(t.Context(), audit.Filter{Act: string(staff.Operate)})
			if err != nil || len(said) != 1 || said[0].Reason != "a copy" || said[0].Seq != 4+x.entries {
				t.Errorf("the audit says %+v, %v", said, err)
			}
			if n := w.acts(t, "record.read"); int64(n) != x.entries/3 {
				t.Errorf("%d readings since are known", n)
			}
			w.Close()
			if found, err := staff.Check(t.Context(), staff.In(w.dir)); err != nil || found.Audit.Entries != 6+x.entries {
				t.Errorf("%+v, %v", found, err)
			}
			w.reopen(t)
		})
	}
}

// TestCopiesOfOthers: a copy under another key is refused, and so is one whose audit was altered.
func TestCopiesOfOthers(t *testing.T) {
	w, foreign := open(t), open(t)
	copied := filepath.Join(t.TempDir(), "copy.db")
	if _, err := foreign.CopyTo(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	_, err := staff.Prepare(t.Context(), copied, staff.In(w.dir), w.key, clock.System, "")
	want(t, "another key", err, fault.WrongKey)
	w.account(t, "ha", "52.A", staff.Review)
	altered := filepath.Join(t.TempDir(), "altered.db")
	if _, err := w.CopyTo(t.Context(), altered); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", altered)
	if err == nil {
		_, err = db.ExecContext(t.Context(), "DROP TRIGGER audit_is_not_altered; UPDATE audit SET reason = 'nothing'")
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err = staff.Prepare(t.Context(), altered, staff.In(w.dir), w.key, clock.System, ""); !errors.Is(err, audit.ErrBroken) {
		t.Errorf("an altered audit: %v", err)
	}
	_, err = staff.Check(t.Context(), staff.In(t.TempDir()))
	want(t, "no register", err, fault.NotFound)
}
