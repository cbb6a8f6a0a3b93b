package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/fault"
)

func TestBothLanguagesHaveEveryText(t *testing.T) {
	vi, en := app.TextKeys(app.Vietnamese), app.TextKeys(app.English)
	if !slices.Equal(vi, en) {
		for _, k := range vi {
			if !slices.Contains(en, k) {
				t.Errorf("not in English: %s", k)
			}
		}
		for _, k := range en {
			if !slices.Contains(vi, k) {
				t.Errorf("not in Vietnamese: %s", k)
			}
		}
	}
	if len(vi) < 100 {
		t.Errorf("only %d keys were read", len(vi))
	}
}

// Quotes open and close, in both languages.
func TestNoTextHasStraightQuotes(t *testing.T) {
	for _, lang := range []string{app.Vietnamese, app.English} {
		text, err := os.ReadFile(filepath.Join("lang", lang+".json"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, `\"`) {
				t.Errorf("%s: %s", lang, line)
			}
		}
	}
}

// Every key that the source names is in the catalogue, and every key of the catalogue is named somewhere.
func TestEveryKeyThatIsUsedExists(t *testing.T) {
	used := map[string]bool{}
	for _, dir := range []string{".", "../ui", "../window"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			for _, k := range stringsIn(t, path) {
				used[k] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	known := app.TextKeys(app.Vietnamese)
	for _, k := range known {
		if !used[k] {
			t.Errorf("nothing shows the text %s", k)
		}
	}
	for k := range used {
		if prefix, _, ok := strings.Cut(k, "."); ok && slices.ContainsFunc(known, func(x string) bool { return strings.HasPrefix(x, prefix+".") }) && !slices.Contains(known, k) && !strings.HasSuffix(k, ".svg") {
			t.Errorf("no text for %s", k)
		}
	}
}

// stringsIn gives the string literals of a file that could be keys.
func stringsIn(t *testing.T, path string) (keys []string) {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && s != "" && !strings.ContainsAny(s, " /:%\n") {
				keys = append(keys, s)
			}
		}
		return true
	})
	return keys
}

func TestTheLanguageIsChangedAtOnceAndKept(t *testing.T) {
	_, m := openNotebook(t)
	m.Write("diem.pq.24", "awareness_session", session(place(m, "Làng Kon Tơ Ngol"), "1238"))
	m.Wait(time.Second)
	m.App.SetLanguage(app.English)
	m.App.SetTextSize(18)
	m.Settle()
	if row := m.App.List.Row(0); row.Title != "Awareness session" || !strings.HasPrefix(row.Sub, "Làng Kon Tơ Ngol · Meeting · ") {
		t.Errorf("%+v", row)
	}
	if got := m.App.Bar().Strong; got != "No network · 2 waiting to send" {
		t.Errorf("the bar says %q", got)
	}
	if after := m.PowerCut().Start(); after.App.Language() != app.English || after.App.TextSize() != 18 {
		t.Errorf("after a start: %s, %d", after.App.Language(), after.App.TextSize())
	}
}

func TestTheBarSaysHowThingsStand(t *testing.T) {
	_, m := openNotebook(t)
	for range 61 {
		m.Book.Save(t.Context(), m.Entry("diem.pq.24", "venue_register", map[string]string{"name": "Thôn"}))
	}
	m.Wait(time.Second)
	at := func(d time.Duration) time.Time { return m.V.Wall().Time().Add(d) }
	for _, c := range []struct {
		status       app.SyncStatus
		strong, rest string
		done         float64
	}{
		{app.SyncStatus{}, "Chưa có mạng · 61 lần ghi chờ gửi", "Đã lưu 61 · chưa gửi lần nào", -1},
		{app.SyncStatus{Phase: app.Connecting}, "Đang tìm đường đến trung tâm…", "Đã lưu 61 · chưa gửi lần nào", -1},
		{app.SyncStatus{Phase: app.Sending, ToPush: 61, Pushed: 24}, "Đang gửi 24 trên 61 …", "Đã lưu 61 · chưa gửi lần nào", 24.0 / 61},
		{app.SyncStatus{Phase: app.Receiving, Taken: 3}, "Đang nhận về: 3 lần ghi", "Đã lưu 61 · chưa gửi lần nào", -1},
		{app.SyncStatus{Fault: fault.CutOff, ToPush: 61, Pushed: 24, NextTry: at(90 * time.Second)},
			"Mất mạng. Đã gửi 24 trên 61; phần còn lại chờ lần sau.", "Chưa có mạng · 61 lần ghi chờ gửi · thử lại lúc ", -1},
		{app.SyncStatus{Fault: fault.Unreachable}, "Chưa có mạng · 61 lần ghi chờ gửi", "Đã lưu 61 · chưa gửi lần nào", -1},
	} {
		m.Engine.Set(c.status)
		m.Wait(time.Second)
		b := m.App.Bar()
		if b.Strong != c.strong || !strings.HasPrefix(b.Rest, c.rest) || b.Done != c.done || b.Trouble.Some() {
			t.Errorf("%+v: %+v", c.status, b)
		}
	}
	m.Engine.Set(app.SyncStatus{Fault: fault.WrongKey})
	m.Wait(time.Second)
	if b := m.App.Bar(); b.Trouble.Code != "wrong_key" || b.Strong != fault.WrongKey.Message("vi") || b.Rest != fault.WrongKey.Hint("vi") {
		t.Errorf("%+v", b)
	}
	m.Receipt()
	m.Engine.Set(app.SyncStatus{Phase: app.Idle})
	m.Wait(time.Second)
	if got := m.App.Bar().Strong; !strings.HasPrefix(got, "Đã lưu 61 · ở trung tâm 61 · biên nhận 09:4") {
		t.Errorf("the bar says %q", got)
	}
	m.App.SendNow()
	if m.Engine.Asked != 1 {
		t.Error("Gửi ngay was not passed on")
	}
}

