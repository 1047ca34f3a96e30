package report

import (
	"bytes"
	"io"
	"strings"
)

// markdown writes the report as Markdown.
func (r *Report) markdown(w io.Writer) error {
	var b bytes.Buffer
	r.document().markdown(&b)
	_, err := w.Write(b.Bytes())
	return err
}

// document is all that the report says.
func (r *Report) document() (d document) {
	head := r.Scenario
	if r.Title != "" {
		head += ": " + r.Title
	}
	d.add(title(head))
	if r.Summary != "" {
		d.add(verbatim(r.Summary))
	}
	d.add(heading("In short"))
	for _, x := range r.Designs {
		lines := r.brief(x)
		if about := r.About[x.Name]; about != "" {
			lines = append([]string{about}, lines...)
		}
		d.add(bullet{x.Name, strings.Join(lines, "; ")})
	}
	d.list("What happened", r.findings())
	d.add(heading("Numbers"))
	table := r.table()
	d.add(r.numbers(table))
	r.documentEdges(&d)
	r.documentExplained(&d)
	r.documentTheory(&d)
	if len(r.Expectations) > 0 {
		g := grid{head: []string{"", "expectation", "seen"}, words: "wcw"}
		for _, v := range r.Expectations {
			g.rows = append(g.rows, []string{verdict(v), v.Expect, seen(v)})
		}
		d.add(heading("Expectations"), g)
	}
	d.list("Warnings", r.warnings(table))
	d.add(paragraph{text: r.cost()})
	return d
}

// numbers is the table of the designs side by side.
func (r *Report) numbers(table []Section) grid {
	g := grid{head: []string{""}, words: "w"}
	for _, d := range r.Designs {
		g.head = append(g.head, d.Name)
	}
	for _, s := range table {
		g.rows = append(g.rows, []string{s.Name})
		for _, row := range s.Rows {
			cells := []string{row.Ref.Short()}
			for _, c := range row.Cells {
				cells = append(cells, text(c))
			}
			g.rows = append(g.rows, cells)
		}
	}
	return g
}

// escaper escapes characters that Markdown or HTML would interpret.
var escaper = strings.NewReplacer("\n", " ", `\`, `\\`, "|", `\|`, "&", "&amp;", "<", "&lt;", "_", `\_`, "*", `\*`, "`", "\\`", "[", `\[`, "]", `\]`)

func escape(s string) string { return escaper.Replace(s) }

// Escape escapes characters that Markdown or HTML would interpret, and line ends.
func Escape(s string) string { return escape(s) }

// documentEdges adds the slowest edges, and where latency goes.
func (r *Report) documentEdges(d *document) {
	rows, designs := r.edgeRows()
	for i := range rows {
		if len(r.Designs) > 1 {
			rows[i] = append([]string{designs[i]}, rows[i]...)
		}
	}
	for _, rows := range [][][]string{rows, r.shareRows()} {
		if len(rows) > 0 {
			d.add(grid{rows[0], "w", rows[1:]})
		}
	}
}
