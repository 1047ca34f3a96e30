package scenarios

import (
	"strconv"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spec"
	"asynclab/sim/spell"

	"github.com/invopop/jsonschema"
)

// branchesForm is the branches of a parallel step: a list of branches, or one
// branch and its number of copies.
var branchesForm = form{
	func(l *language, f *spec.Field) *kind {
		o := l.object(f.Inner)
		return &kind{name: "branches", example: "[[call: stock/reserve], [call: pay/charge]]", object: o,
			doc: "a list of branches, each a list of steps; or a mapping with one branch and how many copies of it",
			schema: func() *jsonschema.Schema {
				return anyOf(&jsonschema.Schema{Type: "array", Items: stepsKind.schema()}, ref(o))
			}}
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		s := owner.(*design.Step)
		switch {
		case n.Shape == yamltree.Mapping:
			return r.lang.object(e.Inner).read(r, n, s)
		case n.Shape != yamltree.List || len(n.Items) == 0:
			r.at(n, spell.Textf("for example %s", e.kind.example), "expected branches, found %s", n.Shape.Noun())
			return false
		}
		ok := true
		for i, item := range n.Items {
			if item.Shape != yamltree.List {
				r.at(item, "each branch is a list of its own: [[call: a/x], [call: b/y]]", "expected a branch, found %s", item.Shape.Noun())
				ok = false
				continue
			}
			leave := r.branch(item, i, len(n.Items))
			steps, fine := r.steps(item)
			leave()
			s.Branches = append(s.Branches, steps)
			ok = ok && fine
		}
		return ok
	},
}

// branch enters a branch. If there are several, its number becomes part of the path.
func (r *reader) branch(n *yamltree.Node, i, of int) (leave func()) {
	if of == 1 {
		return func() {}
	}
	r.push(strconv.Itoa(i+1), n, n)
	return r.pop
}

// choicesForm is the branches of a choose step, with their probabilities.
var choicesForm = form{
	func(l *language, f *spec.Field) *kind {
		o := l.object(f.Inner)
		return &kind{name: "list of choices", example: "[{p: 1%, do: [fail]}]", object: o,
			schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "array", Items: ref(o)} }}
	},
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		if n.Shape != yamltree.List || len(n.Items) == 0 {
			r.at(n, spell.Textf("for example %s", e.kind.example), "expected a list of choices, found %s", n.Shape.Noun())
			return false
		}
		s := owner.(*design.Step)
		s.Weights, s.Whens = make([]float64, len(n.Items)), make([]design.Condition, len(n.Items))
		s.Branches = make([][]design.Step, len(n.Items))
		ok := true
		for i, item := range n.Items {
			leave := r.branch(item, i, len(n.Items))
			ok = r.lang.object(e.Inner).read(r, item, s.Choice(i)) && ok
			leave()
		}
		ok = r.decides(n, s) && ok
		sum := 0.0
		for _, w := range s.Weights {
			sum += w
		}
		if sum > 1+1e-9 {
			r.at(n, "a last item without p gets what is left; together they have 100%", "the probabilities add up to more than 100%%")
			ok = false
		}
		return ok
	},
}

// decides finds what decides between the choices: probabilities or conditions. Only
// the last may have neither.
func (r *reader) decides(n *yamltree.Node, s *design.Step) bool {
	ok, shares, conditions := true, false, false
	last := len(n.Items) - 1
	for i, item := range n.Items {
		p, when := item.Get("p"), item.Get("when")
		switch {
		case item.Shape != yamltree.Mapping:
			continue // said already
		case p == nil && when == nil && i < last, p == nil && when == nil && last == 0:
			r.at(item, "give it p: or when:; only the last may have neither, and is the rest", "nothing says when this branch is done")
			ok = false
		case p != nil && (when != nil || conditions), when != nil && shares:
			r.at(item, "choose again in a branch, or give the step in the branch a when:", "either probabilities or conditions decide, not both")
			ok = false
		case p == nil && when == nil:
			s.Rest = true
		}
		shares, conditions = shares || p != nil, conditions || when != nil
	}
	decided := len(n.Items)
	if s.Rest {
		decided--
	}
	if conditions {
		s.Weights, s.Whens = nil, s.Whens[:decided]
	} else {
		s.Weights, s.Whens = s.Weights[:decided], nil
	}
	return ok
}
