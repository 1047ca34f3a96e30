package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// Whoever gets a fallback is completed and degraded, and no goodput, unless the
// step says that it does not matter.
func TestDegraded(t *testing.T) {
	missed := func(op design.StepOp) design.Step {
		return design.Step{Op: op, To: design.Target{Node: "g", Entry: "do"}, Timeout: 50 * milli, HasElse: true, Else: []design.Step{work(milli)}}
	}
	harmless := missed(design.Call)
	harmless.Harmless = true
	for _, c := range []struct {
		name  string
		steps []design.Step
		want  float64
	}{
		{"call", []design.Step{missed(design.Call)}, 10},
		{"await", []design.Step{missed(design.Await)}, 10},
		{"parallel", []design.Step{{Op: design.Parallel, Branches: [][]design.Step{{{Op: design.Fail}}}, HasElse: true}}, 10},
		{"twice", []design.Step{missed(design.Call), missed(design.Call)}, 10},
		{"harmless", []design.Step{harmless}, 0},
		{"after the answer", []design.Step{{Op: design.Reply}, missed(design.Call)}, 0},
		{"no need", []design.Step{{Op: design.Call, To: design.Target{Node: "g", Entry: "quick"}, HasElse: true}}, 0},
	} {
		g := service("g", work(time.Minute))
		g.Workers = design.Unlimited
		g.Handlers = append(g.Handlers, handler("quick", work(milli)))
		l := at("l", design.Target{Node: "f", Entry: "do"})
		for i := range 10 {
			l.Arrivals.Times = append(l.Arrivals.Times, int64(i)*1e9)
		}
		r := start(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("f", c.steps...), g}}, Config{Duration: 10 * time.Second, Points: 10})
		r.Advance(never, 0)
		t.Log(c.name)
		wants{"load.l.completed": 10, "load.l.degraded": c.want, "load.l.degraded.ratio": c.want / 10, "load.l.goodput": 10 - c.want, "load.l.goodput.ratio": 1 - c.want/10}.check(t, r)
		if s, ok := r.Series("load.l.goodput.ratio"); !ok || s.Values[0] != 1-c.want/10 {
			t.Errorf("%s: series of goodput: %v", c.name, s.Values[0])
		}
	}
}
