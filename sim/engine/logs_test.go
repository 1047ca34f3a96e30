package engine

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/deal"
	"asynclab/sim/metric"
	"asynclab/sim/record"
)

var toTopic0 = design.Target{Node: "bus", Entry: "t"}

// logBus is a broker with a topic t of n partitions.
func logBus(n int, key string, g design.Group) []design.Broker {
	return []design.Broker{{Name: "bus", Topics: []design.Topic{{Name: "t", Partitions: n, Template: design.Queue{Key: key, Group: g, Durable: true}}}}}
}

func logEater(name string, k design.Consume, steps ...design.Step) design.Service {
	k.From, k.Handler = toTopic0, "eat"
	return design.Service{Name: name, Handlers: []design.Handler{handler("eat", steps...)}, Consumes: []design.Consume{k}}
}

// burst is a load of n messages at once, and times of one every so often.
func burst(n int, every time.Duration) design.Load {
	l := design.Load{Name: "l", To: toTopic0, Arrivals: design.Arrivals{Kind: design.Trace}, Deadline: design.None, Confirm: []design.Target{{Node: "s", Entry: "eat"}}}
	for i := range n {
		l.Arrivals.Times = append(l.Arrivals.Times, int64(i)*int64(every))
	}
	return l
}

func numbers(name, dist string) []design.Attribute {
	return []design.Attribute{{Name: name, Dist: draw.Must(draw.Parse(dist, draw.None, nil))}}
}

// Partitions are the bound of parallel work: c consumers of P partitions take the larger
// share of them, so that n messages a partition of 10 ms take ceil(P/c)·n·10 ms (truth
// case D07).
func TestPartitionsBoundTheConsumers(t *testing.T) {
	for c, rounds := range map[int]float64{1: 10, 2: 5, 3: 4, 4: 3, 5: 2, 6: 2, 9: 2, 10: 1, 12: 1} {
		for _, s := range deal.All {
			s1 := logEater("s", design.Consume{}, work(10*milli))
			s1.Workers = c
			r := corner(t, &design.Design{Loads: []design.Load{burst(10*20, 0)}, Services: []design.Service{s1}, Brokers: logBus(10, "", design.Group{Deal: s})})
			wants{"load.l.confirmed.latency.max": rounds * 2 / 10, "load.l.completed": 200, "service.s.out_of_order": 0, "group.bus/t/s.members.final": float64(c),
				"queue.bus/t/s.lag.final": 0, "queue.bus/t/s/3.published": 20, "queue.bus/t/s/3.acked": 20, "group.bus/t/s.stopped.max": 0}.check(t, r)
		}
	}
}

// Each subscription has every message once, and every partition in order, however many
// workers an instance has and however much is handed over at once.
func TestPartitionsAreOrdered(t *testing.T) {
	for _, prefetch := range []int{1, 7, design.Unlimited} {
		mixed := work(0)
		mixed.Dist = exp(10 * milli)
		s := logEater("s", design.Consume{Prefetch: prefetch, Consumers: 1}, mixed)
		s.Workers, s.Instances = 4, 2
		other := logEater("o", design.Consume{Prefetch: prefetch}, work(milli))
		l := burst(300, milli)
		l.Attributes = numbers("customer", "integer(0, 9)")
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s, other}, Brokers: logBus(4, "customer", design.Group{})}
		d.Default.Latency = exp(3 * milli)
		r := corner(t, d)
		wants{"service.s.completed": 300, "service.o.completed": 300, "service.s.out_of_order": 0, "service.s.inversions": 0, "service.s.duplicates": 0,
			"queue.bus/t/s.published": 300, "queue.bus/t/s.acked": 300, "queue.bus/t/s.depth.final": 0, "queue.bus/t/s.unacked.final": 0}.check(t, r)
	}
}

