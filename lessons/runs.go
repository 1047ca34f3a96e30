package lessons

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
	"asynclab/sim/model"
)

// Evidence is what runs show: a student's own, or those of the check. The design
// is always named.
type Evidence interface {
	// Metric is a metric as it stands now, or over a window; NaN without samples.
	Metric(design, metric string, window *expect.Window) (float64, draw.Unit, bool)
	// Param is a parameter of the design as it is now, in its base unit.
	Param(design, path string) (float64, draw.Unit, bool)
	// Series is a metric over time.
	Series(design, metric string) (measure.Series, bool)
}

// judge evaluates an expectation about the designs that are shown.
func judge(e *expect.Expectation, shown []string, from Evidence) expect.Outcome {
	return e.Evaluate(1, func(design, metric string, w *expect.Window, _ int) (float64, draw.Unit, bool) {
		if design+"."+metric == nothing {
			return 0, draw.None, true
		}
		name, isParam := designOf(e, expect.Ref{Design: design, Metric: metric}, shown)
		switch {
		case isParam && name == "":
			return sharedValue(shown, metric, from)
		case isParam:
			return from.Param(name, metric)
		}
		return from.Metric(name, metric, w)
	})
}

// sharedValue is a parameter without a design: that of the first that has it.
func sharedValue(shown []string, path string, from Evidence) (float64, draw.Unit, bool) {
	for _, name := range shown {
		if v, u, ok := from.Param(name, path); ok {
			return v, u, true
		}
	}
	return math.NaN(), draw.None, false
}

// Designs are the designs that a setup shows, ready to run: with its parameters
// and without the faults that it leaves out.
func (l *Lesson) Designs(u *Setup) ([]*model.Design, error) { return l.designs(u, nil) }

