package report

import (
	"asynclab/sim"
	"asynclab/sim/metric"
)

// Section is an element of the designs with the metrics of it that are told in
// short: "load.shoppers".
type Section struct {
	Name string
	Rows []Row
}

// Row is one number over the designs.
type Row struct {
	Ref   metric.Ref
	Cells []*sim.Metric // one per design; nil where it has no such metric
}

// Table chooses what is told in short of designs side by side: the same rows that
// a report shows.
func Table(designs []sim.DesignResult) []Section {
	r := &Report{Result: &sim.Result{Designs: designs}}
	var out []Section
	for _, s := range r.table() {
		section := Section{Name: s.name}
		for _, row := range s.rows {
			t := Row{Ref: row.ref}
			for _, c := range row.cells {
				if !c.has {
					t.Cells = append(t.Cells, nil)
					continue
				}
				m := c.m
				t.Cells = append(t.Cells, &m)
			}
			section.Rows = append(section.Rows, t)
		}
		out = append(out, section)
	}
	return out
}

// Text writes a metric for people: the value, with replications ± half the width
// of its interval.
func Text(m sim.Metric) string { return estimate(m) }
