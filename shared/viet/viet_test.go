package viet_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"banlang/shared/viet"
)

func TestIntegersCarryDotsBetweenThousands(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1.000", 2137: "2.137", 325745: "325.745",
		-1234567: "-1.234.567", -100: "-100",
		math.MaxInt64: "9.223.372.036.854.775.807", math.MinInt64: "-9.223.372.036.854.775.808",
	} {
		if got := viet.Int(n); got != want {
			t.Errorf("Int(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestFixedKeepsItsDecimals(t *testing.T) {
	cases := []struct {
		n     int64
		scale int
		want  string
	}{{12345, 1, "1.234,5"}, {5, 2, "0,05"}, {-5, 2, "-0,05"}, {9713, 2, "97,13"}, {180000, 3, "180,000"}, {42, 0, "42"}, {0, 2, "0,00"}}
	for _, c := range cases {
		if got := viet.Fixed(c.n, c.scale); got != c.want {
			t.Errorf("Fixed(%d, %d) = %q, want %q", c.n, c.scale, got, c.want)
		}
	}
}

func TestNumberShowsOddValuesAsTheyAre(t *testing.T) {
	for in, want := range map[string]string{
		"1234.5": "1.234,5", "-1234.50": "-1.234,50", "12": "12", "": "", "abc": "abc", "1.": "1.", ".5": ".5", "1e3": "1e3",
	} {
		if got := viet.Number(in); got != want {
			t.Errorf("Number(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPositionsAreWrittenWithCommas(t *testing.T) {
	for in, want := range map[string]string{
		"14.0583 108.2772 742.5 6": "14,0583 108,2772", "-14.5 108 0 0": "-14,5 108", "14.1 108.1 0 0;14.2 108.2 0 0": "14,1 108,1; 14,2 108,2",
		"14.1 108.1": "14.1 108.1", "ở làng": "ở làng", "14.1 108.1 0 0;x": "14.1 108.1 0 0;x", "": "",
	} {
		if got := viet.Position(in); got != want {
			t.Errorf("Position(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestParseNumberRefusesWhatCouldMeanTwoThings(t *testing.T) {
	for in, want := range map[string]string{
		"1.234,5": "1234.5", "1234,5": "1234.5", " 12 ": "12", "-1.000": "-1000", "0,25": "0.25", //nolint:gocritic // the spaces are meant
		strings.Repeat("9", viet.MaxDigits): strings.Repeat("9", viet.MaxDigits),
	} {
		if got, ok := viet.ParseNumber(in); !ok || got != want {
			t.Errorf("ParseNumber(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "-", "1.5", "12.34", "1234.567", "1,2,3", "1,", ",5", ".", "1..000", "12 3", "１２", strings.Repeat("9", viet.MaxDigits+1)} {
		if got, ok := viet.ParseNumber(in); ok {
			t.Errorf("ParseNumber(%q) = %q, want a refusal", in, got)
		}
	}
}

func TestNumbersSurviveThereAndBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		n := r.Int64N(1_000_000_000_000) - 500_000_000_000
		if got, ok := viet.ParseNumber(viet.Int(n)); !ok || got != strconv.FormatInt(n, 10) {
			t.Fatalf("ParseNumber(Int(%d)) = %q, %v", n, got, ok)
		}
		scale := 1 + r.IntN(6)
		fixed := viet.Fixed(n, scale)
		lexical, ok := viet.ParseNumber(fixed)
		if !ok || viet.Number(lexical) != fixed {
			t.Fatalf("Fixed(%d, %d) = %q, read as %q, written again as %q", n, scale, fixed, lexical, viet.Number(lexical))
		}
	}
}

func TestPercentIsExactAndHalfUp(t *testing.T) {
	cases := []struct {
		part, whole int64
		want        string
	}{
		{1020, 1045, "97,61 %"}, {8328, 8574, "97,13 %"}, {204, 204, "100,00 %"}, {0, 9, "0,00 %"},
		{1, 3, "33,33 %"}, {2, 3, "66,67 %"},
		{1, 20000, "0,01 %"}, {1, 20001, "0,00 %"}, // exactly half a hundredth goes up, less does not
		{96, 1, "9.600,00 %"}, {math.MaxInt64, math.MaxInt64, "100,00 %"},
		{1, 0, viet.None}, {-1, 5, viet.None}, {math.MaxInt64, 1, viet.None},
	}
	for _, c := range cases {
		if got := viet.Percent(c.part, c.whole); got != c.want {
			t.Errorf("Percent(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

// A rounded share lies within half a unit of the true one, never below by that half.
func TestHundredthsStaysWithinHalfAUnit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		whole := 1 + r.Int64N(100_000)
		part := r.Int64N(2 * whole)
		n, ok := viet.Hundredths(part, whole)
		// 2·(part·10000 − n·whole) must lie in [−whole, whole).
		twice := 2 * (part*10000 - n*whole)
		if !ok || twice < -whole || twice >= whole {
			t.Fatalf("Hundredths(%d, %d) = %d: off by %d/%d", part, whole, n, twice, 2*whole)
		}
	}
}

func TestDatesOfTheCalendar(t *testing.T) {
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	for range 80_000 {
		iso := day.Format(time.DateOnly)
		shown := viet.Date(iso)
		back, ok := viet.ParseDate(shown)
		if want := day.Format("02/01/2006"); shown != want || !ok || back != iso {
			t.Fatalf("Date(%q) = %q, read back %q, %v", iso, shown, back, ok)
		}
		day = day.AddDate(0, 0, 1)
	}
	if got, ok := viet.ParseDate("1/2/2026"); !ok || got != "2026-02-01" {
		t.Errorf("ParseDate(1/2/2026) = %q, %v", got, ok)
	}
}

func TestDatesThatAreNone(t *testing.T) {
	for _, in := range []string{"", "31/02/2026", "29/02/2025", "1/1/26", "2026-11-16", "0/1/2026", "01/13/2026", "+1/1/2026", "1/1/2026/1", "01/01/0000"} {
		if got, ok := viet.ParseDate(in); ok {
			t.Errorf("ParseDate(%q) = %q, want a refusal", in, got)
		}
	}
	for _, in := range []string{"", "2026-02-30", "2026-2-3", "16/11/2026", "0000-01-01", "2026-11-16T"} {
		if viet.ValidDate(in) {
			t.Errorf("ValidDate(%q) = true", in)
		}
		if got := viet.Date(in); got != in {
			t.Errorf("Date(%q) = %q, want it unchanged", in, got)
		}
	}
}

func TestFoldMeetsWhatPeopleType(t *testing.T) {
	for in, want := range map[string]string{
		"Điệp": "diep", "ĐIỆP": "diep", "diep": "diep", "DIEP": "diep", norm.NFD.String("Điệp"): "diep",
		"Ðiệp":                    "diep", // eth for Đ, from old keyboards
		"Nhà văn hóa làng Đê Kôn": "nha van hoa lang de kon",
		"Đăk Rơ Wa, số 12/BB":     "dak ro wa, so 12/bb",
		"ưỡng ẴẶỬỮỰ":              "uong aauuu",
		"":                        "",
		"ăâđêôơư ÁÀẢÃẠ ĂÂ":        "aadeoou aaaaa aa",
		"Čaj Łódź":                "caj łodz",
		"한국 ΑΈ":                   "한국 αε",
		norm.NFD.String("한국 ΑΈ"):  "한국 αε",
		"a\u0301\u0323\u0302b":    "ab",
		"\xff":                    "\uFFFD",
		"Toàn dân bảo vệ An ninh Tổ quốc ®™": "toan dan bao ve an ninh to quoc ®™",
	} {
		if got := viet.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// Every letter of the Vietnamese alphabet with every tone folds to its base.
func TestFoldKnowsTheWholeAlphabet(t *testing.T) {
	bases := map[rune]string{'a': "aăâ", 'e': "eê", 'i': "i", 'o': "oôơ", 'u': "uư", 'y': "y"}
	letters := 0
	for base, forms := range bases {
		for _, form := range forms {
			for _, tone := range []string{"", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"} {
				for _, letter := range []string{string(form) + tone, string(unicode.ToUpper(form)) + tone} {
					composed := viet.NFC(letter)
					if got := viet.Fold(composed); got != string(base) {
						t.Errorf("Fold(%q) = %q, want %q", composed, got, string(base))
					}
					letters++
				}
			}
		}
	}
	if letters != 144 {
		t.Errorf("looked at %d letters, want 144", letters)
	}
}

func TestNFCComposes(t *testing.T) {
	if got := viet.NFC("Vie\u0323\u0302t"); got != "Việt" {
		t.Errorf("NFC = %q", got)
	}
}

func TestFoldOfPlainKeysDoesNotAllocate(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { viet.Fold("nha van hoa lang de kon 12/2026") }); n != 0 {
		t.Errorf("folding lower case ASCII allocated %v times", n)
	}
	viet.Fold("Đ")
	if n := testing.AllocsPerRun(100, func() { viet.Fold("Nhà văn hóa làng Đê Kôn") }); n > 1 {
		t.Errorf("folding Vietnamese allocated %v times, want 1", n)
	}
}

func checkFold(t *testing.T, s string) {
	t.Helper()
	key := viet.Fold(s)
	if again := viet.Fold(key); again != key {
		t.Errorf("Fold(%q) = %q, folded again %q", s, key, again)
	}
	if decomposed := viet.Fold(norm.NFD.String(s)); decomposed != key {
		t.Errorf("Fold(%q) = %q, but its decomposed form gives %q", s, key, decomposed)
	}
	for _, r := range key {
		if unicode.Is(unicode.Mn, r) {
			t.Errorf("Fold(%q) = %q keeps the mark %U", s, key, r)
		}
	}
}

// Each letter alone, after an ASCII head, and under one more mark: the table
// and the definition must agree everywhere.
func TestFoldIsStableForEveryLetter(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		checkFold(t, string(r))
		checkFold(t, "A"+string(r)+"\u0301")
		if t.Failed() {
			t.Fatalf("at %U", r)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Điệp", "diep", "Nhà rông Plei Trơng", "İstanbul", "ǅ", "ﷺ", "\u1112\u0301\u1161", "\xffĐ", "K", "ϓ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFold(t, strings.ToValidUTF8(s, "\uFFFD")) })
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.234,5", "-7", "1.5", "16/11/2026", "31/02/2026", "", "００"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if lexical, ok := viet.ParseNumber(s); ok {
			if back, ok := viet.ParseNumber(viet.Number(lexical)); !ok || back != lexical {
				t.Errorf("%q reads as %q, then as %q", s, lexical, back)
			}
		}
		if iso, ok := viet.ParseDate(s); ok && !viet.ValidDate(iso) {
			t.Errorf("ParseDate(%q) = %q, which is no day", s, iso)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{"ascii": "nha van hoa lang de kon, xa ia mo", "vietnamese": "Nhà văn hóa làng Đê Kôn, xã Ia Mơ"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				viet.Fold(s)
			}
		})
	}
}
