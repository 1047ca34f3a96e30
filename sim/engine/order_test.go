package engine

import (
	"slices"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Five messages, of which a crashed consumer held the first three: at the end
// of the line they are done behind two later ones, which makes one pair of
// neighbours that changed places; in their own place nothing is out of order.
// With automatic acknowledgement they are lost.
func TestOrderOfReturns(t *testing.T) {
	for name, c := range map[string]struct {
		place      design.Requeue
		ack        design.Ack
		late, swap float64
	}{
		"original":  {design.RequeueOriginal, design.Manual, 0, 0},
		"tail":      {design.RequeueTail, design.Manual, 3, 1},
		"automatic": {design.RequeueTail, design.Automatic, 0, 0},
	} {
		d := &design.Design{
			Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, milli, 2*milli, 3*milli, 4*milli)}, Brokers: bus(design.Queue{Requeue: c.place}),
			Services: []design.Service{eater("s", design.Consume{Prefetch: 3, Ack: c.ack}, work(time.Second))}, Faults: []design.Fault{crashed("s", 500*milli, 500*milli)},
		}
		t.Log(name)
		wants{"service.s.out_of_order": c.late, "service.s.inversions": c.swap}.check(t, corner(t, d))
	}
}

// Competing consumers that refuse one message in five, and sends that overtake
// each other or come twice: what is counted is what an observer makes of
// publications and first completions. Calls have no order.
func TestOrderIsThatOfFirstCompletions(t *testing.T) {
	exp := func(d time.Duration) draw.Dist { return draw.Must(draw.ExpDist(d.Seconds())) }
	s := eater("s", design.Consume{}, design.Step{Op: design.Work, Dist: exp(10 * milli)}, design.Step{Op: design.Fail, Prob: 0.2, HasProb: true})
	s.Workers = 4
	p := service("p", design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}}, design.Step{Op: design.Send, To: design.Target{Node: "r", Entry: "do"}}, calling("c"))
	r, c := service("r"), service("c", work(milli))
	p.Workers, r.Workers, c.Workers = design.Unlimited, design.Unlimited, design.Unlimited
	late := design.LinkParams{Latency: exp(5 * milli), Duplicate: 0.1}
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "p", Entry: "do"}, every(4*milli, 2000)...)}, Brokers: bus(design.Queue{MaxDeliveries: 3, Requeue: design.RequeueTail}),
		Services: []design.Service{p, s, r, c},
		Links:    []design.Link{{From: "p", To: "bus", LinkParams: design.LinkParams{Latency: exp(5 * milli)}}, {From: "p", To: "r", LinkParams: late}, {From: "p", To: "c", LinkParams: late}},
	}
	run := start(t, d, Config{Duration: 20 * time.Second, Seed: 3})
	node := func(name string) int32 { return int32(slices.Index(run.prog.Nodes(), name)) }
	queue, sends := orderSeen{to: node("bus"), at: node("s"), when: MsgArrived}, orderSeen{to: node("r"), at: node("r"), when: MsgSent}
	run.SetObserver(observers{&queue, &sends})
	run.Advance(never, 0)
	if queue.late() < 100 || queue.swapped() < 100 || sends.late() < 100 {
		t.Errorf("hardly anything is out of order: %v, %v, %v", queue.late(), queue.swapped(), sends.late())
	}
	wants{
		"service.s.out_of_order": queue.late(), "service.s.inversions": queue.swapped(), "service.r.out_of_order": sends.late(),
		"service.c.out_of_order": 0, "service.p.out_of_order": 0,
	}.check(t, run)
}

type observers []Observer

func (o observers) Observe(r Record) {
	for _, one := range o {
		one.Observe(r)
	}
}

// orderSeen notes the operations whose messages were sent to a node, and those
// whose tasks have been done somewhere, in order, each once.
type orderSeen struct {
	to, at int32
	when   RecordKind
	sent   []uint64
	done   []uint64
}

func (o *orderSeen) Observe(r Record) {
	switch {
	case r.Kind == o.when && r.To == o.to && !slices.Contains(o.sent, r.Op):
		o.sent = append(o.sent, r.Op)
	case r.Kind == TaskEnded && r.Node == o.at && r.Cause == design.OK && !slices.Contains(o.done, r.Op):
		o.done = append(o.done, r.Op)
	}
}

// late counts those done after one that was sent later.
func (o *orderSeen) late() (n float64) {
	last := 0
	for _, op := range o.done {
		if i := slices.Index(o.sent, op); i < last {
			n++
		} else {
			last = i
		}
	}
	return n
}

// swapped counts the pairs of neighbours of which the later was done first.
func (o *orderSeen) swapped() (n float64) {
	for i := range len(o.sent) - 1 {
		first, next := slices.Index(o.done, o.sent[i]), slices.Index(o.done, o.sent[i+1])
		if first > next && next >= 0 {
			n++
		}
	}
	return n
}

// Competing consumers disorder what they share, but where the latency is a
// constant and the work too nothing shows it. Measured on two brokers, 64 a
// second to four consumers of 50 ms: of 1,317 messages 10 to 31 were out of
// order.
func TestConstantLatencyHidesDisorder(t *testing.T) {
	const us = time.Microsecond
	for _, c := range []struct {
		latency  draw.Dist
		from, to float64
	}{
		{constant(220 * us), 0, 0},
		{draw.Must(draw.ExpDist(220e-6)), 5, 31},
	} {
		s := eater("s", design.Consume{}, design.Step{Op: design.Work, Dist: draw.Must(draw.Parse("normal(50340us, 200us)", draw.Seconds, nil))})
		if c.to == 0 {
			s.Handlers[0].Steps[0].Dist = constant(50340 * us)
		}
		s.Instances = 4
		l := design.Load{Name: "l", To: design.Target{Node: "bus", Entry: "q"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 64}}
		r := start(t, &design.Design{Loads: []design.Load{l}, Brokers: bus(design.Queue{}), Services: []design.Service{s}, Default: design.LinkParams{Latency: c.latency}}, Config{Duration: 20 * time.Second, Seed: 1})
		r.Advance(never, 0)
		if got := metricOf(t, r, "service.s.out_of_order"); got < c.from || got > c.to {
			t.Errorf("latency %v: %v out of order, want %v to %v", c.latency.String(), got, c.from, c.to)
		}
	}
}
