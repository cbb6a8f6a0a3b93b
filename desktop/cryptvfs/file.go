package cryptvfs

// #include "shim.h"
import "C"

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// A kind is what a file is to SQLite.
type kind uint8

const (
	database kind = C.CV_DATABASE
	wal      kind = C.CV_WAL
	journal  kind = C.CV_JOURNAL // a rollback journal
	scratch  kind = C.CV_SCRATCH // temporary: under keys of this process
)

// The shapes of SQLite's files (https://sqlite.org/fileformat2.html), with pages of the one size that we use.
const (
	pageSize       = 4096
	walHeaderSize  = 32
	frameClearSize = 8 // the page number, and the size of the database after a commit
	frameSize      = 24 + pageSize
)

var magic = []byte("SQLite format 3\x00")

// A unit is a stretch of a file that is enciphered as one, or that stays clear. An enciphered one is whole blocks long, and
// each block is for itself: a write that the power tears leaves old blocks and new ones, as it does without a cipher, and
// what SQLite does against torn writes holds.
type unit struct {
	start int64
	size  int
	tweak uint64 // of the kind and the number of the unit
	clear bool
}

// unitAt finds the unit of an offset: a page of a database; 4096 bytes of a journal or temporary file; and of a frame of a
// WAL all but its first 8 bytes, so that neither salts nor checksums speak of the page. The header of a WAL has no content.
func unitAt(k kind, at int64) unit {
	if k != wal {
		n := at / pageSize
		return unit{start: n * pageSize, size: pageSize, tweak: tweakOf(k, n)}
	}
	if at < walHeaderSize {
		return unit{size: walHeaderSize, clear: true}
	}
	n := (at - walHeaderSize) / frameSize
	frame := walHeaderSize + n*frameSize
	if at < frame+frameClearSize {
		return unit{start: frame, size: frameClearSize, clear: true}
	}
	return unit{start: frame + frameClearSize, size: frameSize - frameClearSize, tweak: tweakOf(k, n)}
}

func tweakOf(k kind, n int64) uint64 { return uint64(k)<<56 | uint64(n) }

// storage is a file as it lies on the disk.
type storage interface {
	io.ReaderAt
	io.WriterAt
}

// file is a file as plain bytes. It keeps no state: whoever has the keys and the storage can make one.
type file struct {
	storage
	kind kind
	keys *keys
}

var (
	errDamaged = errors.New("a page is not as it was written")
	errShape   = errors.New("not a whole page with room for its sum")
)

// buffers are of the size of the largest unit.
var buffers = sync.Pool{New: func() any { return new([frameSize]byte) }}

// ReadAt reads plain bytes. Where the disk has an incomplete block, or nothing, is the end (io.EOF). A page of a database
// that is read whole and is not as it was written is errDamaged.
func (f file) ReadAt(p []byte, at int64) (n int, err error) {
	err = f.each(p, at, func(part []byte, u unit, from int) error {
		if u.clear {
			got, err := f.storage.ReadAt(part, u.start+int64(from))
			n += got
			return full(got, part, err)
		}
		got, err := f.readPart(part, u, from)
		n += got
		return err
	})
	return n, err
}

// WriteAt enciphers. A database takes only whole pages that have room for their sums.
func (f file) WriteAt(p []byte, at int64) (n int, err error) {
	err = f.each(p, at, func(part []byte, u unit, from int) error {
		var err error
		if u.clear {
			_, err = f.storage.WriteAt(part, u.start+int64(from))
		} else {
			err = f.writePart(part, u, from)
		}
		if err == nil {
			n += len(part)
		}
		return err
	})
	return n, err
}

// each calls do with the part of p that is in each unit, and where in the unit that begins.
func (f file) each(p []byte, at int64, do func(part []byte, u unit, from int) error) error {
	return f.keys.use(func() error {
		for len(p) > 0 {
			u := unitAt(f.kind, at)
			from := int(at - u.start)
			n := min(len(p), u.size-from)
			if err := do(p[:n], u, from); err != nil {
				return err
			}
			p, at = p[n:], at+int64(n)
		}
		return nil
	})
}

func (f file) readPart(p []byte, u unit, from int) (int, error) {
	buffer := buffers.Get().(*[frameSize]byte)
	defer buffers.Put(buffer)
	low, high := blocksAround(from, len(p))
	b := buffer[:high-low]
	have, err := f.load(b, u, low)
	if err != nil {
		return 0, err
	}
	if f.kind == database && have == pageSize && len(p) == pageSize && !f.keys.sealed(b, u.tweak) {
		return 0, errDamaged
	}
	got := copy(p, b[min(from-low, have):have])
	return got, full(got, p, nil)
}

func (f file) writePart(p []byte, u unit, from int) error {
	buffer := buffers.Get().(*[frameSize]byte)
	defer buffers.Put(buffer)
	low, high := blocksAround(from, len(p))
	b := buffer[:high-low]
	if f.kind == database && !isPage(p, u) {
		return errShape
	}
	if len(p) < len(b) { // blocks at the rims keep the rest of what they hold
		have, err := f.load(b, u, low)
		if err != nil {
			return err
		}
		clear(b[have:])
	}
	copy(b[from-low:], p)
	if f.kind == database {
		f.keys.seal(b, u.tweak)
	}
	f.keys.encipher(b, u.tweak, low/blockSize)
	_, err := f.storage.WriteAt(b, u.start+int64(low))
	return err
}

// load reads and deciphers blocks of a unit from an offset in it on, and returns how many bytes there are: whole blocks.
func (f file) load(b []byte, u unit, from int) (have int, err error) {
	have, err = f.storage.ReadAt(b, u.start+int64(from))
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	have -= have % blockSize
	f.keys.decipher(b[:have], u.tweak, from/blockSize)
	return have, nil
}

// blocksAround widens n bytes from an offset on to whole blocks.
func blocksAround(from, n int) (low, high int) {
	return from / blockSize * blockSize, (from + n + blockSize - 1) / blockSize * blockSize
}

// full is the error of a read that got that many bytes into p.
func full(got int, p []byte, err error) error {
	switch {
	case got == len(p):
		return nil
	case err == nil:
		return io.EOF
	}
	return err
}

// isPage reports whether p is a whole page; the first one says its size, and how much of each is kept free at the end.
func isPage(p []byte, u unit) bool {
	if len(p) != pageSize {
		return false
	}
	return u.start > 0 || int(p[16])<<8|int(p[17]) == pageSize && p[20] == sumSize
}

// A finding is what lies where a database is to be opened.
type finding int

const (
	ours  finding = iota // or nothing yet: no bytes
	blank                // its beginning was never written
	plain                // a database that is not enciphered
	alien                // a database of another key, or no database
)

// look finds out from the first block of a database what it is.
func (f file) look() (finding, error) {
	var first [blockSize]byte
	n, err := f.storage.ReadAt(first[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return alien, err
	}
	switch {
	case n == 0:
		return ours, nil
	case n < blockSize:
		return alien, nil
	case bytes.Equal(first[:], magic):
		return plain, nil
	case first == [blockSize]byte{}:
		return blank, nil
	}
	found := alien
	err = f.keys.use(func() error {
		f.keys.decipher(first[:], unitAt(database, 0).tweak, 0)
		if bytes.Equal(first[:], magic) {
			found = ours
		}
		return nil
	})
	return found, err
}
