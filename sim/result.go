package sim

import (
	"fmt"
	"math"
	"slices"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/finding"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/warning"
)

// Types of other packages that results consist of, so that a reader of results
// imports this package only.
type (
	Estimate = measure.Estimate
	Warning  = warning.Warning
	Finding  = finding.Finding
	Unit     = draw.Unit
	Batch    = engine.Batch
	Episode  = engine.Episode
)

// Result is the result of a call of Run.
type Result struct {
	Scenario     string // set by the caller
	Version      string // of the program, set by the caller
	Currency     string // of costs; "": the designs have no prices. Set by the caller
	Seed         uint64
	Replications int // finished replications
	Asked        int // replications asked for
	Designs      []DesignResult
	Expectations []Verdict
	Skipped      []Skip
	Series       []RunSeries   // where the settings ask for them
	Shown        metric.Choice // of the metrics, by what is written of the result
	Interrupted  bool          // the context ended; finished replications are included
	Engine       Cost
}

// DesignResult is the result of one design.
type DesignResult struct {
	Name        string
	Metrics     []Metric       // in reporting order
	Fingerprint string         // of all replications
	Warnings    []Warning      // those that matter most first
	Findings    []Finding      // what happened, causes first; where Settings.Findings asks for them
	Sparks      []MetricSeries // of the first replication, where the settings ask for them
	Batches     []Batch        // of a single run: means with intervals from batches of it
	Faults      []Episode      // of the first replication, in the order in which they began
	MoreFaults  int            // occurrences that Faults leaves out
	Silenced    int            // warnings of kinds that the settings silence
	Ended       End            // of the replications, the worst
	At          time.Duration  // simulated time reached, the longest
	Events      uint64         // of all replications
	Explained   []Latencies    // where latency went; see Explain
}

// Metric is one metric of a design.
type Metric struct {
	Name   string
	Unit   Unit
	Values []float64 // one per replication; NaN: no samples
	Error  float64   // of a percentile: how far the mean of the true ones may be from that of Values
	Estimate
	Ref metric.Ref
}

// Verdict is an expectation and its outcome.
type Verdict struct {
	Expect string
	expect.Outcome
}

// Skip is an expectation that was not judged.
type Skip struct{ Expect, Why string }

// Cost is the work and the time that a result took.
type Cost struct {
	Events uint64
	Wall   time.Duration
}

// Rate returns the speed in events per second.
func (c Cost) Rate() float64 {
	if c.Wall <= 0 {
		return 0
	}
	return float64(c.Events) / c.Wall.Seconds()
}

// End is why a run ended, as a stable word for programs.
type End string

// The ends of a run. A run that a budget ended has failed; its measurements
// until then are kept.
const (
	Duration       End = "duration"
	Completions    End = "completions"
	Idle           End = "idle"
	BudgetEvents   End = "budget-events"
	BudgetInFlight End = "budget-in-flight"
	BudgetInstant  End = "budget-instant"
	BudgetResends  End = "budget-resends"
	Interrupted    End = "interrupted"
	NotStarted     End = "not-started"
)

// ends is ordered from the best to the worst.
var ends = []End{Duration, Completions, Idle, BudgetEvents, BudgetInFlight, BudgetInstant, BudgetResends, Interrupted, NotStarted}

// Known reports whether it is one of the ends.
func (e End) Known() bool { return slices.Contains(ends, e) }

// Budget reports whether a budget ended the run.
func (e End) Budget() bool {
	return e == BudgetEvents || e == BudgetInFlight || e == BudgetInstant || e == BudgetResends
}

func endOf(e engine.End) End {
	switch e {
	case engine.AtDuration:
		return Duration
	case engine.AtCompletions:
		return Completions
	case engine.Idle:
		return Idle
	case engine.BudgetEvents:
		return BudgetEvents
	case engine.BudgetInFlight:
		return BudgetInFlight
	case engine.BudgetInstant:
		return BudgetInstant
	case engine.BudgetResends:
		return BudgetResends
	}
	return Interrupted
}

// Metric finds a metric by name.
func (d *DesignResult) Metric(name string) (Metric, bool) {
	for _, m := range d.Metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}

// Design finds a design by name.
func (r *Result) Design(name string) (*DesignResult, bool) {
	for i := range r.Designs {
		if r.Designs[i].Name == name {
			return &r.Designs[i], true
		}
	}
	return nil, false
}

// Met reports whether every judged expectation passed.
func (r *Result) Met() bool {
	return !slices.ContainsFunc(r.Expectations, func(v Verdict) bool { return !v.Pass })
}

// OverBudget reports whether a budget ended a run.
func (r *Result) OverBudget() bool {
	return slices.ContainsFunc(r.Designs, func(d DesignResult) bool { return d.Ended.Budget() })
}

// Part is what was run of one design.
type Part struct {
	Design   string
	Warnings []Warning  // about the design itself
	Outcomes []*Outcome // by replication; nil where it was not run
}

