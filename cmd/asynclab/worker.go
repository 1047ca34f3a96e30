package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"asynclab/scenarios/study"
	"asynclab/sim/report"
)

// serverError separates mistakes on the command line from a server that does not
// answer as it should.
func serverError(err error) error {
	var e *study.ServerError
	if errors.As(err, &e) && e.Input {
		return wrongf(e.Hint, "%s", e.Msg)
	}
	return err
}

type workerCmd struct {
	Nats  string `required:"" placeholder:"URL" help:"The NATS server with JetStream that has the jobs, such as nats://localhost:4222."`
	Creds string `placeholder:"FILE" help:"Credentials for the server."`
	Jobs  *int   `placeholder:"N" help:"Jobs at the same time; otherwise one per core."`
	Quiet bool   `short:"q" help:"No progress and no remarks on stderr."`
}

// Help is shown below the options.
func (workerCmd) Help() string {
	return `Works on the jobs of asynclab sweep, run and compare with the same --nats, from any
number of machines, until it is interrupted; the job that it has then goes back to the
others. It takes jobs of its own version only. Jobs open no files here.

  nats-server -js
  asynclab worker --nats nats://localhost:4222`
}

func (c *workerCmd) Run(a *app) error {
	if a.Extras == nil {
		return a.handOver("worker")
	}
	slots := runtime.GOMAXPROCS(0)
	if c.Jobs != nil {
		if slots = *c.Jobs; slots < 1 || slots > 1024 {
			return wrongf("", "--jobs must be from 1 to 1024, not %d", slots)
		}
	}
	p := newProgress(a.terminal, a.Terminal && !c.Quiet)
	at := ""
	h := study.Helper{Server: study.Server{URL: c.Nats, Creds: c.Creds}, Version: a.build(), Slots: slots,
		Tell: func(now study.Working) { p.line(workText(now, at)) },
		Ready: func(server string) {
			if at = server; !c.Quiet {
				fmt.Fprintf(a.stderr, "asynclab: %s at a time from %s, version %s\n", report.Plural(slots, "job"), server, a.build())
			}
		},
	}
	if !c.Quiet {
		h.Say = func(text string) { p.finish(); a.complain(text, "") }
	}
	err := a.Extras.cluster.Work(a.Context, h)
	p.finish()
	if err == nil && errors.Is(a.Context.Err(), context.Canceled) {
		return errInterrupted
	}
	return serverError(err)
}

// workText says what a worker does, and how far its jobs are together.
func workText(now study.Working, server string) (text string, share float64) {
	switch {
	case now.Away:
		return "the NATS server at " + server + " is away; waiting for it", 0
	case len(now.Running) == 0:
		return fmt.Sprintf("%s done, waiting for more", report.Plural(now.Done, "job")), 0
	}
	for _, s := range now.Share {
		share += s / float64(len(now.Share))
	}
	return fmt.Sprintf("%s done; %s", report.Plural(now.Done, "job"), strings.Join(now.Running[:min(len(now.Running), 2)], "; ")), share
}
