package study

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/metric"
	"asynclab/sim/warning"
)

// Sweep is a plan: which parameters are varied, in which designs, and what is looked at.
// With the version of the program it determines the result, to the byte.
type Sweep struct {
	Bundle      *scenarios.Bundle
	Version     string // of the program
	Scenario    string // name
	Title       string
	Designs     []*design.Design    // with their settings
	Set         map[string][]string // PATH=VALUE, by design: how the settings are repeated in a job
	Axes        []*Axis             // one or two
	Run         Run
	Reps        int      // replications at each point
	Metrics     []string // of the tables and plots
	Flips       []*expect.Expectation
	Silence     []warning.Kind
	Precision   float64 // half the width of the interval of a flip, as a share of its value
	MaxRuns     int
	FlipRuns    int          // most runs that search for flips; 0: FlipBudget says
	Curves      func(*Swept) // gets what is known before the search for flips begins; may be nil
	replicating []int        // numbers of replications that the search uses, ascending; the first is Reps
	wanted      []string
}

// Limits and defaults of a sweep.
const (
	DefaultReps      = 5
	DefaultPrecision = 0.02
	DefaultMaxRuns   = 100_000
	FlipShare        = 20  // times the runs of the curve may go into the search for flips
	FlipLeast        = 200 // runs
	maxMetrics       = 200
	flipReps         = 5  // fewest replications with which a flip is searched
	flipMost         = 40 // replications up to which they are doubled, or Reps if that is more
	block            = 5  // replications of a job, at most
)

// Check completes the plan, and finds what cannot be run.
func (s *Sweep) Check() error {
	switch {
	case s.Reps < 1 || s.Reps > sim.MaxReplications:
		return inputf("replications", "", "must be from 1 to %d, not %d", sim.MaxReplications, s.Reps)
	case len(s.Designs) == 0:
		return inputf("designs", "", "there is no design to run")
	case len(s.Metrics) == 0:
		return inputf("metrics", "asynclab metrics SCENARIO lists them", "there is no metric to look at")
	case len(s.Metrics) > maxMetrics:
		return inputf("metrics", "choose fewer", "a sweep shows at most %d metrics, not %d", maxMetrics, len(s.Metrics))
	}
	for _, a := range s.Axes {
		for _, d := range s.Designs {
			for _, set := range s.Set[d.Name] {
				if path, _, _ := strings.Cut(set, "="); strings.TrimSpace(path) == a.Path {
					return inputf("vary "+a.Path, "leave out one of them", "it is also set: %s", set)
				}
			}
		}
	}
	if runs := s.GridRuns(); runs > s.MaxRuns {
		return inputf("vary", "fewer values or replications; or raise the limit: --max-runs "+strconv.Itoa(runs),
			"%s × %s × %s are %d runs, more than %d", s.places(), plural(len(s.Designs), "design"), plural(s.Reps, "replication"), runs, s.MaxRuns)
	}
	s.replicating = []int{s.Reps}
	for most := max(flipMost, s.Reps); s.last() < most; {
		s.replicating = append(s.replicating, min(max(2*s.last(), flipReps), most))
	}
	s.wanted = s.needed()
	return nil
}

func (s *Sweep) last() int { return s.replicating[len(s.replicating)-1] }

// GridRuns is the number of runs without those that search for flips. A design without
// a varied parameter is run once for all of its values.
func (s *Sweep) GridRuns() int {
	runs := 0
	for d := range s.Designs {
		n := s.Reps
		for _, a := range s.Axes {
			if a.has[d] {
				n *= len(a.Places) // at most MaxPoints² × MaxReplications = 10¹²
			}
		}
		runs += n
	}
	return runs
}

// Searches reports whether the sweep looks for flips.
func (s *Sweep) Searches() bool { return len(s.Flips) > 0 && len(s.Axes) == 1 && s.Axes[0].Number }

// FlipBudget is how many runs search for flips at most, over all of them.
func (s *Sweep) FlipBudget() int {
	if s.FlipRuns > 0 {
		return s.FlipRuns
	}
	return max(FlipShare*s.GridRuns(), FlipLeast)
}

// places says how many values there are: "11 values", "11 × 5 values".
func (s *Sweep) places() string {
	var counts []string
	for _, a := range s.Axes {
		counts = append(counts, strconv.Itoa(len(a.Places)))
	}
	return strings.Join(counts, " × ") + " values"
}

// Names of what was asked for, in the header of a file.
const (
	AskedAxis    = "axis" // as --vary takes it
	AskedSecond  = "second axis"
	AskedReps    = "replications"
	AskedMetrics = "shown"
)

var axisNames = [2]string{AskedAxis, AskedSecond}

// Header says what the results of this plan are results of. Replications and the search
// for flips are no part of it: more of them go on in the same file.
func (s *Sweep) Header() Header {
	h := Header{Version: s.Version, Scenario: s.Scenario, Hash: s.Bundle.Hash()}
	add := func(name, value string) { h.Plan = append(h.Plan, Part{name, value}) }
	for _, a := range s.Axes {
		add("--vary", a.Path)
	}
	var names, sets []string
	for _, d := range s.Designs {
		names = append(names, d.Name)
		for _, set := range s.Set[d.Name] {
			sets = append(sets, d.Name+":"+set)
		}
	}
	add("--design", strings.Join(names, " "))
	add("--set", strings.Join(sets, " "))
	add("--seed", strconv.FormatUint(s.Run.Seed, 10))
	add("--duration", s.Run.Duration.String())
	add("--warmup", s.Run.Warmup.String())
	add("--drain", s.Run.Drain.String())
	add("--completions", strconv.FormatUint(s.Run.Completions, 10))
	add("--max-events", strconv.FormatUint(s.Run.MaxEvents, 10))
	add("metrics", strings.Join(s.wanted, " "))
	for i, a := range s.Axes {
		h.Asked = append(h.Asked, Part{axisNames[i], a.asked})
	}
	h.Asked = append(h.Asked, Part{AskedReps, strconv.Itoa(s.Reps)}, Part{AskedMetrics, strings.Join(s.Metrics, " ")})
	return h
}

