package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// worked is a design like those that were measured on real brokers: a load
// publishes 20 messages a second to a queue for 15 s, and consumers work 10 ms on
// each. Links take 300 µs.
func worked(heartbeat time.Duration, consumers ...design.Service) *design.Design {
	l := design.Load{
		Name: "shop", To: design.Target{Node: "bus", Entry: "q"}, Stop: 15 * time.Second, Deadline: time.Hour,
		Arrivals: design.Arrivals{Kind: design.Regular, Rate: 20},
	}
	for _, s := range consumers {
		l.Confirm = append(l.Confirm, design.Target{Node: s.Name, Entry: "eat"})
	}
	l.Confirms = 1
	b := bus(design.Queue{Durable: true})
	b[0].Heartbeat = heartbeat
	return &design.Design{
		Loads: []design.Load{l}, Brokers: b, Services: consumers,
		Default: design.LinkParams{Latency: constant(300 * time.Microsecond)},
	}
}

func cutOff(service string, at, d time.Duration) design.Fault {
	f := design.Fault{Name: "cut", Kind: design.FaultCut, At: at, Cut: []design.Cut{{From: "bus", To: service}, {From: service, To: "bus"}}}
	if d > 0 {
		f.For, f.HasFor = constant(d), true
	}
	return f
}

// A cut between a broker and its consumers loses nothing: what was sent comes
// when the cut ends, and after a long one the broker has closed the connections
// and delivers again what they held. The latencies were measured on a broker
// through a proxy that stalls (6 runs): for 1 s of silence the 99th percentile
// 0.860 to 0.862 s and the maximum 1.010 to 1.015 s; for 6 s at a heartbeat of 2 s
// 5.868 to 5.871 and 6.016 to 6.020 s, four messages delivered again.
func TestCutBetweenBrokerAndConsumers(t *testing.T) {
	for _, c := range []struct {
		silence, heartbeat time.Duration
		redelivered        float64
		p99, max           float64
	}{
		{time.Second, 2 * time.Second, 0, 0.861, 1.0125},
		{6 * time.Second, 2 * time.Second, 4, 5.87, 6.018},
		{6 * time.Second, 10 * time.Second, 0, 5.87, 6.018},
		{6 * time.Second, design.None, 0, 5.87, 6.018},
	} {
		s := eater("w", design.Consume{}, work(10*milli))
		s.Instances = 4
		d := worked(c.heartbeat, s)
		d.Faults = []design.Fault{cutOff("w", 3*time.Second, c.silence)}
		r := minute(t, d)
		wants{"load.shop.completed": 300, "queue.bus/q.redelivered": c.redelivered, "queue.bus/q.unacked.final": 0,
			"connection.w->bus.closed": c.redelivered, "connection.w->bus.opened": c.redelivered, "connection.w->bus.open.final": 4, "connection.shop->bus.closed": 0}.check(t, r)
		near(t, r, "load.shop.confirmed.latency.p99", c.p99, 0.01)
		near(t, r, "load.shop.confirmed.latency.max", c.max, 0.01)
	}
}

// minute runs a design for a minute and audits it now and then.
func minute(t *testing.T, d *design.Design) *Run {
	t.Helper()
	r := start(t, d, Config{Seed: 1, Duration: time.Minute})
	for i := 0; r.Step(); i++ {
		if i%20 != 0 {
			continue
		}
		if err := r.Audit(); err != nil {
			t.Fatalf("at %v: %v", time.Duration(r.Now()), err)
		}
	}
	return r
}

// near checks a value within a share of what it should be.
func near(t *testing.T, r *Run, name string, want, share float64) {
	t.Helper()
	if got, _ := r.Value(name); got < want*(1-share) || got > want*(1+share) {
		t.Errorf("%s = %g, want %g within %g %%", name, got, want, 100*share)
	}
}

