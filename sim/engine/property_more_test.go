package engine

import (
	"fmt"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/breaker"
	"asynclab/sim/mech/budget"
	"asynclab/sim/mech/concurrency"
	"asynclab/sim/mech/failover"
	"asynclab/sim/mech/health"
	"asynclab/sim/mech/scale"
	"asynclab/sim/mech/shed"

	"pgregory.net/rapid"
)

// more draws what a generated design seldom has: settings that most leave as they are.
func (g *designer) more() {
	g.moreOfLoads()
	for i := range g.d.Services {
		s := &g.d.Services[i]
		if g.chance(s.Name+" fails", 0.2) {
			s.Errors = 0.05
		}
		if g.chance(s.Name+" has another speed", 0.2) {
			s.Speed = rapid.SampledFrom([]float64{0.5, 2}).Draw(g.t, s.Name+" speed")
		}
		if g.chance(s.Name+" without workers", 0.04) {
			s.Workers, s.NoWorkers = 0, true
		}
		for j := range s.Consumes {
			c := &s.Consumes[j]
			if j > 0 && s.Order != design.OrderEach {
				continue // the first says it for all
			}
			if g.chance(c.From.Entry+" consumers", 0.2) {
				c.Consumers = rapid.IntRange(1, 3).Draw(g.t, c.From.Entry+" how many consumers")
			}
			if c.Prefetch == 0 && g.chance(c.From.Entry+" stopped", 0.1) {
				c.Stopped = true
			}
		}
		for j := range s.Handlers {
			n := 0
			design.EachStep(s.Handlers[j].Steps, func(step *design.Step) { n++; g.moreOfStep(step, fmt.Sprintf("%s %d %d", s.Name, j, n)) })
		}
		g.moreOfUses(s.Uses, s.Name, s)
	}
	bus := &g.d.Brokers[0]
	bus.Queues[0].RefuseLate = g.chance("late acks are refused", 0.3)
	if g.chance("subscription without consumers", 0.3) {
		bus.Topics[0].Subscriptions = []design.Queue{{Name: "aside", MaxLength: 3}}
	}
	if g.chance("a link of its own", 0.3) {
		p := g.d.Default
		p.Jitter = g.dist("jitter")
		if p.Reorder > 0 {
			p.ReorderBy = g.dist("held back by")
		}
		g.d.Links = append(g.d.Links, design.Link{From: "bus", To: g.d.Services[len(g.d.Services)-1].Name, LinkParams: p, Zone: g.chance("between zones", 0.3)})
	}
	for i := range g.d.Faults {
		f := &g.d.Faults[i]
		if !f.HasEvery && f.When == "" && g.chance(f.Name+" again", 0.3) {
			f.Period = f.At + 400*time.Millisecond
		}
		for k := range f.Others {
			at := slices.IndexFunc(g.d.Services, func(s design.Service) bool { return s.Name == f.Others[k].Node })
			if at >= 0 && g.d.Services[at].Instances > 1 {
				f.Others[k].Instance = 1
			}
		}
	}
}

func (g *designer) moreOfLoads() {
	open, closed, events := &g.d.Loads[0], &g.d.Loads[1], &g.d.Loads[2]
	if g.chance("profile", 0.2) {
		open.Arrivals.Profile = []design.Segment{{For: 300 * time.Millisecond, From: 20, To: 90}, {For: 200 * time.Millisecond}}
		open.Arrivals.Repeat, open.Arrivals.Scale = g.chance("profile again", 0.5), rapid.SampledFrom([]float64{0, 0.5, 2}).Draw(g.t, "profile times")
	}
	if g.chance("late load", 0.2) {
		open.Start, open.Stop = 200*time.Millisecond, 2*time.Second
	}
	closed.Stagger = g.chance("stagger", 0.3)
	if g.chance("listed arrivals", 0.1) {
		events.Arrivals = design.Arrivals{Kind: design.Trace, Times: []int64{0, 0, 3e7, 5e8, 2e9}}
	}
	if g.chance("one confirms", 0.2) {
		events.Confirms = 1
	}
	for _, l := range []*design.Load{open, events} {
		if g.chance(l.Name+" has a size", 0.2) {
			l.Size, l.HasSize = draw.Const(float64(rapid.IntRange(0, 3000).Draw(g.t, l.Name+" bytes"))), true
			l.SizeBy = rapid.SampledFrom([]string{"", "items"}).Draw(g.t, l.Name+" bytes by")
		}
	}
	if events.Post.HasDelay && g.chance("delay by", 0.5) {
		events.Post.DelayBy = "items"
	}
	for i := range g.d.Loads {
		g.moreOfRetry(&g.d.Loads[i].Retry, g.d.Loads[i].Name)
		g.moreOfUses(g.d.Loads[i].Uses, g.d.Loads[i].Name, nil)
	}
}

