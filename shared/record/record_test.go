package record

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// noise is a source of bytes that repeats.
type noise struct{ *rand.Rand }

func (n noise) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(n.Uint32())
	}
	return len(b), nil
}

func newNoise(seed uint64) noise { return noise{rand.New(rand.NewPCG(seed, 9))} }

// sealed completes a change of notebook 24, or fails the test.
func sealed(t testing.TB, c Change) *Change {
	t.Helper()
	if err := c.sealAs(); err != nil {
		t.Fatal(err)
	}
	return &c
}

func (c *Change) sealAs() error {
	if c.Replica == 0 {
		c.Replica = 24
	}
	if c.Kind == 0 {
		c.Kind = KindEdit
	}
	return c.Seal(newNoise(uint64(c.Dot.Run)^uint64(c.Dot.N)), nil)
}

// The generators draw whatever Seal accepts.
var (
	runs    = rapid.SampledFrom([]RunID{1, 2, 7, 1 << 63, 1<<64 - 1})
	numbers = rapid.OneOf(rapid.Uint64Range(1, 5), rapid.Uint64Range(1, uint64(MaxNumber)))
	texts   = rapid.OneOf(rapid.SampledFrom([]string{"", "U1/ordinary", "Bản Nà Luông", "đã gặp 25 hộ"}), rapid.StringN(0, 40, 120))
	paths   = rapid.SampledFrom([]string{"a", "b", "đồng bào", "items/x.1/kind", "items/x.1/_life", PathFeed, PathLife, "_review"})
)

func drawDot(t *rapid.T) Dot { return Dot{runs.Draw(t, "run"), Number(numbers.Draw(t, "n"))} }

func drawDots(t *rapid.T) (ds []Dot) {
	for range rapid.IntRange(0, 3).Draw(t, "dots") {
		ds = append(ds, drawDot(t))
	}
	return ds
}

func maybeDot(t *rapid.T) Dot {
	if rapid.Bool().Draw(t, "none") {
		return Dot{}
	}
	return drawDot(t)
}

func drawEdits(t *rapid.T) (edits []Edit) {
	for _, p := range rapid.SliceOfNDistinct(paths, 0, 6, rapid.ID[string]).Draw(t, "paths") {
		e := Edit{Path: p, Value: texts.Draw(t, "value"), Replaces: drawDots(t)}
		if IsSystem(p) {
			e.Seen = drawDots(t)
		}
		edits = append(edits, e)
	}
	sortEdits(edits)
	return edits
}

func sortEdits(edits []Edit) {
	for i := range edits {
		for k := i; k > 0 && edits[k].Path < edits[k-1].Path; k-- {
			edits[k], edits[k-1] = edits[k-1], edits[k]
		}
	}
}

// drawChange draws an unsealed change of any kind, known or not.
func drawChange(t *rapid.T) *Change {
	c := &Change{Dot: drawDot(t), Replica: ReplicaID(rapid.Uint32Range(1, 1<<32-1).Draw(t, "replica")),
		Kind: rapid.SampledFrom([]Kind{KindEdit, KindEdit, KindVerdict, KindErase, KindGrant, KindPublish, 9, 255}).Draw(t, "kind"),
		Time: rapid.Int64Range(0, 1<<62).Draw(t, "time"), Officer: texts.Draw(t, "officer"), Record: maybeDot(t),
		Form:  FormRef{texts.Draw(t, "form"), rapid.Uint64().Draw(t, "version")},
		Grant: maybeDot(t), FeedSeen: drawDots(t)}
	if c.Dot.N == 1 || rapid.Bool().Draw(t, "opens") {
		if c.Dot.N > 1 {
			c.Parent = Dot{runs.Draw(t, "parent"), c.Dot.N - 1}
		}
		copy(c.ParentHead[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "head"))
	}
	switch c.Kind {
	case KindVerdict:
		c.Replaces, c.Target, c.Rejected, c.Reason = drawDots(t), drawDot(t), rapid.Bool().Draw(t, "rejected"), texts.Draw(t, "reason")
	case KindGrant:
		c.Replaces, c.Grantee, c.Revoked = drawDots(t), ReplicaID(rapid.Uint32().Draw(t, "grantee")), rapid.Bool().Draw(t, "revoked")
		for range rapid.IntRange(0, 3).Draw(t, "feeds") {
			c.Feeds = append(c.Feeds, Feed(texts.Draw(t, "feed")))
		}
	case KindErase:
		c.Paths = rapid.SliceOfN(paths, 0, 3).Draw(t, "erased")
	case KindPublish:
		c.Replaces, c.Topic, c.Payload = drawDots(t), "t"+texts.Draw(t, "topic"), rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "payload")
	case KindEdit:
		c.Edits = drawEdits(t)
	default:
		c.Edits, c.Opaque = drawEdits(t), rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "opaque")
	}
	return c
}

