package control

import (
	"testing"
	"time"

	"asynclab/scenarios"
)

// faulty is a design whose service crashes; the copies of it stand side by side.
const faulty = `
version: 1
name: faulty
run: {duration: 10s}
load: {web: {to: shop/buy, arrivals: constant(10/s)}}
designs:
  a: {services: {shop: {workers: 2, on: {buy: [work: 20ms]}}}}
  b: {services: {shop: {workers: 2, on: {buy: [work: 20ms]}}}}
faults: [{at: 3s, for: 2s, crash: shop}]
`

func parsed(t testing.TB, text string) *scenarios.Scenario {
	t.Helper()
	sc, err := scenarios.Parse(nil, "test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// Where a search stops, every lane has done everything of that instant: a fault
// of two designs has hit both.
func TestFaultHitsEveryLane(t *testing.T) {
	s, err := Open(parsed(t, faulty), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f Frame
	s.NextFault()
	s.Fill(&f)
	if f.Now != 3*time.Second {
		t.Fatalf("the fault is at %v", f.Now)
	}
	for i, l := range f.Lanes {
		down := 0
		for _, n := range l.Nodes {
			if n.Health == Down {
				down++
			}
		}
		if down != 1 {
			t.Errorf("in lane %d, %d nodes are down", i, down)
		}
	}
}

// Without a fault or a failure ahead, the run stays where it is, and says so.
func TestNoFaultAhead(t *testing.T) {
	s, err := Open(parsed(t, faulty), []int{0}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s.NextFault()
	}
	if s.Now() != 5*time.Second {
		t.Fatalf("the fault ends at %v", s.Now())
	}
	events := s.Events()
	s.NextFault()
	if s.Now() != 5*time.Second || s.stopped != NoFaultAhead || s.Events() != events {
		t.Errorf("without a fault ahead it goes to %v, stop %d, %d events, not %d", s.Now(), s.stopped, s.Events(), events)
	}
	s.Advance(6*time.Second, 0)
	s.NextFailure()
	if s.Now() != 6*time.Second || s.stopped != NoFailureAhead {
		t.Errorf("without a failure ahead it goes to %v, stop %d", s.Now(), s.stopped)
	}
}

// A share of failures that a design has is no alarm, and does not hide another
// problem; several problems stand side by side.
func TestAlarms(t *testing.T) {
	const text = `
version: 1
name: alarms
run: {duration: 10s}
load: {web: {to: shop/buy, arrivals: constant(10/s)}}
services: {shop: {workers: 2, errors: 1%, on: {buy: [work: 20ms]}}}
faults: [{at: 2s, slow: shop, factor: 5, for: 4s}, {at: 4s, errors: shop, rate: 20%, for: 4s}]
`
	s, err := Open(parsed(t, text), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Duration
		want Ills
	}{{time.Second, 0}, {3 * time.Second, 1 << Slow}, {5 * time.Second, 1<<Slow | 1<<Failing}, {7 * time.Second, 1 << Failing}, {9 * time.Second, 0}} {
		s.Advance(c.at, 0)
		var f Frame
		s.Fill(&f)
		for i, n := range s.Scenes()[0].Graph.Nodes {
			if n.ID == "shop" && f.Lanes[0].Nodes[i].Ills != c.want {
				t.Errorf("at %v the shop has the problems %b, not %b", c.at, f.Lanes[0].Nodes[i].Ills, c.want)
			}
		}
	}
}

// A caller holds on over its call until the answer is back, and what crosses a link
// too fast for the eye is a flow without dots.
func TestHeldAndFlow(t *testing.T) {
	const text = `
version: 1
name: held
run: {duration: 10s}
load: {web: {to: shop/buy, arrivals: constant(100/s)}}
services:
  shop: {workers: 50, on: {buy: [call: pay/charge]}}
  pay: {workers: 50, on: {charge: [work: 200ms]}}
links: {default: {latency: 10ms}}
`
	s, err := Open(parsed(t, text), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	edge := func(f *Frame, from string) *LinkState {
		for i, e := range s.Scenes()[0].Graph.Edges {
			if e.From == from {
				return &f.Lanes[0].Links[i]
			}
		}
		t.Fatalf("no edge from %s", from)
		return nil
	}
	var f Frame
	s.Advance(2*time.Second, 0)
	s.Fill(&f)
	if l := edge(&f, "shop"); l.Held != 22 || l.Flow { // 100/s times 220 ms
		t.Errorf("shop holds on %d times, flow %v", l.Held, l.Flow)
	}
	if l := edge(&f, "web"); l.Held != 24 {
		t.Errorf("%d clients hold on, not 24", l.Held)
	}
	if len(f.Lanes[0].Dots) != 4 {
		t.Errorf("%d messages are seen, not 4", len(f.Lanes[0].Dots))
	}
	s.SetPace(time.Second, 250*time.Millisecond)
	for at := 2 * time.Second; at < 3*time.Second; at += 10 * time.Millisecond {
		s.Advance(at, 0)
		s.Fill(&f)
	}
	if l := edge(&f, "shop"); !l.Flow || l.Sent < 95 || l.Sent > 105 || len(f.Lanes[0].Dots) > 0 {
		t.Errorf("flow %v at %g/s with %d dots", l.Flow, l.Sent, len(f.Lanes[0].Dots))
	}
}
