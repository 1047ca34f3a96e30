package report

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
	"asynclab/sim/topology"
)

// The metrics of edges used here.
var (
	edgeCalls      = metric.Edge.Metric(metric.EdgeCalls)
	edgeOK         = metric.Edge.Metric(metric.EdgeOK)
	edgeUnanswered = metric.Edge.Metric(metric.EdgeUnanswered)
	edgeRetries    = &metric.Edge.Metrics[slices.IndexFunc(metric.Edge.Metrics, func(m metric.Metric) bool { return m.Key == metric.EdgeRetries && m.Plus == nil })]
	edgeAbandoned  = metric.Edge.Metric(metric.EdgeAbandoned)
	edgeFailedBy   = metric.Edge.Metric(metric.EdgeFailedBy)
	edgeLatency    = metric.Edge.Metric(metric.EdgeLatency)
	edgeTime       = metric.Edge.Metric(metric.EdgeTime)
)

// edge is what a report says of one caller and its callee.
type edge struct {
	name   string
	load   bool
	calls  float64
	time   float64 // seconds, of a call on average; of a load's, from the arrival to the answer
	given  float64 // calls and attempts given up, which go on at the callee
	values facts
}

// ends are the caller and the callee, without the number of the step.
func (e *edge) ends() (from, to string) {
	from, to, _ = strings.Cut(e.name, "->")
	to, _, _ = strings.Cut(to, "#")
	return from, to
}

// edgesOf lists the edges of a design on which a caller waits.
func edgesOf(d sim.DesignResult) []edge {
	f := factsOf(d)
	var all []edge
	for _, m := range d.Metrics {
		if m.Ref.Metric != edgeOK || m.Ref.Stat != metric.Plain {
			continue
		}
		e := edge{name: m.Ref.Element, calls: f.value(edgeCalls, m.Ref.Element, metric.Plain), values: f}
		if e.time = f.value(edgeTime, e.name, metric.Plain); !f.has(edgeTime, e.name) {
			e.load, e.calls, e.time = true, m.Mean, f.value(edgeLatency, e.name, metric.Mean)
		}
		e.given = f.value(edgeUnanswered, e.name, metric.Plain) + f.value(edgeAbandoned, e.name, metric.Plain) + f.value(edgeRetries, e.name, metric.Plain)
		if e.calls > 0 && !math.IsNaN(e.time) {
			all = append(all, e)
		}
	}
	return all
}

// has reports whether a design has a metric of an element.
func (f facts) has(m *metric.Metric, element string) bool {
	_, ok := f[metric.Ref{Metric: m, Element: element, Stat: m.Stats()[0]}]
	return ok
}

const maxEdges = 5 // of a design, unless all are asked for

