// Package failover sends the calls of one step to the first of several targets that the
// caller holds for up: regions, zones, a standby.
//
//	          `failures` in a row                      its time is over: one attempt is a probe
//	up ─────────────────────────────► down for `hold` ──────────────────────────────────────► probed
//	 ▲                                      ▲                                                   │
//	 │                                      └────────────────── it fails ───────────────────────┤
//	 └────────────────────────────────── `probes` in a row succeed ─────────────────────────────┘
//
// Each instance of the caller knows what its own attempts met, and nothing else; its crash
// forgets it. An answer of another target is as good as one of the first. Where all are
// held for down, the first is asked.
//
// With an interval the caller asks all targets itself: as many checks in a row that fail hold
// one for down, too, and once its time is over, good checks bring it back, and no attempt is
// risked as a probe. A check finds out who is down, silent or behind a cut; who answers with
// errors passes it.
//
// # How to choose
//
//	failures   how soon it is noticed: so many attempts are lost, unless retry makes them again, at the next target
//	interval   finds out without losing any, up to failures · interval after the beginning, and who is back, too
//	hold       how long the first target is left alone; each time one attempt, or check, finds out whether it is back
//	breaker    stops asking where there is nobody else; each target has its own
//	cache      stands before all targets: an answer that it has is as good, whoever gave it
//	health     chooses among the instances of one service
package failover

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
)

// Settings are those of one step or load.
type Settings struct {
	To       []design.Target // behind the target of the step, in order
	Failures int             // in a row; 0 means 3
	Hold     time.Duration   // 0 means 30 s
	Probes   int             // 0 means 1
	On       design.CauseSet
	Interval time.Duration // between checks of the targets; 0: none
	Timeout  time.Duration // of a check; 0 means 1 s, or the interval where that is shorter
}

var fields = spec.New(spec.Table{
	Name: "failover", Short: true, Shared: true,
	Doc: "further targets of a call, or of what is published, in order, for each instance of the caller: an attempt goes to the first target that is held for up. An answer of another one is as good. A retry may go elsewhere than the attempt before it",
	Fields: []spec.Field{
		{Key: "to", Kind: spec.Form, Form: "targets", Default: spec.Required, Doc: "handlers of other services, or queues and topics of other brokers, which are asked where those before them are held for down",
			At: spec.At(func(s *Settings) *[]design.Target { return &s.To })},
		{Key: "failures", Kind: spec.Count, Label: "attempts", Min: 1, Max: 1e6, Default: spec.Of(3), Live: true, Doc: "attempts, or checks, in a row that fail at a target: it is held for down",
			At: spec.At(func(s *Settings) *int { return &s.Failures })},
		{Key: "hold", Kind: spec.Duration, NotZero: true, Default: spec.Of(30), Live: true, Doc: "for how long at least; then one attempt at a time goes there as a probe, unless there are checks. One that fails begins the time anew",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Hold })},
		{Key: "probes", Kind: spec.Count, Label: "attempts", Min: 1, Max: 1e6, Default: spec.Of(1), Live: true, Doc: "probes, or checks, in a row that succeed: it is held for up",
			At: spec.At(func(s *Settings) *int { return &s.Probes })},
		{Key: "interval", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Never, Live: true, Doc: "between checks of the targets, all at once, which take no worker and no time: one that is down refuses them, one that is silent, hangs, is paused or cut off does not answer. An instance that answers is enough",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Interval })},
		{Key: "timeout", Kind: spec.Duration, NotZero: true, Default: spec.Says("1 s, or the interval where that is shorter"), Doc: "how long a check waits for its answer",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Timeout })},
		{Key: "on", Kind: spec.Form, Form: "causes", Default: spec.Default{Text: failing.String(), Given: true}, Doc: "which outcomes are failures",
			At: spec.At(func(s *Settings) *design.CauseSet { return &s.On })},
	},
})

// failing is the default: what a retry tries again, and what is shed.
var failing = design.Retryable.WithName("shed")

// The counters and the level.
const (
	switches measure.Counter = iota
	elsewhere
	probed
	checks
	checksFailed
)

const away measure.LevelID = 0

var plot = &metric.Plot{ID: "failovers", Of: "failover", Title: "Callers that ask elsewhere", Counts: "callers"}

