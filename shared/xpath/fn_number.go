package xpath

import (
	"math"
	"math/big"
	"strconv"
)

func numberFunctions() map[string]*function {
	fs := map[string]*function{
		"number":  reading(0, 1, number),
		"int":     pure(1, 1, func(c *invocation) Value { return Number(math.Trunc(c.number(0))) }),
		"round":   pure(1, 2, round),
		"floor":   computed(math.Floor),
		"ceiling": computed(math.Ceil),
		"sum":     reading(1, 1, sum),
		"min":     pure(1, unlimited, func(c *invocation) Value { return c.best(func(a, b float64) bool { return a < b }) }),
		"max":     pure(1, unlimited, func(c *invocation) Value { return c.best(func(a, b float64) bool { return a > b }) }),
		"pi":      pure(0, 0, func(*invocation) Value { return Number(math.Pi) }),
		"pow":     pure(2, 2, func(c *invocation) Value { return Number(math.Pow(c.number(0), c.number(1))) }),
		"atan2":   pure(2, 2, func(c *invocation) Value { return Number(math.Atan2(c.number(0), c.number(1))) }),
	}
	for name, f := range map[string]func(float64) float64{
		"abs": math.Abs, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos,
		"atan": math.Atan, "sqrt": math.Sqrt, "exp": math.Exp, "log": math.Log, "log10": math.Log10,
		"exp10": func(x float64) float64 { return math.Pow(10, x) },
	} {
		fs[name] = computed(f)
	}
	return fs
}

func computed(f func(float64) float64) *function {
	return pure(1, 1, func(c *invocation) Value { return Number(f(c.number(0))) })
}

func number(c *invocation) Value {
	if c.has(0) {
		return Number(c.number(0))
	}
	return Number(c.env.Number(String(c.here())))
}

// sum leaves out what is no number, as JavaRosa does: a blank row of a repeat adds nothing.
func sum(c *invocation) Value {
	total := 0.0
	for _, n := range c.nodes() {
		if f := c.env.Number(String(c.read(n))); !math.IsNaN(f) {
			total += f
		}
	}
	return Number(total)
}

// best is the least or greatest of the arguments that are numbers, as in JavaRosa; NaN when none is.
func (c *invocation) best(better func(a, b float64) bool) Value {
	found := math.NaN()
	c.each(0, func(v Value) {
		if f := c.env.Number(v); math.IsNaN(found) || better(f, found) {
			found = f
		}
	})
	return Number(found)
}

// round rounds to the given number of decimals, or of zeros before the point when negative. It works on the decimal
// digits, so that round(1.005, 2) is 1.01. Halves go up, towards positive infinity, as in XPath.
func round(c *invocation) Value {
	f, places := c.number(0), 0.0
	if c.has(1) {
		places = math.Trunc(c.number(1))
	}
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return Number(f)
	case math.IsNaN(places) || math.Abs(places) > farthestPlace:
		return Number(math.NaN())
	}
	if r, ok := roundOrdinary(f, int(places)); ok {
		return Number(r)
	}
	return Number(roundDecimal(f, int(places)))
}

// farthestPlace is where rounding stops to make sense, as in JavaRosa.
const farthestPlace = 30

// powersOfTen are those that a float64 holds exactly.
var powersOfTen = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
	1e18, 1e19, 1e20, 1e21, 1e22}

// roundOrdinary is roundDecimal where the result has at most 13 digits; not ok beyond. A number goes up when it is not
// below the one in the middle. That one is written with at most 15 digits, and no two numbers that are share a float64:
// so to compare the floats is to compare the digits.
func roundOrdinary(f float64, places int) (r float64, ok bool) {
	n := max(places, -places)
	if n >= len(powersOfTen) {
		return 0, false
	}
	scaled, unscaled := func(x float64) float64 { return x * powersOfTen[n] }, func(x float64) float64 { return x / powersOfTen[n] }
	if places < 0 {
		scaled, unscaled = unscaled, scaled
	}
	whole := math.Floor(scaled(f))
	if math.Abs(whole) > 1e13 {
		return 0, false
	}
	if f >= unscaled(whole+0.5) {
		whole++
	}
	return math.Copysign(unscaled(whole), f), true
}

// roundDecimal rounds with exact arithmetic on the shortest decimal that f is written as.
func roundDecimal(f float64, places int) float64 {
	x, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	if !ok {
		return math.NaN()
	}
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, -places))), nil))
	if places < 0 {
		unit.Inv(unit)
	}
	x.Mul(x, unit)
	x.Add(x, big.NewRat(1, 2))
	whole := new(big.Int)
	whole.Div(x.Num(), x.Denom()) // rounds down, as the denominator is positive
	r, _ := x.Quo(x.SetInt(whole), unit).Float64()
	return math.Copysign(r, f)
}
