package projection_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/sqlite/faultvfs"
	"banlang/shared/viet"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// cutsOfALife is how often the power is cut in one stretch of work.
const cutsOfALife = 40

// TestPowerCuts cuts the power while the tables are being written: whatever is left is opened, goes on from there, and is
// what a rebuild makes.
func TestPowerCuts(t *testing.T) {
	disk, err := faultvfs.Register("views")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, hub.NewMemory(), 11)
	w.happen(20)
	path := filepath.Join(memoryDir(t), "views.db")
	p, err := projection.Open(ctx, projection.Options{Path: path, Hub: w.hub, Forms: w.forms, VFS: "views"})
	w.must(err)
	disk.StartRecording()
	for range 12 {
		w.must(p.CatchUp(ctx))
		for range 8 {
			w.step()
		}
	}
	w.must(p.CatchUp(ctx))
	recording := disk.StopRecording()
	w.must(p.Close())
	began := 0
	for range cutsOfALife {
		dir := memoryDir(t)
		for name, content := range recording.Cut(w.rng, w.rng.IntN(recording.Len()+1)) {
			w.must(os.WriteFile(filepath.Join(dir, filepath.Base(name)), content, 0o600))
		}
		p := w.openViews(filepath.Join(dir, "views.db"))
		if lag, err := p.Lag(ctx); err != nil || lag.Pos > 0 {
			began++
		}
		w.must(p.CatchUp(ctx))
		w.must(p.Check(ctx))
		w.must(p.Close())
	}
	if began < cutsOfALife/2 {
		t.Errorf("of %d cuts, %d left something to go on from", cutsOfALife, began)
	}
}

// TestFullDisk: when nothing can be written the tables stay as they are and say why; once there is room they go on.
func TestFullDisk(t *testing.T) {
	disk, err := faultvfs.Register("fullviews")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, hub.NewMemory(), 12)
	p, err := projection.Open(ctx, projection.Options{Path: filepath.Join(memoryDir(t), "views.db"), Hub: w.hub, Forms: w.forms, VFS: "fullviews"})
	w.must(err)
	defer p.Close()
	w.happen(10)
	for n := 1; n < 40; n += 3 {
		w.happen(4)
		disk.Fail(n, faultvfs.Full, faultvfs.Write, true)
		err := p.CatchUp(ctx)
		disk.Heal()
		if err != nil && fault.CodeOf(err) != fault.DiskFull {
			t.Fatalf("a full disk: %v", err)
		}
	}
	w.must(p.CatchUp(ctx))
	w.must(p.Check(ctx))
}

// TestUselessFile: a file that is damaged, or of another program, is made anew.
func TestUselessFile(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 13)
	w.happen(20)
	for name, content := range map[string][]byte{"torn": bytes.Repeat([]byte("rách"), 5000), "empty": nil} {
		path := filepath.Join(memoryDir(t), "views.db")
		w.must(os.WriteFile(path, content, 0o600))
		p := w.openViews(path)
		if err := errors.Join(p.CatchUp(ctx), p.Check(ctx), p.Close()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.must(w.views.Change(ctx, "UPDATE meta SET value = 99 WHERE name = 'layout'"))
	w.must(w.views.Close())
	w.views = w.openViews(w.path)
	w.must(w.views.Check(ctx))
}

// TestCheckFinds what a hand at the tables has done.
func TestCheckFinds(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 14)
	w.add(w.devices[0], "U1/ordinary", "awareness_session", "occurred_on", "2026-11-12", "participants_total", "38", "note", "suối")
	w.add(w.devices[0], "U1/ordinary", "weapon_handover", "occurred_on", "2026-11-12", "items/r1/kind", "bomb", "items/r1/quantity", "3")
	for _, harm := range []string{
		"UPDATE records SET day = '2026-11-13' WHERE form = 'weapon_handover'",
		"UPDATE records SET state = 'approved' WHERE form = 'weapon_handover'",
		"DELETE FROM records WHERE form = 'weapon_handover'",
		"INSERT INTO records SELECT 999, 'x', name, form, version, unit, compartment, day, written, arrived, altered, replica, officer, title, review, state, conflicts, hidden, unread FROM records LIMIT 1",
		"UPDATE cells SET n = n + 1 WHERE form = 'weapon_handover'",
		"UPDATE holdings SET n = n - 1",
		"UPDATE f_awareness_session SET participants_total = 39",
		"UPDATE f_awareness_session SET participants_total = '38'",
		"UPDATE f_awareness_session SET participants_total = NULL",
		"DELETE FROM f_awareness_session",
		"UPDATE r_weapon_handover__items SET quantity = 4",
		"DELETE FROM r_weapon_handover__items",
		"DELETE FROM search",
		"INSERT INTO search (rowid, words) VALUES (77, 'thừa')",
	} {
		w.must(w.views.Rebuild(ctx))
		w.must(w.views.Check(ctx))
		w.must(w.views.Change(ctx, harm))
		if err := w.views.Check(ctx); !errors.Is(err, projection.ErrDifferent) {
			t.Errorf("not found: %s: %v", harm, err)
		} else {
			t.Log(err)
		}
	}
	w.must(w.views.Rebuild(ctx))
}