// some draws which causes something is about, the default in most designs.
func (g *designer) some(name string) design.CauseSet {
	if !g.chance(name+" about causes", 0.3) {
		return design.CauseSet{}
	}
	return rapid.SampledFrom([]design.CauseSet{design.Retryable, {Core: 1<<design.Error | 1<<design.Timeout}, design.CauseSet{}.With(design.Error).WithName("shed")}).Draw(g.t, name+" causes")
}

func (g *designer) moreOfRetry(p *design.Retry, name string) {
	if p.Attempts < 2 {
		return
	}
	p.On = g.some(name + " retry")
	if p.Backoff == backoff.Exponential && g.chance(name+" factor", 0.3) {
		p.Factor = 3
	}
	if p.Backoff != nil && g.chance(name+" cap", 0.3) {
		p.Cap = 15 * time.Millisecond
	}
}

func (g *designer) moreOfStep(s *design.Step, name string) {
	calls := s.Op == design.Call || s.Op == design.Await
	sends := calls || s.Op == design.Send || s.Op == design.Publish
	g.moreOfRetry(&s.Retry, name)
	g.moreOfUses(s.Uses, name, nil)
	if g.chance(name+" named", 0.1) {
		g.sites++
		s.Name = fmt.Sprintf("step-%d", g.sites)
	}
	if (sends || s.Op == design.Reply) && g.chance(name+" size", 0.15) {
		s.Size, s.HasSize = draw.Const(float64(rapid.IntRange(0, 3000).Draw(g.t, name+" bytes"))), true
	}
	if calls {
		s.Late = g.chance(name+" late", 0.2)
	}
	if s.HasElse && len(s.Else) == 0 && g.chance(name+" does something else", 0.5) {
		s.Else = []design.Step{{Op: design.Delay, Dist: g.dist(name + " else")}}
	}
	s.Harmless = s.HasElse && (calls || s.Op == design.Parallel) && g.chance(name+" harmless", 0.3)
	if s.Op == design.Count && g.chance(name+" adds", 0.4) {
		s.Add, s.HasAdd = float64(rapid.IntRange(-2, 2).Draw(g.t, name+" add")), true
	}
	if s.Op == design.Parallel && g.chance(name+" copies", 0.2) {
		s.Branches, s.Times = s.Branches[:1], 2
		s.Need = min(s.Need, 2)
	}
	if s.Op == design.Publish && s.Post.HasDelay && g.chance(name+" delay by", 0.5) {
		s.Post.DelayBy = "items"
	}
}

func (g *designer) moreOfUses(uses design.Uses, name string, of *design.Service) {
	for _, u := range uses {
		switch s := u.Settings.(type) {
		case *breaker.Settings:
			if s.On = g.some(name + " breaker"); s.Calls > 0 || s.Span > 0 {
				s.Rate = rapid.SampledFrom([]float64{0, 0.3}).Draw(g.t, name+" breaker rate")
			}
			if s.Slow > 0 {
				s.SlowRate = rapid.SampledFrom([]float64{0, 0.4}).Draw(g.t, name+" slow rate")
			}
		case *budget.Settings:
			if g.chance(name+" costs", 0.4) {
				s.Cost, s.Floor = 0.5, 1
			}
		case *concurrency.Settings:
			if g.chance(name+" bounds", 0.4) {
				s.Min, s.Max, s.Smoothing = 2, 6, 0.5
			}
		case *failover.Settings:
			if g.chance(name+" probes", 0.4) {
				s.Probes = 2
			}
			if g.chance(name+" checks", 0.4) {
				s.Interval, s.Timeout = 40*time.Millisecond, 30*time.Millisecond
			}
		case *health.Settings:
			if g.chance(name+" health", 0.4) {
				s.Healthy, s.Longest, s.Share, s.Sweep = 1, 150*time.Millisecond, 1, 40*time.Millisecond
			}
		case *scale.Settings:
			switch {
			case s.Occupancy > 0 && g.chance(name+" by utilization", 0.4):
				s.Occupancy, s.Utilization = 0, 0.6
			case s.Depth > 0 && of != nil && len(of.Consumes) > 0 && g.chance(name+" by age", 0.4):
				s.Depth, s.Age = 0, 50*time.Millisecond
			}
		case *shed.Settings:
			if g.chance(name+" too old", 0.3) {
				s.Age = 60 * time.Millisecond
			}
		}
	}
}

// mendKept lets answers that a cache keeps copy nothing.
func (g *designer) mendKept() {
	kept := map[design.Target]bool{}
	each := func(visit func(to design.Target, s *design.Step)) {
		for i := range g.d.Services {
			for _, h := range g.d.Services[i].Handlers {
				design.EachStep(h.Steps, func(s *design.Step) { visit(design.Target{Node: g.d.Services[i].Name, Entry: h.Name}, s) })
			}
		}
	}
	each(func(_ design.Target, s *design.Step) { kept[s.To] = kept[s.To] || s.Uses.Of("cache") != nil })
	each(func(at design.Target, s *design.Step) {
		if s.Op == design.Reply && kept[at] {
			s.Sets = slices.DeleteFunc(s.Sets, func(a design.Assign) bool { return a.From != "" })
		}
	})
}
