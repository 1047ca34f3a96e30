package engine

import (
	"fmt"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/overflow"
)

// A cost is the time that a run takes for what is done in it, once with little
// around it and once with much: what it does not touch must not cost anything.
type cost struct {
	name string
	run  func(t *testing.T, much bool) func()
	most float64 // times as much
}

// compare measures costs by turns and takes the least of each, until they are
// within the bound: on a shared machine everything takes longer now and then, and
// nothing takes less.
func (c cost) compare(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("costs are measured once, without the race detector")
	}
	least := [2]time.Duration{time.Hour, time.Hour}
	ratio := 0.0
	for try := range 4 {
		for i, much := range []bool{false, true} {
			do := c.run(t, much)
			began := time.Now()
			do()
			least[i] = min(least[i], time.Since(began))
		}
		if ratio = float64(least[1]) / float64(least[0]); try > 0 && ratio <= c.most {
			break
		}
	}
	t.Logf("%s: %v and %v, %.2f times, where %v is the most", c.name, least[0], least[1], ratio, c.most)
	if ratio > 3*c.most { // what looks at everything is a hundred times as much, what a busy machine adds is less than this
		t.Errorf("%s: %v and %v, which is %.1f times as much; at most %v", c.name, least[0], least[1], ratio, c.most)
	}
}

// sized chooses the size of what is around.
func sizedBy(much bool, small, large int) int {
	if much {
		return large
	}
	return small
}

// chainOf is a chain of services, with a queue between each and the next.
func chainOf(n int) *design.Design {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s0", Entry: "do"}, 50*time.Second)}}
	for i := range n {
		s := service(fmt.Sprintf("s%d", i), work(milli))
		next := design.Target{Node: fmt.Sprintf("b%d", i), Entry: "q"}
		if i+1 < n {
			s.Handlers[0].Steps = append(s.Handlers[0].Steps, calling(fmt.Sprintf("s%d", i+1)))
		}
		s.Handlers = append(s.Handlers, handler("eat", work(milli)))
		s.Consumes = []design.Consume{{From: next, Handler: "eat"}}
		d.Services = append(d.Services, s)
		d.Brokers = append(d.Brokers, design.Broker{Name: next.Node, Queues: []design.Queue{{Name: "q"}}})

	}
	return d
}

// begun prepares a run of a design without the cost of its series.
func begun(t *testing.T, d *design.Design, cfg Config) *Run {
	cfg.Points = 2
	if cfg.Duration == 0 {
		cfg.Duration = time.Minute
	}
	return start(t, d, cfg)
}

// A change by hand or by a fault costs what it changes, and not what the design has
// besides: with 1,500 services at most twice what it costs with 15.
func TestChangesCostWhatTheyChange(t *testing.T) {
	const changes = 5000
	for _, c := range []struct{ path, values string }{
		{"service.s%d.workers", "%d"}, {"service.s%d.on.do.work", "%dms"}, {"service.s%d.speed", "%d"},
		{"service.s%d.consumes.b%[1]d/q.prefetch", "%d"},
		{"link.s%d->b%[1]d.latency", "%dms"}, {"queue.b%d/q.max_length", "%d"},
		{"load.l.deadline", "%ds"},
	} {
		cost{c.path, func(t *testing.T, much bool) func() {
			n := sizedBy(much, 15, 1500)
			var list []design.Change
			for i := range changes {
				path := c.path
				if path[:4] != "load" {
					path = fmt.Sprintf(path, i%15)
				}
				list = append(list, design.Change{At: time.Duration(1+i) * milli, Path: path, Value: fmt.Sprintf(c.values, 1+i/15%7)})
			}
			r := begun(t, chainOf(n), Config{Changes: list})
			return func() { r.Advance(int64(29*time.Second), 0) }
		}, 2}.compare(t)
	}
}

