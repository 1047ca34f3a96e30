package finding_test

import (
	"fmt"
	"math"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/bulkhead"
	"asynclab/sim/mech/hedge"
	"asynclab/sim/mech/limit"
)

// cause is one thing that is wrong with a design: a row of section F of the catalogue, or
// something that is saturated.
type cause struct {
	name          string
	queue, called bool // it is at a service that takes from a queue; that another calls
	nodes         bool // the broker is of several nodes
	// do makes a design ill, and returns what is wrong, and the elements of which one
	// a finding has to be about.
	do func(g *generated, d *design.Design) (text string, elements []string)
}

// between draws a number evenly, and severe one whose logarithm is even.
func (g *generated) between(a, b float64) float64 { return a + (b-a)*g.rnd.Float64() }
func (g *generated) severe(a, b float64) float64 {
	return a * math.Exp(math.Log(b/a)*g.rnd.Float64())
}

// struck makes a cause of a fault, which lasts for a twentieth to a third of the run.
func struck(f func(g *generated, d *design.Design) design.Fault) func(*generated, *design.Design) (string, []string) {
	return func(g *generated, d *design.Design) (string, []string) {
		x := f(g, d)
		x.Name = "x"
		if x.At == 0 && x.When == "" {
			x.At = time.Duration(g.between(.3, .6) * lasts * 1e9)
		}
		if !x.HasFor {
			x.HasFor, x.For = true, draw.Const(lasts*g.between(.05, .33))
		}
		d.Faults = []design.Fault{x}
		return design.FormatFault(x) + fmt.Sprint(" ", x.Set, " at ", x.At), []string{"fault.x"}
	}
}

// node is a fault of a kind at the service.
func node(kind design.FaultKind) func(*generated, *design.Design) design.Fault {
	return func(g *generated, _ *design.Design) design.Fault {
		f := design.Fault{Kind: kind, Node: name(g.place)}
		switch kind.Class().Amount {
		case "factor":
			f.Factor = g.severe(1.2, 40)
		case "rate":
			f.Factor = g.between(.05, 1)
		}
		return f
	}
}

// some is a crash, a freeze, an error rate or slowness of the service.
func some(g *generated, d *design.Design) design.Fault {
	return node([]design.FaultKind{design.FaultCrash, design.FaultPause, design.FaultErrors, design.FaultSlow}[g.rnd.IntN(4)])(g, d)
}

func broker(kind design.FaultKind) func(*generated, *design.Design) design.Fault {
	return func(*generated, *design.Design) design.Fault { return design.Fault{Kind: kind, Node: "bus"} }
}

func set(path, value string) design.Fault {
	return design.Fault{Kind: design.FaultSet, Set: []design.Setting{{Path: path, Value: value}}}
}

// linked is the link to the service, with something wrong.
func linked(text string, f func(g *generated, p *design.LinkParams)) func(*generated, *design.Design) (string, []string) {
	return func(g *generated, d *design.Design) (string, []string) {
		from, node := g.caller(g.place), name(g.place)
		p := design.LinkParams{Latency: draw.Const(.001)}
		f(g, &p)
		d.Links = []design.Link{{From: from, To: node, LinkParams: p}}
		return fmt.Sprintf("%s to %s %s %.3g %.3g %.3g %.3g", from, node, text, p.Loss, p.Corrupt, p.Reorder, p.Bandwidth),
			[]string{"link." + from + "->" + node, "link." + node + "->" + from}
	}
}

// widen gives a service, and those who wait for it, workers for tasks that hold them for
// longer, so that they are not what is saturated.
func (g *generated) widen(d *design.Design, longer float64) {
	for i := g.place; i >= 0; i = g.parent[i] {
		s := &d.Services[i]
		s.Workers = int(math.Ceil(float64(s.Workers)*(g.held[i]+10*longer)/g.held[i])) + 8
		if g.queued[i] {
			return
		}
		longer *= g.share[i]
	}
}

func condition(text string) design.Condition {
	c, err := design.ParseCondition(text)
	if err != nil {
		panic(err)
	}
	return c
}

