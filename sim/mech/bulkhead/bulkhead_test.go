package bulkhead_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios/audited"
	"asynclab/sim/engine"
)

const text = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: a/h, arrivals: constant(100/s), deadline: none, timeout: none}}
services:
  a: {workers: unlimited, on: {h: [{call: s/h, timeout: %s, bulkhead: %s}]}}
  s: {workers: unlimited, on: {h: [work: %s]}}
faults: [%s]
`

const slots = "service.a.on.h.call.bulkhead.slots"

// run advances a call's bulkhead for 10 s and audits it on the way.
func run(t *testing.T, timeout, bulkhead, work, fault string, step func(r *engine.Run, now time.Duration)) *engine.Run {
	t.Helper()
	r := audited.Start(t, text, timeout, bulkhead, work, fault)
	for now := time.Duration(0); now <= 10*time.Second; now += 125 * time.Millisecond {
		audited.Until(t, r, now, 1)
		if step != nil {
			step(r, now)
		}
	}
	return r
}

// An attempt comes every 10 ms.
func TestSlots(t *testing.T) {
	for _, c := range []struct {
		what, timeout, bulkhead, work string
		metric                        string
		want                          float64
	}{
		{"each second one finds it held", "none", "{slots: 1}", "15ms", "bulkhead.a->s.refused.ratio", 0.5},
		{"two slots are enough", "none", "{slots: 2}", "15ms", "bulkhead.a->s.refused", 0},
		{"a timeout gives the slot back", "15ms", "{slots: 1}", "10s", "bulkhead.a->s.refused.ratio", 0.5},
		{"a retry that names no causes asks again", "none, retry: {attempts: 2, backoff: 8ms}", "{slots: 1}", "15ms", "bulkhead.a->s.asked", 1999},
		{"the line has an end", "none", "{slots: 1, wait: none, line: 3}", "20ms", "bulkhead.a->s.waiting.max", 3},
		{"who waits loses its patience", "none", "{slots: 1, wait: 25ms}", "10s", "bulkhead.a->s.wait.max", 0.025},
		{"by one cause, at once or later", "none", "{slots: 1, wait: 25ms, line: 1}", "10s", "load.x.failed.no_capacity", 999},
	} {
		r := run(t, c.timeout, c.bulkhead, c.work, "", nil)
		if got, err := r.Value(c.metric); got != c.want {
			t.Errorf("%s: %s is %v (%v), want %v", c.what, c.metric, got, err, c.want)
		}
	}
}

// Connections that take 10 ms to open, at tasks of a millisecond.
func TestConnections(t *testing.T) {
	const text = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: a/h, arrivals: %s, deadline: none, timeout: none}}
services:
  a: {workers: unlimited, on: {h: [{call: s/h, timeout: 100ms, bulkhead: {slots: %s}}]}}
  s: {workers: unlimited, on: {h: [work: 1ms]}}
faults: [%s]
`
	for _, c := range []struct {
		what, arrivals, slots, fault string
		want                         map[string]float64
	}{
		{"closed before the next one comes", "constant(1/s)", "5, setup: 10ms, idle: 500ms", "", map[string]float64{
			"bulkhead.a->s.opened": 10, "load.x.confirmed.latency.mean": 0.011, "bulkhead.a->s.open.mean": 0.501, "bulkhead.a->s.refused": 0,
		}},
		{"kept for it", "constant(1/s)", "5, setup: 10ms, idle: 2s", "", map[string]float64{
			"bulkhead.a->s.opened": 1, "load.x.confirmed.latency.mean": 0.002, "load.x.confirmed.latency.max": 0.011, "bulkhead.a->s.open.final": 1,
		}},
		{"a burst opens as many as it has", "{constant: 1/s, batch: 5}", "9, setup: 10ms", "", map[string]float64{
			"bulkhead.a->s.opened": 5, "load.x.confirmed.latency.mean": 0.002, "bulkhead.a->s.open.max": 5,
		}},
		{"or as many as may be: the others wait for these", "{constant: 1/s, batch: 5}", "2, setup: 10ms, wait: none", "", map[string]float64{
			"bulkhead.a->s.opened": 2, "load.x.confirmed.latency.max": 0.013, "bulkhead.a->s.waiting.max": 5,
		}},
		{"nobody waits for these", "{constant: 1/s, batch: 5}", "2, setup: 10ms", "", map[string]float64{
			"bulkhead.a->s.opened": 2, "load.x.failed.no_capacity": 30, "load.x.confirmed.latency.max": 0.011,
		}},
		{"one in line beyond those who open", "{constant: 1/s, batch: 5}", "2, setup: 10ms, wait: none, line: 1", "", map[string]float64{
			"load.x.failed.no_capacity": 20, "bulkhead.a->s.waiting.max": 3,
		}},
		// The one of 5 ms takes over the connection that comes free at 11 ms, before its own is open, at 15 ms.
		{"the first that comes", "{constant: 200/s, batch: 1}", "5, setup: 10ms", "", map[string]float64{
			"bulkhead.a->s.opened": 3, "load.x.confirmed.latency.max": 0.011,
		}},
		// Those of 3, 4 and 5 s are not answered: their connections are closed.
		{"a timeout breaks it", "constant(1/s)", "5, setup: 10ms", "{at: 2500ms, for: 3s, hang: s}", map[string]float64{
			"bulkhead.a->s.opened": 4, "load.x.failed.timeout": 3, "bulkhead.a->s.open.final": 1,
		}},
		{"a crash of the caller closes all", "constant(1/s)", "5, setup: 10ms", "{at: 2500ms, for: 100ms, crash: a}", map[string]float64{
			"bulkhead.a->s.opened": 2, "bulkhead.a->s.open.final": 1, "bulkhead.a->s.open.mean": (10 - 0.01 - 0.5 - 0.01) / 10,
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := audited.Start(t, text, c.arrivals, c.slots, c.fault)
			audited.Until(t, r, 10*time.Second, 400)
			for name, want := range c.want {
				if got := audited.Value(t, r, name); math.Abs(got-want) > 1e-9 {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
		})
	}
	// Of Poisson calls that take no time those open a connection that come later than `idle` after the one before.
	r := audited.Start(t, strings.Replace(text, "work: 1ms", "reply", 1), "poisson(1000/s)", "1, setup: 1us, idle: 1ms, wait: none", "")
	audited.Until(t, r, 10*time.Second, 10)
	if got, want := audited.Value(t, r, "bulkhead.a->s.opened.ratio"), math.Exp(-1); math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/1e4)+0.001 {
		t.Errorf("%v of the calls open a connection, want %v", got, want)
	}
}

