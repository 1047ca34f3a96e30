package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/measure"
)

// Half of the work takes ten seconds. Whoever leaves out the operations that are
// open at the end leaves out long ones, and finds a mean of 4.4 s.
func TestDrainFollowsOperationsToTheirEnds(t *testing.T) {
	s := service("web", design.Step{Op: design.Work, Dist: seconds("discrete(1ms: 50, 10s: 50)")})
	s.Workers = 400
	d := &design.Design{
		Loads:    []design.Load{{Name: "c", To: design.Target{Node: "web", Entry: "do"}, Users: 400, Stagger: true, Timeout: -1, Deadline: -1}},
		Services: []design.Service{s},
	}
	for _, c := range []struct {
		drain              time.Duration
		least, most        float64
		lasts              bool
		unfinished, exceed float64
	}{{-1, 4.2, 4.6, false, 300, 400}, {0, 4.9, 5.1, true, 0, 0}} {
		r := start(t, d, Config{Duration: time.Minute, Warmup: 10 * time.Second, Seed: 1, Drain: c.drain})
		if end := r.Advance(never, 0); end != AtDuration || r.Now() != int64(time.Minute) {
			t.Fatalf("drain %v: ended by %v at %v", c.drain, end, time.Duration(r.Now()))
		}
		if got := metricOf(t, r, "load.c.confirmed.latency.mean"); got < c.least || got > c.most {
			t.Errorf("drain %v: a mean of %v s", c.drain, got)
		}
		if got := metricOf(t, r, "load.c.unfinished"); got < c.unfinished || got > c.exceed {
			t.Errorf("drain %v: %v operations are unfinished", c.drain, got)
		}
		if got := r.now > int64(time.Minute); got != c.lasts {
			t.Errorf("drain %v: the last event was at %v", c.drain, time.Duration(r.now))
		}
		wants{"run.duration": 50, "service.web.busy.final": 400}.check(t, r)
	}
}

// The drain lasts as long as the longest finite deadline, at most as long as the
// run; without one as long as the run; and never in a run of so many completions.
func TestDrainTimeout(t *testing.T) {
	load := func(deadline time.Duration) design.Load {
		l := at("l", design.Target{Node: "bus", Entry: "q"}, 0)
		l.Confirm, l.Deadline = []design.Target{{Node: "s", Entry: "eat"}}, deadline
		return l
	}
	for _, c := range []struct {
		deadlines   []time.Duration
		drain       time.Duration
		completions uint64
		want        time.Duration
	}{
		{[]time.Duration{-1}, 0, 0, 8 * time.Second},
		{[]time.Duration{-1, 3 * time.Second, 2 * time.Second}, 0, 0, 3 * time.Second},
		{[]time.Duration{time.Minute}, 0, 0, 8 * time.Second},
		{[]time.Duration{3 * time.Second}, time.Minute, 0, time.Minute},
		{[]time.Duration{3 * time.Second}, -1, 0, 0},
		{[]time.Duration{3 * time.Second}, 0, 1_000, 0},
	} {
		d := &design.Design{Services: []design.Service{eater("s", design.Consume{}, work(time.Millisecond))}, Brokers: bus(design.Queue{})}
		for i, deadline := range c.deadlines {
			l := load(deadline)
			l.Name += string(rune('a' + i))
			d.Loads = append(d.Loads, l)
		}
		d.Services[0].Handlers[0].Steps = []design.Step{wait(time.Hour)}
		r := start(t, d, Config{Duration: 8 * time.Second, Drain: c.drain, Completions: c.completions})
		r.Advance(never, 0)
		if got := time.Duration(r.drained - r.until); got != c.want {
			t.Errorf("%+v: the drain lasts %v", c, got)
		}
	}
}

// In the drain operations arrive and a fault ends, but none begins: neither one
// of its own time, nor a repetition, nor a change.
func TestNothingBeginsInTheDrain(t *testing.T) {
	l := at("l", design.Target{Node: "s", Entry: "do"}, 900*milli, 1100*milli)
	s := service("s", work(300*milli))
	s.Crash = design.CrashResume
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Faults: []design.Fault{
		{Name: "again", Kind: design.FaultPause, Node: "s", At: 950 * milli, Period: 200 * milli, For: constant(100 * milli), HasFor: true},
		crashed("s", time.Second, 100*milli),
	}}
	r := start(t, d, Config{Duration: time.Second, Changes: []design.Change{{At: time.Second, Path: "service.s.workers", Value: "7"}}})
	r.Advance(never, 0)
	// 50 ms of work before the pause, 250 ms after it.
	wants{"load.l.offered": 1, "load.l.completed": 1, "load.l.confirmed.latency.max": 0.4, "service.s.completed": 0}.check(t, r)
	if r.loads[0].seq != 2 || r.design.Services[0].Workers == 7 {
		t.Errorf("%d operations came, %d workers", r.loads[0].seq, r.design.Services[0].Workers)
	}
	if err := r.Set("service.s.workers", "3"); err == nil {
		t.Error("a change after the duration is accepted")
	}
}

