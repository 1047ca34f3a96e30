package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// text writes the report for a terminal.
func (r *Report) text(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString(r.Scenario)
	if r.Title != "" {
		b.WriteString(" · " + r.Title)
	}
	b.WriteByte('\n')
	if r.Summary != "" {
		fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(strings.TrimSpace(r.Summary), "\n", "\n  "))
	}
	r.textAbout(&b)
	table := r.table()
	r.textTable(&b, table)
	r.textExpectations(&b)
	textList(&b, "warnings", r.warnings(table))
	fmt.Fprintf(&b, "\n%s\n", r.cost())
	for _, n := range r.notes() {
		fmt.Fprintln(&b, n)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// textAbout says what the designs are, if anything is known about them.
func (r *Report) textAbout(b *bytes.Buffer) {
	wide := 0
	for _, d := range r.Designs {
		if r.About[d.Name] != "" {
			wide = max(wide, width(d.Name))
		}
	}
	if wide == 0 {
		return
	}
	b.WriteByte('\n')
	for _, d := range r.Designs {
		if about := r.About[d.Name]; about != "" {
			fmt.Fprintf(b, "  %s  %s\n", left(d.Name, wide), about)
		}
	}
}

// maxWidth is where a table is broken into several, some designs in each.
const maxWidth = 120

func (r *Report) textTable(b *bytes.Buffer, table []section) {
	if len(table) == 0 {
		return
	}
	names, cells := 0, make([]int, len(r.Designs))
	for i, d := range r.Designs {
		cells[i] = width(d.Name)
	}
	for _, s := range table {
		names = max(names, width(s.name))
		for _, row := range s.rows {
			names = max(names, width(row.name)+2)
			for i, c := range row.cells {
				cells[i] = max(cells[i], width(c.text()))
			}
		}
	}
	for from := 0; from < len(cells); {
		to, wide := from, names
		for to < len(cells) && (to == from || wide+gap+cells[to] <= maxWidth) {
			wide += gap + cells[to]
			to++
		}
		r.textColumns(b, table, names, cells, from, to)
		from = to
	}
}

// gap is the space before a column.
const gap = 3

// textColumns writes the columns of the designs from … to-1.
func (r *Report) textColumns(b *bytes.Buffer, table []section, names int, cells []int, from, to int) {
	line := func(name string, cell func(i int) string) {
		text := left(name, names)
		for i := from; i < to; i++ {
			text += strings.Repeat(" ", gap) + right(cell(i), cells[i])
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	b.WriteByte('\n')
	line("", func(i int) string { return r.Designs[i].Name })
	for _, s := range table {
		if !s.has(from, to) {
			continue
		}
		b.WriteString(s.name + "\n")
		for _, row := range s.rows {
			if row.has(from, to) {
				line("  "+row.name, func(i int) string { return row.cells[i].text() })
			}
		}
	}
}

// has tells whether one of the designs from … to-1 has the element.
func (s section) has(from, to int) bool {
	return slices.ContainsFunc(s.rows, func(r row) bool { return r.has(from, to) })
}

func (r row) has(from, to int) bool {
	return slices.ContainsFunc(r.cells[from:to], func(c cell) bool { return c.has })
}

func (r *Report) textExpectations(b *bytes.Buffer) {
	if len(r.Expectations) == 0 {
		return
	}
	met, wide, marks := 0, 0, 4
	for _, v := range r.Expectations {
		if v.Pass {
			met++
		}
		if v.Inconclusive {
			marks = len("INCONCLUSIVE")
		}
		wide = max(wide, min(width(v.Expect), 84))
	}
	fmt.Fprintf(b, "\nexpectations: %d of %d met\n", met, len(r.Expectations))
	for _, v := range r.Expectations {
		mark := "FAIL"
		switch {
		case v.Pass:
			mark = "pass"
		case v.Inconclusive:
			mark = "INCONCLUSIVE"
		}
		fmt.Fprintf(b, "  %s  %s   %s\n", left(mark, marks), left(v.Expect, wide), v.Detail)
	}
}

func textList(b *bytes.Buffer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, l := range lines {
		fmt.Fprintf(b, "  %s\n", l)
	}
}

// markdown writes the same for a page.
func (r *Report) markdown(w io.Writer) error {
	var b bytes.Buffer
	title := r.Scenario
	if r.Title != "" {
		title += ": " + r.Title
	}
	fmt.Fprintf(&b, "# %s\n", title)
	if r.Summary != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(r.Summary))
	}
	for i, d := range r.Designs {
		if about := r.About[d.Name]; about != "" {
			if i == 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "- **%s**: %s\n", d.Name, about)
		}
	}
	b.WriteString("\n| |")
	for _, d := range r.Designs {
		b.WriteString(" " + escape(d.Name) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(r.Designs)) + "\n")
	table := r.table()
	for _, s := range table {
		fmt.Fprintf(&b, "| **%s** |%s\n", escape(s.name), strings.Repeat(" |", len(r.Designs)))
		for _, row := range s.rows {
			b.WriteString("| " + escape(row.name) + " |")
			for _, c := range row.cells {
				b.WriteString(" " + c.text() + " |")
			}
			b.WriteByte('\n')
		}
	}
	if len(r.Expectations) > 0 {
		b.WriteString("\n## Expectations\n\n| | expectation | seen |\n|---|---|---|\n")
		for _, v := range r.Expectations {
			fmt.Fprintf(&b, "| %s | `%s` | %s |\n", verdict(v), strings.ReplaceAll(v.Expect, "|", `\|`), escape(v.Detail))
		}
	}
	if all := r.warnings(table); len(all) > 0 {
		b.WriteString("\n## Warnings\n\n")
		for _, text := range all {
			b.WriteString("- " + escape(text) + "\n")
		}
	}
	fmt.Fprintf(&b, "\n%s\n", r.cost())
	_, err := w.Write(b.Bytes())
	return err
}

var escaper = strings.NewReplacer("|", `\|`, "<", "&lt;", "_", `\_`, "*", `\*`)

func escape(s string) string { return escaper.Replace(s) }

func left(s string, wide int) string { return s + strings.Repeat(" ", max(wide-width(s), 0)) }

func right(s string, wide int) string { return strings.Repeat(" ", max(wide-width(s), 0)) + s }

// width is how many columns of a terminal a text takes: Chinese, Japanese and
// Korean characters take two.
func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
			r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 ||
			r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd) {
			n++
		}
	}
	return n
}
