// Package audit owns the chain of what staff did: who, what, why, from where. Entries are only added; each is hashed over the
// one before it, so that one that was altered or taken out is found, and named. It has one table and its triggers, in a
// database that its owner opens.
//
// An entry names records and units by their codes and holds no answer of any record. What was searched for is enciphered under
// the key of its day, and the key is destroyed after KeepTerms; the chain is over what was enciphered and stays whole.
//
// Two files stand beside the database, outside every backup: the heads that the chain had, so that a chain that was cut short
// or written anew is noticed, and the keys of the terms.
package audit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"banlang/shared/clock"
	"banlang/shared/sqlite"
)

// Entry is one line of the audit.
type Entry struct {
	Seq     int64            // its place in the chain, from 1; given by the log
	At      clock.WallMillis // given by the log when 0
	Account string           // whose; "" for who works at the centre's machine, and for the centre itself
	From    string           // network address, or name of the machine's account
	Act     string           // what: "record.read", "session.begin"
	Unit    string           // whose record, device or account it was about
	Form    string
	Record  string // dot of the record, or whatever else it was about: number of a device, name of an account
	Reason  string // one line: as the person gave it, or of what is read without asking, what led there
	Count   int64  // how many records: of a list, an export
	Terms   string // what was searched for; "" after its key is gone (Expired)
	Expired bool   // there were terms, and their key is gone
}

// Limits.
const (
	// KeepTerms is how long search terms can be read.
	KeepTerms = 90 * 24 * time.Hour
	// MaxText bounds each text of an entry in bytes; what is longer is cut.
	MaxText = 1000
	// MaxPage bounds a page of List.
	MaxPage = 500
)

// Filter chooses entries; zero members choose all.
type Filter struct {
	Account, Act, Form, Record string           // equal to it; an Act that ends in "." stands for all that begin so
	Units, Accounts            []string         // of one of these units or by one of these accounts; both nil: of all
	From, To                   clock.WallMillis // From <= At < To
	Before                     int64            // older than this place: the next page
	Limit                      int              // 0: MaxPage
}

// State is what a look at the whole chain found.
type State struct {
	Entries int64
	Head    string           // of the last entry, 64 hexadecimal digits: to be written down elsewhere
	Last    clock.WallMillis // when it was made; 0: there is none
}

// Files are what stands beside the database, outside every backup.
type Files struct{ Heads, TermKeys string }

// Log is the audit of a centre. Its methods may be called from any goroutine.
type Log struct {
	db    *sqlite.DB
	files Files
	keys  *keys
	wall  clock.Wall

	mu    sync.Mutex
	noted int64 // the last place in the file of heads
}

// Open reads the chain of a database that has had Migration, and destroys the keys that are too old. The chain is verified by
// Verify only: an audit that was tampered with still takes new entries.
func Open(ctx context.Context, db *sqlite.DB, files Files, wall clock.Wall) (*Log, error) {
	k, err := loadKeys(files.TermKeys)
	if err != nil {
		return nil, err
	}
	h, err := readHeads(files.Heads)
	if err != nil {
		return nil, err
	}
	l := &Log{db: db, files: files, keys: k, wall: wall, noted: h.last}
	return l, errors.Join(k.expire(wall()), l.Note(ctx, 1))
}

// Write adds entries durably, in one transaction.
func (l *Log) Write(ctx context.Context, entries ...Entry) error {
	err := l.db.Update(ctx, func(tx *sqlite.Tx) error { return l.Append(tx, entries...) })
	if err == nil {
		l.Settle(ctx)
	}
	return err
}

