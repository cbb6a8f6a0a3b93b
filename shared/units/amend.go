package units

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/planted"
	"banlang/shared/record"
)

// TopicAmended is what the centre publishes what has changed under since the whole tree was published: all of that, each
// time. A telephone number that changes costs a device a hundred bytes then, and not the tree. It counts for the one tree
// that it names.
const TopicAmended = "units/amended"

// Amendments of up to small bytes, or of up to that part of the tree, are published as such; larger ones as a whole tree.
const (
	small     = 512
	smallPart = 8
)

// lenSum is the length of the sum by which amendments name the payload of their tree: enough against chance, and only the
// centre publishes.
const lenSum = 8

// Publish gives the topic and payload by which a tree comes to hold where others were published before, by their topics. A
// tree of a later version of the program is not published over.
func (t *Tree) Publish(published map[string][]byte) (topic string, payload []byte, err error) {
	whole, err := t.Pack()
	if err != nil {
		return "", nil, err
	}
	if len(whole) > record.MaxPayloadBytes {
		return "", nil, fmt.Errorf("units: a tree of %d bytes, at most %d", len(whole), record.MaxPayloadBytes)
	}
	base := published[Topic]
	old := &Tree{}
	if len(base) > 0 {
		if old, err = Unpack(base); err != nil {
			return "", nil, err
		}
	}
	if len(base) == 0 || !slices.Equal(old.levels, t.levels) {
		return Topic, whole, nil
	}
	rows, err := New(nil, t.since(old)).Pack()
	if err != nil {
		return "", nil, err
	}
	if len(rows) > max(small, len(whole)/smallPart) {
		return Topic, whole, nil
	}
	return TopicAmended, append(sum(base), rows...), nil
}

// Learn reads the tree that holds among all publications; nil when none was published, or it was withdrawn. One that cannot
// be read is an error: it comes from a later version of the program.
func Learn(publications []*record.Change) (*Tree, error) {
	now := record.Published(publications)
	c := now[Topic]
	if c == nil || len(c.Payload) == 0 {
		return nil, nil
	}
	t, err := Unpack(c.Payload)
	if a := now[TopicAmended]; a != nil && err == nil {
		rows, ok := bytes.CutPrefix(a.Payload, sum(c.Payload))
		if planted.On(planted.TreeMixed) {
			rows, ok = a.Payload[lenSum:], true
		}
		if ok {
			var changed *Tree
			if changed, err = Unpack(rows); err == nil {
				return t.amended(changed), nil
			}
		}
	}
	return t, err
}

func sum(payload []byte) []byte {
	all := blake2b.Sum256(payload)
	return all[:lenSum:lenSum]
}

// since lists all rows of the codes that have others in old; a code that is gone has one row with nothing else in it.
func (t *Tree) since(old *Tree) (rows []Unit) {
	of := func(t *Tree, code string) (all []Unit) {
		for _, i := range t.rows[code] {
			all = append(all, t.units[i])
		}
		return all
	}
	for code := range t.rows {
		if all := of(t, code); !reflect.DeepEqual(all, of(old, code)) {
			rows = append(rows, all...)
		}
	}
	for code := range old.rows {
		if len(t.rows[code]) == 0 {
			rows = append(rows, Unit{Code: code})
		}
	}
	return rows
}

// amended is the tree with the rows of some codes instead of its own.
func (t *Tree) amended(changed *Tree) *Tree {
	var all []Unit
	for _, u := range t.units {
		if len(changed.rows[u.Code]) == 0 {
			all = append(all, u)
		}
	}
	for _, u := range changed.units {
		if !reflect.DeepEqual(u, Unit{Code: u.Code}) {
			all = append(all, u)
		}
	}
	return New(t.levels, all)
}
