package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/mech/overflow"
)

// A broker that acknowledges nothing. A message every 10 ms travels for 5 ms, and the leader
// crashes at 507 ms: of the 51 that came, the followers, 35 ms behind, lack those of 475, 485,
// 495 and 505 ms. The ten that were sent from 510 to 600 ms find nobody, because another
// leads at 607 ms. Whoever sent the hundred has heard of nothing: to it all is well at once,
// and only an end elsewhere tells the 14 that are gone. Where the leader acknowledges, eleven
// fail, as the answer of 505 ms did not come through, and the three others were confirmed and lost.
func TestAcksNone(t *testing.T) {
	run := func(acks design.Acks, elsewhere bool) *Run {
		d := replicatedDesign(design.Replication{Nodes: 3, Acks: acks})
		d.Loads[0].Retry = design.Retry{}
		d.Default.Latency = constant(5 * milli)
		d.Faults = []design.Fault{crashed("bus", 507*milli, time.Second)}
		if !elsewhere {
			d.Loads[0].Confirm = nil
		}
		return runReplicated(t, d)
	}
	lost := wants{"replication.bus.lost": 4, "queue.bus/q.lost": 4, "queue.bus/q.published": 90, "queue.bus/q.acked": 86}
	with := func(more wants) wants {
		for k, v := range lost {
			more[k] = v
		}
		return more
	}
	with(wants{"load.l.accepted": 100, "load.l.completed": 100, "load.l.accepted.latency.max": 0, "link.bus->l.sent": 0}).check(t, run(design.AcksNone, false))
	with(wants{"load.l.accepted": 100, "load.l.completed": 86, "load.l.failed.lost": 4, "load.l.failed.refused": 10}).check(t, run(design.AcksNone, true))
	with(wants{"load.l.accepted": 89, "load.l.completed": 89, "load.l.failed.refused": 11, "load.l.accepted.latency.max": .01}).check(t, run(design.AcksLeader, false))
}

// A publish that confirms is done when its message is sent, with those that were gathered:
// seven that come every 3 ms, of which the first has lingered for 20 ms, and the eighth by itself. A full queue that refuses, and one that blocks, are not heard of; nor is a timeout.
func TestAcksNoneGathered(t *testing.T) {
	for _, full := range []*overflow.Policy{overflow.Reject, overflow.Block} {
		l := burst(8, 3*milli)
		l.To, l.Confirm = design.Target{Node: "a", Entry: "x"}, nil
		publish := design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}, Confirm: true, Gather: design.Gather{Linger: 20 * milli}}
		d := &design.Design{Loads: []design.Load{l}, Brokers: []design.Broker{{Name: "bus", Replicas: design.Replication{Nodes: 1, Acks: design.AcksNone}, Queues: []design.Queue{{Name: "q", MaxLength: 2, Overflow: full}}}},
			Services: []design.Service{{Name: "a", Workers: 10, Handlers: []design.Handler{handler("x", publish)}}}}
		d.Default.Latency = constant(5 * milli)
		r := start(t, d, Config{Duration: time.Second})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		wants{"load.l.completed": 8, "load.l.accepted.latency.max": .03, "load.l.accepted.latency.mean": .022125, "link.a->bus.sent": 2, "queue.bus/q.depth.final": 2}.check(t, r)
	}
}
