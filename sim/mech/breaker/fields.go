package breaker

import (
	"math"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/spec"
	"asynclab/sim/warning"
)

// Settings are those of one breaker. The zero value of a field is its default.
type Settings struct {
	Failures int           // in a row; 0 means 5, or Unlimited where there is a window
	Calls    int           // window of the last calls; 0: none
	Span     time.Duration // window of time; 0: none
	Least    int           // calls in the window; 0 means 10
	Rate     float64       // share of failures; 0 means 50%
	Slow     time.Duration // a call that takes longer is slow; 0: none is
	SlowRate float64       // share of slow calls; 0 means 100%
	Open     time.Duration // 0 means 30 s
	Growth   float64       // of Open with each opening in a row; 0 means 1
	Longest  time.Duration // 0: no bound
	Probes   int           // 0 means 1
	Outcomes int           // after so many the share decides; 0: each by itself
	On       design.CauseSet
	SharedBy string
}

var fields = spec.New(spec.Table{
	Name: "breaker", Shared: true,
	Doc: "a circuit breaker, for each caller and callee service; call sites of one caller share the one that has their name. While it is open, attempts end at once with `circuit_open`; after a time as many as `probes` are let through at a time, and their outcomes decide",
	Fields: []spec.Field{
		{Key: "failures", Kind: spec.Count, Label: "failures", Min: 1, Max: 1e6, Unlimited: true, Live: true, Default: spec.Auto("5, `unlimited` where there is a window", func(s *Settings) float64 { return s.row() }), Doc: "failures in a row that open it",
			At: spec.At(func(s *Settings) *int { return &s.Failures })},
		{Key: "calls", Kind: spec.Count, Label: "calls", Min: 1, Max: 1e5, Default: spec.Says("no such window"), Doc: "window of so many calls, the last ones, in which the shares are taken",
			At: spec.At(func(s *Settings) *int { return &s.Calls }), Where: spec.When(func(s *Settings) bool { return s.Calls > 0 })},
		{Key: "window", Kind: spec.Duration, NotZero: true, Default: spec.Says("no such window"), Doc: "window of time in which the shares are taken, in ten equal parts counted from the run's beginning: what falls out goes part by part",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Span }), Where: spec.When(func(s *Settings) bool { return s.Span > 0 })},
		{Key: "min_calls", Kind: spec.Count, Label: "calls", Min: 1, Max: 1e6, Default: spec.Of(10), Live: true, Doc: "calls that must lie in the window before a share opens it",
			At: spec.At(func(s *Settings) *int { return &s.Least })},
		{Key: "rate", Kind: spec.Share, Min: 1e-6, Default: spec.Of(0.5), Live: true, Doc: "share of failures in the window that opens it",
			At: spec.At(func(s *Settings) *float64 { return &s.Rate })},
		{Key: "slow", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Never, Live: true, Doc: "a call that takes longer is a slow one",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Slow })},
		{Key: "slow_rate", Kind: spec.Share, Min: 1e-6, Default: spec.Of(1), Live: true, Doc: "share of slow calls in the window that opens it",
			At: spec.At(func(s *Settings) *float64 { return &s.SlowRate })},
		{Key: "open", Kind: spec.Duration, NotZero: true, Default: spec.Of(30), Live: true, Doc: "how long it is open before it lets probes through",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Open })},
		{Key: "growth", Kind: spec.Number, Min: 1, Max: 1e3, Default: spec.Of(1), Live: true, Doc: "by how much longer it is open each time that a probe has opened it again",
			At: spec.At(func(s *Settings) *float64 { return &s.Growth })},
		{Key: "max_open", Kind: spec.Duration, NotZero: true, None: true, Default: spec.Never, Live: true, Doc: "the longest that it is open, where that grows",
			At: spec.At(func(s *Settings) *time.Duration { return &s.Longest })},
		{Key: "probes", Kind: spec.Count, Label: "attempts", Min: 1, Max: 1e6, Default: spec.Of(1), Live: true, Doc: "attempts that are let through at a time while it is half open; so many successes in a row close it, and one failure opens it again",
			At: spec.At(func(s *Settings) *int { return &s.Probes })},
		{Key: "outcomes", Kind: spec.Count, Label: "attempts", Min: 1, Max: 1e6, Default: spec.Says("each decides"), Doc: "while it is half open, the shares of so many outcomes decide, and not a single one",
			At: spec.At(func(s *Settings) *int { return &s.Outcomes }), Where: spec.When(func(s *Settings) bool { return s.Outcomes > 0 })},
		{Key: "on", Kind: spec.Form, Form: "causes", Default: spec.Default{Text: failing.String(), Given: true}, Doc: "which outcomes are failures; any other answer is a success, but for what says nothing of the callee's health: a refusal by what stands before the call (`circuit_open`, `limited`, `no_capacity`), and cancellations",
			At: spec.At(func(s *Settings) *design.CauseSet { return &s.On })},
		{Key: "name", Kind: spec.Name, Default: spec.Says("that of caller and callee"), Doc: "call sites of one caller with the same name share one breaker",
			At: spec.At(func(s *Settings) *string { return &s.SharedBy })},
	},
})

func (s *Settings) windowed() bool { return s.Calls > 0 || s.Span > 0 }

func (s *Settings) row() float64 {
	switch {
	case s.Failures == design.Unlimited || s.Failures == 0 && s.windowed():
		return math.Inf(1)
	case s.Failures == 0:
		return 5
	}
	return float64(s.Failures)
}

var neverOpens = &warning.Declaration{
	Name: "never-opens", Source: warning.Check,
	Says:   "it never opens: it counts neither failures in a row nor a share of them",
	Advise: "give it failures in a row, or calls or a window for a share", Means: "the breaker lets everything pass",
}

// check finds settings that belong together and are not.
func check(w *design.Where, settings any) {
	s := settings.(*Settings)
	switch {
	case s.Calls > 0 && s.Span > 0:
		w.Fail("window", "write one of them; `calls: null` takes away what a preset says", "calls and window are two windows")
	case s.Least > s.Calls && s.Calls > 0:
		w.Fail("min_calls", "at most as many as calls", "the window never has %d calls", s.Least)
	case s.Outcomes > 0 && s.Probes > s.Outcomes:
		w.Fail("probes", "at most as many as outcomes", "%d probes at a time, and %d outcomes decide", s.Probes, s.Outcomes)
	case !s.windowed() && s.Slow > 0:
		w.Fail("slow", "add calls or window", "slow calls are counted in a window, and there is none")
	case !s.windowed() && s.Failures == design.Unlimited:
		w.Warn("failures", neverOpens) // so one is turned off, and on again while a run goes on
	}
}
