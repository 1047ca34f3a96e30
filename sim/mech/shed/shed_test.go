package shed_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/audited"
	"asynclab/sim/engine"
)

const text = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: s/h, arrivals: %s, deadline: %s, timeout: none%s}}
services: {s: {workers: 1, queue: unlimited, shed: %s, on: {h: [work: 10ms]}}}
`

// times notes when requests are rejected.
type times struct{ at []int64 }

func (w *times) Observe(r engine.Record) {
	if r.Kind == engine.TaskRejected {
		w.at = append(w.at, r.Time)
	}
}

func run(t *testing.T, arrivals, deadline, load, shed string) (*engine.Run, *times) {
	t.Helper()
	r, w := audited.Start(t, text, arrivals, deadline, load, shed), &times{}
	r.SetObserver(w)
	audited.Until(t, r, 10*time.Second, 10)
	return r, w
}

// 150 requests a second, evenly, for a worker that does 100. The k-th is served after
// k·10 ms and has waited k·3.3 ms: more than 5 ms, with another behind it, from 30 ms on.
// The first is shed an interval later, the n-th when the sum of interval ÷ √i is over
// (RFC 8289, section 5.5), each when a turn comes.
func TestCoDelLaw(t *testing.T) {
	_, w := run(t, "constant(150/s)", "none", "", "{policy: codel}")
	if len(w.at) < 10 {
		t.Fatalf("%d requests are shed", len(w.at))
	}
	due := 130.
	for n, at := range w.at[:10] {
		if want := math.Ceil(due/10-1e-9) * 10; math.Abs(float64(at)/1e6-want) > 1e-3 {
			t.Errorf("request %d is shed at %v ms, want %v", n+1, float64(at)/1e6, want)
		}
		due += 100 / math.Sqrt(float64(n+1))
	}
}

// What else sheds, of 150 requests a second for 100, or of 90.
func TestSheds(t *testing.T) {
	for _, c := range []struct {
		what, arrivals, deadline, load, shed string
		metric                               string
		least, most                          float64
	}{
		{"codel: none below capacity", "constant(90/s)", "none", "", "{policy: codel}", "shed.s.shed", 0, 0},
		{"codel: none where a burst is gone within an interval", "{constant: 2/s, batch: 8}", "none", "", "{policy: codel}", "shed.s.shed", 0, 0},
		{"controlled delay: none below capacity", "constant(90/s)", "none", "", "{policy: controlled_delay}", "shed.s.shed", 0, 0},
		{"controlled delay: what is too much", "constant(150/s)", "none", "", "{policy: controlled_delay}", "shed.s.shed.ratio", 0.32, 0.3334},
		// Two intervals pass until the first one is known in which nobody waited less: 20 turns of 3.3 ms, and 10 ms.
		{"controlled delay: a bound on waits", "constant(150/s)", "none", "", "{policy: controlled_delay}", "load.x.confirmed.latency.max", 0.07, 0.0801},
		{"length", "constant(150/s)", "none", "", "{length: 3}", "service.s.waiting.max", 3, 3},
		{"length: what is too much", "constant(150/s)", "none", "", "{length: 3}", "shed.s.shed.ratio", 0.33, 0.3334},
		{"length: by its cause", "constant(150/s)", "none", "", "{length: 3}", "load.x.failed.shed", 490, 500},
		{"length spares the important", "constant(150/s)", "none", "", "{length: 3, spare: 1}", "shed.s.shed", 0, 0},
		{"and not the others", "constant(150/s)", "none", ", priority: 1", "{length: 3, spare: 1}", "service.s.waiting.max", 3, 3},
		{"age", "constant(150/s)", "none", "", "{age: 50ms}", "load.x.confirmed.latency.max", 0.05, 0.06},
		{"age: when the turn comes", "constant(150/s)", "none", "", "{age: 50ms}", "shed.s.late", 480, 500},
		// Whoever is served has 10 ms left, and is done in time.
		{"deadline", "constant(150/s)", "50ms", "", "{deadline: 10ms}", "load.x.failed.deadline", 0, 0},
		{"deadline: all others", "constant(150/s)", "50ms", "", "{deadline: 10ms}", "load.x.failed.shed", 490, 500},
		{"deadline: without it all work is for nobody", "constant(150/s)", "50ms", "", "{age: 1min}", "load.x.completed.ratio", 0, 0.02},
		{"a retry tries it again", "constant(150/s)", "none", ", retry: {attempts: 2, backoff: 1s}", "{length: 3}", "load.x.amplification", 1.3, 1.7},
		{"a breaker counts it", "constant(150/s)", "none", ", breaker: {failures: 1, open: 1min}", "{length: 3}", "breaker.x->s.opened", 1, 1},
	} {
		r, _ := run(t, c.arrivals, c.deadline, c.load, c.shed)
		if got, ok := r.Value(c.metric); !ok || got < c.least || got > c.most {
			t.Errorf("%s: %s is %v (%v), want %v to %v", c.what, c.metric, got, ok, c.least, c.most)
		}
	}
}

func TestBadShedding(t *testing.T) {
	for _, shed := range []string{"{}", "{spare: 1}", "{policy: red}", "{length: 0}", "{policy: codel, target: 0s}"} {
		if _, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "constant(1/s)", "none", "", shed)); err == nil {
			t.Errorf("%s is accepted", shed)
		}
	}
}
