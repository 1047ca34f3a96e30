package lessons

import (
	"errors"
	"fmt"
	"regexp"
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
	return r.parse(n, text, withParams(text), 0)
}

// expression reads a line without a comparison: it becomes "0 <= expression", so
// that the value is the bound, and a window at its end holds for all of it.
func (r *reader) expression(n *node) *expect.Expectation {
	text, ok := r.word(n)
	if !ok {
		return nil
	}
	full, shift := asExpression(withParams(text))
	if _, err := expect.Parse(full); err != nil && strings.HasPrefix(err.Error(), withoutMetric) {
		full += " + 0 * " + nothing // a calculation
	}
	return r.parse(n, text, full, shift)
}

func (r *reader) parse(n *node, text, full string, shift int) *expect.Expectation {
	e, err := expect.Parse(full)
	if err != nil {
		r.expectMistake(n, text, shift, err)
		return nil
	}
	r.exprs[e] = expr{n, shift}
	return e
}

const (
	zeroAtMost    = "0 <= "
	param         = "param"
	nothing       = "param.run.nothing" // 0
	withoutMetric = "an expectation without a metric"
)

func asExpression(text string) (full string, shift int) {
	if i := strings.Index(text, ":"); i > 0 && scenarioName(text[:i]) {
		return text[:i+1] + " " + zeroAtMost + text[i+1:], len(zeroAtMost) + 1
	}
	return zeroAtMost + text, len(zeroAtMost)
}

var paramRegexp = regexp.MustCompile(`([\pL_][\pL\d_-]*)\.param\.`)

// withParams writes chain.param.PATH so that the language of expectations takes
// it for a metric of a design: param_chain.PATH, which is as long.
func withParams(text string) string { return paramRegexp.ReplaceAllString(text, param+"_$1.") }

var shownRegexp = regexp.MustCompile(param + `_([\pL_][\pL\d_-]*)\.`)

// show is an expectation as a person wrote it.
func show(e *expect.Expectation) string {
	text := strings.TrimSuffix(strings.Replace(e.Text(), zeroAtMost, "", 1), " + 0 * "+nothing)
	return shownRegexp.ReplaceAllString(text, "$1."+param+".")
}

// designOf is the design that a reference is about, "" if that cannot be told,
// and whether it means a parameter.
func designOf(e *expect.Expectation, ref expect.Ref, shown []string) (name string, isParam bool) {
	name = ref.Design
	if of, ok := strings.CutPrefix(name, param+"_"); ok {
		return of, true
	}
	if isParam = name == param; isParam {
		name = e.Design()
	}
	if name == "" && len(shown) == 1 {
		name = shown[0]
	}
	return name, isParam
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

// judgeExpr checks designs, metrics and units of an expectation about a setup.
func (r *reader) judgeExpr(u *Setup, e *expect.Expectation) {
	if e == nil || u == nil || r.lesson.scenarios[u.Scenario] == nil {
		return
	}
	x := r.exprs[e]
	text := strings.TrimSpace(x.node.text)
	units := map[string]draw.Unit{}
	for _, ref := range e.Metrics() {
		unit, err := r.refUnit(u, e, ref)
		if err != nil {
			err.Offset = ref.Offset
			r.expectMistake(x.node, text, x.shift, err)
			return
		}
		units[ref.Design+" "+ref.Metric] = unit
	}
	err := e.Check(func(design, metric string) (draw.Unit, error) { return units[design+" "+metric], nil })
	if err != nil {
		r.expectMistake(x.node, text, x.shift, err)
		return
	}
	r.units[e] = e.Evaluate(1, func(design, metric string, _ *expect.Window, _ int) (float64, draw.Unit, bool) {
		return 1, units[design+" "+metric], true
	}).Unit
}

// refUnit is the unit of what an expectation refers to.
func (r *reader) refUnit(u *Setup, e *expect.Expectation, ref expect.Ref) (draw.Unit, *expect.Error) {
	if ref.Design+"."+ref.Metric == nothing {
		return draw.None, nil
	}
	s := r.lesson.scenarios[u.Scenario]
	name, isParam := designOf(e, ref, u.Designs)
	switch {
	case name == "" && isParam:
		return r.sharedParam(u, ref.Metric)
	case name == "":
		return 0, &expect.Error{Hint: "begin with the design: " + u.Designs[0] + ": …", Msg: ref.Metric + " of which design?"}
	case !slices.Contains(u.Designs, name):
		return 0, &expect.Error{Hint: scenarios.Meant(name, "designs", u.Designs), Msg: fmt.Sprintf("the step shows no design %q", name)}
	case isParam:
		p, err := s.Design(name).Lookup(ref.Metric)
		return p.Unit, paramMistake(err)
	}
	return r.metricUnit(s.Design(name), ref.Metric)
}

func paramMistake(err error) *expect.Error {
	var pe *model.ParamError
	if !errors.As(err, &pe) {
		return nil
	}
	return &expect.Error{Msg: pe.Path + ": " + pe.Msg, Hint: pe.Hint}
}

// sharedParam is the unit of a parameter without a design, where several are
// shown: it must be the same in all that have it.
func (r *reader) sharedParam(u *Setup, path string) (draw.Unit, *expect.Error) {
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
			return 0, &expect.Error{Hint: "name the design: " + u.Designs[0] + ".param." + path, Msg: path + " differs between the designs"}
		}
		found, unit, value = true, p.Unit, v
	}
	if !found {
		return 0, paramMistake(first)
	}
	return unit, nil
}

// metricUnit is the unit of a metric of a design.
func (r *reader) metricUnit(d *model.Design, metric string) (draw.Unit, *expect.Error) {
	if r.metrics[d] == nil {
		r.metrics[d] = map[string]draw.Unit{}
		if p, err := model.Compile(d); err == nil {
			for _, m := range p.Metrics() {
				r.metrics[d][m.Name] = m.Unit
			}
		}
	}
	if u, known := r.metrics[d][metric]; known {
		return u, nil
	}
	return 0, &expect.Error{Msg: fmt.Sprintf("design %s has no metric %q", d.Name, metric), Hint: r.metricHint(d, metric)}
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
