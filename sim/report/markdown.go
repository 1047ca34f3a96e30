package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// markdown writes the report as Markdown.
func (r *Report) markdown(w io.Writer) error {
	var b bytes.Buffer
	title := r.Scenario
	if r.Title != "" {
		title += ": " + r.Title
	}
	fmt.Fprintf(&b, "# %s\n", escape(title))
	if r.Summary != "" {
		fence := "```"
		for strings.Contains(r.Summary, fence) {
			fence += "`"
		}
		b.WriteString("\n" + fence + "text\n")
		Indented(&b, r.Summary, 0)
		b.WriteString(fence + "\n")
	}
	b.WriteString("\n## In short\n\n")
	for _, d := range r.Designs {
		lines := r.brief(d)
		if about := r.About[d.Name]; about != "" {
			lines = append([]string{about}, lines...)
		}
		fmt.Fprintf(&b, "- **%s**: %s\n", escape(d.Name), escape(strings.Join(lines, "; ")))
	}
	r.markdownFindings(&b)
	b.WriteString("\n## Numbers\n")
	b.WriteString("\n| |")
	for _, d := range r.Designs {
		b.WriteString(" " + escape(d.Name) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(r.Designs)) + "\n")
	table := r.table()
	for _, s := range table {
		fmt.Fprintf(&b, "| **%s** |%s\n", escape(s.Name), strings.Repeat(" |", len(r.Designs)))
		for _, row := range s.Rows {
			b.WriteString("| " + escape(row.Ref.Short()) + " |")
			for _, c := range row.Cells {
				b.WriteString(" " + text(c) + " |")
			}
			b.WriteByte('\n')
		}
	}
	r.markdownEdges(&b)
	r.markdownExplained(&b)
	r.markdownTheory(&b)
	if len(r.Expectations) > 0 {
		b.WriteString("\n## Expectations\n\n| | expectation | seen |\n|---|---|---|\n")
		for _, v := range r.Expectations {
			fmt.Fprintf(&b, "| %s | `%s` | %s |\n", verdict(v), strings.ReplaceAll(v.Expect, "|", `\|`), escape(seen(v)))
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

// escaper escapes characters that Markdown or HTML would interpret.
var escaper = strings.NewReplacer("\n", " ", `\`, `\\`, "|", `\|`, "&", "&amp;", "<", "&lt;", "_", `\_`, "*", `\*`, "`", "\\`", "[", `\[`, "]", `\]`)

func escape(s string) string { return escaper.Replace(s) }

// Escape escapes characters that Markdown or HTML would interpret, and line ends.
func Escape(s string) string { return escape(s) }

// markdownEdges writes the slowest edges, and where latency goes.
func (r *Report) markdownEdges(b *bytes.Buffer) {
	rows, designs := r.edgeRows()
	for i := range rows {
		if len(r.Designs) > 1 {
			rows[i] = append([]string{designs[i]}, rows[i]...)
		}
	}
	for _, rows := range [][][]string{rows, r.shareRows()} {
		for i, row := range rows {
			if i == 0 {
				b.WriteByte('\n')
			}
			for _, c := range row {
				b.WriteString("| " + escape(c) + " ")
			}
			b.WriteString("|\n")
			if i == 0 {
				b.WriteString("|---|" + strings.Repeat("---:|", len(row)-1) + "\n")
			}
		}
	}
}
