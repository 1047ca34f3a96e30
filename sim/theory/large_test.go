package theory

import (
	"fmt"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// A design of thousands of services is read in seconds, and one that goes round without
// end ends.
func TestLargeDesigns(t *testing.T) {
	work, err := draw.Parse("exp(1ms)", draw.Seconds, nil)
	if err != nil {
		t.Fatal(err)
	}
	chain := func(n int, last string) *design.Design {
		d := &design.Design{Name: "large"}
		d.Loads = []design.Load{{Name: "x", To: design.Target{Node: "s0", Entry: "h"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 10}}}
		for i := range n {
			to := fmt.Sprintf("s%d", i+1)
			if i == n-1 {
				to = last
			}
			steps := []design.Step{{Op: design.Work, Dist: work}}
			if to != "" {
				steps = append(steps, design.Step{Op: design.Send, To: design.Target{Node: to, Entry: "h"}})
			}
			d.Services = append(d.Services, design.Service{Name: fmt.Sprintf("s%d", i), Workers: 2, Handlers: []design.Handler{{Name: "h", Steps: steps}}})
		}
		return d
	}
	began := time.Now()
	if f := Of(chain(2000, ""), nil); len(f) != 2001 || f[1999].Model != mmc || f[1999].Predictions[0].Kind != Exact {
		t.Errorf("a chain of 2,000 has %d findings", len(f))
	}
	if f := Of(chain(3000, "s0"), nil); len(f) != 1 || f[0].Fits() {
		t.Errorf("a circle has %+v", f)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}
