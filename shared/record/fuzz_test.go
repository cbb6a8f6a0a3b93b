package record

import (
	"bytes"
	"errors"
	"testing"
)

// seeds are encoded changes of every kind and body state.
func seeds(t testing.TB) (raws [][]byte) {
	signed := &Change{Dot: Dot{9, 4}, Replica: Centre, Kind: KindVerdict, Record: Dot{7, 1}, Target: Dot{7, 2}, Rejected: true, Reason: "bad_value"}
	if err := signed.Seal(newNoise(1), func(Digest) [64]byte { return [64]byte{1} }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Change{signed,
		sealed(t, Change{Dot: Dot{7, 1}, Edits: []Edit{{Path: PathFeed, Value: "U1/tips"}, {Path: "a", Value: "Bản Nà Luông"}}}),
		sealed(t, Change{Dot: Dot{8, 2}, Parent: Dot{7, 1}, ParentHead: Digest{3}, Record: Dot{7, 1},
			Edits: []Edit{{Path: PathLife, Value: LifeDeleted, Seen: []Dot{{7, 1}, {9, 300}}}}}),
		sealed(t, Change{Dot: Dot{9, 5}, Kind: KindGrant, Grantee: 24, Feeds: []Feed{"U1/tips"}, Replaces: []Dot{{9, 1}}}),
		sealed(t, Change{Dot: Dot{9, 8}, Kind: KindPublish, Topic: "form/tip", Payload: []byte{1, 2, 3}}),
		sealed(t, Change{Dot: Dot{9, 6}, Kind: KindErase, Record: Dot{7, 1}, Paths: []string{"a"}}),
		sealed(t, Change{Dot: Dot{9, 7}, Kind: 77, Opaque: []byte{1, 2, 3}, Edits: []Edit{{Path: "a", Value: "x"}}}),
	} {
		raws = append(raws, c.Encoded(), c.Without(BodyAbsent).Encoded(), c.Without(BodyErased).Encoded())
	}
	return raws
}

// FuzzDecode: no bytes make the decoder panic; what it takes is within the limits, and is exactly what Seal would write.
func FuzzDecode(f *testing.F) {
	for _, raw := range seeds(f) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Decode(raw)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("an error that is not ErrMalformed: %v", err)
			}
			DecodeStored(raw) // trusts its caller, and still does not panic
			return
		}
		again := *c
		if c.Body == BodyHere || c.Body == BodyNone {
			if err := again.seal(); err != nil {
				t.Fatalf("read, and cannot be sealed: %v", err)
			}
			if c.Sig != [64]byte{} || c.raw[0]&flagSigned != 0 {
				again.raw[0] |= flagSigned
				again.raw = append(again.raw, c.Sig[:]...)
			}
			if !bytes.Equal(again.raw, raw) || again.digest != c.Digest() {
				t.Fatalf("another encoding:\n%x\n%x", again.raw, raw)
			}
		}
		if len(c.Edits) > MaxEdits || len(c.Feeds) > MaxFeeds || c.Dot.N > MaxNumber {
			t.Fatal("over a limit")
		}
		if e := c.Without(BodyErased); e.Digest() != c.Digest() {
			t.Fatal("the digest did not stay")
		}
		Fold(c.RecordID(), []*Change{c, c.Without(BodyAbsent)})
	})
}

// FuzzParseDot: what is read is written the same way.
func FuzzParseDot(f *testing.F) {
	for _, s := range []string{"0000000000000007.1", "ffffffffffffffff.18446744073709551615", "7.1", ".", "0000000000000007.01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDot(s)
		if err == nil && d.String() != s {
			t.Fatalf("%q was read as %s", s, d)
		}
	})
}
