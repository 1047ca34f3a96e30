// Package limit is the rate limiter by token bucket: a bucket of `burst` tokens, full at
// first, gets a token every 1/rate; an attempt takes one, and with none it is refused
// at once or waits in line.
//
//	              1/rate (in whole nanoseconds, the remainder carried)
//	                 │
//	attempts ──► [bucket: burst tokens] ──► go
//	                 │ empty
//	                 ├── limited, at once; it may be told when the next token comes
//	                 └── the line, first come first served, each at most for `wait`
//
// With a key there is a bucket for each of its values (keyed.go), and what waits at the
// door of a service waits there too: its time is known when it comes.
//
// The tokens that are missing are a queue with deterministic service and burst places,
// the one in service included: of Poisson attempts it loses what M/D/1/K loses.
package limit

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

// Settings are those of one bucket.
type Settings struct {
	Rate     float64       // tokens per second
	Burst    int           // 0 means 1
	Wait     time.Duration // 0: none waits; spec.None: for ever
	Line     int           // of one bucket; 0: no bound
	Key      string        // the attribute each value of which has a bucket; "": there is one
	Keys     int           // buckets; 0 means defaultKeys
	After    bool          // a refusal says when the next token comes
	SharedBy string
}

var fields = spec.New(spec.Table{
	Name: "limit", Shared: true, Short: true,
	Doc: "a rate limit by token bucket: at a load or a call for each caller and callee, and for each instance of the caller; at a service for each instance; at a queue, and at each subscription of a topic, for all that is published to it, as a broker throttles. The bucket is full at first and after a crash; each attempt takes a token, retries too",
	Fields: []spec.Field{
		{Key: "rate", Kind: spec.Rate, Min: 1e-6, Rank: 22, Default: spec.Required, Live: true, Doc: "tokens that come into the bucket per second",
			At: spec.At(func(s *Settings) *float64 { return &s.Rate })},
		{Key: "burst", Kind: spec.Count, Label: "tokens", Min: 1, Max: 1e9, Default: spec.Of(1), Live: true, Doc: "tokens that the bucket holds",
			At: spec.At(func(s *Settings) *int { return &s.Burst })},
		{Key: "wait", Kind: spec.Duration, None: true, Default: spec.Of(0), Live: true, Doc: "how long an attempt waits for a token, first come first served, before it fails as `limited`; 0: it fails at once; `none`: without end. At a service, or with a `key`, its token is booked when it comes: one whose turn is too far fails at once, one whose caller leaves has spent it",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Wait })},
		{Key: "line", Kind: spec.Count, Label: "attempts", Min: 1, Max: 1e9, Unlimited: true, Default: spec.Never, Live: true, Doc: "attempts that may wait for a token at a time, of one key; the next one fails at once. `{rate: 10/s, wait: none, line: 5}` is nginx's `burst=5`: a leaky bucket, in which five wait until they are due; its `nodelay` is `{rate: 10/s, burst: 6}`",
			At: spec.At(func(s *Settings) *int { return &s.Line })},
		{Key: "key", Kind: spec.Name, Default: spec.Says("all share one bucket"), Doc: "the attribute each value of which has a bucket of its own, as a customer or an address",
			At: spec.At(func(s *Settings) *string { return &s.Key })},
		{Key: "keys", Kind: spec.Count, Label: "buckets", Min: 1, Max: 1e7, Default: spec.Of(defaultKeys), Doc: "buckets that are kept, with a `key`: for one more, the one that was used longest ago is forgotten, and is full when its key comes again",
			At: spec.At(func(s *Settings) *int { return &s.Keys })},
		{Key: "retry_after", Kind: spec.YesNo, Default: spec.Of(0), Doc: "an attempt that is refused at once is told how long it is until the next token, as by HTTP's Retry-After: a retry that has `limited` in its `on` waits for so long, or for its back-off if that is longer",
			At: spec.At(func(s *Settings) *bool { return &s.After })},
		{Key: "name", Kind: spec.Name, Default: spec.Says("that of caller and callee"), Doc: "call sites of one caller with the same name share one bucket",
			At: spec.At(func(s *Settings) *string { return &s.SharedBy })},
	},
})

// The counters, the level and the distribution of a limit.
const (
	asked measure.Counter = iota
	limited
	evictions
)

const (
	waiting measure.LevelID = iota
	buckets
)

const wait measure.HistID = 0

var plot = &metric.Plot{ID: "limits", Of: "limit", Title: "Attempts refused by rate limits", Counts: "attempts", Unit: draw.PerSecond}

var metrics = metric.Declare("limit", 70, "WHERE", []metric.Metric{
	{Key: asked, Name: "asked", Doc: "attempts that came to the limit"},
	{Key: limited, Name: "limited", Tells: metric.Refuses, Better: metric.Lower, Of: asked, Sign: metric.Sign{Says: "%s/s limited", Group: record.Rejection}, Doc: "attempts that it refused, at once or after their wait in line",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain, metric.Ratio}}, Curve: metric.Curve{Plot: plot, Stat: metric.Rate, Quiet: true}},
	{Key: evictions, Name: "evictions", Better: metric.Lower, Of: asked, Doc: "buckets that had to go for those of other keys before they were full again", Row: metric.Row{At: 40, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: buckets, Name: "buckets", Doc: "buckets that are kept, of all keys: those that are not full, and some that are again", Row: metric.Row{At: 50, When: metric.NonZero, Stats: []metric.Stat{metric.Max}}},
	{Key: waiting, Name: "waiting", Tells: metric.Lines, Better: metric.Lower, Sign: metric.Sign{Says: "%s in line"}, Doc: "attempts in line for a token", Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Mean, metric.Max}}},
	{Key: wait, Name: "wait", Better: metric.Lower, Unit: draw.Seconds, Doc: "time in line of those that had to wait", Row: metric.Row{At: 30, When: metric.NonZero, Stats: []metric.Stat{metric.P99}}},
})

