package scenarios

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/overflow"

	"github.com/google/go-cmp/cmp"
)

// dist is a distribution of durations.
func dist(expr string) draw.Dist { return draw.Must(draw.Parse(expr, draw.Seconds, nil)) }

func in(expr string, unit draw.Unit) draw.Dist { return draw.Must(draw.Parse(expr, unit, nil)) }

var compareDists = cmp.Options{
	cmp.Comparer(func(a, b draw.Dist) bool { return a.Equal(&b) }),
	cmp.Comparer(func(a, b *backoff.Schedule) bool { return a == b }),
	cmp.Comparer(func(a, b *balance.Policy) bool { return a == b }),
	cmp.Comparer(func(a, b *overflow.Policy) bool { return a == b }),
}

// parseGood reads a scenario without mistakes: a head, the text, and what the
// text leaves out that every scenario needs.
func parseGood(t *testing.T, text string) *Scenario {
	t.Helper()
	head := "version: 1\nname: x\n"
	if !strings.Contains(text, "run:") {
		head += "run: {duration: 10min}\n"
	}
	files := fstest.MapFS{"times.csv": {Data: []byte("# seconds\n1\n2.5s\n\n1min # a minute\n")}}
	s, err := Parse(files, "x.yaml", []byte(head+text))
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return s
}

const sink = "\nservices: {s: {on: {x: []}}}\n"

// load is the load that a text with only the needed keys becomes, changed.
func load(change func(*design.Load)) design.Load {
	l := design.Load{Name: "a", To: design.Target{Node: "s", Entry: "x"}, Stagger: true,
		Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 5}}
	change(&l)
	return l
}

