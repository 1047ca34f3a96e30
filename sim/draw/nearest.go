package draw

import "strings"

// nearest is the candidate that a misspelled word most likely meant, or "" if none is close: at most one edit for
// words up to four letters, two for longer ones, three for more than eight; case does not count as an edit.
func nearest(word string, candidates func(yield func(string))) string {
	if len(word) > 30 {
		return ""
	}
	limit := 1
	if len(word) > 4 {
		limit = 2
	}
	if len(word) > 8 {
		limit = 3
	}
	best, found := limit+1, ""
	low := strings.ToLower(word)
	candidates(func(c string) {
		d := distance(low, strings.ToLower(c))
		if d < best && d < max(len(c), 1) {
			best, found = d, c
		}
	})
	return found
}

// distance counts insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
func distance(a, b string) int {
	before := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	older := make([]int, len(b)+1)
	for i := 1; i <= len(a); i++ {
		older, before, row = before, row, older
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(before[j]+1, row[j-1]+1, before[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
