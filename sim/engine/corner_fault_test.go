package engine

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

func lasting(f design.Fault, name string, from, during time.Duration) design.Fault {
	f.Name, f.At, f.For, f.HasFor = name, from, constant(during), true
	return f
}

func sets(path, value string) design.Fault {
	return design.Fault{Kind: design.FaultSet, Set: []design.Setting{{Path: path, Value: value}}}
}

// Faults of one kind that overlap on one element: the later end ends it.
func TestOverlappingFaults(t *testing.T) {
	arrivals := at("l", design.Target{Node: "s", Entry: "do"})
	for i := range 10 { // at 50, 150, … 950 ms
		arrivals.Arrivals.Times = append(arrivals.Arrivals.Times, int64(100*i+50)*int64(milli))
	}
	for _, c := range []struct {
		name   string
		faults [2]design.Fault // at 100 to 500 ms, and at 300 to 800 ms
		metric string
		want   float64
	}{
		{"errors", [2]design.Fault{{Kind: design.FaultErrors, Node: "s", Factor: 1}, {Kind: design.FaultErrors, Node: "s", Factor: 1}}, "service.s.failed", 7},
		{"crash", [2]design.Fault{{Kind: design.FaultCrash, Node: "s"}, {Kind: design.FaultHostCrash, Node: "s"}}, "load.l.accepted", 3},
		{"set", [2]design.Fault{sets("service.s.errors", "100%"), sets("service.s.errors", "1")}, "service.s.failed", 7},
	} {
		for _, swap := range []bool{false, true} {
			t.Run(fmt.Sprint(c.name, swap), func(t *testing.T) {
				a, b := c.faults[0], c.faults[1]
				if swap {
					a, b = b, a
				}
				d := &design.Design{Loads: []design.Load{arrivals}, Services: []design.Service{service("s", work(milli))}}
				d.Loads[0].Timeout = 20 * milli
				d.Faults = []design.Fault{lasting(a, "a", 100*milli, 400*milli), lasting(b, "b", 300*milli, 500*milli)}
				wants{c.metric: c.want}.check(t, corner(t, d))
			})
		}
	}
}

// What a service fails by itself, and what its faults fail, are independent.
func TestErrorsAreIndependent(t *testing.T) {
	s := service("s")
	s.Errors, s.Workers, s.Handlers[0].Steps = 0.1, design.Unlimited, nil
	errors := func(name string, rate float64) design.Fault {
		return design.Fault{Name: name, Kind: design.FaultErrors, Node: "s", Factor: rate}
	}
	l := design.Load{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 1000}}
	r := start(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Faults: []design.Fault{errors("a", 0.3), errors("b", 0.2)}},
		Config{Duration: 100 * time.Second, Seed: 1})
	r.Advance(never, 0)
	want := 1 - 0.9*0.7*0.8
	if got := metricOf(t, r, "load.l.failed.ratio"); math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/100_000) {
		t.Errorf("%v fail, want %v", got, want)
	}
	if got := r.serviceNow(&r.prog.services[0]).Errors; math.Abs(got-want) > 1e-12 {
		t.Errorf("the window says %v, want %v", got, want)
	}
}

// A fault that sets parameters leaves exactly what was there, however often it
// comes, whatever else was set meanwhile and in whatever order faults end.
func TestFaultSetLeavesNoTrace(t *testing.T) {
	file := draw.Must(draw.Parse(`empirical("x.csv")`, draw.Seconds, func(draw.File) ([]float64, error) { return []float64{0.001, 0.0037, 0.0091}, nil }))
	d := &design.Design{
		Loads:    []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)},
		Services: []design.Service{service("s", design.Step{Op: design.Work, Dist: file})},
	}
	work := "service.s.on.do.work"
	d.Faults = []design.Fault{
		lasting(sets(work+".mean", "7ms"), "mean", 100*milli, 200*milli), // until 300
		lasting(sets(work, "exp(3ms)"), "all", 200*milli, 200*milli),     // until 400
		lasting(sets(work, "exp(5ms)"), "later", 250*milli, 450*milli),   // until 700
	}
	d.Faults[0].Period = 900 * milli
	r := start(t, d, Config{Duration: 10 * time.Second})
	before, _ := d.Get(work + ".mean")
	for _, c := range []struct {
		at   time.Duration
		want string
	}{{150 * milli, "7ms"}, {210 * milli, "3ms"}, {260 * milli, "5ms"}, {310 * milli, "5ms"}, {410 * milli, "5ms"}, {710 * milli, before}, {1050 * milli, "7ms"}, {9950 * milli, before}} {
		r.Advance(int64(c.at), 0)
		if got, _ := r.Design().Get(work + ".mean"); got != c.want {
			t.Errorf("at %v: %s, want %s", c.at, got, c.want)
		}
	}
	if got := r.Design().Services[0].Handlers[0].Steps[0].Dist; fmt.Sprintf("%v", got) != fmt.Sprintf("%v", file) {
		t.Errorf("the distribution of a file has become %v", got)
	}
}

