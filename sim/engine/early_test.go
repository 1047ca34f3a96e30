package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// Five messages for one worker and a prefetch of one, acknowledged before the
// work: the worker is taken before the acknowledgement, so that one message is
// worked on, one waits for the worker, and three are in the queue.
func TestWorkerIsTakenAtTheAcknowledgement(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps []design.Step
		depth float64 // after 4 s
	}{
		{"ack, work", []design.Step{{Op: design.AckNow}, work(5 * time.Second)}, 3},
		{"work, ack, work", []design.Step{work(time.Microsecond), {Op: design.AckNow}, work(5 * time.Second)}, 3},
		{"work", []design.Step{work(5 * time.Second)}, 4},
		{"ack", []design.Step{{Op: design.AckNow}, wait(5 * time.Second)}, 0},
	} {
		l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0, 0, 0, 0)
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{eater("s", design.Consume{}, c.steps...)}, Brokers: bus(design.Queue{})}
		r := start(t, d, Config{Duration: 4 * time.Second})
		r.Advance(never, 0)
		if got := metricOf(t, r, "queue.bus/q.depth.final"); got != c.depth {
			t.Errorf("%s: %v in the queue, want %v", c.name, got, c.depth)
		}
	}
}

// Two calls at one instant to one worker: how many answers there are at once
// tells whether the answer needs the worker, which the text decides up to the
// next step that waits without one.
func TestWhenATaskTakesAWorker(t *testing.T) {
	reply, ack, soon := design.Step{Op: design.Reply}, design.Step{Op: design.AckNow}, work(time.Second)
	fail := design.Step{Op: design.Fail, Prob: 0, HasProb: true}
	parallel := func(b ...[]design.Step) design.Step { return design.Step{Op: design.Parallel, Branches: b} }
	some := func(b ...design.Step) design.Step {
		return design.Step{Op: design.Choose, Branches: [][]design.Step{b}, Weights: []float64{0}}
	}
	twice := func(b ...design.Step) design.Step {
		return design.Step{Op: design.Repeat, Count: 2, Branches: [][]design.Step{b}}
	}
	branch := func(s ...design.Step) []design.Step { return s }
	const one, both = 1, 2
	for _, c := range []struct {
		name   string
		steps  []design.Step
		atOnce float64
	}{
		{"reply", branch(reply), both},
		{"reply, work", branch(reply, soon), one},
		{"reply, call", branch(reply, calling("b")), one},
		{"reply, await, work", branch(reply, awaiting("b"), soon), both},
		{"reply, delay, work", branch(reply, wait(milli), soon), both},
		{"ack, fail, reply, work", branch(ack, fail, reply, soon), one},
		{"reply, never delay, work", branch(reply, some(wait(milli)), soon), one},
		{"reply, parallel work", branch(reply, parallel(branch(soon), branch(wait(milli)))), one},
		{"reply, parallel awaits, work", branch(reply, parallel(branch(awaiting("b")), branch(wait(milli))), soon), both},
		{"parallel reply, then work", branch(parallel(branch(reply), branch(fail)), soon), one},
		{"parallel reply and await, then work", branch(parallel(branch(reply), branch(awaiting("b"))), soon), both},
		{"repeat reply and work", branch(twice(reply, soon)), one},
		{"repeat delay, reply; work comes round", branch(reply, twice(wait(milli), soon)), both},
		{"send, reply, work", branch(design.Step{Op: design.Send, To: design.Target{Node: "b", Entry: "do"}}, reply, soon), one},
	} {
		l := at("l", design.Target{Node: "a", Entry: "do"}, 0, 0)
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("a", c.steps...), service("b", wait(10*milli))}}
		r := start(t, d, Config{Duration: 5 * milli})
		r.Advance(never, 0)
		if got := metricOf(t, r, "load.l.accepted"); got != c.atOnce {
			t.Errorf("%s: %v answers at once, want %v", c.name, got, c.atOnce)
		}
	}
}
