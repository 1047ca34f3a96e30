package lessons

import (
	"context"
	"fmt"
	"math"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// Report is what came of checking lessons.
type Report struct {
	Mistakes Diagnostics // of format, links and translations
	Unmet    Diagnostics // what the engine does not show
	Lessons  int
	Claims   int // quotes of claims that were compared with a run
	Proofs   int // right answers, goals and attempts
	Runs     int
	Events   uint64
}

// Check checks lessons: what was found when they were read, and everything that
// they say about runs. Lessons with mistakes are not run. The error is that of
// ctx.
func Check(ctx context.Context, shelf Shelf, progress func(done, of int)) (*Report, error) {
	out := &Report{Mistakes: shelf.Mistakes(), Lessons: len(shelf)}
	x := &runs{lanes: map[string]*lane{}}
	c := &checker{Report: out, runs: x}
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
			}
		}
	}
	if err := x.make(ctx, progress); err != nil {
		return out, err
	}
	for _, judge := range c.after {
		judge()
	}
	out.Runs, out.Events = x.made, x.events
	out.Unmet = sorted(out.Unmet)
	return out, nil
}

// checker first notes what has to be run, then judges.
type checker struct {
	*Report
	runs  *runs
	after []func()
}

func (c *checker) unmet(l *Lesson, p at, hint, format string, args ...any) {
	c.Unmet = append(c.Unmet, diagnose(l.Path, l.src, p, hint, fmt.Sprintf(format, args...)))
}

// scene is the scene of a setup and what is asked of it; nil after a mistake.
func (c *checker) scene(l *Lesson, p at, u *Setup, t *Attempt, all ...*expect.Expectation) *scene {
	s, err := c.runs.scene(l, u, t)
	if err != nil {
		c.unmet(l, p, "", "%v", err)
		return nil
	}
	for _, e := range all {
		s.ask(e, u.Designs)
	}
	return s
}

// quotes checks every place where a text quotes a claim.
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
		s := c.scene(l, u.at, claim.setup, claim.attempt, e)
		if s == nil {
			continue
		}
		c.Claims++
		c.after = append(c.after, func() {
			if err := s.err(); err != nil {
				c.unmet(l, u.at, "", "%v", err)
				return
			}
			if msg := claim.compare(u.text, judge(e, claim.setup.Designs, s)); msg != "" {
				c.unmet(l, u.at, "", "%s", msg)
			}
		})
	}
}

// compare tells how a text and a run differ; "" if they do not.
func (c *Claim) compare(text string, out expect.Outcome) string {
	if c.Condition != nil {
		if out.Pass {
			return ""
		}
		return fmt.Sprintf("the run does not show %q: %s", show(c.Condition), out.Detail)
	}
	value := out.Bound // of "0 <= expression"
	if math.IsNaN(value) {
		return fmt.Sprintf("the run gives no value for %q: %s", c.Name, out.Detail)
	}
	got, err := readShown(text)
	if err != nil {
		return err.Error()
	}
	room := got.half
	room = max(room, allowance(c.Tolerance, value))
	if math.Abs(got.value-value) <= room*(1+1e-9)+1e-12*math.Abs(value) {
		return ""
	}
	return fmt.Sprintf("the text says %q, and the run gives %s", text, draw.FormatQuantity(value, c.unit))
}

// allowance is how far a value may be away: a share is a share of the value.
func allowance(tolerance draw.Quantity, value float64) float64 {
	if tolerance.Unit == draw.Ratio {
		return tolerance.Value * math.Abs(value)
	}
	return tolerance.Value
}

// activity checks right answers, goals and attempts.
func (c *checker) activity(l *Lesson, a *Activity) {
	if a.Kind != Task && (len(a.expectations()) > 0 || a.Curve != nil) {
		if s := c.scene(l, a.at, a.setup, nil, a.expectations()...); s != nil {
			if a.Curve != nil {
				s.askCurve(a.Curve)
			}
			c.Proofs++
			c.after = append(c.after, func() { c.answers(l, a, s) })
		}
		return
	}
	if a.Kind != Task {
		return
	}
	for _, t := range []*Attempt{a.Solution, a.Naive} {
		s := c.scene(l, t.at, a.setup, t, a.expectations()...)
		if s == nil {
			continue
		}
		c.Proofs++
		c.after = append(c.after, func() { c.attempt(l, a, t, s) })
	}
}

