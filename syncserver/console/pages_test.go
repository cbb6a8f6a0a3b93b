package console_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"banlang/syncserver/console"
)

// noPages are what browsers get and nobody looks at: files, and the line on which pages listen.
var noPages = []string{"GET /live", "GET /units/list.csv", "GET /indicators/{id}/{file}", "GET /reports/draft/{file}", "GET /reports/{number}/{file}"}

// pagePatterns are those of the table of routes that give a page.
func pagePatterns(t testing.TB) (pages []string) {
	t.Helper()
	patterns, _ := console.Routes()
	for _, p := range noPages {
		if !slices.Contains(patterns, p) {
			t.Errorf("%q is no route", p)
		}
	}
	for _, p := range patterns {
		if strings.HasPrefix(p, "GET ") && !slices.Contains(noPages, p) {
			pages = append(pages, p)
		}
	}
	return pages
}

// everyPage completes a list of addresses, so that each page of the table of routes is among them: a page without anything to fill in
// has one address; of any other one must be in the list, or the test fails.
func everyPage(t testing.TB, addresses []string) []string {
	t.Helper()
	mux := http.NewServeMux()
	pages := pagePatterns(t)
	for _, p := range pages {
		mux.HandleFunc(p, http.NotFound)
	}
	seen := map[string]bool{}
	for _, at := range addresses {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, p := mux.Handler(r)
		seen[p] = true
	}
	for _, p := range pages {
		at := strings.TrimPrefix(p, "GET ")
		switch {
		case seen[p]:
		case strings.Contains(at, "{"):
			t.Errorf("%s: say at which address this page is tried", p)
		default:
			addresses = append(addresses, at)
		}
	}
	return addresses
}
