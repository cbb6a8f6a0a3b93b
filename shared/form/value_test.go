package form_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/shared/viet"
)

func mustLookup(t testing.TB, id string) *form.Form {
	t.Helper()
	f, ok := form.Lookup(id, 1)
	if !ok {
		t.Fatal("no form ", id)
	}
	return f
}

// session is a record with nothing to object to.
func session() map[string]string {
	return map[string]string{
		"occurred_on": "2026-11-16", "method": "truc_tiep", "venue": "0190-venue", "venue_type": "lang",
		"topics": "ma_tuy phap_luat", "language": "vi jra", "duration_min": "90", "participants_total": "38",
		"count_method": "dem", "lead_body": "cong_an", "presenters": "2", "questions_raised": "7", "questions_answered": "7",
		"note": "Mưa to, bắt đầu muộn.",
	}
}

func handover() map[string]string {
	return map[string]string{
		"occurred_on": "2019-03-12", "receipt_no": "15/BB-2019", "how": "van_dong", "danger": "false", "custody_place": "kho_don_vi",
		"items/1/kind": "gun_air", "items/1/quantity": "2", "items/2/kind": "explosive_g", "items/2/quantity": "12.5",
	}
}

func with(values map[string]string, changes ...string) map[string]string {
	values = maps.Clone(values)
	for i := 0; i < len(changes); i += 2 {
		values[changes[i]] = changes[i+1]
	}
	return values
}

func TestCheckValueTakesWhatFits(t *testing.T) {
	f := mustLookup(t, "awareness_session")
	for path, value := range session() {
		if err := f.CheckValue(path, value); err != nil {
			t.Error(err)
		}
		if err := f.CheckValue(path, ""); err != nil {
			t.Errorf("clearing %s: %v", path, err)
		}
	}
	// Outside what makes sense, but of the right type: not the centre's to refuse.
	for path, value := range map[string]string{"duration_min": "-5", "participants_total": "999999", "occurred_on": "2999-01-01"} {
		if err := f.CheckValue(path, value); err != nil {
			t.Errorf("%s=%s: %v", path, value, err)
		}
	}
}

func TestCheckValueRefusesWhatDoesNotFit(t *testing.T) {
	cases := []struct{ form, path, value, rule string }{
		{"awareness_session", "participants_total", "38,5", form.RuleType},
		{"awareness_session", "participants_total", "1.5", form.RuleType},
		{"awareness_session", "participants_total", "-", form.RuleType},
		{"awareness_session", "participants_total", "٣", form.RuleType},
		{"awareness_session", "occurred_on", "2026-02-30", form.RuleType},
		{"awareness_session", "occurred_on", "16/11/2026", form.RuleType},
		{"awareness_session", "method", "khac", form.RuleType},
		{"awareness_session", "method", "truc_tiep long_ghep", form.RuleType},
		{"awareness_session", "topics", "ma_tuy  phap_luat", form.RuleType},
		{"awareness_session", "topics", "ma_tuy ma_tuy", form.RuleType},
		{"awareness_session", "topics", " ma_tuy", form.RuleType},
		{"awareness_session", "venue", "a b", form.RuleType},
		{"awareness_session", "venue", "a/b", form.RuleType},
		{"awareness_session", "note", "\x00", form.RuleType},
		{"awareness_session", "note", "\xff", form.RuleType},
		{"venue_register", "name", "hai\ndòng", form.RuleType},
		{"venue_register", "remote", "1", form.RuleType},
		{"weapon_handover", "items/1/quantity", "1,5", form.RuleType},
		{"weapon_handover", "items/1/quantity", "1.", form.RuleType},
		{"weapon_handover", "items/1/quantity", "1e3", form.RuleType},
		{"weapon_handover", "items", "1", form.RulePath},
		{"weapon_handover", "items/\n/quantity", "1", form.RulePath},
		{"petition", "against_officer", "true", form.RulePath},
		{"petition", "field", "khieu_nai_can_bo", form.RuleType},
		{"tip", "receipt_code", "AB12CD34", form.RulePath},
		{"tip", "_unit", "x", form.RulePath},
	}
	for _, c := range cases {
		var p form.Problem
		if !errors.As(mustLookup(t, c.form).CheckValue(c.path, c.value), &p) || p.Rule != c.rule || p.Path != c.path {
			t.Errorf("%s %s=%q: %+v, want rule %s", c.form, c.path, c.value, p, c.rule)
		}
	}
}

