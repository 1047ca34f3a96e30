package engine

import (
	"asynclab/sim/design"
	"math"
	"testing"
	"time"
)

// The age of the oldest message over an outage is a ramp: to the nanosecond,
// also when a sample, a checkpoint or the end lies on it.
func TestAgeOverAnOutage(t *testing.T) {
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 200*milli)}, Services: []design.Service{eater("s", design.Consume{})}, Brokers: bus(design.Queue{}),
		Faults: []design.Fault{crashed("s", 100*milli, 500*milli)},
	}
	r := start(t, d, Config{Duration: time.Second, Points: 7})
	r.Advance(int64(333*milli), 0)
	r.Restore(r.Checkpoint())
	r.Advance(never, 0)
	// From 0.2 to 0.6 s the age grows from 0 to 0.4 s: an area of 0.08 s².
	for name, want := range map[string]float64{"queue.bus/q.age.mean": 0.08, "queue.bus/q.age.max": 0.4, "queue.bus/q.age.final": 0, "queue.bus/q.drain_time": 0.4} {
		if got := metricOf(t, r, name); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
}

// What built up and drained in the warm-up is not measured; what is still there
// at its end counts from there.
func TestDrainTimeAfterWarmup(t *testing.T) {
	slow := eater("s", design.Consume{}, work(100*milli))
	for _, c := range []struct {
		warmup time.Duration
		want   float64
	}{{0, 0.3}, {250 * milli, 0.05}, {time.Second, math.NaN()}} {
		d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0, 0, 0)}, Services: []design.Service{slow}, Brokers: bus(design.Queue{})}
		r := start(t, d, Config{Duration: 2 * time.Second, Warmup: c.warmup})
		r.Advance(never, 0)
		if got := metricOf(t, r, "queue.bus/q.drain_time"); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("warm-up %v: drained in %v s, want %v", c.warmup, got, c.want)
		}
	}
}

// Operations belong to the window by their arrival: one exactly at the warm-up
// does, one exactly at the end was never offered, and what is open at the end of
// the drain is unfinished. A run can be asked at any time, before anything happened too.
func TestWindow(t *testing.T) {
	l := at("l", design.Target{Node: "s", Entry: "do"}, 99*milli, 100*milli, 950*milli, time.Second)
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("s", work(60*milli))}}
	r := start(t, d, Config{Duration: time.Second, Warmup: 100 * milli, Drain: 9 * milli})
	for range 3 {
		for _, v := range r.Values() {
			if math.IsInf(v.Value, 0) || v.Value < 0 {
				t.Errorf("at %d: %s = %v", r.Now(), v.Name, v.Value)
			}
		}
		r.Step()
	}
	r.Advance(never, 0)
	wants{"load.l.offered": 2, "load.l.completed": 1, "load.l.failed": 0, "load.l.unfinished": 1, "service.s.busy.final": 1}.check(t, r)
	for _, v := range r.Values() {
		if math.IsInf(v.Value, 0) || v.Value < 0 {
			t.Errorf("at the end: %s = %v", v.Name, v.Value)
		}
	}
	if _, ok := r.ValueIn("service.s.arrived", 2*time.Second, 3*time.Second); !ok {
		t.Error("a window beyond the end has no value")
	}
}

// Acknowledged are messages that were published in the window: a queue that
// works off what the warm-up left does not acknowledge more than came.
func TestAckedOfPublished(t *testing.T) {
	for _, ack := range []design.Ack{design.Manual, design.Automatic} {
		l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0, 0, 0, 0, 500*milli, 1500*milli, 1950*milli)
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{eater("s", design.Consume{Ack: ack}, work(100*milli))}, Brokers: bus(design.Queue{})}
		r := start(t, d, Config{Duration: 2 * time.Second, Warmup: 50 * milli})
		r.Advance(never, 0)
		acked := 2.0 // the last is being worked on
		if ack == design.Automatic {
			acked = 3
		}
		wants{"queue.bus/q.published": 3, "queue.bus/q.acked": acked, "queue.bus/q.acked.ratio": acked / 3}.check(t, r)
	}
}

// One of each is what it says: a handler that completes twice does not stand in for
// another one; with a count it does.
func TestConfirmedByEach(t *testing.T) {
	a, b := design.Target{Node: "a", Entry: "do"}, design.Target{Node: "b", Entry: "do"}
	send := func(to design.Target) design.Step { return design.Step{Op: design.Send, To: to} }
	for count, want := range map[int]float64{0: 0.05, 2: 0.02} {
		l := at("l", design.Target{Node: "front", Entry: "do"}, 0)
		l.Confirm, l.Confirms = []design.Target{a, b}, count
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{
			service("front", send(a), send(a), send(b)), service("a", work(10*milli)), service("b", work(50*milli))}}
		r := start(t, d, Config{Duration: time.Second})
		r.Advance(never, 0)
		if got := metricOf(t, r, "load.l.confirmed.latency.max"); got != want {
			t.Errorf("count %d: confirmed after %v s, want %v", count, got, want)
		}
	}
}
