package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
)

// rankedBus has messages of two loads with the priorities 0 and 1 for one worker.
func rankedBus(l design.Line, rate float64) *design.Design {
	to := design.Target{Node: "bus", Entry: "q"}
	load := func(name string, priority int) design.Load {
		return design.Load{Name: name, To: to, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: rate}, Priority: priority, Deadline: design.None, Confirm: []design.Target{{Node: "s", Entry: "eat"}}}
	}
	q := design.Queue{MaxLength: design.Unlimited, Line: l}
	return &design.Design{Loads: []design.Load{load("zero", 0), load("one", 1)}, Brokers: bus(q), Services: []design.Service{eater("s", design.Consume{}, design.Step{Op: design.Work, Dist: exp(time.Second)})}}
}

// M/M/1 with two priorities that do not interrupt (Cobham 1954): at 0.4 of each a second and
// works of 1 s, what is there is worked on for R = 0.8 s more, and they wait for
// R/(1-0.4) and R/((1-0.4)(1-0.8)) seconds. Where the highest number is first, the other
// way round; a queue without priorities lets both wait for R/(1-0.8).
func TestPrioritiesOfALine(t *testing.T) {
	const runs, length = 24, 40_000
	for _, c := range []struct {
		line      design.Line
		zero, one float64
	}{
		{design.Line{Levels: 2}, 0.8 / 0.6, 0.8 / 0.6 / 0.2},
		{design.Line{Levels: 10, Highest: true}, 0.8 / 0.6 / 0.2, 0.8 / 0.6},
		{design.Line{}, 4, 4},
	} {
		var sum, square [2]float64
		for seed := range runs {
			r := start(t, rankedBus(c.line, 0.4), Config{Duration: length * time.Second, Seed: uint64(seed)})
			r.Advance(never, 0)
			for i, name := range []string{"zero", "one"} {
				x := metricOf(t, r, "load."+name+".confirmed.latency.mean") - 1
				sum[i], square[i] = sum[i]+x, square[i]+x*x
			}
		}
		for i, want := range []float64{c.zero, c.one} {
			mean := sum[i] / runs
			se := math.Sqrt((square[i]/runs - mean*mean) / (runs - 1))
			if z := (mean - want) / se; math.Abs(z) > 4 || se > 0.05*want {
				t.Errorf("%+v: those of priority %d wait for %.3f s, want %.3f: %.1f standard errors of %.3f", c.line, i, mean, want, z, se)
			}
		}
	}
}

// With more of both than one can do, three of the first to one of the others are done;
// strictly, none of the others.
func TestPrioritiesWithARatio(t *testing.T) {
	for ratio, share := range map[int]float64{0: 0, 1: 1. / 2, 2: 1. / 3, 3: 1. / 4} {
		d := rankedBus(design.Line{Levels: 2, Ratio: ratio}, 5)
		d.Services[0].Handlers[0].Steps = []design.Step{work(time.Second)}
		r := start(t, d, Config{Duration: 1000 * time.Second})
		r.Advance(int64(1000*time.Second), 0)
		one, zero := metricOf(t, r, "load.one.completed"), metricOf(t, r, "load.zero.completed")
		if got := one / (one + zero); math.Abs(got-share) > 0.004 {
			t.Errorf("ratio %d: %v of those done are of priority 1, want %v", ratio, got, share)
		}
	}
}

// A publish gives its message a priority of its own, which a dead letter keeps; what is
// refused returns to its place by it.
func TestPriorityOfAMessage(t *testing.T) {
	publish := func(rank int, by string) design.Step {
		return design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}, Post: design.Post{Priority: rank, HasPriority: true, PriorityBy: by}}
	}
	p := service("p", publish(200, ""), publish(100, ""), publish(1, "class"), publish(150, ""))
	l := at("l", design.Target{Node: "p", Entry: "do"}, 0)
	l.Attributes = []design.Attribute{{Name: "class", Words: nil, Dist: constant(120 * time.Second)}}
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{p}, Brokers: bus(design.Queue{Line: design.Line{Levels: 256}})}
	r := start(t, d, Config{Duration: time.Second})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	var got []uint8
	for k := r.queues[0].head; k != none; k = r.copies.at(k).next {
		got = append(got, r.copies.at(k).rank)
	}
	if len(got) != 4 || got[0] != 100 || got[1] != 120 || got[2] != 150 || got[3] != 200 {
		t.Errorf("the line is %v", got)
	}
}
