package report

import (
	"bytes"
	"fmt"
	"strings"
)

// document is what a report says, in the order in which it is read, before it has a
// form: Markdown and HTML are written from it.
type document []block

// block is one of title, heading, verbatim, paragraph, bullet, grid; in a page also
// badge, gallery and fold.
type block any

type (
	title     string
	heading   string
	verbatim  string // keeps its line breaks
	paragraph struct {
		text   string
		strong bool
	}
	// bullet is an entry of the list that the bullets around it are.
	bullet struct{ lead, text string }
	// grid is a table. A row of one cell is a heading within it.
	grid struct {
		head  []string
		words string // of each column: w words, c code, anything else numbers
		rows  [][]string
	}
)

func (d *document) add(b ...block) { *d = append(*d, b...) }

// list adds bullets below a heading; nothing where there are none.
func (d *document) list(h heading, lines []string) {
	if len(lines) > 0 {
		d.add(h)
	}
	for _, l := range lines {
		d.add(bullet{text: l})
	}
}

func (g *grid) column(i int) byte {
	if i < len(g.words) {
		return g.words[i]
	}
	return 'n'
}

// markdown writes blocks with an empty line between them.
func (d document) markdown(b *bytes.Buffer) {
	for i, x := range d {
		_, entry := x.(bullet)
		if i > 0 {
			if _, before := d[i-1].(bullet); !before || !entry {
				b.WriteByte('\n')
			}
		}
		switch x := x.(type) {
		case title:
			fmt.Fprintf(b, "# %s\n", escape(string(x)))
		case heading:
			fmt.Fprintf(b, "## %s\n", escape(string(x)))
		case verbatim:
			fence := "```"
			for strings.Contains(string(x), fence) {
				fence += "`"
			}
			b.WriteString(fence + "text\n")
			Indented(b, string(x), 0)
			b.WriteString(fence + "\n")
		case paragraph:
			if x.strong {
				fmt.Fprintf(b, "**%s**\n", escape(x.text))
			} else {
				b.WriteString(escape(x.text) + "\n")
			}
		case bullet:
			b.WriteString("- ")
			if x.lead != "" {
				fmt.Fprintf(b, "**%s**: ", escape(x.lead))
			}
			b.WriteString(escape(x.text) + "\n")
		case grid:
			x.markdown(b)
		}
	}
}

func (g *grid) markdown(b *bytes.Buffer) {
	b.WriteByte('|')
	for _, c := range g.head {
		b.WriteString(strings.TrimRight(" "+escape(c), " ") + " |")
	}
	b.WriteString("\n|")
	for i := range g.head {
		if g.column(i) == 'n' {
			b.WriteString("---:|")
		} else {
			b.WriteString("---|")
		}
	}
	b.WriteByte('\n')
	for _, row := range g.rows {
		b.WriteByte('|')
		if len(row) == 1 && len(g.head) > 1 {
			fmt.Fprintf(b, " **%s** |%s\n", escape(row[0]), strings.Repeat(" |", len(g.head)-1))
			continue
		}
		for i, c := range row {
			if g.column(i) == 'c' {
				c = "`" + strings.ReplaceAll(c, "|", `\|`) + "`"
			} else {
				c = escape(c)
			}
			b.WriteString(" " + c + " |")
		}
		b.WriteByte('\n')
	}
}
