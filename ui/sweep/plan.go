package sweep

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"asynclab/scenarios"
	"asynclab/scenarios/study"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/metric"
)

// plan is what the form asks for, as a person writes it.
type plan struct {
	path, from, to, points string
	log                    bool
	reps                   string
	metric                 string   // a name with *; "": those that the expectations name, or of each load
	designs                []bool   // of the scenario, which are run
	file                   string   // with results, which the sweep goes on from; "": none
	given                  string   // what is varied, as the file says, while path is the same and from and to are empty
	names                  []string // of metrics, that the file says; nil: metric says
}

// of takes what a file of results was asked for.
func (p *plan) of(file string, h study.Header, sc *scenarios.Scenario) error {
	if h.Get(study.AskedSecond) != "" {
		return &study.InputError{Where: file, Msg: "has two parameters: the window shows the curves of one", Hint: "asynclab sweep --file shows both"}
	}
	p.file, p.names, p.metric = file, strings.Fields(h.Get(study.AskedMetrics)), ""
	if reps := h.Get(study.AskedReps); reps != "" {
		p.reps = reps
	}
	chosen := strings.Fields(h.Get("--design"))
	for i, d := range sc.Designs {
		p.designs[i] = slices.Contains(chosen, d.Name)
	}
	given := h.Get(study.AskedAxis)
	if given == "" {
		p.path = h.Get("--vary")
		return nil
	}
	v, err := study.ParseVary(given)
	if err != nil {
		return err
	}
	p.path, p.from, p.to, p.log, p.given = v.Path, v.From, v.To, v.Log, given
	if v.Points > 0 {
		p.points = strconv.Itoa(v.Points)
	}
	return nil
}

// planOf is the plan with which a scenario begins: its first parameter, from half of its
// value to the double.
func planOf(sc *scenarios.Scenario) plan {
	p := plan{points: strconv.Itoa(study.DefaultPoints), reps: strconv.Itoa(study.DefaultReps)}
	if sc.Run.Replications > 1 {
		p.reps = strconv.Itoa(sc.Run.Replications)
	}
	for range sc.Designs {
		p.designs = append(p.designs, true)
	}
	if paths := paths(sc); len(paths) > 0 {
		p.vary(sc, paths[0])
	}
	return p
}

// paths are the parameters that can be varied, the most important ones first.
func paths(sc *scenarios.Scenario) (all []string) {
	rank := map[string]int{}
	for _, d := range sc.Designs {
		for _, path := range d.Paths() {
			p, err := d.Lookup(path)
			if err != nil || rank[path] != 0 {
				continue
			}
			if x, err := d.Number(path); err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
				continue
			}
			rank[path] = 1000
			if p.Rank > 0 {
				rank[path] = p.Rank
			}
			all = append(all, path)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return rank[a] - rank[b] })
	return all
}

// vary proposes a range for a parameter, about its value.
func (p *plan) vary(sc *scenarios.Scenario, path string) {
	p.path = path
	for _, d := range sc.Designs {
		about, err := d.Lookup(path)
		x, wrong := d.Number(path)
		if err != nil || wrong != nil || math.IsInf(x, 0) {
			continue
		}
		lo, hi := max(about.Min, x/2), min(about.Max, 2*x)
		if x == 0 {
			hi = min(about.Max, 1)
		}
		if about.Kind == design.ParamInteger {
			lo, hi = max(about.Min, math.Floor(x/2)), max(math.Ceil(hi), lo+1)
		}
		p.from, p.to = written(lo, about.Unit), written(hi, about.Unit)
		return
	}
}

func written(x float64, u draw.Unit) string { return draw.Quantity{Value: x, Unit: u}.String() }

// study is the plan as the command has it.
func (p *plan) study(sc *scenarios.Scenario, version string) (*study.Sweep, error) {
	bundle, err := sc.Bundle()
	if err != nil {
		return nil, err
	}
	reps, err := strconv.Atoi(p.reps)
	if err != nil {
		reps = 0 // Check says what is wrong
	}
	s := &study.Sweep{Bundle: bundle, Version: version, Scenario: sc.Name, Title: sc.Title, Silence: sc.Silence,
		Run: study.RunOf(settings(sc)), Reps: reps, Precision: study.DefaultPrecision, MaxRuns: study.DefaultMaxRuns}
	for i, d := range sc.Designs {
		if p.designs[i] {
			s.Designs = append(s.Designs, d)
		}
	}
	for _, e := range sc.Expect {
		s.Flips = append(s.Flips, e.Parsed)
	}
	if s.Metrics, err = p.metrics(s.Designs, s.Flips); err != nil {
		return nil, err
	}
	text := p.path + "=" + p.from + ".." + p.to + ":" + p.points
	if p.log {
		text += "log"
	}
	if p.from == "" && p.to == "" && strings.HasPrefix(p.given, p.path+"=") {
		text = p.given
	}
	v, err := study.ParseVary(text)
	if err != nil {
		return nil, err
	}
	if s.Axes, err = study.Axes([]study.Vary{v}, s.Designs); err != nil {
		return nil, err
	}
	return s, s.Check()
}

func (p *plan) metrics(designs []*design.Design, flips []*expect.Expectation) ([]string, error) {
	if p.metric == "" && p.names != nil {
		return p.names, nil
	}
	if p.metric == "" {
		return study.HeadMetrics(designs, flips), nil
	}
	choice, err := metric.Choose(p.metric)
	if err != nil {
		return nil, err
	}
	return study.ChooseMetrics(designs, choice)
}

// settings are those of the scenario.
func settings(sc *scenarios.Scenario) sim.Settings {
	return sim.Settings{Duration: sc.Run.Duration, Warmup: sc.Run.WarmupOf(sc.Run.Duration), Drain: sc.Run.Drain, Completions: sc.Run.Completions,
		Seed: sc.Run.Seed, MaxEvents: sc.Run.MaxEvents}
}