// When the broker closes the connection of a consumer that holds five messages,
// they return after two to three heartbeats of silence. Measured from the
// beginning of the silence, 0.5, 0.8 and 1.1 s after the connection was opened:
// 2.49, 2.19 and 1.90 s at a heartbeat of 1 s, 5.50, 5.19 and 4.90 s at 2 s, 29.50,
// 29.20 and 28.90 s at 10 s. The same where links take no time: the opening itself
// is the first thing that arrives.
func TestHeartbeats(t *testing.T) {
	for _, c := range []struct{ heartbeat, silent, back, latency time.Duration }{
		{2 * time.Second, 500 * milli, 5500 * milli, 300 * time.Microsecond},
		{2 * time.Second, 800 * milli, 5200 * milli, 300 * time.Microsecond},
		{2 * time.Second, 1100 * milli, 4900 * milli, 300 * time.Microsecond},
		{4 * time.Second, 1100 * milli, 10900 * milli, 300 * time.Microsecond},
		{10 * time.Second, 500 * milli, 29500 * milli, 300 * time.Microsecond},
		{10 * time.Second, 1100 * milli, 28900 * milli, 300 * time.Microsecond},
		{time.Second, 500 * milli, 2500 * milli, 0},
		{time.Second, 1100 * milli, 1900 * milli, 0},
		{2 * time.Second, 500 * milli, 5500 * milli, 0},
		{2 * time.Second, 800 * milli, 5200 * milli, 0},
		{10 * time.Second, 1100 * milli, 28900 * milli, 0},
	} {
		for _, dead := range []bool{false, true} {
			slow := eater("slow", design.Consume{Prefetch: 5}, work(time.Hour))
			quick := eater("quick", design.Consume{Prefetch: 5}, work(milli))
			d := worked(c.heartbeat, slow, quick)
			d.Default.Latency = constant(c.latency)
			d.Loads[0].Arrivals = design.Arrivals{Kind: design.Trace, Times: []int64{1, 2, 3, 4, 5}}
			d.Faults = []design.Fault{cutOff("slow", c.silent, 0), crashed("quick", 0, c.silent)}
			if dead {
				d.Faults[0] = design.Fault{Name: "gone", Kind: design.FaultHostCrash, Node: "slow", At: c.silent}
			}
			r := minute(t, d)
			wants{"load.shop.completed": 5, "queue.bus/q.redelivered": 5}.check(t, r)
			if got, _ := r.Value("load.shop.confirmed.latency.p50"); got < (c.silent+c.back).Seconds() || got > (c.silent+c.back).Seconds()+0.02 {
				t.Errorf("heartbeat %v, latency %v, silent from %v, dead %v: back after %.4g s, want %v", c.heartbeat, c.latency, c.silent, dead, got-c.silent.Seconds(), c.back)
			}
		}
	}
}

// A silent consumer is sent messages until its prefetch is used up; they come
// back when its connection is closed. Measured: ten of ten delivered again.
func TestSilentConsumerTakesItsPrefetch(t *testing.T) {
	for _, dead := range []bool{false, true} {
		w, v := eater("w", design.Consume{Prefetch: 10}, work(10*milli)), eater("v", design.Consume{Prefetch: 10}, work(10*milli))
		d := worked(2*time.Second, w, v)
		d.Faults = []design.Fault{cutOff("v", 3*time.Second, 0)}
		if dead {
			d.Faults[0] = design.Fault{Name: "gone", Kind: design.FaultHostCrash, Node: "v", At: 3 * time.Second}
		}
		r := minute(t, d)
		wants{"load.shop.completed": 300, "queue.bus/q.redelivered": 10, "queue.bus/q.unacked.final": 0}.check(t, r)
	}
}

// Without retransmission a lost delivery keeps its place in the prefetch; with
// it, loss costs time and nothing else.
func TestLossOnAConnection(t *testing.T) {
	for _, c := range []struct {
		retransmit time.Duration
		held       float64
	}{{0, 0}, {design.None, 1}} {
		s := eater("w", design.Consume{}, work(10*milli))
		d := worked(0, s)
		d.Links = []design.Link{
			{From: "bus", To: "w", LinkParams: design.LinkParams{Latency: constant(milli), Loss: 0.05, Retransmit: c.retransmit}},
			{From: "w", To: "bus", LinkParams: design.LinkParams{Latency: constant(milli)}},
		}
		r := minute(t, d)
		wants{"queue.bus/q.unacked.final": c.held}.check(t, r)
		if got, _ := r.Value("load.shop.completed"); got == 300 != (c.held == 0) {
			t.Errorf("retransmit %v: %g completed", c.retransmit, got)
		}
	}
}

