package report

import (
	"bytes"
	"fmt"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/topology"
)

// maxStretches is how many places an explanation names, unless all are asked for.
const maxStretches = 6

// explained is the explanation of the latency of a load: a sentence of what it was spent
// on, and rows of where: "work pay", on average, share, of the slow ones, share.
type explained struct {
	lines []string
	rows  [][]string
}

func (r *Report) explanations() (all []explained) {
	for _, d := range r.Designs {
		for i := range d.Explained {
			x := &d.Explained[i]
			name := "load." + x.Load
			if len(r.Designs) > 1 {
				name = d.Name + " " + name
			}
			e := explained{lines: []string{fmt.Sprintf("%s, on average of %s: %s = %s", name, Plural(x.Operations, "operation"), each(x.Total, x.Operations), spent(x, false))}}
			switch {
			case x.Slow == x.Operations && x.Slow > 1:
				e.lines = append(e.lines, fmt.Sprintf("none is much slower: all took %s or more, and hardly any more than the p99", draw.FormatDuration(float64(x.From)/1e9)))
			case x.Slow > 0:
				e.lines = append(e.lines, fmt.Sprintf("the slowest %d, from %s: %s = %s", x.Slow, draw.FormatDuration(float64(x.From)/1e9), each(x.OfSlow, x.Slow), spent(x, true)))
			}
			e.rows = r.stretches(x)
			all = append(all, e)
		}
	}
	return all
}

func each(total int64, n int) string {
	return draw.FormatDuration(float64(total) / float64(max(n, 1)) / 1e9)
}

// spent says for what each operation spent its time, on average.
func spent(x *sim.Latencies, slow bool) string {
	var parts []string
	for _, s := range x.Sums(slow) {
		part := each(s.All, x.Operations)
		if slow {
			part = each(s.Slow, x.Slow)
		}
		parts = append(parts, part+" "+s.Spent.String())
	}
	return strings.Join(parts, " + ")
}

// stretches are the places that take most, on average or of the slow ones.
func (r *Report) stretches(x *sim.Latencies) (rows [][]string) {
	part := func(v, of int64) float64 { return float64(v) / float64(max(of, 1)) }
	n := maxStretches
	if r.All {
		n = len(x.Stretches)
	}
	for _, s := range x.Largest(n) {
		rows = append(rows, []string{
			s.Spent.String() + ": " + s.Place, each(s.All, x.Operations), quantity(part(s.All, x.Total), draw.Ratio),
			each(s.Slow, x.Slow), quantity(part(s.Slow, x.OfSlow), draw.Ratio),
		})
	}
	return rows
}

var explainedHead = []string{"where", "mean", "share", "the slowest", "share"}

func (r *Report) textExplained(b *bytes.Buffer) {
	for i, e := range r.explanations() {
		if i == 0 {
			b.WriteString("\nexplained: what the latency was spent on\n")
		}
		for _, l := range e.lines {
			wrap(b, "  ", "    ", l, r.prose())
		}
		rows := append([][]string{explainedHead}, e.rows...)
		wide := make([]int, len(explainedHead))
		for _, row := range rows {
			for k, c := range row {
				wide[k] = max(wide[k], topology.Columns(c))
			}
		}
		for _, row := range rows {
			line := "    " + left(row[0], wide[0])
			for k, c := range row[1:] {
				line += strings.Repeat(" ", gap) + right(c, wide[k+1])
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
}

func (r *Report) documentExplained(d *document) {
	for i, e := range r.explanations() {
		if i == 0 {
			d.add(heading("Explained"))
		}
		for _, l := range e.lines {
			d.add(paragraph{text: l})
		}
		d.add(grid{explainedHead, "w", e.rows})
	}
}