// What a person sets during a fault holds at once, and holds on after the fault.
func TestChangeByHandDuringAFault(t *testing.T) {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{service("s", work(milli))}}
	d.Faults = []design.Fault{lasting(sets("service.s.workers", "3"), "a", 100*milli, 200*milli), lasting(sets("service.s.speed", "2"), "b", 150*milli, 50*milli)}
	r := start(t, d, Config{Duration: time.Second})
	get := func() string { v, _ := r.Design().Get("service.s.workers"); return v }
	r.Advance(int64(120*milli), 0)
	if got := get(); got != "3" {
		t.Fatalf("during the fault: %s workers, want 3", got)
	}
	if err := r.Set("service.s.workers", "5"); err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Duration{130 * milli, 160 * milli, 250 * milli, 400 * milli} {
		r.Advance(int64(at), 0)
		if got := get(); got != "5" {
			t.Errorf("at %v: %s workers, want 5", at, got)
		}
	}
}

// Checkpoints in the middle of faults and of changes by hand are whole.
func TestCheckpointDuringFaultsAndChanges(t *testing.T) {
	d := &design.Design{Loads: []design.Load{{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 200}}}, Services: []design.Service{service("s", work(4*milli))}}
	d.Faults = []design.Fault{lasting(sets("service.s.workers", "3"), "a", 100*milli, 300*milli), lasting(sets("service.s.speed", "0.5"), "b", 150*milli, 400*milli)}
	r := start(t, d, Config{Duration: time.Second, Seed: 1})
	r.Advance(int64(120*milli), 0)
	c := r.Checkpoint()
	run := func(values ...string) (fp uint64) {
		r.Restore(c)
		for _, v := range values {
			if err := r.Set("service.s.workers", v); err != nil {
				t.Fatal(err)
			}
			r.Advance(r.Now()+int64(50*milli), 0)
		}
		r.Advance(never, 0)
		return r.Fingerprint()
	}
	plain := run()
	one, two := run("1"), run("2", "1")
	for range 2 {
		if run() != plain || run("1") != one || run("2", "1") != two {
			t.Fatal("the way from a checkpoint depends on what was tried before")
		}
	}
	if plain == one || one == two {
		t.Error("the changes made no difference")
	}
	if n := len(r.Changes()); n != 2 {
		t.Errorf("%d changes recorded, want those since the checkpoint: 2", n)
	}
}

// Processor sharing under a number of workers that changes: what was done until
// then was done at the old share. Four tasks of 100 ms on one worker, with four
// from 200 ms on: each has got 50 ms by then, and ends at 250 ms.
func TestSharingWhenWorkersChange(t *testing.T) {
	s := service("s", work(100*milli))
	s.Discipline = design.Sharing
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0, 0, 0, 0)}, Services: []design.Service{s}}
	for _, byHand := range []bool{false, true} {
		if !byHand {
			d.Faults = []design.Fault{lasting(sets("service.s.workers", "4"), "a", 200*milli, time.Second)}
		} else {
			d.Faults = nil
		}
		r := start(t, d, Config{Duration: 2 * time.Second})
		r.Advance(int64(200*milli)-1, 0)
		if byHand {
			if err := r.Set("service.s.workers", "4"); err != nil {
				t.Fatal(err)
			}
		}
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		near := func(name string, want float64) {
			if got := metricOf(t, r, name); math.Abs(got-want) > 1e-8 { // ends at one instant are a nanosecond apart
				t.Errorf("%s = %v, want %v", name, got, want)
			}
		}
		near("load.l.accepted.latency.max", 0.25)
		near("service.s.busy.final", 0)
		near("service.s.thread_seconds", 4*0.25)
		near("service.s.busy.mean", 0.4/2)
		// One worker for 0.2 s, then four (by a fault: for a second, then one again).
		want := 0.4 / (0.2 + 4*1.8)
		if !byHand {
			want = 0.4 / (0.2 + 4*1 + 0.8)
		}
		near("service.s.utilization", want)
	}
}

// A service has as many consumers as workers, also after the workers have
// changed: more work begins at once, fewer end when they are done.
func TestConsumersFollowWorkers(t *testing.T) {
	for _, c := range []struct {
		workers string
		done    float64 // by 1 s, of messages that take 100 ms, after 100 ms with 2 workers
	}{{"2", 20}, {"6", 2 + 54}, {"1", 2 + 9}, {"unlimited", 1000}} {
		l := at("l", design.Target{Node: "bus", Entry: "q"})
		l.Arrivals.Times = make([]int64, 1000)
		s := eater("s", design.Consume{}, work(100*milli))
		s.Workers = 2
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: bus(design.Queue{})}
		r := start(t, d, Config{Duration: time.Second + 1})
		r.Advance(int64(100*milli)-1, 0)
		if err := r.Set("service.s.workers", c.workers); err != nil {
			t.Fatal(err)
		}
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		if got := metricOf(t, r, "queue.bus/q.acked"); got != c.done {
			t.Errorf("%s workers: %v done, want %v", c.workers, got, c.done)
		}
	}
}
