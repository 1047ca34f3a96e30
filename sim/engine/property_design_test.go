package engine

import (
	"fmt"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/breaker"
	"asynclab/sim/mech/budget"
	"asynclab/sim/mech/bulkhead"
	"asynclab/sim/mech/cache"
	"asynclab/sim/mech/concurrency"
	"asynclab/sim/mech/failover"
	"asynclab/sim/mech/health"
	"asynclab/sim/mech/hedge"
	bucket "asynclab/sim/mech/limit"
	"asynclab/sim/mech/maxmessage"
	"asynclab/sim/mech/overflow"
	"asynclab/sim/mech/scale"
	"asynclab/sim/mech/shed"
	"asynclab/sim/spec"

	"pgregory.net/rapid"
)

// Generated designs: services in layers, so that calls and events only go
// forward, with everything that can go wrong switched on at random.

type designer struct {
	failovers map[string]*failover.Settings // by caller and callee
	t         *rapid.T
	d         *design.Design
	sites     int // with mechanisms, or without
}

func (g *designer) chance(name string, p float64) bool {
	return rapid.Float64Range(0, 1).Draw(g.t, name) < p
}

func (g *designer) ms(name string, hi int) time.Duration {
	return time.Duration(rapid.IntRange(1, hi).Draw(g.t, name)) * time.Millisecond
}

func (g *designer) dist(name string) draw.Dist {
	mean := g.ms(name, 50)
	switch rapid.IntRange(0, 3).Draw(g.t, name+" kind") {
	case 0:
		return draw.Const(mean.Seconds())
	case 1:
		return seconds(fmt.Sprintf("lognormal(%v, cv=2)", mean))
	}
	return exp(mean)
}

func (g *designer) retry(name string) design.Retry {
	if !g.chance(name, 0.5) {
		return design.Retry{}
	}
	on := design.CauseSet{}
	if g.chance(name+" when limited", 0.3) {
		on = design.Retryable.WithName("limited")
	}
	return design.Retry{
		On:       on,
		Attempts: rapid.IntRange(2, 4).Draw(g.t, name+" attempts"),
		Backoff:  rapid.SampledFrom(append(backoff.All, nil, backoff.List(0, 0.005, 0.02))).Draw(g.t, name+" kind"),
		Base:     draw.Const(float64(rapid.IntRange(0, 20).Draw(g.t, name+" base")) / 1000),
		Jitter:   design.Jitter(rapid.IntRange(0, 3).Draw(g.t, name+" jitter")),
		Another:  g.chance(name+" another", 0.5),
	}
}

// keyed draws whose buckets those of a limit are, and how many may wait.
func (g *designer) keyed(name string, s *bucket.Settings) {
	if s.Key = rapid.SampledFrom([]string{"", "", "items", "kind"}).Draw(g.t, name+" limited by"); s.Key != "" {
		s.Keys = rapid.SampledFrom([]int{0, 1, 2}).Draw(g.t, name+" buckets")
	}
	if s.Wait != 0 {
		s.Line = rapid.IntRange(0, 2).Draw(g.t, name+" in line")
	}
}

// largest draws a bound on what is taken; most messages have 1 kB.
func (g *designer) largest(name string) design.Use {
	return design.Use{Of: maxmessage.Mechanism, Settings: &maxmessage.Settings{Size: rapid.SampledFrom([]float64{spec.Unlimited, 1000, 2000}).Draw(g.t, name+" takes")}}
}

