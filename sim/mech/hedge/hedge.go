// Package hedge sends an attempt a second time, to another instance, when its answer is
// late: the first good answer wins.
//
//	attempt ──► request ─────────────────────────────► answer: it wins, the others lose
//	               └─ after (a time, or a percentile) ─► hedge, at another instance
//	                      └─ after ─► … at most `most`
//
// A hedge is a request: it takes a token of a limit and a slot of a bulkhead, without
// waiting, has the timeout of an attempt from its own sending, and costs the callee work.
// For breaker and retries the group is one attempt. Of answers that are late with
// probability p, a hedge after that time costs p more requests: 1.02 for the 98th
// percentile (Dean and Barroso, "The tail at scale", CACM 2013).
//
// # How to choose
//
//	after       a time that is known to be late
//	percentile  of the latencies of the last 1,000 attempts that were answered: none before 100
//	budget      where lateness is contagious: when all are late, hedges double the load that makes them so
//	cancel      where the callee can stop: losers then cost only the work before the winner
package hedge

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/spec"
)

// Settings are those of one hedge.
type Settings struct {
	After      time.Duration // 0: by Percentile
	Percentile float64       // share; 0: by After
	Most       int           // 0 means 1
	Cancel     bool
	Budget     float64 // hedges for each attempt; 0: no bound
	SharedBy   string
}

var fields = spec.New(spec.Table{
	Name: "hedge", Shared: true, Short: true,
	Doc: "a second request of an attempt whose answer is late, for each caller and callee: the first good answer wins. It goes to another instance if there is one, takes a token of a limit and a slot of a bulkhead without waiting for them, and has the timeout of the attempt from its own sending. For breaker and retries all requests of an attempt are one",
	Fields: []spec.Field{
		{Key: "after", Kind: spec.Duration, NotZero: true, Default: spec.Says("by `percentile`"), Live: true, Doc: "how long an answer may take before a hedge is sent, and each further one",
			At: spec.At(func(s *Settings) *time.Duration { return &s.After }), Where: spec.When(func(s *Settings) bool { return s.After > 0 })},
		{Key: "percentile", Kind: spec.Share, Min: 0.01, Max: 0.999, Default: spec.Says("by `after`"), Live: true, Doc: "the same, as a percentile of the last 1,000 attempts that were answered, each from its first request to the answer that won; no hedges before 100 of them",
			At: spec.At(func(s *Settings) *float64 { return &s.Percentile }), Where: spec.When(func(s *Settings) bool { return s.Percentile > 0 })},
		{Key: "most", Kind: spec.Count, Label: "requests", Min: 1, Max: 100, Default: spec.Of(1), Live: true, Doc: "hedges of an attempt",
			At: spec.At(func(s *Settings) *int { return &s.Most })},
		{Key: "cancel", Kind: spec.YesNo, Default: spec.Of(0), Doc: "the callee stops working on the requests that lose",
			At: spec.At(func(s *Settings) *bool { return &s.Cancel })},
		{Key: "budget", Kind: spec.Share, Min: 1e-6, Default: spec.Says("no bound"), Live: true, Doc: "hedges for each attempt that is sent, at most; ten are saved",
			At: spec.At(func(s *Settings) *float64 { return &s.Budget }), Where: spec.When(func(s *Settings) bool { return s.Budget > 0 })},
		{Key: "name", Kind: spec.Name, Default: spec.Says("that of caller and callee"), Doc: "call sites of one caller with the same name share the latencies and the budget",
			At: spec.At(func(s *Settings) *string { return &s.SharedBy })},
	},
})

// The counters of a hedge.
const (
	attempts measure.Counter = iota
	sent
	won
	denied
	noSlot
)

var plot = &metric.Plot{ID: "hedges", Of: "hedge", Title: "Hedges sent", Counts: "requests", Unit: draw.PerSecond}

