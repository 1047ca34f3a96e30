// Package concurrency limits the tasks at an instance by what their latencies say: the
// limit grows while they are good, and shrinks when they are not.
//
//	requests ──► tasks < limit? ──► task ──► its end, its latency ──┐
//	               │ no                                             │
//	               └─► shed            limit ◄── aimd or gradient ◄─┘
//
// # How to choose
//
//	aimd      a latency that is too long is known (target). +1 for each `limit` successes,
//	          × 0.9 at a latency above it, a timeout or a shed of a callee (Chiu and Jain 1989;
//	          Netflix concurrency-limits, AIMDLimit)
//	gradient  it is not: the limit follows long ÷ short, the mean latency of the long run over
//	          that of now, plus room for a line of √limit (Netflix concurrency-limits,
//	          Gradient2Limit; after TCP Vegas, Brakmo and Peterson 1995)
package concurrency

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/mech/shed"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/spec"
)

// Settings are those of one service.
type Settings struct {
	Gradient  bool
	Initial   int           // 0 means 20
	Min       int           // 0 means 1
	Max       int           // 0 means 1,000
	Target    time.Duration // aimd
	Smoothing float64       // gradient; 0 means 20 %
}

func (s *Settings) least() float64 { return float64(max(1, s.Min)) }
func (s *Settings) most() float64  { return float64(cmp.Or(s.Max, 1000)) }

func (s *Settings) first() float64 {
	return min(max(float64(cmp.Or(s.Initial, 20)), s.least()), s.most())
}

var fields = spec.New(spec.Table{
	Name: "adaptive concurrency", Shared: true,
	Doc: "a limit on the tasks at an instance that follows their latencies, from their arrival to their end; a request beyond it is refused with `shed`",
	Fields: []spec.Field{
		{Key: "policy", Kind: spec.Word, Words: []string{"aimd", "gradient"}, Default: spec.Of(0), Doc: "`aimd`: one more after as many successes as the limit is, a tenth less when one takes longer than `target`, or ends by a timeout or is shed further down; `gradient`: limit × min(1, long ÷ short) + √limit, where short is the mean latency of the last tenth of a second, of at least ten tasks, and long that of the last 600 or so; not while fewer than half of it are there",
			At: spec.At(func(s *Settings) *bool { return &s.Gradient })},
		{Key: "target", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Never, Live: true, Doc: "aimd: the latency above which the limit shrinks",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Target })},
		{Key: "initial", Kind: spec.Count, Label: "tasks", Min: 1, Max: 1e6, Default: spec.Of(20), Doc: "the limit at first, and after a crash",
			At: spec.At(func(s *Settings) *int { return &s.Initial })},
		{Key: "min", Kind: spec.Count, Label: "tasks", Min: 1, Max: 1e6, Default: spec.Of(1), Live: true, Doc: "the least limit",
			At: spec.At(func(s *Settings) *int { return &s.Min })},
		{Key: "max", Kind: spec.Count, Label: "tasks", Min: 1, Max: 1e6, Default: spec.Of(1000), Live: true, Doc: "the greatest limit",
			At: spec.At(func(s *Settings) *int { return &s.Max })},
		{Key: "smoothing", Kind: spec.Share, Min: 0.01, Default: spec.Of(0.2), Live: true, Doc: "gradient: the weight of a new limit against the one before",
			At: spec.At(func(s *Settings) *float64 { return &s.Smoothing })},
	},
})

// The counters and the level of a service's limit.
const (
	asked measure.Counter = iota
	refused
)

const limit measure.LevelID = 0

var plot = &metric.Plot{ID: "concurrency", Of: "concurrency", Title: "Adaptive concurrency limits", Counts: "tasks"}

var metrics = metric.Declare("concurrency", 74, "SERVICE", []metric.Metric{
	{Key: asked, Name: "asked", Doc: "requests that came to the door"},
	{Key: refused, Name: "refused", Tells: metric.Refuses, Better: metric.Lower, Of: asked, Sign: metric.Sign{Says: "%s/s refused", Group: record.Rejection}, Doc: "requests that found as many tasks as the limit",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain, metric.Ratio}}},
	{Key: limit, Name: "limit", Sign: metric.Sign{Says: "limit %s", Kept: true}, Doc: "the limit, of all instances together",
		Row: metric.Row{At: 20, When: metric.Measured, Stats: []metric.Stat{metric.Mean, metric.Max}}, Curve: metric.Curve{Plot: plot, Stat: metric.Mean}},
})

