package envelope

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// here is the place of the golden texts.
var here = Place{record.Dot{Run: 0x0123456789abcdef, N: 1271}, "items/0123456789abcdef.1271.0/nguồn"}

const secret = "Người bán nước đầu làng,\nhẹn gặp sáng thứ Năm"

func golden(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

func keyOfTests(t testing.TB) Identity {
	t.Helper()
	id, err := ParseIdentity(golden(t, "key.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func newKey(t testing.TB) Identity {
	t.Helper()
	id, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func sealed(t testing.TB, at Place, plain string, to ...Recipient) string {
	t.Helper()
	text, err := Seal(at, plain, to...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// refused wants this code and not one letter.
func refused(t *testing.T, what string, want fault.Code, text string, err error) {
	t.Helper()
	if !errors.Is(err, want) || text != "" {
		t.Errorf("%s: %q, %v; want %s", what, text, err, want)
	}
}

// TestGolden: what was sealed by the first version is opened by every later one, and by age itself.
func TestGolden(t *testing.T) {
	text := golden(t, "sealed.txt")
	got, err := Open(keyOfTests(t), here, text)
	if err != nil || got != secret {
		t.Errorf("%q, %v", got, err)
	}
	file, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(text, "sealed:1:"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := age.ParseIdentities(strings.NewReader(golden(t, "key.txt")))
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(file), keys...)
	if err != nil {
		t.Fatal(err)
	}
	var inside bytes.Buffer
	if _, err := inside.ReadFrom(r); err != nil || !strings.HasPrefix(inside.String(), here.head()+secret) {
		t.Errorf("inside: %q, %v", inside.String(), err)
	}
	if inside.Len() != len(here.head())+512 {
		t.Errorf("a line has become %d bytes", inside.Len())
	}
}

func TestEachRecipientOpensAloneAndNobodyElse(t *testing.T) {
	custodian, unit, officer := newKey(t), newKey(t), newKey(t)
	text := sealed(t, here, secret, custodian.Recipient(), unit.Recipient())
	for _, id := range []Identity{custodian, unit} {
		if got, err := Open(id, here, text); got != secret || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	for name, id := range map[string]Identity{"another key": officer, "no key": {}} {
		got, err := Open(id, here, text)
		refused(t, name, fault.WrongSealKey, got, err)
	}
	if again := sealed(t, here, secret, custodian.Recipient(), unit.Recipient()); again == text {
		t.Error("the same answer twice gives the same text: equal answers would show")
	}
	if strings.Contains(text, "seal:") || viet.Fold(text) != strings.ToLower(text) {
		t.Errorf("not plain letters: %s", text)
	}
}

// TestACopyDoesNotOpen: an officer copies a sealed answer to where he may have it read out to him.
func TestACopyDoesNotOpen(t *testing.T) {
	id := newKey(t)
	text := sealed(t, here, secret, id.Recipient())
	for name, at := range map[string]Place{
		"his own record":     {record.Dot{Run: 2, N: 1271}, here.Path},
		"another number":     {record.Dot{Run: here.Record.Run, N: 1272}, here.Path},
		"another row":        {here.Record, "items/0123456789abcdef.1271.1/nguồn"},
		"another question":   {here.Record, "ghi_chú"},
		"a path cut short":   {here.Record, here.Path[:len(here.Path)-1]},
		"a path made longer": {here.Record, here.Path + "\nNgười"},
		"no place":           {},
	} {
		got, err := Open(id, at, text)
		refused(t, name, fault.StraySeal, got, err)
	}
	// A path that goes on as the answer begins is another path.
	got, err := Open(id, Place{here.Record, "a\nb"}, sealed(t, Place{here.Record, "a"}, "b\nc", id.Recipient()))
	refused(t, "a path with the answer in it", fault.StraySeal, got, err)
}

// TestNoLengthShows: short and long names, and nearly everything of one line, are of one size; in all there are four.
func TestNoLengthShows(t *testing.T) {
	to := newKey(t).Recipient()
	sizes := map[int][]int{}
	for _, n := range []int{0, 1, 5, 40, 300, 511, 512, 2047, 2048, 8191, 8192, 39_999, MaxPlain} {
		size := len(sealed(t, here, strings.Repeat("a", n), to))
		sizes[size] = append(sizes[size], n)
	}
	want := [][]int{{0, 1, 5, 40, 300, 511}, {512, 2047}, {2048, 8191}, {8192, 39_999, MaxPlain}}
	for _, lengths := range want {
		if !slices.ContainsFunc(keysOf(sizes), func(size int) bool { return slices.Equal(sizes[size], lengths) }) {
			t.Errorf("not of one size, or others are too: %v; %v", lengths, sizes)
		}
	}
	if most := slices.Min(keysOf(sizes)); most > 1100 {
		t.Errorf("a line takes %d bytes", most)
	}
}

func keysOf(m map[int][]int) (keys []int) {
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

// TestLimits: the longest answer for the most recipients at the longest path is a value that a record takes; one more of
// anything is refused.
func TestLimits(t *testing.T) {
	id := newKey(t)
	to := slices.Repeat([]Recipient{id.Recipient()}, MaxRecipients)
	at := Place{record.Dot{Run: 1<<64 - 1, N: record.MaxNumber}, strings.Repeat("\x01", record.MaxPathBytes)}
	longest := strings.Repeat("𝔘", MaxPlain/4)
	text := sealed(t, at, longest, to...)
	if len(text) > record.MaxValueBytes || !viet.Valid(text) {
		t.Errorf("%d bytes; a value has at most %d", len(text), record.MaxValueBytes)
	}
	if got, err := Open(id, at, text); got != longest || err != nil {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	for name, c := range map[string]struct {
		at    Place
		plain string
		to    []Recipient
		want  fault.Code
	}{
		"a byte more":                   {at, longest + "a", to, fault.LimitExceeded},
		"a recipient more":              {at, "a", append(to, to[0]), fault.LimitExceeded},
		"a longer path":                 {Place{at.Record, at.Path + "a"}, "a", to, fault.LimitExceeded},
		"no recipient":                  {at, "a", nil, fault.NoRecipient},
		"a recipient that is nobody":    {at, "a", []Recipient{to[0], {}}, fault.NoRecipient},
		"no text":                       {at, "\xff", to, fault.BadFormValue},
		"a record without a name yet":   {Place{Path: "a"}, "a", to, fault.Internal},
		"a record without a path":       {Place{Record: at.Record}, "a", to, fault.Internal},
		"a row as a draft has its name": {Place{at.Record, "items/+1/a"}, "a", to, fault.Internal},
	} {
		got, err := Seal(c.at, c.plain, c.to...)
		refused(t, name, c.want, got, err)
	}
	got, err := Open(id, at, text+strings.Repeat("A", record.MaxValueBytes))
	refused(t, "longer than any value", fault.LimitExceeded, got, err)
}

// TestDamageIsNoticed alters every letter, cuts at every letter, and adds some.
func TestDamageIsNoticed(t *testing.T) {
	id, text := keyOfTests(t), golden(t, "sealed.txt")
	damaged := map[string]string{"nothing": "", "only the mark": "sealed:1:", "padding": text + "==", "a line end": text[:40] + "\n" + text[40:],
		"more": text + "AAAA", "twice": text + text, "blanks": " " + text, "a draft's": golden(t, "locked.txt"), "no seal at all": secret}
	for i := range text {
		letter := "A"
		if text[i] == 'A' {
			letter = "B"
		}
		damaged[fmt.Sprintf("letter %d", i)] = text[:i] + letter + text[i+1:]
		damaged[fmt.Sprintf("cut at %d", i)] = text[:i]
	}
	for name, bad := range damaged {
		got, err := Open(id, here, bad)
		if code := fault.CodeOf(err); got != "" || code != fault.TornSeal && code != fault.WrongSealKey {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	got, err := Open(id, here, "sealed:2:"+strings.TrimPrefix(text, "sealed:1:"))
	refused(t, "a later version", fault.BadProtocol, got, err)
}

// TestOneAnswerOneText: bits that carry nothing may not be altered either, whatever the length leaves of them.
func TestOneAnswerOneText(t *testing.T) {
	id := newKey(t)
	for _, path := range []string{"a", "aa", "aaa"} {
		at := Place{here.Record, path}
		text := sealed(t, at, secret, id.Recipient())
		for _, last := range letters {
			got, err := Open(id, at, text[:len(text)-1]+string(last))
			if (err == nil) != (text[len(text)-1] == byte(last)) {
				t.Errorf("%s: with %c at the end: %q, %v", path, last, got, err)
			}
		}
	}
}

// encrypted is what somebody makes who has the public key and no scruples.
func encrypted(t testing.TB, inside string, to Recipient) string {
	t.Helper()
	key, err := age.ParseX25519Recipient(to.String())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.Write([]byte(inside)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return written(sealedWord, b.Bytes())
}

func TestStrangeInsidesAreRefused(t *testing.T) {
	id := newKey(t)
	head := here.head()
	for name, inside := range map[string]string{"nothing": "", "only a place": head, "no end": head + "a", "not filled with zeros": head + "a\x80\x00x",
		"no text": head + "\xff\x80", "another layout": strings.Replace(head, "1", "2", 1) + "a\x80", "no layout": "a"} {
		got, err := Open(id, here, encrypted(t, inside, id.Recipient()))
		refused(t, name, fault.TornSeal, got, err)
	}
}

func TestWhatIsShown(t *testing.T) {
	text := golden(t, "sealed.txt")
	for s, want := range map[string]string{text: "(đã niêm phong)", golden(t, "locked.txt"): "(đã niêm phong)", "sealed:99:AAAA": "(đã niêm phong)",
		"": "", secret: secret, "sealed:1:": "sealed:1:", "sealed:one:AAAA": "sealed:one:AAAA", "sealed::AAAA": "sealed::AAAA", "sealed:AAAA": "sealed:AAAA",
		"sealed:1: hẹn gặp": "sealed:1: hẹn gặp", "Sealed:1:AAAA": "Sealed:1:AAAA", " sealed:1:AAAA": " sealed:1:AAAA"} {
		if got := Shown(s, fault.Vietnamese); got != want {
			t.Errorf("%q is shown as %q", s, got)
		}
		if IsMarker(s) || IsSealed(s) && IsLocked(s) || (IsSealed(s) || IsLocked(s)) != (s != want) {
			t.Errorf("%q is taken for something else", s)
		}
	}
	if got := Shown(text, fault.English); got != "(sealed)" || !IsMarker(got) || !IsMarker(Shown(text, "")) {
		t.Errorf("in English: %q", got)
	}
}

// FuzzOpen: whatever text comes, only what was sealed opens.
func FuzzOpen(f *testing.F) {
	id, locker := keyOfTests(f), NewLocker(goldenKey())
	f.Add(golden(f, "sealed.txt"))
	f.Add(golden(f, "locked.txt"))
	f.Add("sealed:1:YWdlLWVuY3J5cHRpb24ub3JnL3YxCg")
	f.Add("locked:2:A")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Open(id, here, text)
		if (err == nil) != (text == golden(t, "sealed.txt")) || err != nil && (got != "" || fault.CodeOf(err) == fault.Internal) {
			t.Fatalf("%q opens to %q, %v", text, got, err)
		}
		if _, err := locker.Unlock(lockedPath, text); (err == nil) != (text == golden(t, "locked.txt")) {
			t.Fatalf("%q: %v", text, err)
		}
		if Shown(text, fault.English) != text && !IsSealed(text) && !IsLocked(text) {
			t.Fatalf("%q is hidden", text)
		}
	})
}

// FuzzInside: whoever has the public key may put anything inside; it is taken only as Seal would have filled it.
func FuzzInside(f *testing.F) {
	f.Add(string(filled(here, secret)))
	f.Add(here.head() + "a\x80")
	f.Add(magic)
	f.Fuzz(func(t *testing.T, inside string) {
		got, code := taken(here, inside)
		switch {
		case code == "" && strings.TrimRight(inside, "\x00") != here.head()+got+"\x80":
			t.Fatalf("%q gives %q", inside, got)
		case code == "" && !viet.Valid(got):
			t.Fatalf("no text: %q", got)
		case code != "" && got != "":
			t.Fatalf("%s, and yet %q", code, got)
		}
	})
}

// FuzzSeal: every text goes in and comes out as it was, or is refused.
func FuzzSeal(f *testing.F) {
	id := keyOfTests(f)
	f.Add(uint64(1), "source", secret)
	f.Add(uint64(0), "", "\x00\x80")
	f.Add(uint64(7), "a \"b\"\n", "\x00\x00\n")
	f.Fuzz(func(t *testing.T, n uint64, path, plain string) {
		at := Place{record.Dot{Run: 1, N: record.Number(n)}, path}
		text, err := Seal(at, plain, id.Recipient())
		if err != nil {
			if text != "" {
				t.Fatalf("%q, %v", text, err)
			}
			return
		}
		if got, err := Open(id, at, text); got != plain || err != nil || !IsSealed(text) || len(text) > record.MaxValueBytes {
			t.Fatalf("%q comes back as %q, %v", plain, got, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	id := keyOfTests(b)
	for b.Loop() {
		sealed(b, here, secret, id.Recipient(), id.Recipient())
	}
}

func BenchmarkOpen(b *testing.B) {
	id, text := keyOfTests(b), golden(b, "sealed.txt")
	for b.Loop() {
		if _, err := Open(id, here, text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIsSealed is over a value that is not: every value of every record is asked.
func BenchmarkIsSealed(b *testing.B) {
	for b.Loop() {
		IsSealed(secret)
	}
}
