package engine

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// called is a design in which a calls b, by a step of the given kind.
func called(op design.StepOp, arrivals time.Duration, work draw.Dist, change func(s *design.Step)) *design.Design {
	step := design.Step{Op: op, To: design.Target{Node: "b", Entry: "do"}, Timeout: design.None}
	if change != nil {
		change(&step)
	}
	return &design.Design{
		Loads:    []design.Load{{Name: "l", To: design.Target{Node: "a", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 1 / arrivals.Seconds()}, Deadline: design.None, Timeout: design.None}},
		Services: []design.Service{service("a", step), service("b", design.Step{Op: design.Work, Dist: work})},
	}
}

// Calls of 30 ms, begun each 100 ms: what an edge has, to the bit.
func TestEdgeOfACall(t *testing.T) {
	d := called(design.Call, 100*milli, draw.Const(0.030), nil)
	r := start(t, d, Config{Duration: 10 * time.Second, Warmup: 1050 * milli, Asked: []string{"edge.a/do->b/do.latency"}})
	r.Advance(never, 0)
	wants{
		"edge.a/do->b/do.calls": 89, "edge.a/do->b/do.attempts": 89, "edge.a/do->b/do.ok": 89, "edge.a/do->b/do.unanswered": 0,
		"edge.a/do->b/do.time": 0.030, "edge.a/do->b/do.latency.mean": 0.030, "edge.a/do->b/do.latency.max": 0.030,
		"edge.a/do->b/do.blocked": 89 * 0.030, "service.a.thread_seconds.blocked": 89 * 0.030,
		"edge.l->a/do.calls": 89, "edge.l->a/do.ok": 89, "edge.l->a/do.latency.p99": 0.030,
	}.check(t, r)
	for _, name := range []string{"edge.a/do->b/do.fallbacks", "edge.l->a/do.time", "edge.l->a/do.blocked"} {
		if _, ok := r.Value(name); ok {
			t.Errorf("there is %s", name)
		}
	}
}

// The time of calls counts to the moment, also of those that are open when the window
// begins or ends; without being asked for, there is no latency.
func TestEdgeTimeOfOpenCalls(t *testing.T) {
	d := called(design.Await, 100*milli, draw.Const(0.080), nil)
	r := start(t, d, Config{Duration: 1050 * milli, Warmup: 130 * milli, Drain: design.None})
	r.Advance(never, 0)
	// At 130 ms the first call has 50 ms left of its 80; eight more are whole, that of 1000 ms has lasted 50.
	wants{"edge.a/do->b/do.calls": 9, "edge.a/do->b/do.ok": 9, "edge.a/do->b/do.time": (0.050 + 8*0.080 + 0.050) / 9}.check(t, r)
	for _, name := range []string{"edge.a/do->b/do.blocked", "edge.a/do->b/do.latency.mean"} {
		if _, ok := r.Value(name); ok {
			t.Errorf("there is %s", name)
		}
	}
}

// In an M/M/1 queue the latency of the edge is the time in the system, 1/(mu - lambda),
// and in a service that fails with probability p, attempts per call are 1/(1-p).
func TestEdgesByTheory(t *testing.T) {
	d := called(design.Call, 0, exp(80*milli), nil)
	d.Loads[0].Arrivals = design.Arrivals{Kind: design.Poisson, Rate: 10}
	d.Services[0].Workers, d.Services[1].Workers = design.Unlimited, 1
	d.Services[1].Room, d.Services[1].HasRoom = design.Unlimited, true
	r := start(t, d, Config{Duration: 20000 * time.Second, Warmup: 100 * time.Second, Seed: 3, Asked: []string{"edge.a/do->b/do.latency"}})
	r.Advance(never, 0)
	const sojourn = 1 / (12.5 - 10)
	for _, name := range []string{"edge.a/do->b/do.latency.mean", "edge.a/do->b/do.time", "edge.l->a/do.latency.mean"} {
		if v := metricOf(t, r, name); math.Abs(v-sojourn) > 0.03*sojourn {
			t.Errorf("%s = %v, theory says %v", name, v, sojourn)
		}
	}

	const p = 0.3
	d = called(design.Call, 20*milli, draw.Const(0.001), func(s *design.Step) {
		s.Retry = design.Retry{Attempts: design.Unlimited, Base: draw.Const(0.001)}
	})
	d.Services[1].Errors = p
	r = start(t, d, Config{Duration: 1000 * time.Second, Seed: 2})
	r.Advance(never, 0)
	calls, attempts := metricOf(t, r, "edge.a/do->b/do.calls"), metricOf(t, r, "edge.a/do->b/do.attempts")
	if got, want := attempts/calls, 1/(1-p); math.Abs(got-want) > 0.015*want {
		t.Errorf("attempts per call are %v, theory says %v", got, want)
	}
	wants{"edge.a/do->b/do.ok": calls, "edge.a/do->b/do.failed.error": attempts - calls, "edge.a/do->b/do.retries": attempts - calls}.check(t, r)
}

