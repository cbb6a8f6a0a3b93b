package command_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"banlang/syncserver/command"
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
// FILE" makes a list of devices; "await FILE TEXT" waits for a line of a program in the background.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"exits": exits, "devicelist": deviceList, "await": await}})
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
	addr, ok := strings.CutPrefix(strings.TrimSpace(string(b[:n])), "ready ")
	if !ok {
		ts.Fatalf("the centre says %q", b[:n])
	}
	ts.Setenv("ADDR", addr)
}
