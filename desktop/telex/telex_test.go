package telex_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"banlang/desktop/telex"
)

var telexRules, vniRules = telex.Rules{Method: telex.Telex}, telex.Rules{Method: telex.VNI}

// typed gives what stands there after keys, word by word.
func typed(r telex.Rules, keys string) string {
	var text []rune
	for _, k := range keys {
		from := telex.Start(text, len(text))
		text = append(text[:from:from], []rune(r.Key(string(text[from:]), k))...)
	}
	return string(text)
}

// The table: words of every rhyme, corrections, words that are not Vietnamese.
func TestWordsKeyByKey(t *testing.T) {
	f, err := os.Open("testdata/words.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for in := bufio.NewScanner(f); in.Scan(); {
		cells := strings.Fields(in.Text())
		if len(cells) == 0 || cells[0] == "#" {
			continue
		}
		for i, r := range []telex.Rules{telexRules, vniRules} {
			if keys := cells[i+1]; keys != "-" {
				n++
				if got := typed(r, keys); got != cells[0] {
					t.Errorf("%v %s: %s, want %s", r.Method, keys, got, cells[0])
				}
			}
		}
	}
	if n < 600 {
		t.Errorf("only %d words were typed", n)
	}
}
