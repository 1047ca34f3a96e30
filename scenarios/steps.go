package scenarios

import (
	"strconv"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/model"

	"github.com/invopop/jsonschema"
)

// stepSpec is one kind of step: its options, the first of which is its name.
type stepSpec struct {
	op   model.StepOp
	bare bool // it may stand alone, as a word
	*object[model.Step]
}

func (s stepSpec) name() string { return s.props[0].key }

// stepSpecs is filled by init, because steps hold steps.
var stepSpecs []stepSpec

var stepsKind = &kind{name: "list of steps", example: "[work: exp(5ms), reply]", doc: "steps, done one after the other",
	schema: func() *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/steps"} }}

var stepsValue = value[[]model.Step]{stepsKind, func(r *reader, n *node) ([]model.Step, bool) { return r.steps(n) }}

func init() {
	type step = model.Step
	to := func(s *step) *model.Target { return &s.To }
	time := func(s *step) *draw.Dist { return &s.Dist }
	size := one("size", sizeDist, "0B", "the size of the message", func(s *step) *draw.Dist { return &s.Size })
	timeout := one("timeout", limitValue, "30s", "how long the answer is waited for", func(s *step) *duration { return &s.Timeout })
	retry := one("retry", retryValue, "one attempt", "what is done when an attempt fails", func(s *step) *model.Retry { return &s.Retry })
	cancel := one("cancel", boolValue, "false", "a timeout also cuts the work it gave up on", func(s *step) *bool { return &s.Cancel })
	otherwise := with("else", stepsValue, "the handler fails", "steps done if it fails, instead of failing", func(s *step, e []step) { s.Else, s.HasElse = e, true })

	add := func(op model.StepOp, bare bool, doc string, props ...prop[step]) {
		props[0].flat = true // the step's own path stands for it
		stepSpecs = append(stepSpecs, stepSpec{op, bare, newObject(props[0].key+" step", doc, props...)})
	}
	add(model.Work, false, "hold the worker for a time", one("work", timeDist, required, "the time it takes at speed 1", time))
	add(model.Call, false, "send and wait for the answer, holding the worker",
		one("call", targetValue, required, "service and handler", to), timeout, retry, cancel, size, otherwise)
	add(model.Await, false, "send and wait for the answer without holding the worker",
		one("await", targetValue, required, "service and handler", to), timeout, retry, cancel, size, otherwise)
	add(model.Send, false, "send and do not wait", one("send", targetValue, required, "service and handler, or broker and queue", to), size)
	add(model.Publish, false, "hand a message to a broker and do not wait, unless `confirm` says so",
		one("publish", targetValue, required, "broker and queue or topic", to), size,
		one("confirm", boolValue, "false", "wait until the broker has it, holding the worker", func(s *step) *bool { return &s.Confirm }),
		timeout, retry, otherwise)
	add(model.Parallel, false, "do several branches at once", with("parallel", branchesValue, required, "a list of branches, each a list of steps; or `{times: 100, do: […]}` for copies of one",
		func(s *step, b branches) { s.Branches, s.Times = b.steps, b.times }),
		one("need", countOr(1, model.MaxBranches, map[string]int{"all": 0}, "all"), "all", "how many branches must succeed: 1 waits for the first", func(s *step) *int { return &s.Need }),
		otherwise)
	add(model.Choose, false, "do one of several branches, at random", with("choose", choicesValue, required, "branches with their probabilities; what is left of 100% does nothing",
		func(s *step, c []chosen) {
			for _, b := range c {
				s.Weights = append(s.Weights, b.p)
				s.Branches = append(s.Branches, b.do)
			}
		}))
	add(model.Repeat, false, "do the same steps several times", one("repeat", countValue(0, model.MaxRepeat), required, "how many times", func(s *step) *int { return &s.Count }),
		flat(with("do", stepsValue, required, "the steps", func(s *step, b []step) { s.Branches = [][]step{b} })))
	add(model.Delay, false, "wait for a time without the worker", one("delay", timeDist, required, "how long", time))
	add(model.Reply, true, "answer now; the handler goes on", bare("reply"))
	add(model.Fail, true, "the handler ends badly: an error as answer, or the message goes back",
		with("fail", shareValue, "100%", "with this probability", func(s *step, p float64) { s.Prob, s.HasProb = p, true }))
	add(model.AckNow, true, "acknowledge the delivery now; the handler goes on", bare("ack"))
	add(model.Nack, true, "refuse the delivery; the handler ends",
		one("nack", choice(words("requeue drop"), true, false), "requeue", "the message goes back to its queue, or is dropped or dead-lettered", func(s *step) *bool { return &s.Requeue }))
	add(model.Stop, true, "the handler ends well here", bare("stop"))
}

// nothing is the kind of value that a bare word has.
const nothing = "nothing"

// bare is the name of a step that has no value.
func bare(name string) prop[model.Step] {
	k := &kind{name: nothing, example: "", schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "null"} }}
	return prop[model.Step]{field: field{name, k, "", "written as a word"}, set: func(r *reader, n *node, _ *model.Step) {
		r.at(n, "write it as a word: "+name, "%s takes no value", name)
	}}
}

