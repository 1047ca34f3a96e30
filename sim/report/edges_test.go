package report

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

// calls is a design in which a works for 10 ms and calls b, which works for 30 ms; each
// way between them takes 5 ms.
func calls(name string, change func(s *design.Step)) *design.Design {
	target := func(node string) design.Target { return design.Target{Node: node, Entry: "do"} }
	work := func(ms float64) design.Step { return design.Step{Op: design.Work, Dist: draw.Const(ms / 1000)} }
	step := design.Step{Op: design.Call, To: target("b")}
	if change != nil {
		change(&step)
	}
	return &design.Design{
		Name:  name,
		Loads: []design.Load{{Name: "l", To: target("a"), Arrivals: design.Arrivals{Kind: design.Regular, Rate: 10}}},
		Links: []design.Link{{From: "a", To: "b", LinkParams: design.LinkParams{Latency: draw.Const(0.005)}}, {From: "b", To: "a", LinkParams: design.LinkParams{Latency: draw.Const(0.005)}}},
		Services: []design.Service{
			{Name: "a", Workers: 8, Handlers: []design.Handler{{Name: "do", Steps: []design.Step{work(10), step}}}},
			{Name: "b", Workers: 8, Handlers: []design.Handler{{Name: "do", Steps: []design.Step{work(30)}}}},
		},
	}
}

func edgesText(t *testing.T, choice string, designs ...*design.Design) string {
	t.Helper()
	s := sim.Settings{Duration: 10 * time.Second, Warmup: time.Second}
	if choice != "" {
		s.Metrics, _ = metric.Choose(choice)
	}
	res, err := sim.Run(context.Background(), designs, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &Report{Result: res, InTurn: map[string]bool{}}
	for _, d := range designs {
		r.InTurn[d.Name] = sim.InTurn(d)
	}
	var b bytes.Buffer
	r.textEdges(&b)
	return strings.TrimLeft(b.String(), "\n")
}

func TestEdgeTables(t *testing.T) {
	if got, want := edgesText(t, "", calls("one", nil)), `slowest edges   a call   calls     ok   failed by
  a/do->b/do      40ms      90   100%

where latency goes         one
  b/do               40ms  80%
  a/do               10ms  20%
`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	slow := calls("slow", func(s *design.Step) {
		s.Timeout, s.HasElse, s.Retry = 20*time.Millisecond, true, design.Retry{Attempts: 2, Base: draw.Const(0.001)}
	})
	if got, want := edgesText(t, "", calls("one", nil), slow), `slowest edges    a call   calls     ok   again   failed by
  one
    a/do->b/do     40ms      90   100%      0%
  slow
    a/do->b/do     41ms      90     0%    100%   180 timeout

where latency goes         one
  b/do               40ms  80%
  a/do               10ms  20%
`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := edgesText(t, "edge.*.latency.p99", calls("one", nil)); !strings.HasPrefix(got, "slowest edges   a call    p99   calls     ok   failed by\n  a/do->b/do      40ms   40ms      90   100%\n") {
		t.Error(got)
	}
	nothing := calls("one", func(s *design.Step) { s.Op = design.Send })
	if got := edgesText(t, "", nothing); got != "" {
		t.Errorf("a message has no latency: %s", got)
	}
}

func TestInTurn(t *testing.T) {
	branches := func(steps ...design.Step) design.Step {
		b := design.Step{Op: design.Parallel}
		for _, s := range steps {
			b.Branches = append(b.Branches, []design.Step{s})
		}
		return b
	}
	for name, c := range map[string]struct {
		change func(d *design.Design)
		want   bool
	}{
		"a call": {func(*design.Design) {}, true},
		"a parallel call": {func(d *design.Design) {
			h := &d.Services[0].Handlers[0]
			h.Steps[1] = branches(h.Steps[1], h.Steps[0])
		}, false},
		"parallel work": {func(d *design.Design) {
			h := &d.Services[0].Handlers[0]
			h.Steps[0] = branches(h.Steps[0], h.Steps[0])
		}, true},
		"after the reply": {func(d *design.Design) {
			h := &d.Services[0].Handlers[0]
			h.Steps = []design.Step{h.Steps[0], {Op: design.Reply}, h.Steps[1]}
		}, false},
		"called by a message too": {func(d *design.Design) {
			d.Services[1].Handlers[0].Steps = append(d.Services[1].Handlers[0].Steps, design.Step{Op: design.Send, To: design.Target{Node: "a", Entry: "do"}})
		}, false},
	} {
		d := calls("one", nil)
		c.change(d)
		if got := sim.InTurn(d); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