// Append adds entries within a transaction of the database's owner, who calls Settle after its commit.
func (l *Log) Append(tx *sqlite.Tx, entries ...Entry) error {
	seq, head, err := end(tx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		seq++
		r := &row{Entry: e}
		r.Seq = seq
		if r.At == 0 {
			r.At = l.wall()
		}
		for _, text := range []*string{&r.Account, &r.From, &r.Act, &r.Unit, &r.Form, &r.Record, &r.Reason, &r.Terms} {
			*text = oneLine(*text)
		}
		if r.Terms != "" {
			if r.terms, err = l.keys.seal(r.Terms, seq, r.At); err != nil {
				return err
			}
		}
		r.hash = r.after(head)
		head = r.hash
		if err := insert(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// oneLine makes a text one line of at most MaxText bytes, without what a terminal would obey.
func oneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		if !unicode.IsGraphic(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, " "))
	if len(s) > MaxText {
		end := MaxText
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	return s
}

// Settle notes the head in its file when enough entries came since the last one. What was committed is done whatever becomes of
// that: where it fails it is tried again with the next entry, and Verify tells.
func (l *Log) Settle(ctx context.Context) { _ = l.Note(context.WithoutCancel(ctx), headEvery) }

// Note notes the head in its file when at least so many entries came since the last one.
func (l *Log) Note(ctx context.Context, least int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	seq, head, err := l.end(ctx)
	if err != nil || seq-l.noted < least {
		return err
	}
	if err = addHead(l.files.Heads, "", seq, head, l.wall()); err == nil {
		l.noted = seq
	}
	return err
}

func (l *Log) end(ctx context.Context) (seq int64, head hash, err error) {
	err = l.db.View(ctx, func(tx *sqlite.Tx) (err error) {
		seq, head, err = end(tx)
		return err
	})
	return seq, head, err
}

// List returns entries, newest first, with their terms as far as those can still be read.
func (l *Log) List(ctx context.Context, f Filter) (found []Entry, err error) {
	if err := l.keys.expire(l.wall()); err != nil {
		return nil, err
	}
	where, args := f.where()
	limit := f.Limit
	if limit <= 0 || limit > MaxPage {
		limit = MaxPage
	}
	err = l.db.View(ctx, func(tx *sqlite.Tx) error {
		rows := tx.Query("SELECT "+columns+" FROM audit WHERE "+where+" ORDER BY seq DESC LIMIT ?", append(args, limit)...)
		for rows.Next() {
			r := read(rows)
			if r.terms != nil {
				terms, ok := l.keys.open(r.terms, r.Seq)
				r.Terms, r.Expired = terms, !ok
			}
			found = append(found, r.Entry)
		}
		return rows.Err()
	})
	return found, err
}

func (f *Filter) where() (condition string, args []any) {
	parts := []string{"1"}
	add := func(part string, with ...any) {
		parts, args = append(parts, part), append(args, with...)
	}
	for _, is := range [][2]string{{"account", f.Account}, {"form", f.Form}, {"record", f.Record}} {
		if is[1] != "" {
			add(is[0]+" = ?", is[1])
		}
	}
	if stem, all := strings.CutSuffix(f.Act, "."); all {
		add("act >= ? AND act < ?", stem+".", stem+"/") // the character behind the point
	} else if f.Act != "" {
		add("act = ?", f.Act)
	}
	if f.Units != nil || f.Accounts != nil {
		add("(unit IN (SELECT value FROM json_each(?)) OR account IN (SELECT value FROM json_each(?)))", sqlite.List(f.Units), sqlite.List(f.Accounts))
	}
	if f.From != 0 {
		add("at >= ?", int64(f.From))
	}
	if f.To != 0 {
		add("at < ?", int64(f.To))
	}
	if f.Before != 0 {
		add("seq < ?", f.Before)
	}
	return strings.Join(parts, " AND "), args
}

// Verify walks the whole chain and holds it against the file of heads. A break is a *Broken; a head that is due and cannot be noted
// is a fault too.
func (l *Log) Verify(ctx context.Context) (State, error) {
	s, err := Verify(ctx, l.db, l.files.Heads)
	return s, errors.Join(err, l.Note(ctx, headEvery))
}

// Verify is Log.Verify of a database that is only read.
func Verify(ctx context.Context, db *sqlite.DB, headsFile string) (s State, err error) {
	known, err := readHeads(headsFile) // before the chain, which may grow meanwhile
	if err != nil {
		return s, err
	}
	head := hash{}
	err = db.View(ctx, func(tx *sqlite.Tx) error {
		return walk(tx, 0, hash{}, func(r *row) error {
			if h, ok := known.of[r.Seq]; ok && h != r.hash {
				return &Broken{r.Seq, "the file of heads knows another one here"}
			}
			s.Entries, s.Last, head = r.Seq, r.At, r.hash
			return nil
		})
	})
	if err == nil && known.last > s.Entries {
		err = &Broken{s.Entries + 1, fmt.Sprintf("it is missing, with all up to %d", known.last)}
	}
	s.Head = head.String()
	return s, err
}

// Restored says in the file of heads that the chain is that of a database from now on: heads behind the last place at which the two
// agree count no more.
func Restored(ctx context.Context, db *sqlite.DB, headsFile string, now clock.WallMillis) error {
	known, err := readHeads(headsFile)
	if err != nil {
		return err
	}
	var agreed int64
	var head hash
	err = db.View(ctx, func(tx *sqlite.Tx) error {
		for seq, h := range known.of {
			row, err := tx.One("SELECT hash FROM audit WHERE seq = ?", seq)
			if err != nil && !errors.Is(err, sqlite.ErrNoRow) {
				return err
			}
			if err == nil && seq > agreed && string(row.Bytes(0)) == string(h[:]) {
				agreed, head = seq, h
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return addHead(headsFile, "restored ", agreed, head, now)
}
