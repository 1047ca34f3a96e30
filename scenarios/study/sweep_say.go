package study

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/spell"
)

// Sentences say what the sweep found: knees, crossings, and where expectations flip.
func (s *Swept) Sentences() (out []spell.Text) {
	for _, f := range s.Flips {
		out = append(out, s.sayFlip(f)...)
	}
	out = append(out, s.remarks()...)
	for _, k := range s.Knees {
		out = append(out, s.sayKnee(k))
	}
	for _, c := range s.Crossings {
		out = append(out, s.sayCrossing(c))
	}
	return out
}

func (s *Swept) sayFlip(f Flipping) (out []spell.Text) {
	a := s.Axes[0]
	for _, x := range f.Flips {
		text := spell.Textf("the smallest %s at which %q holds is %s", a.Path, f.Expect, a.flip(x))
		if x.Below {
			text = spell.Textf("the largest %s at which %q holds is %s", a.Path, f.Expect, a.flip(x))
		}
		switch {
		case x.OpenLow && x.OpenHigh:
			text = spell.Textf("%s: the noise of %d replications hides it in the whole range", text, x.Replications)
		case x.OpenLow:
			text = spell.Textf("%s, or below: the range begins too late to tell", text)
		case x.OpenHigh:
			text = spell.Textf("%s, or above: the range ends too early to tell", text)
		case x.Spent:
			text = spell.Textf("%s; the search ended with the %d runs that it may take (--flip-runs)", text, s.FlipBudget())
		case !x.Reached:
			text = spell.Textf("%s, no narrower with %d replications", text, x.Replications)
		}
		out = append(out, text)
		for _, found := range x.Found {
			out = append(out, spell.Textf("at %s, where it does not hold, %s", a.Show(x.Missed), found))
		}
	}
	return out
}

// remarks are about expectations without a flip: one that they share is said once.
func (s *Swept) remarks() (out []spell.Text) {
	count := map[string]int{}
	for _, f := range s.Flips {
		count[f.Remark.String()]++
	}
	for _, f := range s.Flips {
		switch n := count[f.Remark.String()]; {
		case f.Remark.Format == "" || n == 0:
		case n == 1:
			out = append(out, spell.Textf("%q %s", f.Expect, f.Remark))
		default:
			out = append(out, spell.Textf("each of %d expectations %s", n, f.Remark))
			count[f.Remark.String()] = 0
		}
	}
	return out
}

// flip writes the value of a flip with its interval: "3,140/s [3,090/s, 3,200/s]".
func (a *Axis) flip(x Flip) spell.Text {
	round := a.roundings(x.High - x.Low)
	interval := "[" + round(x.Low, math.Floor) + ", " + round(x.High, math.Ceil) + "]"
	if math.IsNaN(x.At) {
		return spell.Textf("somewhere in %s", interval)
	}
	return spell.Textf("%s", round(x.At, math.Round)+" "+interval)
}

func (s *Swept) sayKnee(k Knee) spell.Text {
	a := s.Axes[0]
	first, last := a.Places[0].Text, a.Places[len(a.Places)-1].Text
	head := spell.Textf("%s", k.Design)
	if len(s.kneeLoads()) > 1 {
		head = spell.Textf("%s for %s", k.Design, k.Load)
	}
	switch {
	case k.Found:
		return spell.Textf("%s has its knee at %s [%s, %s], where throughput over mean latency is greatest", head, a.Show(k.At), a.Show(k.Low), a.Show(k.High))
	case k.Unclear:
		return spell.Textf("%s: the knee is not located between %s and %s: the noise hides where throughput over mean latency is greatest; more --reps, or more values, tell", head, first, last)
	case k.Rising:
		return spell.Textf("%s has no knee up to %s: throughput over mean latency still rises", head, last)
	}
	return spell.Textf("%s has no knee from %s on: throughput over mean latency only falls", head, first)
}

func (s *Swept) sayCrossing(c Crossing) spell.Text {
	a := s.Axes[0]
	lower, higher := c.A, c.B
	if !c.Below {
		lower, higher = c.B, c.A
	}
	return spell.Textf("%s: %s is lower below, %s above; they cross near %s [%s, %s]", c.Metric, lower, higher, a.roundings((c.High-c.Low)/10)(c.At, math.Round), a.Show(c.Low), a.Show(c.High))
}

