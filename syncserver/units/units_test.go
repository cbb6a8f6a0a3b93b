package units

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"banlang/shared/units"
)

const (
	july = "2025-07-01"
	list = `Mã,Tên,Cấp,Mã cấp trên,Điện thoại
SL,Tỉnh Sơn La,Tỉnh,VN,
SL01,Xã Đứa Mòn,Xã,SL,0212 3850 001
SL02,Xã Ẳng Nưa,xã,SL,
SL03,Phường Chiềng Lề,PHƯỜNG,SL,
SL01-1,Bản Huổi Lán,Bản,SL01,
`
)

// take applies a list that is right.
func take(t *testing.T, now *units.Tree, o Import, file string) *units.Tree {
	t.Helper()
	tree, problems := o.Apply(now, []byte(file))
	for _, p := range problems {
		t.Error(p.In("en"))
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return tree
}

// said writes differences down, one a line.
func said(all []Difference) (lines []string) {
	for _, d := range all {
		line := fmt.Sprintf("%s %s %s", d.Kind, d.Code, d.From)
		if len(d.Into) > 0 {
			line += fmt.Sprint(" ", d.Into)
		}
		for _, f := range d.Fields {
			line += fmt.Sprintf(" %s:%s→%s", f.Field, f.Before, f.After)
		}
		lines = append(lines, line)
	}
	return lines
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestAListIsTakenHoweverItWasSaved(t *testing.T) {
	want := take(t, nil, Import{}, list)
	if v := want.At(july); !slices.Equal(v.Under("VN"), []string{"VN", "SL", "SL03", "SL02", "SL01", "SL01-1"}) {
		t.Fatalf("the tree is %q", v.Under("VN"))
	}
	english := strings.NewReplacer("Mã,Tên,Cấp,Mã cấp trên,Điện thoại", "code,name,level,parent,phone", "Tỉnh,", "province,", "Xã,S", "commune,S", "xã,", "commune,",
		"PHƯỜNG", "Commune", "Bản,", "village,").Replace(list)
	for name, file := range map[string]string{
		"a byte order mark": "\ufeff" + list,
		"CRLF":              strings.ReplaceAll(list, "\n", "\r\n"),
		"CR":                strings.ReplaceAll(list, "\n", "\r"),
		"semicolons":        strings.ReplaceAll(list, ",", ";"),
		"tabs":              strings.ReplaceAll(list, ",", "\t"),
		"English":           english,
		"decomposed":        strings.ReplaceAll(list, "ứ", "u\u031b\u0301"),
		"empty lines":       strings.ReplaceAll(list, "\n", "\n,,,,\n"),
		"spaces":            strings.ReplaceAll(list, ",", " , "),
		"another column":    strings.ReplaceAll(list, "\n", ",x\n"),
	} {
		tree := take(t, nil, Import{}, file)
		if !reflect.DeepEqual(tree.All(), want.All()) {
			t.Errorf("%s: %v", name, tree.All())
		}
	}
}

// TestAProblemNamesItsCell: what is wrong is said with line, column and next step, in both languages.
func TestAProblemNamesItsCell(t *testing.T) {
	now := take(t, nil, Import{}, list)
	head := "code,name,level,parent,from,to,into,reports\n"
	for name, c := range map[string]struct {
		file string
		want []string // beginnings
	}{
		"empty":           {"", []string{"line 1: The file is empty."}},
		"no name":         {head + "SL04,,commune,SL,,,,\n", []string{"line 2, column 2 (name): The name is missing."}},
		"a long name":     {head + "SL04," + strings.Repeat("x", MaxName+1) + ",commune,SL,,,,\n", []string{"line 2, column 2 (name): The name is too long"}},
		"no code":         {head + ",Xã A,commune,SL,,,,\n", []string{"line 2, column 1 (code): The code is missing."}},
		"odd code":        {head + "SL 04,Xã A,commune,SL,,,,\n", []string{"line 2, column 1 (code): A code has letters"}},
		"no level":        {head + "SL04,Xã A,,SL,,,,\n", []string{"line 2, column 3 (level): The level is missing."}},
		"unknown level":   {head + "SL04,Xã A,cụm,SL,,,,\n", []string{"line 2, column 3 (level): There is no level \"cụm\". Choose one of: country, province"}},
		"twice":           {head + "SL04,Xã A,commune,SL,,,,\nSL04,Xã B,commune,SL,,,,\n", []string{"line 3, column 1 (code): Code SL04 stands in line 2 already."}},
		"unknown parent":  {head + "SL04,Xã A,commune,SLX,,,,\n", []string{"line 2, column 4 (parent): There is no unit SLX."}},
		"itself":          {head + "SL04,Xã A,commune,SL04,,,,\n", []string{"line 2, column 4 (parent): It is part of itself."}},
		"circle":          {head + "SL04,Xã A,commune,SL05,,,,\nSL05,Xã B,commune,SL04,,,,\n", []string{"line 2, column 4 (parent): SL04 and SL05 are part of each other", "line 3, column 3 (level): Level"}},
		"level order":     {head + "SL04,Xã A,commune,SL01,,,,\n", []string{"line 2, column 3 (level): Level commune is not below level commune of SL01."}},
		"overlap":         {head + "SL04,Xã A,commune,SL,,2026-02-01,,\nSL04,Xã B,commune,SL,01/01/2026,,,\n", []string{"line 3, column 5 (from): Code SL04 is in force twice at once, from 01/01/2026."}},
		"backwards":       {head + "SL04,Xã A,commune,SL,2026-01-01,2025-01-01,,\n", []string{"line 2, column 6 (to): It ends before it begins."}},
		"no day":          {head + "SL04,Xã A,commune,SL,31/02/2026,,,\n", []string{"line 2, column 5 (from): \"31/02/2026\" is no day."}},
		"into nobody":     {head + "SL04,Xã A,commune,SL,,2026-01-01,SL99,\n", []string{"line 2, column 7 (into): There is no unit SL99 from 01/01/2026."}},
		"into, no day":    {head + "SL04,Xã A,commune,SL,,,SL01,\n", []string{"line 2, column 6 (to): It went up in another unit, and the day is missing."}},
		"reports nowhere": {head + "SL04,Xã A,commune,SL,,,,SL99\n", []string{"line 2, column 8 (reports): There is no unit SL99."}},
		"parent not yet": {head + "SL04,Xã A,commune,SL,,,,\nSL04-1,Bản A,village,SL05,,,,\nSL05,Xã B,commune,SL,2026-01-01,,,\n",
			[]string{"line 3, column 4 (parent): The unit above, SL05, is not in force from …"}},
		"parent ended": {head + "SL01,Xã Đứa Mòn,commune,SL,,2026-01-01,,\n", []string{"Unit SL01-1: The unit above, SL01, is not in force from 01/01/2026"}},
		"no columns":   {"code,name\n", []string{"line 1: There is no column level."}},
		"same column":  {"code,name,level,Tên\n", []string{"line 1, column 4 (Tên): Column 2 (name) says the same."}},
		"not UTF-8":    {head + "SL04,X\xe3,commune,SL,,,,\n", []string{"line 2: The text is not in UTF-8. Open the file in Excel"}},
		"quotes":       {head + "SL04,\"Xã A,commune,SL,,,,\n", []string{"line 2: A quotation mark is out of place."}},
		"several":      {head + "SL04,,commune,SL,,,,\nSL05,Xã B,commune,SLX,,,,\n", []string{"line 2, column 2", "line 3, column 4"}},
	} {
		tree, problems := Import{}.Apply(now, []byte(c.file))
		if tree != nil || len(problems) != len(c.want) {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		for i, p := range problems {
			if !strings.HasPrefix(p.In("en"), c.want[i]) {
				t.Errorf("%s: %q, want %q", name, p.In("en"), c.want[i])
			}
			if p.What.VI == "" || p.Next.VI == "" || p.In("vi") == p.In("en") {
				t.Errorf("%s: not in Vietnamese: %q", name, p.In("vi"))
			}
		}
	}
	if _, problems := (Import{Whole: true}).Apply(now, []byte(list)); len(problems) != 1 {
		t.Error("a whole list without a day:", problems)
	}
}

func TestAListFromADayOn(t *testing.T) {
	now := take(t, nil, Import{}, list)
	if again := take(t, now, Import{On: july}, list); !reflect.DeepEqual(again.All(), now.All()) {
		t.Errorf("the same list alters something: %q", said(Diff(now, again)))
	}
	next := take(t, now, Import{On: july}, "code,name,level,parent\nSL02,Phường Ẳng Nưa,commune,SL\nSL09,Xã Mới,commune,SL\n")
	expect(t, said(Diff(now, next)), "altered SL02 2025-07-01 name:Xã Ẳng Nưa→Phường Ẳng Nưa", "added SL09 2025-07-01")
	if next.At("2025-06-30").Name("SL02") != "Xã Ẳng Nưa" || next.At(july).Name("SL02") != "Phường Ẳng Nưa" {
		t.Error("the name before is gone")
	}
	corrected := take(t, now, Import{}, "code,name,level,phone\nSL02,Xã Ẳng Nứa,commune,0900\n")
	expect(t, said(Diff(now, corrected)), "altered SL02  name:Xã Ẳng Nưa→Xã Ẳng Nứa phone:→0900")
	if corrected.At(july).Parent("SL02") != "SL" {
		t.Error("a column that is not there cleared something")
	}
	whole := take(t, now, Import{On: july, Whole: true}, "code,name,level,parent\nSL,Tỉnh Sơn La,province,VN\nSL01,Xã Đứa Mòn,commune,SL\nSL01-1,Bản Huổi Lán,village,SL01\n")
	expect(t, said(Diff(now, whole)), "ended SL02 2025-07-01", "ended SL03 2025-07-01")
	dated := take(t, now, Import{}, "code,name,level,parent,from\nSL02,Xã Ẳng Nưa,commune,SL,\nSL02,Xã Nưa,commune,SL,2027-01-01\n")
	expect(t, said(Diff(now, dated)), "altered SL02 2027-01-01 name:Xã Ẳng Nưa→Xã Nưa")
	expect(t, said(Diff(dated, now)), "altered SL02  to:2027-01-01→", "removed SL02 2027-01-01")
	if now.At(july).Name("SL02") != "Xã Ẳng Nưa" || len(now.At(july).Under("SL")) != 5 {
		t.Error("the tree that held was altered")
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	now := take(t, nil, Import{}, list)
	now = take(t, now, Import{On: july}, "code,name,level,parent,reports\nSL02,Phường Ẳng Nưa,commune,SL,SL03\n")
	now = alter(t, now, (&Merge{Units: []string{"SL01", "SL03"}, Into: "SL10", Name: `Xã "Mới", rộng`, On: "2026-01-01"}).Apply)
	back := take(t, nil, Import{}, string(WriteCSV(now.All())))
	if !reflect.DeepEqual(back.All(), now.All()) {
		t.Errorf("%q", said(Diff(now, back)))
	}
	if again := take(t, now, Import{}, string(WriteCSV(now.All()))); !reflect.DeepEqual(again.All(), now.All()) {
		t.Errorf("over itself: %q", said(Diff(now, again)))
	}
}

// TestAListIsNoProgram: what a spreadsheet would take for a formula is words in the list that is written, and what it was when that is
// read again.
func TestAListIsNoProgram(t *testing.T) {
	now := take(t, nil, Import{}, "code,name,level,parent,phone\nP,\"=HYPERLINK(\"\"http://x\"\",\"\"Xã\"\")\",province,,+84 269 3850 001\nC,Xã A;=1+1,commune,P,-1\nD,@Xã,commune,P,\n")
	file := string(WriteCSV(now.All()))
	for _, cell := range []string{`"'=HYPERLINK`, ",'+84 269", "Xã A;'=1+1", "'@Xã"} {
		if !strings.Contains(file, cell) {
			t.Errorf("%s is not in\n%s", cell, file)
		}
	}
	if back := take(t, nil, Import{}, file); !reflect.DeepEqual(back.All(), now.All()) {
		t.Errorf("%q", said(Diff(now, back)))
	}
}

// TestLargeLists are refused before they are taken apart.
func TestLargeLists(t *testing.T) {
	head := "code,name,level\n"
	if _, problems := (Import{}).Apply(nil, []byte(head+strings.Repeat("x", MaxFile))); len(problems) != 1 || !strings.Contains(problems[0].What.EN, "8 MB") {
		t.Errorf("a large file: %.200v", problems)
	}
	list, problems := ReadCSV([]byte(head+strings.Repeat("a,b,commune\n", MaxRows+1)), units.Usual)
	if len(problems) != 1 || !strings.Contains(problems[0].What.EN, "More than 100000 lines") || len(list.Rows) != MaxRows {
		t.Errorf("%d lines: %.200v", len(list.Rows), problems)
	}
}

// TestAListWithoutAColumn leaves what was there: also the day on which a unit ends, and what it went up in.
func TestAListWithoutAColumn(t *testing.T) {
	now := alter(t, take(t, nil, Import{}, list), (&Merge{Units: []string{"SL01", "SL02"}, Into: "SL10", Name: "Xã Mường Lầm", On: "2030-01-01"}).Apply)
	next := take(t, now, Import{}, "code,name,level\nSL01,Xã Đứa Mon,commune\n")
	expect(t, said(Diff(now, next)), "altered SL01  name:Xã Đứa Mòn→Xã Đứa Mon")
	if u, _ := next.Lookup("SL01", july); u.To != "2030-01-01" || !slices.Equal(u.Into, []string{"SL10"}) {
		t.Errorf("%+v", u)
	}
}

// TestReportsElsewhere: what is made of units that report elsewhere does so too.
func TestReportsElsewhere(t *testing.T) {
	now := take(t, nil, Import{}, "code,name,level,parent,reports\nP,Tỉnh,province,,\nQ,Tỉnh khác,province,,\nA,Xã A,commune,P,Q\nB,Xã B,commune,P,Q\n")
	made := alter(t, now, (&Merge{Units: []string{"A", "B"}, Into: "C", Name: "Xã C", On: july}).Apply)
	parted := alter(t, made, (&Split{Unit: "C", On: "2026-01-01", Parts: []Part{{"D", "Xã D", nil}, {"E", "Xã E", nil}}}).Apply)
	for code, day := range map[string]string{"C": july, "D": "2026-01-01", "E": "2026-01-01"} {
		if v := parted.Reporting(day); !v.Within(code, "Q") || v.Within(code, "P") {
			t.Errorf("%s reports to its parent", code)
		}
	}
}

// TestChangesOfOneUnit: one after the other, on one day, and before one that is noted already.
func TestChangesOfOneUnit(t *testing.T) {
	now := take(t, nil, Import{}, list)
	renamed := func(now *units.Tree, name, on string) *units.Tree {
		t.Helper()
		return alter(t, now, (&Merge{Units: []string{"SL0" + name[len(name)-1:]}, Into: "SL02", Name: name, On: on}).Apply)
	}
	once := renamed(now, "Phường 3", "2026-01-01")
	expect(t, said(Diff(now, once)), "altered SL02 2026-01-01 name:Xã Ẳng Nưa→Phường 3", "ended SL03 2026-01-01 [SL02]")
	twice := renamed(once, "Phường 1", "2026-01-01") // on the same day: one row, not two
	expect(t, said(Diff(once, twice)), "ended SL01 2026-01-01 [SL02]", "altered SL02 2026-01-01 name:Phường 3→Phường 1")
	before := renamed(once, "Xã 1", july) // what is noted for a later day stays
	if v := before.At("2025-12-31").Name("SL02"); v != "Xã 1" || before.At("2026-01-01").Name("SL02") != "Phường 3" || before.At("2025-06-30").Name("SL02") != "Xã Ẳng Nưa" {
		t.Errorf("%q", said(Diff(once, before)))
	}
	fresh := alter(t, now, (&Merge{Units: []string{"SL01", "SL03"}, Into: "SL10", Name: "Xã", On: july}).Apply)
	_, problems := (&Merge{Units: []string{"SL10"}, Into: "SL02", On: july}).Apply(fresh)
	if len(problems) != 1 || !strings.Contains(problems[0].What.EN, "begins on that very day") {
		t.Errorf("a unit of no day: %v", problems)
	}
}

func alter(t *testing.T, now *units.Tree, apply func(*units.Tree) (*units.Tree, []Problem)) *units.Tree {
	t.Helper()
	tree, problems := apply(now)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return tree
}

func TestMerge(t *testing.T) {
	now := take(t, nil, Import{}, list)
	made := alter(t, now, (&Merge{Units: []string{"SL01", "SL02"}, Into: "SL10", Name: "Xã Mường Lầm", On: july}).Apply)
	expect(t, said(Diff(now, made)), "ended SL01 2025-07-01 [SL10]", "ended SL02 2025-07-01 [SL10]", "added SL10 2025-07-01")
	v := made.At(july)
	if v.Parent("SL01-1") != "SL10" || v.Home("SL01") != "SL10" || v.Name("SL10") != "Xã Mường Lầm" || made.At("2025-06-30").Has("SL10") {
		t.Error("what was below the old ones, or their records, are not in the new one")
	}
	taken := alter(t, now, (&Merge{Units: []string{"SL01", "SL02"}, Into: "SL02", Name: "Phường Nưa", On: july}).Apply)
	expect(t, said(Diff(now, taken)), "ended SL01 2025-07-01 [SL02]", "altered SL02 2025-07-01 name:Xã Ẳng Nưa→Phường Nưa")
	if taken.At(july).Name("SL02") != "Phường Nưa" || taken.At("2025-06-30").Name("SL02") != "Xã Ẳng Nưa" {
		t.Error("the unit that took another in has not its names")
	}
	expect(t, said(Diff(now, alter(t, now, (&Merge{Units: []string{"SL01"}, Into: "SL02", On: july}).Apply))), "ended SL01 2025-07-01 [SL02]")
	for name, m := range map[string]Merge{
		"one":             {Units: []string{"SL01"}, Into: "SL10", Name: "X", On: july},
		"no name":         {Units: []string{"SL01", "SL02"}, Into: "SL10", On: july},
		"nobody":          {Units: []string{"SL01", "SL99"}, Into: "SL10", Name: "X", On: july},
		"of two levels":   {Units: []string{"SL01-1", "SL02"}, Into: "SL10", Name: "X", On: july},
		"into a province": {Units: []string{"SL01", "SL02"}, Into: "SL", On: july},
		"into a village":  {Units: []string{"SL02"}, Into: "SL01-1", On: july},
		"into its child":  {Units: []string{"SL01", "SL02"}, Into: "SL01-1", On: july},
		"an odd new code": {Units: []string{"SL01", "SL02"}, Into: "SL 10", Name: "X", On: july},
	} {
		if tree, problems := m.Apply(now); tree != nil || len(problems) == 0 {
			t.Errorf("%s: taken", name)
		}
	}
	if _, problems := (&Merge{Units: []string{"SL01", "SL03"}, Into: "SL11", Name: "X", On: "2025-01-01"}).Apply(made); len(problems) == 0 {
		t.Error("a unit that ends later was ended before")
	}
}

func TestSplit(t *testing.T) {
	now := take(t, nil, Import{}, list)
	made := alter(t, now, (&Split{Unit: "SL01", On: july, Parts: []Part{{"SL11", "Xã Đứa", []string{"SL01-1"}}, {"SL12", "Xã Mòn", nil}}}).Apply)
	expect(t, said(Diff(now, made)), "ended SL01 2025-07-01 [SL11 SL12]", "altered SL01-1 2025-07-01 parent:SL01→SL11", "added SL11 2025-07-01", "added SL12 2025-07-01")
	if v := made.At(july); v.Home("SL01") != "SL" || v.Parent("SL01-1") != "SL11" || made.At("2025-06-30").Parent("SL01-1") != "SL01" {
		t.Error("the parts, or the records of the whole")
	}
	for name, s := range map[string]Split{
		"one part":      {Unit: "SL01", On: july, Parts: []Part{{"SL11", "X", []string{"SL01-1"}}}},
		"left over":     {Unit: "SL01", On: july, Parts: []Part{{"SL11", "X", nil}, {"SL12", "Y", nil}}},
		"a stranger":    {Unit: "SL01", On: july, Parts: []Part{{"SL11", "X", []string{"SL01-1", "SL02"}}, {"SL12", "Y", nil}}},
		"a taken code":  {Unit: "SL02", On: july, Parts: []Part{{"SL03", "X", nil}, {"SL12", "Y", nil}}},
		"nobody":        {Unit: "SL99", On: july, Parts: []Part{{"SL11", "X", nil}, {"SL12", "Y", nil}}},
		"without names": {Unit: "SL02", On: july, Parts: []Part{{"SL11", "", nil}, {"SL12", "Y", nil}}},
	} {
		if tree, problems := s.Apply(now); tree != nil || len(problems) == 0 {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestOwnLevels(t *testing.T) {
	levels := slices.Insert(slices.Clone(units.Usual), 3, units.Level{ID: "cluster", VI: "Cụm", EN: "Cluster"})
	tree := take(t, nil, Import{Levels: levels}, "code,name,level,parent\nP,Tỉnh,province,\nC,Cụm 1,Cụm,P\nX,Xã A,xã,C\n")
	if got, ok := tree.At(july).Above("X", "cluster"); !ok || got.Code != "C" || len(tree.Levels()) != 6 {
		t.Error(got, tree.Levels())
	}
	if _, problems := (Import{Levels: units.Usual}).Apply(tree, []byte("code,name,level\nP,Tỉnh,province\n")); len(problems) != 1 || problems[0].Code != "C" {
		t.Error("a level was taken away under a unit:", problems)
	}
}

// TestTheCountry takes the real lists: the old levels, and then the new ones from their day.
func TestTheCountry(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "units", name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the real units are not here: ../shared/data/units")
		}
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	fresh := take(t, nil, Import{}, read("units_2025.csv"))
	if n := len(fresh.At(july).Under("VN")); n != 1+34+3321 {
		t.Errorf("%d units", n)
	}
	old := take(t, nil, Import{}, read("units_pre2025.csv"))
	both := take(t, old, Import{On: july, Whole: true}, read("units_2025.csv"))
	if n := len(both.At(july).Children("VN")); n != 34 {
		t.Errorf("%d provinces", n)
	}
	if n := len(both.At("2025-06-30").Level("commune")); n != 10035 {
		t.Errorf("%d communes before", n)
	}
	counts := map[string]int{}
	for _, d := range Diff(old, both) {
		counts[d.Kind]++
	}
	t.Log("from the lists before to those of 2025:", counts)
}
