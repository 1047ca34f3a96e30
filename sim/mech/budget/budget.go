// Package budget is the retry budget: tokens that retries cost, which first attempts
// or successes earn, so that retries stay a share of what is asked in the first place.
//
//	first attempts (or successes) ──► + ratio ─┐
//	minimum, per second ───────────────────────┤
//	                                           ▼
//	an attempt has failed ──► at least floor + cost in [tokens: at most capacity, full at first]?
//	                            │ yes: − cost, another attempt
//	                            └ no: denied, the call fails by the cause of its last attempt
//
// Where retries spend (the default), requests per call are at most
// 1 + ratio + (capacity + minimum·T) ÷ first attempts, whatever fails. It stands behind
// breaker, limit and bulkhead: an attempt that one of these has refused was not sent, and
// neither earns nor fails here; its retry is asked for all the same.
//
// # How to choose
//
//	spend: retry    a bound on the load that retries add (Finagle, Linkerd: ratio 20 %, minimum 10/s)
//	spend: failure  no retries while too much fails (gRPC: capacity 10, ratio 10 %, earn success, floor half of it)
//	timeout_cost    a timeout costs the callee more than a quick no (AWS: capacity 500, cost 5, timeout_cost 10)
package budget

import (
	"cmp"
	"fmt"
	"math"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/spec"
	"asynclab/sim/warning"
)

// Settings are those of one budget. Sizes are in tokens.
type Settings struct {
	Capacity    float64
	Ratio       float64
	OnSuccess   bool    // successes earn, not first attempts
	OnFailure   bool    // failures spend, not retries
	Cost        float64 // 0 means 1
	TimeoutCost float64 // 0 means Cost
	Floor       float64
	Minimum     float64 // tokens per second
	SharedBy    string
}

var fields = spec.New(spec.Table{
	Name: "retry budget", Shared: true,
	Doc: "a budget of tokens for retries, for each caller and callee service, and for each instance of the caller; full at first and after a crash. A retry is allowed while the tokens are at least `floor` + `cost`, and with `spend: failure`, where the failure has paid, while more than `floor` are left; where it is denied, the call fails by the cause of its last attempt",
	Fields: []spec.Field{
		{Key: "capacity", Kind: spec.Number, Max: 1e9, Default: spec.Written(10), Live: true, Doc: "tokens that it holds",
			At: spec.At(func(s *Settings) *float64 { return &s.Capacity })},
		{Key: "ratio", Kind: spec.Share, Default: spec.Written(0.2), Live: true, Doc: "tokens that each first attempt, or each success, earns: 20% are retries for a fifth of the calls",
			At: spec.At(func(s *Settings) *float64 { return &s.Ratio })},
		{Key: "earn", Kind: spec.Word, Words: []string{"sent", "success"}, Default: spec.Of(0), Doc: "what earns: a first attempt that is sent, or an attempt that succeeds",
			At: spec.At(func(s *Settings) *bool { return &s.OnSuccess })},
		{Key: "spend", Kind: spec.Word, Words: []string{"retry", "failure"}, Default: spec.Of(0), Doc: "what spends: a retry, or an attempt that fails, whether it is tried again or not",
			At: spec.At(func(s *Settings) *bool { return &s.OnFailure })},
		{Key: "cost", Kind: spec.Number, Min: 1e-3, Max: 1e9, Default: spec.Of(1), Live: true, Doc: "tokens that one costs",
			At: spec.At(func(s *Settings) *float64 { return &s.Cost })},
		{Key: "timeout_cost", Kind: spec.Number, Min: 1e-3, Max: 1e9, Default: spec.Auto("that of `cost`", func(s *Settings) float64 { return cmp.Or(s.Cost, 1) }), Live: true, Doc: "tokens that one costs after a timeout",
			At: spec.At(func(s *Settings) *float64 { return &s.TimeoutCost })},
		{Key: "floor", Kind: spec.Number, Max: 1e9, Default: spec.Of(0), Live: true, Doc: "tokens that have to be left after a retry",
			At: spec.At(func(s *Settings) *float64 { return &s.Floor })},
		{Key: "minimum", Kind: spec.Rate, Default: spec.Of(0), Live: true, Doc: "tokens that come by themselves",
			At: spec.At(func(s *Settings) *float64 { return &s.Minimum })},
		{Key: "name", Kind: spec.Name, Default: spec.Says("that of caller and callee"), Doc: "call sites of one caller with the same name share one budget",
			At: spec.At(func(s *Settings) *string { return &s.SharedBy })},
	},
})

// The counters of a budget.
const (
	asked measure.Counter = iota
	denied
)

var plot = &metric.Plot{ID: "budgets", Of: "budget", Title: "Retries denied", Counts: "retries", Unit: draw.PerSecond}

var metrics = metric.Declare("budget", 80, "CALLER->CALLEE", []metric.Metric{
	{Key: asked, Name: "asked", Doc: "retries that were asked for: attempts that failed, with an attempt left and a cause that is tried again"},
	{Key: denied, Name: "denied", Better: metric.Lower, Of: asked, Sign: metric.Sign{Says: "%s/s not again", Group: record.Rejection}, Doc: "retries that it denied",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain, metric.Ratio}}, Curve: metric.Curve{Plot: plot, Stat: metric.Rate}},
})

