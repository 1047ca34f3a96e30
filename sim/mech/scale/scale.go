// Package scale starts and stops instances of a service by what they have to do.
//
//	every interval: how many are wished?                          ┌── away ◄──────────────┐
//	  utilization  ceil(instances · measured ÷ target)       more │   start_up            │ its tasks are done
//	  depth        ceil(waiting ÷ depth)                          ▼                       │
//	  age          ceil(age of the oldest ÷ age)              starting ──► up ──► leaving ┘
//	                                                                          fewer: it gets nothing new
//
// Up at once, but at most to twice as many or four more; down to the greatest wish of the
// last `down_window`. A share of a tenth above or below the target changes nothing, as in
// the horizontal autoscaler of Kubernetes.
//
// A change or a fault that would put min above max is refused. Where a fault and a change by
// hand meet, each sound by itself, max is kept.
//
// # How to choose
//
//	utilization  for services that are called: it says nothing of how far the demand is above what they can do, so that growth takes several steps
//	depth        for consumers: the backlog tells at once how many are needed
//	age          for consumers whose messages differ, and where lateness is what matters
package scale

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/spec"
)

// Settings are those of one service.
type Settings struct {
	Min, Max    int           // 0 means 1, and 10
	Utilization float64       // 0: not by it
	Occupancy   float64       // likewise
	Depth       float64       // likewise, for each instance
	Age         time.Duration // likewise
	Interval    time.Duration // 0 means 15 s
	StartUp     draw.Dist     // of each by itself; 0 means 30 s, unless HasStartUp
	HasStartUp  bool
	DownWindow  time.Duration // 0 means 5 min; spec.None: none
}

func (s *Settings) min() int { return cmp.Or(s.Min, 1) }

func (s *Settings) max() int { return cmp.Or(s.Max, 10) }

func (s *Settings) interval() int64 { return int64(cmp.Or(s.Interval, 15*time.Second)) }

// startUp is how long a new instance takes, by a number from 0 to 1.
func (s *Settings) startUp(u float64) int64 {
	if s.StartUp.IsZero() && !s.HasStartUp {
		return int64(30 * time.Second)
	}
	return s.StartUp.SampleNanos(u)
}

// wishes is how many wishes count for a step down.
func (s *Settings) wishes() int {
	return int(max(0, int64(cmp.Or(s.DownWindow, 5*time.Minute)))/s.interval()) + 1
}

var fields = spec.New(spec.Table{
	Name: "autoscaling", Shared: true,
	Doc: "instances that are started and stopped while the service runs. It begins with its `instances`, or with `min` where these are fewer. Write one of `utilization`, `occupancy`, `depth` and `age`",
	Fields: []spec.Field{
		{Key: "min", Kind: spec.Count, Label: "instances", Min: 1, Max: design.MaxInstances, Default: spec.Of(1), Live: true, Doc: "at least so many",
			At: spec.At(func(s *Settings) *int { return &s.Min })},
		{Key: "max", Kind: spec.Count, Label: "instances", Min: 1, Max: design.MaxInstances, Default: spec.Of(10), Live: true, Doc: "at most so many",
			At: spec.At(func(s *Settings) *int { return &s.Max })},
		{Key: "utilization", Kind: spec.Share, Min: 0.01, Default: spec.Says("not by it"), Live: true, Doc: "what share of the workers of those that are up should be busy, workers that wait for others not among them",
			At: spec.At(func(s *Settings) *float64 { return &s.Utilization }), Where: spec.When(func(s *Settings) bool { return s.Utilization > 0 })},
		{Key: "occupancy", Kind: spec.Share, Min: 0.01, Default: spec.Says("not by it"), Live: true, Doc: "the same, with workers that wait for others",
			At: spec.At(func(s *Settings) *float64 { return &s.Occupancy }), Where: spec.When(func(s *Settings) bool { return s.Occupancy > 0 })},
		{Key: "depth", Kind: spec.Number, Min: 0.001, Max: 1e9, Default: spec.Says("not by it"), Live: true, Doc: "how many should wait for each instance: requests in line, and messages in the queues that it consumes",
			At: spec.At(func(s *Settings) *float64 { return &s.Depth }), Where: spec.When(func(s *Settings) bool { return s.Depth > 0 })},
		{Key: "age", Kind: spec.Duration, NotZero: true, Default: spec.Says("not by it"), Live: true, Doc: "how long a message may have waited in its queue, for each instance: one more for each time that the oldest has waited so long",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Age }), Where: spec.When(func(s *Settings) bool { return s.Age > 0 })},
		{Key: "interval", Kind: spec.Duration, NotZero: true, Default: spec.Of(15), Doc: "between two decisions",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Interval })},
		{Key: "start_up", Kind: spec.TimeDist, ZeroWord: "none", Default: spec.Of(30), Live: true, Doc: "from the decision until a new instance takes part, of each by itself",
			At: spec.At(func(s *Settings) *draw.Dist { return &s.StartUp }), Has: spec.At(func(s *Settings) *bool { return &s.HasStartUp })},
		{Key: "down_window", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Of(300), Doc: "instances are stopped only if none of the decisions of so long has wished for more",
			At: spec.At(func(s *Settings) *time.Duration { return &s.DownWindow })},
	},
})

