package keyfile_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"banlang/desktop/keyfile"
)

// TestNoDumps looks from within, in a process of its own: what it does cannot be taken back.
func TestNoDumps(t *testing.T) {
	const mark = "BANLANG_NO_DUMPS"
	if os.Getenv(mark) == "" {
		c := exec.Command(os.Args[0], "-test.run=^TestNoDumps$", "-test.v")
		c.Env = append(os.Environ(), mark+"=1")
		if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestNoDumps") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	before, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil || before != 1 {
		t.Skipf("dumpable from the start: %d, %v", before, err)
	}
	if err := keyfile.NoDumps(); err != nil {
		t.Fatal(err)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil || limit != (unix.Rlimit{}) {
		t.Errorf("core files up to %+v, %v", limit, err)
	}
	if after, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || after != 0 {
		t.Errorf("dumpable: %d, %v", after, err)
	}
}