var hasDenied = record.Event(record.Word{ID: "budget.denied", English: "retry denied: budget spent"}, record.NoMark, record.Rejection)

var idle = &warning.Declaration{Name: "idle-budget", Source: warning.Check, Says: "nothing is retried here", Advise: "add retry: {attempts: 3}, or leave the budget out", Means: "a retry budget at a call or load that makes one attempt"}

// Mechanism is the retry budget.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "budget", Rows: []string{"R2"}, Doc: "a budget for retries", Stands: design.OnLoad | design.OnCall,
		Fields: fields, New: func() any { return &Settings{Capacity: 10, Ratio: 0.2} }, Check: check,
		Name: func(s any) string { return s.(*Settings).SharedBy }, Warnings: []*warning.Declaration{idle},
	},
	Metrics: metrics, Records: []record.Class{hasDenied}, Rank: 60,
	Words: func(any) int { return numWords },
	May:   may, Ended: ended, Again: again, Changed: changed, Audit: audit,
}

func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	attempts := 0
	switch {
	case w.Step != nil:
		attempts = w.Step.Retry.Attempts
	case w.Load != nil:
		attempts = w.Load.Retry.Attempts
	}
	switch {
	case attempts == 0 || attempts == 1:
		w.Warn("capacity", idle)
	case s.Capacity < s.Floor+min(s.cost(design.Timeout), s.cost(design.Error)):
		w.Fail("capacity", "more than floor + cost, or no retry at all", "this budget never allows a retry: it holds %v tokens, and one needs %v", s.Capacity, s.Floor+min(s.cost(design.Timeout), s.cost(design.Error)))
	}
}

// unit is a token: state is kept in millionths, so that sums are exact.
const unit = 1e6

// The words of a cell. Of a full budget all are 0.
const (
	missing = iota // millionths of a token
	since          // the moment up to which the minimum has come
	numWords
)

func millionths(tokens float64) int64 { return int64(math.Round(tokens * unit)) }

func (s *Settings) cost(cause design.Cause) float64 {
	if cause == design.Timeout && s.TimeoutCost > 0 {
		return s.TimeoutCost
	}
	return cmp.Or(s.Cost, 1)
}

// refill puts the tokens into the budget that have come by themselves; the remainder of
// time stays.
func (s *Settings) refill(w []int64, now int64) {
	if s.Minimum == 0 || w[missing] == 0 {
		w[since] = now
		return
	}
	each := s.Minimum * (unit / 1e9) // millionths a nanosecond
	n := int64(float64(now-w[since]) * each)
	if n >= w[missing] {
		w[missing], w[since] = 0, now
		return
	}
	w[missing] -= n
	w[since] += int64(float64(n) / each)
}

func earn(c *mech.Cell) {
	s, w := c.Settings.(*Settings), c.Words
	s.refill(w, c.Now)
	w[missing] = max(0, w[missing]-millionths(s.Ratio))
}

func spend(s *Settings, w []int64, cause design.Cause) {
	w[missing] = min(millionths(s.Capacity), w[missing]+millionths(s.cost(cause)))
}

func may(c *mech.Cell) mech.Verdict {
	if c.Attempt == 0 && !c.Settings.(*Settings).OnSuccess {
		earn(c)
	}
	return mech.Go
}

func ended(c *mech.Cell, o mech.Outcome) {
	s := c.Settings.(*Settings)
	switch {
	case !o.Counts:
	case o.Cause == design.OK && s.OnSuccess:
		earn(c)
	case o.Cause != design.OK && s.OnFailure:
		s.refill(c.Words, c.Now)
		spend(s, c.Words, o.Cause)
	}
}

// again is asked before a retry, after a failure by the given cause.
func again(c *mech.Cell, cause design.Cause) bool {
	s, w := c.Settings.(*Settings), c.Words
	c.Host.Count(asked)
	s.refill(w, c.Now)
	left, ok := millionths(s.Capacity)-w[missing], false
	if s.OnFailure { // the failure has paid
		ok = left > millionths(s.Floor)
	} else {
		ok = left >= millionths(s.Floor+s.cost(cause))
	}
	if !ok {
		c.Host.Count(denied)
		c.Host.Record(hasDenied)
		return false
	}
	if !s.OnFailure {
		spend(s, w, cause)
	}
	return true
}

// changed keeps the tokens that there are.
func changed(c *mech.Cell, before any) {
	was, s, w := before.(*Settings), c.Settings.(*Settings), c.Words
	was.refill(w, c.Now)
	w[missing] = max(0, millionths(s.Capacity)-(millionths(was.Capacity)-w[missing]))
}

func audit(c *mech.Cell) error {
	if m, all := c.Words[missing], millionths(c.Settings.(*Settings).Capacity); m < 0 || m > all {
		return fmt.Errorf("%d of %d millionths of a token are missing", m, all)
	}
	return nil
}
