package record

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// story writes the changes of one record, each at the next number of a run of its own writer.
type story struct {
	t    testing.TB
	next map[RunID]Number
	all  []*Change
}

func newStory(t testing.TB) *story { return &story{t: t, next: map[RunID]Number{}} }

func (s *story) add(run RunID, c Change) *Change {
	s.t.Helper()
	s.next[run]++
	c.Dot = Dot{run, s.next[run]}
	if c.Time == 0 {
		c.Time = Millis(1000 + len(s.all))
	}
	x := sealed(s.t, c)
	s.all = append(s.all, x)
	return x
}

// made creates the record; what follows is about it.
func (s *story) made(value string) *Change {
	s.t.Helper()
	return s.add(1, Change{Form: FormRef{"tip", 1}, Edits: []Edit{{Path: PathFeed, Value: "U1/ordinary"}, {Path: "a", Value: value}}})
}

func (s *story) edit(run RunID, e ...Edit) *Change {
	s.t.Helper()
	sortEdits(e)
	return s.add(run, Change{Record: s.all[0].Dot, Edits: e})
}

// judged adds a verdict of the centre.
func (s *story) judged(c *Change, rejected bool, replaces ...Dot) *Change {
	s.t.Helper()
	return s.add(99, Change{Kind: KindVerdict, Replica: Centre, Record: s.all[0].Dot, Target: c.Dot, Rejected: rejected, Reason: "bad_value", Replaces: replaces})
}

func (s *story) view() *View { return Fold(s.all[0].Dot, s.all) }

func (v *View) texts(path string) (ts []string) {
	for _, x := range v.Field(path) {
		ts = append(ts, x.Text)
	}
	return ts
}

func shows(t *testing.T, v *View, path string, want ...string) {
	t.Helper()
	if got := v.texts(path); !slices.Equal(got, want) {
		t.Errorf("%s shows %q, want %q", path, got, want)
	}
}

// TestAnAndBaEditOneField: what An saw he replaces; what Ba writes beside it stands beside it, until somebody chooses.
func TestAnAndBaEditOneField(t *testing.T) {
	s := newStory(t)
	first := s.made("20 hộ")
	an := s.edit(2, Edit{Path: "a", Value: "25 hộ", Replaces: []Dot{first.Dot}})
	shows(t, s.view(), "a", "25 hộ")
	ba := s.edit(3, Edit{Path: "a", Value: "24 hộ", Replaces: []Dot{first.Dot}})
	shows(t, s.view(), "a", "24 hộ", "25 hộ") // the later time first
	if got := s.view().Conflicts(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("conflicts: %v", got)
	}
	s.edit(2, Edit{Path: "a", Value: "25 hộ", Replaces: []Dot{an.Dot, ba.Dot}})
	shows(t, s.view(), "a", "25 hộ")
	if got := s.view().Conflicts(); got != nil {
		t.Errorf("after the choice: %v", got)
	}
}

// TestDifferentFieldsMergeByThemselves: nobody is asked anything.
func TestDifferentFieldsMergeByThemselves(t *testing.T) {
	s := newStory(t)
	s.made("x")
	s.edit(2, Edit{Path: "b", Value: "của An"})
	s.edit(3, Edit{Path: "c", Value: "của Ba"})
	v := s.view()
	if v.Text("b") != "của An" || v.Text("c") != "của Ba" || v.Conflicts() != nil {
		t.Errorf("%+v", v.Values())
	}
}

// TestEqualAnswersAreNoConflict: both stay, and nobody is asked.
func TestEqualAnswersAreNoConflict(t *testing.T) {
	s := newStory(t)
	s.made("x")
	s.edit(2, Edit{Path: "b", Value: "25"})
	s.edit(3, Edit{Path: "b", Value: "25"})
	if v := s.view(); v.Conflicts() != nil || len(v.Field("b")) != 2 {
		t.Errorf("%v, %v", v.Conflicts(), v.texts("b"))
	}
}

