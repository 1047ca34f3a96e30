package overflow

import "testing"

// Each policy does one thing with the message, and no two do the same.
func TestPolicies(t *testing.T) {
	seen := map[[4]bool]string{}
	for _, p := range All {
		does := [4]bool{p.Refuses, p.Waits, p.Evicts, p.Buries}
		n := 0
		for _, d := range does {
			if d {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s does %d things with a message that comes to a full queue, want 1", p.Word, n)
		}
		if other := seen[does]; other != "" {
			t.Errorf("%s does the same as %s", p.Word, other)
		}
		seen[does] = p.Word
	}
}
