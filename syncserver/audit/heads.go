package audit

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/wholefile"
)

// The file of heads holds heads that the chain had, one a line: place, head, time. It is only added to. A line that begins with
// "restored" says that what the lines before it name beyond its place was lost with its database.
//
// Whoever can write both files can make them agree; the file is against a chain that was cut short or put back alone, by hand or
// by mishap. Against the rest stands the head that `syncserver check` prints, written down elsewhere.

// headEvery is how many entries there are between two lines at most.
const headEvery = 64

// heads are the lines that count for the present chain, by place.
type heads struct {
	of   map[int64]hash
	last int64 // the highest place; 0: none
}

func readHeads(path string) (h heads, err error) {
	h.of = map[int64]hash{}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, fault.New(fault.DiskIO, "audit: the heads", err)
	}
	for line := range bytes.Lines(text) { // of any length: what a power cut leaves hides none behind it
		var (
			seq  int64
			head hash
			hexa string
		)
		rest, restored := bytes.CutPrefix(line, []byte("restored "))
		if n, _ := fmt.Sscan(string(rest), &seq, &hexa); n != 2 {
			continue // a line that a power cut left half
		}
		if b, err := hex.DecodeString(hexa); err != nil || copy(head[:], b) != len(head) {
			continue
		}
		if restored {
			for at := range h.of {
				if at > seq {
					delete(h.of, at)
				}
			}
			h.last = 0
			for at := range h.of {
				h.last = max(h.last, at)
			}
		}
		if seq > 0 {
			h.of[seq], h.last = head, max(h.last, seq)
		}
	}
	return h, nil
}

// addHead writes a line durably. A half line before it is ended first.
func addHead(path, word string, seq int64, head hash, now clock.WallMillis) error {
	const op = "audit: the heads"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return fault.New(fault.DiskIO, op, err)
	}
	line := fmt.Sprintf("%s%d %s %s\n", word, seq, head, now.Time().Format("2006-01-02T15:04:05Z"))
	if info, err := f.Stat(); err == nil && info.Size() > 0 {
		tail := make([]byte, 1)
		if _, err := f.ReadAt(tail, info.Size()-1); err == nil && tail[0] != '\n' {
			line = "\n" + line
		}
	}
	_, err = f.WriteString(line)
	if err = errors.Join(err, f.Sync(), f.Close(), wholefile.SyncDir(filepath.Dir(path))); err != nil {
		return fault.New(fault.DiskIO, op, err)
	}
	return nil
}
