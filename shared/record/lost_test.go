package record

import "testing"

// TestTheOrderThatHolds is the one with the highest serial about this very machine, by the centre, whatever the clocks say.
func TestTheOrderThatHolds(t *testing.T) {
	publish := func(by ReplicaID, topic string, at Millis, o LostOrder) *Change {
		return &Change{Kind: KindPublish, Replica: by, Topic: topic, Time: at, Payload: o.Payload()}
	}
	mine := func(serial uint64, lost bool) LostOrder { return LostOrder{serial, lost, "blmay1-a"} }
	lost, found := publish(Centre, LostTopic(24), 100, mine(1, true)), publish(Centre, LostTopic(24), 50, mine(2, false))
	for name, c := range map[string]struct {
		published []*Change
		want      LostOrder
	}{
		"none":                   {nil, LostOrder{}},
		"lost":                   {[]*Change{lost}, mine(1, true)},
		"found, by a slow clock": {[]*Change{found, lost}, mine(2, false)},
		"lost again":             {[]*Change{publish(Centre, LostTopic(24), 1, mine(3, true)), lost, found}, mine(3, true)},
		"by somebody else":       {[]*Change{publish(24, LostTopic(24), 1, mine(9, true))}, LostOrder{}},
		"about another number":   {[]*Change{publish(Centre, LostTopic(2), 1, mine(9, true))}, LostOrder{}},
		"about another key":      {[]*Change{publish(Centre, LostTopic(24), 1, LostOrder{9, true, "blmay1-b"})}, LostOrder{}},
		"no order": {[]*Change{{Replica: Centre, Topic: LostTopic(24), Payload: []byte("lost 9 blmay1-a ")},
			{Replica: Centre, Topic: LostTopic(24), Payload: []byte("wipe 9 blmay1-a")}, {Replica: Centre, Topic: LostTopic(24)}}, LostOrder{}},
	} {
		if got := OrderOf(c.published, 24, "blmay1-a"); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for _, o := range []LostOrder{mine(1, true), mine(1<<63, false)} {
		if got, ok := ParseLostOrder(o.Payload()); !ok || got != o {
			t.Errorf("%+v comes back as %+v, %v", o, got, ok)
		}
	}
}