func TestDaysAsHandsTypeThem(t *testing.T) {
	today := time.Date(2026, 11, 19, 0, 0, 0, 0, apptest.Zone)
	for typed, want := range map[string]string{
		"17": "2026-11-17", "1711": "2026-11-17", "17/11/26": "2026-11-17", "17112026": "2026-11-17", "17/11/2026": "2026-11-17",
		"17-11": "2026-11-17", "1.3.2025": "2025-03-01", "29/2": "", "31/11": "", "abc": "", "": "", "2026-11-17": "", "0": "",
	} {
		if got, _ := app.ReadDate(typed, today); got != want && (want != "" || viOK(typed, today)) {
			t.Errorf("%q gives %q, want %q", typed, got, want)
		}
	}
}

func viOK(typed string, today time.Time) bool {
	_, ok := app.ReadDate(typed, today)
	return ok
}

// What cannot be read is neither dropped nor taken for something else.
func TestANumberThatCouldMeanTwoThingsIsAsked(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("weapon_handover")
	m.Settle()
	e := m.App.Editor()
	row := e.AddRow("items")
	e.Set("items/"+row+"/kind", "explosive_g")
	path := "items/" + row + "/quantity"
	e.Type(path, "1.5")
	e.Leave(path)
	if text, _ := e.Problem(path); text != "Cần một con số." || e.Text(path) != "1.5" {
		t.Errorf("%q stands there, below it %q", e.Text(path), text)
	}
	e.Type(path, "1,5")
	if text, _ := e.Problem(path); text != "" || e.Value(path) != "1.5" {
		t.Errorf("%q is kept as %q: %q", e.Text(path), e.Value(path), text)
	}
	e.RemoveRow("items", row)
	if len(e.Rows("items")) != 0 || e.Value(path) != "" {
		t.Error("the row is still there")
	}
	m.App.DoToast()
	if len(e.Rows("items")) != 1 || e.Value(path) != "1.5" {
		t.Error("Hoàn tác did not bring the row back")
	}
}

func TestALanguageIsAFile(t *testing.T) {
	codes, err := app.AddLanguages(fstest.MapFS{
		"jra.json": {Data: []byte(`{"lang.name": "Jrai", "lang.short": "JR", "nav.records": "Hră čih"}`)},
		"bad.json": {Data: []byte(`{"nav.records": "x"`)},
		"nam.json": {Data: []byte(`{"nav.records": "x"}`)},
	})
	if !slices.Equal(codes, []string{"jra"}) || err == nil || !strings.Contains(err.Error(), "bad.json") || !strings.Contains(err.Error(), "nam.json") {
		t.Fatalf("taken: %v, %v", codes, err)
	}
	t.Cleanup(func() { app.DropLanguage("jra") })
	if all := app.Languages(); len(all) != 3 || all[0].Code != app.Vietnamese || all[1].Code != app.English || all[2] != (app.Language{Code: "jra", Name: "Jrai", Short: "JR"}) {
		t.Errorf("%+v", all)
	}
	_, m := openNotebook(t)
	m.App.SetLanguage("jra")
	if got := m.App.T("nav.records") + ", " + m.App.T("nav.sync"); got != "Hră čih, Đồng bộ" {
		t.Errorf("the screen says %q", got)
	}
	if _, err := app.AddLanguages(os.DirFS(filepath.Join(t.TempDir(), "no such folder"))); err != nil {
		t.Errorf("no folder: %v", err)
	}
}
