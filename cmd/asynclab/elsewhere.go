package main

import (
	"errors"

	"asynclab/scenarios"
	"asynclab/scenarios/study"
	"asynclab/sim"
	"asynclab/sim/design"
)

// elsewhere is the options of commands whose runs may be left to workers.
type elsewhere struct {
	Nats  string `placeholder:"URL" help:"Leave the runs to workers (asynclab worker) at this NATS server; embedded: to a server in this process."`
	Creds string `placeholder:"FILE" help:"Credentials for --nats."`
}

// allowed finds options that do not go with --nats.
func (c *elsewhere) allowed(settings sim.Settings) error {
	switch {
	case c.Nats == "":
	case settings.Series:
		return wrongf("leave out --nats", "what happens over time, for --series and --report, is kept of runs in this process only")
	case settings.Precision == 0 && settings.Replications < 2:
		return wrongf("give --reps or --precision, or leave out --nats", "--nats shares replications among workers, and one run has none to share")
	}
	return nil
}

// venue is where jobs run. what says how far the command is; it is shown with where
// the jobs are.
func (c *elsewhere) venue(a *app, keep bool, p *progress, what func() string) study.Venue {
	return study.Venue{Server: study.Server{URL: c.Nats, Creds: c.Creds}, Version: a.build(), Keep: keep,
		Status: func(s study.Status) {
			text := what()
			if c.Nats != "" {
				text += "; " + s.String()
			}
			p.line(text, s.Share)
		},
	}
}

// simulate runs designs here, or leaves their replications to workers.
func (c *elsewhere) simulate(a *app, s *scenarios.Scenario, designs []*design.Design, sets []string, settings sim.Settings, quiet bool) (*sim.Result, error) {
	if err := c.allowed(settings); err != nil {
		return nil, err
	}
	p := newProgress(a.terminal, a.Terminal && !quiet)
	defer p.finish()
	if *c == (elsewhere{}) {
		r, err := sim.Run(a.Context, designs, settings, p.update)
		if err != nil {
			return nil, classify(err)
		}
		return r, nil
	}
	bundle, err := s.Bundle()
	if err != nil {
		return nil, err
	}
	venue := c.venue(a, true, p, func() string { return s.Name })
	runner, end, err := venue.Open(a.Context, a.cluster())
	if err != nil {
		return nil, serverError(err)
	}
	x := study.Replicated{Bundle: bundle, Version: venue.Version, Designs: designs, Set: settingsOf(designs, sets), Settings: settings}
	r, err := x.Run(a.Context, runner)
	end(err == nil && !r.Interrupted)
	var failed *study.Error
	var server *study.ServerError
	if err != nil && !errors.As(err, &failed) && !errors.As(err, &server) {
		err = classify(err)
	}
	return r, err
}
