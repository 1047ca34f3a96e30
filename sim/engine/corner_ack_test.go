package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
)

// The numbers of this file were measured on RabbitMQ 3.10 and on a JetStream
// server 2.15, on one machine. near compares within 5 %.
func (w wants) near(t *testing.T, r *Run) {
	t.Helper()
	for name, want := range w {
		if got := metricOf(t, r, name); !(math.Abs(got-want) <= 0.05*want) {
			t.Errorf("%s = %v, want %v within 5 %%", name, got, want)
		}
	}
}

// every makes n times, the first after one interval.
func every(gap time.Duration, n int) []time.Duration {
	times := make([]time.Duration, n)
	for i := range times {
		times[i] = time.Duration(i+1) * gap
	}
	return times
}

// A broker that forgets a message when it hands it over hands over all there is:
// 16 of what waits in the buffer of a consumer die with it, where a consumer
// that pulls five at a time loses five.
func TestAutomaticAcknowledgementFillsTheBuffer(t *testing.T) {
	for name, c := range map[string]struct {
		prefetch int
		counts   wants
		times    wants // seconds
	}{
		"pushed": {0, wants{"load.l.failed.lost": 16, "load.l.completed": 224, "queue.bus/q.redelivered": 0, "service.s.duplicates": 0, "queue.bus/q.depth.max": 0},
			wants{"load.l.confirmed.latency.p50": 1.567, "load.l.confirmed.latency.p99": 3.743, "load.l.confirmed.latency.max": 3.793}},
		"pulled": {5, wants{"load.l.failed.lost": 5, "load.l.completed": 235, "queue.bus/q.redelivered": 0},
			wants{"load.l.confirmed.latency.p50": 1.759, "load.l.confirmed.latency.p99": 3.227}},
	} {
		s := eater("s", design.Consume{Ack: design.Automatic, Prefetch: c.prefetch}, work(100*milli))
		s.Instances = 4
		d := &design.Design{
			Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, every(12500*time.Microsecond, 240)...)}, Brokers: bus(design.Queue{}),
			Services: []design.Service{s}, Default: design.LinkParams{Latency: constant(300 * time.Microsecond)},
			Faults: []design.Fault{crashed("s", 1550*milli, time.Second)},
		}
		d.Faults[0].Instance = 2
		d.Loads[0].Confirm, d.Loads[0].Deadline = []design.Target{{Node: "s", Entry: "eat"}}, time.Hour
		t.Run(name, func(t *testing.T) {
			r := corner(t, d)
			c.counts.check(t, r)
			c.times.near(t, r)
		})
	}
}

// Seven minutes of work, five minutes until the message is thought lost: an
// acknowledgement that comes after that ends the message, or it is given to one
// consumer after the other, every five minutes, without end.
func TestLateAcknowledgement(t *testing.T) {
	for name, c := range map[string]struct {
		refuse bool
		want   wants
	}{
		"accept": {false, wants{"queue.bus/q.delivered": 2, "service.s.completed": 2, "queue.bus/q.acked": 1, "queue.bus/q.late_acks": 2}}, // the second comes when the message has ended
		"refuse": {true, wants{"queue.bus/q.delivered": 24, "service.s.completed": 23, "queue.bus/q.acked": 0, "queue.bus/q.late_acks": 23}},
	} {
		s := eater("s", design.Consume{}, work(7*time.Minute))
		s.Instances = 2
		d := &design.Design{
			Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)},
			Brokers:  bus(design.Queue{Visible: 5 * time.Minute, RefuseLate: c.refuse}),
			Services: []design.Service{s},
		}
		d.Loads[0].Deadline = design.None
		r := start(t, d, Config{Duration: 2 * time.Hour})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		c.want.check(t, r)
	}
}

// A late negative acknowledgement takes the message from nobody.
func TestLateRefusalIsIgnored(t *testing.T) {
	s := eater("s", design.Consume{}, work(700*milli), design.Step{Op: design.Nack})
	s.Instances = 2
	d := &design.Design{
		Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)},
		Brokers:  bus(design.Queue{Visible: 500 * milli}),
		Services: []design.Service{s},
	}
	r := start(t, d, Config{Duration: 1100 * milli})
	r.Advance(never, 0)
	wants{"queue.bus/q.delivered": 3, "queue.bus/q.nacked": 0, "queue.bus/q.late_acks": 1, "queue.bus/q.unacked.final": 1}.check(t, r)
}
