package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/mech/overflow"
)

// A percentile of a service or a queue over a window is as near as one of the
// whole run, wherever the warm-up ends and whoever went back.
func TestPercentilesInWindows(t *testing.T) {
	s := service("s", work(1074*milli)) // a cell of the series is 1.074 s to 1.141 s
	s.Handlers = append(s.Handlers, handler("slow", work(1500*milli)), handler("quick", work(100*milli)))
	s.Workers = design.Unlimited
	d := &design.Design{
		Loads: []design.Load{
			at("x", design.Target{Node: "s", Entry: "do"}, 2*time.Second, 2100*milli),
			at("slow", design.Target{Node: "s", Entry: "slow"}, 4*time.Second),
			at("quick", design.Target{Node: "s", Entry: "quick"}, time.Second, 1100*milli, 8*time.Second, 8*time.Second),
			at("y", design.Target{Node: "bus", Entry: "q"}, 0, 0, 0),
		},
		Services: []design.Service{s, eater("late", design.Consume{Consumers: 1, Prefetch: 1}, work(1074*milli))},
		Brokers:  bus(design.Queue{}),
	}
	windows := []measure.Span{{From: 2e9, To: 6e9}, {From: 0, To: 10e9}, {From: 1e9, To: 2e9}}
	for _, warmup := range []time.Duration{0, 2 * time.Second, 3 * time.Second} {
		r := start(t, d, Config{Warmup: warmup, Windows: windows, Points: 10})
		r.Advance(int64(5*time.Second), 0)
		r.Restore(r.Checkpoint())
		r.Advance(never, 0)
		for _, c := range []struct {
			metric   string
			from, to time.Duration
			want     float64
		}{
			{"service.s.sojourn.p50", 2 * time.Second, 6 * time.Second, 1.074}, {"service.s.sojourn.p90", 2 * time.Second, 6 * time.Second, 1.5},
			{"service.s.sojourn.p50", 0, 10 * time.Second, 0.1}, {"service.s.sojourn.p90", time.Second, 2 * time.Second, 0.1},
			{"queue.bus/q.wait.p50", 0, 10 * time.Second, 1.074},
		} {
			if got, ok := r.ValueIn(c.metric, c.from, c.to); !ok || math.Abs(got/c.want-1) > 0.005 {
				t.Errorf("%s from %v to %v, warm-up %v: %v, want %v", c.metric, c.from, c.to, warmup, got, c.want)
			}
		}
		if _, ok := r.ValueIn("service.s.sojourn.p50", 0, time.Second); ok {
			t.Error("a window that the run did not know has a percentile")
		}
	}
}

// Amplification and what is unfinished are of the operations that arrived in the window,
// whenever retries were sent: the one at 0.5 s is tried three times until 1.7 s, the
// one at 1.5 s twice, and is open at the end.
func TestComputedInWindows(t *testing.T) {
	s := service("s", work(10*milli))
	s.Handlers = append(s.Handlers, handler("hang", work(time.Hour)))
	hang := at("hang", design.Target{Node: "s", Entry: "hang"}, 500*milli, 1500*milli)
	hang.Timeout, hang.Deadline = 400*milli, design.None
	hang.Retry = design.Retry{Attempts: 3}
	s.Workers = design.Unlimited
	d := &design.Design{Loads: []design.Load{hang}, Services: []design.Service{s}}
	windows := []measure.Span{{From: 0, To: 1e9}, {From: 1e9, To: 2e9}, {From: 3e9, To: 4e9}}
	r := start(t, d, Config{Duration: 2 * time.Second, Drain: design.None, Windows: windows})
	r.Advance(never, 0)
	for i, want := range [][2]float64{{3, 0}, {2, 1}, {math.NaN(), 0}} {
		for k, name := range []string{"load.hang.amplification", "load.hang.unfinished"} {
			got, ok := r.ValueIn(name, time.Duration(windows[i].From), time.Duration(windows[i].To))
			if !ok || got != want[k] && !(math.IsNaN(got) && math.IsNaN(want[k])) {
				t.Errorf("%s in window %d: %v, want %v", name, i, got, want[k])
			}
		}
	}
}

// How the messages of a queue end counts by their publication: what was published
// before the window and ends in it does not make a ratio exceed 1.
func TestRatiosOfQueuesAreByPublication(t *testing.T) {
	three := []time.Duration{500 * milli, 1200 * milli, 1400 * milli}
	for _, c := range []struct {
		metric  string
		queue   design.Queue
		times   []time.Duration
		faults  []design.Fault
		windows map[measure.Span]float64
		ratio   float64 // after the warm-up of 1 s
	}{
		{"q.expired", design.Queue{TTL: time.Second}, three, nil, map[measure.Span]float64{{From: 13e8, To: 15e8}: 1, {From: 1e9, To: 3e9}: 1}, 1},
		{"q.dead_lettered", design.Queue{TTL: time.Second, DeadLetter: "dead"}, three, nil, map[measure.Span]float64{{From: 13e8, To: 15e8}: 1, {From: 1e9, To: 3e9}: 1}, 1},
		{"q.dropped", design.Queue{MaxLength: 1, Overflow: overflow.DropOldest}, three, nil, map[measure.Span]float64{{From: 13e8, To: 15e8}: 0, {From: 1e9, To: 3e9}: 0.5}, 0.5},
		{"q.lost", design.Queue{}, three, []design.Fault{crashed("bus", 2*time.Second, 100*milli)}, map[measure.Span]float64{{From: 13e8, To: 15e8}: 1, {From: 1e9, To: 3e9}: 1}, 1},
		// Dead letters without a consumer are only counted: one came at 0.6 s, two later.
		{"dead.lost", design.Queue{TTL: 100 * milli, DeadLetter: "dead"}, three, []design.Fault{crashed("bus", 2*time.Second, 100*milli)},
			map[measure.Span]float64{{From: 13e8, To: 15e8}: 1, {From: 0, To: 3e9}: 1}, 1},
		// The second of those that wait for room comes into the queue at 2 s.
		{"q.acked", design.Queue{MaxLength: 1, Overflow: overflow.Block}, []time.Duration{0, 0, 0, 0}, nil,
			map[measure.Span]float64{{From: 5e8, To: 15e8}: 1, {From: 1e9, To: 3e9}: 1}, 1},
	} {
		l := at("l", design.Target{Node: "bus", Entry: "q"}, c.times...)
		d := &design.Design{Loads: []design.Load{l}, Brokers: bus(c.queue, design.Queue{Name: "dead"}), Faults: c.faults}
		if c.metric == "q.acked" {
			d.Services = []design.Service{eater("s", design.Consume{Consumers: 1, Prefetch: 1}, work(time.Second))}
		}
		cfg := Config{Duration: 10 * time.Second, Warmup: time.Second}
		for w := range c.windows {
			cfg.Windows = append(cfg.Windows, w)
		}
		r := start(t, d, cfg)
		r.Advance(never, 0)
		name := "queue.bus/" + c.metric + ".ratio"
		wants{name: c.ratio}.check(t, r)
		for w, want := range c.windows {
			if got, ok := r.ValueIn(name, time.Duration(w.From), time.Duration(w.To)); !ok || got != want {
				t.Errorf("%s from %v to %v: %v, want %v", name, time.Duration(w.From), time.Duration(w.To), got, want)
			}
		}
	}
}
