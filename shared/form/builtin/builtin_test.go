package builtin

import (
	"encoding/hex"
	"testing"

	"golang.org/x/crypto/blake2b"
)

// TestAll: 26 forms, each with the XForm that its digest names, and none shared between callers.
func TestAll(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 26 {
		t.Errorf("%d forms", len(all))
	}
	for i, f := range all {
		digest := blake2b.Sum256(f.XML)
		if got := hex.EncodeToString(digest[:]); got != f.Digest {
			t.Errorf("%s: the digest is %s, in the index %s", f.ID, got, f.Digest)
		}
		if i > 0 && f.ID <= all[i-1].ID {
			t.Errorf("%s stands behind %s", f.ID, all[i-1].ID)
		}
		if f.VI == "" || f.EN == "" || f.Version == "" || f.Compartment == "" || f.EventDate == "" {
			t.Errorf("the index says too little: %+v", f.Entry)
		}
	}
	all[0].XML[0], all[0].ID = 'x', "x"
	if again, _ := All(); again[0].XML[0] == 'x' || again[0].ID == "x" {
		t.Error("what one caller changes, another sees")
	}
}
