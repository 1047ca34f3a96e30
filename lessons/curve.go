package lessons

import (
	"fmt"
	"math"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// Curve is the metric of a predicted curve.
type Curve struct {
	Design, Metric string
	Unit           draw.Unit
	Top, Tolerance draw.Quantity // of one that is drawn by hand

	expr *expect.Expectation
}

// Point is a point of a drawn curve, in base units.
type Point struct{ T, V float64 }

const maxPoints = 200

// curve reads the metric of a curve.
func (r *reader) curve(n *yamltree.Node) *Curve {
	e := r.expression(n)
	if e == nil {
		return nil
	}
	refs := e.Metrics()
	if len(refs) != 1 || refs[0].Window != nil || isParam(refs[0]) {
		r.At(n, `such as "broker: queue.bus/orders.depth.mean"`, "a curve is one metric over time")
		return nil
	}
	return &Curve{Design: refs[0].Design, Metric: refs[0].Metric, expr: e}
}

// judgeCurve finds the design and the unit of a curve.
func (r *reader) judgeCurve(a *Activity) {
	c := a.Curve
	if c.Design == "" && len(a.setup.Designs) == 1 {
		c.Design = a.setup.Designs[0]
	}
	r.judgeExpr(a.setup, c.expr)
	c.Unit = r.units[c.expr]
	if a.Drawn() && c.Top.Unit != draw.None && c.Top.Unit != c.Unit {
		r.At(a.at, "", "the curve is %v, and top: %v is not", c.Unit, c.Top)
	}
}

// points reads "0s 0, 60s 1200".
func (r *reader) points(n *yamltree.Node) (out []Point) {
	text, ok := r.word(n)
	if !ok {
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		t, v, two := strings.Cut(strings.TrimSpace(part), " ")
		if !two || len(out) >= maxPoints {
			r.At(r.Find(n, part), `such as "0s 0, 60s 600"`, "%q is no point: a time, a blank, a value", strings.TrimSpace(part))
			return nil
		}
		tq, ok1 := r.quantity(n, t)
		vq, ok2 := r.quantity(n, v)
		if !ok1 || !ok2 {
			return nil
		}
		if len(out) > 0 && tq.Value <= out[len(out)-1].T {
			r.At(r.Find(n, part), "", "the times of points go up")
			return nil
		}
		out = append(out, Point{tq.Value, vq.Value})
	}
	if len(out) < 2 {
		r.At(n, "", "a curve has two points or more")
	}
	return out
}

const (
	curveNear  = 0.1 // largest mean distance of the right curve from that of the run, as a share of its height
	curveApart = 2   // wrong curves must be at least so many times farther away
)

// proveCurve checks that the right curve is close to that of the run, and closer
// than the others.
func (p *proof) proveCurve(a *Activity, s scene) {
	series, _ := s.Series(a.Curve.Design, a.Curve.Metric)
	right := a.Right()
	off, height, ok := distance(a.Choices[right].Points, series)
	if !ok {
		p.unmet(a.at, "take a metric that changes over time", "the run has no curve of %s", a.Curve.Metric)
		return
	}
	if off > curveNear {
		p.unmet(a.Choices[right].at, fmt.Sprintf("the curve of the run: %s", sketch(series, a.Curve.Unit)),
			"the right curve is %.0f%% of its height of %s away from that of the run", 100*off, draw.FormatQuantity(height, a.Curve.Unit))
	}
	for i, ch := range a.Choices {
		if far, _, _ := distance(ch.Points, series); i != right && far < curveApart*off {
			p.unmet(ch.at, "", "this wrong curve is nearly as close to that of the run as the right one")
		}
	}
}

// distance is the mean distance between a drawn curve and a series of a run, as a
// share of the largest value of the series; ok is false if that is 0.
func distance(points []Point, s measure.Series) (share, height float64, ok bool) {
	sum, n := 0.0, 0
	for i, v := range s.Values {
		if t := middle(s, i); !math.IsNaN(v) {
			sum += math.Abs(v - curveAt(points, t))
			height = max(height, math.Abs(v))
			n++
		}
	}
	if n == 0 || height == 0 {
		return 0, height, false
	}
	return sum / float64(n) / height, height, true
}

// middle is the time, in seconds, in the middle of an interval of a series.
func middle(s measure.Series, i int) float64 { return s.Start + (float64(i)+0.5)*s.Width }

// curveAt is the value of a drawn curve at a time, interpolated linearly.
func curveAt(points []Point, t float64) float64 {
	if t <= points[0].T {
		return points[0].V
	}
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		if t <= b.T {
			return a.V + (b.V-a.V)*(t-a.T)/math.Max(b.T-a.T, 1e-12)
		}
	}
	return points[len(points)-1].V
}

// sketch formats a series as up to seven points, in the syntax of lessons.
func sketch(s measure.Series, u draw.Unit) string {
	var parts []string
	for k := range 7 {
		i := min(k*len(s.Values)/6, len(s.Values)-1)
		if v := s.Values[i]; !math.IsNaN(v) {
			parts = append(parts, draw.FormatDuration(middle(s, i))+" "+draw.FormatQuantity(v, u))
		}
	}
	return strings.Join(parts, ", ")
}
