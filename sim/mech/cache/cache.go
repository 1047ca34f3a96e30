// Package cache keeps the answers of a call: for each key the one that came last, for a
// time, and at most so many.
//
//	call ──► [key: fresh?] ──► yes: a hit, answered at once
//	              │ no
//	              ├── a call for the key is under way ──► an expired answer, or wait for its end (single_flight)
//	              └── it calls ──► an answer: kept · a failure: an expired answer (stale), or the failure
//
// Of a key that is asked for at rate λ and kept for T after it was filled, λT/(1+λT) of
// the calls are hits. Of a cache that keeps the n that were used last, the share of hits
// is about that of Che's approximation (Che, Tung and Wang 2002), and for one it is the
// sum of the squares of the shares.
package cache

import (
	"fmt"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/spec"
)

// Stale says when an expired answer is good enough.
type Stale uint8

// Never; where the call that should renew it has failed; also while it is under way.
const (
	Never Stale = iota
	IfError
	While
)

// Settings are those of one cache.
type Settings struct {
	Key      string        // the attribute whose values differ; "": all calls ask the same
	TTL      time.Duration // since it was filled; 0 or spec.None: for ever
	Size     int           // answers; 0: no bound
	Single   bool
	Stale    Stale
	SharedBy string
}

var fields = spec.New(spec.Table{
	Name: "cache", Shared: true,
	Doc: "answers of a call, kept by each instance of the caller until it crashes; a call that finds one is answered at once, without an attempt beyond it",
	Fields: []spec.Field{
		{Key: "key", Kind: spec.Name, Default: spec.Says("all calls ask the same"), Doc: "the attribute by which answers differ",
			At: spec.At(func(s *Settings) *string { return &s.Key })},
		{Key: "ttl", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never, Live: true, Doc: "how long an answer is fresh, from when it came",
			At: spec.At(func(s *Settings) *time.Duration { return &s.TTL })},
		{Key: "size", Kind: spec.Count, Label: "answers", Min: 1, Max: 1e8, Unlimited: true, Default: spec.Never, Doc: "answers that are kept; for one more, the one goes that was not used for longest",
			At: spec.At(func(s *Settings) *int { return &s.Size })},
		{Key: "single_flight", Kind: spec.YesNo, Default: spec.Of(0), Doc: "calls that miss a key for which one is under way wait for it and share its end, also its failure; otherwise each calls",
			At: spec.At(func(s *Settings) *bool { return &s.Single })},
		{Key: "stale", Kind: spec.Word, Words: []string{"never", "if-error", "while"}, Default: spec.Of(0),
			Doc: "when an expired answer is given: never; where the call that should renew it has failed; also to others while that call is under way",
			At:  spec.Enum(func(s *Settings) *Stale { return &s.Stale })},
		{Key: "name", Kind: spec.Name, Default: spec.Says("that of caller and handler"), Doc: "call sites of one caller with the same name share one cache",
			At: spec.At(func(s *Settings) *string { return &s.SharedBy })},
	},
})

// The counters, the levels and the distribution of a cache.
const (
	asked measure.Counter = iota
	hits
	stale
	shared
	misses
	evictions
)

const (
	entries measure.LevelID = iota
	waiting
)

const wait measure.HistID = 0

var metrics = metric.Declare("cache", 78, "CALLER->CALLEE/HANDLER", []metric.Metric{
	{Key: asked, Name: "asked", Doc: "calls that looked into the cache"},
	{Key: hits, Name: "hits", Better: metric.Higher, Of: asked, Sign: metric.Sign{Says: "%s/s from the cache", Group: record.Good}, Doc: "calls that found a fresh answer", Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain, metric.Ratio}}},
	{Key: stale, Name: "stale", Of: asked, Sign: metric.Sign{Says: "%s/s stale", Group: record.Repetition}, Doc: "calls that were given an expired answer", Row: metric.Row{At: 20, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: shared, Name: "shared", Of: asked, Doc: "calls that waited for another of their key", Row: metric.Row{At: 30, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: misses, Name: "misses", Better: metric.Lower, Of: asked, Doc: "calls that called"},
	{Key: evictions, Name: "evictions", Better: metric.Lower, Of: asked, Doc: "answers that had to go for others", Row: metric.Row{At: 40, When: metric.NonZero, Stats: []metric.Stat{metric.Plain}}},
	{Key: entries, Name: "entries", Sign: metric.Sign{Says: "%s cached", Kept: true}, Doc: "answers that are kept, expired ones included as long as they may be given or none has come since, of all instances of the caller", Row: metric.Row{At: 50, When: metric.NonZero, Stats: []metric.Stat{metric.Max}}},
	{Key: waiting, Name: "waiting", Better: metric.Lower, Sign: metric.Sign{Says: "%s wait for one"}, Doc: "calls that wait for another of their key"},
	{Key: wait, Name: "wait", Better: metric.Lower, Unit: draw.Seconds, Doc: "how long they waited"},
})