// A number goes to its remainder, as everywhere: with keys 0, 1 and 2 of four
// partitions the last has nothing.
func TestPartitionOfAKey(t *testing.T) {
	l := burst(90, milli)
	l.Attributes = numbers("customer", "integer(4, 6)")
	r := corner(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{logEater("s", design.Consume{}, work(milli/10))}, Brokers: logBus(4, "customer", design.Group{})})
	sum := 0.0
	for p := range 3 {
		sum += metricOf(t, r, fmt.Sprintf("queue.bus/t/s/%d.published", p))
	}
	wants{"queue.bus/t/s/3.published": 0, "load.l.completed": 90}.check(t, r)
	if sum != 90 {
		t.Errorf("%v messages in partitions 0 to 2, want 90", sum)
	}
}

// Whoever watches is told of each rebalance, at its subscription: here that of a member
// that is missed after 300 ms, and that of its return.
func TestRebalancesAreTold(t *testing.T) {
	r := start(t, &design.Design{
		Loads: []design.Load{burst(200, 10*milli)}, Services: []design.Service{logEater("s", design.Consume{}, work(5*milli))},
		Brokers: logBus(1, "", design.Group{Session: 300 * milli}),
		Faults:  []design.Fault{crashed("s", 1302*milli, 500*milli)},
	}, Config{Seed: 1})
	var seen dealings
	r.SetObserver(&seen)
	for r.Step() {
	}
	wants{"group.bus/t/s.rebalances": float64(len(seen))}.check(t, r)
	if len(seen) != 2 || seen[0].Time != int64(1602*milli) || seen[1].Time != int64(1802*milli) {
		t.Errorf("%+v: want the one at 1.602 s, and that of the return at 1.802 s", seen)
	}
	for _, x := range seen {
		if x.Class() != record.PartitionsDealt || r.prog.queues[x.Queue].name != "bus/t/s" || x.Node != r.prog.brokers[0].node {
			t.Errorf("%+v of %s is not of the subscription", x, r.prog.queues[x.Queue].name)
		}
	}
}

// dealings are the rebalances of a run.
type dealings []Record

func (d *dealings) Observe(x Record) {
	if x.Kind == PartitionsDealt {
		*d = append(*d, x)
	}
}

// A crash does again what was done since the last commit. Of messages every 10 ms that
// take 5 ms, with a commit every 500 ms, a crash at 1.302 s finds the last commit at 1 s,
// so that those from 1 s to 1.29 s were done since (30) and the one of 1.3 s had begun: 31
// redeliveries, all of them duplicates. With a commit after each message it is that one.
func TestCrashRepeatsWhatWasNotCommitted(t *testing.T) {
	for commit, again := range map[time.Duration]float64{500 * milli: 31, 0: 1} {
		d := &design.Design{
			Loads: []design.Load{burst(200, 10*milli)}, Services: []design.Service{logEater("s", design.Consume{}, work(5*milli))},
			Brokers: logBus(1, "", design.Group{Commit: commit, Session: 300 * milli}),
			Faults:  []design.Fault{crashed("s", 1302*milli, 100*milli)},
		}
		r := corner(t, d)
		// It has left at 1.602 s, though its process is there again at 1.402 s, and comes again
		// with the same rebalance.
		wants{"queue.bus/t/s.redelivered": again, "service.s.duplicates": again, "load.l.completed": 200, "group.bus/t/s.rebalances": 1}.check(t, r)
	}
}

// One of two members is killed at 1.002 s. Its session is over at 1.302 s, and all stands
// still for the pause of 500 ms; if its process was there again at 1.102 s it is dealt its
// half with that, and otherwise the other has all. Who comes at 2.002 s costs another pause.
func TestRestartedMemberWaitsForOneRebalance(t *testing.T) {
	for down, want := range map[time.Duration]wants{
		100 * milli:     {"group.bus/t/s.rebalances": 1, "group.bus/t/s.stopped.mean": 2 * 0.5 / 4, "group.bus/t/s.members.final": 2},
		time.Second:     {"group.bus/t/s.rebalances": 2, "group.bus/t/s.stopped.mean": 2 * 1.0 / 4, "group.bus/t/s.members.final": 2},
		5 * time.Second: {"group.bus/t/s.rebalances": 1, "group.bus/t/s.stopped.mean": 2 * 0.5 / 4, "group.bus/t/s.members.final": 1},
	} {
		s := logEater("s", design.Consume{}, work(milli))
		s.Instances = 2
		d := &design.Design{
			Loads: []design.Load{burst(400, 10*milli)}, Services: []design.Service{s},
			Brokers: logBus(2, "", design.Group{Session: 300 * milli, Pause: 500 * milli}),
			Faults:  []design.Fault{crashed("s", 1002*milli, down)},
		}
		d.Faults[0].Instance = 2
		r := start(t, d, Config{Duration: 4 * time.Second})
		r.Advance(never, 0)
		want.check(t, r)
	}
}