// answers checks that the right answer is right, and that wrong ones are wrong.
func (c *checker) answers(l *Lesson, a *Activity, s *scene) {
	if err := s.err(); err != nil {
		c.unmet(l, a.at, "", "%v", err)
		return
	}
	if n := a.Number; n != nil {
		if out := judge(n.Answer, a.setup.Designs, s); math.IsNaN(out.Bound) {
			c.unmet(l, a.at, "", "the run gives no answer: %s", out.Detail)
		}
	}
	for _, ch := range a.Choices {
		if ch.Holds == nil {
			continue
		}
		out := judge(ch.Holds, a.setup.Designs, s)
		switch {
		case ch.Right && !out.Pass:
			c.unmet(l, ch.at, "", "the right answer is not what the run shows: %s: %s", show(ch.Holds), out.Detail)
		case !ch.Right && out.Pass:
			c.unmet(l, ch.at, "", "a wrong answer is what the run shows: %s: %s", show(ch.Holds), out.Detail)
		}
	}
	if a.Curve != nil {
		c.curve(l, a, s)
	}
}

const (
	curveNear  = 0.1 // of its height: the mean distance of the right curve
	curveApart = 2   // times farther are the wrong ones
)

func (c *checker) curve(l *Lesson, a *Activity, s *scene) {
	series, _ := s.Series(a.Curve.Design, a.Curve.Metric)
	right := a.Right()
	near, height, ok := distance(a.Choices[right].Points, series)
	if !ok {
		c.unmet(l, a.at, "take a metric that changes over time", "the run has no curve of %s", a.Curve.Metric)
		return
	}
	if near > curveNear {
		c.unmet(l, a.Choices[right].at, fmt.Sprintf("the curve of the run: %s", sketch(series, a.Curve.Unit)),
			"the right curve is %.0f%% of its height of %s away from that of the run", 100*near, draw.FormatQuantity(height, a.Curve.Unit))
	}
	for i, ch := range a.Choices {
		if far, _, _ := distance(ch.Points, series); i != right && far < curveApart*near {
			c.unmet(l, ch.at, "", "this wrong curve is nearly as close to that of the run as the right one")
		}
	}
}

// distance is how far a drawn curve is from one of a run, on average, as a share
// of the height of the latter.
func distance(points []Point, s measure.Series) (share, height float64, ok bool) {
	sum, n := 0.0, 0
	for i, v := range s.Values {
		if t := s.Start + (float64(i)+0.5)*s.Width; !math.IsNaN(v) {
			sum += math.Abs(v - curveAt(points, t))
			height = max(height, math.Abs(v))
			n++
		}
	}
	if n == 0 || height == 0 {
		return 0, height, false
	}
	return sum / float64(n) / height, height, true
}

// sketch is a curve in a few points, as a lesson would write it.
func sketch(s measure.Series, u draw.Unit) string {
	var parts []string
	for k := range 7 {
		i := min(k*len(s.Values)/6, len(s.Values)-1)
		if v := s.Values[i]; !math.IsNaN(v) {
			t := s.Start + (float64(i)+0.5)*s.Width
			parts = append(parts, draw.FormatDuration(t)+" "+draw.FormatQuantity(v, u))
		}
	}
	return strings.Join(parts, ", ")
}

// attempt checks that the solution meets every goal and the naive try does not.
func (c *checker) attempt(l *Lesson, a *Activity, t *Attempt, s *scene) {
	if err := s.err(); err != nil {
		c.unmet(l, t.at, "", "%v", err)
		return
	}
	met := true
	for _, g := range a.Goals {
		out := judge(g.Expect, a.setup.Designs, s)
		met = met && out.Pass
		if !out.Pass && t == a.Solution {
			c.unmet(l, t.at, "", "the solution does not meet the goal %s: %s", show(g.Expect), out.Detail)
		}
	}
	if met && t == a.Naive {
		c.unmet(l, t.at, "make the goals stricter, or the try more naive", "the naive try solves the task")
	}
}
