package model

import (
	"time"

	"asynclab/sim/draw"
)

// The designs of the golden runs that are there for what storm leaves out: mill
// for services, faults and links, depot for brokers.

// byHand are the changes made by hand during golden runs, by the name of the design.
var byHand = map[string][]Change{
	"mill": {
		{At: 3 * time.Second, Path: "service.saw.workers", Value: "3"},
		{At: 4 * time.Second, Path: "load.open.rate", Value: "90/s"},
		{At: 12 * time.Second, Path: changeInject, Value: "slow plane factor=3 for=500ms"},
		{At: 13 * time.Second, Path: changeInject, Value: "pause saw"},
		{At: 13200 * time.Millisecond, Path: changeHeal, Value: "pause-saw"},
	},
	"depot": {{At: 5 * time.Second, Path: "queue.yard/retry.max_length", Value: "5"}},
}

// mill has every discipline, policy of a full room, balance, policy after a
// crash, arrival, back-off, jitter, kind of step but those for queues, kind of
// fault, and links that keep their order, send again, or spoil unseen.
func mill() *Design {
	ms := func(n int) draw.Dist { return exp(time.Duration(n) * milli) }
	call := func(node string) Step {
		return Step{Op: Call, To: Target{node, "do"}, Timeout: 40 * milli, Cancel: true, Retry: Retry{Attempts: 3, Backoff: BackoffLinear, Base: constant(3 * milli), Jitter: EqualJitter}}
	}
	awaited := Step{Op: Await, To: Target{"sand", "do"}, Timeout: 80 * milli, HasElse: true, Else: []Step{{Op: Delay, Dist: ms(2)}}}
	fault := func(name string, kind FaultKind, node string, from, during time.Duration) Fault {
		return Fault{Name: name, Kind: kind, Node: node, At: from, For: constant(during), HasFor: true, Period: 5 * time.Second}
	}
	slow := fault("slow", FaultSlow, "plane", 5500*milli, 700*milli)
	slow.Factor, slow.Instance = 4, 2
	errors := fault("errors", FaultErrors, "sand", 6*time.Second, 500*milli)
	errors.Factor = 0.3
	cut := fault("cut", FaultCut, "", 7*time.Second, 150*milli)
	cut.Cut = []Cut{{"plane", "*"}}
	set := fault("set", FaultSet, "", 8*time.Second, 800*milli)
	set.Set = []Setting{{"service.saw.speed", "0.5"}, {"service.sand.errors", "10%"}}
	drawn := Fault{Name: "drawn", Kind: FaultCrash, Node: "store", Every: seconds("exp(4s)"), HasEvery: true, For: seconds("uniform(50ms, 400ms)"), HasFor: true}
	return &Design{
		Name: "mill",
		Loads: []Load{
			{Name: "open", To: Target{"saw", "do"}, Arrivals: Arrivals{Kind: Poisson, Rate: 60}, Timeout: 400 * milli, Deadline: time.Second, Cancel: true,
				Retry: Retry{Attempts: 2, Backoff: BackoffConstant, Base: ms(10), Jitter: FullJitter}, Size: draw.Must(draw.ExpDist(3000)), Patience: ms(200), HasLimit: true},
			{Name: "even", To: Target{"plane", "do"}, Arrivals: Arrivals{Kind: Regular, Rate: 30}, Start: 500 * milli, Stop: 18 * time.Second, Count: 400, Priority: 2, IgnoreLate: true, Timeout: 60 * milli},
			at("traced", Target{"saw", "do"}, 0, time.Second, time.Second, 2500*milli, 9*time.Second),
			{Name: "users", To: Target{"plane", "do"}, Users: 8, Think: ms(100), Stagger: true, Confirm: []Target{{"store", "do"}}, Confirms: 2, Priority: 1, Deadline: 2 * time.Second},
		},
		Default: LinkParams{Latency: seconds("lognormal(1ms, cv=0.5)")},
		Links: []Link{
			{From: "saw", To: "plane", LinkParams: LinkParams{Latency: seconds("gamma(2ms, cv=1)"), Loss: 0.02, Retransmit: 20 * milli, InOrder: true, Bandwidth: 4e5}},
			{From: "plane", To: "sand", LinkParams: LinkParams{Latency: ms(1), Corrupt: 0.02, Unseen: true, Reorder: 0.05, ReorderBy: ms(5), Duplicate: 0.02}},
			{From: "plane", To: "store"},
		},
		Services: []Service{
			{Name: "saw", Instances: 2, Workers: 2, Room: 6, HasRoom: true, OnFull: DropOldest, Discipline: LIFO, Crash: CrashKeep, Handlers: []Handler{handler("do", Step{Op: Work, Dist: ms(8)},
				Step{Op: Choose, Weights: []float64{0.5, 0.2}, Branches: [][]Step{{call("plane")}, {{Op: Reply}, {Op: Work, Dist: ms(3)}, {Op: Stop}}}})}},
			{Name: "plane", Instances: 3, Workers: 1, Room: 2, HasRoom: true, Discipline: Priority, Balance: TwoChoices, Crash: CrashResume, Speed: 1.5, Handlers: []Handler{handler("do", Step{Op: Work, Dist: ms(5)},
				Step{Op: Parallel, Branches: [][]Step{{awaited}, {{Op: Delay, Dist: ms(4)}}}, HasElse: true},
				Step{Op: Parallel, Times: 3, Need: 2, Branches: [][]Step{{{Op: Work, Dist: ms(2)}, {Op: Fail, Prob: 0.2, HasProb: true}}}, HasElse: true},
				Step{Op: Repeat, Count: 2, Branches: [][]Step{{{Op: Send, To: Target{"store", "do"}}}}})}},
			{Name: "sand", Instances: 2, Workers: 3, Balance: Random, Discipline: Sharing, Crash: CrashRestart, Errors: 0.01, Handlers: []Handler{handler("do", Step{Op: Work, Dist: seconds("erlang(2, 9ms)")}, Step{Op: Fail, Prob: 0.03, HasProb: true})}},
			{Name: "store", Instances: 3, Workers: 2, Balance: LeastBusy, Handlers: []Handler{handler("do", Step{Op: Work, Dist: ms(6)})}},
		},
		Faults: []Fault{
			fault("crash", FaultCrash, "saw", 3*time.Second, 200*milli), fault("resume", FaultCrash, "plane", 3500*milli, 300*milli), fault("restart", FaultCrash, "sand", 4*time.Second, 200*milli),
			fault("host", FaultHostCrash, "plane", 4500*milli, 250*milli), fault("pause", FaultPause, "sand", 5*time.Second, 300*milli), slow, errors, cut, set, drawn,
		},
	}
}

