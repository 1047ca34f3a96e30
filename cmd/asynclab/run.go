package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"asynclab/scenarios"
	"asynclab/scenarios/yamltree"
	"asynclab/sim"
	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/metric"
	"asynclab/sim/report"
	"asynclab/sim/spell"
)

type runCmd struct {
	Scenario []string `arg:"" help:"Scenario files, folders with scenario files, or names of library scenarios."`
	Design   []string `placeholder:"NAME" sep:"none" help:"Run this design only; may be repeated."`
	Set      []string `placeholder:"PATH=VALUE" sep:"none" help:"Change a parameter in every design that has it; DESIGN:PATH=VALUE in this design only; may be repeated. asynclab params lists them."`
	experiment
	elsewhere
	baseline
	paged
	Format  string `enum:"${formats}" default:"text" help:"One of ${formats}."`
	Out     string `placeholder:"FILE" help:"Write the report to a file, whole or not at all."`
	Series  string `placeholder:"FILE" help:"Write the metrics over time to a file, .csv or .jsonl, a value a line; --metrics chooses which."`
	All     bool   `help:"Show every metric, not only what differs, went wrong or is expected, and every warning."`
	Explain bool   `help:"Account for latency, on average and of the slowest 1 %: work, waiting for a worker, waiting in a queue, network, back-off, blocked on others, and where. The first replication runs once more; it does so by itself for a design that misses an expectation."`
	Theory  bool   `help:"Beside every number that a known model of queueing theory gives, its closed form, and which assumptions the design breaks."`
	Strict  bool   `help:"A warning is a failure: exit code 1. silence in the file names those that are meant."`
	Quiet   bool   `short:"q" help:"No progress and no remarks on stderr."`
}

// Help is shown below the options.
func (runCmd) Help() string {
	return `Examples:

  asynclab run order-flow
  asynclab run order-flow --reps 10 --design chain --design broker
  asynclab run order-flow --precision 2%
  asynclab run order-flow --set service.pay.workers=4 --duration 5m
  asynclab run bench/mm1 --theory --reps 8
  asynclab run order-flow --reps 20 --save-baseline baseline.json
  asynclab run order-flow --reps 20 --against baseline.json --tolerance 2%
  asynclab run order-flow --report order-flow.html
  asynclab run my.yaml --format junit --out report.xml --quiet
  asynclab run scenarios/ other.yaml --strict --format junit --out report.xml

A folder stands for the *.yaml and *.yml files in it and below, by name. In GitHub
Actions, what fails is annotated at its line, and the summary gets the report.`
}

func (c *runCmd) Run(a *app) error {
	if err := c.named(c.Out, c.Series); err != nil {
		return err
	}
	switch {
	case a.Extras != nil:
	case c.Nats != "":
		return a.handOver("--nats")
	case c.Report != "":
		return a.handOver("--report")
	}
	paths, folder, err := a.scenarioFiles(c.Scenario, c.Quiet)
	if err != nil {
		return err
	}
	if err := c.check(a, c, len(paths)); err != nil {
		return err
	}
	ci := newCI(a)
	if len(paths) == 1 && !folder {
		rep, err := c.one(a, paths[0], ci)
		if err != nil {
			ci.failed(paths[0], err)
			if c.Format == "junit" && !errors.Is(err, errInterrupted) { // what reads it shows the mistakes
				err = errors.Join(err, a.output(c.Out, func(w writer) error { return report.Failed(paths[0], reasons(err)...).Write(w, c.Format) }))
			}
			return err
		}
		if err := a.output(c.Out, func(w writer) error { return rep.Write(w, c.Format) }); err != nil {
			return err
		}
		a.code = c.judge(a, rep, "")
		if err := c.save(a); err != nil {
			return err
		}
		return ci.summary([]*report.Report{rep})
	}
	return c.several(a, paths, ci)
}

