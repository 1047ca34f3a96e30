package sim

import (
	"math"
	"sync"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/warning"
)

// fake is an engine whose metrics are functions of design and replication.
type fake struct {
	design string
	cfg    engine.Config
	steps  int // slices until the end
	done   int
	end    engine.End
	panics bool
	onStep func(f *fake)
	base   func(f *fake) float64 // nil: by design, replication and seed
}

func (f *fake) Advance(until int64, maxEvents uint64) engine.End {
	if f.panics {
		panic("index out of range")
	}
	if f.done++; f.onStep != nil {
		f.onStep(f)
	}
	if f.done >= f.steps {
		return f.end
	}
	return engine.Running
}

func (f *fake) Now() int64 { return int64(f.cfg.Duration) * int64(f.done) / int64(f.steps) }

func (f *fake) Events() uint64 { return uint64(f.done) * 1000 }

func (f *fake) Completions() uint64 { return uint64(f.done) }

func (f *fake) Fingerprint() uint64 {
	return draw.Mix(draw.HashString(f.design), draw.Mix(f.cfg.Seed, uint64(f.cfg.Replication)))
}

func (f *fake) value() float64 {
	if f.base != nil {
		return f.base(f)
	}
	return float64(10*len(f.design)) + float64(f.cfg.Replication%3) + float64(f.cfg.Seed)
}

func (f *fake) Values() []engine.MetricValue {
	return []engine.MetricValue{
		{Name: "load.x.offered", Value: f.value()},
		{Name: "load.x.completed.ratio", Unit: draw.Ratio, Value: 0.999},
		{Name: "load.x.accepted.latency.p99", Unit: draw.Seconds, Value: f.value() / 1000},
		{Name: "load.x.failed.latency.p99", Unit: draw.Seconds, Value: math.NaN()},
	}
}

func (f *fake) ValueIn(name string, from, to time.Duration) (float64, bool) {
	return f.value() + (to - from).Seconds(), name == "load.x.offered"
}

func (f *fake) Batches() []engine.Batch { return nil }

func (f *fake) Episodes() ([]engine.Episode, int) { return nil, 0 }

func (f *fake) Warnings() []Warning {
	if f.cfg.Replication%2 == 1 {
		return []Warning{warning.Of(warning.NoOperations, "load.x")}
	}
	return nil
}

// fakes makes a lab of fakes, each changed by tune before it starts.
func fakes(tune func(f *fake)) lab {
	var mu sync.Mutex
	return lab{func(d *design.Design) (starter, error) {
		return func(c engine.Config) (runner, error) {
			mu.Lock()
			defer mu.Unlock()
			f := &fake{design: d.Name, cfg: c, steps: 3, end: engine.AtDuration}
			if tune != nil {
				tune(f)
			}
			return f, nil
		}, nil
	}, func(d *design.Design) []check.Problem {
		if d.Name != "odd" {
			return []check.Problem{{Path: "queue.x", Msg: "is wrong"}}
		}
		w := warning.Of(warning.UnboundedQueue, "queue.x")
		return []check.Problem{{Path: "queue.x", Warning: &w}}
	}}
}

func designs(names ...string) []*design.Design {
	var out []*design.Design
	for _, n := range names {
		out = append(out, &design.Design{Name: n})
	}
	return out
}
