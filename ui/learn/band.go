package learn

import (
	"context"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/lessons"
	"asynclab/sim/chart"
	"asynclab/sim/metric"
	"asynclab/ui/control"
	"asynclab/ui/figure"
	"asynclab/ui/locale"
)

// bands are the boards of runs with other seeds, whose curves lie as a band behind
// those of the student's run.
type bands struct {
	of     *lessons.Setup
	boards []*control.Board // with the seeds after that of the scenario
	cancel context.CancelFunc
}

// stop ends the runs that are being made.
func (b *bands) stop() {
	if b.cancel != nil {
		b.cancel()
	}
	*b = bands{}
}

// makeBands makes the runs of a step with its seeds, away from the window's
// goroutine, once the student has seen one run to its end.
func (p *Place) makeBands() {
	u := p.Setup
	if u.Seeds == 0 || p.bands.of == u {
		return
	}
	p.bands.stop()
	ctx, cancel := context.WithCancel(context.Background())
	p.bands = bands{of: u, cancel: cancel}
	l := p.Player.Lesson()
	curves, _ := p.Workbench.Plots.Watched()
	go func() {
		boards, err := seeded(ctx, l, u, curves)
		fyne.Do(func() {
			if ctx.Err() != nil || p.bands.of != u {
				return
			}
			if err != nil {
				p.host.Fail(locale.T("lesson.lab-not-set-up"), err)
				return
			}
			p.bands.boards = boards
			p.Workbench.Plots.Redraw()
		})
	}()
}

// seeded are the boards at the end of a step's run, with each of its seeds after the
// first.
func seeded(ctx context.Context, l *lessons.Lesson, u *lessons.Setup, curves []string) (all []*control.Board, err error) {
	for k := 1; k < u.Seeds; k++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		sc, designs, err := staged(l, u)
		if err != nil {
			return nil, err
		}
		sc.Run.Seed += uint64(k)
		s, err := control.Open(sc, designs, control.Options{Memory: 1 << 20})
		if err == nil {
			err = s.JumpTo(u.Until)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, s.Board(curves, nil, 0, ""))
	}
	return all, nil
}

// over adds what stays on a plot of the lesson: the band of other seeds, and the
// curve that the student drew.
func (p *Place) over(plot figure.Plot, of []*figure.Lane, fig *chart.Figure) {
	if p.Player == nil || p.Setup == nil {
		return
	}
	if p.ended && p.bands.of == p.Setup && len(p.bands.boards) > 0 {
		p.addBand(plot, of, fig)
	}
	if c, ok := p.drawn(plot); ok {
		fig.Curves = append(fig.Curves, c)
	}
}

// addBand puts a band around each curve: from the least to the greatest value that
// the seeds have at its points.
func (p *Place) addBand(plot figure.Plot, of []*figure.Lane, fig *chart.Figure) {
	if !plot.Time {
		return
	}
	var figures []chart.Figure
	for _, b := range p.bands.boards {
		if len(b.Lanes) == len(p.Workbench.Scenes) {
			figures = append(figures, plot.Figure(b, of))
		}
	}
	for i := range fig.Curves {
		c := &fig.Curves[i]
		c.Low, c.High = make([]float64, len(c.XY)), make([]float64, len(c.XY))
		for k, at := range c.XY {
			low, high := at.Y, at.Y
			for _, other := range figures {
				if i < len(other.Curves) && k < len(other.Curves[i].XY) && other.Curves[i].XY[k].X == at.X {
					y := other.Curves[i].XY[k].Y
					low, high = math.Min(low, y), math.Max(high, y)
				}
			}
			c.Low[k], c.High[k] = low, high
		}
	}
}

// drawn is the curve that the student drew, on the plot of its metric.
func (p *Place) drawn(plot figure.Plot) (c chart.Curve, ok bool) {
	i := slices.IndexFunc(p.Player.Step().Activities(), (*lessons.Activity).Drawn)
	if i < 0 {
		return c, false
	}
	a := p.Player.Step().Activities()[i]
	of := slices.IndexFunc(metric.Plots, func(m *metric.Plot) bool { return m.ID == plot.ID })
	is, known := metric.Core.Parse(a.Curve.Metric)
	if of < 0 || !known || !slices.Contains(metric.Plots[of].Curves(metric.Core), is.Metric) {
		return c, false
	}
	points := []lessons.Point(nil)
	if guess, made := p.Player.Guessed(); made {
		points = guess.Points
	} else if tries := p.Player.Tries(a); len(tries) > 0 {
		points = a.Points(tries[len(tries)-1])
	}
	c = chart.Curve{Name: locale.T("lesson.your-curve"), Color: chart.Ink, Dash: chart.Dotted}
	for _, q := range points {
		c.XY = append(c.XY, chart.XY{X: q.T, Y: q.V})
	}
	return c, len(c.XY) > 1
}

// sweep makes the runs of an edge away from the window's goroutine.
func (p *Place) sweep(a *lessons.Activity, done func([]lessons.Turned, error)) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	if p.stopSweep != nil {
		p.stopSweep()
	}
	p.stopSweep = cancel
	l, step := p.Player.Lesson(), p.Player.Step().ID
	go func() {
		all, err := a.Swept(ctx, l, nil)
		fyne.Do(func() {
			if ctx.Err() == nil && p.Player != nil && p.Player.Step().ID == step {
				done(all, err)
			}
			cancel()
		})
	}()
}