// The drain can be interrupted, saved and gone back to like the rest of a run.
func TestDrainInPieces(t *testing.T) {
	d := storm()
	whole := start(t, d, Config{Duration: 4 * time.Second, Seed: 3})
	whole.Advance(never, 0)
	r := start(t, d, Config{Duration: 4 * time.Second, Seed: 3})
	var before, within *Checkpoint
	r.Advance(int64(3999*milli), 0)
	before = r.Checkpoint()
	for r.Advance(int64(4*time.Second), 7) == Running {
		if r.Draining() && within == nil {
			within = r.Checkpoint()
		}
		if r.Now() > int64(4*time.Second) {
			t.Fatalf("the clock is at %v", time.Duration(r.Now()))
		}
	}
	if within == nil || within.Time() != int64(4*time.Second) {
		t.Fatal("there was no drain")
	}
	for _, c := range []*Checkpoint{within, before, within} {
		if r.Draining() || r.End() != AtDuration {
			t.Fatalf("ended by %v", r.End())
		}
		for _, v := range whole.Values() {
			if got := metricOf(t, r, v.Name); math.Float64bits(got) != math.Float64bits(v.Value) {
				t.Errorf("%s = %v, want %v", v.Name, got, v.Value)
			}
		}
		if r.Fingerprint() != whole.Fingerprint() {
			t.Fatal("the fingerprints differ")
		}
		r.Restore(c)
		r.Advance(never, 0)
	}
}

// A window is of the operations that arrive in it, to the nanosecond, each
// followed to its end. A service stands still for 20 s, works off what has come,
// and fails half of it: in the five seconds from then on more operations end than
// come.
func TestWindowsOfOperations(t *testing.T) {
	s := service("s", work(10*milli))
	s.Room, s.HasRoom = -1, true
	d := &design.Design{
		Loads:    []design.Load{{Name: "x", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 10}, Timeout: -1, Deadline: -1}},
		Services: []design.Service{s},
		Faults: []design.Fault{
			{Name: "pause", Kind: design.FaultPause, Node: "s", At: 100 * time.Second, For: constant(20 * time.Second), HasFor: true},
			{Name: "errors", Kind: design.FaultErrors, Node: "s", Factor: 0.5, At: 120 * time.Second, For: constant(4 * time.Second), HasFor: true},
		},
	}
	span := func(from, to float64) measure.Span { return measure.Span{From: int64(from * 1e9), To: int64(to * 1e9)} }
	cfg := Config{Duration: 240 * time.Second, Seed: 1, Windows: []measure.Span{span(120, 125), span(119.95, 120.05), span(239, 250), span(300, 400)}}
	r := start(t, d, cfg)
	r.Advance(int64(121*time.Second), 0)
	r.Restore(r.Checkpoint())
	r.Advance(never, 0)
	for _, c := range []struct {
		window int
		metric string
		want   float64
	}{
		{0, "offered", 50}, {0, "completed", 27}, {0, "failed", 23}, {0, "failed.error", 23}, {0, "completed.ratio", 0.54}, {0, "failed.ratio", 0.46},
		{1, "offered", 1}, {1, "offered.rate", 10}, {1, "attempts", 1}, {2, "offered.rate", 10}, {2, "confirmed.latency.max", 0.01},
		{3, "offered", 0}, {3, "completed.ratio", math.NaN()},
	} {
		w := cfg.Windows[c.window]
		got, ok := r.ValueIn("load.x."+c.metric, time.Duration(w.From), time.Duration(w.To))
		if !ok || math.Abs(got-c.want) > 1e-12 || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("%s from %d to %d: %v, want %v", c.metric, w.From, w.To, got, c.want)
		}
	}
	if _, ok := r.ValueIn("load.x.offered", 0, time.Second); ok {
		t.Error("a window that the run did not know has a value")
	}
}

// Four orders a second come and two are done: throughput says two, by the moment;
// every order that came is done in the end, which completed.rate says.
func TestThroughput(t *testing.T) {
	s := service("s", work(500*milli))
	s.Room, s.HasRoom = -1, true
	d := &design.Design{
		Loads:    []design.Load{{Name: "x", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 4}, Timeout: -1, Deadline: -1}},
		Services: []design.Service{s},
	}
	r := start(t, d, Config{Duration: 60 * time.Second, Warmup: 10 * time.Second, Drain: 2 * time.Minute, Points: 60})
	r.Advance(never, 0)
	wants{"load.x.throughput": 2, "load.x.completed.rate": 4, "load.x.completed.ratio": 1}.check(t, r)
	if v, ok := r.ValueIn("load.x.throughput", 20*time.Second, 30*time.Second); !ok || v != 2 {
		t.Errorf("from 20 s to 30 s: %v/s", v)
	}
	if s, ok := r.Series("load.x.throughput"); !ok || s.Values[30] != 2 {
		t.Errorf("its series: %v", s)
	}
}

// Where more than one operation in a hundred never ended, the latencies come with
// a warning that says how wrong the mean is at least.
func TestUnfinishedIsWarnedOf(t *testing.T) {
	for _, c := range []struct {
		slow int // of 100 operations, those that come when the service stands still
		want string
	}{
		{0, ""}, {1, ""},
		{2, "2 of 100 operations were still open when the run ended, and are in no latency: the mean is 10ms without them, and 1.81s with them at the age they had, so that the truth is more"},
		{100, "100 of 100 operations were still open when the run ended, and are in no latency: the mean is none without them, and 1m30s with them at the age they had, so that the truth is more"},
	} {
		l := at("l", design.Target{Node: "s", Entry: "do"})
		l.Timeout, l.Deadline = -1, -1
		for i := range 100 {
			at := 10 * time.Second
			if i >= 100-c.slow {
				at = 30 * time.Second
			}
			l.Arrivals.Times = append(l.Arrivals.Times, int64(at))
		}
		s := service("s", work(10*milli))
		s.Workers = design.Unlimited
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s},
			Faults: []design.Fault{{Name: "pause", Kind: design.FaultPause, Node: "s", At: 20 * time.Second}}}
		r := start(t, d, Config{Duration: time.Minute})
		r.Advance(never, 0)
		got := ""
		for _, w := range r.Warnings() {
			if w.ID() == "unfinished" {
				got = w.Text()
			}
		}
		if got != c.want {
			t.Errorf("%d%%: %q", c.slow, got)
		}
	}
}
