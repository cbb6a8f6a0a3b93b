package units

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Topic is what the centre publishes the tree under, whole: everybody needs the names, and a tree of the country (3,355
// units) is 19 kB.
const Topic = "units/tree"

// The payload of a publication: one byte that says the format, then deflated the columns of the levels and of the units, each
// as its name, its length, and its values with an end of line after each. Units are by code and From. A reader passes over
// columns that it does not know, and takes one that is not there for empty, so a column may be added without a new format.
// Formats that were ever written stay readable. (Deflate: zstd makes a tenth more of short texts.)
const formatColumns = 1

// Limits of a payload that is unfolded.
const (
	maxPlain   = 16 << 20
	maxColumns = 64
	maxRows    = 1 << 18 // of units, or levels: the country with the three levels before 2025 has 14,000
)

// Pack encodes the tree as the payload of a publication. Texts with line ends in them are refused, and so is a tree above
// the size that anybody would unfold.
func (t *Tree) Pack() ([]byte, error) {
	var plain []byte
	for _, c := range columns {
		var text strings.Builder
		for i := range c.count(t) {
			value := c.get(t, i)
			if strings.ContainsAny(value, "\n\r") {
				return nil, fmt.Errorf("units: a line end in %q", value)
			}
			text.WriteString(value)
			text.WriteByte('\n')
		}
		plain = appendText(appendText(plain, c.name), text.String())
	}
	if len(plain) > maxPlain || len(t.units) > maxRows {
		return nil, fmt.Errorf("units: a tree of %d bytes and %d rows, at most %d and %d", len(plain), len(t.units), maxPlain, maxRows)
	}
	return deflate(plain)
}

func deflate(plain []byte) ([]byte, error) {
	packed := bytes.NewBuffer([]byte{formatColumns})
	w, err := flate.NewWriter(packed, flate.BestCompression)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	return packed.Bytes(), err
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// Unpack reads what Pack wrote, in this version of the program or an earlier one. A payload of any size takes memory for
// the limits above, and no more.
func Unpack(payload []byte) (*Tree, error) {
	t, err := unpack(payload)
	if err != nil {
		return nil, fmt.Errorf("units: a tree that cannot be read: %w", err)
	}
	return t, nil
}

func unpack(payload []byte) (*Tree, error) {
	if len(payload) == 0 || payload[0] != formatColumns {
		return nil, errors.New("a format of a later version")
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(payload[1:])), maxPlain+1))
	if err == nil && len(plain) > maxPlain {
		err = fmt.Errorf("more than %d bytes", maxPlain)
	}
	if err != nil {
		return nil, err
	}
	texts, err := readColumns(string(plain))
	if err != nil {
		return nil, err
	}
	read := &Tree{}
	for _, c := range columns {
		if n := strings.Count(texts[c.name], "\n"); n > maxRows {
			return nil, fmt.Errorf("column %s has %d values, at most %d", c.name, n, maxRows)
		}
		lines := strings.Split(strings.TrimSuffix(texts[c.name], "\n"), "\n")
		if texts[c.name] == "" {
			lines = nil
		}
		switch c.name {
		case columnLevel:
			read.levels = make([]Level, len(lines))
		case columnCode:
			read.units = make([]Unit, len(lines))
		}
		if len(lines) == 0 {
			continue
		}
		if len(lines) != c.count(read) {
			return nil, fmt.Errorf("column %s has %d values for %d", c.name, len(lines), c.count(read))
		}
		for i, value := range lines {
			if err := c.set(read, i, value); err != nil {
				return nil, fmt.Errorf("column %s: %w", c.name, err)
			}
		}
	}
	return New(read.levels, read.units), nil
}

// readColumns takes the columns apart.
func readColumns(plain string) (map[string]string, error) {
	texts := map[string]string{}
	take := func() (string, bool) {
		n, size := binary.Uvarint([]byte(plain[:min(len(plain), binary.MaxVarintLen64)]))
		if size <= 0 || n > uint64(len(plain)-size) {
			return "", false
		}
		text := plain[size : size+int(n)]
		plain = plain[size+int(n):]
		return text, true
	}
	for len(plain) > 0 {
		name, ok := take()
		text, whole := "", false
		if ok {
			text, whole = take()
		}
		if !whole || len(texts) == maxColumns || texts[name] != "" || text != "" && text[len(text)-1] != '\n' {
			return nil, errors.New("its columns are damaged")
		}
		texts[name] = text
	}
	return texts, nil
}