// TestErasedIsGone: once Wait returns, no byte of what was erased is in the files, neither what stood there last nor what
// stood there before; and what is sealed never is.
func TestErasedIsGone(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 15)
	w.run()
	planted := []string{"zaikhunglong", "xekhongbienso", "quyzyxwvut"}
	sealed := sealedValue(t)
	a := w.add(w.devices[0], "U1/ordinary", "awareness_session", "occurred_on", "2026-11-12", "note", "gặp "+planted[0]+" ở suối")
	w.edit(w.devices[0], a, "note", planted[1])
	b := w.add(w.devices[1], "U2/tips", "tip", "occurred_on", "2026-11-12", "area", planted[2], "source", sealed)
	for range 300 {
		w.push(w.write(w.devices[2], w.any()))
	}
	w.must(w.views.Wait(ctx, w.end()))
	for _, word := range planted[1:] {
		if !w.inFiles(word) {
			t.Fatalf("%q is not in the files: this test would find nothing", word)
		}
	}
	if w.inFiles(sealed[len(sealed)-30:]) {
		t.Error("a sealed value is in the files")
	}
	w.staff(func(x *hub.Act) error { return errors.Join(x.Erase(a), x.Erase(b, "area")) })
	w.must(w.views.Wait(ctx, w.end()))
	for _, word := range planted {
		if w.inFiles(word) {
			t.Errorf("%q is still in the files", word)
		}
	}
	n, _, err := w.views.Count(ctx, projection.Scope{Units: []string{"U1", "U2", "U3"}, Own: "U2"}, projection.Filter{Text: planted[2]})
	if n != 0 || err != nil {
		t.Errorf("found by an erased word: %d %v", n, err)
	}
	w.must(w.views.Check(ctx))
}

func sealedValue(t *testing.T) string {
	t.Helper()
	id, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	text, err := envelope.Seal(envelope.Place{Record: record.Dot{Run: 1, N: 1}, Path: "source"}, "Nguyễn Thị X", id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// inFiles reports whether a word is in the file of the tables or beside it, as it is or folded.
func (w *world) inFiles(word string) bool {
	w.t.Helper()
	for _, end := range []string{"", "-wal", "-shm"} {
		content, err := os.ReadFile(w.path + end)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			w.t.Fatal(err)
		}
		// The index keeps of a word what the one before it does not begin with.
		for _, part := range []string{word, viet.Fold(word), word[1:]} {
			if bytes.Contains(content, []byte(part)) {
				return true
			}
		}
	}
	return false
}

// TestNoFile: tables that cannot be opened keep nobody from the log; whoever waits for them is told why, and once they can be had
// they are made.
func TestNoFile(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 16)
	w.happen(10)
	dir := memoryDir(t)
	path := filepath.Join(dir, "views.db")
	w.must(os.MkdirAll(filepath.Join(path, "in the way"), 0o700))
	p := w.openViews(path)
	defer p.Close()
	if err := p.Wait(ctx, w.end()); err == nil {
		t.Error("there are no tables, and what was waited for is said to be in them")
	}
	if _, _, err := p.Count(ctx, projection.Scope{}, projection.Filter{}); !errors.Is(err, sqlite.ErrClosed) {
		t.Errorf("asked of no tables: %v", err)
	}
	w.must(os.RemoveAll(path))
	w.must(p.CatchUp(ctx))
	w.must(p.Wait(ctx, w.end()))
	w.must(p.Check(ctx))
}

// TestRenewedOnAFullDisk: tables that are of no use, and cannot be made anew yet, are made when there is room.
func TestRenewedOnAFullDisk(t *testing.T) {
	disk, err := faultvfs.Register("renewed")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, hub.NewMemory(), 17)
	p, err := projection.Open(ctx, projection.Options{Path: filepath.Join(memoryDir(t), "views.db"), Hub: w.hub, Forms: w.forms, VFS: "renewed"})
	w.must(err)
	defer p.Close()
	w.happen(10)
	w.must(p.CatchUp(ctx))
	w.must(p.Change(ctx, "UPDATE meta SET value = '{' WHERE name = 'place'"))
	disk.Fail(1, faultvfs.Full, faultvfs.Write, true)
	for range 2 {
		if err := p.CatchUp(ctx); fault.CodeOf(err) != fault.DiskFull {
			t.Errorf("no room for new tables: %v", err)
		}
	}
	disk.Heal()
	w.must(p.CatchUp(ctx))
	w.must(p.Check(ctx))
}

// TestTornPages: damage is mended whether the file shows it when it is opened, or only to who reads a list.
func TestTornPages(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 18)
	w.happen(60)
	for _, torn := range []string{"records", "records_day"} {
		w.must(w.views.CatchUp(ctx))
		var page int64
		w.must(w.views.View(ctx, func(tx *sqlite.Tx) error {
			row, err := tx.One("SELECT rootpage FROM sqlite_schema WHERE name = ?", torn)
			page = row.Int64(0)
			return err
		}))
		w.must(w.views.Close())
		content, err := os.ReadFile(w.path)
		w.must(err)
		size := int64(content[16])<<8 | int64(content[17])
		copy(content[(page-1)*size:page*size], bytes.Repeat([]byte("rách"), int(size/5)))
		w.must(os.WriteFile(w.path, content, 0o600))
		w.views = w.openViews(w.path)
		if _, err := w.views.List(ctx, everybody, projection.Filter{}, projection.Order{By: projection.ByDay}, "", 10); torn == "records_day" && !errors.Is(err, fault.TornDatabase) {
			t.Errorf("the index is torn, and reading says %v", err)
		}
		w.must(w.views.CatchUp(ctx))
		w.must(w.views.Check(ctx))
	}
}
