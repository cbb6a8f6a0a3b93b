package units_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/record"
	"banlang/shared/units"
)

const (
	before = "2025-06-30"
	merged = "2025-07-01"
	later  = "2027-03-01"
	after  = "2027-03-02"
)

// village is a small country: two communes became one, which later was split, one commune changed its code, and one ended
// without anybody saying what came of it.
func village() *units.Tree {
	return units.New(units.Usual, []units.Unit{
		{Code: "VN", Name: "Việt Nam", Level: "country"},
		{Code: "SL", Parent: "VN", Name: "Tỉnh Sơn La", Level: "province"},
		{Code: "GL", Parent: "VN", Name: "Tỉnh Gia Lai", Level: "province"},
		{Code: "SL01", Parent: "SL", Name: "Xã Đứa Mòn", Level: "commune", To: merged, Into: []string{"SL03"}},
		{Code: "SL02", Parent: "SL", Name: "Xã Ẳng Nưa", Level: "commune", To: merged, Into: []string{"SL03"}},
		{Code: "SL03", Parent: "SL", Name: "Xã Mường Lầm", Level: "commune", From: merged, To: later, Into: []string{"SL04", "SL05"}},
		{Code: "SL04", Parent: "SL", Name: "Xã Ân Nghĩa", Level: "commune", From: later},
		{Code: "SL05", Parent: "SL", Name: "Xã Anh Sơn", Level: "commune", From: later},
		{Code: "SL01-1", Parent: "SL01", Name: "Bản 10", Level: "village"},
		{Code: "SL01-2", Parent: "SL01", Name: "Bản 2", Level: "village"},
		{Code: "GL01", Parent: "GL", Name: "Xã Ia Rsai", Level: "commune", To: merged},
		{Code: "GL02", Parent: "GL", Reports: "SL", Name: "Xã Đak Đoa", Level: "commune", To: later},
		{Code: "GL02", Parent: "GL", Name: "Phường Đak Đoa", Level: "commune", From: later},
	})
}

func names(all []units.Unit) (list []string) {
	for _, u := range all {
		list = append(list, u.Name)
	}
	return list
}

