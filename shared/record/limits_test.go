package record

import (
	"fmt"
	"strings"
	"testing"
)

// many returns n edits of different paths.
func many(n int) (edits []Edit) {
	for i := range n {
		edits = append(edits, Edit{Path: fmt.Sprintf("f%05d", i)})
	}
	return edits
}

func manyDots(n int) (ds []Dot) {
	for i := range n {
		ds = append(ds, Dot{7, Number(i + 1)})
	}
	return ds
}

func long(n int) string { return strings.Repeat("x", n) }

// TestLimits: each named limit holds at the limit and one above, when a change is sealed and when it is read.
func TestLimits(t *testing.T) {
	edit := func(e Edit) Change { return Change{Record: Dot{7, 1}, Edits: []Edit{e}} }
	grant := func(fs []Feed) Change { return Change{Kind: KindGrant, Replica: Centre, Grantee: 24, Feeds: fs} }
	feeds := func(n int) (fs []Feed) {
		for i := range n {
			fs = append(fs, Feed(fmt.Sprint("U", i)))
		}
		return fs
	}
	for name, x := range map[string]struct {
		limit int
		make  func(n int) Change
	}{
		"MaxEdits":            {MaxEdits, func(n int) Change { return Change{Record: Dot{7, 1}, Edits: many(n)} }},
		"MaxPathBytes":        {MaxPathBytes, func(n int) Change { return edit(Edit{Path: long(n)}) }},
		"MaxValueBytes":       {MaxValueBytes, func(n int) Change { return edit(Edit{Path: "a", Value: long(n)}) }},
		"MaxDots, replaced":   {MaxDots, func(n int) Change { return edit(Edit{Path: "a", Replaces: manyDots(n)}) }},
		"MaxDots, seen":       {MaxDots, func(n int) Change { return edit(Edit{Path: PathLife, Seen: manyDots(n)}) }},
		"MaxDots, units seen": {MaxDots, func(n int) Change { return Change{Record: Dot{7, 1}, FeedSeen: manyDots(n)} }},
		"MaxDots, verdicts": {MaxDots, func(n int) Change {
			return Change{Kind: KindVerdict, Target: Dot{7, 1}, Record: Dot{7, 1}, Replaces: manyDots(n)}
		}},
		"MaxNameBytes, officer": {MaxNameBytes, func(n int) Change { return Change{Record: Dot{7, 1}, Officer: long(n)} }},
		"MaxNameBytes, form":    {MaxNameBytes, func(n int) Change { return Change{Record: Dot{7, 1}, Form: FormRef{ID: long(n)}} }},
		"MaxNameBytes, reason": {MaxNameBytes, func(n int) Change {
			return Change{Kind: KindVerdict, Target: Dot{7, 1}, Reason: long(n)}
		}},
		"MaxNameBytes, feed":  {MaxNameBytes, func(n int) Change { return grant([]Feed{Feed(long(n))}) }},
		"MaxFeeds":            {MaxFeeds, func(n int) Change { return grant(feeds(n)) }},
		"MaxPayloadBytes":     {MaxPayloadBytes, func(n int) Change { return Change{Kind: KindPublish, Topic: "t", Payload: make([]byte, n)} }},
		"MaxNameBytes, topic": {MaxNameBytes, func(n int) Change { return Change{Kind: KindPublish, Topic: long(n)} }},
		"MaxEdits, erased":    {MaxEdits, func(n int) Change { return Change{Kind: KindErase, Record: Dot{7, 1}, Paths: make([]string, n)} }},
		"MaxChangeBytes":      {MaxChangeBytes, exactly},
	} {
		t.Run(name, func(t *testing.T) {
			at, above := x.make(x.limit), x.make(x.limit+1)
			at.Dot, above.Dot = Dot{7, 9}, Dot{7, 9}
			if err := at.sealAs(); err != nil {
				t.Errorf("at the limit: %v", err)
			} else if _, err := Decode(at.Encoded()); err != nil {
				t.Errorf("at the limit, read: %v", err)
			}
			if err := above.sealAs(); err == nil {
				t.Error("one above the limit was sealed")
			}
		})
	}
}

// exactly makes a change whose encoding has n bytes.
func exactly(n int) Change {
	c := Change{Dot: Dot{7, 9}, Record: Dot{7, 1}}
	for i := range 17 {
		c.Edits = append(c.Edits, Edit{Path: fmt.Sprintf("f%02d", i), Value: long(MaxValueBytes - 4000)})
	}
	size := func(last int) int {
		x := c
		x.Edits = append([]Edit(nil), c.Edits...)
		x.Edits[16].Value = long(last)
		if x.sealAs() != nil {
			return MaxChangeBytes + 1
		}
		return len(x.Encoded())
	}
	c.Edits[16].Value = long(20000 + n - size(20000))
	return c
}

// TestNumbersAtTheLimit: the greatest number can be written, the one above it cannot.
func TestNumbersAtTheLimit(t *testing.T) {
	for n, ok := range map[Number]bool{0: false, 1: true, MaxNumber: true, MaxNumber + 1: false, 1<<64 - 1: false} {
		c := Change{Dot: Dot{7, n}, Edits: []Edit{{Path: "a"}}}
		if err := c.sealAs(); (err == nil) != ok {
			t.Errorf("number %d: %v", n, err)
		}
	}
}

// TestSealRefuses: a change that no end would read is not written in the first place.
func TestSealRefuses(t *testing.T) {
	for name, c := range map[string]Change{
		"no run":                {Dot: Dot{0, 1}},
		"a time before 1970":    {Time: -1},
		"paths out of order":    {Edits: []Edit{{Path: "b"}, {Path: "a"}}},
		"one path twice":        {Edits: []Edit{{Path: "a"}, {Path: "a"}}},
		"an empty path":         {Edits: []Edit{{Path: ""}}},
		"no UTF-8":              {Edits: []Edit{{Path: "a", Value: "\xff"}}},
		"a parent in between":   {Dot: Dot{7, 9}, Parent: Dot{6, 3}},
		"a younger parent":      {Dot: Dot{7, 2}, Parent: Dot{6, 3}},
		"half a parent":         {Dot: Dot{7, 1}, Parent: Dot{6, 0}},
		"half a record":         {Record: Dot{0, 24}},
		"half a grant":          {Grant: Dot{5, 0}},
		"half a name replaced":  {Edits: []Edit{{Path: "a", Replaces: []Dot{{0, 4}}}}},
		"nothing replaced":      {Edits: []Edit{{Path: "a", Replaces: []Dot{{}}}}},
		"nothing seen":          {Edits: []Edit{{Path: PathLife, Seen: []Dot{{}}}}},
		"a verdict on nothing":  {Kind: KindVerdict},
		"a verdict with values": {Kind: KindVerdict, Target: Dot{7, 1}, Edits: []Edit{{Path: "a"}}},
		"a grant with values":   {Kind: KindGrant, Edits: []Edit{{Path: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.Dot.IsZero() {
				c.Dot = Dot{7, 9}
			}
			if err := c.sealAs(); err == nil {
				t.Error("sealed")
			}
		})
	}
}