// Every limit, at the limit and one above.
func TestLimits(t *testing.T) {
	cases := []struct {
		form, path, fits, tooMuch, rule string
	}{
		{"venue_register", "name", strings.Repeat("ệ", form.MaxText), strings.Repeat("ệ", form.MaxText+1), form.RuleLength},
		{"tip", "note", strings.Repeat("ệ", form.MaxLongText), strings.Repeat("ệ", form.MaxLongText+1), form.RuleLength},
		{"commune_profile", "hh", strings.Repeat("9", form.MaxIntDigits), strings.Repeat("9", form.MaxIntDigits+1), form.RuleLength},
		{"commune_profile", "hh", "-" + strings.Repeat("9", form.MaxIntDigits), "-" + strings.Repeat("9", form.MaxIntDigits+1), form.RuleLength},
		{"weapon_handover", "items/1/quantity", strings.Repeat("9", form.MaxDecimalWhole) + ".5", strings.Repeat("9", form.MaxDecimalWhole+1) + ".5", form.RuleLength},
		{"weapon_handover", "items/1/quantity", "1." + strings.Repeat("0", form.MaxDecimalPlaces), "1." + strings.Repeat("0", form.MaxDecimalPlaces+1), form.RuleLength},
		{"tip", "area", strings.Repeat("a", form.MaxRef), strings.Repeat("a", form.MaxRef+1), form.RuleLength},
		{"weapon_handover", "handed_to", strings.Repeat("a", form.MaxRef), strings.Repeat("a", form.MaxRef+1), form.RuleLength},
	}
	for _, c := range cases {
		f := mustLookup(t, c.form)
		if err := f.CheckValue(c.path, c.fits); err != nil {
			t.Errorf("at the limit: %v", err)
		}
		var p form.Problem
		if !errors.As(f.CheckValue(c.path, c.tooMuch), &p) || p.Rule != c.rule {
			t.Errorf("%s %s one above the limit: %+v", c.form, c.path, p)
		}
	}
	f := mustLookup(t, "weapon_handover")
	row := strings.Repeat("r", form.MaxRowID)
	if err := f.CheckValue("items/"+row+"/kind", "bomb"); err != nil {
		t.Error("row at the limit: ", err)
	}
	if err := f.CheckValue("items/"+row+"r/kind", "bomb"); err == nil {
		t.Error("a row one above the limit was taken")
	}
}

func TestGoodRecordsRaiseNothing(t *testing.T) {
	for id, values := range map[string]map[string]string{
		"awareness_session": session(), "weapon_handover": handover(),
		"venue_register":  {"name": "Nhà rông Đê Kôn", "type": "lang", "occurred_on": "2016-01-05"},
		"commune_profile": {"as_of": "2017-05-23", "hh": "1045", "pop": "3472", "villages": "5"},
		"petition":        {"received_on": "2019-01-02", "type": "kien_nghi", "field": "dat_dai", "competence": "own"},
	} {
		if got := mustLookup(t, id).CheckRecord(values); len(got) > 0 {
			t.Errorf("%s: %v", id, got)
		}
	}
	loudspeaker := with(session(), "method", "xe_loa", "participants_total", "", "count_method", "", "questions_raised", "", "questions_answered", "")
	if got := mustLookup(t, "awareness_session").CheckRecord(loudspeaker); len(got) > 0 {
		t.Errorf("a loudspeaker run needs no participants: %v", got)
	}
}