func stepNames() []string {
	var names []string
	for _, s := range stepSpecs {
		names = append(names, s.name())
	}
	return names
}

func findStep(name string) *stepSpec {
	for i := range stepSpecs {
		if stepSpecs[i].name() == name {
			return &stepSpecs[i]
		}
	}
	return nil
}

// steps reads a list of steps. A step with a mistake is kept as far as it was
// read, so that the paths of those after it stay right: they count the steps of
// a kind (call, call2, …).
func (r *reader) steps(n *node) ([]model.Step, bool) {
	if n.shape != list {
		r.at(n, "for example [work: exp(5ms), reply], or one step a line, each after a dash", "expected a list of steps, found %s", shapeNames[n.shape])
		return nil, false
	}
	ok := true
	count := map[model.StepOp]int{}
	all := make([]model.Step, 0, len(n.items))
	for _, item := range n.items {
		spec, key, val := r.stepOf(item)
		if spec == nil {
			ok = false
			continue
		}
		count[spec.op]++
		label := spec.name()
		if c := count[spec.op]; c > 1 {
			label += strconv.Itoa(c)
		}
		r.push(label, key, val)
		s, fine := r.step(spec, item)
		r.pop()
		ok = ok && fine
		all = append(all, s)
	}
	return all, ok
}

// stepOf finds out which step an item is, and where its name and value stand.
func (r *reader) stepOf(n *node) (spec *stepSpec, key, val *node) {
	switch n.shape {
	case scalar:
		if spec = findStep(n.text); spec == nil {
			r.at(n, meant(n.text, "steps", stepNames()), "unknown step %q", n.text)
		}
		return spec, n, n
	case mapping:
		for _, p := range n.pairs {
			found := findStep(p.key.text)
			switch {
			case found == nil:
			case spec != nil:
				r.at(p.key, "each step is an item of the list of its own", "two steps in one: %s and %s", spec.name(), found.name())
				return nil, nil, nil
			default:
				spec, key, val = found, p.key, p.val
			}
		}
		if spec == nil {
			r.unknownStep(n)
		}
		return spec, key, val
	}
	r.at(n, "steps: "+strings.Join(stepNames(), ", "), "expected a step, found %s", shapeNames[n.shape])
	return nil, nil, nil
}

func (r *reader) step(spec *stepSpec, n *node) (s model.Step, ok bool) {
	s.Op = spec.op
	if n.shape == scalar {
		if !spec.bare {
			r.at(n, "for example "+spec.name()+": "+spec.props[0].kind.example, "the step %s needs a value", n.text)
		}
		s.Requeue = spec.op == model.Nack
		return s, spec.bare
	}
	before := len(r.mistakes)
	ok = spec.read(r, n, &s)
	return s, ok && len(r.mistakes) == before
}

// unknownStep explains a mapping that names no step; often it is the option of
// the step before, written as an item of its own.
func (r *reader) unknownStep(n *node) {
	if len(n.pairs) == 0 {
		r.at(n, "steps: "+strings.Join(stepNames(), ", "), "an empty step")
		return
	}
	key := n.pairs[0].key
	for _, spec := range stepSpecs {
		if contains(spec.info.keys(), key.text) {
			r.at(key, "options go into the braces of their step: {"+spec.name()+": "+spec.props[0].kind.example+", "+key.text+": …}",
				"%q is an option of a step, not a step", key.text)
			return
		}
	}
	r.at(key, meant(key.text, "steps", stepNames()), "unknown step %q", key.text)
}