// A crash of the caller frees the slots, and whoever waits leaves; more slots let go at
// once who waits, and of fewer none is taken away.
func TestSlotsComeAndGo(t *testing.T) {
	at := func(r *engine.Run, now time.Duration, want string) {
		held, _ := r.Value("bulkhead.a->s.held.final")
		waiting, _ := r.Value("bulkhead.a->s.waiting.final")
		if got := fmt.Sprintf("%v held, %v wait", held, waiting); got != want {
			t.Errorf("at %v: %s, want %s", now, got, want)
		}
	}
	set := func(r *engine.Run, value string) {
		if err := r.Set(slots, value); err != nil {
			t.Fatal(err)
		}
	}
	run(t, "none", "{slots: 2, wait: none, line: 4}", "5s", "{at: 2s, for: 500ms, crash: a}", func(r *engine.Run, now time.Duration) {
		switch now {
		case 1 * time.Second:
			at(r, now, "2 held, 4 wait")
		case 2250 * time.Millisecond:
			at(r, now, "0 held, 0 wait")
		case 3 * time.Second:
			at(r, now, "2 held, 4 wait")
			set(r, "5")
		case 3125 * time.Millisecond:
			at(r, now, "5 held, 4 wait")
			set(r, "1")
		case 7 * time.Second:
			at(r, now, "5 held, 4 wait")
		case 8 * time.Second: // the two of 2.5 s have ended, three of 3 s hold on
			at(r, now, "3 held, 4 wait")
		case 9 * time.Second:
			at(r, now, "1 held, 4 wait")
		}
	})
}