func TestADayHasItsOwnTree(t *testing.T) {
	tree := village()
	for day, want := range map[string][]string{
		before: {"Xã Ẳng Nưa", "Xã Đứa Mòn"},
		merged: {"Xã Mường Lầm"},
		after:  {"Xã Anh Sơn", "Xã Ân Nghĩa"}, // a before â, whatever follows
	} {
		if got := names(tree.At(day).Children("SL")); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
	v := tree.At(before)
	if got := names(v.Children("SL01")); !slices.Equal(got, []string{"Bản 2", "Bản 10"}) {
		t.Errorf("numbers are not in their order: %q", got)
	}
	if got := names(v.Children("")); !slices.Equal(got, []string{"Việt Nam"}) {
		t.Errorf("at the top: %q", got)
	}
	if got := names(v.Path("SL01-1")); !slices.Equal(got, []string{"Việt Nam", "Tỉnh Sơn La", "Xã Đứa Mòn", "Bản 10"}) {
		t.Errorf("the way to a village: %q", got)
	}
	if u, ok := v.Above("SL01-1", "province"); !ok || u.Code != "SL" {
		t.Errorf("its province: %v %v", u, ok)
	}
	if _, ok := v.Above("SL", "commune"); ok {
		t.Error("a province is in a commune")
	}
	if v.Name("SL04") != "Xã Ân Nghĩa" || v.Name("nobody's") != "nobody's" || v.Has("SL04") || v.Parent("SL01") != "SL" || v.Parent("VN") != "" {
		t.Error("names, or what is in force")
	}
	if tree.At(before).Name("GL02") != "Xã Đak Đoa" || tree.At(later).Name("GL02") != "Phường Đak Đoa" {
		t.Error("a unit that became another keeps no name of its own day")
	}
}

// TestRecordsRollUp: a record keeps the code that it was written under, and counts where that is known to have gone.
func TestRecordsRollUp(t *testing.T) {
	tree := village()
	type homes map[string]string
	for day, want := range map[string]homes{
		before: {"SL01": "SL01", "SL03": "SL", "SL04": "SL", "GL01": "GL01", "SL01-1": "SL01-1"}, // not yet: where its parts were
		merged: {"SL01": "SL03", "SL02": "SL03", "SL03": "SL03", "SL04": "SL03", "GL01": "GL"},
		after:  {"SL01": "SL", "SL03": "SL", "SL04": "SL04", "GL01": "GL", "nobody's": ""}, // split: nobody knows into which
	} {
		for code, home := range want {
			if got := tree.At(day).Home(code); got != home {
				t.Errorf("%s: %s counts in %q, want %q", day, code, got, home)
			}
		}
	}
	v := tree.At(merged)
	if got := v.Under("SL03"); !slices.Equal(got, []string{"SL03", "SL01", "SL02", "SL04", "SL05", "SL01-2", "SL01-1"}) {
		t.Errorf("under the merged commune: %q", got)
	}
	if got := v.Under("SL01"); !slices.Equal(got, []string{"SL01"}) {
		t.Errorf("a unit that has ended has more than itself: %q", got)
	}
	if !v.Within("SL01", "SL03") || !v.Within("SL01-1", "SL") || v.Within("SL03", "SL01") || v.Within("GL01", "SL") || v.Within("nobody's", "VN") || !v.Within("nobody's", "nobody's") {
		t.Error("what is within what")
	}
	if v := tree.At(after); v.Within("SL03", "SL04") || !v.Within("SL03", "SL") {
		t.Error("a split unit counts in one of its parts, or not above them")
	}
}

// TestHeirs: who has what a unit had is known through mergers and splits, on every day.
func TestHeirs(t *testing.T) {
	tree := village()
	for day, want := range map[string]map[string]string{
		before: {"SL01": "", "SL03": "SL01 SL02", "SL04": "SL01 SL02 SL03", "GL01": ""},
		merged: {"SL01": "SL03", "SL02": "SL03", "SL04": "SL03", "GL01": "GL", "SL03": ""},
		after:  {"SL01": "SL03 SL04 SL05", "SL03": "SL04 SL05", "SL04": "", "nobody's": ""},
	} {
		for code, heirs := range want {
			if got := strings.Join(tree.At(day).Heirs(code), " "); got != heirs {
				t.Errorf("%s: what %s had, %s have, want %s", day, code, got, heirs)
			}
		}
	}
}

func TestReportingIsATreeOfItsOwn(t *testing.T) {
	tree := village()
	if tree.At(before).Within("GL02", "SL") || !tree.Reporting(before).Within("GL02", "SL") || tree.Reporting(before).Within("GL02", "GL") {
		t.Error("a commune that reports elsewhere")
	}
	if !tree.Reporting(later).Within("GL02", "GL") {
		t.Error("and no longer does")
	}
}

// TestNoUnitIsLost: whatever the list, every unit in force is in the tree once, and Under, Within and Home agree.
func TestNoUnitIsLost(t *testing.T) {
	codes := []string{"", "A", "B", "C", "D", "E", "F"}
	days := []string{"", "2025-01-01", "2025-07-01", "2026-01-01"}
	code := rapid.SampledFrom(codes)
	unit := rapid.Custom(func(t *rapid.T) units.Unit {
		return units.Unit{Code: rapid.SampledFrom(codes[1:]).Draw(t, "code"), Parent: code.Draw(t, "parent"), Reports: code.Draw(t, "reports"),
			Name: code.Draw(t, "name"), From: rapid.SampledFrom(days).Draw(t, "from"), To: rapid.SampledFrom(days).Draw(t, "to"),
			Into: rapid.SliceOfN(rapid.SampledFrom(codes[1:]), 0, 2).Draw(t, "into")}
	})
	rapid.Check(t, func(t *rapid.T) {
		tree := units.New(units.Usual, rapid.SliceOfN(unit, 0, 9).Draw(t, "units"))
		day := rapid.SampledFrom([]string{"2024-01-01", "2025-01-01", "2025-12-31", "2027-01-01"}).Draw(t, "day")
		for _, v := range []*units.View{tree.At(day), tree.Reporting(day)} {
			seen := map[string]int{}
			for _, top := range v.Children("") {
				for _, c := range v.Under(top.Code) {
					seen[c]++
				}
			}
			for _, u := range tree.All() {
				home := v.Home(u.Code)
				if v.Has(u.Code) != (home == u.Code) || home != "" && seen[u.Code] != 1 || home == "" && seen[u.Code] != 0 {
					t.Fatalf("%s: %d times, home %q", u.Code, seen[u.Code], home)
				}
				for _, above := range codes[1:] {
					if v.Within(u.Code, above) != slices.Contains(v.Under(above), u.Code) {
						t.Fatalf("%s within %s: Within and Under differ", u.Code, above)
					}
				}
				for _, above := range v.Path(u.Code) {
					if !v.Within(u.Code, above.Code) {
						t.Fatalf("%s is not within %s of its path", u.Code, above.Code)
					}
				}
			}
		}
	})
}

// TestInWhateverOrder: of a list that goes in circles every machine makes the same tree, each time.
func TestInWhateverOrder(t *testing.T) {
	var all []units.Unit
	for i := range 8 { // each went up in the next one, in a circle, and was below a unit of its own
		code, next := fmt.Sprint("x", i), fmt.Sprint("x", (i+1)%8)
		all = append(all, units.Unit{Code: code, Parent: fmt.Sprint("p", i), To: merged, Into: []string{next}}, units.Unit{Code: fmt.Sprint("p", i)})
	}
	homes := func() (list []string) {
		v := units.New(units.Usual, all).At(later)
		for i := range 8 {
			list = append(list, v.Home(fmt.Sprint("x", i)))
		}
		return list
	}
	first := homes()
	for range 50 {
		if again := homes(); !slices.Equal(again, first) {
			t.Fatalf("%q, and then %q", first, again)
		}
	}
}

// TestWhatUnfolds takes no more memory than the limits say: of many rows with nothing in them too.
func TestWhatUnfolds(t *testing.T) {
	rows := make([]units.Unit, 1<<18+1)
	if _, err := units.New(units.Usual, rows).Pack(); err == nil {
		t.Error("a tree is packed that nobody would unfold")
	}
	plain := append(append([]byte{4}, "code"...), binary.AppendUvarint(nil, 15<<20)...)
	plain = append(plain, bytes.Repeat([]byte("\n"), 15<<20)...)
	packed := bytes.NewBuffer([]byte{1})
	w, err := flate.NewWriter(packed, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := units.Unpack(packed.Bytes()); err == nil {
		t.Error("fifteen million units are read")
	}
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 200<<20 {
		t.Errorf("it took %d MB", (after.TotalAlloc-before.TotalAlloc)>>20)
	}
	for name, payload := range map[string][]byte{"nothing": nil, "a later format": {2}, "no deflate": {1, 0xff}, "half": packed.Bytes()[:packed.Len()/2]} {
		if _, err := units.Unpack(payload); err == nil {
			t.Errorf("%s is a tree", name)
		}
	}
	if _, err := units.New(units.Usual, []units.Unit{{Code: "A", Name: "một\nhai"}}).Pack(); err == nil {
		t.Error("a name of two lines is packed, which would be two names")
	}
}

// TestWhatIsPublished: nothing over a tree of a later program; other levels, or another tree, whole; and an amendment counts for the
// tree that it names alone.
func TestWhatIsPublished(t *testing.T) {
	tree := village()
	if _, _, err := tree.Publish(map[string][]byte{units.Topic: {99}}); err == nil {
		t.Error("published over a tree of a later program")
	}
	whole, err := tree.Pack()
	if err != nil {
		t.Fatal(err)
	}
	published := map[string][]byte{units.Topic: whole}
	if topic, _, err := units.New(units.Usual[1:], tree.All()).Publish(published); topic != units.Topic || err != nil {
		t.Errorf("other levels: %s, %v", topic, err)
	}
	all := slices.Clone(tree.All())
	all[0].Phone = "0269"
	topic, amended, err := units.New(units.Usual, all).Publish(published)
	if topic != units.TopicAmended || err != nil {
		t.Fatal(topic, err)
	}
	other, err := units.New(units.Usual, all[1:]).Pack()
	if err != nil {
		t.Fatal(err)
	}
	change := func(n record.Number, topic string, payload []byte) *record.Change {
		return &record.Change{Kind: record.KindPublish, Topic: topic, Payload: payload, Dot: record.Dot{Run: 1, N: n}}
	}
	for want, base := range map[int][]byte{13: whole, 12: other} {
		learnt, err := units.Learn([]*record.Change{change(1, units.Topic, base), change(2, units.TopicAmended, amended)})
		if err != nil || len(learnt.All()) != want || (learnt.All()[0].Phone == "0269") != (want == 13) {
			t.Errorf("%d rows, %v, want %d", len(learnt.All()), err, want)
		}
	}
}

func TestATreeTravels(t *testing.T) {
	text := rapid.StringMatching(`[^\n\r]{0,8}`)
	code := rapid.StringMatching(`[0-9]{5}|[A-Z]{0,2}[0-9]{0,9}`)
	unit := rapid.Custom(func(t *rapid.T) units.Unit {
		u := units.Unit{Code: code.Draw(t, "code"), Parent: code.Draw(t, "parent"), Reports: code.Draw(t, "reports"), Name: text.Draw(t, "name"),
			Phone: text.Draw(t, "phone"), Level: rapid.SampledFrom([]string{"province", "commune", "ấp"}).Draw(t, "level"), From: text.Draw(t, "from"), To: text.Draw(t, "to")}
		if into := rapid.SliceOfN(rapid.StringMatching(`[A-Z0-9]{1,5}`), 0, 2).Draw(t, "into"); len(into) > 0 {
			u.Into = into
		}
		return u
	})
	rapid.Check(t, func(t *rapid.T) {
		levels := units.Usual[:rapid.IntRange(0, len(units.Usual)).Draw(t, "levels")]
		tree := units.New(levels, rapid.SliceOf(unit).Draw(t, "units"))
		payload, err := tree.Pack()
		if err != nil {
			t.Fatal(err)
		}
		back, err := units.Unpack(payload)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back.All(), tree.All()) && len(tree.All()) > 0 || !slices.Equal(back.Levels(), tree.Levels()) {
			t.Fatalf("%v became %v", tree.All(), back.All())
		}
	})
}

// TestAPayloadOfThisYearStaysReadable reads a payload that was written by the first version of the format.
func TestAPayloadOfThisYearStaysReadable(t *testing.T) {
	payload, err := os.ReadFile(filepath.Join("testdata", "tree-1.bin"))
	if errors.Is(err, fs.ErrNotExist) {
		if payload, err = village().Pack(); err == nil {
			err = errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(filepath.Join("testdata", "tree-1.bin"), payload, 0o600))
		}
		t.Error("there was no payload; one is written: commit it, and never write it anew")
	}
	if err != nil {
		t.Fatal(err)
	}
	tree, err := units.Unpack(payload)
	if err != nil || !reflect.DeepEqual(tree.All(), village().All()) || !slices.Equal(tree.Levels(), units.Usual) {
		t.Errorf("%v %v", err, tree.All())
	}
}

