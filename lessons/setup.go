package lessons

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
	"asynclab/sim/spell"
)

const maxShown = 4 // designs side by side

var setupObject = object[Setup]{"the setup", []prop[Setup]{
	setupProp("scenario", "otherwise that of the head", func(r *reader, n *yamltree.Node, u *Setup) { u.Scenario, _ = r.word(n); r.scenario(n, u.Scenario) }),
	setupProp("designs", "what is seen: one in the lab, two to four side by side; otherwise all", func(r *reader, n *yamltree.Node, u *Setup) { u.Designs = r.words(n) }),
	setupProp("set", "parameters (`asynclab params` lists them) in every shown design that has them, or below the name of one design", func(r *reader, n *yamltree.Node, u *Setup) { u.Set = r.changes(n, 0) }),
	setupProp("faults", "only these faults of the scenario, by name; `[]` is none; otherwise all", func(r *reader, n *yamltree.Node, u *Setup) { u.Faults = r.words(n) }),
	setupProp("knobs", "parameters that a task or a try in the step is about: only they may be changed, and they stand in its card", func(r *reader, n *yamltree.Node, u *Setup) { u.Knobs = r.words(n) }),
	setupProp("from", "the step begins at this time of the run, such as in the middle of an accident: what is before has happened, and all changes come after", func(r *reader, n *yamltree.Node, u *Setup) { u.From = r.duration(n) }),
	setupProp("until", "the run goes to this time; otherwise to the end of the scenario", func(r *reader, n *yamltree.Node, u *Setup) { u.Until, u.Whole = r.duration(n), false }),
	setupProp("speed", "simulated seconds a second, or `fast`; otherwise 1", func(r *reader, n *yamltree.Node, u *Setup) { u.Speed = r.speed(n) }),
	setupProp("play", "`true`: the run begins by itself (not in a step with a prediction)", func(r *reader, n *yamltree.Node, u *Setup) { u.Play = r.yes(n) }),
	setupProp("plots", "what is drawn over time, from the list below", func(r *reader, n *yamltree.Node, u *Setup) {
		for _, item := range r.list(n) {
			kind, element, _ := strings.Cut(strings.TrimSpace(item.Text), " ")
			u.Plots = append(u.Plots, Plot{kind, strings.TrimSpace(element)})
		}
	}),
	setupProp("seeds", "runs with so many seeds, at most 100, are a band behind the curves once the run has ended; what the step says must hold with all of them (the check makes five, with `--seeds` more)", func(r *reader, n *yamltree.Node, u *Setup) { u.Seeds = r.whole(n, 2, 100) }),
	setupProp("select", "the element that the inspector shows: `pay`, `bus/orders`, `shop -> pay`", func(r *reader, n *yamltree.Node, u *Setup) { u.Select, _ = r.word(n) }),
}}

func setupProp(key, doc string, read func(r *reader, n *yamltree.Node, u *Setup)) prop[Setup] {
	return prop[Setup]{key, false, false, doc, func(r *reader, n *yamltree.Node, u *Setup) {
		u.places[key] = n
		read(r, n, u)
	}}
}

// setup reads a setup block.
func (r *reader) setup(s *Step, n *yamltree.Node) {
	if s.Fresh {
		r.At(n, "", "a second setup block in one step")
		return
	}
	if len(s.Activities()) > 0 {
		r.At(n, "move it to the beginning of the step", "the setup comes after what it is for")
	}
	u := &Setup{Scenario: r.lesson.defaultScenario, Speed: 1, Whole: true, at: n.Pos, places: map[string]*yamltree.Node{}}
	setupObject.read(r, n, u)
	s.Setup, s.Fresh = u, true
	r.judgeSetup(u)
}

func (r *reader) speed(n *yamltree.Node) float64 {
	if n.Text == "fast" {
		return math.Inf(1)
	}
	q, ok := r.quantity(n, n.Text)
	if ok && (q.Unit != draw.None || q.Value < 1e-4 || q.Value > 1e6) {
		r.At(n, "such as 0.1 for slow motion, 10, or fast", "the speed is a number of simulated seconds a second, not %q", n.Text)
		return 1
	}
	return q.Value
}

