package lessons

import (
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/metric"
	"asynclab/sim/model"

	"go.yaml.in/yaml/v4"
)

const maxShown = 4 // designs side by side

// setup reads a setup block.
func (r *reader) setup(s *Step, n *node) {
	if s.Fresh {
		r.at(n.at, "", "a second setup block in one step")
		return
	}
	if len(s.Activities()) > 0 {
		r.at(n.at, "move it to the beginning of the step", "the setup comes after what it is for")
	}
	u := &Setup{Scenario: r.lesson.defaultScenario, Speed: 1, Whole: true, at: n.at}
	places := map[string]*node{}
	keep := func(key string, read func(*node)) field {
		return field{key, false, false, func(n *node) { places[key] = n; read(n) }}
	}
	r.fields(n, "the setup", false,
		keep("scenario", func(n *node) { u.Scenario, _ = r.word(n); r.scenario(n, u.Scenario) }),
		keep("designs", func(n *node) { u.Designs = r.words(n) }),
		keep("set", func(n *node) { u.Set = r.changes(n, 0) }),
		keep("faults", func(n *node) { u.Faults = r.words(n) }),
		keep("until", func(n *node) { u.Until, u.Whole = r.duration(n), false }),
		keep("speed", func(n *node) { u.Speed = r.speed(n) }),
		keep("play", func(n *node) { u.Play = r.yes(n) }),
		keep("plots", func(n *node) {
			for _, item := range r.list(n) {
				kind, element, _ := strings.Cut(strings.TrimSpace(item.text), " ")
				u.Plots = append(u.Plots, Plot{kind, strings.TrimSpace(element)})
			}
		}),
		keep("select", func(n *node) { u.Select, _ = r.word(n) }),
	)
	s.Setup, s.Fresh = u, true
	r.judgeSetup(u, places)
}

func (r *reader) speed(n *node) float64 {
	if n.text == "fast" {
		return math.Inf(1)
	}
	q, ok := r.quantity(n, n.text)
	if ok && (q.Unit != draw.None || q.Value < 1e-4 || q.Value > 1e6) {
		r.at(n.at, "such as 0.1 for slow motion, 10, or fast", "the speed is a number of simulated seconds a second, not %q", n.text)
		return 1
	}
	return q.Value
}

// changes reads parameters and their values; those of one design stand below its
// name.
func (r *reader) changes(n *node, when time.Duration) (out []Change) {
	if n.shape != yaml.MappingNode {
		r.at(n.at, "such as {service.pay.workers: 4}", "expected parameters and their values")
		return nil
	}
	for i, k := range n.keys {
		v := n.items[i]
		if v.shape != yaml.MappingNode {
			out = append(out, Change{when, "", k.text, strings.TrimSpace(v.text)})
			r.changeAt[changeKey{when, "", k.text}] = k.at
			continue
		}
		for j, p := range v.keys {
			out = append(out, Change{when, k.text, p.text, strings.TrimSpace(v.items[j].text)})
			r.changeAt[changeKey{when, k.text, p.text}] = p.at
		}
	}
	return out
}

type changeKey struct {
	at           time.Duration
	design, path string
}

// scenario loads a scenario of the lesson: a file in its folder, or one of the
// library. Its mistakes are mistakes of the lesson.
func (r *reader) scenario(n *node, name string) *scenarios.Scenario {
	if s, known := r.lesson.scenarios[name]; known {
		return s
	}
	r.lesson.scenarios[name] = nil
	file := name + ".yaml"
	if r.fsys != nil && fs.ValidPath(file) {
		if data, err := readLimited(r.fsys, file); err == nil {
			s, err := scenarios.Parse(r.fsys, file, data)
			if ds, ok := err.(Diagnostics); ok {
				for _, d := range ds {
					d.File = path.Join(path.Dir(r.file), d.File)
					r.mistakes = append(r.mistakes, d)
				}
				return nil
			}
			r.lesson.scenarios[name] = s
			return s
		}
	}
	var known []string
	for _, e := range scenarios.Library() {
		known = append(known, e.Name)
		if e.Name == name {
			s, err := scenarios.Parse(scenarios.LibraryFS(), name+".yaml", e.Content)
			if err == nil {
				r.lesson.scenarios[name] = s
			}
			return s
		}
	}
	if r.fsys != nil {
		for _, f := range r.files() {
			if base, ok := strings.CutSuffix(f, ".yaml"); ok {
				known = append(known, base)
			}
		}
	}
	r.at(n.at, scenarios.Meant(name, "scenarios", known), "there is no %s beside the lesson, and no scenario %q in the library", file, name)
	return nil
}

