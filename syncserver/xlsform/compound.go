package xlsform

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// A compound file is how old Office programs keep several streams in one file: the file is cut into sectors, and a
// table says which sector follows which. Every chain is bounded by the number of sectors there are.

const compoundMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// Marks of the sector table, in place of a number.
const (
	endOfChain = 0xfffffffe
	noSector   = 0xffffffff
)

// compound is an open compound file.
type compound struct {
	file       []byte
	sectorSize int
	next       []uint32 // sector → the next of its chain
	miniNext   []uint32
	mini       []byte // the stream that the small streams are cut out of
	cutoff     int    // streams below this size are small
	entries    []compoundEntry
}

type compoundEntry struct {
	name  string
	kind  byte // 2 is a stream, 5 the root
	start uint32
	size  int
}

var le = binary.LittleEndian

func openCompound(file []byte) (*compound, error) {
	if len(file) < 512 || !strings.HasPrefix(string(file[:8]), compoundMagic) {
		return nil, damaged("compound file")
	}
	shift := le.Uint16(file[30:])
	if shift != 9 && shift != 12 || le.Uint16(file[32:]) != 6 {
		return nil, damaged("compound file")
	}
	c := &compound{file: file, sectorSize: 1 << shift, cutoff: int(le.Uint32(file[56:]))}
	if !c.readTable() {
		return nil, damaged("compound file")
	}
	c.readEntries(le.Uint32(file[48:]))
	c.miniNext = uint32s(c.chain(le.Uint32(file[60:]), len(file)))
	for _, e := range c.entries {
		if e.kind == 5 {
			c.mini = c.chain(e.start, e.size)
		}
	}
	return c, nil
}

func damaged(what string) error { return DamagedFile.at(Place{}, "what", what) }

// sector returns the bytes of sector n, nil if the file does not have it.
func (c *compound) sector(n uint32) []byte {
	from := (int64(n) + 1) * int64(c.sectorSize)
	if from >= int64(len(c.file)) {
		return nil
	}
	return c.file[from:min(from+int64(c.sectorSize), int64(len(c.file)))]
}

// readTable reads the table of chains. Its own sectors are listed in the header, and in a chain of lists.
func (c *compound) readTable() bool {
	most := len(c.file)/c.sectorSize + 1
	list := uint32s(c.file[76:512])
	next := le.Uint32(c.file[68:])
	for lists := 0; next < endOfChain && next != noSector; lists++ {
		s := uint32s(c.sector(next))
		if len(s) < 2 || lists > most {
			return false
		}
		list = append(list, s[:len(s)-1]...)
		next = s[len(s)-1]
	}
	for _, n := range list {
		if n >= endOfChain {
			continue
		}
		if c.next = append(c.next, uint32s(c.sector(n))...); len(c.next) > most+c.sectorSize {
			c.next = c.next[:most]
			break
		}
	}
	return len(c.next) > 0
}

func uint32s(b []byte) []uint32 {
	out := make([]uint32, len(b)/4)
	for i := range out {
		out[i] = le.Uint32(b[4*i:])
	}
	return out
}

// chain returns at most size bytes of the sectors from start on.
func (c *compound) chain(start uint32, size int) []byte {
	var out []byte
	for n, steps := start, 0; int(n) < len(c.next) && steps <= len(c.next) && len(out) < size; steps++ {
		s := c.sector(n)
		if s == nil {
			break
		}
		out = append(out, s...)
		n = c.next[n]
	}
	return out[:min(len(out), size)]
}

// miniChain is chain for small streams.
func (c *compound) miniChain(start uint32, size int) []byte {
	const miniSize = 64
	var out []byte
	for n, steps := start, 0; int(n) < len(c.miniNext) && steps <= len(c.miniNext) && len(out) < size; steps++ {
		from := int(n) * miniSize
		if from >= len(c.mini) {
			break
		}
		out = append(out, c.mini[from:min(from+miniSize, len(c.mini))]...)
		n = c.miniNext[n]
	}
	return out[:min(len(out), size)]
}

func (c *compound) readEntries(start uint32) {
	dir := c.chain(start, len(c.file))
	for ; len(dir) >= 128; dir = dir[128:] {
		length := int(le.Uint16(dir[64:]))
		if length < 2 || length > 64 {
			continue
		}
		units := make([]uint16, length/2-1)
		for i := range units {
			units[i] = le.Uint16(dir[2*i:])
		}
		size := le.Uint32(dir[120:])
		c.entries = append(c.entries, compoundEntry{
			name: string(utf16.Decode(units)), kind: dir[66], start: le.Uint32(dir[116:]), size: int(min(size, 1<<31-1)),
		})
	}
}

// has reports whether there is a stream of this name.
func (c *compound) has(name string) bool {
	for _, e := range c.entries {
		if e.kind == 2 && strings.EqualFold(e.name, name) {
			return true
		}
	}
	return false
}

// stream returns the bytes of the stream of this name.
func (c *compound) stream(name string) []byte {
	for _, e := range c.entries {
		if e.kind != 2 || !strings.EqualFold(e.name, name) {
			continue
		}
		size := min(e.size, len(c.file))
		if e.size < c.cutoff {
			return c.miniChain(e.start, size)
		}
		return c.chain(e.start, size)
	}
	return nil
}
