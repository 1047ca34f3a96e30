package report

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/topology"
)

// text writes the report for a terminal.
func (r *Report) text(w io.Writer) error {
	var b bytes.Buffer
	Heading(&b, r.Scenario, r.Title, r.Width)
	if strings.TrimSpace(r.Summary) != "" {
		b.WriteByte('\n')
		Indented(&b, r.Summary, r.Width)
	}
	r.textBrief(&b)
	r.textFindings(&b)
	table := r.table()
	r.textTable(&b, table)
	r.textBatches(&b, table)
	r.textEdges(&b)
	r.textExplained(&b)
	r.textTheory(&b)
	r.textExpectations(&b)
	r.textWarnings(&b, table)
	fmt.Fprintf(&b, "\n%s\n", r.cost())
	for _, n := range r.notes() {
		fmt.Fprintln(&b, n)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Heading writes the name of a scenario and, if it has one, its title, in lines
// of at most most columns if most is not 0.
func Heading(b *bytes.Buffer, name, title string, most int) {
	if title != "" {
		name += " · " + title
	}
	if most == 0 {
		most = math.MaxInt
	}
	wrap(b, "", "  ", name, most)
}

// columns returns the width above which a table is split into several, with
// some of the designs in each.
func (r *Report) columns() int {
	if r.Width > 0 {
		return max(r.Width, 40)
	}
	return 120
}

// prose returns the width at which running text is wrapped.
func (r *Report) prose() int { return min(r.columns(), 80) }

func (r *Report) textTable(b *bytes.Buffer, table []Section) {
	if len(table) == 0 {
		return
	}
	names, cells := 0, make([]int, len(r.Designs))
	for i, d := range r.Designs {
		cells[i] = topology.Columns(d.Name)
	}
	for _, s := range table {
		names = max(names, topology.Columns(s.Name))
		for _, row := range s.Rows {
			names = max(names, topology.Columns(row.Ref.Short())+2)
			for i, c := range row.Cells {
				cells[i] = max(cells[i], topology.Columns(text(c)))
			}
		}
	}
	courses := r.sparks(table)
	if len(courses) > 0 {
		wide := names
		for i := range cells {
			wide += gap + cells[i] + 1 + sparkWidth
		}
		if wide > r.columns() {
			courses = nil // rather the numbers of all designs side by side
		}
	}
	r.sparked = len(courses) > 0
	for from := 0; from < len(cells); {
		to, wide := from, names
		for to < len(cells) && (to == from || wide+gap+cells[to] <= r.columns()) {
			wide += gap + cells[to]
			to++
		}
		r.textColumns(b, table, names, cells, courses, from, to)
		from = to
	}
}

// gap is the space before a column.
const gap = 3

// textColumns writes the columns of the designs from … to-1.
func (r *Report) textColumns(b *bytes.Buffer, table []Section, names int, cells []int, courses sparks, from, to int) {
	line := func(name string, course []string, cell func(i int) string) {
		out := left(name, names)
		for i := from; i < to; i++ {
			out += strings.Repeat(" ", gap) + right(cell(i), cells[i])
			switch {
			case course != nil:
				out += " " + course[i]
			case len(courses) > 0:
				out += strings.Repeat(" ", 1+sparkWidth)
			}
		}
		b.WriteString(strings.TrimRight(out, " ") + "\n")
	}
	b.WriteByte('\n')
	line("", nil, func(i int) string { return r.Designs[i].Name })
	for _, s := range table {
		if !s.has(from, to) {
			continue
		}
		b.WriteString(s.Name + "\n")
		for _, row := range s.Rows {
			if row.has(from, to) {
				line("  "+row.Ref.Short(), courses[row.Ref], func(i int) string { return text(row.Cells[i]) })
			}
		}
	}
}

// textBatches writes the intervals that a single run gives, of the means in the table.
func (r *Report) textBatches(b *bytes.Buffer, table []Section) {
	begun := false
	for _, d := range r.Designs {
		for _, m := range d.Batches {
			if !r.mentions(m.Ref.String(), table) {
				continue
			}
			if !begun {
				b.WriteString("\n95% intervals from this one run, by batch means\n")
				begun = true
			}
			of := ""
			if len(r.Designs) > 1 {
				of = d.Name + ": "
			}
			wrap(b, "  ", "    ", fmt.Sprintf("%s%s %s (%d batches, correlation of neighbours %.2f)", of, m.Ref.String(), within(m.Mean, (m.High-m.Low)/2, m.Ref.Unit()), m.N, m.Lag1), r.prose())
		}
	}
}

// has reports whether one of the designs from … to-1 has the element.
func (s Section) has(from, to int) bool {
	return slices.ContainsFunc(s.Rows, func(r Row) bool { return r.has(from, to) })
}

func (r Row) has(from, to int) bool {
	return slices.ContainsFunc(r.Cells[from:to], func(m *sim.Metric) bool { return m != nil })
}

// textExpectations writes the observed value before the expectation, because
// the expectation may be long.
func (r *Report) textExpectations(b *bytes.Buffer) {
	if len(r.Expectations) == 0 {
		return
	}
	met, wide, marks := 0, len("seen"), 4
	for _, v := range r.Expectations {
		if v.Pass {
			met++
		}
		if v.Inconclusive {
			marks = len("INCONCLUSIVE")
		}
		wide = max(wide, min(topology.Columns(seen(v)), 40))
	}
	fmt.Fprintf(b, "\nexpectations: %d of %d met\n", met, len(r.Expectations))
	fmt.Fprintf(b, "  %s  %s  expected\n", left("", marks), left("seen", wide))
	indent := strings.Repeat(" ", 2+marks+2+wide+2)
	for _, v := range r.Expectations {
		mark := "FAIL"
		switch {
		case v.Pass:
			mark = "pass"
		case v.Inconclusive:
			mark = "INCONCLUSIVE"
		}
		head := fmt.Sprintf("  %s  %s  ", left(mark, marks), left(seen(v), wide))
		most := r.Width
		if most == 0 || most < len(indent)+30 {
			most = math.MaxInt
		}
		wrap(b, head, indent, v.Expect, most)
	}
}

// seen formats the value by which an expectation was judged, with the value it
// was compared with, and with replications the certainty of the comparison.
func seen(v sim.Verdict) string {
	if math.IsNaN(v.Value) || math.IsNaN(v.Bound) {
		if strings.HasPrefix(v.Detail, "no samples ") {
			return "no samples"
		}
		return v.Detail
	}
	text, bound := quantity(v.Value, v.Unit), quantity(v.Bound, v.Unit)
	switch by := v.Value - v.Bound; {
	case v.Pass || text != bound || by == 0:
	case by < 0: // with three digits they are the same, and are not
		text += " less " + quantity(draw.Significant(-by, 2), v.Unit)
	default:
		text += " and " + quantity(draw.Significant(by, 2), v.Unit)
	}
	if strings.Contains(v.Detail, " against ") {
		text += " against " + bound
	}
	if half := (v.Margin.High - v.Margin.Low) / 2; v.Margin.N > 1 && half > rounding*math.Abs(v.Bound) {
		text += " (±" + quantity(draw.Significant(half, 2), v.Unit) + ")"
	}
	return text
}

func (r *Report) textWarnings(b *bytes.Buffer, table []Section) {
	lines := r.warnings(table)
	if len(lines) == 0 {
		return
	}
	b.WriteString("\nwarnings\n")
	for _, l := range lines {
		if r.Width > 0 {
			wrap(b, "  ", "    ", l, r.Width)
		} else {
			b.WriteString("  " + l + "\n")
		}
	}
}

func left(s string, wide int) string {
	return s + strings.Repeat(" ", max(wide-topology.Columns(s), 0))
}

func right(s string, wide int) string {
	return strings.Repeat(" ", max(wide-topology.Columns(s), 0)) + s
}
