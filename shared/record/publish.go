package record

// TopicForm begins the topics under which forms are published; the id of the form follows.
const TopicForm = "form/"

// Published groups publications by their topic, and gives of each the one that holds: of those that no other replaces, the
// latest. There is more than one only after a centre was restored, and then the greatest dot would be anybody's. One with
// an empty payload says that nothing holds.
func Published(publications []*Change) map[string]*Change {
	gone := map[Dot]bool{}
	for _, c := range publications {
		for _, d := range c.Replaces {
			gone[d] = true
		}
	}
	now := map[string]*Change{}
	for _, c := range publications {
		if old := now[c.Topic]; !gone[c.Dot] && (old == nil || old.Time < c.Time || old.Time == c.Time && old.Dot.Compare(c.Dot) < 0) {
			now[c.Topic] = c
		}
	}
	return now
}
