package photo

import (
	"slices"
	"testing"
)

func TestRootsAmong(t *testing.T) {
	const abz = 1<<0 | 1<<1 | 1<<25
	got := rootsAmong(abz, func(root string) bool { return true })
	if !slices.Equal(got, []string{`Z:\`}) {
		t.Errorf("%q", got)
	}
}
