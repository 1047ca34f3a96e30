package scenarios

import (
	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/spell"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// stepObject is one kind of step: its options, the first of which is its name.
type stepObject struct {
	op   design.StepOp
	bare bool // it may be written as a word, without a value
	*object
}

func (s *stepObject) name() string { return s.entries[0].Key }

var stepsKind = &kind{name: "list of steps", example: "[work: exp(5ms), reply]", doc: "steps, done one after the other",
	schema: func() *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/steps"} }}

var stepsForm = form{fixed(stepsKind), func(r *reader, n *yamltree.Node, e *entry, owner any) (ok bool) {
	*e.At(owner).(*[]design.Step), ok = r.steps(n)
	if ok && e.Has != nil {
		*e.Has(owner).(*bool) = true
	}
	return ok
}}

// nothing is the kind of the value of a step that takes none.
const nothing = "nothing"

// nothingForm is the value of a step that takes none: any value is a mistake, but
// beside a name nothing has to be written.
var nothingForm = form{
	fixed(&kind{name: nothing, doc: "nothing behind the colon", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "null"} }}),
	func(r *reader, n *yamltree.Node, e *entry, owner any) bool {
		if n.Shape == yamltree.Null {
			return true
		}
		r.at(n, spell.Textf("write it as a word: %s", e.Key), "%s takes no value", e.Key)
		return false
	},
}

func (l *language) stepNames() []string {
	var names []string
	for _, s := range l.steps {
		names = append(names, s.name())
	}
	return names
}

func (l *language) step(name string) *stepObject {
	for i := range l.steps {
		if l.steps[i].name() == name {
			return &l.steps[i]
		}
	}
	return nil
}

// steps reads a list of steps. A step with a mistake is kept as far as it was
// read, so that the paths of those after it stay right: they count the steps of
// a kind (call, call2, …).
func (r *reader) steps(n *yamltree.Node) ([]design.Step, bool) {
	if n.Shape != yamltree.List {
		r.at(n, "for example [work: exp(5ms), reply], or one step a line, each after a dash", "expected a list of steps, found %s", n.Shape.Noun())
		return nil, false
	}
	ok := true
	count := map[design.StepOp]int{}
	all := make([]design.Step, 0, len(n.Items))
	for _, item := range n.Items {
		step, key, val := r.stepOf(item)
		if step == nil {
			ok = false
			continue
		}
		count[step.op]++
		label := step.name()
		if c := count[step.op]; c > 1 {
			label += strconv.Itoa(c)
		}
		r.push(label, key, val)
		s, fine := r.step(step, item)
		r.pop()
		ok = ok && fine
		all = append(all, s)
	}
	return all, ok
}

// stepOf finds the kind of step of an item, and the nodes of its name and value.
func (r *reader) stepOf(n *yamltree.Node) (step *stepObject, key, val *yamltree.Node) {
	switch n.Shape {
	case yamltree.Scalar:
		if step = r.lang.step(n.Text); step == nil {
			r.unknown(n, stepMeant(n.Text), "steps", r.lang.stepNames(), "unknown step %q", n.Text)
		}
		return step, n, n
	case yamltree.Mapping:
		for _, p := range n.Pairs {
			found := r.lang.step(p.Key.Text)
			switch {
			case found == nil:
			case step != nil && slices.Contains(step.keys(), p.Key.Text): // {publish: …, set: …}
			case step != nil && slices.Contains(found.keys(), step.name()):
				step, key, val = found, p.Key, p.Val
			case step != nil:
				r.at(p.Key, "each step is an item of the list of its own", "two steps in one: %s and %s", step.name(), found.name())
				return nil, nil, nil
			default:
				step, key, val = found, p.Key, p.Val
			}
		}
		if step == nil {
			r.unknownStep(n)
		}
		return step, key, val
	}
	r.at(n, spell.Textf("steps: %s", strings.Join(r.lang.stepNames(), ", ")), "expected a step, found %s", n.Shape.Noun())
	return nil, nil, nil
}

func (r *reader) step(step *stepObject, n *yamltree.Node) (s design.Step, ok bool) {
	s.Op = step.op
	step.Fill(&s)
	if n.Shape == yamltree.Scalar {
		if !step.bare {
			r.at(n, spell.Textf("for example %s: %s", step.name(), step.entries[0].kind.example), "the step %s needs a value", n.Text)
		}
		return s, step.bare
	}
	before := len(r.Mistakes)
	ok = step.read(r, n, &s)
	return s, ok && len(r.Mistakes) == before
}

// unknownStep explains a mapping that names no step; often it is the option of
// the step before, written as an item of its own.
func (r *reader) unknownStep(n *yamltree.Node) {
	if len(n.Pairs) == 0 {
		r.at(n, spell.Textf("steps: %s", strings.Join(r.lang.stepNames(), ", ")), "an empty step")
		return
	}
	key := n.Pairs[0].Key
	for _, step := range r.lang.steps {
		if slices.Contains(step.keys(), key.Text) {
			r.at(key, spell.Textf("options go into the braces of their step: {%s: %s, %s: …}", step.name(), step.entries[0].kind.example, key.Text),
				"%q is an option of a step, not a step", key.Text)
			return
		}
	}
	r.unknown(key, stepMeant(key.Text), "steps", r.lang.stepNames(), "unknown step %q", key.Text)
}

// stepMeant maps names that other languages use for a step to its name here; other
// words are returned unchanged.
func stepMeant(word string) string {
	switch strings.ToLower(word) {
	case "wait", "sleep", "pause", "think":
		return design.Delay.String()
	case "emit", "produce", "enqueue":
		return design.Publish.String()
	case "request", "invoke":
		return design.Call.String()
	}
	return word
}
