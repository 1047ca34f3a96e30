package model

import (
	"testing"
	"time"

	"asynclab/sim/draw"
)

func exp(mean time.Duration) draw.Dist { return draw.Must(draw.ExpDist(mean.Seconds())) }

// mm1 is the queue that every simulator is measured with first.
func mm1() *Design {
	return &Design{
		Name:  "mm1",
		Loads: []Load{{Name: "customers", To: Target{"desk", "serve"}, Arrivals: Arrivals{Kind: Poisson, Rate: 0.8}, Deadline: None, Timeout: None}},
		Services: []Service{{Name: "desk", Workers: 1, Room: Unlimited, HasRoom: true,
			Handlers: []Handler{{Name: "serve", Steps: []Step{{Op: Work, Dist: draw.Must(draw.ExpDist(1))}}}}}},
	}
}

func chain3() *Design {
	svc := func(name string, workers int, steps ...Step) Service {
		return Service{Name: name, Workers: workers, Room: Unlimited, HasRoom: true, Handlers: []Handler{{Name: "do", Steps: steps}}}
	}
	call := func(to string) Step { return Step{Op: Call, To: Target{to, "do"}, Timeout: None} }
	work := func(ms int) Step { return Step{Op: Work, Dist: exp(time.Duration(ms) * time.Millisecond)} }
	return &Design{
		Name:    "chain",
		Loads:   []Load{{Name: "users", To: Target{"a", "do"}, Arrivals: Arrivals{Kind: Poisson, Rate: 200}, Deadline: None, Timeout: None}},
		Default: LinkParams{Latency: draw.Const(0.001)},
		Links:   []Link{{From: "users", To: "a"}},
		Services: []Service{
			svc("a", 64, work(2), call("b")),
			svc("b", 64, work(5), call("c")),
			svc("c", 32, work(10)),
		},
	}
}

func flow3() *Design {
	fail := Step{Op: Fail, Prob: 0.01, HasProb: true}
	svc := func(name string, workers int, queue string, steps ...Step) Service {
		return Service{Name: name, Workers: workers, Handlers: []Handler{{Name: "do", Steps: steps}},
			Consumes: []Consume{{From: Target{"bus" + queue, "q"}, Handler: "do"}}}
	}
	work := func(ms int) Step { return Step{Op: Work, Dist: exp(time.Duration(ms) * time.Millisecond)} }
	pub := func(q string) Step { return Step{Op: Publish, To: Target{"bus" + q, "q"}} }
	q := []Queue{{Name: "q", MaxLength: Unlimited}}
	ms := LinkParams{Latency: draw.Const(0.001)}
	return &Design{
		Name:    "flow",
		Loads:   []Load{{Name: "users", To: Target{"bus1", "q"}, Arrivals: Arrivals{Kind: Poisson, Rate: 200}, Deadline: None, Timeout: None, Confirm: []Target{{"c", "do"}}}},
		Brokers: []Broker{{Name: "bus1", Queues: q}, {Name: "bus2", Queues: q}, {Name: "bus3", Queues: q}},
		Links: []Link{{From: "users", To: "bus1", LinkParams: ms}, {From: "bus1", To: "users"},
			{From: "a", To: "bus2", LinkParams: ms}, {From: "b", To: "bus3", LinkParams: ms},
		},
		Services: []Service{
			svc("a", 64, "1", work(2), fail, pub("2")),
			svc("b", 64, "2", work(5), fail, pub("3")),
			svc("c", 32, "3", work(10), fail),
		},
	}
}

func benchRun(b *testing.B, d *Design) {
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
