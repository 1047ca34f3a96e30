// Package maxmessage refuses what is larger than a queue, a topic or a service takes.
//
//	message, request ──► larger than `size`? ──► too_large, at once: stored nowhere, and no work begins
//	                          │ no
//	                          └──► go
//
// Products call it max.message.bytes, max_payload, MAXMSGL, client_max_body_size.
package maxmessage

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/spec"
)

// Settings are those of one bound.
type Settings struct {
	Size float64 // bytes; below 0: no bound
}

var fields = spec.New(spec.Table{
	Name: "largest message", Short: true, Shared: true,
	Doc: "a bound on the size of one message or request, as its sender gives it. What is larger is refused as `too_large`, which a retry without `on` does not try again and no breaker counts; deliveries and answers have no bound",
	Fields: []spec.Field{
		{Key: "size", Kind: spec.Size, Min: 1, Unlimited: true, Default: spec.Required, Live: true, Doc: "of the largest message or request that is taken",
			At: spec.At(func(s *Settings) *float64 { return &s.Size })},
	},
})

// The counters of a bound.
const (
	asked measure.Counter = iota
	refused
)

var plot = &metric.Plot{ID: "too-large", Of: "max_message", Title: "Messages refused as too large", Counts: "messages", Unit: draw.PerSecond}

var metrics = metric.Declare("max_message", 79, "WHERE", []metric.Metric{
	{Key: asked, Name: "asked", Doc: "messages or requests that came"},
	{Key: refused, Name: "refused", Tells: metric.Refuses, Better: metric.Lower, Of: asked, Sign: metric.Sign{Says: "%s/s too large", Group: record.Rejection}, Doc: "messages or requests that were too large",
		Row: metric.Row{At: 10, When: metric.NonZero, Stats: []metric.Stat{metric.Plain, metric.Ratio}}, Curve: metric.Curve{Plot: plot, Stat: metric.Rate}},
})

// Mechanism is the bound.
var Mechanism = &mech.Mechanism{
	Declared: design.Declared{
		Key: "max_message", Rows: []string{"B5", "B13"}, Doc: "the largest message or request that is taken", Stands: design.OnService | design.OnQueue, OfLog: true,
		Fields: fields, New: func() any { return &Settings{} },
		Causes: []*design.Reason{{Name: "too_large", Words: "too large", Spares: true}},
	},
	Metrics: metrics, Rank: 10,
	May: may,
}

func may(c *mech.Cell) mech.Verdict {
	c.Host.Count(asked)
	if most := c.Settings.(*Settings).Size; most > 0 && float64(c.Size) > most {
		c.Host.Count(refused)
		return mech.Refuse(0)
	}
	return mech.Go
}
