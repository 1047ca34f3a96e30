package scenarios_test

import (
	"testing"
	"testing/fstest"

	"asynclab/scenarios"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/mech/all"
)

// Whatever a run measures can be expected of it.
func TestEveryMetricCanBeExpected(t *testing.T) {
	for _, e := range scenarios.Library() {
		units := scenarios.Metrics{}
		for _, d := range libraryScenario(t, e.Name).Designs {
			p, err := engine.Compile(d)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range p.Metrics() {
				if _, err := expect.Parse(d.Name+": "+m.Name+" >= 0", all.Mechanisms.Begin()...); err != nil {
					t.Fatalf("%s, %s: %s: %v", e.Name, d.Name, m.Name, err)
				}
				if _, err := units.Unit(d, m.Name); err != nil {
					t.Fatalf("%s, %s: %v", e.Name, d.Name, err)
				}
			}
		}
	}
}

// The broker is away for ten seconds. Its clients try to connect at once, and then
// after four waits that double from a second, of which a half is at random: the
// fourth try comes within 7 s, the last within 31 s.
func TestConnectionsCanBeExpected(t *testing.T) {
	s, err := scenarios.Parse(fstest.MapFS{}, "away.yaml", []byte(`version: 1
name: away
run: {duration: 2min}
load: {a: {to: s/h, arrivals: constant(10/s)}}
services:
  s: {instances: 2, workers: 10, on: {h: [publish: b/q]}}
  c: {consumes: {b/q: h}, on: {h: [work: 1ms]}}
brokers: {b: {queues: {q: {durable: true}}}}
faults: [{at: 60s, for: 10s, crash: b}]
expect:
  - "connection.s->b.closed = 2"
  - "connection.s->b.opened = 2"
  - "connection.s->b.open.mean in 50s..60s = 2"
  - "connection.s->b.open.mean in 60s..70s = 0"
  - "connection.s->b.open.mean in 91s..2min = 2"
`))
	if err != nil {
		t.Fatal(err)
	}
	r := libraryRun(t, s, nil)
	if len(r.Expectations) != 5 {
		t.Errorf("%d verdicts, want 5", len(r.Expectations))
	}
	for _, v := range r.Expectations {
		if !v.Pass {
			t.Errorf("%s: %s", v.Expect, v.Detail)
		}
	}
}
