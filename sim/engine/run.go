package engine

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Config holds the settings of a run besides the design.
type Config struct {
	Duration    time.Duration // simulated time the run lasts, warm-up included; 0: until Completions
	Warmup      time.Duration // cut off from every metric
	Drain       time.Duration // most that the drain lasts; 0: the default (see the package), negative: no drain
	Completions uint64        // the run ends at this many measured completions; 0: no such end
	Seed        uint64
	Replication int
	Points      int             // of every series; 0 means 240
	MaxEvents   uint64          // budget; 0 means no bound
	MaxInFlight int             // budget of records alive at once: operations and what they visited, messages, tasks, copies, calls; 0 means no bound but MaxBytes
	MaxBytes    int             // budget of the memory that these records take; 0 means DefaultBytes
	Changes     []design.Change // made by hand in an earlier run, replayed at their times
	Windows     []measure.Span  // that ValueIn may be asked about
	Asked       []string        // names of metrics or patterns of them (metric.Choose): latencies of edges are recorded only where one of these asks
}

// End tells why a run is over.
type End uint8

// The ends of a run. The last four are exceeded budgets: the results until then
// are kept, and the program exits with code 3.
const (
	Running    End = iota
	AtDuration     // the drain is over too
	AtCompletions
	Idle // no event is left
	BudgetEvents
	BudgetInFlight
	BudgetInstant // too many events at one instant: a loop without a delay
	BudgetResends // a link has sent one message again too often
)

// MetricValue is one metric of a finished (or running) run.
type MetricValue struct {
	Name  string
	Unit  draw.Unit
	Value float64 // NaN: no samples
	Error float64 // of a percentile: how far the true one may be away
	Ref   metric.Ref
}

// NewRun prepares a run. It costs little; a program may have many runs.
func (p *Program) NewRun(cfg Config) (*Run, error) {
	if cfg.Duration < 0 || cfg.Duration > design.MaxTime || cfg.Warmup < 0 {
		return nil, fmt.Errorf("run: duration %v and warm-up %v must lie between 0 and %v", cfg.Duration, cfg.Warmup, design.MaxTime)
	}
	if cfg.Duration == 0 && cfg.Completions == 0 {
		return nil, errors.New("run: neither a duration nor a number of completions is given")
	}
	if cfg.Duration > 0 && cfg.Warmup >= cfg.Duration {
		return nil, fmt.Errorf("run: the warm-up of %v leaves nothing of the duration of %v", cfg.Warmup, cfg.Duration)
	}
	r := &Run{prog: *p, cfg: cfg, byHand: p.names.draft.Of(p.design), until: int64(cfg.Duration)}
	r.design = r.byHand
	if r.cfg.MaxBytes == 0 {
		r.cfg.MaxBytes = DefaultBytes
	}
	if r.until == 0 {
		r.until = never
	}
	for _, k := range p.keys {
		r.keys = append(r.keys, draw.NewKey(cfg.Seed, cfg.Replication, k.element, k.purpose))
	}
	r.draws = 1
	if err := r.timeEdges(); err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	r.prepare()
	if err := errors.Join(check.Changes(p.design, cfg.Changes)...); err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	r.changed = inOrder(slices.Clone(cfg.Changes))
	if err := r.startImpact(); err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	r.startFaults()
	r.startLoads()
	return r, nil
}

