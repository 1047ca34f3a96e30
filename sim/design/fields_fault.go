package design

import (
	"slices"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/mech/fault"
	"asynclab/sim/spec"
)

// FaultKind is the kind of a fault.
type FaultKind uint8

// The faults.
const (
	FaultCrash FaultKind = iota
	FaultHostCrash
	FaultSlow
	FaultPause
	FaultErrors
	FaultHang
	FaultCut
	FaultSet
)

// FaultClass declares a kind of fault: see package fault.
type FaultClass = fault.Kind

// FaultClasses are the declarations, by kind.
var FaultClasses = fault.All

// Class is the declaration of a kind; that of an unknown one is empty.
func (k FaultKind) Class() *FaultClass {
	if int(k) < len(FaultClasses) {
		return &FaultClasses[k]
	}
	return &FaultClass{}
}

// FaultWord is the kind of fault that a word stands for.
func FaultWord(word string) (kind FaultKind, ok bool) {
	i := slices.IndexFunc(FaultClasses, func(c FaultClass) bool { return c.Word == word })
	return FaultKind(max(i, 0)), i >= 0
}

// AmountField is the field with the amount of a fault; nil if the kind has none.
func (k FaultKind) AmountField() *spec.Field {
	return faultTable.Field(k.Class().Amount)
}

var faultTable = spec.New(spec.Table{
	Name: "fault", Doc: "one thing that goes wrong, once or again and again; with `every` and without `at`, it first happens after a time of `every`",
	Fields: append([]spec.Field{
		{Key: "name", Kind: spec.Name, Default: spec.Says("made from what it does"), Doc: "its name in metrics and messages",
			At: spec.At(func(f *Fault) *string { return &f.Name })},
	}, append(faultKeys(), []spec.Field{
		{Key: "instance", Path: spec.NoParam, Kind: spec.Count, Min: 1, Max: MaxInstances, Default: spec.Says("all"),
			Doc: "the instance of a service with several: 1, 2, …; of a broker with `replicas` 1 is its leader, 2 and more are followers, which are all alike", At: spec.At(func(f *Fault) *int { return &f.Instance })},
		{Key: "at", Kind: spec.Duration, Default: spec.Of(0), Doc: "when it first happens",
			At: spec.At(func(f *Fault) *time.Duration { return &f.At })},
		{Key: "for", Kind: spec.TimeDist, None: true, Default: spec.Never, Doc: "how long it lasts",
			At: spec.At(func(f *Fault) *draw.Dist { return &f.For }), Has: spec.At(func(f *Fault) *bool { return &f.HasFor })},
		{Key: "every", Kind: spec.TimeDist, None: true, Default: spec.Never, Doc: "time from the end of one occurrence to the next",
			At: spec.At(func(f *Fault) *draw.Dist { return &f.Every }), Has: spec.At(func(f *Fault) *bool { return &f.HasEvery })},
		{Key: "period", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never, Doc: "time from the beginning of one occurrence to the next",
			At: spec.At(func(f *Fault) *time.Duration { return &f.Period })},
		{Key: "clock", Kind: spec.Word, Words: []string{"time", "busy"}, Default: spec.Of(0),
			Doc: "which time goes by until the next occurrence of `every`: all of it; or only that in which a worker of the node is busy, as with what wears out by work",
			At:  spec.Enum(func(f *Fault) *FaultClock { return &f.Clock })},
		{Key: "when", Kind: spec.Text, Doc: "a condition: a count so far or the present value of a level, `queue.bus/orders.depth > 1000`. It happens each time that this begins to hold, from `at` on",
			At: spec.At(func(f *Fault) *string { return &f.When })},
		{Key: "look", Kind: spec.Duration, NotZero: true, Default: spec.Of(DefaultLook.Seconds()), Doc: "with `when`: the time from one look at it to the next",
			At: spec.At(func(f *Fault) *time.Duration { return &f.Look })},
		{Key: "down", Kind: spec.TimeDist, None: true, Default: spec.Never, Doc: "while it lasts it comes and goes: it is there for this time, and not there for `up`, again and again (flapping)",
			At: spec.At(func(f *Fault) *draw.Dist { return &f.Down }), Has: spec.At(func(f *Fault) *bool { return &f.HasDown })},
		{Key: "up", Kind: spec.TimeDist, None: true, Default: spec.Never, Doc: "with `down`: for how long it is not there",
			At: spec.At(func(f *Fault) *draw.Dist { return &f.Up }), Has: spec.At(func(f *Fault) *bool { return &f.HasUp })},
		{Key: "pick", Path: spec.NoParam, Kind: spec.Count, Min: 1, Max: MaxFaults, Default: spec.Says("all"),
			Doc: "of several nodes so many, which the seed picks anew each time", At: spec.At(func(f *Fault) *int { return &f.Pick })},
		{Key: "factor", Kind: spec.Number, Min: 1e-6, Max: 1e6, Doc: "how many times slower",
			At: spec.At(func(f *Fault) *float64 { return &f.Factor }), Where: ofAmount("factor")},
		{Key: "rate", Path: "factor", Kind: spec.Share, Doc: "probability that a task fails",
			At: spec.At(func(f *Fault) *float64 { return &f.Factor }), Where: ofAmount("rate")},
	}...)...),
})

// faultKeys are the keys of the kinds of faults. A partition is a cut, written in
// another way.
func faultKeys() (all []spec.Field) {
	for i := range FaultClasses {
		c := &FaultClasses[i]
		all = append(all, spec.Field{Key: c.Word, Kind: spec.Form, Form: c.Form, Doc: c.Doc, At: spec.Same})
		if FaultKind(i) == FaultCut {
			all = append(all, spec.Field{Key: "partition", Kind: spec.Form, Form: "partition", Doc: "these nodes are cut off from all others, both ways", At: spec.Same})
		}
	}
	return all
}

func ofAmount(key string) func(any) bool {
	return spec.When(func(f *Fault) bool { return f.Kind.Class().Amount == key })
}
