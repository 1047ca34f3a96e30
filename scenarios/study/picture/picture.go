package picture

import (
	"fmt"
	"io"
	"math"
	"slices"

	"asynclab/scenarios/study"
	"asynclab/sim/chart"
	"asynclab/sim/draw"
)

// Size of a figure, in pixels of scale 1.
const figureWidth, figureHeight = 560, 340

// PNG writes the curves with their intervals as a picture, a figure for each metric; of
// two axes a heat map for each metric and design.
func PNG(w io.Writer, s *study.Swept) error {
	style := chart.Light()
	style.Scale = 2
	return sheet(s).PNG(w, style, figureWidth, figureHeight)
}

// SVG writes the same as a drawing.
func SVG(w io.Writer, s *study.Swept) error {
	return sheet(s).SVG(w, chart.Light(), figureWidth, figureHeight)
}

// Figures are the figures of the picture; the places of a parameter that is no number
// are numbered from 0.
func Figures(s *study.Swept) []chart.Figure { return sheet(s).Figures }

func sheet(s *study.Swept) chart.Sheet {
	out := chart.Sheet{Title: s.Subject()}
	for _, m := range s.Metrics {
		if len(s.Axes) == 1 {
			out.Figures = append(out.Figures, figure(s, m))
			continue
		}
		for d := range s.Designs {
			out.Figures = append(out.Figures, heat(s, m, d))
		}
	}
	out.Figures = slices.DeleteFunc(out.Figures, func(f chart.Figure) bool { return len(f.Curves) == 0 && len(f.Cells) == 0 })
	if len(out.Figures) == 0 {
		out.Figures = []chart.Figure{{Title: s.Subject(), Empty: "no values"}}
	}
	if len(out.Figures) > 1 {
		out.Columns = 2
	}
	return out
}

// figure is a metric over the parameter, with a curve for each design.
func figure(s *study.Swept, m string) chart.Figure {
	a := s.Axes[0]
	fig := chart.Figure{Title: m, X: chart.Axis{Label: a.Path, Unit: a.Unit, Log: a.Log, Min: a.Places[0].X, Max: a.Places[len(a.Places)-1].X}}
	if !a.Number {
		fig.X = chart.Axis{Label: a.Path}
		for _, p := range a.Places {
			fig.X.Names = append(fig.X.Names, p.Text)
		}
	}
	lo, hi := math.Inf(1), 0.0
	for d := range s.Designs {
		c := s.Curve(d, m)
		line := chart.Curve{Name: c.Design, Color: d, Dash: chart.Dash(d % int(chart.NumDashes)), Dots: len(c.X) <= 60, Apart: !a.Number}
		some := false
		for i := range c.X {
			e, x := c.At(i), c.X[i]
			if !a.Number {
				x = float64(slices.Index(a.Places, s.Points[i].At[0]))
			}
			line.XY = append(line.XY, chart.XY{X: x, Y: e.Mean})
			line.Low, line.High = append(line.Low, e.Low), append(line.High, e.High)
			if e.N > 0 {
				some, lo, hi = true, min(lo, e.Mean), max(hi, e.Mean)
			}
		}
		if some {
			fig.Curves, fig.Y.Unit = append(fig.Curves, line), c.Unit
		}
	}
	const wide = 20 // from the least to the greatest value: a logarithmic axis shows both
	fig.Y.Log = lo > 0 && hi > wide*lo
	fig.Bands = flipBands(s, m)
	return fig
}

// flipBands are the intervals in which expectations about a metric flip.
func flipBands(s *study.Swept, m string) (out []chart.Band) {
	for i, f := range s.Flips {
		about := false
		for _, e := range s.Sweep.Flips[i].Metrics() {
			about = about || e.Metric == m
		}
		for _, x := range f.Flips {
			if about {
				out = append(out, chart.Band{Name: "flips", From: x.Low, To: x.High})
			}
		}
	}
	return out
}

// heat is a metric of one design over two parameters.
func heat(s *study.Swept, m string, d int) chart.Figure {
	a, b := s.Axes[0], s.Axes[1]
	fig := chart.Figure{X: chart.Axis{Label: a.Path}, Y: chart.Axis{Label: b.Path}}
	for _, p := range a.Places {
		fig.X.Names = append(fig.X.Names, p.Text)
	}
	for _, p := range b.Places {
		fig.Y.Names = append(fig.Y.Names, p.Text)
	}
	unit := draw.None
	lo, hi := math.Inf(1), math.Inf(-1)
	value := func(p study.Point) float64 {
		v, ok := p.Result.Designs[d].Metric(m)
		if !ok {
			return math.NaN()
		}
		unit = v.Unit
		return v.Mean
	}
	for _, p := range s.Points {
		if v := value(p); !math.IsNaN(v) && !math.IsInf(v, 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	shade := func(v float64) float64 { return (v - lo) / (hi - lo) }
	const wide = 20 // from the least to the greatest value: colours by ratio show both
	if lo > 0 && hi > wide*lo {
		shade = func(v float64) float64 { return math.Log(v/lo) / math.Log(hi/lo) }
	}
	for _, p := range s.Points {
		v := value(p)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		part := 0.0
		if hi > lo {
			part = shade(v)
		}
		fig.Cells = append(fig.Cells, chart.Cell{X: slices.Index(a.Places, p.At[0]), Y: slices.Index(b.Places, p.At[1]), Part: part, Text: draw.FormatQuantity(v, unit)})
	}
	fig.Title = fmt.Sprintf("%s: %s", s.Designs[d].Name, m)
	fig.Y.Label += " upwards"
	if hi > lo {
		fig.Y.Label += fmt.Sprintf(", light %s, dark %s", draw.FormatQuantity(lo, unit), draw.FormatQuantity(hi, unit))
	}
	return fig
}
