package console

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTexts: both languages have the same texts with the same places in them, and what the templates and the program ask for
// is there.
func TestTexts(t *testing.T) {
	places := regexp.MustCompile(`\{[a-z]+\}`)
	vi, en := catalogues[vietnamese], catalogues[english]
	for key, text := range en {
		if vi[key] == "" {
			t.Errorf("%s is in English only: %q", key, text)
		}
	}
	for key, text := range vi {
		a, b := places.FindAllString(text, -1), places.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if en[key] == "" && !strings.HasPrefix(key, "lang.") || !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: %q, %q", key, text, en[key])
		}
	}
	asked := regexp.MustCompile(`(?:\.T |\bT\(|said\([^,]+, )\(?"([a-z0-9_.]+[a-z0-9_])"`)
	read := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	templates, err := fs.Glob(os.DirFS("."), "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range slices.Concat(templates, sources) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range asked.FindAllStringSubmatch(read(name), -1) {
			n++
			if vi[m[1]] == "" {
				t.Errorf("%s asks for %s", name, m[1])
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d texts are asked for: the test looks for the wrong thing", n)
	}
	for _, x := range navigation {
		if vi[x.Key] == "" || vi[x.Group] == "" {
			t.Errorf("the navigation asks for %s in %s", x.Key, x.Group)
		}
	}
}