// edgeRows lists the slowest calls of each design: those of its services, because
// those of loads are in their sections. The first row is the heading.
func (r *Report) edgeRows() (rows [][]string, designs []string) {
	p99, again := false, false
	var all [][]edge
	for _, d := range r.Designs {
		edges := slices.DeleteFunc(edgesOf(d), func(e edge) bool { return e.load })
		slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(b.time, a.time) })
		if !r.All && len(edges) > maxEdges {
			edges = edges[:maxEdges]
		}
		for _, e := range edges {
			p99 = p99 || e.values.has(edgeLatency, e.name)
			again = again || e.values.value(edgeRetries, e.name, metric.Plain) > 0
		}
		all = append(all, edges)
	}
	head := []string{"slowest edges", "a call"}
	if p99 {
		head = append(head, "p99")
	}
	head = append(head, "calls", "ok")
	if again {
		head = append(head, "again")
	}
	head = append(head, "failed by")
	for i, edges := range all {
		for _, e := range edges {
			f := e.values
			row := []string{e.name, text(f.metric(edgeTime, e.name, metric.Plain))}
			if p99 {
				row = append(row, text(f.metric(edgeLatency, e.name, metric.P99)))
			}
			row = append(row, quantity(e.calls, draw.None), text(f.metric(edgeOK, e.name, metric.Ratio)))
			if again {
				row = append(row, text(f.metric(edgeRetries, e.name, metric.Ratio)))
			}
			rows = append(rows, append(row, causes(r.Designs[i], e.name)))
			designs = append(designs, r.Designs[i].Name)
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return append([][]string{head}, rows...), append([]string{""}, designs...)
}

func (f facts) metric(m *metric.Metric, element string, s metric.Stat) *sim.Metric {
	if m, ok := f[metric.Ref{Metric: m, Element: element, Stat: s}]; ok {
		return &m
	}
	return nil
}

// causes lists why attempts of an edge failed, the most frequent first.
func causes(d sim.DesignResult, element string) string {
	var all []string
	for _, m := range largest(d, edgeFailedBy, metric.Plain, element) {
		all = append(all, quantity(m.Mean, draw.None)+" "+strings.ReplaceAll(m.Ref.Cause, "_", " "))
	}
	return strings.Join(all, ", ")
}

// share is where a part of the latency of a design's operations goes.
type share struct {
	place string
	time  float64 // seconds per answered operation
	of    float64 // of the whole
}

// overlap is the share of calls that may be given up before sums say nothing: their
// callees go on while nobody waits.
const overlap = 0.01

// shares splits the mean time to the answers of a design's operations over the places
// that they wait for: the calls of a handler last as long as it works, waits and is
// reached, less its own calls. Sums say that only where calls come one after the
// other, and are answered: nil otherwise.
func (r *Report) shares(d sim.DesignResult) (all []share) {
	if !r.InTurn[d.Name] {
		return nil
	}
	own := map[string]float64{}
	answered, total, calls, given := 0.0, 0.0, 0.0, 0.0
	for _, e := range edgesOf(d) {
		from, to := e.ends()
		own[to] += e.calls * e.time
		if e.load {
			answered += e.calls
			total += e.calls * e.time
		} else {
			own[from] -= e.calls * e.time
		}
		calls += e.calls
		given += e.given
	}
	if len(own) < 2 || given > overlap*calls || total == 0 {
		return nil
	}
	for _, place := range slices.Sorted(maps.Keys(own)) {
		if own[place] < -overlap*total {
			return nil
		}
		all = append(all, share{place, own[place] / answered, own[place] / total})
	}
	slices.SortStableFunc(all, func(a, b share) int { return cmp.Compare(b.time, a.time) })
	return all
}

// shareRows is a table of where latency goes, a column for each design: the first row
// is the heading.
func (r *Report) shareRows() (rows [][]string) {
	at := map[string]int{}
	head := []string{"where latency goes"}
	for _, d := range r.Designs {
		shares := r.shares(d)
		if len(shares) == 0 {
			continue
		}
		head = append(head, d.Name)
		for i := range rows {
			rows[i] = append(rows[i], "")
		}
		for _, s := range shares {
			if at[s.place] == 0 {
				rows = append(rows, append([]string{s.place}, make([]string, len(head)-1)...))
				at[s.place] = len(rows)
			}
			rows[at[s.place]-1][len(head)-1] = fmt.Sprintf("%s %3.0f%%", quantity(max(s.time, 0), draw.Seconds), 100*max(s.of, 0))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return append([][]string{head}, rows...)
}

// textEdges writes the slowest edges, and where latency goes.
func (r *Report) textEdges(b *bytes.Buffer) {
	rows, designs := r.edgeRows()
	r.aligned(b, rows, designs)
	r.aligned(b, r.shareRows(), nil)
}

// aligned writes rows with aligned columns, the first a heading. With designs, the
// rows of each stand below its name where there are several, and the last column has
// words.
func (r *Report) aligned(b *bytes.Buffer, rows [][]string, designs []string) {
	several := designs != nil && len(r.Designs) > 1
	indents := []string{"", "  ", "  "}
	if several {
		indents[2] = "    "
	}
	var wide []int
	for n, row := range rows {
		for i, c := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			if i == 0 {
				c = indents[2*min(n, 1)] + c
			}
			wide[i] = max(wide[i], topology.Columns(c))
		}
	}
	for n, row := range rows {
		if n == 0 {
			b.WriteByte('\n')
		} else if several && designs[n] != designs[n-1] {
			b.WriteString(indents[1] + designs[n] + "\n")
		}
		line, words := left(indents[2*min(n, 1)]+row[0], wide[0]), ""
		for i, c := range row[1:] {
			if designs != nil && i == len(row)-2 {
				words = c
				continue
			}
			line += strings.Repeat(" ", gap) + right(c, wide[i+1])
		}
		if most := r.columns(); words != "" && topology.Columns(line)+gap+topology.Columns(words) > most {
			words = "\n      " + words
		} else {
			words = strings.Repeat(" ", gap) + words
		}
		b.WriteString(strings.TrimRight(line+words, " ") + "\n")
	}
}
