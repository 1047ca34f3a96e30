package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/balance"
)

// Ten requests a second and worker, forty a second, by hand: one instance with a line that
// grows by 30/s; three more at 10 s, to which all new ones go until the lines are even; two
// leave at 60 s, and the line grows by 20/s.
func TestInstancesByHand(t *testing.T) {
	d := &design.Design{
		Name:     "d",
		Loads:    []design.Load{{Name: "x", To: design.Target{Node: "s", Entry: "h"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 40}, Deadline: -1, Timeout: -1}},
		Services: []design.Service{{Name: "s", Workers: 1, Balance: balance.LeastBusy, Room: design.Unlimited, HasRoom: true, Handlers: []design.Handler{{Name: "h", Steps: []design.Step{{Op: design.Work, Dist: draw.Const(0.1)}}}}}},
	}
	p, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(Config{Duration: 100 * time.Second, Seed: 1, Changes: []design.Change{
		{At: 10 * time.Second, Path: "service.s.instances", Value: "4"},
		{At: 60 * time.Second, Path: "service.s.instances", Value: "2"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at              float64
		there, in, left int // instances that are there, and tasks in all of them, less their workers
	}{
		{9.99, 1, 300, 1}, {10.01, 4, 300, 1}, {59.99, 4, 300, 4}, {60.01, 4, 300, 4}, {99.99, 2, 1100, 2},
	} {
		r.Advance(int64(c.at*1e9), 0)
		var now Snapshot
		r.Snapshot(&now)
		s := now.Services[0]
		if s.Instances != c.there || s.Busy+s.Waiting < c.in-5 || s.Busy+s.Waiting > c.in+5 {
			t.Errorf("at %v s: %d instances with %d tasks, want %d with %d", c.at, s.Instances, s.Busy+s.Waiting, c.there, c.in)
		}
		if err := r.Audit(); err != nil {
			t.Error(err)
		}
	}
}
