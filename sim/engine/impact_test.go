package engine

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// tenASecond is a load of 10/s, evenly, whose operations work for 50 ms at s, of which
// there is one with one worker: half of its capacity of 20/s. Nobody waits.
func tenASecond(faults ...design.Fault) *design.Design {
	return &design.Design{
		Loads:    []design.Load{{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 10}}},
		Services: []design.Service{service("s", work(50*milli))},
		Faults:   faults,
	}
}

// oneSecond is a run of 200 s whose series have intervals of a second.
var oneSecond = Config{Duration: 200 * time.Second, Points: 200}

func TestImpact(t *testing.T) {
	null := math.NaN()
	pause := lasting(design.Fault{Kind: design.FaultPause, Node: "s"}, "f", 60*time.Second, 9990*milli)
	crash := lasting(design.Fault{Kind: design.FaultCrash, Node: "s"}, "f", 60*time.Second, 10*time.Second)
	again := func(f design.Fault, period time.Duration) design.Fault { f.Period = period; return f }
	from := func(f design.Fault, at, during time.Duration) design.Fault { return lasting(f, "f", at, during) }
	later := lasting(design.Fault{Kind: design.FaultPause, Node: "s"}, "g", 75*time.Second, time.Second)
	for _, c := range []struct {
		name              string
		faults            []design.Fault
		edit              func(d *design.Design, cfg *Config)
		affected, recover float64
	}{
		// The k-th operation of the pause waits 9.99 s − k·50 ms: 200 of them, of which the
		// first 100 arrived while it lasted. The last that waits arrives at 79.9 s.
		{"a backlog is worked off", []design.Fault{pause}, nil, 100, 10.01},
		// Refused at once, and nothing is left when it is over.
		{"a crash leaves nothing behind", []design.Fault{crash}, nil, 100, 0},
		{"every occurrence counts", []design.Fault{again(crash, 40*time.Second)}, nil, 400, 0},
		// The 600 operations before the second waited for up to 5 s, so that 6 took longer
		// than the p99 of them all: 1 of the 100 is usual.
		{"the longest of several", []design.Fault{again(pause, 70*time.Second)}, nil, 199, 10.01},
		{"nobody has 10 intervals before", []design.Fault{from(pause, 9*time.Second, 10*time.Second)}, nil, null, null},
		{"nor 100 operations", []design.Fault{from(pause, 9900*milli, 10*time.Second)}, nil, null, null},
		{"100 operations, but 9 whole intervals after the warm-up", []design.Fault{from(crash, 11*time.Second, 10*time.Second)},
			func(d *design.Design, cfg *Config) { cfg.Warmup = time.Second / 2 }, 100, 0},
		{"the warm-up does not count", []design.Fault{from(crash, 60*time.Second, 10*time.Second)},
			func(d *design.Design, cfg *Config) { cfg.Warmup = 51 * time.Second }, null, null},
		{"another fault begins first", []design.Fault{pause, later}, nil, 100, null},
		{"the other begins after it", []design.Fault{crash, lasting(later, "g", 81*time.Second, time.Second)}, nil, 100, 0},
		{"the other begins before it has stayed so", []design.Fault{crash, lasting(later, "g", 79*time.Second, time.Second)}, nil, 100, null},
		{"together they are one", []design.Fault{crash, lasting(crash, "g", 60*time.Second, 10*time.Second)}, nil, 100, 0},
		{"the other goes on", []design.Fault{crash, lasting(crash, "g", 60*time.Second, 20*time.Second)}, nil, 100, null},
		{"it never ends", []design.Fault{{Name: "f", Kind: design.FaultCrash, Node: "s", At: 60 * time.Second}}, nil, 1400, null},
		{"it ends too late", []design.Fault{from(crash, 60*time.Second, 131*time.Second)}, nil, 1310, null},
		// A tenth of its length is 13 s, which is just what is left.
		{"it ends just in time", []design.Fault{from(crash, 57*time.Second, 130*time.Second)}, nil, 1300, 0},
		{"it ends in time, but not for a tenth of its length", []design.Fault{from(crash, 58*time.Second, 130*time.Second)}, nil, 1300, null},
		// Half fail before, as every second is refused a place; then all do: 100 less the usual 50.
		{"less what is usual", []design.Fault{crash}, func(d *design.Design, _ *Config) {
			d.Services[0].Handlers[0].Steps[0] = work(150 * milli)
			d.Services[0].HasRoom = true
		}, 50, 0},
		// A callee is away, and its caller has an answer without it.
		{"degraded", []design.Fault{crash}, func(d *design.Design, _ *Config) {
			d.Loads[0].To.Node = "front"
			d.Services = append(d.Services, service("front", design.Step{Op: design.Call, To: design.Target{Node: "s", Entry: "do"}, HasElse: true}))
		}, 100, 0},
		// Who is open when it begins is affected too, and 99 arrive.
		{"open when it begins", []design.Fault{from(pause, 60010*milli, 9990*milli)}, nil, 100, 10},
		// Whoever is still open at the end has taken longer than any before.
		{"still open", []design.Fault{from(pause, 195*time.Second, 10*time.Minute)}, func(d *design.Design, cfg *Config) { cfg.Drain = -1 }, 50, null},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, cfg := tenASecond(c.faults...), oneSecond
			if c.edit != nil {
				c.edit(d, &cfg)
			}
			r := start(t, d, cfg)
			r.Advance(never, 0)
			want := wants{"fault.f.affected": c.affected, "fault.f.time_to_recover": c.recover}
			for name, want := range want {
				if got := metricOf(t, r, name); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Errorf("%s = %v, want %v", name, got, want)
				}
			}
		})
	}
}

