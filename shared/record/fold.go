package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"banlang/shared/planted"
)

// Value is one live value of a path.
type Value struct {
	Dot     Dot
	Replica ReplicaID
	Officer string
	Time    Millis
	Text    string    // empty when State is not BodyHere
	State   BodyState // BodyAbsent: on its way; BodyErased: destroyed by law
	Seen    []Dot     // deletes and reviews
}

// Field is one path with its live values, the one to show first in front. More than one is a conflict.
type Field struct {
	Path string
	Live []Value
}

// View is the state of a record.
type View struct {
	ID        Dot
	Form      FormRef
	Created   bool    // its creation is among the changes, not rejected, and its values are here or were erased
	Hidden    bool    // deleted, and nobody wrote beside the delete
	Marked    bool    // deleted beside an edit that the delete had not seen: it shows, marked
	Feeds     []Feed  // where the record is now, sorted
	Fields    []Field // sorted by path, system paths included
	Rejected  []Verdict
	WrittenAt Millis // latest time as written among the accepted edits
}

// Verdict is a live rejection of one change of the record.
type Verdict struct {
	Target, By Dot
	Reason     string
}

// Field returns the live values of path; none when it was never set.
func (v *View) Field(path string) []Value {
	i, ok := slices.BinarySearchFunc(v.Fields, path, func(f Field, p string) int { return strings.Compare(f.Path, p) })
	if !ok {
		return nil
	}
	return v.Fields[i].Live
}

// Text is the value of path that is shown first; empty when it was never set, or is not here.
func (v *View) Text(path string) string {
	if vs := v.Field(path); len(vs) > 0 {
		return vs[0].Text
	}
	return ""
}

// Conflicts lists the paths with more than one live value that differ. System paths are told apart by IsSystem. To whom a
// record is addressed is nobody's to choose: it goes to all of them; View.Review says which review of several counts, and
// View.Anew which record.
func (v *View) Conflicts() (paths []string) {
	for i := range v.Fields {
		f := &v.Fields[i]
		if chosen := f.Path == PathFeed || !IsFeedPath(f.Path) && f.Path != PathReview && f.Path != PathAnew; chosen && f.conflicting() && !v.RowHidden(f.Path) {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// conflicting: equal texts written twice are no conflict to show, though both stay.
func (f *Field) conflicting() bool {
	for _, x := range f.Live[1:] {
		if x.Text != f.Live[0].Text || x.State != f.Live[0].State {
			return true
		}
	}
	return false
}

// RowHidden reports whether path lies in a row that was deleted with every value of it seen.
func (v *View) RowHidden(path string) bool {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] != '/' {
			continue
		}
		for _, d := range v.Field(path[:i+1] + PathLife) {
			if d.Text == LifeDeleted && v.covered(d, path[:i+1]) {
				return true
			}
		}
	}
	return false
}

// Values is what the record says: for each path that is neither a system path nor a note, and not in a hidden row, the
// text shown first. Cleared values are left out.
func (v *View) Values() map[string]string {
	m := make(map[string]string, len(v.Fields))
	for i := range v.Fields {
		if f := &v.Fields[i]; says(f.Path) && f.Live[0].Text != "" && !v.RowHidden(f.Path) {
			m[f.Path] = f.Live[0].Text
		}
	}
	return m
}

// Live names every live value below prefix, system paths and notes left out: what a delete of it, or a review, must have
// seen.
func (v *View) Live(prefix string) (dots []Dot) {
	for i := range v.Fields {
		if f := &v.Fields[i]; strings.HasPrefix(f.Path, prefix) && says(f.Path) {
			for _, x := range f.Live {
				dots = append(dots, x.Dot)
			}
		}
	}
	slices.SortFunc(dots, Dot.Compare)
	return slices.Compact(dots)
}

// Dots names the live values of path: what an edit of it by somebody who sees this view replaces.
func (v *View) Dots(path string) (dots []Dot) {
	for _, x := range v.Field(path) {
		dots = append(dots, x.Dot)
	}
	slices.SortFunc(dots, Dot.Compare)
	return dots
}

func (v *View) covered(del Value, prefix string) bool {
	for _, d := range v.Live(prefix) {
		if !slices.Contains(del.Seen, d) {
			return false
		}
	}
	return true
}

// Sum identifies the state: two views with the same sum show the same, byte for byte.
func (v *View) Sum() Digest {
	h := sha256.New()
	var b []byte
	b = append(b, 'v', b2(v.Created), b2(v.Hidden), b2(v.Marked))
	for _, f := range v.Feeds {
		b = appendString(b, string(f))
	}
	for i := range v.Fields {
		b = appendString(b, v.Fields[i].Path)
		for _, x := range v.Fields[i].Live {
			b = binary.LittleEndian.AppendUint64(b, uint64(x.Dot.Run))
			b = binary.AppendUvarint(b, uint64(x.Dot.N))
			b = append(b, byte(x.State))
			b = appendString(b, x.Text)
		}
	}
	for _, r := range v.Rejected {
		b = appendString(b, r.Target.String()+r.By.String()+r.Reason)
	}
	h.Write(b)
	return Digest(h.Sum(nil))
}

func b2(v bool) byte {
	if v {
		return 1
	}
	return 0
}

// Fold computes a record from the set of the changes that concern it: its edits, and the verdicts on them. It depends
// on nothing else: neither on their order, nor on how often each is given, nor on a clock, nor on a form. Changes
// that concern another record must not be among them.
func Fold(id Dot, changes []*Change) *View {
	v := &View{ID: id}
	set := unique(changes)
	rejected := v.judge(set)
	paths := map[string][]*Change{}
	for _, c := range set {
		if c.Kind != KindEdit {
			continue
		}
		if c.Creates() {
			v.Created, v.Form = !rejected[c.Dot] && c.Body != BodyAbsent, c.Form
		}
		if !rejected[c.Dot] {
			v.WrittenAt = max(v.WrittenAt, c.Time)
		}
		for i := range c.Edits {
			paths[c.Edits[i].Path] = append(paths[c.Edits[i].Path], c)
		}
	}
	v.Fields = make([]Field, 0, len(paths))
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		if live := liveValues(p, paths[p], rejected); len(live) > 0 {
			v.Fields = append(v.Fields, Field{p, live})
		}
	}
	v.route(set)
	v.life()
	return v
}

