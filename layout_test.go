package banlang_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// TestLayout reads all Go files of the house, under whatever build tag, and says where they break its rules. It reads them
// itself: answers of go list, asked from a test, are cached and go stale.
func TestLayout(t *testing.T) {
	read, err := readSources(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range house.check(read) {
		t.Error(c)
	}
}

// house is the table of packages: who may import whom, and which exceptions there are. ARCHITECTURE.md says what each owns.
var house = layout{
	// A package imports only packages of lower height.
	heights: map[string]int{
		"shared/blob":            0,
		"shared/clock":           0,
		"shared/fault":           0,
		"shared/planted":         0,
		"shared/seal":            0,
		"shared/viet":            0,
		"shared/wholefile":       0,
		"shared/words":           0,
		"shared/sqlite/faultvfs": 0,

		"shared/xpath": 0,

		"shared/typeset":             1,
		"shared/typeset/typesettest": 2,
		"shared/paper":               3,

		"shared/xform":    1,
		"shared/lockfile": 1,
		"shared/record":   1,
		"shared/sqlite":   1,

		"shared/envelope":          2,
		"shared/units":             2,
		"shared/roster":            2,
		"shared/form/builtin":      2,
		"shared/form/declared":     2,
		"shared/form":              3,
		"shared/ledger":            2,
		"shared/ledger/ledgertest": 3,
		"shared/ledger/sqlledger":  3,
		"shared/protocol":          3,
		"shared/wsconn":            4,
		"shared/enrolment":         5,
		"shared/dispatch":          4,
		"shared/passphrase":        2,

		"desktop/cryptvfs":           10,
		"desktop/keyfile":            10,
		"desktop/nmea":               10,
		"desktop/alert":              10,
		"desktop/notebook":           10,
		"desktop/photo":              10,
		"desktop/sleep":              10,
		"desktop/telex":              10,
		"desktop/app":                11,
		"desktop/notebook/storetest": 11,
		"desktop/replica":            11,
		"desktop/store":              11,
		"desktop/single":             11,
		"desktop/ui/kit":             11,
		"desktop/app/apptest":        12,
		"desktop/command":            12,
		"desktop/ui/formui":          12,
		"desktop/ui/tour":            13,
		"desktop/ui":                 14,
		"desktop/window":             15,
		"desktop":                    16,
		"desktop/window/hand":        16,
		"desktop/bench":              17,

		"syncserver/export":            10,
		"syncserver/export/layout":     11,
		"syncserver/export/xlsx":       11,
		"syncserver/export/docx":       12,
		"syncserver/export/pdf":        12,
		"syncserver/export/exporttest": 13,

		"syncserver/access":            10,
		"syncserver/audit":             10,
		"syncserver/boundary":          10,
		"syncserver/report":            10,
		"syncserver/report/reporttest": 11,
		"syncserver/report/pivot":      14,
		"syncserver/report/shelf":      10,
		"syncserver/report/grid":       14,
		"syncserver/report/frozen":     15,
		"syncserver/units":             11,
		"syncserver/xlsform":           10,
		"syncserver/declare":           11,
		"syncserver/demo/madeup":       11,
		"syncserver/hub":               11,
		"syncserver/staff":             11,
		"syncserver/builtin":           12,
		"syncserver/judge":             12,
		"syncserver/publish":           12,
		"syncserver/sqlitestore":       12,
		"syncserver/storetest":         12,
		"syncserver/builtin/generate":  13,
		"syncserver/bench":             18,
		"syncserver/centre":            14,
		"syncserver/projection":        13,
		"syncserver/conformance":       13,
		"syncserver/console":           16,
		"syncserver/demo":              15,
		"syncserver/httpd":             17,
		"syncserver/command":           18,
		"syncserver":                   19,

		".": 20, // tests only: the one place that imports both halves
	},
	// Packages that only tests and each other may import. They need not serve both programs, and may be long.
	testSupport: map[string]string{
		"shared/sqlite/faultvfs":       "the bad disk",
		"shared/ledger/ledgertest":     "the suite of ledger.Tx",
		"desktop/notebook/storetest":   "the suite of notebook.Store",
		"desktop/app/apptest":          "the village of the screens",
		"desktop/ui/tour":              "the story that shows every page",
		"syncserver/report/reporttest": "the tables that reports are computed from",
		"syncserver/storetest":         "the suite of hub.Store",

		"shared/typeset/typesettest":   "what stands where on a page",
		"syncserver/export/exporttest": "the documents that export is tried by",
	},
	// What breaks a rule for a reason, as "rule where". An entry that excuses nothing fails.
	excused: map[string]string{
		"driver syncserver/bench/sync.go": "the plain driver is the limit that the measurements are held against",
		"trust desktop/command/enrol.go":  "asks with a one-time code before it has the centre's key; the answer proves itself (package enrolment)",
		"trust desktop/bench/device.go":   "asks a health page before the key is known; no notebook goes that way",
	},
}

const (
	module    = "banlang"
	funcLines = 70
	fileLines = 500
)

// layout is a table of packages (by their folders) with its exceptions.
type layout struct {
	heights     map[string]int
	testSupport map[string]string
	excused     map[string]string
}

// complaint says which rule is broken where: in a folder, a file, or a function of a file.
type complaint struct{ rule, where, what string }

func (c complaint) key() string    { return c.rule + " " + c.where }
func (c complaint) String() string { return c.key() + ": " + c.what }

// check returns what breaks a rule and is not excused, and the excuses that nobody needs, in order.
func (l layout) check(s sources) []complaint {
	var found []complaint
	for _, rule := range []func(layout, sources) []complaint{
		layout.entered, layout.down, layout.apart, layout.technology, layout.reach, layout.bothNeed,
		layout.comments, layout.contents, layout.sizes,
	} {
		found = append(found, rule(l, s)...)
	}
	needed := map[string]bool{}
	kept := slices.DeleteFunc(found, func(c complaint) bool {
		_, ok := l.excused[c.key()]
		needed[c.key()] = needed[c.key()] || ok
		return ok
	})
	for key := range l.excused {
		if !needed[key] {
			kept = append(kept, complaint{"excuse", key, "excuses nothing: remove it"})
		}
	}
	slices.SortFunc(kept, func(a, b complaint) int { return cmp.Compare(a.String(), b.String()) })
	return kept
}

// entered: every package is in the table, and every entry is a package.
func (l layout) entered(s sources) (found []complaint) {
	present := map[string]bool{}
	for _, f := range s.files {
		present[f.dir] = true
	}
	for dir := range present {
		if _, ok := l.heights[dir]; !ok {
			found = append(found, complaint{"table", dir, "enter the package in layout_test.go and ARCHITECTURE.md"})
		}
	}
	for dir := range l.heights {
		if !present[dir] {
			found = append(found, complaint{"table", dir, "there is no such package"})
		}
	}
	for dir := range l.testSupport {
		if _, ok := l.heights[dir]; !ok {
			found = append(found, complaint{"table", dir, "test support without a height"})
		}
	}
	return found
}

// down: imports point down. A test file may also import its own package and any test support; the programs import none.
func (l layout) down(s sources) (found []complaint) {
	for _, f := range s.files {
		for _, to := range f.ours {
			_, support := l.testSupport[to]
			_, fromSupport := l.testSupport[f.dir]
			if f.test && (support || to == f.dir) {
				continue
			}
			if support && !fromSupport {
				found = append(found, complaint{"support", f.path, "imports " + to + ", which is for tests only"})
			}
			if _, ok := l.heights[to]; ok && l.heights[to] >= l.heights[f.dir] {
				found = append(found, complaint{"down", f.path,
					fmt.Sprintf("%s (height %d) imports %s (height %d)", f.dir, l.heights[f.dir], to, l.heights[to])})
			}
		}
	}
	return found
}

// apart: neither program imports the other, and shared imports neither. Only the tests in the root import both.
func (l layout) apart(s sources) (found []complaint) {
	for _, f := range s.files {
		for _, to := range f.ours {
			from, into := top(f.dir), top(to)
			if from != "." && into != from && into != "shared" {
				found = append(found, complaint{"apart", f.path, "imports " + to})
			}
		}
	}
	return found
}

// technology: Fyne stays in the screens, the driver of SQLite in shared/sqlite, in tests too. What the bench measures xpath
// against is in no program.
func (l layout) technology(s sources) (found []complaint) {
	for _, f := range s.files {
		for _, to := range f.imports {
			if under(to, "fyne.io") && !under(f.dir, "desktop/ui") && !under(f.dir, "desktop/window") {
				found = append(found, complaint{"fyne", f.path, "imports " + to})
			}
			if under(to, "github.com/mattn/go-sqlite3") && !under(f.dir, "shared/sqlite") {
				found = append(found, complaint{"driver", f.path, "imports " + to})
			}
			if under(to, "github.com/antchfx") && f.dir != "syncserver/bench" {
				found = append(found, complaint{"floor", f.path, "imports " + to})
			}
		}
	}
	return found
}

// reach: nothing that the screens are made of leads to SQLite, so that they build and are tested without cgo.
func (l layout) reach(s sources) (found []complaint) {
	for dir := range l.heights {
		if dir != "desktop/app" && !under(dir, "desktop/ui") {
			continue
		}
		for to, way := range s.reached(dir) {
			if under(to, "shared/sqlite") || under(to, "github.com/mattn/go-sqlite3") {
				found = append(found, complaint{"reach", dir, way})
			}
		}
	}
	return found
}

// bothNeed: what is in shared is in both programs, or supports tests.
func (l layout) bothNeed(s sources) (found []complaint) {
	desktop, centre := s.reached("desktop"), s.reached("syncserver")
	for dir := range l.heights {
		_, support := l.testSupport[dir]
		if !under(dir, "shared") || support {
			continue
		}
		if desktop[dir] == "" {
			found = append(found, complaint{"both", dir, "the desktop does not need it"})
		}
		if centre[dir] == "" {
			found = append(found, complaint{"both", dir, "the syncserver does not need it"})
		}
	}
	return found
}

// comments: one file of each package says what the package owns. Test files say it where there are no others.
func (l layout) comments(s sources) (found []complaint) {
	for dir := range l.heights {
		begins, docs, bare := "", []string{}, true
		for _, f := range s.in(dir) {
			if f.test && !bare {
				continue // s.in lists tests last
			}
			bare = f.test
			begins = "Package " + f.tree.Name.Name
			if f.tree.Name.Name == "main" {
				begins = "Command " + path.Base(dir)
			}
			if f.tree.Doc != nil {
				docs = append(docs, f.tree.Doc.Text())
			}
		}
		switch {
		case begins == "": // no such package: entered says so
		case len(docs) != 1:
			found = append(found, complaint{"comment", dir, fmt.Sprintf("%d package comments, want one", len(docs))})
		case !strings.HasPrefix(docs[0], begins+" "):
			found = append(found, complaint{"comment", dir, "does not begin with " + begins})
		}
	}
	return found
}

// contents: no test waits by sleeping, and nothing trusts a stranger.
func (l layout) contents(s sources) (found []complaint) {
	for _, f := range s.files {
		clock := f.names("time")
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if f.test && isName(n.X, clock) && n.Sel.Name == "Sleep" {
					found = append(found, complaint{"sleep", f.path, "time.Sleep: wait on a signal"})
				}
			case *ast.KeyValueExpr:
				if isName(n.Key, "InsecureSkipVerify") && isName(n.Value, "true") {
					found = append(found, complaint{"trust", f.path, "InsecureSkipVerify"})
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					sel, ok := to.(*ast.SelectorExpr)
					if ok && sel.Sel.Name == "InsecureSkipVerify" && isName(n.Rhs[min(i, len(n.Rhs)-1)], "true") {
						found = append(found, complaint{"trust", f.path, "InsecureSkipVerify"})
					}
				}
			}
			return true
		})
	}
	return found
}