// uses draws the mechanisms of a caller; each call site has its own.
func (g *designer) uses(name string, calls, retries bool) (all design.Uses) {
	g.sites++
	own := fmt.Sprintf("m%d", g.sites)
	if g.chance(name+" breaker", 0.2) {
		s := &breaker.Settings{Failures: 2, Open: g.ms(name+" open", 300), Growth: 2, Longest: time.Second, Probes: rapid.IntRange(1, 3).Draw(g.t, name+" probes"), SharedBy: own}
		switch rapid.IntRange(0, 3).Draw(g.t, name+" window") {
		case 0:
			s.Failures, s.Calls, s.Least = 0, 7, 4
		case 1:
			s.Failures, s.Span, s.Least, s.Slow, s.Outcomes = 0, 300*time.Millisecond, 3, 20*time.Millisecond, 3
		}
		all = append(all, design.Use{Of: breaker.Mechanism, Settings: s})
	}
	if g.chance(name+" limit", 0.2) {
		wait := rapid.SampledFrom([]time.Duration{0, 40 * time.Millisecond, design.None}).Draw(g.t, name+" wait")
		s := &bucket.Settings{Rate: 30, Burst: 3, Wait: wait, After: wait != design.None && g.chance(name+" says when", 0.5), SharedBy: own}
		g.keyed(name, s)
		all = append(all, design.Use{Of: bucket.Mechanism, Settings: s})
	}
	if calls && strings.HasPrefix(name, "s") && g.chance(name+" cache", 0.25) {
		s := &cache.Settings{Key: rapid.SampledFrom([]string{"items", "kind"}).Draw(g.t, name+" cached by"), TTL: g.ms(name+" cached for", 200), Size: rapid.IntRange(0, 2).Draw(g.t, name+" cached"), SharedBy: own, Single: g.chance(name+" single", 0.5), Stale: cache.Stale(rapid.IntRange(0, 2).Draw(g.t, name+" stale"))}
		all = append(all, design.Use{Of: cache.Mechanism, Settings: s})
	}
	if g.chance(name+" bulkhead", 0.2) {
		s := &bulkhead.Settings{Slots: rapid.IntRange(1, 3).Draw(g.t, name+" slots"), SharedBy: own}
		if s.Wait = rapid.SampledFrom([]time.Duration{0, 40 * time.Millisecond, design.None}).Draw(g.t, name+" wait for a slot"); s.Wait != 0 {
			s.Line = rapid.IntRange(0, 3).Draw(g.t, name+" line")
		}
		if g.chance(name+" connections", 0.4) {
			s.Setup, s.Idle = 5*time.Millisecond, rapid.SampledFrom([]time.Duration{0, 30 * time.Millisecond}).Draw(g.t, name+" idle")
		}
		all = append(all, design.Use{Of: bulkhead.Mechanism, Settings: s})
	}
	if calls && g.chance(name+" hedge", 0.2) {
		s := &hedge.Settings{After: g.ms(name+" hedge after", 60), Most: rapid.IntRange(0, 3).Draw(g.t, name+" hedges"), Cancel: g.chance(name+" losers", 0.5), Budget: rapid.SampledFrom([]float64{0, 0.3}).Draw(g.t, name+" hedge budget"), SharedBy: own}
		if g.chance(name+" percentile", 0.3) {
			s.After, s.Percentile = 0, 0.5
		}
		all = append(all, design.Use{Of: hedge.Mechanism, Settings: s})
	}
	if retries && g.chance(name+" budget", 0.3) {
		s := &budget.Settings{Capacity: 3, Ratio: 0.3, OnSuccess: g.chance(name+" earn", 0.5), OnFailure: g.chance(name+" spend", 0.5), TimeoutCost: 1.5, Minimum: rapid.SampledFrom([]float64{0, 3}).Draw(g.t, name+" minimum"), SharedBy: own}
		all = append(all, design.Use{Of: budget.Mechanism, Settings: s})
	}
	return all
}

// condition draws a condition on attributes that some loads have.
func (g *designer) condition(name string) design.Condition {
	text := rapid.SampledFrom([]string{"kind == a", "not (kind == a) and items > 1", "attempt > 1 or redelivered", "delivery >= 2 or items <= 1 and kind != b", "batch > 1", "other == a", "whole > 1 or other == c", "kind matches # and not other matches a.#"}).Draw(g.t, name+" condition")
	c, err := design.ParseCondition(text)
	if err != nil {
		panic(err)
	}
	return c
}

