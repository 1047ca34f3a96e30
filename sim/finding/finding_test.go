package finding_test

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/finding"
)

var _ finding.Source = (*engine.Run)(nil)

func work(seconds float64) design.Step {
	x, err := draw.ExpDist(seconds)
	if err != nil {
		panic(err)
	}
	return design.Step{Op: design.Work, Dist: x}
}

func to(node, entry string) design.Target { return design.Target{Node: node, Entry: entry} }

func handler(steps ...design.Step) []design.Handler {
	return []design.Handler{{Name: "do", Steps: steps}}
}

func poisson(rate float64) design.Arrivals { return design.Arrivals{Kind: design.Poisson, Rate: rate} }

// found runs a design and returns its findings.
func found(t *testing.T, d *design.Design) []finding.Finding {
	t.Helper()
	p, err := engine.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(engine.Config{Duration: 4 * time.Minute, Warmup: 10 * time.Second, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for r.Advance(math.MaxInt64, 1<<20) == engine.Running {
	}
	return finding.Find(r)
}

// shop is a service that calls pay, which works for 40 ms with so many workers.
func shop(rate float64, workers int) *design.Design {
	return &design.Design{
		Loads: []design.Load{{Name: "buyers", To: to("shop", "do"), Arrivals: poisson(rate), Timeout: 2 * time.Second}},
		Services: []design.Service{
			{Name: "shop", Workers: 16, Handlers: handler(work(.002), design.Step{Op: design.Call, To: to("pay", "do")})},
			{Name: "pay", Workers: workers, Handlers: handler(work(.04))},
		},
		Default: design.LinkParams{Latency: draw.Const(.001)},
	}
}

func TestFindings(t *testing.T) {
	errors := design.Fault{Name: "x", Kind: design.FaultErrors, Node: "pay", Factor: .3, At: 2 * time.Minute, HasFor: true, For: draw.Const(30)}
	crash := design.Fault{Name: "x", Kind: design.FaultCrash, Node: "pay", At: 2 * time.Minute, HasFor: true, For: draw.Const(20)}
	for _, c := range []struct {
		name string
		make func() *design.Design
		kind *finding.Kind
		of   string
		text string // "": whatever it says
	}{
		{"healthy", func() *design.Design { return shop(80, 4) }, nil, "", ""},
		{"busy but healthy", func() *design.Design { return shop(85, 4) }, nil, "", ""},
		{"too few workers", func() *design.Design { return shop(80, 3) }, finding.Saturated, "service.pay",
			"the workers of pay worked 100% of the time from 10s to 4m: it did 75.6/s, which is its capacity; up to 13 waited for them; workers of shop spent 99% of the time they were held waiting for pay; up to 1029 waited for shop"},
		{"errors", func() *design.Design { d := shop(80, 5); d.Faults = []design.Fault{errors}; return d }, finding.Fault, "fault.x", ""},
		{"crash", func() *design.Design { d := shop(80, 5); d.Faults = []design.Fault{crash}; return d }, finding.Fault, "fault.x", ""},
		{"always failing", func() *design.Design { d := shop(80, 5); d.Services[1].Errors = .02; return d }, finding.Failing, "service.pay", ""},
		{"lossy", func() *design.Design {
			d := shop(80, 5)
			d.Links = []design.Link{{From: "shop", To: "pay", LinkParams: design.LinkParams{Latency: draw.Const(.001), Loss: .01}}}
			return d
		}, finding.Lossy, "link.shop->pay", ""},
		{"nested pools", func() *design.Design {
			d := shop(400, 16)
			d.Services[1].Handlers[0].Steps = append(d.Services[1].Handlers[0].Steps, design.Step{Op: design.Call, To: to("shop", "then")})
			d.Services[0].Handlers = append(d.Services[0].Handlers, design.Handler{Name: "then", Steps: []design.Step{work(.001)}})
			d.Loads[0].Timeout, d.Loads[0].Deadline = design.None, design.None
			d.Services[0].Handlers[0].Steps[1].Timeout, d.Services[1].Handlers[0].Steps[1].Timeout = design.None, design.None
			return d
		}, finding.Deadlock, "service.shop", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := found(t, c.make())
			if c.kind == nil {
				for i := range all {
					t.Errorf("found %s", all[i].Text())
				}
				return
			}
			if len(all) == 0 || all[0].Kind != c.kind || all[0].Element != c.of {
				t.Fatalf("found %v", texts(all))
			}
			if c.text != "" && all[0].Text() != c.text {
				t.Errorf("said %s", all[0].Text())
			}
			if len(all[0].Evidence) == 0 || all[0].To <= all[0].From {
				t.Errorf("%+v shows nothing", all[0])
			}
			t.Log(texts(all))
		})
	}
}

func texts(all []finding.Finding) (out []string) {
	for i := range all {
		out = append(out, all[i].ID+" "+all[i].Element+": "+all[i].Text())
	}
	return out
}
