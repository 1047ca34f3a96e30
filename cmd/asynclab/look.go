package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/model"
	"asynclab/sim/topology"
)

// version is the program's; a release sets it when linking.
var version = "0.1.0-dev"

type versionCmd struct{}

func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintf(a.stdout, "asynclab %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

type validateCmd struct {
	Files []string `arg:"" name:"file" help:"Scenario files, or names of library scenarios."`
	Quiet bool     `short:"q" help:"Say nothing about files that are right."`
}

func (c *validateCmd) Run(a *app) error {
	for _, name := range c.Files {
		s, err := a.load(name)
		if err != nil {
			a.code = a.finish(err)
			continue
		}
		for _, w := range s.Warnings {
			fmt.Fprintln(a.stderr, w)
		}
		if !c.Quiet {
			fmt.Fprintf(a.stdout, "%s: ok, %s, %s\n", name, plural(len(s.Designs), "design"), plural(len(s.Expect), "expectation"))
		}
	}
	return nil
}

type listCmd struct {
	Covers string `placeholder:"ID" help:"Only those that show this entry of the catalogue, such as C9."`
	Names  bool   `help:"Only the names, one a line."`
}

func (c *listCmd) Run(a *app) error {
	var rows [][]string
	for _, e := range scenarios.Library() {
		if c.Covers != "" && !slices.ContainsFunc(e.Covers, func(id string) bool { return strings.EqualFold(id, c.Covers) }) {
			continue
		}
		if c.Names {
			rows = append(rows, []string{e.Name})
			continue
		}
		rows = append(rows, []string{e.Name, e.Title, strings.Join(e.Covers, " ")})
	}
	if len(rows) == 0 {
		return wrongf("asynclab list shows all scenarios with what they cover", "no scenario covers %q", c.Covers)
	}
	return table(a.stdout, rows)
}

type showCmd struct {
	Scenario string   `arg:"" help:"Path of a scenario file, or the name of a library scenario."`
	Format   string   `enum:"text,dot,svg,yaml" default:"text" help:"One of text, dot, svg; yaml prints a library scenario's file."`
	Design   []string `placeholder:"NAME" sep:"none" help:"Show this design only; may be repeated. dot and svg show one."`
	Out      string   `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

func (c *showCmd) Run(a *app) error {
	if c.Format == "yaml" {
		return c.source(a)
	}
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	designs, err := pick(s, c.Design)
	if err != nil {
		return err
	}
	if c.Format == "text" {
		return a.output(c.Out, func(w writer) error { return showText(w, s, designs) })
	}
	if len(designs) != 1 {
		return wrongf("name one with --design "+designs[0].Name, "a %s picture shows one design, and the scenario has %d", c.Format, len(designs))
	}
	g := sim.Graph(designs[0])
	return a.output(c.Out, func(w writer) error {
		if c.Format == "dot" {
			return topology.DOT(w, g)
		}
		l, err := topology.Arrange(g, topology.Options{})
		if err != nil {
			return err
		}
		return topology.SVG(w, g, l, topology.Theme{Title: s.Title + ": " + designs[0].Name, Background: true})
	})
}

func (c *showCmd) source(a *app) error {
	e, err := libraryEntry(c.Scenario)
	if err != nil {
		return err
	}
	return a.output(c.Out, func(w writer) error {
		_, err := w.Write(e.Content)
		return err
	})
}

func showText(w writer, s *scenarios.Scenario, designs []*model.Design) error {
	head := s.Name
	if t := title(s); t != "" {
		head += " · " + t
	}
	fmt.Fprintln(w, head)
	if s.Description != "" {
		fmt.Fprintf(w, "  %s\n", strings.ReplaceAll(strings.TrimSpace(s.Description), "\n", "\n  "))
	}
	titles := about(s, designs)
	for _, d := range designs {
		fmt.Fprintf(w, "\ndesign %s", d.Name)
		if t := titles[d.Name]; t != "" {
			fmt.Fprintf(w, " · %s", t)
		}
		fmt.Fprint(w, "\n\n")
		if err := topology.Text(w, sim.Graph(d)); err != nil {
			return err
		}
	}
	if len(s.Expect) > 0 {
		fmt.Fprintln(w, "\nexpectations")
		for _, e := range s.Expect {
			fmt.Fprintf(w, "  %s\n", e.Text)
		}
	}
	return nil
}

type paramsCmd struct {
	Scenario string   `arg:"" help:"Path of a scenario file, or the name of a library scenario."`
	Design   []string `placeholder:"NAME" sep:"none" help:"Only those of this design; may be repeated."`
	Match    string   `placeholder:"TEXT" help:"Only those with this in their path."`
}

// Run lists every parameter once, with its value in each design that has it
// where they differ.
func (c *paramsCmd) Run(a *app) error {
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	designs, err := pick(s, c.Design)
	if err != nil {
		return err
	}
	rows := [][]string{{"PARAMETER", "VALUE", "FROM", "TO", "LIVE", "MEANING"}}
	seen := map[string]bool{}
	for i, d := range designs {
		for _, p := range model.Params(d) {
			if seen[p.Path] || !strings.Contains(p.Path, c.Match) {
				continue
			}
			seen[p.Path] = true
			live := "no"
			if p.Live {
				live = "yes"
			}
			rows = append(rows, []string{p.Path, values(designs[i:], p.Path), draw.FormatQuantity(p.Min, p.Unit), draw.FormatQuantity(p.Max, p.Unit), live, p.Doc})
		}
	}
	if len(rows) == 1 {
		return wrongf("", "no parameter has %q in its path", c.Match)
	}
	return table(a.stdout, rows)
}

func values(designs []*model.Design, path string) string {
	var all []string
	same := true
	for _, d := range designs {
		v, err := d.Get(path)
		if err != nil {
			continue
		}
		same = same && (len(all) == 0 || strings.HasSuffix(all[0], "="+v))
		all = append(all, d.Name+"="+v)
	}
	if len(all) > 0 && same {
		_, v, _ := strings.Cut(all[0], "=")
		return v
	}
	return strings.Join(all, " ")
}
