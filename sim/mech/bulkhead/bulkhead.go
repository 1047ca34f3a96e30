// Package bulkhead bounds the attempts that a caller has under way at one callee: each
// holds a slot until its answer, its failure or its timeout. Without a free slot an
// attempt is refused at once, or waits in a line.
//
//	                  held until the attempt ends
//	                        │
//	attempts ──► [slots: at most so many] ──► go
//	                 │ none free
//	                 ├── no_capacity, at once
//	                 └── the line, first come first served, each at most for `wait`;
//	                     one that finds `line` before it: no_capacity, at once
//
// The slots are the servers of a queue whose times of service are those of the attempts:
// of Poisson attempts it loses what M/G/c/c loses (Erlang's B), with a line what M/M/c/K
// loses.
//
// With `setup` a slot is a connection that has to be opened first, and stays open for
// whoever comes next; see connections.go.
//
// # How to choose
//
//	slots        what the callee may lose to this caller at most
//	setup, idle  where calls are rare or come in bursts: who finds no open connection waits for one to be set up
package bulkhead

import (
	"fmt"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/spec"
)

// Settings are those of one bulkhead.
type Settings struct {
	Slots    int
	Wait     time.Duration // 0: none waits; spec.None: for ever
	Line     int           // 0: no bound
	Setup    time.Duration // of a connection; 0: none is needed
	Idle     time.Duration // 0 or spec.None: for ever
	SharedBy string
}

var fields = spec.New(spec.Table{
	Name: "bulkhead", Shared: true,
	Doc: "a bound on the attempts that a caller has under way at a callee, for each instance of the caller; an attempt holds a slot until its answer, its failure or its timeout. One that gets none fails as `no_capacity`, which a retry without `on` tries again and no breaker counts",
	Fields: []spec.Field{
		{Key: "slots", Kind: spec.Count, Label: "slots", Min: 1, Max: 1e6, Default: spec.Required, Live: true, Doc: "attempts under way at a time",
			At: spec.At(func(s *Settings) *int { return &s.Slots })},
		{Key: "wait", Kind: spec.Duration, None: true, Default: spec.Of(0), Live: true, Doc: "how long an attempt waits for a slot, first come first served, before it fails as `no_capacity`; 0: it fails at once; `none`: without end",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Wait })},
		{Key: "line", Kind: spec.Count, Label: "attempts", Min: 1, Max: 1e9, Unlimited: true, Default: spec.Never, Live: true, Doc: "attempts that may wait at a time; the next one fails as `no_capacity` at once",
			At: spec.At(func(s *Settings) *int { return &s.Line })},
		{Key: "setup", Kind: spec.Duration, Default: spec.Of(0), Doc: "slots are connections, and it takes so long to open one: who finds none that is idle waits for it, or for one that comes free before; one whose attempt timed out or was refused is closed",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Setup })},
		{Key: "idle", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never, Doc: "a connection that nobody has used for so long is closed; of several that which was used last is used next",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Idle })},
		{Key: "name", Kind: spec.Name, Default: spec.Says("that of caller and callee"), Doc: "call sites of one caller with the same name share one bulkhead",
			At: spec.At(func(s *Settings) *string { return &s.SharedBy })},
	},
})

// The counters, the levels and the distribution of a bulkhead.
const (
	asked measure.Counter = iota
	refused
	opened
)

const (
	held measure.LevelID = iota
	waiting
	open
)

const wait measure.HistID = 0

var plot = &metric.Plot{ID: "bulkheads", Of: "bulkhead", Title: "Slots held and waited for", Counts: "attempts"}

var metrics = metric.Declare("bulkhead", 75, "CALLER->CALLEE", []metric.Metric{
	{Key: asked, Name: "asked", Doc: "attempts that came to the bulkhead"},
	{Key: refused, Name: "refused", Tells: metric.Refuses, Better: metric.Lower, Of: asked, Sign: metric.Sign{Says: "%s/s refused", Group: record.Rejection}, Doc: "attempts that got no slot, at once or after their wait in line",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain, metric.Ratio}}},
	{Key: opened, Name: "opened", Better: metric.Lower, Of: asked, Doc: "connections that were opened, where that takes a time", Row: metric.Row{At: 50, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: held, Name: "held", Doc: "slots that are held, of all instances of the caller", Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Mean, metric.Max}}, Curve: metric.Curve{Plot: plot, Stat: metric.Mean, Label: "held"}},
	{Key: waiting, Name: "waiting", Tells: metric.Lines, Better: metric.Lower, Sign: metric.Sign{Says: "%s in line"}, Doc: "attempts in line for a slot", Row: metric.Row{At: 30, When: metric.NonZero, Stats: []metric.Stat{metric.Mean, metric.Max}}, Curve: metric.Curve{Plot: plot, Stat: metric.Mean, Label: "waiting", Dash: metric.Dotted, Quiet: true}},
	{Key: open, Name: "open", Doc: "connections that are open, held or idle", Row: metric.Row{At: 60, When: metric.NonZero, Stats: []metric.Stat{metric.Mean, metric.Max}}},
	{Key: wait, Name: "wait", Better: metric.Lower, Unit: draw.Seconds, Doc: "time in line for a slot of those that had to wait", Row: metric.Row{At: 40, When: metric.NonZero, Stats: []metric.Stat{metric.P99}}},
})

