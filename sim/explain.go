package sim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/metric"
)

// Latencies is where the latency of the confirmed operations of a load went.
type Latencies = engine.Latencies

// Stretch is a part of it.
type Stretch = engine.Stretch

// Explain runs the first replication of those designs of a result that want says once
// more, with the same seed, and notes where the latency of their operations went: all
// that were confirmed, and those at or beyond the p99 of that replication. When ctx ends
// it stops, with a nil error, and the designs that are left have no explanation.
func Explain(ctx context.Context, designs []*design.Design, s Settings, r *Result, want func(design string) bool, progress func(Progress)) error {
	s, err := s.complete()
	if err != nil {
		return err
	}
	for _, d := range designs {
		out, ok := r.Design(d.Name)
		if !ok || !want(d.Name) || out.Ended == NotStarted {
			continue
		}
		if out.Explained, err = explain(ctx, d, s, out, progress); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
	}
	return nil
}

func explain(ctx context.Context, d *design.Design, s Settings, of *DesignResult, progress func(Progress)) (out []Latencies, err error) {
	failure := &Failure{Design: d.Name, Replication: 1, Seed: s.Seed}
	defer func() {
		if e := recover(); e != nil {
			failure.Cause, failure.Stack = fmt.Errorf("internal error: %v", e), string(debug.Stack())
			err = failure
		}
	}()
	p, err := engine.Compile(d)
	if err != nil {
		return nil, fmt.Errorf("design %q: %w", d.Name, err)
	}
	cfg := s.config(d.Name, 0)
	if of.Ended != BudgetEvents { // which counts the ends of intervals too
		cfg.Points = 2 // nobody reads the series of this run
	}
	run, err := p.NewRun(cfg)
	if err != nil {
		return nil, errors.Join(failure, err)
	}
	var slow []int64
	for i := range d.Loads {
		slow = append(slow, of.slowFrom(d.Loads[i].Name))
	}
	run.Explain(slow)
	for run.Advance(math.MaxInt64, slice) == engine.Running {
		if progress != nil {
			progress(Progress{d.Name, 1, min(float64(run.Now())/float64(max(s.Duration, 1)), 1), run.Events(), time.Duration(run.Now())})
		}
		if ctx.Err() != nil {
			return nil, nil
		}
	}
	return slices.DeleteFunc(run.Explained(), func(l Latencies) bool { return l.Operations == 0 }), nil
}

// slowFrom is the latency from which on an operation of a load is one of the slowest
// hundredth of the first replication, in nanoseconds.
func (d *DesignResult) slowFrom(load string) int64 {
	m, ok := d.Metric(metric.Ref{Metric: metric.Load.Metric(metric.LoadConfirmedLatency), Element: load, Stat: metric.P99}.String())
	if !ok || len(m.Values) == 0 || math.IsNaN(m.Values[0]) {
		return math.MaxInt64
	}
	return int64(m.Values[0] * 1e9)
}
