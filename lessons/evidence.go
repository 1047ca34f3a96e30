package lessons

import (
	"math"
	"strings"

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
	// Param is the current value of a parameter, in its base unit.
	Param(design, path string) (float64, draw.Unit, bool)
	// Series is a metric over time.
	Series(design, metric string) (measure.Series, bool)
}

// judge evaluates an expectation about the shown designs.
func judge(e *expect.Expectation, shown []string, from Evidence) expect.Outcome {
	return e.Evaluate(1, func(design, metric string, w *expect.Window, _ int) (float64, draw.Unit, bool) {
		design = designOf(design, shown)
		path, isParam := strings.CutPrefix(metric, param+".")
		switch {
		case !isParam:
			return from.Metric(design, metric, w)
		case design != "":
			return from.Param(design, path)
		}
		for _, name := range shown { // the reader checks that all designs that have it agree
			if v, u, ok := from.Param(name, path); ok {
				return v, u, true
			}
		}
		return math.NaN(), draw.None, false
	}, nil)
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
