package seal

import (
	"errors"
	"strings"
	"testing"
)

// FuzzKeyTexts: whatever text is read as a key is exactly the text that the key is written as.
func FuzzKeyTexts(f *testing.F) {
	for _, text := range texts(f) {
		f.Add(text)
	}
	f.Add("bltt1-")
	f.Add("blmay1-AAAA")
	f.Add("bltt1-00000000000000000000000000000000000000\n00000")
	f.Fuzz(func(t *testing.T, s string) {
		for kind, read := range readers {
			text, err := read(s)
			switch {
			case err == nil && text != strings.TrimSpace(s):
				t.Fatalf("%q was read as %s", s, text)
			case err == nil && !strings.HasPrefix(text, kind):
				t.Fatalf("%q was read as a key of %s", s, kind)
			case err != nil && !errors.Is(err, ErrBadKey):
				t.Fatalf("%v", err)
			}
		}
	})
}
