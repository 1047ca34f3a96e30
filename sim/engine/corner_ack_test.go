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

// One of four consumers is killed. A broker that forgets a message when it hands
// it over hands over all there is: 16 of what waits in the buffer of a consumer
// die with it, where a consumer that pulls five at a time loses five. Of 122 that
// were begun out of order one died in work. With manual acknowledgement the five
// come back at once (RabbitMQ), or at their visibility timeout (JetStream).
func TestConsumerIsKilled(t *testing.T) {
	for name, c := range map[string]struct {
		queue    design.Queue
		ack      design.Ack
		prefetch int
		counts   wants
		times    wants // seconds
	}{
		"manual": {design.Queue{}, design.Manual, 5, wants{"load.l.completed": 240, "queue.bus/q.redelivered": 5, "service.s.duplicates": 1},
			wants{"load.l.confirmed.latency.p50": 1.848, "load.l.confirmed.latency.p99": 3.333, "load.l.confirmed.latency.max": 3.383}},
		"manual, visibility": {design.Queue{AwaitVisible: true, Visible: 3 * time.Second}, design.Manual, 5, wants{"load.l.completed": 240, "queue.bus/q.redelivered": 5, "service.s.duplicates": 1},
			wants{"load.l.confirmed.latency.p50": 1.783, "load.l.confirmed.latency.p99": 3.946, "load.l.confirmed.latency.max": 4.123}},
		"pushed": {design.Queue{}, design.Automatic, 0, wants{"load.l.failed.lost": 16, "load.l.completed": 224, "queue.bus/q.redelivered": 0, "service.s.duplicates": 0, "queue.bus/q.depth.max": 0, "service.s.out_of_order": 121},
			wants{"load.l.confirmed.latency.p50": 1.567, "load.l.confirmed.latency.p99": 3.743, "load.l.confirmed.latency.max": 3.793}},
		"pulled": {design.Queue{}, design.Automatic, 5, wants{"load.l.failed.lost": 5, "load.l.completed": 235, "queue.bus/q.redelivered": 0},
			wants{"load.l.confirmed.latency.p50": 1.759, "load.l.confirmed.latency.p99": 3.227}},
	} {
		s := eater("s", design.Consume{Ack: c.ack, Prefetch: c.prefetch}, work(100*milli))
		s.Instances = 4
		d := &design.Design{
			Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, every(12500*time.Microsecond, 240)...)}, Brokers: bus(c.queue),
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

// A visibility timeout that is too short, beside JetStream's: work of 500 ms
// under 200 ms, by two consumers (39, 39 and 37 deliveries, done after 9.53 s),
// and work of 300 ms under 400 ms by one that holds five (21 to 24 deliveries,
// 5.1 to 6.0 s). What returns goes before what waits, by publication as well as
// in front; at the end of the line one of twenty comes twice, not nineteen.
func TestVisibilityTooShort(t *testing.T) {
	two := eater("s", design.Consume{}, work(500*milli))
	two.Instances = 2
	one := eater("s", design.Consume{Prefetch: 5}, work(300*milli))
	for name, c := range map[string]struct {
		queue   design.Queue
		service design.Service
		n       int
		want    wants
		last    float64
	}{
		"two, original": {design.Queue{Visible: 200 * milli}, two, 20, wants{"queue.bus/q.redelivered": 19, "queue.bus/q.delivered": 39, "service.s.duplicates": 19}, 9.53},
		"two, head":     {design.Queue{Visible: 200 * milli, Requeue: design.RequeueHead}, two, 20, wants{"queue.bus/q.redelivered": 19, "queue.bus/q.delivered": 39}, 9.53},
		"two, tail":     {design.Queue{Visible: 200 * milli, Requeue: design.RequeueTail}, two, 20, wants{"queue.bus/q.redelivered": 1}, 5},
		"two, one":      {design.Queue{Visible: 200 * milli}, two, 1, wants{"queue.bus/q.redelivered": 1}, 0.5},
		"one, five":     {design.Queue{Visible: 400 * milli}, one, 10, wants{"queue.bus/q.redelivered": 12, "queue.bus/q.delivered": 22}, 5.4},
	} {
		d := &design.Design{
			Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, every(10*time.Microsecond, c.n)...)}, Brokers: bus(c.queue),
			Services: []design.Service{c.service}, Default: design.LinkParams{Latency: constant(200 * time.Microsecond)},
		}
		d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
		t.Run(name, func(t *testing.T) {
			r := corner(t, d)
			c.want.check(t, r)
			wants{"load.l.confirmed.latency.max": c.last}.near(t, r)
		})
	}
}

// The time to live runs on while a message is held, and ends it only when it is
// back: at its time, or at once. Ten that wait go at their time.
func TestTimeToLiveOfWhatIsHeld(t *testing.T) {
	for name, c := range map[string]struct {
		messages int
		back     time.Duration // the crash of the consumer; 0: it is away from the start
		ends     time.Duration
	}{
		"waiting":              {10, 0, time.Second},
		"back in time":         {1, 600 * milli, time.Second},
		"back when it is over": {1, 1500 * milli, 1500 * milli},
	} {
		for at1, want := range map[time.Duration]float64{c.ends - milli: 0, c.ends + milli: float64(c.messages)} {
			d := &design.Design{
				Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, make([]time.Duration, c.messages)...)},
				Brokers:  bus(design.Queue{TTL: time.Second, DeadLetter: "dead"}, design.Queue{Name: "dead"}),
				Services: []design.Service{eater("s", design.Consume{}, work(time.Minute))}, Faults: []design.Fault{crashed("s", c.back, time.Minute)},
			}
			r := start(t, d, Config{Duration: at1})
			r.Advance(never, 0)
			t.Logf("%s, at %v", name, at1)
			wants{"queue.bus/q.dead_lettered": want, "queue.bus/dead.depth.final": want, "queue.bus/q.expired": 0}.check(t, r)
		}
	}
}

// At its limit of deliveries a message goes to the dead-letter queue, whether
// its consumers refused it or died of it.
func TestLimitOfDeliveries(t *testing.T) {
	for name, c := range map[string]struct {
		steps []design.Step
		fault []design.Fault
	}{
		"refused": {[]design.Step{work(milli), {Op: design.Fail}}, nil},
		"killed":  {[]design.Step{work(10 * time.Second)}, []design.Fault{{Name: "f", Kind: design.FaultCrash, Node: "s", At: 500 * milli, For: constant(50 * milli), HasFor: true, Period: 500 * milli}}},
		"overdue": {[]design.Step{work(10 * time.Second)}, nil},
	} {
		s := eater("s", design.Consume{}, c.steps...)
		q := design.Queue{MaxDeliveries: 3, DeadLetter: "dead"}
		if name == "overdue" {
			q.Visible, s.Workers = time.Second, 3
		}
		d := &design.Design{
			Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)}, Brokers: bus(q, design.Queue{Name: "dead"}),
			Services: []design.Service{s}, Faults: c.fault,
		}
		d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
		t.Log(name)
		r := start(t, d, Config{Duration: 9 * time.Second})
		r.Advance(never, 0)
		wants{"queue.bus/q.delivered": 3, "queue.bus/dead.depth.final": 1, "service.s.duplicates": 2}.check(t, r)
	}
}
