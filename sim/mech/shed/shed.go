// Package shed refuses requests at the door of a service, or when their turn comes, so
// that those that are served are served in time.
//
//	requests ──► door: line ≥ length (but for the important), too late for `deadline`? ──► shed
//	               │
//	             [waiting room]
//	               │
//	             turn: waited longer than `age`, too late, or the policy says so? ──► shed, and the next one's turn
//	               │
//	             worker
//
// # How to choose
//
//	length            a bound on waiting where the speed is known; spare keeps the important out of it
//	age, deadline     where an answer is worth nothing after a time
//	codel             the line may be long for a moment, but not for an interval (RFC 8289): for
//	                  bursts that come and go. It sheds few, and more and more of them as long as waits stay long
//	controlled_delay  for overload that lasts: what has waited twice the target goes, as long
//	                  as nobody waits less than the target (Maurer, "Fail at scale", ACM Queue 2015)
package shed

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

// Policy is how waits decide when a request's turn comes.
type Policy uint8

// The policies.
const (
	NoPolicy Policy = iota
	CoDel
	ControlledDelay
)

// Settings are those of one service.
type Settings struct {
	Length   int           // 0: no bound
	Spare    int           // priorities from 0 that Length spares
	Deadline time.Duration // what an answer needs; 0: deadlines do not count
	Age      time.Duration // 0: no bound
	Policy   Policy
	Target   time.Duration // 0 means 5 ms
	Interval time.Duration // 0 means 100 ms
}

func (s *Settings) target() int64   { return int64(cmp.Or(s.Target, 5*time.Millisecond)) }
func (s *Settings) interval() int64 { return int64(cmp.Or(s.Interval, 100*time.Millisecond)) }

var fields = spec.New(spec.Table{
	Name: "shedding", Shared: true,
	Doc: "load shedding, for each instance of a service: requests are refused with `shed` at the door, or when their turn comes for a worker. Deliveries of a broker are not shed",
	Fields: []spec.Field{
		{Key: "length", Kind: spec.Count, Label: "requests", Min: 1, Max: 1e9, Unlimited: true, Default: spec.Never, Live: true, Doc: "a request that finds so many waiting is shed at the door",
			At: spec.At(func(s *Settings) *int { return &s.Length })},
		{Key: "spare", Kind: spec.Count, Label: "priorities", Max: design.MaxPriorities - 1, Default: spec.Of(0), Live: true, Doc: "so many priorities, from 0, the most important, are not shed by `length`",
			At: spec.At(func(s *Settings) *int { return &s.Spare })},
		{Key: "deadline", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Never, Live: true, Doc: "what an answer needs: a request of which the deadline leaves less is shed, at the door and when its turn comes",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Deadline })},
		{Key: "age", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Never, Live: true, Doc: "a request that has waited longer is shed when its turn comes",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Age })},
		{Key: "policy", Kind: spec.Word, Words: []string{"none", "codel", "controlled_delay"}, Default: spec.Of(0), Doc: "what waits say when a turn comes: `codel` (RFC 8289) sheds one after an `interval` in which all waited longer than `target`, and the next ones after interval ÷ √2, ÷ √3 …, until one waits less; `controlled_delay` sheds what has waited twice the target while the least wait of the last interval is above it",
			At: spec.Enum(func(s *Settings) *Policy { return &s.Policy })},
		{Key: "target", Kind: spec.Duration, NotZero: true, Default: spec.Of(0.005), Live: true, Doc: "the wait that the policy takes for good",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Target })},
		{Key: "interval", Kind: spec.Duration, NotZero: true, Default: spec.Of(0.1), Live: true, Doc: "for how long waits may be longer",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Interval })},
	},
})

// The counters of a service's shedding.
const (
	asked measure.Counter = iota
	atDoor
	atTurn
)

var plot = &metric.Plot{ID: "sheds", Of: "shed", Title: "Requests shed", Counts: "requests", Unit: draw.PerSecond}

var metrics = metric.Declare("shed", 72, "SERVICE", []metric.Metric{
	{Key: asked, Name: "asked", Doc: "requests that came to the door"},
	{Key: atDoor, Plus: atTurn, Name: "shed", Better: metric.Lower, Of: asked, Sign: metric.Sign{Says: "%s/s shed", Group: record.Rejection}, Doc: "requests that were shed, at the door or when their turn came",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain, metric.Ratio}}, Curve: metric.Curve{Plot: plot, Stat: metric.Rate}},
	{Key: atDoor, Name: "at_door", Tells: metric.Refuses, Better: metric.Lower, Of: asked, Doc: "of these, requests that did not come in"},
	{Key: atTurn, Name: "late", Better: metric.Lower, Of: asked, Doc: "of these, requests that had waited for their turn",
		Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
})