// Mechanism is the bulkhead.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "bulkhead", Rows: []string{"R3"}, Doc: "a bound on the attempts under way", Stands: design.OnLoad | design.OnCall,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Causes: []*design.Reason{design.NoCapacity},
		Name:   func(s any) string { return s.(*Settings).SharedBy },
	},
	Metrics: metrics, Rank: 40, Each: true, Line: &mech.Line{Waiting: waiting, Wait: wait, Lost: refused},
	Words: func(any) int { return numWords }, Timers: numTimers, Tables: numTables,
	May: may, Ended: ended, Timer: timer, Reset: reset, Changed: changed, Audit: audit,
}

func check(w *design.Where, settings any) {
	switch s := settings.(*Settings); {
	case s.Line > 0 && s.Wait == 0:
		w.Fail("line", "say with wait how long", "nobody waits in the line")
	case s.Idle > 0 && s.Setup == 0:
		w.Fail("idle", "add setup: 30ms", "to open a connection takes no time, so that to close one changes nothing")
	case s.Setup > 0 && s.Wait > 0 && s.Wait < s.Setup:
		w.Fail("wait", "make it longer than setup", "nobody waits until a connection is open")
	}
}

// The words of a cell.
const (
	out     = iota // slots that are held
	opening        // connections
	shut           // idle ones that were closed or used: the key of the one that has been idle for longest
	kept           // the key behind that of the one that is idle since last
	dialled        // the key of the connection that will be open first
	dials          // the key behind that of the last
	numWords
)

func may(c *mech.Cell) mech.Verdict {
	s := c.Settings.(*Settings)
	c.Host.Count(asked)
	if s.Setup > 0 {
		return connect(c, s)
	}
	switch {
	case c.Words[out] < int64(s.Slots):
		hold(c, 1)
		return mech.Go
	case s.Wait == 0 || c.Hurry || s.Line > 0 && c.Host.Waiting() >= s.Line:
		c.Host.Count(refused)
		return mech.Refuse(0)
	}
	c.Patience = max(0, int64(s.Wait))
	return mech.Wait
}

func hold(c *mech.Cell, n int64) {
	c.Words[out] += n
	c.Host.Level(held, n)
}

func ended(c *mech.Cell, o mech.Outcome) {
	hold(c, -1)
	if s := c.Settings.(*Settings); s.Setup > 0 {
		goesOn(c, s, o.Cause != design.Timeout && o.Cause != design.Refused)
		return
	}
	next(c)
}

// next gives free slots to those in line.
func next(c *mech.Cell) {
	for c.Words[out] < int64(c.Settings.(*Settings).Slots) && c.Host.Next() {
		hold(c, 1)
	}
}

func reset(c *mech.Cell) {
	c.Host.Level(held, -c.Words[out])
	if c.Settings.(*Settings).Setup > 0 {
		c.Host.Level(open, -c.Words[out]-idle(c.Words))
	}
}

// changed lets go who finds a slot now; of fewer slots none is taken away.
func changed(c *mech.Cell, _ any) {
	if s := c.Settings.(*Settings); s.Setup > 0 {
		dialAll(c, s)
		return
	}
	next(c)
}

func audit(c *mech.Cell) error {
	switch n, s := c.Words[out], c.Settings.(*Settings); {
	case n < 0:
		return fmt.Errorf("%d slots are held", n)
	case s.Setup > 0:
		return auditConnections(c, s)
	case n < int64(s.Slots) && c.Host.Waiting() > 0:
		return fmt.Errorf("%d wait, and %d of %d slots are held", c.Host.Waiting(), n, s.Slots)
	}
	return nil
}