// A member that is paused for longer than its session has left: another does again what
// it was at, and its own late commit is refused.
func TestPausedMemberHasLeft(t *testing.T) {
	s := logEater("s", design.Consume{}, work(50*milli))
	s.Instances = 2
	d := &design.Design{
		Loads: []design.Load{burst(100, 10*milli)}, Services: []design.Service{s}, Brokers: logBus(2, "", design.Group{Session: 200 * milli}),
		Faults: []design.Fault{{Name: "gc", Kind: design.FaultPause, Node: "s", Instance: 1, At: 525 * milli, For: constant(time.Second), HasFor: true}},
	}
	r := corner(t, d)
	wants{"queue.bus/t/s.redelivered": 1, "queue.bus/t/s.late_acks": 1, "service.s.completed": 101, "load.l.completed": 100, "service.s.duplicates": 1, "group.bus/t/s.members.final": 2}.check(t, r)
	d.Faults[0].For = constant(150 * milli) // shorter than the session: nobody notices
	wants{"queue.bus/t/s.redelivered": 0, "queue.bus/t/s.late_acks": 0, "group.bus/t/s.rebalances": 0}.check(t, corner(t, d))
}

// A batch that takes longer than the poll limit costs its member the membership, again
// and again: what it has is done twice, by itself.
func TestPollLimit(t *testing.T) {
	d := func(limit time.Duration) *design.Design {
		return &design.Design{
			Loads: []design.Load{burst(4, 0)}, Services: []design.Service{logEater("s", design.Consume{Prefetch: 4}, work(100*milli))},
			Brokers: logBus(1, "", design.Group{PollLimit: limit}),
		}
	}
	// The first finds one message, the other three come with the next batch: 300 ms.
	wants{"service.s.duplicates": 0, "load.l.confirmed.latency.max": 0.4, "group.bus/t/s.rebalances": 0}.check(t, corner(t, d(310*milli)))
	// At 250 ms the third of four is being done; its commit is refused at 300 ms, and the
	// member comes again. It is given the last two anew, and has left again at 450 ms; the
	// last is done for the third time at 600 ms.
	wants{"service.s.duplicates": 2, "queue.bus/t/s.late_acks": 2, "load.l.confirmed.latency.max": 0.5, "group.bus/t/s.rebalances": 4}.check(t, corner(t, d(150*milli)))
}

// An eager rebalance stops all partitions for its pause, a cooperative one those that
// move. A second member comes at 1 s (its prefetch is raised); half of four partitions
// move.
func TestRebalancePauses(t *testing.T) {
	for _, cooperative := range []bool{false, true} {
		late := logEater("late", design.Consume{Subscription: "s", Stopped: true}, work(milli))
		d := &design.Design{
			Loads: []design.Load{burst(400, 5*milli)}, Services: []design.Service{logEater("s", design.Consume{}, work(milli)), late},
			Brokers: logBus(4, "", design.Group{Deal: deal.Sticky, Cooperative: cooperative, Pause: 200 * milli}),
		}
		d.Loads[0].Confirm = append(d.Loads[0].Confirm, design.Target{Node: "late", Entry: "eat"})
		d.Loads[0].Confirms = 1
		r := start(t, d, Config{Duration: 3 * time.Second, Changes: []design.Change{{At: time.Second, Path: "service.late.consumes.bus/t/s.prefetch", Value: "1"}}})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		stopped := 4 * 0.2 / 3
		if cooperative {
			stopped = 2 * 0.2 / 3
		}
		wants{"group.bus/t/s.rebalances": 1, "group.bus/t/s.stopped.mean": stopped, "load.l.completed": 400, "queue.bus/t/s.redelivered": 0}.check(t, r)
		if n := metricOf(t, r, "service.late.completed"); n < 95 || n > 105 { // half of those from 1.2 s on, and of those that waited
			t.Errorf("cooperative %v: the newcomer did %v", cooperative, n)
		}
	}
}