var metrics = metric.Declare("failover", 61, "CALLER->TARGET", []metric.Metric{
	{Key: switches, Name: "switches", Better: metric.Lower, Doc: "times that an instance of the caller changed its target, back again too",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: elsewhere, Name: "elsewhere", Better: metric.Lower, Doc: "attempts that went to another target than the first",
		Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: probed, Name: "probes", Doc: "attempts that went to a target held for down, to see whether it is back"},
	{Key: checks, Name: "checks", Doc: "checks of targets that were made"},
	{Key: checksFailed, Name: "failed", Better: metric.Lower, Of: checks, Doc: "checks of targets that were refused or not answered in time"},
	{Key: away, Name: "away", Better: metric.Lower, Sign: metric.Sign{Says: "%s gone over", Group: record.Fault}, Doc: "instances of the caller that ask another target than the first",
		Row:   metric.Row{At: 30, When: metric.NonZero, Stats: []metric.Stat{metric.Mean}},
		Curve: metric.Curve{Plot: plot, Stat: metric.Mean}},
})

// What the log tells.
var (
	goesAway  = record.Event(record.Word{ID: "failover.away", English: "asks elsewhere"}, record.NoMark, record.Rejection)
	comesBack = record.Event(record.Word{ID: "failover.back", English: "asks its first target again"}, record.NoMark, record.Good)
)

// Mechanism is failover.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "failover", Rows: []string{"R13"}, Doc: "further targets, asked where the first is held for down", Stands: design.OnLoad | design.OnCall, OfHandler: true,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Targets: func(s any) []design.Target { return s.(*Settings).To },
		Fails:   func(s any) design.CauseSet { return s.(*Settings).On },
	},
	Metrics: metrics, Records: []record.Class{goesAway, comesBack}, Rank: 10,
	Words: words, Timers: numTimers,
	Start: start, Pick: pick, Ended: ended, Timer: timer, Reset: reset, Changed: changed, Audit: audit,
}

// The timers of a cell.
const (
	nextCheck = iota
	noAnswer
	numTimers
)

// The words of a cell: the target that it asks, and of each target what it knows.
const (
	current = iota
	first   // of the words of the targets
)

// What is known of a target.
const (
	down    = iota // it is held for down
	fails          // in a row, while it is up
	until          // it is left alone
	probing        // a probe is under way
	good           // probes, or checks, in a row
	bad            // checks that failed in a row
	asked          // a check is not answered yet: 1 + whether it will be
	targetWords
)

func words(settings any) int { return first + targetWords*(1+len(settings.(*Settings).To)) }

func target(w []int64, i int64) []int64 {
	at := first + targetWords*i
	return w[at : at+targetWords]
}

// pick chooses the target of an attempt. The ticket is its number and whether it is a probe.
func pick(c *mech.Cell) int {
	w, checked := c.Words, c.Settings.(*Settings).Interval > 0
	n := int64(len(w)-first) / targetWords
	for i := range n {
		switch t := target(w, i); {
		case t[down] == 0:
			return goes(c, i, false)
		case !checked && c.Now >= t[until] && t[probing] == 0:
			return goes(c, i, true)
		}
	}
	return goes(c, 0, !checked && target(w, 0)[probing] == 0)
}

func goes(c *mech.Cell, i int64, probe bool) int {
	c.Ticket = i << 1
	if probe {
		c.Ticket |= 1
		target(c.Words, i)[probing] = 1
		c.Host.Count(probed)
	}
	if i > 0 {
		c.Host.Count(elsewhere)
	}
	return int(i)
}

func ended(c *mech.Cell, o mech.Outcome) {
	s, t := c.Settings.(*Settings), target(c.Words, o.Ticket>>1)
	probe := o.Ticket&1 != 0
	if probe {
		t[probing] = 0
	}
	if !o.Counts || !probe && t[down] != 0 {
		return
	}
	failed := o.Cause != design.OK && c.Host.Has(s.failing(), o.Cause)
	switch {
	case failed && probe:
		t[good], t[until] = 0, c.Now+s.hold()
	case probe:
		if t[good]++; t[good] >= int64(max(1, s.Probes)) {
			clear(t)
		}
	case !failed:
		t[fails] = 0
	default:
		s.failed(c, t, fails)
	}
	move(c)
}

// failed counts a failure at a target that is up.
func (s *Settings) failed(c *mech.Cell, t []int64, kind int) {
	if t[kind]++; t[kind] >= int64(cmp.Or(s.Failures, 3)) {
		t[down], t[fails], t[good], t[until] = 1, 0, 0, c.Now+s.hold()
	}
}

