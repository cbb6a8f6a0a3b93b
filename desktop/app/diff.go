package app

import (
	"slices"
	"strings"
)

// Piece is a stretch of a text; Differs says that its words stand in it and not in the other.
type Piece struct {
	Text    string
	Differs bool
}

// mostPairs bounds the pairs of words that are held against each other; of longer texts all words between the common
// beginning and the common end count as different.
const mostPairs = 1 << 20

// differing cuts a text into pieces by the words that another does not have there.
func differing(text, other string) []Piece {
	a, b := strings.Fields(text), strings.Fields(other)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	common := commonWords(a[start:len(a)-end], b[start:len(b)-end])
	var pieces []Piece
	for i, word := range a {
		differs := i >= start && i < len(a)-end && !common[i-start]
		if n := len(pieces); n > 0 && pieces[n-1].Differs == differs {
			pieces[n-1].Text += " " + word
			continue
		}
		pieces = append(pieces, Piece{word, differs})
	}
	return pieces
}

// commonWords marks the words of a that belong to the longest common subsequence of both.
func commonWords(a, b []string) []bool {
	common := make([]bool, len(a))
	if len(a)*len(b) > mostPairs {
		return common
	}
	long := make([][]int32, len(a)+1) // of the words from i and j on
	for i := range long {
		long[i] = make([]int32, len(b)+1)
	}
	for i, x := range slices.Backward(a) {
		for j, y := range slices.Backward(b) {
			if x == y {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			common[i] = true
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			i++
		default:
			j++
		}
	}
	return common
}