// prepare creates the state of a run that has not begun.
func (r *Run) prepare() {
	p := &r.prog
	r.rec.AddCounter(int(p.metrics.c))
	r.rec.AddLevel(int(p.metrics.l))
	r.rec.AddHist(int(p.metrics.h))
	r.windows.AddCounter(len(r.cfg.Windows) * int(p.arrivals.c))
	r.windows.AddHist(len(r.cfg.Windows) * int(p.arrivals.h))
	for _, w := range r.cfg.Windows {
		r.rec.Watch(w)
	}
	end := int64(-1)
	if r.cfg.Duration > 0 {
		end = r.until
	}
	points := r.cfg.Points
	if points == 0 {
		points = defaultPoints
	}
	r.rec.Start(int64(r.cfg.Warmup), end, points)
	r.list.Init()
	r.nextSample()
	r.visits.Width, r.byKey.Width, r.mayForget = 1, keyWords, fewVisits
	r.loads = make([]loadState, len(p.loads))
	r.services = make([]serviceState, len(p.services))
	r.brokers = make([]brokerState, len(p.brokers))
	p.eachFlow(func(*brokerT, int) { r.flow = make([]flowState, len(p.brokers)) })
	r.startServing()
	r.links = make([]linkState, len(p.links))
	r.openConnections()
	r.startNodes()
	r.startMechanisms()
	r.startMemories()
	r.startStores()
	r.faults = make([]faultState, len(p.faults))
	r.sends = make([]sendState, len(p.links))
	r.instances = make([]instance, 0, p.instances)
	for si := range p.services {
		for range p.services[si].instances {
			r.instances = append(r.instances, newInstance(int32(si), p.services[si].speed))
		}
	}
	r.beginStaff()
	for ii := range r.instances {
		if r.instances[ii].down == 0 {
			r.staffed(int32(ii), 1)
		}
		r.judge(int32(ii))
	}
	r.rankInstances()
	r.watchDoors()
	r.queues, r.rankTurns = make([]queueState, len(p.queues)), make([]uint64, p.rankTurns)
	for i := range r.queues {
		r.queues[i] = queueState{sorted: none, elders: none, late: none, head: none, tail: none, latest: none, front: none, returned: none, blockHead: none, blockTail: none, oldest: -1, drained: -1}
		if q := &p.queues[i]; q.line.levels > 0 || q.key != 0 && q.requeue == design.RequeueOriginal && q.requeueLost == design.RequeueOriginal {
			r.queues[i].sorted = int32(len(r.places))
			r.places = append(r.places, places{})
		}
	}
	r.startGroups()
	r.startFetchers()
	r.startRedrives()
	r.startGathers()
	r.startFlushes()
	r.consumers = make([]consumer, 0, p.consumers)
	r.readers = make([]waitList, len(p.consumes))
	for ci := range p.consumes {
		r.readers[ci] = waitList{none, none}
		t := &p.consumes[ci]
		s := &p.services[t.service]
		// Instance by instance within a round, so that the first deliveries are
		// spread over the instances.
		for range t.perInst {
			for i := range s.instances {
				r.idle(r.addConsumer(int32(ci), s.inst0+i, t.prefetch))
			}
		}
	}
	r.firstDeal()
	r.sendStaff()
	r.weigh()
	r.otherwise()
}

func newInstance(service int32, speed float64) instance {
	in := instance{service: service, rate: speed, consumers: waitList{none, none}}
	for i := range in.lists {
		in.lists[i] = waitList{none, none}
	}
	return in
}

const defaultPoints = 240

// sample closes an interval of the series. Ages grow without an event, so they
// are recorded first.
func (r *Run) sample() {
	for qi := range r.queues {
		if r.queues[qi].oldest >= 0 {
			r.trackAge(int32(qi))
		}
	}
	r.rec.Sample(r.now)
	if r.impact.on {
		r.impact.coarsen(len(r.prog.loads), r.rec.Width())
	}
	if r.now+1 == int64(r.cfg.Warmup) { // greatest depths count from here
		for qi := range r.queues {
			d := &r.queues[qi]
			d.peak, d.peakAt, d.drained = d.depth, r.now+1, -1
		}
	}
	r.nextSample()
}

func (r *Run) nextSample() {
	if t := r.rec.NextSample(); t < never {
		r.list.Push(t, kernel.PhaseSample, evSample, 0)
	}
}

// Nodes lists the names of loads, services and brokers in the order in which
// observers number them.
func (p *Program) Nodes() []string {
	names := make([]string, 0, p.nodes)
	for i := range p.loads {
		names = append(names, p.loads[i].name)
	}
	for i := range p.services {
		names = append(names, p.services[i].name)
	}
	for i := range p.brokers {
		names = append(names, p.brokers[i].name)
	}
	return names
}

// Design is the design as it is now, changes made during the run included. It
// must not be modified.
func (r *Run) Design() *design.Design { return r.design.Freeze() }

// Next is the time of the next event, or of the next change by hand; ok is false
// when there is none before the duration. Next removes cancelled events
// from the head of the list, which counts as no event.
func (r *Run) Next() (t int64, ok bool) {
	if r.end != Running || r.draining {
		return 0, false
	}
	for {
		ev, there := r.list.First()
		if !there || ev.Time() >= r.nextChange() {
			t = r.nextChange()
			break
		}
		if ev.Kind() <= evNeverCancelled || r.Live(ev) {
			t = ev.Time()
			break
		}
		r.list.Pop()
		r.list.Skipped()
	}
	return t, t < r.until
}

// Sampling reports whether the next event only takes a sample for a series: nothing happens
// in the design.
func (r *Run) Sampling() bool {
	ev, there := r.list.First()
	return there && ev.Kind() == evSample && ev.Time() < r.nextChange()
}

// Handlers lists the names of the handlers in the order in which observers number
// them.
func (p *Program) Handlers() []string {
	names := make([]string, len(p.handlers))
	for i := range p.handlers {
		names[i] = p.handlers[i].name
	}
	return names
}
