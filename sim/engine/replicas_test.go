package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// replicatedBus has a queue q and followers that are 35 ms behind.
func replicatedBus(r design.Replication) []design.Broker {
	r.Lag, r.Failover = constant(35*milli), constant(100*milli)
	return []design.Broker{{Name: "bus", Replicas: r, Reconnect: design.Retry{Base: constant(milli)}, Queues: []design.Queue{{Name: "q"}}}}
}

func replicatedDesign(r design.Replication) *design.Design {
	l := burst(100, 10*milli)
	l.To = design.Target{Node: "bus", Entry: "q"}
	l.Retry = design.Retry{Attempts: 50, Base: constant(50 * milli)}
	s := logEater("s", design.Consume{Stopped: true}, work(milli))
	s.Consumes[0].From = l.To
	return &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: replicatedBus(r), Faults: []design.Fault{crashed("bus", 505*milli, time.Second)}}
}

func runReplicated(t *testing.T, d *design.Design) *Run {
	t.Helper()
	r := start(t, d, Config{Duration: 5 * time.Second, Changes: []design.Change{{At: 2 * time.Second, Path: "service.s.consumes.bus/q.prefetch", Value: "1"}}})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// Of messages every 10 ms, the leader's crash at 505 ms costs those of 480, 490 and 500 ms,
// which the followers, 35 ms behind, do not have yet: they were confirmed at once. Where
// they are confirmed when the followers have them, none is lost, and each publisher waits
// for the 35 ms; the three that were not confirmed are sent again. What a follower has is
// there, durable or not, and the broker is away for 100 ms only.
func TestLeaderCrash(t *testing.T) {
	r := runReplicated(t, replicatedDesign(design.Replication{Nodes: 3}))
	wants{"replication.bus.lost": 3, "queue.bus/q.lost": 3, "load.l.failed.lost": 3, "load.l.completed": 97, "replication.bus.failovers": 1,
		"load.l.accepted.latency.p50": 0, "load.l.accepted.latency.max": 0.1, "replication.bus.nodes.final": 3}.check(t, r)
	r = runReplicated(t, replicatedDesign(design.Replication{Nodes: 3, Acks: design.AcksAll}))
	wants{"replication.bus.lost": 0, "load.l.failed": 0, "load.l.completed": 100, "load.l.accepted.latency.p50": 0.035, "queue.bus/q.published": 100}.check(t, r)
}

// Of three nodes one follower is down from 505 ms to 1505 ms, and the other too from 705 ms
// to 905 ms. Where two have to be in step, or a majority up, the messages of 710 to 900 ms
// are refused until then: at 50 ms from attempt to attempt those of 710 to 750 ms four
// times, the next five three times, and so on: 5 * (4 + 3 + 2 + 1). The first wait for
// 200 ms, and 35 ms for a follower. No leader has crashed, so nobody takes over, and what
// is confirmed by the leader alone does not notice.
func TestFollowerCrash(t *testing.T) {
	for _, c := range []struct {
		acks    design.Acks
		minimum int
		want    wants
	}{
		{design.AcksAll, 2, wants{"replication.bus.refused": 50, "load.l.accepted.latency.max": .235, "load.l.accepted.latency.p50": .035}},
		{design.AcksMajority, 0, wants{"replication.bus.refused": 50, "load.l.accepted.latency.max": .235, "load.l.accepted.latency.p50": .035}},
		{design.AcksAll, 1, wants{"replication.bus.refused": 0, "load.l.accepted.latency.max": .035}},
		{design.AcksLeader, 0, wants{"replication.bus.refused": 0, "load.l.accepted.latency.max": 0}},
	} {
		d := replicatedDesign(design.Replication{Nodes: 3, Acks: c.acks, Minimum: c.minimum})
		first, second := crashed("bus", 505*milli, time.Second), crashed("bus", 705*milli, 200*milli)
		first.Name, first.Instance, second.Name, second.Instance = "first", 2, "second", 3
		d.Faults = []design.Fault{first, second}
		r := runReplicated(t, d)
		c.want.check(t, r)
		wants{"load.l.completed": 100, "replication.bus.lost": 0, "replication.bus.failovers": 0, "replication.bus.nodes.mean": 3 - (1+.2)/5, "replication.bus.nodes.final": 3}.check(t, r)
	}
}

// With acks of all and fewer nodes up than the minimum, messages are refused until the
// crashed node is back, at 1.505 s; the first attempt after that is one of every 50 ms.
func TestTooFewNodes(t *testing.T) {
	d := replicatedDesign(design.Replication{Nodes: 2, Acks: design.AcksAll, Minimum: 2})
	r := runReplicated(t, d)
	wants{"load.l.failed": 0, "replication.bus.lost": 0}.check(t, r)
	if n := metricOf(t, r, "replication.bus.refused"); n < 400 {
		t.Errorf("%v refused", n)
	}
	if last := metricOf(t, r, "load.l.accepted.latency.max"); last < 1 || last > 1.1 {
		t.Errorf("the longest wait is %v", last)
	}
}

// With all nodes away, only what is durable is there when one comes back, and it leads at
// once. The second crash comes while the first is being noticed.
func TestNoNodeLeft(t *testing.T) {
	for durable, lost := range map[bool]float64{false: 51, true: 3} {
		d := replicatedDesign(design.Replication{Nodes: 2})
		d.Brokers[0].Queues[0].Durable = durable
		second := crashed("bus", 550*milli, 200*milli)
		second.Name = "second"
		d.Faults = append(d.Faults, second)
		r := runReplicated(t, d)
		wants{"queue.bus/q.lost": lost, "load.l.failed.lost": lost, "replication.bus.failovers": 1, "load.l.completed": 100 - lost, "load.l.accepted.latency.max": 0.25}.check(t, r)
	}
}

// A log loses its tail, and the offsets are given again.
func TestLogLosesItsTail(t *testing.T) {
	for _, c := range []struct {
		keep    design.Retention
		consume bool
	}{{design.Retention{}, false}, {design.Retention{For: design.None}, false}, {design.Retention{For: design.None}, true}} {
		d := replicatedDesign(design.Replication{Nodes: 3})
		d.Loads[0].To = toTopic0
		d.Services = []design.Service{logEater("s", design.Consume{Stopped: !c.consume}, work(milli))}
		d.Brokers[0].Topics = logBus(1, "", design.Group{})[0].Topics
		d.Brokers[0].Topics[0].Keep = c.keep
		r := start(t, d, Config{Duration: 5 * time.Second, Changes: []design.Change{{At: 2 * time.Second, Path: "service.s.consumes.bus/t.prefetch", Value: "1"}}})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		want := wants{"replication.bus.lost": 3, "queue.bus/t/s.lost": 3, "load.l.completed": 97, "queue.bus/t/s.lag.final": 0}
		if c.consume { // they had been done
			want = wants{"replication.bus.lost": 3, "queue.bus/t/s.lost": 0, "load.l.completed": 100, "retention.bus/t.records.final": 97}
		}
		want.check(t, r)
		if r.logs[0].end != 97 {
			t.Errorf("the log ends at %d", r.logs[0].end)
		}
	}
}

// With acks of a majority nothing is lost, and while less than a majority of three is up,
// from 550 to 750 ms, nobody leads; the election after that takes its 100 ms, so that what
// the crash at 505 ms cut off, sent again every 50 ms, is there at 855 + 35 ms: of the
// messages that were not safe yet, the first is that of 470 ms.
func TestMajority(t *testing.T) {
	d := replicatedDesign(design.Replication{Nodes: 3, Acks: design.AcksMajority})
	second := crashed("bus", 550*milli, 200*milli)
	second.Name = "second"
	d.Faults = append(d.Faults, second)
	r := runReplicated(t, d)
	wants{"replication.bus.lost": 0, "replication.bus.failovers": 1, "load.l.failed": 0, "load.l.completed": 100, "load.l.accepted.latency.p50": 0.035}.check(t, r)
	if last := metricOf(t, r, "load.l.accepted.latency.max"); last < 0.418 || last > 0.422 {
		t.Errorf("the longest wait is %v", last)
	}
}

// The leader of five waits for two of its four followers: with lags that are exponential
// with a mean of 10 ms, for 10 ms · (1/4 + 1/3) in the mean.
func TestMajorityWaitsForTheSecondOfFour(t *testing.T) {
	d := replicatedDesign(design.Replication{Nodes: 5, Acks: design.AcksMajority})
	d.Loads[0] = burst(2000, milli)
	d.Loads[0].To, d.Faults = design.Target{Node: "bus", Entry: "q"}, nil
	d.Brokers[0].Replicas.Lag = exp(10 * milli)
	r := runReplicated(t, d)
	if got, want := metricOf(t, r, "load.l.accepted.latency.mean"), 0.010*(1./4+1./3); got < want-0.00037 || got > want+0.00037 { // 4 standard errors
		t.Errorf("they waited for %v, want %v", got, want)
	}
}

// Of two nodes, the first is away from 505 to 1505 ms and catches up for 300 ms; the second,
// which led meanwhile, crashes at 1605 ms. Cleanly, the broker is away until it is back;
// otherwise the first leads, without the 53 messages that it lacks, all confirmed by all
// that were in step.
func TestUncleanElection(t *testing.T) {
	for unclean, lost := range map[bool]float64{false: 0, true: 53} {
		d := replicatedDesign(design.Replication{Nodes: 2, Acks: design.AcksAll, CatchUp: 300 * milli, Unclean: unclean})
		d.Brokers[0].Queues[0].Durable = true
		second := crashed("bus", 1605*milli, time.Second)
		second.Name = "second"
		d.Faults = append(d.Faults, second)
		r := runReplicated(t, d)
		wants{"replication.bus.lost": lost, "queue.bus/q.lost": lost, "load.l.failed.lost": lost, "load.l.completed": 100 - lost, "replication.bus.failovers": 2, "replication.bus.unclean": min(lost, 1), "replication.bus.nodes.final": 2}.check(t, r)
	}
}

// A node that is not in step does not count: with a minimum of two, messages are refused
// until it has caught up, at 1805 ms.
func TestCatchingUpIsNotInStep(t *testing.T) {
	d := replicatedDesign(design.Replication{Nodes: 2, Acks: design.AcksAll, Minimum: 2, CatchUp: 300 * milli})
	r := runReplicated(t, d)
	wants{"load.l.failed": 0, "replication.bus.lost": 0}.check(t, r)
	if last := metricOf(t, r, "load.l.accepted.latency.max"); last < 1.3 || last > 1.42 {
		t.Errorf("the longest wait is %v", last)
	}
}