// TestRejectedInTheMiddle: a rejected edit does not show, and what it replaced stays replaced by what replaced it.
func TestRejectedInTheMiddle(t *testing.T) {
	s := newStory(t)
	first := s.made("một")
	bad := s.edit(2, Edit{Path: "a", Value: "BAD", Replaces: []Dot{first.Dot}})
	verdict := s.judged(bad, true)
	shows(t, s.view(), "a", "một")
	s.edit(3, Edit{Path: "a", Value: "ba", Replaces: []Dot{bad.Dot}})
	shows(t, s.view(), "a", "ba") // not "một" beside it
	if r := s.view().Rejected; len(r) != 1 || r[0] != (Verdict{bad.Dot, verdict.Dot, "bad_value"}) {
		t.Errorf("rejections: %+v", r)
	}
	s.judged(bad, false, verdict.Dot)
	shows(t, s.view(), "a", "ba")
	if r := s.view().Rejected; r != nil {
		t.Errorf("after the release: %+v", r)
	}
}

// TestVerdicts: of concurrent verdicts acceptance wins; only the centre's count.
func TestVerdicts(t *testing.T) {
	s := newStory(t)
	first := s.made("một")
	x := s.edit(2, Edit{Path: "a", Value: "hai", Replaces: []Dot{first.Dot}})
	rejected := s.judged(x, true)
	shows(t, s.view(), "a", "một")
	s.judged(x, false) // by a centre that was restored, and did not know the other
	shows(t, s.view(), "a", "hai")
	s.judged(x, true)
	shows(t, s.view(), "a", "hai")
	s.judged(x, true, rejected.Dot)
	shows(t, s.view(), "a", "hai")
	s.add(5, Change{Kind: KindVerdict, Replica: 24, Record: first.Dot, Target: first.Dot, Rejected: true})
	if v := s.view(); !v.Created {
		t.Error("a notebook rejected a record")
	}
}

// TestRejectedCreation: the record is not there, though where it would be is known.
func TestRejectedCreation(t *testing.T) {
	s := newStory(t)
	first := s.made("x")
	s.judged(first, true)
	if v := s.view(); v.Created || !slices.Equal(v.Feeds, []Feed{"U1/ordinary"}) || len(v.Rejected) != 1 {
		t.Errorf("%+v", v)
	}
}

// TestBareCreation: a creation of which only the skeleton is here makes no record to show, wherever its other changes are;
// one that was erased by law still does.
func TestBareCreation(t *testing.T) {
	s := newStory(t)
	first := s.made("x")
	s.edit(2, Edit{Path: "b", Value: "y"})
	if v := s.view(); !v.Created {
		t.Error("with its values: not there")
	}
	s.all[0] = first.Without(BodyAbsent)
	if v := s.view(); v.Created {
		t.Error("without its values: there")
	}
	s.all[0] = first.Without(BodyErased)
	if v := s.view(); !v.Created {
		t.Error("erased: not there")
	}
}

// TestDeleteNamesWhatItSaw: a delete hides what it saw; a value written beside it brings the record back, marked.
func TestDeleteNamesWhatItSaw(t *testing.T) {
	s := newStory(t)
	first := s.made("x")
	del := s.edit(2, Edit{Path: PathLife, Value: LifeDeleted, Seen: s.view().Live("")})
	if v := s.view(); !v.Hidden || v.Marked {
		t.Errorf("deleted: hidden %v, marked %v", v.Hidden, v.Marked)
	}
	beside := s.edit(3, Edit{Path: "b", Value: "y"})
	if v := s.view(); v.Hidden || !v.Marked {
		t.Errorf("with a value beside it: hidden %v, marked %v", v.Hidden, v.Marked)
	}
	s.edit(2, Edit{Path: PathLife, Value: LifeDeleted, Seen: []Dot{first.Dot, beside.Dot}, Replaces: []Dot{del.Dot}})
	if v := s.view(); !v.Hidden {
		t.Error("deleted again, with everything seen: it shows")
	}
	s.edit(3, Edit{Path: PathLife, Value: LifeKept, Replaces: s.view().Dots(PathLife)})
	if v := s.view(); v.Hidden || v.Marked {
		t.Error("brought back: it does not show")
	}
	shows(t, s.view(), "a", "x") // a delete replaces no values
}

