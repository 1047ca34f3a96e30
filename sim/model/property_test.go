package model

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"asynclab/sim/draw"

	"pgregory.net/rapid"
)

// Generated designs: services in layers, so that calls and events only go
// forward, with everything that can go wrong switched on at random.

type designer struct {
	t *rapid.T
	d *Design
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
		return draw.Must(draw.LognormalCV(mean.Seconds(), 2))
	}
	return exp(mean)
}

func (g *designer) retry(name string) Retry {
	if !g.chance(name, 0.5) {
		return Retry{}
	}
	return Retry{
		Attempts: rapid.IntRange(2, 4).Draw(g.t, name+" attempts"),
		Backoff:  Backoff(rapid.IntRange(0, 3).Draw(g.t, name+" kind")),
		Base:     draw.Const(float64(rapid.IntRange(0, 20).Draw(g.t, name+" base")) / 1000),
		Jitter:   Jitter(rapid.IntRange(0, 2).Draw(g.t, name+" jitter")),
	}
}

// steps draws the steps of a handler of the i-th of n services; depth bounds nesting.
func (g *designer) steps(i, n, depth int) []Step {
	var out []Step
	for k := range rapid.IntRange(1, 3).Draw(g.t, "steps") {
		name := fmt.Sprintf("s%d.%d.%d", i, depth, k)
		kind := rapid.IntRange(0, 12).Draw(g.t, name)
		forward := i+1 < n
		switch {
		case kind <= 2:
			out = append(out, Step{Op: Work, Dist: g.dist(name + " work")})
		case kind == 3 && forward, kind == 4 && forward:
			s := Step{Op: Call, To: g.handler(name, i, n), Timeout: g.ms(name+" timeout", 200), Retry: g.retry(name + " retry"), Cancel: g.chance(name+" cancel", 0.3)}
			if kind == 4 {
				s.Op = Await
			}
			if g.chance(name+" else", 0.3) {
				s.HasElse = true
			}
			out = append(out, s)
		case kind == 5 && forward:
			out = append(out, Step{Op: Publish, To: g.entry(name), Confirm: g.chance(name+" confirm", 0.3), Timeout: 100 * time.Millisecond})
		case kind == 6:
			out = append(out, Step{Op: Fail, Prob: 0.1, HasProb: true})
		case kind == 7 && depth < 2:
			b := [][]Step{g.steps(i, n, depth+1), g.steps(i, n, depth+1)}
			s := Step{Op: Parallel, Branches: b, Need: rapid.IntRange(0, 2).Draw(g.t, name+" need"), HasElse: g.chance(name+" else", 0.3)}
			if forward && g.chance(name+" awaits", 0.3) { // only waiting: without the worker
				a := Step{Op: Await, To: g.handler(name, i, n), Timeout: g.ms(name+" timeout", 200)}
				s.Branches = [][]Step{{a}, {a, {Op: Delay, Dist: g.dist(name + " then")}}}
			}
			out = append(out, s)
		case kind == 8 && depth < 2:
			out = append(out, Step{Op: Choose, Branches: [][]Step{g.steps(i, n, depth+1)}, Weights: []float64{0.5}})
		case kind == 9 && depth < 2:
			out = append(out, Step{Op: Repeat, Count: rapid.IntRange(0, 3).Draw(g.t, name+" count"), Branches: [][]Step{g.steps(i, n, depth+1)}})
		case kind == 10:
			out = append(out, Step{Op: rapid.SampledFrom([]StepOp{Reply, AckNow}).Draw(g.t, name+" early")})
		case kind == 11:
			out = append(out, Step{Op: Choose, Branches: [][]Step{{{Op: Nack, Requeue: g.chance(name+" requeue", 0.5)}}}, Weights: []float64{0.1}})
		default:
			out = append(out, Step{Op: Delay, Dist: g.dist(name + " delay")})
		}
	}
	return out
}

func (g *designer) handler(name string, i, n int) Target {
	return Target{fmt.Sprintf("s%d", rapid.IntRange(i+1, n-1).Draw(g.t, name+" to")), "do"}
}

func (g *designer) entry(name string) Target {
	return Target{"bus", rapid.SampledFrom([]string{"q", "t"}).Draw(g.t, name+" entry")}
}

