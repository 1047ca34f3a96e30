package control

import (
	"math"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/design"
)

const slowestSpeed = 1e-9

// player maps real time to simulated time.
type player struct {
	on    bool
	speed float64
	wall  time.Time // the real time, and
	sim   int64     // the simulated time, at which this speed began

	since    time.Time // start of the measurement of the pace
	sinceSim int64
	pace     float64
}

func (p *player) set(on bool, now time.Time, sim int64) {
	p.on = on
	p.anchor(now, sim)
	p.since, p.sinceSim, p.pace = now, sim, 0
}

func (p *player) anchor(now time.Time, sim int64) { p.wall, p.sim = now, sim }

// target is the simulated time that the run should have reached.
func (p *player) target(now time.Time) int64 {
	x := float64(p.sim) + p.speed*float64(now.Sub(p.wall))
	if x > float64(design.MaxTime) || math.IsNaN(x) {
		return int64(design.MaxTime)
	}
	return int64(x)
}

// late moves the target to the time that the run has reached: a run that is too
// slow for its speed does not try to catch up.
func (p *player) late(now time.Time, sim int64) {
	const patience = 100 * time.Millisecond
	if lag := float64(p.target(now) - sim); lag > p.speed*float64(patience) {
		p.anchor(now, sim)
	}
}

// measure updates the pace twice a second.
func (p *player) measure(now time.Time, sim int64) {
	if d := now.Sub(p.since); d >= 500*time.Millisecond {
		p.pace = float64(sim-p.sinceSim) / float64(d)
		p.since, p.sinceSim = now, sim
	}
}

// faster and slower step through 1, 2, 5 of every decade; the step above the
// highest is as fast as possible.
func faster(x float64) float64 {
	const fastest = 1000
	if x >= fastest {
		return math.Inf(1)
	}
	return stepped(x, 1)
}

func slower(x float64) float64 {
	const fastest = 1000
	if x > fastest {
		return fastest
	}
	return max(stepped(x, -1), 1e-5)
}

var mantissas = [3]float64{1, 2, 5}

func stepped(x float64, by int) float64 {
	n := nearestStep(x)
	if s := stepAt(n); by > 0 && s <= x*(1+1e-9) || by < 0 && s >= x*(1-1e-9) {
		n += by
	}
	return stepAt(n)
}

func stepAt(n int) float64 {
	decade := int(math.Floor(float64(n) / 3))
	m := mantissas[n-3*decade]
	if decade < 0 { // a division is exact where a product is not
		return m / math.Pow(10, float64(-decade))
	}
	return m * math.Pow(10, float64(decade))
}

func nearestStep(x float64) int {
	decade := int(math.Floor(math.Log10(x)))
	best, off := 0, math.Inf(1)
	for n := 3*decade - 1; n <= 3*decade+4; n++ {
		if d := math.Abs(math.Log(stepAt(n) / x)); d < off {
			best, off = n, d
		}
	}
	return best
}

// DefaultSpeed is slow motion: a typical transit of a link or piece of work
// takes about a second; faster if the first arrival would otherwise take long.
func DefaultSpeed(sc *scenarios.Scenario) float64 {
	var hops []float64
	add := func(x float64) {
		if x > 0 && !math.IsInf(x, 0) {
			hops = append(hops, x)
		}
	}
	for _, d := range sc.Designs {
		add(d.Default.Latency.Mean())
		for i := range d.Links {
			add(d.Links[i].Latency.Mean())
		}
		for i := range d.Services {
			for _, h := range d.Services[i].Handlers {
				eachStep(h.Steps, func(s *design.Step) {
					if s.Op == design.Work || s.Op == design.Delay {
						add(s.Dist.Mean())
					}
				})
			}
		}
	}
	if len(hops) == 0 {
		return 1
	}
	hop := median(hops)
	if gap := arrivalGap(sc); gap > 4*hop {
		hop = min(gap/4, 5*hop)
	}
	return min(max(stepAt(nearestStep(hop)), 1e-5), 1000)
}

// longestWork is the mean of the longest piece of work in seconds.
func longestWork(sc *scenarios.Scenario) float64 {
	longest := 0.0
	for _, d := range sc.Designs {
		for i := range d.Services {
			for _, h := range d.Services[i].Handlers {
				eachStep(h.Steps, func(s *design.Step) {
					if x := s.Dist.Mean(); s.Op == design.Work && x > longest && !math.IsInf(x, 0) {
						longest = x
					}
				})
			}
		}
	}
	return longest
}

// arrivalGap is the time between arrivals in seconds, 0 where it is not known.
func arrivalGap(sc *scenarios.Scenario) float64 {
	rate := 0.0
	for i := range sc.Designs[0].Loads {
		if sc.Designs[0].Loads[i].Arrivals.HasBatch { // many come at once
			return 0
		}
		if r, err := sc.Designs[0].Number("load." + sc.Designs[0].Loads[i].Name + ".rate"); err == nil {
			rate += r
		}
	}
	if !(rate > 0) {
		return 0
	}
	return 1 / rate
}