// content is a change without what only the codec knows, nil and empty made equal.
func content(c *Change) Change {
	x := *c
	x.raw, x.digest, x.unsummed = nil, Digest{}, false
	x.Edits = append([]Edit{}, x.Edits...)
	for i := range x.Edits {
		x.Edits[i].Replaces = append([]Dot{}, x.Edits[i].Replaces...)
		x.Edits[i].Seen = append([]Dot{}, x.Edits[i].Seen...)
	}
	x.FeedSeen, x.Replaces = append([]Dot{}, x.FeedSeen...), append([]Dot{}, x.Replaces...)
	x.Feeds, x.Paths, x.Opaque = append([]Feed{}, x.Feeds...), append([]string{}, x.Paths...), append([]byte{}, x.Opaque...)
	x.Payload = append([]byte{}, x.Payload...)
	return x
}

func sameContent(t rapid.TB, what string, got, want *Change) {
	t.Helper()
	if g, w := content(got), content(want); !reflect.DeepEqual(g, w) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, g, w)
	}
}

// TestWhatIsSealedIsRead: whatever Seal accepts, Decode reads, as it was; and its digest is the same whether it is
// computed when written, when read, or when asked for.
func TestWhatIsSealedIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawChange(t)
		var sign func(Digest) [64]byte
		if rapid.Bool().Draw(t, "signed") {
			sign = func(d Digest) (s [64]byte) { copy(s[:], d[:]); return s }
		}
		if err := c.Seal(newNoise(rapid.Uint64().Draw(t, "salt")), sign); err != nil {
			t.Skip(err) // too long a name
		}
		for _, x := range []*Change{c, c.Without(BodyAbsent), c.Without(BodyErased)} {
			got, err := Decode(bytes.Clone(x.Encoded()))
			if err != nil {
				t.Fatalf("sealed, and not read: %v\n%+v", err, x)
			}
			stored, err := DecodeStored(bytes.Clone(x.Encoded()))
			if err != nil {
				t.Fatal(err)
			}
			sameContent(t, "decoded", got, x)
			sameContent(t, "decoded from the store", stored, x)
			if got.Digest() != c.Digest() || stored.Digest() != c.Digest() || x.Digest() != c.Digest() {
				t.Fatal("another digest")
			}
			if !bytes.Equal(got.Encoded(), x.Encoded()) {
				t.Fatal("another encoding")
			}
		}
	})
}

// TestDigestCoversEverything: a change that differs in anything has another digest; so has one with another salt, so
// that the digest of an erased body cannot be guessed.
func TestDigestCoversEverything(t *testing.T) {
	base := func() Change {
		return Change{Dot: Dot{7, 3}, Replica: 24, Kind: KindEdit, Time: 5, Officer: "an", Record: Dot{7, 1}, Form: FormRef{"tip", 2},
			Grant: Dot{1, 1}, FeedSeen: []Dot{{7, 1}}, Edits: []Edit{{Path: "a", Value: "x", Replaces: []Dot{{7, 2}}}}}
	}
	was := sealed(t, base()).Digest()
	for name, alter := range map[string]func(*Change){
		"run":      func(c *Change) { c.Dot.Run = 8 },
		"number":   func(c *Change) { c.Dot.N = 4 },
		"replica":  func(c *Change) { c.Replica = 25 },
		"kind":     func(c *Change) { c.Kind = 9 },
		"parent":   func(c *Change) { c.Parent = Dot{9, 2} },
		"time":     func(c *Change) { c.Time = 6 },
		"officer":  func(c *Change) { c.Officer = "ba" },
		"record":   func(c *Change) { c.Record = Dot{7, 2} },
		"form":     func(c *Change) { c.Form.Version = 3 },
		"grant":    func(c *Change) { c.Grant = Dot{} },
		"unit":     func(c *Change) { c.FeedSeen = nil },
		"path":     func(c *Change) { c.Edits[0].Path = "b" },
		"value":    func(c *Change) { c.Edits[0].Value = "y" },
		"replaces": func(c *Change) { c.Edits[0].Replaces = nil },
	} {
		c := base()
		alter(&c)
		if sealed(t, c).Digest() == was {
			t.Errorf("%s altered, and the digest is the same", name)
		}
	}
	again := base()
	again.Replica, again.Kind = 24, KindEdit
	if err := again.Seal(newNoise(999), nil); err != nil || again.Digest() == was {
		t.Errorf("another salt, the same digest (%v)", err)
	}
}

// TestErasedStaysErased: an erased body does not come back, whatever it is asked to be next.
func TestErasedStaysErased(t *testing.T) {
	c := sealed(t, Change{Dot: Dot{7, 1}, Edits: []Edit{{Path: PathFeed, Value: "U1/tips"}, {Path: "name", Value: "Giàng A Páo"}}})
	erased := c.Without(BodyErased)
	if erased.Without(BodyAbsent) != erased || erased.Without(BodyErased) != erased {
		t.Error("an erased change became something else")
	}
	if bytes.Contains(erased.Encoded(), []byte("Páo")) || erased.Salt != [16]byte{} {
		t.Error("the value, or its salt, is still there")
	}
	if erased.Edit(PathFeed).Value != "U1/tips" {
		t.Error("where the record is belongs to the skeleton, and went too")
	}
	if c.Edit("name").Value != "Giàng A Páo" {
		t.Error("the original was altered")
	}
	none := sealed(t, Change{Dot: Dot{7, 2}, Record: Dot{7, 1}, Edits: []Edit{{Path: PathLife, Value: LifeDeleted}}})
	if none.Body != BodyNone || none.Without(BodyErased) != none {
		t.Error("a change without values has nothing to drop")
	}
}

