package words_test

import (
	"testing"

	"banlang/shared/words"
)

func TestFill(t *testing.T) {
	for _, x := range []struct {
		want, text string
		pairs      []string
	}{
		{"như cũ", "như cũ", nil},
		{"{n} bản ghi", "{n} bản ghi", nil},
		{"3 records", "{n} {n:record|records}", []string{"n", "3"}},
		{"1 record", "{n} {n:record|records}", []string{"n", "1"}},
		{"0 records", "{n} {n:record|records}", []string{"n", "0"}},
		{"1.001 records", "{n} {n:record|records}", []string{"n", "1.001"}},
		{"2 tries, 1 minute", "{n} {n:try|tries}, {m} {m:minute|minutes}", []string{"n", "2", "m", "1"}},
		{"Undone.", "Undone{n:|: several}.", []string{"n", "1"}},
		{"lúc 07:30 ngày 20/11", "lúc {at} ngày {day}", []string{"at", "07:30", "day", "20/11"}},
		{"{day} is put in as it is", "{what}", []string{"what", "{day} is put in as it is", "day", "x"}},
		{"{n:a|b} is put in as it is", "{what}", []string{"what", "{n:a|b} is put in as it is", "n", "1"}},
		{"odd", "o{x}d", []string{"x", "d", "left over"}},
	} {
		if got := words.Fill(x.text, x.pairs...); got != x.want {
			t.Errorf("%q with %q is %q, want %q", x.text, x.pairs, got, x.want)
		}
	}
}