// depot has every overflow, acknowledgement, kind of dead letter and setting of
// a queue, subscriptions that are declared and that are made, confirmed
// publishes, and a broker that crashes in both ways.
func depot() *Design {
	ms := func(n int) draw.Dist { return exp(time.Duration(n) * milli) }
	send := func(entry string, confirm bool) Step {
		return Step{Op: Publish, To: Target{"yard", entry}, Confirm: confirm, Timeout: 200 * milli, HasElse: confirm, Retry: Retry{Attempts: 2, Base: constant(5 * milli)}}
	}
	maybe := func(p float64, s Step) Step {
		return Step{Op: Choose, Weights: []float64{p}, Branches: [][]Step{{s}}}
	}
	from := func(entry string, k Consume) Consume {
		k.From, k.Handler = Target{"yard", entry}, "do"
		return k
	}
	return &Design{
		Name: "depot",
		Loads: []Load{
			{Name: "trucks", To: Target{"gate", "do"}, Arrivals: Arrivals{Kind: Poisson, Rate: 40, Scale: 1.25}, Timeout: 600 * milli, Confirm: []Target{{"clerk", "do"}}},
			{Name: "mail", To: Target{"yard", "block"}, Arrivals: Arrivals{Kind: Renewal, Interval: seconds("hyperexp(20ms, cv=3)")}, Timeout: 100 * milli, Retry: Retry{Attempts: 2, Backoff: BackoffExponential, Base: constant(4 * milli), Factor: 3, Cap: 10 * milli}},
			{Name: "news", To: Target{"yard", "news"}, Arrivals: Arrivals{Kind: Regular, Rate: 10}},
		},
		Default: LinkParams{Latency: constant(milli)},
		Links:   []Link{{From: "yard", To: "clerk", LinkParams: LinkParams{Latency: ms(2), Loss: 0.03, Duplicate: 0.03}}, {From: "gate", To: "yard"}},
		Services: []Service{
			{Name: "gate", Workers: 4, Handlers: []Handler{handler("do", Step{Op: Work, Dist: ms(5)}, send("reject", true), send("retry", false), maybe(0.5, send("letters", false)), maybe(0.3, send("news", true)), send("all", false))}},
			{Name: "clerk", Workers: 2, Instances: 2, Handlers: []Handler{handler("do", Step{Op: Work, Dist: ms(12)}, maybe(0.1, Step{Op: Nack, Requeue: true}), maybe(0.1, Step{Op: Nack}), maybe(0.2, Step{Op: AckNow}), Step{Op: Fail, Prob: 0.05, HasProb: true})},
				Consumes: []Consume{from("reject", Consume{Prefetch: 3}), from("all", Consume{Prefetch: Unlimited}), from("retry", Consume{Consumers: 2}), from("news", Consume{Subscription: "desk"})}},
			{Name: "crane", Workers: 1, Crash: CrashResume, Handlers: []Handler{handler("do", Step{Op: Work, Dist: ms(20)})},
				Consumes: []Consume{from("block", Consume{Ack: Automatic, Prefetch: 2}), from("letters", Consume{Prefetch: 2}), from("news", Consume{})}},
		},
		Brokers: []Broker{{Name: "yard",
			Queues: []Queue{
				{Name: "reject", MaxLength: 8, Visible: 60 * milli, AwaitVisible: true, MaxDeliveries: 3, DeadLetter: "dead"},
				{Name: "retry", MaxLength: 10, Overflow: OverflowDeadLetter, DeadLetter: "dead", RequeueHead: true, RedeliveryDelay: Retry{Base: constant(10 * milli), Backoff: BackoffLinear, Cap: 25 * milli}},
				{Name: "block", MaxLength: 3, Overflow: OverflowBlock, Durable: true},
				{Name: "letters", MaxLength: 6, Overflow: OverflowDropHead, TTL: 80 * milli, DeadLetter: "dead"},
				{Name: "all", MaxLength: Unlimited, Durable: true, Visible: 500 * milli},
				{Name: "dead", MaxLength: 100},
			},
			Topics: []Topic{{Name: "news", Subscriptions: []Queue{{Name: "archive", MaxLength: 50, Overflow: OverflowDropHead}}, Template: Queue{MaxLength: 20, TTL: 2 * time.Second, Durable: true}}},
		}},
		Faults: []Fault{
			{Name: "crash", Kind: FaultCrash, Node: "yard", At: 6 * time.Second, For: constant(200 * milli), HasFor: true},
			{Name: "host", Kind: FaultHostCrash, Node: "yard", At: 9 * time.Second, For: constant(300 * milli), HasFor: true},
			{Name: "clerk", Kind: FaultCrash, Node: "clerk", Instance: 1, Every: seconds("exp(2s)"), HasEvery: true, For: constant(100 * milli), HasFor: true},
			{Name: "crane", Kind: FaultCrash, Node: "crane", At: 4 * time.Second, For: constant(100 * milli), HasFor: true, Period: 3 * time.Second},
		},
	}
}