// A message that fails holds up its partition, and no other, until it succeeds, is
// skipped, or goes to the dead-letter queue.
func TestFailingMessageIsTriedInPlace(t *testing.T) {
	poison := design.Step{Op: design.Fail, When: cond(t, "bad == 1 and delivery < 4")}
	for _, c := range []struct {
		tries          int
		dead           string
		acked, dropped float64
		deadLettered   float64
		tried          float64
	}{{0, "", 41, 0, 0, 3}, {2, "", 40, 1, 0, 1}, {2, "dead", 40, 0, 1, 1}, {1, "", 40, 1, 0, 0}} {
		d := &design.Design{Loads: []design.Load{burst(40, 0)}, Services: []design.Service{logEater("s", design.Consume{Prefetch: 5}, poison, work(milli))}, Brokers: logBus(2, "part", design.Group{})}
		d.Loads[0].Attributes = append(numbers("part", "integer(0, 1)"), numbers("bad", "0")...)
		bad := burst(1, 0)
		bad.Name, bad.Attributes = "bad", append(numbers("part", "0"), numbers("bad", "1")...)
		d.Loads = append(d.Loads, bad)
		q := &d.Brokers[0].Topics[0].Template
		q.MaxDeliveries, q.DeadLetter, q.RedeliveryDelay = c.tries, c.dead, design.Retry{Base: constant(50 * milli)}
		d.Brokers[0].Queues = []design.Queue{{Name: "dead"}}
		r := corner(t, d)
		wants{"queue.bus/t/s.acked": c.acked, "queue.bus/t/s.dropped": c.dropped, "queue.bus/t/s.dead_lettered": c.deadLettered,
			"queue.bus/t/s.redelivered": c.tried, "service.s.out_of_order": 0, "queue.bus/t/s.lag.final": 0}.check(t, r)
	}
}

// The lag is in messages and in the age of the oldest that is not committed: one message
// each second from 1 s on, and nobody there. The mean age over 10 s is that of a ramp
// from 1 s on: 9²/2/10.
func TestLag(t *testing.T) {
	s := logEater("s", design.Consume{Stopped: true}, work(milli))
	l := burst(11, time.Second)
	l.Arrivals.Times = l.Arrivals.Times[1:]
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: logBus(3, "", design.Group{})}
	r := start(t, d, Config{Duration: 10 * time.Second})
	r.Advance(never, 0)
	wants{"queue.bus/t/s.lag.final": 9, "queue.bus/t/s/0.lag.final": 3, "queue.bus/t/s.lag_time.final": 9, "queue.bus/t/s.depth.final": 9}.check(t, r)
	for name, want := range map[string]float64{"queue.bus/t/s.lag_time.mean": 4.05, "queue.bus/t/s/1.lag_time.mean": 3.2} {
		if got := metricOf(t, r, name); math.Abs(got-want) > 1e-8 {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
}

// What nobody has reached takes 32 bytes a message, and operations that have ended none.
func TestLogIsSmall(t *testing.T) {
	s := logEater("s", design.Consume{Stopped: true}, work(milli))
	l := design.Load{Name: "l", To: toTopic0, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 50_000}}
	r := start(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{s, logEater("o", design.Consume{}, work(0))}, Brokers: logBus(4, "", design.Group{})}, Config{Duration: 4 * time.Second})
	r.Advance(never, 0)
	const n = 200_000
	wants{"load.l.completed": n, "queue.bus/t/s.lag.final": n, "queue.bus/t/o.lag.final": 0}.check(t, r)
	if each := float64(r.logBytes) / n; each > 33 {
		t.Errorf("%.1f bytes a record", each)
	}
	if live := r.ops.live(); live > 10 {
		t.Errorf("%d operations are kept", live)
	}
	if err := r.Audit(); err != nil {
		t.Error(err)
	}
}

