package window

import (
	"strings"
	"testing"
)

// A long line with a mistake is cut around the mistake: it must not widen the window.
func TestExcerpt(t *testing.T) {
	long := strings.Repeat("abcdefghij", 40)
	for _, column := range []int{0, 5, 69, 70, 71, 200, 398, 399, 400} {
		text, at := excerpt(long, column)
		runes := []rune(text)
		if len(runes) > 114 || at > len(runes) {
			t.Errorf("column %d: %d of %d", column, at, len(runes))
		}
		if column < len(long) && runes[at] != rune(long[column]) {
			t.Errorf("column %d points at %q", column, runes[at])
		}
	}
	if text, at := excerpt("  key: 值 x", 7); text != "  key: 值 x" || at != 7 {
		t.Errorf("%q %d", text, at)
	}
}
