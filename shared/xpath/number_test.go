package xpath

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestRoundingFastIsRoundingExactly compares roundOrdinary with exact arithmetic: over numbers of all sizes, over those
// that lie in the middle between two results, and over their neighbours.
func TestRoundingFastIsRoundingExactly(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	fast := 0
	same := func(f float64, places int) {
		t.Helper()
		got, ok := roundOrdinary(f, places)
		if !ok {
			return
		}
		fast++
		if want := roundDecimal(f, places); got != want || math.Signbit(got) != math.Signbit(want) {
			t.Fatalf("round(%v, %d) is %v, not %v", f, places, got, want)
		}
	}
	around := func(f float64, places int) {
		for _, g := range []float64{f, math.Nextafter(f, math.Inf(1)), math.Nextafter(f, math.Inf(-1))} {
			same(g, places)
			same(-g, places)
		}
	}
	for range 5_000 {
		places := random.IntN(61) - 30
		around(math.Float64frombits(random.Uint64()>>12|uint64(random.IntN(200)+1023-100)<<52), places)
		around(random.NormFloat64()*1000, random.IntN(6))
		middle := strconv.FormatInt(random.Int64N(1<<random.IntN(50)), 10) + "5e" + strconv.Itoa(-1-places)
		f, err := strconv.ParseFloat(middle, 64)
		if err != nil {
			t.Fatal(err)
		}
		around(f, places)
	}
	around(0, 2)
	around(math.SmallestNonzeroFloat64, 22)
	around(math.MaxFloat64, -22)
	around(0.49999999999999994, 0)
	around(1e13, 0)
	if fast < 10_000 {
		t.Error("only", fast, "took the fast way")
	}
}

func BenchmarkRound(b *testing.B) {
	for b.Loop() {
		roundOrdinary(12.345678, 1)
	}
}
