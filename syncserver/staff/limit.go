package staff

import (
	"context"
	"encoding/hex"
	"errors"
	"net/netip"
	"time"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// What slows sign-ins down. Nothing here locks anybody out: the longest pause is a quarter of an hour, and who signs in from
// where he signed in before is held up by his own slips only, not by what others try elsewhere.
const (
	freeTries   = 5  // wrong ones in a row, of one account
	freeNetwork = 20 // of one address, behind which there may be an office
	firstWait   = clock.WallMillis(30 * time.Second / time.Millisecond)
	longestWait = clock.WallMillis(15 * time.Minute / time.Millisecond)
	halfLife    = clock.WallMillis(time.Hour / time.Millisecond) // after which half of the slips are forgotten

	// maxTries bounds the rows of what strangers tried: addresses, and names that nobody has. The oldest make room.
	maxTries   = 10_000
	triesSlack = 500
	maxKnown   = 20 // networks of an account

	// Argon2id takes 64 MiB a guess, so two guesses run at once. Strangers have one of the two places at most.
	maxGuesses   = 2
	maxStrangers = 1
	maxLine      = 16 // who waits for a place, in either line
)

// Wait is in the chain of fault.SignInWait.
type Wait struct{ Until time.Time }

func (w *Wait) Error() string { return "no sign-in before " + w.Until.Format(time.RFC3339) }

func wait(until clock.WallMillis) error {
	return fault.New(fault.SignInWait, "staff.Login", &Wait{Until: until.Time()})
}

// line is where guesses wait for a place. A full line turns away at once: memory and patience are both bounded.
type line struct {
	waiting chan struct{}
	places  []chan struct{} // to be taken in this order
}

// gate are the two lines, for who is known and for strangers.
type gate struct{ known, strangers line }

func newGate() *gate {
	all, few := make(chan struct{}, maxGuesses), make(chan struct{}, maxStrangers)
	return &gate{
		known:     line{make(chan struct{}, maxLine), []chan struct{}{all}},
		strangers: line{make(chan struct{}, maxLine), []chan struct{}{few, all}},
	}
}

// enter waits for a place and returns what gives it back; errFull when too many wait.
func (l *line) enter(ctx context.Context) (leave func(), err error) {
	select {
	case l.waiting <- struct{}{}:
	default:
		return nil, errFull
	}
	defer func() { <-l.waiting }()
	for i, place := range l.places {
		select {
		case place <- struct{}{}:
		case <-ctx.Done():
			l.leave(i)
			return nil, ctx.Err()
		}
	}
	return func() { l.leave(len(l.places)) }, nil
}

func (l *line) leave(n int) {
	for _, place := range l.places[:n] {
		<-place
	}
}

var errFull = errors.New("too many sign in at once")

// networkOf is what counts as one address: an IPv4 address, or the half of an IPv6 one that a subscriber is given.
func networkOf(from string) string {
	a, err := netip.ParseAddr(from)
	if err != nil {
		return from[:min(len(from), 64)]
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		p, _ := a.Prefix(64) // never fails for this length
		return p.String()
	}
	return a.String()
}

// bound is one of the counts that a try goes against.
type bound struct {
	key  string
	free int
}

// boundsOf are the counts for a try of a name from a network. A name that nobody has counts as one that somebody has does, under
// its hash: people type passphrases there.
func boundsOf(name, network string, exists, known bool) []bound {
	if known {
		return []bound{{"k:" + name + " " + network, freeTries}}
	}
	of := "a:" + name
	if !exists {
		sum := blake2b.Sum256([]byte(name))
		of = "u:" + hex.EncodeToString(sum[:16])
	}
	return []bound{{of, freeTries}, {"n:" + network, freeNetwork}}
}

// slips is how many wrong tries still count, and when the last one was. One of the future was noted by a clock that was set back
// since: nobody waits for that day, and the next try is noted by the clock that holds.
func slips(tx *sqlite.Tx, key string, now clock.WallMillis) (wrong int, last clock.WallMillis, err error) {
	row, err := tx.One("SELECT wrong, last FROM tries WHERE key = ?", key)
	if errors.Is(err, sqlite.ErrNoRow) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	if last = clock.WallMillis(row.Int64(1)); last > now {
		return int(row.Int64(0)), now - longestWait, nil
	}
	return int(row.Int64(0) >> min(62, (now-last)/halfLife)), last, nil
}

// waitUntil is when the next try may be made; not after now: at once.
func waitUntil(tx *sqlite.Tx, of []bound, now clock.WallMillis) (until clock.WallMillis, err error) {
	for _, b := range of {
		wrong, last, err := slips(tx, b.key, now)
		if err != nil {
			return 0, err
		}
		if over := wrong - b.free; over >= 0 {
			pause := longestWait
			if over < 5 {
				pause = min(longestWait, firstWait<<over)
			}
			until = max(until, last+pause)
		}
	}
	return until, nil
}

// count notes a try as wrong before it is made, so that ending the program does not undo it.
func count(tx *sqlite.Tx, of []bound, now clock.WallMillis) error {
	for _, b := range of {
		wrong, _, err := slips(tx, b.key, now)
		if err != nil {
			return err
		}
		err = tx.Exec("INSERT INTO tries VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET wrong = excluded.wrong, last = excluded.last",
			b.key, min(wrong+1, 1<<20), int64(now))
		if err != nil {
			return err
		}
	}
	return nil
}

// uncount takes back what count noted for a try that was right: all of the account's, and one of the network's, whose others may
// be somebody else's.
func uncount(tx *sqlite.Tx, of []bound) error {
	for i, b := range of {
		query := "DELETE FROM tries WHERE key = ?"
		if i > 0 {
			query = "UPDATE tries SET wrong = max(0, wrong - 1) WHERE key = ?"
		}
		if err := tx.Exec(query, b.key); err != nil {
			return err
		}
	}
	return nil
}

// prune removes the oldest rows of strangers beyond their bound.
func prune(tx *sqlite.Tx) error {
	return tx.Exec(`DELETE FROM tries WHERE key IN (SELECT key FROM tries WHERE key >= 'n:' AND key < 'v'
		ORDER BY last DESC LIMIT -1 OFFSET ?)`, maxTries)
}