// A call of 50 ms with a timeout of 20 ms, once more after 100 ms, and then its else.
func TestEdgeOfAFailingCall(t *testing.T) {
	failing := func(late bool) *Run {
		d := called(design.Call, time.Second, draw.Const(0.050), func(s *design.Step) {
			s.Timeout, s.Late, s.HasElse = 20*milli, late, true
			s.Retry = design.Retry{Attempts: 2, Base: draw.Const(0.100)}
		})
		d.Loads[0].Count = 3
		return corner(t, d)
	}
	wants{
		"edge.a/do->b/do.calls": 3, "edge.a/do->b/do.attempts": 6, "edge.a/do->b/do.retries": 3, "edge.a/do->b/do.failed.timeout": 6, "edge.a/do->b/do.ok": 0,
		"edge.a/do->b/do.unanswered": 3, "edge.a/do->b/do.fallbacks": 3, "edge.a/do->b/do.blocked": 3 * 0.140,
	}.check(t, failing(false))
	wants{ // the answer comes in the back-off
		"edge.a/do->b/do.attempts": 3, "edge.a/do->b/do.failed.timeout": 3, "edge.a/do->b/do.late": 3, "edge.a/do->b/do.ok": 3,
		"edge.a/do->b/do.unanswered": 0, "edge.a/do->b/do.fallbacks": 0, "edge.a/do->b/do.blocked": 3 * 0.050,
	}.check(t, failing(true))
}

// A client that gives up at its deadline leaves an attempt that failed by it; a
// message is only counted; a second step to the same target has a number.
func TestEdgesOfLoadsAndSends(t *testing.T) {
	d := called(design.Send, time.Second, draw.Const(0.050), nil)
	a := &d.Services[0].Handlers[0]
	a.Steps = append(a.Steps, a.Steps[0], design.Step{Op: design.Work, Dist: draw.Const(0.020)})
	d.Loads[0].Count, d.Loads[0].Deadline = 4, 10*milli
	r := corner(t, d)
	wants{
		"edge.a/do->b/do.calls": 4, "edge.a/do->b/do#2.calls": 4, "edge.l->a/do.calls": 4, "edge.l->a/do.failed.deadline": 4,
		"edge.l->a/do.unanswered": 4, "edge.l->a/do.abandoned": 0, "load.l.failed.deadline": 4,
	}.check(t, r)
	if _, ok := r.Value("edge.a/do->b/do.ok"); ok {
		t.Error("a message that is not answered is ok")
	}
}

// Steps of one handler to the same target have a name, the number of their paths, or a kind.
func TestNamesOfEdges(t *testing.T) {
	d := called(design.Call, time.Second, draw.Const(0.050), nil)
	h := &d.Services[0].Handlers[0]
	call := h.Steps[0]
	send, named := call, call
	send.Op, named.Name = design.Send, "again"
	h.Steps = []design.Step{call, send, named, call, send}
	p, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range p.Sections() {
		if name, ok := strings.CutPrefix(s, "edge.a/do->b/do"); ok {
			got = append(got, name)
		}
	}
	if want := []string{"", "#send", "#again", "#3", "#2"}; !slices.Equal(got, want) {
		t.Errorf("edges are called %q, not %q", got, want)
	}
}
