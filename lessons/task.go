package lessons

import (
	"strings"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// Task asks the student to reach goals by changing the design.
var Task = &ActivityKind{Block: "task", Log: "attempts", Row: "attempt", Later: true,
	doc:   "something to reach, checked on the student's own run",
	words: map[string]words{"name": {"en": "task", "zh-Hans": "任务"}, "solution": {"en": "one solution: %s", "zh-Hans": "一种解法：%s"}},
	page: func(a *Activity, say sayer) (shown, answer []Line) {
		for _, g := range a.Goals {
			shown = append(shown, Line{"- ", g.Text})
		}
		if a.Solution != nil && len(a.Solution.Set) > 0 {
			all := names(a.Solution.Set, Change.String)
			answer = []Line{{Text: Text{{Text: say("solution", strings.Join(all, ", "))}}}}
		}
		return shown, answer
	},
	keys: []prop[draft]{
		{"goals", true, false, "what the run must show at `until`, one to twelve: `text` and `expect`", func(*reader, *yamltree.Node, *draft) {}}, // finish reads them
		{"solution", true, true, "changes against the setup that meet every goal", func(r *reader, n *yamltree.Node, d *draft) { d.Solution = r.attempt(d.Activity, n, "the solution") }},
		{"naive", true, true, "changes that do not", func(r *reader, n *yamltree.Node, d *draft) { d.Naive = r.attempt(d.Activity, n, "the naive try") }},
	},
	finish: (*reader).goals,
	expects: func(a *Activity) []*expect.Expectation {
		var all []*expect.Expectation
		for _, g := range a.Goals {
			all = append(all, g.Expect)
		}
		return all
	},
	check: func(r *reader, a *Activity) {
		for _, t := range []*Attempt{a.Solution, a.Naive} {
			if t != nil {
				r.judgeChanges(a.setup, t.Set)
				r.judgeFaults(t.at, a.setup, t.Faults)
			}
		}
	},
	prove:  proveAttempts,
	passed: func(t Try) bool { return t.Right },
	judge:  judgeTask,
}

// Goal is one thing that a task asks for.
type Goal struct {
	Text   Text
	Expect *expect.Expectation
}

// Attempt is changes to a setup: a solution of a task, or a naive try that must fail.
type Attempt struct {
	Set    []Change       // those with a time are made during the run
	Faults []string       // nil: as in the setup
	claims *yamltree.Node // while it is read
	at     yamltree.Pos
}

var goalObject = object[Goal]{"a goal", []prop[Goal]{
	{"text", true, false, "what the student reads", func(r *reader, n *yamltree.Node, g *Goal) { g.Text = r.text(n) }},
	{"expect", true, true, "the expectation that the run must meet", func(r *reader, n *yamltree.Node, g *Goal) { g.Expect = r.expectation(n) }},
}}

// goals reads the goals. It also checks the numbers of the task's texts, because goals
// and solution are known only then.
func (r *reader) goals(d *draft) {
	goals := d.n.Get("goals")
	if goals == nil {
		r.strays = nil
		return
	}
	items := r.list(goals)
	if r.original == nil {
		d.Goals = make([]Goal, len(items))
	} else if len(items) != len(d.Goals) {
		r.At(goals, "one text for each, in the same order", "the original has %d goals, this has %d", len(d.Goals), len(items))
	}
	for i, item := range items[:min(len(items), len(d.Goals))] {
		if r.original != nil {
			d.Goals[i].Text = r.text(item)
		} else {
			goalObject.read(r, item, &d.Goals[i])
		}
	}
	if len(d.Goals) == 0 || len(d.Goals) > maxChoices {
		r.At(goals, "", "a task has one to %d goals", maxChoices)
	}
	r.reportStrays(d.numbers())
}

// numbers returns the numbers that the texts of a task may mention: those of its
// goals and its solution.
func (a *Activity) numbers() (all []numeral.Literal) {
	for _, g := range a.Goals {
		if g.Expect != nil {
			all = append(all, numeral.Literals(g.Expect.Text())...)
		}
	}
	if a.Solution != nil {
		for _, c := range a.Solution.Set {
			all = append(all, numeral.Literals(c.Value)...)
			if c.At > 0 {
				all = append(all, numeral.Literals(draw.Quantity{Value: c.At.Seconds(), Unit: draw.Seconds}.String())...)
			}
		}
	}
	return all
}

var attemptProps = []prop[Attempt]{
	{"set", false, false, "parameters, as in a setup", func(r *reader, n *yamltree.Node, t *Attempt) { t.Set = append(t.Set, r.changes(n, 0)...) }},
	{"faults", false, false, "only these faults; otherwise those of the setup", func(r *reader, n *yamltree.Node, t *Attempt) { t.Faults = r.words(n) }},
	{"then", false, false, "what changes while it runs: a list of `at` and `set`", func(r *reader, n *yamltree.Node, t *Attempt) {
		for _, item := range r.list(n) {
			var c struct{ at, set *yamltree.Node }
			thenObject.read(r, item, &c)
			if c.at != nil && c.set != nil {
				t.Set = append(t.Set, r.changes(c.set, max(r.duration(c.at), 1))...)
			}
		}
	}},
	{"claims", false, false, "claims about the run of this attempt", func(_ *reader, n *yamltree.Node, t *Attempt) { t.claims = n }},
}

var thenObject = object[struct{ at, set *yamltree.Node }]{"a change", []prop[struct{ at, set *yamltree.Node }]{
	{"at", true, false, "a time of the run", func(_ *reader, n *yamltree.Node, c *struct{ at, set *yamltree.Node }) { c.at = n }},
	{"set", true, false, "parameters, as in a setup", func(_ *reader, n *yamltree.Node, c *struct{ at, set *yamltree.Node }) { c.set = n }},
}}

// attempt reads a solution or a naive try.
func (r *reader) attempt(a *Activity, n *yamltree.Node, what string) *Attempt {
	t := &Attempt{at: n.Pos}
	object[Attempt]{what, attemptProps}.read(r, n, t)
	if t.claims != nil {
		r.claims(a.setup, t, t.claims)
	}
	return t
}

// proveAttempts checks that the solution meets every goal and the naive try does
// not.
func proveAttempts(a *Activity) (all []*proof) {
	for _, t := range []*Attempt{a.Solution, a.Naive} {
		p := &proof{at: t.at, attempt: t}
		p.judge = func(s scene) {
			met := true
			for _, g := range goalsIn(a, s) {
				met = met && g.Pass
				if !g.Pass && t == a.Solution {
					p.unmet(t.at, "", "the solution does not meet the goal %s: %s", g.Goal.Expect.Text(), g.Detail)
				}
			}
			if met && t == a.Naive {
				p.unmet(t.at, "make the goals stricter, or the try more naive", "the naive try solves the task")
			}
		}
		all = append(all, p)
	}
	return all
}

// GoalVerdict is a goal and its outcome in a run.
type GoalVerdict struct {
	Goal *Goal
	expect.Outcome
}

// goalsIn evaluates the goals of a task on a run.
func goalsIn(a *Activity, run Evidence) (out []GoalVerdict) {
	for i := range a.Goals {
		out = append(out, GoalVerdict{&a.Goals[i], judge(a.Goals[i].Expect, a.setup.Designs, run)})
	}
	return out
}

// Goals evaluates the goals of this step's task on the current state of a run,
// without recording a try; nil if the step has no task.
func (p *Player) Goals(run Evidence) (out []GoalVerdict) {
	for _, a := range p.Step().Activities() {
		out = append(out, goalsIn(a, run)...)
	}
	return out
}

// judgeTask compares a run with the goals.
func judgeTask(_ *Player, a *Activity, run Evidence, v *Verdict) *Try {
	v.Goals, v.Right = goalsIn(a, run), true
	t := &Try{}
	for _, g := range v.Goals {
		v.Right = v.Right && g.Pass
		t.Goals = append(t.Goals, g.Pass)
	}
	return t
}