func (g *designer) link() LinkParams {
	p := LinkParams{Latency: g.dist("latency"), InOrder: g.chance("in order", 0.3)}
	if g.chance("zero latency", 0.4) {
		p.Latency = draw.Const(0)
	}
	if g.chance("bad link", 0.6) {
		p.Loss, p.Duplicate, p.Reorder, p.Corrupt = 0.05, 0.05, 0.05, 0.05
		p.Unseen = g.chance("unseen", 0.5)
		if g.chance("retransmit", 0.3) {
			p.Retransmit = 50 * time.Millisecond
		}
	}
	if g.chance("bandwidth", 0.3) {
		p.Bandwidth = 1e6
	}
	return p
}

func (g *designer) fault(name string, n int) Fault {
	f := Fault{Name: name, At: g.ms(name+" at", 4000), For: exp(300 * time.Millisecond), HasFor: true, Factor: 1}
	node := rapid.IntRange(0, n-1).Draw(g.t, name+" node")
	f.Node = fmt.Sprintf("s%d", node)
	if g.d.Services[node].Instances > 1 && g.chance(name+" of one", 0.5) {
		f.Instance = 1
	}
	switch f.Kind = FaultKind(rapid.IntRange(0, 6).Draw(g.t, name+" kind")); f.Kind {
	case FaultCrash, FaultHostCrash:
		if g.chance(name+" broker", 0.4) {
			f.Node, f.Instance = "bus", 0
		}
	case FaultSlow:
		f.Factor = 5
	case FaultErrors:
		f.Factor = 0.5
	case FaultCut:
		f.Cut = []Cut{{f.Node, "*"}}
		f.Node, f.Instance = "", 0
	case FaultSet:
		f.Set = []Setting{{"service." + f.Node + ".workers", "3"}, {"link.default.loss", "20%"}}
		if g.chance(name+" other", 0.5) {
			f.Set = []Setting{{"link.default.latency", "0s"}, {"service." + f.Node + ".speed", "3"}, {"service." + f.Node + ".workers", "1"}}
		}
		f.Node, f.Instance = "", 0
	}
	if g.chance(name+" again", 0.4) {
		f.Every, f.HasEvery = exp(500*time.Millisecond), true
	}
	return f
}

