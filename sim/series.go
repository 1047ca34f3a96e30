package sim

import (
	"fmt"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// MetricSeries is a metric over the time of one run: a value for each interval,
// the warm-up included. Counts are per interval, rates per second of it; NaN: no samples.
type MetricSeries struct {
	Metric string
	Unit   Unit
	measure.Series
}

// RunSeries is a series with the run that it is of.
type RunSeries struct {
	Design      string
	Replication int // from 1
	MetricSeries
}

// MaxSeriesValues bounds the values of all series of a call.
const MaxSeriesValues = 5_000_000

// inSeries reports whether the series of a number is kept: of those that plots show,
// where none are chosen.
func inSeries(r metric.Ref, choice metric.Choice) bool {
	switch {
	case !hasSeries(r):
		return false
	case choice.All():
		return r.Curve.Plot != nil && (r.Stat == r.Curve.Stat || r.Shape() == metric.Distribution && (r.Stat == metric.P50 || r.Stat == metric.P99))
	}
	return choice.Has(r)
}

// hasSeries reports whether a number has a series.
func hasSeries(r metric.Ref) bool {
	return r.Stat != metric.Final && (r.Shape() != metric.Computed || r.Curve.Plot != nil)
}

// checkSeries finds series that would be too many.
func checkSeries(designs []*design.Design, s Settings) error {
	if !s.Series {
		return nil
	}
	n, points := 0, s.Points
	if points == 0 {
		points = 240
	}
	for _, d := range designs {
		p, err := engine.Compile(d)
		if err != nil {
			return fmt.Errorf("design %q: %w", d.Name, err)
		}
		for _, m := range p.Metrics() {
			if inSeries(m.Ref, s.Metrics) {
				n++
			}
		}
	}
	switch values := n * points * max(s.Replications, 1); {
	case n == 0 && !s.Metrics.All():
		return metric.ChoiceErrorf(s.Metrics.Patterns()[0], "choose counts, levels or distributions, such as load.*.completed.rate", "what is chosen has no series over time")
	case values > MaxSeriesValues:
		return fmt.Errorf("%d series of %d points in %d replications are more than %d values; choose fewer with --metrics, or fewer replications", n, points, max(s.Replications, 1), MaxSeriesValues)
	}
	return nil
}

// seriesOf copies the series of a run.
func seriesOf(r runner, values []engine.MetricValue, kept func(metric.Ref) bool) (all []MetricSeries) {
	source, ok := r.(interface {
		Series(name string) (measure.Series, bool)
	})
	for i := range values {
		if v := &values[i]; ok && kept(v.Ref) {
			if s, known := source.Series(v.Name); known {
				all = append(all, MetricSeries{v.Name, v.Unit, s})
			}
		}
	}
	return all
}

// mostSparks bounds the rows of a table with a course over time: of a design with very
// many elements it would be long to look for, and nobody reads it.
const mostSparks = 400

// inRow reports whether a table shows a number that has a series. A ratio of each
// interval is of other operations than that of the run.
func inRow(r metric.Ref) bool {
	return r.Row.At > 0 && r.Stat != metric.Ratio && slices.Contains(r.Row.Stats, r.Stat) && hasSeries(r)
}

// fewRows are the numbers of a run, none where too many of them are rows.
func fewRows(values []engine.MetricValue) []engine.MetricValue {
	n := 0
	for i := range values {
		if inRow(values[i].Ref) {
			n++
		}
	}
	if n > mostSparks {
		return nil
	}
	return values
}
