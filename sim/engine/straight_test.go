package engine

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"

	"pgregory.net/rapid"
)

// toss sets the bits that lead off the straight road at random, beyond those that
// are set anyway.
func toss(r *Run, coin *rand.Rand) {
	if r.weigh(); coin.IntN(2) == 0 {
		r.odd = true
	}
	for ii := range r.instances {
		if r.judge(int32(ii)); coin.IntN(4) == 0 {
			r.instances[ii].odd = true
		}
	}
	if coin.IntN(4) == 0 {
		r.mayForget = 0 // nor does it matter when visits are forgotten that cannot come again
	}
}

// tossed runs a design with the bits tossed before every event; its books are in
// order all the way.
func tossed(t *rapid.T, d *design.Design, cfg Config, seed uint64) *Run {
	r := mustRun(t, d, cfg)
	coin := rand.New(rand.NewPCG(seed, 1))
	for toss(r, coin); r.Advance(never, 1) == Running && r.Now() < int64(cfg.Duration); toss(r, coin) {
		if r.Events()%64 == 0 {
			if err := r.Audit(); err != nil {
				t.Fatalf("after %d events at %d ns: %v", r.Events(), r.Now(), err)
			}
		}
	}
	r.Advance(never, 0)
	return r
}

// The straight road is the road: a run in which tasks, copies, calls and answers are
// led off it at random, before any event, is the same run.
func TestStraightRoadIsTheRoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		if rapid.Bool().Draw(t, "calm") {
			d.Default = design.LinkParams{Latency: draw.Const(float64(rapid.IntRange(0, 2).Draw(t, "calm latency")) / 1000)}
			d.Loads[1].Think = exp(time.Millisecond)
			for i := range d.Services {
				d.Services[i].Discipline, d.Services[i].Instances = design.FIFO, 1
			}
			for i := range d.Faults {
				if d.Faults[i].Node == "bus" {
					continue
				}
				d.Faults[i].Instance = 0
			}
		}
		cfg := Config{Duration: 2 * time.Second, Warmup: 200 * time.Millisecond, Seed: rapid.Uint64().Draw(t, "seed"), MaxEvents: 100_000,
			Windows: []measure.Span{{From: 500e6, To: 900e6}}}
		straight := mustRun(t, d, cfg)
		straight.Advance(never, 0)
		if err := straight.Audit(); err != nil {
			t.Fatal(err)
		}
		got := tossed(t, d, cfg, rapid.Uint64().Draw(t, "coin"))
		if err := got.Audit(); err != nil {
			t.Fatal(err)
		}
		same(t, "the run that left the straight road at random", got, straight)
		for _, metric := range []string{"load.open.accepted.ratio", "queue.bus/q.acked.ratio", "service.s0.sojourn.p90"} {
			a, _ := got.ValueIn(metric, 500*time.Millisecond, 900*time.Millisecond)
			b, _ := straight.ValueIn(metric, 500*time.Millisecond, 900*time.Millisecond)
			if a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
				t.Errorf("%s in a window is %v in the run that left the straight road at random, want %v", metric, a, b)
			}
		}
	})
}

// paused has tasks with the same work left when their instance goes on again.
func paused() *design.Design {
	q := func(entry string) design.Target { return design.Target{Node: "bus", Entry: entry} }
	s := service("s", design.Step{Op: design.Fail, Prob: 0.1, HasProb: true})
	s.Workers, s.Handlers = 2, append(s.Handlers, handler("eat", work(milli)))
	s.Consumes = []design.Consume{{From: q("q"), Handler: "eat"}, {From: q("t"), Handler: "eat", Subscription: "sub"}}
	return &design.Design{
		Name: "paused", Default: design.LinkParams{Latency: draw.Const(0.001)}, Services: []design.Service{s},
		Brokers: []design.Broker{{Name: "bus", Queues: []design.Queue{{Name: "q", MaxLength: 1}}, Topics: []design.Topic{{Name: "t"}}}},
		Loads: []design.Load{
			{Name: "users", To: design.Target{Node: "s", Entry: "do"}, Users: 3, Think: exp(milli), Deadline: time.Second},
			{Name: "events", To: q("q"), Arrivals: design.Arrivals{Kind: design.Regular, Rate: 30}, Confirm: []design.Target{{Node: "s", Entry: "eat"}}},
			{Name: "news", To: q("t"), Arrivals: design.Arrivals{Kind: design.Regular, Rate: 30}},
		},
		Faults: []design.Fault{{Name: "pause", Kind: design.FaultPause, Node: "s", At: milli, For: exp(300 * milli), HasFor: true, Every: exp(300 * milli), HasEvery: true}},
	}
}

// So it is for the designs that speed is measured with, and for those that have
// everything.
func TestStraightRoadOfKnownDesigns(t *testing.T) {
	for _, d := range []*design.Design{mm1(), chain3(), flow3(), storm(), mill(), depot(), paused()} {
		t.Run(d.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				cfg := Config{Duration: 10 * time.Second, Seed: 5, MaxEvents: 10_000}
				straight := mustRun(t, d, cfg)
				straight.Advance(never, 0)
				same(t, "the run that left the straight road at random", tossed(t, d, cfg, rapid.Uint64().Draw(t, "coin")), straight)
			})
		})
	}
}
