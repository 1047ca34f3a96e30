package check

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

func TestLate(t *testing.T) {
	d := &design.Design{Faults: []design.Fault{{Name: "early", At: time.Second}, {Name: "at-the-end", At: time.Minute}, {At: time.Hour}}}
	for _, c := range []struct {
		length time.Duration
		want   []string
	}{
		{0, nil},
		{2 * time.Hour, nil},
		{time.Minute, []string{"fault.at-the-end", "fault.#3"}},
		{time.Second, []string{"fault.early", "fault.at-the-end", "fault.#3"}},
	} {
		got := Late(d, c.length)
		if len(got) != len(c.want) {
			t.Fatalf("%v: %v", c.length, got)
		}
		for i, p := range got {
			if p.Path != c.want[i] || p.Warning == nil || p.Hint == "" {
				t.Errorf("%v: %+v, want %s", c.length, p, c.want[i])
			}
		}
	}
}