// sizes: functions and files that a reader can hold. Tests, their support, and generated files may be longer.
func (l layout) sizes(s sources) (found []complaint) {
	for _, f := range s.files {
		if _, support := l.testSupport[f.dir]; f.test || support || ast.IsGenerated(f.tree) {
			continue
		}
		if f.lines > fileLines {
			found = append(found, complaint{"file", f.path, fmt.Sprintf("%d lines, at most %d", f.lines, fileLines)})
		}
		for _, d := range f.tree.Decls {
			name := "a function"
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					name = n.Name.Name
				case *ast.FuncLit:
				default:
					return true
				}
				if lines := s.fset.Position(n.End()).Line - s.fset.Position(n.Pos()).Line + 1; lines > funcLines {
					found = append(found, complaint{"func", f.path + " " + name,
						fmt.Sprintf("%d lines, at most %d", lines, funcLines)})
				}
				return false
			})
		}
	}
	return found
}

// sources are the Go files of a tree, those of tests last.
type sources struct {
	fset  *token.FileSet
	files []source
}

type source struct {
	path, dir string // from the root, with slashes
	test      bool
	lines     int
	imports   []string // all, by their import paths
	ours      []string // those of this module, by their folders
	tree      *ast.File
}

// readSources parses all Go files below root, except where the go command looks for none and where programs write.
func readSources(root fs.FS) (sources, error) {
	s := sources{fset: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			hidden := strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") || d.Name() == "testdata"
			if at != "." && hidden || at == "bin" || at == "run" {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(at) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(root, at)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(s.fset, at, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		f := source{path: at, dir: path.Dir(at), test: strings.HasSuffix(at, "_test.go"), tree: tree}
		f.lines = strings.Count(string(text), "\n")
		for _, spec := range tree.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, to)
			if rest, ok := strings.CutPrefix(to, module+"/"); ok {
				f.ours = append(f.ours, rest)
			}
		}
		s.files = append(s.files, f)
		return nil
	})
	slices.SortStableFunc(s.files, func(a, b source) int {
		if a.test == b.test {
			return 0
		}
		if a.test {
			return 1
		}
		return -1
	})
	return s, err
}

