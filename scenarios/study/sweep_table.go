package study

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"asynclab/sim"
	"asynclab/sim/report"
	"asynclab/sim/topology"
)

// table is a metric as rows of cells: the head first.
type table struct {
	name string
	rows [][]string
}

// tables are one for each metric, with a row for each value and a column for each
// design; of two axes one for each metric and design, with the second axis as columns.
func (s *Swept) tables() (out []table) {
	for _, m := range s.Metrics {
		if len(s.Axes) == 1 {
			if t := s.columns(m); len(t.rows) > 1 {
				out = append(out, t)
			}
			continue
		}
		for d := range s.Designs {
			if t := s.matrix(m, d); len(t.rows) > 1 {
				out = append(out, t)
			}
		}
	}
	return out
}

func (s *Swept) columns(m string) table {
	t := table{name: m, rows: [][]string{{s.Axes[0].Path}}}
	var has []int
	for d := range s.Designs {
		for _, p := range s.Points {
			if _, ok := p.Result.Designs[d].Metric(m); ok {
				has = append(has, d)
				t.rows[0] = append(t.rows[0], s.Designs[d].Name)
				break
			}
		}
	}
	if len(has) == 0 {
		return table{}
	}
	for _, p := range s.Points {
		row := []string{p.At[0].Text}
		for _, d := range has {
			row = append(row, cellText(p.Result, d, m))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func cellText(r *sim.Result, d int, name string) string {
	m, ok := r.Designs[d].Metric(name)
	if !ok {
		return ""
	}
	return report.Text(m)
}

func (s *Swept) matrix(m string, d int) table {
	a, b := s.Axes[0], s.Axes[1]
	t := table{name: s.Designs[d].Name + ": " + m, rows: [][]string{{a.Path + " \\ " + b.Path}}}
	for _, q := range b.Places {
		t.rows[0] = append(t.rows[0], q.Text)
	}
	any := false
	at := map[[2]string]string{}
	for _, p := range s.Points {
		text := cellText(p.Result, d, m)
		any = any || text != ""
		at[[2]string{p.At[0].Text, p.At[1].Text}] = text
	}
	if !any {
		return table{}
	}
	for _, p := range a.Places {
		row := []string{p.Text}
		for _, q := range b.Places {
			row = append(row, at[[2]string{p.Text, q.Text}])
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// Text writes the result for a terminal of some columns; 0: no terminal.
func (s *Swept) Text(w io.Writer, width int) error {
	var b bytes.Buffer
	report.Heading(&b, s.Scenario, titleBeside(s.Title, s.Scenario), width)
	s.lines(&b, width, "", []string{s.headline()})
	if all := words(s.Sentences()); len(all) > 0 {
		b.WriteString("\nin short\n")
		s.lines(&b, width, "  ", all)
	}
	for _, t := range s.tables() {
		fmt.Fprintf(&b, "\n%s\n", t.name)
		t.text(&b, width)
	}
	if all := words(s.Troubles()); len(all) > 0 {
		b.WriteString("\nwarnings\n")
		s.lines(&b, width, "  ", all)
	}
	b.WriteByte('\n')
	s.lines(&b, width, "", s.footnotes())
	_, err := w.Write(b.Bytes())
	return err
}

func titleBeside(title, name string) string {
	if title == name {
		return ""
	}
	return title
}

func (s *Swept) lines(b *bytes.Buffer, width int, indent string, all []string) {
	for _, l := range all {
		wrapped(b, indent, l, width)
	}
}

// wrapped writes a text in lines of at most some columns; further lines are indented.
func wrapped(b *bytes.Buffer, indent, text string, width int) {
	line := indent
	for i, word := range strings.Fields(text) {
		if i > 0 && width > 0 && topology.Columns(line)+1+topology.Columns(word) > width {
			b.WriteString(line + "\n")
			line = indent + "  "
		} else if i > 0 {
			line += " "
		}
		line += word
	}
	b.WriteString(line + "\n")
}

const gap = 3 // columns between two cells

// text writes a table, in several parts where it is wider than the terminal.
func (t table) text(b *bytes.Buffer, width int) {
	if width == 0 {
		width = 160
	}
	wide := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, c := range row {
			wide[i] = max(wide[i], topology.Columns(c))
		}
	}
	for from := 1; from < len(wide); {
		to, all := from, 2+wide[0]
		for to < len(wide) && (to == from || all+gap+wide[to] <= width) {
			all += gap + wide[to]
			to++
		}
		for _, row := range t.rows {
			line := "  " + row[0] + strings.Repeat(" ", wide[0]-topology.Columns(row[0]))
			for i := from; i < to; i++ {
				line += strings.Repeat(" ", gap+wide[i]-topology.Columns(row[i])) + row[i]
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		from = to
	}
}

// Markdown writes the result as Markdown.
func (s *Swept) Markdown(w io.Writer) error {
	var b bytes.Buffer
	title := s.Scenario
	if t := titleBeside(s.Title, s.Scenario); t != "" {
		title += ": " + t
	}
	fmt.Fprintf(&b, "# %s\n\n%s\n", report.Escape(title), report.Escape(s.headline()))
	list := func(head string, all []string) {
		if len(all) > 0 {
			fmt.Fprintf(&b, "\n## %s\n\n", head)
			for _, l := range all {
				b.WriteString("- " + report.Escape(l) + "\n")
			}
		}
	}
	list("In short", words(s.Sentences()))
	for _, t := range s.tables() {
		fmt.Fprintf(&b, "\n## %s\n\n", report.Escape(t.name))
		for i, row := range t.rows {
			for _, c := range row {
				b.WriteString("| " + report.Escape(c) + " ")
			}
			b.WriteString("|\n")
			if i == 0 {
				b.WriteString("|---" + strings.Repeat("|---:", len(row)-1) + "|\n")
			}
		}
	}
	list("Warnings", words(s.Troubles()))
	b.WriteByte('\n')
	for _, l := range s.footnotes() {
		b.WriteString(report.Escape(l) + "  \n")
	}
	_, err := w.Write(b.Bytes())
	return err
}
