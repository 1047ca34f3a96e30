package main

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"

	"asynclab/scenarios"
	"asynclab/scenarios/files"
	"asynclab/sim"
	"asynclab/sim/draw"
)

// baseline is the options of run about the numbers of an earlier run.
type baseline struct {
	SaveBaseline string `placeholder:"FILE" help:"Keep the values of the table's head and of what is expected (with --metrics, of these), by replication, for --against in a later run."`
	Against      string `placeholder:"FILE" help:"Expect of each such metric that it is not worse than in the run that saved this file."`
	Tolerance    string `placeholder:"SHARE" help:"What --against lets a metric be worse by, as a share of its value then: 1% if it is not given, 0 for nothing."`

	tolerance float64
	before    *sim.Baseline
	keep      []byte // to be saved when the report is written
	lost      error  // why it cannot be
}

// check finds mistakes in the options and reads the baseline.
func (b *baseline) check(a *app, c *runCmd, scenarios int) error {
	switch {
	case b.Tolerance != "" && b.Against == "":
		return wrongf("name the file with --against", "--tolerance is about a baseline")
	case b.SaveBaseline == "" && b.Against == "":
		return nil
	}
	if scenarios != 1 {
		return wrongf("run them one by one, each with a file of its own", "--save-baseline and --against are about one scenario, here are %d", scenarios)
	}
	q, err := draw.ParseQuantity(cmp.Or(b.Tolerance, "1%"))
	if err != nil || q.Unit != draw.Ratio && q.Value != 0 || !(q.Value >= 0 && q.Value <= 10) {
		return wrongf("such as 2%, or 0", "--tolerance needs a share from 0%% to 1000%%, not %s", b.Tolerance)
	}
	b.tolerance = q.Value
	if b.SaveBaseline == "-" {
		return wrongf("name a file", "--save-baseline does not write to stdout")
	}
	save := filepath.Clean(b.SaveBaseline)
	for _, o := range []struct{ name, file string }{{"--against", b.Against}, {"--out", c.Out}, {"--series", c.Series}} {
		if b.SaveBaseline != "" && o.file != "" && save == filepath.Clean(o.file) {
			return wrongf("name another file", "--save-baseline and %s are both %s", o.name, o.file)
		}
	}
	if b.Against == "" {
		return nil
	}
	b.before, err = interruptible(a, b.Against, func() (*sim.Baseline, error) { return readBaseline(b.Against) })
	return err
}

func readBaseline(name string) (*sim.Baseline, error) {
	f, err := files.OpenPath(name)
	if err != nil {
		return nil, wrongf("asynclab run SCENARIO --save-baseline "+name+" makes one", "cannot read the baseline %s: %v", name, files.Reason(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, sim.MaxBaseline+1))
	if err != nil {
		return nil, wrongf("", "cannot read the baseline %s: %v", name, files.Reason(err))
	}
	b, err := sim.DecodeBaseline(data)
	if err != nil {
		return nil, wrongf("save it again: asynclab run SCENARIO --save-baseline "+name, "the baseline %s cannot be used: %v", name, err)
	}
	return b, nil
}

// fits finds a baseline that this run cannot be judged against, before the run.
func (b *baseline) fits(s *scenarios.Scenario, settings sim.Settings) error {
	if b.before == nil {
		return nil
	}
	if err := b.before.Check(s.Name, settings); err != nil {
		return wrongf("run what it was saved from, or save another baseline", "the baseline %s cannot be used: %v", b.Against, err)
	}
	return nil
}

// regressions adds what is expected of the result, and prepares what is to be saved.
func (b *baseline) regressions(a *app, s *scenarios.Scenario, r *sim.Result, settings sim.Settings, quiet bool) error {
	if b.before == nil && b.SaveBaseline == "" {
		return nil
	}
	bundle, err := s.Bundle()
	if err != nil {
		return err
	}
	if b.SaveBaseline != "" {
		kept, err := sim.NewBaseline(r, settings, bundle.Hash())
		if err == nil {
			b.keep, err = kept.Encode()
		}
		if err != nil {
			b.lost = err
		}
	}
	if b.before == nil {
		return nil
	}
	if b.before.Hash != bundle.Hash() && !quiet {
		fmt.Fprintf(a.stderr, "asynclab: the scenario has changed since the baseline %s was saved\n", b.Against)
	}
	if err := b.before.Judge(r, settings.Expect, b.tolerance); err != nil {
		return wrongf("choose others with --metrics, or leave it out", "--against %s judges nothing: %v", b.Against, err)
	}
	return nil
}

// save writes the file.
func (b *baseline) save(a *app) error {
	switch {
	case b.lost != nil:
		a.complain(fmt.Sprintf("the baseline %s is not saved: %v", b.SaveBaseline, b.lost), "")
		a.code = max(a.code, exitWrong)
		return nil
	case b.keep == nil:
		return nil
	}
	return writeFile(b.SaveBaseline, b.keep)
}