// several runs scenarios one after the other and writes one report. A scenario that
// cannot be run is a part of it; the exit code is the highest.
func (c *runCmd) several(a *app, paths []string, ci *ci) error {
	if c.Series != "" || c.Report != "" {
		return wrongf("name one scenario, or run them one by one", "--series and --report write what one scenario did, here are %d", len(paths))
	}
	var all []*report.Report
	code := exitOK
	for _, path := range paths {
		rep, err := c.one(a, path, ci)
		if err != nil {
			a.code = exitOK
			ci.failed(path, err)
			code = max(code, a.finish(err))
			rep = report.Failed(path, reasons(err)...)
		} else {
			code = max(code, c.judge(a, rep, path+": "))
		}
		all = append(all, rep)
		if code == exitInterrupted {
			break
		}
	}
	if err := a.output(c.Out, func(w writer) error { return report.WriteAll(w, all, c.Format) }); err != nil {
		return err
	}
	a.code = code
	if err := c.save(a); err != nil {
		return err
	}
	return ci.summary(all)
}

// one runs a scenario.
func (c *runCmd) one(a *app, path string, ci *ci) (*report.Report, error) {
	s, err := a.load(path)
	if err != nil {
		return nil, err
	}
	a.remarkData(s, c.Quiet)
	designs, err := pick(s, c.Design)
	if err != nil {
		return nil, err
	}
	noted, err := set(s, designs, c.Set, path)
	if err != nil {
		return nil, err
	}
	settings, err := c.settings(s)
	if err != nil {
		return nil, err
	}
	settings.Noted, settings.Findings = noted, true
	if err := c.fits(s, settings); err != nil {
		return nil, err
	}
	if err := c.checkSeries(); err != nil {
		return nil, err
	}
	settings.Series = c.Series != "" || c.Report != ""
	settings.Sparks = c.Format == "text" && a.width(c.Out) > 0 && c.elsewhere == (elsewhere{})
	result, err := c.simulate(a, s, designs, c.Set, settings, c.Quiet)
	if err != nil {
		return nil, err
	}
	result.Scenario, result.Version, result.Currency = s.Name, version, s.Currency()
	if err := c.explain(a, designs, settings, result); err != nil {
		return nil, err
	}
	if err := c.regressions(a, s, result, settings, c.Quiet); err != nil {
		return nil, err
	}
	rep := &report.Report{Result: result, Title: title(s), Summary: s.Description, About: about(s, designs), InTurn: inTurn(designs), All: c.All, Strict: c.Strict, Width: a.width(c.Out)}
	if c.Theory {
		rep.Theory = report.Theories(result, designs, settings)
	}
	if c.Series != "" {
		lines := filepath.Ext(c.Series) != ".csv"
		if err := a.output(c.Series, func(w writer) error { return report.WriteSeries(w, result.Series, lines) }); err != nil {
			return nil, err
		}
	}
	ci.judged(path, s, rep)
	return rep, c.write(a, s, designs, result, rep)
}

// reasons lists why a scenario cannot be run: every mistake in its file, with its place
// and what to do.
func reasons(err error) []string {
	var mistakes yamltree.Diagnostics
	if !errors.As(err, &mistakes) {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return []string{line}
	}
	var all []string
	for _, m := range mistakes {
		line, _, _ := strings.Cut(m.String(), "\n")
		if m.Hint != "" {
			line += " (" + m.Hint + ")"
		}
		all = append(all, line)
	}
	return all
}

// explain accounts for the latency of the designs that miss an expectation, or of all.
func (c *runCmd) explain(a *app, designs []*design.Design, settings sim.Settings, result *sim.Result) error {
	if result.Interrupted || !c.Explain && result.Met() {
		return nil
	}
	p := newProgress(a.terminal, a.Terminal && !c.Quiet)
	err := sim.Explain(a.Context, designs, settings, result, func(name string) bool {
		return c.Explain || slices.ContainsFunc(result.Expectations, func(v sim.Verdict) bool {
			return !v.Pass && (len(designs) == 1 || strings.HasPrefix(v.Expect, name+":"))
		})
	}, p.update)
	p.finish()
	if err != nil {
		return classify(err)
	}
	return nil
}

