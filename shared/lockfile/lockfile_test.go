package lockfile_test

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/lockfile"
)

const holdEnv = "BANLANG_TEST_HOLD_LOCK"

// TestMain lets the test program be the other process: it takes the lock, says so, and waits to be killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(holdEnv); path != "" {
		if _, err := lockfile.Take(path); err != nil {
			os.Stdout.WriteString(string(fault.CodeOf(err)) + "\n")
			os.Exit(1)
		}
		os.Stdout.WriteString("held\n")
		select {}
	}
	os.Exit(m.Run())
}

func TestOnlyOneHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.lock")
	l, err := lockfile.Take(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockfile.Take(path); !errors.Is(err, fault.SecondInstance) {
		t.Errorf("a second one in this process: %v", err)
	}
	if err := errors.Join(l.Release(), l.Release()); err != nil {
		t.Error(err)
	}
	l, err = lockfile.Take(path)
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	l.Release()
	if _, err := lockfile.Take(filepath.Join(path, "no", "such")); !errors.Is(err, fault.DiskIO) {
		t.Errorf("where there is no directory: %v", err)
	}
}

// TestTheLockEndsWithItsProcess kills another process that holds the lock: the next one gets it at once.
func TestTheLockEndsWithItsProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.lock")
	for range 5 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), holdEnv+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if said, err := bufio.NewReader(out).ReadString('\n'); said != "held\n" {
			t.Fatalf("the other process says %q, %v", said, err)
		}
		if _, err := lockfile.Take(path); !errors.Is(err, fault.SecondInstance) {
			t.Errorf("beside another process: %v", err)
		}
		started := time.Now()
		cmd.Process.Kill()
		cmd.Wait()
		l, err := lockfile.Take(path)
		if err != nil {
			t.Fatalf("after the other was killed: %v", err)
		}
		t.Logf("%v after the kill", time.Since(started))
		l.Release()
	}
}
