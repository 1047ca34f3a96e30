package engine

import (
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/overflow"
)

// The designs of the golden runs that are there for what storm leaves out: mill
// for services, faults and links, depot for brokers.

// byHand are the changes made by hand during golden runs, by the name of the design.
var byHand = map[string][]design.Change{
	"mill": {
		{At: 3 * time.Second, Path: "service.saw.workers", Value: "3"},
		{At: 4 * time.Second, Path: "load.open.rate", Value: "90/s"},
		{At: 12 * time.Second, Path: design.Inject, Value: "slow plane factor=3 for=500ms"},
		{At: 13 * time.Second, Path: design.Inject, Value: "pause saw"},
		{At: 13200 * time.Millisecond, Path: design.Heal, Value: "pause-saw"},
	},
	"depot": {{At: 5 * time.Second, Path: "queue.yard/retry.max_length", Value: "5"}},
}

// mill has every discipline, policy of a full room, balance, policy after a
// crash, arrival, back-off, jitter, kind of step but those for queues, kind of
// fault, and links that keep their order, send again, or spoil unseen.
func mill() *design.Design {
	ms := func(n int) draw.Dist { return exp(time.Duration(n) * milli) }
	call := func(node string) design.Step {
		return design.Step{Op: design.Call, To: design.Target{Node: node, Entry: "do"}, Timeout: 40 * milli, Cancel: true, Retry: design.Retry{Attempts: 3, Backoff: backoff.Linear, Base: constant(3 * milli), Jitter: design.EqualJitter}}
	}
	awaited := design.Step{Op: design.Await, To: design.Target{Node: "sand", Entry: "do"}, Timeout: 80 * milli, HasElse: true, Harmless: true, Else: []design.Step{{Op: design.Delay, Dist: ms(2)}}}
	fault := func(name string, kind design.FaultKind, node string, from, during time.Duration) design.Fault {
		return design.Fault{Name: name, Kind: kind, Node: node, At: from, For: constant(during), HasFor: true, Period: 5 * time.Second}
	}
	slow := fault("slow", design.FaultSlow, "plane", 5500*milli, 700*milli)
	slow.Factor, slow.Instance = 4, 2
	errors := fault("errors", design.FaultErrors, "sand", 6*time.Second, 500*milli)
	errors.Factor = 0.3
	cut := fault("cut", design.FaultCut, "", 7*time.Second, 150*milli)
	cut.Cut = []design.Cut{{From: "plane", To: "*"}}
	set := fault("set", design.FaultSet, "", 8*time.Second, 800*milli)
	set.Set = []design.Setting{{Path: "service.saw.speed", Value: "0.5"}, {Path: "service.sand.errors", Value: "10%"}}
	drawn := design.Fault{Name: "drawn", Kind: design.FaultCrash, Node: "store", Every: seconds("exp(4s)"), HasEvery: true, For: seconds("uniform(50ms, 400ms)"), HasFor: true}
	return &design.Design{
		Name: "mill",
		Loads: []design.Load{
			{Name: "open", To: design.Target{Node: "saw", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 60}, Timeout: 400 * milli, Deadline: time.Second, Cancel: true,
				Retry: design.Retry{Attempts: 2, Base: ms(10), Jitter: design.FullJitter}, Size: draw.Must(draw.ExpDist(3000)), Patience: ms(200), HasLimit: true},
			{Name: "even", To: design.Target{Node: "plane", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 30}, Start: 500 * milli, Stop: 18 * time.Second, Count: 400, Priority: 2, IgnoreLate: true, Timeout: 60 * milli},
			at("traced", design.Target{Node: "saw", Entry: "do"}, 0, time.Second, time.Second, 2500*milli, 9*time.Second),
			{Name: "users", To: design.Target{Node: "plane", Entry: "do"}, Users: 8, Think: ms(100), Stagger: true, Confirm: []design.Target{{Node: "store", Entry: "do"}}, Confirms: 2, Priority: 1, Deadline: 2 * time.Second},
		},
		Default: design.LinkParams{Latency: seconds("lognormal(1ms, cv=0.5)")},
		Links: []design.Link{
			{From: "saw", To: "plane", LinkParams: design.LinkParams{Latency: seconds("gamma(2ms, cv=1)"), Loss: 0.02, Retransmit: 20 * milli, Order: design.OrderFIFO, Bandwidth: 4e5}},
			{From: "plane", To: "sand", LinkParams: design.LinkParams{Latency: ms(1), Corrupt: 0.02, Unseen: true, Reorder: 0.05, ReorderBy: ms(5), Duplicate: 0.02}},
			{From: "plane", To: "store"},
		},
		Services: []design.Service{
			{Name: "saw", Instances: 2, Workers: 2, Room: 6, HasRoom: true, OnFull: design.DropOldest, Discipline: design.LIFO, Crash: design.CrashKeep, Handlers: []design.Handler{handler("do", design.Step{Op: design.Work, Dist: ms(8)},
				design.Step{Op: design.Choose, Weights: []float64{0.5, 0.2}, Branches: [][]design.Step{{call("plane")}, {{Op: design.Reply}, {Op: design.Work, Dist: ms(3)}, {Op: design.Stop}}}})}},
			{Name: "plane", Instances: 3, Workers: 1, Room: 2, HasRoom: true, Discipline: design.Priority, Balance: balance.TwoChoices, Crash: design.CrashResume, Speed: 1.5, Handlers: []design.Handler{handler("do", design.Step{Op: design.Work, Dist: ms(5)},
				design.Step{Op: design.Parallel, Branches: [][]design.Step{{awaited}, {{Op: design.Delay, Dist: ms(4)}}}, HasElse: true, Harmless: true},
				design.Step{Op: design.Parallel, Times: 3, Need: 2, Branches: [][]design.Step{{{Op: design.Work, Dist: ms(2)}, {Op: design.Fail, Prob: 0.2, HasProb: true}}}, HasElse: true, Harmless: true},
				design.Step{Op: design.Repeat, Count: 2, Branches: [][]design.Step{{{Op: design.Send, To: design.Target{Node: "store", Entry: "do"}}}}})}},
			{Name: "sand", Instances: 2, Workers: 3, Balance: balance.Random, Discipline: design.Sharing, Crash: design.CrashRestart, Errors: 0.01, Handlers: []design.Handler{handler("do", design.Step{Op: design.Work, Dist: seconds("erlang(2, 9ms)")}, design.Step{Op: design.Fail, Prob: 0.03, HasProb: true})}},
			{Name: "store", Instances: 3, Workers: 2, Balance: balance.LeastBusy, Handlers: []design.Handler{handler("do", design.Step{Op: design.Work, Dist: ms(6)})}},
		},
		Faults: []design.Fault{
			fault("crash", design.FaultCrash, "saw", 3*time.Second, 200*milli), fault("resume", design.FaultCrash, "plane", 3500*milli, 300*milli), fault("restart", design.FaultCrash, "sand", 4*time.Second, 200*milli),
			fault("host", design.FaultHostCrash, "plane", 4500*milli, 250*milli), fault("pause", design.FaultPause, "sand", 5*time.Second, 300*milli), slow, errors, cut, set, drawn,
		},
	}
}

