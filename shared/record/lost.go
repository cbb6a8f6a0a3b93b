package record

import (
	"fmt"
	"strconv"
)

// A LostOrder is the centre's word about a machine: it was lost, and is to send what it has and then destroy its keys; or it
// was found, and nothing of that holds any more. It travels as a publication, so it is signed by the centre, comes back
// to a centre that was set back, and is kept by everybody. It names the machine's own key: a number may be given to
// another machine after a loss, a key is nobody else's.
type LostOrder struct {
	Serial  uint64 // of the orders about one machine the one with the highest holds, whatever the clocks say
	Lost    bool   // false: taken back
	Machine string // the public key that the machine signs with (seal.ReplicaPublic)
}

// LostTopic is what the orders about a machine are published under.
func LostTopic(r ReplicaID) string { return "lost/" + strconv.FormatUint(uint64(r), 10) }

const (
	wordLost  = "lost"
	wordFound = "found"
)

// Payload is the order as it is published.
func (o LostOrder) Payload() []byte {
	word := wordFound
	if o.Lost {
		word = wordLost
	}
	return fmt.Appendf(nil, "%s %d %s", word, o.Serial, o.Machine)
}

// ParseLostOrder reads what Payload wrote; ok is false for anything else.
func ParseLostOrder(payload []byte) (o LostOrder, ok bool) {
	var word string
	_, err := fmt.Sscanf(string(payload), "%s %d %s", &word, &o.Serial, &o.Machine)
	o.Lost = word == wordLost
	return o, err == nil && string(o.Payload()) == string(payload) // one order, one text
}

// OrderOf gives the order that holds about the machine with this number and key, of publications that the centre has signed;
// the zero one when there is none. What is none, or about another machine, is passed over.
func OrderOf(publications []*Change, r ReplicaID, machine string) (holds LostOrder) {
	for _, c := range publications {
		if c.Replica != Centre || c.Topic != LostTopic(r) {
			continue
		}
		if o, ok := ParseLostOrder(c.Payload); ok && o.Machine == machine && o.Serial > holds.Serial {
			holds = o
		}
	}
	return holds
}
