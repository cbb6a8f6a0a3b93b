package xpath

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

func randomFunctions() map[string]*function {
	return map[string]*function{
		"random": volatile(0, func(c *invocation) Value { return Number(c.uniform()) }),
		"uuid":   volatile(1, uuid),
		"randomize": {min: 1, max: 2, run: randomize, volatile: func(c *call) bool {
			return len(c.args) == 1
		}},
	}
}

// bits64 draws from the source of the Env.
func (c *invocation) bits64() uint64 {
	if c.err == nil && c.env.Random == nil {
		c.fail(CodeHost, "%s() is called, and no source of randomness is given", c.name)
	}
	if c.err != nil {
		return 0
	}
	return c.env.Random()
}

// uniform is a number from 0 to 1, 1 not included.
func (c *invocation) uniform() float64 { return float64(c.bits64()>>11) / (1 << 53) }

// uuid gives a UUID of version 4, or as many random letters and digits as are asked for.
func uuid(c *invocation) Value {
	if !c.has(0) {
		high, low := c.bits64(), c.bits64()
		high = high&^0xf000 | 0x4000
		low = low&^(3<<62) | 2<<62
		return String(fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&(1<<48-1)))
	}
	n := math.Trunc(c.number(0))
	if c.err == nil && (math.IsNaN(n) || n < 0 || n > longestToken) {
		c.fail(CodeValue, "uuid() makes 0 to %d characters, not %s", longestToken, FormatNumber(n))
	}
	if c.err != nil {
		return Value{}
	}
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	token := make([]byte, int(n))
	c.err = c.env.charge(c.at, len(token))
	for i := range token {
		pick, _ := bits.Mul64(c.bits64(), uint64(len(letters)))
		token[i] = letters[pick]
	}
	return c.made(string(token))
}

// longestToken bounds uuid(n).
const longestToken = 4096

// randomize shuffles nodes by the inside-out variant of Fisher and Yates, as the specification wants it. With a seed
// the order is the same on every device: the generator is that of Park and Miller. A seed that is no number counts by
// its hash, as in JavaRosa.
func randomize(c *invocation) Value {
	nodes := c.nodes()
	next := c.uniform
	if c.has(1) {
		generator := newMinimal(c.seed(c.value(1)))
		next = generator.next
	}
	if c.err == nil {
		c.err = c.env.charge(c.at, len(nodes))
	}
	if c.err != nil {
		return Value{}
	}
	from := len(c.env.run.arena)
	for i, n := range nodes {
		j := int(next() * float64(i+1))
		c.env.run.arena = append(c.env.run.arena, n)
		shuffled := c.env.run.arena[from:]
		shuffled[i], shuffled[j] = shuffled[j], n
	}
	return c.env.nodesFrom(from)
}

// seed is a value as what the generator starts with: a whole number of 64 bits, held as a float64, so that a large one
// loses its low bits.
func (c *invocation) seed(v Value) float64 {
	f := c.env.Number(v)
	switch {
	case c.err != nil:
		return 0
	case !math.IsNaN(f):
		return math.Trunc(max(math.MinInt64, min(f, math.MaxInt64)))
	}
	s := v.String()
	if s == "" {
		return 0
	}
	sum := sha256.Sum256([]byte(s))
	return float64(int64(binary.BigEndian.Uint64(sum[:8])))
}

// minimal is the generator of Park and Miller with the multiplier 16807. The state is a whole number.
type minimal struct{ state float64 }

const minimalPrime = 1<<31 - 1

func newMinimal(seed float64) *minimal {
	state := math.Mod(seed, minimalPrime)
	if state <= 0 {
		state += minimalPrime - 1
	}
	return &minimal{state}
}

// next is a number from 0 to 1, 1 not included.
func (m *minimal) next() float64 {
	m.state = math.Mod(m.state*16807, minimalPrime)
	return (m.state - 1) / (minimalPrime - 1)
}
