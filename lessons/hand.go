package lessons

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"asynclab/scenarios/yamltree"
	"asynclab/sim/draw"
)

// A curve without choices is drawn by hand, and judged by its distance from that of
// the run.

// Drawn tells whether a prediction is a curve that the student draws.
func (a *Activity) Drawn() bool { return a.Curve != nil && len(a.Choices) == 0 }

// finishDrawn checks the keys of a curve that is drawn by hand.
func (r *reader) finishDrawn(d *draft) {
	r.reportStrays(nil)
	if d.n.Get("top") == nil {
		r.At(d.n, "write top: the height of the paper, such as top: 200; or write choices with points", "nobody knows how high the paper is on which the curve is drawn")
	}
	d.Curve.Tolerance = draw.Quantity{Value: 0.2, Unit: draw.Ratio}
	if d.n.Get("tolerance") != nil {
		d.Curve.Tolerance = d.number.Tolerance
	}
	if d.Curve.Tolerance.Unit != draw.Ratio {
		r.At(d.n.Get("tolerance"), "such as tolerance: 20%", "how near a drawn curve has to be is a share of the height of that of the run")
	}
}

// top reads the height of the paper.
func (r *reader) top(n *yamltree.Node, d *draft) {
	if q, ok := r.quantity(n, n.Text); ok {
		if d.top = q; q.Value <= 0 {
			r.At(n, "such as top: 200", "the paper has no height")
		}
	}
}

// proveDrawn checks that the run has the curve, and that it fits on the paper.
func (p *proof) proveDrawn(a *Activity, s scene) {
	series, _ := s.Series(a.Curve.Design, a.Curve.Metric)
	_, height, ok := distance([]Point{{0, 0}, {1, 0}}, series)
	switch top := a.Curve.Top.Value; {
	case !ok:
		p.unmet(a.at, "take a metric that changes over time", "the run has no curve of %s", a.Curve.Metric)
	case height > top || height < top/5:
		p.unmet(a.at, "take a top a little above it: the student must have room for a wrong curve", "the curve of the run rises to %s, and the paper to %s",
			draw.FormatQuantity(height, a.Curve.Unit), draw.FormatQuantity(top, a.Curve.Unit))
	}
}

// Sketch is the curve of a run as a few points.
func (a *Activity) Sketch(run Evidence) string {
	series, ok := run.Series(a.Curve.Design, a.Curve.Metric)
	if !ok || len(series.Values) == 0 {
		return "–"
	}
	return sketch(series, a.Curve.Unit)
}

// judgeDrawn compares the student's curve with that of the run.
func judgeDrawn(a *Activity, run Evidence, v *Verdict) {
	series, found := run.Series(a.Curve.Design, a.Curve.Metric)
	if !found || len(v.Guess.Points) == 0 {
		return
	}
	if off, _, ok := distance(v.Guess.Points, series); ok {
		v.Truth = off
		v.Right = off <= a.Curve.Tolerance.Value
	}
}

// validCurve tells what is wrong with a drawn curve.
func validCurve(points []Point) error {
	if len(points) < 2 || len(points) > maxPoints {
		return fmt.Errorf("a curve has two to %d points, not %d", maxPoints, len(points))
	}
	for i, p := range points {
		if math.IsNaN(p.V) || math.IsInf(p.V, 0) || math.IsNaN(p.T) || math.IsInf(p.T, 0) || i > 0 && p.T <= points[i-1].T {
			return errors.New("the times of points go up")
		}
	}
	return nil
}

// ReadPoints reads a curve as a student writes it: "0s 0, 60s 600".
func (a *Activity) ReadPoints(text string) ([]Point, error) {
	var out []Point
	for part := range strings.SplitSeq(text, ",") {
		t, v, _ := strings.Cut(strings.TrimSpace(part), " ")
		tq, err := draw.ParseQuantity(t)
		if err == nil {
			var vq draw.Quantity
			vq, err = draw.ParseQuantity(strings.TrimSpace(v))
			out = append(out, Point{tq.Value, vq.Value})
		}
		if err != nil {
			return nil, fmt.Errorf("%q is no point: a time, a blank, a value, such as 60s 600", strings.TrimSpace(part))
		}
	}
	return out, validCurve(out)
}

// writePoints writes a curve for a file of progress, in base units.
func writePoints(points []Point) string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
	var all []string
	for _, p := range points {
		all = append(all, number(p.T)+" "+number(p.V))
	}
	return strings.Join(all, ", ")
}

// Points is the curve that the student drew in a try; nil if it has none.
func (a *Activity) Points(t Try) []Point {
	if !a.Drawn() {
		return nil
	}
	points, err := a.ReadPoints(t.Said)
	if err != nil {
		return nil
	}
	return points
}