func TestCheckRecordFlags(t *testing.T) {
	profile := map[string]string{"as_of": "2017-05-23", "hh": "1000", "pop": "3472", "villages": "5"}
	petition := map[string]string{"received_on": "2019-03-10", "type": "kien_nghi", "field": "dat_dai", "competence": "own"}
	cases := []struct {
		name, form string
		values     map[string]string
		want       string // path rule, "~" after a warning
	}{
		{"required", "awareness_session", with(session(), "venue", ""), "venue required"},
		{"answered more than raised", "awareness_session", with(session(), "questions_answered", "8"), "questions_answered not_more"},
		{"too short", "awareness_session", with(session(), "duration_min", "4"), "duration_min limits"},
		{"wrong type", "awareness_session", with(session(), "duration_min", "x"), "duration_min type"},
		{"counted at a loudspeaker", "awareness_session", with(session(), "method", "xe_loa", "count_method", "", "questions_raised", "", "questions_answered", ""), "participants_total offered~"},
		{"no rows", "weapon_handover", with(handover(), "items/1/kind", "", "items/1/quantity", "", "items/2/kind", "", "items/2/quantity", ""), "items required"},
		{"half a gun", "weapon_handover", with(handover(), "items/1/quantity", "1.5"), "items/1/quantity whole_pieces"},
		{"no gun", "weapon_handover", with(handover(), "items/1/quantity", "0"), "items/1/quantity limits"},
		{"a row without a kind", "weapon_handover", with(handover(), "items/1/kind", ""), "items/1/kind required"},
		{"two rows of a kind", "weapon_handover", with(handover(), "items/2/kind", "gun_air", "items/2/quantity", "1"), "items/2/kind one_row_each"},
		{"handed on before", "weapon_handover", with(handover(), "handed_on", "2019-03-11"), "handed_on not_before"},
		{"resolved before received", "petition", with(petition, "resolved_on", "2019-03-09", "result", "dung"), "resolved_on not_before"},
		{"resolved without result", "petition", with(petition, "resolved_on", "2019-03-10"), "result together~"},
		{"too many people", "commune_profile", with(profile, "pop", "8001"), "pop unlikely_share~"},
		{"too few people", "commune_profile", with(profile, "pop", "1499"), "pop unlikely_share~"},
		{"just enough people", "commune_profile", with(profile, "pop", "1500"), ""},
		{"just few enough people", "commune_profile", with(profile, "pop", "8000"), ""},
		{"a field of a later version", "commune_profile", with(profile, "schools", "3"), ""},
	}
	for _, c := range cases {
		var got []string
		for _, p := range mustLookup(t, c.form).CheckRecord(c.values) {
			line := p.Path + " " + p.Rule
			if p.Warning {
				line += "~"
			}
			got = append(got, line)
			if p.Text.VI == "" || p.Text.EN == "" {
				t.Errorf("%s: %s has no words", c.name, line)
			}
		}
		if joined := strings.Join(got, ", "); joined != c.want {
			t.Errorf("%s: flags %q, want %q", c.name, joined, c.want)
		}
	}
}

func TestRowsComeInOrder(t *testing.T) {
	values := map[string]string{"items/10/kind": "a", "items/9/kind": "a", "items/9/quantity": "1", "items/b/kind": "a", "items/a/kind": "x", "items/3/kind": "", "other/1/kind": "x"}
	if got, want := form.Rows("items", values), []string{"9", "10", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("Rows = %v, want %v", got, want)
	}
	named := []string{"00000000000000a7.9.2", "00000000000000a7.9.10", "00000000000000a7.10.1", "00000000000000b0.1.1", "+2", "+10"}
	values = map[string]string{}
	for _, row := range named {
		values["items/"+row+"/kind"] = "a"
	}
	if got := form.Rows("items", values); !slices.Equal(got, named) {
		t.Errorf("Rows = %v, want %v", got, named)
	}
}

