package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/spec"
)

func closed(l *Load) bool { return l.Users > 0 && l.Arrivals.Kind == NoArrivals }

// rated reports whether the process has a rate, constant or over time.
func (a *Arrivals) rated() bool { return a.Kind == Poisson || a.Kind == Regular }

var loadTable = spec.New(spec.Table{
	Name: "load", Doc: "a source of operations: an open one with `arrivals`, or a closed one with `users`, each of whom waits for the end of an operation, with `confirm` for what confirms it and not only for the answer, before beginning the next", Shared: true,
	Fields: append([]spec.Field{
		{Key: "to", Kind: spec.Target, Default: spec.Required, Doc: "where its requests go",
			At: spec.At(func(l *Load) *Target { return &l.To })},
		useField,
		{Key: "arrivals", Path: spec.Self, Kind: spec.Part, Form: "arrivals", Inner: arrivalsTable,
			Doc: "when operations come, whatever happens to the ones before",
			At:  spec.At(func(l *Load) *Arrivals { return &l.Arrivals })},
		{Key: "users", Kind: spec.Count, Rank: 2, Label: "users", Min: 1, Max: MaxUsers,
			Doc: "how many users there are, each thinking or waiting",
			At:  spec.At(func(l *Load) *int { return &l.Users }), Where: spec.When(closed)},
		{Key: "think", Kind: spec.TimeDist, Rank: 7, Default: spec.Of(0), Live: true, Doc: "time a user thinks before the next operation",
			At: spec.At(func(l *Load) *draw.Dist { return &l.Think }), Where: spec.When(closed)},
		{Key: "stagger", Kind: spec.YesNo, Default: spec.Written(1), Doc: "users begin with a think time; otherwise all begin an operation at once",
			At: spec.At(func(l *Load) *bool { return &l.Stagger })},
		{Key: "start", Kind: spec.Duration, Default: spec.Of(0), Doc: "nothing arrives before this time",
			At: spec.At(func(l *Load) *time.Duration { return &l.Start })},
		{Key: "stop", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never, Doc: "nothing arrives at or after this time",
			At: spec.At(func(l *Load) *time.Duration { return &l.Stop })},
		{Key: "count", Kind: spec.Count, Label: "operations", Min: 1, Max: 1e12, Unlimited: true, Default: spec.Never, Doc: "most operations the load offers",
			At: spec.At(func(l *Load) *int { return &l.Count })},
		{Key: "deadline", Kind: spec.Duration, Rank: 16, None: true, NotZero: true, Default: spec.Of(DefaultDeadline.Seconds()), Live: true,
			Doc: "end of an operation: what is open then has failed",
			At:  spec.At(func(l *Load) *time.Duration { return &l.Deadline })},
		{Key: "cancel", Kind: spec.YesNo, Default: spec.Of(0), Doc: "the deadline, a timeout or lost patience also cut work that has begun",
			At: spec.At(func(l *Load) *bool { return &l.Cancel })},
		{Key: "timeout", Kind: spec.Duration, Rank: 15, None: true, NotZero: true, Default: spec.Of(DefaultTimeout.Seconds()), Live: true,
			Doc: "how long the client waits for the answer to one request",
			At:  spec.At(func(l *Load) *time.Duration { return &l.Timeout })},
		{Key: "retry", Kind: spec.Part, Inner: retryTable, Default: spec.Says("one attempt"), Doc: "what the client does when a request fails",
			At: spec.At(func(l *Load) *Retry { return &l.Retry })},
		{Key: "patience", Kind: spec.TimeDist, None: true, Default: spec.Never, Live: true, Doc: "how long a client stays in line before its request is started; it then fails as `expired`, which a retry repeats only if its `on` lists it",
			At: spec.At(func(l *Load) *draw.Dist { return &l.Patience }), Has: spec.At(func(l *Load) *bool { return &l.HasLimit })},
		{Key: "late_replies", Kind: spec.Word, Words: []string{"count", "ignore"}, Default: spec.Of(0),
			Doc: "what an answer to an attempt already given up is worth while another attempt is out or waits for its back-off",
			At:  spec.At(func(l *Load) *bool { return &l.IgnoreLate })},
		{Key: "late_backoff", Kind: spec.Word, Words: []string{"fail", "wait"}, Default: spec.Of(0),
			Doc: "what a client does with a back-off that would end after its deadline: `fail`, it fails at once, as `deadline`; `wait`, it waits until its deadline, and an answer to an earlier attempt can still come",
			At:  spec.At(func(l *Load) *bool { return &l.LateBackoff })},
		{Key: "confirm", Path: spec.Self, Kind: spec.Part, Inner: confirmTable, Default: spec.Says("the reply"),
			Doc: "what confirms an operation, where the reply only accepts it; until then it stays open, also after its client has given up", At: spec.Same},
		{Key: "priority", Kind: spec.Count, Max: MaxPriorities - 1, Default: spec.Of(0), Doc: "priority of the requests; 0 is served first",
			At: spec.At(func(l *Load) *int { return &l.Priority }), By: spec.At(func(l *Load) *string { return &l.PriorityBy })},
		{Key: "size", Kind: spec.SizeDist, Default: spec.Of(DefaultSize), Live: true, Doc: "bytes of a request",
			At: spec.At(func(l *Load) *draw.Dist { return &l.Size }), Has: spec.At(func(l *Load) *bool { return &l.HasSize }), By: spec.At(func(l *Load) *string { return &l.SizeBy })},
		{Key: "batch", Kind: spec.Part, Inner: gatherTable, Default: spec.Says("each message is sent by itself"), Doc: "of a load that publishes: " + gatherDoc,
			At: spec.At(func(l *Load) *Gather { return &l.Gather })},
		{Key: "attributes", Kind: spec.Form, Form: "attributes", Default: spec.Says("none"),
			Doc: "properties of its operations, each drawn once, when the operation arrives; conditions, work, sizes and priorities read them",
			At:  spec.At(func(l *Load) *[]Attribute { return &l.Attributes })},
	}, postFields(func(l *Load) *Post { return &l.Post })...),
})

