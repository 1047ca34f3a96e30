package lessons

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"asynclab/scenarios"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/model"
)

// expr is where an expectation was written, and how many bytes were put into it
// to make a value an expectation.
type expr struct {
	node  *node
	shift int
}

// expectation reads one line of the language of expectations.
func (r *reader) expectation(n *node) *expect.Expectation {
	text, ok := r.word(n)
	if !ok {
		return nil
	}
	e, err := expect.Parse(text)
	if err != nil {
		r.expectMistake(n, text, 0, err)
		return nil
	}
	r.exprs[e] = expr{n, 0}
	return e
}

// expression reads a line without a comparison: it becomes "0 <= expression", so
// that the value is the bound, and a window at its end holds for all of it.
func (r *reader) expression(n *node) *expect.Expectation {
	text, ok := r.word(n)
	if !ok {
		return nil
	}
	full, shift := asExpression(text)
	e, err := expect.Parse(full)
	if err != nil {
		r.expectMistake(n, text, shift, err)
		return nil
	}
	r.exprs[e] = expr{n, shift}
	return e
}

const zeroAtMost = "0 <= "

func asExpression(text string) (full string, shift int) {
	if i := strings.Index(text, ":"); i > 0 && scenarioName(text[:i]) {
		return text[:i+1] + " " + zeroAtMost + text[i+1:], len(zeroAtMost) + 1
	}
	return zeroAtMost + text, len(zeroAtMost)
}

// expectMistake reports at the place in the text, which has shift more bytes
// than what a person wrote.
func (r *reader) expectMistake(n *node, text string, shift int, err error) {
	var e *expect.Error
	if !errors.As(err, &e) {
		r.at(n.at, "", "%v", err)
		return
	}
	place := r.find(n, text)
	offset := min(max(e.Offset-shift, 0), len(text))
	place.col += utf8.RuneCountInString(text[:offset])
	msg := e.Msg
	if shift > 0 && strings.HasPrefix(msg, "expected the end of the expectation") || strings.HasPrefix(msg, "an expectation has one comparison") {
		msg = fmt.Sprintf("%q is no value that can be computed: %s", text, msg)
	}
	r.at(place, e.Hint, "%s", msg)
}

func scenarioName(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return !(c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c > 127)
	})
}

// param is the design of a reference that means a parameter of the design of
// the line: param.service.pay.workers.
const param = "param"

// designOf is the design that a reference is about; "" if that cannot be told.
func designOf(e *expect.Expectation, ref expect.Ref, shown []string) string {
	name := ref.Design
	if name == param {
		name = e.Design()
	}
	if name == "" && len(shown) == 1 {
		name = shown[0]
	}
	return name
}

// judgeExpr checks designs, metrics and units of an expectation about a setup.
func (r *reader) judgeExpr(u *Setup, e *expect.Expectation) {
	if e == nil || u == nil || r.lesson.scenarios[u.Scenario] == nil {
		return
	}
	x := r.exprs[e]
	wrong := func(offset int, hint, format string, args ...any) {
		r.expectMistake(x.node, strings.TrimSpace(x.node.text), x.shift, &expect.Error{Offset: offset, Hint: hint, Msg: fmt.Sprintf(format, args...)})
	}
	for _, ref := range e.Metrics() {
		name := designOf(e, ref, u.Designs)
		switch {
		case name == "":
			wrong(ref.Offset, "begin with the design: "+u.Designs[0]+": …", "%s of which design?", ref.Metric)
			return
		case !slices.Contains(u.Designs, name):
			wrong(ref.Offset, scenarios.Meant(name, "designs", u.Designs), "the step shows no design %q", name)
			return
		}
	}
	units := map[string]draw.Unit{}
	for _, ref := range e.Metrics() {
		d := r.lesson.scenarios[u.Scenario].Design(designOf(e, ref, u.Designs))
		unit, err := r.unitOf(d, ref)
		if err != nil {
			wrong(ref.Offset, err.(*expect.Error).Hint, "%s", err.(*expect.Error).Msg)
			return
		}
		units[ref.Design+" "+ref.Metric] = unit
	}
	err := e.Check(func(design, metric string) (draw.Unit, error) { return units[design+" "+metric], nil })
	if err != nil {
		r.expectMistake(x.node, strings.TrimSpace(x.node.text), x.shift, err)
		return
	}
	r.units[e] = e.Evaluate(1, func(design, metric string, _ *expect.Window, _ int) (float64, draw.Unit, bool) {
		return 1, units[design+" "+metric], true
	}).Unit
}

// unitOf is the unit of a metric or a parameter of a design.
func (r *reader) unitOf(d *model.Design, ref expect.Ref) (draw.Unit, error) {
	if ref.Design == param {
		p, err := d.Lookup(ref.Metric)
		var pe *model.ParamError
		if errors.As(err, &pe) {
			return 0, &expect.Error{Msg: pe.Path + ": " + pe.Msg, Hint: pe.Hint}
		}
		return p.Unit, nil
	}
	if r.metrics[d] == nil {
		r.metrics[d] = map[string]draw.Unit{}
		if p, err := model.Compile(d); err == nil {
			for _, m := range p.Metrics() {
				r.metrics[d][m.Name] = m.Unit
			}
		}
	}
	if u, known := r.metrics[d][ref.Metric]; known {
		return u, nil
	}
	return 0, &expect.Error{Msg: fmt.Sprintf("design %s has no metric %q", d.Name, ref.Metric), Hint: r.metricHint(d, ref.Metric)}
}

// metricHint lists what is known of the longest part of the name that is right.
func (r *reader) metricHint(d *model.Design, metric string) string {
	for part := metric; part != ""; part = part[:max(strings.LastIndexByte(part, '.'), 0)] {
		var same []string
		for name := range r.metrics[d] {
			if rest, ok := strings.CutPrefix(name, part+"."); ok {
				same = append(same, rest)
			}
		}
		if len(same) > 0 && len(same) <= 60 {
			slices.Sort(same)
			return scenarios.Meant(strings.TrimPrefix(metric, part+"."), "metrics of "+part, same)
		}
	}
	return "asynclab metrics and the scenario lists them"
}