func TestScaledIsExact(t *testing.T) {
	for value, want := range map[string]int64{"1.5": 1500, "12": 12000, "-0.25": -250, "-1.5": -1500, "0.001": 1, "007": 7000} {
		if got, ok := form.Scaled(value, 3); !ok || got != want {
			t.Errorf("Scaled(%q, 3) = %d, %v, want %d", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "-", "1.", ".5", "1.0001", "x", "1,5", "9999999999999"} {
		if got, ok := form.Scaled(value, 3); ok {
			t.Errorf("Scaled(%q, 3) = %d, want a refusal", value, got)
		}
	}
	if _, ok := form.Scaled("1.5", 0); ok {
		t.Error("half a piece was taken for a whole number")
	}
}

func TestTitles(t *testing.T) {
	loudspeaker := with(session(), "method", "xe_loa", "participants_total", "")
	cases := []struct {
		form   string
		values map[string]string
		vi, en string
	}{
		{"awareness_session", session(), "Buổi tuyên truyền · 16/11/2026 · 38 lượt người", "Awareness session · 16/11/2026 · 38 attendances"},
		{"awareness_session", loudspeaker, "Buổi tuyên truyền · 16/11/2026 · Xe loa lưu động", "Awareness session · 16/11/2026 · Loudspeaker vehicle"},
		{"awareness_session", nil, "Buổi tuyên truyền", "Awareness session"},
		{"venue_register", map[string]string{"name": "Nhà rông Đê Kôn", "type": "lang", "households": "1045"}, "Địa điểm · Nhà rông Đê Kôn · Làng · 1.045 hộ", "Venue · Nhà rông Đê Kôn · Village · 1.045 households"},
		{"weapon_handover", handover(), "Tiếp nhận vũ khí · 12/03/2019 · 15/BB-2019", "Weapons handed in · 12/03/2019 · 15/BB-2019"},
		{"tip", map[string]string{"occurred_on": "2017-02-03", "category": "ma_tuy"}, "Tin báo · 03/02/2017 · Ma túy", "Tip · 03/02/2017 · Drugs"},
		{"petition", map[string]string{"received_on": "odd"}, "Đơn thư · odd", "Petition · odd"},
	}
	for _, c := range cases {
		f := mustLookup(t, c.form)
		value := func(path string) string { return c.values[path] }
		if got := f.Title(value, "vi"); got != c.vi {
			t.Errorf("vi: %q, want %q", got, c.vi)
		}
		if got := f.Title(value, "en"); got != c.en {
			t.Errorf("en: %q, want %q", got, c.en)
		}
	}
}

func TestSearchTextFindsWhatPeopleType(t *testing.T) {
	text := mustLookup(t, "awareness_session").SearchText(session())
	for _, word := range []string{"buoi tuyen truyen", "16/11/2026", "2026-11-16", "hop truc tiep", "phong, chong ma tuy", "tieng jrai", "38", "mua to"} {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not found in %q", word, text)
		}
	}
	if strings.Contains(text, "0190-venue") || text != viet.Fold(text) {
		t.Errorf("the search text holds an id or is not folded: %q", text)
	}
	weapons := mustLookup(t, "weapon_handover").SearchText(handover())
	for range 20 {
		if again := mustLookup(t, "weapon_handover").SearchText(handover()); again != weapons {
			t.Fatalf("the search text changes: %q, %q", weapons, again)
		}
	}
	if !strings.Contains(weapons, "sung hoi\n2") || !strings.Contains(weapons, "12,5") {
		t.Errorf("rows are not found in %q", weapons)
	}
}

// No path and no value, however odd, may make the checks panic, and a value
// CheckValue takes is one that CheckRecord calls of the right type.
func FuzzCheck(f *testing.F) {
	f.Add("items/1/quantity", "1.5")
	f.Add("topics", "ma_tuy phap_luat")
	f.Add("occurred_on", "2026-02-30")
	f.Add("items//kind", "\xff")
	f.Fuzz(func(t *testing.T, path, value string) {
		for _, kind := range form.All() {
			err := kind.CheckValue(path, value)
			for _, p := range kind.CheckRecord(map[string]string{path: value}) {
				if err == nil && value != "" && p.Path == path && (p.Rule == form.RuleType || p.Rule == form.RuleLength || p.Rule == form.RuleRequired) {
					t.Errorf("%s: CheckValue takes %q=%q, CheckRecord says %v", kind.ID, path, value, p)
				}
			}
			kind.SearchText(map[string]string{path: value})
			kind.Title(func(string) string { return value }, "vi")
		}
	})
}
