package main

import (
	"io"
	"path/filepath"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/report"
)

// paged is the option of commands that write a page.
type paged struct {
	Report string `placeholder:"FILE" help:"Write the report to an .html file as well, with pictures of the designs and of the numbers over time; it needs nothing else to be read."`
}

// named finds a name that is not that of a page, or is taken.
func (p *paged) named(taken ...string) error {
	if p.Report == "" {
		return nil
	}
	if ext := strings.ToLower(filepath.Ext(p.Report)); ext != ".html" && ext != ".htm" {
		return wrongf("such as report.html; --format and --out write other forms", "--report %s: its name must end in .html", p.Report)
	}
	for _, t := range taken {
		if filepath.Clean(t) == filepath.Clean(p.Report) {
			return wrongf("name another file", "--report is %s, and so is another file to write", p.Report)
		}
	}
	return nil
}

// write makes the page of a report or a comparison.
func (p *paged) write(a *app, s *scenarios.Scenario, designs []*design.Design, r *sim.Result, of interface {
	HTML(io.Writer, report.View) error
}) error {
	if p.Report == "" {
		return nil
	}
	v, err := a.Extras.view(r, designs)
	if err != nil {
		return err
	}
	v.Source, v.Command = s.Source(), typed(a.args)
	return a.output(p.Report, func(w writer) error { return of.HTML(w, v) })
}

// typed writes arguments so that a shell reads them as they are.
func typed(args []string) string {
	text := "asynclab"
	for _, arg := range args {
		plain := arg != "" && strings.IndexFunc(arg, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_=+,.:/%@", r))
		}) < 0
		if !plain {
			arg = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
		text += " " + arg
	}
	return text
}
