package main

import (
	"asynclab/sim/topology"
	"io"
	"strings"
)

// width is the number of columns of the terminal that a report may use; 0 if it goes
// to a file or another program.
func (a *app) width(out string) int {
	if out != "" && out != "-" {
		return 0
	}
	return a.Width
}

// table writes rows with aligned columns. On a narrow terminal, the last column is
// wrapped, and its further lines are indented to where it begins.
func (a *app) table(rows [][]string) error {
	var wide []int
	for _, row := range rows {
		for i, c := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], topology.Columns(c))
		}
	}
	last := 0 // where the last column begins
	for _, w := range wide[:max(len(wide)-1, 0)] {
		last += w + 2
	}
	const least = 24 // columns; with fewer for the last column, its text goes on lines of its own
	most := a.Width
	below := most-last < least
	if below {
		last = 4
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for i, c := range row {
			if i < len(wide)-1 || most == 0 || topology.Columns(line)+topology.Columns(c) <= most {
				line += c + strings.Repeat(" ", wide[i]-topology.Columns(c)+2)
				continue
			}
			fresh := !below
			for _, word := range strings.Fields(c) {
				if !fresh || topology.Columns(line)+topology.Columns(word) > most {
					b.WriteString(strings.TrimRight(line, " ") + "\n")
					line = strings.Repeat(" ", last)
					fresh = true
				}
				line += word + " "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}