// strikes is a fault of the kind every millisecond, each at another place.
func strikes(d *design.Design, kind string, n, times int) {
	for i := range times {
		f := design.Fault{Name: fmt.Sprint("f", i), At: time.Duration(1+i) * milli, For: draw.Const(0.0005), HasFor: true}
		node := fmt.Sprintf("s%d", i%n)
		switch kind {
		case "crash":
			f.Kind, f.Node = design.FaultCrash, node
		case "slow":
			f.Kind, f.Node, f.Factor = design.FaultSlow, node, 2
		case "pause":
			f.Kind, f.Node = design.FaultPause, node
		case "errors":
			f.Kind, f.Node, f.Factor = design.FaultErrors, node, 0.5
		case "cut":
			f.Kind, f.Cut = design.FaultCut, []design.Cut{{From: node, To: fmt.Sprintf("b%d", i%n)}}
		case "crash of a broker":
			f.Kind, f.Node = design.FaultCrash, fmt.Sprintf("b%d", i%n)
		case "set":
			f.Kind, f.Set = design.FaultSet, []design.Setting{{Path: "service." + node + ".workers", Value: "3"}}
		case "set of a link":
			f.Kind, f.Set = design.FaultSet, []design.Setting{{Path: fmt.Sprintf("link.%s->b%d.loss", node, i%n), Value: "0.5"}}
		}
		d.Faults = append(d.Faults, f)
	}
}

func TestFaultsCostWhatTheyChange(t *testing.T) {
	for _, kind := range []string{"crash", "slow", "pause", "errors", "cut", "crash of a broker", "set", "set of a link"} {
		cost{kind, func(t *testing.T, much bool) func() {
			n := sizedBy(much, 15, 1500)
			d := chainOf(n)
			strikes(d, kind, 15, 3000)
			r := begun(t, d, Config{})
			return func() { r.Advance(int64(29*time.Second), 0) }
		}, 2}.compare(t)
	}
}

// What strikes one service does not look at the tasks, the messages and the calls
// of the others.
func TestFaultsDoNotLookAtOthers(t *testing.T) {
	for _, kind := range []string{"crash", "slow", "pause", "crash of a broker", "set"} {
		cost{kind, func(t *testing.T, much bool) func() {
			d := chainOf(2)
			for _, to := range []design.Target{{Node: "full", Entry: "do"}, {Node: "store", Entry: "q"}} {
				l := at("of "+to.Node, to, 0)
				l.Name = to.Node + "-load"
				l.Arrivals.Batch, l.Arrivals.HasBatch = draw.Const(float64(sizedBy(much, 100, 100_000))), true
				l.Deadline, l.Timeout = design.None, design.None
				l.Confirm = []design.Target{{Node: "full", Entry: "do"}}
				d.Loads = append(d.Loads, l)
			}
			full := service("full", work(time.Hour))
			full.Room, full.HasRoom = design.Unlimited, true
			full.Consumes = []design.Consume{{From: design.Target{Node: "store", Entry: "q"}, Handler: "do"}}
			d.Services = append(d.Services, full)
			d.Brokers = append(d.Brokers, design.Broker{Name: "store", Queues: []design.Queue{{Name: "q", MaxLength: design.Unlimited}}})
			strikes(d, kind, 2, 300)
			r := begun(t, d, Config{})
			r.Advance(int64(5*milli), 0) // the first one begins the lists
			return func() { r.Advance(int64(29*time.Second), 0) }
		}, 3}.compare(t)
	}
}

// The least busy of 1,000 instances is found about as fast as that of 16.
func TestLeastBusyCost(t *testing.T) {
	cost{"least busy", func(t *testing.T, much bool) func() {
		n := sizedBy(much, 16, 1000)
		s := service("s", work(10*milli))
		s.Instances, s.Balance = n, balance.LeastBusy
		l := design.Load{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 70 * float64(n)}}
		r := begun(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}}, Config{Completions: 50_000, Duration: time.Hour})
		return func() { r.Advance(never, 0) }
	}, 3}.compare(t)
}

