package report

import (
	"math"
	"slices"

	"asynclab/sim"
	"asynclab/sim/metric"
)

// section is one element of the designs: "load.shoppers".
type section struct {
	name string
	kind *metric.Kind
	rows []row
}

// row is one number over the designs.
type row struct {
	ref   metric.Ref
	cells []cell
}

// cell is the metric of one design.
type cell struct {
	has bool
	m   sim.Metric
}

func (c cell) value() float64 {
	if !c.has {
		return math.NaN()
	}
	return c.m.Mean
}

// table gathers the metrics of all designs into sections, and chooses.
func (r *Report) table() []section {
	var all []*section
	at := map[string]*section{}
	rows := map[metric.Ref]int{}
	for d, design := range r.Designs {
		for _, m := range design.Metrics {
			element := m.Ref.Section()
			s := at[element]
			if s == nil {
				s = &section{name: element, kind: m.Ref.Kind()}
				at[element] = s
				all = append(all, s)
			}
			i, ok := rows[m.Ref]
			if !ok {
				i = len(s.rows)
				rows[m.Ref] = i
				s.rows = append(s.rows, row{m.Ref, make([]cell, len(r.Designs))})
			}
			s.rows[i].cells[d] = cell{true, m}
		}
	}
	slices.SortStableFunc(all, func(a, b *section) int {
		return slices.Index(metric.Kinds, a.kind) - slices.Index(metric.Kinds, b.kind)
	})
	var out []section
	for _, s := range all {
		if !r.All {
			r.choose(s)
		}
		if len(s.rows) > 0 {
			out = append(out, *s)
		}
	}
	return out
}

// choose keeps the rows that matter, in the order that their metrics declare.
func (r *Report) choose(s *section) {
	var chosen []row
	for _, m := range s.kind.Reported() {
		for _, stat := range m.Row.Stats {
			for _, row := range s.rows {
				if row.ref.Metric == m && row.ref.Stat == stat && (row.matters(m.Row.When) || m.Row.When == metric.Expected && r.expects(row.ref.String())) {
					chosen = append(chosen, row)
				}
			}
		}
	}
	s.rows = chosen
	for _, m := range s.kind.Reported() {
		if m.Row.Unless != nil {
			s.dropEqual(m, s.kind.Metric(m.Row.Unless))
		}
	}
}

func (r row) matters(w metric.When) bool {
	return slices.ContainsFunc(r.cells, func(c cell) bool {
		v := c.value()
		switch {
		case w == metric.Always:
			return c.has
		case math.IsNaN(v) || w == metric.Expected:
			return false
		case w == metric.NonZero:
			return v != 0
		case w == metric.NotOne:
			return v != 1
		}
		return true
	})
}

// dropEqual removes the rows of one metric if all of them are the same as those
// of another in every design.
func (s *section) dropEqual(drop, keep *metric.Metric) {
	for _, a := range s.rows {
		if a.ref.Metric != drop {
			continue
		}
		same := a.ref
		same.Metric = keep
		i := slices.IndexFunc(s.rows, func(b row) bool { return b.ref == same })
		if i < 0 || !sameCells(a.cells, s.rows[i].cells) {
			return
		}
	}
	s.rows = slices.DeleteFunc(s.rows, func(r row) bool { return r.ref.Metric == drop })
}

func sameCells(a, b []cell) bool {
	for i := range a {
		if a[i].has != b[i].has || a[i].text() != b[i].text() {
			return false
		}
	}
	return true
}

// text is the cell for people: the value, with replications its interval.
func (c cell) text() string {
	if !c.has {
		return ""
	}
	return estimate(c.m)
}
