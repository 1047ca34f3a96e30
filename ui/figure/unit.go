package figure

import (
	"math"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/spec"
)

// unitOf is a time in whose unit all numbers of an axis of times are. It follows from the
// designs and the length of the run, not from what was measured so far, so that the unit
// stays the same while a run goes on, and after a jump in it: that of the longest step,
// or, where numbers would have more than six digits, the next one.
func unitOf(lanes []*Lane, length time.Duration) float64 {
	typical, longest := 0.0, 0.0
	for _, l := range lanes {
		typical, longest = max(typical, l.typical), max(longest, l.longest)
	}
	longest = min(longest, length.Seconds())
	for _, u := range []float64{1e-6, 1e-3} {
		if typical <= 50*u && longest <= 1e6*u || u == 1e-3 && typical < 1 && longest <= 1e6*u {
			return 10 * u // 1ms itself would be 1000µs
		}
	}
	return min(max(typical, 10), 180)
}

// times is the longest mean of a step or a link, and the latest deadline.
func times(d *design.Design) (typical, longest float64) {
	var walk func(steps []design.Step)
	walk = func(steps []design.Step) {
		for i := range steps {
			if op := steps[i].Op; op == design.Work || op == design.Delay {
				typical = max(typical, steps[i].Dist.Mean())
			}
			for _, branch := range steps[i].Branches {
				walk(branch)
			}
		}
	}
	for i := range d.Services {
		for k := range d.Services[i].Handlers {
			walk(d.Services[i].Handlers[k].Steps)
		}
	}
	typical = max(typical, d.Default.Latency.Mean())
	for i := range d.Links {
		typical = max(typical, d.Links[i].Latency.Mean())
	}
	for i := range d.Loads {
		switch at := d.Loads[i].Deadline; at {
		case spec.None:
			longest = math.Inf(1)
		case 0:
			longest = max(longest, design.DefaultDeadline.Seconds())
		default:
			longest = max(longest, at.Seconds())
		}
	}
	return typical, longest
}
