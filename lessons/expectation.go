package lessons

import (
	"errors"
	"slices"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/mech/all"
	"asynclab/sim/spell"
)

// firstWords may begin names in expectations, besides those of the metrics of the core.
func firstWords() []string { return append(all.Mechanisms.Begin(), param) }

// expectation reads an expectation, one line.
func (r *reader) expectation(n *yamltree.Node) *expect.Expectation { return r.parse(n, expect.Parse) }

// expression reads an expectation without a comparison: its value is the result.
func (r *reader) expression(n *yamltree.Node) *expect.Expectation {
	return r.parse(n, expect.ParseValue)
}

func (r *reader) parse(n *yamltree.Node, as func(text string, extra ...string) (*expect.Expectation, error)) *expect.Expectation {
	text, ok := r.word(n)
	if !ok {
		return nil
	}
	e, err := as(text, firstWords()...)
	if err != nil {
		r.expectMistake(n, err)
		return nil
	}
	r.exprs[e] = n
	r.lesson.expect(e)
	return e
}

// expectMistake reports a mistake at its position in the text.
func (r *reader) expectMistake(n *yamltree.Node, err error) {
	var e *expect.Error
	if !errors.As(err, &e) {
		r.Wrong(n, err)
		return
	}
	blanks := len(n.Text) - len(strings.TrimLeft(n.Text, " \t\n"))
	r.Within(n, blanks+e.Offset, e.Advice(), "%s", e.Says())
}

// judgeExpr checks designs, metrics and units of an expectation about a setup.
func (r *reader) judgeExpr(u *Setup, e *expect.Expectation) {
	if e == nil || u == nil || r.Full() || r.lesson.scenarios[u.Scenario] == nil {
		return
	}
	unit := func(design, metric string) (draw.Unit, error) { return r.refUnit(u, design, metric) }
	if err := e.Check(unit); err != nil {
		r.expectMistake(r.exprs[e], err)
		return
	}
	r.units[e] = e.Evaluate(1, func(design, metric string, _ *expect.Window, _ int) (float64, draw.Unit, bool) {
		is, _ := unit(design, metric)
		return 1, is, true
	}, nil).Unit
}

// refUnit is the unit of a metric or parameter in an expectation.
func (r *reader) refUnit(u *Setup, design, metric string) (draw.Unit, error) {
	s := r.lesson.scenarios[u.Scenario]
	name := designOf(design, u.Designs)
	path, isParam := strings.CutPrefix(metric, param+".")
	switch {
	case name == "" && isParam:
		return r.sharedParam(u, path)
	case name == "":
		return 0, expect.Wrong(spell.Textf("begin with the design: %s: …", u.Designs[0]), "%s of which design?", metric)
	case !slices.Contains(u.Designs, name):
		return 0, expect.Wrong(spell.HintText(name, "designs", u.Designs), "the step shows no design %q", name)
	case isParam:
		p, err := s.Design(name).Lookup(path)
		return p.Unit, paramMistake(err)
	}
	return r.metrics.Unit(s.Design(name), metric)
}

func paramMistake(err error) error {
	var pe *design.ParamError
	if !errors.As(err, &pe) {
		return err
	}
	return expect.Wrong(pe.Advice(), "%s: %s", pe.Path, pe.Says())
}

// sharedParam is the unit of a parameter without a design, if several designs are
// shown: its value must be the same in all that have it.
func (r *reader) sharedParam(u *Setup, path string) (draw.Unit, error) {
	var first error
	found, unit, value := false, draw.None, ""
	designs, _ := r.lesson.Designs(u)
	for _, d := range designs {
		p, err := d.Lookup(path)
		if err != nil {
			first = err
			continue
		}
		v, _ := d.Get(path)
		if found && v != value {
			return 0, expect.Wrong(spell.Textf("name the design: %s.param.%s", u.Designs[0], path), "%s differs between the designs", path)
		}
		found, unit, value = true, p.Unit, v
	}
	if !found {
		return 0, paramMistake(first)
	}
	return unit, nil
}
