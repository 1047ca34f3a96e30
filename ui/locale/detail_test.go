package locale

import (
	"testing"
	"unicode"

	"asynclab/scenarios"
	"asynclab/sim"
)

// TestLibraryDetails holds that no node of the library keeps an English line.
func TestLibraryDetails(t *testing.T) {
	t.Cleanup(func() { Use("en") })
	Use("zh-Hans")
	seen := 0
	for _, e := range scenarios.Library() {
		sc, err := scenarios.Load(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range sc.Designs {
			for _, n := range sim.Graph(d).Nodes {
				for _, line := range n.Details(Word) {
					seen++
					if !hasHan(line) {
						t.Errorf("%s, %s, %s: %q is not translated", e.Name, d.Name, n.ID, line)
					}
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d lines", seen)
	}
}

func hasHan(text string) bool {
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}