// The counters and levels of a service's scaling.
const (
	decisions measure.Counter = iota
	started
	stopped
)

const (
	paid measure.LevelID = mech.PaidLevel + iota // away ones are not
	starting
)

var plot = &metric.Plot{ID: "scale", Of: "scale", Title: "Instances", Counts: "instances"}

var metrics = metric.Declare("scale", 76, "SERVICE", []metric.Metric{
	{Key: decisions, Name: "decisions", Doc: "times that it has looked"},
	{Key: started, Name: "started", Doc: "instances that were started", Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: stopped, Name: "stopped", Doc: "instances that were stopped", Row: metric.Row{At: 30, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: paid, Name: "instances", Sign: metric.Sign{Says: "instances: %s", Kept: true}, Doc: "instances that there are: starting, up, down by a fault, or leaving. They cost their hours",
		Row:   metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Mean, metric.Max}},
		Curve: metric.Curve{Plot: plot, Stat: metric.Mean}},
	{Key: starting, Name: "starting", Sign: metric.Sign{Says: "%s starting"}, Doc: "of these, instances that are starting",
		Curve: metric.Curve{Plot: plot, Stat: metric.Mean, Label: "starting", Dash: metric.Dotted, Quiet: true}},
})

// What the log tells, besides that an instance takes part, is leaving, and has left.
var isStarted = record.Event(record.Word{ID: "scale.started", English: "instance is starting"}, record.NoMark, record.Ordinary)

// The timers of a cell.
const (
	decide    = iota // of the first cell
	isReady          // it has started
	isDone    = mech.DoneTimer
	numTimers = isDone + 1
)

// Mechanism is autoscaling.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "scale", Rows: []string{"R6"}, Doc: "autoscaling: instances that are started and stopped while it runs", Stands: design.OnService,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Slots: func(s any) int { return s.(*Settings).max() },
	},
	Metrics: metrics, Records: []record.Class{isStarted, record.InstanceUp, record.InstanceLeaving, record.InstanceAway}, Rank: 2, Outside: true, Draws: true,
	Words: func(s any) int { return ring + s.(*Settings).wishes() }, Timers: numTimers,
	First: func(s any, said int) int { return max(said, s.(*Settings).min()) },
	Start: start, Timer: timer, Said: said, Audit: audit,
}

func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	by := 0
	for _, yes := range []bool{s.Utilization > 0, s.Occupancy > 0, s.Depth > 0, s.Age > 0} {
		if yes {
			by++
		}
	}
	switch {
	case by == 0:
		w.Fail("utilization", "write utilization, occupancy, depth or age", "it does not say by what to scale")
	case by > 1:
		w.Fail("utilization", "write one of utilization, occupancy, depth and age", "it says twice by what to scale")
	case s.min() > s.max():
		w.Fail("min", "make it at most max", "min is %d, max %d", s.min(), s.max())
	case w.Service != nil && w.Service.Instances > s.max():
		w.Fail("max", "make it at least the instances", "%s has %d instances, and max is %d", w.Service.Name, w.Service.Instances, s.max())
	case s.wishes() > 1000:
		w.Fail("down_window", "make it at most a thousand intervals", "a window of %d decisions", s.wishes())
	case s.Age > 0 && w.Service != nil && len(w.Service.Consumes) == 0:
		w.Fail("age", "write utilization or depth", "%s consumes no queue", w.Service.Name)
	}
}

