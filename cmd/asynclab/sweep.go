package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"asynclab/scenarios"
	"asynclab/scenarios/study"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

type sweepCmd struct {
	Scenario    string   `arg:"" help:"Path of a scenario file, or the name of a library scenario."`
	Vary        []string `placeholder:"PATH=FROM..TO" sep:"none" help:"The parameter and its values: FROM..TO takes ${points} at equal distances, FROM..TO:20 so many, FROM..TO:log at equal ratios (:20log); PATH=1,2,4 these. Give it twice for two parameters."`
	Design      []string `placeholder:"NAME" sep:"none" help:"Run this design only; may be repeated."`
	Set         []string `placeholder:"PATH=VALUE" sep:"none" help:"Change a parameter as run does; may be repeated."`
	Metrics     []string `placeholder:"GLOB" sep:"none" help:"What to show: load.*.completed, *.latency.p99; may be repeated. Otherwise what the expectations name, or throughput and latencies of each load."`
	Reps        *int     `placeholder:"N" help:"Replications at each value; the scenario's, or ${reps} if it has one only."`
	Seed        *uint64  `placeholder:"N" help:"The same seed gives the same result to the bit. All values have the same random numbers."`
	Duration    string   `placeholder:"TIME" help:"Simulated time, warm-up included, instead of the scenario's end."`
	Warmup      string   `placeholder:"TIME" help:"Cut this much off every metric: a time, or a share of the duration (10%)."`
	Completions string   `placeholder:"N" help:"End at so many completed operations, instead of the scenario's end."`
	MaxEvents   string   `placeholder:"N" help:"A budget: a run ends after so many events."`
	Flip        []string `placeholder:"EXPECTATION" sep:"none" help:"Find the value at which this flips, instead of the scenario's expectations; may be repeated. none: find nothing."`
	FlipWidth   string   `placeholder:"SHARE" default:"2%" help:"Half the width of a flip's interval at which the search ends, as a share of the value."`
	FlipRuns    string   `placeholder:"N" help:"Most runs that search for flips; ${flipshare} times those of the curve without it, and at least ${flipleast}."`
	MaxRuns     string   `placeholder:"N" help:"More runs than this are refused; ${maxruns} without it."`
	elsewhere
	File   string `placeholder:"FILE" help:"Keep every result in this file as it comes. If the file exists, the sweep goes on from what it has."`
	Plot   string `placeholder:"FILE" help:"Draw the curves with their intervals: FILE.png or FILE.svg."`
	Format string `enum:"${sweepformats}" default:"text" help:"One of ${sweepformats}."`
	Out    string `placeholder:"FILE" help:"Write the report to a file, whole or not at all."`
	Quiet  bool   `short:"q" help:"No progress and no remarks on stderr."`
}

// sweepVars adds what the help of sweep takes from its limits.
func sweepVars(v kong.Vars) kong.Vars {
	v["sweepformats"] = strings.Join(study.SweepFormats(), ", ")
	v["points"], v["reps"], v["maxruns"] = strconv.Itoa(study.DefaultPoints), strconv.Itoa(study.DefaultReps), strconv.Itoa(study.DefaultMaxRuns)
	v["flipshare"], v["flipleast"] = strconv.Itoa(study.FlipShare), strconv.Itoa(study.FlipLeast)
	return v
}

// Help is shown below the options.
func (sweepCmd) Help() string {
	return `Examples:

  asynclab sweep order-flow --vary load.shoppers.rate=20/s..120/s
  asynclab sweep order-flow --vary load.shoppers.rate=20/s..120/s --plot rate.png \
      --flip 'chain: load.shoppers.accepted.latency.p99 < 500ms'
  asynclab sweep order-flow --vary service.pay.workers=1,2,4,8 --design chain --reps 10
  asynclab sweep bench/mm1 --vary load.clients.rate=0.1/s..0.9/s:9 --duration 20000s \
      --file mm1.jsonl
  asynclab sweep order-flow --vary load.shoppers.rate=20/s..100/s:5 \
      --vary service.pay.workers=2..8:4 --format csv

The report begins with what was found. Where one parameter has numbers for values:
an expectation flips at a value, which is searched with more and more replications
until its 95% interval is narrow (--flip-width), there are 40 of them, or the runs
of the search are spent (--flip-runs); designs
cross where the sign of their paired difference changes; and where the amount of load
is varied, the knee is where throughput over mean latency is greatest (Kleinrock's
power). An interrupted sweep with a --file goes on with the same command, and gives
the same bytes as one without a break.`
}

