package sim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/finding"
	"asynclab/sim/metric"
)

// Plan is a design, checked and compiled, with the settings of its runs. Its
// replications can be run in any order, and at the same time.
type Plan struct {
	Design   string
	Warnings []Warning // about the design itself

	settings Settings
	start    starter
	needs    []need
}

// Prepare makes a plan. Run is the way to run all replications of all designs in
// this process; a plan is for those that are run one by one, or elsewhere, and
// combined by Merge.
func Prepare(d *design.Design, s Settings) (*Plan, error) {
	s, err := s.complete()
	if err != nil {
		return nil, err
	}
	return model.prepare(d, s)
}

var model = lab{compileModel, check.Design}

// runner is the part of *engine.Run that experiments use; tests have their own.
type runner interface {
	Advance(until int64, maxEvents uint64) engine.End
	Now() int64
	Events() uint64
	Completions() uint64
	Fingerprint() uint64
	Values() []engine.MetricValue
	ValueIn(name string, from, to time.Duration) (float64, bool)
	Warnings() []Warning
	Batches() []engine.Batch
	Episodes() ([]engine.Episode, int)
}

// starter begins a run of a compiled design.
type starter func(engine.Config) (runner, error)

type lab struct {
	compile func(*design.Design) (starter, error)
	check   func(*design.Design) []check.Problem
}

func compileModel(d *design.Design) (starter, error) {
	p, err := engine.Compile(d)
	if err != nil {
		return nil, err
	}
	return func(c engine.Config) (runner, error) { return p.NewRun(c) }, nil
}

// prepare makes a plan with settings that are complete.
func (l lab) prepare(d *design.Design, s Settings) (*Plan, error) {
	start, err := l.compile(d)
	if err == nil {
		err = errors.Join(check.Changes(d, s.Changes[d.Name])...)
	}
	if err != nil {
		return nil, fmt.Errorf("design %q: %w", d.Name, err)
	}
	return &Plan{Design: d.Name, Warnings: l.warnings(d, s), settings: s, start: start, needs: windows(d.Name, s.Expect)}, nil
}

// warnings are the checker's warnings about a design that can be run, such as an
// unbounded queue; they are part of the result.
func (l lab) warnings(d *design.Design, s Settings) (out []Warning) {
	for _, p := range slices.Concat(l.check(d), check.Late(d, s.Duration)) {
		if p.Warning != nil {
			out = append(out, *p.Warning)
		}
	}
	for i := range s.Changes[d.Name] {
		if ch := &s.Changes[d.Name][i]; s.Duration > 0 && ch.At >= s.Duration {
			out = append(out, check.LateChange(ch, s.Duration))
		}
		if w, old := check.OldPath(d, s.Changes[d.Name][i].Path); old {
			out = append(out, w)
		}
	}
	for _, e := range s.Expect {
		if slices.ContainsFunc(e.Metrics(), func(r expect.Ref) bool { return r.Design == "" || r.Design == d.Name }) {
			out = append(out, e.Late(s.Duration)...)
		}
	}
	return append(out, s.Noted[d.Name]...)
}

func (s Settings) config(design string, replication int) engine.Config {
	return engine.Config{
		Duration: s.Duration, Warmup: s.Warmup, Drain: s.Drain, Completions: s.Completions,
		Seed: s.Seed, Replication: replication, Points: s.Points,
		MaxEvents: s.MaxEvents, MaxInFlight: s.MaxInFlight, Changes: s.Changes[design], Windows: expect.Spans(s.Expect),
		Asked: append(expect.Names(s.Expect), s.Metrics.Patterns()...),
	}
}

// slice is the number of events between two checks of the context: a few hundredths
// of a second.
const slice = 100_000

// Run runs one replication, counted from 1, until it ends or ctx does. progress
// gets the share and the events of this run; it may be nil. An error is a
// *Failure.
func (p *Plan) Run(ctx context.Context, replication int, progress func(Progress)) (out *Outcome, err error) {
	failure := &Failure{Design: p.Design, Replication: replication, Seed: p.settings.Seed}
	defer func() {
		if e := recover(); e != nil {
			failure.Cause, failure.Stack = fmt.Errorf("internal error: %v", e), string(debug.Stack())
			err = failure
		}
	}()
	r, err := p.start(p.settings.config(p.Design, replication-1))
	if err != nil {
		failure.Cause = err
		return nil, failure
	}
	for {
		why := r.Advance(math.MaxInt64, slice)
		done := why != engine.Running
		if progress != nil {
			share := 1.0
			if !done {
				share = p.share(r)
			}
			progress(Progress{p.Design, replication, share, r.Events(), time.Duration(r.Now())})
		}
		if done || ctx.Err() != nil {
			return p.harvest(r, why, replication == 1), nil
		}
	}
}

// share returns the progress of a run, by time or by completions, whichever is
// nearer its end.
func (p *Plan) share(r runner) float64 {
	share := 0.0
	if d := p.settings.Duration; d > 0 {
		share = float64(r.Now()) / float64(d)
	}
	if c := p.settings.Completions; c > 0 {
		share = max(share, float64(r.Completions())/float64(c))
	}
	return min(max(share, 0), 1)
}

// Outcome is what is kept of one run.
type Outcome struct {
	Complete    bool // it came to its end
	End         End
	At          time.Duration // simulated time reached
	Events      uint64
	Fingerprint uint64
	Values      []engine.MetricValue // in reporting order
	Windows     []WindowValue        // that expectations name
	Warnings    []Warning
	Findings    []Finding      // where Settings.Findings asks for them
	Batches     []engine.Batch // means of this run with intervals
	Faults      []engine.Episode
	MoreFaults  int            // occurrences that Faults leaves out
	Series      []MetricSeries // where Settings.Series asks for them
	Sparks      []MetricSeries // where Settings.Sparks does
}

// WindowValue is a metric over a window. Where the design does not have the metric,
// there is none.
type WindowValue struct {
	Metric string
	Window expect.Window
	Value  float64 // NaN: no samples
}

// harvest copies from a run what results need, so that the run's memory can be freed.
func (p *Plan) harvest(r runner, why engine.End, first bool) *Outcome {
	o := &Outcome{
		Complete: why != engine.Running, End: endOf(why), At: time.Duration(r.Now()), Events: r.Events(),
		Fingerprint: r.Fingerprint(), Values: r.Values(), Warnings: r.Warnings(), Batches: r.Batches(),
	}
	o.Faults, o.MoreFaults = r.Episodes()
	for _, n := range p.needs {
		if v, known := r.ValueIn(n.metric, n.window.From, n.window.To); known {
			o.Windows = append(o.Windows, WindowValue{n.metric, n.window, v})
		}
	}
	if src, ok := r.(finding.Source); ok && p.settings.Findings {
		o.Findings = finding.Find(src)
	}
	if p.settings.Series {
		o.Series = seriesOf(r, o.Values, func(r metric.Ref) bool { return inSeries(r, p.settings.Metrics) })
	}
	if p.settings.Sparks && first {
		o.Sparks = seriesOf(r, fewRows(o.Values), inRow)
	}
	return o
}
