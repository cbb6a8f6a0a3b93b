package sqlite

import (
	"errors"
	"io/fs"
	"os"
)

// wipedHeader stands where a WAL begins whose pages are all in the database and on the disk, while the rest of it is being
// overwritten. SQLite takes a WAL that begins so for an empty one, and so does readWAL: what is left behind it, whole or in
// part, says nothing any more. Without it a power cut might leave the first half of a WAL, and SQLite would put old pages
// over newer ones.
const wipedHeader = "banlang: this log is being wiped"

// emptyLog moves the WAL into the database and empties it, after wiping it where the options say so. When a View, or another
// process, is in the way it is not emptied.
//
// SQLite promises of RESTART that the next writer begins the WAL anew, and that nobody reads from it: so from then on, as long
// as the writer is ours, its bytes are nobody's.
func (db *DB) emptyLog(c *conn) (emptied bool, err error) {
	if db.options.WipeLog {
		blocked, err := c.scalar("PRAGMA wal_checkpoint(RESTART)")
		if err != nil || blocked != int64(0) {
			return false, err
		}
		if err := wipeLog(db.options.Path + "-wal"); err != nil {
			return false, err
		}
	}
	blocked, err := c.scalar("PRAGMA wal_checkpoint(TRUNCATE)")
	return blocked == int64(0), err
}

// wipeLog overwrites a WAL in its place: its header first, and only when that is on the disk the pages behind it.
func wipeLog(path string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	if _, err := f.WriteAt([]byte(wipedHeader), 0); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	zeros := make([]byte, 256<<10)
	for at := int64(walHeaderSize); at < info.Size(); {
		n, err := f.WriteAt(zeros[:min(int64(len(zeros)), info.Size()-at)], at)
		if err != nil {
			return err
		}
		at += int64(n)
	}
	return f.Sync()
}

// lastWriter waits for the writing connection. Where it was given up and the WAL is to be wiped it is opened again, if it can
// be: whoever is closed last must not be a reader, which would remove the WAL as it is.
func (db *DB) lastWriter() *conn {
	c := <-db.writer
	if c == nil && db.options.WipeLog && !db.options.ReadOnly {
		c, _ = openConn(db.options, writing)
	}
	return c
}