// changes reads parameters and their values. A mapping under the name of a design
// applies to that design only.
func (r *reader) changes(n *yamltree.Node, when time.Duration) (out []Change) {
	if n.Shape != yamltree.Mapping {
		r.At(n, "such as {service.pay.workers: 4}", "expected parameters and their values")
		return nil
	}
	for _, p := range n.Pairs {
		if p.Val.Shape != yamltree.Mapping {
			out = append(out, Change{when, "", p.Key.Text, strings.TrimSpace(p.Val.Text), p.Key.Pos})
			continue
		}
		for _, q := range p.Val.Pairs {
			out = append(out, Change{when, p.Key.Text, q.Key.Text, strings.TrimSpace(q.Val.Text), q.Key.Pos})
		}
	}
	return out
}

// where is the position of the value of a key; of the block if the key is absent.
func (u *Setup) where(key string) yamltree.Pos {
	if n := u.places[key]; n != nil {
		return n.Pos
	}
	return u.at
}

// judgeSetup checks a setup against its scenario, and fills in defaults: all designs,
// the duration of the scenario.
func (r *reader) judgeSetup(u *Setup) {
	if u.Scenario == "" {
		r.At(u.at, "write scenario: its-name here or in the head", "the setup has no scenario")
		return
	}
	s := r.lesson.scenarios[u.Scenario]
	if s == nil {
		return
	}
	all := s.DesignNames()
	u.Designs = slices.DeleteFunc(u.Designs, func(name string) bool {
		unknown := s.Design(name) == nil
		if unknown {
			r.Unknown(u.where("designs"), name, "designs", all, "there is no design %q in %s", name, u.Scenario)
		}
		return unknown
	})
	if len(u.Designs) == 0 {
		u.Designs = all
	}
	if len(u.Designs) > maxShown {
		r.At(u.where("designs"), "name the designs to show", "more than %d designs side by side", maxShown)
	}
	if u.Until == 0 {
		u.Until = s.Run.Duration
	}
	switch {
	case u.Until == 0:
		r.At(u.where("until"), "write until: 2min", "the scenario does not say how long it lasts")
	case s.Run.Duration > 0 && u.Until > s.Run.Duration:
		r.At(u.where("until"), "make the duration in the scenario longer", "the scenario is over at %s", draw.FormatDuration(s.Run.Duration.Seconds()))
	case u.Until <= s.Run.WarmupOf(s.Run.Duration):
		r.At(u.where("until"), "end later, or make the warm-up of the scenario shorter", "nothing is measured before the warm-up is over")
	}
	if u.From > 0 && u.From >= u.Until {
		r.At(u.where("from"), "begin earlier, or end later with until", "the step begins at %s, and ends at %s", draw.FormatDuration(u.From.Seconds()), draw.FormatDuration(u.Until.Seconds()))
	}
	r.judgeFaults(u.where("faults"), u, u.Faults)
	r.judgeChanges(u, u.Set)
	r.judgeView(u, s)
	u.begin, _ = r.lesson.Designs(u) // errors are mistakes, reported above
	r.judgeKnobs(u)
}

// judgeFaults checks that each fault exists in some shown design.
func (r *reader) judgeFaults(place yamltree.Pos, u *Setup, faults []string) {
	var known []string
	for _, name := range u.Designs {
		for _, f := range r.lesson.scenarios[u.Scenario].Design(name).Faults {
			if !slices.Contains(known, f.Name) {
				known = append(known, f.Name)
			}
		}
	}
	for _, f := range faults {
		if !slices.Contains(known, f) {
			r.Unknown(place, f, "faults", known, "there is no fault %q in %s", f, u.Scenario)
		}
	}
}

