package single_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"banlang/desktop/single"
	"banlang/shared/fault"
)

const folderEnv = "BANLANG_TEST_SINGLE"

// TestMain lets the test program be the other process: it opens the window, says so, says when it is raised, and waits to be
// killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(folderEnv); dir != "" {
		_, raised, err := single.Open(dir, func() { fmt.Println("raised") })
		if err != nil {
			fmt.Println(fault.CodeOf(err), raised)
			os.Exit(0)
		}
		fmt.Println("open")
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// start starts another process and gives what it says, line by line.
func start(t *testing.T, dir string) (lines *bufio.Scanner, kill func()) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), folderEnv+"="+dir)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		_ = in.Close()
	}
	t.Cleanup(kill)
	return bufio.NewScanner(out), kill
}

func line(t *testing.T, s *bufio.Scanner) string {
	t.Helper()
	if !s.Scan() {
		t.Fatal("the other process says nothing more")
	}
	return s.Text()
}

func TestTheSecondStartRaisesTheFirst(t *testing.T) {
	dir := t.TempDir()
	first, kill := start(t, dir)
	if got := line(t, first); got != "open" {
		t.Fatal(got)
	}
	for range 3 {
		second, _ := start(t, dir)
		if got := line(t, second); got != "second_instance true" {
			t.Fatalf("the second says %q", got)
		}
		if got := line(t, first); got != "raised" {
			t.Fatalf("the first says %q", got)
		}
	}
	kill()
	w, _, err := single.Open(dir, func() {}) // a killed one leaves nothing that keeps the next out
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "cua-so")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the address is still there: %v", err)
	}
}

func TestOfManyStartsAtOnceOneHasTheWindow(t *testing.T) {
	dir := t.TempDir()
	var all []*bufio.Scanner
	for range 12 {
		s, _ := start(t, dir)
		all = append(all, s)
	}
	open := 0
	for _, s := range all {
		if strings.HasPrefix(line(t, s), "open") {
			open++
		}
	}
	if open != 1 {
		t.Errorf("%d have the window", open)
	}
}

func TestStrangersRaiseNothing(t *testing.T) {
	dir := t.TempDir()
	raised := make(chan struct{}, 10)
	w, _, err := single.Open(dir, func() { raised <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "cua-so"))
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "cua-so")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret may be read by others: %v %v", info.Mode(), err)
	}
	addr, _, _ := strings.Cut(string(text), " ")
	for _, said := range []string{"", "GET / HTTP/1.1\r\n\r\n", strings.Repeat("A", 26), strings.Repeat("A", 4096)} {
		c, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, said)
		_ = c.(*net.TCPConn).CloseWrite()
		if b, _ := io.ReadAll(c); len(b) != 0 {
			t.Errorf("%q is answered with %q", said, b)
		}
		_ = c.Close()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if len(raised) != 0 {
		t.Error("a stranger has raised the window")
	}
}
