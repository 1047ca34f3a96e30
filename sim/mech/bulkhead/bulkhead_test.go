package bulkhead_test

import (
	"fmt"
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