func FuzzUnpack(f *testing.F) {
	payload, err := village().Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	f.Add([]byte{1})
	f.Add([]byte{2, 3})
	f.Fuzz(func(t *testing.T, payload []byte) {
		if tree, err := units.Unpack(payload); err == nil {
			tree.At(merged)
			if _, err := tree.Pack(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestLearn(t *testing.T) {
	payload, err := village().Pack()
	if err != nil {
		t.Fatal(err)
	}
	said := &record.Change{Kind: record.KindPublish, Topic: units.Topic, Payload: payload, Dot: record.Dot{Run: 1, N: 1}}
	if tree, err := units.Learn([]*record.Change{said, {Topic: "form/x", Dot: record.Dot{Run: 1, N: 2}}}); err != nil || len(tree.All()) != 13 {
		t.Error(tree.All(), err)
	}
	withdrawn := &record.Change{Topic: units.Topic, Dot: record.Dot{Run: 1, N: 3}, Replaces: []record.Dot{said.Dot}}
	if tree, err := units.Learn([]*record.Change{said, withdrawn}); tree != nil || err != nil {
		t.Error(tree, err)
	}
	if _, err := units.Learn([]*record.Change{{Topic: units.Topic, Payload: []byte{99}}}); err == nil {
		t.Error("a format of later is no error")
	}
	var none *units.Tree
	if none.At(before).Name("SL") != "SL" || none.All() != nil || len(none.At(before).Children("")) != 0 {
		t.Error("without a tree")
	}
}

// TestAnAmendmentIsSmall: a tree that changes little is published as what has changed, time after time, until that is much.
func TestAnAmendmentIsSmall(t *testing.T) {
	var log []*record.Change
	var all []units.Unit
	for i := range 400 {
		all = append(all, units.Unit{Code: fmt.Sprintf("%05d", 7*i), Name: fmt.Sprintf("Xã Mường Lầm %d", i*i), Level: "commune"})
	}
	publish := func(all []units.Unit) (topic string, size int) {
		t.Helper()
		tree, payloads := units.New(units.Usual, all), map[string][]byte{}
		held := record.Published(log)
		for topic, c := range held {
			payloads[topic] = c.Payload
		}
		topic, payload, err := tree.Publish(payloads)
		if err != nil {
			t.Fatal(err)
		}
		c := &record.Change{Kind: record.KindPublish, Topic: topic, Payload: payload, Dot: record.Dot{Run: 1, N: record.Number(len(log) + 1)}}
		if held[topic] != nil {
			c.Replaces = []record.Dot{held[topic].Dot}
		}
		log = append(log, c)
		learnt, err := units.Learn(log)
		if err != nil || !reflect.DeepEqual(learnt.All(), tree.All()) {
			t.Fatalf("what was published is not what is learnt: %v", err)
		}
		return topic, len(payload)
	}
	if topic, size := publish(all); topic != units.Topic || size < 500 {
		t.Errorf("at first: %s, %d bytes", topic, size)
	}
	all[17].Phone = "0212 3850 017"
	if topic, size := publish(all); topic != units.TopicAmended || size > 150 {
		t.Errorf("a number: %s, %d bytes", topic, size)
	}
	all = slices.Delete(all, 40, 41)
	if topic, size := publish(all); topic != units.TopicAmended || size > 200 {
		t.Errorf("and a unit less: %s, %d bytes", topic, size)
	}
	for i := range all {
		all[i].Phone = fmt.Sprint("0212 ", i*i*i)
	}
	if topic, _ := publish(all); topic != units.Topic {
		t.Errorf("every number: %s", topic)
	}
	all[3].Name = "Xã Chiềng Sơ"
	if topic, _ := publish(all); topic != units.TopicAmended {
		t.Errorf("a name of the new tree: %s", topic)
	}
}

// TestTheCountry measures the real tree: 3,355 units of 2025, and with what was before.
func TestTheCountry(t *testing.T) {
	now := country(t, "units_2025.csv", func(u *units.Unit) { u.From = merged })
	old := country(t, "units_pre2025.csv", func(u *units.Unit) { u.To = merged })
	for _, c := range []struct {
		what string
		all  []units.Unit
		most int // bytes: what a device on a line of 64 kbit/s gets in so many eighths of a millisecond
	}{{"of 2025", now, 20_000}, {"with what was before", slices.Concat(now, old), 80_000}} {
		tree := units.New(units.Usual, c.all)
		payload, err := tree.Pack()
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d units %s: %d bytes", len(c.all), c.what, len(payload))
		if len(payload) > c.most {
			t.Errorf("%s: %d bytes, at most %d", c.what, len(payload), c.most)
		}
		v := tree.At(merged)
		if got := len(v.Level("commune")); got != 3321 {
			t.Errorf("%d communes", got)
		}
	}
}

func country(t *testing.T, file string, set func(*units.Unit)) (all []units.Unit) {
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "units", file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real units are not here: ../shared/data/units")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		u := units.Unit{Code: r[0], Parent: strings.TrimPrefix(r[1], units.Root), Level: r[2], Name: r[3]}
		set(&u)
		all = append(all, u)
	}
	return all
}
