package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"asynclab/sim/topology"
)

// maxFindings is how many findings of a design a report names, unless all are asked
// for: causes come first.
const maxFindings = 3

// findings returns a line for each finding.
func (r *Report) findings() (lines []string) {
	for _, d := range r.Designs {
		for i := range d.Findings {
			if i == maxFindings && !r.All {
				lines = append(lines, fmt.Sprintf("%s: %d more; --all shows them", d.Name, len(d.Findings)-i))
				break
			}
			f := &d.Findings[i]
			lines = append(lines, fmt.Sprintf("%s: %s [%s]", d.Name, f.Text(), f.ID))
		}
	}
	return lines
}

func (r *Report) textFindings(b *bytes.Buffer) {
	lines := r.findings()
	if len(lines) == 0 {
		return
	}
	b.WriteString("\nwhat happened\n")
	for _, l := range lines {
		wrap(b, "  ", "    ", l, r.prose())
	}
}

// found is a finding beside what the other designs have of it.
type found struct {
	about string   // kind and element
	in    []string // by design: in how many of its replications; "-": in none
	text  string   // of the first design that has it
}

// findings lists what happened in the designs of a comparison, side by side: causes
// first, those that not all designs share before those that they do.
func (c *Comparison) findings() (all []found, more int) {
	at := map[string]int{}
	for i, d := range c.Designs {
		for k := range d.Findings {
			f := &d.Findings[k]
			about := f.ID + " " + f.Element
			n, known := at[about]
			if !known {
				n = len(all)
				at[about] = n
				all = append(all, found{about, slices.Repeat([]string{"-"}, len(c.Designs)), f.Text()})
			}
			all[n].in[i] = "all"
			if f.Of > 0 {
				all[n].in[i] = fmt.Sprintf("%d of %d", f.In, f.Of)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b found) int {
		shared := func(f found) int {
			if slices.Contains(f.in, "-") {
				return 0
			}
			return 1
		}
		return shared(a) - shared(b)
	})
	if most := maxFindings * len(c.Designs); len(all) > most && !c.All {
		all, more = all[:most], len(all)-most
	}
	return all, more
}

func (c *Comparison) textFindings(b *bytes.Buffer) {
	all, more := c.findings()
	if len(all) == 0 {
		return
	}
	const title = "what happened, and in how many replications"
	first, wide := topology.Columns(title), make([]int, len(c.Designs))
	for i, d := range c.Designs {
		wide[i] = topology.Columns(d.Name)
	}
	for _, f := range all {
		first = max(first, 2+topology.Columns(f.about))
		for i, in := range f.in {
			wide[i] = max(wide[i], len(in))
		}
	}
	line := left(title, first)
	for i, d := range c.Designs {
		line += strings.Repeat(" ", gap) + right(d.Name, wide[i])
	}
	b.WriteString("\n" + line + "\n")
	for _, f := range all {
		line := left("  "+f.about, first)
		for i, in := range f.in {
			line += strings.Repeat(" ", gap) + right(in, wide[i])
		}
		b.WriteString(line + "\n")
		wrap(b, "    ", "    ", f.text, c.result().prose())
	}
	if more > 0 {
		fmt.Fprintf(b, "  %d more; --all shows them\n", more)
	}
}

func (c *Comparison) documentFindings(d *document) {
	all, more := c.findings()
	if len(all) == 0 {
		return
	}
	g := grid{head: []string{"in how many replications"}, words: "w" + strings.Repeat("n", len(c.Designs)) + "w"}
	for _, d := range c.Designs {
		g.head = append(g.head, d.Name)
	}
	g.head = append(g.head, "")
	for _, f := range all {
		g.rows = append(g.rows, append(append([]string{f.about}, f.in...), f.text))
	}
	d.add(heading("What happened"), g)
	if more > 0 {
		d.add(paragraph{text: fmt.Sprintf("%d more; --all shows them.", more)})
	}
}
