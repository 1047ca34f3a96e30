package control

import (
	"math"
	"slices"
	"testing"
	"time"

	"asynclab/scenarios"
)

// A rate that is read is known from enough messages, follows a change within seconds, and
// does not count what a jump has passed over.
func TestRatesToRead(t *testing.T) {
	const recent, frame = 2.5, 16 * time.Millisecond
	var r rate
	now, seen, said := time.Duration(0), uint64(0), 0.0
	play := func(perSecond float64, d time.Duration) {
		from, begun := now, seen
		for now < from+d {
			now += frame
			seen = begun + uint64(perSecond*(now-from).Seconds())
			said = r.calm(seen, int64(now), recent)
		}
	}
	if play(100, 30*time.Millisecond); said != 0 {
		t.Errorf("after %d messages it says %g/s", seen, said)
	}
	if play(100, 2*time.Second); math.Abs(said-100) > 5 {
		t.Errorf("it says %g/s of 100", said)
	}
	if play(1000, 3*time.Second); math.Abs(said-1000) > 100 {
		t.Errorf("3 s after a change to 1,000/s it says %g/s", said)
	}
	now, seen = now+time.Minute, seen+6
	if said = r.calm(seen, int64(now), recent); said != 0 {
		t.Errorf("right after a jump it says %g/s", said)
	}
	if play(100, 2*time.Second); math.Abs(said-100) > 5 {
		t.Errorf("2 s after a jump it says %g/s of 100", said)
	}
	for range 4 { // a rare one is averaged over a long time
		play(2, 5*time.Second)
	}
	if play(2, 5*time.Second); math.Abs(said-2) > 0.5 {
		t.Errorf("it says %g/s of 2", said)
	}
}

// A sign says the rate since its first, not since long before.
func TestSignsBegin(t *testing.T) {
	const recent, frame = 2.5, int64(16 * time.Millisecond)
	s, now, total, said := sign{since: -1}, int64(0), int64(0), 0.0
	for ; now < int64(20*time.Second); now += frame {
		if said = s.counted(total, now, int64(time.Second), recent); said != 0 {
			t.Fatalf("a sign of nothing: %g/s", said)
		}
	}
	for end := now + int64(time.Second); now < end; now += frame {
		total++
		said = s.counted(total, now, int64(time.Second), recent)
	}
	if math.Abs(said-62.5) > 4 {
		t.Errorf("after a second it says %g/s of 62.5", said)
	}
}

// A level that is shown when it changes is so for a moment: of a service that nothing scales
// how many instances there are, when some come or go, and not when one crashes; with an
// autoscaler, which has a sign of its own, never.
func TestInstancesAreSignedWhenTheyChange(t *testing.T) {
	sc, err := scenarios.Parse(nil, "instances.yaml", []byte(`
version: 1
name: instances
run: {duration: 60s}
load: {l: {to: web/get, arrivals: poisson(20/s)}, m: {to: api/get, arrivals: poisson(20/s)}}
services:
  web: {instances: 2, on: {get: [work: 1ms]}}
  api: {instances: 2, scale: {max: 8, utilization: 90%}, on: {get: [work: 1ms]}}
faults:
  - {at: 10s, for: 10s, crash: web, instance: 1}
  - {at: 30s, for: 10s, set: {service.web.instances: 5, service.api.instances: 5}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(sc, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var f Frame
	shown, fade := map[int][]float64{}, 0
	for at := 0; at < 60_000; at += 50 {
		s.Advance(time.Duration(at)*time.Millisecond, math.MaxInt)
		s.Fill(&f)
		for _, x := range f.Lanes[0].Signs {
			if x.Metric.ID() == "service.instances" {
				shown[at/10_000] = append(shown[at/10_000], x.Value)
				fade++
			}
		}
	}
	if len(shown) != 2 || slices.Max(shown[3]) != 5 || slices.Min(shown[3]) != 5 || slices.Max(shown[4]) != 2 || fade > 80 {
		t.Errorf("by the tens of seconds: %v", shown)
	}
}

// An answer that is awaited without a worker is told from one that somebody holds on for.
func TestAwaitsHaveTheirLinks(t *testing.T) {
	s := open(t, "direct-subscription", Options{}, 0)
	s.Advance(65*time.Second, 0)
	var f Frame
	s.Fill(&f)
	for i, e := range s.Scenes()[0].Graph.Edges {
		l := f.Lanes[0].Links[i]
		if slow := e.To == "archive"; slow != (l.Awaited > 50) || slow && l.Held > 0 {
			t.Errorf("%s → %s: %d awaited, %d held", e.From, e.To, l.Awaited, l.Held)
		}
	}
}
