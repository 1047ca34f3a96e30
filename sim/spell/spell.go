package spell

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxPath     = 400     // bytes of a path that gets a hint
	maxWord     = 80      // letters of the differing part
	maxCompared = 100_000 // bytes of known words that one hint compares
	maxListed   = 30      // known words that a hint lists
	maxEdits    = 3
)

// Hint returns the hint for an unknown word: the nearest of the known ones, and
// the list of all. what is their common noun, in the plural.
func Hint(word, what string, known []string) string {
	return HintText(word, what, known).String()
}

// List joins words; it cuts off the end of a long list.
func List(words []string) string {
	if len(words) > maxListed {
		return strings.Join(words[:maxListed], ", ") + ", …"
	}
	return strings.Join(words, ", ")
}

// DidYouMean suggests the nearest word; "" if none is near.
func DidYouMean(word string, known []string) string {
	return NearOr(word, known, Text{}).String()
}

// Nearest returns the known word with the fewest edits, the first of several;
// "" if none is near.
func Nearest(word string, known []string) string {
	if len(word) > maxPath {
		return ""
	}
	var x, y [maxWord]rune
	best, least, compared := "", maxEdits+1, 0
	for _, k := range known {
		if compared += len(k); compared > maxCompared {
			break
		}
		a, b := apart(word, k)
		from, fits := fold(x[:0], a)
		to, also := fold(y[:0], b)
		if !fits || !also || len(from) == 0 && word != k {
			continue
		}
		limit := min(edits(len(from)), least-1)
		if n := distance(from, to, limit); n <= limit {
			best, least = k, n
		}
	}
	return best
}

// edits returns how many edits are allowed for a word of so many letters: short
// words have too many neighbours.
func edits(letters int) int {
	if letters <= 2 {
		return 0
	}
	return min(max(1, letters/3), maxEdits)
}

// apart removes the parts that two paths share at their beginnings and ends.
func apart(a, b string) (string, string) {
	for cut := strings.IndexByte(a, '.') + 1; cut > 0 && strings.HasPrefix(b, a[:cut]); cut = strings.IndexByte(a, '.') + 1 {
		a, b = a[cut:], b[cut:]
	}
	for cut := strings.LastIndexByte(a, '.'); cut >= 0 && strings.HasSuffix(b, a[cut:]); cut = strings.LastIndexByte(a, '.') {
		b = b[:len(b)-(len(a)-cut)]
		a = a[:cut]
	}
	return a, b
}

// fold appends the letters that count, and reports whether there was room.
func fold(to []rune, s string) ([]rune, bool) {
	for _, c := range s {
		if c == '-' || c == '_' || c == ' ' {
			continue
		}
		if len(to) == cap(to) {
			return nil, false
		}
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
		} else {
			c = unicode.ToLower(c)
		}
		to = append(to, c)
	}
	return to, true
}

// distance counts edits, a swap of neighbours as one (optimal string alignment);
// above the limit it is limit+1. Both words are shorter than the arrays.
func distance(a, b []rune, limit int) int {
	if limit < 0 || len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	var rows [3][maxWord + 2]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		// Only the band in which the distance can be within the limit.
		from, to := max(1, i-limit), min(len(b), i+limit)
		row[from-1] = limit + 1
		if from == 1 {
			row[0] = i
		}
		row[to+1] = limit + 1 // to is at most len(b)
		least := row[from-1]
		for j := from; j <= to; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