// TestRowsAreDeletedLikeRecords: a row goes when all of it was seen; a value written into it beside the delete brings
// that row back, and only that one.
func TestRowsAreDeletedLikeRecords(t *testing.T) {
	s := newStory(t)
	s.made("x")
	s.edit(2, Edit{Path: "items/r1/kind", Value: "súng"}, Edit{Path: "items/r2/kind", Value: "dao"})
	s.edit(2, Edit{Path: "items/r1/_life", Value: LifeDeleted, Seen: s.view().Live("items/r1/")},
		Edit{Path: "items/r2/_life", Value: LifeDeleted, Seen: s.view().Live("items/r2/")})
	if v := s.view(); !v.RowHidden("items/r1/kind") || v.RowHidden("a") || v.Hidden || len(v.Values()) != 1 {
		t.Errorf("both rows out: %v", v.Values())
	}
	s.edit(3, Edit{Path: "items/r1/count", Value: "2"})
	v := s.view()
	if v.RowHidden("items/r1/kind") || !v.RowHidden("items/r2/kind") {
		t.Error("a value written into a deleted row brings back that row")
	}
	if got := v.Values(); got["items/r1/kind"] != "súng" || got["items/r2/kind"] != "" {
		t.Errorf("values: %v", got)
	}
}

// TestMoves: the record is where its live values say; two concurrent moves put it in both.
func TestMoves(t *testing.T) {
	s := newStory(t)
	first := s.made("x")
	one := s.edit(2, Edit{Path: PathFeed, Value: "U2/ordinary", Replaces: []Dot{first.Dot}})
	if v := s.view(); !slices.Equal(v.Feeds, []Feed{"U2/ordinary"}) {
		t.Errorf("moved: %v", v.Feeds)
	}
	two := s.edit(3, Edit{Path: PathFeed, Value: "U3/tips", Replaces: []Dot{first.Dot}})
	if v := s.view(); !slices.Equal(v.Feeds, []Feed{"U2/ordinary", "U3/tips"}) {
		t.Errorf("moved twice: %v", v.Feeds)
	}
	s.judged(one, true)
	s.judged(two, true)
	if v := s.view(); !slices.Equal(v.Feeds, []Feed{"U1/ordinary"}) {
		t.Errorf("both moves rejected: %v", v.Feeds)
	}
}

// TestAddressed: beside its unit a record is where it is addressed to; a feed path that is cleared puts it nowhere, two
// answers to one are both true, and none of it is for anybody to choose.
func TestAddressed(t *testing.T) {
	s := newStory(t)
	first := s.add(1, Change{Form: FormRef{"directive", 1}, Edits: []Edit{{Path: PathFeed, Value: "U1/ordinary"}, {Path: "a", Value: "x"},
		{Path: FeedPath("U2"), Value: "U2/ordinary"}, {Path: FeedPath("U3"), Value: "U3/ordinary"}}})
	at := func(want ...Feed) {
		t.Helper()
		if v := s.view(); !slices.Equal(v.Feeds, want) || v.Conflicts() != nil {
			t.Errorf("in %v, want %v; conflicts %v", v.Feeds, want, v.Conflicts())
		}
	}
	at("U1/ordinary", "U2/ordinary", "U3/ordinary")
	s.edit(2, Edit{Path: FeedPath("U3"), Value: "", Replaces: []Dot{first.Dot}})
	at("U1/ordinary", "U2/ordinary")
	s.edit(3, Edit{Path: FeedPath("U3"), Value: "U3/tips", Replaces: []Dot{first.Dot}})
	at("U1/ordinary", "U2/ordinary", "U3/tips")
	s.edit(2, Edit{Path: PathFeed, Value: "U4/ordinary", Replaces: []Dot{first.Dot}})
	at("U2/ordinary", "U3/tips", "U4/ordinary")
	s.judged(first, true)
	if v := s.view(); v.Created || len(v.Feeds) == 0 {
		t.Errorf("rejected: %v, in %v", v.Created, v.Feeds)
	}
	for path, want := range map[string]bool{PathFeed: true, "to/U2/_unit": true, "to/_unit": false, "items/1/_unit": false, "to/U2/unit": false, PathLife: false} {
		if IsFeedPath(path) != want || want && !IsSystem(path) {
			t.Errorf("%q is a feed path: %v", path, IsFeedPath(path))
		}
	}
}

