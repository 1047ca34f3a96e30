package scale_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios/audited"
	"asynclab/sim/design"
)

// Ten requests a second and worker, steps at 100 s and 300 s.
const called = `
version: 1
name: one
run: {duration: 400s}
load: {x: {to: s/h, arrivals: "constant(bursts(base=5/s, peak=50/s, for=200s, every=1h, at=100s))", deadline: none, timeout: none}}
services: {s: {workers: 1, balance: least-busy, scale: %s, on: {h: [work: 100ms]}}}
`

// A burst of 300 messages at 100 s, which take a second each.
const consumed = `
version: 1
name: one
run: {duration: 400s}
load: {x: {to: b/q, arrivals: {every: 100s, batch: 300}, count: 300, deadline: none}}
brokers: {b: {queues: {q: {}}}}
services: {s: {workers: 1, scale: %s, consumes: {b/q: {handler: h, prefetch: 1}}, on: {h: [work: 1s]}}}
`

// The step responses, by hand: at each time so many instances are up.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		what, text, scale string
		up                map[float64]float64
		started           float64
	}{
		// One is busy half the time. From 100 s on all are busy all the time, which says no more than "twice as many": a start-up after each
		// decision, so that the number doubles every 20 s.
		{"utilization", called, "{max: 20, utilization: 50%, interval: 10s, start_up: 20s, down_window: 30s}",
			map[float64]float64{99: 1, 129: 1, 131: 2, 149: 2, 151: 4, 169: 4, 171: 8, 189: 8, 191: 16, 209: 16, 211: 20, 399: 1}, 19},
		// At 100 s 299 wait, for 30 of ten each: four more than there are at a step, eight at most. Of these 62 wait at 150 s.
		{"depth", consumed, "{max: 8, depth: 10, interval: 10s, start_up: 20s, down_window: none}",
			map[float64]float64{99: 1, 119: 1, 121: 5, 129: 5, 131: 8, 149: 8, 151: 7, 390: 1}, 7},
		// At 110 s 245 wait, at 120 s 140, at 130 s none.
		{"depth: no time to start", consumed, "{max: 100, depth: 10, interval: 10s, start_up: none, down_window: none}",
			map[float64]float64{99: 1, 101: 5, 109: 5, 111: 10, 119: 10, 121: 14, 129: 14, 131: 1, 390: 1}, 13},
		// The oldest has waited 10 s at 110 s, 20 s at 120 s: one more for every 5 s.
		{"age", consumed, "{max: 8, age: 5s, interval: 10s, start_up: none, down_window: none}",
			map[float64]float64{109: 1, 111: 2, 119: 2, 121: 4, 129: 4, 131: 6, 139: 6, 141: 8, 390: 1}, 7},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := audited.Start(t, c.text, c.scale)
			for at := 1.0; at < 400; at++ {
				audited.Until(t, r, time.Duration(at*1e9), 1)
				if want, asked := c.up[at]; asked {
					if got := audited.Value(t, r, "service.s.instances.final"); got != want {
						t.Errorf("at %v s: %v are up, want %v", at, got, want)
					}
				}
			}
			audited.Until(t, r, 400*time.Second, 1)
			if got := audited.Value(t, r, "scale.s.started"); got != c.started {
				t.Errorf("%v were started, want %v", got, c.started)
			}
			if lost := audited.Value(t, r, "service.s.lost"); lost != 0 {
				t.Errorf("%v tasks are lost", lost)
			}
		})
	}
}

