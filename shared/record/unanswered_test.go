package record

import "testing"

func TestARejectionIsAnsweredByWhoNamesIt(t *testing.T) {
	dot := func(n Number) Dot { return Dot{Run: 7, N: n} }
	edit := func(n Number, edits ...Edit) *Change {
		c := &Change{Dot: dot(n), Replica: 24, Kind: KindEdit, Record: dot(1), Body: BodyHere, Time: Millis(n), Edits: edits}
		if n == 1 {
			c.Record = Dot{}
		}
		return c
	}
	reject := func(n, target Number) *Change {
		return &Change{Dot: Dot{Run: 1, N: n}, Replica: Centre, Kind: KindVerdict, Record: dot(1), Target: dot(target), Rejected: true, Reason: "type"}
	}
	base := []*Change{edit(1, Edit{Path: "a", Value: "1"}), edit(2, Edit{Path: "a", Value: "x", Replaces: []Dot{dot(1)}}, Edit{Path: "b", Value: "y"}), reject(1, 2)}
	for name, x := range map[string]struct {
		more []*Change
		want int
	}{
		"nobody has":         {nil, 1},
		"one of two values":  {[]*Change{edit(3, Edit{Path: "a", Value: "2", Replaces: []Dot{dot(1), dot(2)}})}, 1},
		"not named":          {[]*Change{edit(3, Edit{Path: "a", Value: "2", Replaces: []Dot{dot(1)}}, Edit{Path: "b", Value: "z"})}, 1},
		"both":               {[]*Change{edit(3, Edit{Path: "a", Value: "2", Replaces: []Dot{dot(1), dot(2)}}, Edit{Path: "b", Value: "z", Replaces: []Dot{dot(2)}})}, 0},
		"both, one each":     {[]*Change{edit(3, Edit{Path: "a", Value: "2", Replaces: []Dot{dot(2)}}), edit(4, Edit{Path: "b", Value: "z", Replaces: []Dot{dot(2)}})}, 0},
		"by what is refused": {[]*Change{edit(3, Edit{Path: "a", Value: "2", Replaces: []Dot{dot(2)}}, Edit{Path: "b", Value: "z", Replaces: []Dot{dot(2)}}), reject(2, 3)}, 2},
		"a creation":         {[]*Change{reject(2, 1), edit(3, Edit{Path: "a", Value: "2", Replaces: []Dot{dot(1), dot(2)}}, Edit{Path: "b", Value: "z", Replaces: []Dot{dot(2)}})}, 1},
	} {
		all := append(append([]*Change{}, base...), x.more...)
		if got := Fold(dot(1), all).Unanswered(all); len(got) != x.want {
			t.Errorf("%s: %d ask: %+v", name, len(got), got)
		}
	}
}