// judgeSetup checks a setup against its scenario, and fills in what it leaves out.
func (r *reader) judgeSetup(u *Setup, places map[string]*node) {
	where := func(key string) at {
		if n := places[key]; n != nil {
			return n.at
		}
		return u.at
	}
	if u.Scenario == "" {
		r.at(u.at, "write scenario: its-name here or in the head", "the setup has no scenario")
		return
	}
	s := r.lesson.scenarios[u.Scenario]
	if s == nil {
		return
	}
	names := designNames(s)
	for _, name := range u.Designs {
		if s.Design(name) == nil {
			r.at(where("designs"), scenarios.Meant(name, "designs", names), "there is no design %q in %s", name, u.Scenario)
		}
	}
	u.Designs = slices.DeleteFunc(u.Designs, func(name string) bool { return s.Design(name) == nil })
	if len(u.Designs) == 0 {
		u.Designs = names
	}
	if len(u.Designs) > maxShown {
		r.at(where("designs"), "name the designs to show", "more than %d designs side by side", maxShown)
	}
	if u.Until == 0 {
		u.Until = s.Run.Duration
	}
	switch {
	case u.Until == 0:
		r.at(where("until"), "write until: 2min", "the scenario does not say how long it lasts")
	case s.Run.Duration > 0 && u.Until > s.Run.Duration:
		r.at(where("until"), "make the duration in the scenario longer", "the scenario is over at %s", draw.FormatDuration(s.Run.Duration.Seconds()))
	case u.Until <= s.Run.WarmupOf(s.Run.Duration):
		r.at(where("until"), "end later, or make the warm-up of the scenario shorter", "nothing is measured before the warm-up is over")
	}
	for _, f := range u.Faults {
		if known := faultNames(s, u.Designs); !slices.Contains(known, f) {
			r.at(where("faults"), scenarios.Meant(f, "faults", known), "there is no fault %q in %s", f, u.Scenario)
		}
	}
	r.judgeChanges(u, u.Set)
	r.judgeView(u, s, where)
}

func designNames(s *scenarios.Scenario) (all []string) {
	for _, d := range s.Designs {
		all = append(all, d.Name)
	}
	return all
}

func faultNames(s *scenarios.Scenario, designs []string) (all []string) {
	for _, name := range designs {
		for _, f := range s.Design(name).Faults {
			if !slices.Contains(all, f.Name) {
				all = append(all, f.Name)
			}
		}
	}
	return all
}

// judgeChanges checks that parameters exist and take their values.
func (r *reader) judgeChanges(u *Setup, set []Change) {
	s := r.lesson.scenarios[u.Scenario]
	if s == nil {
		return
	}
	for _, c := range set {
		place := r.changeAt[changeKey{c.At, c.Design, c.Path}]
		if c.Design != "" && !slices.Contains(u.Designs, c.Design) {
			r.at(place, scenarios.Meant(c.Design, "designs", u.Designs), "the step shows no design %q", c.Design)
			continue
		}
		var first error
		done := false
		for _, name := range u.Designs {
			if c.Design != "" && c.Design != name {
				continue
			}
			d := s.Design(name)
			p, err := d.Lookup(c.Path)
			if err == nil {
				err = d.Valid(c.Path, c.Value)
				done = true
			}
			if err == nil && c.At > 0 && !p.Live {
				err = &model.ParamError{Path: c.Path, Msg: "is fixed while a run lasts", Hint: "write it under set, without a time"}
			}
			if err != nil && (first == nil || done) {
				first = err
			}
		}
		if first != nil && (!done || !isUnknown(first)) {
			msg, hint := first.Error(), ""
			if pe, ok := first.(*model.ParamError); ok {
				msg, hint = pe.Path+": "+pe.Msg, pe.Hint
			}
			r.at(place, hint, "%s", msg)
		}
	}
}

