// Package breaker is the circuit breaker: after enough failures a caller stops asking
// for a while, and then tries a few times.
//
//	         failures in a row, or a share of the window
//	closed ───────────────────────────────────────────────► open ◄──┐
//	   ▲                                                     │ open  │ a failure
//	   │                                                     ▼       │
//	   └──────────────── enough successes ──────────────── half open ┘
//
// Only outcomes of attempts that were let through in the present state count. A crash
// of the caller forgets it.
package breaker

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
	"asynclab/sim/warning"
)

// The counters and the level of a breaker.
const (
	refused measure.Counter = iota
	opened
	probes
)

const open measure.LevelID = 0

var plot = &metric.Plot{ID: "breakers", Of: "breaker", Title: "Circuit breakers open", Counts: "breakers"}

var metrics = metric.Declare("breaker", 60, "CALLER->CALLEE", []metric.Metric{
	{Key: opened, Name: "opened", Better: metric.Lower, Doc: "times that the breaker of an instance of the caller opened, after probes too",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: refused, Name: "refused", Tells: metric.Refuses, Better: metric.Lower, Sign: metric.Sign{Says: "%s/s refused", Group: record.Rejection}, Doc: "attempts that it ended at once",
		Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: probes, Name: "probes", Doc: "attempts that it let through while it was half open",
		Row: metric.Row{At: 30, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: open, Name: "open", Better: metric.Lower, Sign: metric.Sign{Says: "%s tripped", Group: record.Rejection}, Doc: "breakers that are open, of all instances of the caller; a half open one is not",
		Row:   metric.Row{At: 40, When: metric.NonZero, Stats: []metric.Stat{metric.Mean}},
		Curve: metric.Curve{Plot: plot, Stat: metric.Mean}},
})

// What the log tells.
var (
	hasOpened = record.Event(record.Word{ID: "breaker.opened", English: "circuit opened"}, record.NoMark, record.Rejection)
	halfOpen  = record.Event(record.Word{ID: "breaker.half", English: "circuit half open"}, record.NoMark, record.Ordinary)
	hasClosed = record.Event(record.Word{ID: "breaker.closed", English: "circuit closed"}, record.NoMark, record.Good)
)

// Mechanism is the circuit breaker.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "breaker", Rows: []string{"R3"}, Doc: "a circuit breaker in front of the attempts", Stands: design.OnLoad | design.OnCall,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Warnings: []*warning.Declaration{neverOpens},
		Causes:   []*design.Reason{{Name: "circuit_open", Words: "circuit open", Spares: true}},
		Name:     func(s any) string { return s.(*Settings).SharedBy },
		Fails:    func(s any) design.CauseSet { return s.(*Settings).On },
	},
	Metrics: metrics, Records: []record.Class{hasOpened, halfOpen, hasClosed}, Rank: 20,
	Words: words, Timers: 1, May: may, Ended: ended, Timer: probing, Reset: reset, Audit: audit,
}

// The words of a cell; behind them comes the window.
const (
	state    = iota // shut, broken or trying
	epoch           // of the state: the ticket of what it lets through
	inRow           // shut: failures
	out             // trying: probes under way
	good            // trying: successes in a row
	again           // openings since it was last shut
	calls           // in the window or, trying, so far
	failures        // of them
	slows
	head // of the window: the next call's place, or the part of time that was last counted in
	window
)

// The states.
const (
	shut = iota
	broken
	trying
)

func words(settings any) int {
	s := settings.(*Settings)
	switch {
	case s.Calls > 0:
		return window + (s.Calls+callsAWord-1)/callsAWord
	case s.Span > 0:
		return window + parts*partWords
	}
	return window
}

func may(c *mech.Cell) mech.Verdict {
	s, w := c.Settings.(*Settings), c.Words
	c.Ticket = w[epoch]
	switch {
	case w[state] == shut:
		return mech.Go
	case w[state] == trying && w[out] < int64(max(1, s.Probes)) && (s.Outcomes == 0 || w[calls]+w[out] < int64(s.Outcomes)):
		w[out]++
		c.Host.Count(probes)
		return mech.Go
	}
	c.Host.Count(refused)
	return mech.Refuse(0)
}

func ended(c *mech.Cell, o mech.Outcome) {
	s, w := c.Settings.(*Settings), c.Words
	if o.Ticket != w[epoch] {
		return // it was let through in an earlier state
	}
	if w[state] == trying {
		w[out]--
	}
	if !o.Counts {
		return
	}
	failed := o.Cause != design.OK && c.Host.Has(s.failing(), o.Cause)
	slow := s.Slow > 0 && o.Took > int64(s.Slow)
	if w[state] == trying {
		judge(c, failed, slow)
		return
	}
	s.add(w, c.Now, failed, slow)
	if w[inRow]++; !failed {
		w[inRow] = 0
	}
	if float64(w[inRow]) >= s.row() || s.bad(w, int64(cmp.Or(s.Least, 10))) {
		breaks(c)
	}
}

// judge counts the outcome of a probe.
func judge(c *mech.Cell, failed, slow bool) {
	s, w := c.Settings.(*Settings), c.Words
	if s.Outcomes > 0 {
		w[calls]++
		w[failures] += one(failed)
		w[slows] += one(slow)
		switch {
		case w[calls] < int64(s.Outcomes):
		case s.bad(w, int64(s.Outcomes)):
			breaks(c)
		default:
			shuts(c)
		}
		return
	}
	if failed || slow {
		breaks(c)
	} else if w[good]++; w[good] >= int64(max(1, s.Probes)) {
		shuts(c)
	}
}

// becomes begins a state, in which nothing has been counted yet.
func becomes(w []int64, to int64) {
	n, times := w[epoch]+1, w[again]
	clear(w)
	w[state], w[epoch], w[again] = to, n, times
}

func breaks(c *mech.Cell) {
	s, w := c.Settings.(*Settings), c.Words
	becomes(w, broken)
	d := float64(cmp.Or(s.Open, 30*time.Second)) * draw.Pow(cmp.Or(s.Growth, 1), float64(w[again]))
	if s.Longest > 0 {
		d = min(d, float64(s.Longest))
	}
	w[again]++
	c.Host.Count(opened)
	c.Host.Level(open, 1)
	c.Host.Record(hasOpened)
	c.Host.Timer(0, c.Now+int64(math.Round(min(d, float64(design.MaxTime)))))
}

func shuts(c *mech.Cell) {
	becomes(c.Words, shut)
	c.Words[again] = 0
	c.Host.Record(hasClosed)
}

// probing begins when the breaker has been open for long enough.
func probing(c *mech.Cell, _ int) {
	becomes(c.Words, trying)
	c.Host.Level(open, -1)
	c.Host.Record(halfOpen)
}

func reset(c *mech.Cell) {
	if c.Words[state] == broken {
		c.Host.Level(open, -1)
	}
}

func (s *Settings) failing() design.CauseSet {
	if s.On.IsEmpty() {
		return failing
	}
	return s.On
}

// failing is the default: what a retry tries again, and what is shed.
var failing = design.Retryable.WithName("shed")

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func audit(c *mech.Cell) error {
	w := c.Words
	switch {
	case w[state] != trying && w[out] != 0, w[out] < 0:
		return fmt.Errorf("%d probes under way in state %d", w[out], w[state])
	case w[calls] < w[failures] || w[calls] < w[slows] || w[failures] < 0 || w[slows] < 0:
		return fmt.Errorf("%d calls, %d of them failures, %d slow", w[calls], w[failures], w[slows])
	}
	return nil
}