// Troubles are what makes numbers of some points mean something else than it seems:
// runs that a budget ended, failures and warnings, each with the values where it is so.
func (s *Swept) Troubles() (out []spell.Text) {
	type trouble struct {
		text spell.Text
		at   []string
	}
	var all []*trouble
	known := map[string]*trouble{}
	add := func(key string, text spell.Text, p Point) {
		t := known[key]
		if t == nil {
			t = &trouble{text: text}
			known[key], all = t, append(all, t)
		}
		t.at = append(t.at, s.place(p))
	}
	for _, p := range s.Points {
		for _, d := range p.Result.Designs {
			if d.Ended.Budget() {
				add("end "+d.Name+string(d.Ended), spell.Textf("%s: ended early (%s): what was measured until then is shown", d.Name, d.Ended), p)
			}
		}
	}
	for _, p := range s.Points {
		for _, d := range p.Result.Designs {
			for _, w := range d.Warnings {
				if _, metric := refs.find(w.Element); metric && !slices.Contains(s.Metrics, w.Element) {
					continue // about a number that is not shown
				}
				element := ""
				if w.Element != "" {
					element = w.Element + ": "
				}
				text := sim.Warning{Kind: w.Kind, Element: w.Element, Terms: w.Terms}
				add(d.Name+w.ID()+w.Element, spell.Textf("%s: %s%s [%s]", d.Name, element, text, w.ID()), p)
			}
		}
	}
	for _, t := range all {
		switch n := len(t.at); {
		case n == len(s.Points):
			out = append(out, t.text)
		case n == 1:
			out = append(out, spell.Textf("%s, at %s", t.text, t.at[0]))
		case n <= 3:
			out = append(out, spell.Textf("%s, at %s and %s", t.text, strings.Join(t.at[:n-1], ", "), t.at[n-1]))
		default:
			out = append(out, spell.Textf("%s, at %d of %d values, %s to %s", t.text, n, len(s.Points), t.at[0], t.at[n-1]))
		}
	}
	for _, f := range s.Failed {
		out = append(out, spell.Textf("failed: %s", f))
	}
	return out
}

// place names a point: "50/s", of two axes "50/s × 4".
func (s *Swept) place(p Point) string {
	var texts []string
	for _, q := range p.At {
		texts = append(texts, q.Text)
	}
	return strings.Join(texts, " × ")
}

// OverBudget reports whether a budget ended a run.
func (s *Swept) OverBudget() bool {
	return slices.ContainsFunc(s.Points, func(p Point) bool { return p.Result.OverBudget() })
}

// headline says what was run.
func (s *Swept) headline() string {
	var parts []string
	for _, a := range s.Axes {
		parts = append(parts, fmt.Sprintf("%s from %s to %s", a.Path, a.Places[0].Text, a.Places[len(a.Places)-1].Text))
	}
	return fmt.Sprintf("%s: %s × %s × %s, seed %d", strings.Join(parts, ", "), s.places(), plural(len(s.Designs), "design"), plural(s.Reps, "replication"), s.Run.Seed)
}

// words are sentences in English.
func words(all []spell.Text) (out []string) {
	for _, t := range all {
		out = append(out, t.String())
	}
	return out
}

// footnotes explain the numbers.
func (s *Swept) footnotes() (out []string) {
	if s.Reps > 1 {
		out = append(out, "± is half of a 95% interval of the mean over the replications; all points have the same random numbers")
	} else {
		out = append(out, "every point ran once, so small differences may be chance; --reps 5 shows every number with its 95% interval")
	}
	if slices.ContainsFunc(s.Flips, func(f Flipping) bool { return len(f.Flips) > 0 }) {
		out = append(out, "[a, b] of a flip: the value lies there with 95% confidence")
	}
	if len(s.Crossings) > 0 {
		out = append(out, "[a, b] of a crossing: the nearest values with a clear paired difference")
	}
	if n := len(s.grid()); len(s.Points) < n {
		out = append(out, fmt.Sprintf("%d of %d points were finished", len(s.Points), n))
	}
	runs := plural(s.Runs, "run")
	if s.Searched > 0 {
		runs += fmt.Sprintf(", %d of them in search of flips", s.Searched)
	}
	return append(out, fmt.Sprintf("%s, %s events", runs, grouped(draw.FormatQuantity(float64(s.Events), draw.None))))
}
