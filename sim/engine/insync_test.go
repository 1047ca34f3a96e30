package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
)

// Of three nodes one follower stands still from 505 ms on. The messages of every 10 ms from
// 470 ms on, which it does not have after their 35 ms, wait for it: those up to 670 ms until
// it leaves the in-sync set, 200 ms later, 200 + 190 + … + 0 ms longer than the others; or,
// where it goes on at 605 ms, those up to 600 ms until 640 ms, 135 + 125 + … + 5 ms longer.
// Where all three have to be in step, the 21 that waited are refused at 705 ms, and every
// 50 ms until 907 ms, when it is back: 5 times each; the three that were with the followers
// then and the twenty after them 12 and 50 times.
func TestFollowerLeavesByItsLag(t *testing.T) {
	for _, c := range []struct {
		limit   time.Duration
		minimum int
		until   time.Duration
		want    wants
	}{
		{200 * milli, 2, 907 * milli, wants{"load.l.accepted.latency.mean": 0.035 + 2.1/100, "load.l.accepted.latency.max": 0.235, "replication.bus.shrinks": 1, "replication.bus.in_sync.mean": 3 - 0.202/5, "replication.bus.refused": 0}},
		{200 * milli, 2, 605 * milli, wants{"load.l.accepted.latency.mean": 0.035 + 0.98/100, "load.l.accepted.latency.max": 0.17, "replication.bus.shrinks": 0, "replication.bus.in_sync.mean": 3, "replication.bus.refused": 0}},
		{200 * milli, 3, 907 * milli, wants{"replication.bus.shrinks": 1, "replication.bus.refused": 5*21 + 12 + 50}},
		{0, 2, 907 * milli, wants{"load.l.accepted.latency.max": 0.035, "replication.bus.in_sync.mean": 3 - 0.402/5, "replication.bus.shrinks": 0}},
	} {
		d := replicatedDesign(design.Replication{Nodes: 3, Acks: design.AcksAll, Minimum: c.minimum, LagLimit: c.limit})
		stop := crashed("bus", 505*milli, c.until-505*milli)
		stop.Kind, stop.Instance = design.FaultPause, 2
		d.Faults = []design.Fault{stop}
		r := runReplicated(t, d)
		c.want.check(t, r)
		wants{"load.l.completed": 100, "replication.bus.lost": 0, "replication.bus.nodes.mean": 3 - (c.until-505*milli).Seconds()/5, "replication.bus.in_sync.final": 3}.check(t, r)
	}
}

// The leader crashes at 600 ms, while both followers stand still: until one goes on, at
// 705 ms, nobody leads. It has what came before 505 ms only: the ten messages since then are
// lost that the leader confirmed by itself, and those of 480 to 500 ms, which it did not
// have yet. Where they are confirmed by all, none is lost.
func TestLeaderCrashesWhileFollowersStandStill(t *testing.T) {
	for acks, lost := range map[design.Acks]float64{design.AcksLeader: 13, design.AcksAll: 0} {
		d := replicatedDesign(design.Replication{Nodes: 3, Acks: acks, LagLimit: time.Second})
		first, second, leader := crashed("bus", 505*milli, 200*milli), crashed("bus", 505*milli, 300*milli), crashed("bus", 602*milli, time.Second)
		first.Kind, first.Instance, first.Name = design.FaultPause, 2, "first"
		second.Kind, second.Instance, second.Name = design.FaultPause, 3, "second"
		d.Faults = []design.Fault{first, second, leader}
		d.Brokers[0].Queues[0].Durable = true
		r := runReplicated(t, d)
		wants{"load.l.completed": 100 - lost, "replication.bus.lost": lost, "queue.bus/q.lost": lost, "replication.bus.nodes.final": 3, "replication.bus.in_sync.final": 3}.check(t, r)
	}
}

// A follower whose lag is exponential with a mean of 35 ms takes longer than 100 ms for a
// share of p = exp(-100/35) of the messages: each then waits for 100 ms, and the follower is
// out of step until it has it, for 35 ms more in the mean.
func TestLagBeyondItsLimit(t *testing.T) {
	const n = 4000
	d := replicatedDesign(design.Replication{Nodes: 2, Acks: design.AcksAll, LagLimit: 100 * milli})
	d.Loads[0] = burst(n, time.Second)
	d.Loads[0].To, d.Faults = design.Target{Node: "bus", Entry: "q"}, nil
	d.Brokers[0].Replicas.Lag = exp(35 * milli)
	r := start(t, d, Config{Duration: n * time.Second, Seed: 3})
	for r.Step() {
	}
	p := math.Exp(-100. / 35)
	near := func(name string, want, se float64) {
		t.Helper()
		if got := metricOf(t, r, name); math.Abs(got-want) > 4*se {
			t.Errorf("%s is %v, want %v: %.1f standard errors", name, got, want, (got-want)/se)
		}
	}
	wants{"load.l.accepted.latency.max": 0.1, "replication.bus.refused": 0}.check(t, r)
	near("load.l.accepted.latency.mean", 0.035*(1-p), 0.030/math.Sqrt(n))
	near("replication.bus.shrinks", n*p, math.Sqrt(n*p))
	near("replication.bus.in_sync.mean", 2-p*0.035, 0.035*math.Sqrt(2*p/n))
}
