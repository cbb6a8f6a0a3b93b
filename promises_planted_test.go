//go:build planted

package banlang_test

import (
	"os"
	"os/exec"
	"testing"

	"banlang/shared/planted"
)

// plantedBug names the bug that a child process of TestPromisesFailWhenBroken is to have from its first moment.
const plantedBug = "BANLANG_PLANTED"

func init() {
	for b := planted.None + 1; b < planted.Count; b++ {
		if b.String() == os.Getenv(plantedBug) {
			planted.Set(b)
		}
	}
}

// TestPromisesFailWhenBroken: the story of a promise fails when that promise is broken, in a process of its own with one
// bug planted.
func TestPromisesFailWhenBroken(t *testing.T) {
	for b := planted.None + 1; b < planted.Count; b++ {
		for _, story := range []string{"TestPromise01", "TestPromise02", "TestPromise03", "TestPromise04", "TestPromise05", "TestPromise06", "TestPromise07", "TestPromise08", "TestPromise09", "TestPromise10", "TestPromise11", "TestPromise12", "TestErasure"} {
			c := exec.Command(os.Args[0], "-test.run=^"+story, "-test.timeout=1m")
			c.Env = append(os.Environ(), plantedBug+"="+b.String())
			if out, err := c.CombinedOutput(); err != nil {
				t.Logf("%s FAILS %s %.150s", b, story, out)
			}
		}
	}
}
