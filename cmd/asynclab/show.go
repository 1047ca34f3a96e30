package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/report"
	"asynclab/sim/spell"
	"asynclab/sim/topology"
)

type showCmd struct {
	Scenario string   `arg:"" help:"Path of a scenario file, or the name of a library scenario."`
	Than     []string `arg:"" optional:"" name:"design" help:"With --diff: the two designs, or another scenario."`
	Diff     bool     `help:"Say what differs between designs, and mark it in the picture: the first against each other one, or the two that are named."`
	Format   string   `enum:"text,dot,svg,yaml" default:"text" help:"One of text, dot, svg; yaml prints a library scenario's file."`
	Design   []string `placeholder:"NAME" sep:"none" help:"Show this design only; may be repeated. dot and svg show one."`
	Out      string   `placeholder:"FILE" help:"Write to a file, whole or not at all."`
}

// Help is shown below the options.
func (showCmd) Help() string {
	return `Examples:

  asynclab show order-flow
  asynclab show order-flow --diff
  asynclab show order-flow --diff chain broker
  asynclab show --diff old.yaml new.yaml
  asynclab show order-flow --diff chain broker --format svg --out diff.svg`
}

func (c *showCmd) Run(a *app) error {
	if c.Format == "yaml" {
		if c.Diff {
			return wrongf("--format text says it in words", "--diff is no scenario file")
		}
		return c.source(a)
	}
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	if c.Diff {
		return c.diff(a, s)
	}
	if len(c.Than) > 0 {
		return wrongf("--design "+c.Than[0]+" shows this design only, and --diff compares", "show shows one scenario, and does not know what %s is for", c.Than[0])
	}
	designs, err := pick(s, c.Design)
	if err != nil {
		return err
	}
	if c.Format == "text" {
		return a.output(c.Out, func(w writer) error { return showText(w, s, designs, a.width(c.Out)) })
	}
	if len(designs) != 1 {
		var names []string
		for _, d := range designs {
			names = append(names, d.Name)
		}
		return wrongf("name one with --design: "+strings.Join(names, ", "), "%s shows one design, and here are %d", c.Format, len(designs))
	}
	return c.picture(a, sim.Graph(designs[0]), s.Title+": "+designs[0].Name)
}

func (c *showCmd) picture(a *app, g topology.Graph, title string) error {
	return a.output(c.Out, func(w writer) error {
		if c.Format == "dot" {
			return topology.DOT(w, g)
		}
		l, err := topology.Arrange(g, topology.Options{})
		if err != nil {
			return err
		}
		return topology.SVG(w, g, l, topology.Theme{Title: title, Background: true})
	})
}

// pair is two designs to compare, with the names that the reader knows them by.
type pair struct{ first, second *design.Design }