// At most 64 faults have numbers: those that are asked for, then the first.
func TestImpactOfManyFaults(t *testing.T) {
	d := tenASecond()
	for i := range 70 {
		f := crashed("s", 20*time.Second, 10*time.Second)
		f.Name = fmt.Sprintf("f%d", i)
		d.Faults = append(d.Faults, f)
	}
	cfg := oneSecond
	cfg.Asked = []string{"fault.f69.*", "load.l.completed"}
	r := start(t, d, cfg)
	r.Advance(never, 0)
	for i := range 70 {
		got := metricOf(t, r, fmt.Sprintf("fault.f%d.affected", i))
		if known := i < 63 || i == 69; known != (got == 100) || known == math.IsNaN(got) {
			t.Errorf("fault.f%d.affected = %v", i, got)
		}
	}
	n := 0
	for _, w := range r.Warnings() {
		if w.ID() == "faults-without-numbers" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("it is said %d times that some have no numbers", n)
	}
}

// A fault that flaps over many open operations does not look at all of them for ever:
// beyond the bound it has no number, rather than a run without an end.
func TestImpactIsBounded(t *testing.T) {
	for open, known := range map[float64]bool{10: true, 20_000: false} {
		flap := lasting(design.Fault{Kind: design.FaultCrash, Node: "s"}, "f", 60*time.Second, milli/2)
		flap.Period = milli
		d := tenASecond(flap)
		many := at("many", design.Target{Node: "long", Entry: "do"}, 0)
		many.Arrivals.Batch, many.Arrivals.HasBatch = draw.Const(open), true
		many.Deadline, many.Timeout = design.None, design.None
		long := service("long", work(time.Hour))
		long.Workers = design.Unlimited
		d.Loads, d.Services = append(d.Loads, many), append(d.Services, long)
		cfg := oneSecond
		cfg.Warmup = 5 * time.Second // the many arrive before it
		r := start(t, d, cfg)
		r.Advance(never, 0)
		if got := metricOf(t, r, "fault.f.affected"); math.IsNaN(got) == known {
			t.Errorf("%v are open: affected %v", open, got)
		}
		if most := freeLooks + eventLooks*r.events + uint64(open); r.impact.looks > most {
			t.Errorf("%v are open: %d looks, at most %d", open, r.impact.looks, most)
		}
	}
}

// The numbers do not depend on how often somebody looks, nor on going back.
func TestImpactSurvivesGoingBack(t *testing.T) {
	d := tenASecond(lasting(design.Fault{Kind: design.FaultPause, Node: "s"}, "f", 60*time.Second, 9990*milli))
	r := start(t, d, oneSecond)
	r.Advance(int64(65*time.Second), 0)
	if got := metricOf(t, r, "fault.f.affected"); got != 50 { // those of 60.0 to 64.9 s, all open; the one of 65.0 s may yet be done in time
		t.Errorf("after 5 s: %v", got)
	}
	at := r.Checkpoint()
	r.Advance(int64(75*time.Second), 0)
	r.Restore(at)
	r.Advance(never, 0)
	wants{"fault.f.affected": 100, "fault.f.time_to_recover": 10.01}.check(t, r)
}

// A run whose intervals double meanwhile has the same numbers, on the coarser grid.
func TestImpactOfARunWithoutAnEnd(t *testing.T) {
	d := tenASecond(lasting(design.Fault{Kind: design.FaultPause, Node: "s"}, "f", 60*time.Second, 10*time.Second))
	r := start(t, d, Config{Completions: 2000, Points: 200})
	r.Advance(never, 0)
	width := time.Duration(r.kept().Width())
	got := metricOf(t, r, "fault.f.time_to_recover")
	if got < 9.91 || got >= 10.01+width.Seconds() || width < time.Second {
		t.Errorf("%v to recover, with intervals of %v", got, width)
	}
	wants{"fault.f.affected": 100}.check(t, r)
}