// needed lists the metrics of a job: those to show, those of the knee and those of
// expectations.
func (s *Sweep) needed() []string {
	out := slices.Clone(s.Metrics)
	for _, load := range s.kneeLoads() {
		out = append(out, throughputOf(load), meanLatencyOf(load))
	}
	for _, e := range s.Flips {
		for _, r := range e.Metrics() {
			out = append(out, r.Metric)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// windowed lists the expectations with windows: a run has to know them.
func (s *Sweep) windowed() (out []string) {
	for _, e := range s.Flips {
		if len(expect.Spans([]*expect.Expectation{e})) > 0 {
			out = append(out, e.Text())
		}
	}
	return out
}

func loadRef(load string, key any, stat metric.Stat) string {
	return metric.Ref{Metric: metric.Load.Metric(key), Element: load, Stat: stat}.String()
}

func throughputOf(load string) string { return loadRef(load, metric.LoadThroughput, metric.Plain) }
func meanLatencyOf(load string) string {
	return loadRef(load, metric.LoadConfirmedLatency, metric.Mean)
}

// kneeLoads are the loads whose knee the sweep can show: those whose rate, or number of
// clients, is varied.
func (s *Sweep) kneeLoads() (out []string) {
	if len(s.Axes) != 1 || !s.Axes[0].Number {
		return nil
	}
	a := s.Axes[0]
	rest, ok := strings.CutPrefix(a.Path, metric.Load.Name+".")
	name, param, _ := strings.Cut(rest, ".")
	if ok && slices.Contains(loadAmount, param) {
		out = append(out, name)
	}
	return out
}

// loadAmount are the parameters of a load that say how much of it there is.
var loadAmount = []string{"rate", "scale", "clients"}

// HeadMetrics are the metrics that a sweep shows where none are chosen: those that
// expectations name, otherwise throughput and latencies of every load.
func HeadMetrics(designs []*design.Design, expected []*expect.Expectation) (out []string) {
	add := func(name string) {
		if !slices.Contains(out, name) && len(out) < maxMetrics {
			out = append(out, name)
		}
	}
	for _, e := range expected {
		for _, r := range e.Metrics() {
			if r.Window == nil {
				add(r.Metric)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, d := range designs {
		for _, l := range d.Loads {
			add(throughputOf(l.Name))
			add(loadRef(l.Name, metric.LoadConfirmedLatency, metric.P50))
			add(loadRef(l.Name, metric.LoadConfirmedLatency, metric.P99))
		}
	}
	return out
}

// ChooseMetrics lists the metrics of designs that a choice chooses.
func ChooseMetrics(designs []*design.Design, choice metric.Choice) (out []string, err error) {
	if err := sim.CheckChoice(designs, choice); err != nil {
		return nil, err
	}
	for _, d := range designs {
		p, err := engine.Compile(d)
		if err != nil {
			return nil, fmt.Errorf("design %q: %w", d.Name, err)
		}
		for _, v := range p.Metrics() {
			if choice.Has(v.Ref) && !slices.Contains(out, v.Name) {
				if out = append(out, v.Name); len(out) > maxMetrics {
					return out, inputf("metrics", "choose fewer", "a sweep shows at most %d metrics", maxMetrics)
				}
			}
		}
	}
	return out, nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// roundings writes values of an axis of which is known as much as an interval of some
// width says: with as many digits as this has a use for, one of its width, two where
// that begins with 1 or 2. An end of the interval is rounded away from it.
func (a *Axis) roundings(width float64) func(v float64, round func(float64) float64) string {
	if a.Integer || !(width > 0) || math.IsInf(width, 0) {
		return func(v float64, _ func(float64) float64) string { return a.Show(v) }
	}
	power := int(math.Floor(math.Log10(width)))
	if width < 3*math.Pow10(power) {
		power--
	}
	return func(v float64, round func(float64) float64) string {
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return a.Show(v)
		}
		return grouped(draw.Quantity{Value: decimal(v, power, round), Unit: a.Unit}.String())
	}
}

// decimal rounds to a power of ten, to the number nearest to that decimal.
func decimal(v float64, power int, round func(float64) float64) float64 {
	const fuzz = 1e-9 // of a unit: what is there already stays there
	scaled := v / math.Pow10(power)
	if near := math.Round(scaled); math.Abs(scaled-near) < fuzz*max(1, math.Abs(near)) {
		scaled = near
	}
	if power < 0 {
		return round(scaled) / math.Pow10(-power)
	}
	return round(scaled) * math.Pow10(power)
}

// grouped puts commas into the digits that a text begins with, if they are five or more.
func grouped(s string) string {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	for i := n - 3; n > 4 && i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// MaxFigures is the most figures that a plot of a sweep has.
const MaxFigures = 24

// FigureCount is the number of figures that the plot of a sweep has at most: one for
// each metric, over two axes one for each metric and design.
func (s *Sweep) FigureCount() int {
	if len(s.Axes) > 1 {
		return len(s.Metrics) * len(s.Designs)
	}
	return len(s.Metrics)
}

// Subject is the title of a sweep: the scenario and what is varied.
func (s *Sweep) Subject() string {
	var paths []string
	for _, a := range s.Axes {
		paths = append(paths, a.Path)
	}
	return cmp.Or(s.Title, s.Scenario) + " over " + strings.Join(paths, " and ")
}
