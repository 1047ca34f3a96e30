package control

import (
	"testing"
	"time"
)

// A jump to a time that has been simulated simulates again no more than two distances of
// checkpoints, which are measured in events: so it takes as long in a busy hour as in a quiet
// one. Where memory is short the checkpoints are farther apart, as few as there is memory for.
func TestJumpSimulatesLittle(t *testing.T) {
	const text = `version: 1
name: crowd
run: {duration: 10min, seed: 1}
load: {users: {to: shop/buy, arrivals: "poisson(bursts(base=50/s, peak=2000/s, for=20s, every=2min))"}}
links: {default: {latency: 1s}}
services: {shop: {workers: 64, on: {buy: [work: exp(20ms)]}}}
`
	for _, c := range []struct {
		memory int
		most   uint64 // events of a jump
	}{{0, 110_000}, {12 << 20, 440_000}} {
		s, err := Open(parsed(t, text), nil, Options{Memory: c.memory})
		if err != nil {
			t.Fatal(err)
		}
		s.JumpTo(s.Length())
		all, worst := s.Events(), uint64(0)
		for k := range 30 {
			to := time.Duration(k*37%30) * s.Length() / 30
			from := s.saves[s.nearestWithLog(int64(to))].events
			s.JumpTo(to)
			worst = max(worst, s.Events()-from)
		}
		n, bytes := s.Checkpoints()
		if t.Logf("of %d events, a jump simulates at most %d; %d checkpoints of %d bytes", all, worst, n, bytes); worst > c.most || all < 800_000 {
			t.Errorf("memory %d: a jump simulates %d of %d events again; want at most %d", c.memory, worst, all, c.most)
		}
	}
}
