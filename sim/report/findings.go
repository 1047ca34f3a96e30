package report

import (
	"bytes"
	"fmt"
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

func (r *Report) markdownFindings(b *bytes.Buffer) {
	lines := r.findings()
	if len(lines) == 0 {
		return
	}
	b.WriteString("\n## What happened\n\n")
	for _, l := range lines {
		b.WriteString("- " + escape(l) + "\n")
	}
}