var metrics = metric.Declare("hedge", 85, "CALLER->CALLEE", []metric.Metric{
	{Key: attempts, Name: "attempts", Doc: "attempts that were sent, retries included, hedges not"},
	{Key: sent, Name: "sent", Of: attempts, Sign: metric.Sign{Says: "%s/s asked twice", Group: record.Repetition}, Doc: "hedges that were sent",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain, metric.Ratio}}, Curve: metric.Curve{Plot: plot, Stat: metric.Rate}},
	{Key: won, Name: "won", Of: attempts, Better: metric.Higher, Doc: "attempts to which a hedge was answered first",
		Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: denied, Name: "denied", Of: attempts, Doc: "hedges that the budget denied",
		Row: metric.Row{At: 30, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: noSlot, Name: "no_slot", Of: attempts, Doc: "hedges not sent because a limit had no token, or a bulkhead no slot",
		Row: metric.Row{At: 40, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
})

var isSent = record.Event(record.Word{ID: "hedge.sent", English: "hedge sent"}, record.NoMark, record.Repetition)

// Mechanism is the hedge.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "hedge", Rows: []string{"R3"}, Doc: "a second request when the answer is late", Stands: design.OnLoad | design.OnCall,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Name: func(s any) string { return s.(*Settings).SharedBy },
	},
	Metrics: metrics, Records: []record.Class{isSent}, Rank: 50,
	Words: words, May: may, Ended: ended, Audit: audit,
	Hedge: &mech.Hedge{
		Next: next, May: affords, Cancels: func(s any) bool { return s.(*Settings).Cancel },
		Sent: sent, Won: won, NoSlot: noSlot, Told: isSent,
	},
}

func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	switch {
	case w.Queued:
		w.Fail("after", "hedge calls of services", "a publish is not hedged: a broker stores each copy")
	case (s.After > 0) == (s.Percentile > 0):
		w.Fail("after", "write `after: 50ms` or `percentile: 95%`", "a hedge is sent after a time or a percentile, one of them")
	}
}

const (
	window  = 1000 // latencies
	least   = 100  // of them, before the first hedge
	unit    = 1e6  // a hedge, in the budget
	savings = 10 * unit
)

// The words of a cell; behind them come the latencies, as they came and in order.
const (
	saved  = iota // millionths of a hedge that the budget holds
	count         // latencies
	oldest        // the place of the oldest, once there are as many as there may be
	latencies
)

func words(settings any) int {
	if settings.(*Settings).Percentile > 0 {
		return latencies + 2*window
	}
	return latencies
}

func may(c *mech.Cell) mech.Verdict {
	c.Host.Count(attempts)
	if b := c.Settings.(*Settings).Budget; b > 0 {
		c.Words[saved] = min(savings, c.Words[saved]+int64(math.Round(b*unit)))
	}
	return mech.Go
}

// ended notes the latency of an attempt that was answered.
func ended(c *mech.Cell, o mech.Outcome) {
	w := c.Words
	if len(w) == latencies || !o.Counts || o.Cause != design.OK {
		return
	}
	came, sorted, n := w[latencies:latencies+window], w[latencies+window:], int(w[count])
	if n == window {
		i, _ := slices.BinarySearch(sorted, came[w[oldest]])
		copy(sorted[i:], sorted[i+1:])
		came[w[oldest]] = o.Took
		w[oldest] = (w[oldest] + 1) % window
		n--
	} else {
		came[n] = o.Took
		w[count]++
	}
	i, _ := slices.BinarySearch(sorted[:n], o.Took)
	copy(sorted[i+1:n+1], sorted[i:n])
	sorted[i] = o.Took
}

// next is how long after the last request the next one is sent.
func next(c *mech.Cell) (after int64, ok bool) {
	s, w := c.Settings.(*Settings), c.Words
	switch {
	case int(c.Sent) >= cmp.Or(s.Most, 1):
		return 0, false
	case s.Percentile == 0:
		return int64(s.After), true
	case len(w) == latencies || w[count] < least:
		return 0, false
	}
	rank := int(math.Ceil(s.Percentile*float64(w[count]) - 1e-9)) // nearest rank
	return w[latencies+window+max(1, rank)-1], true
}

// affords takes a hedge from the budget.
func affords(c *mech.Cell) bool {
	if c.Settings.(*Settings).Budget == 0 {
		return true
	}
	if c.Words[saved] < unit {
		c.Host.Count(denied)
		return false
	}
	c.Words[saved] -= unit
	return true
}

func audit(c *mech.Cell) error {
	w := c.Words
	if w[saved] < 0 || w[saved] > savings {
		return fmt.Errorf("%d millionths of a hedge are saved", w[saved])
	}
	if len(w) > latencies && !slices.IsSorted(w[latencies+window:latencies+window+int(w[count])]) {
		return fmt.Errorf("the latencies are out of order")
	}
	return nil
}