// Merge combines the outcomes of designs that were run with the same settings, and
// judges the expectations. Only replications that every design has finished count,
// so that differences stay paired; if there is none, the first replication counts,
// up to where it stopped.
func Merge(parts []Part, s Settings) *Result {
	r := &Result{Seed: s.Seed, Asked: max(s.Replications, 1), Shown: s.Metrics}
	var reps []int
	for rep := range r.Asked {
		if !slices.ContainsFunc(parts, func(p Part) bool { o := p.at(rep); return o == nil || !o.Complete }) {
			reps = append(reps, rep)
		}
	}
	r.Replications = len(reps)
	partial := len(reps) == 0
	if partial {
		reps = []int{0}
	}
	for _, p := range parts {
		r.Designs = append(r.Designs, p.result(reps, s.Silence))
	}
	j := judge{parts, r.Designs, reps, partial}
	r.Expectations, r.Skipped = j.all(s.Expect)
	for _, p := range parts {
		for _, rep := range reps {
			if o := p.at(rep); o != nil {
				for _, m := range o.Series {
					r.Series = append(r.Series, RunSeries{p.Design, rep + 1, m})
				}
			}
		}
	}
	return r
}

// at is the outcome of a replication, counted from 0; nil where it was not run.
func (p Part) at(replication int) *Outcome {
	if replication >= len(p.Outcomes) {
		return nil
	}
	return p.Outcomes[replication]
}

func (p Part) result(reps []int, silence []warning.Kind) DesignResult {
	out := DesignResult{Name: p.Design, Ended: Duration}
	var runs []*Outcome
	for _, rep := range reps {
		if o := p.at(rep); o != nil {
			runs = append(runs, o)
		}
	}
	if len(runs) == 0 {
		out.Ended = NotStarted
		return out
	}
	fp := runs[0].Fingerprint
	for i, o := range runs {
		if i > 0 {
			fp = draw.Mix(fp, o.Fingerprint)
		}
		if slices.Index(ends, o.End) > slices.Index(ends, out.Ended) {
			out.Ended = o.End
		}
		out.At = max(out.At, o.At)
		out.Events += o.Events
	}
	out.Fingerprint = fmt.Sprintf("%016x", fp)
	out.Metrics, out.Sparks = gather(runs), runs[0].Sparks
	out.Faults, out.MoreFaults = runs[0].Faults, runs[0].MoreFaults
	all := slices.Concat(p.Warnings, mergeWarnings(runs), fewer(out.Metrics, len(runs)))
	warning.ByWeight(all)
	var found [][]Finding
	for _, o := range runs {
		found = append(found, o.Findings)
	}
	out.Findings = finding.Merge(found)
	if len(p.Outcomes) == 1 {
		out.Batches = runs[0].Batches
	}
	out.Warnings, out.Silenced = warning.Loud(all, silence)
	return out
}

// gather collects the values of the metrics over replications. All runs of a
// design have the same metrics in the same order.
func gather(runs []*Outcome) []Metric {
	out := make([]Metric, len(runs[0].Values))
	all := make([]float64, 0, len(out)*len(runs))
	for i, v := range runs[0].Values {
		from := len(all)
		for _, o := range runs {
			value := math.NaN()
			if i < len(o.Values) && o.Values[i].Name == v.Name {
				value = o.Values[i].Value
			}
			all = append(all, value)
		}
		values := all[from:len(all):len(all)]
		out[i] = Metric{v.Name, v.Unit, values, 0, measure.Summarize(values), v.Ref}
		if v.Ref.Stat.Quantile() > 0 {
			out[i].widen(runs, i)
		}
	}
	return out
}

// widen takes the error of the histogram into the interval of the i-th metric, a
// percentile.
func (m *Metric) widen(runs []*Outcome, i int) {
	n := 0
	for _, o := range runs {
		if i < len(o.Values) && !math.IsNaN(o.Values[i].Value) {
			m.Error += o.Values[i].Error
			n++
		}
	}
	if n > 0 {
		m.Error /= float64(n)
	}
	m.Low -= m.Error
	m.High += m.Error
}

// mergeWarnings keeps one of each warning, with the number of replications that had it.
func mergeWarnings(runs []*Outcome) []Warning {
	type key struct {
		kind    warning.Kind
		element string
	}
	count := map[key]int{}
	var out []Warning
	for _, o := range runs {
		for _, w := range o.Warnings {
			k := key{w.Kind, w.Element}
			if count[k]++; count[k] == 1 {
				out = append(out, w)
			}
		}
	}
	for i, w := range out {
		if n := count[key{w.Kind, w.Element}]; n < len(runs) {
			out[i].In, out[i].Of = n, len(runs)
		}
	}
	return slices.DeleteFunc(out, func(w Warning) bool { return w.ByChance() && 2*w.In < w.Of })
}

// fewer warns of metrics that had samples in some of the replications only.
func fewer(metrics []Metric, runs int) (out []Warning) {
	for _, m := range metrics {
		if 0 < m.N && m.N < runs {
			out = append(out, warning.Of(warning.FewerReplications, m.Name, m.N, runs))
		}
	}
	return out
}
