// Package runs makes the runs that the check of lessons needs, each state of a
// design once, and keeps what is asked of them.
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

// State is a design as a run begins with it, and how it is run.
type State struct {
	Of     *design.Design // the scenario's own: parameters say nothing about structure
	Start  *design.Design // a copy of it, with parameters set and faults left out
	Config engine.Config
}

// key is the same for states whose runs are the same.
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

// Set is a number of runs to be made.
type Set struct {
	Made   int
	Events uint64

	runs  map[string]*run
	order []*run
}

// run is the run of a state, read at one or more times.
type run struct {
	State
	end      *design.Design // with the changes that are made while it runs
	readings map[time.Duration]*Reading
	err      error
}

// Reading is what a run shows at a time. A nil one shows nothing.
type Reading struct {
	run     *run
	values  map[string]engine.MetricValue
	windows map[windowed]float64
	series  map[string]measure.Series
}

type windowed struct {
	metric string
	window expect.Window
}

// At asks for the run of a state, to be read when it comes to a time.
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
		r.readings[when] = &Reading{r, map[string]engine.MetricValue{}, map[windowed]float64{}, map[string]measure.Series{}}
	}
	return r.readings[when], nil
}

// AskWindow asks for a metric over a window; the others need not be asked for.
func (r *Reading) AskWindow(metric string, w expect.Window) {
	r.windows[windowed{metric, w}] = math.NaN()
}

// AskSeries asks for a metric over time.
func (r *Reading) AskSeries(metric string) { r.series[metric] = measure.Series{} }

// Make makes all runs, one after the other; report hears how far it is. The error
// is that of ctx; a run that fails has its own.
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

const slice = 100_000 // events between two looks at the context

// make makes the run, stopping where something is to be read.
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
		for now.Advance(int64(t), slice) == engine.Running && now.Now() < int64(t) {
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

// Err tells what went wrong with the run.
func (r *Reading) Err() error { return r.run.err }

// Metric is a metric at the time of the reading, or over a window that was asked
// for.
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

// Param is a parameter as the changes made while it runs leave it.
func (r *Reading) Param(path string) (float64, draw.Unit, bool) {
	if r == nil {
		return math.NaN(), draw.None, false
	}
	p, err := r.run.end.Lookup(path)
	if err != nil {
		return math.NaN(), draw.None, false
	}
	v, err := r.run.end.Number(path)
	return v, p.Unit, err == nil
}

// Series is a metric over time, if it was asked for.
func (r *Reading) Series(metric string) (measure.Series, bool) {
	if r == nil {
		return measure.Series{}, false
	}
	s, ok := r.series[metric]
	return s, ok
}
