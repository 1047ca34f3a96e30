package lessons

import (
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// numbers are those that the texts of a task may mention: of its goals and its
// solution.
func (a *Activity) numbers() (all []literal) {
	for _, g := range a.Goals {
		if g.Expect != nil {
			all = append(all, literals(g.Expect.Text())...)
		}
	}
	if a.Solution != nil {
		for _, c := range a.Solution.Set {
			all = append(all, literals(c.Value)...)
			if c.At > 0 {
				all = append(all, literals(draw.Quantity{Value: c.At.Seconds(), Unit: draw.Seconds}.String())...)
			}
		}
	}
	return all
}

// task reads what is to be reached. Its numbers are judged at the end, when
// goals and solution are known.
func (r *reader) task(a *Activity, what string, n *node, fields []field) {
	translated := r.original != nil
	var goals *node
	fields = append(fields,
		field{"goals", true, false, func(n *node) { goals = n }},
		field{"solution", true, true, func(n *node) { a.Solution = r.attempt(a, n, "the solution") }},
		field{"naive", true, true, func(n *node) { a.Naive = r.attempt(a, n, "the naive try") }},
	)
	r.fields(n, what, translated, fields...)
	if goals == nil {
		r.strays = nil
		return
	}
	items := r.list(goals)
	if translated && len(items) != len(a.Goals) {
		r.at(goals.at, "one text for each, in the same order", "the original has %d goals, this has %d", len(a.Goals), len(items))
	}
	for i, item := range items {
		if translated {
			if i < len(a.Goals) {
				a.Goals[i].Text = r.text(item)
			}
			continue
		}
		var g Goal
		r.fields(item, "a goal", false,
			field{"text", true, false, func(n *node) { g.Text = r.text(n) }},
			field{"expect", true, false, func(n *node) { g.Expect = r.expectation(n) }},
		)
		a.Goals = append(a.Goals, g)
	}
	if len(a.Goals) == 0 || len(a.Goals) > maxChoices {
		r.at(goals.at, "", "a task has one to %d goals", maxChoices)
	}
	r.reportStrays(a.numbers())
}

// attempt reads a solution or a naive try.
func (r *reader) attempt(a *Activity, n *node, what string) *Attempt {
	t := &Attempt{at: n.at}
	var claims *node
	r.fields(n, what, false,
		field{"set", false, false, func(n *node) { t.Set = append(t.Set, r.changes(n, 0)...) }},
		field{"faults", false, false, func(n *node) { t.Faults = r.words(n) }},
		field{"then", false, false, func(n *node) {
			for _, item := range r.list(n) {
				var when *node
				var what *node
				r.fields(item, "a change", false,
					field{"at", true, false, func(n *node) { when = n }},
					field{"set", true, false, func(n *node) { what = n }})
				if when != nil && what != nil {
					t.Set = append(t.Set, r.changes(what, max(r.duration(when), 1))...)
				}
			}
		}},
		field{"claims", false, false, func(n *node) { claims = n }},
	)
	if claims != nil {
		r.claims(a.setup, t, claims)
	}
	return t
}

// expectationsOf lists the expectations that a run of the step's setup proves.
func (a *Activity) expectations() (all []*expect.Expectation) {
	for _, c := range a.Choices {
		if c.Holds != nil {
			all = append(all, c.Holds)
		}
	}
	if a.Number != nil && a.Number.Answer != nil {
		all = append(all, a.Number.Answer)
	}
	for _, g := range a.Goals {
		if g.Expect != nil {
			all = append(all, g.Expect)
		}
	}
	return all
}
