package lessons

import (
	"context"
	"strings"
	"testing"
)

// checked is what a check says of a lesson of one step in the market.
func checked(t *testing.T, step string) string {
	t.Helper()
	r, err := Check(context.Background(), marketLesson("## A {#a}\n\n"+step), false, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Mistakes.Error() + r.Unmet.Error()
}

// says holds that each change of a step is reported so, and that the step itself is right.
func says(t *testing.T, step string, changes map[string]string) {
	t.Helper()
	if got := checked(t, step); got != "" {
		t.Errorf("the step itself: %s", got)
	}
	for change, want := range changes {
		from, to, _ := strings.Cut(change, " => ")
		if !strings.Contains(step, from) {
			t.Fatalf("there is no %q", from)
		}
		if got := checked(t, strings.Replace(step, from, to, 1)); !strings.Contains(got, want) {
			t.Errorf("%s: %s", change, got)
		}
	}
}

// one click, and the student's own order has come through both designs.
func TestAct(t *testing.T) {
	const step = "```setup\nset: {load.shoppers.rate: 0.05/s}\nuntil: 30s\n```\n\n```act\nask: Send it.\nsends: shoppers\n```\n\nBehind it.\n"
	says(t, step, map[string]string{
		"30s => 50s":             "shoppers sends 2 operations into chain, not one",
		"shoppers\n => buyers\n": "buyers",
		"sends: shoppers\n => ":  `needs "sends"`,
	})
	l, ds := one(step)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	p := NewPlayer(l, (&Progress{}).Of(l.ID, noon))
	a := p.Gate()
	if a.Kind != Act || p.MayRun() != nil || len(p.Visible()) != 1 || p.Leave(noon) != ErrAct {
		t.Fatalf("the gate is %v", a)
	}
	run, err := a.Run(context.Background(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	v := p.Finished(run, noon)
	// 4 hops and 60 ms of work; behind the broker 2 hops there, and pay's at the end
	came := strings.Join(a.Came(p.Tries(a)[0], "en"), "\n")
	if v == nil || p.Gate() != nil || came != "chain: accepted after 80 ms, confirmed after 80 ms\nbroker: accepted after 20 ms, confirmed after 75 ms" {
		t.Errorf("%+v\n%s", v, came)
	}
	if zh := a.Came(p.Tries(a)[0], "zh-Hans"); len(zh) != 2 || zh[0] != "chain：80 毫秒后已受理，80 毫秒后已办结" {
		t.Error(zh)
	}
}

// A step that begins at a time: what was before has happened, and every change comes
// after.
func TestFrom(t *testing.T) {
	const step = "```setup\ndesigns: [broker]\nfrom: 70s\nuntil: 90s\nknobs: [service.pay.workers]\n```\n\n```task\nask: Empty it.\ngoals: [{text: Empty., expect: \"queue.bus/orders.depth.mean == 0 in 85s..90s\"}]\n" +
		"repairs: [{set: {service.pay.workers: 60}}]\ncheats: [{set: {service.pay.workers: 5}}]\n```\n"
	says(t, step, map[string]string{
		"from: 70s => from: 90s":                             "the step begins at 1m30s, and ends at 1m30s",
		"knobs: [service.pay.workers]\n => ":                 "",
		"service.pay.workers: 60 => load.shoppers.count: 60": "is fixed while a run lasts",
		"{set: {service.pay.workers: 60}} => {faults: []}":   "cannot leave them out",
		"depth.mean == 0 in 85s..90s => depth.max < 100":     "does not meet the goal", // the accident has happened
	})
	l, ds := one(step)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	u := l.Steps[0].Setup
	if _, err := u.Change("load.shoppers.count=3"); err == nil {
		t.Error("a student may change what is fixed in the middle of a run")
	}
}

// An edge is where an expectation turns, once; a prediction between the two values is
// right.
func TestEdge(t *testing.T) {
	const step = "```setup\ndesigns: [chain]\nfaults: []\nuntil: 1min\n```\n\n```edge\nask: Where?\nvary: service.pay.on.charge.work\nover: [100ms, 150ms, 190ms, 210ms, 300ms]\n" +
		"holds: load.shoppers.confirmed.latency.max < 1s\nunit: ms\n```\n\nBehind it.\n"
	says(t, step, map[string]string{
		"300ms] => 195ms]":              "195ms is not more than 210ms",
		"unit: ms => unit: orders":      "the unit \"orders\" is not",
		"charge.work\n => charge.wrk\n": "charge.wrk",
		"max < 1s => max < 1h":          "turns 0 times over these values",
		"[100ms, 150ms, => [-5ms, 1s,":  "",
		"over: [100ms, 150ms, 190ms, 210ms, 300ms] => over: [1ms, 2ms]": "three to 30 values",
	})
	l, ds := one(step)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	for _, c := range []struct {
		said  float64
		right bool
	}{{200, true}, {190, true}, {210, true}, {150, false}, {300, false}} {
		p := NewPlayer(l, (&Progress{}).Of(l.ID, noon))
		if p.MayRun() != ErrPredict || p.Swept(nil, noon) != nil {
			t.Fatal("the sweep may be made before it was predicted")
		}
		if err := p.Predict(Guess{Value: c.said, Sure: true}, noon); err != nil || p.Leave(noon) != ErrSweep {
			t.Fatal(err)
		}
		p = NewPlayer(l, p.taken.of.Clone().Of(l.ID, noon)) // as it is read from a file
		a := p.Gate()
		all, err := a.Swept(context.Background(), l, nil)
		if err != nil {
			t.Fatal(err)
		}
		v, tries := p.Swept(all, noon), p.Tries(a)
		if v == nil || v.Right != c.right || v.Truth != 210 || len(v.Swept) != 5 || p.Gate() != nil || tries[0].Said != "190ms … 210ms" || !tries[0].Sure {
			t.Errorf("%v: %+v, %+v", c.said, v, tries)
		}
	}
}

// A curve drawn by hand is judged by its distance from that of the run, and is kept.
func TestDrawn(t *testing.T) {
	const step = "```setup\ndesigns: [broker]\nuntil: 90s\n```\n\n```predict\nask: Draw it.\ncurve: queue.bus/orders.depth.mean\ntop: 1000\n```\n\nBehind it.\n"
	says(t, step, map[string]string{
		"top: 1000\n => ":                           "how high the paper is",
		"top: 1000 => top: 100":                     "and the paper to 100",
		"top: 1000 => top: 100000":                  "and the paper to 100000",
		"top: 1000 => top: 0":                       "the paper has no height",
		"top: 1000\n => top: 1000\ntolerance: 3s\n": "a share of the height",
	})
	l, ds := one(step)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	for _, c := range []struct {
		points string
		right  bool
	}{{"0s 0, 60s 0, 90s 360", true}, {"0s 0, 90s 0", true}, {"0s 0, 90s 1000", false}, {"0s 500, 90s 500", false}} {
		p := NewPlayer(l, (&Progress{}).Of(l.ID, noon))
		points, err := p.Gate().ReadPoints(c.points)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Predict(Guess{Points: points}, noon); err != nil {
			t.Fatal(err)
		}
		p = NewPlayer(l, p.taken.of.Clone().Of(l.ID, noon))
		a := p.Gate()
		run, err := a.Run(context.Background(), l, nil)
		if err != nil {
			t.Fatal(err)
		}
		v := p.Finished(run, noon)
		if v == nil || v.Right != c.right || len(a.Points(p.Tries(a)[0])) != len(points) {
			t.Errorf("%s: %+v", c.points, v)
		}
	}
	for _, text := range []string{"", "0s 0", "0s 0, 0s 1", "a b, c d", "0s"} {
		if _, err := l.Steps[0].Activities()[0].ReadPoints(text); err == nil {
			t.Errorf("%q is a curve", text)
		}
	}
}

// A step with seeds is held to all of them at every check, and its answer has a range.
func TestSeedsOfAStep(t *testing.T) {
	const step = "```setup\ndesigns: [chain]\nset: {service.pay.errors: 10%}\nuntil: 30s\nseeds: 20\n```\n\n```predict\nask: How many?\nanswer: load.shoppers.failed\nunit: orders\n```\n\n" +
		"```claims\nn: load.shoppers.failed\n```\n\n[15 to 70](claim:n).\n"
	says(t, step, map[string]string{
		"15 to 70 => 41 to 43":      "(with seed",
		"seeds: 20 => seeds: 1":     "seeds",
		"seeds: 20 => seeds: 99999": "seeds",
	})
	l, _ := one(step)
	low, high, ok, err := l.Steps[0].Activities()[0].Spread(context.Background(), l)
	if !ok || err != nil || low < 15 || high > 70 || high-low < 5 {
		t.Errorf("%v to %v, %v, %v", low, high, ok, err)
	}
}