// Heartbeats are no events: a connection on which nothing is lost has none,
// however short the interval is.
func TestHeartbeatsAreNoEvents(t *testing.T) {
	var first *Run
	for _, beat := range []time.Duration{design.None, milli, time.Minute} {
		r := minute(t, worked(beat, eater("w", design.Consume{}, work(10*milli))))
		if first == nil {
			first = r
		} else if r.Fingerprint() != first.Fingerprint() || r.Events() != first.Events() {
			t.Errorf("heartbeat %v: %d events, without %d", beat, r.Events(), first.Events())
		}
	}
}

// A publisher does not know what became of a message whose confirmation did not
// come: it sends another, and when the cut ends both are stored.
func TestPublisherBehindACut(t *testing.T) {
	l := at("shop", design.Target{Node: "bus", Entry: "q"}, time.Second)
	l.Timeout, l.Retry = time.Second, design.Retry{Attempts: 2}
	d := &design.Design{Loads: []design.Load{l}, Brokers: bus(design.Queue{}), Services: []design.Service{eater("w", design.Consume{})}}
	d.Faults = []design.Fault{{Name: "cut", Kind: design.FaultCut, At: 500 * milli, For: constant(2 * time.Second), HasFor: true, Cut: []design.Cut{{From: "shop", To: "bus"}, {From: "bus", To: "shop"}}}}
	wants{"load.shop.completed": 1, "load.shop.amplification": 2, "queue.bus/q.published": 2, "service.w.duplicates": 1}.check(t, minute(t, d))
}

// A crash of the broker is a reset, and its clients connect again: the first
// attempt is refused, the second waits half a second to a second, the third one
// to two more. A broker whose machine is gone is silent: its clients give up
// after one and a half heartbeats, and come through when it is back.
func TestReconnection(t *testing.T) {
	for _, c := range []struct {
		kind       design.FaultKind
		gone       time.Duration
		least, top float64
	}{
		{design.FaultCrash, 300 * milli, 0.5, 1},
		{design.FaultCrash, 1100 * milli, 1.5, 3},
		{design.FaultHostCrash, 20 * time.Second, 20, 20.01},
		{design.FaultHostCrash, 12 * time.Second, 12, 12.01},
	} {
		d := worked(10*time.Second, eater("w", design.Consume{}, work(100*milli)))
		d.Loads[0].Arrivals = design.Arrivals{Kind: design.Trace, Times: []int64{0, 1}}
		d.Faults = []design.Fault{{Name: "f", Kind: c.kind, Node: "bus", At: 50 * milli, For: constant(c.gone), HasFor: true}}
		r := minute(t, d)
		got, _ := r.Value("load.shop.confirmed.latency.max")
		if from := 0.05 + 2*0.1; got < from+c.least || got > from+c.top+0.01 {
			t.Errorf("%v for %v: done after %g s", c.kind, c.gone, got)
		}
	}
}

// What is sent to a machine that is gone is lost, not refused: nothing answers.
func TestSilenceRefusesNothing(t *testing.T) {
	for _, c := range []struct {
		kind design.FaultKind
		want string
	}{{design.FaultCrash, "load.l.failed.refused"}, {design.FaultHostCrash, "load.l.failed.lost"}} {
		l := at("l", design.Target{Node: "p", Entry: "do"}, time.Second)
		l.Confirm = []design.Target{{Node: "w", Entry: "eat"}}
		pub := design.Service{Name: "p", Handlers: []design.Handler{handler("do", design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}})}}
		d := &design.Design{
			Loads: []design.Load{l}, Services: []design.Service{pub, eater("w", design.Consume{})}, Brokers: bus(design.Queue{}),
			Default: design.LinkParams{Latency: constant(milli)},
			Faults:  []design.Fault{{Name: "f", Kind: c.kind, Node: "bus", At: 500 * milli, For: constant(time.Minute), HasFor: true}},
		}
		wants{c.want: 1}.check(t, minute(t, d))
	}
}