// Mechanism is the rate limiter.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "limit", Rows: []string{"R3"}, Doc: "a rate limit by token bucket", Stands: design.OnLoad | design.OnCall | design.OnService | design.OnQueue,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		Causes:    []*design.Reason{{Name: "limited", Words: "limited", Spares: true}},
		Name:      func(s any) string { return s.(*Settings).SharedBy },
		Attribute: func(s any) string { return s.(*Settings).Key },
	},
	Metrics: metrics, Rank: 30, Each: true, Line: &mech.Line{Waiting: waiting, Wait: wait, Lost: limited},
	Words: func(any) int { return numWords }, Timers: 1, Tables: 1,
	May: may, Timer: token, Reset: reset, Changed: changed, Audit: audit,
}

func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	if s.Wait != 0 && w.Queue != nil {
		w.Fail("wait", "let the publisher wait: put the limit on its publish, or bound the queue with when_full: block", "nothing waits at the door of a queue")
	}
	if s.Line > 0 && s.Wait == 0 {
		w.Fail("line", "say with wait how long, as wait: none", "nobody waits in the line")
	}
	if s.After && s.Wait == spec.None && s.Line == 0 {
		w.Fail("retry_after", "say how long they wait, or how many: wait: 1s, or line: 5", "nothing is refused: all wait until there is a token")
	}
	if s.Keys > 0 && s.Key == "" {
		w.Fail("keys", "name the attribute: key: customer", "there is one bucket: no key says whose")
	}
}

// The words of a cell.
const (
	missing = iota // tokens
	since          // the moment from which they are counted
	came           // tokens since then
	numWords
)

func (s *Settings) burst() int64 { return int64(max(1, s.Burst)) }

// due is the moment of the n-th token after a moment.
func (s *Settings) due(after, n int64) int64 { return after + int64(float64(n)*1e9/s.Rate) }

// gain puts the tokens into the bucket that are due. Of one that is full now it leaves
// since when they are counted, for those in line, who empty it again.
func (s *Settings) gain(w []int64, now int64) {
	if w[missing] == 0 {
		return
	}
	n := int64(float64(now-w[since]) * s.Rate / 1e9)
	for s.due(w[since], n+1) <= now {
		n++
	}
	for n > 0 && s.due(w[since], n) > now {
		n--
	}
	w[missing], w[came] = max(0, w[missing]-(n-w[came])), n
}

func take(w []int64, now int64) {
	if w[missing] == 0 {
		w[since], w[came] = now, 0
	}
	w[missing]++
}

func may(c *mech.Cell) mech.Verdict {
	s, w := c.Settings.(*Settings), c.Words
	c.Host.Count(asked)
	if s.Key != "" || c.Door && s.Wait != 0 {
		return mayKeyed(c, s)
	}
	s.gain(w, c.Now)
	switch {
	case w[missing] < s.burst() && c.Host.Waiting() == 0:
		take(w, c.Now)
		return mech.Go
	case s.Wait == 0 || c.Hurry || s.Line > 0 && c.Host.Waiting() >= s.Line:
		c.Host.Count(limited)
		if s.After { // those in line come first
			c.After = max(1, s.due(w[since], w[came]+1+max(0, int64(c.Host.Waiting())-(s.burst()-w[missing])))-c.Now)
		}
		return mech.Refuse(0)
	case c.Host.Waiting() == 0:
		c.Host.Timer(0, s.due(w[since], w[came]+1))
	}
	c.Patience = max(0, int64(s.Wait))
	return mech.Wait
}

// token lets those in line go for whom there is a token now.
func token(c *mech.Cell, _ int) {
	s, w := c.Settings.(*Settings), c.Words
	if s.gain(w, c.Now); w[missing] == 0 && w[came] == 0 {
		w[since] = c.Now // nothing is counted yet
	}
	for w[missing] < s.burst() && c.Host.Next() {
		w[missing]++
	}
	if w[missing] == 0 {
		clear(w)
	}
	if c.Host.Waiting() > 0 {
		c.Host.Timer(0, s.due(w[since], w[came]+1))
	}
}

// changed keeps the tokens that there are, and the part of the next one that has come.
func changed(c *mech.Cell, before any) {
	old, s, w := before.(*Settings), c.Settings.(*Settings), c.Words
	changedKeyed(c, old, s)
	old.gain(w, c.Now)
	there, part := min(old.burst()-w[missing], s.burst()), 0.0
	if w[missing] > 0 {
		part = float64(c.Now-old.due(w[since], w[came])) * old.Rate
	}
	if clear(w); there < s.burst() {
		w[missing], w[since] = s.burst()-there, c.Now-int64(part/s.Rate)
	}
	if c.Host.Waiting() > 0 {
		token(c, 0)
	}
}

func audit(c *mech.Cell) error {
	if m := c.Words[missing]; m < 0 || m > c.Settings.(*Settings).burst() {
		return fmt.Errorf("%d tokens are missing", m)
	}
	if n := c.Host.Table(0).Len(); n > c.Settings.(*Settings).keys() {
		return fmt.Errorf("%d buckets", n)
	}
	return nil
}
