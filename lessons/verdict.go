package lessons

import (
	"math"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// Verdict is what came of a run that ended.
type Verdict struct {
	Activity *Activity
	Guess    Guess          // of a prediction
	Truth    float64        // of a prediction of a number, in its unit; NaN: the run gave none
	Right    bool           // the prediction was right; the task is solved
	Proof    expect.Outcome // what the run shows of the right choice, where that has a proof
	Goals    []GoalVerdict  // of a task
}

// GoalVerdict is a goal and what a run shows of it.
type GoalVerdict struct {
	Goal *Goal
	expect.Outcome
}

// Finished is to be called when a run has come to the end of the step (Until of
// its setup). It compares a prediction, or judges an attempt at a task; nil if
// nothing waits for a run.
func (p *Player) Finished(run Evidence, now time.Time) *Verdict {
	a := p.Gate()
	switch {
	case a == nil:
		return nil
	case a.Kind == Prediction && p.guess != nil:
		return p.compare(a, run, now)
	case a.Kind == Task:
		return p.attempt(a, run, now)
	}
	return nil
}

func (p *Player) compare(a *Activity, run Evidence, now time.Time) *Verdict {
	v := &Verdict{Activity: a, Guess: *p.guess, Truth: math.NaN()}
	log := p.log()
	t := &log.Predictions[len(log.Predictions)-1]
	switch n := a.Number; {
	case n != nil:
		if out := judge(n.Answer, a.setup.Designs, run); !math.IsNaN(out.Bound) {
			v.Truth = out.Bound / n.Scale
			v.Right = n.near(v.Guess.Value, v.Truth)
			t.Truth = &v.Truth
		}
	default:
		right := a.Right()
		v.Right = v.Guess.Choice == right
		if holds := a.Choices[right].Holds; holds != nil {
			v.Proof = judge(holds, a.setup.Designs, run)
		}
	}
	t.Judged, t.Right = true, v.Right
	p.guess = nil
	delete(p.fresh, a)
	p.progress(now)
	return v
}

// near tells whether a guess counts as right; both are in the unit.
func (n *Number) near(guess, truth float64) bool {
	room := n.Tolerance.Value / n.Scale
	if n.Tolerance.Unit == draw.Ratio {
		room = n.Tolerance.Value * math.Abs(truth)
	} else if n.Tolerance.Unit == draw.None {
		room = n.Tolerance.Value
	}
	return math.Abs(guess-truth) <= room*(1+1e-9)
}

func (p *Player) attempt(a *Activity, run Evidence, now time.Time) *Verdict {
	v := &Verdict{Activity: a, Right: true, Truth: math.NaN()}
	t := Try{At: now, Judged: true}
	for i := range a.Goals {
		out := judge(a.Goals[i].Expect, a.setup.Designs, run)
		v.Goals = append(v.Goals, GoalVerdict{&a.Goals[i], out})
		v.Right = v.Right && out.Pass
		t.Goals = append(t.Goals, out.Pass)
	}
	t.Right = v.Right
	log := p.log()
	log.Attempts = append(log.Attempts, t)
	if v.Right {
		delete(p.fresh, a)
	}
	p.progress(now)
	return v
}

// Goals are the goals of the task of this step as a run stands now, without
// writing anything down; nil if the step has none.
func (p *Player) Goals(run Evidence) (out []GoalVerdict) {
	for _, a := range p.Step().Activities() {
		for i := range a.Goals {
			out = append(out, GoalVerdict{&a.Goals[i], judge(a.Goals[i].Expect, a.setup.Designs, run)})
		}
	}
	return out
}