// checkSeries finds a name for series that tells no form, or that of the report.
func (c *runCmd) checkSeries() error {
	switch ext := filepath.Ext(c.Series); {
	case c.Series == "":
	case ext != ".csv" && ext != ".jsonl" && ext != ".ndjson":
		return wrongf("such as series.csv, or series.jsonl for JSON lines", "--series %s: its name must end in .csv, .jsonl or .ndjson", c.Series)
	case filepath.Clean(c.Series) == filepath.Clean(c.Out):
		return wrongf("name another file", "--series and --out are both %s", c.Out)
	}
	return nil
}

// classify separates mistakes in the input (exit code 2), which sim.Run finds before
// it starts a run, from failures of a run (exit code 3).
func classify(err error) error {
	var failure *sim.Failure
	var choice *metric.ChoiceError
	switch {
	case errors.As(err, &failure):
		return err
	case errors.As(err, &choice):
		return wrongf(choice.Advice().String(), "--metrics %s: %s", choice.Pattern, choice.Says())
	}
	return wrongf("", "%s", err.Error())
}

// judge returns the exit code of a scenario. If it is not 0, the reason is printed on stderr,
// unless --quiet is set.
func (c *runCmd) judge(a *app, r *report.Report, where string) int {
	say := func(msg, hint string) {
		if !c.Quiet {
			a.complain(where+msg, hint)
		}
	}
	if code := cutShort(r.Result, say); code != exitOK {
		return code
	}
	missed, open := 0, 0
	for _, v := range r.Expectations {
		switch {
		case v.Inconclusive:
			open++
		case !v.Pass:
			missed++
		}
	}
	if missed > 0 {
		say(fmt.Sprintf("%d of %s not met", missed, report.Plural(len(r.Expectations), "expectation")), "")
	}
	if open > 0 {
		say(fmt.Sprintf("%d of %s inconclusive", open, report.Plural(len(r.Expectations), "expectation")), "more --reps or a longer --duration make the intervals narrower")
	}
	warned := 0
	if c.Strict {
		warned = r.Warned()
	}
	if warned > 0 {
		say(report.Plural(warned, "warning")+", and --strict allows none", strictHint)
	}
	if missed+open+warned > 0 {
		return exitNotMet
	}
	return exitOK
}

// cutShort says which runs did not come to their end, and returns the exit code of
// that.
func cutShort(r *sim.Result, say func(msg, hint string)) int {
	if r.Interrupted {
		say("interrupted; what was finished is reported", "")
		return exitInterrupted
	}
	if r.OverBudget() {
		for _, d := range r.Designs {
			msg, hint := budget(d.Ended)
			for _, w := range d.Warnings { // which names the place
				if strings.HasPrefix(w.ID(), "budget-") && d.Ended != sim.BudgetEvents {
					msg, hint = strings.TrimPrefix(w.Element+": ", ": ")+w.Text(), w.Do()
				}
			}
			if msg != "" {
				say("design "+d.Name+": "+msg, hint+"; what was measured until then is reported")
			}
		}
		return exitFailed
	}
	return exitOK
}

const strictHint = "what a warning says can be mended; if it is meant, name its id in the file: silence: [id]"

// budget returns the message for the budget that ended a run, and a hint; "" if none
// did.
func budget(e sim.End) (msg, hint string) {
	switch e {
	case sim.BudgetEvents:
		return "the budget of events ended the run before its time", "a higher --max-events, or max_events in the file, lets it go on; a shorter --duration needs fewer"
	case sim.BudgetInFlight:
		return "messages and tasks in flight, and rows of stores, took too much memory: that ended the run before its time", "the load is more than the design carries, or something goes round for ever: bound its queues, stores and retries, or give more workers"
	case sim.BudgetInstant:
		return "too many events at one instant ended the run before its time", "something goes round in no time at all: give the retry, the redelivery or the work in it some time"
	case sim.BudgetResends:
		return "a message that its link loses and sends again without end ended the run before its time", "lower the link's loss, end its cut, or give retransmit more time"
	}
	return "", ""
}

