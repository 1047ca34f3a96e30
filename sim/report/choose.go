package report

import (
	"math"
	"slices"
	"strings"

	"asynclab/sim"
)

// section is one element of the designs: "load.shoppers".
type section struct {
	name string
	rows []row
}

// row is one metric over the designs.
type row struct {
	name  string // without the section: "accepted.latency.p99"
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

var kindOrder = []string{"load", "service", "queue", "link", "fault", "run"}

// table gathers the metrics of all designs into sections, and chooses.
func (r *Report) table() []section {
	var order []string
	at := map[string]*section{}
	rows := map[string]int{}
	for d, design := range r.Designs {
		for _, m := range design.Metrics {
			element, name := split(m.Name)
			s := at[element]
			if s == nil {
				s = &section{name: element}
				at[element] = s
				order = append(order, element)
			}
			i, ok := rows[m.Name]
			if !ok {
				i = len(s.rows)
				rows[m.Name] = i
				s.rows = append(s.rows, row{name, make([]cell, len(r.Designs))})
			}
			s.rows[i].cells[d] = cell{true, m}
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return kindRank(a) - kindRank(b) })
	var out []section
	for _, name := range order {
		s := *at[name]
		if !r.All {
			s = r.choose(s)
		}
		if len(s.rows) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// split parts a metric's name into its element and the rest. Names of elements
// have no dots.
func split(name string) (element, rest string) {
	parts := strings.SplitN(name, ".", 3)
	if len(parts) < 3 {
		return parts[0], strings.Join(parts[1:], ".")
	}
	return parts[0] + "." + parts[1], parts[2]
}

func kindRank(element string) int {
	kind, _, _ := strings.Cut(element, ".")
	if i := slices.Index(kindOrder, kind); i >= 0 {
		return i
	}
	return len(kindOrder)
}

// When a row is shown that is not always shown.
type when uint8

const (
	always   when = iota
	nonzero       // in some design it is not zero
	notOne        // in some design it is not one
	measured      // some design has a value
	expected      // an expectation names it
)

// shown are the rows of a table, by kind of element. A name that ends in ".*"
// stands for one more word.
var shown = map[string][]struct {
	name string
	when when
}{
	"load": {
		{"offered", always}, {"completed", always}, {"completed.ratio", always}, {"goodput.ratio", always},
		{"failed", nonzero}, {"failed.*", nonzero}, {"unfinished", nonzero}, {"amplification", notOne},
		{"accepted.latency.mean", measured}, {"accepted.latency.p50", measured},
		{"accepted.latency.p99", measured}, {"accepted.latency.max", measured},
		{"confirmed.latency.mean", measured}, {"confirmed.latency.p50", measured},
		{"confirmed.latency.p99", measured}, {"confirmed.latency.max", measured},
	},
	"service": {
		{"utilization", measured}, {"waiting.mean", nonzero}, {"waiting.max", nonzero}, {"wait.p99", nonzero},
		{"thread_seconds.blocked", nonzero}, {"rejected", nonzero}, {"failed", nonzero},
		{"cancelled", nonzero}, {"lost", nonzero}, {"retries", nonzero}, {"duplicates", nonzero}, {"out_of_order", expected},
	},
	"queue": {
		{"published", always}, {"delivered", always}, {"redelivered", nonzero}, {"nacked", nonzero},
		{"dead_lettered", nonzero}, {"expired", nonzero}, {"dropped", nonzero}, {"rejected", nonzero}, {"lost", nonzero}, {"lost.*", nonzero},
		{"filtered", nonzero}, {"depth.mean", nonzero}, {"depth.max", nonzero}, {"wait.p99", nonzero}, {"age.max", nonzero}, {"drain_time", nonzero},
	},
	"link": {
		{"lost", nonzero}, {"duplicated", nonzero}, {"reordered", nonzero}, {"corrupted", nonzero},
	},
	"fault": {
		{"time_to_recover", always}, {"affected", always},
	},
}

// choose keeps the rows that matter.
func (r *Report) choose(s section) section {
	kind, _, _ := strings.Cut(s.name, ".")
	out := section{name: s.name}
	for _, w := range shown[kind] {
		for _, row := range s.rows {
			if row.matches(w.name) && (row.matters(w.when) || w.when == expected && r.expects(s.name+"."+row.name)) {
				out.rows = append(out.rows, row)
			}
		}
	}
	// What says the same twice is said once.
	switch kind {
	case "load":
		out.dropEqual("accepted.latency.", "confirmed.latency.")
		out.dropEqual("goodput.ratio", "completed.ratio")
	case "queue":
		out.dropEqual("delivered", "published")
	}
	return out
}

func (r row) matches(name string) bool {
	prefix, star := strings.CutSuffix(name, "*")
	if !star {
		return r.name == name
	}
	rest, ok := strings.CutPrefix(r.name, prefix)
	// "failed.latency.p50" and "failed.ratio" are not causes.
	return ok && !strings.Contains(rest, ".") && rest != "rate" && rest != "ratio" && rest != "latency"
}

func (r row) matters(w when) bool {
	return slices.ContainsFunc(r.cells, func(c cell) bool {
		v := c.value()
		switch {
		case w == always:
			return c.has
		case math.IsNaN(v) || w == expected:
			return false
		case w == nonzero:
			return v != 0
		case w == notOne:
			return v != 1
		}
		return true
	})
}

// dropEqual removes the rows of one prefix if all of them are the same as those
// of another in every design.
func (s *section) dropEqual(drop, keep string) {
	n := 0
	for _, a := range s.rows {
		rest, ok := strings.CutPrefix(a.name, drop)
		if !ok {
			continue
		}
		n++
		i := slices.IndexFunc(s.rows, func(b row) bool { return b.name == keep+rest })
		if i < 0 || !sameCells(a.cells, s.rows[i].cells) {
			return
		}
	}
	if n > 0 {
		s.rows = slices.DeleteFunc(s.rows, func(r row) bool { return strings.HasPrefix(r.name, drop) })
	}
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
