package lessons

import (
	"context"
	"fmt"
	"math"

	"asynclab/lessons/internal/runs"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// fewSeeds are made of the seeds of a band at every check: thirty of each would take a
// minute. The command has --seeds for the rest.
const fewSeeds = 5

// Report is the result of checking lessons.
type Report struct {
	Mistakes Diagnostics // of format, links and translations
	Unmet    Diagnostics // statements that the runs do not confirm
	Lessons  int
	Claims   int // quotes of claims that were compared with a run
	Proofs   int // right answers, goals and attempts
	Hunted   int // ways around tasks that were tried
	Runs     int
	Events   uint64
}

// Check reports the mistakes that were found when the lessons were read, and checks
// every claim, answer and task against runs; with hunt, it also looks for ways around
// the tasks. With seeds, everything but the hunt must hold with so many seeds, counted
// from that of the scenario. Lessons with mistakes are not run. The only error is that
// of ctx.
func Check(ctx context.Context, shelf Shelf, hunt bool, seeds int, progress func(done, of int)) (*Report, error) {
	c := &checker{Report: &Report{Mistakes: shelf.Mistakes(), Lessons: len(shelf)}, seeds: max(seeds, 1)}
	for _, f := range shelf {
		if len(f.Mistakes) > 0 {
			continue
		}
		for _, l := range f.Lessons {
			c.quotes(l)
		}
		for i := range f.Lessons[0].Steps {
			for _, a := range f.Lessons[0].Steps[i].Activities() {
				c.activity(f.Lessons[0], a)
				if hunt {
					c.hunt(f.Lessons[0], a)
				}
			}
		}
	}
	if err := c.runs.Make(ctx, progress); err != nil {
		return c.Report, err
	}
	for _, judge := range c.after {
		judge()
	}
	c.Runs, c.Events = c.runs.Made, c.runs.Events
	c.Unmet = yamltree.Sorted(c.Unmet)
	return c.Report, nil
}

// checker first collects the runs that are needed, then judges.
type checker struct {
	*Report
	runs  runs.Set
	seeds int
	after []func()
}

// proof is a statement of an activity that a run of its setup must confirm.
type proof struct {
	at      yamltree.Pos
	attempt *Attempt // applied to the setup before the run; nil: none
	curve   *Curve   // the series that the run must record; nil: none
	judge   func(s scene)
	unmet   func(p yamltree.Pos, hint, format string, args ...any) // reports a statement that the run does not confirm
}

// unmet returns a function that reports statements of a lesson that its runs do not
// confirm.
func (c *checker) unmet(l *Lesson) func(p yamltree.Pos, hint, format string, args ...any) {
	return func(p yamltree.Pos, hint, format string, args ...any) {
		c.Unmet = append(c.Unmet, l.report.Diagnose(p, hint, fmt.Sprintf(format, args...)))
	}
}

// later requests the runs of a setup, with the changes of an attempt if t is not
// nil, and calls judge after all runs are made: once for each seed, until it reports
// something. It adds one to count.
func (c *checker) later(count *int, l *Lesson, p yamltree.Pos, u *Setup, t *Attempt, all []*expect.Expectation, curve *Curve, seeds int, judge func(s scene)) {
	*count++
	seeds = seedsOf(u, seeds)
	found := len(c.Unmet)
	for k := range seeds {
		c.request(l, p, u, t, all, curve, k, func(s scene) {
			if k == 0 {
				found = len(c.Unmet)
			} else if len(c.Unmet) > found {
				return
			}
			judge(s)
			for i := found; k > 0 && i < len(c.Unmet); i++ {
				c.Unmet[i].Msg += fmt.Sprintf(" (with seed %d)", l.Config(u).Seed+uint64(k))
			}
		})
	}
}

// seedsOf is with how many seeds a setup is checked: those that were asked for, or a few of
// its band.
func seedsOf(u *Setup, seeds int) int {
	if u == nil || seeds == 0 {
		return seeds
	}
	return max(seeds, min(u.Seeds, fewSeeds))
}

// request requests the runs of a setup with a seed so far from that of the scenario.
func (c *checker) request(l *Lesson, p yamltree.Pos, u *Setup, t *Attempt, all []*expect.Expectation, curve *Curve, seed int, judge func(s scene)) {
	unmet := c.unmet(l)
	s, err := l.scene(&c.runs, u, t, all, seed)
	if err != nil {
		unmet(p, "", "%v", err)
		return
	}
	if curve != nil && s[curve.Design] != nil {
		s[curve.Design].AskSeries(curve.Metric)
	}
	c.after = append(c.after, func() {
		if err := s.err(); err != nil {
			unmet(p, "", "%v", err)
			return
		}
		judge(s)
	})
}

// quotes checks every quote of a claim in the texts of a lesson.
func (c *checker) quotes(l *Lesson) {
	for _, u := range l.uses {
		claim := l.claims[u.target]
		if u.kind != ClaimSpan || claim == nil {
			continue
		}
		e := claim.Value
		if claim.Condition != nil {
			e = claim.Condition
		}
		all := []*expect.Expectation{e}
		low, high, seeds := math.Inf(1), math.Inf(-1), seedsOf(claim.setup, c.seeds)
		for k := range seeds {
			if seeds == 1 || claim.Condition != nil {
				break
			}
			c.request(l, u.at, claim.setup, claim.attempt, all, nil, k, func(s scene) {
				if is := judge(e, claim.setup.Designs, s).Value; !math.IsNaN(is) {
					low, high = min(low, is), max(high, is)
				}
			})
		}
		c.later(&c.Claims, l, u.at, claim.setup, claim.attempt, all, nil, c.seeds, func(s scene) {
			if msg := claim.compare(u.text, s); msg != "" {
				hint := ""
				if low < high {
					hint = fmt.Sprintf("with %d seeds it is %s to %s: write a range", seeds, draw.FormatQuantity(low, claim.unit), draw.FormatQuantity(high, claim.unit))
				}
				c.unmet(l)(u.at, hint, "%s", msg)
			}
		})
	}
}

// activity checks right answers, goals and attempts.
func (c *checker) activity(l *Lesson, a *Activity) {
	for _, p := range a.Kind.prove(a) {
		p.unmet = c.unmet(l)
		c.later(&c.Proofs, l, p.at, a.setup, p.attempt, a.expectations(), p.curve, c.seeds, p.judge)
	}
}

// scene is the evidence of a setup, or of an attempt: readings by name of design.
type scene map[string]*runs.Reading

// scene requests the runs of a setup, with the changes of an attempt if t is not nil,
// and what some expectations ask of them; their seed is so far from that of the scenario.
func (l *Lesson) scene(x *runs.Set, u *Setup, t *Attempt, all []*expect.Expectation, seed int) (scene, error) {
	designs, err := l.designs(u, t)
	if err != nil {
		return nil, err
	}
	s := scene{}
	for _, d := range designs {
		if s[d.Name], err = x.At(l.state(u, t, d, seed), u.Until); err != nil {
			return nil, err
		}
	}
	for _, e := range all {
		for _, ref := range e.Metrics() {
			if r := s[designOf(ref.Design, u.Designs)]; r != nil && ref.Window != nil && !isParam(ref) {
				r.AskWindow(ref.Metric, *ref.Window)
			}
		}
	}
	return s, nil
}

// err is the first error of the runs.
func (s scene) err() error {
	for _, r := range s {
		if err := r.Err(); err != nil {
			return err
		}
	}
	return nil
}

// Run makes the run of an activity's setup, with a student's changes, to its end. It
// is for students without a window.
func (a *Activity) Run(ctx context.Context, l *Lesson, set []Change) (Evidence, error) {
	return a.run(ctx, l, set, 0)
}

// Spread is the least and the greatest value of what was predicted, in its unit, over
// the seeds of the setup; ok is false if there are none, or nothing to measure.
func (a *Activity) Spread(ctx context.Context, l *Lesson) (low, high float64, ok bool, err error) {
	if a.Number == nil || a.setup.Seeds == 0 {
		return 0, 0, false, nil
	}
	low, high = math.Inf(1), math.Inf(-1)
	for seed := range a.setup.Seeds {
		run, err := a.run(ctx, l, nil, seed)
		if err != nil {
			return 0, 0, false, err
		}
		if out := judge(a.Number.Answer, a.setup.Designs, run); !math.IsNaN(out.Value) {
			low, high = min(low, out.Value/a.Number.Scale), max(high, out.Value/a.Number.Scale)
		}
	}
	return low, high, low <= high, nil
}

// run makes a run with a seed so far from that of the scenario.
func (a *Activity) run(ctx context.Context, l *Lesson, set []Change, seed int) (Evidence, error) {
	var x runs.Set
	s, err := l.scene(&x, a.setup, &Attempt{Set: set}, a.expectations(), seed)
	if err == nil && a.Curve != nil && s[a.Curve.Design] != nil {
		s[a.Curve.Design].AskSeries(a.Curve.Metric)
	}
	if err == nil {
		err = x.Make(ctx, nil)
	}
	if err == nil {
		err = s.err()
	}
	return s, err
}

func (s scene) Metric(design, metric string, w *expect.Window) (float64, draw.Unit, bool) {
	return s[design].Metric(metric, w)
}

func (s scene) Design(name string) *design.Design { return s[name].Design() }

func (s scene) Series(design, metric string) (measure.Series, bool) { return s[design].Series(metric) }
