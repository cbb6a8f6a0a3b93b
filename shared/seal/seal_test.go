package seal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// keys makes one key of each kind, the same at every run.
func keys(t testing.TB) (ReplicaKey, CentreKey) {
	t.Helper()
	r, err1 := NewReplicaKey(bytes.NewReader(bytes.Repeat([]byte{1}, 32)))
	c, err2 := NewCentreKey(bytes.NewReader(bytes.Repeat([]byte{2}, 32)))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return r, c
}

// readers reads each kind of text; each returns the text again.
var readers = map[string]func(string) (string, error){
	replicaPublic: func(s string) (string, error) { p, err := ParseReplicaPublic(s); return p.String(), err },
	centrePublic:  func(s string) (string, error) { p, err := ParseCentrePublic(s); return p.String(), err },
	replicaSecret: func(s string) (string, error) {
		k, err := ParseReplicaKey(s)
		if err != nil {
			return "", err
		}
		return k.Secret(), nil
	},
	centreSecret: func(s string) (string, error) {
		k, err := ParseCentreKey(s)
		if err != nil {
			return "", err
		}
		return k.Secret(), nil
	},
}

func texts(t testing.TB) map[string]string {
	r, c := keys(t)
	return map[string]string{replicaPublic: r.Public().String(), replicaSecret: r.Secret(), centrePublic: c.Public().String(), centreSecret: c.Secret()}
}

// TestTextsAreReadOnlyAsWhatTheyAre: each text is read back by its own reader, with blanks around it, and by no other.
func TestTextsAreReadOnlyAsWhatTheyAre(t *testing.T) {
	for kind, text := range texts(t) {
		for as, read := range readers {
			got, err := read(" " + text + "\r\n")
			switch {
			case as == kind && (err != nil || got != text):
				t.Errorf("%s was read as %s, %v", text, got, err)
			case as != kind && !errors.Is(err, ErrBadKey):
				t.Errorf("a text of %s was read as %s", kind, as)
			}
		}
	}
}

func TestTornTextsAreRefused(t *testing.T) {
	for kind, text := range texts(t) {
		body := strings.TrimPrefix(text, kind)
		for name, bad := range map[string]string{"nothing": "", "only the mark": kind, "no mark": body, "one character less": text[:len(text)-1],
			"one more": text + "A", "a blank inside": kind + body[:9] + " " + body[9:], "another alphabet": kind + "+/" + body[2:],
			"padding": text + "=", "loose bits at the end": text[:len(text)-1] + "_", "the mark in capitals": strings.ToUpper(kind) + body} {
			if got, err := readers[kind](bad); !errors.Is(err, ErrBadKey) {
				t.Errorf("%s%s: read as %s, %v", kind, name, got, err)
			}
		}
	}
}

// TestSecretsDoNotPrint: no way of printing a key shows its secret.
func TestSecretsDoNotPrint(t *testing.T) {
	r, c := keys(t)
	for _, s := range []string{fmt.Sprint(r, c), fmt.Sprintf("%v %s %q", r, c, r), r.String(), c.String()} {
		if strings.Contains(s, strings.TrimPrefix(r.Secret(), replicaSecret)) || strings.Contains(s, strings.TrimPrefix(c.Secret(), centreSecret)) {
			t.Errorf("printed: %s", s)
		}
	}
}

var domains = []Domain{DomainHead, DomainHello, DomainReceipt, DomainTicket, DomainDevice, DomainEpoch, DomainChange}

// TestDomainsAreApart: a signature counts for its domain, its statement and its key, and for nothing else; no domain is
// the beginning of another with something of the statement behind it.
func TestDomainsAreApart(t *testing.T) {
	r, c := keys(t)
	other, err := NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[Domain]bool{}
	for _, d := range domains {
		if seen[d] {
			t.Errorf("%q stands for two things", d)
		}
		seen[d] = true
		statement := []byte("một điều")
		mine, theirs := r.Sign(d, statement), c.Sign(d, statement)
		if !r.Public().Verify(d, statement, mine) || !c.Public().Verify(d, statement, theirs) {
			t.Errorf("%q: not verified", d)
		}
		if c.Public().Verify(d, statement, mine) || other.Public().Verify(d, statement, theirs) || c.Public().Verify(d, statement[1:], theirs) {
			t.Errorf("%q: verified for another key or statement", d)
		}
		for _, e := range domains {
			if e != d && c.Public().Verify(e, statement, theirs) {
				t.Errorf("a signature for %q counts for %q", d, e)
			}
		}
	}
	if bytes.Equal(message("ab", []byte("c")), message("a", []byte("bc"))) {
		t.Error("a domain may run over into the statement")
	}
}

// TestDraftKeys: a notebook gives each officer a key of his own, the same each time, and another notebook another one.
// The first is written down: drafts of today are opened by later versions.
func TestDraftKeys(t *testing.T) {
	r, _ := keys(t)
	other, err := NewReplicaKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", r.DraftKey("diem.pq.24")); got != "e40f1af01dca069524edd3efafd5efa07d92f0ea8afc817bcfa0ed1b53105314" {
		t.Errorf("the key is now %s", got)
	}
	seen := map[[32]byte]bool{}
	for _, k := range [][32]byte{r.DraftKey("diem.pq.24"), r.DraftKey("ha.ltm.24"), r.DraftKey(""), other.DraftKey("diem.pq.24"), [32]byte(r.secret.Seed())} {
		if seen[k] {
			t.Errorf("%x stands for two things", k)
		}
		seen[k] = true
	}
}

func TestVerifyOnlyWhatWasSigned(t *testing.T) {
	_, c := keys(t)
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SliceOf(rapid.Byte()).Draw(t, "said")
		heard := rapid.SliceOf(rapid.Byte()).Draw(t, "heard")
		sig := c.Sign(DomainEpoch, said)
		if c.Public().Verify(DomainEpoch, heard, sig) != bytes.Equal(said, heard) {
			t.Fatalf("said %x, heard %x", said, heard)
		}
		sig[rapid.IntRange(0, 63).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if c.Public().Verify(DomainEpoch, said, sig) {
			t.Fatal("an altered signature counts")
		}
	})
}

// TestNoRandomNoKey: a key is never made of less randomness than asked for.
func TestNoRandomNoKey(t *testing.T) {
	if k, err := NewReplicaKey(bytes.NewReader(make([]byte, 31))); err == nil || !k.IsZero() {
		t.Errorf("%v, %v", k.IsZero(), err)
	}
	if _, err := NewCentreKey(bytes.NewReader(nil)); err == nil {
		t.Error("a key of nothing")
	}
	if !(ReplicaPublic{}).IsZero() || !(CentrePublic{}).IsZero() {
		t.Error("no key is a key")
	}
	_, c := keys(t)
	o, _ := NewCentreKey(nil)
	if c.Public().ID() == o.Public().ID() || c.Public().IsZero() || !c.Public().Raw().Equal(c.Signer().Public()) {
		t.Error("names of keys")
	}
}