func (l *Lesson) designs(u *Setup, t *Attempt) (out []*model.Design, err error) {
	s := l.scenarios[u.Scenario]
	if s == nil {
		return nil, fmt.Errorf("the lesson has no scenario %q", u.Scenario)
	}
	faults, changes := u.Faults, u.Set
	if t != nil {
		changes = slices.Concat(u.Set, t.Set)
		if t.Faults != nil {
			faults = t.Faults
		}
	}
	for _, name := range u.Designs {
		d := s.Design(name)
		if d == nil {
			return nil, fmt.Errorf("%s has no design %q", u.Scenario, name)
		}
		d = d.Clone()
		if faults != nil {
			d.Faults = slices.DeleteFunc(d.Faults, func(f model.Fault) bool { return !slices.Contains(faults, f.Name) })
		}
		for _, c := range changes {
			if c.At == 0 && c.about(d) {
				if err := d.Set(c.Path, c.Value); err != nil {
					return nil, fmt.Errorf("design %s: %w", name, err)
				}
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// about tells whether a change concerns a design.
func (c Change) about(d *model.Design) bool {
	if c.Design != "" {
		return c.Design == d.Name
	}
	_, err := d.Lookup(c.Path)
	return err == nil
}

// Config is how the designs of a setup are run.
func (l *Lesson) Config(u *Setup) model.Config {
	run := l.scenarios[u.Scenario].Run
	return model.Config{Duration: run.Duration, Warmup: run.WarmupOf(run.Duration), Completions: run.Completions,
		Seed: run.Seed, MaxEvents: run.MaxEvents}
}

// runs are the runs that the check of lessons needs, each made once.
type runs struct {
	lanes  map[string]*lane
	order  []*lane
	made   int
	events uint64
}

// lane is one design in one state, and what is to be read from it at which
// times.
type lane struct {
	design *model.Design // with changes that are made while it runs
	start  *model.Design
	config model.Config
	stops  map[time.Duration]*stop
	err    error
}

// stop is what is read when a run has come to a time.
type stop struct {
	windows map[windowed]float64
	curves  map[string]measure.Series
	values  map[string]model.MetricValue
}

type windowed struct {
	metric string
	window expect.Window
}

// scene is a setup, perhaps with an attempt, as evidence.
type scene struct {
	lanes map[string]*lane // by design
	until time.Duration
}

// scene finds the lanes of a setup, and notes what an expectation will ask for.
func (x *runs) scene(l *Lesson, u *Setup, t *Attempt) (*scene, error) {
	designs, err := l.designs(u, t)
	if err != nil {
		return nil, err
	}
	out := &scene{lanes: map[string]*lane{}, until: u.Until}
	for _, d := range designs {
		config := l.Config(u)
		now := d
		if t != nil {
			for _, c := range t.Set {
				if c.At > 0 && c.about(d) {
					config.Changes = append(config.Changes, model.Change{At: c.At, Path: c.Path, Value: c.Value})
				}
			}
			slices.SortStableFunc(config.Changes, func(a, b model.Change) int { return int(a.At - b.At) })
			now = d.Clone()
			for _, c := range config.Changes {
				if err := now.Set(c.Path, c.Value); err != nil {
					return nil, fmt.Errorf("design %s: %w", d.Name, err)
				}
			}
		}
		key := stateKey(l.scenarios[u.Scenario], d, config)
		la := x.lanes[key]
		if la == nil {
			la = &lane{design: now, start: d, config: config, stops: map[time.Duration]*stop{}}
			x.lanes[key] = la
			x.order = append(x.order, la)
		}
		if la.stops[u.Until] == nil {
			la.stops[u.Until] = &stop{map[windowed]float64{}, map[string]measure.Series{}, map[string]model.MetricValue{}}
		}
		out.lanes[d.Name] = la
	}
	return out, nil
}

// stateKey tells states apart: by scenario, every parameter, faults, changes.
func stateKey(s *scenarios.Scenario, d *model.Design, config model.Config) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%p|%s|%d", s, d.Name, config.Seed)
	for _, p := range model.Params(d) {
		v, _ := d.Get(p.Path)
		b.WriteString("|" + p.Path + "=" + v)
	}
	for _, f := range d.Faults {
		b.WriteString("|" + f.Name)
	}
	fmt.Fprintf(&b, "|%v", config.Changes)
	return b.String()
}

// ask notes the windows that an expectation needs.
func (s *scene) ask(e *expect.Expectation, shown []string) {
	for _, ref := range e.Metrics() {
		name, isParam := designOf(e, ref, shown)
		if la := s.lanes[name]; la != nil && ref.Window != nil && !isParam {
			la.stops[s.until].windows[windowed{ref.Metric, *ref.Window}] = math.NaN()
		}
	}
}

// askCurve notes a metric that is needed over time.
func (s *scene) askCurve(c *Curve) {
	if la := s.lanes[c.Design]; la != nil {
		la.stops[s.until].curves[c.Metric] = measure.Series{}
	}
}

// make makes all runs, one after the other; report hears how far it is.
func (x *runs) make(ctx context.Context, report func(done, of int)) error {
	for i, la := range x.order {
		if err := ctx.Err(); err != nil {
			return err
		}
		if report != nil {
			report(i, len(x.order))
		}
		n, err := la.run(ctx)
		if err != nil {
			return err
		}
		x.made++
		x.events += n
	}
	return nil
}

const slice = 100_000 // events between two looks at the context

// run makes the run of a lane, stopping where something is to be read.
func (la *lane) run(ctx context.Context) (events uint64, err error) {
	p, err := model.Compile(la.start)
	if err != nil {
		la.err = err
		return 0, nil
	}
	r, err := p.NewRun(la.config)
	if err != nil {
		la.err = err
		return 0, nil
	}
	var times []time.Duration
	for t := range la.stops {
		times = append(times, t)
	}
	slices.Sort(times)
	for _, t := range times {
		for r.Advance(int64(t), slice) == model.Running && r.Now() < int64(t) {
			if err := ctx.Err(); err != nil {
				return r.Events(), err
			}
		}
		la.stops[t].read(r)
	}
	if end := r.End(); end >= model.BudgetEvents {
		la.err = fmt.Errorf("a budget ended the run of %s at %s", la.start.Name, draw.FormatDuration(float64(r.Now())/1e9))
	}
	return r.Events(), nil
}

func (s *stop) read(r *model.Run) {
	for _, v := range r.Values() {
		s.values[v.Name] = v
	}
	for w := range s.windows {
		if v, ok := r.ValueIn(w.metric, w.window.From, w.window.To); ok {
			s.windows[w] = v
		}
	}
	for name := range s.curves {
		s.curves[name], _ = r.Series(name)
	}
}

// err tells what went wrong with the runs of a scene.
func (s *scene) err() error {
	for _, la := range s.lanes {
		if la.err != nil {
			return la.err
		}
	}
	return nil
}

func (s *scene) Metric(design, metric string, w *expect.Window) (float64, draw.Unit, bool) {
	la := s.lanes[design]
	if la == nil {
		return math.NaN(), draw.None, false
	}
	at := la.stops[s.until]
	v, ok := at.values[metric]
	if w == nil || !ok {
		return v.Value, v.Unit, ok
	}
	value, ok := at.windows[windowed{metric, *w}]
	return value, v.Unit, ok
}

func (s *scene) Param(design, path string) (float64, draw.Unit, bool) {
	la := s.lanes[design]
	if la == nil {
		return math.NaN(), draw.None, false
	}
	return paramOf(la.design, path)
}

func paramOf(d *model.Design, path string) (float64, draw.Unit, bool) {
	p, err := d.Lookup(path)
	if err != nil {
		return math.NaN(), draw.None, false
	}
	v, err := d.Number(path)
	return v, p.Unit, err == nil
}

func (s *scene) Series(design, metric string) (measure.Series, bool) {
	la := s.lanes[design]
	if la == nil {
		return measure.Series{}, false
	}
	c, ok := la.stops[s.until].curves[metric]
	return c, ok
}
