package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/shared/seal"
)

// TestTheStory plays the whole story on the programs as they are built: what 97 communes and three units of the army write reaches the
// centre by real sync, and every published figure is computed from it.
func TestTheStory(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the programs")
	}
	bin := t.TempDir()
	for _, name := range []string{"syncserver", "desktop"} {
		build := exec.CommandContext(t.Context(), "go", "build", "-tags", "sqlite_fts5 migrated_fynedo headless", "-o", filepath.Join(bin, name), "banlang/"+name)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	dir := t.TempDir()
	args := []string{"--syncserver", filepath.Join(bin, "syncserver"), "--desktop-headless", filepath.Join(bin, "desktop"), "--dir", dir}
	var out bytes.Buffer
	if code := run(t.Context(), args, &out); code != exitHeld {
		t.Fatalf("exit code %d\n%s", code, &out)
	}
	for _, words := range []string{"100 đơn vị không có thật", "ở trung tâm: 0", "50 số khớp với báo in; 1 số báo in sai (97,23 %) được tính lại thành 97,13 %; 3 số",
		"đã chọn 6, còn chờ 6", "54/54 số giống", "đã lưu = trung tâm giữ = 45.776", "Mọi điều kiểm tra cuối đều đúng"} {
		if !strings.Contains(out.String(), words) {
			t.Errorf("it does not say %q:\n%s", words, &out)
		}
	}
	if left, err := os.ReadDir(dir); len(left) != 0 || err != nil {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestUsage(t *testing.T) {
	if code := run(t.Context(), []string{"more"}, &bytes.Buffer{}); code != exitUsage {
		t.Error(code)
	}
}

// TestAFailureIsTold: a program that cannot be run ends the story with its words, and the directory is left to look at.
func TestAFailureIsTold(t *testing.T) {
	var out bytes.Buffer
	dir := t.TempDir()
	if code := run(t.Context(), []string{"--syncserver", filepath.Join(dir, "none"), "--dir", dir}, &out); code != exitBroken {
		t.Error(code)
	}
	if !strings.Contains(out.String(), "✗") || !strings.Contains(out.String(), dir) {
		t.Error(&out)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if code := run(ctx, []string{"--syncserver", "/bin/cat", "--dir", dir}, &out); code != exitInterrupted {
		t.Errorf("%d\n%s", code, &out)
	}
}

// TestTheCheckerByHand agrees with what the centre signs, and takes nothing else for it.
func TestTheCheckerByHand(t *testing.T) {
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	rc := record.Receipt{Epoch: record.Epoch{Number: 3, Random: 0x1234}, Run: 0xabcdef, N: 900, Head: record.Digest{1, 2, 3}, Safe: 7,
		Time: 1_700_000_000_000, Key: key.Public().ID()}
	rc.Sig = key.Sign(seal.DomainReceipt, rc.Statement())
	good := func() *status {
		x := &status{Centre: key.Public().String()}
		x.Runs = append(x.Runs, struct {
			Run         string
			First, Last uint64
			Head        string
			Receipt     *receipt
		}{rc.Run.String(), 101, 900, hex.EncodeToString(rc.Head[:]), &receipt{EpochNumber: 3, EpochRandom: fmt.Sprintf("%016x", 0x1234), N: 900,
			Head: hex.EncodeToString(rc.Head[:]), Safe: 7, Time: rc.Time, Key: hex.EncodeToString(rc.Key[:]), Sig: hex.EncodeToString(rc.Sig[:])}})
		return x
	}
	if n := good().verified(); n != 800 {
		t.Fatalf("%d verified, want 800", n)
	}
	other, _ := seal.NewCentreKey(nil)
	for name, spoil := range map[string]func(x *status, r *receipt){
		"number":   func(x *status, r *receipt) { r.N--; x.Runs[0].Last-- },
		"beyond":   func(x *status, _ *receipt) { x.Runs[0].Last-- },
		"run":      func(x *status, _ *receipt) { x.Runs[0].Run = "0000000000abcdee" },
		"epoch":    func(_ *status, r *receipt) { r.EpochNumber++ },
		"random":   func(_ *status, r *receipt) { r.EpochRandom = "00" },
		"head":     func(x *status, r *receipt) { r.Head = "00" + r.Head[2:]; x.Runs[0].Head = r.Head },
		"own head": func(x *status, _ *receipt) { x.Runs[0].Head = "00" },
		"safe":     func(_ *status, r *receipt) { r.Safe++ },
		"time":     func(_ *status, r *receipt) { r.Time++ },
		"key":      func(_ *status, r *receipt) { r.Key = "00" },
		"signature": func(_ *status, r *receipt) {
			r.Sig = strings.Map(func(c rune) rune { return c ^ 1 }, r.Sig[:1]) + r.Sig[1:]
		},
		"centre":     func(x *status, _ *receipt) { x.Centre = other.Public().String() },
		"no centre":  func(x *status, _ *receipt) { x.Centre = "" },
		"no receipt": func(x *status, _ *receipt) { x.Runs[0].Receipt = nil },
	} {
		x := good()
		spoil(x, x.Runs[0].Receipt)
		if n := x.verified(); n != 0 {
			t.Errorf("%s: %d verified all the same", name, n)
		}
	}
}
