package lessons

import (
	"math"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// Evidence is the results of runs, the student's own or those of the check. design is
// never empty for Metric and Series.
type Evidence interface {
	// Metric is the current value of a metric, or its value over a window; NaN
	// without samples.
	Metric(design, metric string, window *expect.Window) (float64, draw.Unit, bool)
	// Design is a design with all changes of the run so far; nil if there is none.
	Design(name string) *design.Design
	// Series is a metric over time.
	Series(design, metric string) (measure.Series, bool)
}

// judge evaluates an expectation about the shown designs.
func judge(e *expect.Expectation, shown []string, from Evidence) expect.Outcome {
	return e.Evaluate(1, func(name, metric string, w *expect.Window, _ int) (float64, draw.Unit, bool) {
		name = designOf(name, shown)
		path, isParam := strings.CutPrefix(metric, param+".")
		switch {
		case !isParam:
			return from.Metric(name, metric, w)
		case name != "":
			return valueOf(from.Design(name), path)
		}
		for _, name := range shown { // the reader checks that all designs that have it agree
			if v, u, ok := valueOf(from.Design(name), path); ok {
				return v, u, true
			}
		}
		return math.NaN(), draw.None, false
	}, nil)
}

// valueOf is the value of a parameter of a design, in its base unit.
func valueOf(d *design.Design, path string) (float64, draw.Unit, bool) {
	if d == nil {
		return math.NaN(), draw.None, false
	}
	p, err := d.Lookup(path)
	if err != nil {
		return math.NaN(), draw.None, false
	}
	v, err := d.Number(path)
	return v, p.Unit, err == nil
}

// param is the prefix of parameters in expectations; those of lessons may refer to
// parameters as well as metrics: chain.param.service.pay.workers.
const param = "param"

func isParam(ref expect.Ref) bool { return strings.HasPrefix(ref.Metric, param+".") }

// designOf is the design of a reference. Without a name it is the shown design, if
// there is only one; otherwise "".
func designOf(name string, shown []string) string {
	if name == "" && len(shown) == 1 {
		return shown[0]
	}
	return name
}
