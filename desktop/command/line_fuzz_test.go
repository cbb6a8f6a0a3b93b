package command

import (
	"errors"
	"testing"
)

// FuzzParseLine: no line of a file makes the import panic; what is not taken is explained to the person who wrote it.
func FuzzParseLine(f *testing.F) {
	f.Add([]byte(`{"key":"a","form":"tip","unit":"GL014","values":{"text":"x"}}`))
	f.Add([]byte(`{"edit":"24-1","values":{"a":"đ"}}`))
	f.Add([]byte(`{"key":"#"}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := parseLine(text)
		var told *badLine
		if err != nil && !errors.As(err, &told) {
			t.Fatalf("not for people: %v", err)
		}
		if err == nil && (l.name() == "" || len(l.Key) > maxKey || len(l.Edit) > maxKey || len(l.Values) == 0) {
			t.Fatalf("taken: %+v", l)
		}
	})
}
