package form_test

import (
	"bytes"
	"compress/flate"
	"errors"
	"slices"
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/shared/viet"
)

// TestCheckValueRefusesWhatDoesNotFit: one change by itself, as the centre judges it (decision 4).
func TestCheckValueRefusesWhatDoesNotFit(t *testing.T) {
	cases := []struct{ form, path, value, rule string }{
		{"awareness_session", "participants_total", "38,5", form.RuleType},
		{"awareness_session", "participants_total", "1.5", form.RuleType},
		{"awareness_session", "participants_total", "-", form.RuleType},
		{"awareness_session", "participants_total", "٣", form.RuleType},
		{"awareness_session", "participants_total", "1234567890123456", form.RuleLength},
		{"awareness_session", "occurred_on", "2026-02-30", form.RuleType},
		{"awareness_session", "occurred_on", "16/11/2026", form.RuleType},
		{"awareness_session", "method", "khac", form.RuleChoice},
		{"awareness_session", "method", "truc_tiep long_ghep", form.RuleChoice},
		{"awareness_session", "topics", "ma_tuy  phap_luat", form.RuleChoice},
		{"awareness_session", "topics", "ma_tuy ma_tuy", form.RuleChoice},
		{"awareness_session", "note", "\x00", form.RuleType},
		{"awareness_session", "note", "\xff", form.RuleType},
		{"awareness_session", "note", strings.Repeat("ă", form.MaxLetters+1), form.RuleLength},
		{"weapon_handover", "items/1/quantity", "1,5", form.RuleType},
		{"weapon_handover", "items/1/quantity", "1.", form.RuleType},
		{"weapon_handover", "items/1/quantity", "1e3", form.RuleType},
		{"weapon_handover", "items", "1", form.RulePath},
		{"weapon_handover", "items/quantity", "1", form.RulePath},
		{"weapon_handover", "items/\n/quantity", "1", form.RulePath},
		{"weapon_handover", "items/" + strings.Repeat("x", form.MaxRowID+1) + "/quantity", "1", form.RulePath},
		{"weapon_handover", "guns", "3", form.RulePath}, // computed
		{"tip", "content", "Có người lạ.", form.RuleSealed},
		{"tip", "can_seal_to", "unit", form.RulePath},
		{"tip", "_unit", "x", form.RulePath},
		{"tip", "meta/instanceID", "x", form.RulePath},
	}
	for _, c := range cases {
		var p form.Problem
		if !errors.As(lookup(t, c.form).CheckValue(c.path, c.value), &p) || p.Rule != c.rule || p.Path != c.path || p.Text.VI == "" || p.Text.EN == "" {
			t.Errorf("%s %s=%.40q: %+v, want rule %s", c.form, c.path, c.value, p, c.rule)
		}
	}
	// Outside what makes sense, but of the right type: not the centre's to refuse.
	for path, value := range map[string]string{"participants_total": "999999", "duration_min": "-5", "occurred_on": "2999-01-01", "note": ""} {
		if err := lookup(t, "awareness_session").CheckValue(path, value); err != nil {
			t.Error(err)
		}
	}
}

func TestScaledIsExact(t *testing.T) {
	for value, want := range map[string]int64{"1.5": 1500, "12": 12000, "-0.25": -250, "-1.5": -1500, "0.001": 1, "007": 7000} {
		if got, ok := form.Scaled(value, form.Thousandths); !ok || got != want {
			t.Errorf("Scaled(%q) = %d, %v, want %d", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "-", "1.", ".5", "1.0001", "x", "1,5", "9999999999999999"} {
		if got, ok := form.Scaled(value, form.Thousandths); ok {
			t.Errorf("Scaled(%q) = %d, want a refusal", value, got)
		}
	}
	if _, ok := form.Scaled("1.5", 0); ok {
		t.Error("half a piece was taken for a whole number")
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

// TestShownInBothLanguages: numbers and days as people write them, answers by their labels.
func TestShownInBothLanguages(t *testing.T) {
	f := lookup(t, "awareness_session")
	for lang, want := range map[string]map[string]string{
		"vi": {"participants_total": "1.045", "occurred_on": "16/11/2026", "method": "Họp trực tiếp", "of_tomorrow": "x"},
		"en": {"participants_total": "1045", "occurred_on": "16/11/2026", "method": "Meeting", "of_tomorrow": "x"},
	} {
		values := map[string]string{"participants_total": "1045", "occurred_on": "2026-11-16", "method": "truc_tiep", "of_tomorrow": "x"}
		e := env()
		e.Language = lang
		l, err := f.Open(values, e)
		if err != nil {
			t.Fatal(err)
		}
		for path, text := range want {
			if got := l.Show(path, values[path]); got != text {
				t.Errorf("%s, %s: %q, want %q", lang, path, got, text)
			}
		}
	}
}

// TestPlacesAreShownWithoutTheirHeight: and with how far off they are, where a receiver said so.
func TestPlacesAreShownWithoutTheirHeight(t *testing.T) {
	f := lookup(t, "venue_register")
	for lang, want := range map[string][]string{
		"vi": {"14,0583 108,2772", "14,0583 108,2772 (±6,5 m)", "ở làng"},
		"en": {"14.0583 108.2772", "14.0583 108.2772 (±6.5 m)", "ở làng"},
	} {
		e := env()
		e.Language = lang
		for i, value := range []string{"14.0583 108.2772 0 0", "14.0583 108.2772 742.5 6.5", "ở làng"} {
			l, err := f.Open(map[string]string{"geo": value}, e)
			if err != nil {
				t.Fatal(err)
			}
			if got := l.Show("geo", value); got != want[i] {
				t.Errorf("%s, %q: %q, want %q", lang, value, got, want[i])
			}
			if !strings.Contains(l.Words(), viet.Fold(value)) {
				t.Errorf("%q is not among the words %q: an index made before would differ", value, l.Words())
			}
		}
	}
}

// TestABombIsNoPublication: a payload unfolds to a thousand times its size, and no further than the limit.
func TestABombIsNoPublication(t *testing.T) {
	var bomb bytes.Buffer
	w, err := flate.NewWriter(&bomb, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 64 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := form.Unpack(bomb.Bytes()); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("%d bytes that unfold to 64 MB: %v", bomb.Len(), err)
	}
}

func FuzzUnpack(f *testing.F) {
	p := form.Publication{ID: "f", Version: "1", XML: "<x/>"}
	payload, err := p.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	f.Add([]byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, payload []byte) {
		p, err := form.Unpack(payload)
		if err != nil {
			return
		}
		again, err := p.Pack()
		if err != nil {
			return // not in UTF-8, or too large
		}
		if q, err := form.Unpack(again); err != nil || *q != *p {
			t.Errorf("%v, %v and %v", err, p, q)
		}
	})
}

// FuzzOpen: whatever a record says under whatever path, the form opens, and nothing of it is lost.
func FuzzOpen(f *testing.F) {
	handover := lookup(f, "weapon_handover")
	f.Add("items/1/kind", "bomb", "note", "x")
	f.Add("items//kind", "\x00", "items/1/kind/x", "sealed:1:x")
	f.Fuzz(func(t *testing.T, pathA, a, pathB, b string) {
		values := map[string]string{pathA: a, pathB: b}
		l, err := handover.Open(values, env())
		if err != nil {
			t.Fatal(err)
		}
		l.Problems()
		l.Words()
		answers, aside := l.Answers(), l.Aside()
		for path, value := range values {
			if value != "" && answers[path] != value && aside[path] != value {
				t.Errorf("%q was %q, and is %q; aside: %q", path, value, answers[path], aside[path])
			}
		}
	})
}
