package lessons

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// tableParser makes a paragraph whose lines are those of a table into one. goldmark's
// own tables come in a package with all its other extensions, whose patterns take
// longer to compile than a short run of a scenario.
type tableParser struct{}

func (tableParser) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	lines, source := p.Lines(), reader.Source()
	for i := 1; i < lines.Len(); i++ {
		columns := underline(lines.At(i), source)
		if columns == 0 {
			continue
		}
		header := cells(lines.At(i-1), source)
		if len(header) > columns {
			return
		}
		table := extast.NewTable()
		table.SetPos(p.Pos())
		table.AppendChild(table, row(header, columns))
		for j := i + 1; j < lines.Len(); j++ {
			table.AppendChild(table, row(cells(lines.At(j), source), columns))
		}
		p.Parent().InsertAfter(p.Parent(), p, table)
		if i == 1 {
			p.Parent().RemoveChild(p.Parent(), p)
			return
		}
		p.Lines().SetSliced(0, i-1) // the text before the table
		last := p.Lines().At(i - 2)
		p.Lines().Set(i-2, last.TrimRightSpace(source))
		return
	}
}

// underline is the number of columns below whose names a line is, |---|:--|, or 0
// if it is no such line.
func underline(line text.Segment, source []byte) int {
	all := bytes.TrimSpace(line.Value(source))
	if !bytes.ContainsAny(all, "|:") { // a rule, or the mark of a heading
		return 0
	}
	columns := bytes.Split(bytes.TrimSuffix(bytes.TrimPrefix(all, []byte("|")), []byte("|")), []byte("|"))
	for _, c := range columns {
		mark := bytes.TrimSuffix(bytes.TrimPrefix(bytes.TrimSpace(c), []byte(":")), []byte(":"))
		if len(mark) == 0 || len(bytes.Trim(mark, "-")) > 0 {
			return 0
		}
	}
	return len(columns)
}

// cells are those of a line, with or without | at its ends. \| does not end a cell.
func cells(line text.Segment, source []byte) (all []*extast.TableCell) {
	line = line.TrimLeftSpace(source)
	line = line.TrimRightSpace(source)
	at, end := line.Start, line.Stop
	if at < end && source[at] == '|' {
		at++
	}
	if at < end && source[end-1] == '|' {
		end--
	}
	for at < end {
		c := extast.NewTableCell()
		c.SetPos(at)
		from := at
		for at < end && (source[at] != '|' || at > line.Start && source[at-1] == '\\') {
			at++
		}
		inside := text.NewSegment(from, at)
		inside = inside.TrimLeftSpace(source)
		c.Lines().Append(inside.TrimRightSpace(source))
		all = append(all, c)
		at++
	}
	return all
}

// row has so many of the cells; those that the line does not have are empty.
func row(cells []*extast.TableCell, columns int) *extast.TableRow {
	r := extast.NewTableRow(nil)
	for i := range columns {
		c := extast.NewTableCell()
		if i < len(cells) {
			c = cells[i]
		}
		r.AppendChild(r, c)
	}
	return r
}

// inCell is the text of a cell: there \| is a | even in code, where nothing else
// is written with \.
func inCell(t Text) Text {
	for i := range t {
		if t[i].Code {
			t[i].Text = strings.ReplaceAll(t[i].Text, `\|`, "|")
		}
	}
	return t
}
