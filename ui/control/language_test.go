package control

import (
	"slices"
	"testing"

	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/locale"
)

// Boxes have room for the words of the language in use, and for the names that are shown.
func TestPictureInItsLanguage(t *testing.T) {
	defer locale.Use("en")
	locale.Use("zh-Hans")
	sc := load(t, "two-phase-commit")
	name := func(node string) string { return locale.Word("node."+node, "") }
	wide := func(voice record.Voice) []float64 {
		s, err := Open(sc, []int{0}, Options{Voice: voice, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		var all []float64
		for i, n := range s.Scenes()[0].Graph.Nodes {
			b := s.Scenes()[0].Layout.Boxes[i]
			for _, d := range n.Details(voice) {
				if w := topology.TextWidth(d, 12); w > b.W-20 {
					t.Errorf("%s: %q is %v wide in a box of %v", n.ID, d, w, b.W)
				}
			}
			if w := topology.TextWidth(name(n.ID), 14); w > b.W-20 {
				t.Errorf("%q is %v wide in a box of %v", name(n.ID), w, b.W)
			}
			all = append(all, b.W)
		}
		return all
	}
	if zh, en := wide(locale.Word), wide(nil); slices.Equal(zh, en) {
		t.Errorf("boxes of Chinese words are as wide as of English: %v", zh)
	}
}