// in returns the files of one package, those of tests last.
func (s sources) in(dir string) (files []source) {
	for _, f := range s.files {
		if f.dir == dir {
			files = append(files, f)
		}
	}
	return files
}

// reached returns what the package needs, directly or not, each with the way to it. Tests do not count, and the packages
// of others are not followed.
func (s sources) reached(dir string) map[string]string {
	ways := map[string]string{}
	for next := []string{dir}; len(next) > 0; next = next[1:] {
		for _, f := range s.in(next[0]) {
			if f.test {
				continue
			}
			for _, to := range f.imports {
				to = strings.TrimPrefix(to, module+"/")
				if ways[to] == "" {
					ways[to] = cmp.Or(ways[next[0]], dir) + " → " + to
					next = append(next, to)
				}
			}
		}
	}
	return ways
}

// names returns what the file calls the package of this import path; "" if it does not import it.
func (f source) names(importPath string) string {
	for _, spec := range f.tree.Imports {
		if spec.Path.Value == strconv.Quote(importPath) {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return path.Base(importPath)
		}
	}
	return ""
}

func isName(x ast.Node, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && name != "" && id.Name == name
}

// top returns the first folder of a path.
func top(dir string) string { first, _, _ := strings.Cut(dir, "/"); return first }

// under says whether a path is that folder or in it.
func under(at, dir string) bool { return at == dir || strings.HasPrefix(at, dir+"/") }