// TestNameRows: each new row of a path gets its name from the change that adds it; others keep theirs.
func TestNameRows(t *testing.T) {
	by := Dot{7, 3}
	for path, want := range map[string]string{"note": "note", "items/+1/kind": "items/" + by.RowID(1) + "/kind", "items/x/sub/+2/a": "items/x/sub/" + by.RowID(2) + "/a",
		"items/+1/sub/+2/a": "items/" + by.RowID(1) + "/sub/" + by.RowID(2) + "/a", "a+1/b": "a+1/b"} {
		if got := NameRows(path, by); got != want {
			t.Errorf("%q becomes %q, want %q", path, got, want)
		}
	}
}

// TestHolesAreNamed: a value that is not here, or was destroyed by law, stays as a named hole, and replaces as before.
func TestHolesAreNamed(t *testing.T) {
	s := newStory(t)
	first := s.made("một")
	second := s.edit(2, Edit{Path: "a", Value: "hai", Replaces: []Dot{first.Dot}})
	for state, x := range map[BodyState]*Change{BodyAbsent: second.Without(BodyAbsent), BodyErased: second.Without(BodyErased)} {
		v := Fold(first.Dot, []*Change{first, x})
		if f := v.Field("a"); len(f) != 1 || f[0].State != state || f[0].Text != "" || f[0].Dot != second.Dot {
			t.Errorf("state %d: %+v", state, f)
		}
		if where := v.Field(PathFeed); where[0].State != BodyHere || where[0].Text != "U1/ordinary" {
			t.Errorf("where it is: %+v", where)
		}
	}
	both := Fold(first.Dot, []*Change{first, second.Without(BodyAbsent), second, second.Without(BodyErased)})
	if f := both.Field("a"); f[0].State != BodyErased {
		t.Errorf("held erased and whole: %+v", f)
	}
}

// TestGapInTheMiddle: while the edit in between is on its way, what it replaced stands beside what replaced it; when it
// comes, only the last is left.
func TestGapInTheMiddle(t *testing.T) {
	s := newStory(t)
	e1 := s.made("một")
	e2 := s.edit(1, Edit{Path: "a", Value: "hai", Replaces: []Dot{e1.Dot}})
	e3 := s.edit(1, Edit{Path: "a", Value: "ba", Replaces: []Dot{e2.Dot}})
	shows(t, Fold(e1.Dot, []*Change{e3, e1}), "a", "ba", "một")
	shows(t, Fold(e1.Dot, []*Change{e3, e1, e2}), "a", "ba")
}

// TestClocksDecideOnlyWhatShowsFirst: whatever the times say, the same values are live.
func TestClocksDecideOnlyWhatShowsFirst(t *testing.T) {
	const tenYears = 10 * 365 * 24 * 3600 * 1000
	for _, skew := range []Millis{0, tenYears, 2 * tenYears} {
		s := newStory(t)
		first := s.made("một")
		s.add(2, Change{Record: first.Dot, Time: 1 + skew, Edits: []Edit{{Path: "a", Value: "hai", Replaces: []Dot{first.Dot}}}})
		s.add(3, Change{Record: first.Dot, Time: tenYears, Edits: []Edit{{Path: "a", Value: "ba", Replaces: []Dot{first.Dot}}}})
		got := s.view().texts("a")
		slices.Sort(got)
		if !slices.Equal(got, []string{"ba", "hai"}) {
			t.Errorf("skew %d: %q", skew, got)
		}
	}
}

