package lessons

import (
	"math"
	"strings"

	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// Evidence is what runs show: a student's own, or those of the check. The design
// is always named.
type Evidence interface {
	// Metric is a metric as it stands now, or over a window; NaN without samples.
	Metric(design, metric string, window *expect.Window) (float64, draw.Unit, bool)
	// Param is a parameter of the design as it is now, in its base unit.
	Param(design, path string) (float64, draw.Unit, bool)
	// Series is a metric over time.
	Series(design, metric string) (measure.Series, bool)
}

// judge evaluates an expectation about the designs that are shown.
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
		for _, name := range shown { // it is the same in all that have it
			if v, u, ok := from.Param(name, path); ok {
				return v, u, true
			}
		}
		return math.NaN(), draw.None, false
	})
}

// param is the first word of references to parameters, which expectations of
// lessons may have besides metrics: chain.param.service.pay.workers.
const param = "param"

func isParam(ref expect.Ref) bool { return strings.HasPrefix(ref.Metric, param+".") }

// designOf is the design that a reference is about: the only one shown where it
// names none; "" if that cannot be told.
func designOf(name string, shown []string) string {
	if name == "" && len(shown) == 1 {
		return shown[0]
	}
	return name
}
