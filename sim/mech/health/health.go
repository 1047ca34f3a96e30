// Package health takes instances out of balancing that do not answer checks, or that fail
// one request after another.
//
//	          unhealthy checks in a row fail, or `failures` requests in a row
//	balanced ───────────────────────────────────────────────────────────────► left out ◄─┐
//	   ▲                                                                         │        │ again
//	   └──── healthy checks in a row are good; the time of the ejection is over ─┴────────┘
//
// The balancer of a service knows it, for all who call: a crash of the instance does not
// make it forget. Where all would be left out, all count again.
//
// # How to choose
//
//	interval   for instances that are down, hang or are silent: noticed after `unhealthy` checks, so between
//	           (unhealthy - 1) · interval and unhealthy · interval, and a timeout more where nobody answers
//	failures   for those that answer checks and fail requests: noticed after so many of them, at once where it is asked often
package health

import (
	"cmp"
	"fmt"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/spec"
	"asynclab/sim/warning"
)

// Settings are those of one service.
type Settings struct {
	Interval  time.Duration // between checks of an instance; 0: none
	Timeout   time.Duration // of a check; 0 means 1 s, or the interval where that is shorter
	Unhealthy int           // 0 means 3
	Healthy   int           // 0 means 2
	Failures  int           // in a row; 0: none ejects
	Eject     time.Duration // 0 means 30 s
	Longest   time.Duration // 0 means 5 min
	Sweep     time.Duration // ejections end at multiples of it; 0: when they are over
	Share     float64       // 0 means a half
}

func (s *Settings) timeout() int64 {
	return int64(min(cmp.Or(s.Timeout, time.Second), s.Interval))
}

var fields = spec.New(spec.Table{
	Name: "health", Shared: true,
	Doc: "instances that the balancer of a service leaves out: those that do not answer its checks, and those that fail one request after another. Where all would be left out, all count again",
	Fields: []spec.Field{
		{Key: "interval", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Never, Live: true, Doc: "between checks of one instance, which take no worker and no time: one that is down refuses them, one that is silent, hangs or is paused does not answer. The instances are checked in turn",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Interval })},
		{Key: "timeout", Kind: spec.Duration, NotZero: true, Default: spec.Says("1 s, or the interval where that is shorter"), Doc: "how long a check waits for its answer",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Timeout })},
		{Key: "unhealthy", Kind: spec.Count, Label: "checks", Min: 1, Max: 1e6, Default: spec.Of(3), Live: true, Doc: "so many checks in a row fail: the instance is left out",
			At: spec.At(func(s *Settings) *int { return &s.Unhealthy })},
		{Key: "healthy", Kind: spec.Count, Label: "checks", Min: 1, Max: 1e6, Default: spec.Of(2), Live: true, Doc: "so many checks in a row are good: it takes part again",
			At: spec.At(func(s *Settings) *int { return &s.Healthy })},
		{Key: "failures", Kind: spec.Count, Label: "requests", Min: 1, Max: 1e6, Unlimited: true, Default: spec.Never, Live: true, Doc: "so many requests in a row that one instance fails, refuses or lets time out: it is ejected",
			At: spec.At(func(s *Settings) *int { return &s.Failures })},
		{Key: "eject", Kind: spec.Duration, NotZero: true, Default: spec.Of(30), Live: true, Doc: "for how long it is ejected: the k-th time without a good answer in between, k times as long",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Eject })},
		{Key: "longest", Kind: spec.Duration, NotZero: true, Default: spec.Of(300), Live: true, Doc: "the longest ejection",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Longest })},
		{Key: "sweep", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Never, Live: true, Doc: "an ejection that is over ends at the next multiple of it, and each of these at which the instance takes part makes the next ejection shorter by one `eject`, instead of a good answer (Envoy's interval)",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Sweep })},
		{Key: "share", Kind: spec.Share, Min: 0.001, Default: spec.Of(0.5), Live: true, Doc: "at most this share of the instances is left out by ejections, but one may always be",
			At: spec.At(func(s *Settings) *float64 { return &s.Share })},
	},
})

