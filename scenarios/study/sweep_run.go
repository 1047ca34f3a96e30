package study

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"asynclab/sim"
	"asynclab/sim/expect"
	"asynclab/sim/spell"
)

// Swept is the result of a sweep.
type Swept struct {
	*Sweep
	Points      []Point // in the order of the places, the last axis fastest; those that were finished
	Knees       []Knee
	Crossings   []Crossing
	Flips       []Flipping
	Runs        int      // of which the result is made
	Searched    int      // runs of these that searched for flips
	Events      uint64   // of these runs
	Failed      []string // jobs that failed, and why
	Interrupted bool
}

// Point is the result at one value of every axis.
type Point struct {
	At     []Place
	Result *sim.Result
}

// Flipping is an expectation along the axis.
type Flipping struct {
	Expect string
	Flips  []Flip
	Remark spell.Text // where there is none, why; or what was left out
}

// Execute runs a sweep. file may be nil; otherwise results that it has are not run
// again, and new ones are appended. When ctx ends, what was finished is returned, with
// Interrupted set. say gets what is done now; it may be nil.
func (s *Sweep) Execute(ctx context.Context, runner Runner, file *File, say func(phase string, runs int)) (*Swept, error) {
	x := &execution{Sweep: s, runner: runner, file: file, results: map[string]Result{}, say: say, out: &Swept{Sweep: s}}
	if say == nil {
		x.say = func(string, int) {}
	}
	err := x.all(ctx)
	for _, r := range x.results {
		for _, o := range r.Outcomes {
			x.out.Events += o.Events
		}
	}
	if err != nil && ctx.Err() != nil {
		x.out.Interrupted, err = true, nil
	}
	return x.out, err
}

type execution struct {
	*Sweep
	runner  Runner
	file    *File
	results map[string]Result // by job
	say     func(string, int)
	out     *Swept
	left    int  // runs that the search for the present flip may still take
	search  bool // the curve is there, and flips are searched
}

// cell is a design at a value of every axis.
type cell struct {
	design int
	at     []Place
}