// failover draws where calls of a service go that are not for one target, the same for
// all of them.
func (g *designer) failover(name string, i, n int, first design.Target) *failover.Settings {
	var all []design.Target
	for k := i + 1; k < n; k++ {
		all = append(all, design.Target{Node: fmt.Sprintf("s%d", k), Entry: "do"})
	}
	return g.settings(name, i, first, all)
}

func (g *designer) settings(name string, i int, first design.Target, all []design.Target) *failover.Settings {
	key := fmt.Sprint(i, first)
	if of := g.failovers[key]; of != nil {
		return of
	}
	of := &failover.Settings{Failures: rapid.IntRange(1, 3).Draw(g.t, name+" failures"), Hold: g.ms(name+" hold", 300)}
	for _, to := range all {
		if to != first {
			of.To = append(of.To, to)
		}
	}
	if g.failovers == nil {
		g.failovers = map[string]*failover.Settings{}
	}
	g.failovers[key] = of
	return of
}

// elsewhere is failover of a publish, to the other entries of the broker.
func (g *designer) elsewhere(name string, i int, first design.Target) *failover.Settings {
	return g.settings(name, i, first, []design.Target{{Node: "bus", Entry: "q"}, {Node: "bus", Entry: "t"}, {Node: "bus", Entry: "log"}})
}

func (g *designer) handler(name string, i, n int) design.Target {
	return design.Target{Node: fmt.Sprintf("s%d", rapid.IntRange(i+1, n-1).Draw(g.t, name+" to")), Entry: "do"}
}

func (g *designer) entry(name string) design.Target {
	return design.Target{Node: "bus", Entry: rapid.SampledFrom([]string{"q", "t", "log"}).Draw(g.t, name+" entry")}
}

func (g *designer) link() design.LinkParams {
	p := design.LinkParams{Latency: g.dist("latency"), Order: rapid.SampledFrom([]design.Order{design.OrderByEnds, design.OrderNone, design.OrderFIFO}).Draw(g.t, "order")}
	if g.chance("zero latency", 0.4) {
		p.Latency = draw.Const(0)
	}
	if g.chance("bad link", 0.6) {
		p.Loss, p.Duplicate, p.Reorder, p.Corrupt = 0.05, 0.05, 0.05, 0.05
		p.Unseen = g.chance("unseen", 0.5)
		p.Retransmit = rapid.SampledFrom([]time.Duration{0, 0, 50 * time.Millisecond, design.None}).Draw(g.t, "retransmit")
	}
	if g.chance("bandwidth", 0.3) {
		p.Bandwidth = 1e6
	}
	return p
}

func (g *designer) fault(name string, n int) design.Fault {
	f := design.Fault{Name: name, At: g.ms(name+" at", 4000), For: exp(300 * time.Millisecond), HasFor: true, Factor: 1}
	node := rapid.IntRange(0, n-1).Draw(g.t, name+" node")
	f.Node = fmt.Sprintf("s%d", node)
	if g.d.Services[node].Instances > 1 && g.chance(name+" of one", 0.5) {
		f.Instance = 1
	}
	switch f.Kind = design.FaultKind(rapid.IntRange(0, 7).Draw(g.t, name+" kind")); f.Kind {
	case design.FaultCrash, design.FaultHostCrash:
		if g.chance(name+" broker", 0.4) {
			f.Node, f.Instance = "bus", 0
		}
	case design.FaultSlow:
		f.Factor = 5
	case design.FaultErrors:
		f.Factor = 0.5
	case design.FaultCut:
		f.Cut = []design.Cut{{From: f.Node, To: "*"}}
		if g.chance(name+" one way", 0.5) {
			f.Cut = []design.Cut{{From: f.Node, To: "bus"}}
		}
		f.Node, f.Instance = "", 0
	case design.FaultSet:
		f.Set = []design.Setting{{Path: "service." + f.Node + ".workers", Value: "3"}, {Path: "link.default.loss", Value: "20%"}}
		if g.chance(name+" other", 0.5) {
			f.Set = []design.Setting{{Path: "link.default.latency", Value: "0s"}, {Path: "service." + f.Node + ".speed", Value: "3"}, {Path: "service." + f.Node + ".workers", Value: "1"}}
		}
		f.Node, f.Instance = "", 0
	}
	if f.Node != "" && f.Node != "bus" && n > 1 && g.chance(name+" several", 0.3) {
		f.Others = []design.Member{{Node: fmt.Sprintf("s%d", (node+1)%n)}}
		f.Pick = rapid.IntRange(0, 1).Draw(g.t, name+" pick")
	}
	if g.chance(name+" flaps", 0.3) {
		f.Down, f.Up, f.HasDown, f.HasUp = exp(60*time.Millisecond), exp(40*time.Millisecond), true, true
	}
	switch {
	case g.chance(name+" again", 0.4):
		f.Every, f.HasEvery = exp(500*time.Millisecond), true
		if f.Node != "" && f.Node != "bus" && f.Others == nil && g.chance(name+" of work", 0.4) {
			f.Every, f.Clock = exp(100*time.Millisecond), design.ClockBusy
		}
	case g.chance(name+" when", 0.3):
		f.When, f.Look = rapid.SampledFrom([]string{"service.s0.waiting > 1", "queue.bus/q.depth >= 3", "load.open.offered > 40"}).Draw(g.t, name+" condition"), 10*time.Millisecond
	}
	return f
}