func genDesign(t *rapid.T) *Design {
	g := &designer{t: t, d: &Design{Name: "generated"}}
	n := rapid.IntRange(1, 4).Draw(t, "services")
	for i := range n {
		s := Service{
			Name: fmt.Sprintf("s%d", i), Workers: rapid.IntRange(1, 3).Draw(t, "workers"),
			Instances: rapid.IntRange(1, 2).Draw(t, "instances"),
			Room:      rapid.IntRange(0, 5).Draw(t, "room"), HasRoom: true,
			OnFull:     OnFull(rapid.IntRange(0, 1).Draw(t, "on full")),
			Discipline: Discipline(rapid.IntRange(0, 4).Draw(t, "discipline")),
			Crash:      CrashPolicy(rapid.IntRange(0, 3).Draw(t, "crash")),
			Balance:    Balance(rapid.IntRange(0, 3).Draw(t, "balance")),
			Handlers:   []Handler{{Name: "do", Steps: g.steps(i, n, 0)}},
		}
		g.d.Services = append(g.d.Services, s)
	}
	last := &g.d.Services[n-1]
	last.Handlers = append(last.Handlers, Handler{Name: "eat", Steps: g.steps(n-1, n, 0)})
	last.Consumes = []Consume{
		{From: Target{"bus", "q"}, Handler: "eat", Ack: Ack(rapid.IntRange(0, 1).Draw(t, "ack")), Prefetch: rapid.IntRange(1, 3).Draw(t, "prefetch")},
		{From: Target{"bus", "t"}, Handler: "eat", Subscription: "sub"},
	}
	q := Queue{
		Name: "q", MaxLength: rapid.IntRange(1, 10).Draw(t, "max"), Overflow: Overflow(rapid.IntRange(0, 3).Draw(t, "overflow")),
		MaxDeliveries: rapid.IntRange(0, 3).Draw(t, "max deliveries"), DeadLetter: "dead", Durable: g.chance("durable", 0.5),
		RequeueHead: g.chance("head", 0.5),
	}
	if g.chance("ttl", 0.4) {
		q.TTL = 100 * time.Millisecond
	}
	if g.chance("visibility", 0.4) {
		q.Visible = 80 * time.Millisecond
		q.AwaitVisible = g.chance("await visible", 0.5)
	}
	dead := Queue{Name: "dead"}
	if g.chance("dead is read", 0.3) {
		dead.MaxLength = 2
		last.Consumes = append(last.Consumes, Consume{From: Target{"bus", "dead"}, Handler: "eat", Ack: Manual})
	} else if q.Overflow != OverflowDeadLetter && g.chance("dead comes back", 0.3) {
		dead.TTL, dead.DeadLetter = 60*time.Millisecond, "q"
	}
	g.d.Brokers = []Broker{{Name: "bus", Queues: []Queue{q, dead}, Topics: []Topic{{Name: "t", Template: Queue{Visible: 100 * time.Millisecond}}}}}
	g.d.Default = g.link()
	g.d.Loads = []Load{
		{Name: "open", To: Target{"s0", "do"}, Arrivals: Arrivals{Kind: Poisson, Rate: 50}, Deadline: g.ms("deadline", 1000), Cancel: g.chance("cancel", 0.5), Timeout: g.ms("client timeout", 300), Retry: g.retry("client retry"), Patience: exp(50 * time.Millisecond), HasLimit: g.chance("patience", 0.3), Priority: 2},
		{Name: "closed", To: Target{"s0", "do"}, Users: 3, Think: g.dist("think"), Deadline: time.Second},
		{Name: "events", To: g.entry("events"), Arrivals: Arrivals{Kind: Regular, Rate: 30}, Confirm: []Target{{last.Name, "eat"}}},
		{Name: "batches", To: Target{"s0", "do"}, Arrivals: Arrivals{Kind: Renewal, Interval: g.dist("between"), Batch: draw.Const(3), HasBatch: true}, Count: 60, Timeout: None, IgnoreLate: true},
	}
	if !g.d.Default.Latency.IsZero() && g.chance("hurry", 0.2) { // users who come back at once
		g.d.Loads[1].Think, g.d.Loads[1].Count = draw.Const(0), 500
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "faults") {
		g.d.Faults = append(g.d.Faults, g.fault(fmt.Sprintf("f%d", i), n))
	}
	return g.d
}

func mustRun(t *rapid.T, d *Design, cfg Config) *Run {
	p, err := Compile(d)
	if err != nil {
		t.Fatalf("design does not compile: %v", err)
	}
	r, err := p.NewRun(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Conservation holds after any number of events, and at the end.
func TestConservation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		r := mustRun(t, d, Config{Duration: 5 * time.Second, Seed: rapid.Uint64().Draw(t, "seed"), MaxEvents: 300_000})
		stride := uint64(rapid.IntRange(1, 400).Draw(t, "stride"))
		for r.Advance(never, stride) == Running {
			if err := r.Audit(); err != nil {
				t.Fatalf("after %d events at %d ns: %v", r.Events(), r.Now(), err)
			}
		}
		if err := r.Audit(); err != nil {
			t.Fatalf("at the end: %v", err)
		}
	})
}

// A checkpoint taken anywhere and continued is the straight run; so is the run
// that the checkpoint was taken of, and a second return to it.
func TestCheckpointsContinue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		cfg := Config{Duration: 3 * time.Second, Warmup: 500 * time.Millisecond, Seed: 7, MaxEvents: 200_000}
		straight := mustRun(t, d, cfg)
		straight.Advance(never, 0)
		r := mustRun(t, d, cfg)
		r.Advance(never, uint64(rapid.IntRange(0, int(straight.Events())).Draw(t, "events")))
		c := r.Checkpoint()
		r.Advance(never, 0)
		same(t, "the run the checkpoint was taken of", r, straight)
		for range 2 {
			r.Restore(c)
			r.Advance(never, 0)
			same(t, "the run from the checkpoint", r, straight)
		}
	})
}

