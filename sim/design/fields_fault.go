package design

import (
	"slices"
	"time"

	"asynclab/sim/draw"
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
	FaultCut
	FaultSet
)

// FaultClass declares a kind of fault. The language, changes by hand, checks,
// texts and the window read it; the effect of the fault is in the engine's act.
type FaultClass struct {
	Word   string // in a scenario, and in a change by hand
	Doc    string // one line
	Form   string // what follows the word: a "node", a "cut", "settings"
	Broker bool   // it can affect a broker too
	Stops  bool   // its node does not answer
	Fails  bool   // its node refuses or fails its messages

	Amount  string // the key of the field with the amount; "" if the kind has none
	Example string // of an amount

	Text  string  // description: [1] the target, [2] the amount
	Offer string  // the label of the button that injects it
	Icon  string  // the icon of that button
	Usual float64 // the amount that the button injects, if the kind has one
}

// FaultClasses are the declarations, by kind.
var FaultClasses = [...]FaultClass{
	FaultCrash: {Word: "crash", Form: "node", Broker: true, Stops: true, Fails: true, Text: "%[1]s crashes", Offer: "Crash it", Icon: "crash",
		Doc: "a service or a broker crashes; its callers notice at once, and new calls are refused"},
	FaultHostCrash: {Word: "host_crash", Form: "node", Broker: true, Stops: true, Text: "the host of %[1]s crashes: no connection is reset",
		Offer: "Its machine dies", Icon: "silent", Doc: "its machine is gone: silence"},
	FaultSlow: {Word: "slow", Form: "node", Amount: "factor", Example: "5", Text: "%[1]s works %[2]s times slower",
		Offer: "Five times slower", Icon: "slow", Usual: 5, Doc: "its work takes `factor` times as long"},
	FaultPause: {Word: "pause", Form: "node", Stops: true, Text: "%[1]s pauses", Offer: "Freeze it", Icon: "pause", Doc: "its work stands still"},
	FaultErrors: {Word: "errors", Form: "node", Fails: true, Amount: "rate", Example: "20%", Text: "%[2]s of the tasks of %[1]s fail",
		Offer: "A fifth fails", Icon: "fail", Usual: 0.2, Doc: "a share of its tasks, `rate`, fails"},
	FaultCut: {Word: "cut", Form: "cut", Text: "links cut: %[1]s", Doc: "everything sent over these connections is lost"},
	FaultSet: {Word: "set", Form: "settings", Text: "changed: %[1]s", Doc: "parameters change, and change back at the end"},
}

// Class is the declaration of a kind; that of an unknown one is empty.
func (k FaultKind) Class() *FaultClass {
	if int(k) < len(FaultClasses) {
		return &FaultClasses[k]
	}
	return &FaultClass{}
}

// FaultWord is the kind of fault that a word stands for.
func FaultWord(word string) (kind FaultKind, ok bool) {
	i := slices.IndexFunc(FaultClasses[:], func(c FaultClass) bool { return c.Word == word })
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
