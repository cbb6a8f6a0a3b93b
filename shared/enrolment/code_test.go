package enrolment

import (
	"errors"
	"strings"
	"testing"

	"banlang/shared/fault"
)

func drawn(t testing.TB) Code {
	t.Helper()
	c, err := NewCode()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCodesThatPeopleCopy: a code is read however it is spaced and whichever look-alike is typed, and hardly a slip goes unseen.
func TestCodesThatPeopleCopy(t *testing.T) {
	c := drawn(t)
	shown := c.String()
	if strings.Count(shown, "-") != 6 {
		t.Error(shown)
	}
	typed := strings.NewReplacer("0", "o", "1", "l", "-", "  ").Replace(strings.ToLower(shown))
	if got, err := ParseCode(typed); err != nil || got != c {
		t.Errorf("%q is read as %q: %v", typed, got, err)
	}
	missed, bare := 0, c.symbols
	for i := range bare { // one symbol is another
		for _, other := range symbols {
			if byte(other) != bare[i] {
				if _, err := ParseCode(bare[:i] + string(other) + bare[i+1:]); err == nil {
					missed++
				}
			}
		}
	}
	if missed > 10 {
		t.Errorf("%d of %d slips are not seen", missed, len(bare)*31)
	}
	for _, bad := range []string{"", "U" + bare[1:], bare + "0", strings.Repeat("0", 10_000)} {
		if _, err := ParseCode(bad); !errors.Is(err, fault.EnrolCodeStale) {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

// TestWhatIsSentIsNoSecret: of a code, a request says its name and a proof; the answer is read by who has the code, for the claim
// that it was made for, and not when a bit of it is another.
func TestWhatIsSentIsNoSecret(t *testing.T) {
	code, other := drawn(t), drawn(t)
	claim, err := NewClaim()
	if err != nil {
		t.Fatal(err)
	}
	a := NewAsk(code, claim, "centre.example:7443")
	if err := a.Check(); err != nil || !a.Proven(code.Key()) || a.Proven(other.Key()) {
		t.Fatalf("%v: who has the code is not told from who has not", err)
	}
	moved := a
	moved.Address = "elsewhere.example:7443"
	if moved.Proven(code.Key()) {
		t.Error("the address may be another on the way")
	}
	sealed, err := a.Seal(code.Key(), []byte("tệp"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.Open(code.Key(), sealed); err != nil || string(got) != "tệp" {
		t.Fatalf("%q, %v", got, err)
	}
	refused := func(what string, a Ask, k Key, sealed []byte) {
		t.Helper()
		if _, err := a.Open(k, sealed); !errors.Is(err, fault.EnrolForged) {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("by another code", a, other.Key(), sealed)
	refused("nothing", a, code.Key(), nil)
	again := NewAsk(code, append([]byte{claim[0] + 1}, claim[1:]...), a.Address)
	refused("for another claim", again, code.Key(), sealed)
	for i := range sealed {
		sealed[i] ^= 1
		refused("with a bit changed", a, code.Key(), sealed)
		sealed[i] ^= 1
	}
}

func TestCodeFile(t *testing.T) {
	f := CodeFile{Format: CodeFormat, Address: "centre.example:7443", Code: drawn(t).String()}
	b, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := ParseCodeFile(b); !ok || got != f {
		t.Errorf("%+v", got)
	}
	for _, other := range [][]byte{nil, []byte("{}"), encoded(t, whole(t))} {
		if _, ok := ParseCodeFile(other); ok {
			t.Errorf("%.40q is taken for one", other)
		}
	}
}
