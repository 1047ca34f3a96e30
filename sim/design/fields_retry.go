package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/spec"
)

var retryTable = spec.New(spec.Table{
	Name: "retry", Doc: "what is done when an attempt fails", Shared: true,
	Fields: []spec.Field{
		{Key: "attempts", Kind: spec.Count, Rank: 17, Label: "attempts", Min: 1, Max: 1e6, Unlimited: true, Default: attemptsDefault, Live: true,
			Doc: "attempts in all, the first included",
			At:  spec.At(func(p *Retry) *int { return &p.Attempts })},
		backoffField("how long to wait before a retry", spec.Says("no wait")),
		jitterField,
		{Key: "instance", Kind: spec.Word, Words: []string{"any", "another"}, Default: spec.Of(0),
			Doc: "of a service with several instances, where a retry goes: `any`, as its balancer picks; `another`, one that no request of this call has come to before (Envoy's previous_hosts, nginx's next upstream). When there is none left, all count again; a request that was lost on its way has come to none",
			At:  spec.At(func(p *Retry) *bool { return &p.Another })},
		{Key: "on", Kind: spec.Form, Form: "causes", Default: spec.Default{Text: "[timeout, rejected, refused, error, shed, no_capacity]", Given: true}, Doc: "which failures are tried again; lost patience is `expired`",
			At: spec.At(func(p *Retry) *CauseSet { return &p.On })},
	},
})

// attemptsDefault: a design without a retry has one attempt; a written retry must
// give the number.
var attemptsDefault = spec.Default{Value: 1, Given: true, Required: true}

var redeliveryTable = spec.New(spec.Table{
	Name: "redelivery delay", Doc: "the wait before a returned message is delivered again; k counts the deliveries before", Short: true, Shared: true,
	Fields: []spec.Field{backoffField("how long", spec.Required), jitterField},
})

var reconnectTable = spec.New(spec.Table{
	Name: "reconnection", Doc: "the wait between two attempts to connect; k counts the attempts before", Short: true, Shared: true,
	Fields: []spec.Field{backoffField("how long", spec.Required), jitterField},
})

func backoffField(doc string, def spec.Default) spec.Field {
	return spec.Field{Key: "backoff", Path: spec.Self, Kind: spec.Part, Form: "back-off", Inner: backoffTable, Default: def, Doc: doc, At: spec.Same}
}

var jitterField = spec.Field{Key: "jitter", Kind: spec.Word, Words: []string{"none", "full", "equal", "fifth"}, Default: spec.Of(0),
	Doc: "spreads a wait w at random: `full` over 0 to w, `equal` over w/2 to w, `fifth` over 0.8 w to 1.2 w (the ±20 % of gRPC and Kafka)",
	At:  spec.Enum(func(p *Retry) *Jitter { return &p.Jitter })}

// grows reports whether a back-off follows from its base.
func grows(p *Retry) bool { return !p.Backoff.Listed() }

// backoffTable has the arguments of a back-off; the schedule is its name.
var backoffTable = spec.New(spec.Table{
	Name: "back-off", Doc: "the arguments of `linear(100ms, max=10s)`, `exponential(100ms, factor=2, max=10s)` and `decorrelated(100ms, max=10s)`",
	Fields: []spec.Field{
		{Path: "backoff", Kind: spec.TimeDist, Rank: 18, Live: true, Doc: "wait before the first retry, from which the schedule grows",
			At: spec.At(func(p *Retry) *draw.Dist { return &p.Base }), Where: spec.When(grows)},
		{Key: "factor", Kind: spec.Number, Min: 1, Max: 1e6, Default: spec.Of(2), Live: true, Doc: "growth of an exponential back-off",
			At: spec.At(func(p *Retry) *float64 { return &p.Factor }), Where: spec.When(grows)},
		{Key: "max", Path: "cap", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never, Live: true, Doc: "longest wait before a retry",
			At: spec.At(func(p *Retry) *time.Duration { return &p.Cap }), Where: spec.When(grows)},
	},
})