// isUnknown tells an unknown parameter from one with a wrong value: in several
// designs, not all need to have it.
func isUnknown(err error) bool {
	pe, ok := err.(*model.ParamError)
	return ok && strings.Contains(pe.Msg, "no ")
}

// judgeView checks what is plotted and selected, and finds the element that a
// plot leaves out.
func (r *reader) judgeView(u *Setup, s *scenarios.Scenario, where func(string) at) {
	elements := map[string][]string{}
	var nodes, links []string
	for _, name := range u.Designs {
		g := sim.Graph(s.Design(name))
		for _, n := range g.Nodes {
			if !slices.Contains(nodes, n.ID) {
				kind := map[string]string{"client": "load", "service": "service", "queue": "queue", "subscription": "queue"}[n.Kind.String()]
				nodes = append(nodes, n.ID)
				elements[kind] = append(elements[kind], n.ID)
			}
		}
		for _, e := range g.Edges {
			links = append(links, e.From+"->"+e.To)
		}
	}
	for i := range u.Plots {
		p := &u.Plots[i]
		plot, of := metric.ForLesson(p.Kind), ""
		if plot != nil {
			of = plot.Of
		}
		switch {
		case plot == nil:
			r.at(where("plots"), scenarios.Meant(p.Kind, "plots", plotKinds()), "there is no plot %q", p.Kind)
		case p.Element == "" && len(elements[of]) == 1:
			p.Element = elements[of][0]
		case p.Element == "":
			r.at(where("plots"), "one of "+strings.Join(elements[of], ", "), "%s of which %s?", p.Kind, of)
		case !slices.Contains(elements[of], p.Element):
			r.at(where("plots"), scenarios.Meant(p.Element, of+"s", elements[of]), "there is no %s %q", of, p.Element)
		}
	}
	if u.Select == "" || slices.Contains(nodes, u.Select) {
		return
	}
	a, b, isLink := strings.Cut(u.Select, "->")
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if isLink && (slices.Contains(links, a+"->"+b) || slices.Contains(links, b+"->"+a)) {
		u.Select = a + "->" + b
		return
	}
	r.at(where("select"), scenarios.Meant(u.Select, "elements", nodes), "there is no element %q", u.Select)
}

// claims reads names for numbers and statements. They are of the run of the
// setup, or of an attempt.
func (r *reader) claims(u *Setup, attempt *Attempt, n *node) {
	for i, k := range n.keys {
		item := n.items[i]
		c := &Claim{Name: k.text, setup: u, attempt: attempt, at: k.at}
		switch {
		case !idRegexp.MatchString(k.text):
			r.at(k.at, "small letters, digits and dashes", "%q is no name for a claim", k.text)
			continue
		case r.lesson.claims[k.text] != nil:
			r.at(k.at, "names of claims are of the whole lesson", "there is a claim %q already", k.text)
			continue
		case u == nil:
			r.at(k.at, "write a setup before it", "there is no run that the claim could be about")
			continue
		}
		value := item
		if item.shape == yaml.MappingNode {
			value = nil
			r.fields(item, "a claim", false,
				field{"is", true, false, func(n *node) { value = n }},
				field{"tolerance", false, false, func(n *node) { c.Tolerance, _ = r.quantity(n, n.text) }})
		}
		if value == nil {
			continue
		}
		if _, err := expect.Parse(strings.TrimSpace(value.text)); err == nil && value.shape == yaml.ScalarNode {
			c.Condition = r.expectation(value)
		} else {
			c.Value = r.expression(value)
		}
		r.lesson.claims[k.text] = c
		r.claimed = append(r.claimed, k.text)
	}
}
