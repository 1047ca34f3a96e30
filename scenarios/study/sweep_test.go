package study

import (
	"context"
	"flag"
	"fmt"
	"math"
	"slices"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/expect"
)

var flipSeeds = flag.Int("flip.seeds", 1, "seeds with which the known flips are searched; their coverage is printed")

// sweepOf makes the plan of a scenario; all of its expectations are searched.
func sweepOf(t testing.TB, text string, reps int, vary ...string) *Sweep {
	t.Helper()
	sc, err := scenarios.Parse(nil, "test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := sc.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	s := &Sweep{Bundle: b, Version: "test", Scenario: sc.Name, Title: sc.Title, Designs: sc.Designs, Set: map[string][]string{}, Reps: reps,
		Run:       RunOf(sim.Settings{Duration: sc.Run.Duration, Warmup: sc.Run.WarmupOf(sc.Run.Duration), Drain: sc.Run.Drain, Seed: sc.Run.Seed}),
		Precision: DefaultPrecision, MaxRuns: DefaultMaxRuns}
	for _, e := range sc.Expect {
		s.Flips = append(s.Flips, e.Parsed)
	}
	s.Metrics = HeadMetrics(sc.Designs, s.Flips)
	var all []Vary
	for _, text := range vary {
		v, err := ParseVary(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	if s.Axes, err = Axes(all, sc.Designs); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	return s
}

func execute(t testing.TB, s *Sweep, r Runner, f *File) *Swept {
	t.Helper()
	out, err := s.Execute(context.Background(), r, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// erlangC is the probability that a customer of M/M/c waits (Erlang, 1917), with an
// offered load of a.
func erlangC(c int, a float64) float64 {
	b := 1.0 // Erlang's loss formula, by its recursion
	for k := 1; k <= c; k++ {
		b = a * b / (float64(k) + a*b)
	}
	return b / (1 - a/float64(c)*(1-b))
}

// root finds where f, which falls, crosses 0.
func root(lo, hi float64, f func(float64) float64) float64 {
	for range 200 {
		if mid := (lo + hi) / 2; f(mid) > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// Known flips: the largest rate at which a closed form stays below a bound.
var knownFlips = []struct {
	name, text, vary string
	truth            float64
	long             bool // only with several seeds
}{
	// Wq = C(c, λ/μ)/(cμ-λ), μ = 100/s, c = 4.
	{"M/M/4, mean wait below 5 ms", `version: 1
name: mmc
run: {duration: 80s, warmup: 8s, seed: %d}
load: {users: {to: shop/buy, arrivals: poisson(300/s), deadline: none, timeout: none}}
services: {shop: {workers: 4, queue: unlimited, on: {buy: [work: exp(10ms)]}}}
links: {default: {latency: 0s}}
expect: ["service.shop.wait.mean < 5ms"]
`, "load.users.rate=240/s..380/s:5", root(1, 399, func(l float64) float64 { return 0.005 - erlangC(4, l/100)/(400-l) }), false},
	// The sojourn time of M/M/1 is exponential with rate μ-λ: its p99 is ln(100)/(μ-λ).
	{"M/M/1, p99 below 200 ms", `version: 1
name: mm1
run: {duration: 120s, warmup: 12s, seed: %d}
load: {users: {to: shop/buy, arrivals: poisson(50/s), deadline: none, timeout: none}}
services: {shop: {workers: 1, queue: unlimited, on: {buy: [work: exp(10ms)]}}}
links: {default: {latency: 0s}}
expect: ["load.users.confirmed.latency.p99 < 200ms"]
`, "load.users.rate=40/s..95/s:5", 100 - math.Log(100)/0.2, true},
	// Two in a row, without waiting for each other: the sum of two independent sojourn
	// times (Burke, 1956; Reich, 1957), Erlang-2, whose p99 is 6.6384/(μ-λ).
	{"chain of two M/M/1, p99 below 300 ms", `version: 1
name: chain
run: {duration: 120s, warmup: 12s, seed: %d}
load: {users: {to: shop/buy, arrivals: poisson(50/s), deadline: none, timeout: none, confirm: pay/charge}}
services:
  shop: {workers: 1, queue: unlimited, on: {buy: [work: exp(10ms), send: pay/charge]}}
  pay: {workers: 1, queue: unlimited, on: {charge: [work: exp(10ms)]}}
links: {default: {latency: 0s}}
expect: ["load.users.confirmed.latency.p99 < 300ms"]
`, "load.users.rate=40/s..95/s:5", 100 - 6.63835206799/0.3, false},
}

func TestKnownFlips(t *testing.T) {
	for _, c := range knownFlips {
		if c.long && *flipSeeds == 1 {
			continue
		}
		hit, runs, reps := 0, 0, 0
		for seed := 1; seed <= *flipSeeds; seed++ {
			s := sweepOf(t, fmt.Sprintf(c.text, seed), 5, c.vary)
			s.Precision = 0.05
			out := execute(t, s, &Local{}, nil)
			if len(out.Flips) != 1 || len(out.Flips[0].Flips) != 1 {
				t.Errorf("%s, seed %d: %+v", c.name, seed, out.Flips)
				continue
			}
			f := out.Flips[0].Flips[0]
			runs, reps = runs+out.Runs, reps+f.Replications
			if f.Low <= c.truth && c.truth <= f.High {
				hit++
			} else if *flipSeeds == 1 {
				t.Errorf("%s: the true value %.4g is not in [%.4g, %.4g]", c.name, c.truth, f.Low, f.High)
			}
			if !f.Below || !f.Reached || math.Abs(f.At-c.truth) > 0.05*c.truth {
				t.Errorf("%s, seed %d: %+v, the truth is %.4g", c.name, seed, f, c.truth)
			}
			if seed == 1 {
				t.Logf("%s: %.4g [%.4g, %.4g], true %.4g, %d replications", c.name, f.At, f.Low, f.High, c.truth, f.Replications)
			}
		}
		t.Logf("%s: %d of %d intervals have the true value, %d runs each", c.name, hit, *flipSeeds, runs / *flipSeeds)
	}
}

// The knee of M/M/1 lies at half of its capacity; a curve that ends before has none.
func TestKneeOfMM1(t *testing.T) {
	text := fmt.Sprintf(knownFlips[1].text, 1)
	s := sweepOf(t, text, 5, "load.users.rate=20/s..80/s:7")
	s.Flips = nil
	out := execute(t, s, &Local{}, nil)
	if len(out.Knees) != 1 || !out.Knees[0].Found || out.Knees[0].Low > 50 || out.Knees[0].High < 50 || out.Knees[0].High-out.Knees[0].Low > 41 {
		t.Errorf("%+v", out.Knees)
	}
	s = sweepOf(t, text, 5, "load.users.rate=10/s..40/s:4")
	s.Flips = nil
	out = execute(t, s, &Local{}, nil)
	if len(out.Knees) != 1 || out.Knees[0].Found || !out.Knees[0].Rising {
		t.Errorf("%+v", out.Knees)
	}
}

// Two designs cross where theory says: two slow workers against one that is 1.5 times
// as fast as one of them. M/M/2 and M/M/1 with the same mean sojourn time.
func TestCrossingOfTwoDesigns(t *testing.T) {
	const text = `version: 1
name: cross
run: {duration: 60s, warmup: 6s, seed: 1}
load: {users: {to: shop/buy, arrivals: poisson(50/s), deadline: none, timeout: none}}
links: {default: {latency: 0s}}
designs:
  two: {services: {shop: {workers: 2, queue: unlimited, on: {buy: [work: exp(10ms)]}}}}
  fast: {services: {shop: {workers: 1, queue: unlimited, speed: 1.5, on: {buy: [work: exp(10ms)]}}}}
expect: ["two.load.users.confirmed.latency.mean > fast.load.users.confirmed.latency.mean"]
`
	truth := root(1, 149, func(l float64) float64 { return 0.01 + erlangC(2, l/100)/(200-l) - 1/(150-l) })
	s := sweepOf(t, text, 5, "load.users.rate=20/s..140/s:7")
	s.Precision = 0.05
	out := execute(t, s, &Local{}, nil)
	if len(out.Crossings) != 1 {
		t.Fatalf("%+v", out.Crossings)
	}
	if c := out.Crossings[0]; c.Low > truth || c.High < truth || c.High-c.Low > 41 || c.Below || c.A != "two" || c.B != "fast" {
		t.Errorf("%+v, the truth is %.4g", c, truth)
	}
	if f := out.Flips[0].Flips[0]; f.Low > truth || f.High < truth || !f.Below || f.High-f.Low > 12 {
		t.Errorf("%+v, the truth is %.4g", f, truth)
	}
}

// A design without the parameter is run once, and the same everywhere.
func TestDesignWithoutTheParameter(t *testing.T) {
	s := sweepOf(t, twoDesigns, 3, "service.pay.workers=1..4:4")
	out := execute(t, s, &Local{}, nil)
	if want := 3 + 4*3; out.Runs != want || s.GridRuns() != want {
		t.Errorf("%d runs, planned %d, want %d", out.Runs, s.GridRuns(), want)
	}
	for _, p := range out.Points[1:] {
		if p.Result.Designs[0].Fingerprint != out.Points[0].Result.Designs[0].Fingerprint {
			t.Errorf("another run at %s", p.At[0].Text)
		}
	}
}

// Each point is what sim.Run gives with the same settings: the same seed everywhere.
func TestPointsAreRuns(t *testing.T) {
	s := sweepOf(t, twoDesigns, 3, "load.users.rate=5/s..15/s:3", "service.shop.workers=1,2")
	out := execute(t, s, &Local{}, nil)
	if len(out.Points) != 6 {
		t.Fatalf("%d points", len(out.Points))
	}
	for _, p := range out.Points {
		var designs []*design.Design
		for _, d := range s.Designs {
			d = d.Clone()
			for i, a := range s.Axes {
				if err := d.Set(a.Path, p.At[i].Text); err != nil {
					t.Fatal(err)
				}
			}
			designs = append(designs, d)
		}
		want, err := sim.Run(context.Background(), designs, sim.Settings{Duration: s.Run.Duration, Seed: s.Run.Seed, Replications: 3}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for d := range designs {
			if p.Result.Designs[d].Fingerprint != want.Designs[d].Fingerprint {
				t.Errorf("%v: %s is another run", p.At, designs[d].Name)
			}
			for _, name := range s.Metrics {
				got, _ := p.Result.Designs[d].Metric(name)
				ref, _ := want.Designs[d].Metric(name)
				if !slices.Equal(got.Values, ref.Values) {
					t.Errorf("%v: %s of %s is %v, want %v", p.At, name, designs[d].Name, got.Values, ref.Values)
				}
			}
		}
	}
}

func TestSweepMistakes(t *testing.T) {
	for name, change := range map[string]func(*Sweep){
		"replications": func(s *Sweep) { s.Reps = 0 },
		"many":         func(s *Sweep) { s.Reps = 10_001 },
		"metrics":      func(s *Sweep) { s.Metrics = nil },
		"runs":         func(s *Sweep) { s.MaxRuns = 43 },
		"set":          func(s *Sweep) { s.Set["large"] = []string{"load.users.rate=5/s"} },
	} {
		s := sweepOf(t, twoDesigns, 2, "load.users.rate=5/s..15/s")
		if change(s); s.Check() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Expectations that cannot be judged here say why, and the others keep their places.
func TestExpectationsOfOtherDesigns(t *testing.T) {
	s := sweepOf(t, twoDesigns, 2, "service.pay.workers=1..2:2")
	for _, line := range []string{"other: load.users.offered > 5", "small: load.users.offered > 5", "large: load.users.offered > 1e9"} {
		e, err := expect.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		s.Flips = append(s.Flips, e)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	out := execute(t, s, &Local{}, nil)
	want := []string{"is not judged: design other was not run", "does not depend on service.pay.workers: no design of it has this parameter", "is missed at every value"}
	for i, f := range out.Flips {
		if f.Remark.String() != want[i] || len(f.Flips) > 0 {
			t.Errorf("%s: %q", f.Expect, f.Remark)
		}
	}
}

// The curves are known before the search for a flip begins, and are those of the end.
func TestCurvesComeFirst(t *testing.T) {
	s := sweepOf(t, `version: 1
name: first
run: {duration: 20s, seed: 1}
load: {users: {to: shop/order, arrivals: poisson(20/s)}}
services: {shop: {workers: 1, on: {order: [work: exp(20ms)]}}}
expect: ["load.users.accepted.latency.mean < 40ms"]
`, 2, "load.users.rate=10/s..40/s:4")
	var first []*Swept
	s.Curves = func(part *Swept) { first = append(first, part) }
	out, err := s.Execute(context.Background(), &Local{}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != 1 || len(first[0].Flips) != 0 || len(first[0].Points) != 4 || len(out.Flips) != 1 {
		t.Fatalf("%d times, then %d flips", len(first), len(out.Flips))
	}
	m := s.Metrics[0]
	for i := range out.Points {
		if a, b := first[0].Curve(0, m).At(i), out.Curve(0, m).At(i); a != b {
			t.Errorf("value %d: first %v, then %v", i, a, b)
		}
	}
}
