package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

func exp(mean time.Duration) draw.Dist { return draw.Must(draw.ExpDist(mean.Seconds())) }

// mm1 is the queue that every simulator is measured with first.
func mm1() *design.Design {
	return &design.Design{
		Name:  "mm1",
		Loads: []design.Load{{Name: "customers", To: design.Target{Node: "desk", Entry: "serve"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 0.8}, Deadline: design.None, Timeout: design.None}},
		Services: []design.Service{{Name: "desk", Workers: 1, Room: design.Unlimited, HasRoom: true,
			Handlers: []design.Handler{{Name: "serve", Steps: []design.Step{{Op: design.Work, Dist: draw.Must(draw.ExpDist(1))}}}}}},
	}
}

func chain3() *design.Design {
	svc := func(name string, workers int, steps ...design.Step) design.Service {
		return design.Service{Name: name, Workers: workers, Room: design.Unlimited, HasRoom: true, Handlers: []design.Handler{{Name: "do", Steps: steps}}}
	}
	call := func(to string) design.Step {
		return design.Step{Op: design.Call, To: design.Target{Node: to, Entry: "do"}, Timeout: design.None}
	}
	work := func(ms int) design.Step {
		return design.Step{Op: design.Work, Dist: exp(time.Duration(ms) * time.Millisecond)}
	}
	return &design.Design{
		Name:    "chain",
		Loads:   []design.Load{{Name: "users", To: design.Target{Node: "a", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 200}, Deadline: design.None, Timeout: design.None}},
		Default: design.LinkParams{Latency: draw.Const(0.001)},
		Links:   []design.Link{{From: "users", To: "a"}},
		Services: []design.Service{
			svc("a", 64, work(2), call("b")),
			svc("b", 64, work(5), call("c")),
			svc("c", 32, work(10)),
		},
	}
}

func flow3() *design.Design {
	fail := design.Step{Op: design.Fail, Prob: 0.01, HasProb: true}
	svc := func(name string, workers int, queue string, steps ...design.Step) design.Service {
		return design.Service{Name: name, Workers: workers, Handlers: []design.Handler{{Name: "do", Steps: steps}},
			Consumes: []design.Consume{{From: design.Target{Node: "bus" + queue, Entry: "q"}, Handler: "do"}}}
	}
	work := func(ms int) design.Step {
		return design.Step{Op: design.Work, Dist: exp(time.Duration(ms) * time.Millisecond)}
	}
	pub := func(q string) design.Step {
		return design.Step{Op: design.Publish, To: design.Target{Node: "bus" + q, Entry: "q"}}
	}
	q := []design.Queue{{Name: "q", MaxLength: design.Unlimited}}
	ms := design.LinkParams{Latency: draw.Const(0.001)}
	return &design.Design{
		Name:    "flow",
		Loads:   []design.Load{{Name: "users", To: design.Target{Node: "bus1", Entry: "q"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 200}, Deadline: design.None, Timeout: design.None, Confirm: []design.Target{{Node: "c", Entry: "do"}}}},
		Brokers: []design.Broker{{Name: "bus1", Queues: q}, {Name: "bus2", Queues: q}, {Name: "bus3", Queues: q}},
		Links: []design.Link{{From: "users", To: "bus1", LinkParams: ms}, {From: "bus1", To: "users"},
			{From: "a", To: "bus2", LinkParams: ms}, {From: "b", To: "bus3", LinkParams: ms},
		},
		Services: []design.Service{
			svc("a", 64, "1", work(2), fail, pub("2")),
			svc("b", 64, "2", work(5), fail, pub("3")),
			svc("c", 32, "3", work(10), fail),
		},
	}
}

func benchRun(b *testing.B, d *design.Design) {
	p, err := Compile(d)
	if err != nil {
		b.Fatal(err)
	}
	r, err := p.NewRun(Config{Completions: 1 << 62, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	r.cfg.Completions = 20_000 // reach the steady state first
	for r.completions < 20_000 {
		r.Step()
		r.end = Running
	}
	r.cfg.Completions = 1 << 62
	before, events := r.completions, r.events
	b.ReportAllocs()
	b.ResetTimer()
	for r.completions-before < uint64(b.N) {
		r.Advance(never, 1000)
	}
	b.ReportMetric(float64(r.events-events)/float64(b.N), "events/op")
}

func BenchmarkMM1(b *testing.B)   { benchRun(b, mm1()) }
func BenchmarkChain(b *testing.B) { benchRun(b, chain3()) }
func BenchmarkFlow(b *testing.B)  { benchRun(b, flow3()) }