// The counters and the level of a service's health.
const (
	checks measure.Counter = iota
	failed
	ejections
	spared
)

const out measure.LevelID = 0

var plot = &metric.Plot{ID: "health", Of: "health", Title: "Instances left out", Counts: "instances"}

var metrics = metric.Declare("health", 74, "SERVICE", []metric.Metric{
	{Key: checks, Name: "checks", Doc: "checks that were made"},
	{Key: failed, Name: "failed", Better: metric.Lower, Of: checks, Doc: "checks that were refused or not answered in time",
		Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: ejections, Name: "ejections", Better: metric.Lower, Doc: "times that an instance was ejected because of its failures in a row",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: spared, Name: "spared", Better: metric.Lower, Doc: "times that one was not, because too many were left out",
		Row: metric.Row{At: 30, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: out, Name: "out", Better: metric.Lower, Sign: metric.Sign{Says: "%s left out", Group: record.Fault}, Doc: "instances that are left out",
		Row:   metric.Row{At: 40, When: metric.NonZero, Stats: []metric.Stat{metric.Mean, metric.Max}},
		Curve: metric.Curve{Plot: plot, Stat: metric.Mean}},
})

// What the log tells.
var (
	hasFailed   = record.Event(record.Word{ID: "health.failed", English: "instance fails its checks"}, record.NoMark, record.Rejection)
	hasAnswered = record.Event(record.Word{ID: "health.answered", English: "instance answers its checks"}, record.NoMark, record.Good)
	isEjected   = record.Event(record.Word{ID: "health.ejected", English: "instance ejected"}, record.NoMark, record.Rejection)
	isBack      = record.Event(record.Word{ID: "health.back", English: "instance takes part again"}, record.NoMark, record.Good)
)

// The timers of a cell.
const (
	nextCheck = iota
	noAnswer
	isOver // the ejection
	numTimers
)

var alone = &warning.Declaration{Name: "health-alone", Source: warning.Check, Says: "there is no other instance to choose", Advise: "give the service instances: 2 or more", Means: "health checks of a service with one instance"}

// Mechanism is health checks and the ejection of outliers.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "health", Rows: []string{"R5"}, Doc: "health checks of the instances, and ejection of those that fail", Stands: design.OnService,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Warnings: []*warning.Declaration{alone},
	},
	Metrics: metrics, Records: []record.Class{hasFailed, hasAnswered, isEjected, isBack}, Rank: 1, Outside: true,
	Words: func(any) int { return numWords }, Timers: numTimers,
	Start: start, Told: told, Timer: timer, Changed: changed, Audit: audit,
}

func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	switch {
	case s.Interval <= 0 && s.Failures <= 0:
		w.Fail("interval", "write interval or failures", "it never notices anything")
	case s.Interval > 0 && s.Timeout > s.Interval:
		w.Fail("timeout", "make it at most the interval", "a check would still wait when the next one is due")
	case w.Service != nil && w.Service.Instances < 2:
		w.Warn("", alone)
	}
}

// The words of a cell.
const (
	bad     = iota // checks in a row that failed
	good           // checks in a row that did not
	sick           // it fails its checks
	paused         // it was, when it was asked
	inRow          // requests that failed
	ejected        // it is
	times          // that it was, without a good answer since; with sweeps, less those since back
	back           // when the last one was over
	numWords
)

func start(c *mech.Cell) {
	if s := c.Settings.(*Settings); s.Interval > 0 {
		i, n := c.Host.Place()
		c.Host.Timer(nextCheck, c.Now+int64(s.Interval)/int64(n)*int64(i+1))
	}
}

func changed(c *mech.Cell, before any) {
	if c.Settings.(*Settings).Interval == before.(*Settings).Interval {
		return
	}
	c.Host.Cancel(nextCheck)
	c.Host.Cancel(noAnswer)
	start(c)
	if c.Settings.(*Settings).Interval <= 0 && c.Words[sick] != 0 { // nobody would notice that it is well again
		c.Words[sick], c.Words[bad] = 0, 0
		leaves(c)
	}
}

