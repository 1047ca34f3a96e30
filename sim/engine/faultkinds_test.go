package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// shareNear reports whether a share of n independent events is within four standard errors
// of what it should be.
func shareNear(t *testing.T, what string, got, want, n float64) {
	t.Helper()
	if se := math.Sqrt(want * (1 - want) / n); math.Abs(got-want) > 4*se {
		t.Errorf("%s is %v, want %v ± %v", what, got, want, 4*se)
	}
}

// Overlapping rules: rates of errors combine as independent ones, 1 − (1−p)(1−q), slow
// multiplies, cuts count.
func TestOverlappingRules(t *testing.T) {
	failing := func(p float64) design.Fault { return design.Fault{Kind: design.FaultErrors, Node: "s", Factor: p} }
	d := tenASecond(lasting(failing(0.3), "a", 0, time.Hour), lasting(failing(0.5), "b", 0, time.Hour))
	d.Loads[0].Arrivals.Rate, d.Services[0].Workers = 100, design.Unlimited
	r := start(t, d, Config{Duration: 200 * time.Second, Seed: 1})
	r.Advance(never, 0)
	shareNear(t, "the share of failures", metricOf(t, r, "load.l.failed.ratio"), 0.65, 20_000)

	slower := func(k float64) design.Fault { return design.Fault{Kind: design.FaultSlow, Node: "s", Factor: k} }
	d = tenASecond(lasting(slower(2), "a", 0, time.Hour), lasting(slower(3), "b", 0, time.Hour))
	d.Loads[0].Arrivals.Rate = 1
	wants{"load.l.confirmed.latency.max": 0.3}.check(t, corner(t, d))

	// Of 100 requests, those of 2 to 6 s find one cut or two.
	cut := design.Fault{Kind: design.FaultCut, Cut: []design.Cut{{From: "l", To: "s"}}}
	d = tenASecond(lasting(cut, "a", 2*time.Second, 3*time.Second), lasting(cut, "b", 4*time.Second, 2*time.Second))
	d.Loads[0].Timeout = time.Second
	wants{"load.l.failed.timeout": 40, "link.l->s.lost": 40}.check(t, corner(t, d))
}

// What flaps is one fault: from 10 to 40 s it is there for 1 s and not there for 2 s, ten
// times, and 10 operations a second come.
func TestFlapping(t *testing.T) {
	flap := lasting(design.Fault{Kind: design.FaultCrash, Node: "s"}, "f", 10*time.Second, 30*time.Second)
	flap.Down, flap.Up, flap.HasDown, flap.HasUp = constant(time.Second), constant(2*time.Second), true, true
	d := tenASecond(flap)
	d.Loads[0].Arrivals.Rate = 20                         // 200 before
	d.Services[0].Handlers[0].Steps[0] = work(40 * milli) // so that nobody is there when it comes
	r := start(t, d, Config{Duration: 100 * time.Second, Points: 100, Seed: 1})
	r.Advance(never, 0)
	wants{"load.l.failed.refused": 200, "fault.f.affected": 200, "fault.f.time_to_recover": 0, "service.s.instances.mean": 0.9}.check(t, r)

	// An alternating renewal process: it is there for a quarter of the time. The standard
	// error of that share over n cycles of exponential times a and b is about
	// √2·ab/(a+b)²/√n.
	flap.At, flap.HasFor = 0, false
	flap.Down, flap.Up = exp(time.Second), exp(3*time.Second)
	d.Faults[0] = flap
	r = start(t, d, Config{Duration: 20_000 * time.Second, Seed: 1})
	r.Advance(never, 0)
	got, se := metricOf(t, r, "service.s.instances.mean"), math.Sqrt2*3/16/math.Sqrt(5000)
	if math.Abs(got-0.75) > 4*se {
		t.Errorf("%v of the time it is up, want 0.75 ± %v", got, 4*se)
	}
}

