package scenarios

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios/yamltree"
	"asynclab/sim"
	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/report"
	"asynclab/sim/sequence"
	"asynclab/sim/spec"
	"asynclab/sim/warning"
)

// A mechanism that is declared here alone: who has worked often enough rests for a
// while, and refuses.

type tiredness struct {
	After int           // attempts before a rest
	Rest  time.Duration // 0 means 1 s
}

// The words of a cell: attempts since the last rest, and whether it rests.
const (
	worked = iota
	rests
	tiredWords
)

var (
	tiredPlot  = &metric.Plot{ID: "tired", Of: "tired", Title: "Who rests", Counts: "cells"}
	tiredCause = &design.Reason{Name: "tired", Words: "too tired"}
	hasRest    = record.Event(record.Word{ID: "tired.rests", English: "rests"}, record.MarkRejected, record.Rejection)
	neverRests = &warning.Declaration{Name: "never-rests", Source: warning.Check, Says: "it works %s times before it rests", Advise: "let it rest sooner", Means: "no attempt is refused"}
)

var tired = &mech.Mechanism{
	Declared: design.Declared{
		Key: "tired", Doc: "rests after some attempts", Stands: design.OnCall | design.OnQueue,
		New: func() any { return &tiredness{} },
		Fields: spec.New(spec.Table{Name: "tiredness", Doc: "a rest after so many attempts", Shared: true, Fields: []spec.Field{
			{Key: "after", Kind: spec.Count, Label: "attempts", Min: 1, Max: 1e6, Default: spec.Required, Live: true, Doc: "attempts that tire it out",
				At: spec.At(func(t *tiredness) *int { return &t.After })},
			{Key: "rest", Kind: spec.Duration, NotZero: true, Default: spec.Of(1), Live: true, Doc: "how long it rests then",
				At: spec.At(func(t *tiredness) *time.Duration { return &t.Rest })},
		}}),
		Causes: []*design.Reason{tiredCause}, Warnings: []*warning.Declaration{neverRests},
		Check: func(w *design.Where, settings any) {
			switch t := settings.(*tiredness); {
			case t.After > 1000:
				w.Warn("after", neverRests, t.After)
			case t.Rest > time.Duration(t.After)*time.Minute:
				w.Fail("rest", "a minute for each attempt is plenty", "it rests longer than it works")
			}
		},
	},
	Metrics: metric.Declare("tired", 70, "WHO", []metric.Metric{
		{Key: measure.Counter(0), Name: "refusals", Doc: "attempts refused while it rests", Row: metric.Row{At: 10, Stats: []metric.Stat{metric.Plain}}},
		{Key: measure.LevelID(0), Name: "resting", Doc: "who rests", Curve: metric.Curve{Plot: tiredPlot, Stat: metric.Mean}},
	}),
	Records: []record.Class{hasRest}, Timers: 1,
	Words: func(any) int { return tiredWords },
	May: func(c *mech.Cell) mech.Verdict {
		t := c.Settings.(*tiredness)
		if c.Words[rests] == 1 {
			c.Host.Count(0)
			return mech.Refuse(0)
		}
		if c.Words[worked]++; c.Words[worked] >= int64(t.After) {
			c.Words[worked], c.Words[rests] = 0, 1
			c.Host.Level(0, 1)
			c.Host.Record(hasRest)
			c.Host.Timer(0, c.Now+max(int64(t.Rest), 1))
		}
		return mech.Go
	},
	Timer: func(c *mech.Cell, _ int) {
		c.Words[rests] = 0
		c.Host.Level(0, -1)
	},
	Reset: func(c *mech.Cell) { c.Host.Level(0, -c.Words[rests]) },
	Audit: func(c *mech.Cell) error {
		if c.Words[worked] < 0 || c.Words[worked] > 1e6 {
			return fmt.Errorf("worked %d times", c.Words[worked])
		}
		return nil
	},
}

const tiredText = `
version: 1
name: tired
run: {duration: 20s, warmup: 1s, seed: 3}
load: {x: {to: shop/buy, arrivals: constant(10/s), deadline: none, timeout: none}}
services:
  shop: {workers: unlimited, on: {buy: [{call: pay/charge, timeout: 200ms %s}, {publish: bus/mails, confirm: true}, reply]}}
  pay: {workers: unlimited, on: {charge: [work: 1ms, reply]}}
brokers: {bus: {queues: {mails: {max_length: unlimited %s}}}}
faults: [{at: 10s, for: 500ms, crash: shop}]
`

const tiredHere = ", tired: {after: 3, rest: 250ms}"