// Cause is the cause by which requests are shed. A retry without `on` tries them again, and
// a breaker counts them: they say that the callee has too much to do.
var Cause = &design.Reason{Name: "shed", Words: "shed", Retried: true}

// Mechanism is load shedding.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "shed", Rows: []string{"R3", "R4"}, Doc: "load shedding, at the door and when the turn comes", Stands: design.OnService,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Causes: []*design.Reason{Cause},
	},
	Metrics: metrics, Rank: 35,
	Words: func(any) int { return numWords },
	May:   may, Turn: turn, Audit: audit,
}

func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	switch {
	case s.Length <= 0 && s.Deadline <= 0 && s.Age <= 0 && s.Policy == NoPolicy:
		w.Fail("length", "write length, deadline, age or policy", "nothing is ever shed")
	case s.Spare > 0 && s.Length <= 0:
		w.Fail("spare", "add length", "it spares priorities from length, and there is none")
	}
}

// The words of a cell. Those of CoDel are the variables of RFC 8289, section 5.
const (
	firstAbove = iota // since then, plus an interval, waits have been above target; 0: they are not
	dropNext
	count
	lastCount
	dropping
	dropped // one has been shed, and the next one's turn has not come: 1 in the loop, 2 before it
	least   // controlled delay: the least wait of this interval
	ends    // of the interval
	tooLong // the least wait of the last one was above target
	numWords
)

func may(c *mech.Cell) mech.Verdict {
	s := c.Settings.(*Settings)
	c.Host.Count(asked)
	if s.Length > 0 && int(c.Line) >= s.Length && int(c.Priority) >= s.Spare || s.Deadline > 0 && c.Left < int64(s.Deadline) {
		c.Host.Count(atDoor)
		return mech.Refuse(0)
	}
	return mech.Go
}

// turn is asked about a request whose turn has come, after a wait.
func turn(c *mech.Cell, wait int64) mech.Verdict {
	s := c.Settings.(*Settings)
	out := s.Age > 0 && wait > int64(s.Age) || s.Deadline > 0 && c.Left < int64(s.Deadline)
	switch s.Policy {
	case CoDel:
		out = codel(c, s, wait) || out
	case ControlledDelay:
		out = controlled(c, s, wait) || out
	}
	if out {
		c.Host.Count(atTurn)
		return mech.Refuse(0)
	}
	return mech.Go
}

// codel is the algorithm of RFC 8289, section 5.5, for one request at a time: dequeue()
// goes on with the next one until one is not dropped.
func codel(c *mech.Cell, s *Settings, wait int64) bool {
	w := c.Words
	ok := mayDrop(c, s, wait)
	again := w[dropped]
	w[dropped] = 0
	switch {
	case again == 2: // the one after the first that was dropped is let go in any case
		return false
	case w[dropping] == 1:
		if !ok {
			w[dropping] = 0
			return false
		}
		if again == 1 {
			w[dropNext] = law(s, w[dropNext], w[count])
		}
		if c.Now >= w[dropNext] {
			w[count]++
			w[dropped] = 1
			return true
		}
	case ok:
		w[dropping], w[dropped] = 1, 2
		delta := w[count] - w[lastCount]
		w[count] = 1
		if delta > 1 && c.Now-w[dropNext] < 16*s.interval() {
			w[count] = delta
		}
		w[dropNext] = law(s, c.Now, w[count])
		w[lastCount] = w[count]
		return true
	}
	return false
}

// mayDrop is dodequeue(): waits have been above target for an interval, and somebody
// else waits.
func mayDrop(c *mech.Cell, s *Settings, wait int64) bool {
	w := c.Words
	switch {
	case wait < s.target() || c.Line == 0:
		w[firstAbove] = 0
	case w[firstAbove] == 0:
		w[firstAbove] = c.Now + s.interval()
	default:
		return c.Now >= w[firstAbove]
	}
	return false
}

func law(s *Settings, t, count int64) int64 {
	return t + int64(float64(s.interval())/math.Sqrt(float64(count)))
}

// controlled is Maurer's controlled delay.
func controlled(c *mech.Cell, s *Settings, wait int64) bool {
	w := c.Words
	if c.Now >= w[ends] {
		w[tooLong] = 0
		if w[ends] > 0 && w[least] > s.target() {
			w[tooLong] = 1
		}
		w[least], w[ends] = wait, c.Now+s.interval()
	}
	w[least] = min(w[least], wait)
	return w[tooLong] == 1 && wait > 2*s.target()
}

func audit(c *mech.Cell) error {
	if w := c.Words; w[count] < 0 || w[dropping]&^1 != 0 {
		return fmt.Errorf("%d requests shed in state %d", w[count], w[dropping])
	}
	return nil
}