func (x *execution) all(ctx context.Context) error {
	cells := x.cells()
	err := x.fetch(ctx, "the curve", cells, x.Reps)
	if err != nil && ctx.Err() == nil {
		return err
	}
	if err := x.points(); err != nil || ctx.Err() != nil {
		return cmpErr(err, ctx.Err())
	}
	if len(x.Axes) > 1 || !x.Axes[0].Number || len(x.out.Failed) > 0 {
		return nil
	}
	x.curves()
	if x.Curves != nil {
		part := *x.out
		x.Curves(&part)
	}
	return x.flips(ctx)
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// cells are all designs at all places.
func (x *execution) cells() (out []cell) {
	for _, at := range x.grid() {
		for d := range x.Designs {
			out = append(out, cell{d, at})
		}
	}
	return out
}

func (s *Sweep) grid() (out [][]Place) {
	for _, p := range s.Axes[0].Places {
		if len(s.Axes) == 1 {
			out = append(out, []Place{p})
			continue
		}
		for _, q := range s.Axes[1].Places {
			out = append(out, []Place{p, q})
		}
	}
	return out
}

// jobs are those of a cell up to a number of replications, one of s.replicating.
func (s *Sweep) jobs(c cell, reps int) (out []Job) {
	d := s.Designs[c.design]
	like := Job{Scenario: s.Bundle, Version: s.Version, Design: d.Name, Set: slices.Clone(s.Set[d.Name]), Run: s.Run, Metrics: s.wanted, Expect: s.windowed()}
	for i, a := range s.Axes {
		if a.has[c.design] {
			like.Set = append(like.Set, a.Path+"="+c.at[i].Text)
		}
	}
	from := 1
	for _, to := range s.replicating {
		if to > reps {
			break
		}
		out = append(out, Split(like, from, to, block)...)
		from = to + 1
	}
	return out
}

// errRuns says that the sweep would take more runs than it may.
var errRuns = errors.New("too many runs")

// fetch makes sure that the results of cells are there: from memory, from the file, or
// by running them.
func (x *execution) fetch(ctx context.Context, phase string, cells []cell, reps int) error {
	var jobs []Job
	var hashes []string
	pending := map[string]bool{}
	runs := 0
	for _, c := range cells {
		for _, j := range x.jobs(c, reps) {
			h := j.Hash()
			if _, there := x.results[h]; there || pending[h] {
				continue
			}
			pending[h] = true
			runs += j.To - j.From + 1
			if x.restore(h) {
				continue
			}
			jobs, hashes = append(jobs, j), append(hashes, h)
		}
	}
	if x.out.Runs+runs > x.MaxRuns {
		return errRuns
	}
	if x.search && runs > x.left {
		return errSpent
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	x.out.Runs += runs
	if x.search {
		x.left, x.out.Searched = x.left-runs, x.out.Searched+runs
	}
	if len(jobs) == 0 {
		return nil
	}
	x.say(phase, runs)
	return x.runner.Run(ctx, jobs, func(i int, r Result) error {
		x.results[hashes[i]] = r
		if r.Error != "" {
			x.out.Failed = append(x.out.Failed, jobs[i].String()+": "+r.Error)
			return nil
		}
		if x.file == nil {
			return nil
		}
		return x.file.Put(hashes[i], r.Encode())
	})
}

// restore takes a result from the file. One that cannot be read is run again.
func (x *execution) restore(hash string) bool {
	if x.file == nil {
		return false
	}
	data, ok := x.file.Get(hash)
	if !ok {
		return false
	}
	r, err := DecodeResult(data)
	if err != nil || r.Job != hash {
		return false
	}
	x.results[hash] = *r
	return true
}

// merged is the result of designs at one place; nil where something is missing.
func (x *execution) merged(designs []int, at []Place, reps int, expected []*expect.Expectation) (*sim.Result, error) {
	var jobs []Job
	var results []Result
	for _, d := range designs {
		for _, j := range x.jobs(cell{d, at}, reps) {
			r, ok := x.results[j.Hash()]
			if !ok || r.Error != "" {
				return nil, nil
			}
			jobs, results = append(jobs, j), append(results, r)
		}
	}
	return Merge(jobs, results, sim.Settings{Replications: reps, Expect: expected, Silence: x.Silence})
}

// points merges what there is.
func (x *execution) points() error {
	slices.Sort(x.out.Failed)
	var all []int
	for d := range x.Designs {
		all = append(all, d)
	}
	var judged []*expect.Expectation
	for _, e := range x.Sweep.Flips {
		if _, why := x.about(e); why.Format == "" {
			judged = append(judged, e)
		}
	}
	for _, at := range x.grid() {
		r, err := x.merged(all, at, x.Reps, judged)
		if err != nil {
			return err
		}
		if r != nil {
			r.Scenario, r.Version = x.Scenario, x.Version
			x.out.Points = append(x.out.Points, Point{at, r})
		}
	}
	return nil
}

// Curve is a metric of a design along the first axis; design is an index of Designs.
func (s *Swept) Curve(design int, name string) *Curve {
	c := &Curve{Design: s.Designs[design].Name, Metric: name}
	for _, p := range s.Points {
		m, ok := p.Result.Designs[design].Metric(name)
		c.X, c.Values, c.Error = append(c.X, p.At[0].X), append(c.Values, m.Values), append(c.Error, m.Error)
		if ok {
			c.Unit = m.Unit
		}
	}
	return c
}

// curves finds knees and crossings.
func (x *execution) curves() {
	for _, load := range x.kneeLoads() {
		for d := range x.Designs {
			if k, ok := knee(x.out.Curve(d, throughputOf(load)), x.out.Curve(d, meanLatencyOf(load))); ok {
				k.Load = load
				x.out.Knees = append(x.out.Knees, k)
			}
		}
	}
	for _, m := range x.Metrics {
		for a := range x.Designs {
			for b := a + 1; b < len(x.Designs); b++ {
				x.out.Crossings = append(x.out.Crossings, crossings(x.out.Curve(a, m), x.out.Curve(b, m))...)
			}
		}
	}
}

const maxFlips = 4 // of one expectation that are searched

// flips looks for the values at which expectations flip. The runs that all of the
// search may take are shared out evenly; what one does not need goes to those after it.
func (x *execution) flips(ctx context.Context) error {
	var all []*search
	judged, n := 0, 0
	for _, e := range x.Sweep.Flips {
		designs, why := x.about(e)
		s := &search{expect: e, designs: designs, out: Flipping{Expect: e.Text(), Remark: why}}
		if why.Format == "" {
			x.steps(s, judged)
			judged++
			n += len(s.steps)
		}
		all = append(all, s)
	}
	x.search = true
	for _, s := range all {
		if err := x.flip(ctx, s, &n); err != nil {
			return err
		}
		x.out.Flips = append(x.out.Flips, s.out)
	}
	return nil
}

// search is an expectation whose flips are searched.
type search struct {
	expect  *expect.Expectation
	designs []int
	steps   [][2]float64 // of the curve, over which it flips
	out     Flipping
}

// about lists the designs of an expectation; or says why it cannot be judged here.
func (x *execution) about(e *expect.Expectation) (designs []int, why spell.Text) {
	varied := false
	for _, r := range e.Metrics() {
		d := -1
		for i := range x.Designs {
			if x.Designs[i].Name == r.Design || r.Design == "" && len(x.Designs) == 1 {
				d = i
			}
		}
		if d < 0 {
			return nil, spell.Textf("is not judged: design %s was not run", r.Design)
		}
		if !slices.Contains(designs, d) {
			designs = append(designs, d)
		}
		varied = varied || x.Axes[0].has[d]
	}
	slices.Sort(designs)
	if !varied {
		return nil, spell.Textf("does not depend on %s: no design of it has this parameter", x.Axes[0].Path)
	}
	return designs, spell.Text{}
}

// steps finds the steps of the curve over which an expectation flips.
func (x *execution) steps(s *search, index int) {
	var curve []probe
	for _, p := range x.out.Points {
		curve = append(curve, probeAt(p.At[0].X, p.Result.Expectations[index]))
	}
	s.steps = flips(curve)
	if len(s.steps) == 0 {
		s.out.Remark = throughout(curve)
	}
	if n := len(s.steps); n > maxFlips {
		s.out.Remark = spell.Textf("flips %d times, of which the first %d are shown", n, maxFlips)
		s.steps = s.steps[:maxFlips]
	}
}

// flip searches the flips of an expectation; n is the number of all that are left.
func (x *execution) flip(ctx context.Context, s *search, n *int) error {
	a := x.Axes[0]
	var outer []float64
	for _, p := range a.Places {
		outer = append(outer, p.X)
	}
	f := &flipper{outer: outer, log: a.Log, integer: a.Integer, precision: x.Precision, least: max(x.Reps, flipReps), most: x.last(),
		eval: func(ctx context.Context, xs []float64, reps int) ([]probe, error) {
			return x.probes(ctx, s.expect, s.designs, xs, reps)
		}}
	for _, step := range s.steps {
		x.left = (x.FlipBudget() - x.out.Searched) / *n
		*n--
		found, err := f.search(ctx, step[0], step[1])
		option, most := "--max-runs", x.MaxRuns
		switch {
		case errors.Is(err, errSpent):
			option, most = "--flip-runs", x.FlipBudget()
			fallthrough
		case errors.Is(err, errRuns):
			s.out.Remark = spell.Textf("flips between %s and %s; finding out where takes more than %d runs: raise %s", a.Show(step[0]), a.Show(step[1]), most, option)
			continue
		case err != nil:
			return err
		}
		if err := x.beyond(ctx, s.designs, &found); err != nil {
			return err
		}
		s.out.Flips = append(s.out.Flips, found)
	}
	return nil
}

// beyond looks at what happens where an expectation is just missed: one more run of each
// of its designs, here, whoever works on the others.
func (x *execution) beyond(ctx context.Context, designs []int, f *Flip) error {
	open := f.OpenLow
	if f.Missed = f.Low; f.Below {
		f.Missed, open = f.High, f.OpenHigh
	}
	p, err := x.Axes[0].At(f.Missed)
	if err != nil || open {
		return nil // the interval ends beyond what was varied
	}
	s, err := x.Bundle.Parse()
	if err != nil {
		return err
	}
	settings, err := (&Job{Run: x.Run}).settings(s)
	if err != nil {
		return err
	}
	settings.Findings = true
	for _, i := range designs {
		name := x.Designs[i].Name
		d, err := With(s.Design(name), append(slices.Clip(x.Set[name]), x.Axes[0].Path+"="+p.Text))
		if err != nil {
			continue // a design without the parameter
		}
		plan, err := sim.Prepare(d, settings)
		if err != nil {
			return err
		}
		out, err := plan.Run(ctx, 1, nil)
		if err != nil {
			return err
		}
		if len(out.Findings) > 0 {
			f.Found = append(f.Found, spell.Textf("%s: %s [%s]", name, &out.Findings[0], out.Findings[0].ID))
		}
	}
	return nil
}

// probes judges an expectation at values of the axis.
func (x *execution) probes(ctx context.Context, e *expect.Expectation, designs []int, xs []float64, reps int) ([]probe, error) {
	var cells []cell
	var places []Place
	for _, v := range xs {
		p, err := x.Axes[0].At(v)
		if err != nil {
			return nil, err
		}
		places = append(places, p)
		for _, d := range designs {
			cells = append(cells, cell{d, []Place{p}})
		}
	}
	if err := x.fetch(ctx, "where it flips: "+e.Text(), cells, reps); err != nil {
		return nil, err
	}
	var out []probe
	for i, v := range xs {
		r, err := x.merged(designs, places[i:i+1], reps, []*expect.Expectation{e})
		if err != nil {
			return nil, err
		}
		if r == nil || len(r.Expectations) == 0 {
			return nil, fmt.Errorf("at %s=%s: %s", x.Axes[0].Path, places[i].Text, strings.Join(x.out.Failed, "; "))
		}
		out = append(out, probeAt(v, r.Expectations[0]))
	}
	return out, nil
}

// probeAt is a verdict at a value.
func probeAt(x float64, v sim.Verdict) probe {
	p := probe{x: x, room: v.Room()}
	switch {
	case v.Inconclusive:
	case v.Pass:
		p.side = 1
	default:
		p.side = -1
	}
	return p
}