const columnLevel, columnCode = "level.id", "code"

// column is one column of the payload. Those by which there is something to set in others come before them.
type column struct {
	name  string
	count func(*Tree) int
	get   func(*Tree, int) string
	set   func(*Tree, int, string) error
}

func levelColumn(name string, of func(*Level) *string) column {
	return column{name, func(t *Tree) int { return len(t.levels) },
		func(t *Tree, i int) string { return *of(&t.levels[i]) },
		func(t *Tree, i int, s string) error { *of(&t.levels[i]) = s; return nil }}
}

func unitColumn(name string, of func(*Unit) *string) column {
	return column{name, unitCount, func(t *Tree, i int) string { return *of(&t.units[i]) },
		func(t *Tree, i int, s string) error { *of(&t.units[i]) = s; return nil }}
}

func unitCount(t *Tree) int { return len(t.units) }

var columns = []column{
	levelColumn(columnLevel, func(l *Level) *string { return &l.ID }),
	levelColumn("level.vi", func(l *Level) *string { return &l.VI }),
	levelColumn("level.en", func(l *Level) *string { return &l.EN }),
	{columnCode, unitCount, (*Tree).codeOf, (*Tree).setCode},
	{"level", unitCount, (*Tree).levelOf, (*Tree).setLevel},
	unitColumn("parent", func(u *Unit) *string { return &u.Parent }),
	unitColumn("reports", func(u *Unit) *string { return &u.Reports }),
	unitColumn("name", func(u *Unit) *string { return &u.Name }),
	unitColumn("phone", func(u *Unit) *string { return &u.Phone }),
	unitColumn("from", func(u *Unit) *string { return &u.From }),
	unitColumn("to", func(u *Unit) *string { return &u.To }),
	{"into", unitCount, func(t *Tree, i int) string { return strings.Join(t.units[i].Into, " ") },
		func(t *Tree, i int, s string) error {
			if s != "" {
				t.units[i].Into = strings.Fields(s)
			}
			return nil
		}},
}

// codeOf writes a code by how much it is above the one before, when both are numbers of the same length; codes mostly are,
// and this is a fourth of what they take otherwise.
func (t *Tree) codeOf(i int) string {
	code := t.units[i].Code
	if i > 0 {
		if above, ok := difference(t.units[i-1].Code, code); ok {
			return strconv.Itoa(above)
		}
	}
	return "=" + code
}

func (t *Tree) setCode(i int, s string) error {
	if code, ok := strings.CutPrefix(s, "="); ok {
		t.units[i].Code = code
		return nil
	}
	above, err := strconv.Atoi(s)
	if i == 0 || err != nil {
		return fmt.Errorf("no code %q", s)
	}
	before := t.units[i-1].Code
	n, _ := strconv.Atoi(before) // not a number: the next line finds it
	code := fmt.Sprintf("%0*d", len(before), n+above)
	if d, ok := difference(before, code); !ok || d != above {
		return fmt.Errorf("no code %q after %q", s, before)
	}
	t.units[i].Code = code
	return nil
}

// difference of two codes that are numbers of the same length.
func difference(a, b string) (int, bool) {
	const most = 9 // digits
	if a == "" || len(a) != len(b) || len(a) > most || strings.Trim(a+b, "0123456789") != "" {
		return 0, false
	}
	x, _ := strconv.Atoi(a) // digits only
	y, _ := strconv.Atoi(b)
	return y - x, true
}

// levelOf writes a level by its number; one that is not in the order of levels by its ID.
func (t *Tree) levelOf(i int) string {
	id := t.units[i].Level
	if n := slices.IndexFunc(t.levels, func(l Level) bool { return l.ID == id }); n >= 0 {
		return strconv.Itoa(n)
	}
	return "=" + id
}

func (t *Tree) setLevel(i int, s string) error {
	if id, ok := strings.CutPrefix(s, "="); ok {
		t.units[i].Level = id
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n >= len(t.levels) {
		return fmt.Errorf("no level %q", s)
	}
	t.units[i].Level = t.levels[n].ID
	return nil
}
