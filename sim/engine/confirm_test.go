package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// A client that has spent its attempts does not end an operation whose declared
// end is elsewhere: it stays open until that end, its deadline, or until nothing
// can bring the end about.
func TestConfirmedAfterTheClientGaveUp(t *testing.T) {
	const lastTry = 3 * time.Second // three attempts of a second each
	for _, c := range []struct {
		name string
		work time.Duration
		edit func(d *design.Design)
		want wants
	}{
		{"while it tries", 100 * milli, nil, wants{"load.l.completed": 1, "load.l.accepted": 0, "load.l.confirmed.latency.max": 0.1}},
		{"after it gave up", 5 * time.Second, nil, wants{"load.l.completed": 1, "load.l.accepted": 0, "load.l.confirmed.latency.max": 5, "load.l.attempts": 3}},
		{"after its deadline", 25 * time.Second, nil, wants{"load.l.failed.deadline": 1, "load.l.failed.latency.max": 15}},
		{"never, of a message that is dropped", 5 * time.Second, func(d *design.Design) {
			d.Services[1].Handlers[0].Steps = []design.Step{work(5 * time.Second), {Op: design.Nack}}
		}, wants{"load.l.failed": 1, "load.l.completed": 0, "load.l.failed.latency.max": 7}}, // the last attempt's message, sent after 2 s
		{"never, of a request that is lost", 0, func(d *design.Design) {
			d.Links[0].Loss = 1
		}, wants{"load.l.failed.timeout": 1, "load.l.failed.latency.max": lastTry.Seconds()}},
		{"the reply is the end", 5 * time.Second, func(d *design.Design) { d.Loads[0].Confirm = nil }, wants{"load.l.failed.timeout": 1, "load.l.failed.latency.max": lastTry.Seconds()}},
	} {
		l := at("l", design.Target{Node: "a", Entry: "do"}, 0)
		l.Deadline, l.Timeout, l.Retry, l.Confirm = 15*time.Second, time.Second, design.Retry{Attempts: 3}, []design.Target{{Node: "w", Entry: "eat"}}
		w := eater("w", design.Consume{}, work(c.work))
		w.Workers = design.Unlimited
		d := &design.Design{
			Loads:    []design.Load{l},
			Services: []design.Service{service("a", design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}}), w},
			Brokers:  bus(design.Queue{}),
			Links:    []design.Link{{From: "l", To: "a"}, {From: "a", To: "l", LinkParams: design.LinkParams{Loss: 1}}},
		}
		if c.edit != nil {
			c.edit(d)
		}
		t.Log(c.name)
		r := corner(t, d)
		c.want.check(t, r)
	}
}
