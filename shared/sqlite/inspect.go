package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"banlang/shared/fault"
)

// This file looks at the bytes of a database before SQLite does. SQLite takes a WAL
// that it cannot read for an empty one and deletes it at closing, with all that was
// committed in it; so what cannot be right is refused here, untouched.
//
// What a power cut leaves is right and never refused: a WAL whose last transaction is
// torn, a database that a checkpoint has half overwritten while the WAL still has every
// page of it, a creation that was not finished.

const (
	headerSize  = 100   // of a database
	maxPageSize = 65536 // of a database
)

var (
	databaseMagic = []byte("SQLite format 3\x00")
	journalMagic  = []byte{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7}
)

// A finding is what there is where a database is to be opened.
type finding int

const (
	nothing   finding = iota // that could be lost: no file, an empty one, a creation cut short
	coldFiles                // a database without a WAL
	hotFiles                 // a database with a WAL
)

// inspect finds out what there is, or refuses.
func (db *DB) inspect() (finding, error) {
	look := &inspection{options: db.options}
	found, err := look.run()
	return found, wrap("sqlite.Open", err)
}

// An inspection is one look at the files of a database.
type inspection struct {
	options  Options
	size     int64 // of the database
	walSize  int64
	pageSize int64
	pages    int64 // that the database says it has; 0 if it does not say
}

func (in *inspection) run() (found finding, err error) {
	if in.size, err = sizeOf(in.options.Path); err != nil {
		return nothing, err
	}
	if in.walSize, err = sizeOf(in.options.Path + "-wal"); err != nil {
		return nothing, err
	}
	created, err := in.isUnfinishedCreation()
	switch {
	case err != nil:
		return nothing, err
	case in.size == 0 && in.walSize > 0:
		return nothing, torn("the database is gone, its WAL is there")
	case (in.size == 0 || created) && in.options.ReadOnly:
		return nothing, refuse(fault.NotFound, "%s: %w", in.options.Path, os.ErrNotExist)
	case in.size == 0 || created:
		return nothing, nil
	}
	if err := in.readHeader(); err != nil {
		return nothing, err
	}
	if in.walSize > 0 {
		found = hotFiles
	} else {
		found = coldFiles
	}
	if in.options.ReadOnly {
		return found, nil // its WAL may be moving under another process, and we cannot harm it
	}
	return found, in.checkPages()
}

// isUnfinishedCreation reports whether the power went while the first page of a new
// database was written: the rollback journal beside it says that it was empty before. A
// database that got further has no such journal, for it has a WAL.
func (in *inspection) isUnfinishedCreation() (bool, error) {
	if in.size > maxPageSize || in.walSize > 0 {
		return false, nil
	}
	var header [20]byte
	n, err := in.read(in.options.Path+"-journal", header[:], 0)
	if err != nil || n < len(header) {
		return false, err
	}
	pagesBefore := binary.BigEndian.Uint32(header[16:])
	return bytes.HasPrefix(header[:], journalMagic) && pagesBefore == 0, nil
}

// readHeader reads the first 100 bytes of the database.
func (in *inspection) readHeader() error {
	var header [headerSize]byte
	n, err := in.read(in.options.Path, header[:], 0)
	if err != nil {
		return err
	}
	if n < headerSize || !bytes.HasPrefix(header[:], databaseMagic) {
		if n >= headerSize && header != [headerSize]byte{} && in.walSize == 0 {
			return refuse(fault.NotOurDatabase, "the file does not begin like a database")
		}
		return torn("the database has lost its beginning")
	}
	in.pageSize = int64(binary.BigEndian.Uint16(header[16:]))
	if in.pageSize == 1 {
		in.pageSize = maxPageSize
	}
	if !isPageSize(in.pageSize) {
		return torn("the database says its pages have %d bytes", in.pageSize)
	}
	changes, validFor := header[24:28], header[92:96]
	if bytes.Equal(changes, validFor) {
		in.pages = int64(binary.BigEndian.Uint32(header[28:]))
	}
	return nil
}

// checkPages checks that every page of the database is in it or in its WAL.
func (in *inspection) checkPages() error {
	log, err := in.readWAL()
	if err != nil {
		return err
	}
	pages := in.pages
	if log.pages > 0 {
		pages = log.pages
	}
	for page := in.size/in.pageSize + 1; page <= pages; page++ {
		if !log.has[page] {
			return torn("the database ends before page %d of %d", page, pages)
		}
	}
	return nil
}

// read reads at most len(p) bytes of a file, fewer if it is shorter or missing.
func (in *inspection) read(path string, p []byte, offset int64) (int, error) {
	f, err := in.open(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer f.Close()
	n, err := f.ReadAt(p, offset)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

func (in *inspection) open(path string) (PlainFile, error) {
	if in.options.Plain != nil {
		return in.options.Plain(path)
	}
	return os.Open(path)
}

func isPageSize(n int64) bool { return n >= 512 && n <= maxPageSize && n&(n-1) == 0 }

// sizeOf returns the size of a file, 0 if it is missing.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return 0, nil
	case err != nil:
		return 0, err
	case !info.Mode().IsRegular():
		return 0, refuse(fault.NotOurDatabase, "%s is no file", path)
	}
	return info.Size(), nil
}

func torn(format string, args ...any) error { return refuse(fault.TornDatabase, format, args...) }

func refuse(code fault.Code, format string, args ...any) error {
	return fault.New(code, "sqlite.Open", fmt.Errorf(format, args...))
}