// A crash of the broker loses a log that is not durable, and nothing of one that is;
// members go on from where they were.
func TestBrokerCrashAndLogs(t *testing.T) {
	for _, durable := range []bool{false, true} {
		d := &design.Design{
			Loads: []design.Load{burst(100, 0)}, Services: []design.Service{logEater("s", design.Consume{}, work(10*milli))},
			Brokers: logBus(2, "", design.Group{}), Faults: []design.Fault{crashed("bus", 505*milli, 100*milli)},
		}
		d.Brokers[0].Topics[0].Template.Durable = durable
		d.Brokers[0].Reconnect = design.Retry{Base: constant(milli)}
		r := corner(t, d)
		want := wants{"queue.bus/t/s.acked": 50, "queue.bus/t/s.lost": 50, "load.l.failed.lost": 49} // one was being done, and was
		if durable {
			want = wants{"queue.bus/t/s.acked": 100, "queue.bus/t/s.lost": 0, "queue.bus/t/s.redelivered": 0}
		}
		want.check(t, r)
	}
}

func cond(t *testing.T, text string) design.Condition {
	t.Helper()
	c, err := design.ParseCondition(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A member whose connection is open again gives back what did not come through to it.
// The first of it lets a rebalance begin, which commits what the member is done with:
// that has ended then, and does not come back too.
func TestReopenedMemberCommitsOnce(t *testing.T) {
	s := logEater("s", design.Consume{Prefetch: 2}, work(10*milli))
	r := start(t, &design.Design{Loads: []design.Load{burst(3, 0)}, Services: []design.Service{s}, Brokers: logBus(2, "", design.Group{Commit: 10 * time.Second})}, Config{})
	r.Advance(int64(15*milli), 0) // it is done with the first, and has got the others
	held := r.heldBy(0)
	if len(held) != 3 {
		t.Fatalf("the member has %d copies", len(held))
	}
	r.copies.at(held[1]).here = false
	r.doneWith(r.copies.at(held[2]))
	r.conns[r.consumers[0].conn].epoch++
	r.groups[0].wanted, r.consumers[0].credit = true, 2 // as a new connection has it
	r.reopened(0)
	acked := r.rec.Total(r.prog.queues[0].m.c + metric.QueueAcked)
	if err := r.Audit(); err != nil || acked != 2 {
		t.Errorf("%d are committed; %v", acked, err)
	}
}

// batchEater is a service that takes batches of a topic, each in 8 ms and half a
// millisecond for each message.
func batchEater(k design.Consume, steps ...design.Step) design.Service {
	each := work(milli / 2)
	each.By = "batch"
	return logEater("s", k, append([]design.Step{work(8 * milli), each}, steps...)...)
}

// A member takes batches of what it has of all its partitions. Of 40 messages at once the
// first is a batch (8.5 ms); then 16 are handed over at a time, two batches of eight
// (12 ms each), twice; and the last seven (11.5 ms).
func TestMembersTakeBatches(t *testing.T) {
	s := batchEater(design.Consume{Prefetch: 16, Batch: design.Batch{Max: 8}})
	r := corner(t, &design.Design{Loads: []design.Load{burst(40, 0)}, Services: []design.Service{s}, Brokers: logBus(3, "", design.Group{})})
	wants{"load.l.confirmed.latency.max": 0.0085 + 4*0.012 + 0.0115, "load.l.completed": 40, "consumer.bus/t/s->s.batches": 6, "consumer.bus/t/s->s.batched": 40,
		"service.s.completed": 6, "service.s.out_of_order": 0, "queue.bus/t/s.acked": 40, "queue.bus/t/s.redelivered": 0}.check(t, r)
}

// A batch of a member lingers, and takes what comes meanwhile. Of a message every 10 ms
// four fill it, which have waited for 30, 20, 10 and 0 ms; in 25 ms three come, which have
// waited for 25, 15 and 5.
func TestBatchesOfMembersLinger(t *testing.T) {
	for _, c := range []struct {
		b          design.Batch
		each, wait float64
	}{{design.Batch{Max: 4, Linger: 100 * milli}, 4, 0.015}, {design.Batch{Max: 100, Linger: 25 * milli}, 3, 0.015}, {design.Batch{Max: 100}, 1, 0}} {
		s := logEater("s", design.Consume{Batch: c.b}, work(milli))
		r := corner(t, &design.Design{Loads: []design.Load{burst(120, 10*milli)}, Services: []design.Service{s}, Brokers: logBus(2, "", design.Group{})})
		wants{"load.l.completed": 120, "consumer.bus/t/s->s.batches": 120 / c.each, "consumer.bus/t/s->s.batch_wait.mean": c.wait, "load.l.confirmed.latency.mean": c.wait + 0.001, "service.s.out_of_order": 0}.check(t, r)
	}
}

// A batch that fails is tried again in its place, and nothing else is done meanwhile. Here
// every first delivery fails: the first message at 8.5 ms, and again from 28.5 to 37; four
// more take 10 ms, wait for 20 and take 10 ms; the last one 8.5, 20 and 8.5. Where there is
// one attempt, all are skipped.
func TestBatchesOfMembersFail(t *testing.T) {
	again, err := design.ParseCondition("not redelivered")
	if err != nil {
		t.Fatal(err)
	}
	s := batchEater(design.Consume{Batch: design.Batch{Max: 4}}, design.Step{Op: design.Fail, When: again})
	d := &design.Design{Loads: []design.Load{burst(6, 0)}, Services: []design.Service{s}, Brokers: logBus(2, "", design.Group{})}
	q := &d.Brokers[0].Topics[0].Template
	q.RedeliveryDelay.Base = draw.Const(0.02)
	wants{"load.l.confirmed.latency.max": 2*(0.0085+0.02+0.0085) + 0.04, "load.l.completed": 6, "service.s.failed": 3, "service.s.completed": 3,
		"queue.bus/t/s.delivered": 12, "queue.bus/t/s.redelivered": 6, "queue.bus/t/s.nacked": 6, "queue.bus/t/s.acked": 6, "service.s.out_of_order": 0}.check(t, corner(t, d))
	q.MaxDeliveries = 1
	wants{"load.l.completed": 0, "service.s.failed": 3, "queue.bus/t/s.delivered": 6, "queue.bus/t/s.dead_lettered": 0, "queue.bus/t/s.dropped": 6}.check(t, corner(t, d))
}

// What is published to a log that nobody reads is kept as the topic says, or not at all.
func TestLogThatNobodyReads(t *testing.T) {
	for _, c := range []struct {
		keep    design.Retention
		records float64
	}{{design.Retention{}, 0}, {design.Retention{For: design.None}, 10}, {design.Retention{For: 5500 * milli}, 5}} {
		l := at("l", design.Target{Node: "bus", Entry: "log"})
		l.Arrivals = design.Arrivals{Kind: design.Regular, Rate: 1}
		l.Count = 10
		d := &design.Design{Loads: []design.Load{l}, Brokers: []design.Broker{{Name: "bus", Topics: []design.Topic{{Name: "log", Partitions: 2, Keep: c.keep}}}}}
		r := start(t, d, Config{Duration: 10500 * milli})
		r.Advance(int64(10400*milli), 0)
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
		n := 0.
		for i := range r.logs {
			n += float64(r.logs[i].records)
		}
		if n != c.records {
			t.Errorf("keep %v: %v records, want %v", c.keep, n, c.records)
		}
	}
}