// Mechanism is the adaptive concurrency limit.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "concurrency", Rows: []string{"R3"}, Doc: "a limit on tasks that follows their latencies", Stands: design.OnService,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Causes: []*design.Reason{shed.Cause},
	},
	Metrics: metrics, Rank: 36,
	Words: func(any) int { return numWords },
	Start: start, May: may, Left: left, Reset: reset, Changed: changed, Audit: audit,
}

func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	switch {
	case s.least() > s.most():
		w.Fail("min", "at most max", "the least limit, %v, is above the greatest, %v", s.least(), s.most())
	case !s.Gradient && s.Target <= 0:
		w.Fail("target", "write target: 100ms, or policy: gradient", "nothing says which latency is too long")
	}
}

const (
	unit    = 1e6 // the limit is kept in millionths
	window  = int64(100 * time.Millisecond)
	samples = 10  // in a window
	memory  = 600 // of the long mean
)

// The words of a cell.
const (
	now       = iota // the limit, in millionths
	successes        // aimd: since it last grew
	sum              // gradient: of latencies in this window
	n                // how many
	ends             // of the window
	long             // mean latency, in nanoseconds
	seen             // samples in it, up to memory
	numWords
)

func start(c *mech.Cell) { set(c, c.Settings.(*Settings).first()) }

// set changes the limit, and the level of what it lets in.
func set(c *mech.Cell, to float64) {
	s, w := c.Settings.(*Settings), c.Words
	before := w[now] / unit
	w[now] = int64(math.Round(min(max(to, s.least()), s.most()) * unit))
	c.Host.Level(limit, w[now]/unit-before)
}

func may(c *mech.Cell) mech.Verdict {
	c.Host.Count(asked)
	if int64(c.Tasks) >= c.Words[now]/unit {
		c.Host.Count(refused)
		return mech.Refuse(0)
	}
	return mech.Go
}

// left is told of a task that has gone.
func left(c *mech.Cell, o mech.Outcome) {
	if !o.Counts {
		return
	}
	if s := c.Settings.(*Settings); s.Gradient {
		gradient(c, s, o)
	} else {
		aimd(c, s, o)
	}
}

func aimd(c *mech.Cell, s *Settings, o mech.Outcome) {
	w := c.Words
	bad := o.Cause == design.Timeout || o.Cause >= design.NumCauses && c.Host.Has(sheds, o.Cause)
	switch {
	case bad || o.Took > int64(s.Target):
		w[successes] = 0
		set(c, float64(w[now])/unit*0.9)
	case o.Cause == design.OK:
		if w[successes]++; w[successes] >= w[now]/unit {
			w[successes] = 0
			set(c, float64(w[now])/unit+1)
		}
	}
}

var sheds = design.CauseSet{}.WithName(shed.Cause.Name)

func gradient(c *mech.Cell, s *Settings, o mech.Outcome) {
	w := c.Words
	if o.Cause != design.OK {
		return
	}
	w[seen] = min(memory, w[seen]+1)
	w[long] += (o.Took - w[long]) / w[seen]
	w[sum] += o.Took
	w[n]++
	if c.Now < w[ends] || w[n] < samples {
		return
	}
	short := float64(w[sum]) / float64(w[n])
	w[sum], w[n], w[ends] = 0, 0, c.Now+window
	at := float64(w[now]) / unit
	if float64(c.Tasks) < at/2 {
		return // the load limits it, and not the limit
	}
	to := at*min(1, float64(w[long])/max(1, short)) + math.Sqrt(at)
	weight := cmp.Or(s.Smoothing, 0.2)
	set(c, at+float64(weight*(to-at)))
}

func reset(c *mech.Cell) { c.Host.Level(limit, -(c.Words[now] / unit)) }

func changed(c *mech.Cell, _ any) { set(c, float64(c.Words[now])/unit) }

func audit(c *mech.Cell) error {
	s := c.Settings.(*Settings)
	if at := float64(c.Words[now]) / unit; at < s.least() || at > s.most() {
		return fmt.Errorf("the limit is %v, outside of %v to %v", at, s.least(), s.most())
	}
	return nil
}