// spoilt is a share of messages that the service cannot handle, however often it tries.
func spoilt(g *generated, d *design.Design) (string, []string) {
	share := g.severe(.01, .3)
	for i := range d.Loads {
		d.Loads[i].Attributes = []design.Attribute{{Name: "spoilt", Dist: must(draw.DiscreteDist([]float64{0, 1}, []float64{1 - share, share}))}}
	}
	h := &d.Services[g.place].Handlers[0]
	h.Steps = append([]design.Step{h.Steps[0], {Op: design.Fail, When: condition("spoilt == 1")}}, h.Steps[1:]...)
	return fmt.Sprintf("%.3g are spoilt for %s", share, name(g.place)), g.about(g.place)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var causes = []cause{
	// F1
	{name: "crash", do: struck(node(design.FaultCrash))},
	{name: "host crash", do: struck(node(design.FaultHostCrash))},
	{name: "instance", do: struck(func(g *generated, d *design.Design) design.Fault {
		f := some(g, d)
		f.Instance = 1
		return f
	})},
	{name: "broker", queue: true, do: struck(broker(design.FaultCrash))},
	{name: "broker host", queue: true, do: struck(broker(design.FaultHostCrash))},
	{name: "leader", queue: true, nodes: true, do: struck(broker(design.FaultCrash))},
	// F2
	{name: "slow", do: struck(node(design.FaultSlow))},
	{name: "pause", do: struck(node(design.FaultPause))},
	{name: "error fault", do: struck(node(design.FaultErrors))},
	{name: "hang", do: struck(node(design.FaultHang))},
	{name: "errors", do: func(g *generated, d *design.Design) (string, []string) {
		s := &d.Services[g.place]
		s.Errors = g.severe(.01, 1)
		return fmt.Sprintf("%s fails %.3g", s.Name, s.Errors), []string{"service." + s.Name}
	}},
	// F3
	{name: "latency", do: struck(func(g *generated, _ *design.Design) design.Fault {
		return set("link.default.latency", fmt.Sprintf("%.3gms", g.severe(2, 200)))
	})},
	{name: "loss", do: linked("loses", func(g *generated, p *design.LinkParams) { p.Loss = g.severe(.02, 1) })},
	{name: "corruption", do: linked("damages", func(g *generated, p *design.LinkParams) {
		p.Corrupt, p.Unseen = g.severe(.02, 1), g.rnd.IntN(2) == 0
	})},
	{name: "duplication", do: linked("doubles", func(g *generated, p *design.LinkParams) { p.Duplicate = g.between(.3, 1) })},
	{name: "reordering", do: linked("holds back", func(g *generated, p *design.LinkParams) {
		p.Reorder, p.ReorderBy = g.severe(.02, 1), must(draw.ExpDist(g.severe(.02, .5)))
	})},
	{name: "jitter", do: struck(func(g *generated, _ *design.Design) design.Fault {
		return set("link.default.jitter", fmt.Sprintf("exp(%.3gms)", g.severe(2, 200)))
	})},
	{name: "bandwidth", do: struck(func(g *generated, d *design.Design) design.Fault {
		from, to := g.caller(g.place), name(g.place)
		d.Links = []design.Link{{From: from, To: to, LinkParams: design.LinkParams{Latency: draw.Const(.001)}}}
		return set("link."+from+"->"+to+".bandwidth", fmt.Sprintf("%.4gkB/s", g.flow[g.place]*g.severe(.3, .95)))
	})},
	{name: "cut", do: struck(func(g *generated, _ *design.Design) design.Fault {
		return design.Fault{Kind: design.FaultCut, Cut: []design.Cut{{From: g.caller(g.place), To: name(g.place)}}}
	})},
	{name: "half cut", do: struck(func(g *generated, _ *design.Design) design.Fault {
		return design.Fault{Kind: design.FaultCut, Cut: []design.Cut{{From: name(g.place), To: g.caller(g.place)}}}
	})},
	{name: "partition", do: struck(func(g *generated, _ *design.Design) design.Fault {
		n := name(g.place)
		return design.Fault{Kind: design.FaultCut, Cut: []design.Cut{{From: n, To: "*"}, {From: "*", To: n}}}
	})},
	// F4
	{name: "again and again", do: struck(func(g *generated, d *design.Design) design.Fault {
		f := some(g, d)
		f.HasEvery, f.Every = true, must(draw.ExpDist(g.between(10, 30)))
		f.HasFor, f.For = true, must(draw.ExpDist(g.between(1, 5)))
		f.At = 30 * time.Second
		return f
	})},
	{name: "flapping", do: struck(func(g *generated, d *design.Design) design.Fault {
		f := some(g, d)
		f.HasDown, f.Down, f.HasUp, f.Up = true, draw.Const(g.between(1, 3)), true, draw.Const(g.between(1, 5))
		return f
	})},
	{name: "zone", do: struck(func(g *generated, d *design.Design) design.Fault {
		f := some(g, d)
		for i := range g.n {
			if i != g.place && g.rnd.IntN(3) == 0 {
				f.Others = append(f.Others, design.Member{Node: name(i)})
			}
		}
		return f
	})},
	{name: "chaos", do: struck(func(g *generated, d *design.Design) design.Fault {
		f := some(g, d)
		for i := range g.n {
			if i != g.place {
				f.Others = append(f.Others, design.Member{Node: name(i)})
			}
		}
		f.Pick = 1 + g.rnd.IntN(3)
		return f
	})},
	{name: "condition", do: struck(func(g *generated, d *design.Design) design.Fault {
		f := some(g, d)
		f.When, f.HasFor, f.For = fmt.Sprintf("load.users.offered > %.0f", g.rate*40), true, draw.Const(g.between(5, 40))
		return f
	})},
	// F5
	{name: "poison", queue: true, do: spoilt},
	{name: "spoilt requests", called: true, do: spoilt},
	// F6
	{name: "overload", do: struck(func(g *generated, _ *design.Design) design.Fault {
		return set("load.users.rate", fmt.Sprintf("%.4g/s", g.rate*g.between(1.2, 3.2)))
	})},
	{name: "burst", do: func(g *generated, d *design.Design) (string, []string) {
		high, at, length := g.rate*g.between(1.5, 4), g.between(.3, .6)*lasts, g.between(.05, .2)*lasts
		seconds := func(x float64) time.Duration { return time.Duration(x * 1e9) }
		d.Loads[0].Arrivals.Profile = []design.Segment{{For: seconds(at), From: g.rate, To: g.rate}, {For: seconds(length), From: high, To: high}, {For: time.Hour, From: g.rate, To: g.rate}}
		return fmt.Sprintf("%.3g/s instead of %.3g/s from %.3g s for %.3g s", high, g.rate, at, length), append(g.bottlenecks(), "load.users")
	}},
	{name: "ramp", do: func(g *generated, d *design.Design) (string, []string) {
		high := g.rate * g.between(1.5, 4)
		d.Loads[0].Arrivals.Profile = []design.Segment{{For: lasts / 3 * time.Second, From: g.rate, To: g.rate}, {For: lasts / 3 * time.Second, From: g.rate, To: high}, {For: time.Hour, From: high, To: high}}
		return fmt.Sprintf("from %.3g/s to %.3g/s", g.rate, high), append(g.bottlenecks(), "load.users")
	}},
	{name: "retry storm", called: true, do: func(g *generated, d *design.Design) (string, []string) {
		s := g.call(d, g.place)
		s.Retry.Attempts, s.Timeout = 5, time.Duration(max(.05, 8*g.held[g.place])*1e9)
		text, all := struck(node(design.FaultPause))(g, d)
		return text, append(all, fmt.Sprintf("edge.%s/do->%s/do", name(g.parent[g.place]), name(g.place)))
	}},
	// After a crash or a pause, in which clients tried again and again: they come all at once.
	{name: "thundering herd", do: func(g *generated, d *design.Design) (string, []string) {
		l := &d.Loads[0]
		l.Retry = design.Retry{Attempts: 30, Base: draw.Const(g.between(1, 10))}
		l.Deadline = 2 * time.Minute
		text, all := struck(func(g *generated, _ *design.Design) design.Fault {
			return node([]design.FaultKind{design.FaultCrash, design.FaultHostCrash, design.FaultPause}[g.rnd.IntN(3)])(g, d)
		})(g, d)
		return text + ", clients try again and again", append(all, "load.users")
	}},
	// A short trigger, and retries that would keep the service busy without it.
	{name: "metastable", called: true, do: func(g *generated, d *design.Design) (string, []string) {
		s := g.call(d, g.place)
		s.Retry.Attempts, s.Timeout = 2+int(2/g.busy), time.Duration(max(.05, 5*g.held[g.place])*1e9)
		text, all := struck(func(g *generated, d *design.Design) design.Fault {
			f := node(design.FaultPause)(g, d)
			f.HasFor, f.For = true, draw.Const(lasts*g.between(.02, .06))
			return f
		})(g, d)
		return text, append(all, fmt.Sprintf("edge.%s/do->%s/do", name(g.parent[g.place]), name(g.place)), "service."+name(g.place))
	}},
	// The coordinator crashes while a participant holds the locks of its votes.
	{name: "blocked commit", called: true, do: func(g *generated, d *design.Design) (string, []string) {
		s, parent := &d.Services[g.place], &d.Services[g.parent[g.place]]
		items, even := make([]float64, 64), slices.Repeat([]float64{1}, 64)
		for i := range items {
			items[i] = float64(i)
		}
		for i := range d.Loads {
			d.Loads[i].Attributes = []design.Attribute{{Name: "item", Dist: must(draw.DiscreteDist(items, even))}}
		}
		s.Stores = []design.Store{{Name: "rows", Key: "item", Lives: design.OnDisk, Lease: design.None}}
		h := &s.Handlers[0]
		h.Steps = append([]design.Step{{Op: design.LockRow, Store: "rows", Keep: true}}, h.Steps...)
		s.Handlers = append(s.Handlers, design.Handler{Name: "commit", Steps: []design.Step{{Op: design.Unlock, Store: "rows"}}})
		commit := design.Step{Op: design.Call, To: to(s.Name, "commit"), Timeout: 2 * time.Second}
		steps := &parent.Handlers[0].Steps
		for k := range *steps {
			x := &(*steps)[k]
			if x.Op == design.Choose && x.Branches[0][0].To == to(s.Name, "do") {
				x.Branches[0] = append(x.Branches[0], commit)
			} else if x.To == to(s.Name, "do") {
				*steps = slices.Insert(*steps, k+1, commit)
				break
			}
		}
		text, all := struck(func(g *generated, _ *design.Design) design.Fault {
			return design.Fault{Kind: design.FaultCrash, Node: parent.Name}
		})(g, d)
		return text + ", the coordinator of " + s.Name, append(all, "store."+s.Name+"/rows")
	}},
	// What is saturated.
	{name: "full room", called: true, do: func(g *generated, d *design.Design) (string, []string) {
		over, s := g.between(1.05, 2.5), &d.Services[g.place]
		s.HasRoom, s.Room = true, g.rnd.IntN(20)
		s.Handlers[0].Steps[0] = work(over * float64(g.workers[g.place]*g.instances[g.place]) / g.flow[g.place])
		return fmt.Sprintf("%s has %.3g times its capacity to do, and room for %d", s.Name, over, s.Room), g.about(g.place)
	}},
	{name: "workers", do: func(g *generated, d *design.Design) (string, []string) {
		over := g.between(1.05, 2.5)
		d.Services[g.place].Handlers[0].Steps[0] = work(over * float64(g.workers[g.place]*g.instances[g.place]) / g.flow[g.place])
		return fmt.Sprintf("%s has %.3g times its capacity to do", name(g.place), over), g.about(g.place)
	}},
	{name: "pool", called: true, do: func(g *generated, d *design.Design) (string, []string) {
		s := bulkhead.Settings{Slots: 1 + g.rnd.IntN(3), Wait: []time.Duration{0, time.Second, design.None}[g.rnd.IntN(3)]}
		caller := g.parent[g.place]
		over := g.between(1.05, 2.5) // of what the slots of all instances of the caller can do
		w := over * float64(s.Slots*g.instances[caller]) / (g.flow[caller] * g.share[g.place])
		d.Services[g.place].Handlers[0].Steps[0] = work(w)
		g.widen(d, w)
		g.call(d, g.place).Uses = design.Uses{{Of: bulkhead.Mechanism, Settings: &s}}
		return fmt.Sprintf("%d slots, %.3g of them needed, wait %v", s.Slots, over, s.Wait), []string{fmt.Sprintf("bulkhead.%s->%s", name(caller), name(g.place))}
	}},
	{name: "rate limit", called: true, do: func(g *generated, d *design.Design) (string, []string) {
		caller := g.parent[g.place]
		g.widen(d, 0)
		s := limit.Settings{Rate: g.flow[caller] * g.share[g.place] / float64(g.instances[caller]) * g.between(.4, .97), Burst: 1 + g.rnd.IntN(20), Wait: []time.Duration{0, time.Second}[g.rnd.IntN(2)]}
		g.call(d, g.place).Uses = design.Uses{{Of: limit.Mechanism, Settings: &s}}
		return fmt.Sprintf("%.3g/s of %.3g/s", s.Rate, g.flow[caller]*g.share[g.place]), []string{fmt.Sprintf("limit.%s->%s", name(caller), name(g.place))}
	}},
	{name: "lock", do: func(g *generated, d *design.Design) (string, []string) {
		s := &d.Services[g.place]
		s.Stores = []design.Store{{Name: "rows", Lives: design.Outside}}
		over := g.between(1.05, 2)
		h := &s.Handlers[0]
		g.widen(d, over/g.flow[g.place])
		h.Steps = append([]design.Step{h.Steps[0], {Op: design.LockRow, Store: "rows"}, work(over / g.flow[g.place]), {Op: design.Unlock, Store: "rows"}}, h.Steps[1:]...)
		return fmt.Sprintf("the lock of %s is needed %.3g of the time", s.Name, over), []string{"store." + s.Name + "/rows"}
	}},
	{name: "store", do: func(g *generated, d *design.Design) (string, []string) {
		s := &d.Services[g.place]
		over, slots := g.between(1.05, 2), 1+g.rnd.IntN(4)
		s.Stores = []design.Store{{Name: "rows", Lives: design.Outside, Slots: slots, Latency: draw.Const(over * float64(slots) / g.flow[g.place])}}
		h := &s.Handlers[0]
		g.widen(d, over*float64(slots)/g.flow[g.place])
		h.Steps = append([]design.Step{h.Steps[0], {Op: design.Read, Store: "rows"}}, h.Steps[1:]...)
		return fmt.Sprintf("the %d slots of the store of %s are needed %.3g of the time", slots, s.Name, over), []string{"store." + s.Name + "/rows"}
	}},
	{name: "hot key", queue: true, do: func(g *generated, d *design.Design) (string, []string) {
		s, share := &d.Services[g.place], g.between(.3, .9)
		for i := range d.Loads {
			d.Loads[i].Attributes = []design.Attribute{{Name: "k", Dist: must(draw.DiscreteDist([]float64{0, 1, 2, 3, 4, 5, 6, 7, 8}, []float64{share, (1 - share) / 8, (1 - share) / 8, (1 - share) / 8, (1 - share) / 8, (1 - share) / 8, (1 - share) / 8, (1 - share) / 8, (1 - share) / 8}))}}
		}
		over := g.between(1.05, 2)
		w := over / share / g.flow[g.place]
		s.Handlers[0].Steps[0] = work(w)
		s.Workers = int(math.Ceil(g.flow[g.place]*(w+g.held[g.place])/.4/float64(g.instances[g.place]))) + 1
		for i := range d.Brokers[0].Queues {
			if q := &d.Brokers[0].Queues[i]; q.Name == "q-"+s.Name {
				q.Key = "k"
			}
		}
		return fmt.Sprintf("a key with a share of %.3g of the messages of %s needs %.3g of its place", share, s.Name, over), g.about(g.place)[1:]
	}},
	// Who waits gives up before the answer can be there.
	{name: "timeout", called: true, do: func(g *generated, d *design.Design) (string, []string) {
		s := g.call(d, g.place)
		s.Timeout = time.Duration(g.held[g.place] * g.between(.3, .95) * 1e9)
		return fmt.Sprintf("%v for %s, which takes %.3g s", s.Timeout, name(g.place), g.held[g.place]),
			[]string{fmt.Sprintf("edge.%s/do->%s/do", name(g.parent[g.place]), name(g.place)), "service." + name(g.place)}
	}},
	// Requests that are sent again at once, more than the service can do.
	{name: "hedges", called: true, do: func(g *generated, d *design.Design) (string, []string) {
		n := int(min(100, math.Ceil(1.2/g.use(g.place))+1))
		g.widen(d, 0)
		s := &d.Services[g.place]
		s.Workers = g.workers[g.place]
		g.call(d, g.place).Uses = design.Uses{{Of: hedge.Mechanism, Settings: &hedge.Settings{After: time.Microsecond, Most: n}}}
		return fmt.Sprintf("%d hedges for each request to %s", n, s.Name), append(g.about(g.place), fmt.Sprintf("edge.%s/do->%s/do", name(g.parent[g.place]), s.Name))
	}},
	// The way of each message is longer than the consumers, who take one at a time, can wait.
	{name: "prefetch", queue: true, do: func(g *generated, d *design.Design) (string, []string) {
		s, over := &d.Services[g.place], g.between(1.05, 2)
		way := (over*float64(s.Workers*s.Instances)/g.flow[g.place] - g.held[g.place]) / 2
		for _, ends := range [][2]string{{"bus", s.Name}, {s.Name, "bus"}} {
			d.Links = append(d.Links, design.Link{From: ends[0], To: ends[1], LinkParams: design.LinkParams{Latency: draw.Const(max(way, .001))}})
		}
		return fmt.Sprintf("%s over links of %.3g s, %.3g of what it can do", s.Name, way, over), g.about(g.place)
	}},
	{name: "link", called: true, do: linked("is slow", func(g *generated, p *design.LinkParams) {
		p.Bandwidth = g.flow[g.place] * design.DefaultSize / g.between(1.02, 2)
	})},
}