func start(c *mech.Cell) {
	if s := c.Settings.(*Settings); s.Interval > 0 {
		c.Host.Timer(nextCheck, c.Now+int64(s.Interval))
	}
}

func changed(c *mech.Cell, before any) {
	if c.Settings.(*Settings).Interval == before.(*Settings).Interval {
		return
	}
	c.Host.Cancel(nextCheck)
	c.Host.Cancel(noAnswer)
	start(c)
}

func timer(c *mech.Cell, k int) {
	s, w, waits := c.Settings.(*Settings), c.Words, false
	for i := range int64(len(w)-first) / targetWords {
		t := target(w, i)
		if k == noAnswer && t[asked] == 0 {
			continue
		}
		answers, was := c.Host.Reaches(int(i)), t[asked]
		if t[asked] = 0; answers == mech.Absent {
			continue
		}
		if k == nextCheck {
			c.Host.Count(checks)
			switch answers {
			case mech.Silent, mech.Paused:
				t[asked], waits = 1+int64(answers-mech.Silent), true
				continue
			}
		}
		s.checked(c, t, answers == mech.Well && was != 1)
	}
	move(c)
	if waits {
		c.Host.Timer(noAnswer, c.Now+int64(min(cmp.Or(s.Timeout, time.Second), s.Interval)))
	}
	if k == nextCheck { // behind the end of this check, which may be at the same moment
		c.Host.Timer(nextCheck, c.Now+int64(s.Interval))
	}
}

// checked counts the outcome of a check.
func (s *Settings) checked(c *mech.Cell, t []int64, well bool) {
	if !well {
		c.Host.Count(checksFailed)
		if t[good] = 0; t[down] == 0 {
			s.failed(c, t, bad)
		}
		return
	}
	if t[bad] = 0; t[down] == 0 {
		return
	}
	if t[good]++; t[good] >= int64(max(1, s.Probes)) && c.Now >= t[until] {
		clear(t)
	}
}

func (s *Settings) hold() int64 { return int64(cmp.Or(s.Hold, 30*time.Second)) }

func (s *Settings) failing() design.CauseSet {
	if s.On.IsEmpty() {
		return failing
	}
	return s.On
}

// move asks the first target that is held for up.
func move(c *mech.Cell) {
	w, to := c.Words, int64(0)
	n := int64(len(w)-first) / targetWords
	for to < n && target(w, to)[down] != 0 {
		to++
	}
	if to == n {
		to = 0
	}
	was := w[current]
	if to == was {
		return
	}
	w[current] = to
	c.Host.Count(switches)
	switch {
	case was == 0:
		c.Host.Level(away, 1)
	case to == 0:
		c.Host.Level(away, -1)
	}
	if to == 0 {
		c.Host.Record(comesBack)
	} else {
		c.Host.Record(goesAway)
	}
}

func reset(c *mech.Cell) {
	if c.Words[current] != 0 {
		c.Host.Level(away, -1)
	}
}

// check finds targets that are no others.
func check(w *design.Where, settings any) {
	s, own := settings.(*Settings), design.Target{}
	switch {
	case w.Step != nil:
		own = w.Step.To
	case w.Load != nil:
		own = w.Load.To
	}
	if len(s.To) == 0 {
		w.Fail("to", "for example to: [pay-us/charge]", "there is no other target")
	}
	seen := map[design.Target]bool{own: true}
	for _, t := range s.To {
		if seen[t] {
			w.Fail("to", "name each target once, the first at the call itself", "%s is there twice", t)
		}
		seen[t] = true
	}
	if s.Interval > 0 && s.Timeout > s.Interval {
		w.Fail("timeout", "make it at most the interval", "a check would still wait when the next one is due")
	}
	if w.Gathers() {
		w.Fail("to", "let it send each message by itself", "what is gathered goes to one broker")
	}
}

func audit(c *mech.Cell) error {
	w := c.Words
	n := int64(len(w)-first) / targetWords
	if w[current] < 0 || w[current] >= n {
		return fmt.Errorf("it asks target %d of %d", w[current], n)
	}
	for i := range n {
		if t := target(w, i); t[down]|1 != 1 || t[probing]|1 != 1 || t[asked] < 0 || t[asked] > 2 || min(t[fails], t[good], t[bad]) < 0 {
			return fmt.Errorf("target %d is known by %v", i, t)
		}
	}
	return nil
}