// drawStory draws a record's life: edits that saw some of what was live, deletes, moves, verdicts, holes.
func drawStory(t *rapid.T, tb testing.TB) *story {
	s := newStory(tb)
	s.made("x")
	for range rapid.IntRange(0, 14).Draw(t, "steps") {
		run := rapid.SampledFrom([]RunID{1, 2, 3}).Draw(t, "who")
		v := Fold(s.all[0].Dot, rapid.SliceOfNDistinct(rapid.SampledFrom(s.all), 1, -1, func(c *Change) Dot { return c.Dot }).Draw(t, "seen"))
		p := rapid.SampledFrom([]string{"a", "b", "items/r/x", PathFeed}).Draw(t, "path")
		switch rapid.IntRange(0, 6).Draw(t, "what") {
		case 0:
			s.edit(run, Edit{Path: PathLife, Value: LifeDeleted, Seen: v.Live(""), Replaces: v.Dots(PathLife)})
		case 1:
			s.edit(run, Edit{Path: "items/r/_life", Value: LifeDeleted, Seen: v.Live("items/r/"), Replaces: v.Dots("items/r/_life")})
		case 2:
			s.judged(rapid.SampledFrom(s.all).Draw(t, "target"), rapid.Bool().Draw(t, "rejected"))
		default:
			s.edit(run, Edit{Path: p, Value: rapid.SampledFrom([]string{"1", "2", ""}).Draw(t, "value"), Replaces: v.Dots(p)})
		}
	}
	return s
}

// TestFoldIsAFunctionOfTheSet: in any order, any number of times, partly without bodies beside the whole ones: the same
// record, byte for byte. What is given is not altered.
func TestFoldIsAFunctionOfTheSet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(rt, t)
		want := s.view().Sum()
		again := slices.Clone(s.all)
		for _, c := range s.all {
			for range rapid.IntRange(0, 2).Draw(rt, "again") {
				again = append(again, c, c.Without(BodyAbsent))
			}
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1))
		r.Shuffle(len(again), func(i, k int) { again[i], again[k] = again[k], again[i] })
		before := slices.Clone(again)
		if got := Fold(s.all[0].Dot, again).Sum(); got != want {
			rt.Fatalf("another record:\n%+v\n%+v", Fold(s.all[0].Dot, again), s.view())
		}
		if !slices.Equal(again, before) {
			rt.Fatal("the slice that was given is in another order")
		}
	})
}

// TestNoEditVanishes: an accepted value is live, or an accepted chain of replacements leads to it: checked by a walk
// that shares nothing with the fold.
func TestNoEditVanishes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(rt, t)
		v := s.view()
		rejected := map[Dot]bool{}
		for _, r := range v.Rejected {
			rejected[r.Target] = true
		}
		for _, c := range s.all {
			for _, e := range c.Edits {
				live := slices.Contains(v.Dots(e.Path), c.Dot)
				want := !rejected[c.Dot] && !replacedIn(s.all, rejected, e.Path, c.Dot)
				if live != want {
					rt.Fatalf("%s at %s: live %v, want %v", c.Dot, e.Path, live, want)
				}
			}
		}
	})
}

// replacedIn reports whether an accepted edit of path replaces d, directly or through whatever it replaces.
func replacedIn(all []*Change, rejected map[Dot]bool, path string, d Dot) bool {
	var reaches func(c *Change, seen map[Dot]bool) bool
	reaches = func(c *Change, seen map[Dot]bool) bool {
		e := c.Edit(path)
		if e == nil || seen[c.Dot] {
			return false
		}
		seen[c.Dot] = true
		return slices.Contains(e.Replaces, d) || slices.ContainsFunc(all, func(x *Change) bool {
			return slices.Contains(e.Replaces, x.Dot) && reaches(x, seen)
		})
	}
	return slices.ContainsFunc(all, func(c *Change) bool { return !rejected[c.Dot] && reaches(c, map[Dot]bool{}) })
}