// unique drops repeated changes. Of two holdings of one change the one with its body wins, but erased stays erased.
func unique(changes []*Change) []*Change {
	if len(changes) < 2 || planted.On(planted.ArrivalOrder) {
		return changes
	}
	set := slices.Clone(changes)
	slices.SortFunc(set, func(a, b *Change) int {
		return cmp.Or(a.Dot.Compare(b.Dot), cmp.Compare(foldRank[a.Body], foldRank[b.Body]))
	})
	return slices.CompactFunc(set, func(a, b *Change) bool { return a.Dot == b.Dot })
}

var foldRank = [...]int{BodyErased: 0, BodyHere: 1, BodyNone: 2, BodyAbsent: 3}

// judge folds the verdicts: a change is rejected when it has live verdicts and all of them say so; of concurrent
// verdicts acceptance wins.
func (v *View) judge(set []*Change) map[Dot]bool {
	var verdicts []*Change
	gone := map[Dot]bool{}
	for _, c := range set {
		if c.Kind == KindVerdict && c.Replica == Centre {
			verdicts = append(verdicts, c)
			for _, d := range c.Replaces {
				gone[d] = true
			}
		}
	}
	rejected := map[Dot]bool{}
	for _, c := range verdicts {
		if gone[c.Dot] {
			continue
		}
		was, known := rejected[c.Target]
		rejected[c.Target] = c.Rejected && (was || !known)
	}
	for _, c := range verdicts { // sorted by dot: the list is the same everywhere
		if !gone[c.Dot] && rejected[c.Target] {
			v.Rejected = append(v.Rejected, Verdict{c.Target, c.Dot, c.Reason})
		}
	}
	return rejected
}

// liveValues returns the values of path that no accepted edit replaced, directly or through others. Replacement reaches
// through rejected changes and through changes without body: it follows skeletons.
func liveValues(path string, changes []*Change, rejected map[Dot]bool) []Value {
	replaced := reachable(path, changes, rejected)
	live := make([]Value, 0, 1)
	for _, c := range changes {
		if rejected[c.Dot] || replaced[c.Dot] {
			continue
		}
		e := c.Edit(path)
		x := Value{Dot: c.Dot, Replica: c.Replica, Officer: c.Officer, Time: c.Time, Text: e.Value, State: c.Body, Seen: e.Seen}
		if IsSystem(path) {
			x.State = BodyHere
		}
		live = append(live, x)
	}
	if planted.On(planted.ArrivalOrder) {
		slices.Reverse(live)
		return live
	}
	slices.SortFunc(live, func(a, b Value) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), a.Dot.Compare(b.Dot))
	})
	return live
}

// reachable names the dots replaced on path, starting from the edits that are not rejected.
func reachable(path string, changes []*Change, rejected map[Dot]bool) map[Dot]bool {
	if len(changes) == 1 && len(changes[0].Edit(path).Replaces) == 0 {
		return nil
	}
	edges := make(map[Dot][]Dot, len(changes))
	var todo []Dot
	for _, c := range changes {
		edges[c.Dot] = c.Edit(path).Replaces
		if !rejected[c.Dot] {
			todo = append(todo, edges[c.Dot]...)
		}
	}
	replaced := make(map[Dot]bool, len(todo))
	for len(todo) > 0 {
		d := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !replaced[d] {
			replaced[d] = true
			if !planted.On(planted.ThroughRejected) {
				todo = append(todo, edges[d]...)
			}
		}
	}
	return replaced
}

// route: the record is where the live values of its feed paths say; when none is live, where its creation said.
func (v *View) route(set []*Change) {
	for i := range v.Fields {
		if f := &v.Fields[i]; IsFeedPath(f.Path) {
			for _, x := range f.Live {
				if x.Text != "" {
					v.Feeds = append(v.Feeds, Feed(x.Text))
				}
			}
		}
	}
	if len(v.Feeds) == 0 {
		for _, c := range set {
			if c.Creates() {
				v.Feeds = append(v.Feeds, c.PutsIn()...)
			}
		}
	}
	slices.Sort(v.Feeds)
	v.Feeds = slices.Compact(v.Feeds)
}

// Home is the feed of the unit whose record it is: by that it is decided who reads and reviews it. To whom it is addressed beside
// that does not count. When the value was erased it is where the creation put it; "" when that was in several.
func (v *View) Home() Feed {
	home := Feed(v.Text(PathFeed))
	if home == "" && len(v.Feeds) == 1 {
		return v.Feeds[0]
	}
	return home
}

// life: hidden when one live delete has seen every live value.
func (v *View) life() {
	for _, d := range v.Field(PathLife) {
		if d.Text == LifeDeleted {
			v.Marked = true
			v.Hidden = v.Hidden || v.covered(d, "")
		}
	}
	v.Marked = v.Marked && !v.Hidden
}