func same(t *rapid.T, what string, got, want *Run) {
	if got.Fingerprint() != want.Fingerprint() || got.Events() != want.Events() || got.End() != want.End() {
		t.Fatalf("%s: %x after %d events (%d), want %x after %d (%d)", what, got.Fingerprint(), got.Events(), got.End(), want.Fingerprint(), want.Events(), want.End())
	}
	if a, b := fmt.Sprint(got.Values()), fmt.Sprint(want.Values()); a != b {
		t.Fatalf("%s: metrics differ:\n%s\n%s", what, a, b)
	}
}

// Adding a service that nobody talks to, in front or behind, changes no number
// of any other element.
func TestUnconnectedServiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		cfg := Config{Duration: 2 * time.Second, Seed: 3, MaxEvents: 200_000}
		a := mustRun(t, d, cfg)
		a.Advance(never, 0)
		e := d.Clone()
		extra := Service{Name: "aside", Handlers: []Handler{{Name: "do", Steps: []Step{{Op: Work, Dist: exp(time.Millisecond)}}}}}
		if rapid.Bool().Draw(t, "in front") {
			e.Services = append([]Service{extra}, e.Services...)
		} else {
			e.Services = append(e.Services, extra)
		}
		b := mustRun(t, e, cfg)
		b.Advance(never, 0)
		values := map[string]string{}
		for _, v := range b.Values() {
			values[v.Name] = fmt.Sprint(v.Value)
		}
		for _, v := range a.Values() {
			if got := values[v.Name]; got != fmt.Sprint(v.Value) {
				t.Fatalf("%s: %s with the extra service, %v without", v.Name, got, v.Value)
			}
		}
	})
}

// liveSettings are changes to a generated design.
var liveSettings = []Setting{
	{"service.s0.workers", "2"}, {"service.s0.workers", "1"}, {"service.s0.workers", "unlimited"}, {"service.s0.queue", "0"},
	{"service.s0.speed", "0.5"}, {"service.s0.errors", "30%"}, {"load.open.rate", "80/s"}, {"load.open.rate", "0/s"}, {"load.events.rate", "5/s"},
	{"load.open.deadline", "20ms"}, {"load.open.timeout", "none"}, {"load.closed.think", "1ms"}, {"load.batches.batch", "1"},
	{"link.default.latency", "3ms"}, {"link.default.latency", "0s"}, {"link.default.latency", "exp(2ms)"}, {"link.default.loss", "0"},
	{"link.default.down", "1"}, {"link.default.down", "0"}, {"link.default.bandwidth", "unlimited"}, {"link.default.retransmit", "none"},
	{"queue.bus/q.max_length", "1"}, {"queue.bus/q.max_length", "50"}, {"queue.bus/q.ttl", "30ms"}, {"queue.bus/q.ttl", "none"},
	{"queue.bus/q.visibility", "10ms"}, {"queue.bus/q.max_deliveries", "1"},
}

// A checkpoint shares no memory with the run.
func TestCheckpointIsACopy(t *testing.T) {
	p, err := Compile(flow3())
	if err != nil {
		t.Fatal(err)
	}
	r, _ := p.NewRun(Config{Duration: time.Minute, Seed: 1})
	r.Advance(10e9, 0)
	c := r.Checkpoint()
	var walk func(path string, a, b reflect.Value)
	walk = func(path string, a, b reflect.Value) {
		switch a.Kind() {
		case reflect.Slice:
			if a.Cap() > 0 && b.Cap() > 0 && a.Pointer() == b.Pointer() {
				t.Errorf("%s is shared", path)
			}
			if a.Len() > 0 && !strings.HasPrefix(a.Index(0).Kind().String(), "uint") {
				walk(path+"[0]", a.Index(0), b.Index(0))
			}
		case reflect.Struct:
			for i := range a.NumField() {
				walk(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
			}
		case reflect.Pointer, reflect.Map, reflect.Func, reflect.Interface, reflect.Chan:
			t.Errorf("%s is a %v: state must be plain values", path, a.Kind())
		}
	}
	walk("state", reflect.ValueOf(&r.state).Elem(), reflect.ValueOf(&c.state).Elem())
}
