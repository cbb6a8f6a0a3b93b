package typeset_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationserifregular"

	"banlang/shared/typeset"
	"banlang/shared/typeset/typesettest"
)

var serif = typeset.NewFont("LiberationSerif", "", liberationserifregular.TTF)

func face(t *testing.T) *typeset.Face {
	t.Helper()
	f, err := serif.Face()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCluster(t *testing.T) {
	for text, want := range map[string]int{"a": 1, "đa": 2, "ơ\u0306b": 4, "e\u0302\u0301": 5} {
		if got := typeset.Cluster(text); got != want {
			t.Errorf("%q begins with %d bytes, want %d", text, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	f := face(t)
	for from, want := range map[string]string{
		"Đe\u0302\u0301n": "Đến", "a\tb\u00A0c\nd": "a b\u00A0c\nd", "a\x00\u200Bb\uFE0F": "ab", "a\u2011b": "a-b", "日x😀": "□x□",
	} {
		if got := f.Clean(from); got != want {
			t.Errorf("%q is cleaned to %q, want %q", from, got, want)
		}
	}
}

// TestWrap: no line is wider than it may be, no letter is lost, no letter parted from its marks; there is always a line.
func TestWrap(t *testing.T) {
	f := face(t)
	for _, text := range []string{"", "\n\n", "một hai ba bốn năm sáu bảy tám", strings.Repeat("dài", 50), "ơ̆" + strings.Repeat("ê̆", 40), "a  b\n\nc", " đầu"} {
		for _, width := range []float64{0.1, 8, 30, 500} {
			lines := f.Wrap(12, width, text)
			if len(lines) == 0 {
				t.Fatalf("%q has no line", text)
			}
			for _, l := range lines {
				if len(l) > 0 && f.Width(12, l) > width && typeset.Cluster(l) < len(l) {
					t.Errorf("%q is %.1f wide, and may be %.1f", l, f.Width(12, l), width)
				}
				if strings.HasPrefix(l, "\u0306") {
					t.Errorf("%q begins with a mark", l)
				}
			}
			squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
			if got, want := squeeze(strings.Join(lines, "")), squeeze(f.Clean(text)); got != want {
				t.Errorf("%q is broken into %q", want, lines)
			}
		}
	}
	if got, want := f.Wrap(12, 500, "a  b\n\nc\n"), []string{"a b", "", "c"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestFits: as much as fits, and one letter at least.
func TestFits(t *testing.T) {
	f := face(t)
	for n := range 9 {
		if got := f.Fits(12, f.Width(12, "đđđđđđđđ"[:2*n])+0.01, "đđđđđđđđ"); got != max(2*n, 2) {
			t.Errorf("%d bytes fit where %d letters do", got, n)
		}
	}
}

// TestMarks: a letter that Unicode has no single code for has its mark above itself, higher above a capital, and takes no room beside it.
func TestMarks(t *testing.T) {
	f := face(t)
	pdf := typeset.Sheet{}.Begin(f)
	pdf.AddPage()
	const breve, size = "\u0306", 40.0
	for i, letter := range []string{"ơ", "Ơ", "ê", "x"} {
		if got, want := f.Width(size, letter+breve), f.Width(size, letter); got != want {
			t.Errorf("%s with its mark is %.2f wide, without %.2f", letter, got, want)
		}
		if end := f.Draw(pdf, size, 50, float64(50+50*i), letter+breve+"n"); math.Abs(end-50-f.Width(size, letter+"n")) > 0.01 {
			t.Errorf("%s ends at %.2f", letter, end)
		}
	}
	var file bytes.Buffer
	if err := pdf.Output(&file); err != nil {
		t.Fatal(err)
	}
	var raised []float64
	for _, p := range typesettest.Read(t, file.Bytes()) {
		if p.Text == breve {
			line := 50 * math.Round((p.Y+20)/50)
			raised = append(raised, line-p.Y)
			letter := []string{"ơ", "Ơ", "ê", "x"}[len(raised)-1] // a breve is drawn on both sides of where it stands
			if off := p.X - 50 - f.Width(size, letter)/2; math.Abs(off) > 0.05*size*typeset.PerPoint {
				t.Errorf("the mark of %s stands %.2f mm beside its middle", letter, off)
			}
		}
	}
	if len(raised) != 4 || raised[1] < raised[0]+1 || raised[2] < raised[0]+1 || math.Abs(raised[3]) > 0.1 {
		t.Errorf("the marks of ơ, Ơ, ê and x are raised by %.2f mm", raised)
	}
}
