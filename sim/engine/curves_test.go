package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/balance"
)

// The design of TestInstancesByHand at 5 requests a second, half a second each, on as many
// workers as it takes. By Little's law 2.5 are open: 3 just after an arrival that meets two,
// never more. An instance costs 2 USD an hour: 2, from 10 s on 8, from 60 s on 4. Three
// requests a second more, sent again after 200 ms without an answer, up to three times, make
// nine a second and never an answer in time.
func TestCurvesByHand(t *testing.T) {
	work := []design.Handler{{Name: "h", Steps: []design.Step{{Op: design.Work, Dist: draw.Const(0.5)}}}}
	to := func(node string) design.Target { return design.Target{Node: node, Entry: "h"} }
	d := &design.Design{
		Prices: design.Prices{Currency: "USD", InstanceHour: 2},
		Name:   "d",
		Loads: []design.Load{
			{Name: "x", To: to("s"), Arrivals: design.Arrivals{Kind: design.Regular, Rate: 5}, Deadline: -1, Timeout: -1},
			{Name: "y", To: to("u"), Arrivals: design.Arrivals{Kind: design.Regular, Rate: 3}, Deadline: -1, Timeout: 200 * time.Millisecond, Retry: design.Retry{Attempts: 3}},
		},
		Services: []design.Service{
			{Name: "s", Workers: 100, Balance: balance.LeastBusy, Handlers: work},
			{Name: "u", Workers: design.Unlimited, HasPrice: true, Handlers: work},
		},
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
	r.Advance(never, 0)
	curve := func(name string) (times, values []float64) {
		s, ok := r.Series(name)
		if !ok || len(s.Values) == 0 {
			t.Fatalf("%s has no series", name)
		}
		for i := range s.Values {
			times = append(times, s.At(i))
		}
		return times, s.Values
	}
	times, open := curve("load.x.open")
	sum := 0.0
	for i, n := range open {
		if times[i] >= 1 && n != 2 && n != 3 {
			t.Errorf("%v are open from %v s on, want 2 or 3", n, times[i])
		}
		sum += n
	}
	if last, _ := r.Value("load.x.open"); last != open[len(open)-1] {
		t.Errorf("%v are open in the end, and %v in the last interval", last, open[len(open)-1])
	}
	if at, ok := r.ValueIn("load.x.open", 20*time.Second, 50*time.Second); !ok || at != 2 && at != 3 {
		t.Errorf("%v are open at 50 s, want 2 or 3", at)
	}
	times, attempts := curve("load.y.attempts.rate")
	mean, n := 0.0, 0.0
	for i, rate := range attempts {
		if times[i] >= 2 && times[i] < 98 {
			mean, n = mean+rate, n+1
		}
	}
	if mean /= n; math.Abs(mean-9) > 0.1 {
		t.Errorf("%v requests a second, want 9", mean)
	}
	times, hour := curve("run.cost")
	total, width := 0.0, times[1]-times[0]
	for i, cost := range hour {
		want := 2.0
		switch at := times[i]; {
		case at >= 10 && at+width <= 60:
			want = 8
		case at >= 61: // those that leave end their work
			want = 4
		case at+width > 10:
			want = cost // in between
		}
		if math.Abs(cost-want) > 1e-9 {
			t.Errorf("an hour costs %v from %v s on, want %v", cost, times[i], want)
		}
		total += cost * width / 3600
	}
	if cost, _ := r.Value("run.cost"); math.Abs(total-cost) > 1e-9*cost {
		t.Errorf("the curve adds up to %v, and the run costs %v", total, cost)
	}
}
