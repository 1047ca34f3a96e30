// Package runs makes the runs that the check of lessons needs, one for each different
// state of a design, and keeps the requested results.
//
//	Set.At(state, time) ──► Reading: AskWindow, AskSeries
//	                            │
//	Set.Make ── every run ──────┤
//	                            ▼
//	                        Metric, Param, Series, or Err
package runs

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// State is the design at the start of a run, and the configuration of the run.
type State struct {
	Of     *design.Design // of the scenario; part of the key, because parameters do not describe structure
	Start  *design.Design // a copy of it, with parameters set and faults left out
	Config engine.Config
}

// key identifies a state: states with equal keys have the same run.
func (s *State) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%p|%d", s.Of, s.Config.Seed)
	for _, p := range design.Params(s.Start) {
		v, _ := s.Start.Get(p.Path)
		b.WriteString("|" + p.Path + "=" + v)
	}
	for _, f := range s.Start.Faults {
		b.WriteString("|" + f.Name)
	}
	fmt.Fprintf(&b, "|%v", s.Config.Changes)
	return b.String()
}

// Set is a set of runs to make.
type Set struct {
	Made   int
	Events uint64

	runs  map[string]*run
	order []*run
}

// run is the run of a state, read at one or more times.
type run struct {
	State
	end      *design.Design // Start with all changes of the run applied
	readings map[time.Duration]*Reading
	err      error
}

// Reading is the results of a run at a time. A nil Reading has no metrics.
type Reading struct {
	run     *run
	values  map[string]engine.MetricValue
	windows map[windowed]float64
	series  map[string]measure.Series

	fingerprint uint64
}

type windowed struct {
	metric string
	window expect.Window
}

// At requests the run of a state, and a reading at a simulated time.
func (x *Set) At(s State, when time.Duration) (*Reading, error) {
	key := s.key()
	r := x.runs[key]
	if r == nil {
		r = &run{State: s, end: s.Start.Clone(), readings: map[time.Duration]*Reading{}}
		for _, c := range s.Config.Changes {
			if err := r.end.Set(c.Path, c.Value); err != nil {
				return nil, fmt.Errorf("design %s: %w", s.Start.Name, err)
			}
		}
		if x.runs == nil {
			x.runs = map[string]*run{}
		}
		x.runs[key] = r
		x.order = append(x.order, r)
	}
	if r.readings[when] == nil {
		r.readings[when] = &Reading{run: r, values: map[string]engine.MetricValue{}, windows: map[windowed]float64{}, series: map[string]measure.Series{}}
	}
	return r.readings[when], nil
}

// AskWindow requests a metric over a window, before Make. Metrics without a window
// need no request.
func (r *Reading) AskWindow(metric string, w expect.Window) {
	r.windows[windowed{metric, w}] = math.NaN()
}

// AskSeries requests a metric over time, before Make.
func (r *Reading) AskSeries(metric string) { r.series[metric] = measure.Series{} }

// Make makes all runs, one after the other, and calls report, if it is not nil, before
// each. The error is that of ctx; the error of a run is in its readings.
func (x *Set) Make(ctx context.Context, report func(done, of int)) error {
	for i, r := range x.order {
		if err := ctx.Err(); err != nil {
			return err
		}
		if report != nil {
			report(i, len(x.order))
		}
		n, err := r.make(ctx)
		if err != nil {
			return err
		}
		x.Made++
		x.Events += n
	}
	return nil
}

const slice = 100_000 // events between two checks of the context

// make makes the run, and stops at the time of each reading to take it.
func (r *run) make(ctx context.Context) (events uint64, err error) {
	p, err := engine.Compile(r.Start)
	if err != nil {
		r.err = err
		return 0, nil
	}
	now, err := p.NewRun(r.Config)
	if err != nil {
		r.err = err
		return 0, nil
	}
	for _, t := range slices.Sorted(maps.Keys(r.readings)) {
		for now.Advance(int64(t), slice) == engine.Running && (now.Now() < int64(t) || now.Draining()) {
			if err := ctx.Err(); err != nil {
				return now.Events(), err
			}
		}
		r.readings[t].take(now)
	}
	if now.End() >= engine.BudgetEvents {
		r.err = fmt.Errorf("a budget ended the run of %s at %s", r.Start.Name, draw.FormatDuration(float64(now.Now())/1e9))
	}
	return now.Events(), nil
}

func (r *Reading) take(now *engine.Run) {
	r.fingerprint = now.Fingerprint()
	for _, v := range now.Values() {
		r.values[v.Name] = v
	}
	for w := range r.windows {
		if v, ok := now.ValueIn(w.metric, w.window.From, w.window.To); ok {
			r.windows[w] = v
		}
	}
	for name := range r.series {
		r.series[name], _ = now.Series(name)
	}
}

// Fingerprint is that of the run at the time of the reading.
func (r *Reading) Fingerprint() uint64 { return r.fingerprint }

// Err is the error of the run.
func (r *Reading) Err() error { return r.run.err }

// Metric is a metric at the time of the reading, or over a requested window.
func (r *Reading) Metric(metric string, w *expect.Window) (float64, draw.Unit, bool) {
	if r == nil {
		return math.NaN(), draw.None, false
	}
	v, ok := r.values[metric]
	if w == nil || !ok {
		return v.Value, v.Unit, ok
	}
	value, ok := r.windows[windowed{metric, *w}]
	return value, v.Unit, ok
}

// Design is the design after all changes of the run.
func (r *Reading) Design() *design.Design {
	if r == nil {
		return nil
	}
	return r.run.end
}

// Series is a metric over time, if it was requested.
func (r *Reading) Series(metric string) (measure.Series, bool) {
	if r == nil {
		return measure.Series{}, false
	}
	s, ok := r.series[metric]
	return s, ok
}