var confirmTable = spec.New(spec.Table{
	Name: "confirmation", Doc: "which completions confirm an operation", Short: true, Shared: true,
	Fields: []spec.Field{
		{Key: "at", Kind: spec.Form, Form: "targets", Default: spec.Required, Doc: "handlers whose completion counts",
			At: spec.At(func(l *Load) *[]Target { return &l.Confirm })},
		{Key: "count", Path: "confirms", Kind: spec.Count, Label: "completions", Min: 1, Max: 1e6,
			Default: spec.Auto("one of each", func(l *Load) float64 { return float64(max(1, len(l.Confirm))) }),
			Doc:     "how many completions confirm an operation, of whichever handlers; without it each of them has to complete, once or more often", At: spec.At(func(l *Load) *int { return &l.Confirms })},
	},
})

var arrivalsTable = spec.New(spec.Table{
	Name: "arrival process", Doc: "one of `poisson`, `constant`, `every` and `trace`, and its options", Shared: true,
	Fields: []spec.Field{
		{Key: "poisson", Kind: spec.Form, Form: "rates", Inner: segmentTable, Doc: "independent arrivals at this rate", At: spec.Same},
		{Key: "constant", Kind: spec.Form, Form: "rates", Inner: segmentTable, Doc: "evenly spaced arrivals at this rate", At: spec.Same},
		{Path: "rate", Kind: spec.Rate, Rank: 1, Live: true, Doc: "arrivals per second",
			At:    spec.At(func(a *Arrivals) *float64 { return &a.Rate }),
			Where: spec.When(func(a *Arrivals) bool { return a.rated() && len(a.Profile) == 0 })},
		{Path: "scale", Kind: spec.Number, Min: 1e-6, Max: 1e6, Default: spec.Of(1), Live: true, Doc: "multiplies the rate, whatever its profile",
			At: spec.At(func(a *Arrivals) *float64 { return &a.Scale }), Where: spec.When((*Arrivals).rated)},
		{Key: "every", Path: "interval", Kind: spec.TimeDist, Live: true, Doc: "time between two arrivals",
			At: spec.At(func(a *Arrivals) *draw.Dist { return &a.Interval }), Where: spec.When(func(a *Arrivals) bool { return a.Kind == Renewal })},
		{Key: "trace", Kind: spec.Form, Form: "trace", Doc: "arrivals at the times listed in a file",
			At: spec.At(func(a *Arrivals) *[]int64 { return &a.Times })},
		{Key: "repeat", Kind: spec.YesNo, Default: spec.Of(0), Doc: "a rate over time starts over at its end; otherwise its last rate goes on",
			At: spec.At(func(a *Arrivals) *bool { return &a.Repeat })},
		{Key: "batch", Kind: spec.CountDist, Label: "operations", Default: spec.Of(1), Live: true, Doc: "operations that come with one arrival",
			At: spec.At(func(a *Arrivals) *draw.Dist { return &a.Batch }), Has: spec.At(func(a *Arrivals) *bool { return &a.HasBatch }),
			Where: spec.When(func(a *Arrivals) bool { return a.Kind != NoArrivals })},
	},
})

var segmentTable = spec.New(spec.Table{
	Name: "stretch", Doc: "a stretch of a rate over time, which goes from one rate to the other in a straight line",
	Fields: []spec.Field{
		{Key: "for", Kind: spec.Duration, NotZero: true, Default: spec.Required, Doc: "how long this part of the profile lasts",
			At: spec.At(func(s *Segment) *time.Duration { return &s.For })},
		{Key: "rate", Path: "from", Kind: spec.Rate, Default: spec.Required, Doc: "rate at its beginning",
			At: spec.At(func(s *Segment) *float64 { return &s.From })},
		{Key: "to", Kind: spec.Rate, Default: spec.Says("the same rate"), Doc: "rate at its end",
			At: spec.At(func(s *Segment) *float64 { return &s.To })},
	},
})
