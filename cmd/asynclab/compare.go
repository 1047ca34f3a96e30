package main

import (
	"slices"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/report"
)

type compareCmd struct {
	Scenario string   `arg:"" help:"Path of a scenario file, or the name of a library scenario."`
	Base     string   `placeholder:"NAME" help:"Compare the other designs with this one, instead of the first."`
	Design   []string `placeholder:"NAME" sep:"none" help:"Compare this design only, with the base; may be repeated."`
	Set      []string `placeholder:"PATH=VALUE" sep:"none" help:"Change a parameter in every design that has it; DESIGN:PATH=VALUE in this design only; may be repeated. asynclab params lists them."`
	experiment
	elsewhere
	paged
	Median bool   `help:"Show medians of the replications with intervals that assume nothing about them, for replications of which a few are far from the rest."`
	Format string `enum:"${comparisons}" default:"text" help:"One of ${comparisons}."`
	Out    string `placeholder:"FILE" help:"Write the comparison to a file, whole or not at all."`
	All    bool   `help:"A row for every metric, not only for what designs are compared by and what is expected, and every warning."`
	Quiet  bool   `short:"q" help:"No progress and no remarks on stderr."`
}

// comparisonReps is the number of replications of a comparison that does not say.
const comparisonReps = 20

// Help is shown below the options.
func (compareCmd) Help() string {
	return `Every design runs with the same replications under common random numbers: the same
operations arrive and meet the same work. Without --reps or --precision there are 20.
What a scenario expects is for asynclab run.

Examples:

  asynclab compare order-flow
  asynclab compare order-flow --base broker --reps 50
  asynclab compare order-flow --precision 2% --set service.pay.workers=4
  asynclab compare order-flow --design chain --design hybrid --format markdown
  asynclab compare my.yaml --metrics '*.latency.p99' --format csv --out p99.csv`
}

func (c *compareCmd) Run(a *app) error {
	if err := c.named(c.Out); err != nil {
		return err
	}
	switch {
	case a.Extras != nil:
	case c.Nats != "":
		return a.handOver("--nats")
	case c.Report != "":
		return a.handOver("--report")
	}
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	designs, err := c.pick(s)
	if err != nil {
		return err
	}
	noted, err := set(s, designs, c.Set, c.Scenario)
	if err != nil {
		return err
	}
	if c.Reps == nil && c.Precision == "" {
		c.Reps = new(int)
		*c.Reps = max(comparisonReps, s.Run.Replications)
	}
	settings, err := c.settings(s)
	if err != nil {
		return err
	}
	settings.Noted, settings.Findings, settings.Series = noted, true, c.Report != ""
	if settings.Precision == 0 && settings.Replications < 2 {
		return wrongf("leave it out for 20", "--reps must be at least 2: one replication has no interval")
	}
	if c.Median && settings.Precision == 0 && settings.Replications < 6 {
		return wrongf("give 6 or more", "--reps %d is too few for --median: its interval needs 6", settings.Replications)
	}
	result, err := c.simulate(a, s, designs, c.Set, settings, c.Quiet)
	if err != nil {
		return err
	}
	result.Scenario, result.Version, result.Currency, result.Skipped = s.Name, version, s.Currency(), nil
	rep, err := c.report(s, designs, result)
	if err != nil {
		return err
	}
	rep.Width = a.width(c.Out)
	if err := a.output(c.Out, func(w writer) error { return rep.Write(w, c.Format) }); err != nil {
		return err
	}
	if err := c.write(a, s, designs, result, rep); err != nil {
		return err
	}
	a.code = cutShort(result, func(msg, hint string) {
		if !c.Quiet {
			a.complain(msg, hint)
		}
	})
	return nil
}

// pick returns the designs to compare, the base among them.
func (c *compareCmd) pick(s *scenarios.Scenario) ([]*design.Design, error) {
	if c.Base != "" && s.Design(c.Base) == nil {
		return nil, wrongf("it has "+strings.Join(s.DesignNames(), ", "), "scenario %s has no design %q to be the --base", s.Name, c.Base)
	}
	names := c.Design
	if len(names) > 0 && c.Base != "" {
		names = append(slices.Clone(names), c.Base)
	}
	designs, err := pick(s, names)
	if err == nil && len(designs) < 2 {
		hint := "asynclab run shows a single design"
		if len(s.Designs) > 1 {
			hint = "name another --design; it has " + strings.Join(s.DesignNames(), ", ")
		}
		return nil, wrongf(hint, "a comparison needs at least two designs, and this is %s of scenario %s", report.Plural(len(designs), "design"), s.Name)
	}
	return designs, err
}

// report is the comparison with its verdicts.
func (c *compareCmd) report(s *scenarios.Scenario, designs []*design.Design, r *sim.Result) (*report.Comparison, error) {
	base := c.Base
	if base == "" {
		base = designs[0].Name
	}
	all, err := sim.Compare(r, base)
	if err != nil {
		return nil, err
	}
	all.Spared = sim.SparedFaults(designs)
	for i := range all.Pairs {
		all.Pairs[i].Verdict = report.Verdict(&all.Pairs[i])
	}
	rep := &report.Comparison{Comparison: all, Title: title(s), About: about(s, designs), Median: c.Median, All: c.All}
	for _, e := range s.Expect {
		for _, m := range e.Parsed.Metrics() {
			rep.Expected = append(rep.Expected, m.Metric)
		}
	}
	return rep, nil
}
