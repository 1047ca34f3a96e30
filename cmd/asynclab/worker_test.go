package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/scenarios/study"
	"asynclab/scenarios/study/cluster"
	"asynclab/scenarios/study/picture"

	"github.com/nats-io/nats-server/v2/server"
)

// both is what the second program has.
var both = &extras{cluster.NATS{}, picture.PNG, picture.SVG, picture.View}

// asynclab worker does the jobs of a study, shows what it does on a terminal, and
// ends with 130 when it is interrupted.
func TestWorkerCommand(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	url := s.ClientURL()
	scenario, err := scenarios.Load("bench/mm1")
	if err != nil {
		t.Fatal(err)
	}
	b, err := scenario.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	jobs := study.Split(study.Job{Scenario: b, Version: study.Build(version), Design: "mm1", Run: study.Run{Duration: 1e12, Seed: 1}}, 1, 3, 1)
	ctx, interrupt := context.WithCancel(context.Background())
	var errs bytes.Buffer
	ended := make(chan int)
	go func() {
		ended <- Main([]string{"worker", "--nats", url, "--jobs", "2"}, nil, &bytes.Buffer{}, &errs, Env{Context: ctx, Terminal: true, Extras: both})
	}()
	runner, end, err := cluster.NATS{}.Open(context.Background(), study.Venue{Server: study.Server{URL: url}, Version: study.Build(version), Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	results := make([]study.Result, 3)
	if err := runner.Run(context.Background(), jobs, func(i int, r study.Result) error { results[i] = r; return nil }); err != nil {
		t.Fatal(err)
	}
	end(true)
	for i, r := range results {
		if r.Error != "" || len(r.Outcomes) != 1 || r.Outcomes[0].Events < 1000 {
			t.Errorf("job %d: %+v", i, r)
		}
	}
	interrupt()
	if code := <-ended; code != exitInterrupted {
		t.Errorf("code %d", code)
	}
	want := "asynclab: 2 jobs at a time from " + strings.TrimPrefix(url, "nats://") + ", version " + study.Build(version) + "\n"
	if got := errs.String(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "asynclab: interrupted\n") {
		t.Errorf("stderr: %q", got)
	}
}
