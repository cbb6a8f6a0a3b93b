package sqlite

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// The WAL as SQLite documents it (https://sqlite.org/fileformat2.html#walformat): a
// header of 32 bytes, then frames of a 24-byte header and one page. Each checksum goes
// on from the one before it, so the log ends at the first frame that does not fit; a
// frame that says how many pages the database has is a commit.
const (
	walHeaderSize   = 32
	frameHeaderSize = 24
	walMagicLittle  = 0x377f0682 // checksums over little-endian words
	walMagicBig     = 0x377f0683
)

// walLog is what a WAL holds for sure.
type walLog struct {
	pages int64          // of the database after the last commit; 0 if there is none
	has   map[int64]bool // the pages in committed frames
}

// readWAL reads the WAL, refusing one that is damaged in a way that no power cut does:
// with a header that does not hold, or with too many commits beyond the first damage. (A
// power cut can tear the transactions that did not wait for the disk, and the one that was
// waiting; a commit more after the damage means that it came later.)
func (in *inspection) readWAL() (walLog, error) {
	log := walLog{has: map[int64]bool{}}
	if in.walSize < walHeaderSize {
		return log, nil
	}
	f, err := in.open(in.options.Path + "-wal")
	if err != nil {
		return log, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(io.NewSectionReader(f, 0, in.walSize), 256<<10)
	header := make([]byte, walHeaderSize)
	if _, err := io.ReadFull(r, header); err != nil {
		return log, err
	}
	if string(header) == wipedHeader {
		return log, nil
	}
	sum, holds := startChecksum(header)
	if !holds {
		return log, in.checkBlank(header, r)
	}
	if size := int64(binary.BigEndian.Uint32(header[8:])); size != in.pageSize {
		return log, torn("the pages of the WAL have %d bytes, those of the database %d", size, in.pageSize)
	}
	return log, log.readFrames(r, header, sum, in.pageSize)
}

// readFrames takes in all committed frames.
func (log *walLog) readFrames(r io.Reader, header []byte, sum checksum, pageSize int64) error {
	frame := make([]byte, frameHeaderSize+pageSize)
	var uncommitted []int64
	commitsBeyond, fits := 0, true
	for {
		_, err := io.ReadFull(r, frame)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		page, pages := int64(binary.BigEndian.Uint32(frame)), int64(binary.BigEndian.Uint32(frame[4:]))
		sameLog := string(frame[8:16]) == string(header[16:24])
		if fits {
			sum = sum.add(frame[:8]).add(frame[frameHeaderSize:])
			fits = sameLog && sum.is(frame[16:24])
		}
		switch {
		case fits:
			uncommitted = append(uncommitted, page)
			if pages > 0 {
				log.commit(pages, uncommitted)
				uncommitted = uncommitted[:0]
			}
		case sameLog && pages > 0:
			if commitsBeyond++; commitsBeyond > 1+maxSoonInARow {
				return torn("the WAL is damaged before its last commits")
			}
		}
	}
}

func (log *walLog) commit(pages int64, frames []int64) {
	log.pages = pages
	for _, page := range frames {
		log.has[page] = true
	}
}

// checkBlank accepts a WAL whose header does not hold only if nothing was ever written
// behind it: the header is on the disk before the first frame.
func (in *inspection) checkBlank(header []byte, rest io.Reader) error {
	buf := make([]byte, 64<<10)
	for chunk := header; ; {
		for _, b := range chunk {
			if b != 0 {
				return torn("the WAL has lost its beginning")
			}
		}
		n, err := rest.Read(buf)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		chunk = buf[:n]
	}
}

// checksum is the running checksum of a WAL.
type checksum struct {
	a, b uint32
	big  bool
}

// startChecksum begins with the header of a WAL and reports whether that holds.
func startChecksum(header []byte) (checksum, bool) {
	magic := binary.BigEndian.Uint32(header)
	sum := checksum{big: magic == walMagicBig}
	if !sum.big && magic != walMagicLittle {
		return sum, false
	}
	sum = sum.add(header[:24])
	return sum, sum.is(header[24:32])
}

// add goes on over p, whose length is a multiple of 8.
func (c checksum) add(p []byte) checksum {
	a, b := c.a, c.b
	if c.big {
		for ; len(p) >= 8; p = p[8:] {
			a += binary.BigEndian.Uint32(p) + b
			b += binary.BigEndian.Uint32(p[4:]) + a
		}
	} else {
		for ; len(p) >= 8; p = p[8:] {
			a += binary.LittleEndian.Uint32(p) + b
			b += binary.LittleEndian.Uint32(p[4:]) + a
		}
	}
	return checksum{a, b, c.big}
}

// is reports whether p holds this checksum.
func (c checksum) is(p []byte) bool {
	return binary.BigEndian.Uint32(p) == c.a && binary.BigEndian.Uint32(p[4:]) == c.b
}
