package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// nearest finds the known word that a person most likely meant; "" if none is
// close enough: one edit in short words, a third of the letters in long ones.
func nearest(word string, known []string) string {
	if len(word) > 80 || len(known) > 5000 {
		return ""
	}
	best, bestDistance := "", 1 // a word of two letters has too many neighbours
	if letters := len([]rune(word)); letters > 2 {
		bestDistance = 1 + max(1, letters/3)
	}
	for _, k := range known {
		if d := distance(fold(word), fold(k), bestDistance); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// fold makes spellings alike that people mix up.
func fold(s string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
}

// distance is the number of edits (a swap of neighbours counts one) between two
// words, or limit if it is not below it.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if abs(len(x)-len(y)) >= limit {
		return limit
	}
	prev2, prev, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev, row = prev, row, prev2
	}
	return min(prev[len(y)], limit)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// meant is the hint about an unknown word: the nearest one, and the list of all
// that are allowed here.
func meant(word, what string, known []string) string {
	var b strings.Builder
	if near := nearest(word, known); near != "" {
		fmt.Fprintf(&b, "did you mean %q? ", near)
	}
	if len(known) == 0 {
		fmt.Fprintf(&b, "there are no %s", what)
		return b.String()
	}
	shown := known
	if len(shown) > 30 {
		shown = slices.Concat(shown[:30], []string{"…"})
	}
	fmt.Fprintf(&b, "%s: %s", what, strings.Join(shown, ", "))
	return b.String()
}
