package report

import (
	"math"
	"strings"

	"asynclab/sim"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// sparkWidth is how many characters show the course of a number over the run.
const sparkWidth = 8

var sparkBlocks = []rune("▁▂▃▄▅▆▇█")

// sparks are the courses of the rows of a table, for a terminal: over the whole run,
// warm-up included, from 0 to the greatest value of the row. A row without change has
// none.
type sparks map[metric.Ref][]string // by design

func (r *Report) sparks(table []Section) sparks {
	if r.Width == 0 {
		return nil
	}
	out := sparks{}
	at := make([]map[string]*sim.MetricSeries, len(r.Designs))
	for d := range r.Designs {
		at[d] = map[string]*sim.MetricSeries{}
		for i := range r.Designs[d].Sparks {
			s := &r.Designs[d].Sparks[i]
			at[d][s.Metric] = s
		}
	}
	for _, s := range table {
		for _, row := range s.Rows {
			cells, most, least := make([][]float64, len(r.Designs)), 0.0, math.Inf(1)
			for d := range r.Designs {
				if s := at[d][row.Ref.String()]; s != nil && row.Cells[d] != nil {
					cells[d] = coarse(&s.Series, row.Ref.Stat == metric.Max)
				}
				for _, v := range cells[d] {
					if !math.IsNaN(v) {
						most, least = max(most, v), min(least, v)
					}
				}
			}
			if most > least && least >= 0 {
				for d := range cells {
					out[row.Ref] = append(out[row.Ref], drawn(cells[d], most))
				}
			}
		}
	}
	return out
}

// coarse are the values of a series in sparkWidth parts of the run: their mean, or the
// greatest. A part without samples is NaN.
func coarse(s *measure.Series, greatest bool) []float64 {
	out := make([]float64, sparkWidth)
	for i := range out {
		from, to := i*len(s.Values)/sparkWidth, (i+1)*len(s.Values)/sparkWidth
		sum, most, n := 0.0, math.Inf(-1), 0
		for _, v := range s.Values[from:max(to, min(from+1, len(s.Values)))] {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				sum, most, n = sum+v, max(most, v), n+1
			}
		}
		switch {
		case n == 0:
			out[i] = math.NaN()
		case greatest:
			out[i] = most
		default:
			out[i] = sum / float64(n)
		}
	}
	return out
}

// drawn writes values as blocks of some height, the tallest for most.
func drawn(values []float64, most float64) string {
	if values == nil {
		return strings.Repeat(" ", sparkWidth)
	}
	var b strings.Builder
	for _, v := range values {
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(sparkBlocks[min(int(v/most*float64(len(sparkBlocks))), len(sparkBlocks)-1)])
	}
	return b.String()
}