// diff says what differs between designs.
func (c *showCmd) diff(a *app, s *scenarios.Scenario) error {
	pairs, err := c.pairs(a, s)
	if err != nil {
		return err
	}
	if c.Format != "text" {
		if len(pairs) != 1 {
			return wrongf("name two: asynclab show "+c.Scenario+" --diff "+s.Designs[0].Name+" "+s.Designs[1].Name+" --format "+c.Format, "%s shows one difference, and here are %d", c.Format, len(pairs))
		}
		p := pairs[0]
		return c.picture(a, sim.GraphOfBoth(p.first, p.second), s.Title+": "+p.first.Name+" → "+p.second.Name)
	}
	return a.output(c.Out, func(w writer) error {
		for i, p := range pairs {
			if i > 0 {
				fmt.Fprintln(w)
			}
			if err := showDiff(w, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// pairs finds the designs to compare: the two that are named, the first of the scenario
// and each other one, or those of two scenarios that have the same name.
func (c *showCmd) pairs(a *app, s *scenarios.Scenario) ([]pair, error) {
	names := slices.Concat(c.Design, c.Than)
	if len(names) == 1 && s.Design(names[0]) == nil && isScenario(names[0]) {
		return otherScenario(a, s, names[0])
	}
	var chosen []*design.Design
	for _, n := range names {
		d := s.Design(n)
		if d == nil {
			return nil, wrongf(spell.Hint(n, "designs", s.DesignNames()), "scenario %s has no design %q", s.Name, n)
		}
		chosen = append(chosen, d)
	}
	switch len(chosen) {
	case 0:
		chosen = s.Designs
		if len(chosen) < 2 {
			return nil, wrongf("asynclab show --diff A B compares two scenarios", "scenario %s has one design, and there is nothing to compare it with", s.Name)
		}
	case 1:
		if chosen = []*design.Design{s.Designs[0], chosen[0]}; chosen[0] == chosen[1] {
			return nil, wrongf("name another one: "+strings.Join(s.DesignNames(), ", "), "%s is the first design of scenario %s", chosen[0].Name, s.Name)
		}
	case 2:
	default:
		return nil, wrongf("name two", "--diff compares two designs, not %d", len(chosen))
	}
	var all []pair
	for _, d := range chosen[1:] {
		all = append(all, pair{chosen[0], d})
	}
	return all, nil
}

func otherScenario(a *app, s *scenarios.Scenario, name string) ([]pair, error) {
	t, err := a.load(name)
	if err != nil {
		return nil, err
	}
	var all []pair
	for _, d := range s.Designs {
		e := t.Design(d.Name)
		if len(s.Designs) == 1 && len(t.Designs) == 1 {
			e = t.Designs[0]
		}
		if e == nil {
			continue
		}
		d, e := d.Clone(), e.Clone()
		d.Name, e.Name = d.Name+" of "+s.Path, e.Name+" of "+t.Path
		all = append(all, pair{d, e})
	}
	if len(all) == 0 {
		return nil, wrongf("", "%s and %s have no design of the same name: %s; %s", s.Path, t.Path, strings.Join(s.DesignNames(), ", "), strings.Join(t.DesignNames(), ", "))
	}
	return all, nil
}

// showDiff writes what differs, one thing a line, and the picture of both.
func showDiff(w writer, p pair) error {
	all := sim.DiffDesigns(p.first, p.second)
	fmt.Fprintf(w, "%s → %s\n\n", p.first.Name, p.second.Name)
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "nothing differs")
		return err
	}
	for i := range all {
		for _, text := range all[i].Text(p.first.Name, p.second.Name) {
			fmt.Fprintf(w, "%s%s\n", all[i].Mark.Sign(), text)
		}
	}
	fmt.Fprintln(w)
	g := sim.GraphOfBoth(p.first, p.second)
	if err := topology.Text(w, g); err != nil {
		return err
	}
	fmt.Fprintf(w, "%sonly in %s   %sonly in %s   %sdiffers\n", topology.Added.Sign(), p.second.Name, topology.Removed.Sign(), p.first.Name, topology.Differs.Sign())
	return nil
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

func showText(w writer, s *scenarios.Scenario, designs []*design.Design, width int) error {
	var b bytes.Buffer
	report.Heading(&b, s.Name, title(s), width)
	if strings.TrimSpace(s.Description) != "" {
		b.WriteByte('\n')
		report.Indented(&b, s.Description, width)
	}
	titles := about(s, designs)
	for _, d := range designs {
		fmt.Fprintf(&b, "\ndesign %s", d.Name)
		if t := titles[d.Name]; t != "" {
			fmt.Fprintf(&b, " · %s", t)
		}
		b.WriteString("\n\n")
		g := sim.Graph(d)
		if err := topology.Text(&b, g); err != nil {
			return err
		}
		if text := brackets(g); text != "" {
			b.WriteString(text + "\n")
		}
		showPresets(&b, s.Presets[slices.Index(s.Designs, d)], width)
		for i := range d.Faults {
			if i == 0 {
				b.WriteString("\nfaults\n")
			}
			fmt.Fprintf(&b, "  %s\n", faultText(&d.Faults[i]))
		}
	}
	if len(s.Expect) > 0 {
		b.WriteString("\nexpectations\n")
		for _, e := range s.Expect {
			fmt.Fprintf(&b, "  %s\n", e.Text)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// brackets explains the brackets around the names in a drawing.
func brackets(g topology.Graph) string {
	var keys []string
	for _, k := range []struct {
		kind topology.Kind
		text string
	}{{topology.Client, "(clients)"}, {topology.Queue, "[queue]"}, {topology.Topic, "<topic>"}, {topology.Subscription, "{subscription: a queue of the topic}"}} {
		if slices.ContainsFunc(g.Nodes, func(n topology.Node) bool { return n.Kind == k.kind }) {
			keys = append(keys, k.text)
		}
	}
	if len(keys) < 2 {
		return ""
	}
	return strings.Join(keys, "   ")
}
