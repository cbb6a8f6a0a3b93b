package command_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/command"
	"banlang/desktop/cryptvfs"
	"banlang/desktop/keyfile"
	"banlang/desktop/store"
	"banlang/shared/sqlite"
)

// older sets the enciphered notebook back to schema version 3, as the last program of that version left it, and gives the
// file layer of its key.
func (o *officer) older(passphrase string) *cryptvfs.VFS {
	o.t.Helper()
	path := filepath.Join(o.dir, "so.db")
	file, err := keyfile.Open(keyfile.Path(path), keyfile.Options{Secrets: noStore{}})
	if err != nil {
		o.t.Fatal(err)
	}
	key, err := file.Unlock(file.Officers()[0].ID, passphrase)
	if err != nil {
		o.t.Fatal(err)
	}
	defer key.Lock()
	layer, err := cryptvfs.Register((*[cryptvfs.KeySize]byte)(key.Keys()[0]), "")
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { layer.Close() })
	// What is there is of version 5: its migrations are not run.
	notebook := sqlite.Schema{ApplicationID: 0x424c736e, Migrations: make([]sqlite.Migration, 5)}
	db, err := sqlite.Open(o.t.Context(), sqlite.Options{Path: path, VFS: layer.Name(), Plain: layer.Plain}, notebook)
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(o.t.Context(), func(tx *sqlite.Tx) error {
		return tx.Script("ALTER TABLE row DROP COLUMN deleted; ALTER TABLE row DROP COLUMN review; PRAGMA user_version = 3;")
	}); err != nil {
		o.t.Fatal(err)
	}
	got, err := db.SchemaDump(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	if want, err := os.ReadFile("../store/testdata/schema-v3.golden"); err != nil || got != string(want) {
		o.t.Fatalf("this is not a notebook of version 3 (%v):\n%s", err, got)
	}
	return layer
}

// An enciphered notebook of an older program is opened by a command or in the window: everything is there, the copy from
// before is kept under the same key, and a wrong passphrase touches nothing.
func TestAnEncipheredNotebookOfAnOlderProgramIsWhole(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a.jsonl", venue, session, weapons))
	o.sits(func(s *sitting) {
		if said := s.begins("Phan Quốc Điềm", good); said != "" {
			t.Fatal(said)
		}
		s.writes("Thôn Suối Vàng")
	})
	layer := o.older(good)
	inWindow := &officer{t: t, dir: filepath.Join(t.TempDir(), "sổ")}
	if err := os.CopyFS(inWindow.dir, os.DirFS(o.dir)); err != nil {
		t.Fatal(err)
	}
	asItWas := o.content()
	run := func(want int, passphrase string, args ...string) {
		t.Helper()
		o.out.Reset()
		o.err.Reset()
		c := command.Command{Out: &o.out, Err: &o.err, Keys: keyfile.Options{Secrets: noStore{}},
			Env: func(name string) string { return map[string]string{"BANLANG_PASSPHRASE": passphrase}[name] }}
		if code := c.Run(t.Context(), append(args, "--dir", o.dir)...); code != want {
			t.Fatalf("%q: exit code %d, want %d\n%s%s", args, code, want, &o.out, &o.err)
		}
	}
	run(command.ExitCannotOpen, wrong, "status")
	if !bytes.Equal(o.content(), asItWas) {
		t.Fatal("a wrong passphrase has touched the notebook")
	}
	run(command.ExitDone, good, "export")
	o.says("Nhà rông làng Đê", "truc_tiep", "15/BB")
	run(command.ExitDone, good, "status")
	o.says("Bản ghi: 3 · nháp: 1")
	inWindow.sits(func(s *sitting) {
		if said := s.tries(good); said != "" {
			t.Fatal(said)
		}
		s.until(func() bool { return len(s.Drafts()) == 1 })
		s.Go(app.PageRecords)
		s.until(func() bool { return s.List.Len() == 4 }) // the draft is in the list
	})
	for _, o := range []*officer{o, inWindow} {
		kept := filepath.Join(o.dir, "so.db.before-v5")
		if state, err := store.Look(kept); err != nil || state != store.Enciphered {
			t.Fatalf("the copy of before is %v (%v)", state, err)
		}
		if err := layer.Fits(kept); err != nil {
			t.Errorf("the copy of before is not under the key of the notebook: %v", err)
		}
		if found := o.legible("làng Đê", "Suối Vàng", "SQLite format", "CREATE TABLE"); len(found) > 0 {
			t.Errorf("on the disk can be read: %v", found)
		}
	}
}

// content is all of the file of the notebook.
func (o *officer) content() []byte {
	o.t.Helper()
	b, err := os.ReadFile(filepath.Join(o.dir, "so.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}
