package scenarios

import (
	"strconv"

	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

// branches are those of a parallel step: one of each, or copies of one.
type branches struct {
	steps [][]model.Step
	times int
}

type copies struct {
	times int
	do    []model.Step
}

var copiesObject = newObject("copied branch", "the same branch several times at once",
	one("times", countValue(1, model.MaxBranches), required, "how many", func(c *copies) *int { return &c.times }),
	flat(one("do", stepsValue, required, "the steps of the branch", func(c *copies) *[]model.Step { return &c.do })),
)

var branchesKind = &kind{name: "branches", example: "[[call: stock/reserve], [call: pay/charge]]", object: copiesObject.info,
	doc: "a list of branches, each a list of steps; or a mapping with one branch and how many copies of it",
	schema: func() *jsonschema.Schema {
		return anyOf(&jsonschema.Schema{Type: "array", Items: stepsKind.schema()}, ref(copiesObject.info))
	}}

var branchesValue = value[branches]{branchesKind, func(r *reader, n *node) (b branches, ok bool) {
	switch n.shape {
	case mapping:
		var c copies
		ok = copiesObject.read(r, n, &c)
		return branches{[][]model.Step{c.do}, c.times}, ok
	case list:
		ok = len(n.items) > 0
		for i, item := range n.items {
			if item.shape != list {
				r.at(item, "each branch is a list of its own: [[call: a/x], [call: b/y]]", "expected a branch, found %s", shapeNames[item.shape])
				ok = false
				continue
			}
			leave := r.branch(item, i, len(n.items))
			steps, fine := r.steps(item)
			leave()
			b.steps = append(b.steps, steps)
			ok = ok && fine
		}
		if len(n.items) > 0 {
			return b, ok
		}
	}
	r.at(n, "for example "+branchesKind.example, "expected branches, found %s", shapeNames[n.shape])
	return b, false
}}

// branch enters a branch: numbered in paths, if there are several.
func (r *reader) branch(n *node, i, of int) (leave func()) {
	if of == 1 {
		return func() {}
	}
	r.push(strconv.Itoa(i+1), n, n)
	return r.pop
}

// chosen is a branch of a choose step.
type chosen struct {
	p  float64
	do []model.Step
}

var chosenObject = newObject("choice", "a branch and its probability",
	one("p", shareValue, required, "its probability", func(c *chosen) *float64 { return &c.p }),
	flat(one("do", stepsValue, required, "its steps", func(c *chosen) *[]model.Step { return &c.do })),
)

var choicesKind = &kind{name: "list of choices", example: "[{p: 1%, do: [fail]}]", object: chosenObject.info,
	schema: func() *jsonschema.Schema {
		return &jsonschema.Schema{Type: "array", Items: ref(chosenObject.info)}
	}}

var choicesValue = value[[]chosen]{choicesKind, func(r *reader, n *node) (all []chosen, ok bool) {
	if n.shape != list || len(n.items) == 0 {
		r.at(n, "for example "+choicesKind.example, "expected a list of choices, found %s", shapeNames[n.shape])
		return nil, false
	}
	ok = true
	sum := 0.0
	for i, item := range n.items {
		var c chosen
		leave := r.branch(item, i, len(n.items))
		ok = chosenObject.read(r, item, &c) && ok
		leave()
		all = append(all, c)
		sum += c.p
	}
	if sum > 1+1e-9 {
		r.at(n, "", "the probabilities add up to more than 100%%")
		ok = false
	}
	return all, ok
}}