// depot has every overflow, acknowledgement, kind of dead letter and setting of
// a queue, subscriptions that are declared and that are made, confirmed
// publishes, and a broker that crashes in both ways.
func depot() *design.Design {
	ms := func(n int) draw.Dist { return exp(time.Duration(n) * milli) }
	send := func(entry string, confirm bool) design.Step {
		return design.Step{Op: design.Publish, To: design.Target{Node: "yard", Entry: entry}, Confirm: confirm, Timeout: 200 * milli, HasElse: confirm, Harmless: true, Retry: design.Retry{Attempts: 2, Base: constant(5 * milli)}}
	}
	maybe := func(p float64, s design.Step) design.Step {
		return design.Step{Op: design.Choose, Weights: []float64{p}, Branches: [][]design.Step{{s}}}
	}
	from := func(entry string, k design.Consume) design.Consume {
		k.From, k.Handler = design.Target{Node: "yard", Entry: entry}, "do"
		return k
	}
	return &design.Design{
		Name: "depot",
		Loads: []design.Load{
			{Name: "trucks", To: design.Target{Node: "gate", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 40, Scale: 1.25}, Timeout: 600 * milli, Confirm: []design.Target{{Node: "clerk", Entry: "do"}}},
			{Name: "mail", To: design.Target{Node: "yard", Entry: "block"}, Arrivals: design.Arrivals{Kind: design.Renewal, Interval: seconds("hyperexp(20ms, cv=3)")}, Timeout: 100 * milli, Retry: design.Retry{Attempts: 2, Backoff: backoff.Exponential, Base: constant(4 * milli), Factor: 3, Cap: 10 * milli}},
			{Name: "news", To: design.Target{Node: "yard", Entry: "news"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 10}},
		},
		Default: design.LinkParams{Latency: constant(milli)},
		Links:   []design.Link{{From: "yard", To: "clerk", LinkParams: design.LinkParams{Latency: ms(2), Loss: 0.03, Duplicate: 0.03}}, {From: "gate", To: "yard"}},
		Services: []design.Service{
			{Name: "gate", Workers: 4, Handlers: []design.Handler{handler("do", design.Step{Op: design.Work, Dist: ms(5)}, send("reject", true), send("retry", false), maybe(0.5, send("letters", false)), maybe(0.3, send("news", true)), send("all", false))}},
			{Name: "clerk", Workers: 2, Instances: 2, Handlers: []design.Handler{handler("do", design.Step{Op: design.Work, Dist: ms(12)}, maybe(0.1, design.Step{Op: design.Nack, Requeue: true}), maybe(0.1, design.Step{Op: design.Nack}), maybe(0.2, design.Step{Op: design.AckNow}), design.Step{Op: design.Fail, Prob: 0.05, HasProb: true})},
				Consumes: []design.Consume{from("reject", design.Consume{Prefetch: 3}), from("all", design.Consume{Prefetch: design.Unlimited}), from("retry", design.Consume{Consumers: 2}), from("news", design.Consume{Subscription: "desk"})}},
			{Name: "crane", Workers: 1, Crash: design.CrashResume, Handlers: []design.Handler{handler("do", design.Step{Op: design.Work, Dist: ms(20)})},
				Consumes: []design.Consume{from("block", design.Consume{Ack: design.Automatic, Prefetch: 2}), from("letters", design.Consume{Prefetch: 2}), from("news", design.Consume{})}},
		},
		Brokers: []design.Broker{{Name: "yard",
			Queues: []design.Queue{
				{Name: "reject", MaxLength: 8, Visible: 60 * milli, AwaitVisible: true, MaxDeliveries: 3, DeadLetter: "dead"},
				{Name: "retry", MaxLength: 10, Overflow: overflow.DeadLetter, DeadLetter: "dead", Requeue: design.RequeueHead, RedeliveryDelay: design.Retry{Base: constant(10 * milli), Backoff: backoff.Linear, Cap: 25 * milli}},
				{Name: "block", MaxLength: 3, Overflow: overflow.Block, Durable: true},
				{Name: "letters", MaxLength: 6, Overflow: overflow.DropOldest, TTL: 80 * milli, DeadLetter: "dead"},
				{Name: "all", MaxLength: design.Unlimited, Durable: true, Visible: 500 * milli},
				{Name: "dead", MaxLength: 100},
			},
			Topics: []design.Topic{{Name: "news", Subscriptions: []design.Queue{{Name: "archive", MaxLength: 50, Overflow: overflow.DropOldest}}, Template: design.Queue{MaxLength: 20, TTL: 2 * time.Second, Durable: true}}},
		}},
		Faults: []design.Fault{
			{Name: "crash", Kind: design.FaultCrash, Node: "yard", At: 6 * time.Second, For: constant(200 * milli), HasFor: true},
			{Name: "host", Kind: design.FaultHostCrash, Node: "yard", At: 9 * time.Second, For: constant(300 * milli), HasFor: true},
			{Name: "clerk", Kind: design.FaultCrash, Node: "clerk", Instance: 1, Every: seconds("exp(2s)"), HasEvery: true, For: constant(100 * milli), HasFor: true},
			{Name: "crane", Kind: design.FaultCrash, Node: "crane", At: 4 * time.Second, For: constant(100 * milli), HasFor: true, Period: 3 * time.Second},
		},
	}
}