// TestChainFollowsEveryChange: the head at the end changes when any change before it does, and an opening takes its
// parent's head up.
func TestChainFollowsEveryChange(t *testing.T) {
	head := func(text string) Digest {
		a := sealed(t, Change{Dot: Dot{7, 1}, Edits: []Edit{{Path: "a", Value: text}}})
		b := sealed(t, Change{Dot: Dot{7, 2}, Record: a.Dot, Edits: []Edit{{Path: "a", Value: "y"}}})
		at := b.Head(a.Head(Digest{}))
		c := sealed(t, Change{Dot: Dot{8, 3}, Parent: b.Dot, ParentHead: at, Edits: []Edit{{Path: "a", Value: "z"}}})
		return c.Head(Digest{99}) // an opening does not ask what came before it here
	}
	if x, again, other := head("x"), head("x"), head("X"); x != again || x == other {
		t.Error("the chain does not follow from its changes")
	}
}

func TestNamesOfChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDot(t)
		got, err := ParseDot(d.String())
		if err != nil || got != d {
			t.Fatalf("%v read as %v, %v", d, got, err)
		}
		if len(d.UUID()) != 36 || d.UUID()[14] != '8' || d.UUID() == (Dot{d.Run, d.N ^ 1}).UUID() {
			t.Fatalf("%s is no UUID of version 8 of its own", d.UUID())
		}
	})
	for _, bad := range []string{"", ".", "1.1", "0000000000000007.", "0000000000000007.0", "0000000000000007", "000000000000000g.1",
		"0000000000000007.-1", "0000000000000007.18446744073709551616", "00000000000000007.1"} {
		if d, err := ParseDot(bad); err == nil {
			t.Errorf("%q was read as %v", bad, d)
		}
	}
	if HumanName(24, 1271) != "24-1271" || (Dot{7, 3}).RowID(2) != "0000000000000007.3.2" {
		t.Error("names for people")
	}
	if f := NewFeed("GL014", "tips"); f.Unit() != "GL014" || f.Compartment() != "tips" {
		t.Error("feeds")
	}
}

// TestDecodeRefuses: what Seal would not have written is refused, each for its own reason.
func TestDecodeRefuses(t *testing.T) {
	c := sealed(t, Change{Dot: Dot{7, 1}, Edits: []Edit{{Path: PathFeed, Value: "U1/tips"}, {Path: "a", Value: "x"}}})
	raw := c.Encoded()
	for name, alter := range map[string]func([]byte) []byte{
		"nothing":                func([]byte) []byte { return nil },
		"one byte":               func(b []byte) []byte { return b[:1] },
		"an unknown flag":        func(b []byte) []byte { b[0] = 4; return b },
		"cut off":                func(b []byte) []byte { return b[:len(b)-1] },
		"something behind it":    func(b []byte) []byte { return append(b, 0) },
		"a skeleton too long":    func(b []byte) []byte { b[1] = 0x7f; return b },
		"no body, though it has": func(b []byte) []byte { b[0] = flagNone; return b },
		"a body digest too long": func(b []byte) []byte { b[0] = flagAbsent; return b },
		"a signature cut off":    func(b []byte) []byte { b[0] |= flagSigned; return b[:40] },
		"no replica":             func(b []byte) []byte { b[3] = 0; return b },
		"over the limit":         func(b []byte) []byte { return append(b, make([]byte, MaxChangeBytes)...) },
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := Decode(alter(bytes.Clone(raw))); !errors.Is(err, ErrMalformed) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// TestDecodeStoredTrustsLimits: bytes that this replica checked when it stored them are read without being summed or
// checked against the limits again; Decode does both.
func TestDecodeStoredTrustsLimits(t *testing.T) {
	over := &Change{Dot: Dot{7, 2}, Replica: 24, Kind: KindEdit, Record: Dot{7, 1}, Officer: strings.Repeat("a", MaxNameBytes+1)}
	over.raw = append([]byte{flagNone}, 0)
	skeleton := over.appendSkeleton(nil)
	raw := append([]byte{flagNone, byte(len(skeleton)) | 0x80, byte(len(skeleton) >> 7)}, skeleton...)
	if _, err := DecodeStored(raw); err != nil {
		t.Errorf("from the store: %v", err)
	}
	if _, err := Decode(raw); !errors.Is(err, ErrMalformed) {
		t.Errorf("from the link: %v", err)
	}
}