// judgeChanges checks that parameters exist and that the values are valid.
func (r *reader) judgeChanges(u *Setup, set []Change) {
	s := r.lesson.scenarios[u.Scenario]
	if s == nil {
		return
	}
	for _, c := range set {
		if c.Design != "" && !slices.Contains(u.Designs, c.Design) {
			r.Unknown(c.place, c.Design, "designs", u.Designs, "the step shows no design %q", c.Design)
			continue
		}
		var unknown, wrong error
		found := false
		for _, name := range u.Designs {
			if c.Design != "" && c.Design != name {
				continue
			}
			d := s.Design(name)
			p, err := d.Lookup(c.Path)
			if err != nil {
				unknown = err
				continue
			}
			found = true
			if err = d.Valid(c.Path, c.Value); err == nil && c.At > 0 && !p.Live {
				err = &design.ParamError{Path: c.Path, Msg: "is fixed while a run lasts", Hint: "write it under set, without a time"}
			}
			wrong = cmp.Or(wrong, err)
		}
		if wrong == nil && !found { // one of several designs having it is enough
			wrong = unknown
		}
		if wrong != nil {
			if pe, ok := wrong.(*design.ParamError); ok {
				r.At(c.place, pe.Advice(), "%s: %s", pe.Path, pe.Says())
			} else {
				r.Wrong(c.place, wrong)
			}
		}
	}
}

// Change reads a student's change, PATH=VALUE.
func (u *Setup) Change(text string) (Change, error) {
	path, value, ok := strings.Cut(text, "=")
	if !ok {
		return Change{}, &design.ParamError{Path: text, Msg: "is no change", Hint: "write PATH=VALUE"}
	}
	var wrong error
	for _, d := range u.begin {
		p, err := d.Lookup(path)
		if err != nil {
			wrong = cmp.Or(wrong, err)
			continue
		}
		if u.From > 0 && !p.Live {
			return Change{}, &design.ParamError{Path: path, Msg: "is fixed while a run lasts", Hint: "this step begins in the middle of one"}
		}
		return Change{Path: path, Value: value}, d.Valid(path, value)
	}
	return Change{}, wrong
}

// Param describes a parameter of a shown design; without one, only its path is known.
func (u *Setup) Param(path string) design.Param {
	for _, d := range u.begin {
		if p, err := d.Lookup(path); err == nil {
			return p
		}
	}
	return design.Param{Path: path, Doc: path}
}

// judgeKnobs checks that each knob is a parameter of a shown design, which can be
// changed in the window: while a run lasts.
func (r *reader) judgeKnobs(u *Setup) {
	for _, path := range u.Knobs {
		var p design.Param
		var unknown error
		for _, d := range u.begin {
			if p, unknown = d.Lookup(path); unknown == nil {
				break
			}
		}
		if unknown == nil && len(u.begin) > 0 && !p.Live {
			r.At(u.where("knobs"), "take one that can be changed: the params command says which cannot", "%s is fixed while a run lasts, so nobody can turn it in the window", path)
		}
		var e *design.ParamError
		if errors.As(unknown, &e) {
			r.At(u.where("knobs"), e.Advice(), "%s: %s", e.Path, e.Says())
		}
	}
}

// judgeView checks plots and selection. A plot without an element gets the only one
// of its kind, if there is one.
func (r *reader) judgeView(u *Setup, s *scenarios.Scenario) {
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
			r.Unknown(u.where("plots"), p.Kind, "plots", plotKinds(), "there is no plot %q", p.Kind)
		case of == metric.Run.Name && p.Element == "":
			if len(u.Designs) > 0 && s.Design(u.Designs[0]).Prices.Currency == "" {
				r.At(u.where("plots"), "give the scenario prices", "nothing has a price in %s", u.Scenario)
			}
		case p.Element == "" && len(elements[of]) == 1:
			p.Element = elements[of][0]
		case p.Element == "":
			r.At(u.where("plots"), spell.Textf("one of %s", strings.Join(elements[of], ", ")), "%s of which %s?", p.Kind, spell.Noun(of))
		case !slices.Contains(elements[of], p.Element):
			r.Unknown(u.where("plots"), p.Element, of+"s", elements[of], "there is no %s %q", spell.Noun(of), p.Element)
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
	r.Unknown(u.where("select"), u.Select, "elements", nodes, "there is no element %q", u.Select)
}