func genDesign(t *rapid.T) *design.Design {
	g := &designer{t: t, d: &design.Design{Name: "generated"}}
	n := rapid.IntRange(1, 4).Draw(t, "services")
	for i := range n {
		s := design.Service{
			Name: fmt.Sprintf("s%d", i), Workers: rapid.IntRange(1, 3).Draw(t, "workers"),
			Instances: rapid.IntRange(1, 2).Draw(t, "instances"),
			Room:      rapid.IntRange(0, 5).Draw(t, "room"), HasRoom: true,
			OnFull:     design.OnFull(rapid.IntRange(0, 1).Draw(t, "on full")),
			Discipline: design.Discipline(rapid.IntRange(0, 5).Draw(t, "discipline")),
			Crash:      design.CrashPolicy(rapid.IntRange(0, 3).Draw(t, "crash")),
			Balance:    rapid.SampledFrom(balance.All).Draw(t, "balance"),
			Handlers:   []design.Handler{{Name: "do", Steps: g.steps(i, n, 0)}},
			Stores:     g.stores(),
		}
		if g.chance("door", 0.2) {
			of := &bucket.Settings{Rate: 40, Burst: 4, Wait: rapid.SampledFrom([]time.Duration{0, 60 * time.Millisecond, design.None}).Draw(g.t, "door waits")}
			g.keyed("door", of)
			s.Uses = design.Uses{{Of: bucket.Mechanism, Settings: of}}
		}
		if g.chance("door measures", 0.2) {
			s.Uses = append(s.Uses, g.largest("door"))
		}
		if g.chance("shed", 0.3) {
			s.Uses = append(s.Uses, design.Use{Of: shed.Mechanism, Settings: &shed.Settings{
				Length: 4, Spare: rapid.IntRange(0, 2).Draw(t, "spare"), Deadline: rapid.SampledFrom([]time.Duration{0, 100 * time.Millisecond}).Draw(t, "in time"),
				Policy: shed.Policy(rapid.IntRange(0, 2).Draw(t, "policy")), Target: 2 * time.Millisecond, Interval: 20 * time.Millisecond,
			}})
		}
		if s.Instances > 1 && g.chance("health", 0.4) {
			s.Uses = append(s.Uses, design.Use{Of: health.Mechanism, Settings: &health.Settings{
				Interval: rapid.SampledFrom([]time.Duration{0, 50 * time.Millisecond}).Draw(t, "checks"), Timeout: 20 * time.Millisecond, Unhealthy: 2, Failures: 2, Eject: 100 * time.Millisecond,
			}})
		}
		if g.chance("scaled", 0.3) {
			of := &scale.Settings{Min: 1, Max: rapid.IntRange(2, 4).Draw(t, "at most"), Interval: 40 * time.Millisecond, StartUp: rapid.SampledFrom([]draw.Dist{draw.Const(0), draw.Const(0.03), draw.Must(draw.ExpDist(0.03))}).Draw(t, "start-up"), HasStartUp: true, DownWindow: 50 * time.Millisecond}
			if g.chance("by depth", 0.5) {
				of.Depth = 1
			} else {
				of.Occupancy = 0.5
			}
			s.Uses = append(s.Uses, design.Use{Of: scale.Mechanism, Settings: of})
		}
		if g.chance("adaptive", 0.3) {
			s.Uses = append(s.Uses, design.Use{Of: concurrency.Mechanism, Settings: &concurrency.Settings{Gradient: g.chance("gradient", 0.5), Target: 40 * time.Millisecond, Initial: 3}})
		}
		if s.Balance.Keyed {
			s.Key = "items"
		}
		g.d.Services = append(g.d.Services, s)
	}
	last := &g.d.Services[n-1]
	last.Handlers = append(last.Handlers, design.Handler{Name: "eat", Steps: g.steps(n-1, n, 0)})
	last.Consumes = []design.Consume{
		{From: design.Target{Node: "bus", Entry: "q"}, Handler: "eat", Ack: design.Ack(rapid.IntRange(0, 1).Draw(t, "ack")), Prefetch: rapid.IntRange(0, 3).Draw(t, "prefetch")},
		{From: design.Target{Node: "bus", Entry: "t"}, Handler: "eat", Subscription: "sub"},
	}
	for i := range last.Consumes {
		g.fetches(&last.Consumes[i])
	}
	q := design.Queue{
		Name: "q", MaxLength: rapid.IntRange(1, 10).Draw(t, "max"), Overflow: overflow.All[rapid.IntRange(0, 3).Draw(t, "overflow")],
		MaxDeliveries: rapid.IntRange(0, 3).Draw(t, "max deliveries"), SetAside: g.chance("set aside", 0.3), DeadLetter: "dead", Durable: g.chance("durable", 0.5),
		Requeue: design.Requeue(rapid.IntRange(0, 2).Draw(t, "requeue")), RequeueLost: design.Requeue(rapid.IntRange(0, 3).Draw(t, "requeue lost")),
	}
	if last.Consumes[0].Pull.Min <= 1 && g.chance("keyed", 0.3) {
		q.Key = rapid.SampledFrom([]string{"kind", "items"}).Draw(t, "key")
	}
	q.Expire = rapid.SampledFrom([]design.Expire{design.ExpireHead, design.ExpireHead, design.ExpireAny, design.ExpireHeld}).Draw(t, "expire")
	q.Known = g.known("queue")
	if g.chance("some ends count", 0.3) {
		for _, end := range design.Ends {
			if g.chance(end+" counts", 0.5) {
				q.Counted = append(q.Counted, end)
			}
		}
		if q.RedeliveryDelay.Base.IsZero() {
			q.RedeliveryDelay.Base = draw.Const(0.002)
		}
	}
	if g.chance("throttled", 0.2) {
		of := &bucket.Settings{Rate: 60, Burst: 5}
		g.keyed("queue", of)
		q.Uses = design.Uses{{Of: bucket.Mechanism, Settings: of}}
	}
	if g.chance("queue measures", 0.2) {
		q.Uses = append(q.Uses, g.largest("queue"))
	}
	if q.Durable && g.chance("some persist", 0.3) {
		q.Persistent = g.condition("persistent")
	}
	q.Flush = g.flush("queue", q.Durable)
	if g.chance("all hold at most", 0.3) {
		q.MaxUnacked = rapid.IntRange(1, 4).Draw(t, "held by all")
	}
	if q.Key == "" && g.chance("priorities", 0.3) {
		q.Line = design.Line{Levels: rapid.IntRange(2, 4).Draw(t, "levels"), Highest: g.chance("highest first", 0.5), Ratio: rapid.IntRange(0, 2).Draw(t, "ratio")}
	}
	if g.chance("queue delays", 0.2) {
		q.Delay = g.ms("queue delay", 40)
	}
	if g.chance("ttl", 0.4) {
		q.TTL = 100 * time.Millisecond
	}
	if g.chance("visibility", 0.4) {
		q.Visible = 80 * time.Millisecond
		q.AwaitVisible = g.chance("await visible", 0.5)
	} else if g.chance("consumer timeout", 0.3) {
		q.Timeout = 90 * time.Millisecond
	}
	dead := design.Queue{Name: "dead"}
	if g.chance("dead is read", 0.3) {
		dead.MaxLength = 2
		last.Consumes = append(last.Consumes, design.Consume{From: design.Target{Node: "bus", Entry: "dead"}, Handler: "eat", Ack: design.Manual})
	} else if q.Overflow != overflow.DeadLetter && g.chance("dead comes back", 0.3) {
		dead.TTL, dead.DeadLetter = 60*time.Millisecond, "q"
	}
	if g.chance("redrive", 0.4) {
		dead.Redrive = design.Redrive{At: g.ms("redrive at", 700) + time.Millisecond, Rate: rapid.SampledFrom([]float64{20, 1000}).Draw(t, "redrive rate")}
		if g.chance("redrive again", 0.5) {
			dead.Redrive.Every = 150 * time.Millisecond
		}
		if g.chance("redrive elsewhere", 0.3) {
			dead.Redrive.To = "q"
		}
	}
	beat := rapid.SampledFrom([]time.Duration{0, design.None, 20 * time.Millisecond, 150 * time.Millisecond}).Draw(t, "heartbeat")
	again := design.Retry{Base: exp(30 * time.Millisecond)}
	g.d.Brokers = []design.Broker{{Name: "bus", Heartbeat: beat, Reconnect: again, Queues: []design.Queue{q, dead}, Topics: []design.Topic{{Name: "t", Template: design.Queue{Visible: 100 * time.Millisecond}}}}}
	if g.chance("flow control", 0.3) {
		f := &g.d.Brokers[0].Flow
		f.Messages, f.Size = rapid.IntRange(0, 8).Draw(t, "most messages"), rapid.SampledFrom([]float64{0, 4000}).Draw(t, "most bytes")
		if f.Messages > 0 || f.Size > 0 {
			f.Resume = rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "resume")
			f.Slow = rapid.SampledFrom([]float64{0, 0, 5, 100}).Draw(t, "slow")
		}
	}
	if g.chance("capacity", 0.35) {
		c := &g.d.Brokers[0].Capacity
		c.Workers, c.Publish = rapid.IntRange(1, 3).Draw(t, "broker's workers"), exp(g.ms("publish", 20)+time.Millisecond)
		if g.chance("store", 0.5) {
			c.Store = constant(g.ms("store", 10))
		}
		if g.chance("deliver", 0.5) {
			c.Deliver = g.dist("deliver")
		}
	}
	if g.chance("replicas", 0.4) {
		n := rapid.IntRange(2, 3).Draw(t, "nodes")
		g.d.Brokers[0].Replicas = design.Replication{Nodes: n, Acks: rapid.SampledFrom([]design.Acks{design.AcksLeader, design.AcksAll, design.AcksMajority, design.AcksNone}).Draw(t, "acks"), Lag: g.dist("lag"), Failover: g.dist("failover")}
		if c := &g.d.Brokers[0].Capacity; c.Workers > 0 && g.chance("replicate", 0.5) {
			c.Replicate = constant(g.ms("replicate", 5))
		}
		if g.chance("catch up", 0.5) {
			g.d.Brokers[0].Replicas.CatchUp = g.ms("catch up for", 300)
			g.d.Brokers[0].Replicas.Unclean = g.d.Brokers[0].Replicas.CatchUp > 0 && g.d.Brokers[0].Replicas.Acks != design.AcksMajority && g.chance("unclean", 0.6)
		}
		if g.d.Brokers[0].Replicas.Acks != design.AcksMajority && g.chance("lag limit", 0.5) {
			g.d.Brokers[0].Replicas.LagLimit = time.Duration(g.d.Brokers[0].Replicas.Lag.Mean()*1e9) + g.ms("lag limit over the mean", 100) + 1
			if g.chance("follower stops", 0.6) {
				g.d.Faults = append(g.d.Faults, design.Fault{Name: "stops", Kind: design.FaultPause, Node: "bus", Instance: n, At: g.ms("stop at", 500), For: g.dist("stopped for"), HasFor: true})
			}
		}
		if g.d.Brokers[0].Replicas.Acks == design.AcksAll {
			g.d.Brokers[0].Replicas.Minimum = rapid.IntRange(0, n).Draw(t, "minimum")
		}
	}
	g.order(last, &q)
	g.log(last)
	if g.chance("filter", 0.3) {
		g.d.Brokers[0].Topics[0].Template.Filter = g.condition("filter")
	}
	g.d.Default = g.link()
	g.d.Loads = []design.Load{
		{Name: "open", To: design.Target{Node: "s0", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 50}, Deadline: g.ms("deadline", 1000), LateBackoff: g.chance("late back-off", 0.3), Cancel: g.chance("cancel", 0.5), Timeout: g.ms("client timeout", 300), Retry: g.retry("client retry"), Patience: exp(50 * time.Millisecond), HasLimit: g.chance("patience", 0.3), Priority: 2},
		{Name: "closed", To: design.Target{Node: "s0", Entry: "do"}, Users: 3, Think: g.dist("think"), Deadline: time.Second},
		{Name: "events", To: g.entry("events"), Arrivals: design.Arrivals{Kind: design.Regular, Rate: 30}, Confirm: []design.Target{{Node: last.Name, Entry: "eat"}}, Gather: g.gather("events")},
		{Name: "batches", To: design.Target{Node: "s0", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Renewal, Interval: g.dist("between"), Batch: draw.Const(3), HasBatch: true}, Count: 60, Timeout: design.None, IgnoreLate: true},
	}
	if to := &g.d.Loads[2].To; last.Order != design.OrderEach && to.Entry == "log" {
		to.Entry = "q" // nobody who confirms reads the log
	}
	g.d.Loads[2].Post = g.post("events", g.d.Loads[2].To, true)
	for i := range g.d.Loads {
		g.d.Loads[i].Uses = g.uses(g.d.Loads[i].Name, g.d.Loads[i].To.Node != "bus", g.d.Loads[i].Retry.Attempts > 1)
	}
	items := draw.Must(draw.Parse("integer(0, 3)", draw.None, nil))
	even := draw.Must(draw.DiscreteDist([]float64{0, 1}, []float64{1, 1}))
	g.d.Loads[0].Attributes = []design.Attribute{{Name: "kind", Dist: even, Words: []string{"a", "b"}}, {Name: "items", Dist: items}}
	g.d.Loads[2].Attributes = []design.Attribute{{Name: "kind", Dist: even, Words: []string{"b", "c"}}, {Name: "other", Dist: even, Words: []string{"c", "a"}}, {Name: "whole", Dist: items}}
	if g.chance("priority by", 0.3) {
		g.d.Loads[0].Priority, g.d.Loads[0].PriorityBy = 1, "items"
	}
	if !g.d.Default.Latency.IsZero() && g.chance("hurry", 0.2) { // users who come back at once
		g.d.Loads[1].Think, g.d.Loads[1].Count = draw.Const(0), 500
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "faults") {
		g.d.Faults = append(g.d.Faults, g.fault(fmt.Sprintf("f%d", i), n))
	}
	g.more()
	g.mendKept()
	if g.chance("prices", 0.3) {
		g.d.Prices = design.Prices{Currency: "USD", InstanceHour: 360, BrokerMillion: 1e4, GB: 1e4}
		g.d.Services[0].Price, g.d.Services[0].HasPrice = 720, g.chance("own price", 0.5)
		g.d.Brokers[0].Price, g.d.Brokers[0].HasPrice = 2e4, g.chance("price of the broker", 0.5)
		g.d.Default.Price, g.d.Default.HasPrice = 100, g.chance("price of links", 0.5)
	}
	return g.d
}