func tiredLanguage() *language { return languageOf(mech.List{tired}) }

func parseTired(t *testing.T, call, queue string) (*Scenario, error) {
	t.Helper()
	return tiredLanguage().parse(nil, "tired.yaml", "tired.yaml", fmt.Appendf(nil, strings.TrimSpace(tiredText), call, queue))
}

func mustTired(t *testing.T, call, queue string) *design.Design {
	t.Helper()
	sc, err := parseTired(t, call, queue)
	if err != nil {
		t.Fatal(err)
	}
	return sc.Designs[0]
}

func runTired(t *testing.T, d *design.Design) *engine.Run {
	t.Helper()
	p, err := engine.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(engine.Config{Duration: 20 * time.Second, Warmup: time.Second, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const tiredCall, tiredQueue = "service.shop.on.buy.call:pay/charge.tired", "queue.bus/mails.tired"

// One value, and it is in the language, its schema and its reference, among the
// parameters, and checked.
func TestMechanismInTheLanguage(t *testing.T) {
	l := tiredLanguage()
	for what, text := range map[string]string{"schema": l.schema(), "reference of steps": l.reference()["steps"], "reference of keys": l.reference()["keys"]} {
		if !strings.Contains(text, "rests after some attempts") {
			t.Errorf("it is not in the %s", what)
		}
	}
	if !strings.Contains(l.reference()["warnings"], "never-rests") || !slices.Contains(l.causes, "tired") {
		t.Error("neither its warning nor its cause is known")
	}
	d := mustTired(t, tiredHere, tiredHere)
	found := 0
	for _, p := range design.Params(d) {
		if p.Path == tiredCall+".after" || p.Path == tiredQueue+".rest" && p.Live && p.ID == "param.tiredness.rest" {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d of its parameters are listed", found)
	}
	before := d.Clone()
	if err := d.Set(tiredCall+".after", "7"); err != nil {
		t.Fatal(err)
	}
	if a, _ := d.Get(tiredCall + ".after"); a != "7" {
		t.Errorf("it was set to 7 and is %s", a)
	}
	if b, _ := before.Get(tiredCall + ".after"); b != "3" {
		t.Errorf("the copy from before has changed to %s", b)
	}
	for text, want := range map[string]string{
		", tired: {after: 0}":                 "not between 1 and 1000000",
		", tired: {afer: 2}":                  "did you mean after?",
		", tired: {after: 1, rest: 2min}":     "it rests longer than it works",
		", tired: {after: 3, rest: 1s, x: 1}": "unknown key",
	} {
		if _, err := parseTired(t, text, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	sc, err := parseTired(t, "", ", tired: {after: 2000}")
	if err != nil || !slices.ContainsFunc(sc.Warnings, func(d yamltree.Diagnostic) bool { return d.Warning == "never-rests" }) {
		t.Errorf("%v, warnings %v", err, sc.Warnings)
	}
	if ps := check.Design(sc.Designs[0]); !slices.ContainsFunc(ps, func(p check.Problem) bool { return p.Path == tiredQueue+".after" }) {
		t.Errorf("the check finds %v", ps)
	}
}

// It counts, fails by its own cause, and is in JSON, report and plots.
func TestMechanismInResults(t *testing.T) {
	kinds := mech.List{tired}.Kinds()
	if !slices.Contains(kinds.Plots(), tiredPlot) || len(tiredPlot.Curves(kinds)) != 1 {
		t.Error("its plot is not listed")
	}
	if _, ok := kinds.Parse("tired.shop->pay.resting.mean"); !ok {
		t.Error("the name of its metric is not read")
	}
	d := mustTired(t, tiredHere, tiredHere)
	for name, unit := range map[string]bool{"tired.shop->pay.refusals": true, "tired.bus/mails.refusals.rate": true, "load.x.failed.tired": true, "tired.pay.refusals": false} {
		if _, err := (Metrics{}).Unit(d, name); (err == nil) != unit {
			t.Errorf("%s: %v", name, err)
		}
	}
	res, err := sim.Run(context.Background(), []*design.Design{d}, sim.Settings{Duration: 20 * time.Second, Warmup: time.Second, Seed: 3}, nil)
	if err != nil {
		t.Fatal(err)
	}
	value := func(name string) float64 {
		for _, m := range res.Designs[0].Metrics {
			if m.Name == name {
				return m.Mean
			}
		}
		t.Fatalf("there is no %s", name)
		return 0
	}
	failed, refusals := value("load.x.failed.tired"), value("tired.shop->pay.refusals")+value("tired.bus/mails.refusals")
	if failed == 0 || failed != refusals || value("tired.shop->pay.resting.mean") == 0 {
		t.Errorf("%v operations failed by it, it refused %v attempts", failed, refusals)
	}
	for format, want := range map[string]string{"text": "refusals", "json": `"tired.bus/mails.refusals"`} {
		var text bytes.Buffer
		if err := (&report.Report{Result: res}).Write(&text, format); err != nil || !strings.Contains(text.String(), want) {
			t.Errorf("%v, %s has no row of it:\n%s", err, format, text.String())
		}
	}
}

// watch keeps all records.
type watch struct{ all []engine.Record }

func (w *watch) Observe(r engine.Record) { w.all = append(w.all, r) }

// It is told in log and diagram, and its state is kept by checkpoints, reset by a
// crash, changed by a parameter, proved by the audit, and in the fingerprint.
func TestMechanismInARun(t *testing.T) {
	d := mustTired(t, tiredHere, tiredHere)
	w := &watch{}
	r := runTired(t, d)
	r.SetObserver(w)
	step := func(to time.Duration) {
		t.Helper()
		r.Advance(int64(to), 0)
		if err := r.Audit(); err != nil {
			t.Fatalf("at %v: %v", to, err)
		}
	}
	resting := func() float64 {
		v, _ := r.Value("tired.shop->pay.resting.final")
		return v
	}
	step(9900 * time.Millisecond)
	for resting() == 0 {
		r.Step()
	}
	check := r.Checkpoint()
	step(10*time.Second + 1)
	if resting() != 0 {
		t.Error("a crash of the caller does not end its rest")
	}
	step(20 * time.Second)
	end := r.Fingerprint()
	r.Restore(check)
	step(20 * time.Second)
	if r.Fingerprint() != end {
		t.Error("after going back it is another run")
	}
	if err := func() error { r.Restore(check); return r.Set(tiredCall+".after", "1000") }(); err != nil {
		t.Fatal(err)
	}
	step(20 * time.Second)
	if r.Fingerprint() == end {
		t.Error("a changed parameter changes nothing")
	}
	told := slices.IndexFunc(w.all, func(x engine.Record) bool { return x.Class() == hasRest && x.Op != 0 })
	failed := slices.IndexFunc(w.all, func(x engine.Record) bool { return x.Kind == engine.OpFailed && x.Why == tiredCause })
	if told < 0 || failed < 0 {
		t.Fatalf("the log tells of a rest at %d, of a failure at %d", told, failed)
	}
	if text := w.all[failed].Class().Say(nil, w.all[failed].Fate(), w.all[failed].Why.Word()); text != "failed: too tired" {
		t.Errorf("the log says %q", text)
	}
	var story []sequence.Entry
	for _, x := range w.all {
		if x.Op == w.all[told].Op {
			story = append(story, sequence.Entry{Record: x, NodeName: "shop", ToName: "pay"})
		}
	}
	notes := sequence.Build(story, sim.Graph(d)).Notes
	if !slices.ContainsFunc(notes, func(n sequence.Note) bool { return n.Class == hasRest }) {
		t.Errorf("the diagram has the notes %+v", notes)
	}
}

// A design that does not use it draws and counts as before, to the bit; one that has it
// and is never tired differs only in its own metrics.
func TestMechanismCostsNothing(t *testing.T) {
	plain, never := runTired(t, mustTired(t, "", "")), runTired(t, mustTired(t, ", tired: {after: 1000}", ""))
	core, err := Parse(nil, "tired.yaml", fmt.Appendf(nil, strings.TrimSpace(tiredText), "", ""))
	if err != nil {
		t.Fatal(err)
	}
	base := runTired(t, core.Designs[0])
	for _, r := range []*engine.Run{plain, never, base} {
		r.Advance(1<<62, 0)
	}
	if plain.Fingerprint() != base.Fingerprint() || never.Fingerprint() != base.Fingerprint() {
		t.Error("the fingerprints differ")
	}
	values := map[string]float64{}
	for _, v := range base.Values() {
		values[v.Name] = v.Value
	}
	for _, r := range []*engine.Run{plain, never} {
		for _, v := range r.Values() {
			if old, known := values[v.Name]; known && v.Value != old && v.Value == v.Value {
				t.Errorf("%s: %v, was %v", v.Name, v.Value, old)
			}
		}
	}
	if len(plain.Values()) != len(values) || len(never.Values()) <= len(values) {
		t.Errorf("%d and %d metrics, were %d", len(plain.Values()), len(never.Values()), len(values))
	}
}
