package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// Wherever in the way of a message a crash of the broker falls, its group goes on: what
// a member has done and said, and the broker has not heard, it says again. The log
// keeps all, so that all of it is committed in the end, whether the member works longer
// than the connection is away, or its last word is lost with it.
func TestGroupGoesOnAfterACrashAnywhere(t *testing.T) {
	slow := design.LinkParams{Latency: constant(3 * milli)}
	for _, commit := range []time.Duration{0, 50 * time.Millisecond} {
		for _, took := range []time.Duration{4 * milli, 40 * milli} {
			for _, how := range []struct{ deliveries, batch int }{{0, 0}, {2, 0}, {0, 3}, {2, 3}} {
				for at := 60 * milli; at < 100*milli; at += milli {
					steps := []design.Step{work(took)}
					if how.deliveries > 0 {
						steps = append(steps, design.Step{Op: design.Fail, Prob: 0.5, HasProb: true})
					}
					eats := design.Consume{Prefetch: 2}
					if how.batch > 0 {
						eats = design.Consume{Prefetch: 4, Batch: design.Batch{Max: how.batch, Linger: 2 * milli}}
					}
					d := &design.Design{
						Loads:    []design.Load{burst(16, 10*milli)},
						Services: []design.Service{logEater("s", eats, steps...)},
						Brokers:  logBus(2, "", design.Group{Commit: commit}),
						Links:    []design.Link{{From: "bus", To: "s", LinkParams: slow}, {From: "s", To: "bus", LinkParams: slow}},
						Faults:   []design.Fault{crashed("bus", at, 15*milli)},
					}
					d.Loads[0].Retry = design.Retry{Attempts: 100, Base: constant(10 * milli)}
					d.Brokers[0].Reconnect = design.Retry{Base: constant(milli)}
					tm := &d.Brokers[0].Topics[0].Template
					tm.MaxDeliveries = how.deliveries
					r := corner(t, d)
					wants{"queue.bus/t/s.lag.final": 0, "load.l.unfinished": 0}.check(t, r)
					if t.Failed() {
						t.Fatalf("commit %v, work %v, %+v, crash at %v", commit, took, how, at)
					}
				}
			}
		}
	}
}