// Of four instances that begin to start at once, each after exp(20 s) by itself, the first
// is up by t with 1 - e^(-4t/20 s), all four with (1 - e^(-t/20 s))^4, on the mean after
// 20 s · (1 + 1/2 + 1/3 + 1/4) = 41.7 s. Four hundred services, each with its own draws.
func TestStartUpIsDrawn(t *testing.T) {
	const n, mean = 400, 20.0
	var loads, queues, services strings.Builder
	for i := range n {
		fmt.Fprintf(&loads, "  l%d: {to: b/q%d, arrivals: {every: 1s, batch: 10}, count: 10, deadline: none}\n", i, i)
		fmt.Fprintf(&queues, "q%d: {}, ", i)
		fmt.Fprintf(&services, "  s%d: {workers: 1, scale: {max: 5, depth: 1, interval: 10s, start_up: exp(20s)}, consumes: {b/q%d: {handler: h, prefetch: 1}}, on: {h: [work: 1h]}}\n", i, i)
	}
	r := audited.Start(t, "\nversion: 1\nname: many\nrun: {duration: 300s}\nload:\n%sbrokers: {b: {queues: {%s}}}\nservices:\n%s", loads.String(), strings.TrimSuffix(queues.String(), ", "), services.String())
	toAll := 0.0
	for at := 12.0; at <= 300; at += 2 {
		audited.Until(t, r, time.Duration(at*1e9), 1)
		any, all := 0.0, 0.0
		for i := range n {
			switch audited.Value(t, r, fmt.Sprintf("service.s%d.instances.final", i)) {
			case 5:
				all++
				fallthrough
			case 2, 3, 4:
				any++
			}
		}
		toAll += 2 * (n - all) / n
		gone := (at - 10) / mean
		near(t, at, "one of four", any/n, 1-math.Exp(-4*gone), n)
		near(t, at, "all four", all/n, math.Pow(1-math.Exp(-gone), 4), n)
	}
	if want, off := 1+mean*(1+1.0/2+1.0/3+1.0/4), 4*mean*math.Sqrt((1+1.0/4+1.0/9+1.0/16)/n); math.Abs(toAll+2-want) > off {
		t.Errorf("all four are up after %.1f s, want %.1f ± %.1f", toAll+2, want, off)
	}
}

// near compares a share of n with its probability: four standard errors, and one of n.
func near(t *testing.T, at float64, what string, got, want, n float64) {
	t.Helper()
	if off := 4*math.Sqrt(want*(1-want)/n) + 1/n; math.Abs(got-want) > off {
		t.Errorf("at %v s: %s are up in %.3f, want %.3f ± %.3f", at, what, got, want, off)
	}
}

// The greatest number is raised and lowered during the run, by hand: four are not enough, and
// from the decision at 180 s on the number doubles again every 20 s; 1,740 of the 2,340 that
// have piled up by 201 s wait at 221 s, none at 237 s, so that at 270 s those above six leave
// at once. Two more by hand come after their start-up.
func TestMaxChanges(t *testing.T) {
	r := audited.Start(t, called, "{max: 4, utilization: 50%, interval: 10s, start_up: 20s, down_window: 30s}")
	changes := map[float64][2]string{175: {"max", "20"}, 265: {"max", "6"}, 350: {"instances", "3"}}
	up := map[float64]float64{151: 4, 199: 4, 201: 8, 219: 8, 221: 16, 239: 16, 241: 20, 269: 20, 271: 6, 299: 6, 371: 3}
	for at := 1.0; at < 400; at++ {
		audited.Until(t, r, time.Duration(at*1e9), 1)
		if want, asked := up[at]; asked {
			if got := audited.Value(t, r, "service.s.instances.final"); got != want {
				t.Errorf("at %v s: %v are up, want %v", at, got, want)
			}
		}
		if c, yes := changes[at]; yes {
			path := "service.s.scale." + c[0]
			if c[0] == "instances" {
				path = "service.s.instances"
			}
			if err := r.Set(path, c[1]); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Bounds by hand that contradict each other are refused, with what was set at the same
// moment; in their order they are not. A plan is refused for what it does, not for what was.
func TestBoundsByHand(t *testing.T) {
	r := audited.Start(t, called, "{min: 3, max: 6, utilization: 50%, interval: 10s, start_up: 20s}")
	audited.Until(t, r, 50*time.Second, 1)
	set := func(key, value, want string) {
		t.Helper()
		err := r.Set("service.s."+key, value)
		if got := fmt.Sprint(err); want == "" && err != nil || !strings.Contains(got, want) {
			t.Errorf("%s=%s at %v s: %v, want %q", key, value, r.Now()/1e9, err, want)
		}
	}
	set("scale.max", "2", "min is 3, max 2")
	set("scale.min", "7", "min is 7, max 6")
	set("instances", "7", "s has 7 instances, and max is 6")
	set("scale.max", "20", "")
	set("scale.min", "8", "")
	set("instances", "9", "")
	audited.Until(t, r, 80*time.Second, 1)
	set("scale.max", "7", "min is 8, max 7")
	set("scale.min", "1", "")
	set("instances", "2", "")
	set("scale.max", "4", "")
	audited.Until(t, r, 90*time.Second, 1)
	plan := r.Changes()
	max := func(n string) []design.Change {
		return append(plan, design.Change{At: 95 * time.Second, Path: "service.s.scale.max", Value: n})
	}
	if err := r.Plan(max("1")); err == nil || !strings.Contains(err.Error(), "s has 2 instances, and max is 1") {
		t.Errorf("planned: %v", err)
	}
	if err := r.Plan(max("3")); err != nil {
		t.Error(err)
	}
}