// TestLayoutChecksCanFail breaks a small sound house in one place at a time.
func TestLayoutChecksCanFail(t *testing.T) {
	small := layout{
		heights: map[string]int{"shared/low": 0, "shared/sqlite/bad": 0, "shared/sqlite": 1, "desktop/app": 2, "desktop/store": 2,
			"desktop/ui": 3, "desktop": 4, "syncserver/hub": 2, "syncserver": 3, ".": 9},
		testSupport: map[string]string{"shared/sqlite/bad": "a bad disk"},
		excused:     map[string]string{"file syncserver/hub/long.go": "long for a reason"},
	}
	sound := map[string]string{
		"shared/low/low.go":           goFile("Package low owns nothing.", "low", ""),
		"shared/low/low_test.go":      goFile("", "low_test", "", "banlang/shared/low", "banlang/shared/sqlite/bad"),
		"shared/sqlite/sqlite.go":     goFile("Package sqlite owns files.", "sqlite", "", "banlang/shared/low", "github.com/mattn/go-sqlite3"),
		"shared/sqlite/bad/bad.go":    goFile("Package bad owns a bad disk.", "bad", "func f() {"+strings.Repeat("\n", 600)+"}", "github.com/mattn/go-sqlite3"),
		"desktop/app/app.go":          goFile("Package app owns nothing.", "app", "", "banlang/shared/low"),
		"desktop/store/store.go":      goFile("Package store owns nothing.", "store", "", "banlang/shared/sqlite"),
		"desktop/ui/ui.go":            goFile("Package ui owns nothing.", "ui", "", "banlang/desktop/app", "fyne.io/fyne/v2"),
		"desktop/main.go":             goFile("Command desktop runs.", "main", "", "banlang/desktop/ui", "banlang/desktop/store"),
		"syncserver/hub/hub.go":       goFile("Package hub owns nothing.", "hub", "func f() {"+strings.Repeat("\n", 69)+"}", "banlang/shared/sqlite"),
		"syncserver/hub/long.go":      goFile("", "hub", strings.Repeat("\n", 600)),
		"syncserver/hub/generated.go": "// Code generated by hand. DO NOT EDIT.\n\n" + goFile("", "hub", strings.Repeat("\n", 600)),
		"syncserver/main.go":          goFile("Command syncserver runs.", "main", "func f() { time.Sleep(1) }", "banlang/syncserver/hub", "time"),
		"both_test.go":                goFile("Package banlang_test proves.", "banlang_test", "", "banlang/desktop/store", "banlang/syncserver/hub"),
		"syncserver/testdata/odd.go":  "not Go",
	}
	for name, c := range map[string]struct {
		files map[string]string // instead of, or beside, those of the sound house; an empty one is taken away
		want  []string          // rule and place
	}{
		"sound":              {},
		"not entered":        {map[string]string{"desktop/new/new.go": goFile("Package new owns.", "new", "")}, []string{"table desktop/new"}},
		"entered, not there": {map[string]string{"shared/sqlite/bad/bad.go": ""}, []string{"table shared/sqlite/bad"}},
		"import up": {map[string]string{"desktop/app/up.go": goFile("", "app", "", "banlang/desktop/ui")},
			[]string{"down desktop/app/up.go"}},
		"import beside": {map[string]string{"desktop/store/beside.go": goFile("", "store", "", "banlang/desktop/app")},
			[]string{"down desktop/store/beside.go"}},
		"test imports up": {map[string]string{"desktop/app/up_test.go": goFile("", "app_test", "", "banlang/desktop/ui")},
			[]string{"down desktop/app/up_test.go"}},
		"program imports test support": {map[string]string{"desktop/store/bad.go": goFile("", "store", "", "banlang/shared/sqlite/bad")},
			[]string{"support desktop/store/bad.go"}},
		"desktop imports syncserver": {map[string]string{"desktop/ui/other.go": goFile("", "ui", "", "banlang/syncserver/hub")},
			[]string{"apart desktop/ui/other.go", "reach desktop/ui", "reach desktop/ui"}},
		"syncserver's tests import desktop": {map[string]string{"syncserver/a_test.go": goFile("", "main", "", "banlang/desktop/app")},
			[]string{"apart syncserver/a_test.go"}},
		"shared imports a program": {map[string]string{"shared/low/a_test.go": goFile("", "low", "", "banlang/desktop/app")},
			[]string{"apart shared/low/a_test.go", "down shared/low/a_test.go"}},
		"fyne below the screens": {map[string]string{"desktop/app/f_test.go": goFile("", "app", "", "fyne.io/fyne/v2/test")},
			[]string{"fyne desktop/app/f_test.go"}},
		"driver outside": {map[string]string{"desktop/store/s_test.go": goFile("", "store", "", "github.com/mattn/go-sqlite3")},
			[]string{"driver desktop/store/s_test.go"}},
		"the floor outside the bench": {map[string]string{"syncserver/hub/x.go": goFile("", "hub", "", "github.com/antchfx/xpath")},
			[]string{"floor syncserver/hub/x.go"}},
		"screens reach SQLite": {map[string]string{"desktop/app/s.go": goFile("", "app", "", "banlang/shared/sqlite")},
			[]string{"reach desktop/app", "reach desktop/app", "reach desktop/ui", "reach desktop/ui"}},
		"one program needs it": {map[string]string{"desktop/main.go": goFile("Command desktop runs.", "main", "", "banlang/desktop/ui")},
			[]string{"both shared/sqlite"}},
		"no comment": {map[string]string{"desktop/app/app.go": goFile("", "app", "", "banlang/shared/low")}, []string{"comment desktop/app"}},
		"comment in a test only": {map[string]string{"desktop/app/app.go": goFile("", "app", "", "banlang/shared/low"),
			"desktop/app/a_test.go": goFile("Package app owns.", "app", "")}, []string{"comment desktop/app"}},
		"two comments": {map[string]string{"desktop/app/b.go": goFile("Package app owns more.", "app", "")}, []string{"comment desktop/app"}},
		"wrong beginning": {map[string]string{"syncserver/main.go": goFile("Package main runs.", "main", "", "banlang/syncserver/hub")},
			[]string{"comment syncserver"}},
		"sleep": {map[string]string{"desktop/app/s_test.go": goFile("", "app", "func f() { time.Sleep(1) }", "time")},
			[]string{"sleep desktop/app/s_test.go"}},
		"sleep by another name": {map[string]string{"desktop/app/s_test.go": "package app\n\nimport w \"time\"\n\nvar nap = w.Sleep\n"},
			[]string{"sleep desktop/app/s_test.go"}},
		"trust": {map[string]string{"desktop/app/t.go": goFile("", "app", "var c = tls.Config{InsecureSkipVerify: true}", "crypto/tls")},
			[]string{"trust desktop/app/t.go"}},
		"trust by assignment": {map[string]string{"desktop/app/t.go": goFile("", "app", "func f(c *tls.Config) { c.InsecureSkipVerify = true }", "crypto/tls")},
			[]string{"trust desktop/app/t.go"}},
		"long function": {map[string]string{"desktop/app/l.go": goFile("", "app", "func long() {"+strings.Repeat("\n", 70)+"}")},
			[]string{"func desktop/app/l.go long"}},
		"long literal": {map[string]string{"desktop/app/l.go": goFile("", "app", "var long = func() {"+strings.Repeat("\n", 70)+"}")},
			[]string{"func desktop/app/l.go a function"}},
		"long file": {map[string]string{"desktop/app/l.go": goFile("", "app", strings.Repeat("\n", 501))},
			[]string{"file desktop/app/l.go"}},
		"excuse not needed": {map[string]string{"syncserver/hub/long.go": ""}, []string{"excuse file syncserver/hub/long.go"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := maps.Clone(sound)
			maps.Copy(files, c.files)
			tree := fstest.MapFS{}
			for at, text := range files {
				if text != "" {
					tree[at] = &fstest.MapFile{Data: []byte(text)}
				}
			}
			read, err := readSources(tree)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, found := range small.check(read) {
				got = append(got, found.key())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("complaints %q, want %q", got, c.want)
			}
		})
	}
}

// goFile writes a Go file: its package comment if any, its package, its imports, and a body.
func goFile(comment, name, body string, imports ...string) string {
	var b strings.Builder
	if comment != "" {
		b.WriteString("// " + comment + "\n")
	}
	b.WriteString("package " + name + "\n\n")
	for _, to := range imports {
		b.WriteString("import " + strconv.Quote(to) + "\n")
	}
	return b.String() + body + "\n"
}
