package command_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"banlang/shared/clock"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
	"banlang/syncserver/centre"
	"banlang/syncserver/command"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/report/shelf"
	"banlang/syncserver/sqlitestore"
)

// TestMain lets the scripts run the program as a process: this test binary is it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"syncserver": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop)
		os.Exit(command.Main{}.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
	}})
}

// TestScripts runs the commands as staff type them: testdata/script. "exits N COMMAND …" wants an exit code; "manylines N
// FILE" makes a list of devices; "await FILE TEXT" waits for a line of a program in the background; "sealed DIR KEY PATH ANSWER"
// makes a record with a sealed answer, and a copy of it where it does not belong, sets RECORD, and writes box.json, as the console hands it out.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"exits": exits, "devicelist": deviceList, "await": await, "sealed": sealed, "made": made,
		"photographed": photographed, "spoiled": spoiled, "frozen": freeze}})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N COMMAND …")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		text, ok := strings.CutPrefix(err.Error(), "exit status ")
		if !ok {
			ts.Fatalf("%v", err)
		}
		code, _ = strconv.Atoi(text)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

func deviceList(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	var b strings.Builder
	b.WriteString("unit,name,compartments\n")
	for i := range n {
		fmt.Fprintf(&b, "GL%03d,\"Máy xã %d, số 1\",ordinary tips\n", i+1, i+1)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}

// await reads a named pipe to the line that a background program prints when it is ready.
func await(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	b := make([]byte, 200)
	n, err := f.Read(b)
	ts.Check(err)
	first, _, _ := strings.Cut(string(b[:n]), "\n")
	addr, ok := strings.CutPrefix(first, "ready ")
	if !ok {
		ts.Fatalf("the centre says %q", b[:n])
	}
	ts.Setenv("ADDR", addr)
}

// opened opens the hub of a centre that does not run, as a device's pushes would find it.
func opened(ts *testscript.TestScript, dir centre.Dir) (h *hub.Hub, forms *form.Library, done func()) {
	secret, err := os.ReadFile(dir.Key())
	ts.Check(err)
	key, err := seal.ParseCentreKey(string(secret))
	ts.Check(err)
	store, err := sqlitestore.Open(context.Background(), dir.Database(), sqlitestore.Options{})
	ts.Check(err)
	forms = form.Builtin()
	h, err = hub.Open(context.Background(), store, hub.Options{Key: key, Forms: judge.Forms{Library: forms}, Wall: clock.System})
	ts.Check(err)
	return h, forms, func() { ts.Check(store.Close()) }
}

// made writes a record in the current version of a form: made DIR FORM PATH=VALUE…
func made(ts *testscript.TestScript, _ bool, args []string) {
	h, forms, done := opened(ts, centre.Dir(ts.MkAbs(args[0])))
	defer done()
	f, ok := forms.Current(args[1])
	if !ok {
		ts.Fatalf("no form %s", args[1])
	}
	c := &record.Change{Form: f.Ref, Officer: "diem.pq.24", Edits: []record.Edit{{Path: record.PathFeed, Value: "GL014/ordinary"}}}
	for _, edit := range args[2:] {
		path, value, _ := strings.Cut(edit, "=")
		c.Edits = append(c.Edits, record.Edit{Path: path, Value: value})
	}
	slices.SortFunc(c.Edits, func(a, b record.Edit) int { return strings.Compare(a.Path, b.Path) })
	ts.Check(h.Staff(context.Background(), func(a *hub.Act) error { return a.Edit(c) }))
}

// freeze freezes what a centre holds that does not run, of an unit: frozen DIR. With "forged" a figure is another one, under a digest of
// its own; with "spoiled" under that of the true ones. In an empty centre a record is made first; DIR/counted names it.
func freeze(ts *testscript.TestScript, _ bool, args []string) {
	dir, ctx := centre.Dir(ts.MkAbs(args[0])), context.Background()
	if _, err := os.Stat(string(dir) + "/counted"); err != nil {
		made(ts, false, []string{args[0], "awareness_session", "occurred_on=2026-11-02", "participants_total=38"})
	}
	h, forms, done := opened(ts, dir)
	defer done()
	views, err := projection.Open(ctx, projection.Options{Path: dir.Views(), Hub: h, Forms: forms})
	ts.Check(err)
	defer views.Close()
	order := frozen.Order{Title: "Tháng 11", Root: "GL014", Period: report.Period{From: "2026-11-01", To: "2026-11-30"},
		Tables: []frozen.Layout{{Indicator: "AW_SESSIONS"}, {Indicator: "AW_PARTICIPANTS"}, {Indicator: "WPN_GUN"}}}
	s, err := frozen.Freeze(ctx, frozen.Source{Hub: h, Views: views, Wall: clock.System}, order)
	ts.Check(err)
	ts.Check(views.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT dot FROM records")
		if err == nil {
			err = os.WriteFile(string(dir)+"/counted", []byte(row.Text(0)), 0o600)
		}
		return err
	}))
	db, err := sqlite.Open(ctx, sqlite.Options{Path: dir.Reports()}, shelf.Schema)
	ts.Check(err)
	defer db.Close()
	how := strings.Join(args[1:], "")
	if how == "forged" {
		s.Tables[2].Cells[0][0].Value.Num = 9
	}
	label, err := frozen.NewShelf(db).Put(ctx, s, "lan", 1)
	ts.Check(err)
	if how == "spoiled" {
		ts.Check(db.Update(ctx, func(tx *sqlite.Tx) error {
			return errors.Join(tx.Exec("DROP TRIGGER snapshots_hold"), tx.Exec("UPDATE snapshots SET encoded = CAST('{}' AS BLOB) WHERE number = ?", label.Number))
		}))
	}
}

// sealed plays the device that sealed an answer to the key in a file.
func sealed(ts *testscript.TestScript, _ bool, args []string) {
	dir, path, plain := centre.Dir(ts.MkAbs(args[0])), args[2], args[3]
	plain += "\x1b[2J\u202e" // clears the screen, and turns the writing round
	id, err := envelope.ParseIdentity(ts.ReadFile(args[1]))
	ts.Check(err)
	ctx := context.Background()
	h, _, done := opened(ts, dir)
	defer done()
	var rec record.Dot
	ts.Check(h.Staff(ctx, func(a *hub.Act) error {
		created := &record.Change{Form: record.FormRef{ID: "awareness_session", Version: 1}, Officer: "diem.pq.24",
			Edits: []record.Edit{{Path: record.PathFeed, Value: "GL014/ordinary"}, {Path: "village", Value: "Làng Kon Tơ Ngol"}}}
		if err := a.Edit(created); err != nil {
			return err
		}
		rec = created.Dot
		text, err := envelope.Seal(envelope.Place{Record: rec, Path: path}, plain, id.Recipient())
		if err != nil {
			return err
		}
		box := &envelope.Box{Record: rec.String(), Path: path, Values: []envelope.BoxValue{{Text: text, Officer: "diem.pq.24", Replica: 24}}}
		file, err := box.Pack()
		if err == nil {
			err = os.WriteFile(ts.MkAbs("box.json"), file, 0o600)
		}
		if err != nil {
			return err
		}
		return a.Edit(&record.Change{Record: rec, Form: created.Form, Officer: "diem.pq.24",
			Edits: []record.Edit{{Path: path, Value: text}, {Path: path + "_copy", Value: text}}})
	}))
	ts.Setenv("RECORD", rec.String())
}