// What hangs takes what comes and never answers; its connection lives, as a frozen
// process's does not. At its end it is restarted, and loses what it had.
func TestHang(t *testing.T) {
	for kind, want := range map[design.FaultKind]wants{
		// Those of 2.0 to 11.9 s fail, and those of the last second meet the restart. A pause
		// leaves those of 11.1 s and later the 50 ms that they need.
		design.FaultHang:  {"load.l.failed.timeout": 90, "load.l.failed.refused": 10, "load.l.completed": 100, "service.s.lost": 10},
		design.FaultPause: {"load.l.failed.timeout": 91, "load.l.failed.refused": 0, "service.s.lost": 0},
	} {
		d := tenASecond(lasting(design.Fault{Kind: kind, Node: "s"}, "f", 2*time.Second, 10*time.Second))
		d.Loads[0].Timeout, d.Loads[0].Cancel = time.Second, true
		d.Services[0].Workers = design.Unlimited
		d.Services[0].Handlers[0].Steps[0] = work(50 * milli)
		r := start(t, d, Config{Duration: 20 * time.Second, Seed: 1})
		r.Advance(never, 0)
		t.Log(kind)
		want.check(t, r)
	}
	for kind, closed := range map[design.FaultKind]float64{design.FaultHang: 1, design.FaultPause: 1} {
		d := tenASecond(lasting(design.Fault{Kind: kind, Node: "eat"}, "f", 5*time.Second, 60*time.Second))
		d.Loads[0].To = design.Target{Node: "bus", Entry: "q"}
		d.Services = []design.Service{eater("eat", design.Consume{}, work(50*milli))}
		d.Brokers = bus(design.Queue{})
		r := start(t, d, Config{Duration: 100 * time.Second, Seed: 1})
		r.Advance(int64(60*time.Second), 0)
		open := map[design.FaultKind]float64{design.FaultHang: 0, design.FaultPause: 1}[kind]
		t.Log(kind)
		wants{"connection.eat->bus.closed": open}.check(t, r)
		r.Advance(never, 0)
		wants{"connection.eat->bus.closed": closed}.check(t, r)
	}
}

// A fault of several nodes strikes them together, or those that the seed picks.
func TestSeveralNodes(t *testing.T) {
	together := lasting(design.Fault{Kind: design.FaultCrash, Node: "s", Others: []design.Member{{Node: "a", Instance: 2}, {Node: "bus"}}}, "f", 2*time.Second, 3*time.Second)
	d := tenASecond(together)
	a := service("a", work(milli))
	a.Instances = 2
	d.Services = append(d.Services, a, eater("eat", design.Consume{}, work(milli)))
	d.Brokers = bus(design.Queue{})
	d.Loads = append(d.Loads, at("m", design.Target{Node: "a", Entry: "do"}, time.Second))
	r := start(t, d, Config{Seed: 1})
	r.Advance(never, 0)
	wants{"service.s.instances.mean": 0.7, "service.a.instances.mean": 1.7, "connection.eat->bus.closed": 1}.check(t, r)

	// One of three, every second, for half of it: each is down for a sixth of the time.
	pick := design.Fault{Name: "f", Kind: design.FaultCrash, Node: "s", Others: []design.Member{{Node: "a"}, {Node: "b"}}, Pick: 1, Period: time.Second, For: draw.Const(0.5), HasFor: true}
	d = tenASecond(pick)
	d.Services = append(d.Services, service("a", work(milli)), service("b", work(milli)))
	r = start(t, d, Config{Duration: 2000 * time.Second, Seed: 1})
	r.Advance(never, 0)
	down, sum := map[string]float64{}, 0.0
	for _, s := range []string{"s", "a", "b"} {
		down[s] = 2 * (1 - metricOf(t, r, "service."+s+".instances.mean"))
		shareNear(t, "the share of occurrences that strike "+s, down[s], 1.0/3, 2000)
		sum += down[s]
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("%v nodes are down at a time, want 1", sum)
	}
}
