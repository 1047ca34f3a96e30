package report

import (
	"math"
	"slices"

	"asynclab/sim"
	"asynclab/sim/metric"
)

// Section is one element of the designs: "load.shoppers".
type Section struct {
	Name string
	Rows []Row
	kind *metric.Kind
}

// Row is one metric over the designs.
type Row struct {
	Ref   metric.Ref
	Cells []*sim.Metric // one per design; nil where it has no such metric
}

// Table chooses the rows of a short comparison of designs: the same rows that a
// report shows.
func Table(designs []sim.DesignResult) []Section {
	return (&Report{Result: &sim.Result{Designs: designs}}).table()
}

// table collects the metrics of all designs into sections, and chooses the
// rows.
func (r *Report) table() []Section {
	var all []*Section
	at := map[string]*Section{}
	rows := map[metric.Ref]int{}
	for d, design := range r.Designs {
		for k := range design.Metrics {
			m := &design.Metrics[k]
			if !r.Shown.Has(m.Ref) {
				continue
			}
			element := m.Ref.Section()
			s := at[element]
			if s == nil {
				s = &Section{Name: element, kind: m.Ref.Kind()}
				at[element] = s
				all = append(all, s)
			}
			i, ok := rows[m.Ref]
			if !ok {
				i = len(s.Rows)
				rows[m.Ref] = i
				s.Rows = append(s.Rows, Row{m.Ref, make([]*sim.Metric, len(r.Designs))})
			}
			s.Rows[i].Cells[d] = m
		}
	}
	slices.SortStableFunc(all, func(a, b *Section) int {
		return a.kind.Rank - b.kind.Rank
	})
	var out []Section
	for _, s := range all {
		if !r.All && r.Shown.All() {
			r.choose(s)
		}
		if len(s.Rows) > 0 {
			out = append(out, *s)
		}
	}
	return out
}

// choose keeps the rows that matter, in the order that their metrics declare.
func (r *Report) choose(s *Section) {
	var chosen []Row
	for _, m := range s.kind.Reported() {
		for _, stat := range m.Row.Stats {
			for _, row := range s.Rows {
				if row.Ref.Metric == m && row.Ref.Stat == stat && (row.matters(m.Row.When) || m.Row.When == metric.Expected && r.expects(row.Ref.String())) {
					chosen = append(chosen, row)
				}
			}
		}
	}
	s.Rows = chosen
	for _, m := range s.kind.Reported() {
		if m.Row.Unless != nil {
			s.dropEqual(m, s.kind.Metric(m.Row.Unless))
		}
	}
}

func (r Row) matters(w metric.When) bool {
	return slices.ContainsFunc(r.Cells, func(m *sim.Metric) bool {
		switch {
		case m == nil || w == metric.Expected:
			return false
		case w == metric.Always:
			return true
		case math.IsNaN(m.Mean):
			return false
		}
		return !(w == metric.NonZero && m.Mean == 0 || w == metric.NotOne && m.Mean == 1)
	})
}

// dropEqual removes the rows of one metric if all of them are the same as those
// of another in every design.
func (s *Section) dropEqual(drop, keep *metric.Metric) {
	for _, a := range s.Rows {
		if a.Ref.Metric != drop {
			continue
		}
		other := a.Ref
		other.Metric = keep
		i := slices.IndexFunc(s.Rows, func(b Row) bool { return b.Ref == other })
		if i < 0 || !slices.EqualFunc(a.Cells, s.Rows[i].Cells, same) {
			return
		}
	}
	s.Rows = slices.DeleteFunc(s.Rows, func(r Row) bool { return r.Ref.Metric == drop })
}

func same(a, b *sim.Metric) bool { return (a == nil) == (b == nil) && text(a) == text(b) }

// text formats a cell; empty where a design has no such metric.
func text(m *sim.Metric) string {
	if m == nil {
		return ""
	}
	return estimate(*m)
}

// Text formats a metric: the value, with replications ± half the width of its
// interval.
func Text(m sim.Metric) string { return estimate(m) }
