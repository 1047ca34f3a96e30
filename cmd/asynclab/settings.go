package main

import (
	"math"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/spec"
)

// experiment is the options of commands that run designs: how often, and for how long.
type experiment struct {
	Reps        *int     `placeholder:"N" help:"Replications: every number becomes a mean with a 95% interval. With --precision, the most of them."`
	Precision   string   `placeholder:"SHARE" help:"Add replications, from 5 on, until every interval of the table's head and of the expectations is this narrow (2%: half of it is below 2% of the value, or 0.1 points of a ratio), and stays so for three more; at most --reps, or 1000."`
	Seed        *uint64  `placeholder:"N" help:"Another seed gives other random numbers, the same seed the same result to the bit."`
	Duration    string   `placeholder:"TIME" help:"Simulated time, warm-up included, instead of the scenario's end."`
	Warmup      string   `placeholder:"TIME" help:"Cut this much off every metric: a time, or a share of the duration (10%)."`
	Drain       string   `placeholder:"TIME" help:"Follow the operations of the window to their ends for at most this long after the duration; none: not at all."`
	Completions string   `placeholder:"N" help:"End at so many completed operations, instead of the scenario's end."`
	MaxEvents   string   `placeholder:"N" help:"A budget: end after so many events, with exit code 3."`
	Metrics     []string `placeholder:"GLOB" sep:"none" help:"Only the metrics with such names, all of them: load.*.completed, *.latency.p99; may be repeated. Expectations are judged all the same."`
}

// settings returns the settings of the scenario, overridden by the command line.
func (c *experiment) settings(s *scenarios.Scenario) (sim.Settings, error) {
	run := s.Run
	out := sim.Settings{
		Duration: run.Duration, Completions: run.Completions, Seed: run.Seed,
		Replications: run.Replications, MaxEvents: run.MaxEvents, Warmup: run.WarmupOf(run.Duration), Drain: run.Drain, Changes: s.AllChanges(), Silence: s.Silence,
	}
	for _, e := range s.Expect {
		out.Expect = append(out.Expect, e.Parsed)
	}
	if c.Seed != nil {
		out.Seed = *c.Seed
	}
	if c.Reps != nil {
		if *c.Reps < 1 || *c.Reps > sim.MaxReplications {
			return out, wrongf("", "--reps must be from 1 to %d, not %d", sim.MaxReplications, *c.Reps)
		}
		out.Replications = *c.Reps
	}
	if err := c.precision(&out); err != nil {
		return out, err
	}
	// --duration or --completions replace both ends of the scenario; with both
	// options, the run ends at whichever comes first.
	var err error
	if c.Duration != "" || c.Completions != "" {
		out.Duration, out.Completions = 0, 0
	}
	if c.Duration != "" {
		if out.Duration, err = timeOption("--duration", c.Duration); err != nil {
			return out, err
		}
		out.Warmup = run.WarmupOf(out.Duration)
	}
	switch c.Drain {
	case "":
	case "none":
		out.Drain = spec.None
	default:
		if out.Drain, err = timeOption("--drain", c.Drain); err != nil {
			return out, err
		}
		if out.Drain == 0 {
			return out, wrongf("write none for no drain", "--drain needs a time of more than 0")
		}
	}
	if out.Completions, err = countOption("--completions", c.Completions, out.Completions); err != nil {
		return out, err
	}
	if out.MaxEvents, err = countOption("--max-events", c.MaxEvents, out.MaxEvents); err != nil {
		return out, err
	}
	if c.Warmup != "" {
		if err := c.warmup(&out); err != nil {
			return out, err
		}
	}
	if out.Metrics, err = metric.Choose(c.Metrics...); err != nil {
		return out, classify(err)
	}
	if out.Duration > 0 && out.Warmup >= out.Duration {
		return out, wrongf("give a shorter --warmup, or a longer --duration", "the warm-up of %s leaves nothing of the duration of %s",
			draw.FormatDuration(out.Warmup.Seconds()), draw.FormatDuration(out.Duration.Seconds()))
	}
	return out, nil
}

func (c *experiment) warmup(out *sim.Settings) (err error) {
	if q, qerr := draw.ParseQuantity(c.Warmup); qerr == nil && q.Unit == draw.Ratio {
		if q.Value < 0 || q.Value >= 1 {
			return wrongf("for example 10%", "--warmup must be less than the whole run, not %s", c.Warmup)
		}
		if out.Duration == 0 {
			return wrongf("give the warm-up as a time", "--warmup %s is a share of the duration, and this run has none", c.Warmup)
		}
		out.Warmup = time.Duration(math.Round(q.Value * float64(out.Duration)))
		return nil
	}
	if c.Warmup == "0" {
		out.Warmup = 0
		return nil
	}
	out.Warmup, err = timeOption("--warmup", c.Warmup)
	return err
}

// precision reads --precision. The file's own number of replications is no bound of
// it; that of --reps is.
func (c *experiment) precision(out *sim.Settings) error {
	if c.Precision == "" {
		return nil
	}
	q, err := draw.ParseQuantity(c.Precision)
	if err != nil || q.Unit != draw.Ratio || !(q.Value > 0 && q.Value < 1) {
		return wrongf("such as 2%", "--precision needs a share between 0%% and 100%%, not %s", c.Precision)
	}
	out.Precision = q.Value
	switch {
	case c.Reps == nil:
		out.Replications = 0
	case *c.Reps < measure.PrecisionFirst:
		return wrongf("leave --reps out for at most 1000", "--precision begins with %d replications, and --reps %d allows fewer", measure.PrecisionFirst, *c.Reps)
	}
	return nil
}

// timeOption reads a time in the syntax of scenario files.
func timeOption(name, text string) (time.Duration, error) {
	q, err := draw.ParseQuantity(text)
	switch {
	case err != nil:
		return 0, wrongf("such as 90s, 10m or 1h30m", "%s %s: %v", name, text, err)
	case q.Unit != draw.Seconds:
		return 0, wrongf("such as 90s, 10m or 1h30m", "%s needs a time with its unit, not %s", name, text)
	case q.Value < 0 || q.Value > design.MaxTime.Seconds():
		return 0, wrongf("", "%s must be from 0 to 20 years, not %s", name, text)
	}
	return time.Duration(math.Round(q.Value * 1e9)), nil
}

// countOption reads a count, also written as 1e6 or 1_000_000.
func countOption(name, text string, otherwise uint64) (uint64, error) {
	if text == "" {
		return otherwise, nil
	}
	q, err := draw.ParseQuantity(text)
	if err != nil || q.Unit != draw.None || q.Value < 1 || q.Value > 1e15 || q.Value != math.Floor(q.Value) {
		return 0, wrongf("such as 100000 or 1e6", "%s needs a whole number from 1 to 1e15, not %s", name, text)
	}
	return uint64(q.Value), nil
}
