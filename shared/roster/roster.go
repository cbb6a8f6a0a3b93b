// Package roster owns what devices are told of the staff of the centre whose names stand in records: what somebody is called,
// and of which unit he is. The centre publishes it with the first act of an account that a device receives, and again when
// it has altered (Pack); devices read all of it together (Learn).
//
// A publication cannot be taken back from the devices that hold it, so nobody is in it who has not acted towards them, and
// of those that have nothing but what a letter of theirs would bear. The account by which somebody signs in is not in it
// either: only a sum, by which who holds a record of his finds him.
package roster

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/record"
)

// Topics begins the topics of the publications. Each has one of its own, by what is in it, so that it need not name those before:
// they add to each other, and for Learn none replaces another.
const Topics = "staff/"

// Person is somebody of the centre's staff, as of some moment.
type Person struct {
	Account string // by which records name him; Learn cannot know it, and leaves it empty
	Name    string // what he is called
	Unit    string // the code of the unit whose he is
}

// The payload of a publication: one byte that says the format, how many people, the sum of the account of each, and then
// deflated a line for each, in the same order: name and unit with a tab between. What stands behind another tab is passed over,
// so there is room for more. Formats that were ever written stay readable.
const formatLines = 1

// Limits of one publication.
const (
	// MaxPeople bounds the people in it.
	MaxPeople = 10_000
	maxPlain  = 4 << 20 // bytes, unfolded
)

// sum is by which an account is found: enough against chance among all the staff of a country.
type sum [6]byte

func sumOf(account string) (s sum) {
	all := blake2b.Sum256([]byte("banlang staff 1\n" + account))
	copy(s[:], all[:])
	return s
}

// Pack writes the publication that tells of some people, at most MaxPeople. Tabs and line ends in what they are called are
// refused.
func Pack(people []Person) (topic string, payload []byte, err error) {
	people = slices.Clone(people) // by unit they take less
	slices.SortFunc(people, func(a, b Person) int {
		return cmp.Or(strings.Compare(a.Unit, b.Unit), strings.Compare(a.Name, b.Name), strings.Compare(a.Account, b.Account))
	})
	if len(people) > MaxPeople {
		return "", nil, fmt.Errorf("roster: %d people, at most %d", len(people), MaxPeople)
	}
	payload = binary.AppendUvarint([]byte{formatLines}, uint64(len(people)))
	var lines strings.Builder
	for _, p := range people {
		if strings.ContainsAny(p.Name+p.Unit, "\t\n\r") {
			return "", nil, fmt.Errorf("roster: a tab or line end in %q, %q", p.Name, p.Unit)
		}
		s := sumOf(p.Account)
		payload = append(payload, s[:]...)
		lines.WriteString(p.Name + "\t" + p.Unit + "\n")
	}
	packed := bytes.NewBuffer(payload)
	w, err := flate.NewWriter(packed, flate.BestCompression)
	if err == nil {
		_, err = io.WriteString(w, lines.String())
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil && packed.Len() > record.MaxPayloadBytes {
		err = fmt.Errorf("roster: %d bytes, at most %d", packed.Len(), record.MaxPayloadBytes)
	}
	name := blake2b.Sum256(packed.Bytes())
	return Topics + hex.EncodeToString(name[:3]), packed.Bytes(), err
}

// Roster is all that was told of staff. It is never altered, and safe for concurrent use; nil knows nobody.
type Roster struct {
	of map[sum][]entry // the earliest first
}

type entry struct {
	since record.Millis
	dot   record.Dot
	Person
}

// Learn reads all publications that are held, in any order; other topics are passed over. One that cannot be read, of a later
// version of the program, tells nothing, and the others stand.
func Learn(publications []*record.Change) *Roster {
	r := &Roster{of: map[sum][]entry{}}
	for _, c := range publications {
		if strings.HasPrefix(c.Topic, Topics) {
			_ = r.add(c) // as the contract says
		}
	}
	for _, of := range r.of {
		slices.SortFunc(of, func(a, b entry) int { return cmp.Or(cmp.Compare(a.since, b.since), a.dot.Compare(b.dot)) })
	}
	return r
}

// add takes one publication whole, or nothing of it.
func (r *Roster) add(c *record.Change) error {
	if len(c.Payload) == 0 || c.Payload[0] != formatLines {
		return errors.New("roster: a format of a later version")
	}
	n, size := binary.Uvarint(c.Payload[1:])
	sums := c.Payload[1+max(0, size):]
	if size <= 0 || n > MaxPeople || len(sums) < int(n)*len(sum{}) {
		return errors.New("roster: its sums are damaged")
	}
	text := flate.NewReader(bytes.NewReader(sums[int(n)*len(sum{}):]))
	plain, err := io.ReadAll(io.LimitReader(text, maxPlain+1))
	if err != nil || len(plain) > maxPlain {
		return errors.Join(err, errors.New("roster: its lines are damaged"))
	}
	lines := strings.SplitAfter(string(plain), "\n")
	if len(lines) != int(n)+1 || lines[n] != "" {
		return fmt.Errorf("roster: %d lines for %d people", len(lines)-1, n)
	}
	for i, line := range lines[:n] {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) < 2 {
			return errors.New("roster: a line without a unit")
		}
		s := sum(sums[i*len(sum{}):])
		r.of[s] = append(r.of[s], entry{c.Time, c.Dot, Person{Name: fields[0], Unit: fields[1]}})
	}
	return nil
}

// At is who an account was at a moment: what he is called by now, and the unit whose he was then. What was written before
// anything was told of him counts to the first that was. It reports false for an account that nothing was told of.
func (r *Roster) At(account string, at record.Millis) (p Person, ok bool) {
	if r == nil {
		return p, false
	}
	of := r.of[sumOf(account)]
	if len(of) == 0 {
		return p, false
	}
	p = of[0].Person
	for _, e := range of {
		if e.since <= at {
			p = e.Person
		}
	}
	p.Name = of[len(of)-1].Name
	return p, true
}
