//go:build planted

package banlang_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"banlang/shared/planted"
)

// plantedBug names the bug that a child process of TestPromisesFailWhenBroken has from its first moment.
const plantedBug = "BANLANG_PLANTED"

func init() {
	for b := planted.None + 1; b < planted.Count; b++ {
		if b.String() == os.Getenv(plantedBug) {
			planted.Set(b)
		}
	}
}

// broken names, for each bug, the story that must fail with it: that of the promise which it breaks.
var broken = map[planted.Bug]string{
	planted.AckBeforeCommit:    "TestPromise03",
	planted.LostDedup:          "TestPromise05",
	planted.CursorApart:        "TestPromise10",
	planted.RunKept:            "TestPromise02",
	planted.ReplacedAtSave:     "TestPromise07",
	planted.NoReoffer:          "TestPromise01",
	planted.EpochIgnored:       "TestPromise10",
	planted.RollbackUnnoticed:  "TestPromise10",
	planted.VerdictHidden:      "TestPromise08",
	planted.CursorWithoutGrant: "TestPromise10",
	planted.MovesNotTold:       "TestPromise09",
	planted.ErasureNotStanding: "TestErasureStands",
	planted.ReceiptOverGap:     "TestPromise03",
	planted.ArrivalOrder:       "TestPromise05",
	planted.ThroughRejected:    "TestPromise07",
	planted.OwnNotEchoed:       "TestPromise12",
	planted.ClaimDropped:       "TestPromise04",
	planted.PublicationHidden:  "TestAPublicationReachesEverybody",
	planted.AddressedHidden:    "TestADirectiveReachesEveryUnit",
	planted.BlobAckedEarly:     "TestPromise03PhotosAtTheCentre",
	planted.BlobUnverified:     "TestPhotosArriveVerified",
	planted.ReviewUnnamed:      "TestAnApprovalHoldsForWhatWasOnThePage",
	planted.ReviewedUnseen:     "TestAnApprovalHoldsForWhatWasOnThePage",
	planted.ReviewStays:        "TestAnApprovalHoldsForWhatWasOnThePage",
	planted.ReviewByAnybody:    "TestAnApprovalHoldsForWhatWasOnThePage",
	planted.WipeUnsent:         "TestALostMachineIsWipedWhenNothingGoesWithIt",
	planted.WipeTakenBack:      "TestALostMachineIsWipedWhenNothingGoesWithIt",
	planted.EscrowDropped:      "TestALostMachineIsWipedWhenNothingGoesWithIt",
	planted.RevokedRefused:     "TestACutOffMachineLosesNothing",
	planted.CutBackwards:       "TestACutOffMachineLosesNothing",
	planted.TreeMixed:          "TestTheTreeOfUnitsIsOne",
	planted.AnewTwice:          "TestPromise08ARejectedCreationGoesOutAnew",
	planted.ErasureHidden:      "TestErasureReachesWhoReadsNoMore",
}

// TestPromisesFailWhenBroken: the story of a promise fails when that promise is broken: each bug, planted in a process of
// its own.
func TestPromisesFailWhenBroken(t *testing.T) {
	for b := planted.None + 1; b < planted.Count; b++ {
		t.Run(b.String(), func(t *testing.T) {
			story, ok := broken[b]
			if !ok {
				t.Fatal("say in broken which story it breaks")
			}
			c := exec.Command(os.Args[0], "-test.run=^"+story, "-test.timeout=1m")
			c.Env = append(os.Environ(), plantedBug+"="+b.String())
			out, err := c.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: "+story) {
				t.Errorf("%s passes (%v):\n%s", story, err, out)
			}
		})
	}
}