// A task that interrupts another does not look at those that wait.
func TestPreemptionCost(t *testing.T) {
	cost{"preemption", func(t *testing.T, much bool) func() {
		s := service("s", work(10*milli))
		s.Discipline, s.Workers, s.Room, s.HasRoom = design.Preemptive, 4, design.Unlimited, true
		low := at("low", design.Target{Node: "s", Entry: "do"}, 0)
		low.Arrivals.Batch, low.Arrivals.HasBatch = draw.Const(float64(sizedBy(much, 100, 100_000))), true
		low.Priority, low.Deadline, low.Timeout = 3, design.None, design.None
		high := design.Load{Name: "high", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 350}, Start: time.Second}
		r := begun(t, &design.Design{Loads: []design.Load{low, high}, Services: []design.Service{s}}, Config{Duration: 2 * time.Minute})
		r.Advance(int64(500*milli), 0)
		return func() { r.Advance(int64(50*time.Second), 0) }
	}, 3}.compare(t)
}

// The wait before the n-th redelivery follows from the one before it.
func TestDecorrelatedCost(t *testing.T) {
	cost{"decorrelated jitter", func(t *testing.T, much bool) func() {
		e := eater("e", design.Consume{}, design.Step{Op: design.Fail})
		l := at("p", design.Target{Node: "bus", Entry: "q"}, 0)
		l.Deadline, l.Timeout = design.None, design.None
		q := design.Queue{RedeliveryDelay: design.Retry{Backoff: backoff.Decorrelated, Base: constant(milli), Cap: time.Second}}
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{e}, Brokers: bus(q)}
		r := begun(t, d, Config{Duration: 1000 * time.Hour, MaxEvents: uint64(sizedBy(much, 1000, 10_000))})
		return func() { r.Advance(never, 0) }
	}, 25}.compare(t)
}

// A message that comes to a full queue of keys costs the oldest its place, however many
// wait there.
func TestDropOldestOfKeysCost(t *testing.T) {
	cost{"drop-oldest with keys", func(t *testing.T, much bool) func() {
		wait, more := sizedBy(much, 1000, 20_000), 5000
		l := at("l", design.Target{Node: "bus", Entry: "q"})
		for i := range wait + more {
			l.Arrivals.Times = append(l.Arrivals.Times, int64(i)*int64(milli))
		}
		l.Attributes = []design.Attribute{{Name: "kind", Dist: draw.Const(0), Words: []string{"a"}}}
		l.Confirm = []design.Target{{Node: "s", Entry: "eat"}}
		q := design.Queue{Key: "kind", MaxLength: wait, Overflow: overflow.DropOldest}
		d := &design.Design{Loads: []design.Load{l}, Brokers: bus(q), Services: []design.Service{eater("s", design.Consume{}, work(time.Hour))}}
		r := begun(t, d, Config{Duration: time.Hour})
		r.Advance(int64(wait)*int64(milli), 0)
		return func() {
			r.Advance(int64(wait+more)*int64(milli), 0)
			if got, _ := r.Value("queue.bus/q.dropped"); got < float64(more)-10 {
				t.Errorf("%v are dropped", got)
			}
		}
	}, 3}.compare(t)
}

// To start a run takes as long as its parts together.
func TestStartCost(t *testing.T) {
	cost{"start", func(t *testing.T, much bool) func() {
		d := chainOf(sizedBy(much, 1000, 5000))
		return func() { begun(t, d, Config{}) }
	}, 15}.compare(t)
}

// One message becomes 10,000, each for a subscription with a service of its own.
func TestFanOutToManySubscriptions(t *testing.T) {
	if testing.Short() {
		t.Skip("it is large")
	}
	l := at("l", design.Target{Node: "bus", Entry: "t"}, 0)
	l.Confirm, l.Confirms = []design.Target{{Node: "s9999", Entry: "eat"}}, 1
	d := &design.Design{Loads: []design.Load{l}, Brokers: []design.Broker{{Name: "bus", Topics: []design.Topic{{Name: "t"}}}}}
	for i := range 10_000 {
		s := design.Service{Name: fmt.Sprint("s", i), Handlers: []design.Handler{handler("eat", work(milli))}}
		s.Consumes = []design.Consume{{From: design.Target{Node: "bus", Entry: "t"}, Handler: "eat"}}
		d.Services = append(d.Services, s)
	}
	r := begun(t, d, Config{Duration: time.Second})
	r.Advance(never, 0)
	wants{"load.l.completed": 1, "service.s0.completed": 1, "service.s9999.completed": 1, "queue.bus/t/s5000.acked": 1}.check(t, r)
}