func timer(c *mech.Cell, k int) {
	s, w := c.Settings.(*Settings), c.Words
	switch k {
	case nextCheck:
		// Behind the end of this check, which may be at the same moment: the next one would
		// take its timer.
		defer func() { c.Host.Timer(nextCheck, c.Now+int64(s.Interval)) }()
		answers := c.Host.Answers()
		if answers == mech.Absent {
			return
		}
		c.Host.Count(checks)
		switch answers {
		case mech.Well:
			checked(c, true)
		case mech.Refuses:
			checked(c, false)
		default:
			w[paused] = int64(answers - mech.Silent)
			c.Host.Timer(noAnswer, c.Now+s.timeout())
		}
	case noAnswer: // one that was paused may have answered meanwhile
		checked(c, w[paused] != 0 && c.Host.Answers() == mech.Well)
	case isOver:
		w[ejected], w[back] = 0, c.Now
		c.Host.Record(isBack)
		leaves(c)
	}
}

// checked counts the outcome of a check.
func checked(c *mech.Cell, well bool) {
	s, w := c.Settings.(*Settings), c.Words
	if !well {
		c.Host.Count(failed)
		w[good] = 0
		if w[bad]++; w[bad] >= int64(cmp.Or(s.Unhealthy, 3)) && w[sick] == 0 {
			w[sick] = 1
			c.Host.Record(hasFailed)
			joins(c)
		}
		return
	}
	w[bad] = 0
	if w[good]++; w[good] >= int64(cmp.Or(s.Healthy, 2)) && w[sick] != 0 {
		w[sick] = 0
		c.Host.Record(hasAnswered)
		leaves(c)
	}
}

// joins those that are left out, for one of two reasons; leaves is the end of one.
func joins(c *mech.Cell) {
	if c.Words[sick]+c.Words[ejected] == 1 {
		c.Host.Out(true)
		c.Host.Level(out, 1)
	}
}

func leaves(c *mech.Cell) {
	if c.Words[sick]+c.Words[ejected] == 0 {
		c.Host.Out(false)
		c.Host.Level(out, -1)
	}
}

// told counts the end of a request.
func told(c *mech.Cell, o mech.Outcome) {
	s, w := c.Settings.(*Settings), c.Words
	if s.Failures <= 0 || !o.Counts {
		return
	}
	if o.Cause == design.OK {
		if w[inRow] = 0; s.Sweep <= 0 {
			w[times] = 0
		}
		return
	}
	if !c.Host.Has(failing, o.Cause) {
		return
	}
	if w[inRow]++; w[inRow] < int64(s.Failures) || w[ejected] != 0 {
		return
	}
	w[inRow] = 0
	if left, n := c.Host.LeftOut(); w[sick] == 0 && float64(left+1) > max(1, cmp.Or(s.Share, 0.5)*float64(n)) {
		c.Host.Count(spared)
		return
	}
	w[ejected] = 1
	base, longest := float64(cmp.Or(s.Eject, 30*time.Second)), float64(cmp.Or(s.Longest, 5*time.Minute))
	if s.Sweep > 0 {
		w[times] = max(0, w[times]-(c.Now/int64(s.Sweep)-w[back]/int64(s.Sweep)))
	}
	if float64(w[times])*base < longest {
		w[times]++
	}
	c.Host.Count(ejections)
	c.Host.Record(isEjected)
	joins(c)
	over := c.Now + int64(min(float64(w[times])*base, longest))
	if s.Sweep > 0 {
		over = (over + int64(s.Sweep) - 1) / int64(s.Sweep) * int64(s.Sweep)
	}
	c.Host.Timer(isOver, over)
}

var failing = design.Retryable.WithName("shed")

func audit(c *mech.Cell) error {
	if w := c.Words; w[sick]|w[ejected] > 1 || w[bad] > 0 && w[good] > 0 || w[inRow] < 0 || w[times] < 0 {
		return fmt.Errorf("failed checks %d, good ones %d, sick %d, failures %d, ejected %d of %d times", w[bad], w[good], w[sick], w[inRow], w[ejected], w[times])
	}
	return nil
}
