package expect

import (
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/spell"
	"asynclab/sim/warning"
)

// Expectation is a parsed line. It does not change and may be shared.
type Expectation struct {
	text   string
	design string
	cmp    comparison
	left   *node
	right  *node // the bound; of "within" the expected value; of "between" the lower bound
	extra  *node // of "within" the tolerance, of "between" the upper bound
	refs   []Ref
}

// Window is a stretch [From, To) of simulated time.
type Window struct{ From, To time.Duration }

func (w Window) String() string { return exact(w.From) + ".." + exact(w.To) }

func exact(d time.Duration) string {
	return draw.Quantity{Value: d.Seconds(), Unit: draw.Seconds}.String()
}

// Ref is a metric that an expectation mentions.
type Ref struct {
	Design string // "" where neither the line nor the metric names one
	Metric string
	Window *Window // nil: the measured window of the run
	Offset int     // in bytes, where the name stands in the text
}

// Name is the metric with its design.
func (r Ref) Name() string {
	name := r.Metric
	if r.Design != "" {
		name = r.Design + "." + name
	}
	if r.Window != nil {
		name += " in " + r.Window.String()
	}
	return name
}

// Spans lists the windows of expectations: a run has to know them from its
// beginning.
func Spans(all []*Expectation) (out []measure.Span) {
	for _, e := range all {
		for _, r := range e.refs {
			if r.Window == nil {
				continue
			}
			if s := (measure.Span{From: int64(r.Window.From), To: int64(r.Window.To)}); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// Names lists the metrics of expectations: what is recorded only where it is asked
// for.
func Names(all []*Expectation) (out []string) {
	for _, e := range all {
		for _, r := range e.refs {
			out = append(out, r.Metric)
		}
	}
	return out
}

// Error is an error in an expectation, with its place in the text.
type Error struct {
	Offset int // in bytes, where in the text
	Msg    string
	Hint   string // what to do about it; may be empty

	says, advice spell.Text // Msg and Hint, for who translates them
}

// Advice is the hint, as it can be translated.
func (e *Error) Advice() spell.Text {
	if e.advice.String() != e.Hint { // it was made more precise since
		return spell.Of(e.Hint)
	}
	return e.advice
}

// Says is the message, as it can be translated.
func (e *Error) Says() spell.Text {
	if e.says.String() != e.Msg { // it was said more precisely since
		return spell.Of(e.Msg)
	}
	return e.says
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + " (hint: " + e.Hint + ")"
}

// mistake is an error at an offset; hint is a string or a spell.Text.
func mistake(offset int, hint any, format string, args ...any) *Error {
	says, advice := spell.Textf(format, args...), spell.Of(hint)
	return &Error{Offset: offset, Msg: says.String(), Hint: advice.String(), says: says, advice: advice}
}

// Wrong is an error about a metric, for what Check asks; hint is a string or a spell.Text.
func Wrong(hint any, format string, args ...any) *Error { return mistake(0, hint, format, args...) }

// Late returns a warning for each window that ends after a run of the given
// length; none if the length is 0, which means unknown.
func (e *Expectation) Late(length time.Duration) (all []warning.Warning) {
	for i, r := range e.refs {
		if length <= 0 || r.Window == nil || r.Window.To <= length || slices.ContainsFunc(e.refs[:i], func(o Ref) bool { return o.Window != nil && *o.Window == *r.Window }) {
			continue
		}
		kind := warning.CutWindow
		if r.Window.From >= length {
			kind = warning.LateWindow
		}
		all = append(all, warning.Of(kind, "", *r.Window, exact(length)))
	}
	return all
}

// Text is the line as it was written, without the space around it.
func (e *Expectation) Text() string { return e.text }

// Design is the design before the colon; "" if there is none.
func (e *Expectation) Design() string { return e.design }

// Metrics lists the metrics of the expectation from left to right.
func (e *Expectation) Metrics() []Ref { return slices.Clone(e.refs) }

// Check looks up the unit of every metric and checks that they fit together.
// The error of unit becomes the message; if it is an *Error, its hint is kept.
// Every error is an *Error.
func (e *Expectation) Check(unit func(design, metric string) (draw.Unit, error)) error {
	dims := make([]dim, len(e.refs))
	for i, r := range e.refs {
		u, err := unit(r.Design, r.Metric)
		if err != nil {
			bad := mistake(r.Offset, nameHint(r.Metric), "%s", err.Error())
			if ee, ok := err.(*Error); ok {
				bad.Msg, bad.says = ee.Msg, ee.says
				if ee.Hint != "" {
					bad.Hint, bad.advice = ee.Hint, ee.advice
				}
			}
			return bad
		}
		dims[i] = dimOf(u)
	}
	if err := e.checkDims(dims); err != nil {
		return err
	}
	if err := e.checkRange(); err != nil {
		return err
	}
	return nil
}

// checkRange reports a comparison of one metric with a number that no run can meet:
// nothing is below 0, and no share of operations or workers above 1.
func (e *Expectation) checkRange() *Error {
	if e.left.op != '$' || e.right.op != '#' {
		return nil
	}
	name, v, most := e.refs[e.left.ref].Metric, e.right.value, math.Inf(1)
	if strings.HasPrefix(name, "load.") && strings.HasSuffix(name, ".ratio") || strings.HasPrefix(name, "service.") && strings.HasSuffix(name, "."+metric.Service.Metric(metric.ServiceUtilization).Name) {
		most = 1
	}
	switch {
	case e.cmp == less && v <= 0, (e.cmp == atMost || e.cmp == equal) && v < 0:
		return mistake(e.right.at, "write another bound, for example > 0", "%s is never below 0", name)
	case e.cmp == greater && v >= most, (e.cmp == atLeast || e.cmp == equal) && v > most:
		return mistake(e.right.at, "write another bound, for example >= 99.9%", "%s is never above 100%%", name)
	}
	return nil
}

// nameHint explains a common error: a / without spaces is read as part of a
// name and not as a division.
func nameHint(metric string) string {
	if !strings.HasPrefix(metric, "queue.") && strings.Contains(metric, "/") {
		return "to divide, put spaces around the /"
	}
	return ""
}

// kinds are the first words of metric names.
var kinds = func() []string {
	all := make([]string, len(metric.Core))
	for i, k := range metric.Core {
		all[i] = k.Name
	}
	return all
}()

// IsKind reports whether a word is the first of metric names that no design may have
// as its name. A design may be called broker: see designBroker.
func IsKind(word string) bool { return word != metric.Broker.Name && slices.Contains(kinds, word) }