// The tables of a cell: answers, with the time at which they came and what they carry, and
// calls under way.
const (
	answers = iota
	flights
	numTables
)

// Mechanism is the cache.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "cache", Rows: []string{"R11"}, Doc: "answers of the call that are kept", Stands: design.OnCall,
		Fields: fields, New: func() any { return &Settings{} }, Check: check,
		OfHandler: true, OfCall: true, Name: func(s any) string { return s.(*Settings).SharedBy },
		Attribute: func(s any) string { return s.(*Settings).Key },
	},
	Metrics: metrics, Rank: 5, Tables: numTables, Line: &mech.Line{Waiting: waiting, Wait: wait, Lost: misses},
	May: may, Closed: closed, Reset: reset, Audit: audit,
}

func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	if w.Step != nil && w.Step.Op == design.Publish {
		w.Fail("key", "cache a call or an await", "a publish has no answer to keep")
	}
	if s.Stale != Never && s.TTL <= 0 {
		w.Fail("stale", "give it a ttl", "an answer that is fresh for ever never expires")
	}
}

// filler is the ticket of a call that fills.
const filler = 1

func may(c *mech.Cell) mech.Verdict {
	if c.Again {
		return mech.Go // a retry of who fills
	}
	s, key := c.Settings.(*Settings), c.Host.Key()
	c.Host.Count(asked)
	table := c.Host.Table(answers)
	row := table.Find(key)
	if row != kernel.NoRow && (s.TTL <= 0 || table.Words(row)[0]+int64(s.TTL) > c.Now) {
		table.Last(row)
		c.Host.Count(hits)
		c.Host.Carry(table.Words(row)[1])
		return mech.Answer
	}
	if s.Single || s.Stale == While {
		_, first := c.Host.Table(flights).Add(key)
		switch {
		case first:
		case s.Stale == While && row != kernel.NoRow:
			table.Last(row)
			c.Host.Count(stale)
			c.Host.Carry(table.Words(row)[1])
			return mech.Answer
		case s.Single:
			c.Host.Count(shared)
			c.Ticket = int64(key)
			return mech.Wait
		}
	}
	c.Host.Count(misses)
	c.Ticket = filler
	return mech.Go
}

// closed is the end of a call that fills.
func closed(c *mech.Cell, o mech.Outcome) design.Cause {
	if o.Ticket != filler {
		return o.Cause
	}
	s, key := c.Settings.(*Settings), c.Host.Key()
	if t := c.Host.Table(flights); t.Find(key) != kernel.NoRow {
		t.Remove(t.Find(key))
	}
	if !o.Counts { // it was given up: one of those who wait calls in its place
		c.Host.Ask(int64(key))
		return o.Cause
	}
	table := c.Host.Table(answers)
	forget(c, s, table)
	switch row := table.Find(key); {
	case o.Cause == design.OK:
		fill(c, s, table, key)
	case s.Stale != Never && row != kernel.NoRow:
		c.Host.Count(stale)
		c.Host.Carry(table.Words(row)[1])
		o.Cause = design.OK
	}
	c.Host.Share(int64(key), o.Cause)
	return o.Cause
}

func fill(c *mech.Cell, s *Settings, table *kernel.Table, key uint64) {
	row, added := table.Add(key)
	table.Words(row)[0], table.Words(row)[1] = c.Now, c.Host.Carried()
	table.Last(row)
	if !added {
		return
	}
	if s.Size > 0 && table.Len() > s.Size { // it takes the place of another: there are never more
		table.Remove(table.First())
		c.Host.Count(evictions)
		return
	}
	c.Host.Level(entries, 1)
}

// forget takes out what has expired and will not be given any more, as far as it is in
// front of what was used later: so that no more is kept than was used in two lives.
func forget(c *mech.Cell, s *Settings, table *kernel.Table) {
	if s.TTL <= 0 || s.Stale != Never {
		return
	}
	for row := table.First(); row != kernel.NoRow && table.Words(row)[0]+int64(s.TTL) <= c.Now; row = table.First() {
		table.Remove(row)
		c.Host.Level(entries, -1)
	}
}

func reset(c *mech.Cell) { c.Host.Level(entries, -int64(c.Host.Table(answers).Len())) }

func audit(c *mech.Cell) error {
	s := c.Settings.(*Settings)
	if n := c.Host.Table(answers).Len(); s.Size > 0 && n > s.Size {
		return fmt.Errorf("%d answers of at most %d", n, s.Size)
	}
	if c.Host.Waiting() > 0 && c.Host.Table(flights).Len() == 0 {
		return fmt.Errorf("%d wait, and no call is under way", c.Host.Waiting())
	}
	return nil
}
