package keyfile

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/fault"
	"banlang/shared/lockfile"
	"banlang/shared/wholefile"
)

// version is that of the format. A file of another version is refused.
const version = 1

// content is what the file holds: a first line, this as JSON, and a last line with its BLAKE2b-256.
type content struct {
	Version    int      `json:"version"`
	Generation uint64   `json:"generation"` // one more with each change
	Notebook   string   `json:"notebook"`   // random; names the machine's secret
	Slots      []slot   `json:"slots"`
	Escrow     []string `json:"escrow"`  // recipients at the centre
	Current    box      `json:"current"` // the key, sealed to all slots and the escrow
	Next       *box     `json:"next,omitempty"`
	Leaving    []string `json:"leaving,omitempty"` // officers to whom Next is not sealed
}

func (c *content) slot(id string) *slot {
	i := slices.IndexFunc(c.Slots, func(s slot) bool { return s.Officer.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Slots[i]
}

// recipients are all to whom the key is sealed, or the next one.
func (c *content) recipients(next bool) []string {
	to := slices.Clone(c.Escrow)
	for _, s := range c.Slots {
		if !next || !slices.Contains(c.Leaving, s.Officer.ID) {
			to = append(to, s.Recipient)
		}
	}
	return to
}

const (
	firstLine = "banlang key file\n"
	lastLine  = "\nblake2b "
	maxSize   = 1 << 20
)

func (c *content) encode() ([]byte, error) {
	body, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return nil, err
	}
	text := append([]byte(firstLine), body...)
	sum := blake2b.Sum256(text)
	return append(text, lastLine+hex.EncodeToString(sum[:])+"\n"...), nil
}

func decode(text []byte) (*content, error) {
	at := bytes.LastIndex(text, []byte(lastLine))
	if at < 0 || !bytes.HasPrefix(text, []byte(firstLine)) {
		return nil, errors.New("not a key file")
	}
	sum := blake2b.Sum256(text[:at])
	if string(text[at:]) != lastLine+hex.EncodeToString(sum[:])+"\n" {
		return nil, errors.New("not as it was written")
	}
	c := &content{}
	if err := json.Unmarshal(text[len(firstLine):at], c); err != nil {
		return nil, err
	}
	if c.Version != version {
		return nil, fmt.Errorf("version %d", c.Version)
	}
	return c, nil
}

// copies are the two files that hold the content. They are written one after the other, so that one is always whole; when
// a change returns they are the same, and nothing is left of what was before it.
func copies(path string) []string { return []string{path, path + ".copy"} }

// load reads the newer sound copy, and says whether the other one is behind it, torn or missing.
func load(path string) (newest *content, behind bool, err error) {
	const op = "keyfile.Open"
	missing := 0
	for _, name := range copies(path) {
		text, err := readBounded(name)
		if errors.Is(err, os.ErrNotExist) {
			missing++
		} else if err != nil {
			return nil, false, fault.New(fault.DiskIO, op, err)
		}
		c, err := decode(text)
		switch {
		case err != nil:
			behind = true
		case newest == nil:
			newest = c
		case c.Generation != newest.Generation:
			behind = true
			if c.Generation > newest.Generation {
				newest = c
			}
		}
	}
	switch {
	case missing == 2:
		return nil, false, fault.New(fault.NotFound, op, &os.PathError{Op: "open", Path: path, Err: os.ErrNotExist})
	case newest == nil:
		return nil, false, fault.New(fault.TornKeyFile, op, nil)
	}
	return newest, behind, nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSize))
}

// change alters what is on the disk, and then f: whole, or not at all. Another process that does the same is
// fault.SecondInstance. The caller holds the mutex, or is the only one who has f.
func (f *File) change(alter func(*content) error) (err error) {
	lock, err := lockfile.Take(f.path + ".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if _, err := os.Lstat(notePath(f.path)); err == nil { // who still has it open does not bring it back
		return fault.New(fault.Wiped, "keyfile: a change", nil)
	}
	c := f.content
	if now, _, err := load(f.path); err == nil {
		c = *now
	}
	c.Slots, c.Escrow, c.Leaving = slices.Clone(c.Slots), slices.Clone(c.Escrow), slices.Clone(c.Leaving)
	if err := alter(&c); err != nil {
		return err
	}
	c.Generation++
	text, err := c.encode()
	if err != nil {
		return fault.New(fault.Internal, "keyfile: a change", err)
	}
	for i, name := range copies(f.path) {
		if err := wholefile.Write(name, text); err != nil {
			return fault.New(fault.DiskIO, "keyfile: a change", err)
		}
		if i == 0 {
			f.content = c // it counts from now on
		}
	}
	return nil
}
