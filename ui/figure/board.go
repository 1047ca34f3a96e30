package figure

import (
	"cmp"
	"math"
	"slices"
	"time"

	"asynclab/sim/chart"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// overTime overlays the curves of all lanes: a single lane has a colour for
// each curve; several lanes have a colour each. Curves of the same colour
// differ by their dashes, and the legend lists each colour and each dash once.
func (p *Plot) overTime(b *control.Board, lanes []*Lane) chart.Figure {
	alone, until, whole := len(lanes) == 1, p.Until, 0.0
	if until == 0 {
		until, whole = horizon(b.Now, b.Length), b.Length.Seconds()
	}
	fig := chart.Figure{
		Title: p.title(), Y: p.y, Empty: empty(b),
		X:     chart.Axis{Label: locale.T("plot.simulated-time"), Unit: draw.Seconds, Max: until.Seconds(), Grows: whole},
		Bands: bands(b, lanes), Cursor: b.Now.Seconds(), HasCursor: true,
	}
	if fig.Y.Unit == draw.Seconds {
		fig.Y.As = unitOf(lanes, b.Length)
	}
	for _, l := range lanes {
		if l.Index >= len(b.Lanes) {
			continue
		}
		for _, x := range p.lines(l, alone) {
			xy := x.points(b, l.Index)
			if p.Calm > 0 {
				xy = calm(xy, p.Calm.Seconds())
			}
			if (x.quiet || p.Calm > 0) && silent(xy) {
				continue
			}
			c := chart.Curve{XY: xy, Color: x.color % curveColors, Dash: x.dash, Step: x.step, Row: x.row, Column: x.column}
			if !alone {
				c.Color, c.Row, c.Column = laneColor+l.Index, l.Title, join(x.row, x.column)
			}
			c.Name = join(c.Row, c.Column)
			fig.Curves = append(fig.Curves, c)
		}
	}
	fig.Keys = keysOf(fig.Curves)
	fig.Y.Log = p.wide && farApart(fig.Curves)
	if p.Until > 0 && !fig.Y.Log {
		fig.Y.Max = roomAbove(fig.Curves)
	}
	return fig
}

// empty is said of a plot without data: nothing yet, or none in the whole run.
func empty(b *control.Board) string {
	if b.Length > 0 && b.Now >= b.Length {
		return locale.T("plot.none")
	}
	return locale.T("plot.empty")
}

func (p *Plot) title() string {
	if p.Calm == 0 {
		return p.Title
	}
	return locale.T("plot.mean-over", p.Title, draw.FormatDuration(p.Calm.Seconds()))
}

// calm is the moving average of a curve over the preceding interval; it begins
// at the first point with a whole interval before it.
func calm(xy []chart.XY, over float64) []chart.XY {
	if len(xy) < 2 {
		return nil
	}
	n := max(1, int(math.Round(over/(xy[1].X-xy[0].X))))
	var out []chart.XY
	sum := 0.0
	for i, q := range xy {
		sum += q.Y
		if i >= n {
			sum -= xy[i-n].Y
		}
		if i >= n-1 {
			out = append(out, chart.XY{X: q.X, Y: sum / float64(n)})
		}
	}
	return out
}

func join(row, column string) string {
	if row == "" || column == "" {
		return row + column
	}
	return row + " · " + column
}

// keysOf is the legend: the colours, then the dashes. If all curves have one
// colour, only the dashes.
func keysOf(curves []chart.Curve) []chart.Key {
	var rows, columns []chart.Key
	add := func(list *[]chart.Key, k chart.Key) {
		if k.Name != "" && !slices.ContainsFunc(*list, func(x chart.Key) bool { return x.Name == k.Name && x.Color == k.Color }) {
			*list = append(*list, k)
		}
	}
	for _, c := range curves {
		add(&rows, chart.Key{Name: c.Row, Color: c.Color})
		add(&columns, chart.Key{Name: c.Column, Color: chart.Ink, Dash: c.Dash})
	}
	if len(rows) == 0 {
		for i := range columns {
			columns[i].Color = curves[0].Color
		}
	}
	if len(columns) == 1 && len(rows) > 0 {
		columns = nil // one dash needs no legend
	}
	return append(rows, columns...)
}

// points is the curve over time: a rate or percentile is drawn in the middle of
// its interval; a level holds from its beginning to its end.
func (x *line) points(b *control.Board, lane int) []chart.XY {
	var sum measure.Series
	for i, name := range x.metrics {
		s, ok := b.Lanes[lane].Curves[name]
		if !ok {
			continue
		}
		if sum.Values == nil {
			sum = measure.Series{Start: s.Start, Width: s.Width, Values: make([]float64, len(s.Values))}
		}
		for j := range min(len(s.Values), len(sum.Values)) {
			if x.of == nil {
				sum.Values[j] += s.Values[j]
				continue
			}
			from := s.Start + float64(j)*s.Width
			share := s.Values[j] / x.of[i].mean(b.Changes, lane, from, from+s.Width)
			sum.Values[j] = max(sum.Values[j], share)
		}
	}
	out := make([]chart.XY, 0, len(sum.Values)+1)
	at := func(j float64) float64 { return sum.Start + j*sum.Width }
	for j, v := range sum.Values {
		if x.step {
			out = append(out, chart.XY{X: at(float64(j)), Y: v})
		} else {
			out = append(out, chart.XY{X: at(float64(j) + 0.5), Y: v})
		}
	}
	if n := len(sum.Values); x.step && n > 0 {
		out = append(out, chart.XY{X: at(float64(n)), Y: sum.Values[n-1]})
	}
	return out
}

// roomAbove is the end of an axis that keeps the highest value off the edge,
// where it is hard to see; 0 if the axis needs no such end.
func roomAbove(curves []chart.Curve) float64 {
	top := 0.0
	for _, c := range curves {
		for _, q := range c.XY {
			if !math.IsInf(q.Y, 0) && q.Y > top {
				top = q.Y
			}
		}
	}
	if top == 0 {
		return 0
	}
	ten := math.Pow(10, math.Floor(math.Log10(top)))
	for _, nice := range []float64{1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10} {
		if nice*ten >= top*1.04 {
			return nice * ten
		}
	}
	return 12 * ten
}

// farApart reports whether small values would be invisible on a linear axis.
// During a run this changes at most once, from false to true.
func farApart(curves []chart.Curve) bool {
	const most = 50
	lowest, highest := math.Inf(1), 0.0
	for _, c := range curves {
		for _, q := range c.XY {
			if q.Y > 0 {
				lowest, highest = min(lowest, q.Y), max(highest, q.Y)
			}
		}
	}
	return highest > most*lowest
}

// mean is a service's average number of workers between two times in seconds,
// including the changes made by hand.
func (s service) mean(changes []control.Change, lane int, from, to float64) float64 {
	sum, since, workers := 0.0, from, s.workers
	for _, c := range changes {
		at := c.At.Seconds()
		if c.Path != "service."+s.name+".workers" || c.Lane >= 0 && c.Lane != lane || at >= to {
			continue
		}
		if at > since {
			sum += (at - since) * workers
			since = at
		}
		workers = math.Inf(1) // the change says "unlimited"
		if q, err := draw.ParseQuantity(c.Value); err == nil {
			workers = q.Value
		}
	}
	return (sum + (to-since)*workers) / (to - from) * s.instances
}

// silent reports whether there are only zeros and gaps.
func silent(xy []chart.XY) bool {
	return !slices.ContainsFunc(xy, func(q chart.XY) bool { return q.Y != 0 && !math.IsNaN(q.Y) })
}

// horizon is the end of the time axis: the end of the run, or, early in a long
// run, a half, a quarter … of it, so that curves are not crammed into a corner.
// It changes rarely, and only grows.
func horizon(now, length time.Duration) time.Duration {
	h := length
	for range 4 {
		if now > h/2*9/10 {
			break
		}
		h /= 2
	}
	return max(h, time.Nanosecond)
}

// bands are the faults of the lanes shown, each once.
func bands(b *control.Board, lanes []*Lane) []chart.Band {
	var out []chart.Band
	for _, m := range b.Marks {
		shown := !m.Surge && (m.Lane < 0 || slices.ContainsFunc(lanes, func(l *Lane) bool { return l.Index == m.Lane }))
		band := chart.Band{Name: m.Name, From: m.From.Seconds(), To: m.To.Seconds(), Faint: m.Planned}
		if shown && !slices.Contains(out, band) {
			out = append(out, band)
		}
	}
	slices.SortStableFunc(out, func(x, y chart.Band) int { return cmp.Compare(x.From, y.From) })
	first, until := -1, math.Inf(-1)
	for i := range out { // the names of overlapping ones would cover each other
		if out[i].From >= until {
			first, until = i, out[i].To
			continue
		}
		out[first].Name += ", " + out[i].Name
		out[i].Name, until = "", max(until, out[i].To)
	}
	if w := b.Warmup.Seconds(); w > 0 {
		out = slices.Insert(out, 0, chart.Band{Name: locale.T("plot.warm-up"), To: w, Faint: true})
	}
	return out
}

// binned is the distribution for a line.
type binned = measure.Bin

// ofBars draws distributions: a colour for each line of a lane alone, or for
// each lane.
func (p *Plot) ofBars(b *control.Board, lanes []*Lane) chart.Figure {
	alone := len(lanes) == 1
	var heads []chart.Bars
	var bins [][]binned
	for _, l := range lanes {
		if l.Index >= len(b.Lanes) {
			continue
		}
		for _, x := range p.bars(l, alone) {
			head := chart.Bars{Name: x.row, Color: x.color % curveColors}
			if !alone {
				head = chart.Bars{Name: l.Title, Color: laneColor + l.Index}
			}
			heads = append(heads, head)
			bins = append(bins, b.Lanes[l.Index].Bars[x.metrics[0]])
		}
	}
	fig := p.dist(heads, bins)
	fig.Title, fig.Empty = p.Title, empty(b)
	fig.X.Label, fig.X.Unit = locale.T("plot.latency-axis"), draw.Seconds
	if b.Warmup > 0 {
		fig.X.Label = locale.T("plot.latency-axis-since", draw.FormatDuration(b.Warmup.Seconds()))
	}
	return fig
}

// histogram draws how many operations had which latency.
func histogram(heads []chart.Bars, bins [][]binned) chart.Figure {
	fig := chart.Figure{X: chart.Axis{Log: true}, Y: chart.Axis{Label: locale.T("plot.share-of-operations"), Unit: draw.Ratio}}
	for i, h := range heads {
		h.Bins = chart.Histogram(bins[i], true)
		fig.Bars = append(fig.Bars, h)
	}
	return fig
}

// tail draws the share of operations that took longer than each latency.
func tail(heads []chart.Bars, bins [][]binned) chart.Figure {
	fig := chart.Figure{X: chart.Axis{Log: true}, Y: chart.Axis{Label: locale.T("plot.share-slower"), Unit: draw.Ratio, Log: true}}
	for i, h := range heads {
		fig.Curves = append(fig.Curves, chart.Curve{Name: h.Name, Color: h.Color, XY: chart.CCDF(bins[i])})
	}
	return fig
}
