package main

import (
	"errors"
	"slices"
	"strings"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/report"
	"asynclab/sim/sequence"
	"asynclab/sim/spell"
)

type traceCmd struct {
	Scenario string   `arg:"" help:"Path of a scenario file, or the name of a library scenario."`
	Follow   string   `placeholder:"WHICH" default:"slowest" help:"Which operation: slowest, fastest, the first one that is failed, retried, redelivered, dead-lettered or lost, a percentile of the latency (p99.9), or its number."`
	Load     string   `placeholder:"NAME" help:"Of this load; otherwise the first."`
	Design   []string `placeholder:"NAME" sep:"none" help:"In this design only; may be repeated. a picture shows one."`
	Set      []string `placeholder:"PATH=VALUE" sep:"none" help:"Change a parameter in every design that has it; DESIGN:PATH=VALUE in this design only; may be repeated."`
	Seed     *uint64  `placeholder:"N" help:"Another seed gives other random numbers, the same seed the same operation."`
	Duration string   `placeholder:"TIME" help:"Simulated time, warm-up included, instead of the scenario's end."`
	Warmup   string   `placeholder:"TIME" help:"Pick no operation that arrives before this: a time, or a share of the duration (10%)."`
	Format   string   `enum:"${traces}" default:"text" help:"One of ${traces}: otlp is what tracing tools read (OpenTelemetry, JSON), mermaid and svg are sequence diagrams, waterfall is an SVG of the spans over time with the critical path."`
	Out      string   `placeholder:"FILE" help:"Write to a file, whole or not at all."`
	Quiet    bool     `short:"q" help:"No progress on stderr."`
}

// Help is shown below the options.
func (traceCmd) Help() string {
	return `One operation is followed to its last message: its tree of spans, what each waited for
and for how long. Where a step says trace: false, its message does not carry the trace,
and what follows is a trace of its own, as a tracing tool would see it.

Examples:

  asynclab trace order-flow
  asynclab trace order-flow --follow 12 --design broker
  asynclab trace order-flow --follow p99
  asynclab trace order-queue --follow redelivered
  asynclab trace order-flow --follow failed --design chain --format svg --out story.svg
  asynclab trace order-flow --design broker --format waterfall --out trace.svg
  asynclab trace order-flow --format otlp --out traces.json`
}

// traceFormats are those of reports, and the pictures.
func traceFormats() []string { return append(report.TraceFormats(), "mermaid", "svg", "waterfall") }

func (c *traceCmd) Run(a *app) error {
	which, err := sim.ParsePick(c.Follow)
	if err != nil {
		hint := spell.Hint(c.Follow, "picks", sim.PickWords())
		return wrongf(hint+"; or a percentile such as p99, or a number such as 12", "--follow %s", err)
	}
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	designs, err := pick(s, c.Design)
	if err != nil {
		return err
	}
	if picture := !slices.Contains(report.TraceFormats(), c.Format); picture && len(designs) != 1 {
		return wrongf("name one with --design: "+strings.Join(s.DesignNames(), ", "), "%s shows one design, and here are %d", c.Format, len(designs))
	}
	if _, err := set(s, designs, c.Set, c.Scenario); err != nil {
		return err
	}
	settings, err := (&experiment{Seed: c.Seed, Duration: c.Duration, Warmup: c.Warmup}).settings(s)
	if err != nil {
		return err
	}
	all, err := c.follow(a, designs, settings, which)
	if err != nil {
		return err
	}
	return a.output(c.Out, func(w writer) error { return c.write(a, w, s, designs, settings, all) })
}

// follow follows the operation in each design. A design in which there is none is named,
// unless no design has one.
func (c *traceCmd) follow(a *app, designs []*design.Design, settings sim.Settings, which sim.Pick) ([]*sim.Followed, error) {
	p := newProgress(a.terminal, a.Terminal && !c.Quiet)
	defer p.finish()
	var all []*sim.Followed
	var none []*sim.NoneError
	for _, d := range designs {
		f, err := sim.Follow(a.Context, d, settings, c.Load, which, p.update)
		var missing *sim.NoneError
		switch {
		case errors.As(err, &missing):
			none = append(none, missing)
		case err != nil:
			return nil, classify(err)
		case f == nil:
			return nil, errInterrupted
		default:
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return nil, wrongf(none[0].Hint, "%s", none[0].Msg)
	}
	for _, n := range none {
		if !c.Quiet {
			a.complain(n.Msg, "")
		}
	}
	return all, nil
}

func (c *traceCmd) write(a *app, w writer, s *scenarios.Scenario, designs []*design.Design, settings sim.Settings, all []*sim.Followed) error {
	if slices.Contains(report.TraceFormats(), c.Format) {
		t := report.Traces{Scenario: s.Name, Version: version, Seed: settings.Seed, Pick: c.Follow, Followed: all, Width: a.width(c.Out)}
		return t.Write(w, c.Format)
	}
	theme := sequence.Theme{Title: s.Title + ": " + designs[0].Name, Background: true}
	if c.Format == "waterfall" {
		const wide = 960
		return sequence.NewWaterfall(&all[0].Trace, wide, sequence.Options{}).SVG(w, theme)
	}
	d := all[0].Diagram(designs[0])
	if c.Format == "mermaid" {
		return sequence.Mermaid(w, &d)
	}
	l := sequence.Arrange(&d, sequence.Options{})
	return sequence.SVG(w, &d, l, nil, theme)
}