func checkLoads(t *testing.T, tests map[string]design.Load) {
	t.Helper()
	for text, want := range tests {
		full := "to: s/x"
		if !strings.Contains(text, "arrivals") && !strings.Contains(text, "users") {
			full += ", arrivals: poisson(5/s)"
		}
		if text != "" {
			full += ", " + text
		}
		got := parseGood(t, "load: {a: {"+full+"}}"+sink).Designs[0].Loads[0]
		if diff := cmp.Diff(want, got, compareDists); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestLoads(t *testing.T) {
	checkLoads(t, map[string]design.Load{
		"":                          load(func(*design.Load) {}),
		"arrivals: constant(5/s)":   load(func(l *design.Load) { l.Arrivals.Kind = design.Regular }),
		"arrivals: poisson(12/min)": load(func(l *design.Load) { l.Arrivals.Rate = 0.2 }),
		"arrivals: {poisson: 5/s, batch: geometric(5)}": load(func(l *design.Load) {
			l.Arrivals.Batch, l.Arrivals.HasBatch = in("geometric(5)", draw.None), true
		}),
		`arrivals: "every(erlang(2, 1.25s))"`: load(func(l *design.Load) {
			l.Arrivals = design.Arrivals{Kind: design.Renewal, Interval: dist("erlang(2, 1.25s)")}
		}),
		`arrivals: "poisson(bursts(base=50/s, peak=300/s, for=10s, every=60s, at=5s))"`: load(func(l *design.Load) {
			l.Arrivals = design.Arrivals{Kind: design.Poisson, Repeat: true, Profile: []design.Segment{
				{For: 5 * time.Second, From: 50, To: 50}, {For: 10 * time.Second, From: 300, To: 300}, {For: 45 * time.Second, From: 50, To: 50}}}
		}),
		`arrivals: "constant(ramp(from=10/s, to=200/s, over=5min))"`: load(func(l *design.Load) {
			l.Arrivals = design.Arrivals{Kind: design.Regular, Profile: []design.Segment{{For: 5 * time.Minute, From: 10, To: 200}}}
		}),
		"arrivals: {constant: [{for: 10s, rate: 300/s}, {for: 1min, rate: 50/s, to: 100/s}], repeat: true}": load(func(l *design.Load) {
			l.Arrivals = design.Arrivals{Kind: design.Regular, Repeat: true, Profile: []design.Segment{
				{For: 10 * time.Second, From: 300, To: 300}, {For: time.Minute, From: 50, To: 100}}}
		}),
		`arrivals: trace("times.csv")`: load(func(l *design.Load) {
			l.Arrivals = design.Arrivals{Kind: design.Trace, Times: []int64{1e9, 25e8, 60e9}}
		}),
		"arrivals: {trace: times.csv, batch: 2}": load(func(l *design.Load) {
			l.Arrivals = design.Arrivals{Kind: design.Trace, Times: []int64{1e9, 25e8, 60e9}, Batch: in("2", draw.None), HasBatch: true}
		}),
		"users: 20, think: exp(5s), stagger: false": load(func(l *design.Load) {
			l.Arrivals, l.Users, l.Think, l.Stagger = design.Arrivals{}, 20, dist("exp(5s)"), false
		}),
		"start: 10s, stop: 1h30min, count: 1e6": load(func(l *design.Load) {
			l.Start, l.Stop, l.Count = 10*time.Second, 90*time.Minute, 1e6
		}),
		"deadline: none, timeout: 250ms, cancel: true": load(func(l *design.Load) {
			l.Deadline, l.Timeout, l.Cancel = design.None, 250*time.Millisecond, true
		}),
		"patience: exp(2min)":  load(func(l *design.Load) { l.Patience, l.HasLimit = dist("exp(2min)"), true }),
		"late_replies: ignore": load(func(l *design.Load) { l.IgnoreLate = true }),
		"late_backoff: wait":   load(func(l *design.Load) { l.LateBackoff = true }),
		"confirm: s/x":         load(func(l *design.Load) { l.Confirm = []design.Target{{Node: "s", Entry: "x"}} }),
		"confirm: {at: [s/x], count: 2}": load(func(l *design.Load) {
			l.Confirm, l.Confirms = []design.Target{{Node: "s", Entry: "x"}}, 2
		}),
		"priority: 3, size: 2kB": load(func(l *design.Load) { l.Priority, l.Size, l.HasSize = 3, in("2kB", draw.Bytes), true }),
	})
}

func TestRetries(t *testing.T) {
	checkLoads(t, map[string]design.Load{
		"retry: {attempts: unlimited, backoff: exp(2s)}": load(func(l *design.Load) {
			l.Retry = design.Retry{Attempts: design.Unlimited, Base: dist("exp(2s)")}
		}),
		`retry: {attempts: 3, backoff: "exponential(100ms, factor=3, max=10s)", jitter: full, on: [timeout, error]}`: load(func(l *design.Load) {
			l.Retry = design.Retry{Attempts: 3, Backoff: backoff.Exponential, Base: dist("100ms"), Factor: 3, Cap: 10 * time.Second,
				Jitter: design.FullJitter, On: design.CauseSet{}.With(design.Timeout).With(design.Error)}
		}),
		"retry: {attempts: 3, backoff: linear(1s), jitter: equal}": load(func(l *design.Load) {
			l.Retry = design.Retry{Attempts: 3, Backoff: backoff.Linear, Base: dist("1s"), Jitter: design.EqualJitter}
		}),
		"retry: {attempts: 3, backoff: decorrelated(1s)}": load(func(l *design.Load) {
			l.Retry = design.Retry{Attempts: 3, Backoff: backoff.Decorrelated, Base: dist("1s")}
		}),
	})
}

func TestServices(t *testing.T) {
	tests := map[string]design.Service{
		"instances: 3, workers: 64":                    {Instances: 3, Workers: 64},
		"workers: unlimited":                           {Workers: design.Unlimited},
		"queue: 1000":                                  {Room: 1000, HasRoom: true},
		"queue: none":                                  {Room: 0, HasRoom: true},
		"queue: unlimited":                             {Room: design.Unlimited, HasRoom: true},
		"queue: {limit: 5, when_full: drop-oldest}":    {Room: 5, HasRoom: true, OnFull: design.DropOldest},
		"queue: {when_full: drop-oldest}":              {OnFull: design.DropOldest},
		"discipline: preemptive, balance: two-choices": {Discipline: design.Preemptive, Balance: balance.TwoChoices},
		"discipline: sharing, balance: least-busy":     {Discipline: design.Sharing, Balance: balance.LeastBusy},
		"on_crash: restart, speed: 0.5, errors: 1%":    {Crash: design.CrashRestart, Speed: 0.5, Errors: 0.01},
	}
	for text, want := range tests {
		want.Name = "s"
		want.Handlers = []design.Handler{{Name: "x", Steps: []design.Step{}}}
		got := parseGood(t, "load: {a: {to: s/x, arrivals: poisson(5/s)}}\nservices: {s: {on: {x: []}, "+text+"}}").Designs[0].Services[0]
		if diff := cmp.Diff(want, got, compareDists); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestSteps(t *testing.T) {
	y := design.Target{Node: "s", Entry: "y"}
	call := design.Step{Op: design.Call, To: y}
	tests := map[string]design.Step{
		"work: exp(2ms)": {Op: design.Work, Dist: dist("exp(2ms)")},
		"delay: 2s":      {Op: design.Delay, Dist: dist("2s")},
		"call: s/y":      call,
		"{call: s/y, timeout: 1s, cancel: true, size: 1kB}":    {Op: design.Call, To: y, Timeout: time.Second, Cancel: true, Size: in("1kB", draw.Bytes), HasSize: true},
		"{send: s/y, size: 0B}":                                {Op: design.Send, To: y, Size: in("0B", draw.Bytes), HasSize: true},
		"{reply: 2kB}":                                         {Op: design.Reply, Size: in("2kB", draw.Bytes), HasSize: true},
		"{call: s/y, timeout: none, else: [reply]}":            {Op: design.Call, To: y, Timeout: design.None, HasElse: true, Else: []design.Step{{Op: design.Reply}}},
		"{call: s/y, retry: {attempts: 3}}":                    {Op: design.Call, To: y, Retry: design.Retry{Attempts: 3}},
		"await: s/y":                                           {Op: design.Await, To: y},
		"send: s/y":                                            {Op: design.Send, To: y},
		"publish: b/q":                                         {Op: design.Publish, To: design.Target{Node: "b", Entry: "q"}},
		"{publish: b/t, confirm: true}":                        {Op: design.Publish, To: design.Target{Node: "b", Entry: "t"}, Confirm: true},
		"parallel: [[call: s/y], [call: s/y]]":                 {Op: design.Parallel, Branches: [][]design.Step{{call}, {call}}},
		"{parallel: [[call: s/y], [call: s/y]], need: 1}":      {Op: design.Parallel, Branches: [][]design.Step{{call}, {call}}, Need: 1},
		"{parallel: {times: 100, do: [call: s/y]}, need: all}": {Op: design.Parallel, Branches: [][]design.Step{{call}}, Times: 100},
		"choose: [{p: 1%, do: [fail]}, {p: 50%, do: []}]":      {Op: design.Choose, Weights: []float64{0.01, 0.5}, Branches: [][]design.Step{{{Op: design.Fail}}, {}}},
		"{repeat: 3, do: [call: s/y]}":                         {Op: design.Repeat, Count: 3, Branches: [][]design.Step{{call}}},
		"fail":                                                 {Op: design.Fail},
		"fail: 1%":                                             {Op: design.Fail, Prob: 0.01, HasProb: true},
		"reply":                                                {Op: design.Reply},
		"ack":                                                  {Op: design.AckNow},
		"nack":                                                 {Op: design.Nack, Requeue: true},
		"nack: requeue":                                        {Op: design.Nack, Requeue: true},
		"nack: drop":                                           {Op: design.Nack},
		"stop":                                                 {Op: design.Stop},
	}
	for text, want := range tests {
		s := parseGood(t, "load: {a: {to: s/x, arrivals: poisson(5/s)}}\nbrokers: {b: {queues: {q: {}}, topics: {t: {}}}}\n"+
			"services: {s: {on: {x: ["+text+"], y: []}, consumes: {b/q: y, b/t: y}}}")
		got := s.Designs[0].Services[0].Handlers[0].Steps
		if diff := cmp.Diff([]design.Step{want}, got, compareDists); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestBrokers(t *testing.T) {
	s := parseGood(t, `
load: {a: {to: b/q, arrivals: poisson(5/s)}}
services:
  s:
    on: {x: []}
    consumes:
      b/q: x
      b/t: {handler: x, ack: automatic, prefetch: unlimited, consumers: 4, subscription: mine}
brokers:
  b:
    queues:
      q:
        max_length: unlimited
        when_full: dead-letter
        ttl: 5s
        visibility: 20s
        on_disconnect: wait
        late_ack: refuse
        max_deliveries: 5
        at_limit: set-aside
        redelivery_delay: {backoff: exponential(1s), jitter: full}
        dead_letter: dead
        durable: true
        requeue: head
      dead: {requeue: {nack: tail, lost: head}}
    topics:
      t:
        ttl: 1min
        redelivery_delay: linear(1s)
        subscriptions: {audit: {ttl: none, max_length: 7}, slow: {redelivery_delay: 3s}}
`)
	d := s.Designs[0]
	q := func(node, entry string) design.Target { return design.Target{Node: node, Entry: entry} }
	wantConsumes := []design.Consume{{From: q("b", "q"), Handler: "x"},
		{From: q("b", "t"), Handler: "x", Ack: design.Automatic, Prefetch: design.Unlimited, Consumers: 4, Subscription: "mine"}}
	if diff := cmp.Diff(wantConsumes, d.Services[0].Consumes); diff != "" {
		t.Errorf("consumes (-want +got):\n%s", diff)
	}
	want := design.Broker{Name: "b", Reconnect: design.DefaultReconnect,
		Queues: []design.Queue{{Name: "q", MaxLength: design.Unlimited, Overflow: overflow.DeadLetter, TTL: 5 * time.Second, Visible: 20 * time.Second,
			AwaitVisible: true, RefuseLate: true, MaxDeliveries: 5, SetAside: true, RedeliveryDelay: design.Retry{Backoff: backoff.Exponential, Base: dist("1s"), Jitter: design.FullJitter},
			DeadLetter: "dead", Durable: true, Requeue: design.RequeueHead}, {Name: "dead", Requeue: design.RequeueTail, RequeueLost: 1 + design.RequeueHead}},
		Topics: []design.Topic{{Name: "t", Template: design.Queue{TTL: time.Minute, RedeliveryDelay: design.Retry{Backoff: backoff.Linear, Base: dist("1s")}},
			Subscriptions: []design.Queue{{Name: "audit", MaxLength: 7, RedeliveryDelay: design.Retry{Backoff: backoff.Linear, Base: dist("1s")}},
				{Name: "slow", TTL: time.Minute, RedeliveryDelay: design.Retry{Base: dist("3s")}}}}},
	}
	if diff := cmp.Diff(want, d.Brokers[0], compareDists); diff != "" {
		t.Errorf("broker (-want +got):\n%s", diff)
	}
}

func TestLinks(t *testing.T) {
	d := parseGood(t, `
load: {a: {to: s/x, arrivals: poisson(5/s)}}
services: {s: {on: {x: [call: t/x]}}, t: {on: {x: []}}}
links:
  s -> t: {loss: 1%, retransmit: 200ms, duplicate: 2%, reorder: 5%, corrupt: 3%, corruption: unseen, bandwidth: 10MB/s}
  default: {latency: exp(1ms), jitter: 1us, order: fifo, reorder: {probability: 1%, by: 2s}}
  a->s: {reorder: {probability: 4%, by: 1s}, order: none}
`).Designs[0]
	def := design.LinkParams{Latency: dist("exp(1ms)"), Jitter: dist("1us"), Order: design.OrderFIFO}
	def.Reorder, def.ReorderBy = 0.01, dist("2s")
	st, as := def, def
	st.ReorderBy = draw.Dist{} // a part that is written takes nothing over from the one that it replaces
	st.Loss, st.Retransmit, st.Duplicate, st.Reorder, st.Corrupt, st.Unseen, st.Bandwidth = 0.01, 200*time.Millisecond, 0.02, 0.05, 0.03, true, 1e7
	as.Order, as.Reorder, as.ReorderBy = design.OrderNone, 0.04, dist("1s")
	want := []design.Link{{From: "s", To: "t", LinkParams: st}, {From: "a", To: "s", LinkParams: as}}
	if diff := cmp.Diff(def, d.Default, compareDists); diff != "" {
		t.Errorf("default (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, d.Links, compareDists); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func TestFaults(t *testing.T) {
	d := parseGood(t, `
load: {a: {to: s/x, arrivals: poisson(5/s)}}
services: {s: {instances: 2, on: {x: [call: t/x]}}, t: {on: {x: []}}}
faults:
  - {at: 2min, for: 30s, crash: s, instance: 2}
  - {host_crash: s, every: exp(90s), for: 10s}
  - {slow: t, factor: 10, at: 1s}
  - {pause: t, name: stop-the-world, at: 5s, for: exp(1s)}
  - {errors: t, rate: 50%}
  - {cut: s -> t, at: 270s, period: 300s, for: 30s}
  - {cut: [s <-> t, a -> *]}
  - {partition: t}
  - {set: {link.s->t.loss: 20%, service.t.workers: 2}, for: 1min}
  - {crash: s, at: 9min}
  - {hang: [t, s#2], pick: 1, down: 1s, up: exp(2s), for: 30s, at: 8min}
`+"").Designs[0]
	sec := time.Second
	want := []design.Fault{
		{Name: "crash-s", Kind: design.FaultCrash, Node: "s", Instance: 2, At: 2 * time.Minute, For: dist("30s"), HasFor: true},
		{Name: "host-crash-s", Kind: design.FaultHostCrash, Node: "s", Every: dist("exp(90s)"), HasEvery: true, For: dist("10s"), HasFor: true},
		{Name: "slow-t", Kind: design.FaultSlow, Node: "t", Factor: 10, At: sec},
		{Name: "stop-the-world", Kind: design.FaultPause, Node: "t", At: 5 * sec, For: dist("exp(1s)"), HasFor: true},
		{Name: "errors-t", Kind: design.FaultErrors, Node: "t", Factor: 0.5},
		{Name: "cut-s-t", Kind: design.FaultCut, Cut: []design.Cut{{From: "s", To: "t"}}, At: 270 * sec, Period: 300 * sec, For: dist("30s"), HasFor: true},
		{Name: "cut-s-t-2", Kind: design.FaultCut, Cut: []design.Cut{{From: "s", To: "t"}, {From: "t", To: "s"}, {From: "a", To: "*"}}},
		{Name: "partition-t", Kind: design.FaultCut, Cut: []design.Cut{{From: "t", To: "a"}, {From: "a", To: "t"}, {From: "t", To: "s"}, {From: "s", To: "t"}}},
		{Name: "set-link-s-t-loss", Kind: design.FaultSet, For: dist("1min"), HasFor: true,
			Set: []design.Setting{{Path: "link.s->t.loss", Value: "20%"}, {Path: "service.t.workers", Value: "2"}}},
		{Name: "crash-s-2", Kind: design.FaultCrash, Node: "s", At: 9 * time.Minute},
		{Name: "hang-t", Kind: design.FaultHang, Node: "t", Others: []design.Member{{Node: "s", Instance: 2}}, Pick: 1, Down: dist("1s"), HasDown: true, Up: dist("exp(2s)"), HasUp: true, For: dist("30s"), HasFor: true, At: 8 * time.Minute},
	}
	if diff := cmp.Diff(want, d.Faults, compareDists); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestRun(t *testing.T) {
	tests := map[string]Settings{
		"{duration: 10min}": {Duration: 10 * time.Minute, Seed: 1, Replications: 1},
		"{duration: 10min, warmup: 10%, seed: 0, replications: 5}":   {Duration: 10 * time.Minute, WarmupShare: 0.1, Replications: 5},
		"{completions: 1e6, warmup: 1min, max_events: 1e9, seed: 7}": {Completions: 1e6, Warmup: time.Minute, MaxEvents: 1e9, Seed: 7, Replications: 1},
	}
	for text, want := range tests {
		s := parseGood(t, "run: "+text+"\nload: {a: {to: s/x, arrivals: poisson(5/s)}}"+sink)
		if diff := cmp.Diff(want, s.Run); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	if got := (Settings{WarmupShare: 0.1}).WarmupOf(time.Minute); got != 6*time.Second {
		t.Errorf("10%% of a minute is %v", got)
	}
	if got := (Settings{Warmup: time.Second}).WarmupOf(time.Minute); got != time.Second {
		t.Errorf("a second is %v", got)
	}
}

// TestHead reads what a listing shows.
func TestHead(t *testing.T) {
	data, err := os.ReadFile("library/bench/mm1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if title, _ := head(data); title == "" {
		t.Error("no title")
	}
}

// A broker without reconnect has the default as parameters: the waits that the
// engine takes are those that are listed, and one of them can be set alone.
func TestReconnectParams(t *testing.T) {
	s := parseGood(t, "load: {l: {to: b/q, arrivals: constant(1/s)}}\n"+
		"brokers: {b: {queues: {q: {}}}, c: {reconnect: 2s, queues: {q: {}}}}\n")
	for path, want := range map[string]string{
		"broker.b.reconnect.backoff": "1s", "broker.b.reconnect.cap": "30s",
		"broker.c.reconnect.backoff": "2s", "broker.c.reconnect.cap": "none",
	} {
		if got, err := s.Designs[0].Get(path); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", path, got, err, want)
		}
	}
}
