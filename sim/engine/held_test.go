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