func (c *sweepCmd) Run(a *app) error {
	if err := c.plotName(); err != nil {
		return err
	}
	switch {
	case a.Extras != nil:
	case c.Nats != "":
		return a.handOver("--nats")
	case c.Plot != "":
		return a.handOver("--plot")
	}
	s, err := a.load(c.Scenario)
	if err != nil {
		return err
	}
	plan, err := c.plan(a, s)
	if err != nil {
		return refused(err)
	}
	if n := plan.FigureCount(); c.Plot != "" && n > study.MaxFigures {
		return wrongf("choose fewer metrics with --metrics", "--plot draws at most %d figures, not %d", study.MaxFigures, n)
	}
	file, err := c.open(plan)
	if err != nil {
		return refused(err)
	}
	out, err := c.execute(a, plan, file)
	if err != nil {
		return err
	}
	if err := a.output(c.Out, func(w writer) error { return out.Write(w, c.Format, a.width(c.Out)) }); err != nil {
		return err
	}
	if c.Plot != "" && len(out.Points) > 0 {
		write := a.Extras.png
		if strings.EqualFold(filepath.Ext(c.Plot), ".svg") {
			write = a.Extras.svg
		}
		var b strings.Builder
		if err := write(&b, out); err != nil {
			return err
		}
		if err := writeFile(c.Plot, []byte(b.String())); err != nil {
			return err
		}
	}
	a.code = c.judge(a, out)
	return nil
}

// plotName checks the ending before anything is run.
func (c *sweepCmd) plotName() error {
	switch strings.ToLower(filepath.Ext(c.Plot)) {
	case ".png", ".svg":
		return nil
	}
	if c.Plot == "" {
		return nil
	}
	return wrongf("name it .png or .svg", "--plot %s: the ending says which kind of picture", c.Plot)
}

// refused makes a mistake in the plan one of the command line.
func refused(err error) error {
	var bad *study.InputError
	var choice *metric.ChoiceError
	switch {
	case errors.As(err, &bad):
		return wrongf(bad.Hint, "%s: %s", bad.Where, bad.Msg)
	case errors.As(err, &choice):
		return wrongf(choice.Advice().String(), "--metrics %s: %s", choice.Pattern, choice.Says())
	}
	return err
}

