package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/spec"
)

var faultTable = spec.New(spec.Table{
	Name: "fault", Doc: "one thing that goes wrong, once or again and again; with `every` and without `at`, it first happens after a time of `every`",
	Fields: []spec.Field{
		{Key: "name", Kind: spec.Name, Default: spec.Says("made from what it does"), Doc: "its name in metrics and messages",
			At: spec.At(func(f *Fault) *string { return &f.Name })},
		does(FaultCrash, "node", "a service or a broker crashes; its callers notice at once, and new calls are refused"),
		does(FaultHostCrash, "node", "its machine is gone: silence"),
		does(FaultSlow, "node", "its work takes `factor` times as long"),
		does(FaultPause, "node", "its work stands still"),
		does(FaultErrors, "node", "a share of its tasks, `rate`, fails"),
		does(FaultCut, "cut", "everything sent over these connections is lost"),
		{Key: "partition", Kind: spec.Form, Form: "partition", Doc: "these nodes are cut off from all others, both ways", At: spec.Same},
		does(FaultSet, "settings", "parameters change, and change back at the end"),
		{Key: "instance", Path: spec.NoParam, Kind: spec.Count, Min: 1, Max: MaxInstances, Default: spec.Says("all"),
			Doc: "the instance of a service with several: 1, 2, …", At: spec.At(func(f *Fault) *int { return &f.Instance })},
		{Key: "at", Kind: spec.Duration, Default: spec.Of(0), Doc: "when it first happens",
			At: spec.At(func(f *Fault) *time.Duration { return &f.At })},
		{Key: "for", Kind: spec.TimeDist, None: true, Default: spec.Never, Doc: "how long it lasts",
			At: spec.At(func(f *Fault) *draw.Dist { return &f.For }), Has: spec.At(func(f *Fault) *bool { return &f.HasFor })},
		{Key: "every", Kind: spec.TimeDist, None: true, Default: spec.Never, Doc: "time from the end of one occurrence to the next",
			At: spec.At(func(f *Fault) *draw.Dist { return &f.Every }), Has: spec.At(func(f *Fault) *bool { return &f.HasEvery })},
		{Key: "period", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never, Doc: "time from the beginning of one occurrence to the next",
			At: spec.At(func(f *Fault) *time.Duration { return &f.Period })},
		{Key: "factor", Kind: spec.Number, Min: 1e-6, Max: 1e6, Doc: "how many times slower",
			At: spec.At(func(f *Fault) *float64 { return &f.Factor }), Where: spec.When(func(f *Fault) bool { return f.Kind == FaultSlow })},
		{Key: "rate", Path: "factor", Kind: spec.Share, Doc: "probability that a task fails",
			At: spec.At(func(f *Fault) *float64 { return &f.Factor }), Where: spec.When(func(f *Fault) bool { return f.Kind == FaultErrors })},
	},
})

// does is the key of a kind of fault.
func does(kind FaultKind, form, doc string) spec.Field {
	return spec.Field{Key: faultWords[kind], Kind: spec.Form, Form: form, Doc: doc, At: spec.Same}
}
