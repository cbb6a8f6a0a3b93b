package centre

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"banlang/shared/form"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/sqlite/faultvfs"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
)

// running is a centre with its committer.
type running struct {
	*Centre
	t   *testing.T
	end func()
}

func opened(t *testing.T, dir string, o Options) *running {
	t.Helper()
	o.Create = true
	c, err := Open(t.Context(), Dir(dir), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { c.Run(ctx); close(ended) }()
	r := &running{Centre: c, t: t}
	over := false
	r.end = func() {
		if !over {
			over = true
			stop()
			<-ended
			c.Close()
		}
	}
	t.Cleanup(r.end)
	return r
}

func (r *running) do(q Request) Reply {
	r.t.Helper()
	a, err := r.Do(r.t.Context(), q)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

// enrolled enters a device of a unit.
func (r *running) enrolled(unit string) record.ReplicaID {
	r.t.Helper()
	a := r.do(Request{Enrol: &Enrol{Address: "127.0.0.1:1", Newcomers: []Newcomer{{unit, "máy", []record.Feed{record.NewFeed(unit, "ordinary")}}}}})
	return a.Enrolled[0].Replica
}

var forms = sync.OnceValue(form.Builtin)

// pen writes the changes of one device.
type pen struct {
	ledger.Pen
	m *ledger.Memory
}

func newPen(r record.ReplicaID) *pen { return &pen{ledger.Pen{Replica: r}, ledger.NewMemory()} }

func (p *pen) write(t *testing.T, rec record.Dot, edits ...record.Edit) *record.Change {
	t.Helper()
	f, ok := forms().Current("awareness_session")
	if !ok {
		t.Fatal("no form")
	}
	c := &record.Change{Kind: record.KindEdit, Record: rec, Officer: "s7", Form: f.Ref, Edits: edits}
	err := p.m.Atomically(func() error {
		_, err := p.Write(p.m, clock.System(), c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (p *pen) create(t *testing.T, unit string) *record.Change {
	t.Helper()
	return p.write(t, record.Dot{}, record.Edit{Path: record.PathFeed, Value: unit + "/ordinary"}, record.Edit{Path: "note", Value: "ghi chú"})
}

// push brings changes in one transaction.
func (r *running) push(cs ...*record.Change) {
	r.t.Helper()
	if err := r.Take(r.t.Context(), cs...); err != nil {
		r.t.Fatal(err)
	}
}

// lived is a directory in which records were written, edited, moved, brought in disorder, rejected and erased.
func lived(t *testing.T) (dir string, copyOf string) {
	t.Helper()
	dir = t.TempDir()
	r := opened(t, dir, Options{})
	p, q := newPen(r.enrolled("U1")), newPen(r.enrolled("U2"))
	a, b := p.create(t, "U1"), p.create(t, "U1")
	moved := p.write(t, a.Dot, record.Edit{Path: record.PathFeed, Value: "U2/ordinary", Replaces: []record.Dot{a.Dot}})
	edit := p.write(t, b.Dot, record.Edit{Path: "note", Value: "sửa", Replaces: []record.Dot{b.Dot}})
	r.push(a, b)
	r.push(edit)
	r.push(moved)
	c := q.create(t, "U2")
	late := q.write(t, c.Dot, record.Edit{Path: "note", Value: "trước khi có bản ghi"})
	bad := q.write(t, c.Dot, record.Edit{Path: "no_such", Value: "x"})
	r.push(late)
	r.push(c, bad)
	r.do(Request{Backup: &Backup{Keep: 2}})
	r.do(Request{Erase: &Erase{Record: b.Dot.String()}})
	r.do(Request{Check: true})
	copies, err := r.dir.registered()
	if err != nil || len(copies) != 1 {
		t.Fatalf("%v, %v", copies, err)
	}
	r.end()
	return dir, filepath.Join(Dir(dir).Backups(), copies[0].Name)
}

// TestCheckFinds damages a sound database in one place at a time.
func TestCheckFinds(t *testing.T) {
	dir, _ := lived(t)
	sound, err := os.ReadFile(Dir(dir).Database())
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []string{
		"UPDATE closed SET hash = zeroblob(32) WHERE pos = (SELECT min(pos) FROM closed)",
		"DELETE FROM closed WHERE pos = (SELECT max(pos) FROM closed)",
		"DELETE FROM listing WHERE key = 'U1/ordinary'",
		"DELETE FROM listing WHERE key = '@11'",
		"UPDATE listing SET key = 'U2/ordinary' WHERE key = 'U1/ordinary' AND first NOT IN (SELECT first FROM listing WHERE key = 'U2/ordinary')",
		"INSERT INTO listing (key, first, last) VALUES ('U2/ordinary', 1, 2)",
		"INSERT INTO listing (key, first, last) VALUES ('*', 1, 1)",
		"DELETE FROM turn WHERE pos > 0; UPDATE tally SET n = n - changes() WHERE name = 'turns'",
		`UPDATE turn SET now = '["U1/ordinary"]'`,
		"UPDATE turn SET pos = pos - 1 WHERE pos > 1",
		"UPDATE run SET head = zeroblob(32) WHERE prefix > 1",
		"UPDATE run SET prefix = prefix - 1, claim = claim WHERE prefix > 1",
		"UPDATE change SET data = (SELECT data FROM change WHERE pos = 3) WHERE pos = 4",
		"UPDATE change SET data = zeroblob(40) WHERE pos = 3",
		"DELETE FROM change WHERE pos = (SELECT max(pos) FROM change)",
		"INSERT INTO waiting (pos) VALUES (9999)",
	} {
		broken := t.TempDir()
		copyDir(t, dir, broken)
		if err := os.WriteFile(Dir(broken).Database(), sound, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Check(t.Context(), Dir(broken)); err != nil {
			t.Fatalf("before: %v", err)
		}
		alter(t, Dir(broken).Database(), damage)
		if _, _, err := Check(t.Context(), Dir(broken)); !IsUnsound(err) {
			t.Errorf("%s: %v", damage, err)
		} else {
			t.Logf("%s: %v", damage, err)
		}
	}
}

func copyDir(t *testing.T, from, to string) {
	t.Helper()
	for _, name := range []string{"centre.key", "erasures"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func alter(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

// TestErasureComesBackNever: a restore applies the ledger of erasures to the copy.
func TestErasureComesBackNever(t *testing.T) {
	dir, copied := lived(t)
	done, err := Restore(t.Context(), Dir(dir), copied, nil)
	if err != nil {
		t.Fatal(err)
	}
	if done.Erasures != 1 || done.Epoch.Number != 2 || done.Aside == "" {
		t.Errorf("%+v", done)
	}
	if _, _, err := Check(t.Context(), Dir(dir)); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(done.Aside); err != nil {
		t.Error(err)
	}
}

// TestRestoreRefuses what is not the copy that was registered, and leaves everything as it was.
func TestRestoreRefuses(t *testing.T) {
	dir, copied := lived(t)
	before, err := os.ReadFile(Dir(dir).Database())
	if err != nil {
		t.Fatal(err)
	}
	alter(t, copied, "DELETE FROM listing")
	if _, err := Restore(t.Context(), Dir(dir), copied, nil); !errors.Is(err, ErrAltered) {
		t.Errorf("an altered copy: %v", err)
	}
	if err := os.Remove(copied + ".json"); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), Dir(dir), copied, nil); !IsUnsound(err) {
		t.Errorf("an unsound copy without register: %v", err)
	}
	if _, err := Restore(t.Context(), Dir(dir), filepath.Join(dir, "nowhere"), nil); !errors.Is(err, fault.NotFound) {
		t.Errorf("no copy: %v", err)
	}
	if after, err := os.ReadFile(Dir(dir).Database()); err != nil || !slices.Equal(before, after) {
		t.Errorf("the database was touched (%v)", err)
	}
	if _, _, err := Check(t.Context(), Dir(dir)); err != nil {
		t.Error(err)
	}
}

// TestBeginAnewIsRefused where a centre was: a new one would hide the loss.
func TestBeginAnewIsRefused(t *testing.T) {
	for _, c := range []struct {
		what string
		lose func(dir string)
		want error
	}{
		{"the database is lost", func(dir string) { os.Remove(Dir(dir).Database()) }, ErrNoDatabase},
		{"the key is lost", func(dir string) { os.Remove(Dir(dir).Key()) }, ErrNoKey},
		{"another key", func(dir string) { os.Remove(Dir(dir).Key()); Dir(dir).makeKey() }, ErrForeignKey},
		{"only orders of erasure are left", func(dir string) { os.Remove(Dir(dir).Database()); os.RemoveAll(Dir(dir).Backups()) }, ErrNoDatabase},
	} {
		dir, _ := lived(t)
		c.lose(dir)
		if _, err := Open(t.Context(), Dir(dir), Options{Create: true}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	if _, err := Open(t.Context(), Dir(filepath.Join(t.TempDir(), "no")), Options{}); !errors.Is(err, ErrNoCentre) {
		t.Errorf("an empty directory: %v", err)
	}
}

// TestSafe follows what every kept copy holds.
func TestSafe(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	p := newPen(r.enrolled("U1"))
	safe := func() record.Number {
		var n record.Number
		err := r.store.View(t.Context(), func(tx hub.Tx) error {
			return tx.Runs(func(x ledger.Run) bool {
				if x.Replica == p.Replica {
					n = x.Safe
				}
				return true
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var removed []string
	for i, want := range []record.Number{1, 1, 2, 3} { // two copies are kept: the older of them decides
		r.push(p.create(t, "U1"))
		b := r.do(Request{Backup: &Backup{Keep: 2}}).Backup
		removed = append(removed, b.Removed...)
		if safe() != want {
			t.Errorf("after copy %d: safe %d, want %d", i+1, safe(), want)
		}
	}
	if len(removed) != 2 {
		t.Errorf("removed: %v", removed)
	}
	if left, err := filepath.Glob(filepath.Join(r.dir.Backups(), "*")); err != nil || len(left) != 8 { // hub, staff, reports, and the entry of all
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestErasureLedger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "erasures")
	one, two := Erasure{record.Dot{Run: 7, N: 1}, nil}, Erasure{record.Dot{Run: 7, N: 2}, []string{"items/a/kind", "note"}}
	if err := appendLine(path, one.line()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(record.Dot{Run: 9, N: 3}.String() + "\tno") // the power went
	f.Close()
	if got, err := readErasures(path); err != nil || len(got) != 1 {
		t.Errorf("after a power cut: %v, %v", got, err)
	}
	if err := appendLine(path, two.line()); err != nil {
		t.Fatal(err)
	}
	got, err := readErasures(path)
	if err != nil || len(got) != 2 || got[0].Record != one.Record || len(got[0].Paths) != 0 || !slices.Equal(got[1].Paths, two.Paths) {
		t.Errorf("%v, %v", got, err)
	}
	os.WriteFile(path, []byte("not a name\n"), 0o600)
	if _, err := readErasures(path); !errors.Is(err, fault.BadInput) || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a line that is no order: %v", err)
	}
}

func TestMissingNumbers(t *testing.T) {
	span := func(first, last record.Number) ledger.Span { return ledger.Span{First: first, Last: last} }
	for _, c := range []struct {
		name string
		runs []stretch
		want []Numbers
	}{
		{"nothing is known", nil, nil},
		{"all is here", []stretch{{1, 5, []ledger.Span{span(1, 5)}}}, nil},
		{"the end", []stretch{{1, 1248, []ledger.Span{span(1, 1240)}}}, []Numbers{{1241, 1248}}},
		{"two holes", []stretch{{1, 9, []ledger.Span{span(1, 2), span(5, 6)}}}, []Numbers{{3, 4}, {7, 9}}},
		{"only told", []stretch{{0, 4, nil}}, []Numbers{{1, 4}}},
		{"a second run, told", []stretch{{1, 5, []ledger.Span{span(1, 5)}}, {0, 8, nil}}, []Numbers{{6, 8}}},
		{"a second run without its opening", []stretch{{1, 5, []ledger.Span{span(1, 5)}}, {0, 9, []ledger.Span{span(8, 8)}}}, []Numbers{{6, 7}, {9, 9}}},
		{"the end of one and the beginning of the next", []stretch{{1, 5, []ledger.Span{span(1, 3)}}, {6, 9, []ledger.Span{span(7, 9)}}}, []Numbers{{4, 6}}},
	} {
		a := &Account{}
		a.count(c.runs)
		if !slices.Equal(a.Missing, c.want) {
			t.Errorf("%s: %v, want %v", c.name, a.Missing, c.want)
		}
	}
}

// TestVitals: a disk that refuses makes the centre unwell, and well again with the next commit that succeeds.
func TestVitals(t *testing.T) {
	disk, err := faultvfs.Register("centre-vitals")
	if err != nil {
		t.Fatal(err)
	}
	r := opened(t, t.TempDir(), Options{Storage: sqlitestore.Options{VFS: "centre-vitals"}})
	p := newPen(r.enrolled("U1"))
	well := func(want bool) {
		t.Helper()
		v, err := r.Vitals(t.Context())
		if err != nil || v.Healthy() != want {
			t.Errorf("healthy %v (%v, %v), want %v", v.Healthy(), v.Failed, err, want)
		}
	}
	well(true)
	if _, err := r.Do(t.Context(), Request{Release: &Release{Change: "99-1"}}); !errors.Is(err, fault.NotFound) {
		t.Error(err)
	}
	well(true) // what staff asked for in vain is no fault of the disk
	disk.Fail(1, faultvfs.IOErrWrite, faultvfs.Write, true)
	j := &hub.Job{Push: &protocol.Push{Epoch: r.hub.Epoch(), Number: 1, Items: []*record.Change{p.create(t, "U1")}}}
	if err := r.server.Do(t.Context(), j); err == nil || errors.Is(err, sqlite.ErrClosed) {
		t.Errorf("a disk that refuses: %v", err)
	}
	well(false)
	disk.Heal()
	r.push(j.Push.Items...)
	well(true)
}

func TestLimitsOfStaff(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	many := make([]Newcomer, MaxNewcomers+1)
	for i := range many {
		many[i] = Newcomer{"U1", "máy", []record.Feed{"U1/ordinary"}}
	}
	if _, err := r.Do(t.Context(), Request{Enrol: &Enrol{Newcomers: many}}); !errors.Is(err, fault.LimitExceeded) {
		t.Errorf("one too many: %v", err)
	}
	if a := r.do(Request{Enrol: &Enrol{Newcomers: many[1:]}}); len(a.Enrolled) != MaxNewcomers {
		t.Errorf("%d entered", len(a.Enrolled))
	}
	for _, n := range []Newcomer{
		{"", "m", []record.Feed{"U1/ordinary"}}, {"@24", "m", []record.Feed{"U1/ordinary"}}, {"*", "m", []record.Feed{"U1/ordinary"}},
		{strings.Repeat("U", MaxUnit+1), "m", []record.Feed{"U1/ordinary"}}, {"U1", "", []record.Feed{"U1/ordinary"}}, {"U1", "a\nb", []record.Feed{"U1/ordinary"}},
		{"U1", "m", nil}, {"U1", "m", []record.Feed{"U1"}}, {"U1", "m", []record.Feed{"U1/secrets"}}, {"../U1", "m", []record.Feed{"U1/ordinary"}},
	} {
		if _, err := r.Do(t.Context(), Request{Enrol: &Enrol{Newcomers: []Newcomer{n}}}); !errors.Is(err, fault.BadInput) {
			t.Errorf("%+v: %v", n, err)
		}
	}
	for _, q := range []Request{{}, {Backup: &Backup{}}, {Erase: &Erase{Record: "x"}}, {Erase: &Erase{Record: "24-1", Paths: []string{"a\tb"}}}, {Grant: &Grant{Replica: 11}}} {
		if _, err := r.Do(t.Context(), q); !errors.Is(err, fault.BadInput) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}