// plan is what the command line asks for.
func (c *sweepCmd) plan(a *app, s *scenarios.Scenario) (*study.Sweep, error) {
	designs, err := pick(s, c.Design)
	if err != nil {
		return nil, err
	}
	if _, err := set(s, designs, c.Set, c.Scenario); err != nil {
		return nil, err
	}
	run := experiment{Seed: c.Seed, Reps: c.Reps, Duration: c.Duration, Warmup: c.Warmup, Completions: c.Completions, MaxEvents: c.MaxEvents}
	settings, err := run.settings(s)
	if err != nil {
		return nil, err
	}
	if c.Reps == nil && settings.Replications <= 1 {
		settings.Replications = study.DefaultReps
	}
	bundle, err := s.Bundle()
	if err != nil {
		return nil, err
	}
	plan := &study.Sweep{Bundle: bundle, Version: a.build(), Scenario: s.Name, Title: s.Title, Designs: designs, Set: settingsOf(designs, c.Set),
		Run: study.RunOf(settings), Reps: settings.Replications, Silence: s.Silence, Flips: settings.Expect}
	if plan.Precision, err = c.width(); err != nil {
		return nil, err
	}
	runs, err := countOption("--max-runs", c.MaxRuns, study.DefaultMaxRuns)
	if err != nil {
		return nil, err
	}
	plan.MaxRuns = int(min(runs, 1e9))
	if runs, err = countOption("--flip-runs", c.FlipRuns, 0); err != nil {
		return nil, err
	}
	plan.FlipRuns = int(min(runs, 1e9))
	if err := c.look(plan); err != nil {
		return nil, err
	}
	var all []study.Vary
	for _, text := range c.Vary {
		v, err := study.ParseVary(text)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if plan.Axes, err = study.Axes(all, designs); err != nil {
		return nil, err
	}
	return plan, plan.Check()
}

// look chooses metrics and expectations.
func (c *sweepCmd) look(plan *study.Sweep) (err error) {
	if len(c.Flip) > 0 {
		plan.Flips = nil
		if len(c.Flip) > 1 || c.Flip[0] != "none" {
			if plan.Flips, err = study.ParseExpectations(c.Flip, plan.Designs); err != nil {
				return err
			}
		}
	}
	if len(c.Metrics) == 0 {
		plan.Metrics = study.HeadMetrics(plan.Designs, plan.Flips)
		return nil
	}
	choice, err := metric.Choose(c.Metrics...)
	if err != nil {
		return err
	}
	plan.Metrics, err = study.ChooseMetrics(plan.Designs, choice)
	return err
}

// settingsOf lists the settings of each design, which set has checked, without the name
// of the design.
func settingsOf(designs []*design.Design, settings []string) map[string][]string {
	out := map[string][]string{}
	for _, text := range settings {
		path, value, _ := strings.Cut(text, "=")
		only := ""
		if name, rest, one := strings.Cut(path, ":"); one && !strings.Contains(name, ".") {
			only, path = strings.TrimSpace(name), rest
		}
		path = strings.TrimSpace(path)
		for _, d := range designs {
			if _, err := d.Lookup(path); err == nil && (only == "" || only == d.Name) {
				out[d.Name] = append(out[d.Name], path+"="+strings.TrimSpace(value))
			}
		}
	}
	return out
}

func (c *sweepCmd) width() (float64, error) {
	q, err := draw.ParseQuantity(c.FlipWidth)
	if err != nil || q.Unit != draw.Ratio && q.Unit != draw.None || q.Value < 0.0001 || q.Value > 0.5 {
		return 0, wrongf("such as 2%", "--flip-width needs a share from 0.01%% to 50%%, not %s", c.FlipWidth)
	}
	return q.Value, nil
}

// open opens the file of results, if one is named.
func (c *sweepCmd) open(plan *study.Sweep) (*study.File, error) {
	if c.File == "" {
		return nil, nil
	}
	return study.OpenFile(c.File, plan.Header())
}

func (c *sweepCmd) execute(a *app, plan *study.Sweep, file *study.File) (out *study.Swept, err error) {
	p := newProgress(a.terminal, a.Terminal && !c.Quiet)
	if !a.Terminal && !c.Quiet {
		p.lines(a.stderr)
	}
	phase := ""
	venue := c.venue(a, file == nil, p, func() string { return phase })
	runner, end, err := venue.Open(a.Context, a.cluster())
	if err != nil {
		if file != nil {
			_ = file.Close() // nothing was written
		}
		return nil, serverError(err)
	}
	if file != nil && file.Resumed > 0 && !c.Quiet {
		fmt.Fprintf(a.stderr, "asynclab: %s has %d results; the sweep goes on from there\n", c.File, file.Resumed)
	}
	if plan.Searches() && !c.Quiet {
		fmt.Fprintf(a.stderr, "asynclab: %d runs for the curve, and at most %d more to find where expectations flip (--flip-runs)\n", plan.GridRuns(), plan.FlipBudget())
	}
	out, err = plan.Execute(a.Context, runner, file, func(now string, runs int) {
		phase, p.began = fmt.Sprintf("%s, %d runs", now, runs), time.Now()
	})
	p.finish()
	end(err == nil && !out.Interrupted)
	if file != nil {
		if e := file.Close(); err == nil && e != nil {
			err = e
		}
	}
	return out, err
}

// judge returns the exit code, and says on stderr what is not as it was asked for.
func (c *sweepCmd) judge(a *app, out *study.Swept) int {
	say := func(msg, hint string) {
		if !c.Quiet {
			a.complain(msg, hint)
		}
	}
	switch {
	case out.Interrupted:
		hint := "the same command goes on from what " + c.File + " has"
		if c.File == "" {
			hint = "with --file FILE, the same command goes on where it was interrupted"
		}
		say("interrupted; what was finished is reported", hint)
		return exitInterrupted
	case len(out.Failed) > 0:
		say(fmt.Sprintf("%d of the jobs failed; the others are reported", len(out.Failed)), "the report names them")
		return exitFailed
	case out.OverBudget():
		end := sim.BudgetEvents
		for _, p := range out.Points {
			for _, d := range p.Result.Designs {
				if d.Ended.Budget() {
					end = d.Ended
				}
			}
		}
		msg, hint := budget(end)
		say(msg+", at some values; the report says where", hint)
		return exitFailed
	}
	return exitOK
}