// The words of the first cell.
const (
	busy     = iota // worker time so far, at the last decision
	capacity        // likewise
	begun           // start-ups so far
	next            // place in the ring
	ring            // the last wishes
)

func start(c *mech.Cell) {
	if i, _ := c.Host.Place(); i == 0 {
		c.Host.Timer(decide, c.Now+c.Settings.(*Settings).interval())
	}
}

func timer(c *mech.Cell, k int) {
	switch k {
	case decide:
		c.Host.Count(decisions)
		decides(c)
		c.Host.Timer(decide, c.Now+c.Settings.(*Settings).interval()) // behind those that are ready at that moment
	case isReady:
		if !c.Host.Join() { // a crash holds it up
			c.Host.Timer(isReady, c.Now+int64(time.Second))
			return
		}
		c.Host.Level(starting, -1)
		c.Host.Record(record.InstanceUp)
	case isDone:
		if !c.Host.Retire() {
			c.Host.Timer(isDone, c.Now+int64(time.Second))
			return
		}
		c.Host.Level(paid, -1)
		c.Host.Record(record.InstanceAway)
	}
}

func decides(c *mech.Cell) {
	s, w := c.Settings.(*Settings), c.Words
	staff := c.Host.Staff()
	there := staff.In + staff.Starting
	wish := min(max(s.wish(c, staff), s.min()), s.max())
	w[ring+w[next]] = int64(wish)
	w[next] = (w[next] + 1) % int64(len(w)-ring)
	if wish > there {
		wish = min(wish, max(2*there, there+4))
	} else {
		for _, before := range w[ring:] {
			wish = max(wish, min(int(before), s.max(), there))
		}
	}
	become(c, wish)
}

// become starts or stops instances until there are so many.
func become(c *mech.Cell, n int) {
	s, w, staff := c.Settings.(*Settings), c.Words, c.Host.Staff()
	there := staff.In + staff.Starting
	for range n - there {
		if !c.Host.Begin(isReady, c.Now+s.startUp(c.Host.Draw(uint64(w[begun])))) {
			return // those that could come are leaving
		}
		w[begun]++
		c.Host.Count(started)
		c.Host.Level(paid, 1)
		c.Host.Level(starting, 1)
		c.Host.Record(isStarted)
	}
	for range there - max(n, staff.Starting+1) {
		if !c.Host.Leave() {
			return
		}
		c.Host.Count(stopped)
		c.Host.Record(record.InstanceLeaving)
	}
}

// said is a change of the number of instances by somebody else: the next decision goes on
// from there.
func said(c *mech.Cell, n int) {
	s := c.Settings.(*Settings)
	become(c, min(max(n, s.min()), s.max()))
}

// wish is how many instances there should be.
func (s *Settings) wish(c *mech.Cell, staff mech.Staff) int {
	there := staff.In + staff.Starting
	worked, could := staff.Busy, staff.Capacity
	if s.Occupancy > 0 {
		worked = staff.Held
	}
	w := c.Words
	worked, w[busy] = worked-w[busy], worked
	could, w[capacity] = could-w[capacity], could
	switch {
	case s.Depth > 0:
		return tolerant(there, float64(staff.Waiting)/s.Depth)
	case s.Age > 0:
		return tolerant(there, float64(staff.Oldest)/float64(s.Age))
	case could <= 0:
		return there
	}
	u := float64(worked) / float64(could) / cmp.Or(s.Utilization, s.Occupancy, 1)
	if u > 1 { // those that start do nothing yet
		return max(there, tolerant(there, u*float64(staff.Up)))
	}
	return tolerant(there, u*float64(there))
}

// tolerant is a need in whole instances; those that there are will do for up to a tenth
// more or less.
func tolerant(there int, need float64) int {
	if math.Abs(need-float64(there)) <= 0.1*float64(there)*(1+1e-9) {
		return there
	}
	return int(math.Ceil(min(need, design.MaxInstances) - 1e-9))
}

func audit(c *mech.Cell) error {
	if staff := c.Host.Staff(); staff.In < 1 || staff.Up > staff.In {
		return fmt.Errorf("%d instances take part, %d are up", staff.In, staff.Up)
	}
	return nil
}
