package engine

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/metric"

	"pgregory.net/rapid"
)

// What holds of every design: its books balance, a checkpoint goes on as its run, and
// what is not connected changes nothing.

// addUp checks costs against what is counted elsewhere: the run costs what its parts do,
// and a broker has no more operations than messages came to it and left it, unless several
// come as one: those that a publisher gathers, and the answer to a pull.
func addUp(t *rapid.T, r *Run) {
	total, sum, operations, passed := math.NaN(), 0.0, 0.0, 0.0
	for _, v := range r.Values() {
		switch v.Ref.Metric {
		case metric.Run.Metric(metric.RunCost):
			total = v.Value
		case metric.Service.Metric(metric.ServiceCost), metric.Broker.Metric(metric.BrokerCost):
			sum += v.Value
		case metric.Broker.Metric(metric.BrokerOperations):
			operations += v.Value
		case metric.Queue.Metric(metric.QueueRedriven): // which the broker does by itself
			passed += v.Value
		case metric.Link.Metric(metric.LinkSent):
			if from, to, _ := strings.Cut(v.Ref.Element, "->"); v.Ref.Stat == metric.Plain && (from == "bus" || to == "bus") {
				passed += v.Value
			}
		}
	}
	if r.prog.Currency() != "" && !(math.Abs(total-sum) <= 1e-9*sum) {
		t.Fatalf("the run costs %g, its parts %g", total, sum)
	}
	alone := len(r.prog.gathers) == 0 && !r.prog.fetches
	if operations < 0 || alone && operations > 2*passed { // a link may deliver all of them twice
		t.Fatalf("%g operations, and %g messages to and from the broker", operations, passed)
	}
}

func mustRun(t *rapid.T, d *design.Design, cfg Config) *Run {
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
		addUp(t, r)
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
	values := want.Values()
	for i, v := range got.Values() {
		if w := values[i]; fmt.Sprint(v) != fmt.Sprint(w) {
			t.Errorf("%s: %s is %v, want %v", what, v.Name, v.Value, w.Value)
		}
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
		extra := design.Service{Name: "aside", Handlers: []design.Handler{{Name: "do", Steps: []design.Step{{Op: design.Work, Dist: exp(time.Millisecond)}}}}}
		if rapid.Bool().Draw(t, "in front") {
			e.Services = append([]design.Service{extra}, e.Services...)
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
			if got := values[v.Name]; got != fmt.Sprint(v.Value) && v.Name != "run.cost" { // the service has its price
				t.Fatalf("%s: %s with the extra service, %v without", v.Name, got, v.Value)
			}
		}
	})
}

// liveSettings are changes to a generated design.
var liveSettings = []design.Setting{
	{Path: "service.s0.workers", Value: "2"}, {Path: "service.s0.workers", Value: "1"}, {Path: "service.s0.workers", Value: "unlimited"}, {Path: "service.s0.queue", Value: "0"},
	{Path: "service.s0.speed", Value: "0.5"}, {Path: "service.s0.errors", Value: "30%"}, {Path: "load.open.rate", Value: "80/s"}, {Path: "load.open.rate", Value: "0/s"}, {Path: "load.events.rate", Value: "5/s"},
	{Path: "load.open.deadline", Value: "20ms"}, {Path: "load.open.timeout", Value: "none"}, {Path: "load.closed.think", Value: "1ms"}, {Path: "load.batches.batch", Value: "1"},
	{Path: "link.default.latency", Value: "3ms"}, {Path: "link.default.latency", Value: "0s"}, {Path: "link.default.latency", Value: "exp(2ms)"}, {Path: "link.default.loss", Value: "0"},
	{Path: "link.default.down", Value: "1"}, {Path: "link.default.down", Value: "0"}, {Path: "link.default.bandwidth", Value: "unlimited"}, {Path: "link.default.retransmit", Value: "none"},
	{Path: "queue.bus/q.max_length", Value: "1"}, {Path: "queue.bus/q.max_length", Value: "50"}, {Path: "queue.bus/q.ttl", Value: "30ms"}, {Path: "queue.bus/q.ttl", Value: "none"},
	{Path: "load.open.limit.rate", Value: "5/s"}, {Path: "load.open.limit.burst", Value: "9"}, {Path: "load.open.limit.burst", Value: "1"}, {Path: "service.s0.limit.rate", Value: "90/s"}, {Path: "service.s0.limit.wait", Value: "20ms"}, {Path: "load.open.limit.line", Value: "1"},
	{Path: "load.open.breaker.open", Value: "10ms"}, {Path: "load.open.breaker.probes", Value: "5"},
	{Path: "load.open.bulkhead.slots", Value: "1"}, {Path: "load.open.bulkhead.slots", Value: "9"}, {Path: "load.open.bulkhead.wait", Value: "10ms"}, {Path: "load.open.bulkhead.line", Value: "1"},
	{Path: "service.s0.shed.length", Value: "2"}, {Path: "service.s0.shed.target", Value: "30ms"}, {Path: "service.s0.concurrency.max", Value: "2"}, {Path: "service.s0.concurrency.min", Value: "2"},
	{Path: "service.s0.health.interval", Value: "none"}, {Path: "service.s0.health.interval", Value: "30ms"}, {Path: "service.s0.health.failures", Value: "1"}, {Path: "service.s0.scale.min", Value: "2"}, {Path: "service.s0.scale.min", Value: "3"},
	{Path: "service.s0.scale.max", Value: "2"}, {Path: "service.s0.scale.max", Value: "6"}, {Path: "service.s0.instances", Value: "1"}, {Path: "service.s0.instances", Value: "5"}, {Path: "service.s1.instances", Value: "2"}, {Path: "service.s1.instances", Value: "4"},
	{Path: "load.open.hedge.after", Value: "1ms"}, {Path: "load.open.hedge.most", Value: "4"},
	{Path: "load.open.budget.capacity", Value: "2"}, {Path: "load.open.budget.minimum", Value: "20/s"},
	{Path: "queue.bus/q.max_message.size", Value: "1500B"}, {Path: "queue.bus/log.max_message.size", Value: "1500B"}, {Path: "service.s0.max_message.size", Value: "1500B"}, {Path: "queue.bus/q.max_message.size", Value: "unlimited"},
	{Path: "queue.bus/q.limit.rate", Value: "5/s"}, {Path: "queue.bus/q.limit.burst", Value: "1"},
	{Path: "queue.bus/log.keep.for", Value: "20ms"}, {Path: "queue.bus/log.keep.size", Value: "2kB"}, {Path: "queue.bus/log.keep.size", Value: "unlimited"},
	{Path: "queue.bus/q.visibility", Value: "10ms"}, {Path: "queue.bus/q.max_deliveries", Value: "1"},
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
			if min(a.Len(), b.Len()) > 0 && !strings.HasPrefix(a.Index(0).Kind().String(), "uint") {
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