// pick returns the designs with these names, in the order of the scenario; all
// designs if there are no names.
func pick(s *scenarios.Scenario, names []string) ([]*design.Design, error) {
	if len(names) == 0 {
		return s.Designs, nil
	}
	var known []string
	for _, d := range s.Designs {
		known = append(known, d.Name)
	}
	for _, n := range names {
		if !slices.Contains(known, n) {
			return nil, wrongf("it has "+strings.Join(known, ", "), "scenario %s has no design %q", s.Name, n)
		}
	}
	var out []*design.Design
	for _, d := range s.Designs {
		if slices.Contains(names, d.Name) {
			out = append(out, d)
		}
	}
	return out, nil
}

// set changes parameters: PATH=VALUE in every design that has it, DESIGN:PATH=VALUE in
// one. It returns the warnings about paths, by design.
func set(s *scenarios.Scenario, designs []*design.Design, settings []string, scenario string) (map[string][]sim.Warning, error) {
	noted := map[string][]sim.Warning{}
	for _, text := range settings {
		path, value, ok := strings.Cut(text, "=")
		path, value = strings.TrimSpace(path), strings.TrimSpace(value)
		if !ok || path == "" || value == "" {
			return nil, wrongf("such as --set service.pay.workers=4, or --set broker:service.pay.workers=4", "--set needs PATH=VALUE, not %q", text)
		}
		in := designs
		// No path has a colon before its first dot, and no name of a design has a dot.
		if name, rest, one := strings.Cut(path, ":"); one && !strings.Contains(name, ".") {
			path = strings.TrimSpace(rest)
			if _, err := pick(s, []string{name}); err != nil {
				return nil, wrongf(spell.Hint(name, "designs", s.DesignNames()), "--set %s: scenario %s has no design %q", text, s.Name, name)
			}
			in = slices.DeleteFunc(slices.Clone(designs), func(d *design.Design) bool { return d.Name != name })
			if len(in) == 0 {
				return nil, wrongf("add --design "+name+", or leave this --set out", "--set %s: the design %s is not run", text, name)
			}
		}
		if err := setIn(in, path, value, noted); err != nil {
			return nil, parameterError("--set "+text, err, scenario)
		}
	}
	return noted, nil
}

// setIn changes a parameter in every design that has it; one must have it.
func setIn(designs []*design.Design, path, value string, noted map[string][]sim.Warning) error {
	var unknown error
	done := false
	for _, d := range designs {
		if _, err := d.Lookup(path); err != nil {
			if unknown == nil {
				unknown = err
			}
			continue
		}
		if w, old := check.OldPath(d, path); old {
			noted[d.Name] = append(noted[d.Name], w)
		}
		if err := d.Set(path, value); err != nil {
			return err
		}
		done = true
	}
	if !done {
		return unknown
	}
	return nil
}

func parameterError(option string, err error, scenario string) error {
	hint := "asynclab params " + scenario + " lists the parameters"
	msg := err.Error()
	var pe *design.ParamError
	if errors.As(err, &pe) {
		msg = pe.Msg
		switch {
		case strings.HasSuffix(pe.Hint, "?"):
			hint = pe.Hint + " " + hint
		case pe.Hint != "":
			hint = pe.Hint
		}
	}
	return wrongf(hint, "%s: %s", option, msg)
}

// title is the title of the scenario; "" if it is the same as the name.
func title(s *scenarios.Scenario) string {
	if s.Title == s.Name {
		return ""
	}
	return s.Title
}

// about returns the titles of designs, by name, except those that repeat the name of
// the design or the title of the scenario.
func about(s *scenarios.Scenario, designs []*design.Design) map[string]string {
	out := map[string]string{}
	for i, d := range s.Designs {
		if i < len(s.DesignTitles) && s.DesignTitles[i] != d.Name && s.DesignTitles[i] != s.Title && slices.Contains(designs, d) {
			out[d.Name] = s.DesignTitles[i]
		}
	}
	return out
}

// inTurn tells of each design whether its latency is the sum of what its parts take.
func inTurn(designs []*design.Design) map[string]bool {
	out := map[string]bool{}
	for _, d := range designs {
		out[d.Name] = sim.InTurn(d)
	}
	return out
}
