package lessons

import (
	"math"
	"slices"
	"strings"

	"asynclab/lessons/internal/numeral"
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// Task asks the student to reach goals by changing the design.
var Task = &ActivityKind{Block: "task", Log: "attempts", Row: "attempt", Later: true,
	doc: "something to reach, checked on the student's own run",
	words: map[string]words{"name": {"en": "task", "zh-Hans": "任务"}, "knobs": {"en": "(change only: %s)", "zh-Hans": "（只改：%s）"}, "list": {"en": ", ", "zh-Hans": "、"},
		"repair": {"en": "a repair: %s. ", "zh-Hans": "一种改法：%s。"}},
	page: func(a *Activity, say sayer) (shown, answer []Line) {
		for _, g := range a.Goals {
			shown = append(shown, Line{"- ", g.Text})
		}
		if a.setup != nil && len(a.setup.Knobs) > 0 {
			shown = append(shown, Line{Text: Text{{Text: say("knobs", strings.Join(a.setup.Knobs, say("list")))}}})
		}
		for _, t := range a.Repairs {
			answer = append(answer, Line{"- ", append(Text{{Text: say("repair", strings.Join(names(t.Set, Change.String), say("list")))}}, t.Explain...)})
		}
		return shown, answer
	},
	keys: []prop[draft]{
		{"goals", true, false, "what the run must show at `until`, one to twelve: `text` and `expect`", func(*reader, *yamltree.Node, *draft) {}}, // finish reads them
		{"repairs", true, false, "one to six repairs, different in kind: changes against the setup that meet every goal", (*reader).repairs},
		{"cheats", true, true, "one to twenty tries that do not, the most likely first: changes that miss a goal, or change what is not the point", (*reader).cheats},
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
		r.judgeCheats(a)
		for _, t := range slices.Concat(a.Repairs, a.Cheats) {
			r.judgeChanges(a.setup, t.in(a.setup))
			r.judgeFaults(t.at, a.setup, t.Faults)
			if a.setup.From > 0 && t.Faults != nil {
				r.At(t.at, "take from away, or change what the fault meets", "the step begins when the faults have come: an attempt cannot leave them out")
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

// Attempt is changes to a setup: a repair, which solves the task, or a cheat, which
// must not.
type Attempt struct {
	Set     []Change       // those with a time are made during the run
	Faults  []string       // nil: as in the setup
	Explain Text           // of a repair: why it helps; may be empty
	claims  *yamltree.Node // while it is read
	at      yamltree.Pos
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
// goals and its repairs.
func (a *Activity) numbers() (all []numeral.Literal) {
	for _, g := range a.Goals {
		if g.Expect != nil {
			all = append(all, numeral.Literals(g.Expect.Text())...)
		}
	}
	for _, t := range a.Repairs {
		for _, c := range t.Set {
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

var repairProps = append(slices.Clone(attemptProps), prop[Attempt]{"explain", false, false, "shown to the student who solved the task by changing these parameters, in place of that of the task",
	func(r *reader, n *yamltree.Node, t *Attempt) { t.Explain = r.text(n) }})

// Limits of the attempts of a task.
const (
	maxRepairs = 6
	maxCheats  = 20
)

// attempts reads a list of repairs or cheats.
func (r *reader) attempts(a *Activity, n *yamltree.Node, most int, o object[Attempt]) (all []*Attempt) {
	items := r.list(n)
	if len(items) == 0 || len(items) > most {
		r.At(n, "", "there must be one to %d of them", most)
	}
	for _, item := range items[:min(len(items), most)] {
		t := &Attempt{at: item.Pos}
		o.read(r, item, t)
		if t.claims != nil {
			r.claims(a.setup, t, t.claims)
		}
		all = append(all, t)
	}
	return all
}

// minCheats is how many cheats of a task with knobs turn nothing but knobs.
const minCheats = 2

// judgeCheats holds that the goals of a task are tried: what changes anything beside the
// knobs fails whatever the goals are.
func (r *reader) judgeCheats(a *Activity) {
	if a.setup == nil || len(a.setup.Knobs) == 0 || len(a.Cheats) == 0 {
		return
	}
	n := 0
	for _, t := range a.Cheats {
		if !slices.ContainsFunc(t.Set, func(c Change) bool { return !slices.Contains(a.setup.Knobs, c.Path) }) {
			n++
		}
	}
	if n < min(minCheats, len(a.Cheats)) {
		r.At(a.Cheats[0].at, "add cheats that turn knobs and miss a goal, or make a knob of what they change", "of the cheats, %d turn knobs only: the others fail whatever the goals are", n)
	}
}

func (r *reader) cheats(n *yamltree.Node, d *draft) {
	d.Cheats = r.attempts(d.Activity, n, maxCheats, object[Attempt]{aCheat, attemptProps})
}

// repairs reads repairs; a translation has only the explanations, in the same order.
func (r *reader) repairs(n *yamltree.Node, d *draft) {
	o := object[Attempt]{aRepair, repairProps}
	if r.original == nil {
		d.Repairs = r.attempts(d.Activity, n, maxRepairs, o)
		return
	}
	items, of := r.list(n), d.Repairs
	if len(items) != len(of) {
		r.At(n, "one for each, in the same order", "the original has %d repairs, this has %d", len(of), len(items))
	}
	d.Repairs = slices.Clone(of)
	for i, item := range items[:min(len(items), len(of))] {
		t := *of[i]
		t.Explain = nil
		object[Attempt]{aTranslatedRepair, repairProps[len(attemptProps):]}.read(r, item, &t)
		if (len(t.Explain) > 0) != (len(of[i].Explain) > 0) {
			r.At(item, "give both of them one, or neither", "%q is in one of the two languages only", "explain")
		}
		d.Repairs[i] = &t
	}
}

// proveAttempts checks that repairs meet every goal and that cheats do not.
func proveAttempts(a *Activity) (all []*proof) {
	for _, t := range a.Repairs {
		p := &proof{at: t.at, attempt: t}
		p.judge = func(s scene) {
			v := judgeGoals(a, s)
			for _, g := range v.Goals {
				if !g.Pass {
					p.unmet(t.at, "", "the repair does not meet the goal %s: %s", g.Goal.Expect.Text(), g.Detail)
				}
			}
			if len(v.Beside) > 0 {
				p.unmet(t.at, "add it to the knobs of the setup", "the repair changes %s, which is no knob", v.Beside[0])
			}
		}
		all = append(all, p)
	}
	for _, t := range a.Cheats {
		p := &proof{at: t.at, attempt: t}
		p.judge = func(s scene) {
			switch {
			case judgeGoals(a, s).Right:
				p.unmet(t.at, "make the goals stricter, or name the knobs of the setup", "the cheat solves the task")
			case len(t.Faults) == 0 && len(beside(a.setup, s, nil)) == 0:
				p.unmet(t.at, "change something that students will try", "the cheat sets what is so already: that it fails says nothing")
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

// judgeGoals compares a run with the goals of a task, and the parameters that were
// changed with its knobs and its repairs.
func judgeGoals(a *Activity, run Evidence) *Verdict {
	v := &Verdict{Activity: a, Goals: goalsIn(a, run), Right: true, Truth: math.NaN()}
	for _, g := range v.Goals {
		v.Right = v.Right && g.Pass
	}
	if knobs := a.setup.Knobs; len(knobs) > 0 {
		v.Beside = beside(a.setup, run, knobs)
		v.Right = v.Right && len(v.Beside) == 0
	}
	if v.Right {
		v.Repair = slices.IndexFunc(a.Repairs, func(t *Attempt) bool { return t.turned(a.setup, run) }) + 1
	}
	return v
}

// beside lists the parameters that differ from those of the setup, besides those at
// some paths and what follows from them.
func beside(u *Setup, run Evidence, paths []string) (all []string) {
	for _, begin := range u.begin {
		now, as := run.Design(begin.Name), begin.Clone()
		if now == nil {
			continue
		}
		for _, path := range paths {
			if v, err := now.Get(path); err == nil {
				_ = as.Set(path, v) // a value that is valid in now is valid here
			}
		}
		for _, p := range slices.Concat(design.Params(now), design.Params(as)) {
			was, errWas := as.Get(p.Path)
			is, errIs := now.Get(p.Path)
			if errWas == nil && errIs == nil && is != was && !slices.Contains(all, p.Path) {
				all = append(all, p.Path)
			}
		}
	}
	return slices.DeleteFunc(all, func(path string) bool { // a distribution says it, its mean need not
		return slices.ContainsFunc(all, func(of string) bool { return strings.HasPrefix(path, of+".") })
	})
}

// turned tells whether the student's run changed the parameters of an attempt,
// whatever to, and nothing else.
func (t *Attempt) turned(u *Setup, run Evidence) bool {
	own := names(t.Set, func(c Change) string { return c.Path })
	if len(beside(u, run, own)) > 0 {
		return false
	}
	for i := range own { // without it, something would be left to explain
		if len(beside(u, run, slices.Delete(slices.Clone(own), i, i+1))) == 0 {
			return false
		}
	}
	return true
}

// judgeTask compares a run with the goals.
func judgeTask(_ *Player, a *Activity, run Evidence, v *Verdict) *Try {
	*v = *judgeGoals(a, run)
	t := &Try{Repair: v.Repair, Said: strings.Join(a.setup.said(beside(a.setup, run, nil), run), betweenChanges)}
	for _, g := range v.Goals {
		t.Goals = append(t.Goals, g.Pass)
	}
	return t
}

// What mistakes call the attempts of a task.
const (
	aCheat            = "a cheat"
	aRepair           = "a repair"
	aTranslatedRepair = "the repair of a translation"
)
