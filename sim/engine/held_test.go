package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// Of ten messages at once and twenty workers of two instances, as many are under way as
// all consumers may hold together: ten in one second without a limit, in four with three,
// in ten with one. So it is with consumers that pull, and with links of 5 ms, where each
// place is free again 10 ms after its work: an acknowledgement and a delivery later.
func TestMostUnackedOfAll(t *testing.T) {
	for _, c := range []struct {
		most  int
		after float64
	}{{0, 1}, {design.Unlimited, 1}, {3, 4}, {1, 10}, {10, 1}} {
		for _, wait := range []time.Duration{0, time.Minute} {
			for _, latency := range []time.Duration{0, 5 * milli} {
				s := eater("s", design.Consume{Prefetch: 5, Pull: design.Pull{On: wait > 0, Wait: wait}}, work(time.Second))
				s.Instances, s.Workers = 2, 10
				l := at("l", design.Target{Node: "bus", Entry: "q"}, make([]time.Duration, 10)...)
				l.Confirm = []design.Target{{Node: "s", Entry: "eat"}}
				d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: bus(design.Queue{MaxUnacked: c.most}), Default: design.LinkParams{Latency: constant(latency)}}
				r := corner(t, d)
				most := 10.
				if c.most > 0 {
					most = float64(c.most)
				}
				wants{"queue.bus/q.unacked.max": most, "load.l.completed": 10}.check(t, r)
				if got := metricOf(t, r, "load.l.confirmed.latency.max"); wait == 0 || latency == 0 {
					if want := c.after + float64(2*latency)/1e9*c.after; got < want-1e-6 || got > want*1.01 {
						t.Errorf("most %d, pull %v, latency %v: the last is done after %v s, want %v", c.most, wait, latency, got, want)
					}
				}
			}
		}
	}
}

// Ten calls at once, one worker, 10 s of work each, and callers who wait for a second: after
// it the nine in line are there for nobody. With a second attempt the ten who call again
// still take the answer to their first, until they give up too: nineteen. Who waits without
// a limit, and a message that nobody ever waited for, have not given up.
func TestAbandonedInLine(t *testing.T) {
	type state struct{ waiting, abandoned int }
	for _, c := range []struct {
		name    string
		timeout time.Duration
		retries int
		letters bool
		before  state // at half a second
		after   state // at one and a half
		last    state // at two and a half
	}{
		{"once", time.Second, 0, false, state{9, 0}, state{9, 9}, state{9, 9}},
		{"twice", time.Second, 1, false, state{9, 0}, state{19, 0}, state{19, 19}},
		{"patient", design.None, 0, false, state{9, 0}, state{9, 0}, state{9, 0}},
		{"letters", time.Second, 0, true, state{9, 0}, state{9, 0}, state{9, 0}},
	} {
		s := service("s", work(10*time.Second))
		s.Workers = 1
		to := design.Target{Node: "s", Entry: "do"}
		l := at("l", to, make([]time.Duration, 10)...)
		l.Timeout, l.Deadline = c.timeout, design.None
		l.Retry.Attempts = c.retries + 1
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}}
		if c.letters {
			d.Services = append(d.Services, service("front", design.Step{Op: design.Send, To: to}))
			d.Services[1].Workers = 10
			d.Loads[0].To.Node = "front"
		}
		r := start(t, d, Config{Seed: 1, Duration: time.Minute})
		for _, x := range []struct {
			at   time.Duration
			want state
		}{{500 * milli, c.before}, {1500 * milli, c.after}, {2500 * milli, c.last}} {
			r.Advance(int64(x.at), 0)
			var now Snapshot
			r.Snapshot(&now)
			if got := (state{now.Services[0].Waiting, now.Services[0].Abandoned}); got != x.want || int(now.Services[0].Each[0].Abandoned) != x.want.abandoned {
				t.Errorf("%s at %v: %+v; want %+v", c.name, x.at, got, x.want)
			}
		}
	}
}
